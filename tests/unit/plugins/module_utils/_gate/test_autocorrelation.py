# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The correction for autocorrelation: against explicit sums, and at its limits."""

from __future__ import annotations

import random
from statistics import NormalDist

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.autocorrelation import (
    Design,
    autocorrelations,
    corrected,
    effective_samples,
    gap_between,
    inflation,
)


def drifting(size: int, seed: int = 1, memory: float = 0.9) -> list[float]:
    """Autocorrelated values: each one is close to the one before."""
    generator = random.Random(seed)
    level, values = 0.0, []
    for _number in range(size):
        level = memory * level + generator.gauss(0, 1)
        values.append(level)
    return values


def ranks_of(values: list[float]) -> list[float]:
    """Mid-ranks by counting."""
    return [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values]


def slow_inflation(values: list[float], n: int, m: int, horizon: int, gap: int) -> float:
    """The formula of the design, term by term."""
    size = len(values)
    r = [rank - (size + 1) / 2 for rank in ranks_of(values)]
    v = sum(x * x for x in r) / size
    q = min(max(n, horizon), size // 3)
    total = 0.0
    for k in range(1, q + 1):
        rho = sum(a * b for a, b in zip(r, r[k:])) / (size - k) / v
        # The pairs across the windows at distance k, counted one by one.
        across = sum(1 for i in range(m) for j in range(m + gap, m + gap + n) if j - i == k)
        weight = max(0, n - k) / n**2 + max(0, m - k) / m**2 - across / (n * m)
        total += (1 - k / (q + 1)) * rho * weight
    return max(1.0, 1 + 2 * total / (1 / n + 1 / m))


@pytest.mark.parametrize("design", [Design(30, 60, 30), Design(5, 60, 30), Design(20, 20, 20, 7), Design(40, 10, 40)])
@pytest.mark.parametrize("memory", [0.0, 0.5, 0.95])
def test_inflation_follows_the_formula(design: Design, memory: float) -> None:
    values = [round(value, 1) for value in drifting(150, memory=memory)]
    assert inflation(values, design) == pytest.approx(slow_inflation(values, *design), rel=1e-12)


def test_autocorrelations_of_many_values_are_exact() -> None:
    values = [round(value) for value in drifting(2000)]
    r = [rank - 2001 / 2 for rank in ranks_of(values)]
    variance = sum(x * x for x in r) / 2000
    expected = [sum(a * b for a, b in zip(r, r[k:])) / (2000 - k) / variance for k in (1, 2, 500)]
    found = autocorrelations(values, 500)
    assert [found[0], found[1], found[499]] == pytest.approx(expected, rel=1e-9)


def test_independent_values_are_hardly_inflated() -> None:
    assert inflation(drifting(300, memory=0), Design(30, 60, 30)) < 1.5


def test_autocorrelated_values_are_inflated() -> None:
    assert inflation(drifting(300, memory=0.95), Design(30, 60, 30)) > 4


@pytest.mark.parametrize("values", [drifting(29), [5.0] * 300, []])
def test_too_few_or_equal_values_are_not_inflated(values: list[float]) -> None:
    assert inflation(values, Design(30, 60, 30)) == 1.0


def test_thirty_values_are_enough() -> None:
    assert inflation(drifting(30, memory=0.95), Design(10, 30, 10)) > 1


def test_p_is_corrected_for_the_inflation() -> None:
    z = NormalDist().inv_cdf(1 - 0.01)
    assert corrected(0.01, 4) == pytest.approx(1 - NormalDist().cdf(z / 2))
    assert corrected(0.01, 1) == 0.01
    assert corrected(0.5, 9) == 0.5
    assert corrected(0.9, 9) == 0.9
    assert corrected(0.0, 1.0001) == pytest.approx(1e-300, rel=0.2)


@pytest.mark.parametrize(("count", "factor", "effective"), [(20, 1, 20), (20, 8.93, 2), (5, 40, 1), (30, 2.2, 14)])
def test_effective_samples(count: int, factor: float, effective: int) -> None:
    assert effective_samples(count, factor) == effective


class TestGap:
    def test_next_run_in_step_leaves_no_gap(self) -> None:
        assert gap_between([0, 60, 120], 180) == 0

    def test_missing_runs_are_counted(self) -> None:
        assert gap_between([0, 60, 120], 480) == 5

    def test_overlapping_runs_do_not_leave_a_gap(self) -> None:
        assert gap_between([0, 60, 120], 60) == 0

    def test_simultaneous_locations_share_their_distance(self) -> None:
        """Two locations each minute: a minute without runs is worth two values."""
        times = [60.0 * (i // 2) for i in range(61)]
        assert gap_between(times, times[-1] + 180) == round(120 / 30)

    @pytest.mark.parametrize("times", [[], [5], [5, 5, 5]])
    def test_the_gap_between_times_without_a_span_is_zero(self, times: list[float]) -> None:
        assert gap_between(times, 1000) == 0
