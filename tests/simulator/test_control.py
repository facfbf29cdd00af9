# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: log, clock, replay, scenario; and connections that are kept alive."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from simulator.start import Running, SimulatorError, running
from simulator_client import Api


def test_the_log_lists_every_request(api: Api, simulator: Running) -> None:
    headers = {"Authorization": "Bearer wrong", "User-Agent": "ansible-community.catchpoint/1.0.0"}
    api.raw("GET", "/api/v2/tests?name=a%20b&pageSize=5", headers)
    api.login()
    api.data("tests")
    simulator.control("GET", "/clock")
    result = simulator.control("GET", "/requests")
    assert (result["total"], result["logins"], result["rejected_429"]) == (3, 1, 0)
    assert result["by_path"] == {"/api/v2/tests": 2, "/ui/api/token": 1}
    first, second, _third = result["requests"]
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/v2/tests", 401)
    assert first["query"] == "name=a%20b&pageSize=5"
    assert first["params"] == {"name": "a b", "pageSize": "5"}
    assert first["user_agent"] == "ansible-community.catchpoint/1.0.0"
    assert first["headers"]["Authorization"] == "Bearer wrong"
    assert f"client_secret={simulator.client_secret}" in second["body"]
    assert (simulator.count(), simulator.count("/api/v2/tests"), simulator.count("/nope")) == (3, 2, 0)
    simulator.control("DELETE", "/requests")
    assert simulator.requests() == []


def test_control_calls_need_no_credentials_and_do_not_count(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "1/min")
    for _count in range(10):
        simulator.control("GET", "/clock")
    assert api.v2("divisions")[0] == 200
    assert simulator.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "text"),
    [
        ("GET", "/nope", None, "there_are"),
        ("PUT", "/clock", {"later": 1}, "unknown member 'later'"),
        ("PUT", "/clock", {"now": "noon"}, "is not a time"),
        ("PUT", "/clock", [], "must be an object"),
        ("PUT", "/switches", {"nope": 1}, "unknown switch"),
        ("PUT", "/limits", "7", "is not a limit"),
        ("PUT", "/change", {"test_id": 5, "factor": 2}, "test 5 does not exist"),
        ("PUT", "/change", {"test_id": 81093, "faktor": 2}, "unknown member 'faktor'"),
        ("PUT", "/change/99", {"until": "now"}, "change 99 does not exist"),
        ("PUT", "/test", {"id": 7, "nodes": [5]}, "node 5 does not exist"),
        ("PUT", "/test", {"name": "x"}, "test.id is missing"),
        ("PUT", "/replay", {"path": "/x"}, "either file or body"),
        ("PUT", "/replay", {"path": "/x", "file": "/nowhere.json"}, "replay of /x"),
        ("PUT", "/scenario", {"file": "nowhere"}, "does not exist"),
        ("PUT", "/credentials", {"api_key": "x", "state": "tired"}, "is not one of"),
        ("PUT", "/alert", {"test_id": 81093, "level": "Loud"}, "is not one of"),
    ],
)
def test_invalid_bodies_are_reported(simulator: Running, method: str, path: str, body: object, text: str) -> None:
    with pytest.raises(SimulatorError) as caught:
        simulator.control(method, path, body)
    assert text in str(caught.value)


def test_a_body_that_is_not_json_is_reported(simulator: Running) -> None:
    status, _headers, body = simulator.request("PUT", "/_simulator/switches", b"{nope")
    assert (status, "not valid JSON" in json.loads(body)["error"]) == (400, True)


def test_the_clock_stands_still_advances_and_runs(simulator: Running) -> None:
    assert simulator.control("GET", "/clock")["now"] == "2026-11-23T10:00:00Z"
    assert simulator.control("PUT", "/clock", {"advance": "90s"})["now"] == "2026-11-23T10:01:30Z"
    assert simulator.control("PUT", "/clock", {"now": "-1d"})["now"] == "2026-11-22T10:01:30Z"
    assert simulator.control("PUT", "/clock", {"now": "deploy+5m"})["now"] == "2026-11-23T09:35:00Z"
    fast = simulator.control("PUT", "/clock", {"speed": 1_000_000})
    assert fast["speed"] == 1_000_000
    assert simulator.control("GET", "/clock")["seconds"] > fast["seconds"]
    real = simulator.control("PUT", "/clock", {"real": True})
    assert real["real"] is True
    assert abs(real["seconds"] - time.time()) < 60


