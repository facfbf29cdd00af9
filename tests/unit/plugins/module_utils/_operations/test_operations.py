# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of the plugins, from options to result: those of v1 and v2 are equal, key by key."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    CatchpointError,
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations import (
    favorite_info,
    node_group_info,
    node_info,
    tests_data,
    tests_info,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.mutations import mutations
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import (
    BERLIN,
    CART,
    HAMBURG,
    OSLO,
    SHOP,
    Place,
    Run,
    enumeration,
    named,
    stored,
    v1_legend,
    v1_list,
    v1_node,
    v1_table,
    v2_list,
    v2_node,
    v2_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    NOON,
    Asked,
    Exchange,
    Talk,
    asks,
    page,
    refused,
)

Opens = Callable[..., Talk]


def options(operation: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """The options as AnsibleModule returns them: converted, checked, with defaults."""
    given = {name: value for name, value in given.items() if value is not None}
    checked = ArgumentSpecValidator(operation.arguments, **operation.rules).validate(given)
    assert checked.error_messages == []
    result: dict[str, Any] = checked.validated_parameters
    return result


def ask(operation: Operation, opened: Talk, **given: Any) -> Any:
    result = operation.run(opened.client, options(operation, given))
    json.dumps(result)
    return result


def raw_v1(ids: str = "51007", start: str = "2026-11-23T11:00:00Z", end: str = "2026-11-23T12:00:00Z") -> Asked:
    return asks("/performance/raw", tests=ids, startTime=start, endTime=end)


def raw_v2(
    ids: str = "51007", start: str = "2026-11-23T11:00:00", end: str = "2026-11-23T12:00:00", **more: Any
) -> Asked:
    times = {"startTimeUtc": start, "endTimeUtc": end}
    return asks("/tests/explorer/raw", testIds=ids, **times, dimensionIds="16,1,2,7", **more, availabilityFilter=2)


def points_v1(interval: str, start: str, end: str = "2026-11-23T12:00:00Z") -> Asked:
    return asks("/performance/aggregated", tests="51007", startTime=start, endTime=end, aggregationType=interval)


def points_v2(
    interval: int, start: str, end: str = "2026-11-23T12:00:00", dimensions: str = "16", **more: Any
) -> Asked:
    times = {"startTimeUtc": start, "endTimeUtc": end}
    return asks(
        "/tests/explorer/aggregated",
        testIds="51007", **times, dimensionIds=dimensions, **more, availabilityFilter=2, timeInterval=interval,
    )  # fmt: skip


def enumerated() -> Exchange:
    numbers = enumeration(
        {4: "Minutes5", 6: "Minutes15", 9: "Day"}, {15: "% Availability", 61: "# Runs", 89: "Test Time (ms)"}
    )
    return asks("/tests/explorer/enumeration", includeTimeIntervals="true", includeMetrics="true").gets(numbers)


# Test data

RUNS = (
    Run("11:05:00", (1100.0, 100.0, 1.0), place=BERLIN),
    Run("11:15:00", (None, 0.0, 1.0), place=OSLO),
    Run("11:25:00", (1300.0, 100.0, 1.0), place=HAMBURG),
    Run("11:35:00", (900.0, 100.0, 1.0), place=BERLIN),
)


def statistics(label: str, unit: str, samples: int, **values: Any) -> dict[str, Any]:
    names = ("mean", "median", "p75", "p90", "p95", "p99", "min", "max", "latest")
    return {"label": label, "unit": unit, "samples": samples, **dict.fromkeys(names), **values}


def test_result_of_one_test(talk: Opens) -> None:
    opened = talk(v2, raw_v2().gets(v2_table(*RUNS)), server_offset=60.0)
    (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], metrics=None)["tests"]
    metrics = result.pop("metrics")
    assert result == {
        "test_id": 51007,
        "test_name": "Shop front",
        "window": {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T12:00:00Z"},
        "complete": True,
        "run_count": 4,
        "failed_count": 1,
        "availability": 75.0,
        "age_seconds": 1560,  # by the service's clock, which is a minute ahead
        "latest": {
            "time": "2026-11-23T11:35:00Z",
            "node": "Berlin, DE - Telekom",
            "city": "Berlin",
            "country": "Germany",
            "failed": False,
            "metrics": {"test_time": 900.0, "availability": 100.0, "runs": 1.0},
        },
    }
    assert metrics["test_time"] == statistics(
        "Test Time (ms)", "ms", 3, mean=1100.0, median=1100.0, min=900.0, max=1300.0, latest=900.0
    )
    assert list(metrics) == ["test_time", "availability", "runs"]


def test_a_test_without_runs(talk: Opens) -> None:
    empty = {
        "test_id": 51007,
        "test_name": None,
        "window": {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T12:00:00Z"},
        "complete": True,
        "run_count": 0,
        "failed_count": 0,
        "availability": None,
        "age_seconds": None,
        "latest": None,
        "metrics": {},
        "runs": [],
    }
    opened = talk(v1, raw_v1().gets(None))
    assert ask(tests_data.OPERATION, opened, test_ids=[51007], include_runs=True)["tests"] == [empty]
    opened = talk(v2, raw_v2().gets(v2_list("responseItems")))
    assert ask(tests_data.OPERATION, opened, test_ids=[51007], include_runs=True)["tests"] == [empty]


def test_a_test_without_runs_does_not_get_metrics_of_other_tests(talk: Opens) -> None:
    opened = talk(v2, raw_v2("51007,3").gets(v2_table(*RUNS)))
    shop, third = ask(tests_data.OPERATION, opened, test_ids=[51007, 3])["tests"]
    assert (list(shop["metrics"]), third["metrics"]) == (["test_time", "availability", "runs"], {})


@pytest.mark.parametrize(
    ("zone", "runs", "warned"),
    [
        (
            "Eastern Standard Time",
            (),
            "The service says that it used Eastern Standard Time; set the API consumer's time zone to UTC",
        ),
        ("Eastern Standard Time", (Run("03:00:00"),), "Dropped 1 row outside the requested window"),
        ("Eastern Standard Time", (Run("11:30:00"),), ""),
        ("UTC", (), ""),
    ],
)
def test_an_empty_result_of_another_time_zone_warns(talk: Opens, zone: str, runs: tuple[Run, ...], warned: str) -> None:
    """West of UTC, the last hour is yet to come for a service that reads it in the account's zone."""
    opened = talk(v1, raw_v1().gets(v1_table(*runs, timezone={"id": 0, "name": zone})))
    ask(tests_data.OPERATION, opened, test_ids=[51007])
    assert [warned in text for text in opened.warnings] == [True] * bool(warned)


def test_requested_metrics_are_returned_without_runs(talk: Opens) -> None:
    expected = {"test_time": statistics("test_time", "ms", 0)}
    for opened in (
        talk(v1, raw_v1().gets(None)),
        talk(v2, enumerated(), raw_v2(metricIds="89,15,61").gets(v2_list("responseItems"))),
    ):
        (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], metrics=["test_time"])["tests"]
        assert result["metrics"] == expected


def test_runs_have_the_requested_metrics(talk: Opens) -> None:
    for opened in (
        talk(v1, raw_v1().gets(v1_table(*RUNS))),
        talk(v2, enumerated(), raw_v2(metricIds="89,15,61").gets(v2_table(*RUNS))),
    ):
        (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], metrics=["Test Time (ms)"], include_runs=True)[
            "tests"
        ]
        assert (result["run_count"], result["availability"]) == (4, 75.0)
        assert [run["metrics"] for run in result["runs"]] == [
            {"test_time": value} for value in (1100.0, None, 1300.0, 900.0)
        ]
        assert [run["failed"] for run in result["runs"]] == [False, True, False, False]


def test_tests_are_in_the_order_of_their_ids_each_with_its_own_metrics(talk: Opens) -> None:
    web = v1_table(*RUNS)
    dns = v1_table(Run("11:05:00", (14.0, 100.0), CART), legend=("DNS (ms)", "% Availability"))
    opened = talk(
        v1,
        raw_v1("51008,51007").gets(refused(200, "All tests must be of the same type.")),
        asks("/tests/51008").gets({"id": 51008, "type": {"id": 5, "name": "Dns"}}),
        asks("/tests/51007").gets({"id": 51007, "type": {"id": 0, "name": "Web"}}),
        raw_v1("51008").gets(dns),
        raw_v1("51007").gets(web),
    )
    results = ask(tests_data.OPERATION, opened, test_ids=[51008, 51007, 51008])["tests"]
    assert [(result["test_id"], set(result["metrics"])) for result in results] == [
        (51008, {"availability", "dns"}),
        (51007, {"availability", "test_time", "runs"}),
    ]


def test_missing_test_ids_are_refused(talk: Opens) -> None:
    with pytest.raises(OptionError, match="test_ids is empty"):
        ask(tests_data.OPERATION, talk(v2), test_ids=[])


def test_unknown_tests(talk: Opens) -> None:
    opened = talk(
        v2,
        raw_v2("51007,5").gets(refused(200, "Test 5 was not found.")),
        raw_v2("5").gets(refused(200, "Test 5 was not found.")),
        raw_v2("51007").gets(v2_table(*RUNS)),
    )
    with pytest.raises(NotFoundError, match="Test 5 does not exist, or the credentials may not see it"):
        ask(tests_data.OPERATION, opened, test_ids=[51007, 5])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T10:00:00Z"}, "must be before end"),
        ({"tz": "Mars/Olympus"}, "not a known time zone"),
        ({"tz": "UTC+3"}, "not a known time zone"),
        ({"start": "2026-11-24T00:00:00Z"}, "is in the future"),
        ({"start": "2026-11-23T10:00:00"}, "no UTC offset"),
        ({"start": "60"}, "Write -60 for 60 minutes before end"),
        ({"end": "later"}, "is not a time"),
        ({"interval": "soon"}, "interval is 'soon'"),
    ],
)
@pytest.mark.parametrize("wire", [v1, v2])
def test_options_are_checked_before_any_request(talk: Opens, wire: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        ask(tests_data.OPERATION, talk(wire), test_ids=[51007], **given)


def test_windows(talk: Opens) -> None:
    opened = talk(
        v2,
        raw_v2(start="2026-11-23T08:00:00", end="2026-11-23T09:00:00").gets(v2_table()),
        raw_v2(start="2026-11-23T11:55:00").gets(v2_table()),
    )
    (result,) = ask(
        tests_data.OPERATION,
        opened,
        test_ids=[51007],
        start="2026-11-23 09:00",
        end="2026-11-23T10:00:00",
        tz="Europe/Berlin",
    )["tests"]
    assert result["window"] == {"start": "2026-11-23T08:00:00Z", "end": "2026-11-23T09:00:00Z"}
    ask(tests_data.OPERATION, opened, test_ids=[51007], start=-5, tz=None)


def test_windows_without_a_start_are_an_hour_of_runs_and_a_day_of_intervals(talk: Opens) -> None:
    opened = talk(v1, raw_v1().gets(None), points_v1("Day", "2026-11-22T12:00:00Z").gets(None))
    ask(tests_data.OPERATION, opened, test_ids=[51007])
    ask(tests_data.OPERATION, opened, test_ids=[51007], interval="day")


def test_truncated_data_is_marked_incomplete(talk: Opens) -> None:
    minute = {"start": "2026-11-23T11:59:00", "end": "2026-11-23T12:00:00"}
    opened = talk(v2, raw_v2(**minute).gets(v2_table(Run("11:59:30"), cut=True)))
    (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], start=-1)["tests"]
    assert (result["complete"], result["run_count"], len(opened.warnings)) == (False, 1, 1)


