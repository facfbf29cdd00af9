# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""When the alerts of tests were paused."""

from __future__ import annotations

from typing import NamedTuple

from .model import Test

_FOREVER = float("inf")


class Pause(NamedTuple):
    """Alerts of a test are paused from `start` to `end`; `stated` is the pauseExpiration that was sent."""

    start: float
    end: float = _FOREVER
    stated: str | None = None


class Pauses:
    """All pauses since the start. Not thread-safe: the caller holds the lock."""

    def __init__(self) -> None:
        self._by_test: dict[int, list[Pause]] = {}

    def at(self, test: Test, moment: float) -> Pause | None:
        """The pause that is active at a moment, if any. Before the first call, the scenario's state counts."""
        for pause in reversed(self._by_test.get(test.id, [])):
            if pause.start <= moment < pause.end:
                return pause
        if test.id in self._by_test or not test.alerts_paused:
            return None
        return Pause(float("-inf"))

    def pause(self, test: Test, now: float, end: float, stated: str | None) -> None:
        self.unpause(test, now)
        self._by_test[test.id].append(Pause(now, end, stated))

    def unpause(self, test: Test, now: float) -> None:
        """Ends the active pause; earlier ones stay in the history."""
        if test.id not in self._by_test:
            self._by_test[test.id] = [Pause(float("-inf"))] if test.alerts_paused else []
        found = self._by_test[test.id]
        self._by_test[test.id] = [one._replace(end=min(one.end, now)) if one.end > now else one for one in found]

    def forget(self, test_id: int) -> None:
        """Drops the history of a test: it starts with what the scenario states."""
        self._by_test.pop(test_id, None)
