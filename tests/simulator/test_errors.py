# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recent errors, Internet outages, and the instances of enterprise nodes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from simulator.start import Running
from simulator_client import Api

WINDOW = "startTimeUtc=2026-11-23T08:00:00&endTimeUtc=2026-11-23T10:00:00"


def item(api: Api, path: str) -> Any:
    (found,) = api.data(path)["responseItems"]
    return found


def test_errors_agree_with_the_failed_runs(api: Api) -> None:
    raw = api.rows(f"tests/explorer/raw?testIds=81095&{WINDOW}&metricIds=15&dimensionIds=16,1,41")
    failed = [row for row in raw if row["values"]["% Availability"] == 0]
    errors = api.rows(f"tests/errors/raw?testIds=81095&{WINDOW}")
    assert [(row["time"], row["dimensions"]) for row in errors] == [(row["time"], row["dimensions"]) for row in failed]
    assert {row["values"]["# Errors"] for row in errors} == {1.0}
    summary = item(api, f"tests/errors/raw?testIds=81095&{WINDOW}")["summaryItems"]
    counted = Counter(row["dimensions"]["ErrorType"] for row in failed)
    assert {one["dimensions"][0]["id"]: one["values"][0] for one in summary} == counted
    assert {one["dimensions"][0]["type"]["id"] for one in summary} == {41}


def test_errors_default_to_all_tests_in_three_hours(api: Api) -> None:
    found = item(api, "tests/errors/raw")
    assert (found["startTimeUtc"], found["endTimeUtc"]) == ("2026-11-23T07:00:00Z", "2026-11-23T10:00:00Z")
    tests = {row["dimensions"]["Test"] for row in api.rows("tests/errors/raw")}
    assert {81095, 81102, 81105} <= tests
    assert {81093, 81100} & tests == set()
    by_id = api.rows("tests/errors/raw/81095,81102?startTimeUtc=2020-01-01T00:00:00")
    assert by_id == api.rows("tests/errors/raw?testIds=81095,81102")


def test_filters_of_errors(api: Api) -> None:
    def kinds(query: str) -> set[int]:
        return {row["dimensions"]["ErrorType"] for row in api.rows(f"tests/errors/raw?{query}")}

    assert kinds("testIds=81102") == {2}
    assert kinds("errorTypes=2") == {2}
    assert kinds("testIds=81102&errorTypes=1,3") == set()
    assert {row["dimensions"]["Test"] for row in api.rows("tests/errors/raw?testTypeId=27")} == {81095}
    assert api.rows("tests/errors/raw?testIds=81095&ips=192.0.2.1") == []
    hours = api.rows(f"tests/errors/raw?testIds=81095&{WINDOW}&timeInterval=8")
    assert {row["time"] for row in hours} == {"2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"}
    assert sum(row["values"]["# Errors"] for row in hours) == len(api.rows(f"tests/errors/raw?testIds=81095&{WINDOW}"))


def test_errors_come_in_pages_of_up_to_200(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/change", {"test_id": 81093, "at": "-3h", "failure_rate": 1, "error": "SSL"})
    path = "tests/errors/raw?testIds=81093"
    first, second = api.data(path), api.data(f"{path}&pageNumber=2")
    assert [len(data["responseItems"][0]["items"]) for data in (first, second)] == [100, 80]
    assert (first["hasMore"], second["hasMore"]) == (True, False)
    # The sums are those of the whole window on every page.
    assert {data["responseItems"][0]["summaryItems"][0]["values"][0] for data in (first, second)} == {180.0}
    assert len(item(api, f"{path}&pageSize=200")["items"]) == 180
    assert api.v2(f"{path}&pageSize=201")[0] == 400


def test_a_window_without_errors(api: Api, simulator: Running) -> None:
    assert item(api, "tests/errors/raw?testIds=81093&errorTypes=1")["items"] == []
    simulator.switch(no_rows="null_items")
    assert item(api, "tests/errors/raw?testIds=81093&errorTypes=1")["summaryItems"] is None
    simulator.switch(no_rows="no_item")
    assert api.data("tests/errors/raw?testIds=81093&errorTypes=1")["responseItems"] == []
    simulator.switch(no_rows="404")
    assert api.v2("tests/errors/raw?testIds=81093&errorTypes=1")[0] == 404


def test_outages(api: Api, simulator: Running) -> None:
    def services(query: str = "") -> list[str]:
        return [one["serviceName"] for one in api.v2(f"iw/outages?{query}")[1]["outages"]]

    (found,) = api.v2("iw/outages")[1]["outages"]
    assert found == {
        "serviceId": 118,
        "serviceName": "Example CDN",
        "locations": [
            {
                "startTime": "2026-11-23T09:20:00Z",
                "endTime": None,
                "ongoing": True,
                "city": "Paris",
                "country": "France",
                "region": "Ile-de-France",
                "errorTypes": [{"id": 2, "name": "Connection"}, {"id": 6, "name": "Timeout"}],
            }
        ],
    }
    day = "startTimeUtc=2026-11-22T10:00:00&endTimeUtc=2026-11-23T10:00:00"
    assert services(day) == ["Example CDN", "Example DNS"]
    assert services(f"{day}&ongoing=true") == ["Example CDN"]
    assert services(f"{day}&country=germany") == services(f"{day}&serviceName=dns") == ["Example DNS"]
    assert services(f"{day}&city=Lima") == []
    simulator.control("PUT", "/outage", {"service": "Example Cloud", "city": "Dallas", "minutes": 30})
    assert services("region=texas") == ["Example Cloud"]


def test_instances_of_enterprise_nodes(api: Api) -> None:
    (node,) = api.data("nodes/40212")["nodes"]
    assert (node["instanceCount"], node["activeInstanceCount"]) == (2, 1)
    names = ["agent-40212-1.example.net", "agent-40212-2.example.net"]
    assert [one["hostName"] for one in node["instances"]] == names
    data = api.data("instances?nodeId=40212")
    assert [(one["hostName"], one["node"]["name"]) for one in data["instance"]] == [
        (name, "Berlin Office Enterprise") for name in names
    ]
    assert [one["hostName"] for one in api.data("instances?nodeId=40212&statusId=1")["instance"]] == names[1:]
    assert [one["hostName"] for one in api.data("instances?name=40211")["instance"]] == ["agent-40211.example.net"]
    every = [one["id"] for one in api.data("instances")["instance"]]
    assert len(every) == len(set(every)) == 5
    assert api.data("instances/40212") == api.data("nodes/40212")
