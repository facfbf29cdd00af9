# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limiter of the controller: all processes of a user share one count of requests.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import random as _random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import Any, Callable, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import RateLimitError
from ansible_collections.community.catchpoint.plugins.module_utils._http import rate_limit
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import (
    Limit,
    RequestHistory,
    ServerQuota,
    Slot,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import TurnBudget
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles

# Waits up to this long are neither announced nor charged to the budget: the limit per second causes them, and the
# margin of a minute.
_TOLERANCE = 2.0  # seconds

_INSTANT = 0.001  # seconds; a shorter wait is not worth it

# A clock may be read a moment before the file is.
_JITTER = 1.0  # seconds

# Processes that cannot see each other do not take turns, so each gets a little less than its share.
_CAUTION = 1.25

_UNSHARED = (
    "The folder of the request count cannot be written, so the processes of this run do not know of each other's "
    "requests, and each of them sends its share of rate_limits only. Free the disk, or set local_tmp in ansible.cfg to "
    "a folder that can be written."
)


class _Count(NamedTuple):
    """The requests to an endpoint, shared by all processes."""

    made: RequestHistory = RequestHistory()
    paused_until: float = 0.0  # the service refuses all requests before that, in seconds since 1970 UTC
    quota: Optional[ServerQuota] = None


class SharedRateLimiter:
    """The rate limiter of a run; see RateLimiter.

    The service counts by address, so all accounts at one endpoint share ``count``; the counts that the service reports
    are in ``own`` by account. ``announce`` is called with each wait that is worth it, ``warn`` when the count cannot be
    shared; then ``workers`` processes share the limits without knowing of each other.
    """

    def __init__(
        self,
        count: RunFiles,
        own: RunFiles,
        limits: Sequence[Limit],
        *,
        clock: Clock,
        announce: Callable[[str], None],
        warn: Callable[[str], None],
        workers: int = 1,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self.turn_seconds = 0.0
        self._files = count
        self._own = own
        self._limits = limits
        self._clock = clock
        self._announce = announce
        self._warn = warn
        self._workers = workers
        self._random = random
        self._expected = 1
        self._warned = False
        self._slot: Optional[float] = None  # of the request that is about to be sent

    def expect(self, count: int) -> None:
        """States how many requests follow, so that either all of them are sent or none."""
        self._expected = max(1, count)

    def room(self, most: int) -> int:
        """Returns how many requests, up to ``most``, can be sent without a noticeable wait."""
        if not self._limits:
            return most
        count = self._read()
        now = self._clock.now()
        slots = rate_limit.slots(count.made, self._limits, max(now, count.paused_until), count.quota, most)
        if slots and slots[0].at - now > _TOLERANCE:
            # Other processes of this run are already waiting.
            return 0
        # The limit per second delays everything a little; any other limit delays for long.
        return len(list(takewhile(lambda slot: slot.rule is None or slot.rule.limit.period == "second", slots)))

    def turn(self, count: int, turns: TurnBudget) -> None:
        """Waits until the first of ``count`` requests may be sent. Raises RateLimitError where a request would."""
        if self._limits:
            self.expect(count)
            known = self._read()
            self._wait(self._slots(known, turns)[0], known)

    def before_request(self, turns: TurnBudget) -> None:
        if not self._limits:
            return
        self._slot = None
        while True:
            with self._changing() as change:
                before = change.count if self._slot is None else self._before_me(change.count, self._slot)
                slot = self._slots(before, turns)[0]
                change.count = change.count._replace(made=self._without_mine(change.count).and_at(slot.at))
            self._slot = slot.at
            if not change.shared:
                self._wait_for_share()
                break
            if slot.at <= self._clock.now() + _INSTANT:
                break
            # Afterwards, requests before this one may have been sent later than planned, or the service may refuse all.
            self._wait(slot, before)
        self._expected = max(1, self._expected - 1)

    def sending(self) -> None:
        if not self._limits:
            return
        with self._changing() as change:
            change.count = change.count._replace(made=self._without_mine(change.count).and_at(self._clock.now()))
        self._slot = None

    def after_response(self, usage: Optional[Usage], pause: float) -> None:
        if not self._limits or (usage is None and not pause):
            return
        with self._changing() as change:
            now = self._clock.now()
            if usage is not None:
                others = rate_limit.others(change.count.made, usage.used, now)
                change.count = change.count._replace(quota=ServerQuota(now, usage.limits, others))
            if pause:
                change.count = change.count._replace(paused_until=max(change.count.paused_until, now + pause))

    # Turns

    def _without_mine(self, count: _Count) -> RequestHistory:
        return count.made if self._slot is None else count.made.without(self._slot)

    def _before_me(self, count: _Count, slot: float) -> _Count:
        """Returns the count without this request and those behind it."""
        return count._replace(made=count.made.without(slot).up_to(slot))

    def _slots(self, count: _Count, turns: TurnBudget) -> list[Slot]:
        """When the requests that are expected may be sent. Raises RateLimitError when that is too late."""
        now = self._clock.now()
        slots = rate_limit.slots(count.made, self._limits, max(now, count.paused_until), count.quota, self._expected)
        last = slots[-1].at - now
        if last > _TOLERANCE and not turns.allows(last - _TOLERANCE):
            raise self._too_long(slots, count, now, turns)
        return slots

    def _wait(self, slot: Slot, count: _Count) -> None:
        now = self._clock.now()
        wait = slot.at - now
        if wait > _TOLERANCE:
            self._announce(f"Waiting {wait:.0f} s: {self._reason(slot, count, now)}")
        if wait > 0:
            self.turn_seconds += wait
            self._clock.sleep(wait)

    def _wait_for_share(self) -> None:
        """Waits as long as it takes this process's share of the limits to allow one more request."""
        if not self._warned:
            self._warned = True
            self._warn(_UNSHARED)
        seconds = rate_limit.safe_seconds(self._limits, self._workers) * _CAUTION * (0.8 + 0.4 * self._random())
        if seconds > _TOLERANCE:
            self._announce(f"Waiting {seconds:.0f} s: the request count of this run cannot be shared.")
        self.turn_seconds += seconds
        self._clock.sleep(seconds)

    def _too_long(self, slots: Sequence[Slot], count: _Count, now: float, turns: TurnBudget) -> RateLimitError:
        missing = [slot for slot in slots if slot.at > now]
        first, last = missing[0], missing[-1]
        reason = self._reason(first, count, now)
        until = f"until {iso(first.at + 1)} ({first.at - now:.0f} s)"
        if len(missing) == 1:
            wait = f"The next request has to wait {until}."
        else:
            wait = (
                f"{len(missing)} requests have to wait, the first {until}, "
                f"the last until {iso(last.at + 1)} ({last.at - now:.0f} s)."
            )
        return RateLimitError(
            f"{reason[0].upper()}{reason[1:]} {wait} {turns.advice()}",
            status=0,
            retry_at=last.at,
        )

    def _reason(self, slot: Slot, count: _Count, now: float) -> str:
        if count.paused_until > now:
            return "the service has refused a request because of its limits."
        if slot.rule is None:
            return "other requests of this controller wait for their turn already."
        limit, others = slot.rule
        ours = count.made.within(limit.period, now)
        if others is None:
            return f"{limit} are allowed (rate_limits), and this controller has sent {ours}."
        return f"the account is allowed {limit}; this controller has sent {ours}, other clients {others}."

    # Files

    @contextmanager
    def _changing(self) -> Iterator[_Change]:
        """Holds the lock of the count, and writes the changed count at the end."""
        with self._files.locked("count.lock"):
            known = self._read()
            change = _Change(known)
            yield change
            count = change.count
            change.shared = self._files.write(
                "count.json",
                {
                    "made": count.made._asdict(),
                    "paused_until": count.paused_until,
                    "written_at": self._clock.now(),
                },
            )
            if count.quota is not known.quota and count.quota is not None:
                self._own.write("quota.json", count.quota._asdict())

    def _read(self) -> _Count:
        now = self._clock.now()
        found = _count(self._files.read("count.json"), now)
        quota = _quota(self._own.read("quota.json"))
        # A quota from the future is from before the clock was set back.
        return found._replace(quota=quota if quota is not None and quota.at <= now + _JITTER else None)


class _Change:
    """The count while its lock is held, and whether other processes see the change."""

    def __init__(self, count: _Count) -> None:
        self.count = count
        self.shared = True


def _count(found: Any, now: float) -> _Count:
    """Reads the stored count. Damaged data counts as absent; if the clock was set back, all times move with it."""
    try:
        made = RequestHistory(
            sorted(float(time) for time in found["made"]["times"]),
            int(found["made"]["day"]),
            int(found["made"]["of_day"]),
        )
        paused_until, written_at = float(found["paused_until"]), float(found["written_at"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return _Count()
    back = written_at - now
    if back > _JITTER:
        return _Count(made.shifted(-back), max(0.0, paused_until - back))
    return _Count(made, paused_until)


def _quota(found: Any) -> Optional[ServerQuota]:
    """Reads the stored quota; None if there is none, or if it is damaged."""
    try:
        return ServerQuota(
            float(found["at"]),
            {str(period): int(number) for period, number in found["allowed"].items()},
            {str(period): int(number) for period, number in found["others"].items()},
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
