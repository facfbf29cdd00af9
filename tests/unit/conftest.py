# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that stands still, for tests in which the time is read more than once."""

from __future__ import annotations

import time

import pytest


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops the clock: no test may depend on the time it takes, nor on the minute in which it begins."""
    now = time.clock_gettime(time.CLOCK_REALTIME)
    monkeypatch.setattr(time, "time", lambda: now)
