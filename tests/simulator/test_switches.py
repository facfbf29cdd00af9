# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every switch in each of its positions."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from simulator.control.switches import SWITCHES, SwitchError, Switches
from simulator.start import Running, SimulatorError
from simulator.world import model as _model
from simulator_client import Api

HOUR = "startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T10:00:00"
RAW = f"tests/explorer/raw?testIds=81093&{HOUR}"
V1_RAW = "performance/raw?tests=81095&startTime=2026-11-23T09:00:00Z&endTime=2026-11-23T10:00:00Z"
# Switches that other files of this folder test.
ELSEWHERE = {
    "v1_bearer": "test_auth.py",
    "v1_z": "test_analytics.py",
    "body_429": "test_limits.py",
    "retry_after": "test_limits.py",
    "limit_headers": "test_limits.py",
    "limit_header_value": "test_limits.py",
    "limit_window": "test_limits.py",
    "limit_scope": "test_limits.py",
    "limits_clock": "test_limits.py",
    "limits_count_logins": "test_limits.py",
    "limits_count_rejected": "test_limits.py",
}


def item(api: Api, path: str = RAW) -> dict[str, Any]:
    found: dict[str, Any] = api.data(path)["responseItems"][0]
    return found


def test_every_switch_has_a_test(request: pytest.FixtureRequest) -> None:
    here = request.path.read_text(encoding="utf-8")
    for name in SWITCHES:
        text = (request.path.parent / ELSEWHERE[name]).read_text(encoding="utf-8") if name in ELSEWHERE else here
        assert f"{name}=" in text or f'"{name}"' in text, f"no test of the switch {name}"


def test_switches_are_read_set_and_reset(simulator: Running) -> None:
    assert simulator.control("GET", "/switches")["max_rows"] == "0"
    simulator.switch(max_rows=5, gzip=True)
    result = simulator.control("GET", "/switches")
    assert (result["max_rows"], result["gzip"]) == ("5", "on")
    with pytest.raises(SimulatorError, match="must be one of on, off"):
        simulator.switch(max_rows=7, gzip="perhaps")
    assert simulator.control("GET", "/switches")["max_rows"] == "5"
    simulator.control("DELETE", "/switches")
    assert simulator.control("GET", "/switches")["max_rows"] == "0"


@pytest.mark.parametrize("values", [{"nope": "1"}, {"max_rows": "-1"}, {"max_rows": "x"}, {"gzip": "1"}])
def test_invalid_switches_are_reported(values: dict[str, str]) -> None:
    with pytest.raises(SwitchError, match=next(iter(values))):
        Switches(values)


def test_numbers_may_be_turned_off() -> None:
    assert Switches({"max_rows": "off"}).number("max_rows") == Switches({"max_url": False}).number("max_url") == 0


@pytest.mark.parametrize(
    "path",
    [
        "tests/5",
        "nodes/257",
        "nodes/groups/5",
        "products/5",
        "folders/5",
        "labels/5",
        "slo/5",
        "tests/alerts/5",
        "tests/explorer/favoritechart/5",
        "tests/explorer/favoritechart/data/5",
        "tests/explorer/raw?testIds=5",
        "tests/errors/raw?testIds=5",
        "tests/errors/raw/5",
        "instances/257",
        "tests/alert/state/5",
        "instanttests/5?nodeId=257",
    ],
)
@pytest.mark.parametrize(("mode", "status"), [("completed_false", 200), ("404", 404), ("400", 400)])
def test_unknown_id(api: Api, simulator: Running, path: str, mode: str, status: int) -> None:
    simulator.switch(unknown_id=mode)
    got, answer = api.v2(path)
    assert (got, answer["completed"], len(answer["errors"])) == (status, False, 1)


def test_unknown_id_400_refuses_the_whole_request(api: Api, simulator: Running) -> None:
    simulator.switch(unknown_id="400")
    for path in ("tests/81093,5", "tests/explorer/raw?testIds=81093,5", "tests/errors/raw/81093,5"):
        status, answer = api.v2(path)
        assert (status, [one["message"] for one in answer["errors"]]) == (400, ["No valid Test found for input '5'."])
    assert api.v2("tests/81093,81094")[0] == 200


def test_v1_unknown_id(api: Api, simulator: Running) -> None:
    assert api.v1("tests/5") == (404, {"Message": "Test 5 was not found."})
    simulator.switch(v1_unknown_id="200_message")
    assert api.v1("tests/5") == (200, {"Message": "Test 5 was not found."})
    simulator.switch(v1_unknown_id="empty")
    assert api.v1("tests/5") == (204, None)


