# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's requests for the explanation of a verdict, against the simulator over a socket, with a fake clock."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._operations.test_performance_gate import (
    NOON,
    RELATIVE,
    TEST,
    Service,
    every,
    iso,
    service,
)

__all__ = ["service"]

ERRORS = "/api/v2/tests/errors/raw"
OUTAGES = "/api/v2/iw/outages"
AVAILABLE = {"metric": "availability", "fail": {"min": 99}}


def page(service: Service, *changes: dict[str, Any], **members: Any) -> None:
    """A page that runs every 5 minutes at three nodes, with these changes."""
    data = {"id": TEST, "name": "Page", "type": "Web", "frequency": 300, "nodes": [1, 2, 3], **members}
    service.simulator.world.add_test({**data, "changes": [{"at": iso(NOON), **change} for change in changes]})


def test_a_slower_component_is_named(service: Service) -> None:
    page(service, {"component": "wait", "factor": 6})
    result = service.gate([RELATIVE], min_runs=30, wait_timeout=9000)
    row = result["criteria"][0]
    assert row["status"] == "fail"
    times = [entry["metric"] for entry in row["explanation"]["metrics"] if entry["kind"] == "time"]
    assert times[0] == "wait"
    assert row["explanation"]["text"][0].startswith("because wait +")
    assert " of 3 locations: New York" in row["explanation"]["text"][1]
    assert any("because wait +" in line for line in result["report"])
    assert not service.requests(ERRORS)


def test_errors_at_one_node_name_the_type_and_the_node(service: Service) -> None:
    page(service, {"node": 2, "failure_rate": 1, "error": "SSL"})
    result = service.gate([AVAILABLE], min_runs=30, wait_timeout=9000)
    explanation = result["criteria"][0]["explanation"]
    assert result["verdict"] == "fail"
    assert list(explanation["errors"]) == ["SSL"]
    [(place, counts), *others] = explanation["failed_runs_by_location"].items()
    assert place.startswith("London")
    assert counts["failed"] == counts["runs"] > 0
    assert all(entry["failed"] == 0 for _name, entry in others)
    assert explanation["text"] == [
        f"because SSL {counts['failed']}",
        f"where {place} {counts['failed']} of {counts['runs']} runs failed",
    ]
    # The counters of the runs are enough, so nothing else is requested.
    assert not service.requests(ERRORS)


