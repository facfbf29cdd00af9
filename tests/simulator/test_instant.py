# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instant tests: orders, charges and polling."""

from __future__ import annotations

import http.client
from typing import Any

import pytest
from simulator.start import Running
from simulator_client import Api


def order(api: Api, test: int = 81104, nodes: tuple[int, ...] = (40211,), query: str = "") -> int:
    status, answer = api.v2(f"instanttests/{test}{query}", "POST", {"nodesIds": [{"id": one} for one in nodes]})
    assert (status, answer["completed"]) == (200, True), answer
    return int(answer["data"]["id"])


def poll(api: Api, identifier: int, node: int = 40211) -> Any:
    """The first record that polling brings."""
    for _count in range(5):
        data = api.data(f"instanttests/{identifier}?nodeId={node}")
        if data["instantTestRecord"] is not None:
            return data
    raise AssertionError("no record")


def values(data: Any) -> dict[str, Any]:
    metrics = data["instantTestRecord"]["testResult"]["metrics"]
    return {field["name"]: metrics["items"][field["index"]] for field in metrics["fields"]}


def test_a_run_shows_a_change_of_the_same_second(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/clock", {"advance": "0.7s"})
    simulator.control("PUT", "/change", {"test_id": 81104, "failure_rate": 1.0})
    assert poll(api, order(api))["instantTestStatus"] == "Failed"


def test_an_order_is_polled_until_its_record_is_there(api: Api, simulator: Running) -> None:
    body = {"nodesIds": [{"id": 40211}, {"id": 40212}]}
    status, answer = api.v2("instanttests/81104", "POST", body)
    data = answer["data"]
    assert (status, data["id"]) == (200, 118237041)
    assert [(one["id"], one["instantTestStatus"]) for one in data["instantTestNodes"]] == [
        (40211, "Pending"),
        (40212, "Pending"),
    ]
    first = api.data("instanttests/118237041?nodeId=40211")
    assert (first["instantTestStatus"], first["instantTestRecord"]) == ("Pending", None)
    second = api.data("instanttests/118237041?nodeId=40211")
    record = second["instantTestRecord"]
    assert second["instantTestStatus"] == "Completed"
    assert (record["node"]["id"], record["actualRuntime"]) == (40211, "2026-11-23T10:00:00Z")
    assert (record["errorMessage"], record["primaryErrorData"]) == (None, None)
    measured = values(second)
    assert measured["% Availability"] == 100.0
    assert 40 < measured["Response (ms)"] < 160
    assert measured["Webpage Response (ms)"] is None
    # Each node has polls of its own; a result does not change.
    assert api.data("instanttests/118237041?nodeId=40212")["instantTestRecord"] is None
    assert api.data("instanttests/118237041?nodeId=40211") == second
    charged = simulator.control("GET", "/instant")
    assert charged == {
        "runs_charged": 2,
        "instant_tests": [{"id": 118237041, "test_id": 81104, "nodes": [40211, 40212], "at": "2026-11-23T10:00:00Z"}],
    }


def test_public_nodes_on_demand(api: Api) -> None:
    body = {"nodesIds": [{"id": 257}]}
    assert api.v2("instanttests/81093", "POST", body)[0] == 400
    page = values(poll(api, order(api, 81093, (257, 81), "?onDemand=true"), 257))
    assert page["Webpage Response (ms)"] > page["Response (ms)"] > page["Wait (ms)"] > 0
    assert page["# Items (Total)"] > 10


def test_runs_follow_the_changes_that_hold(api: Api, simulator: Running) -> None:
    def median() -> float:
        found = [values(poll(api, order(api)))["Response (ms)"] for _count in range(7)]
        return sorted(found)[3]

    before = median()
    simulator.control("PUT", "/change", {"test_id": 81104, "factor": 3})
    assert 2 < median() / before < 4
    simulator.control("PUT", "/change", {"test_id": 81104, "failure_rate": 1, "error": "SSL"})
    data = poll(api, order(api))
    record = data["instantTestRecord"]
    assert data["instantTestStatus"] == "Failed"
    assert record["errorMessage"] == "SSL failure: the handshake was refused"
    assert (record["primaryErrorData"]["name"], record["primaryErrorData"]["id"]) == ("SSL", 30000)
    measured = values(data)
    assert (measured["% Availability"], measured["Response (ms)"]) == (0.0, None)
    assert measured["Connect (ms)"] is not None


def test_other_types_of_test(api: Api) -> None:
    ping = poll(api, order(api, 81098, (257,), "?onDemand=true"), 257)["instantTestRecord"]
    assert ping["testResult"] is None
    assert ping["pingData"]["averageRoundTripTime"] > 0
    dns = poll(api, order(api, 81097, (257,), "?onDemand=true"), 257)["instantTestRecord"]
    (metric,) = dns["dnsTraceData"]["metrics"]
    assert (metric["name"], metric["metricType"]) == ("DNS (ms)", {"id": 19, "name": "DnsMSec"})
    assert metric["value"] > 0


def test_a_node_that_does_not_run_stays_pending(api: Api) -> None:
    identifier = order(api, 81104, (40214,))
    assert {api.data(f"instanttests/{identifier}?nodeId=40214")["instantTestStatus"] for _count in range(9)} == {
        "Pending"
    }


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"nodesIds": []}, {"nodesIds": [{"id": 5}]}, {"nodesIds": [{}]}, {"nodesIds": [{"id": 40211}] * 6}],
)
def test_invalid_orders_are_not_charged(api: Api, simulator: Running, body: Any) -> None:
    assert api.v2("instanttests/81104", "POST", body)[0] == 400
    assert simulator.control("GET", "/instant")["runs_charged"] == 0


def test_results_that_do_not_exist(api: Api, simulator: Running) -> None:
    identifier = order(api)
    assert api.v2(f"instanttests/{identifier}")[0] == 400
    for path in (f"{identifier}?nodeId=40212", f"{identifier}?nodeId=40211&stepId=1", "5?nodeId=40211"):
        assert api.v2(f"instanttests/{path}")[1]["completed"] is False
    status, answer = api.v2("instanttests/5", "POST", {"nodesIds": [{"id": 40211}]})
    assert (status, answer["completed"]) == (200, False)
    assert simulator.control("GET", "/instant")["runs_charged"] == 1


@pytest.mark.parametrize("status", [None, 504])
def test_a_lost_response_leaves_the_run_charged(api: Api, simulator: Running, status: Any) -> None:
    more = {} if status is None else {"status": status}
    simulator.fault("/api/v2/instanttests/*", "lost", method="POST", **more)
    body = {"nodesIds": [{"id": 40211}]}
    if status is None:
        with pytest.raises(http.client.RemoteDisconnected):
            api.v2("instanttests/81104", "POST", body)
    else:
        answer = api.raw("POST", "/api/v2/instanttests/81104", {"Authorization": f"Bearer {simulator.api_key}"}, body)
        assert (answer[0], b"<html" in answer[2]) == (504, True)
    assert simulator.control("GET", "/instant")["runs_charged"] == 1
    assert simulator.requests()[-1]["status"] == (status or 0)


def test_missing_rights(api: Api, simulator: Running) -> None:
    body = {"nodesIds": [{"id": 40211}]}
    simulator.switch(forbidden_tests="81104")
    assert api.v2("instanttests/81104", "POST", body)[0] == 403
    simulator.switch(forbidden_tests="none", forbidden="POST instanttests/*")
    assert api.v2("instanttests/81104", "POST", body)[0] == 403
    assert simulator.control("GET", "/instant")["runs_charged"] == 0
