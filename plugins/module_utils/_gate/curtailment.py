# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Curtailment of absolute limits: whether the remaining runs can still change the result.

For the number of runs that is expected at the horizon the answers are exact, so that ending a wait on one costs no
significance. The early pass of an availability limit is the exception: no number of good runs rules out that all
others fail. It requires that hardly any deploy that would fail at the horizon looks so good by now, whatever its true
share of failing runs is (at most 0.02 divided by the number of failed runs that it takes; measured, the gate misses at
most one more deploy in a hundred).

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import failed_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY, Criterion, Limit
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import limit_words
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Readings, Sample, readings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import binomial_tail
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate, percent_of
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    counted,
    limit_text,
    p_text,
    value_text,
)

# The error of an early pass of an availability limit, and the largest number of runs without one.
_PASS_ERROR = 0.02
_LEAST_RUNS = 5
_SHARES = [number / 200 for number in range(1, 200)]


def why_broken(
    criterion: Criterion, limit: Limit, runs: Sequence[Sample], total: Optional[int], level: float
) -> Optional[str]:
    """Returns why a limit stays broken for any remaining runs of ``total``; None if that is not certain.

    ``total`` is None when the number of runs at the horizon is unknown. ``level`` is the significance of the row.
    """
    if total is not None and total < criterion.need:
        return None
    if criterion.metric == AVAILABILITY:
        return None if total is None else _why_unavailable(criterion, limit, runs, total, level)
    values = readings(runs, criterion.metric).values
    if total is None and len(values) < criterion.need:
        return None
    name = criterion.aggregate or ""
    percent = _percent_of(name)
    if percent is not None:
        return _why_quantile(criterion, limit, values, total, percent)
    # A remaining value may be 0, but not less, so only a maximum can be decided.
    if limit.key != "max" or name == "geomean":
        return None
    return _why_total(criterion, limit, values, total, name)


def is_safe(criterion: Criterion, limit: Limit, runs: Sequence[Sample], total: Optional[int], level: float) -> bool:
    """Whether the rest of ``total`` runs cannot break an absolute limit that is kept so far."""
    if total is None:
        return False
    if criterion.metric == AVAILABILITY:
        return limit.key == "min" and _is_available(criterion, limit, runs, total, level)
    name = criterion.aggregate or ""
    found: Readings = readings(runs, criterion.metric)
    rest = total - len(runs)
    if limit.key == "min":
        # A later 0 makes a geometric mean undefined.
        worst = None if name == "geomean" else aggregate(name, [*found.values, *[0.0] * rest])
        return worst is not None and worst >= limit.value - limit.tolerance
    if _percent_of(name) is None:
        return False
    worst = aggregate(name, [*found.values, *[math.inf] * rest])
    # Between two infinite values a quantile is not a number, which compares false.
    return worst is not None and worst <= limit.value + limit.tolerance


def failures_needed(limit: Limit, total: int, level: float) -> Optional[int]:
    """Returns how many failed runs of ``total`` break a lower limit on availability; None when no number does.

    The availability must be below the limit and, unless ``level`` is 0, the binomial test must reach the level. The
    number never falls with ``total``, so a wait that ends at this number of failed runs is the final test, earlier.
    """
    share = 1 - limit.value / 100

    def broken(failed: int) -> bool:
        if 100 * (total - failed) / total >= limit.value - limit.tolerance:
            return False
        return not level or binomial_tail(failed, total, share) < level

    if not broken(total):
        return None
    kept, enough = -1, total
    while enough - kept > 1:
        middle = (kept + enough) // 2
        kept, enough = (kept, middle) if broken(middle) else (middle, enough)
    return enough


def _why_unavailable(
    criterion: Criterion, limit: Limit, runs: Sequence[Sample], total: int, level: float
) -> Optional[str]:
    failed = failed_runs(runs)
    words = limit_words(criterion, limit)
    if limit.key == "min":
        needed = failures_needed(limit, total, level)
        if needed is None or failed < needed:
            return None
        best = 100 * (total - failed) / total
        side = "at best"
        if level:
            words += f", {p_text(binomial_tail(failed, total, 1 - limit.value / 100))}"
    else:
        best = 100 * (len(runs) - failed) / total
        if best <= limit.value + limit.tolerance:
            return None
        side = "at least"
    return f"{failed} of {counted(len(runs), 'run')} failed: {side} {value_text(best, 'percent')} of {total} ({words})"


def _why_quantile(
    criterion: Criterion, limit: Limit, values: Sequence[float], total: Optional[int], percent: int
) -> Optional[str]:
    above = limit.key == "max"
    beyond = sum(
        value > limit.value + limit.tolerance if above else value < limit.value - limit.tolerance for value in values
    )
    needed = _beyond_needed(percent, total, above)
    if needed is None or beyond < needed:
        return None
    of_all = f" of {total} runs" if total is not None else ""
    border = f"{'above' if above else 'below'} the limit {limit_text(limit.value, criterion.unit)}"
    return f"{counted(beyond, 'value')} {border} already, {needed}{of_all} are enough"


def _why_total(
    criterion: Criterion, limit: Limit, values: Sequence[float], total: Optional[int], name: str
) -> Optional[str]:
    words = limit_words(criterion, limit)
    sum_so_far = math.fsum(values)
    if name == "sum" and sum_so_far > limit.value + limit.tolerance:
        return f"the sum is {value_text(sum_so_far, criterion.unit)} already ({words})"
    if name == "mean" and total is not None and sum_so_far / total > limit.value + limit.tolerance:
        least = value_text(sum_so_far / total, criterion.unit)
        return f"the mean of {total} runs is at least {least} ({words})"
    return None


def _percent_of(name: str) -> Optional[int]:
    return {"min": 0, "max": 100}.get(name, percent_of(name))


def _beyond_needed(percent: int, total: Optional[int], above: bool) -> Optional[int]:
    """How many values beyond a limit settle a quantile (type 7) of ``total`` values; None when no number does.

    The quantile lies between the values at the positions below and above p (N - 1). It is certainly above a limit when
    the lower one of them is, certainly below when the upper one is.
    """
    if total is None:
        return 1 if (percent, above) in ((100, True), (0, False)) else None
    if above:
        return total - percent * (total - 1) // 100
    return -(-percent * (total - 1) // 100) + 1


def _is_available(criterion: Criterion, limit: Limit, runs: Sequence[Sample], total: int, level: float) -> bool:
    if len(runs) < max(_LEAST_RUNS, criterion.min_samples):
        return False
    needed = failures_needed(limit, total, level)
    if needed is None:
        return True
    return _rarely_fails(len(runs), failed_runs(runs), total, needed)


@lru_cache(maxsize=1024)
def _rarely_fails(runs: int, failed: int, total: int, needed: int) -> bool:
    """Whether, for every true share of failing runs, few deploys look so good by now and fail at the horizon."""
    return all(
        (1 - binomial_tail(failed + 1, runs, share)) * binomial_tail(needed - failed, total - runs, share)
        <= _PASS_ERROR / needed
        for share in _SHARES
    )
