# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible imports before it starts a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import ansible_collections
import pytest

# A strategy plugin looks the action of a task up in this way, in the process that the workers are forked from.
PROGRAM = """
import json, sys
from ansible.plugins.loader import action_loader, init_plugin_loader
init_plugin_loader([])
sys.path[:0] = sys.argv[1:]
action_loader.get("community.catchpoint.catchpoint_node_info", class_only=True, collection_list=[])
print(json.dumps(list(sys.modules)))
"""
OURS = "ansible_collections.community.catchpoint.plugins."


def imported(*folders: Path) -> set[str]:
    """The modules that are imported then, with some folders before all others in Python's path."""
    collections = os.pathsep.join(path.removesuffix("/ansible_collections") for path in ansible_collections.__path__)
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": collections}
    command = [sys.executable, "-c", PROGRAM, *map(str, folders)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", ["requests", OURS + "plugin_utils._info_action", OURS + "module_utils._http.session"])
def test_workers_inherit_what_every_action_imports(name: str) -> None:
    assert name in imported()


@pytest.mark.parametrize("error", ["ImportError", "RuntimeError"])
def test_only_the_task_that_needs_it_reports_a_broken_library(error: str, tmp_path: Path) -> None:
    (tmp_path / "requests.py").write_text(f"raise {error}('broken')", encoding="utf-8")
    found = imported(tmp_path)
    assert {OURS + "action", OURS + "plugin_utils._info_action"} <= found
    assert "requests" not in found