# Aggregated data

POINTS = (
    Run("11:00:00", (1000.0, 100.0, 1.0)),
    Run("11:15:00", (2000.0, 66.6667, 3.0)),
)


@pytest.mark.parametrize("metrics", [None, ["test_time"]])
def test_aggregated_data(talk: Opens, metrics: Any) -> None:
    """The number of runs and their availability are returned with every choice of metrics."""
    ids = {"metricIds": "89,15,61"} if metrics else {}
    start = "2026-11-23T11:00:00"
    for opened in (
        talk(v1, points_v1("Minutes15", f"{start}Z").gets(v1_table(*POINTS, by=None))),
        talk(v2, enumerated(), points_v2(6, start, **ids).gets(v2_table(*POINTS, by=["test"]))),
    ):
        (result,) = ask(
            tests_data.OPERATION, opened, test_ids=[51007], interval="Minutes15", start=-60, metrics=metrics
        )["tests"]
        assert (result["run_count"], result["failed_count"], result["availability"]) == (4, 1, 75.0)
        assert result["metrics"]["test_time"] == statistics(
            "Test Time (ms)", "ms", 2, mean=1750.0, min=1000.0, max=2000.0, latest=2000.0
        )
        assert set(result["metrics"]) == ({"test_time"} if metrics else {"test_time", "availability", "runs"})
        assert [(point["time"], point["metrics"]["test_time"]) for point in result["points"]] == [
            ("2026-11-23T11:00:00Z", 1000.0),
            ("2026-11-23T11:15:00Z", 2000.0),
        ]
        assert set(result["points"][0]) == {"time", "node", "node_id", "city", "country", "metrics"}
        assert "runs" not in result
        assert result["age_seconds"] == 1800  # since the end of the newest step


