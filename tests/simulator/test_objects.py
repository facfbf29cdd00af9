# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages, filters and shapes of all endpoints except analytics."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.start import Running
from simulator_client import Api


def pages(api: Api, path: str, name: str) -> list[Any]:
    """Follow `next` to the end."""
    result = []
    while path:
        data = api.data(path)
        result.extend(data[name])
        assert data["hasMore"] == (data["next"] is not None)
        path = (data["next"] or "").replace("/api/v2/", "")
    return result


def test_nodes_all_has_pages_of_100(api: Api) -> None:
    first = api.data("nodes/all")
    assert (len(first["nodes"]), first["hasMore"], first["previous"]) == (100, True, None)
    assert first["next"] == "/api/v2/nodes/all?pageNumber=2&pageSize=100"
    nodes = pages(api, "nodes/all", "nodes")
    assert len(nodes) == len({node["id"] for node in nodes}) == len({node["name"] for node in nodes}) == 134
    assert pages(api, "nodes/all?pageSize=7", "nodes") == nodes


def test_next_keeps_the_filters(api: Api) -> None:
    data = api.data("nodes/all?networkType=0&pageSize=10")
    assert data["next"] == "/api/v2/nodes/all?networkType=0&pageNumber=2&pageSize=10"
    nodes = pages(api, "nodes/all?networkType=0&pageSize=10", "nodes")
    assert {node["networkType"]["name"] for node in nodes} == {"Backbone"}
    assert len(nodes) > 20


@pytest.mark.parametrize(
    ("query", "check"),
    [
        ("name=york", lambda node: "york" in node["name"].lower()),
        ("active=false", lambda node: node["status"] == {"id": 1, "name": "Inactive"}),
        ("ipv6=true", lambda node: node["isIPv6"]),
        ("targeted=false", lambda node: not node["isTargeted"]),
        ("city=london", lambda node: node["city"]["name"] == "London"),
        ("country=Germany", lambda node: node["country"]["id"] == 81),
        ("asn=level3", lambda node: node["asn"]["name"] == "LEVEL3"),
        ("asNumber=3356", lambda node: node["asn"]["id"] == 3356),
        ("networkType=4", lambda node: node["id"] in (40211, 40212, 40213)),
    ],
)
def test_filters_of_nodes(api: Api, query: str, check: Any) -> None:
    every = pages(api, "nodes/all", "nodes")
    found = pages(api, f"nodes/all?{query}", "nodes")
    assert 0 < len(found) < len(every)
    assert found == [node for node in every if check(node)]


def test_paused_nodes(api: Api) -> None:
    ids = {node["id"] for node in pages(api, "nodes/all?paused=true", "nodes")}
    assert {311, 40214} <= ids
    assert 257 not in ids


def test_nodes_lists_enterprise_nodes_only(api: Api) -> None:
    nodes = api.data("nodes")["nodes"]
    assert [node["id"] for node in nodes] == [40211, 40212, 40214]
    assert (nodes[0]["latitude"], nodes[0]["longitude"]) == ("40.7128", "-74.0060")
    everywhere = {node["id"]: node for node in pages(api, "nodes/all", "nodes")}
    assert everywhere[40211]["latitude"] == 40.7128
    assert [node["id"] for node in api.data("nodes?statusId=1")["nodes"]] == [40213]
    assert api.v2("nodes?networkType=0")[0] == 400
    status, answer = api.v2("nodes/40211,257")
    assert (status, answer["completed"]) == (200, False)
    assert [node["id"] for node in answer["data"]["nodes"]] == [40211]
    assert answer["errors"] == [{"id": "404", "message": "Node id 257 was not found."}]


def test_node_groups(api: Api) -> None:
    groups = api.data("nodes/groups")["nodeGroups"]
    assert [group["id"] for group in groups] == [551, 552, 553]
    assert [node["id"] for node in groups[0]["nodes"]] == [81, 17]
    assert [group["id"] for group in api.data("nodes/groups?nodeId=257")["nodeGroups"]] == [552]
    assert api.data("nodes/groups/553")["nodeGroups"][0]["nodesCount"] == 4


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("name=home", [81093, 81105]),
        ("typeIds=9", [81096, 81104]),
        ("typeIds=5,6", [81097, 81098]),
        ("statusId=1", [81101]),
        ("productIds=31878", [81101]),
        ("parentFolderIds=7421", [81095, 81102]),
        ("url=https://shop.example.com/search", [81099]),
        ("labelKeyIds=78", [81093, 81094, 81095, 81099]),
        ("labelValueIds=411,412", [81095, 81097, 81098]),
        ("monitorIds=8", [81098]),
        ("maximumFrequencyMinutes=5&productIds=31877", [81097, 81098, 81103, 81104]),
        ("name=home&typeIds=9", []),
        ("nonsense=1&Name=home", None),
    ],
)
def test_filters_of_tests(api: Api, query: str, ids: Any) -> None:
    found = [test["id"] for test in api.data(f"tests?{query}")["tests"]]
    # Unknown parameters, or those in another case, are ignored silently.
    assert found == (list(range(81093, 81106)) if ids is None else ids)