@pytest.mark.parametrize(
    ("mode", "with_filter", "without"), [("404_if_filtered", 404, 200), ("404", 404, 404), ("200", 200, 200)]
)
def test_empty_alerts(api: Api, simulator: Running, mode: str, with_filter: int, without: int) -> None:
    simulator.switch(empty_alerts=mode)
    window = "startTimeUtc=2019-01-01T00:00:00&endTimeUtc=2019-01-02T00:00:00"
    assert api.v2("tests/alerts?testName=nobody")[0] == with_filter
    status, answer = api.v2(f"tests/alerts?{window}")
    assert status == without
    if status == 200:
        assert answer["data"]["alerts"] == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("nodes/all?name=nobody", "nodes"),
        ("nodes?name=nobody", "nodes"),
        ("nodes/groups?name=nobody", "nodeGroups"),
        ("tests?name=nobody&pageNumber=1", "tests"),
        ("products?name=nobody", "products"),
        ("folders?name=nobody", "folders"),
        ("labels?name=nobody", "labels"),
        ("instances?name=nobody", "instance"),
    ],
)
def test_empty_lists(api: Api, simulator: Running, path: str, name: str) -> None:
    assert api.data(path)[name] == []
    simulator.switch(empty_lists="404_if_filtered")
    status, answer = api.v2(path)
    assert (status, answer["errors"][0]["message"]) == (404, "Nothing matches the filters.")
    assert api.data(f"{path.split('?', maxsplit=1)[0]}?pageNumber=1")[name] != []


def test_alert_members(api: Api, simulator: Running) -> None:
    simulator.switch(alert_members="processing_only")
    alert = api.data("tests/alerts")["alerts"][0]
    assert (alert["reportTime"], alert["startTime"], alert["processingTimestamp"][:16]) == (
        None,
        None,
        "2026-11-23T09:49",
    )
    simulator.switch(alert_members="test_id")
    alert = api.data("tests/alerts")["alerts"][0]
    assert (alert["test"], alert["testId"]) == (None, 81094)


def test_alert_nodes(api: Api, simulator: Running) -> None:
    def nodes(query: str = "") -> list[int]:
        return [one["node"]["id"] for one in api.data(f"tests/alerts?testIds=81102{query}")["alerts"]]

    assert nodes() == [257]
    simulator.switch(alert_nodes="requested")
    assert nodes() == [None]
    assert nodes("&includeNodeDetails=true") == [257]


def test_violations_window(api: Api, simulator: Running) -> None:
    assert len(api.data("slo/violations?sloIds=310")["violations"]) == 1
    simulator.switch(violations_window="all")
    assert len(api.data("slo/violations?sloIds=310")["violations"]) == 2


def test_open_violations(api: Api, simulator: Running) -> None:
    slo = {"id": 5, "name": "S", "tests": [81093], "violations": [{"start": "-20m", "minutes": None, "test_id": 81093}]}
    simulator.control("PUT", "/slo", slo)

    def end() -> object:
        (found,) = api.data("slo/violations?sloIds=5")["violations"]
        assert found["minsInViolation"] == 20
        return found["violationEnd"]

    assert end() == "2026-11-23T10:00:00Z"
    simulator.switch(open_violations="null")
    assert end() is None
    simulator.switch(open_violations="min_date")
    assert end() == "0001-01-01T00:00:00"


def test_error_rows(api: Api, simulator: Running) -> None:
    assert item(api, "tests/errors/raw?testIds=81095")["items"]
    simulator.switch(error_rows="summary")
    found = item(api, "tests/errors/raw?testIds=81095")
    assert found["items"] == []
    assert found["summaryItems"]


def test_outages_envelope(api: Api, simulator: Running) -> None:
    bare = api.v2("iw/outages")[1]
    assert set(bare) == {"outages", "hasMore", "next", "previous"}
    simulator.switch(outages_envelope=True)
    assert api.data("iw/outages") == bare


def test_instance_node(api: Api, simulator: Running) -> None:
    assert {one["node"] for one in api.data("nodes/40212")["nodes"][0]["instances"]} == {None}
    simulator.switch(instance_node="object")
    nodes = [one["node"] for one in api.data("nodes/40212")["nodes"][0]["instances"]]
    assert [(node["id"], node["instances"]) for node in nodes] == [(40212, None)] * 2


@pytest.mark.parametrize(
    ("pattern", "refused", "served"),
    [
        ("slo*", ["slo", "slo/violations"], ["tests/alerts", "tests"]),
        ("tests/alerts,iw/outages", ["tests/alerts", "iw/outages"], ["tests/alerts/x", "slo"]),
        ("POST slo", [], ["slo"]),
        ("GET tests/errors/*", ["tests/errors/raw?testIds=81095"], ["tests"]),
    ],
)
def test_forbidden(api: Api, simulator: Running, pattern: str, refused: list[str], served: list[str]) -> None:
    simulator.switch(forbidden=pattern)
    for path in refused:
        status, answer = api.v2(path)
        assert (status, answer["completed"]) == (403, False)
        assert answer["errors"] == [{"message": "You do not have permission to access this information."}]
    assert {api.v2(path)[0] for path in served} <= {200}