@pytest.mark.parametrize(
    ("breakdown", "dimensions", "names"),
    [
        ("node", "16,1", ["Berlin, DE - Telekom", "Oslo, NO - Telia"]),
        ("city", "16,2", ["Berlin", "Oslo"]),
        ("country", "16,7", ["Germany", "Norway"]),
    ],
)
def test_aggregated_data_by_place(talk: Opens, breakdown: str, dimensions: str, names: list[str]) -> None:
    points = (*POINTS, Run("11:15:00", (4000.0, 50.0, 2.0), place=OSLO))
    opened = talk(
        v2,
        enumerated(),
        points_v2(6, "2026-11-23T11:00:00", dimensions=dimensions).gets(v2_table(*points, by=["test", breakdown])),
    )
    (result,) = ask(
        tests_data.OPERATION, opened, test_ids=[51007], interval="15 minutes", start=-60, breakdown=breakdown
    )["tests"]
    assert list(result["by_location"]) == names
    assert [place["run_count"] for place in result["by_location"].values()] == [4, 2]
    assert [place["metrics"]["test_time"]["mean"] for place in result["by_location"].values()] == [1750.0, 4000.0]
    assert (result["run_count"], len(result["points"])) == (6, 3)


@pytest.mark.parametrize(
    ("breakdown", "dimensions", "latest"), [("city", "16,2", "Oslo"), ("country", "16,7", "Norway")]
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_place_does_not_depend_on_the_order_of_rows(
    talk: Opens, breakdown: str, dimensions: str, latest: str, order: int
) -> None:
    points = [Run("11:15:00", (2000.0, 50.0, 2.0)), Run("11:15:00", (4000.0, 50.0, 2.0), place=OSLO)][::order]
    opened = talk(
        v2,
        enumerated(),
        points_v2(6, "2026-11-23T11:00:00", dimensions=dimensions).gets(v2_table(*points, by=["test", breakdown])),
    )
    (result,) = ask(
        tests_data.OPERATION, opened, test_ids=[51007], interval="15 minutes", start=-60, breakdown=breakdown
    )["tests"]
    assert result["latest"][breakdown] == latest


def test_aggregated_data_of_v1_by_city_goes_by_its_nodes(talk: Opens) -> None:
    points = (*POINTS, Run("11:15:00", (4000.0, 50.0, 2.0), place=OSLO))
    opened = talk(
        v1,
        points_v1("Minutes15", "2026-11-23T11:00:00Z").gets(v1_table(*points)),
        asks("/nodes/611").gets(v1_node(BERLIN)),
        asks("/nodes/702").gets(v1_node(OSLO)),
    )
    (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], interval="Minutes15", start=-60, breakdown="city")[
        "tests"
    ]
    assert {name: place["run_count"] for name, place in result["by_location"].items()} == {"Berlin": 4, "Oslo": 2}


