# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate shares the run's rate limits: it waits for its turn, which is not a failure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from ansible import constants
from ansible_collections.community.catchpoint.extensions.simulator.server.server import Server
from ansible_collections.community.catchpoint.extensions.simulator.service.simulator import Simulator
from ansible_collections.community.catchpoint.plugins.module_utils._operations.performance_gate import performance_gate
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z


class Clock:
    """The clock of the gate and of the simulator; sleep() returns at once."""

    def __init__(self, simulator: Simulator) -> None:
        self.time = NOON
        self._simulator = simulator
        self.sleep(0)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self._simulator.clock.set(self.time, 0.0)


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[tuple[Simulator, str]]:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    test = {"id": 101, "name": "Page", "type": "Web", "frequency": 30, "nodes": [1], "latency": {"median": 900}}
    made = Simulator({"limits": "off", "nodes": [{"id": 1, "city": "New York"}], "tests": [test]})
    server = Server(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made, server.url
    server.stopping.set()
    server.shutdown()
    server.server_close()


def test_a_gate_waits_for_the_rate_limit(simulator: tuple[Simulator, str]) -> None:
    made, url = simulator
    clock = Clock(made)
    lines: list[str] = []
    warnings: list[str] = []
    connecting = {
        "base_url": url,
        "api_key": made.credentials.first_key,
        "rate_limits": "2/minute",
        "retry_budget": 0.0,
    }
    controller = RunClient(connecting, warn=warnings.append, announce=warnings.append, clock=clock)
    result = performance_gate(
        controller.client,
        {
            "test_ids": [101],
            "warmup": 0,
            "min_runs": 10,
            "poll_interval": 20,
            "criteria": [{"metric": "test_time", "fail": {"max_increase_percent": 50}}],
        },
        clock=clock,
        progress=lines.append,
        warn=warnings.append,
    )
    assert result["verdict"] == "pass"
    assert result["waited"]["api_retries"] == 0
    times = [entry["time"] for entry in made.log]
    for first, third in zip(times, times[2:]):
        assert third[:16] > first[:16], "more than 2 requests in a minute"
    assert any("2 requests a minute" in text for text in warnings)
    assert not any("retry_budget" in text for text in warnings)
