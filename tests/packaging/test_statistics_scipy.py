# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's statistics against numpy and scipy, over thousands of random samples."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy
import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import (
    binomial_tail,
    fisher,
    mann_whitney,
)
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate
from scipy import stats

SAMPLES = 3000
# Continuous values are without ties, whole milliseconds have some, small counts many.
KINDS: dict[str, Callable[[random.Random], float]] = {
    "continuous": lambda generator: generator.lognormvariate(7, 0.25),
    "milliseconds": lambda generator: float(round(generator.lognormvariate(7, 0.25))),
    "counts": lambda generator: float(generator.randint(0, 6)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_mann_whitney(kind: str) -> None:
    generator = random.Random(kind)
    for number in range(SAMPLES):
        size, other = generator.randint(1, 15), generator.randint(1, 60)
        first = [KINDS[kind](generator) for i in range(size)]
        second = [KINDS[kind](generator) for i in range(other)]
        greater = number % 2 == 0
        expected = stats.mannwhitneyu(first, second, alternative="greater" if greater else "less", method="auto").pvalue
        if len({*first, *second}) == 1:
            expected = 1.0  # where nothing differs, scipy divides by zero
        assert mann_whitney(first, second, greater=greater) == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_mann_whitney_of_large_samples() -> None:
    generator = random.Random(1)
    for size, other in ((8, 2000), (2000, 8), (500, 4000), (9, 9)):
        first = [generator.gauss(0, 1) for i in range(size)]
        second = [generator.gauss(0.1, 1) for i in range(other)]
        expected = stats.mannwhitneyu(first, second, alternative="greater", method="auto").pvalue
        assert mann_whitney(first, second, greater=True) == pytest.approx(expected, rel=1e-9)


def test_fisher() -> None:
    generator = random.Random(2)
    for _number in range(SAMPLES):
        size, other = generator.randint(1, 300), generator.randint(1, 300)
        hits, other_hits = generator.randint(0, size), generator.randint(0, other)
        table = [[hits, size - hits], [other_hits, other - other_hits]]
        expected = stats.fisher_exact(table, "greater")[1]
        assert fisher(hits, size, other_hits, other) == pytest.approx(expected, rel=1e-8, abs=1e-15)


def test_binomial_tail() -> None:
    generator = random.Random(3)
    for _number in range(SAMPLES):
        size, share = generator.randint(1, 2000), generator.choice([0.001, 0.01, 0.1, 0.5, 0.95])
        hits = generator.randint(0, size)
        expected = stats.binomtest(hits, size, share, alternative="greater").pvalue
        assert binomial_tail(hits, size, share) == pytest.approx(expected, rel=1e-8, abs=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_aggregates(kind: str) -> None:
    generator = random.Random(kind)
    for _number in range(SAMPLES // 10):
        values = [KINDS[kind](generator) for i in range(generator.randint(1, 200))]
        assert aggregate("median", values) == pytest.approx(numpy.median(values))
        assert aggregate("mean", values) == pytest.approx(numpy.mean(values))
        for percent in (1, 25, 75, 90, 95, 99):
            assert aggregate(f"p{percent}", values) == pytest.approx(numpy.percentile(values, percent))
        if min(values) > 0:
            assert aggregate("geomean", values) == pytest.approx(stats.gmean(values))
