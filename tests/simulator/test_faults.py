# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of fault, as a client sees it on its socket."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import struct
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from simulator.service.faults import KINDS
from simulator.start import Running, SimulatorError, running
from simulator_client import Api

PATH = "/api/v2/divisions"


def get(api: Api, path: str = PATH) -> tuple[int, dict[str, str], bytes]:
    return api.raw("GET", path, {"Authorization": f"Bearer {api.simulator.api_key}"})


def connect(simulator: Running, path: str = PATH, timeout: float = 5) -> socket.socket:
    """A socket on which a GET was sent."""
    parts = urlsplit(simulator.url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=timeout)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {simulator.api_key}\r\n\r\n".encode())
    return connection


def read(connection: socket.socket, at_least: int) -> bytes:
    data = b""
    while len(data) < at_least:
        part = connection.recv(65_536)
        if not part:
            break
        data += part
    return data


def test_every_kind_of_fault_has_a_test(request: pytest.FixtureRequest) -> None:
    here = request.path.read_text(encoding="utf-8")
    for kind in KINDS:
        assert f'"{kind}"' in here, f"no test of {kind}"


def test_a_fault_applies_to_its_path_for_its_times(api: Api, simulator: Running) -> None:
    order = {"path": "/api/v2/nodes*", "method": "GET", "times": 2, "kind": "status", "status": 503}
    simulator.control("PUT", "/faults", [order])
    assert get(api)[0] == 200
    assert get(api, "/api/v2/nodes/all")[0] == 503
    assert simulator.control("GET", "/faults")["faults"] == [{**order, "times": 1, "after": 0}]
    assert get(api, "/api/v2/nodes")[0] == 503
    assert get(api, "/api/v2/nodes")[0] == 200
    assert simulator.control("GET", "/faults")["faults"] == []
    statuses = [(entry["status"], entry["fault"]) for entry in simulator.requests()]
    assert statuses == [(200, None), (503, "status"), (503, "status"), (200, None)]


def test_faults_for_a_path_apply_in_order(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "status", status=502, times=1)
    simulator.fault(PATH, "status", status=429, headers={"Retry-After": "3"})
    assert [get(api)[0] for _count in range(3)] == [502, 429, 200]


def test_faults_may_have_after_query_and_no_end(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "status", status=500, after=1)
    assert [get(api)[0] for _count in range(3)] == [200, 500, 200]
    simulator.fault("/api/v2/nodes/all", "status", status=500, query={"pageNumber": "2"})
    assert get(api, "/api/v2/nodes/all?pageNumber=1")[0] == 200
    assert get(api, "/api/v2/nodes/all?pageNumber=2")[0] == 500
    simulator.fault("*", "status", status=500, times="always")
    assert {get(api)[0] for _count in range(5)} == {500}
    assert simulator.control("GET", "/faults")["faults"][0]["times"] == -1
    simulator.control("DELETE", "/faults")
    assert get(api)[0] == 200


@pytest.mark.parametrize(
    "order", [{"kind": "nope"}, {"kind": "drop", "status": 500}, "drop", {"kind": "status", "times": "many"}]
)
def test_invalid_bodies_are_reported(simulator: Running, order: Any) -> None:
    with pytest.raises(SimulatorError):
        simulator.control("PUT", "/faults", [order])
    assert simulator.control("GET", "/faults")["faults"] == []


def test_status(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "status")
    status, _headers, body = get(api)
    assert (status, json.loads(body)["completed"]) == (503, False)
    simulator.fault(PATH, "status", status=500, body="oops", headers={"X-Test": "1"}, content_type="text/html")
    status, headers, body = get(api)
    assert (status, headers["X-Test"], headers["Content-Type"], body) == (500, "1", "text/html", b"oops")
    simulator.fault(PATH, "status", status=400, body={"errors": [{"message": "a"}, {"message": "b"}]})
    status, headers, body = get(api)
    assert (status, headers["Content-Type"][:16]) == (400, "application/json")
    assert len(json.loads(body)["errors"]) == 2
    simulator.fault("/ui/api/v1/nodes", "status", status=500)
    assert api.v1("nodes")[1]["Message"].startswith("ordered fault")


