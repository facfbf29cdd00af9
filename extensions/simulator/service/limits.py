# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Request limits as the vendor documents them: by second, minute and hour, and by a day that ends at 00:00 UTC."""

from __future__ import annotations

import bisect
import math
import re
from typing import NamedTuple

NO_LIMIT = 2_147_483_647
WINDOWS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_SHORT = {"s": "second", "sec": "second", "min": "minute", "m": "minute", "h": "hour", "d": "day"}
_SHORT.update({name: name for name in WINDOWS})
# Seconds that a real clock may be set back without more ado.
_SMALL_STEP = 5.0
VENDOR = {"second": 7, "minute": 20, "hour": 500, "day": 2000}


class LimitError(ValueError):
    """A limit that cannot be read."""


class Window(NamedTuple):
    """The state of a window: how many requests it holds, the seconds until it has room again, and how many are left."""

    window: str
    limit: int
    wait: float
    remaining: int


def read_limits(value: object) -> dict[str, int]:
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
                    f"{part!r} is not a limit; write for example 7/s,20/min,500/h,2000/day, or off, or vendor"
                )
            pairs.append((match.group(2), match.group(1)))
    limits: dict[str, int] = {}
    for name, amount in pairs:
        window = _SHORT.get(name)
        if window is None or not str(amount).isdigit():
            raise LimitError(f"{amount!r} per {name!r} is not a limit; windows are second, minute, hour, day")
        limits[window] = int(amount)
    return limits


class _Usage:
    """Requests of one client: times of the last hour, the count of the UTC day, and windows that a request opened."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.day = -1
        self.day_count = 0
        # Window -> its start and the requests in it.
        self.opened: dict[str, tuple[float, int]] = {}

    def trim(self, now: float) -> None:
        day = int(now // 86400)
        if day != self.day:
            self.day, self.day_count = day, 0
        if self.times and (self.times[0] <= now - 3600 or self.times[-1] > now + _SMALL_STEP):
            # A clock that was set back leaves times in the future: they are forgotten.
            first, last = bisect.bisect_right(self.times, now - 3600), bisect.bisect_right(self.times, now)
            self.times = self.times[first:last]
        self.opened = {
            window: (start, count)
            for window, (start, count) in self.opened.items()
            if start - _SMALL_STEP <= now < start + WINDOWS[window]
        }

    def add(self, now: float, count: int = 1) -> None:
        self.trim(now)
        now = max(now, self.times[-1]) if self.times else now
        self.times.extend([now] * count)
        self.day_count += count
        for window in WINDOWS:
            start, before = self.opened.get(window, (now, 0))
            self.opened[window] = (start, before + count)

    def count(self, window: str, now: float, model: str = "rolling") -> int:
        self.trim(now)
        if window == "day":
            return self.day_count
        if model == "first_request":
            return self.opened.get(window, (now, 0))[1]
        return len(self.times) - bisect.bisect_right(self.times, self.start(window, now, model))

    def start(self, window: str, now: float, model: str) -> float:
        """The time after which requests count for a window."""
        if model == "clock":
            # A request at the very start of a clock's minute belongs to it.
            return math.nextafter(now // WINDOWS[window] * WINDOWS[window], -math.inf)
        return now - WINDOWS[window]

    def wait(self, window: str, limit: int, now: float, model: str) -> float:
        """Seconds until a full window has room for another request."""
        length = WINDOWS[window]
        if window == "day" or model == "clock":
            return length - now % length
        if model == "first_request":
            return max(self.opened.get(window, (now, 0))[0] + length - now, 0.001)
        # The request that has to leave the window before another fits in.
        oldest = self.times[-limit] if 0 < limit <= len(self.times) else now
        return max(oldest + length - now, 0.001)


class Limits:
    """Counts requests per client. Not thread-safe: the caller holds the lock.

    `model` decides what a minute is: the last 60 seconds ("rolling"), that of the clock ("clock"), or 60 seconds that
    begin with a client's first request ("first_request"). A day always ends at 00:00 UTC.
    """

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self.model = "rolling"
        self._usage: dict[str, _Usage] = {}

    def reset(self) -> None:
        self._usage.clear()

    def _of(self, client: str) -> _Usage:
        return self._usage.setdefault(client, _Usage())

    def add(self, client: str, now: float, count: int = 1) -> None:
        self._of(client).add(now, count)

    def exceeded(self, client: str, now: float) -> Window | None:
        """The full window with the longest wait, if any is full."""
        full = [one for one in self._windows(client, now) if one.remaining <= 0]
        return max(full, key=lambda one: one.wait) if full else None

    def tightest(self, client: str, now: float) -> Window | None:
        """The window with the fewest requests left; None without limits."""
        return min(self._windows(client, now), key=lambda one: one.remaining, default=None)

    def _windows(self, client: str, now: float) -> list[Window]:
        usage, model = self._of(client), self.model
        return [
            Window(window, limit, usage.wait(window, limit, now, model), limit - usage.count(window, now, model))
            for window, limit in self.limits.items()
        ]

    def used(self, client: str, now: float) -> dict[str, int]:
        """Requests of the running minute, hour and day."""
        usage = self._of(client)
        return {window: usage.count(window, now, self.model) for window in ("minute", "hour", "day")}

    def all_used(self, now: float) -> dict[str, dict[str, int]]:
        """What each client used, the running second included."""
        return {
            client: {window: usage.count(window, now, self.model) for window in WINDOWS}
            for client, usage in self._usage.items()
        }

    def allowed(self) -> dict[str, int]:
        return {window: self.limits.get(window, NO_LIMIT) for window in ("minute", "hour", "day")}


def seconds_to_wait(window: Window) -> int:
    return max(1, math.ceil(window.wait))