@pytest.mark.parametrize("status", ["404", "200"])
def test_forbidden_status(api: Api, simulator: Running, status: str) -> None:
    simulator.switch(forbidden="tests/alerts", forbidden_tests="81095", forbidden_status=status)
    for path in ("tests/alerts", "tests/81095"):
        got, answer = api.v2(path)
        assert (got, answer["completed"], answer["data"]) == (int(status), False, None)
        assert answer["errors"][0]["message"] == "You do not have permission to access this information."
    assert api.v1("tests/81095") == (int(status), {"Message": "You do not have permission to access this information."})


def test_forbidden_tests(api: Api, simulator: Running) -> None:
    simulator.switch(forbidden_tests=[81095, 81102])
    for path in (
        "tests/81093,81095",
        "tests/explorer/raw?testIds=81093,81095",
        "tests/errors/raw?testIds=81095",
        "tests/errors/raw/81095",
        "tests/alerts?testIds=81095",
        "slo/violations?testIds=81095",
    ):
        assert api.v2(path)[0] == 403
    assert [one["id"] for one in api.data("tests")["tests"]] == [
        one for one in range(81093, 81106) if one not in (81095, 81102)
    ]
    assert {one["test"]["id"] for one in api.data("tests/alerts")["alerts"]} == {81094, 81093}
    assert 81095 not in {row["dimensions"]["Test"] for row in api.rows("tests/errors/raw")}
    assert api.data("slo/violations")["violations"] == []
    assert api.v1("tests/81095")[0] == api.v1("performance/raw?tests=81093,81095")[0] == 403
    assert 81095 not in {one["id"] for one in api.v1("tests")[1]["items"]}
    assert 81095 not in {one["test"]["id"] for one in api.v1("alerts")[1]["alerts"]}
    simulator.switch(forbidden_tests="none")
    assert api.v2("tests/81095")[0] == 200


def paused(api: Api, until: str) -> str | None:
    """The date at which a pause ends."""
    entry = {"testId": 81093, "status": {"id": 0}, "pauseExpiration": until}
    assert api.v2("tests/alert/state", "PATCH", {"tests": [entry]})[0] == 200
    end: str | None = api.data("tests/81093")["tests"][0]["alertsPauseExpiration"]
    return end


def test_pause_expiration(api: Api, simulator: Running) -> None:
    assert paused(api, "11:30") == "2026-11-23T21:30:00Z"
    simulator.switch(pause_expiration="clock")
    assert paused(api, "11:30") == "2026-11-23T11:30:00Z"
    assert paused(api, "00:30") == paused(api, "0:30:00") == "2026-11-24T00:30:00Z"
    entry = {"testId": 81093, "status": {"id": 0}, "pauseExpiration": "1.00:30"}
    assert api.v2("tests/alert/state", "PATCH", {"tests": [entry]})[0] == 400


def test_pause_reads(api: Api, simulator: Running) -> None:
    paused(api, "00:30")
    simulator.control("PUT", "/clock", {"advance": "12m"})
    shown = []
    for mode in ("stated", "remaining", "null"):
        simulator.switch(pause_reads=mode)
        shown.append(api.data("tests/alert/state/81093")["tests"][0]["pauseExpiration"])
    assert shown == ["00:30:00", "00:18:00", None]


def test_pause_date(api: Api, simulator: Running) -> None:
    simulator.switch(pause_date=False)
    assert paused(api, "00:30") is None
    assert api.data("tests/81093")["tests"][0]["alertsPaused"] is True


def ordered(api: Api) -> tuple[int, Any]:
    return api.v2("instanttests/81104", "POST", {"nodesIds": [{"id": 40211}]})


def test_create_status_and_create_id(api: Api, simulator: Running) -> None:
    status, answer = ordered(api)
    assert (status, answer["data"]["id"]) == (200, 118237041)
    simulator.switch(create_status="201", create_id="text")
    status, answer = ordered(api)
    assert (status, answer["data"]["id"]) == (201, "118237042")


def test_instant_polls_and_instant_seconds(api: Api, simulator: Running) -> None:
    def is_there() -> bool:
        return api.data("instanttests/118237041?nodeId=40211")["instantTestRecord"] is not None

    ordered(api)
    simulator.switch(instant_polls=2)
    assert [is_there() for _count in range(4)] == [False, False, True, True]
    simulator.switch(instant_polls=0, instant_seconds=90)
    assert not is_there()
    simulator.control("PUT", "/clock", {"advance": "90s"})
    assert is_there()


def test_instant_pending(api: Api, simulator: Running) -> None:
    ordered(api)
    simulator.switch(instant_pending="404", instant_polls=2)
    assert api.v2("instanttests/118237041?nodeId=40211")[0] == 404
    simulator.switch(instant_pending="completed_false")
    status, answer = api.v2("instanttests/118237041?nodeId=40211")
    assert (status, answer["completed"], answer["data"]) == (200, False, None)
    assert api.data("instanttests/118237041?nodeId=40211")["instantTestRecord"] is not None


def test_instant_status(api: Api, simulator: Running) -> None:
    for mode, words in (("other", ("InProgress", "Done")), ("null", (None, None))):
        simulator.switch(instant_status=mode)
        identifier = ordered(api)[1]["data"]["id"]
        path = f"instanttests/{identifier}?nodeId=40211"
        assert (api.data(path)["instantTestStatus"], api.data(path)["instantTestStatus"]) == words


