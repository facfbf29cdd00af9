# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interim analyses of limits on a change: when a poll is one, and which significance level it has.

A limit on a change is judged by a group-sequential test. A poll is an interim analysis of a row when enough new values
have come since the last one and enough are still to come; the horizon and the timeout are always one, the final one,
which spends what is left of the error.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.sequential import Boundary, spending
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import percent_of

# The total error of the early pass. Its bound does not feed back on the levels of failing (it is not binding).
PASS_ERROR = 0.3
# An interim analysis needs this many new values, and at most one in six of the planned ones is made an analysis.
_LEAST_NEW_VALUES = 5
_MOST_ANALYSES = 6
_RANKED = ("median", "mean", "geomean")


class Look(NamedTuple):
    """One interim analysis of a row, as results have it."""

    samples: int  # current values that were compared
    level: float  # the nominal significance that p was held against


class Analyses(NamedTuple):
    """The interim analyses of one row so far, and the boundaries that the next one continues."""

    looks: tuple[Look, ...] = ()
    failing: Boundary = Boundary()  # crossed by a change that is beyond the limit
    passing: Boundary = Boundary()  # crossed by a change that is within the limit
    error: Optional[float] = None  # the significance that the row gets at most, so far


class Interim(NamedTuple):
    """One poll as one row sees it: what it has, what is still to come, and the analyses before."""

    runs: int  # of the row, so far
    expected: Optional[int]  # runs of the row at the horizon; None when nobody knows
    final: bool  # the wait ends with this poll
    error: float  # the significance of the criterion, or its share of it
    before: Analyses

    def is_analysis(self, current: int) -> bool:
        """Whether this poll is an analysis of a row with so many current values to compare."""
        if self.final:
            return True
        planned = self._planned(current)
        if planned is None:
            return False
        step = max(_LEAST_NEW_VALUES, -(-planned // _MOST_ANALYSES))
        last = self.before.looks[-1].samples if self.before.looks else 0
        return current - last >= step and planned - current >= step

    def level(self, current: int, baseline: int) -> float:
        """The nominal significance level for so many values; 0 between two analyses, when no p is small enough."""
        return self.analyses(current, baseline).failing.level if self.is_analysis(current) else 0.0

    def analyses(self, current: int, baseline: int) -> Analyses:
        """The analyses including the one at this poll, which must be one."""
        error = self.error if self.before.error is None else min(self.error, self.before.error)
        information = current * baseline / (current + baseline)
        fraction = 1.0
        planned = self._planned(current)
        if not self.final and planned is not None:
            fraction = min(1.0, information * (planned + baseline) / (planned * baseline))
        failing = self.before.failing.at(information, spending(error, fraction))
        passing = self.before.passing.at(information, spending(PASS_ERROR, fraction))
        return Analyses((*self.before.looks, Look(current, failing.level)), failing, passing, error)

    def _planned(self, current: int) -> Optional[int]:
        """How many values there will be at the horizon, when the share of usable runs stays as it is."""
        if self.expected is None or not self.runs:
            return None
        return max(current, round(current * self.expected / self.runs))


def has_analyses(criterion: Criterion) -> bool:
    """Whether a criterion has a limit on a change for which there is a test of evidence over single runs."""
    name = criterion.aggregate or ""
    tested = name in _RANKED or percent_of(name) is not None
    return criterion.relative and criterion.significance > 0 and tested
