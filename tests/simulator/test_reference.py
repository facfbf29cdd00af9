# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page documents everything that can be set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from simulator import cli as _cli
from simulator.control import endpoints as _control
from simulator.service import faults as _faults
from simulator.service import switches as _switches
from simulator.world import fields as _fields
from simulator.world import scenario as _scenario
from simulator.world.world import World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "simulator_reference.rst"
TEXT = PAGE.read_text(encoding="utf-8")


def row(name: str) -> str:
    """The cells behind the name of a switch or a fault."""
    return TEXT.partition(f"   * - ``{name}``\n")[2].partition("\n   * - ")[0]


def test_every_command_line_option_is_documented() -> None:
    options = set(re.findall(r"(--[a-z-]+)", _cli._parser().format_usage())) - {"--help"}
    assert options
    assert options <= set(re.findall(r"``(--[a-z-]+)", TEXT))


def test_every_control_call_is_documented() -> None:
    calls = {f"{method} /{name}" for method, name in _control._HANDLERS if name}
    assert calls == set(re.findall(r"``((?:GET|PUT|POST|DELETE) /[a-z]+)``", TEXT))


@pytest.mark.parametrize("name", _switches.SWITCHES)
def test_every_switch_is_documented_with_values_and_default(name: str) -> None:
    switch = _switches.SWITCHES[name]
    assert {*switch.choices, switch.default} <= set(re.findall(r"``([^`]+)``", row(name)))
    assert f"``{switch.default}`` (default" in row(name)


@pytest.mark.parametrize("kind", _faults.KINDS)
def test_every_kind_of_fault_is_documented(kind: str) -> None:
    assert row(kind)


def test_every_member_of_a_scenario_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()

    def noted(_row: Mapping[str, Any], allowed: Iterable[str], _where: str) -> None:
        seen.update(allowed)

    monkeypatch.setattr(_fields, "only", noted)
    scenario, _folder = _scenario.load("fleet")
    scenario["tests"] = [*scenario["tests"], {"id": 1, "name": "stated", "runs": [{"at": "-1m", "total": 1}]}]
    World(scenario, 1e9)
    assert {"data_delay", "spike_rate", "until", "violations", "metrics", "spread"} <= seen
    assert seen - set(re.findall(r"\w+", TEXT)) == set()