def test_sections_of_tests_are_included_on_request(api: Api) -> None:
    short = api.data("tests?name=checkout")["tests"][0]
    assert "scheduleSettings" not in short
    wide = api.data("tests?name=checkout&includeTargeting=true")["tests"][0]
    assert wide["scheduleSettings"]["frequency"] == {"id": 2, "name": "5 Minutes"}
    whole = api.data("tests/81095")["tests"][0]
    assert [node["id"] for node in whole["scheduleSettings"]["nodes"]] == [257, 81, 28, 134, 171]
    assert whole["labels"][0] == {"id": 77, "name": "team", "color": "#00A0DF", "values": ["payment"]}


def test_products_folders_labels_divisions_identity(api: Api) -> None:
    assert [one["id"] for one in api.data("products")["products"]] == [31876, 31877]
    assert [one["id"] for one in api.data("products?statusId=1")["products"]] == [31878]
    assert [one["id"] for one in api.data("folders?parentFolderIds=7421")["folders"]] == [7423]
    label = api.data("labels?name=team")["labels"][0]
    assert [value["name"] for value in label["labelValues"]] == ["web", "payment", "network"]
    assert {"objectType": {"id": 32, "name": "Test"}, "objectId": 81093} in label["labelValues"][0]["associatedObjects"]
    assert api.data("labels/77")["labels"] == [label]
    assert api.data("divisions")["divisions"][0]["id"] == 1157
    assert api.data("useridentity")["contact_email"] == "oncall@example.com"


def test_alerts(api: Api, simulator: Running) -> None:
    alerts = api.data("tests/alerts")["alerts"]
    assert [alert["test"]["id"] for alert in alerts] == [81094, 81102, 81095, 81093]
    assert alerts[1]["node"] == {"id": 257, "name": "New York, US - Level3"}
    assert alerts[0]["reportTime"] == "2026-11-23T09:48:00Z"
    assert [a["id"] for a in api.data("tests/alerts?levelId=0")["alerts"]] == [alerts[0]["id"]]
    window = "startTimeUtc=2026-11-20T00:00:00&endTimeUtc=2026-11-21T00:00:00"
    assert [a["test"]["id"] for a in api.data(f"tests/alerts?{window}&testIds=81095")["alerts"]] == [81095]
    assert api.v2("tests/alerts?startTimeUtc=2026-11-20T00:00:00")[0] == 400
    assert api.data(f"tests/alerts/{alerts[2]['id']}")["alerts"] == [alerts[2]]
    result = simulator.control("PUT", "/alert", {"test_id": 81099, "at": "now"})
    assert api.data("tests/alerts?testIds=81099")["alerts"][0]["id"] == result["id"]


def test_slos_and_their_violations(api: Api) -> None:
    assert [one["id"] for one in api.data("slo")["slos"]] == [310, 311]
    assert [one["id"] for one in api.data("slo?metricType=89")["slos"]] == [311]
    last_day = api.data("slo/violations")["violations"]
    assert [(one["sloId"], one["minsInViolation"]) for one in last_day] == [(310, 11)]
    week = api.data("slo/violations?startTime=2026-11-16T00:00:00&endTime=2026-11-23T09:00:00")["violations"]
    assert [one["minsInViolation"] for one in week] == [31]
    assert api.data("slo/violations?testIds=81093")["violations"] == []


@pytest.mark.parametrize("version", ["v2", "v3", "v3.3", "v4", "v12.5"])
def test_later_versions_respond_alike(api: Api, version: str) -> None:
    assert api.data("divisions", version)["divisions"][0]["name"] == "Default"
    assert (api.data("nodes/all", version)["next"] or "").startswith(f"/api/{version}/nodes/all")


@pytest.mark.parametrize("path", ["/api/v1/tests", "/api/v2/nope", "/api/v2", "/api/vX/tests", "/nope", "/"])
def test_unknown_paths_get_404(api: Api, simulator: Running, path: str) -> None:
    assert api.raw("GET", path, {"Authorization": f"Bearer {simulator.api_key}"})[0] == 404


def test_a_trailing_slash_is_ignored(api: Api) -> None:
    assert api.data("tests/")["tests"] == api.data("tests")["tests"]


