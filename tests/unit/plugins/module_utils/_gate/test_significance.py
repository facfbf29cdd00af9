# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""p-values, against numbers computed with scipy."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import (
    binomial_tail,
    fisher,
    mann_whitney,
    normal_tail,
    rise_beyond_control,
)


@pytest.mark.parametrize(
    ("size", "other", "p"),
    [
        (3, 3, 0.05),
        (4, 4, 0.0142857),
        (5, 5, 0.00396825),
        (3, 12, 0.00219780),
        (5, 10, 0.000333000),
        (6, 6, 0.00108225),
        (2, 20, 0.00432900),
        (1, 19, 0.05),
    ],
)
def test_smallest_p_of_ranks(size: int, other: int, p: float) -> None:
    above, below = [100 + i for i in range(size)], list(range(other))
    assert mann_whitney(above, below, greater=True) == pytest.approx(p, abs=5e-8, rel=5e-6)
    assert mann_whitney(below, above, greater=False) == pytest.approx(p, abs=5e-8, rel=5e-6)
    assert mann_whitney(above, below, greater=False) == pytest.approx(1.0)


def test_p_equals_that_of_counting_all_rankings() -> None:
    """The exact distribution, against all the ways in which ranks can fall to a sample."""
    ranks = random.Random(3).sample(range(100), 9)
    for size in range(1, 9):
        mine, others = ranks[:size], ranks[size:]

        def u(sample: tuple[int, ...] | list[int]) -> int:
            return sum(a > b for a in sample for b in ranks if b not in sample)

        ways = [u(sample) for sample in combinations(ranks, size)]
        share = sum(way >= u(mine) for way in ways) / len(ways)
        assert mann_whitney(mine, others, greater=True) == pytest.approx(share)


def test_ties() -> None:
    assert mann_whitney([600] * 6, [500] * 6, greater=True) == pytest.approx(0.000631, abs=1e-6)


def test_all_equal() -> None:
    assert mann_whitney([500] * 6, [500] * 12, greater=True) == 1.0
    assert mann_whitney([500], [500], greater=False) == 1.0


def test_one_spike() -> None:
    spiked = [900, 910, 905, 915, 920, 8000]
    usual = [905, 910, 900, 915, 908, 902, 911, 907, 903, 912]
    assert mann_whitney(spiked, usual, greater=True) == pytest.approx(0.1507, abs=5e-5)


def test_infinite_values_are_ranked() -> None:
    assert mann_whitney([float("inf")] * 3 + [1.0], [0.5, 0.6, 0.7, 0.8], greater=True) < 0.05


def test_a_small_against_a_large_sample_is_exact() -> None:
    """8 against 30,000 without a tie: 240,001 values of U."""
    generator = random.Random(1)
    few, many = [generator.random() for i in range(8)], [generator.random() for i in range(30000)]
    exact = mann_whitney(few, many, greater=True)
    approximate = mann_whitney(few, [*many, many[0]], greater=True)  # a tie
    assert exact == pytest.approx(approximate, abs=0.005)


@pytest.mark.parametrize(
    ("hits", "size", "other_hits", "other_size", "p"),
    [(1, 50, 0, 50, 0.5), (1, 30, 0, 120, 0.2), (4, 10, 0, 40, 0.000912), (8, 50, 1, 200, 1.2e-05)],
)
def test_fisher(hits: int, size: int, other_hits: int, other_size: int, p: float) -> None:
    assert fisher(hits, size, other_hits, other_size) == pytest.approx(p, abs=1e-6, rel=5e-4)


@pytest.mark.parametrize("counts", [(0, 10, 0, 10), (10, 10, 10, 10), (0, 10, 5, 10), (0, 1, 1, 1)])
def test_fisher_without_hits_or_misses_is_1(counts: tuple[int, int, int, int]) -> None:
    assert fisher(*counts) == pytest.approx(1.0)


def test_fisher_with_many_runs() -> None:
    assert fisher(3000, 50000, 2900, 50000) == pytest.approx(0.09197772388270743, rel=1e-9)
    assert fisher(20000, 50000, 100, 50000) == 0.0


@pytest.mark.parametrize(
    ("hits", "size", "share", "p"),
    [
        (1, 20, 0.01, 0.1820930624027693),
        (2, 20, 0.01, 0.016859337635651808),
        (1, 5, 0.01, 0.0490099501),
        (0, 20, 0.01, 1.0),
        (21, 20, 0.5, 0.0),
        (1, 30, 0.0, 0.0),
        (4, 4, 1.0, 1.0),
        (1100, 100_000, 0.01, 0.0009117803413052541),
    ],
)
def test_binomial_tail(hits: int, size: int, share: float, p: float) -> None:
    assert binomial_tail(hits, size, share) == pytest.approx(p, rel=1e-9)


def test_binomial_tail_against_counting() -> None:
    for share in (0.01, 0.3, 0.95):
        weights = [math.comb(40, k) * share**k * (1 - share) ** (40 - k) for k in range(41)]
        for hits in range(42):
            assert binomial_tail(hits, 40, share) == pytest.approx(math.fsum(weights[hits:]), abs=1e-12)


def test_normal_tail() -> None:
    assert normal_tail(1.6448536269514722) == pytest.approx(0.05)


def test_rise_beyond_control() -> None:
    """The same rise on both sides is not evidence; a rise of the gated test alone is."""
    assert rise_beyond_control(10, 20, 1, 60, (10, 20, 1, 60)) == pytest.approx(0.5)
    assert rise_beyond_control(10, 20, 1, 60, (0, 20, 1, 60)) < 0.001
    assert rise_beyond_control(0, 20, 0, 60, (0, 20, 0, 60)) == pytest.approx(0.5)
    assert rise_beyond_control(0, 20, 0, 60, (10, 20, 0, 60)) > 0.99
