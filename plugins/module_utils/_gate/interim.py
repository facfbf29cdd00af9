# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interim analyses of limits on a change: when a poll is one, and which significance levels it has.

A limit on a change is judged by a group-sequential test. A poll is an interim analysis of a row when enough new values
have come since the last one and enough are still to come. The horizon and the timeout are always one, the final one,
which spends what is left of the error.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.autocorrelation import corrected
from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import Comparison, evidence
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import Look
from ansible_collections.community.catchpoint.plugins.module_utils._gate.sequential import Boundary, spending
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import percent_of

# The total error of the early pass. Its boundary does not feed back on the levels of failing (it is not binding).
_PASS_ERROR = 0.3
# An interim analysis needs this many new values, and there are at most six.
_LEAST_NEW_VALUES = 5
_MOST_ANALYSES = 6
_RANKED = ("median", "mean", "geomean")


class Course(NamedTuple):
    """The interim analyses of one row so far, and the boundaries that the next one continues."""

    looks: tuple[Look, ...] = ()
    failing: Boundary = Boundary()  # crossed by a change that is beyond the limit
    passing: Boundary = Boundary()  # crossed by a change that is within the limit
    error: Optional[float] = None  # the smallest share of the significance so far
    within: bool = False  # whether the newest analysis showed the change to be within every limit


class Moment(NamedTuple):
    """One poll from the perspective of one row."""

    runs: int  # of the row, so far
    expected: Optional[int]  # runs of the row at the horizon; None when unknown
    final: bool  # the wait ends with this poll at the latest
    early: bool  # whether there are analyses before the horizon (fail_fast)
    error: float  # the significance of the criterion, or its share of it
    course: Course  # before this poll

    def is_analysis(self, current: int) -> bool:
        """Whether this poll is an analysis of a row with ``current`` values to compare."""
        planned = self._planned(current)
        if self.final or planned is None or not self.early:
            return self.final
        step = max(_LEAST_NEW_VALUES, -(-planned // _MOST_ANALYSES))
        last = self.course.looks[-1].samples if self.course.looks else 0
        return current - last >= step and planned - current >= step

    def analysed(self, current: int, baseline: int) -> Course:
        """Returns the course after the analysis of these numbers of values at this poll."""
        error = self.error if self.course.error is None else min(self.error, self.course.error)
        information = current * baseline / (current + baseline)
        planned = self._planned(current)
        fraction = 1.0
        if not self.final and planned is not None:
            fraction = information * (planned + baseline) / (planned * baseline)
        failing = self.course.failing.at(information, spending(error, fraction))
        passing = self.course.passing.at(information, spending(_PASS_ERROR, fraction))
        return Course((*self.course.looks, Look(current, failing.level)), failing, passing, error)

    def _planned(self, current: int) -> Optional[int]:
        """How many values there will be at the horizon, when the share of usable runs stays as it is."""
        if self.expected is None or not self.runs:
            return None
        return max(current, round(current * self.expected / self.runs))


def has_analyses(criterion: Criterion) -> bool:
    """Whether a criterion limits a change of single runs for which there is a test of evidence."""
    name = criterion.aggregate or ""
    tested = name in _RANKED or percent_of(name) is not None
    return criterion.relative and criterion.significance > 0 and tested


def is_within(criterion: Criterion, comparison: Comparison, level: float) -> bool:
    """Whether a change is within every limit on it with evidence: the repeated confidence bound of the change.

    A change that is within the smallest limit of a direction is within all others.
    """
    if not comparison.adjusted:
        return False
    least: dict[bool, float] = {}
    for limit in criterion.limits:
        if limit.relative:
            in_percent = limit.key.endswith("_percent")
            percent = limit.value if in_percent else 100 * limit.value / comparison.adjusted
            increase = "increase" in limit.key
            least[increase] = min(percent, least.get(increase, percent))
    # A smaller change than min_delta breaks no limit.
    harmless = 100 * criterion.min_delta / comparison.adjusted
    return all(
        _is_bounded(criterion, comparison, max(percent, harmless), increase, level)
        for increase, percent in least.items()
    )


def _is_bounded(criterion: Criterion, comparison: Comparison, percent: float, increase: bool, level: float) -> bool:
    """Whether there is evidence for a change of less than ``percent``.

    The current values are tested against the baseline's, moved to the limit, in the direction away from it.
    """
    if not increase and percent >= 100:
        return True  # nothing falls by more
    current, baseline = comparison.sides
    factor = 1 + percent / 100 if increase else 1 - percent / 100
    moved = [value * factor for value in baseline]
    p = evidence(criterion.aggregate or "", current, moved, -1 if increase else 1)
    return p is not None and corrected(p, comparison.inflation or 1.0) < level
