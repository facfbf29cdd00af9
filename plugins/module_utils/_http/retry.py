# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retry policies: which failed requests are sent again, after which wait, and with which error it ends.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
import random as _random
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple, NoReturn, Optional, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    RateLimitError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage

# Statuses that the same request may not get a little later. 520 to 524 and 530 are Cloudflare's.
RETRIED = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})
BASE = 1.0  # seconds; the longest first wait of the exponential backoff
CAP = 30.0  # seconds; the longest wait of the exponential backoff
SHORTEST = 0.1  # seconds; a wait of 0 s would never use the budget up
LONGEST = 366 * 86400.0  # seconds; a longer wait means "never"

# The API does not document whether its minute follows the clock, rolls, or begins with the first request. A minute
# after the refusal, a new one has begun in all three.
FULL_MINUTE = 60.0

_WINDOWS = (("day", 86400.0), ("hour", 3600.0), ("minute", FULL_MINUTE))

# Before the gate has read anything, a wrong address is as likely as a failure that passes.
MOST_UNREACHED = 5  # failures in a row
FIRST_WAIT = 5.0  # seconds; doubled with every failure in a row
LONGEST_WAIT = 60.0  # seconds
LAST_EXCHANGE = 10.0  # seconds; the last poll begins when wait_timeout ends, and must be able to read something


class Wait(NamedTuple):
    """How long to wait, and whether the service said so (True) or it is a guess (False)."""

    seconds: float
    stated: bool


class Failure(NamedTuple):
    """A try that failed. The text of ``error`` contains no secret and does not mention tries yet."""

    error: CatchpointError
    status: int  # 0: no response
    transient: bool  # the same request may succeed a little later
    wait: Wait
    tries: int = 1
    seconds: float = 0.0  # since the first try began, waits between tries included
    turn_seconds: float = 0.0  # how long the request waited because other requests came first

    @property
    def limited(self) -> bool:
        """Whether the request limit is used up."""
        return self.status == 429


class TurnBudget(Protocol):
    """How long a request may wait because other requests of this run come first."""

    def allows(self, seconds: float) -> bool:
        """Returns whether a request may wait that long."""

    def advice(self) -> str:
        """Returns a sentence for a wait that is not allowed: why, and what to do."""


class RetryPolicy(Protocol):
    """Decides what happens after a failed try of a request that may be sent again."""

    @property
    def turns(self) -> TurnBudget:
        """The budget for waits before a request is sent at all."""

    def exchange_seconds(self, timeout: float) -> float:
        """Returns the time limit for the next exchange; ``timeout`` is that of the options."""

    def answered(self) -> None:
        """Called after each response that ends a request."""

    def next_wait(self, failure: Failure) -> float:
        """Returns the seconds until the next try, and announces them. Raises the error that ends the request."""


class Budget:
    """The seconds that waits of one kind may take together in a session."""

    def __init__(self, total: float) -> None:
        self.total = total
        self.used = 0.0

    def allows(self, seconds: float) -> bool:
        return self.total > 0 and self.used + seconds <= self.total

    def take(self, seconds: float) -> None:
        self.used += seconds


class RequestTurns:
    """A turn budget of ``retry_budget`` seconds for each request."""

    def __init__(self, retry_budget: float) -> None:
        self._most = retry_budget

    def allows(self, seconds: float) -> bool:
        return seconds <= self._most

    def advice(self) -> str:
        return (
            f"That is longer than retry_budget ({self._most:g} s). Retry then, raise retry_budget, or use fewer "
            "distinct queries: calls with different options are not batched."
        )


