# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retry policies and waits, without a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    PassingTransportError,
    RateLimitError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import (
    Budget,
    BudgetRetryPolicy,
    Failure,
    PollingRetryPolicy,
    Wait,
    backoff,
    exhausted_seconds,
    reset_seconds,
    retry_after_seconds,
    seconds_text,
    used_up_seconds,
    wait_for,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z
LIMITS = {"minute": 20, "hour": 500, "day": 2000}


@pytest.mark.parametrize(
    ("tries", "most"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (1000, 30), (100_000, 30)]
)
def test_backoff_is_exponential_with_full_jitter(tries: int, most: float) -> None:
    assert backoff(tries, lambda: 1.0) == most
    assert backoff(tries, lambda: 0.25) == most / 4
    # Not 0, because the number of retries must be finite.
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
        ("1.5", 1.5),
        ("1.", 1.0),
        ("1.5.2", None),
        (".5", None),
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
        # How the service counts a minute and an hour is not documented, so the whole period must pass.
        (LIMITS, {"minute": 20, "hour": 41, "day": 188}, NOON + 15, 60),
        (LIMITS, {"minute": 25, "hour": 500, "day": 188}, NOON + 15, 3600),
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


@pytest.mark.parametrize(
    ("reset", "remaining", "seconds"),
    [
        ("2026-11-23T12:00:45Z", "0", 45),
        ("2026-11-23T12:00:45.5000000Z", "0", 45.5),
        ("2026-11-23T12:00:45.5", "0", 45.5),
        ("2026-11-23T13:00:45+01:00", "0", 45),
        ("2026-11-23T12:00:45Z", None, 45),
        (str(NOON + 45), "0", 45),
        ("45", "0", 45),
        ("2026-11-23T11:59:00Z", "0", 0),
        # This window still allows requests, so another window is used up.
        ("2026-11-24T00:00:00Z", "1500", None),
        ("2026-11-23T12:00:45Z", "some", None),
        ("soon", "0", None),
        ("2026-99-23T12:00:45Z", "0", None),
        ("", "0", None),
    ],
)
def test_reset_of_the_rate_limit_headers(reset: str, remaining: str | None, seconds: float | None) -> None:
    headers = {"x-rate-limit-reset": reset, "x-rate-limit-limit": "20"}
    if remaining is not None:
        headers["x-rate-limit-remaining"] = remaining
    assert reset_seconds(headers, NOON) == seconds


def test_headers_of_a_good_response_say_when_the_next_request_is_useful() -> None:
    reset = {"x-rate-limit-reset": "2026-11-23T12:00:45Z"}
    assert exhausted_seconds({**reset, "x-rate-limit-remaining": "0"}, NOON) == 45
    assert exhausted_seconds({**reset, "x-rate-limit-remaining": "3"}, NOON) == 0
    assert exhausted_seconds(reset, NOON) == 0
    assert exhausted_seconds({}, NOON) == 0


RESET = {"x-rate-limit-reset": "2026-11-23T12:00:45Z", "x-rate-limit-remaining": "0"}


@pytest.mark.parametrize(
    ("status", "headers", "usage", "wait"),
    [
        (429, {"retry-after": "12"}, Usage(LIMITS, {"minute": 20}), Wait(12, True)),
        (429, {"retry-after": "12.25"}, None, Wait(12.25, True)),
        (429, {"retry-after": "12", **RESET}, None, Wait(12, True)),
        (429, RESET, Usage(LIMITS, {"minute": 20}), Wait(45, True)),
        (429, {**RESET, "x-rate-limit-remaining": "9"}, None, Wait(60, False)),
        (429, {}, Usage(LIMITS, {"minute": 20}), Wait(60, True)),
        (429, {"retry-after": "nonsense"}, Usage(LIMITS, {"minute": 20}), Wait(60, True)),
        (429, {}, Usage(LIMITS, {"minute": 3}), Wait(60, False)),
        (429, {}, None, Wait(60, False)),
        # Retry-After: 0 does not disable the backoff.
        (429, {"retry-after": "0"}, None, Wait(2, False)),
        (503, {"retry-after": "12"}, None, Wait(12, True)),
        (503, RESET, Usage(LIMITS, {"minute": 20}), Wait(2, False)),
        (0, {}, None, Wait(2, False)),
    ],
)
def test_wait(status: int, headers: dict[str, str], usage: Usage | None, wait: Wait) -> None:
    found = wait_for(status=status, headers=headers, usage=usage, server_now=NOON, tries=3, random=lambda: 0.5)
    assert found == wait


def first_of_a_window(model: str, requests: Sequence[float], now: float, most: int = 20) -> bool:
    """Whether a service with this model of a minute accepts a request at ``now``."""
    if model == "clock":
        return sum(time // 60 == now // 60 for time in requests) < most
    if model == "rolling":
        return sum(now - 60 < time <= now for time in requests) < most
    begin = -1e9
    counted = 0
    for time in requests:
        if time >= begin + 60:
            begin, counted = time, 0
        counted += 1
    return now >= begin + 60 or counted < most


@pytest.mark.parametrize("model", ["clock", "rolling", "first request"])
@pytest.mark.parametrize("offset", [0.0, 13.7, 42.0, 59.9])
@pytest.mark.parametrize("spread", [0.1, 20.0, 59.0])
def test_a_429_without_a_reset_time_waits_for_every_model_of_a_minute(model: str, offset: float, spread: float) -> None:
    requests = [NOON + offset + spread * number / 20 for number in range(20)]
    refused = requests[-1] + 0.5
    wait = wait_for(status=429, headers={}, usage=None, server_now=refused, tries=1, random=lambda: 0.0)
    assert first_of_a_window(model, requests, refused + wait.seconds)


def test_budget() -> None:
    budget = Budget(10)
    assert budget.allows(10) and not budget.allows(10.1)
    budget.take(7)
    assert budget.allows(3) and not budget.allows(3.1)
    assert budget.used == 7
    assert not Budget(0).allows(0)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0 s"), (0.5, "0.5 s"), (12.0, "12 s"), (31622400.0, "31622400 s")]
)
def test_seconds_have_no_exponent(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


ONE_SECOND = Wait(1, False)


def failure(status: int = 503, *, tries: int = 1, wait: Wait = ONE_SECOND, turn_seconds: float = 0.0) -> Failure:
    error = ApiError(f"It answered {status}.", status=status)
    return Failure(error, status, True, wait, tries=tries, seconds=0.7, turn_seconds=turn_seconds)


def test_waits_for_the_limit_and_after_failures_have_a_budget_each() -> None:
    policy = BudgetRetryPolicy(60, FakeClock(NOON), lambda _text: None)
    assert policy.next_wait(failure(wait=Wait(59, True))) == 59
    assert policy.next_wait(failure(429, wait=Wait(60, False))) == 60
    assert policy.turns.allows(60)


def test_the_wait_behind_other_requests_is_part_of_the_message() -> None:
    policy = BudgetRetryPolicy(60, FakeClock(NOON), lambda _text: None)
    with pytest.raises(RateLimitError) as caught:
        policy.next_wait(failure(429, wait=Wait(3600, True), turn_seconds=59.0))
    assert str(caught.value) == (
        "It answered 429. Gave up after 1 try in 0.7 s, after 59 s of waiting behind other requests (retry_budget "
        "60 s). Retry after 2026-11-23T13:00:00Z (in 3600 s), or set retry_budget to 3600 s or more."
    )


def polling(clock: FakeClock, said: list[str], seconds: float = 900) -> PollingRetryPolicy:
    return PollingRetryPolicy(clock, said.append, clock.now() + seconds)


def test_polling_goes_on_until_its_deadline() -> None:
    clock, said = FakeClock(NOON), []
    policy = polling(clock, said, 300)
    for _time in range(7):
        clock.sleep(policy.next_wait(failure()))
    assert clock.slept == [5, 10, 20, 40, 60, 60, 60]
    clock.sleep(policy.next_wait(failure()))
    assert (clock.slept[-1], policy.retries) == (45, 8)
    with pytest.raises(ApiError, match=r"It failed 9 times in a row, and the gate's wait_timeout is over\.$"):
        policy.next_wait(failure())
    assert said[0] == (
        "It answered 503. Trying again in 5 s (failure 1 in a row; the gate waits until 2026-11-23T12:05:00Z)."
    )


def test_polling_gives_up_early_on_an_address_that_never_answered() -> None:
    clock, said = FakeClock(NOON), []
    policy = polling(clock, said)
    unreachable = failure()._replace(error=PassingTransportError("could not connect."), status=0)
    for _time in range(4):
        policy.next_wait(unreachable)
    with pytest.raises(TransportError, match=r"could not connect\. .*It failed 5 times in a row\.$"):
        policy.next_wait(unreachable)


def test_polling_waits_for_an_address_that_answered_before() -> None:
    clock, said = FakeClock(NOON), []
    policy = polling(clock, said)
    policy.answered()
    for _time in range(8):
        policy.next_wait(failure()._replace(error=TransportError("wrong certificate."), status=0, transient=False))
    assert policy.retries == 8


def test_polling_never_exceeds_its_deadline_with_one_exchange() -> None:
    clock = FakeClock(NOON)
    policy = polling(clock, [], 60)
    assert policy.exchange_seconds(30) == 30
    clock.time += 45
    assert policy.exchange_seconds(30) == 15
    clock.time += 15
    # The last poll starts at the deadline and still needs time to read a response.
    assert policy.exchange_seconds(30) == 10
    assert policy.exchange_seconds(3) == 3


def test_polling_has_turns_until_its_deadline() -> None:
    clock = FakeClock(NOON)
    turns = polling(clock, [], 60).turns
    assert turns.allows(60) and not turns.allows(61)
    assert turns.advice() == "The gate's wait_timeout ends before, at 2026-11-23T12:01:00Z."