def test_instant_budget(api: Api, simulator: Running) -> None:
    simulator.switch(instant_budget=1)
    assert [ordered(api)[0] for _count in range(2)] == [200, 400]
    assert simulator.control("GET", "/instant")["runs_charged"] == 1


def test_alerts_shape(api: Api, simulator: Running) -> None:
    assert isinstance(api.data("tests/alerts")["alerts"], list)
    simulator.switch(alerts_shape="object")
    assert api.data("tests/alerts")["alerts"]["test"]["id"] == 81094


def test_chart_envelope(api: Api, simulator: Running) -> None:
    for path in ("88123", "data/88123", "defaultdata/88123"):
        simulator.switch(chart_envelope="on")
        data = api.data(f"tests/explorer/favoritechart/{path}")
        simulator.switch(chart_envelope="off", legend_order="stable")
        bare = api.v2(f"tests/explorer/favoritechart/{path}")[1]
        assert set(bare) == set(data) == {"favoriteCharts", "hasMore", "next", "previous"}


def test_chart_times(api: Api, simulator: Running) -> None:
    def days(query: str) -> int:
        chart = api.data(f"tests/explorer/favoritechart/data/88123?{query}")["favoriteCharts"][0]
        return len({row["dateTime"] for row in chart["detail"]["items"]})

    documented = "startTimeUtc=2026-11-20T00:00:00&endTimeUtc=2026-11-22T00:00:00"
    seen = "start=2026-11-20T00:00:00&end=2026-11-22T00:00:00"
    # Unknown names are ignored: the chart's own seven days are shown, which touch eight days.
    assert (days(documented), days(seen), days("")) == (2, 8, 8)
    simulator.switch(chart_times="start")
    assert (days(documented), days(seen)) == (8, 2)
    simulator.switch(chart_times="both")
    assert (days(documented), days(seen)) == (2, 2)