class BudgetRetryPolicy:
    """Retries transient failures as long as the budget for their waits lasts.

    Waits for the request limit and waits after other failures are counted apart, each up to ``retry_budget`` seconds.
    Waits for a turn are not counted: a failure must not be fatal only because other workers' requests came first.
    ``warn`` gets a sentence for each wait of a second or more.
    """

    def __init__(self, retry_budget: float, clock: Clock, warn: Callable[[str], None]) -> None:
        self.turns = RequestTurns(retry_budget)
        self._clock = clock
        self._warn = warn
        self._failures = Budget(retry_budget)
        self._limits = Budget(retry_budget)

    def exchange_seconds(self, timeout: float) -> float:
        return timeout

    def answered(self) -> None:
        return

    def next_wait(self, failure: Failure) -> float:
        if not failure.transient:
            raise failure.error
        budget = self._limits if failure.limited else self._failures
        seconds = failure.wait.seconds
        if not budget.allows(seconds):
            self._give_up(failure, budget)
        if seconds >= 1:
            self._warn(
                f"{failure.error} Waiting {seconds_text(seconds)} before try {failure.tries + 1} "
                f"(retry_budget: {seconds_text(budget.used)} of {seconds_text(budget.total)} used so far)."
            )
        budget.take(seconds)
        return seconds

    def _give_up(self, failure: Failure, budget: Budget) -> NoReturn:
        """Raises the error of a request whose next try would have to wait longer than the budget allows."""
        others = ""
        if failure.turn_seconds >= 1:
            others = f", after {seconds_text(failure.turn_seconds)} of waiting behind other requests"
        effort = (
            f"Gave up after {failure.tries} {'try' if failure.tries == 1 else 'tries'} in "
            f"{seconds_text(failure.seconds)}{others} (retry_budget {seconds_text(budget.total)})."
        )
        text = f"{failure.error} {effort}"
        if failure.limited or failure.wait.stated:
            ahead = failure.wait.seconds
            at = self._clock.now() + ahead
            guess = "" if failure.wait.stated else "; the service does not say when, its shortest limit is per minute"
            text += (
                f" Retry after {_utc(at)} (in {seconds_text(ahead)}{guess}), "
                f"or set retry_budget to {seconds_text(math.ceil(budget.used + ahead))} or more."
            )
            if failure.limited and isinstance(failure.error, ApiError):
                raise RateLimitError(
                    text, api_text=failure.error.api_text, trace_id=failure.error.trace_id, retry_at=at
                ) from None
        failure.error.args = (text,)
        raise failure.error


class DeadlineTurns:
    """A turn budget that ends at a time."""

    def __init__(self, clock: Clock, deadline: float) -> None:
        self._clock = clock
        self._deadline = deadline

    def allows(self, seconds: float) -> bool:
        return self._clock.now() + seconds <= self._deadline

    def advice(self) -> str:
        return f"The gate's wait_timeout ends before, at {_utc(self._deadline)}."


class PollingRetryPolicy:
    """Retries as long as the caller waits anyway: until ``deadline``, in seconds since 1970 UTC by ``clock``.

    No response, a response that cannot be read and a status of 500 or more are retried after 5, 10, 20, 40, 60, 60
    seconds. As long as the service has never answered, the fifth failure in a row that is not a status of the service
    ends it. A request limit is waited for as long as it holds, and is not a failure. ``retries`` counts the requests
    that were sent again after a failure. ``announce`` gets a sentence before each wait.
    """

    def __init__(self, clock: Clock, announce: Callable[[str], None], deadline: float) -> None:
        self.retries = 0
        self.turns = DeadlineTurns(clock, deadline)
        self._clock = clock
        self._announce = announce
        self._deadline = deadline
        self._in_a_row = 0
        self._reached = False

    def exchange_seconds(self, timeout: float) -> float:
        return min(timeout, max(LAST_EXCHANGE, self._deadline - self._clock.now()))

    def answered(self) -> None:
        self._in_a_row = 0
        self._reached = True

    def next_wait(self, failure: Failure) -> float:
        if failure.limited:
            return self._for_limit(failure)
        if isinstance(failure.error, TransportError) and not failure.transient and not self._reached:
            # A wrong certificate or host name does not pass, unless it was right before.
            raise failure.error
        self._in_a_row += 1
        left = self._deadline - self._clock.now()
        unreached = not self._reached and not isinstance(failure.error, ApiError)
        if left <= 0 or (unreached and self._in_a_row >= MOST_UNREACHED):
            times = "once" if self._in_a_row == 1 else f"{self._in_a_row} times in a row"
            late = ", and the gate's wait_timeout is over" if left <= 0 else ""
            failure.error.args = (f"{failure.error} It failed {times}{late}.",)
            raise failure.error
        seconds = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (self._in_a_row - 1), left)
        self._announce(
            f"{failure.error} Trying again in {seconds:.0f} s (failure {self._in_a_row} in a row; the gate waits until "
            f"{_utc(self._deadline)})."
        )
        self.retries += 1
        return seconds

    def _for_limit(self, failure: Failure) -> float:
        # Whole seconds, rounded up: never early by a fraction.
        seconds = max(1.0, float(math.ceil(failure.wait.seconds)))
        now = self._clock.now()
        if now + seconds > self._deadline:
            failure.error.args = (
                f"{failure.error} The limit holds until {_utc(now + failure.wait.seconds)}, which is beyond the "
                "gate's wait_timeout.",
            )
            raise failure.error
        self._announce(f"{failure.error} Waiting {seconds:.0f} s, until the limit resets.")
        return seconds


