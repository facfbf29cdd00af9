# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-lint finds wrong arguments of the modules, although each module has an action plugin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TASKS = {
    "Misspell an option": {"community.catchpoint.catchpoint_test_info": {"nmae": "home page"}},
    "Use a wrong choice": {"community.catchpoint.catchpoint_test_info": {"status": "sleeping"}},
    "Omit a required option": {"community.catchpoint.catchpoint_test_data_info": {"start": "-1h"}},
    "Misspell an option of the gate": {
        "community.catchpoint.catchpoint_performance_gate": {"test_ids": [81093], "criteria": [], "critria": []}
    },
    "Use options as documented": {
        "community.catchpoint.catchpoint_test_data_info": {"test_ids": "{{ ids }}", "metrics": ["test_time"]}
    },
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The findings of ansible-lint in each task."""
    place = tmp_path_factory.mktemp("lint")
    parent = place / "ansible_collections" / "community"
    parent.mkdir(parents=True)
    (parent / "catchpoint").symlink_to(ROOT)
    tasks = [{"name": name, **task} for name, task in TASKS.items()]
    play = {"name": "Check arguments", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    (place / "play.yml").write_text(f"---\n{yaml.safe_dump([play], sort_keys=False)}", encoding="utf-8")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(place),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [sys.executable, "-m", "ansiblelint", "--offline", "-q", "--nocolor", "-f", "json", "play.yml"]
    outcome = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    problems = [entry for entry in json.loads(outcome.stdout) if entry["check_name"] == "args[module]"]
    return {entry["content"]["body"].removeprefix("Task/Handler: "): entry["description"] for entry in problems}


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (
            "Misspell an option",
            "Unsupported parameters for (basic.py) module: nmae. Supported parameters include: api_key",
        ),
        ("Use a wrong choice", "value of status must be one of: active, inactive, all, got: sleeping"),
        ("Omit a required option", "missing required arguments: test_ids"),
        ("Misspell an option of the gate", "Unsupported parameters for (basic.py) module: critria."),
    ],
)
def test_wrong_arguments_are_found(found: dict[str, str], task: str, message: str) -> None:
    assert message in found[task]


def test_documented_arguments_are_accepted(found: dict[str, str]) -> None:
    assert "Use options as documented" not in found
