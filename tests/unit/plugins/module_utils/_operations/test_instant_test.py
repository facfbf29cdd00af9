# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instant tests: requests, results, and reports about charged runs."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.v2 import ACTIONS
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    OptionError,
    OutcomeUnknownError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.instant_test import OPERATION
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    NOON,
    Exchange,
    Talk,
    asks,
    refused,
    sends,
)

Opens = Callable[..., Talk]


class Clock:
    """A clock whose sleep() returns at once."""

    def __init__(self) -> None:
        self.seconds = NOON

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def run(opened: Talk, **given: Any) -> Any:
    checked = ArgumentSpecValidator(OPERATION.arguments, **OPERATION.rules).validate(given)
    assert checked.error_messages == []
    return OPERATION.run(opened.client, checked.validated_parameters)


def start(answer: Any, *nodes: int, **params: Any) -> Exchange:
    return sends("/instanttests/7", {"nodesIds": [{"id": node} for node in nodes]}, **params).gets(answer)


def started(instant_id: Any) -> dict[str, Any]:
    return {"data": {"id": instant_id, "instantTestNodes": []}, "errors": [], "completed": True}


def poll(instant_id: int, node: int, answer: Any) -> Exchange:
    return asks(f"/instanttests/{instant_id}", nodeId=node).gets(answer)


PENDING = {"data": {"instantTestStatus": "Anything", "instantTestRecord": None}}
LATER = refused(404, "The results are not available yet.")


def record(node: int, time: str = "12:00:10", value: float = 900.0, **members: Any) -> dict[str, Any]:
    fields = [
        {"name": "Webpage Response (ms)", "index": 0, "metricType": {"id": 60, "name": "WebPageResponseMSec"}},
        {"name": "Speed Index", "index": 1, "metricType": {"id": 44, "name": "SpeedIndex"}},
    ]
    whole = {
        "node": {"id": node, "name": f"Node {node}"},
        "actualRuntime": f"2026-11-23T{time}Z",
        "errorMessage": None,
        "primaryErrorData": None,
        "publicLink": f"https://portal.example.com/{node}",
        "pingData": None,
        "testResult": {"metrics": {"fields": fields, "items": [value, None]}, "failedVerb": None},
        **members,
    }
    return {"data": {"instantTestStatus": "Anything", "instantTest": None, "instantTestRecord": whole}}


def test_runs_have_the_shape_of_test_data(talk: Opens) -> None:
    error = {"id": 12, "name": "Response", "message": "HTTP 503", "isWarning": False}
    opened = talk(
        v2,
        start(started("41"), 257, 31, onDemand="true"),
        poll(41, 257, record(257, "12:00:12")),
        poll(41, 31, PENDING),
        poll(41, 31, record(31, "12:00:10", primaryErrorData=error, errorMessage="It failed.")),
        start(started(42), 257, 31, onDemand="true"),
        poll(42, 257, LATER),
        poll(42, 31, record(31, "12:00:50")),
        poll(42, 257, record(257, "12:00:49")),
        clock=Clock(),
    )
    result = run(opened, test_id=7, node_ids=[257, 31, 257], on_demand=True, times=2)
    assert [(one["node_id"], one["failed"]) for one in result["runs"]] == [
        (31, True),
        (257, False),
        (257, False),
        (31, False),
    ]
    assert result["runs"][1] == {
        "time": "2026-11-23T12:00:12Z",
        "test_id": 7,
        "test_name": None,
        "node_id": 257,
        "node": "Node 257",
        "city": None,
        "country": None,
        "host_ip": None,
        "failed": False,
        "metrics": {"webpage_response": 900.0},
    }
    assert (result["run_count"], result["failed_count"], result["complete"]) == (4, 1, True)
    assert result["errors"] == [{"instant_test_id": 41, "node_id": 31, "node": "Node 31", "message": "HTTP 503"}]
    assert result["instant_test_ids"] == [41, 42]
    assert (result["runs_charged"], len(result["links"]), result["warnings"]) == (4, 4, [])


@pytest.mark.parametrize(
    ("members", "failed"),
    [
        ({}, False),
        ({"errorMessage": "It failed."}, True),
        ({"primaryErrorData": {"name": "Response", "isWarning": False}}, True),
        ({"primaryErrorData": {"name": "Script", "isWarning": True}, "errorMessage": "Odd."}, False),
        ({"testResult": {"metrics": {"fields": [{"name": "% Availability", "index": 0}], "items": [0]}}}, True),
    ],
)
def test_a_run_failed_if_its_error_or_availability_says_so(members: dict[str, Any], failed: bool) -> None:
    found = ACTIONS.read_instant_record(record(1, **members))
    assert found is not None
    assert found.failed is failed


def test_metrics_of_other_types_of_tests() -> None:
    ping = {"averageRoundTripTime": 38.5, "packetLoss": 0, "jitter": None, "packetsSent": 4}
    found = ACTIONS.read_instant_record(record(1, testResult=None, pingData=ping))
    assert found is not None
    assert found.values == {"ping_round_trip": 38.5, "ping_packet_loss": 0.0, "jitter": None}
    dns = {"metrics": [{"metricType": {"id": 19, "name": "DnsMSec"}, "name": "DNS (ms)", "value": 12}]}
    found = ACTIONS.read_instant_record(record(1, testResult=None, dnsTraceData=dns))
    assert found is not None
    assert (found.values, found.metrics[0].unit) == ({"dns": 12.0}, "ms")