def test_rows_of_a_deleted_node_are_at_unknown(talk: Opens) -> None:
    opened = talk(
        v1,
        raw_v1().gets(v1_table(*RUNS)),
        asks("/nodes/611").gets(v1_node(BERLIN)),
        asks("/nodes/612").gets(refused(404, "Not found.")),
        asks("/nodes/702").gets(v1_node(OSLO)),
    )
    (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], breakdown="country")["tests"]
    assert {name: place["run_count"] for name, place in result["by_location"].items()} == {
        "Germany": 2,
        "Norway": 1,
        "unknown": 1,
    }


def test_missing_places_of_v2_are_looked_up(talk: Opens) -> None:
    payload = v2_table(*RUNS, by=("test", "node"))
    nodes = v2_list("nodes", v2_node(BERLIN), v2_node(HAMBURG), v2_node(OSLO))
    opened = talk(v2, raw_v2().gets(payload), asks("/nodes/all", **page()).gets(nodes))
    (result,) = ask(tests_data.OPERATION, opened, test_ids=[51007], breakdown="city")["tests"]
    assert list(result["by_location"]) == ["Berlin", "Hamburg", "Oslo"]


def test_a_breakdown_that_v1_does_not_return_is_an_error(talk: Opens) -> None:
    opened = talk(v1, points_v1("Minutes15", "2026-11-23T11:00:00Z").gets(v1_table(*POINTS, by=None)))
    with pytest.raises(ResponseError, match="The response does not say at which node test 51007 ran"):
        ask(tests_data.OPERATION, opened, test_ids=[51007], interval="Minutes15", start=-60, breakdown="node")


# The same data from both API versions


def both(talk: Opens, runs: tuple[Run, ...], legend: tuple[str, ...], **given: Any) -> tuple[Any, Any]:
    places = {run.place for run in runs} if given.get("breakdown") in ("city", "country") else set()
    first = talk(
        v1,
        raw_v1().gets(v1_table(*runs, legend=legend)),
        *(asks(f"/nodes/{place.node[0]}").gets(v1_node(place)) for place in sorted(places)),
    )
    shuffled = tuple(reversed(legend))
    other_way = [run._replace(values=tuple(reversed(run.values))) for run in reversed(runs)]
    second = talk(v2, raw_v2().gets(v2_table(*other_way, legend=shuffled)))
    operation = tests_data.OPERATION
    return ask(operation, first, test_ids=[51007], **given), ask(operation, second, test_ids=[51007], **given)


def without_places(value: Any) -> Any:
    """A result without the cities and countries of runs, which v1 reports only with its nodes."""
    if isinstance(value, dict):
        return {key: without_places(member) for key, member in value.items() if key not in ("city", "country")}
    return [without_places(member) for member in value] if isinstance(value, list) else value


@pytest.mark.parametrize("breakdown", [None, "node", "city", "country"])
def test_v1_and_v2_give_equal_results(talk: Opens, breakdown: Any) -> None:
    legend = ("Test Time (ms)", "% Availability", "# Runs")
    first, second = both(talk, RUNS, legend, breakdown=breakdown, include_runs=True)
    if breakdown in ("city", "country"):
        assert first == second
    else:
        assert without_places(first) == without_places(second)
        assert "city" in first["tests"][0]["runs"][0]
    if breakdown is not None:
        places = {"node": 3, "city": 3, "country": 2}
        assert len(first["tests"][0]["by_location"]) == places[breakdown]
        assert list(first["tests"][0]["by_location"]) == sorted(first["tests"][0]["by_location"])


def test_stored_responses_of_both_versions_give_equal_results(talk: Opens) -> None:
    """67 metrics, in a different order in each response."""
    payload = stored("v1-raw")
    items = payload["detail"]["items"]
    legend = tuple(entry["name"] for entry in payload["detail"]["fields"]["synthetic_metrics"])
    runs = tuple(
        Run(
            item["dimension"]["name"].replace("T09:", "T11:"),
            item["synthetic_metrics"],
            SHOP,
            Place((item["breakdown_2"]["id"], item["breakdown_2"]["name"]), (1, "x"), (1, "x")),
        )
        for item in items
    )
    first, second = both(talk, runs, legend, include_runs=True)
    assert without_places(first) == without_places(second)
    (result,) = first["tests"]
    assert (result["run_count"], result["failed_count"], result["availability"]) == (8, 1, 87.5)
    assert (len(result["metrics"]), len(result["runs"])) == (67, 8)
    assert result["metrics"]["webpage_response"]["samples"] == 7
    assert (
        result["metrics"]["webpage_response"]["median"]
        == sorted(item["synthetic_metrics"][17] for item in items if item["synthetic_metrics"][17] is not None)[3]
    )
    assert result["metrics"]["dom_load"]["samples"] == 0


# Nodes and node groups


def test_node_info(talk: Opens) -> None:
    request = asks("/nodes/all", name="berlin", country="Germany", networkType=0, active="true", **page())
    opened = talk(v2, request.gets(v2_list("nodes", v2_node(BERLIN), v2_node(HAMBURG))))
    (node,) = ask(node_info.OPERATION, opened, name="berlin", country="DE", network_type="backbone", active=True)[
        "nodes"
    ]
    assert node["id"] == 611
    assert set(node) == {
        "id", "name", "status", "paused", "network_type", "targeted", "ipv6", "city", "region", "country", "continent",
        "asn", "as_name", "isp", "latitude", "longitude", "ip_ranges", "instant_tests",
    }  # fmt: skip


