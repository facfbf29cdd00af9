# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Request limits as the vendor documents them: rolling second, minute and hour, and a day that ends at 00:00 UTC."""

from __future__ import annotations

import bisect
import math
import re
from typing import Any, NamedTuple

NO_LIMIT = 2_147_483_647
WINDOWS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_SHORT = {"s": "second", "sec": "second", "min": "minute", "m": "minute", "h": "hour", "d": "day"}
_SHORT.update({name: name for name in WINDOWS})
# Seconds that a real clock may be set back without more ado.
_SMALL_STEP = 5.0
VENDOR = {"second": 7, "minute": 20, "hour": 500, "day": 2000}


class LimitError(ValueError):
    """A limit that cannot be read."""


class Exceeded(NamedTuple):
    """Which window is full, how many it holds, and in how many seconds it has room again."""

    window: str
    limit: int
    wait: float


def read_limits(value: Any) -> dict[str, int]:
    """`off`, `vendor`, "7/s,20/min", or {"second": 7, ...}; an empty result means no limits."""
    if isinstance(value, dict):
        pairs = [(str(name), amount) for name, amount in value.items() if amount is not None]
    elif value in (None, "off", False, ""):
        return {}
    elif value in ("vendor", True):
        return dict(VENDOR)
    else:
        pairs = []
        for part in str(value).split(","):
            match = re.fullmatch(r"\s*(\d+)\s*/\s*([a-z]+)\s*", part)
            if not match:
                raise LimitError(
                    f"{part!r} is no limit; write for example 7/s,20/min,500/h,2000/day, or off, or vendor"
                )
            pairs.append((match.group(2), match.group(1)))
    limits: dict[str, int] = {}
    for name, amount in pairs:
        window = _SHORT.get(name)
        if window is None or not str(amount).isdigit():
            raise LimitError(f"{amount!r} per {name!r} is no limit; windows are second, minute, hour, day")
        limits[window] = int(amount)
    return limits


class _Usage:
    """Times of the requests of the last hour, and how many there were on the current UTC day."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.day = -1
        self.day_count = 0

    def trim(self, now: float) -> None:
        day = int(now // 86400)
        if day != self.day:
            self.day, self.day_count = day, 0
        if self.times and (self.times[0] <= now - 3600 or self.times[-1] > now + _SMALL_STEP):
            # A clock that was set back leaves times in the future: they are forgotten.
            first, last = bisect.bisect_right(self.times, now - 3600), bisect.bisect_right(self.times, now)
            self.times = self.times[first:last]

    def add(self, now: float, count: int = 1) -> None:
        self.trim(now)
        now = max(now, self.times[-1]) if self.times else now
        self.times.extend([now] * count)
        self.day_count += count

    def count(self, window: str, now: float) -> int:
        self.trim(now)
        if window == "day":
            return self.day_count
        return len(self.times) - bisect.bisect_right(self.times, now - WINDOWS[window])


class Limits:
    """Counts requests per client. Not thread-safe: the caller holds the lock."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self._usage: dict[str, _Usage] = {}

    def reset(self) -> None:
        self._usage.clear()

    def _of(self, client: str) -> _Usage:
        return self._usage.setdefault(client, _Usage())

    def add(self, client: str, now: float, count: int = 1) -> None:
        self._of(client).add(now, count)

    def exceeded(self, client: str, now: float) -> Exceeded | None:
        """The full window that has room last, if any is full."""
        usage = self._of(client)
        full: list[Exceeded] = []
        for window, limit in self.limits.items():
            if usage.count(window, now) < limit:
                continue
            if window == "day":
                wait = 86400 - now % 86400
            else:
                # The request that has to leave the window before another fits in.
                oldest = usage.times[-limit] if 0 < limit <= len(usage.times) else now
                wait = max(oldest + WINDOWS[window] - now, 0.001)
            full.append(Exceeded(window, limit, wait))
        return max(full, key=lambda one: one.wait) if full else None

    def used(self, client: str, now: float) -> dict[str, int]:
        """Requests of the running minute, hour and day."""
        usage = self._of(client)
        return {window: usage.count(window, now) for window in ("minute", "hour", "day")}

    def all_used(self, now: float) -> dict[str, dict[str, int]]:
        """What each client used, the running second included."""
        return {
            client: {window: usage.count(window, now) for window in WINDOWS} for client, usage in self._usage.items()
        }

    def allowed(self) -> dict[str, int]:
        return {window: self.limits.get(window, NO_LIMIT) for window in ("minute", "hour", "day")}


def seconds_to_wait(exceeded: Exceeded) -> int:
    return max(1, math.ceil(exceeded.wait))
