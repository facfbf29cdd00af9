# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limits: how they are parsed, and when the next request may be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http import rate_limit
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import (
    Limit,
    RequestHistory,
    ServerQuota,
    parse,
    slots,
)
from hypothesis import given, settings
from hypothesis import strategies as st

MIDNIGHT = 20_780 * 86400.0
NOON = MIDNIGHT + 43200


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("7/second,20/minute,500/hour,2000/day", [(7, "second"), (20, "minute"), (500, "hour"), (2000, "day")]),
        ("7/s, 20/min , 500/h,2000/d", [(7, "second"), (20, "minute"), (500, "hour"), (2000, "day")]),
        ("3/m", [(3, "minute")]),
        ("10 / Minutes", [(10, "minute")]),
        ("off", []),
        # YAML reads off without quotes as false.
        *((text, []) for text in ("OFF", "False", "false", "no", " No ")),
        (" OFF ", []),
    ],
)
def test_limits_as_they_are_written(text: str, limits: list[Any]) -> None:
    assert list(parse(text)) == limits


@pytest.mark.parametrize("text", ["", "7", "7/", "/s", "seven/second", "7/year", "-7/s", "7.5/s", "7/s;20/m", "7/s,"])
def test_invalid_limits_are_refused(text: str) -> None:
    with pytest.raises(OptionError, match=r"which is not a limit\. Write a number for second, minute"):
        parse(text)


def test_a_limit_of_zero_is_refused() -> None:
    with pytest.raises(OptionError, match="'0/minute', which lets no request out"):
        parse("0/minute")


def test_a_repeated_period_is_refused() -> None:
    with pytest.raises(OptionError, match="names the minute twice"):
        parse("7/min,20/m")


def made_at(*times: float) -> RequestHistory:
    made = RequestHistory()
    for time in times:
        made = made.and_at(time)
    return made


def waits(made: RequestHistory, limits: str, now: float, quota: Any = None, count: int = 1) -> list[float]:
    return [round(slot.at - now, 2) for slot in slots(made, parse(limits), now, quota, count)]


def test_without_limits_no_request_waits() -> None:
    assert waits(made_at(*[NOON] * 5000), "off", NOON, count=3) == [0, 0, 0]


def test_a_minute_rolls() -> None:
    made = made_at(NOON - 61, NOON - 50, NOON - 40)
    assert waits(made, "3/minute", NOON) == [0.5]
    assert waits(made, "3/minute", NOON + 0.5) == [0]
    # With a margin of 1.5 s, because the duration of requests varies.
    assert waits(made, "2/minute", NOON, count=4) == [11.5, 21.5, 73.0, 83.0]


def test_the_longest_wait_counts() -> None:
    made = made_at(NOON - 3590, NOON - 0.5)
    slot = slots(made, parse("1/second,2/hour"), NOON, None, 1)[0]
    assert slot.rule is not None
    assert slot.rule.limit == Limit(2, "hour")
    assert round(slot.at - NOON, 2) == 11.5


def test_the_day_ends_at_midnight_utc() -> None:
    made = made_at(MIDNIGHT - 7000, MIDNIGHT - 6000, MIDNIGHT - 5000)
    assert waits(made, "3/day", MIDNIGHT - 100) == [100]
    assert waits(made, "4/day", MIDNIGHT - 100) == [0]
    assert waits(made, "3/day", MIDNIGHT + 1) == [0]


def test_requests_of_a_day_count_after_their_times_are_dropped() -> None:
    made = made_at(*(MIDNIGHT + 100.0 * number for number in range(800)))
    assert len(made.times) < 100
    assert made.of_day == 800
    assert waits(made, "800/day", MIDNIGHT + 80000) == [6400]


def test_a_request_does_not_overtake_those_that_wait() -> None:
    assert waits(made_at(NOON + 30), "100/second", NOON) == [30]


def test_requests_of_other_clients_count_towards_the_accounts_limits_only() -> None:
    quota = ServerQuota(NOON - 10, {"minute": 20}, {"minute": 19})
    assert waits(made_at(NOON - 5), "20/minute", NOON, quota) == [51.5]
    assert waits(RequestHistory(), "20/minute", NOON, quota) == [0]
    wide = ServerQuota(NOON - 10, {"minute": 2147483647}, {"minute": 19})
    assert waits(made_at(NOON - 5), "20/minute", NOON, wide) == [0]


def test_lower_limits_of_the_account_take_precedence() -> None:
    quota = ServerQuota(NOON, {"minute": 2, "day": 0}, {})
    assert waits(made_at(NOON - 1, NOON - 1), "20/minute", NOON, quota) == [60.5]


def test_other_clients_may_use_up_the_day() -> None:
    quota = ServerQuota(NOON, {"day": 2000}, {"day": 2000})
    assert waits(RequestHistory(), "7/second", NOON, quota) == [43200]
    assert waits(RequestHistory(), "7/second", NOON + 43201, quota) == [0]


def test_requests_of_other_clients_are_the_difference_of_the_counts() -> None:
    made = made_at(NOON - 100, NOON - 30, NOON - 1)
    assert rate_limit.others(made, {"minute": 5, "hour": 3, "day": 2, "year": 9}, NOON) == {
        "minute": 3,
        "hour": 0,
        "day": 0,
    }


def _most_in_any(times: Sequence[float], length: float) -> int:
    return max(sum(start - length < other <= start for other in times) for start in times)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 300), max_size=30),
    st.integers(1, 5),
    st.integers(3, 9),
    st.integers(1, 40),
)
def test_limits_hold_in_every_window(before: list[float], second: int, minute: int, count: int) -> None:
    limits = (Limit(second, "second"), Limit(minute, "minute"))
    made = RequestHistory()
    # Earlier requests kept to the limits.
    for time in sorted(before):
        made = made.and_at(slots(made, limits, NOON + time, None, 1)[0].at)
    now = NOON + 300
    times = [*made.times, *(slot.at for slot in slots(made, limits, now, None, count))]
    assert times == sorted(times)
    assert _most_in_any(times, 1.0) <= second
    assert _most_in_any(times, 60.0) <= minute


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 70), min_size=1, max_size=12), st.integers(1, 6), st.floats(0, 70))
def test_no_request_waits_longer_than_necessary(before: list[float], minute: int, later: float) -> None:
    limits = (Limit(minute, "minute"),)
    made = made_at(*sorted(NOON + time for time in before))
    now = NOON + 72 + later
    at = slots(made, limits, now, None, 1)[0].at
    assert at == now or _most_in_any([*made.times, at - 0.001], 61.5) > minute