def test_without_counters_the_types_are_read_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ansible_collections.community.catchpoint.plugins.module_utils._operations.gate_poller.FAILURE_TYPES", {}
    )
    page(service, {"node": 2, "failure_rate": 1, "error": "Timeout"})
    result = service.gate([AVAILABLE], min_runs=30, wait_timeout=9000)
    explanation = result["criteria"][0]["explanation"]
    assert len(service.requests(ERRORS)) == 1
    failed = sum(entry["failed"] for entry in explanation["failed_runs_by_location"].values())
    assert explanation["errors"] == {"Timeout": failed}
    assert result["notes"] == []


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_failed_extra_requests_do_not_change_the_verdict(
    service: Service, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(
        "ansible_collections.community.catchpoint.plugins.module_utils._operations.gate_poller.FAILURE_TYPES", {}
    )
    page(service, {"node": 2, "failure_rate": 1, "error": "SSL"})
    for path in (ERRORS, OUTAGES):
        service.simulator.faults.add({"path": path, "kind": "status", "status": status, "times": -1})
    result = service.gate([AVAILABLE], min_runs=30, wait_timeout=9000)
    assert (result["verdict"], result["failed"]) == ("fail", True)
    assert result["criteria"][0]["explanation"]["errors"] is None
    assert result["outages"] is None
    assert (len(service.requests(ERRORS)), len(service.requests(OUTAGES))) == (1, 1)
    assert service.seconds == result["waited"]["seconds"]
    assert [note.partition(" could not be read")[0] for note in result["notes"]] == [
        "explanation: types of errors",
        "explanation: Internet outages",
    ]
    assert result["report"][-2:] == result["notes"]


def test_outages_at_the_places_of_the_runs(service: Service) -> None:
    page(service, {"factor": 3})
    world = service.simulator.world
    world.add_outage({"service": "Example CDN", "start": iso(NOON), "city": "London", "errors": ["Timeout"]}, NOON)
    world.add_outage({"service": "Elsewhere", "start": iso(NOON), "city": "Tokyo", "errors": ["DNS"]}, NOON)
    result = service.gate([RELATIVE], min_runs=30, wait_timeout=9000)
    assert [outage["service"] for outage in result["outages"]] == ["Example CDN"]
    assert any(
        line.startswith("Internet outage: Example CDN at London") and line.endswith("(timeout)")
        for line in result["report"]
    )


def test_events_outside_the_window_explain_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note counts them, and the verdict stays."""
    monkeypatch.setattr(
        "ansible_collections.community.catchpoint.plugins.module_utils._operations.gate_poller.FAILURE_TYPES", {}
    )
    service.simulator.reset({**service.simulator.world.scenario, "account_time_zone": "Asia/Tokyo"})
    service.clock.set_ahead(0)
    page(service, {"node": 2, "failure_rate": 1, "error": "SSL"})
    world = service.simulator.world
    world.add_outage({"service": "CDN", "start": iso(NOON), "city": "London", "errors": ["Timeout"]}, NOON)
    service.simulator.switches.update({"event_times": "account"})
    result = service.gate([AVAILABLE], min_runs=30, wait_timeout=9000)
    assert (result["verdict"], result["outages"]) == ("fail", [])
    assert len(result["notes"]) == 2
    for what, note in zip(("error", "outage"), result["notes"]):
        assert note.startswith("explanation: The service returned ")
        assert f"{what}" in note
        assert "outside the requested window" in note


def test_a_pass_needs_no_extra_requests(service: Service) -> None:
    page(service)
    result = service.gate([AVAILABLE], min_runs=20, wait_timeout=9000)
    assert result["verdict"] == "pass"
    assert result["outages"] is None
    assert not service.requests(ERRORS)
    assert not service.requests(OUTAGES)


def test_refused_component_metrics_are_requested_no_more(service: Service) -> None:
    """The gate repeats the request once, with the metrics of the criteria only."""
    page(service, {"factor": 3})
    refused = {"path": "/api/v2/tests/explorer/raw", "kind": "status", "status": 400, "times": 1}
    service.simulator.faults.add(refused)
    result = service.gate([RELATIVE], min_runs=30, wait_timeout=9000)
    assert result["verdict"] == "fail"
    assert result["notes"][0].startswith("explanation: the service refused the component metrics: ")
    row = result["criteria"][0]
    assert row["explanation"]["metrics"] == []
    counts = {len(entry["params"]["metricIds"].split(",")) for entry in service.requests()[1:]}
    assert counts == {3}


def test_components_are_not_read_for_absolute_limits(service: Service) -> None:
    service.test(TEST, every(10, [1900] * 40))
    result = service.gate([{"metric": "test_time", "fail": {"max": 1000}}], min_runs=5)
    assert result["criteria"][0]["explanation"] is None
    assert len(service.requests()[0]["params"]["metricIds"].split(",")) == 3


def test_rows_for_information_show_baseline_and_change(service: Service) -> None:
    page(service, {"factor": 1.5})
    result = service.gate([AVAILABLE, {"metric": "test_time"}], min_runs=30, wait_timeout=9000, pass_fast=False)
    row = result["criteria"][1]
    assert row["status"] == "pass"
    assert row["baseline"]["value"] > 0
    assert row["change_percent"] == pytest.approx(50, abs=15)
    assert "above the baseline" in row["reason"]
    assert row["reason"].endswith("for information: no limit is set")


def test_v1_explains_with_the_data_of_its_runs(service: Service) -> None:
    """v1 supports neither types of errors nor outages; the result has no note about that."""
    (client_id, secret), _state = next(iter(service.simulator.credentials.clients.items()))
    service.connection = {"base_url": service.server.url, "client_id": client_id, "client_secret": secret}
    page(service, {"component": "wait", "factor": 6}, {"node": 2, "failure_rate": 1, "error": "SSL"})
    result = service.gate([RELATIVE, AVAILABLE], min_runs=30, wait_timeout=9000, fail_fast=False)
    slow, failing = (row["explanation"] for row in result["criteria"])
    assert next(entry["metric"] for entry in slow["metrics"] if entry["kind"] == "time") == "wait"
    assert failing["text"][0].startswith("because SSL ")
    assert (result["outages"], result["notes"]) == (None, [])
    assert not [entry for entry in service.simulator.log if "errors" in entry["path"] or "outages" in entry["path"]]
