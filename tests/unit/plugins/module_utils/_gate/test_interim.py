# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a poll is an interim analysis, and when a change is within a limit with evidence."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import Comparison
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion, parse_criteria
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import Look
from ansible_collections.community.catchpoint.plugins.module_utils._gate.interim import (
    Course,
    Moment,
    has_analyses,
    is_within,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.sequential import levels, spending


def criterion(**options: Any) -> Criterion:
    return parse_criteria([{"metric": "test_time", **options}])[0]


def moment(runs: int, *, expected: int | None = 30, seen: int = 0, **more: Any) -> Moment:
    """A poll with this number of runs, whose latest analysis had ``seen`` values."""
    course = Course((Look(seen, 0.01),)) if seen else Course()
    return Moment(runs, expected, more.get("final", False), more.get("early", True), 0.05, course)


@pytest.mark.parametrize(
    ("runs", "seen", "expected", "is_one"),
    [
        (4, 0, 30, False),
        (5, 0, 30, True),
        (9, 5, 30, False),
        (10, 5, 30, True),
        (26, 20, 30, False),
        (5, 0, 6, False),
        (9, 0, 60, False),
        (10, 0, 60, True),
        (5, 0, None, False),
    ],
)
def test_an_analysis_needs_enough_new_and_enough_remaining_values(
    runs: int, seen: int, expected: int | None, is_one: bool
) -> None:
    assert moment(runs, seen=seen, expected=expected).is_analysis(runs) is is_one


def test_the_last_poll_is_always_an_analysis() -> None:
    assert moment(3, final=True, expected=None).is_analysis(3)
    assert moment(26, seen=25, final=True).is_analysis(26)


def test_without_fail_fast_only_the_last_poll_is_an_analysis() -> None:
    assert not moment(15, early=False).is_analysis(15)
    assert moment(15, early=False, final=True).is_analysis(15)


def test_values_are_planned_by_the_share_of_usable_runs() -> None:
    """10 of 20 runs have a value, so 15 of 30 will: 10 values are too close to the end for an analysis."""
    assert moment(20).is_analysis(10)
    assert not moment(22).is_analysis(11)


def test_the_error_shared_by_groups_never_increases() -> None:
    course = moment(10)._replace(error=0.01).analysed(10, 60)
    later = Moment(20, 30, True, True, 0.05, course).analysed(30, 60)
    assert later.error == 0.01
    information = [10 * 60 / 70, 30 * 60 / 90]
    expected = levels(information, [spending(0.01, information[0] / information[1]), 0.01])
    assert [look.level for look in later.looks] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("options", "has"),
    [
        ({"fail": {"max_increase_percent": 10}}, True),
        ({"aggregate": "p95", "fail": {"max_increase": 10}}, True),
        ({"aggregate": "max", "fail": {"max_increase_percent": 10}}, False),
        ({"fail": {"max_increase_percent": 10}, "significance": 0}, False),
        ({"fail": {"max": 10}}, False),
        ({"metric": "availability", "fail": {"max_decrease": 1}}, False),
    ],
)
def test_criteria_with_analyses(options: dict[str, Any], has: bool) -> None:
    assert has_analyses(criterion(**options)) is has


BEFORE = [1000.0 + number for number in range(60)]


def compared(current: list[float], inflation: float = 1.0) -> Comparison:
    return Comparison(adjusted=1030.0, sides=(current, BEFORE), inflation=inflation)


def within(comparison: Comparison, level: float = 0.05, **options: Any) -> bool:
    return is_within(criterion(**options), comparison, level)


SAME = [1000.5 + 4 * number for number in range(15)]


def test_a_change_far_below_the_limit_is_within_it() -> None:
    assert within(compared(SAME), fail={"max_increase_percent": 10})
    assert not within(compared([value * 1.1 for value in SAME]), fail={"max_increase_percent": 10})


def test_the_smaller_of_two_limits_decides() -> None:
    current = compared([value * 1.1 for value in SAME])
    assert within(current, fail={"max_increase_percent": 20})
    assert not within(current, fail={"max_increase_percent": 20}, warn={"max_increase_percent": 10})
    assert not within(current, fail={"max_increase_percent": 10}, warn={"max_increase_percent": 20})
    assert within(current, fail={"max_increase_percent": 20}, warn={"max_decrease_percent": 10})
    assert not within(compared(SAME), fail={"max_increase_percent": 20, "max_decrease_percent": 0})


def test_a_limit_in_the_unit_of_the_metric() -> None:
    assert within(compared(SAME), fail={"max_increase": 103})
    assert not within(compared([value * 1.1 for value in SAME]), fail={"max_increase": 103})


def test_a_change_that_matters_is_at_least_min_delta() -> None:
    assert not within(compared([value * 1.02 for value in SAME]), fail={"max_increase_percent": 1})
    assert within(compared([value * 1.02 for value in SAME]), fail={"max_increase_percent": 1}, min_delta=103)


def test_decreases_are_within_a_limit_with_evidence() -> None:
    assert within(compared(SAME), fail={"max_decrease_percent": 10})
    assert not within(compared([value * 0.9 for value in SAME]), fail={"max_decrease_percent": 10})
    assert within(compared([1.0] * 5), fail={"max_decrease_percent": 100})


def test_percentiles_are_within_a_limit_with_evidence() -> None:
    """Values above the moved percentile of the baseline must be rarer than there."""
    assert within(compared(SAME), level=0.6, aggregate="p75", fail={"max_increase_percent": 10})
    slow = [value * 1.2 for value in SAME]
    assert not within(compared(slow), level=0.6, aggregate="p75", fail={"max_increase_percent": 10})


def test_autocorrelation_weakens_the_evidence() -> None:
    near = [value * 1.06 for value in SAME]
    assert within(compared(near), level=1e-4, fail={"max_increase_percent": 10})
    assert not within(compared(near, inflation=9.0), level=1e-4, fail={"max_increase_percent": 10})


def test_a_baseline_of_zero_is_never_within() -> None:
    assert not within(Comparison(adjusted=0.0, sides=([0.0] * 5, [0.0] * 9)), fail={"max_increase_percent": 10})
