# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error budgets and burn rates, against numbers of the Site Reliability Workbook and numbers computed by hand."""

from __future__ import annotations

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.error_budget import (
    BURN_RATE_WINDOWS,
    ErrorBudget,
    Span,
    burn_rate,
    error_budget,
    violated_seconds,
)

DAY = 86400.0
MONTH = (0.0, 30 * DAY)


@pytest.mark.parametrize(
    ("violations", "seconds"),
    [
        ([], 0),
        ([(100, 160)], 60),
        ([(-50, 10)], 10),
        ([(990, 2000)], 10),
        ([(-50, 0), (1000, 1100), (2000, 3000)], 0),
        ([(100, 200), (150, 250)], 150),
        ([(150, 250), (100, 400)], 300),
        ([(100, 200), (100, 200)], 100),
        ([(100, 200), (200, 300), (500, 600)], 300),
        ([(300, 100)], 0),
        ([(-10, 2000), (50, 60)], 1000),
    ],
)
def test_overlapping_violations_count_once(violations: list[Span], seconds: float) -> None:
    assert violated_seconds(violations, (0, 1000)) == seconds


def test_budget_of_99_9_percent() -> None:
    """Table 5-8 of the workbook: 43.2 minutes in 30 days."""
    found = error_budget(99.9, [(0, 600)], MONTH)
    assert found.budget_minutes == pytest.approx(43.2)
    assert found.used_minutes == 10
    assert found.left_percent == pytest.approx(100 * (1 - 10 / 43.2))


def test_an_overspent_budget_is_negative() -> None:
    assert error_budget(99.9, [(0, 86.4 * 60)], MONTH).left_percent == pytest.approx(-100)


@pytest.mark.parametrize(("violations", "left"), [([], 100), ([(0, 60)], 0)])
def test_a_goal_of_100_percent_has_a_budget_of_zero(violations: list[Span], left: float) -> None:
    assert error_budget(100, violations, MONTH) == ErrorBudget(0.0, 1.0 if violations else 0.0, left)
    assert burn_rate(100, violations, MONTH) == (None if violations else 0)


@pytest.mark.parametrize(
    ("name", "rate", "consumed"),
    # The workbook's table of recommended parameters: window, burn rate, share of a 30-day budget that it uses.
    [("1h", 14.4, 0.02), ("6h", 6, 0.05), ("3d", 1, 0.10)],
)
def test_burn_rates_of_the_workbook(name: str, rate: float, consumed: float) -> None:
    length = BURN_RATE_WINDOWS[name]
    violation = (0.0, consumed * 0.001 * 30 * DAY)
    assert burn_rate(99.9, [violation], (0, length)) == pytest.approx(rate)


def test_an_hour_of_violation_burns_a_thousand_times_too_fast() -> None:
    assert burn_rate(99.9, [(0, 7200)], (3600, 7200)) == pytest.approx(1000)