def test_internal_names_of_metrics_have_the_same_slug() -> None:
    table = {"fields": [{"name": "WebPageResponseMSec", "index": 0}], "items": [5]}
    found = ACTIONS.read_instant_record(record(1, testResult={"metrics": table}))
    assert found is not None and found.values == {"webpage_response": 5.0}


def test_times_in_milliseconds_are_accepted() -> None:
    found = ACTIONS.read_instant_record(
        record(1, actualRuntime=None, actualRuntimeInUnixTimeMilliseconds=1000 * int(NOON))
    )
    assert found is not None and found.time == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize("payload", [None, [], {"data": {}}, {"data": {"instantTestRecord": 5}}])
def test_a_response_of_another_shape_is_not_a_pending_result(payload: Any) -> None:
    with pytest.raises(ResponseError, match="expected an instant test"):
        ACTIONS.read_instant_record(payload)


def test_a_lost_response_is_not_retried(talk: Opens) -> None:
    opened = talk(v2, start(OutcomeUnknownError("The connection broke."), 1), clock=Clock())
    with pytest.raises(OutcomeUnknownError) as caught:
        run(opened, test_id=7, node_ids=[1], times=2)
    assert str(caught.value) == (
        "An instant test of test 7 may have run, which charges 1 run, and its id is unknown: The connection broke."
    )


def test_a_response_without_an_id_may_have_been_charged(talk: Opens) -> None:
    opened = talk(v2, start(started(41), 1), poll(41, 1, record(1)), start({"data": {}}, 1), clock=Clock())
    with pytest.raises(
        OutcomeUnknownError, match=r"id is unknown: .*2 runs may have been charged \(instant tests: 41\)"
    ):
        run(opened, test_id=7, node_ids=[1], times=2)


def test_a_refusal_costs_nothing_and_says_what_was_charged_before(talk: Opens) -> None:
    with pytest.raises(ApiError, match=r"^The service answered 400: No points\.$"):
        run(talk(v2, start(refused(400, "No points."), 1), clock=Clock()), test_id=7, node_ids=[1])
    opened = talk(
        v2, start(started(41), 1), poll(41, 1, record(1)), start(refused(400, "No points."), 1), clock=Clock()
    )
    with pytest.raises(ApiError, match=r"No points\. 1 run may have been charged \(instant tests: 41\)"):
        run(opened, test_id=7, node_ids=[1], times=2)


def test_an_error_while_polling_says_what_was_charged(talk: Opens) -> None:
    opened = talk(v2, start(started(41), 1), poll(41, 1, refused(403, "No right.")), clock=Clock())
    with pytest.raises(ApiError, match=r"No right\. 1 run may have been charged \(instant tests: 41\)"):
        run(opened, test_id=7, node_ids=[1])


def test_missing_results_make_the_result_incomplete(talk: Opens) -> None:
    opened = talk(
        v2,
        start(started(41), 1, 2),
        poll(41, 1, record(1)),
        poll(41, 2, LATER),
        poll(41, 2, LATER),
        clock=Clock(),
    )
    result = run(opened, test_id=7, node_ids=[1, 2], times=2, wait_timeout=30)
    assert (result["complete"], result["run_count"], result["runs_charged"]) == (False, 1, 2)
    assert result["warnings"] == [
        "wait_timeout (30 s) ended with 1 of 4 runs of test 7: no result at node 2. "
        'The API says: "The results are not available yet." The result is marked complete: false.'
    ]


def test_missing_results_of_all_nodes_are_an_error(talk: Opens) -> None:
    opened = talk(v2, start(started(41), 1), poll(41, 1, PENDING), poll(41, 1, PENDING), clock=Clock())
    with pytest.raises(ApiError, match=r"no result at node 1 after 30 s\. 1 run may have been charged"):
        run(opened, test_id=7, node_ids=[1], wait_timeout=30)


def test_a_requested_metric_without_a_value_is_a_warning(talk: Opens) -> None:
    opened = talk(v2, start(started(41), 1), poll(41, 1, record(1)), clock=Clock())
    result = run(opened, test_id=7, node_ids=[1], metrics=["TTFB", "Webpage Response (ms)"])
    assert list(result["metrics"]) == ["time_to_first_byte", "webpage_response"]
    assert result["warnings"] == [
        "No run of test 7 has a value of time_to_first_byte. Check metrics: they have webpage_response."
    ]


def test_check_mode_sends_nothing_and_says_what_it_would_charge(talk: Opens) -> None:
    result = run(talk(v2, check_mode=True), test_id=7, node_ids=[1, 2], times=2)
    assert result["msg"] == "Would run test 7 2 times at 2 nodes, which charges 4 runs."
    assert (result["changed"], result["runs_charged"], result["runs"], result["complete"]) == (True, 4, [], False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"node_ids": []}, "node_ids has 0 nodes"),
        ({"node_ids": [1, 2, 3, 4, 5, 6]}, "node_ids has 6 nodes"),
        ({"times": 0}, "times is 0"),
        ({"times": 6}, "times is 6"),
        ({"node_ids": [1, 2, 3], "times": 2}, r"would charge 6 runs, and max_runs is 5. .* set max_runs to 6"),
        ({"wait_timeout": 0}, "must be greater than 0"),
    ],
)
def test_wrong_options_are_refused(talk: Opens, given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        run(talk(v2), **{"test_id": 7, "node_ids": [1], **given})


def test_v1_has_no_instant_tests(talk: Opens) -> None:
    with pytest.raises(OptionError, match="cannot be run with REST API v1"):
        run(talk(v1, check_mode=True), test_id=7, node_ids=[1])
