# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible imports before it starts a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import ansible_collections
import pytest

# A strategy plugin asks for the action of a task in this way, in the process that the workers are forked from.
PROGRAM = """
import json, sys
from ansible.plugins.loader import action_loader, init_plugin_loader
init_plugin_loader([])
if sys.argv[1] == "without requests":
    sys.modules["requests"] = None
action_loader.get("community.catchpoint.catchpoint_node_info", class_only=True, collection_list=[])
print(json.dumps([name for name, module in sys.modules.items() if module is not None]))
"""
OURS = "ansible_collections.community.catchpoint.plugins."


def imported(argument: str = "") -> set[str]:
    collections = os.pathsep.join(path.removesuffix("/ansible_collections") for path in ansible_collections.__path__)
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": collections}
    command = [sys.executable, "-c", PROGRAM, argument]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", ["requests", OURS + "plugin_utils._info_action", OURS + "module_utils._http.session"])
def test_workers_inherit_what_every_action_imports(name: str) -> None:
    assert name in imported()


def test_only_the_task_that_needs_it_reports_a_missing_library() -> None:
    found = imported("without requests")
    assert OURS + "plugin_utils._info_action" in found
    assert "requests" not in found