def test_node_info_of_v1_filters_on_the_client(talk: Opens) -> None:
    opened = talk(v1, asks("/nodes", **page()).gets(v1_list(v1_node(BERLIN), v1_node(OSLO))))
    assert [node["id"] for node in ask(node_info.OPERATION, opened, city="OSLO")["nodes"]] == [702]


def test_node_info_by_id(talk: Opens) -> None:
    listed = asks("/nodes/all", **page()).gets(v2_list("nodes", v2_node(OSLO), v2_node(BERLIN), more=True))
    opened = talk(v2, listed, asks("/nodes/611").gets(v2_list("nodes", v2_node(BERLIN))))
    assert [node["id"] for node in ask(node_info.OPERATION, opened, node_ids=["611", 702])["nodes"]] == [611, 702]
    assert len(ask(node_info.OPERATION, opened, node_ids=[611], scope="enterprise")["nodes"]) == 1
    assert ask(node_info.OPERATION, opened, node_ids=[])["nodes"] == []


def test_node_group_info(talk: Opens) -> None:
    groups = [
        {"id": 1, "name": "EMEA", "syntheticNetworkType": {"id": 0, "name": "Backbone"}, "nodes": [v2_node(BERLIN)]},
        {"id": 2, "name": "EMEA 2", "nodes": [v2_node(OSLO)]},
        {"id": 3, "name": "EMEA 3", "nodes": None},
        {"id": 4, "name": "APAC", "nodes": [v2_node(BERLIN)]},
    ]
    opened = talk(v2, asks("/nodes/groups", name="emea", nodeId=611).gets(v2_list("nodeGroups", *groups)))
    found = ask(node_group_info.OPERATION, opened, name="emea", node_id=611)["node_groups"]
    assert [group["id"] for group in found] == [1, 3]
    assert found[0] == {
        "id": 1,
        "name": "EMEA",
        "description": None,
        "network_type": "backbone",
        "node_count": None,
        "nodes": [{"id": 611, "name": "Berlin, DE - Telekom", "network_type": "backbone", "status": "active"}],
    }


# Tests


def definition(number: int, **members: Any) -> dict[str, Any]:
    return {"id": number, "name": f"Test {number}", "status": {"id": 0, "name": "Active"}, **members}


def test_test_info_requests_active_tests(talk: Opens) -> None:
    """The service's own default is documented in two ways."""
    entries = [definition(1), definition(2, status={"id": 1, "name": "Inactive"})]
    opened = talk(v2, asks("/tests", statusId=0, **page()).gets(v2_list("tests", *entries)))
    (test,) = ask(tests_info.OPERATION, opened)["tests"]
    assert test == {
        "id": 1, "name": "Test 1", "type": None, "type_id": None, "monitor": None, "status": "active", "url": None,
        "product_id": None, "folder_id": None, "division_id": None, "alerts_paused": None, "labels": {},
        "changed": None,
    }  # fmt: skip


def test_all_statuses_need_two_lists_without_duplicates(talk: Opens) -> None:
    inactive = definition(2, status={"id": 1, "name": "Inactive"})
    opened = talk(
        v2,
        asks("/products", name="Shop", **page()).gets(v2_list("products", {"id": 31, "name": "Shop"})),
        asks("/tests", statusId=0, productIds=31, **page()).gets(v2_list("tests", definition(1), inactive)),
        asks("/tests", statusId=1, productIds=31, **page()).gets(v2_list("tests", definition(1), inactive)),
    )
    assert [test["id"] for test in ask(tests_info.OPERATION, opened, status="all", product="Shop")["tests"]] == [1, 2]
    short = v1_list({"id": 1, "name": "x"}, {"id": 2, "name": "y"})
    opened = talk(
        v1, asks("/tests", statusId=0, **page()).gets(short), asks("/tests", statusId=1, **page()).gets(short)
    )
    assert [test["id"] for test in ask(tests_info.OPERATION, opened, status="all")["tests"]] == [1, 2]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"team": "web"}, [1, 2]),
        ({"team": ["web", "shop"]}, [1]),
        ({"team": None}, [1, 2, 3]),
        ({"team": ""}, [1, 2, 3]),
        ({"team": "web", "tier": 1}, [2]),
        ({"team": "nobody"}, []),
        ({"other": ""}, []),
    ],
)
def test_labels(talk: Opens, labels: dict[str, Any], expected: list[int]) -> None:
    entries = [
        definition(1, labels=[{"name": "team", "values": ["web", "shop"]}]),
        definition(2, labels=[{"name": "team", "values": ["web"]}, {"name": "tier", "values": ["1"]}]),
        definition(3, labels=[{"name": "team", "values": []}]),
        definition(4),
    ]
    opened = talk(v2, asks("/tests", statusId=0, **page()).gets(v2_list("tests", *entries)))
    assert [test["id"] for test in ask(tests_info.OPERATION, opened, labels=labels)["tests"]] == expected


@pytest.mark.parametrize(("given", "expected"), [(True, [1, 2]), (False, [3]), ("true", [1, 2]), ("FALSE", [3])])
def test_labels_of_truth_values(talk: Opens, given: Any, expected: list[int]) -> None:
    tests = [
        definition(number, labels=[{"name": "critical", "values": [value]}])
        for number, value in ((1, "true"), (2, "True"), (3, "false"))
    ]
    opened = talk(v2, asks("/tests", statusId=0, **page()).gets(v2_list("tests", *tests)))
    found = ask(tests_info.OPERATION, opened, labels={"critical": given})["tests"]
    assert [test["id"] for test in found] == expected


