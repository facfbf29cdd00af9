# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example repository in docs/examples works unchanged against the simulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "extensions"))

from simulator.start import running


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "docs" / "examples" / "repository", tmp_path / "repository"))


def play(repository: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    base = {name: value for name, value in os.environ.items() if not name.startswith("CATCHPOINT_")}
    base["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{base['PATH']}"
    done = subprocess.run(
        ["ansible-playbook", *arguments],
        cwd=repository,
        env={**base, "ANSIBLE_CONFIG": str(repository / "ansible.cfg"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "[DEPRECATION" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_health_check(repository: Path) -> None:
    with running(limits="off") as simulator:
        status, output = play(repository, "health.yml", **simulator.environment)
        assert status == 0, output
        simulator.control("PUT", "/change", {"test_id": 81099, "at": "-2h", "factor": 5})
        status, output = play(repository, "health.yml", **simulator.environment)
    assert status == 2, output
    assert "fatal: [shop2]" in output and "fatal: [shop1]" not in output


@pytest.mark.parametrize(("factor", "version", "outcome"), [(1.0, "2.0", "PASS"), (1.6, "1.0", "FAIL")])
def test_rollout(repository: Path, factor: float, version: str, outcome: str) -> None:
    """The new version stays, or the old one is restored on every host."""
    (repository / "build").mkdir()
    for host in ("shop1", "shop2"):
        (repository / "build" / f"{host}.version").write_text("1.0", encoding="utf-8")
    with running(limits="off") as simulator:
        (repository / "tasks" / "effect.yml").write_text(
            "- name: Let users feel the deploy, and let time pass quickly\n"
            "  ansible.builtin.uri: {url: '{{ item.url }}', method: PUT, body_format: json, body: '{{ item.body }}'}\n"
            "  run_once: true\n"
            "  loop:\n"
            f"    - {{url: '{simulator.url}/_simulator/change', body: {{test_id: 81093, factor: {factor}}}}}\n"
            f"    - {{url: '{simulator.url}/_simulator/clock', body: {{speed: 600}}}}\n",
            encoding="utf-8",
        )
        deploy = repository / "tasks" / "deploy.yml"
        deploy.write_text(
            deploy.read_text(encoding="utf-8") + "\n- name: Feel it\n  ansible.builtin.include_tasks: effect.yml\n",
            encoding="utf-8",
        )
        extra = ["--extra-vars", "new_version=2.0 performance_gate_poll_interval=5"]
        status, output = play(repository, "rollout.yml", *extra, **simulator.environment)
    assert f"Performance gate: {outcome};" in output, output
    assert (status == 0) == (outcome == "PASS")
    assert {(repository / "build" / f"{host}.version").read_text(encoding="utf-8") for host in ("shop1", "shop2")} == {
        version
    }
    assert list((repository / "build" / "reports").glob("*.html"))
