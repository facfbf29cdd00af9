# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides when the next requests may be sent. Pure: no clock, no I/O and no state of its own.

Second, minute and hour are counted as rolling windows: at no moment do the last 60 seconds hold more requests than a
minute may. That keeps within limits that follow the clock as well, and within windows that begin with a first request.
A day ends at 00:00 UTC, as documented.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Optional, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import TurnBudget

SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
_PERIODS = {
    **{name: name for name in SECONDS},
    **{f"{name}s": name for name in SECONDS},
    "s": "second",
    "sec": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "d": "day",
}
# The service counts requests when they arrive, so two that are sent a minute apart may arrive less than a minute apart.
# With 0.1 s, a run of 25 hosts got 5 times 429 on average; with 1.5 s, none. A second has less, for the
# sake of short runs.
_MARGINS = {"second": 0.5, "minute": 1.5, "hour": 1.5}
# YAML reads off without quotes as false.
_OFF = ("off", "false", "no")
_LIMIT = re.compile(r"\s*([0-9]+)\s*/\s*([a-z]+)\s*")


class Limit(NamedTuple):
    """A number of requests that a period (second, minute, hour or day) may have."""

    most: int
    period: str

    def __str__(self) -> str:
        article = "an" if self.period == "hour" else "a"
        return f"{self.most} request{'' if self.most == 1 else 's'} {article} {self.period}"


class ServerQuota(NamedTuple):
    """The service's own count by period; a period that it does not count in is absent."""

    at: float  # when it sent the count, in seconds since 1970 UTC
    allowed: Mapping[str, int]
    others: Mapping[str, int]  # requests in that period, up to ``at``, that were not ours


class RequestHistory(NamedTuple):
    """The requests that were sent, and those that have a slot already."""

    times: Sequence[float] = ()  # seconds since 1970 UTC, ascending; those of the last hour at least
    day: int = -1  # the day since 1970 UTC that ``of_day`` counts
    of_day: int = 0

    def and_at(self, time: float) -> RequestHistory:
        """Returns the history with one more request."""
        day = _day(time)
        # A little more than an hour, for the margin.
        kept = list(self.times[self.before(time - 2 * SECONDS["hour"]) :])
        bisect.insort(kept, time)
        if day > self.day:
            return RequestHistory(kept, day, 1)
        return RequestHistory(kept, self.day, self.of_day + (day == self.day))

    def without(self, time: float) -> RequestHistory:
        """Returns the history without one request of that time; the same if there is none."""
        if time not in self.times:
            return self
        kept = list(self.times)
        kept.remove(time)
        return RequestHistory(kept, self.day, self.of_day - (_day(time) == self.day))

    def up_to(self, time: float) -> RequestHistory:
        """Returns the history of those requests that come no later."""
        return self._replace(times=self.times[: self.before(time)])

    def shifted(self, seconds: float) -> RequestHistory:
        """Returns the history with all times moved."""
        return self._replace(times=[time + seconds for time in self.times])

    def within(self, period: str, now: float) -> int:
        """Returns the number of requests in the period that ends now."""
        if period == "day":
            return self.of_day if self.day == _day(now) else 0
        return bisect.bisect_right(self.times, now) - self.before(now - SECONDS[period])

    def before(self, time: float) -> int:
        """Returns the number of requests at that time or earlier."""
        return bisect.bisect_right(self.times, time)


class Rule(NamedTuple):
    """One limit that holds, and the requests of others that count towards it (None: only ours do)."""

    limit: Limit
    others: Optional[int]


class Slot(NamedTuple):
    """When a request may be sent, and the rule that delays it (None: none does)."""

    at: float
    rule: Optional[Rule]


def parse(text: str) -> tuple[Limit, ...]:
    """The limits that an option such as "7/second,20/minute" names; none for "off". Raises OptionError."""
    if text.strip().lower() in _OFF:
        return ()
    found: dict[str, Limit] = {}
    for part in text.lower().split(","):
        match = _LIMIT.fullmatch(part)
        period = _PERIODS.get(match[2]) if match else None
        if match is None or period is None:
            raise OptionError(
                f"rate_limits has the part {part.strip()!r}, which is not a limit. Write a number for second, minute, "
                "hour or day, as in 7/second,20/minute,500/hour,2000/day, or write off."
            )
        if int(match[1]) == 0:
            raise OptionError(f"rate_limits has {part.strip()!r}, which lets no request out. Write 1 or more.")
        if period in found:
            raise OptionError(f"rate_limits names the {period} twice: {text!r}. Keep one of them.")
        found[period] = Limit(int(match[1]), period)
    return tuple(found.values())