def test_labels_need_v2(talk: Opens) -> None:
    with pytest.raises(OptionError, match="v1 does not support labels"):
        ask(tests_info.OPERATION, talk(v1), labels={"team": "web"})


def test_filters_of_tests(talk: Opens) -> None:
    entries = [
        definition(1, name="Home page", url="https://shop.example.com/", testType={"id": 0, "name": "Web"}),
        definition(2, name="Home page", url="https://example.net/", testType={"id": 0, "name": "Web"}),
        definition(3, name="Home page", url="https://shop.example.com/", testType={"id": 9, "name": "Api"}),
        definition(4, name="Cart", url="https://shop.example.com/", testType={"id": 0, "name": "Web"}),
        definition(5, name="Home page", url=None, testType={"id": 0, "name": "Web"}),
    ]
    # The service would compare the whole URL.
    request = asks("/tests", name="HOME", statusId=0, typeIds=0, **page())
    opened = talk(v2, request.gets(v2_list("tests", *entries)))
    found = ask(tests_info.OPERATION, opened, name="HOME", url="shop.example", type="web")["tests"]
    assert [test["id"] for test in found] == [1]


def test_urls_of_v1_are_compared_by_the_service(talk: Opens) -> None:
    """The lists of v1 do not include URLs."""
    request = asks("/tests", url="https://shop.example.com/", statusId=0, **page())
    opened = talk(v1, request.gets(v1_list({"id": 1, "name": "Home page", "type": {"id": 0, "name": "Web"}})))
    assert [test["id"] for test in ask(tests_info.OPERATION, opened, url="https://shop.example.com/")["tests"]] == [1]


@pytest.mark.parametrize("type_id", [1, 27])
def test_both_type_numbers_of_a_transaction_are_found(talk: Opens, type_id: int) -> None:
    """The vendor's clients create transactions with 1; the document's Transaction is 27."""
    web = {"id": 2, "name": "Home", "type": {"id": 0, "name": "Web"}}
    entry = {"id": 1, "name": "Checkout", "type": {"id": type_id, "name": "TransactionLegacy"}}
    opened = talk(v1, asks("/tests", statusId=0, **page()).gets(v1_list(entry, web)))
    (test,) = ask(tests_info.OPERATION, opened, type="transaction")["tests"]
    assert (test["type"], test["type_id"]) == ("transaction", type_id)
    entry = definition(1, testType={"id": type_id, "name": "TransactionLegacy"})
    opened = talk(v2, asks("/tests", statusId=0, typeIds="1,27", **page()).gets(v2_list("tests", entry)))
    (test,) = ask(tests_info.OPERATION, opened, type="transaction")["tests"]
    assert (test["type"], test["type_id"]) == ("transaction", type_id)


@pytest.mark.parametrize("name", ["Transaction", "TransactionLegacy", "Transaction Legacy"])
def test_a_transaction_without_a_number_is_found_by_its_name(talk: Opens, name: str) -> None:
    entry = definition(1, testType={"name": name})
    opened = talk(v2, asks("/tests", statusId=0, typeIds="1,27", **page()).gets(v2_list("tests", entry)))
    (test,) = ask(tests_info.OPERATION, opened, type="transaction")["tests"]
    assert (test["type"], test["type_id"]) == ("transaction", None)


def test_test_info_by_id(talk: Opens) -> None:
    opened = talk(v1, asks("/tests/2").gets(definition(2)), asks("/tests/1").gets(definition(1)))
    assert [test["id"] for test in ask(tests_info.OPERATION, opened, test_ids=[2, 1])["tests"]] == [2, 1]


# Favorite charts


def chart_of_v1() -> dict[str, Any]:
    part = {"synthetic_metrics": v1_legend(["% Availability"]), "breakdown_1": {"id": 1, "name": "Test"}}
    row = {"breakdown_1": named(SHOP), "synthetic_metrics": [99.5]}
    time = {"id": 0, "name": "2026-11-23T11:00:00Z"}
    return {
        "start": "2026-11-23T10:00:00Z",
        "end": "2026-11-23T12:00:00Z",
        "summary": {"fields": part, "items": [row]},
        "detail": {"fields": part, "items": [{**row, "dimension": time}]},
    }


def chart_of_v2() -> dict[str, Any]:
    fields = {"syntheticMetrics": v1_legend(["% Availability"])}
    time = {"id": 0, "name": "Time"}
    return v2_list(
        "favoriteCharts",
        {
            "id": 88,
            "name": "Weekly",
            "start": "2026-11-23T10:00:00Z",
            "end": "2026-11-23T12:00:00Z",
            "summary": {"fields": fields, "items": [{"dimension": [named(SHOP)], "syntheticMetrics": [99.5]}]},
            "detail": {
                "items": [
                    {"dateTime": "2026-11-23T11:00:00Z", "dimension": [time, named(SHOP)], "syntheticMetrics": [99.5]}
                ]
            },
        },
    )


DEFINITION_OF_V1 = {
    "id": 88,
    "name": "Weekly",
    "breakdown_1": {"id": 1, "name": "Test"},
    "interval": {"id": 9, "name": "Day"},
}
DEFINITION_OF_V2 = {
    "id": 88, "name": "Weekly", "breakdownOne": {"id": 16, "name": "Test"}, "interval": {"id": 9, "name": "Day"},
}  # fmt: skip
LISTED = {"id": 88, "name": "Weekly"}

