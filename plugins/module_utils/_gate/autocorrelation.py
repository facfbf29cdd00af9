# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Corrects p-values for autocorrelation: by how much the variance of a difference exceeds that of independent runs.

The Mann-Whitney test assumes independent runs. If consecutive runs are correlated, its p is too small. The
inflation f is the variance of the difference of two means of mid-ranks, over the same variance without
autocorrelation. It is estimated from the runs before the deploy. The autocorrelation at each distance is weighted with
the number of pairs of runs at that distance, and tapered as in Bartlett, "Periodogram Analysis and Continuous
Spectra", Biometrika 37 (1950).

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from itertools import accumulate
from operator import mul
from statistics import NormalDist
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import normal_tail
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import median

# With fewer values the estimate is mostly noise.
_LEAST_VALUES = 30
# The smallest p that is corrected as it is: beyond it, no float holds the quantile.
_LEAST_P = 1e-300
_NORMAL = NormalDist()


class Design(NamedTuple):
    """The sizes of a comparison, as far as they decide how much autocorrelation matters."""

    current: int  # values
    baseline: int  # values
    horizon: int  # current values expected when the gate ends
    gap: int = 0  # the number of values that fit between the end of the baseline and the first current one


def inflation(series: Sequence[float], design: Design, ordered: Optional[Sequence[float]] = None) -> float:
    """Returns f, at least 1.0, for the values of history and baseline in order of time.

    ``ordered`` are the same values in ascending order, where that is known.
    """
    size = len(series)
    if size < _LEAST_VALUES:
        return 1.0
    if ordered is None:
        ordered = sorted(series)
    if ordered[0] == ordered[-1]:
        return 1.0
    lags = min(max(design.current, design.horizon), size // 3)
    correlations = autocorrelations(series, lags, ordered)
    total = math.fsum(map(mul, _pair_weights(design, lags), correlations))
    return max(1.0, 1 + 2 * total / (1 / design.current + 1 / design.baseline))


def corrected(p: float, factor: float) -> float:
    """Returns p for a variance that is ``factor`` times larger. A p of 0.5 or more is not evidence and stays."""
    if p >= 0.5 or factor <= 1:
        return p
    z = -_NORMAL.inv_cdf(max(p, _LEAST_P))
    return normal_tail(z / math.sqrt(factor))


def effective_samples(count: int, factor: float) -> int:
    """Returns the number of independent values that ``count`` values are worth."""
    return max(1, round(count / factor))


def gap_between(times: Sequence[float], first_current: float) -> int:
    """Returns how many values of a series would fit between its last one and the first current run.

    ``times`` are those of the series, ascending, in seconds. The usual distance of two runs is the median of the
    positive distances; the width of a value is the mean distance, as several locations may run at the same time.
    """
    if len(times) < 2 or times[-1] <= times[0]:
        return 0
    width = (times[-1] - times[0]) / (len(times) - 1)
    usual = median(after - before for before, after in zip(times, times[1:]) if after > before)
    return max(0, round((first_current - times[-1] - usual) / width))


def autocorrelations(series: Sequence[float], lags: int, ordered: Optional[Sequence[float]] = None) -> list[float]:
    """Returns the autocorrelation of the mid-ranks at the lags 1 to ``lags``. The values must not all be equal.

    Computed exactly, in integers: twice a mid-rank is an integer. The sums of the lagged products at all lags
    are the digits of one product of two large numbers, which ``decimal`` computes in O(n log n) steps. A loop over
    100,000 runs would take minutes.
    """
    ranks = _doubled_midranks(series, sorted(series) if ordered is None else ordered)
    size = len(ranks)
    center = size + 1  # twice the mean rank
    square = center * center
    variance = (sum(map(mul, ranks, ranks)) - size * square) / size
    before = [0, *accumulate(ranks)]
    total = before[size]
    found = []
    for k, products in enumerate(_products(ranks, lags), 1):
        covariance = products - center * (before[size - k] + total - before[k]) + (size - k) * square
        found.append(covariance / (size - k) / variance)
    return found


def _pair_weights(design: Design, lags: int) -> Iterator[float]:
    """The weights of the lags from 1 on: pairs within each window make the variance larger, pairs across them smaller.

    They are tapered, so that the long lags, which few pairs stand behind, count less.
    """
    n, m, _horizon, gap = design
    n_square, m_square, product = n * n, m * m, n * m
    for k in range(1, lags + 1):
        # With calls of min and max, and with the squares in here, this takes half as long again.
        first = m + gap - k if m + gap > k else 0
        last = m if gap + n > k else m + gap + n - k
        across = last - first if last > first else 0
        pairs = (n - k if n > k else 0) / n_square + (m - k if m > k else 0) / m_square - across / product
        yield (1 - k / (lags + 1)) * pairs


def _doubled_midranks(series: Sequence[float], ordered: Sequence[float]) -> list[int]:
    """Twice the rank of each value, from 2 on; equal values share the mean of their ranks."""
    doubled: dict[float, int] = {}
    last = 0
    previous = None
    for value in ordered:
        last += 2
        if value == previous:
            doubled[value] += 1
        else:
            doubled[value] = last
            previous = value
    return [doubled[value] for value in series]


def _products(ranks: Sequence[int], lags: int) -> list[int]:
    """The sums of r[t] r[t + k] over all t, for k from 1 to ``lags``.

    They are coefficients of the product of the polynomial with these coefficients and its mirror image. Each of them
    gets enough digits for the largest possible sum (Kronecker substitution; von zur Gathen and Gerhard, "Modern
    Computer Algebra", section 8.4).
    """
    size = len(ranks)
    width = len(str(size * (2 * size) ** 2))
    digits = [str(rank).zfill(width) for rank in ranks]
    context = Context(prec=2 * size * width, Emax=MAX_EMAX, Emin=MIN_EMIN)
    product = context.multiply(Decimal("".join(digits)), Decimal("".join(reversed(digits))))
    text = str(product).zfill((2 * size - 1) * width)
    middle = size * width
    return [int(text[start : start + width]) for start in range(middle, middle + lags * width, width)]
