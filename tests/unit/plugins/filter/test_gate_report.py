# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter gate_report."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.community.catchpoint.plugins.filter.gate_report import FilterModule
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    criterion,
    judged,
    runs,
)

report = FilterModule().filters()["gate_report"]
RESULT = judged(runs([900] * 6), criterion(fail={"max": 1000}))


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("text", "performance gate: PASS"),
        ("markdown", "### "),
        ("junit", "<?xml"),
        ("html", "<!DOCTYPE"),
        ("github", "::notice "),
    ],
)
def test_formats(kind: str, start: str) -> None:
    assert report(RESULT, kind).startswith(start)


def test_text_is_the_default() -> None:
    assert report(RESULT) == report(RESULT, "text")


def test_invalid_values_raise() -> None:
    with pytest.raises(AnsibleFilterError, match="one of text, markdown, junit, html, github"):
        report(RESULT, "pdf")
    with pytest.raises(AnsibleFilterError, match="not a result of a performance gate"):
        report({"changed": False}, "html")
