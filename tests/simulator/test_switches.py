# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches: reading and setting them, and those of lists, objects and connections."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from simulator.service.switches import SWITCHES, SwitchError, Switches
from simulator.start import Running, SimulatorError
from simulator_client import Api


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_has_a_test(name: str) -> None:
    here = Path(__file__).resolve().parent
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(here.glob("test_*.py")))
    assert re.search(rf"switch\([^)]*\b{name}=", tests)


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
    simulator.switch(v1_unknown_id="400")
    for path, kind in (("tests/5", "Test"), ("nodes/5", "Node"), ("performance/favoriteCharts/5", "Favorite chart")):
        assert api.v1(path) == (400, {"Message": f"No valid {kind} found for input '5'."})
    assert api.v1("performance/raw?tests=81093,5") == (400, {"Message": "No valid Test found for input '5'."})
    simulator.switch(v1_unknown_id="403")
    refused = {"Message": "You do not have permission to access this information."}
    assert api.v1("tests/5") == api.v1("performance/raw?tests=81093,5") == (403, refused)


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
    simulator.switch(alert_members="no_test")
    alert = api.data("tests/alerts")["alerts"][0]
    assert (alert["test"], "testId" in alert) == (None, False)
    simulator.switch(alert_members="no_time")
    alert = api.data("tests/alerts")["alerts"][0]
    assert {alert[name] for name in ("reportTime", "startTime", "processingTimestamp")} == {None}


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


def test_event_times(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/scenario", {"extends": "shop", "account_time_zone": "Asia/Tokyo"})

    def times() -> list[str]:
        alert, violation = api.data("tests/alerts")["alerts"][0], api.data("slo/violations")["violations"][0]
        outage = api.v2("iw/outages")[1]["outages"][0]["locations"][0]
        error = api.data("tests/errors/raw")["responseItems"][0]["items"][0]
        return [
            api.v1("alerts")[1]["alerts"][0]["report_time"],
            alert["reportTime"],
            violation["violationStart"],
            outage["startTime"],
            error["dateTime"],
        ]

    in_utc = times()
    simulator.switch(event_times="account")
    for utc, local in zip(in_utc, times()):
        assert (utc[-1], local[-1].isdigit()) == ("Z", True)
        assert datetime.fromisoformat(local[:19]) - datetime.fromisoformat(utc[:19]) == timedelta(hours=9)


def test_alerts_shape(api: Api, simulator: Running) -> None:
    assert isinstance(api.data("tests/alerts")["alerts"], list)
    simulator.switch(alerts_shape="object")
    assert api.data("tests/alerts")["alerts"]["test"]["id"] == 81094


def test_v1_empty_list(api: Api, simulator: Running) -> None:
    assert api.v1("folders?productId=5") == (204, None)
    simulator.switch(v1_empty_list="page")
    assert api.v1("folders?productId=5") == (200, {"page_number": 1, "has_more": False, "items": []})
    simulator.switch(v1_empty_list="200_empty")
    assert api.v1("folders?productId=5") == (200, None)
    simulator.switch(v1_empty_list="204_with_body")
    # The forbidden body breaks the next request of the connection.
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
            # The connection stays open, and the body is read as the start of the next response.
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


def test_tests_default_status(api: Api, simulator: Running) -> None:
    assert len(api.data("tests")["tests"]) == len(api.v1("tests")[1]["items"]) == 13
    simulator.switch(tests_default_status="active")
    assert len(api.data("tests")["tests"]) == len(api.v1("tests")[1]["items"]) == 12
    assert [test["id"] for test in api.data("tests?statusId=1")["tests"]] == [81101]


def test_name_match(api: Api, simulator: Running) -> None:
    simulator.switch(name_match="exact")
    assert [test["id"] for test in api.data("tests?name=home PAGE".replace(" ", "%20"))["tests"]] == [81093]
    assert api.data("tests?name=home")["tests"] == []


def test_v1_product_id(api: Api, simulator: Running) -> None:
    assert "product_id" not in api.v1("tests?name=checkout")[1]["items"][0]
    simulator.switch(v1_product_id=True)
    assert api.v1("tests?name=checkout")[1]["items"][0]["product_id"] == 31876


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
    for agent, expected in (("python-requests/2.32", 403), ("", 403), ("ansible-community.catchpoint/1.0.0", 200)):
        status, headers, body = api.raw("GET", "/api/v2/divisions", {**key, "User-Agent": agent})
        assert status == expected
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


def test_max_url(api: Api, simulator: Running) -> None:
    long = ",".join(["81093"] * 1400)
    status, _headers, body = api.raw("GET", f"/api/v2/tests/explorer/raw?testIds={long}")
    assert (status, b"<html" in body) == (414, True)
    simulator.switch(max_url=0)
    assert api.v2(f"tests/explorer/raw?testIds={long}")[0] == 200
