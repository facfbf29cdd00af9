# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Computes the smallest p that a comparison can reach for any values of the current runs.

A criterion that cannot reach its significance with the values it has must not look like a pass. The smallest p depends
on the numbers of values and on the past, never on the current values.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from typing import Callable, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.autocorrelation import corrected
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import (
    fisher,
    normal_tail,
    rise_beyond_control,
)

_EXACT_SMALLER = 8
# The largest number of runs that a gate waits for.
_MOST_RUNS = 1000

Counts = tuple[int, int, int, int]  # hits and size of a control, current and baseline


class RankReach(NamedTuple):
    """The reach of the Mann-Whitney test against ``baseline`` values."""

    baseline: int
    inflation: float

    def least_p(self, current: int) -> float:
        """Returns p where all current values lie beyond all of the baseline."""
        n, m = current, self.baseline
        if min(n, m) <= _EXACT_SMALLER:
            p = 1 / math.comb(n + m, n)
        else:
            p = normal_tail((n * m / 2 - 0.5) / math.sqrt(n * m * (n + m + 1) / 12))
        return corrected(p, self.inflation)


class ShareReach(NamedTuple):
    """The reach of a test of shares against a baseline with this number of hits."""

    baseline: int
    hits: int
    inflation: float = 1.0
    control: Optional[Counts] = None

    def least_p(self, current: int) -> float:
        """Returns p where every current run or value is a hit."""
        if self.control is not None:
            return rise_beyond_control(current, current, self.hits, self.baseline, self.control)
        return corrected(fisher(current, current, self.hits, self.baseline), self.inflation)


class BinomialReach(NamedTuple):
    """The reach of the binomial test against a limit on availability, in percent."""

    limit: float

    def least_p(self, current: int) -> float:
        """Returns p where every run failed."""
        return float((1 - self.limit / 100) ** current)


def runs_needed(least_p: Callable[[int], float], level: float) -> Optional[int]:
    """Returns the smallest number of current values that can reach ``level``; None when 1000 cannot."""
    return next((count for count in range(1, _MOST_RUNS + 1) if least_p(count) < level), None)
