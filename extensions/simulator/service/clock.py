# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The simulator's clock: real time, or a simulated time that stands still or runs at any speed."""

from __future__ import annotations

import threading
import time


class Clock:
    """Seconds since 1970 in simulated time: `now = base + speed * (real seconds since the base was set)`."""

    def __init__(self, now: float | None = None, speed: float | None = None) -> None:
        self._lock = threading.Lock()
        self.reset(now, speed)

    def reset(self, now: float | None = None, speed: float | None = None) -> None:
        """Real time when `now` is None; a given `now` stands still unless a speed is given, too."""
        with self._lock:
            self._real = now is None and speed in (None, 1.0)
            self._base = time.time() if now is None else now
            self._mark = time.monotonic()
            self._speed = speed if speed is not None else (1.0 if now is None else 0.0)

    def now(self) -> float:
        if self._real:
            return time.time()
        with self._lock:
            return self._base + self._speed * (time.monotonic() - self._mark)

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def real(self) -> bool:
        return self._real

    def set(self, now: float | None = None, speed: float | None = None) -> None:
        """Changes the time, the speed or both; None leaves a value as it is."""
        current = self.now()
        with self._lock:
            self._real = False
            self._base = current if now is None else now
            self._mark = time.monotonic()
            if speed is not None:
                self._speed = speed