def test_v1_empty_list(api: Api, simulator: Running) -> None:
    assert api.v1("folders?productId=5") == (204, None)
    simulator.switch(v1_empty_list="page")
    assert api.v1("folders?productId=5") == (200, {"page_number": 1, "has_more": False, "items": []})
    simulator.switch(v1_empty_list="200_empty")
    assert api.v1("folders?productId=5") == (200, None)
    simulator.switch(v1_empty_list="204_with_body")
    # The body that must not be there makes trouble for the next request of the connection.
    parts = urlsplit(simulator.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", "/ui/api/v1/folders?productId=5", headers={"Authorization": f"Bearer {api.login()}"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    connection.close()


def test_v1_empty_list_204_kept_alive(api: Api, simulator: Running) -> None:
    simulator.switch(v1_empty_list="204_kept_alive")
    parts = urlsplit(simulator.url)
    request = f"GET /ui/api/v1/folders?productId=5 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.login()}\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        for _count in range(2):
            # The connection stays open, and the body stands where the next response should begin.
            connection.sendall(request.encode())
            answer = b""
            while not answer.endswith(b'{"items":[]}'):
                answer += connection.recv(4096)
            assert answer.startswith(b"HTTP/1.1 204 ")
            assert b"Connection: close" not in answer
            assert b"Content-Length" not in answer


@pytest.mark.parametrize("mode", ["401", "403", "200"])
def test_v1_bad_token(api: Api, simulator: Running, mode: str) -> None:
    simulator.switch(v1_bad_token=mode)
    api.login()
    simulator.control("DELETE", "/tokens")
    assert api.v1("nodes/257") == (int(mode), {"Message": "Expired token"})


def test_v1_login_refused(api: Api, simulator: Running) -> None:
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    for mode in ("401", "403"):
        simulator.switch(v1_login_refused=mode)
        assert api.post_form(form) == (int(mode), {"Message": "Invalid client credentials"})
    simulator.switch(v1_login_refused="400_oauth")
    status, answer = api.post_form(form)
    assert (status, answer["error"]) == (400, "invalid_client")


def test_page_size_over(api: Api, simulator: Running) -> None:
    assert api.v2("nodes/all?pageSize=101")[0] == 400
    assert api.v1("nodes?pageSize=101")[0] == 400
    simulator.switch(page_size_over="clamp")
    assert len(api.data("nodes/all?pageSize=500")["nodes"]) == 100
    assert len(api.v1("nodes?pageSize=500")[1]["items"]) == 100


def test_next_link(api: Api, simulator: Running) -> None:
    simulator.switch(next_link="absolute")
    assert api.data("nodes/all")["next"] == f"{simulator.url}/api/v2/nodes/all?pageNumber=2&pageSize=100"
    simulator.switch(next_link="null")
    data = api.data("nodes/all")
    assert (data["hasMore"], data["next"]) == (True, None)


def test_error_ids(api: Api, simulator: Running) -> None:
    for mode, identifier in (("string", "404"), ("number", 404), ("null", None)):
        simulator.switch(error_ids=mode)
        assert api.v2("tests/5")[1]["errors"][0]["id"] == identifier
    simulator.switch(error_ids="absent")
    assert api.v2("tests/5")[1]["errors"] == [{"message": "Test id 5 was not found."}]


def test_error_data(api: Api, simulator: Running) -> None:
    assert api.v2("nodes?networkType=0")[1]["data"] is None
    simulator.switch(error_data="object")
    assert api.v2("nodes?networkType=0")[1]["data"] == {}
    # What the vendor's newest client meets.
    simulator.switch(unknown_id="400", error_ids="absent", trace_ids="hex")
    status, answer = api.v2("tests/123")
    assert (status, answer["data"], answer["completed"]) == (400, {}, False)
    assert answer["errors"] == [{"message": "No valid Test found for input '123'."}]
    simulator.switch(error_data="absent")
    assert "data" not in api.v2("nodes?networkType=0")[1]


def test_messages(api: Api, simulator: Running) -> None:
    assert api.v2("divisions")[1]["messages"] == []
    simulator.switch(messages="null")
    assert api.v2("divisions")[1]["messages"] is None


def test_error_shape(api: Api, simulator: Running) -> None:
    simulator.switch(error_shape="problem", unknown_id="404")
    for path, status in (("nodes?networkType=0", 400), ("tests/5", 404)):
        got, headers, body = api.raw("GET", f"/api/v2/{path}", {"Authorization": f"Bearer {simulator.api_key}"})
        problem = json.loads(body)
        assert (got, problem["status"]) == (status, status)
        assert headers["Content-Type"].startswith("application/problem+json")
        assert "errors" not in problem
    assert problem["detail"] == "Test id 5 was not found."
    assert "errors" in api.v2("divisions")[1]


@pytest.mark.parametrize(("mode", "yes", "no"), [("bool", True, False), ("text", "true", "false"), ("number", 1, 0)])
def test_truth_values(api: Api, simulator: Running, mode: str, yes: object, no: object) -> None:
    simulator.switch(truth_values=mode, max_rows=10)
    body = api.v2("nodes/all")[1]
    flags = [body["completed"], body["data"]["hasMore"]]
    flags.append(api.v2("nodes/all?pageNumber=2")[1]["data"]["hasMore"])
    flags.append(api.v2(RAW)[1]["data"]["responseItems"][0]["hasMoreRecords"])
    assert [(type(one), one) for one in flags] == [(type(one), one) for one in (yes, yes, no, yes)]
    assert api.v2("tests/5")[1]["completed"] == no
    assert isinstance(body["data"]["nodes"][0]["isIPv6"], bool)


def test_null_lists(api: Api, simulator: Running) -> None:
    assert api.data("tests?name=nobody")["tests"] == []
    simulator.switch(null_lists=True)
    status, answer = api.v2("tests?name=nobody")
    assert (status, answer["data"]["tests"], answer["errors"]) == (200, None, None)
    found = api.v2(f"tests/explorer/raw?testIds=81100&{HOUR}")[1]["data"]["responseItems"][0]
    assert (found["items"], found["summaryItems"]) == (None, None)
    assert api.v2("tests/81104")[1]["data"]["tests"][0]["labels"] is None


def test_null_members(api: Api, simulator: Running) -> None:
    assert api.data("tests/81096")["tests"][0]["folderId"] is None
    simulator.switch(null_members="omitted")
    assert "folderId" not in api.data("tests/81096")["tests"][0]
    # Values keep their places.
    found = item(api, f"{RAW}&metricIds=79,15")
    assert {len(row["values"]) for row in found["items"]} == {2}
    assert None in found["items"][0]["values"]


@pytest.mark.parametrize(
    ("mode", "pattern"),
    [
        ("kestrel", r"0HN4S3Q2M1C7K:[0-9A-F]{8}"),
        ("hex", r"[0-9a-f]{32}"),
        ("guid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_trace_ids(api: Api, simulator: Running, mode: str, pattern: str) -> None:
    simulator.switch(trace_ids=mode)
    found = [api.v2("divisions")[1]["traceId"] for _count in range(2)]
    assert found[0] != found[1]
    assert all(re.fullmatch(pattern, one) for one in found)


def test_tests_default_status(api: Api, simulator: Running) -> None:
    assert len(api.data("tests")["tests"]) == len(api.v1("tests")[1]["items"]) == 13
    simulator.switch(tests_default_status="active")
    assert len(api.data("tests")["tests"]) == len(api.v1("tests")[1]["items"]) == 12
    assert [test["id"] for test in api.data("tests?statusId=1")["tests"]] == [81101]


def test_name_match(api: Api, simulator: Running) -> None:
    simulator.switch(name_match="exact")
    assert [test["id"] for test in api.data("tests?name=home PAGE".replace(" ", "%20"))["tests"]] == [81093]
    assert api.data("tests?name=home")["tests"] == []


def test_interval_ids(api: Api, simulator: Running) -> None:
    def ids() -> dict[str, int]:
        section = api.data("tests/explorer/enumeration?includeTimeIntervals=true")["sections"][0]
        return {one["name"]: one["id"] for one in section["enumeration"]}

    usual = ids()
    assert (usual["Minutes15"], usual["Day"]) == (6, 9)
    simulator.switch(interval_ids="moved")
    moved = ids()
    assert set(moved) == set(usual)
    assert all(moved[name] != usual[name] for name in usual)
    query = f"tests/explorer/aggregated?testIds=81093&{HOUR}&metricIds=61&timeInterval="
    assert item(api, f"{query}{moved['Minutes15']}")["timeInterval"] == {"id": moved["Minutes15"], "name": "Minutes15"}
    assert len(item(api, f"{query}{moved['Minutes15']}")["items"]) == 4
    # A client that guesses gets another interval.
    guessed = item(api, f"{query}{usual['Minutes15']}")["timeInterval"]["name"]
    assert guessed != "Minutes15"


def test_a_scenario_may_have_its_own_intervals(simulator: Running, api: Api) -> None:
    intervals = [
        {"id": 77, "name": "Minutes5"},
        {"id": 78, "name": "Minutes15"},
        {"id": 79, "name": "Odd", "seconds": 7},
    ]
    simulator.control("PUT", "/scenario", {"extends": "shop", "intervals": intervals})
    section = api.data("tests/explorer/enumeration?includeTimeIntervals=true")["sections"][0]
    assert [one["id"] for one in section["enumeration"]] == [77, 78, 79]
    found = item(api, f"tests/explorer/aggregated?testIds=81093&{HOUR}&metricIds=61&timeInterval=77")
    assert len(found["items"]) == 12


def test_interval_names(api: Api, simulator: Running) -> None:
    simulator.switch(interval_names="words")
    section = api.data("tests/explorer/enumeration?includeTimeIntervals=true")["sections"][0]
    assert {"id": 6, "name": "15 Minutes"} in section["enumeration"]


def test_enumeration_sections(api: Api, simulator: Running) -> None:
    simulator.switch(enumeration_sections="flags")
    names = [one["section"] for one in api.data("tests/explorer/enumeration")["sections"]]
    assert names == ["dimensions", "metrics", "subSourceTypes", "timeIntervals"]


def test_metric_names(api: Api, simulator: Running) -> None:
    simulator.switch(metric_names="internal", legend_order="stable")
    found = item(api, f"{RAW}&metricIds=24,15,39,276")
    assert [entry["name"] for entry in found["metrics"]] == [
        "DnsFailuresCount",
        "% Availability",
        "DocumentCompleteTime",
        "WebPageResponse",
    ]


def test_metric_names_of_charts(api: Api, simulator: Running) -> None:
    def names(path: str) -> list[str]:
        chart = api.data(f"tests/explorer/favoritechart/{path}")["favoriteCharts"][0]
        legend = (
            chart["syntheticMetrics"] if "syntheticMetrics" in chart else chart["detail"]["fields"]["syntheticMetrics"]
        )
        return sorted(one["name"] for one in legend)

    assert names("data/88123") == ["% Availability", "Test Time (ms)"]
    simulator.switch(metric_names="internal")
    assert names("data/88123") == names("88123") == ["AvailabilityPercent", "TestTime"]


def test_dimension_values(api: Api, simulator: Running) -> None:
    aggregated = f"tests/explorer/aggregated?testIds=81093&{HOUR}&dimensionIds=16,85,94&metricIds=61"

    def ids(path: str) -> list[Any]:
        return [one["id"] for one in item(api, path)["items"][0]["dimensions"]]

    assert [one["name"] for one in item(api, aggregated)["items"][0]["dimensions"]] == [
        "Home page",
        "Backbone",
        "https://shop.example.com/",
    ]
    assert ids(aggregated)[:2] == [81093, 0]
    simulator.switch(dimension_values="text")
    assert ids(aggregated)[:2] == ["81093", "0"]
    assert {type(one) for one in ids("tests/errors/raw?testIds=81095")} == {str}


def test_legend_order(api: Api, simulator: Running) -> None:
    def legends() -> list[list[tuple[int, str]]]:
        return [[(one["index"], one["name"]) for one in item(api)["metrics"]] for _count in range(3)]

    first = legends()
    assert len({tuple(one) for one in first}) == 3
    assert all([index for index, _name in one] == list(range(len(one))) for one in first)
    simulator.reset()
    assert legends() == first
    simulator.switch(legend_order="stable")
    stable = legends()
    assert stable[0] == stable[1] == stable[2]
    simulator.switch(legend_order="scrambled")
    scrambled = legends()[0]
    indexes = [index for index, _name in scrambled]
    assert indexes != sorted(indexes) == list(range(len(indexes)))


@pytest.mark.parametrize("order", ["shuffled", "stable", "scrambled"])
def test_values_by_name_do_not_depend_on_the_order(api: Api, simulator: Running, order: str) -> None:
    simulator.switch(legend_order="stable")
    wanted = api.rows(RAW)
    simulator.switch(legend_order=order)
    assert api.rows(RAW) == wanted


def test_row_order(api: Api, simulator: Running) -> None:
    times = [row["dateTime"] for row in item(api)["items"]]
    assert times == sorted(times)
    simulator.switch(row_order="newest_first")
    assert [row["dateTime"] for row in item(api)["items"]] == times[::-1]
    simulator.switch(row_order="shuffled")
    mixed = [row["dateTime"] for row in item(api)["items"]]
    assert mixed != times
    assert sorted(mixed) == times


def test_row_time(api: Api, simulator: Running) -> None:
    times = [row["dateTime"] for row in item(api)["items"]]
    simulator.switch(row_time="reportDate")
    rows = item(api)["items"]
    assert [row["reportDate"] for row in rows] == times
    assert {row["dateTime"] for row in rows} == {None}


def test_run_fractions(api: Api, simulator: Running) -> None:
    times = [row["dateTime"] for row in item(api)["items"]]
    simulator.switch(run_fractions=True)
    exact = [row["dateTime"] for row in item(api)["items"]]
    assert [f"{moment[:19]}Z" for moment in exact] == times
    assert any(len(moment) > 24 for moment in exact)


def test_response_items(api: Api, simulator: Running) -> None:
    query = f"tests/explorer/raw?testIds=81093,81096,81099&{HOUR}"

    def parts() -> list[list[int]]:
        return [
            sorted({row["dimensions"][0]["id"] for row in one["items"]}) for one in api.data(query)["responseItems"]
        ]

    assert parts() == [[81093, 81099], [81096]]
    simulator.switch(response_items="single")
    assert parts() == [[81093, 81096, 81099]]
    simulator.switch(response_items="per_test")
    assert parts() == [[81093], [81096], [81099]]


def test_no_rows(api: Api, simulator: Running) -> None:
    query = f"tests/explorer/raw?testIds=81100&{HOUR}"
    assert item(api, query)["items"] == []
    simulator.switch(no_rows="null_items")
    assert item(api, query)["items"] is None
    simulator.switch(no_rows="no_item")
    assert api.data(query)["responseItems"] == []
    simulator.switch(no_rows="404")
    assert api.v2(query)[0] == 404


def test_extra_rows(api: Api, simulator: Running) -> None:
    rows = api.rows(RAW)
    simulator.switch(extra_rows="duplicate")
    assert api.rows(RAW) == rows + rows
    simulator.switch(extra_rows="other_test")
    found = api.rows(RAW)
    assert found[: len(rows)] == rows
    assert [row["dimensions"]["Test"] for row in found[len(rows) :]] == [1, 1, 1]


def test_window_end(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/test", {"id": 7, "runs": [{"at": "-10m"}, {"at": "-5m"}]})
    query = "tests/explorer/raw?testIds=7&startTimeUtc=2026-11-23T09:50:00&endTimeUtc=2026-11-23T09:55:00"
    assert len(item(api, query)["items"]) == 1
    simulator.switch(window_end="inclusive")
    assert len(item(api, query)["items"]) == 2


def test_inverted_window(api: Api, simulator: Running) -> None:
    query = "tests/explorer/raw?testIds=81093&startTimeUtc=2026-11-23T10:00:00&endTimeUtc=2026-11-23T09:00:00"
    old = "performance/raw?tests=81093&startTime=2026-11-23T10:00:00Z&endTime=2026-11-23T09:00:00Z"
    assert (api.v2(query)[0], api.v1(old)[0]) == (400, 400)
    simulator.switch(inverted_window="empty")
    assert item(api, query)["items"] == []
    assert api.v1(old)[1]["detail"]["items"] == []


def test_unknown_metric(api: Api, simulator: Running) -> None:
    query = f"{RAW}&metricIds=15,9999"
    assert api.v2(query)[0] == 400
    simulator.switch(unknown_metric="ignored")
    assert [entry["name"] for entry in item(api, query)["metrics"]] == ["% Availability"]
    simulator.switch(unknown_metric="null_column")
    assert item(api, query)["items"][0]["values"] == [100.0, None]


def test_failed_timings(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/change", {"test_id": 81093, "at": "-2h", "failure_rate": 1, "error": "Response"})

    def filled() -> set[str]:
        values = api.rows(RAW)[0]["values"]
        return {name for name in ("DNS (ms)", "Wait (ms)", "Test Time (ms)") if values[name] is not None}

    assert filled() == {"DNS (ms)", "Wait (ms)"}
    simulator.switch(failed_timings="null")
    assert filled() == set()
    simulator.switch(failed_timings="full")
    assert filled() == {"DNS (ms)", "Wait (ms)", "Test Time (ms)"}
    assert {row["values"]["% Availability"] for row in api.rows(RAW)} == {0.0}


def test_v1_metrics(api: Api, simulator: Running) -> None:
    def names() -> list[str]:
        return [one["name"] for one in api.v1(V1_RAW)[1]["detail"]["fields"]["synthetic_metrics"]]

    simulator.switch(legend_order="stable")
    current = names()
    assert (len(current), current[-1]) == (68, "Test Time (ms)")
    simulator.switch(v1_metrics="2015")
    old = names()
    assert old == current[:67]
    assert (old[17], old[49], old[56]) == ("Webpage Response (ms)", "% Availability", "# Runs")
    simulator.switch(v1_metrics="june_2015")
    june = names()
    assert (len(june), june[48], june[51]) == (62, "% Availability", "# Runs")


def test_v1_product_id(api: Api, simulator: Running) -> None:
    assert "product_id" not in api.v1("tests?name=checkout")[1]["items"][0]
    simulator.switch(v1_product_id=True)
    assert api.v1("tests?name=checkout")[1]["items"][0]["product_id"] == 31876


def test_v1_error(api: Api, simulator: Running) -> None:
    def kinds() -> set[str]:
        return {type(row["error"]).__name__ for row in api.v1(V1_RAW)[1]["detail"]["items"] if "error" in row}

    assert kinds() == {"str"}
    simulator.switch(v1_error="object")
    assert kinds() == {"dict"}
    simulator.switch(v1_error="off")
    assert kinds() == set()


def test_v1_targeted(api: Api, simulator: Running) -> None:
    assert api.v1("nodes/257")[1]["targeted"] == "True"
    simulator.switch(v1_targeted="bool")
    assert api.v1("nodes/257")[1]["targeted"] is True


def test_v1_nodes_paged(api: Api, simulator: Running) -> None:
    simulator.switch(v1_nodes_paged=False)
    answer = api.v1("nodes")[1]
    assert (answer["has_more"], len(answer["items"])) == (False, 134)


def test_user_agent_block(api: Api, simulator: Running) -> None:
    simulator.switch(user_agent_block="libraries")
    key = {"Authorization": f"Bearer {simulator.api_key}"}
    for agent, wanted in (("python-requests/2.32", 403), ("", 403), ("ansible-community.catchpoint/1.0.0", 200)):
        status, headers, body = api.raw("GET", "/api/v2/divisions", {**key, "User-Agent": agent})
        assert status == wanted
        if status == 403:
            assert headers["Content-Type"].startswith("text/html")
            assert b"error code: 1010" in body


def test_gzip(api: Api, simulator: Running) -> None:
    simulator.switch(gzip=True)
    headers = {"Authorization": f"Bearer {simulator.api_key}", "Accept-Encoding": "gzip, deflate"}
    _status, result, body = api.raw("GET", "/api/v2/nodes/all", headers)
    assert result["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(body))["data"]["nodes"]) == 100
    assert "Content-Encoding" not in api.raw("GET", "/api/v2/divisions", headers)[1]
    assert len(api.data("nodes/all")["nodes"]) == 100


def test_max_rows(api: Api, simulator: Running) -> None:
    simulator.switch(max_rows=10)
    found = item(api)
    assert (len(found["items"]), found["hasMoreRecords"]) == (10, True)
    found = item(
        api, "tests/explorer/raw?testIds=81093&startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T09:05:00"
    )
    assert (len(found["items"]), found["hasMoreRecords"]) == (5, False)
    aggregated = f"tests/explorer/aggregated?testIds=81093,81099&{HOUR}&timeInterval=4&metricIds=61"
    found = item(api, aggregated)
    assert (len(found["items"]), found["hasMoreRecords"]) == (10, True)


def test_max_ids(api: Api, simulator: Running) -> None:
    simulator.switch(max_ids=2)
    assert api.v2("tests/explorer/raw?testIds=81093,81094")[0] == 200
    assert api.v2("tests/explorer/raw?testIds=81093,81094,81095")[0] == 400
    assert api.v2("tests/81093,81094,81095")[0] == 400
    assert api.v1("performance/raw?tests=81093,81094,81099")[0] == 400


def test_max_window_days(api: Api, simulator: Running) -> None:
    simulator.switch(max_window_days=7)
    week = "startTimeUtc=2026-11-16T00:00:00&endTimeUtc=2026-11-23T00:00:00"
    assert api.v2(f"tests/explorer/aggregated?testIds=81100&{week}")[0] == 200
    assert api.v2(f"tests/explorer/aggregated?testIds=81100&{week.replace('16', '15')}")[0] == 400
    assert api.v1("performance/raw?tests=81100&startTime=2026-11-15&endTime=2026-11-23")[0] == 400


def test_max_url(api: Api, simulator: Running) -> None:
    long = ",".join(["81093"] * 1400)
    status, _headers, body = api.raw("GET", f"/api/v2/tests/explorer/raw?testIds={long}")
    assert (status, b"<html" in body) == (414, True)
    simulator.switch(max_url=0)
    assert api.v2(f"tests/explorer/raw?testIds={long}")[0] == 200


def test_moved_interval_ids_are_unique() -> None:
    usual, moved = _model.USUAL_INTERVALS, _model.MOVED_INTERVALS
    assert len({one.id for one in usual}) == len({one.id for one in moved}) == len(usual)