def test_the_date_header_shows_the_simulated_time(api: Api, simulator: Running) -> None:
    _status, headers, _body = api.raw("GET", "/api/v2/divisions")
    assert headers["Date"] == "Mon, 23 Nov 2026 10:00:00 GMT"


def test_now_and_speed_set_the_clock_at_the_start() -> None:
    with running(now="2030-01-01T00:00:00Z", speed=60, limits="off") as simulator:
        result = simulator.control("GET", "/clock")
        assert (result["now"][:13], result["speed"], result["real"]) == ("2030-01-01T00", 60.0, False)
    with running(limits="off") as simulator:
        assert simulator.control("GET", "/clock")["real"] is True


def test_replays_are_served_unchanged(api: Api, simulator: Running, tmp_path: Path) -> None:
    text = b'{"start": "2015-08-08T02:01:48.6949806Z",\n "odd": [1.0, null]}\n'
    stored = tmp_path / "answer.json"
    stored.write_bytes(text)
    path = "/ui/api/v1/performance/raw"
    result = simulator.control("PUT", "/replay", {"path": path, "file": str(stored)})
    assert result["replays"] == [{"path": path, "file": str(stored), "status": 200, "bytes": len(text)}]
    headers = {"Authorization": f"Bearer {api.login()}"}
    assert api.raw("GET", f"{path}?tests=1,2&whatever=x", headers)[::2] == (200, text)
    assert api.raw("GET", path)[0] == 401
    simulator.control("PUT", "/limits", "1/h")
    simulator.control("DELETE", "/limits")
    assert [api.raw("GET", path, headers)[0] for _count in range(2)] == [200, 429]
    simulator.control("PUT", "/limits", "off")
    # The latest one counts; a pattern is fine; so are another status and type.
    order = {"path": "/ui/api/v1/perf*", "body": "gone", "status": 410, "content_type": "text/plain"}
    simulator.control("PUT", "/replay", [order, {"path": "/api/v2/divisions", "body": {"data": 1}}])
    status, told_headers, body = api.raw("GET", path, headers)
    assert (status, told_headers["Content-Type"], body) == (410, "text/plain", b"gone")
    assert api.v2("divisions") == (200, {"data": 1})
    simulator.control("DELETE", "/replay")
    assert api.raw("GET", f"{path}?tests=81093", headers)[0] == 200


def test_a_scenario_may_have_replays(api: Api, tmp_path: Path) -> None:
    (tmp_path / "nodes.json").write_text("[1]")
    scenario = tmp_path / "own.json"
    replay = [{"path": "/api/v2/nodes", "file": "nodes.json"}]
    scenario.write_text(json.dumps({"extends": "shop", "limits": "off", "replay": replay}))
    with running(scenario=scenario) as simulator:
        assert Api(simulator).v2("nodes") == (200, [1])


def test_reset_restores_the_state_at_the_start(api: Api, simulator: Running) -> None:
    before = api.data("tests")["tests"]
    simulator.control("PUT", "/scenario", {"tests": [{"id": 1}], "limits": "off"})
    assert [test["id"] for test in api.data("tests")["tests"]] == [1]
    assert api.data("nodes/all")["nodes"] == []
    simulator.reset()
    assert api.data("tests")["tests"] == before


def test_the_root_lists_the_control_calls(simulator: Running) -> None:
    result = simulator.control("GET", "/")
    assert (result["tests"], result["nodes"]) == (13, 134)
    assert "PUT /_simulator/change" in result["control"]


def test_connections_are_kept_alive_without_delay(simulator: Running) -> None:
    parts = urlsplit(simulator.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.connect()
    used = connection.sock
    begin = time.monotonic()
    for _count in range(50):
        connection.request("GET", "/api/v2/divisions", headers={"Authorization": f"Bearer {simulator.api_key}"})
        assert connection.getresponse().read()
        assert connection.sock is used
    # With Nagle's algorithm and delayed acknowledgements this takes two seconds.
    assert time.monotonic() - begin < 1.5
    connection.close()


def test_chunked_requests_and_head_requests_are_served(api: Api, simulator: Running) -> None:
    parts = urlsplit(simulator.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("PUT", "/_simulator/switches", iter([b'{"gz', b'ip": "on"}']), encode_chunked=True)
    answer = connection.getresponse()
    assert json.loads(answer.read())["gzip"] == "on"
    connection.request("HEAD", "/api/v2/divisions", headers={"Authorization": f"Bearer {simulator.api_key}"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (405, b"")
    connection.close()
