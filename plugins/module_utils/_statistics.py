# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usable values and what is computed from them: order statistics and means.

Quantiles are type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50
(1996): position p(n - 1) in the ordered values, linear in between. Percentiles are given as whole numbers and positions
are computed in integers, so that no rounding moves one.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Optional

_LARGEST = sys.float_info.max
_PERCENTILE = re.compile(r"p([1-9][0-9]?)")

# The aggregates besides the percentiles p1 to p99.
AGGREGATES = ("median", "mean", "geomean", "min", "max", "sum")


def is_usable(value: Any) -> bool:
    """Whether a metric's value counts: a finite number of at least 0. Zero is a value, true is not."""
    kind = type(value)
    if kind is not float and kind is not int and (kind is bool or not isinstance(value, (int, float))):
        return False
    # NaN fails every comparison; an integer too large for a float is compared exactly.
    return bool(0 <= value <= _LARGEST)


def quantile_position(count: int, percent: int) -> tuple[int, float]:
    """Where a percentile of ``count`` ordered values lies: the index below it, and how far to the next, 0 to 1."""
    index, hundredths = divmod((count - 1) * percent, 100)
    return index, hundredths / 100


def percentile(ordered: Sequence[float], percent: int) -> float:
    """A percentile of values that are in ascending order and not empty; ``percent`` is 0 to 100."""
    index, fraction = quantile_position(len(ordered), percent)
    low = ordered[index]
    return low if not fraction else low + (ordered[index + 1] - low) * fraction


def median(values: Iterable[float]) -> float:
    """The median of values in any order; there must be one."""
    return percentile(sorted(values), 50)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; there must be a value."""
    try:
        return math.fsum(values) / len(values)
    except OverflowError:  # the sum exceeds the floats, the mean does not
        return math.fsum(value / len(values) for value in values)


def geomean(values: Sequence[float]) -> Optional[float]:
    """The geometric mean; None when a value is 0, for which it is not defined."""
    if min(values) <= 0:
        return None
    return math.exp(math.fsum(map(math.log, values)) / len(values))


def percent_of(aggregate: str) -> Optional[int]:
    """50 for median, NN for pNN; None for an aggregate that is not a quantile."""
    if aggregate == "median":
        return 50
    match = _PERCENTILE.fullmatch(aggregate)
    return int(match.group(1)) if match else None


def is_aggregate(name: str) -> bool:
    return name in AGGREGATES or _PERCENTILE.fullmatch(name) is not None


def values_needed(percent: int) -> int:
    """How many values a percentile needs to be more than a maximum: 100/(100 - NN), rounded up."""
    return -(-100 // (100 - percent))


def aggregate(name: str, values: Sequence[float]) -> Optional[float]:
    """One number for usable values: median, mean, geomean, min, max, sum or p1 to p99.

    None when it is not defined: no values, a geometric mean with a 0, a sum beyond the floats. Whether there are
    enough values is for the caller to judge.
    """
    if not values:
        return None
    percent = percent_of(name)
    if percent is not None:
        return percentile(sorted(values), percent)
    if name == "mean":
        return mean(values)
    if name == "geomean":
        return geomean(values)
    if name == "min":
        return min(values)
    if name == "max":
        return max(values)
    if name == "sum":
        try:
            return math.fsum(values)
        except OverflowError:
            return None
    raise ValueError(f"{name!r} is not an aggregate")