def test_delay(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "delay", seconds=0.2)
    begin = time.monotonic()
    assert get(api)[0] == 200
    assert time.monotonic() - begin >= 0.2


def test_drop_and_reset(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "drop")
    with pytest.raises(http.client.RemoteDisconnected):
        get(api)
    simulator.fault(PATH, "reset")
    with pytest.raises(ConnectionResetError):
        get(api)
    assert [entry["status"] for entry in simulator.requests()] == [0, 0]


def test_truncate(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "truncate", bytes=10)
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(api)
    assert len(caught.value.partial) == 10


def test_drip(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "drip", bytes_per_second=100_000)
    assert json.loads(get(api)[2])["completed"] is True
    simulator.fault(PATH, "drip", bytes_per_second=200, forever=True)
    with connect(simulator) as connection:
        data = read(connection, 400)
        assert b"chunked" in data
        assert data.count(b"1\r\n \r\n") > 5
    simulator.fault(PATH, "drip", bytes_per_second=500, part="head", forever=True)
    with connect(simulator) as connection:
        assert b"\r\n\r\n" not in read(connection, 60)
    simulator.fault(PATH, "drip", bytes_per_second=5000, part="head")
    assert json.loads(get(api)[2])["completed"] is True


def test_endless_and_huge(simulator: Running) -> None:
    simulator.fault(PATH, "endless")
    with connect(simulator) as connection:
        assert len(read(connection, 3_000_000)) >= 3_000_000
    simulator.fault(PATH, "endless", bytes_per_second=20_000)
    with connect(simulator) as connection:
        assert b'{"data":"' in read(connection, 300)
    simulator.fault(PATH, "huge", bytes=5_000_000_000)
    with connect(simulator) as connection:
        assert b"Content-Length: 5000000000" in read(connection, 1_000_000)


def test_html(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "html")
    status, headers, body = get(api)
    assert (status, headers["Content-Type"]) == (403, "text/html; charset=UTF-8")
    assert b"error code: 1010" in body
    simulator.fault(PATH, "html", status=502, code=502, headers={"CF-RAY": "x"})
    status, headers, body = get(api)
    assert (status, headers["CF-RAY"], b"<html" in body) == (502, "x", True)
    simulator.fault(PATH, "html", body="<p>other</p>")
    assert get(api)[2] == b"<p>other</p>"


def test_bodies_that_are_not_valid_responses(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "non_json")
    status, headers, body = get(api)
    assert (status, headers["Content-Type"][:16]) == (200, "application/json")
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(body)
    simulator.fault(PATH, "truncated_json")
    status, headers, body = get(api)
    assert (status, int(headers["Content-Length"])) == (200, len(body))
    with pytest.raises(ValueError, match=r"JSON|Unterminated|Expecting"):
        json.loads(body)
    simulator.fault(PATH, "other_json", body={"data": 7})
    assert json.loads(get(api)[2]) == {"data": 7}
    simulator.fault(PATH, "other_json")
    assert isinstance(json.loads(get(api)[2]), list)
    simulator.fault(PATH, "empty")
    assert get(api)[::2] == (204, b"")
    simulator.fault(PATH, "empty", status=200)
    assert get(api)[::2] == (200, b"")
    simulator.fault(PATH, "wrong_content_type")
    status, headers, body = get(api)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert json.loads(body)["completed"] is True
    simulator.fault(PATH, "bad_gzip")
    status, headers, body = get(api)
    assert (headers["Content-Encoding"], body[:2]) == ("gzip", b"\x1f\x8b")


