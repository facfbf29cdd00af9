# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group-sequential significance levels, with which a test may be repeated as data comes in, without more false alarms.

The total error is spent as Lan and DeMets, "Discrete Sequential Boundaries for Clinical Trials", Biometrika 70 (1983),
describe it, with their spending function of the O'Brien-Fleming type. The nominal level of an interim analysis follows
from the distribution of the test statistic at the analyses before it (Armitage, McPherson and Rowe, "Repeated
Significance Tests on Accumulating Data", Journal of the Royal Statistical Society A 132 (1969)), which is integrated
numerically (Jennison and Turnbull, "Group Sequential Methods", chapter 19).

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import normal_tail

# z values beyond this are as good as impossible: the tail is 6e-16.
_BEYOND = 8.0
# Points of Simpson's rule, an odd number. 65 points differ from 601 by at most 0.2 % of a level.
_POINTS = 65
# An interim analysis counts as at least this share of the information as new, so that no density has width 0.
_LEAST_NEW = 0.01
# Bisection halves an interval of 16 standard deviations this often: the boundary is exact to 1e-9 of one.
_HALVINGS = 34

_SQRT_TWO_PI = math.sqrt(2 * math.pi)
_NORMAL = NormalDist()


class _Score(NamedTuple):
    """The distribution of the score (z times the root of the information) where no boundary has been crossed so far."""

    information: float
    points: tuple[float, ...]
    masses: tuple[float, ...]  # probability density times the weight of the integration rule

    def deviation(self, information: float) -> float:
        """The standard deviation of what the score gains until there is so much information."""
        return math.sqrt(max(information - self.information, _LEAST_NEW * information))

    def tail(self, border: float, deviation: float) -> float:
        """The probability that the next score lies above ``border``."""
        scale = deviation * math.sqrt(2)
        return 0.5 * math.fsum(
            mass * math.erfc((border - point) / scale) for point, mass in zip(self.points, self.masses)
        )

    def density(self, score: float, deviation: float) -> float:
        """The density of the next score."""
        double = 2 * deviation * deviation
        total = math.fsum(
            mass * math.exp(-((score - point) ** 2) / double) for point, mass in zip(self.points, self.masses)
        )
        return total / (deviation * _SQRT_TWO_PI)


class Boundary(NamedTuple):
    """The state after some analyses, from which the level of the next one follows. Start with ``Boundary()``."""

    level: float = 0.0  # of the newest analysis
    spent: float = 0.0  # of the total error, so far
    score: Optional[_Score] = None

    def at(self, information: float, spent: float) -> Boundary:
        """Returns the state after one more analysis, by which ``spent`` of the error is spent (never less than before).

        Its level solves P(Z_1 < z_1, ..., Z_k-1 < z_k-1, Z_k >= z_k) = spent_k - spent_k-1 under no change, where Z_i
        and Z_j have the correlation sqrt(information_i / information_j) for i < j.
        """
        level, score = _analysis(self.score, information, max(spent - self.spent, 0.0))
        return Boundary(level, max(spent, self.spent), score)


def spending(error: float, fraction: float) -> float:
    """Returns how much of the total ``error`` is spent when ``fraction`` (above 0) of the information is there.

    2 * (1 - Phi(z(error / 2) / sqrt(fraction))), the spending function of the O'Brien-Fleming type.
    """
    if fraction >= 1:
        return error
    return 2 * normal_tail(-_NORMAL.inv_cdf(error / 2) / math.sqrt(fraction))


def levels(information: Sequence[float], spent: Sequence[float]) -> list[float]:
    """Returns one nominal one-sided significance level for each analysis.

    ``information`` is that of each analysis and ``spent`` the error that is spent by then, both in ascending order.
    """
    found: list[float] = []
    boundary = Boundary()
    for info, total in zip(information, spent):
        boundary = boundary.at(info, total)
        found.append(boundary.level)
    return found


@lru_cache(maxsize=256)
def _analysis(before: Optional[_Score], information: float, increment: float) -> tuple[float, _Score]:
    """The level of an analysis that rejects with probability ``increment``, and the score of those that go on.

    Cached, because rows with equal numbers of values share it, and a poll computes it more than once.
    """
    border = _border(before, information, increment)
    level = normal_tail(border / math.sqrt(information))
    if before is None:
        # Exactly what is spent, so that a single analysis is the plain test to the last digit.
        level = max(increment, normal_tail(_BEYOND))
    return level, _below(before, information, border)


def _border(before: Optional[_Score], information: float, increment: float) -> float:
    """The score above which an analysis rejects, such that it does so with probability ``increment``."""
    highest = _BEYOND * math.sqrt(information)
    if before is None:
        if increment <= 0:
            return highest
        return min(_BEYOND, -_NORMAL.inv_cdf(increment)) * math.sqrt(information)
    deviation = before.deviation(information)
    if before.tail(highest, deviation) >= increment:
        return highest
    low, high = -highest, highest
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if before.tail(middle, deviation) > increment:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _below(before: Optional[_Score], information: float, border: float) -> _Score:
    """The distribution of the score below ``border``, on an even grid with the weights of Simpson's rule."""
    root = math.sqrt(information)
    lowest = -_BEYOND * root
    step = (border - lowest) / (_POINTS - 1)
    points = tuple(lowest + step * number for number in range(_POINTS))
    if before is None:
        densities = [math.exp(-(point**2) / (2 * information)) / (root * _SQRT_TWO_PI) for point in points]
    else:
        deviation = before.deviation(information)
        densities = [before.density(point, deviation) for point in points]
    weights = [1, *([4, 2] * (_POINTS // 2))[: _POINTS - 2], 1]
    return _Score(information, points, tuple(d * weight * step / 3 for d, weight in zip(densities, weights)))
