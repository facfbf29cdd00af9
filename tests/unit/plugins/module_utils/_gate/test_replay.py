# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computed waiting cases of the gate's design: when a wait ends, why, and with which levels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.replay import replay
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    MISSING,
    run,
    statuses,
)

WAITS = json.loads((Path(__file__).parent / "waits.json").read_text(encoding="utf-8"))
CASES = WAITS["cases"]
# One run a minute, for five hours before the deploy: four hours of history and the baseline.
BEFORE = [run(-5 * HOUR + 30 + 60 * number, value) for number, value in enumerate(WAITS["baseline"])]


def since(values: list[Any]) -> list[dict[str, Any]]:
    """One run a minute from the deploy on; None is a failed run."""
    return [
        run(5 + 60 * number, MISSING if value is None else value, failed=value is None)
        for number, value in enumerate(values)
    ]


def polls(values: list[Any], step: int = 1) -> list[dict[str, Any]]:
    """A poll after every ``step`` runs."""
    runs = since(values)
    return [{"now": iso(DEPLOY + 60 * count), "runs": runs[:count]} for count in range(step, len(runs) + 1, step)]


def waited(name: str, **options: Any) -> dict[str, Any]:
    case = CASES[name]
    return replay({"test_ids": [1], **case["options"], **options}, polls(case["values"]), BEFORE)


@pytest.mark.parametrize("name", CASES)
def test_a_wait_ends_as_computed(name: str) -> None:
    expected = CASES[name]["expect"]
    result = waited(name)
    row = result["criteria"][0]
    assert (result["verdict"], statuses(result)) == (expected["verdict"], expected["statuses"])
    assert (result["waited"]["ended_by"], result["waited"]["polls"]) == (expected["ended_by"], expected["runs"])
    assert [look["samples"] for look in row["looks"]] == [samples for samples, _level in expected["levels"]]
    for look, (_samples, level) in zip(row["looks"], expected["levels"]):
        assert look["level"] == pytest.approx(level, rel=0.01, abs=2e-6)
    if expected["row_p"] is not None:
        assert row["p"] == pytest.approx(expected["row_p"], rel=5e-4, abs=1e-9)


def test_all_cases_are_there() -> None:
    assert len(CASES) == 8


def test_polls_that_bring_many_runs_are_one_analysis() -> None:
    case = CASES["W22"]
    result = replay({"test_ids": [1], **case["options"]}, polls(case["values"], step=8), BEFORE)
    assert [look["samples"] for look in result["criteria"][0]["looks"]] == [8, 16, 24, 32]
    assert result["waited"]["ended_by"] == "horizon"


def test_without_fail_fast_there_is_one_analysis_with_the_whole_significance() -> None:
    result = waited("W20", fail_fast=False)
    assert (result["verdict"], result["waited"]["ended_by"]) == ("fail", "horizon")
    assert result["criteria"][0]["looks"] == [{"samples": 30, "level": 0.05}]


def test_at_the_timeout_the_final_analysis_spends_the_remaining_error() -> None:
    """17 of 30 runs; the analyses at 5, 10 and 15 runs leave 0.0496."""
    result = waited("W23", wait_timeout=17 * 60)
    row = result["criteria"][0]
    assert (result["waited"]["ended_by"], result["waited"]["timed_out"]) == ("timeout", True)
    assert [look["samples"] for look in row["looks"]] == [5, 10, 15, 17]
    assert row["looks"][-1]["level"] == pytest.approx(0.0496, abs=1e-4)


def test_few_runs_have_one_analysis() -> None:
    result = waited("W23", min_runs=6)
    assert [look["samples"] for look in result["criteria"][0]["looks"]] == [6]


def test_20_runs_are_analysed_at_5_10_15_and_20() -> None:
    result = waited("W23", min_runs=20, pass_fast=False)
    assert [look["samples"] for look in result["criteria"][0]["looks"]] == [5, 10, 15, 20]


def test_polls_that_end_before_the_gate_does() -> None:
    case = CASES["W23"]
    with pytest.raises(GateArgumentError, match="The gate goes on after 12 polls"):
        replay({"test_ids": [1], **case["options"]}, polls(case["values"])[:12], BEFORE)
