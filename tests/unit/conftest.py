# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all unit tests share."""

from __future__ import annotations

import itertools
import os
import time

import pytest
from ansible_collections.community.catchpoint.tests.unit.clock import NOW


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixes the clock: no test may depend on the time it takes, nor on the minute in which it begins.

    With RESTLESS_CLOCK in the environment, every reading is a second later than the one before. Time limits of
    requests are measured by another clock, time.monotonic, and stay as they are.
    """
    seconds = itertools.count() if os.environ.get("RESTLESS_CLOCK") else itertools.repeat(0)
    monkeypatch.setattr(time, "time", lambda: NOW + next(seconds))


@pytest.fixture
def still_clock(fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops the clock even in runs with an advancing clock, for results that are exact to the second."""
    monkeypatch.setattr(time, "time", lambda: NOW)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Removes the machine's credentials, proxy, certificate bundle and .netrc from the environment."""
    for name in list(os.environ):
        if name.startswith("CATCHPOINT_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp() / "home"))