ROW = {"breakdown": {"test": "Shop front"}, "breakdown_ids": {"test": 51007}, "metrics": {"availability": 99.5}}
DATA = {
    "window": {"start": "2026-11-23T10:00:00Z", "end": "2026-11-23T12:00:00Z"},
    "complete": True,
    "metrics": {"availability": {"label": "% Availability", "unit": "percent", "statistic": None}},
    "summary": [ROW],
    "detail": [{"time": "2026-11-23T11:00:00Z", **ROW}],
}


def test_favorites_are_listed(talk: Opens) -> None:
    expected = [{"id": 88, "name": "Weekly", "description": None, "changed": None}]
    opened = talk(v1, asks("/performance/favoriteCharts", **page()).gets(v1_list(LISTED)))
    assert ask(favorite_info.OPERATION, opened)["favorites"] == expected
    opened = talk(v2, asks("/tests/explorer/favoritechart").gets(v2_list("favoriteCharts", LISTED)))
    assert ask(favorite_info.OPERATION, opened)["favorites"] == expected
    opened = talk(v2, asks("/tests/explorer/favoritechart").gets(v2_list("favoriteCharts", LISTED, {"id": 89})))
    assert [one["id"] for one in ask(favorite_info.OPERATION, opened, favorite_ids=[89])["favorites"]] == [89]


def test_favorites_with_details_and_data_as_saved(talk: Opens) -> None:
    first = ask(
        favorite_info.OPERATION,
        talk(
            v1,
            asks("/performance/favoriteCharts", **page()).gets(v1_list(LISTED)),
            asks("/performance/favoriteCharts/88").gets(DEFINITION_OF_V1),
            asks("/performance/favoriteCharts/88/data").gets(chart_of_v1()),
        ),
        include=["details", "data"],
    )
    second = ask(
        favorite_info.OPERATION,
        talk(
            v2,
            asks("/tests/explorer/favoritechart").gets(v2_list("favoriteCharts", LISTED)),
            asks("/tests/explorer/favoritechart/88").gets(v2_list("favoriteCharts", DEFINITION_OF_V2)),
            asks("/tests/explorer/favoritechart/defaultdata/88").gets(chart_of_v2()),
        ),
        include=["details", "data"],
    )
    assert first == second
    (favorite,) = first["favorites"]
    assert favorite["details"]["interval"] == "Day"
    assert favorite["details"]["breakdowns"] == ["test"]
    assert favorite["data"] == DATA


def test_a_repeated_favorite_is_returned_once(talk: Opens) -> None:
    opened = talk(v2, asks("/tests/explorer/favoritechart/88").gets(v2_list("favoriteCharts", DEFINITION_OF_V2)))
    found = ask(favorite_info.OPERATION, opened, favorite_ids=[88, 88], include="details")["favorites"]
    assert [one["id"] for one in found] == [88]
    opened = talk(v2, asks("/tests/explorer/favoritechart").gets(v2_list("favoriteCharts", LISTED)))
    assert len(ask(favorite_info.OPERATION, opened, favorite_ids=[88, 88])["favorites"]) == 1


@pytest.mark.parametrize("tz", [None, ""])
def test_an_empty_time_zone_counts_as_omitted(talk: Opens, tz: Any) -> None:
    request = asks(
        "/performance/favoriteCharts/88/data", startTime="2026-11-23T10:00:00Z", endTime="2026-11-23T12:00:00Z"
    )
    opened = talk(v1, asks("/performance/favoriteCharts", **page()).gets(v1_list(LISTED)), request.gets(chart_of_v1()))
    given = {"favorite_ids": [88], "include": ["data"], "start": "-2h"}
    (favorite,) = favorite_info.OPERATION.run(opened.client, {**options(favorite_info.OPERATION, given), "tz": tz})[
        "favorites"
    ]
    assert favorite["data"]["window"]["start"] == "2026-11-23T10:00:00Z"


def test_favorites_by_id_with_details_need_no_list(talk: Opens) -> None:
    opened = talk(v2, asks("/tests/explorer/favoritechart/88").gets(v2_list("favoriteCharts", DEFINITION_OF_V2)))
    (favorite,) = ask(favorite_info.OPERATION, opened, favorite_ids=[88], include="details")["favorites"]
    assert (favorite["id"], "data" in favorite) == (88, False)


