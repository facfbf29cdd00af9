# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""One count of requests for all processes of a run, so that together they stay below the service's limits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Callable, Optional

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

# Seconds that a wait may take without anybody being told or asked: that long may the limit per second make one wait.
_TOLERANCE = 1.5


class SharedRateLimiter:
    """The pacer of a run; see Pacer. The service counts by address, so all accounts at one endpoint share it."""

    def __init__(
        self,
        files: RunFiles,
        account: str,
        limits: Sequence[Limit],
        *,
        clock: Clock,
        announce: Callable[[str], None],
    ) -> None:
        self._files = files
        self._account = account
        self._limits = limits
        self._clock = clock
        self.turn_seconds = 0.0
        self._announce = announce
        self._expected = 1

    def expect(self, count: int) -> None:
        """Say that so many requests are to come, so that they are made either all or not at all."""
        self._expected = max(1, count)

    def room(self, most: int) -> int:
        """How many requests, up to ``most``, could be made without a wait worth mentioning."""
        if not self._limits:
            return most
        made, told, resting = self._read()
        now = self._clock.now()
        slots = rate_limit.slots(made, self._limits, max(now, resting), told, most)
        if slots and slots[0].at - now > _TOLERANCE:
            # Others of this run wait already.
            return 0
        # The limit per second makes everybody wait a little; what comes behind another limit has to wait for long.
        return len(list(takewhile(lambda slot: slot.rule is None or slot.rule.limit.period == "second", slots)))

    def turn(self, count: int, turns: TurnBudget) -> None:
        """Wait until the first of so many requests may be made. Raises RateLimitError where a request would."""
        if self._limits:
            self.expect(count)
            made, told, resting = self._read()
            self._wait(self._slots(made, told, resting, turns)[0], made, resting, turns)

    def before_request(self, turns: TurnBudget) -> None:
        if not self._limits:
            return
        with self._files.locked("pace.lock"):
            made, told, resting = self._read()
            slot = self._slots(made, told, resting, turns)[0]
            self._write(made.and_at(slot.at), told, resting)
        self._expected = max(1, self._expected - 1)
        self._wait(slot, made, resting, turns)

    def _slots(
        self, made: RequestHistory, told: Optional[ServerQuota], resting: float, turns: TurnBudget
    ) -> list[Slot]:
        """When the requests that are expected may be made. Raises RateLimitError when that is too late."""
        now = self._clock.now()
        slots = rate_limit.slots(made, self._limits, max(now, resting), told, self._expected)
        last = slots[-1].at - now
        if last > _TOLERANCE and not turns.allows(last - _TOLERANCE):
            raise self._too_long(slots, made, now, resting, turns)
        return slots

    def _wait(self, slot: Slot, made: RequestHistory, resting: float, turns: TurnBudget) -> None:
        now = self._clock.now()
        wait = slot.at - now
        if wait > _TOLERANCE:
            self._announce(f"Waiting {wait:.0f} s: {self._reason(slot, made, now, resting)}")
        if wait > 0:
            turns.take(wait)
            self.turn_seconds += wait
            self._clock.sleep(wait)

    def after_response(self, usage: Optional[Usage], pause: float) -> None:
        if not self._limits or (usage is None and not pause):
            return
        with self._files.locked("pace.lock"):
            made, told, resting = self._read()
            now = self._clock.now()
            if usage is not None:
                told = ServerQuota(now, usage.limits, rate_limit.others(made, usage.used, now))
            if pause:
                resting = max(resting, now + pause)
            self._write(made, told, resting)

    def _too_long(
        self, slots: Sequence[Slot], made: RequestHistory, now: float, resting: float, turns: TurnBudget
    ) -> RateLimitError:
        missing = [slot for slot in slots if slot.at > now]
        first, last = missing[0], missing[-1]
        plural = len(missing) > 1
        reason = self._reason(first, made, now, resting)
        return RateLimitError(
            f"{reason[0].upper()}{reason[1:]} {len(missing)} of the {len(slots)} requests that are needed now "
            f"{'are' if plural else 'is'} missing: the first is free at {iso(first.at + 1)} (in {first.at - now:.0f} s)"
            + (f", the last at {iso(last.at + 1)} (in {last.at - now:.0f} s)" if plural else "")
            + f". {turns.advice()}",
            status=0,
            retry_at=last.at,
        )

    def _reason(self, slot: Slot, made: RequestHistory, now: float, resting: float) -> str:
        if slot.rule is None and resting > now:
            return "The service has just refused a request because of its limits."
        if slot.rule is None:
            return "other requests of this run wait for their turn already."
        limit, others = slot.rule
        ours = made.within(limit.period, now)
        if others is None:
            return f"{limit} are allowed (rate_limits), and this run has made {ours}."
        return f"the account is allowed {limit}, of which this run has made {ours} and others {others}."

    def _read(self) -> tuple[RequestHistory, Optional[ServerQuota], float]:
        kept: Any = self._files.read("pace.json")
        if not isinstance(kept, dict):
            return RequestHistory(), None, 0.0
        told = kept["told"].get(self._account)
        return RequestHistory(**kept["made"]), None if told is None else ServerQuota(**told), kept["resting"]

    def _write(self, made: RequestHistory, told: Optional[ServerQuota], resting: float) -> None:
        kept: Any = self._files.read("pace.json")
        by_account = kept["told"] if isinstance(kept, dict) else {}
        if told is not None:
            by_account[self._account] = told._asdict()
        self._files.write("pace.json", {"made": made._asdict(), "told": by_account, "resting": resting})
