# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in scenarios that show one regression each."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from simulator.start import Running
from simulator_client import Api

# Half an hour before the deploy, and the half hour since.
BEFORE = "startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T09:30:00"
AFTER = "startTimeUtc=2026-11-23T09:30:00&endTimeUtc=2026-11-23T10:00:00"


def rows(api: Api, window: str, metrics: str) -> list[dict[str, Any]]:
    return api.rows(f"tests/explorer/raw?testIds=81093&{window}&metricIds={metrics}")


def growth(api: Api, metrics: str) -> dict[str, float]:
    """How the median of each metric changed with the deploy."""
    before, after = rows(api, BEFORE, metrics), rows(api, AFTER, metrics)
    names = before[0]["values"]
    return {
        name: median(row["values"][name] for row in after) / median(row["values"][name] for row in before)
        for name in names
    }


def test_slow_backend_changes_the_wait_alone(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/scenario", {"file": "slow_backend"})
    changed = growth(api, "1,2,30,4,6,14,36,89,276,5")
    assert 3.5 < changed.pop("Wait (ms)") < 4.5
    for name in ("Test Time (ms)", "Webpage Response (ms)", "Time To First Byte (ms)"):
        assert changed.pop(name) > 1.3
    assert {name: 0.8 < value < 1.25 for name, value in changed.items()} == dict.fromkeys(changed, True)
    assert set(changed) == {"DNS (ms)", "Connect (ms)", "SSL (ms)", "Load (ms)", "# Items (Total)", "Downloaded Bytes"}


def test_tls_errors_are_at_one_node_in_runs_and_errors_alike(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/scenario", {"file": "tls_errors"})
    after = rows(api, AFTER, "15,26,25,24,208")
    failed = [row for row in after if row["values"]["% Availability"] == 0]
    assert {row["dimensions"]["Node"] for row in failed} == {81}
    assert len(failed) == len([row for row in after if row["dimensions"]["Node"] == 81]) == 6
    for row in failed:
        assert (row["values"]["# SSL Failures"], row["values"]["# Test Errors"]) == (1.0, 1.0)
        assert row["values"]["# Connection Failures"] is row["values"]["# DNS Failures"] is None
    assert {row["values"]["# SSL Failures"] for row in after if row not in failed} == {None}
    errors = api.rows(f"tests/errors/raw?testIds=81093&{AFTER}")
    assert [(row["time"], row["dimensions"]) for row in errors] == [
        (row["time"], {"Test": 81093, "Node": 81, "ErrorType": 3}) for row in failed
    ]


def test_dead_page_fails_everywhere_since_the_deploy(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/scenario", {"file": "dead_page"})
    assert {row["values"]["% Availability"] for row in rows(api, BEFORE, "15")} == {100.0}
    assert {row["values"]["% Availability"] for row in rows(api, AFTER, "15")} == {0.0}
    body = {"nodesIds": [{"id": 257}]}
    identifier = api.v2("instanttests/81093?onDemand=true", "POST", body)[1]["data"]["id"]
    data = [api.data(f"instanttests/{identifier}?nodeId=257") for _poll in range(2)][-1]
    assert data["instantTestStatus"] == "Failed"


def test_a_page_may_grow_heavier(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/change", {"test_id": 81093, "at": "-30m", "component": "weight", "factor": 2})
    changed = growth(api, "14,36,89")
    assert 1.8 < changed["# Items (Total)"] < 2.2
    assert 1.8 < changed["Downloaded Bytes"] < 2.2
    assert 0.85 < changed["Test Time (ms)"] < 1.15


@pytest.mark.parametrize("component", ["dns", "connect", "ssl", "wait", "load"])
def test_each_timing_can_grow_alone(api: Api, simulator: Running, component: str) -> None:
    ids = {"dns": 1, "connect": 2, "ssl": 30, "wait": 4, "load": 6}
    simulator.control("PUT", "/change", {"test_id": 81093, "at": "-30m", "component": component, "factor": 10})
    for name, metric in ids.items():
        (value,) = growth(api, str(metric)).values()
        assert (value > 5) == (name == component)


def test_every_host_of_the_fleet_has_an_address_of_its_own(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/scenario", {"file": "fleet"})
    found = api.data("tests?name=Host&pageNumber=1")["tests"]
    assert [(one["id"], one["url"]) for one in found[:3]] == [
        (100000, "https://host-0001.example.com/"),
        (100001, "https://host-0002.example.com/"),
        (100002, "https://host-0003.example.com/"),
    ]
    # The slow test is defined separately, and has its own address, too.
    assert found[6]["url"] == "https://host-0007.example.com/"