def wait_for(
    *,
    status: int,
    headers: Mapping[str, str],
    usage: Optional[Usage],
    server_now: float,
    tries: int,
    random: Callable[[], float] = _random.random,
) -> Wait:
    """Returns how long to wait after try number ``tries`` (from 1), which got ``status`` (0: no response).

    The names of ``headers`` are in lower case; ``server_now`` is the service's clock in seconds since 1970 UTC.
    """
    stated = retry_after_seconds(headers.get("retry-after"), server_now)
    if stated is None and status == 429:
        stated = reset_seconds(headers, server_now)
    if stated is None and status == 429 and usage is not None:
        stated = used_up_seconds(usage, server_now)
    if stated is not None:
        # Less than a second is too little to rely on: the waits grow all the same.
        return Wait(stated, True) if stated >= 1 else Wait(max(stated, backoff(tries, random)), False)
    if status == 429:
        return Wait(FULL_MINUTE, False)
    return Wait(backoff(tries, random), False)


def backoff(tries: int, random: Callable[[], float]) -> float:
    """Exponential with full jitter: anything between 0 and BASE·2^(tries-1), at most CAP seconds.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    return max(SHORTEST, random() * min(CAP, BASE * 2.0 ** min(tries - 1, 16)))


def retry_after_seconds(text: Optional[str], server_now: float) -> Optional[float]:
    """Returns the seconds that a Retry-After header specifies; None when it is missing or not valid.

    Source: RFC 9110 section 10.2.3: seconds or a date. Fractions of seconds are not allowed there, but in use.
    """
    if text is None:
        return None
    text = text.strip()
    seconds = _number(text)
    if seconds is not None:
        return min(LONGEST, seconds)
    at = http_date(text)
    return None if at is None else min(LONGEST, max(0.0, at - server_now))


def exhausted_seconds(headers: Mapping[str, str], server_now: float) -> float:
    """Returns for how many seconds further requests are useless, by the headers of any response; 0 if for none."""
    return reset_seconds(headers, server_now) or 0.0 if "x-rate-limit-remaining" in headers else 0.0


def reset_seconds(headers: Mapping[str, str], server_now: float) -> Optional[float]:
    """Returns the seconds until the rate-limit window resets if X-Rate-Limit-Remaining is 0; else None.

    X-Rate-Limit-Reset is an ISO 8601 time or, as elsewhere, seconds since 1970 or from now. Headers with requests left
    describe another window than the one that is used up: AspNetCoreRateLimit, whose header names these are, sends
    those of its longest window.
    """
    text = headers.get("x-rate-limit-reset", "").strip()
    remaining = _number(headers.get("x-rate-limit-remaining", "0").strip())
    if not text or remaining is None or remaining >= 1:
        return None
    seconds = _number(text)
    if seconds is not None:
        at: Optional[float] = seconds if seconds > server_now / 2 else server_now + seconds
    else:
        at = _iso_time(text)
    return None if at is None else min(LONGEST, max(0.0, at - server_now))


def http_date(text: Optional[str]) -> Optional[float]:
    """Returns a date of an HTTP header in seconds since 1970 UTC; None when it is missing or not valid."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return None
        return moment.timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def used_up_seconds(usage: Usage, server_now: float) -> Optional[float]:
    """Returns the seconds until the longest window whose limit is used up has ended; None when none is used up.

    The day ends at 00:00 UTC, as documented. How minute and hour are counted is not documented, so they take their
    full length from now.
    """
    for name, length in _WINDOWS:
        limit = usage.limits.get(name)
        if limit and usage.used.get(name, 0) >= limit:
            return length - server_now % length if name == "day" else length
    return None


def seconds_text(seconds: float) -> str:
    """Returns 0.5 s, 12 s, 3600 s: without an exponent, however many there are."""
    rounded = round(seconds, 1)
    return f"{rounded:.0f} s" if rounded == int(rounded) else f"{rounded:.1f} s"


def _number(text: str) -> Optional[float]:
    """Returns a number of digits with an optional fraction; None for anything else."""
    whole, _point, fraction = text.partition(".")
    digits = whole + (fraction or "0")
    return float(text) if text.isascii() and digits.isdigit() and whole else None


def _iso_time(text: str) -> Optional[float]:
    """Returns an ISO 8601 time (UTC if it lacks an offset) in seconds since 1970; None when it is not valid.

    Digits beyond microseconds are cut: .NET writes seven, which Python 3.9 does not read.
    """
    head, point, rest = text.replace("Z", "+00:00").replace("z", "+00:00").partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    try:
        moment = datetime.fromisoformat(f"{head}.{digits[:6]:0<6}{rest[len(digits) :]}" if point else head)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return moment.timestamp()
    except (ValueError, OverflowError):
        return None


def _utc(moment: float) -> str:
    return datetime.fromtimestamp(min(moment, 253402300799.0), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
