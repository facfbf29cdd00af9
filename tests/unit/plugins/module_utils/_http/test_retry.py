# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long to wait: the rules, without a session."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import (
    Budget,
    Wait,
    backoff,
    next_minute_seconds,
    retry_after_seconds,
    used_up_seconds,
    wait_for,
)

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z
LIMITS = {"minute": 20, "hour": 500, "day": 2000}


@pytest.mark.parametrize(
    ("tries", "most"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (1000, 30), (100_000, 30)]
)
def test_backoff_is_exponential_with_full_jitter(tries: int, most: float) -> None:
    assert backoff(tries, lambda: 1.0) == most
    assert backoff(tries, lambda: 0.25) == most / 4
    # Not nothing at all: tries must come to an end.
    assert backoff(tries, lambda: 0.0) == 0.1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("9" * 30, 366 * 86400.0),
        ("Mon, 23 Nov 2026 12:00:45 GMT", 45.0),
        ("Monday, 23-Nov-26 12:00:45 GMT", 45.0),
        ("Mon, 23 Nov 2026 11:59:00 GMT", 0.0),
        ("Mon, 23 Nov 9999 12:00:00 GMT", 366 * 86400.0),
        ("Mon, 23 Nov 2026 12:00:45 -0000", None),
        ("Mon, 99 Nov 2026 12:00:45 GMT", None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(text, NOON) == seconds


@pytest.mark.parametrize(
    ("limits", "used", "now", "seconds"),
    [
        (LIMITS, {"minute": 20, "hour": 41, "day": 188}, NOON + 15, 45),
        (LIMITS, {"minute": 25, "hour": 500, "day": 188}, NOON + 15, 3585),
        (LIMITS, {"minute": 20, "hour": 500, "day": 2000}, NOON + 15, 12 * 3600 - 15),
        (LIMITS, {"minute": 19, "hour": 499, "day": 1999}, NOON, None),
        (LIMITS, {"minute": 20}, NOON, 60),
        ({"minute": 20}, {}, NOON, None),
        ({"hour": 0}, {"hour": 3}, NOON, None),
        ({}, {"minute": 20}, NOON, None),
    ],
)
def test_window_that_is_used_up(limits: Any, used: Any, now: float, seconds: float | None) -> None:
    assert used_up_seconds(Usage(limits, used), now) == seconds


def test_next_minute() -> None:
    assert next_minute_seconds(NOON + 15.5) == 44.5


@pytest.mark.parametrize(
    ("status", "retry_after", "usage", "wait"),
    [
        (429, "12", Usage(LIMITS, {"minute": 20}), Wait(12, True)),
        (429, None, Usage(LIMITS, {"minute": 20}), Wait(60, True)),
        (429, "nonsense", Usage(LIMITS, {"minute": 20}), Wait(60, True)),
        (429, None, Usage(LIMITS, {"minute": 3}), Wait(2, False)),
        (429, None, None, Wait(2, False)),
        # "At once" is no advice: the next tries grow apart all the same.
        (429, "0", None, Wait(2, False)),
        (503, "12", None, Wait(12, True)),
        (503, None, Usage(LIMITS, {"minute": 20}), Wait(2, False)),
        (0, None, None, Wait(2, False)),
    ],
)
def test_wait(status: int, retry_after: str | None, usage: Usage | None, wait: Wait) -> None:
    found = wait_for(status=status, retry_after=retry_after, usage=usage, server_now=NOON, tries=3, random=lambda: 0.5)
    assert found == wait


def test_budget() -> None:
    budget = Budget(10)
    assert budget.allows(10) and not budget.allows(10.1)
    budget.take(7)
    assert budget.allows(3) and not budget.allows(3.1)
    assert budget.used == 7
    assert not Budget(0).allows(0)