def test_data_with_overrides(talk: Opens) -> None:
    times = {"startTimeUtc": "2026-11-23T09:00:00", "endTimeUtc": "2026-11-23T11:30:00"}
    short = {"start": times["startTimeUtc"], "end": times["endTimeUtc"]}
    opened = talk(
        v2,
        asks("/tests/explorer/favoritechart").gets(v2_list("favoriteCharts", LISTED)),
        enumerated(),
        asks(
            "/tests/explorer/favoritechart/data/88", **times, **short, timeInterval=6, interval=6, tests="51007,51008"
        ).gets(chart_of_v2()),
        asks("/tests/explorer/favoritechart/88").gets(v2_list("favoriteCharts", DEFINITION_OF_V2)),
    )
    (favorite,) = ask(
        favorite_info.OPERATION,
        opened,
        favorite_ids=[88],
        include="data",
        start="2026-11-23T10:00:00",
        end="2026-11-23T12:30:00",
        tz="Europe/Berlin",
        interval="Minutes15",
        test_ids=[51007, 51008],
    )["favorites"]
    assert favorite["data"]["window"] == {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T11:30:00Z"}
    assert favorite["data"]["summary"] == [ROW]
    assert "details" not in favorite
    request = asks(
        "/performance/favoriteCharts/88/data",
        startTime="2026-11-23T11:00:00Z",
        endTime="2026-11-23T12:00:00Z",
        tests="51007",
    )
    opened = talk(v1, asks("/performance/favoriteCharts", **page()).gets(v1_list(LISTED)), request.gets(chart_of_v1()))
    (favorite,) = ask(favorite_info.OPERATION, opened, favorite_ids=[88], include="data", start=-60, test_ids=[51007])[
        "favorites"
    ]
    assert favorite["data"]["detail"] == DATA["detail"]


def test_an_end_without_a_start_means_the_hour_before_it(talk: Opens) -> None:
    request = asks(
        "/performance/favoriteCharts/88/data", startTime="2026-11-23T10:00:00Z", endTime="2026-11-23T11:00:00Z"
    )
    opened = talk(v1, asks("/performance/favoriteCharts", **page()).gets(None), request.gets(chart_of_v1()))
    (favorite,) = ask(favorite_info.OPERATION, opened, favorite_ids=[88], include="data", end="2026-11-23T11:00:00Z")[
        "favorites"
    ]
    assert favorite["data"]["window"]["start"] == "2026-11-23T10:00:00Z"


def test_a_favorite_missing_in_the_list_is_an_error(talk: Opens) -> None:
    opened = talk(v2, asks("/tests/explorer/favoritechart").gets(v2_list("favoriteCharts", LISTED)))
    with pytest.raises(NotFoundError, match=r"does not list the favorite charts 5, 6\. Remove favorite_ids"):
        ask(favorite_info.OPERATION, opened, favorite_ids=[5, 88, 6])


def test_overrides_without_data_are_refused(talk: Opens) -> None:
    with pytest.raises(OptionError, match=r"can be overridden \(start, test_ids\)\. Add data to include"):
        ask(favorite_info.OPERATION, talk(v2), start=-60, test_ids=[1], include="details")


def test_an_empty_list_of_tests_is_refused(talk: Opens) -> None:
    with pytest.raises(OptionError, match="test_ids is an empty list"):
        ask(favorite_info.OPERATION, talk(v2), favorite_ids=[88], include="data", test_ids=[])


def test_v1_cannot_override_the_interval(talk: Opens) -> None:
    opened = talk(v1, asks("/performance/favoriteCharts", **page()).gets(v1_list(LISTED)))
    with pytest.raises(OptionError, match="v1 cannot override a favorite chart's interval"):
        ask(favorite_info.OPERATION, opened, favorite_ids=[88], include="data", interval="Minutes15")


@pytest.mark.parametrize(
    "given", [{"start": "2026-11-24T00:00:00Z"}, {"tz": "Mars/Olympus", "start": -60}, {"end": "never"}]
)
def test_windows_of_charts_are_checked_before_any_request(talk: Opens, given: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        ask(favorite_info.OPERATION, talk(v2), include="data", **given)


# Responses of another shape


class Echo:
    """A session that returns the same payload for every request."""

    server_offset = None

    def __init__(self, payload: Any) -> None:
        self._payload = payload

    def get(self, path: str, params: Any) -> Any:
        return self._payload


@pytest.mark.parametrize(
    ("operation", "wire", "given", "payload"),
    [
        (tests_data, v1, {"test_ids": [51007], "include_runs": True}, v1_table(*RUNS[:2])),
        (tests_data, v2, {"test_ids": [51007], "include_runs": True}, v2_table(*RUNS[:2])),
        (tests_data, v1, {"test_ids": [51007], "interval": "Minutes15", "breakdown": "node"}, v1_table(*POINTS)),
        (node_info, v1, {"city": "Berlin"}, v1_list(v1_node(BERLIN))),
        (node_info, v2, {"city": "Berlin"}, v2_list("nodes", v2_node(BERLIN))),
        (node_info, v2, {"node_ids": [611]}, v2_list("nodes", v2_node(BERLIN))),
        (node_group_info, v2, {"node_id": 611}, v2_list("nodeGroups", {"id": 1, "nodes": [v2_node(BERLIN)]})),
        (tests_info, v1, {"test_ids": [1]}, definition(1)),
        (
            tests_info,
            v2,
            {"labels": {"team": "web"}},
            v2_list("tests", definition(1, labels=[{"name": "team", "values": ["web"]}])),
        ),
        (favorite_info, v1, {"favorite_ids": [88], "include": ["details", "data"]}, {"id": 88, **chart_of_v1()}),
        (favorite_info, v2, {"favorite_ids": [88], "include": ["details", "data"], "start": -60}, chart_of_v2()),
    ],
)
def test_arbitrary_responses_never_cause_a_traceback(
    talk: Opens, operation: Any, wire: Any, given: dict[str, Any], payload: Any
) -> None:
    """Each response is either read, with a result that JSON can represent, or refused with a message."""
    checked = options(operation.OPERATION, given)
    outcomes = {"read": 0, "refused": 0}
    for mutant in mutations(payload):
        opened = Talk(wire, now=NOON)
        opened.client._session = Echo(mutant)
        try:
            json.dumps(operation.OPERATION.run(opened.client, checked))
            outcomes["read"] += 1
        except CatchpointError as error:
            assert str(error)
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 50
