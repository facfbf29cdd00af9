# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Missing and stale data is an error or a warning, as the options say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
from ansible_collections.community.catchpoint.plugins.module_utils._operations.guards import check

OPTIONS = {"on_missing": "warn", "on_stale": "warn", "max_age": 300.0, "interval": None}


def result(start: str = "2026-11-23T11:00:00Z", **members: Any) -> dict[str, Any]:
    window = {"start": start, "end": "2026-11-23T12:00:00Z"}
    good = {"run_count": 5, "latest": {"time": "2026-11-23T11:59:00Z"}, "age_seconds": 60}
    return {"test_id": 7, "window": window, **good, **members}


EMPTY = {"run_count": 0, "latest": None, "age_seconds": None}
MISSING = (
    "Test 7 has no run between 2026-11-23T11:00:00Z and 2026-11-23T12:00:00Z. Is it active, and does it run that "
    "often? Set an earlier start, or accept this with on_missing=empty."
)


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({}, None),
        (EMPTY, MISSING),
        ({**EMPTY, "latest": {"time": "x"}}, MISSING),
        (
            {**EMPTY, "start": "2026-11-23T11:59:48Z"},
            "Test 7 has no run between 2026-11-23T11:59:48Z and 2026-11-23T12:00:00Z, which is a window of 12 seconds. "
            "Set an earlier start, such as -1h.",
        ),
        (
            {**EMPTY, "start": "2026-11-23T11:59:59Z"},
            "Test 7 has no run between 2026-11-23T11:59:59Z and 2026-11-23T12:00:00Z, which is a window of 1 second. "
            "Set an earlier start, such as -1h.",
        ),
        (
            {"age_seconds": 301},
            "The newest run of test 7 is 301 seconds old (2026-11-23T11:59:00Z), max_age is 300. Does the test still "
            "run? Accept old data with on_stale=warn or on_stale=ignore.",
        ),
    ],
)
def test_on_missing_and_on_stale(members: dict[str, Any], text: str | None) -> None:
    results = [result(**members), result()]
    assert check(results, OPTIONS) == ([] if text is None else [text])
    quiet = {**OPTIONS, "on_missing": "empty", "on_stale": "ignore"}
    assert check(results, quiet) == []
    if text is not None:
        with pytest.raises(CatchpointError) as caught:
            check(results, {**OPTIONS, "on_missing": "error", "on_stale": "error"})
        assert str(caught.value) == text


def test_data_of_any_age_is_accepted_without_max_age() -> None:
    assert check([result(age_seconds=10**6)], {**OPTIONS, "max_age": None}) == []


def test_a_stale_interval() -> None:
    (text,) = check([result(age_seconds=301)], {**OPTIONS, "interval": "Minutes5"})
    assert text.startswith("The newest interval with a run of test 7 ended 301 seconds ago, max_age is 300.")