@pytest.mark.parametrize(
    "path",
    [
        "nodes/all?pageNumber=0",
        "nodes/all?pageSize=0",
        "nodes/all?pageNumber=x",
        "nodes/all?active=maybe",
        "nodes/x",
        "tests?typeIds=a,b",
        "tests/explorer/favoritechart/88123,88124",
    ],
)
def test_wrong_values_are_refused(api: Api, path: str) -> None:
    status, answer = api.v2(path)
    assert (status, answer["completed"], answer["data"]) == (400, False, None)
    assert answer["errors"][0]["message"]


def test_the_envelope_has_usage_limits(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "vendor")
    simulator.control("DELETE", "/limits")
    api.v2("divisions")
    answer = api.v2("divisions")[1]
    usage = answer["usageLimits"]
    assert usage["limits"] == {"minute": 20, "hour": 500, "day": 2000}
    assert usage["runs"] == {"minute": 2, "hour": 2, "day": 2}
    assert usage["lastRequestTimestamp"] == "2026-11-23T10:00:00Z"
    assert usage["divisionUsageStatistics"][0]["consumerStatistics"][0]["consumerId"] == 903
    assert answer["messages"] == []
    assert answer["traceId"].startswith("0HN4S3Q2M1C7K:")


def test_v1_lists(api: Api) -> None:
    first = api.v1("nodes")[1]
    assert (first["page_number"], first["has_more"], len(first["items"])) == (1, True, 100)
    second = api.v1("nodes?pageNumber=2")[1]
    assert (second["page_number"], second["has_more"], len(second["items"])) == (2, False, 34)
    assert api.v1("nodes?pageNumber=3") == (204, None)
    assert len(api.v1("nodes?targeted=false")[1]["items"]) > 10
    assert [one["id"] for one in api.v1("tests?name=home")[1]["items"]] == [81093, 81105]
    assert [one["id"] for one in api.v1("tests?typeId=9&statusId=0")[1]["items"]] == [81096, 81104]
    assert [one["id"] for one in api.v1("products")[1]["items"]] == [31876, 31877, 31878]
    assert [one["id"] for one in api.v1("folders?productId=31876")[1]["items"]] == [7421, 7422, 7423]
    assert [one["id"] for one in api.v1("nodeGroups")[1]["items"]] == [551, 552, 553]
    assert api.v1("divisions")[1]["items"] == [{"id": 1157, "name": "Default"}]
    assert [one["name"] for one in api.v1("performance/favoriteCharts")[1]["items"]][
        1
    ] == "Home page by country and city"


def test_v1_objects(api: Api) -> None:
    assert api.v1("nodes/257") == (
        200,
        {
            "id": 257,
            "name": "New York, US - Level3",
            "status": {"id": 0, "name": "Active"},
            "network_type": {"id": 0, "name": "Backbone"},
            "ip_ranges": "203.0.113.168/29",
            "isp": {"id": 5, "name": "Level3"},
            "asn": {"value": "AS3356", "name": "LEVEL3"},
            "city": {"id": 2, "name": "New York"},
            "region": {"id": 33, "name": "New York"},
            "country": {"id": 224, "name": "United States"},
            "continent": {"id": 1, "name": "North America"},
            "targeted": "True",
            "coordinates": {"latitude": 40.7128, "longitude": -74.006},
        },
    )
    test = api.v1("tests/81095")[1]
    assert (test["test_type"], test["status"]["name"]) == ({"id": 27, "name": "Transaction"}, "Active")
    assert test["start"] == "01/01/2020 12:00:00 AM"
    assert api.v1("products/31876")[1]["name"] == "Web shop"
    assert api.v1("folders/7423")[1]["parent_folder_id"] == 7421
    assert [node["id"] for node in api.v1("nodeGroups/551")[1]["nodes"]] == [81, 17]
    chart = api.v1("performance/favoriteCharts/88124")[1]
    assert (chart["breakdown_1"], chart["breakdown_2"]) == ({"id": 11, "name": "Country"}, {"id": 4, "name": "City"})
    for path in ("nodes/5", "tests/5", "products/5", "folders/5", "nodeGroups/5", "performance/favoriteCharts/5"):
        status, answer = api.v1(path)
        assert (status, set(answer)) == (404, {"Message"})
    assert api.v1("nope")[0] == 404


def test_v1_alerts(api: Api) -> None:
    answer = api.v1("alerts?pageSize=2")[1]
    assert (answer["has_more"], answer["start"], len(answer["alerts"])) == (True, "2026-11-22T10:00:00Z", 2)
    assert answer["alerts"][0] == {
        "report_time": "2026-11-23T09:48:00Z",
        "level": {"id": 0, "name": "Warning"},
        "test": {"id": 81094, "name": "Product page"},
        "alert_type": {"id": 7, "name": "ResponseTime"},
    }
    assert api.v1("alerts?startTime=2019-01-01&endTime=2019-01-02") == (204, None)
