# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all tests here, reset before each of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "extensions"), str(HERE)]

from simulator.start import Running, running
from simulator_client import NOW, Api


@pytest.fixture(scope="session")
def _simulator() -> Iterator[Running]:
    with running(limits="off", now=NOW) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Running) -> Running:
    """A simulator as it was at its start: the shop at 10:00 UTC on 2026-11-23, no limits."""
    _simulator.reset()
    return _simulator


@pytest.fixture
def api(simulator: Running) -> Api:
    return Api(simulator)
