# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error budgets and burn rates of service-level objectives, from the times of their violations.

Source: Google, The Site Reliability Workbook, chapter 5 (Alerting on SLOs), https://sre.google/workbook/alerting-on-slos/.
An objective that holds for 99.9 % of the time has an error budget of 0.1 % of the window. Time counts here, not
requests, because Catchpoint reports an objective's violations as spans of time.
Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Optional

# Start and end in seconds since 1970 UTC.
Span = tuple[float, float]

# The windows of burn rates in seconds. The workbook's multiwindow, multi-burn-rate alerts use these: a burn rate of
# 14.4 over 1 hour, of 6 over 6 hours, or of 1 over 3 days calls for action.
BURN_RATE_WINDOWS = {"1h": 3600, "6h": 6 * 3600, "3d": 3 * 86400}


class ErrorBudget(NamedTuple):
    """The error budget of a window, in minutes. The remaining share, in percent, is negative if it is overspent."""

    budget_minutes: float
    used_minutes: float
    left_percent: float


def violated_seconds(violations: Iterable[Span], window: Span) -> float:
    """How long a window was violated. Violations that overlap, such as those of two tests, count once."""
    total, covered_until = 0.0, window[0]
    for start, end in sorted(violations):
        start, end = max(start, covered_until), min(end, window[1])
        if end > start:
            total += end - start
            covered_until = end
    return total


def error_budget(goal: float, violations: Iterable[Span], window: Span) -> ErrorBudget:
    """The error budget of an objective whose ``goal`` is in percent of the time.

    A goal of 100 has a budget of 0 minutes: 100 percent of it are left without a violation, and 0 percent with one.
    """
    budget = (window[1] - window[0]) * (100 - goal) / 100
    used = violated_seconds(violations, window)
    if budget > 0:
        return ErrorBudget(budget / 60, used / 60, 100 * (1 - used / budget))
    return ErrorBudget(0.0, used / 60, 0.0 if used else 100.0)


def burn_rate(goal: float, violations: Iterable[Span], window: Span) -> Optional[float]:
    """How many times faster than allowed the error budget is used: the violated share of the window by (100 - goal) %.

    With a burn rate of 1, exactly the whole budget is used by the end of the objective's window. A goal of 100 has a
    burn rate of 0 without a violation, and none (None) with one.
    """
    violated = violated_seconds(violations, window) / (window[1] - window[0])
    if not violated:
        return 0.0
    return violated / ((100 - goal) / 100) if goal < 100 else None
