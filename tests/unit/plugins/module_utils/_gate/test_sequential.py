# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Levels of interim analyses, against a textbook, an independent implementation and simulated random walks."""

from __future__ import annotations

import random
from statistics import NormalDist

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.sequential import Boundary, levels, spending

# Information of 5, 10, ... 30 values against a baseline of 60: n m / (n + m).
AGAINST_60 = [n * 60 / (n + 60) for n in (5, 10, 15, 20, 25, 30)]

CASES = {
    "five equal analyses, 0.025": ([1, 2, 3, 4, 5], 0.025, [5e-07, 0.0003939, 0.003678, 0.011016, 0.0211259]),
    "5 to 30 values against 60, 0.05": (
        AGAINST_60, 0.05, [4.5e-05, 0.0027385, 0.010535, 0.0200627, 0.0292631, 0.0375263],
    ),
    "5 to 30 values against 60, 0.3": (
        AGAINST_60, 0.3, [0.0309661, 0.1042845, 0.1472516, 0.1734229, 0.1909679, 0.2035454],
    ),
    "one analysis is the plain test": ([20.0], 0.05, [0.05]),
}  # fmt: skip


def spent_by(information: list[float], error: float) -> list[float]:
    return [spending(error, info / information[-1]) for info in information]


@pytest.mark.parametrize("name", CASES)
def test_levels(name: str) -> None:
    information, error, expected = CASES[name]
    found = levels(information, spent_by(information, error))
    assert found == pytest.approx(expected, rel=0.01, abs=2e-7)


def test_textbook_boundaries() -> None:
    """Lan and DeMets, O'Brien-Fleming type, five equal analyses, one-sided 0.025."""
    found = levels([1, 2, 3, 4, 5], spent_by([1, 2, 3, 4, 5], 0.025))
    z = [-NormalDist().inv_cdf(level) for level in found]
    assert z == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=0.001)


def test_spending_grows_up_to_the_whole_error() -> None:
    amounts = [spending(0.05, fraction / 20) for fraction in range(1, 21)]
    assert all(earlier < later for earlier, later in zip(amounts, amounts[1:]))
    assert amounts[-1] == spending(0.05, 1.5) == 0.05
    assert amounts[9] == pytest.approx(0.005575, abs=1e-6)


def test_the_levels_keep_the_error_of_random_walks() -> None:
    """Of 20,000 walks without drift, 5 % cross the boundary at any of the analyses (standard error 0.15 points)."""
    borders = [-NormalDist().inv_cdf(level) for level in levels(AGAINST_60, spent_by(AGAINST_60, 0.05))]
    generator = random.Random(11)
    crossed = 0
    for _walk in range(20_000):
        score = before = 0.0
        for information, border in zip(AGAINST_60, borders):
            score += generator.gauss(0, (information - before) ** 0.5)
            before = information
            if score / information**0.5 >= border:
                crossed += 1
                break
    assert crossed / 20_000 == pytest.approx(0.05, abs=0.0045)


def test_an_analysis_without_error_to_spend_never_rejects() -> None:
    found = levels([10, 20, 30], [0.02, 0.02, 0.05])
    assert found[0] == pytest.approx(0.02)
    assert found[1] < 1e-12
    assert found[2] == pytest.approx(0.05 - 0.02, abs=0.01)


def test_an_analysis_without_new_information_has_a_level() -> None:
    """Late data may leave the amount as it was; the level exists all the same."""
    first, second = levels([10, 10], [0.01, 0.05])
    assert first == pytest.approx(0.01)
    assert 0 < second < 0.06


def test_a_large_error_may_leave_a_border_below_zero() -> None:
    assert levels([10], [0.7]) == pytest.approx([0.7])
    assert all(0 < level < 1 for level in levels([10, 20], [0.6, 0.9]))


def test_one_step_at_a_time_gives_the_same_levels() -> None:
    boundary = Boundary()
    found = []
    for information, spent in zip(AGAINST_60, spent_by(AGAINST_60, 0.05)):
        boundary = boundary.at(information, spent)
        found.append(boundary.level)
    assert found == levels(AGAINST_60, spent_by(AGAINST_60, 0.05))
    assert boundary.spent == 0.05