def rules(limits: Sequence[Limit], quota: Optional[ServerQuota]) -> list[Rule]:
    """The user's limits, which count our requests, and the account's limits, which count those of all clients.

    No limits stay no limits.
    """
    found = [Rule(limit, None) for limit in limits]
    if limits and quota is not None:
        found += [
            Rule(Limit(most, period), quota.others.get(period, 0)) for period, most in quota.allowed.items() if most > 0
        ]
    return found


def slots(
    made: RequestHistory, limits: Sequence[Limit], now: float, quota: Optional[ServerQuota], count: int
) -> list[Slot]:
    """When the next ``count`` requests may go out, one after the other."""
    kept = rules(limits, quota)
    quota_at = quota.at if quota is not None else now
    result: list[Slot] = []
    for _number in range(count):
        slot = _next(made, kept, now, quota_at)
        result.append(slot)
        made = made.and_at(slot.at)
    return result


def others(made: RequestHistory, used: Mapping[str, int], now: float) -> dict[str, int]:
    """By period, how many of the requests that the service counted were not ours."""
    return {period: max(0, count - made.within(period, now)) for period, count in used.items() if period in SECONDS}


def _next(made: RequestHistory, kept: Sequence[Rule], now: float, quota_at: float) -> Slot:
    # A later request does not overtake those that already wait.
    slot = Slot(max(now, made.times[-1]) if made.times else now, None)
    while True:
        later = [Slot(_free(made, rule, slot.at, quota_at), rule) for rule in kept]
        last = max(later, key=lambda one: one.at, default=slot)
        if last.at <= slot.at:
            return slot
        slot = last


def _free(made: RequestHistory, rule: Rule, at: float, quota_at: float) -> float:
    """The earliest time from ``at`` on when one more request keeps to this rule."""
    most, period = rule.limit
    length = SECONDS[period]
    foreign = rule.others or 0
    if period == "day":
        counted = made.within("day", at) + (foreign if _day(quota_at) == _day(at) else 0)
        return at if counted < most else (_day(at) + 1) * length
    length += _MARGINS[period]
    # When the others' requests were made is not known: at worst just before the service reported them.
    gone = quota_at + length if foreign else at

    def full(moment: float) -> bool:
        # A tiny bit later, so that a request which leaves at that very moment is gone whatever the rounding.
        ours = len(made.times) - made.before(moment - length + 1e-6)
        return ours + (foreign if gone > moment else 0) >= most

    if not full(at):
        return at
    # Requests leave the window one by one, the others' all at once.
    leaving = sorted({*(time + length for time in made.times), gone})
    return next(moment for moment in leaving if moment >= at and not full(moment))


def _day(time: float) -> int:
    return int(time // SECONDS["day"])


class RateLimiter(Protocol):
    """Keeps several sessions together below the service's limits."""

    turn_seconds: float  # how long this session has waited so far

    def before_request(self, turns: TurnBudget) -> None:
        """Called before each request is sent. Waits within the budget, or raises RateLimitError."""

    def sending(self) -> None:
        """Called when a request is about to be sent, over a connection that is open."""

    def after_response(self, usage: Optional[Usage], pause: float) -> None:
        """Called after each response with the service's own counters, if it sent them.

        ``pause`` is the number of seconds in which the service refuses further requests; 0 where it does not.
        """


class NoRateLimit:
    """Never waits."""

    turn_seconds = 0.0

    def before_request(self, turns: TurnBudget) -> None:
        return

    def sending(self) -> None:
        return

    def after_response(self, usage: Optional[Usage], pause: float) -> None:
        return


def safe_seconds(limits: Sequence[Limit], processes: int) -> float:
    """Returns the seconds between two requests of each process, for ``processes`` that do not know of each other.

    Limits of an hour and a day are left out: they would make every request wait for minutes.
    """
    paces = [SECONDS[limit.period] / limit.most for limit in limits if limit.period in ("second", "minute")]
    return max(paces, default=0.0) * max(1, processes)
