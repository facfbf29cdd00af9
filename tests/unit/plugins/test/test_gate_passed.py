# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test plugin gate_passed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.community.catchpoint.plugins.test.gate_passed import TestModule

gate_passed = TestModule().tests()["gate_passed"]


@pytest.mark.parametrize(
    ("verdict", "passed"),
    [("pass", True), ("warn", True), ("skipped", True), ("fail", False), ("inconclusive", False), ("error", False)],
)
def test_verdicts(verdict: str, passed: bool) -> None:
    for failed in (True, False):
        assert gate_passed({"verdict": verdict, "criteria": [], "failed": failed}) is passed


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "pass",
        [],
        {},
        {"verdict": "pass"},
        {"verdict": "passed", "criteria": []},
        {"verdict": None, "criteria": []},
        {"results": [{"verdict": "pass", "criteria": []}]},
        {"failed": True, "msg": "criteria is empty"},
        {"skipped": True, "skip_reason": "Conditional result was False"},
    ],
)
def test_other_values_are_an_error(value: Any) -> None:
    with pytest.raises(AnsibleError, match=r"gate_passed: .*(performance gate|loop)"):
        gate_passed(value)


def test_the_message_of_a_failed_task_is_quoted() -> None:
    with pytest.raises(AnsibleError, match="criteria is empty"):
        gate_passed({"failed": True, "msg": "criteria is empty"})