def test_completed_false(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "completed_false", message="no such thing")
    answer = json.loads(get(api)[2])
    assert (answer["completed"], answer["data"]) == (False, None)
    assert answer["errors"][0]["message"] == "no such thing"
    assert "usageLimits" in answer


def test_lost(api: Api, simulator: Running) -> None:
    state = "/api/v2/tests/alert/state"
    body = {"tests": [{"testId": 81093, "status": {"id": 0}, "pauseExpiration": "01:00"}]}
    simulator.fault(state, "lost")
    with pytest.raises(http.client.RemoteDisconnected):
        api.v2("tests/alert/state", "PATCH", body)
    # The request has been carried out.
    assert api.data("tests/alert/state/81093")["tests"][0]["status"]["name"] == "Paused"


def test_expired_token(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "expired_token")
    status, _headers, body = get(api)
    assert (status, json.loads(body)["errors"]) == (401, [{"message": "Expired Token"}])
    simulator.fault("/ui/api/v1/*", "expired_token")
    assert [api.v1("nodes/257") for _count in range(2)] == [(401, {"Message": "Expired token"})] * 2
    # The token is gone for good; a new one works.
    api.login()
    assert api.v1("nodes/257")[0] == 200
    simulator.fault("/ui/api/v1/*", "expired_token", revoke=False)
    assert [api.v1("nodes/257")[0] for _count in range(2)] == [401, 200]


def test_redirect(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "redirect", location="{url}/api/v2/products")
    status, headers, _body = get(api)
    assert (status, headers["Location"]) == (302, f"{simulator.url}/api/v2/products")
    simulator.fault(PATH, "redirect", status=308, location="https://elsewhere.example.com/")
    status, headers, _body = get(api)
    assert (status, headers["Location"]) == (308, "https://elsewhere.example.com/")
    simulator.fault(PATH, "redirect", times="always")
    assert get(api)[1]["Location"] == PATH


def test_echo_secret(api: Api, simulator: Running) -> None:
    simulator.fault(PATH, "echo_secret")
    status, _headers, body = get(api)
    assert status == 400
    message = json.loads(body)["errors"][0]["message"]
    assert f"Bearer {simulator.api_key}" in message
    assert base64.b64encode(simulator.api_key.encode()).decode() in message
    simulator.fault(PATH, "echo_secret", status=500, format="html")
    status, headers, body = get(api)
    assert (status, headers["Content-Type"]) == (500, "text/html; charset=UTF-8")
    assert simulator.api_key.encode() in body
    simulator.fault(PATH, "echo_secret", status=429, headers={"Retry-After": "1"})
    status, headers, body = get(api)
    assert (status, headers["Retry-After"]) == (429, "1")
    simulator.fault(PATH, "echo_secret", format="text")
    assert simulator.api_key.encode() in get(api)[2]
    simulator.fault("/ui/api/token", "echo_secret", status=401)
    _status, answer = api.post_form({"client_secret": "s3cret"})
    assert "client_secret=s3cret" in answer["Message"]


def test_a_scenario_may_have_faults(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/scenario", {"extends": "shop", "faults": [{"path": PATH, "kind": "status"}]})
    assert [get(api)[0] for _count in range(2)] == [503, 200]


def test_faults_over_tls() -> None:
    with running(tls=True, limits="off") as simulator:
        api = Api(simulator)
        simulator.fault(PATH, "truncate")
        with pytest.raises(http.client.IncompleteRead):
            get(api)
        for kind in ("drop", "reset"):
            simulator.fault(PATH, kind)
            with pytest.raises(OSError):
                get(api)
        assert get(api)[0] == 200


def test_a_broken_connection_does_not_affect_other_clients(api: Api, simulator: Running) -> None:
    parts = urlsplit(simulator.url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET /api/v2/divisions HTTP/1.1\r\nContent-Le")
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(b"POST /ui/api/token HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")
        assert b" 400 " in connection.recv(1000)
    assert get(api)[0] == 200
