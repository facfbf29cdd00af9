# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One-sided p-values, computed with only the standard library.

Each function states its source. They agree with scipy.stats (mannwhitneyu with method="auto", fisher_exact, binomtest)
to the last digits, which a test in tests/packaging shows.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import sub

# The exact distribution is for small samples; it is worked out up to this product of the two sizes. Beyond it, which
# takes more than 60,000 values against 8 without a single tie, the normal approximation is as good.
_EXACT_SMALLER = 8
# A term of a sum that is this much smaller than the first one does not change it.
_NEGLIGIBLE = 1e-20
_EXACT_PRODUCT = 500_000


def mann_whitney(sample: Sequence[float], other: Sequence[float], *, greater: bool) -> float:
    """The Mann-Whitney U test: p of ``sample`` lying this far above (or below) ``other`` by chance.

    Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other",
    Annals of Mathematical Statistics 18 (1947). Exact when there are no ties and the smaller sample has at most 8
    values; otherwise the normal approximation with the variance corrected for ties and a continuity correction of 0.5
    (Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd ed., section 4.1). 1.0 when all values are
    equal. Neither sample may be empty.
    """
    above = sorted(sample if greater else other)
    below = sorted(other if greater else sample)
    size_above, size_below = len(above), len(below)
    total = size_above + size_below
    doubled_u = _doubled_u(above, below)
    ties = _tie_sizes(above, below)
    if not ties and min(size_above, size_below) <= _EXACT_SMALLER and size_above * size_below <= _EXACT_PRODUCT:
        return _exact_tail(size_above, size_below, doubled_u // 2)
    correction = sum(count**3 - count for count in ties) / (total * (total - 1)) if total > 1 else 0.0
    variance = size_above * size_below / 12 * (total + 1 - correction)
    if variance <= 0 or (len(ties) == 1 and ties[0] == total):
        return 1.0
    z = (doubled_u / 2 - size_above * size_below / 2 - 0.5) / math.sqrt(variance)
    return normal_tail(z)


def _doubled_u(above: Sequence[float], below: Sequence[float]) -> int:
    """Twice the number of pairs in which the value of ``above`` is larger, a tie counting half; both are ascending."""
    ended = [*below, math.nan]  # which is neither smaller than any value nor equal to it
    doubled = smaller = not_larger = 0
    for value in above:
        while ended[smaller] < value:
            smaller += 1
        if not_larger < smaller:
            not_larger = smaller
        while ended[not_larger] == value:
            not_larger += 1
        doubled += smaller + not_larger
    return doubled


def _tie_sizes(first: Sequence[float], second: Sequence[float]) -> list[int]:
    """How many values share each value that occurs more than once."""
    sizes = []
    run = 1
    previous = math.nan
    for value in sorted([*first, *second]):
        if value == previous:
            run += 1
            continue
        if run > 1:
            sizes.append(run)
        run, previous = 1, value
    return [*sizes, run] if run > 1 else sizes


def _exact_tail(size: int, other: int, u: int) -> float:
    """P(U >= u) without ties: the share of the orders of the two samples with at least this U.

    The number of orders by U are the coefficients of the Gaussian binomial coefficient, which is the product of
    (1 - q^(other + i)) / (1 - q^i) for i = 1 ... size (Andrews, "The Theory of Partitions", section 3.2). They are
    symmetric, so the shorter tail is enough.
    """
    small, large = min(size, other), max(size, other)
    pairs = size * other
    upper = 2 * u > pairs
    top = pairs - u if upper else u - 1  # orders with U <= top are counted
    if top < 0:
        return 1.0
    counts = [1] + [0] * top
    for i in range(1, small + 1):
        shift = large + i
        if shift <= top:
            counts[shift:] = map(sub, counts[shift:], counts[: top + 1 - shift])
        for start in range(min(i, top + 1)):
            counts[start::i] = accumulate(counts[start::i])
    tail = sum(counts)
    orders = math.comb(size + other, size)
    return tail / orders if upper else (orders - tail) / orders


def fisher(hits: int, size: int, other_hits: int, other_size: int) -> float:
    """Fisher's exact test, one-sided: p of at least ``hits`` of ``size``, given ``other_hits`` of ``other_size``.

    Fisher, "The Logic of Inductive Inference", Journal of the Royal Statistical Society 98 (1935): with both margins
    fixed, the hits follow the hypergeometric distribution. The weights are built outwards from the most likely number
    of hits by the ratio of adjacent weights, so that none overflows and those that vanish do not matter.
    """
    total_hits = hits + other_hits
    total = size + other_size
    lowest = max(0, total_hits - other_size)
    highest = min(size, total_hits)
    mode = min(max((total_hits + 1) * (size + 1) // (total + 2), lowest), highest)

    def ratio(k: int) -> float:
        """The weight of k + 1 hits over that of k."""
        return (total_hits - k) * (size - k) / ((k + 1) * (other_size - total_hits + k + 1))

    above = [1.0]
    for k in range(mode, highest):
        above.append(above[-1] * ratio(k))
        if not above[-1]:
            break
    below = []
    weight = 1.0
    for k in range(mode - 1, lowest - 1, -1):
        weight /= ratio(k)
        if not weight:
            break
        below.append(weight)
    whole = math.fsum(above) + math.fsum(below)
    if hits <= mode:
        # below[i] belongs to mode - 1 - i hits; those under ``hits`` do not count.
        return min(1.0, (math.fsum(above) + math.fsum(below[: mode - hits])) / whole)
    return min(1.0, math.fsum(above[hits - mode :]) / whole)


def rise_beyond_control(
    hits: int, size: int, base_hits: int, base_size: int, control: tuple[int, int, int, int]
) -> float:
    """p of a share having risen by this much more than a control's share did; ``control`` counts as the others do.

    The difference in differences of four proportions over its standard error, each proportion with half a hit and half
    a miss added (Price and Bonett, "An improved confidence interval for a linear function of binomial proportions",
    Computational Statistics & Data Analysis 45 (2004)); without them no hits at all would mean no doubt at all.
    """
    counts = ((1, hits, size), (-1, base_hits, base_size), (-1, *control[:2]), (1, *control[2:]))
    difference = variance = 0.0
    for sign, count, of in counts:
        share = (count + 0.5) / (of + 1)
        difference += sign * share
        variance += share * (1 - share) / (of + 1)
    return normal_tail(difference / math.sqrt(variance))


def binomial_tail(hits: int, size: int, share: float) -> float:
    """The exact binomial test, one-sided: P(X >= hits) for ``size`` independent runs that each hit with this share.

    The terms are summed outwards from the border, by the ratio of adjacent terms, on the side where they fall. The
    first one comes from logarithms of the gamma function (Abramowitz and Stegun, 26.1.20), so that none overflows.
    """
    if hits <= 0:
        return 1.0
    if hits > size or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    odds = share / (1 - share)
    upper = hits > size * share
    k = hits if upper else hits - 1
    term = math.exp(
        math.lgamma(size + 1)
        - math.lgamma(k + 1)
        - math.lgamma(size - k + 1)
        + k * math.log(share)
        + (size - k) * math.log1p(-share)
    )
    terms = []
    least = term * _NEGLIGIBLE  # the terms fall from here on
    while term > least and 0 <= k <= size:
        terms.append(term)
        term *= (size - k) / (k + 1) * odds if upper else k / (size - k + 1) / odds
        k += 1 if upper else -1
    tail = math.fsum(terms)
    return min(1.0, tail if upper else 1 - tail)


def normal_tail(z: float) -> float:
    """P(Z > z) of the standard normal distribution."""
    return 0.5 * math.erfc(z / math.sqrt(2))
