# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""When the next requests may go out. Pure decisions: no clock, no I/O and no memory of their own.

Second, minute and hour are counted as rolling windows: at no moment do the last 60 seconds hold more requests than a
minute may. That keeps within limits that follow the clock as well. A day ends at 00:00 UTC, by the vendor's word.
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
# Requests are counted where they arrive: two that leave a minute apart may arrive a little less than a minute apart.
_MARGIN = 0.1
# YAML reads off without quotes as false.
_OFF = ("off", "false", "no")
_LIMIT = re.compile(r"\s*([0-9]+)\s*/\s*([a-z]+)\s*")


class Limit(NamedTuple):
    """So many requests in a period (second, minute, hour or day)."""

    most: int
    period: str

    def __str__(self) -> str:
        article = "an" if self.period == "hour" else "a"
        return f"{self.most} request{'' if self.most == 1 else 's'} {article} {self.period}"


class ServerQuota(NamedTuple):
    """What the service said of its own count, all by period; a period that it does not count in is absent."""

    at: float  # when it said so, in seconds since 1970 UTC
    allowed: Mapping[str, int]
    others: Mapping[str, int]  # requests in that period, up to ``at``, that were not ours


class RequestHistory(NamedTuple):
    """The requests that were made, and those that are to go out at a moment that is agreed upon already."""

    times: Sequence[float] = ()  # seconds since 1970 UTC, ascending; those of the last hour at least
    day: int = -1  # the day since 1970 UTC that ``of_day`` counts
    of_day: int = 0

    def and_at(self, time: float) -> RequestHistory:
        """The same with one more request, no earlier than the others."""
        day = _day(time)
        # A little more than an hour, for the margin.
        kept = self.times[self.before(time - 2 * SECONDS["hour"]) :]
        return RequestHistory([*kept, time], day, self.of_day + 1 if day == self.day else 1)

    def within(self, period: str, now: float) -> int:
        """How many there were in the period that ends now."""
        if period == "day":
            return self.of_day if self.day == _day(now) else 0
        return bisect.bisect_right(self.times, now) - self.before(now - SECONDS[period])

    def before(self, time: float) -> int:
        """How many requests of the list went out at that time or earlier."""
        return bisect.bisect_right(self.times, time)


class Rule(NamedTuple):
    """One limit that holds, and the requests of others that count towards it (None: only ours do)."""

    limit: Limit
    others: Optional[int]


class Slot(NamedTuple):
    """When a request may go out, and the rule that kept it waiting (None: nothing did)."""

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
                f"rate_limits has the part {part.strip()!r}, which is no limit. Write a number for second, minute, "
                "hour or day, as in 7/second,20/minute,500/hour,2000/day, or write off."
            )
        if int(match[1]) == 0:
            raise OptionError(f"rate_limits has {part.strip()!r}, which lets no request out. Write 1 or more.")
        if period in found:
            raise OptionError(f"rate_limits names the {period} twice: {text!r}. Keep one of them.")
        found[period] = Limit(int(match[1]), period)
    return tuple(found.values())


def rules(limits: Sequence[Limit], told: Optional[ServerQuota]) -> list[Rule]:
    """The user's limits, which are about our requests, and the account's own, which are about everybody's.

    No limits stay no limits.
    """
    found = [Rule(limit, None) for limit in limits]
    if limits and told is not None:
        found += [
            Rule(Limit(most, period), told.others.get(period, 0)) for period, most in told.allowed.items() if most > 0
        ]
    return found


def slots(
    made: RequestHistory, limits: Sequence[Limit], now: float, told: Optional[ServerQuota], count: int
) -> list[Slot]:
    """When the next ``count`` requests may go out, one after the other."""
    kept = rules(limits, told)
    told_at = told.at if told is not None else now
    result: list[Slot] = []
    for _number in range(count):
        slot = _next(made, kept, now, told_at)
        result.append(slot)
        made = made.and_at(slot.at)
    return result


def others(made: RequestHistory, used: Mapping[str, int], now: float) -> dict[str, int]:
    """By period, how many of the requests that the service counted were not ours."""
    return {period: max(0, count - made.within(period, now)) for period, count in used.items() if period in SECONDS}


def _next(made: RequestHistory, kept: Sequence[Rule], now: float, told_at: float) -> Slot:
    # Whoever comes later does not overtake those who wait already.
    slot = Slot(max(now, made.times[-1]) if made.times else now, None)
    while True:
        later = [Slot(_free(made, rule, slot.at, told_at), rule) for rule in kept]
        last = max(later, key=lambda one: one.at, default=slot)
        if last.at <= slot.at:
            return slot
        slot = last


def _free(made: RequestHistory, rule: Rule, at: float, told_at: float) -> float:
    """The earliest time from ``at`` on when one more request keeps to this rule."""
    most, period = rule.limit
    length = SECONDS[period]
    foreign = rule.others or 0
    if period == "day":
        counted = made.within("day", at) + (foreign if _day(told_at) == _day(at) else 0)
        return at if counted < most else (_day(at) + 1) * length
    length += _MARGIN
    # When the others' requests were made is not known: at worst just before the service told of them.
    gone = told_at + length if foreign else at

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

    turn_seconds: float  # how long this session has waited, all in all

    def before_request(self, turns: TurnBudget) -> None:
        """Called before each request is sent. Waits within the budget, or raises RateLimitError."""

    def after_response(self, usage: Optional[Usage], pause: float) -> None:
        """Called after each response with the service's own counters, if it sent them.

        ``pause`` is the number of seconds in which the service refuses further requests; 0 where it does not.
        """


class NoRateLimit:
    """Never waits."""

    turn_seconds = 0.0

    def before_request(self, turns: TurnBudget) -> None:
        return

    def after_response(self, usage: Optional[Usage], pause: float) -> None:
        return
