# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes for CI in docs/examples/ci: their steps run against the simulator."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "ci"
sys.path.insert(0, str(ROOT / "extensions"))

from simulator.start import Running, running


def of_github() -> list[tuple[str, str]]:
    recipe = yaml.safe_load((EXAMPLES / "github.yml").read_text(encoding="utf-8"))
    return [(job, step["run"]) for job, members in recipe["jobs"].items() for step in members["steps"] if "run" in step]


def of_gitlab() -> list[tuple[str, str]]:
    recipe = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text(encoding="utf-8"))
    before = recipe["default"]["before_script"]
    return [(job, line) for job in recipe["stages"] for line in (*before, *recipe[job]["script"])]


def of_jenkins() -> list[tuple[str, str]]:
    text = (EXAMPLES / "Jenkinsfile").read_text(encoding="utf-8")
    stages = re.split(r"stage\('(\w+)'\)", text)[1:]
    return [
        (name.lower(), line)
        for name, body in zip(stages[::2], stages[1::2])
        for line in re.findall(r"sh '([^']+)'", body)
    ]


RECIPES = {"github": of_github, "gitlab": of_gitlab, "jenkins": of_jenkins}


class Runner(NamedTuple):
    """A machine of a CI service: a checkout, and the programs that it has."""

    place: Path
    environment: dict[str, str]

    def run(self, step: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step],
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def installed(self) -> str:
        return (self.place / "installed").read_text(encoding="utf-8")


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running(limits="off") as found:
        found.control("PUT", "/events", {"deploy": "now"})
        yield found


@pytest.fixture
def runner(tmp_path: Path, simulator: Running) -> Runner:
    for name in ("gate.yml", "rehearse.sh"):
        shutil.copy(EXAMPLES / name, tmp_path)
    (tmp_path / "collections" / "ansible_collections" / "community").mkdir(parents=True)
    (tmp_path / "collections" / "ansible_collections" / "community" / "catchpoint").symlink_to(ROOT)
    programs = tmp_path / "programs"
    programs.mkdir()
    real = Path(sys.executable).parent
    # The requirements of the recipes are already installed. The gate judges past runs, so that it does not wait.
    stubs = {
        "pip": 'echo "pip $*" >> installed',
        "ansible-galaxy": 'echo "ansible-galaxy $*" >> installed',
        "ansible-playbook": f'exec "{real}/ansible-playbook" -e since=-30m -e duration=1500 "$@"',
    }
    for name, line in stubs.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "CATCHPOINT_"))},
        **simulator.environment,
        "ANSIBLE_COLLECTIONS_PATH": "collections",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "CATCHPOINT_RATE_LIMITS": "off",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "PATH": f"{programs}{os.pathsep}{real}{os.pathsep}{os.environ['PATH']}",
    }
    return Runner(tmp_path, environment)


@pytest.mark.parametrize("name", RECIPES)
def test_every_step_runs(name: str, runner: Runner, simulator: Running) -> None:
    steps = RECIPES[name]()
    assert {"rehearse", "deploy"} <= {job for job, _step in steps}
    for job, step in steps:
        if job == "deploy" and "ansible-playbook" in step:
            # The rehearsal starts its own simulator.
            assert simulator.requests() == []
        done = runner.run(step)
        assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"
    assert simulator.requests() != []
    source = "git+https://github.com/ansible-collections/community.catchpoint.git"
    assert f"ansible-galaxy collection install -p collections {source}" in runner.installed
    suites = ElementTree.parse(runner.place / "artifacts" / "gate.xml").getroot()
    assert (suites.get("failures"), suites.get("errors")) == ("0", "0")
    assert int(suites.get("tests", "0")) > 0


def test_github_shows_a_failed_gate(runner: Runner, simulator: Running) -> None:
    simulator.control("PUT", "/change", {"test_id": 81093, "at": "start-1h", "failure_rate": 1.0})
    deploy, show = [step for job, step in of_github() if job == "deploy"][-2:]
    done = runner.run(deploy)
    assert done.returncode == 2, done.stdout
    shown = runner.run(show)
    assert shown.returncode == 0, shown.stderr
    assert "::error title=Performance gate::" in shown.stdout
    assert "### Performance gate: FAIL" in (runner.place / "summary.md").read_text(encoding="utf-8")
    suites = ElementTree.parse(runner.place / "artifacts" / "gate.xml").getroot()
    assert suites.get("failures") != "0"


def test_no_recipe_holds_a_secret() -> None:
    for path in EXAMPLES.iterdir():
        found: list[Any] = re.findall(r"CATCHPOINT_API_KEY\S*\s*[:=]\s*(.+)", path.read_text(encoding="utf-8"))
        assert all(value.startswith(("${{ secrets.", "credentials(", "$(member")) for value in found), path


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_the_guide_shows_each_file(path: Path) -> None:
    guide = (ROOT / "docs" / "docsite" / "rst" / "ci_guide.rst").read_text(encoding="utf-8")
    content = path.read_text(encoding="utf-8").partition("SPDX-License-" + "Identifier: GPL-3.0-or-later\n")[2].strip()
    assert textwrap.indent(content, "    ", lambda line: bool(line.strip())) in guide
