# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Webhooks that the simulator posts, as a receiver sees them."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from simulator.start import Running, SimulatorError
from simulator_client import Api

TOKEN = "Bearer my-token"


class Receiver(http.server.BaseHTTPRequestHandler):
    """Records webhooks; responds 401 without the token."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        good = self.headers["Authorization"] == TOKEN
        if good:
            self.server.got.append((self.path, self.headers["Content-Type"], body))  # type: ignore[attr-defined]
        self.send_response(200 if good else 401)
        self.end_headers()
        self.wfile.write(b"ok" if good else b"token?")

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def post(simulator: Running, receiver: Any, **order: Any) -> list[dict[str, Any]]:
    order = {
        "url": f"http://127.0.0.1:{receiver.server_address[1]}/endpoint",
        "headers": {"Authorization": TOKEN},
        **order,
    }
    sent: list[dict[str, Any]] = simulator.control("POST", "/webhook", order)["sent"]
    return sent


def last(receiver: Any) -> Any:
    return json.loads(receiver.got[-1][2])


def test_an_alert_in_the_default_json(api: Api, simulator: Running, receiver: Any) -> None:
    alert = {"test_id": 81095, "level": "Critical", "type": "PageFailure", "error": "Timeout", "duration": "10m"}
    (sent,) = post(simulator, receiver, alert=alert)
    assert (sent["status"], sent["response"]) == (200, "ok")
    assert receiver.got == [("/endpoint", "application/json", sent["body"])]
    body = last(receiver)
    assert (body["TestId"], body["NotificationLevelId"], body["ProductId"]) == (81095, 1, 31876)
    assert body["Setting"]["AlertTypeId"] == 9
    assert body["Timestamp"] == {
        "Create": {"Local": "20261123095000000", "Utc": "20261123095000000"},
        "ReportInterval": {"Local": "20261123100000000", "Utc": "20261123100000000"},
        "ProcessingUtc": "20261123100112000",
    }
    assert body["TestDetail"]["Path"] == "Web shop/Checkout"
    assert [node["Id"] for node in body["Condition"]["Nodes"]] == [257, 81]
    assert body["Condition"]["Nodes"][0]["PageFailure"] == {"ErrorCode": 60000}
    # The API knows the alert, too.
    assert api.data("tests/alerts?testIds=81095")["alerts"][0]["reportTime"] == "2026-11-23T10:00:00Z"


def test_a_recovery_names_the_first_trigger_of_its_incident(simulator: Running, receiver: Any) -> None:
    alert = {"test_id": 81094, "level": "Improved", "first": "-40m", "critical": 4000, "node": 81}
    post(simulator, receiver, alert=alert)
    body = last(receiver)
    assert (body["NotificationLevelId"], body["Timestamp"]["Create"]["Utc"]) == (3, "20261123092000000")
    (node,) = body["Condition"]["Nodes"]
    assert (node["Id"], node["Triggered"]["Mean"]) == (81, 4000.0)


def test_an_alert_of_the_scenario_by_its_id(api: Api, simulator: Running, receiver: Any) -> None:
    stored = api.data("tests/alerts?testIds=81102")["alerts"][0]
    post(simulator, receiver, alert_id=stored["id"])
    body = last(receiver)
    assert (body["TestId"], body["Setting"]["AlertTypeId"]) == (81102, stored["alertType"]["id"])
    with pytest.raises(SimulatorError, match="alert nope does not exist"):
        post(simulator, receiver, alert_id="nope")


def test_an_alert_from_a_template(simulator: Running, receiver: Any) -> None:
    alert = {"test_id": 81095, "type": "PageFailure", "error": "Response"}
    post(simulator, receiver, alert=alert, template=None)
    body = last(receiver)
    assert (body["testId"], body["level"], body["product"]) == ("81095", "1", "Web shop")
    assert body["labels"] == "team:payment,tier:gold"
    assert body["nodes"] == "New York, US - Level3|257|50000;London, UK - Cogent|81|50000;"
    assert (body["raised"], body["firstRaised"]) == ("1795428072", "1795427100")
    own = '{"a": "${TESTNAME}", "n": ${testid}, "at": "${alertCreateDateUtc(yyyy-MM-dd)}", "none": "${nope}"}'
    post(simulator, receiver, alert=alert, template=own)
    assert last(receiver) == {"a": "Checkout", "n": 81095, "at": "2026-11-23T09:45:00Z", "none": ""}
    simulator.control("PUT", "/test", {"id": 7, "name": 'say "hi" \\ and go'})
    post(simulator, receiver, alert={"test_id": 7}, template={"t": "${testName}"})
    assert last(receiver) == {"t": 'say "hi" \\ and go'}


def test_paused_tests_send_nothing(api: Api, simulator: Running, receiver: Any) -> None:
    entry = {"testId": 81095, "status": {"id": 0}, "pauseExpiration": "00:10"}
    api.v2("tests/alert/state", "PATCH", {"tests": [entry]})
    assert post(simulator, receiver, alert={"test_id": 81095}) == []
    assert receiver.got == []
    assert simulator.control("PUT", "/alert", {"test_id": 81095})["raised"] is False


def test_test_data(api: Api, simulator: Running, receiver: Any) -> None:
    assert len(post(simulator, receiver, kind="test_data", test_id=81093, count=3, copies=2)) == 6
    bodies = [json.loads(body) for _path, _type, body in receiver.got]
    keys = [(body["TestId"], body["NodeId"], body["Summary"]["Timestamp"]) for body in bodies]
    assert keys[0::2] == keys[1::2]
    assert len(set(keys)) == 3
    row = api.rows("tests/explorer/raw?testIds=81093&metricIds=89,4&startTimeUtc=2026-11-23T09:00:00")[-1]
    body = bodies[-1]
    assert (body["Version"], body["V"], body["TestRuntime"]) == (4, 5, body["Summary"]["Timestamp"])
    assert body["Summary"]["Timing"]["Total"] == row["values"]["Test Time (ms)"]
    assert body["Summary"]["Timing"]["Wait"] == row["values"]["Wait (ms)"]
    assert body["TestDetail"]["Labels"] == [{"team": ["web"]}, {"tier": ["gold"]}]
    assert "Error" not in body["Summary"]
    assert len(body["ReportWindow"]) == 12


def test_test_data_of_2016_and_of_failed_runs(simulator: Running, receiver: Any) -> None:
    post(simulator, receiver, kind="test_data", test_id=81097, version=3)
    body = last(receiver)
    assert body["Version"] == 3
    assert set(body) & {"V", "TestRuntime"} == set()
    assert set(body["Summary"]) == {"V", "Timestamp", "Timing", "Address", "Request"}
    simulator.control("PUT", "/change", {"test_id": 81093, "at": "-1h", "failure_rate": 1, "error": "DNS"})
    post(simulator, receiver, kind="test_data", test_id=81093)
    assert last(receiver)["Summary"]["Error"] == {"Any": 1, "Code": 10000, "Dns": 1}
    post(simulator, receiver, kind="test_data", test_id=81093, template=None)
    body = last(receiver)
    assert (body["TestId"], body["Error"], body["Total"]) == ("81093", "True", "")
    post(simulator, receiver, kind="test_data", test_id=81098)
    assert set(last(receiver)["Summary"]["Ping"]) == {"RoundTripTimeAvg", "PacketLossPct"}


def test_the_receivers_response_is_reported(simulator: Running, receiver: Any) -> None:
    (sent,) = post(simulator, receiver, alert={"test_id": 81095}, headers={"Authorization": "Bearer wrong"})
    assert (sent["status"], sent["response"]) == (401, "token?")
    (sent,) = post(simulator, receiver, alert={"test_id": 81095}, url="http://127.0.0.1:9/")
    assert sent["status"] == 0
    assert "refused" in sent["error"]


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"kind": "nope"}, "kind alert or test_data"),
        ({"alert": {"test_id": 81095}, "url": ""}, "url is missing"),
        ({"alert": {"test_id": 81095}, "url": "file:///etc/passwd"}, "does not start with http"),
        ({"alert": {"test_id": 81095}, "colour": "red"}, "unknown member 'colour'"),
        ({"alert": {"level": "Critical"}}, "test_id"),
        ({"kind": "test_data", "test_id": 5}, "test 5 does not exist"),
        ({"kind": "test_data", "test_id": 81093, "version": 9}, "version 9 is not 3 or 4"),
    ],
)
def test_invalid_orders_are_refused(simulator: Running, receiver: Any, order: dict[str, Any], text: str) -> None:
    with pytest.raises(SimulatorError, match=text):
        post(simulator, receiver, **order)
    assert receiver.got == []
