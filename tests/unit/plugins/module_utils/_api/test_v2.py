# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of v2 (and v3 and v4), and how its responses are read."""

from __future__ import annotations

import contextlib
from typing import Any, Callable

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import queries, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    Alert,
    ChartRow,
    Metric,
    Node,
    Page,
    Row,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Test as Definition
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import (
    AlertFilter,
    NodeFilter,
    NodeGroupFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    CatchpointError,
    NotFoundError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, Request, Usage
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.mutations import (
    check_row,
    mutations,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import (
    BERLIN,
    CART,
    HAMBURG,
    SHOP,
    Run,
    enumeration,
    v1_legend,
    v2_list,
    v2_node,
    v2_part,
    v2_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2 as envelope
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import NOON

HOUR = Window(int(NOON) - 3600, int(NOON))
TIMES = {"startTimeUtc": "2026-11-23T11:00:00", "endTimeUtc": "2026-11-23T12:00:00"}
PAGE_1 = {"pageNumber": "1", "pageSize": "100"}
PAGE_2 = {"pageNumber": "2", "pageSize": "100"}


# Requests


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (v2.nodes(NodeFilter(), 1), Request("/nodes/all", PAGE_1)),
        (
            v2.nodes(
                NodeFilter(
                    name="n",
                    city="c",
                    country="l",
                    network_type="last_mile",
                    paused=False,
                    ipv6=True,
                    active=True,
                    targeted=False,
                    asn="AS3320",
                    scope="all",
                ),
                2,
            ),
            Request(
                "/nodes/all",
                {
                    "name": "n",
                    "city": "c",
                    "country": "l",
                    "networkType": "1",
                    "paused": "false",
                    "ipv6": "true",
                    "active": "true",
                    "targeted": "false",
                    "asNumber": "3320",
                    **PAGE_2,
                },
            ),
        ),
        (v2.nodes(NodeFilter(asn="Astound"), 1), Request("/nodes/all", {"asn": "Astound", **PAGE_1})),
        (v2.nodes(NodeFilter(scope="enterprise"), 1), Request("/nodes", {})),
        (v2.nodes(NodeFilter(scope="enterprise"), 2), Request("/nodes", PAGE_2)),
        (
            v2.nodes(NodeFilter(scope="enterprise", active=False, paused=True, name="HQ"), 1),
            Request("/nodes", {"name": "HQ", "paused": "true", "statusId": "1"}),
        ),
        # The list of enterprise nodes does not have these filters, so the list of all nodes is requested.
        (
            v2.nodes(NodeFilter(scope="enterprise", targeted=True), 1),
            Request("/nodes/all", {"targeted": "true", **PAGE_1}),
        ),
        (
            v2.nodes(NodeFilter(scope="enterprise", asn="3320"), 1),
            Request("/nodes/all", {"asNumber": "3320", **PAGE_1}),
        ),
        (v2.node_groups(NodeGroupFilter(), 1), Request("/nodes/groups", {})),
        (
            v2.node_groups(NodeGroupFilter(name="n", network_type="enterprise", node_id=611), 1),
            Request("/nodes/groups", {"name": "n", "networkType": "4", "nodeId": "611"}),
        ),
        (v2.node_groups(NodeGroupFilter(), 3), Request("/nodes/groups", {"pageNumber": "3", "pageSize": "100"})),
        (v2.tests(queries.TestFilter(), 1), Request("/tests", PAGE_1)),
        (
            v2.tests(queries.TestFilter(name="n", url="u", status="active", type="api", product_id=3, folder_id=4), 1),
            Request(
                "/tests",
                {
                    "name": "n",
                    "statusId": "0",
                    "typeIds": "9",
                    "productIds": "3",
                    "parentFolderIds": "4",
                    **PAGE_1,
                },
            ),
        ),
        (v2.named("folders", "Web shop", 1), Request("/folders", {"name": "Web shop", **PAGE_1})),
        (
            v2.enumeration(),
            Request("/tests/explorer/enumeration", {"includeTimeIntervals": "true", "includeMetrics": "true"}),
        ),
        (
            v2.raw([1, 2], HOUR, []),
            Request(
                "/tests/explorer/raw",
                {"testIds": "1,2", **TIMES, "dimensionIds": "16,1,2,7", "availabilityFilter": "2"},
            ),
        ),
        (
            v2.raw([1], HOUR, [89, 15]),
            Request(
                "/tests/explorer/raw",
                {"testIds": "1", **TIMES, "dimensionIds": "16,1,2,7", "metricIds": "89,15", "availabilityFilter": "2"},
            ),
        ),
        (
            v2.aggregated([1], HOUR, "6", [89], None),
            Request(
                "/tests/explorer/aggregated",
                {
                    "testIds": "1",
                    **TIMES,
                    "dimensionIds": "16",
                    "metricIds": "89",
                    "availabilityFilter": "2",
                    "timeInterval": "6",
                },
            ),
        ),
        (v2.favorites(1), Request("/tests/explorer/favoritechart", {})),
        (v2.favorites(2), Request("/tests/explorer/favoritechart", PAGE_2)),
        (v2.favorite(7), Request("/tests/explorer/favoritechart/7", {})),
        (v2.chart(7, None, None, []), Request("/tests/explorer/favoritechart/defaultdata/7", {})),
        (
            v2.chart(7, HOUR, "8", [1, 2]),
            Request(
                "/tests/explorer/favoritechart/data/7",
                {
                    **TIMES,
                    "start": "2026-11-23T11:00:00",
                    "end": "2026-11-23T12:00:00",
                    "timeInterval": "8",
                    "interval": "8",
                    "tests": "1,2",
                },
            ),
        ),
        (v2.chart(7, None, None, [1]), Request("/tests/explorer/favoritechart/data/7", {"tests": "1"})),
        (v2.alerts(AlertFilter([1, 2]), HOUR, 1), Request("/tests/alerts", {"testIds": "1,2", **TIMES, **PAGE_1})),
        (
            v2.slo_violations([1], HOUR, 1),
            Request(
                "/slo/violations",
                {"testIds": "1", "startTime": "2026-11-23T11:00:00", "endTime": "2026-11-23T12:00:00"},
            ),
        ),
    ],
)
def test_requests(request_: Request, expected: Request) -> None:
    assert request_ == expected


@pytest.mark.parametrize(("breakdown", "dimensions"), [("node", "16,1"), ("city", "16,2"), ("country", "16,7")])
def test_breakdowns_of_aggregated_data(breakdown: str, dimensions: str) -> None:
    assert v2.aggregated([1], HOUR, "6", [], breakdown).params["dimensionIds"] == dimensions


def test_objects_by_id() -> None:
    """The API has no endpoint for public nodes by id."""
    assert v2.tests_by_id([1, 2]) == [Request("/tests/1,2", {})]
    assert v2.nodes_by_id([1, 2], NodeFilter(scope="enterprise")) == [Request("/nodes/1,2", {})]
    assert v2.nodes_by_id([1, 2], NodeFilter(scope="all")) is None
    assert v2.nodes_by_id([1, 2], NodeFilter()) is None


# Errors and usage in responses of any kind


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (envelope({"tests": []}), None),
        (envelope(None), None),
        ({"completed": False}, ApiMessage("", enveloped=True)),
        (
            envelope(None, completed=False, errors=[{"id": "7", "message": "No such test."}]),
            ApiMessage("No such test.", "0HN:1", enveloped=True),
        ),
        (
            envelope(None, completed=False, errors=[{"id": 7, "message": "No such test."}]),
            ApiMessage("No such test.", "0HN:1", enveloped=True),
        ),
        (
            envelope({}, errors=[{"message": "One."}, {"message": "Two."}]),
            ApiMessage("One.; Two.", "0HN:1", enveloped=True),
        ),
        (
            {"errors": [{"message": "Invalid credentials"}], "traceId": "t"},
            ApiMessage("Invalid credentials", "t", True, True),
        ),
        ({"errors": ["Expired Token"]}, ApiMessage("Expired Token", None, True, True)),
        (
            {"errors": {"startTimeUtc": ["is not a time", "is late"]}, "title": "x"},
            ApiMessage("startTimeUtc: is not a time; startTimeUtc: is late"),
        ),
        ({"errors": None, "title": "One or more errors."}, ApiMessage("One or more errors.")),
        # application/problem+json
        (
            {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "endTimeUtc is missing."},
            ApiMessage("Bad Request: endTimeUtc is missing."),
        ),
        ({"title": "Not Found", "status": 404, "traceId": "00-1"}, ApiMessage("Not Found.", "00-1")),
        ({"detail": "The upstream is away.", "status": 502}, ApiMessage("The upstream is away.")),
        ({"title": "Fast", "status": {"id": 0, "name": "Active"}, "data": {}}, ApiMessage("Fast")),
        # A missing object, as v4 reports it with 400.
        (
            {
                "data": {},
                "messages": [],
                "errors": [{"message": "No valid Test found for input '123'."}],
                "completed": False,
                "traceId": "deb9cf7389cbf3da77fa973f7a045096",
            },
            ApiMessage(
                "No valid Test found for input '123'.",
                "deb9cf7389cbf3da77fa973f7a045096",
                enveloped=True,
                missing=True,
            ),
        ),
        *[
            (envelope({}, completed=said), ApiMessage("", "0HN:1", enveloped=True))
            for said in (False, "false", "False", 0)
        ],
        ({"Message": "An error has occurred."}, ApiMessage("An error has occurred.")),
        ({"errors": "Plain text"}, ApiMessage("Plain text")),
        # Data beside errors is a part of what was requested.
        (
            envelope({"tests": [{"id": 1}]}, errors=[{"id": "2", "message": "No such test."}]),
            ApiMessage("No such test.", "0HN:1", enveloped=True),
        ),
        (
            envelope({"alerts": []}, errors=[{"message": "quota exceeded"}]),
            ApiMessage("quota exceeded", "0HN:1", enveloped=True),
        ),
        (envelope(None, errors=[{"id": "2"}]), None),
        ([], None),
        (None, None),
    ],
)
def test_complaint(payload: Any, expected: Any) -> None:
    assert v2.complaint(payload) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            {
                "usageLimits": {
                    "limits": {"minute": 20, "hour": 500, "day": 2000},
                    "runs": {"minute": 3, "hour": 41, "day": 188},
                }
            },
            Usage({"minute": 20, "hour": 500, "day": 2000}, {"minute": 3, "hour": 41, "day": 188}),
        ),
        ({"usageLimits": {"limits": {"minute": None, "second": 7, "day": "x"}, "runs": None}}, Usage({}, {})),
        ({"usageLimits": None}, None),
        ({}, None),
        ([], None),
    ],
)
def test_usage(payload: Any, expected: Any) -> None:
    assert v2.usage(payload) == expected


# Runs


def test_rows_of_runs() -> None:
    payload = v2_table(Run("09:00:03.1234567"), Run("09:05:00", (None, 0.0, 1.0), CART, HAMBURG))
    table = v2.read_table(payload, [51007, 51008], runs=True)
    assert table.metrics == [
        Metric("test_time", "Test Time (ms)", "ms"),
        Metric("availability", "% Availability", "percent"),
        Metric("runs", "# Runs", "count"),
    ]
    assert table.rows == [
        Row(
            "2026-11-23T09:00:03Z", *SHOP, 611, "Berlin, DE - Telekom", "Berlin", "Germany", False,
            {"test_time": 1200.0, "availability": 100.0, "runs": 1.0},
        ),
        Row(
            "2026-11-23T09:05:00Z", *CART, 612, "Hamburg, DE - Telekom", "Hamburg", "Germany", True,
            {"test_time": None, "availability": 0.0, "runs": 1.0},
        ),
    ]  # fmt: skip
    assert (table.cut, table.zone) == (False, None)


def test_values_follow_the_legend_of_their_part() -> None:
    """A response about tests of several types may have a part for each, in any order."""
    web = v2_part(Run("09:00:00", (1.0, 100.0, 1300.0)), legend=("# Runs", "% Availability", "Test Time (ms)"))
    web["metrics"].reverse()
    dns = v2_part(Run("09:00:00", (100.0, 12.0), CART), legend=("% Availability", "DNS (ms)"), cut=True)
    assert v2.read_table(v2_list("responseItems", dns, web), [51007, 51008], runs=True).cut is True
    table = v2.read_table(v2_list("responseItems", web, dns), [51007, 51008], runs=True)
    assert [metric.slug for metric in table.metrics] == ["runs", "availability", "test_time", "dns"]
    assert [row.metrics for row in table.rows] == [
        {"runs": 1.0, "availability": 100.0, "test_time": 1300.0},
        {"availability": 100.0, "dns": 12.0},
    ]
    assert table.cut is True


def test_internal_names_have_the_slug_and_the_unit_of_the_display_name() -> None:
    legend = ("TimeToFirstByte", "ContentAvailabilityPercent", "ZoneCount", "WebPageResponse", "LargestContentfulPaint")
    table = v2.read_table(v2_table(legend=legend), [1], runs=True)
    assert [(metric.slug, metric.unit) for metric in table.metrics] == [
        ("time_to_first_byte", "ms"),
        ("content_availability", "percent"),
        ("zones", "count"),
        ("webpage_response", "ms"),
        ("largest_contentful_paint", "ms"),
    ]


def test_a_chart_with_internal_names_has_the_slugs_and_units_of_display_names() -> None:
    """Internal names that working scripts found in the data of charts."""
    names = ["TestTime", "RequestTestResponseTime", "WaitTime", "SyntheticExperienceScore", "AvailabilityPercent"]
    display = ["Test Time (ms)", "Response (ms)", "Wait (ms)", "SyntheticExperienceScore", "% Availability"]

    def read(legend: list[str]) -> list[tuple[str, str]]:
        part = {"fields": {"syntheticMetrics": v1_legend(legend)}, "items": [{"syntheticMetrics": [1, 2, 3, 4, 100]}]}
        chart = v2.read_chart(v2_list("favoriteCharts", chart_data(summary=part, detail=None)), 88)
        return [(metric.slug, metric.unit) for metric in chart.metrics]

    assert read(names) == read(display)
    assert read(names)[:3] == [("test_time", "ms"), ("response", "ms"), ("wait", "ms")]
    assert read(names)[4] == ("availability", "percent")


def test_dimensions_follow_their_kind_and_not_the_position() -> None:
    payload = v2_table(Run("09:00:00"))
    part = payload["data"]["responseItems"][0]
    part["items"][0]["dimensions"].reverse()
    (row,) = v2.read_table(payload, [51007], runs=True).rows
    assert (row.test_id, row.node, row.city, row.country) == (51007, "Berlin, DE - Telekom", "Berlin", "Germany")
    for dimension in part["items"][0]["dimensions"]:
        del dimension["type"]
    part["dimensions"].reverse()
    assert v2.read_table(payload, [51007], runs=True).rows == [row]


@pytest.mark.parametrize("more", [True, "true", "True", 1, "1"])
def test_truncated_rows_in_every_form_of_true(more: Any) -> None:
    assert v2.read_table(v2_table(cut=more), [1], runs=True).cut is True
    whole = envelope({"responseItems": [v2_part(Run("09:00:00"))], "hasMore": more})
    assert v2.read_table(whole, [51007], runs=True).cut is True
    entry = chart_data(hasMoreRecords=more)
    assert v2.read_chart(v2_list("favoriteCharts", entry), 88).cut is True


@pytest.mark.parametrize("more", [False, "false", 0, "0", None, ""])
def test_rows_that_are_not_truncated(more: Any) -> None:
    assert v2.read_table(v2_table(cut=more), [1], runs=True).cut is False


def test_time_of_a_row() -> None:
    payload = v2_table(Run("09:00:00"))
    item = payload["data"]["responseItems"][0]["items"][0]
    item["reportDate"] = "2026-11-23T08:55:00Z"
    assert v2.read_table(payload, [51007], runs=True).rows[0].time == "2026-11-23T09:00:00Z"
    item["dateTime"] = None
    assert v2.read_table(payload, [51007], runs=True).rows[0].time == "2026-11-23T08:55:00Z"
    item["reportDate"] = "2026-11-23T08:55:00"
    assert v2.read_table(payload, [51007], runs=True).rows[0].time == "2026-11-23T08:55:00Z"
    item["reportDate"] = None
    with pytest.raises(ResponseError, match="rows name their test and time"):
        v2.read_table(payload, [51007], runs=True)


def test_rows_need_not_name_the_only_requested_test() -> None:
    payload = v2_table(Run("09:00:00"), by=("node",))
    assert v2.read_table(payload, [51007], runs=True).rows[0].test_id == 51007
    with pytest.raises(ResponseError, match="rows name their test and time"):
        v2.read_table(payload, [51007, 51008], runs=True)


def test_a_run_without_a_sign_of_failure_is_an_error() -> None:
    payload = v2_table(Run("09:00:00", [1.0]), legend=("Test Time (ms)",))
    with pytest.raises(ResponseError, match="A run of test 51007 at 2026-11-23T09:00:00Z came without % Availability"):
        v2.read_table(payload, [51007], runs=True)
    payload = v2_table(Run("09:00:00", [1.0]), legend=("TestErrorCount",))
    assert v2.read_table(payload, [51007], runs=True).rows[0].failed is True
    assert v2.read_table(payload, [51007], runs=False).rows[0].failed is False


@pytest.mark.parametrize(
    "payload",
    [
        v2_list("responseItems"),
        v2_table(),
        envelope({"responseItems": [{"hasMoreRecords": False, "metrics": None, "items": None, "dimensions": None}]}),
        {"responseItems": []},
        envelope({"responseItems": None}),
    ],
)
def test_no_runs_at_all(payload: Any) -> None:
    table = v2.read_table(payload, [1], runs=True)
    assert (table.rows, table.cut) == ([], False)


@pytest.mark.parametrize(
    "payload",
    [
        None, [], {}, "x", envelope(None), envelope([]), envelope({}),
        envelope({"responseItems": {}}), envelope({"responseItems": [None]}), envelope({"responseItems": [{}]}),
        envelope({"responseItems": [{"rows": []}]}), envelope({"responseItems": [{"items": [{}], "metrics": []}]}),
        envelope({"responseItems": [{"items": {}}]}), {"detail": {"fields": {}, "items": []}},
    ],
)  # fmt: skip
def test_performance_data_of_another_shape_is_an_error(payload: Any) -> None:
    with pytest.raises(ResponseError, match=r"Unexpected response: expected .*performance data"):
        v2.read_table(payload, [51007], runs=True)


def test_an_empty_body_is_an_error() -> None:
    with pytest.raises(ResponseError, match=r"expected performance data .*, got nothing \(an empty body, or null\)"):
        v2.read_table(None, [1], runs=True)


# Enumerations


def test_enumeration() -> None:
    found = v2.read_enumeration(
        enumeration({4: "Minutes5", 6: "15 Minutes"}, {89: "Test Time (ms)", 15: "% Availability"})
    )
    assert found.intervals == {"Minutes5": 4, "15 Minutes": 6}
    assert found.metrics == {"Test Time (ms)": 89, "% Availability": 15}


@pytest.mark.parametrize(
    "names", [("timeIntervals", "metrics"), ("TimeInterval", "AnalyticsMetric"), ("INTERVALS", "Metric")]
)
def test_sections_of_another_wording(names: tuple[str, str]) -> None:
    sections = [{"section": name, "enumeration": [{"id": number, "name": "x"}]} for number, name in enumerate(names)]
    assert v2.read_enumeration(v2_list("sections", *sections)) == ({"x": 0}, {"x": 1})


def test_the_first_of_two_metrics_of_one_name_counts() -> None:
    found = v2.read_enumeration(enumeration({}, {10: "Response (ms)", 201: "Response (ms)"}))
    assert found.metrics == {"Response (ms)": 10}


@pytest.mark.parametrize(
    "payload",
    [
        None, {}, v2_list("sections"), v2_list("sections", {"section": "DisplayTestType", "enumeration": []}),
        v2_list("sections", {"section": "TimeInterval", "enumeration": [{"name": "Day"}]}),
        v2_list("sections", {"section": "TimeInterval", "enumeration": [{"id": "x", "name": "Day"}]}),
        v2_list("sections", {"section": "TimeInterval", "enumeration": {"Day": 9}}),
    ],
)  # fmt: skip
def test_enumerations_of_another_shape_are_errors(payload: Any) -> None:
    with pytest.raises(ResponseError):
        v2.read_enumeration(payload)


# Lists


def test_node_of_the_list_of_all() -> None:
    entry = {
        "id": 611, "name": "Berlin, DE - Telekom", "ipRanges": "192.0.2.0/28,2001:db8::/48", "isIPv6": False,
        "isTargeted": True, "availableForInstantTests": False,
        "latitude": 52.52, "longitude": 13.405, "status": {"id": 0, "name": "Active"},
        "networkType": {"id": 0, "name": "Backbone"}, "asn": {"id": 3320, "name": "DTAG"},
        "city": {"id": 17, "name": "Berlin"}, "country": {"id": 81, "name": "Germany"},
    }  # fmt: skip
    page = v2.read_nodes(v2_list("nodes", entry, more=True))
    assert page.more is True
    (node,) = page.entries
    assert node == Node(
        id=611, name="Berlin, DE - Telekom", status="active", paused=None, network_type="backbone", targeted=True,
        ipv6=False, city="Berlin", region=None, country="Germany", continent=None, asn=3320, as_name="DTAG", isp=None,
        latitude=52.52, longitude=13.405, ip_ranges=["192.0.2.0/28", "2001:db8::/48"],
        instant_tests=False,
    )  # fmt: skip


def test_enterprise_node_writes_its_place_as_text() -> None:
    entry = {
        "id": 40211, "name": "HQ", "isPaused": False, "latitude": "52.52", "longitude": "-13.4", "isIPv6": True,
        "status": {"id": 0, "name": "Active"}, "networkType": {"id": 3, "name": "Enterprise (pt)"},
        "internetServiceProvider": {"id": 5, "name": "Level3"}, "city": {"id": 17, "name": "Berlin"},
        "state": {"id": 33, "name": "Berlin State"}, "continent": {"id": 2, "name": "Europe"}, "country": None,
    }  # fmt: skip
    (node,) = v2.read_nodes(v2_list("nodes", entry)).entries
    assert (node.latitude, node.longitude, node.paused, node.ipv6, node.targeted) == (52.52, -13.4, False, True, None)
    assert (node.network_type, node.isp, node.region, node.continent) == ("private", "Level3", "Berlin State", "Europe")
    assert (node.country, node.asn, node.as_name, node.ip_ranges) == (None, None, None, [])


def test_the_nodes_of_a_group_are_empty_or_unknown() -> None:
    page = v2.read_node_groups(v2_list("nodeGroups", {"id": 1}, {"id": 2, "nodes": None}, {"id": 3, "nodes": []}))
    assert [group.nodes for group in page.entries] == [None, None, []]


def test_node_group() -> None:
    group = {
        "id": 551,
        "name": "EMEA",
        "description": None,
        "syntheticNetworkType": {"id": 0, "name": "Backbone"},
        "nodesCount": 1,
        "nodes": [v2_node(BERLIN)],
    }
    (entry,) = v2.read_node_groups(v2_list("nodeGroups", group)).entries
    node = {"id": 611, "name": "Berlin, DE - Telekom", "network_type": "backbone", "status": "active"}
    assert entry == (551, "EMEA", None, "backbone", 1, [node])


TEST = {
    "id": 51007,
    "divisionId": 1157,
    "productId": 31,
    "folderId": 74,
    "name": "Shop front",
    "url": "https://shop.example.com/",
    "alertsPaused": False,
    "changeDate": "2026-04-02T12:10:00.0633333Z",
    "status": {"id": 0, "name": "Active"},
    "monitor": {"id": 18, "name": "Chrome"},
    "testType": {"id": 0, "name": "Web"},
    "labels": [{"id": 77, "name": "team", "color": "#00A0DF", "values": ["web", 7]}, {"name": "tier", "values": None}],
}


def test_definition_of_a_test() -> None:
    (test,) = v2.read_tests(v2_list("tests", TEST)).entries
    assert test == Definition(
        id=51007,
        name="Shop front",
        type="web",
        type_id=0,
        monitor="chrome",
        status="active",
        url="https://shop.example.com/",
        product_id=31,
        folder_id=74,
        division_id=1157,
        alerts_paused=False,
        labels={"team": ["web", "7"], "tier": []},
        changed="2026-04-02T12:10:00Z",
    )


READERS: list[tuple[Callable[[Any], Any], str]] = [
    (v2.read_nodes, "nodes"),
    (v2.read_node_groups, "nodeGroups"),
    (v2.read_tests, "tests"),
    (lambda payload: v2.read_named("products", payload), "products"),
    (v2.read_favorites, "favoriteCharts"),
    (v2.read_alerts, "alerts"),
    (v2.read_slo_violations, "violations"),
]


@pytest.mark.parametrize(("read", "name"), READERS)
def test_lists_with_and_without_an_envelope(read: Callable[[Any], Any], name: str) -> None:
    assert read(v2_list(name)) == Page()
    assert read({name: []}) == Page()
    with_one = v2_list(name, {"id": 1}, more=True)
    assert read(with_one) == read(with_one["data"])
    assert (len(read(with_one).entries), read(with_one).more) == (1, True)


@pytest.mark.parametrize(("read", "name"), READERS)
def test_lists_of_another_shape_are_errors(read: Callable[[Any], Any], name: str) -> None:
    for payload in (
        None, [], {}, "x", True, [{"id": 1}], envelope(None), envelope([]), envelope({}), envelope({"items": []}),
        v2_list(name, None), v2_list(name, 1), envelope({name: "x"}), {"items": []},
    ):  # fmt: skip
        with pytest.raises(ResponseError, match=r"Unexpected response: expected .*api_version"):
            read(payload)


@pytest.mark.parametrize("alerts", [[{"reportTime": "x"}], [{"test": "x"}], [{"startTime": 5}]])
def test_alerts_of_another_shape_are_errors(alerts: Any) -> None:
    with pytest.raises(ResponseError):
        v2.read_alerts(envelope({"alerts": alerts}))


ALERT = {
    "id": "b5e3",
    "reportTime": "2026-11-23T11:10:00Z",
    "startTime": "2026-11-23T11:00:00Z",
    "level": {"id": 1, "name": "Critical"},
    "test": {"id": 51007, "name": "Shop front"},
    "alertType": {"id": 7, "name": "ResponseTime"},
}


def test_alerts_as_an_array_and_as_an_object() -> None:
    expected = [Alert("2026-11-23T11:10:00Z", 51007, "Shop front", "critical", "response_time", "b5e3", labels={})]
    assert v2.read_alerts(envelope({"alerts": [ALERT]})) == Page(expected)
    assert v2.read_alerts(envelope({"alerts": ALERT, "hasMore": True})) == Page(expected, more=True)
    assert v2.read_alerts({"alerts": [{**ALERT, "test": None, "reportTime": None}]}).entries[0][:2] == (
        "2026-11-23T11:00:00Z",
        None,
    )


VIOLATION = {
    "violationStart": "2026-11-23T11:10:00Z",
    "violationEnd": None,
    "testId": 51007,
    "testName": "Shop front",
    "objectiveName": "99.9",
    "goal": 99.9,
    "minsInViolation": "12",
}


def test_slo_violations() -> None:
    (violation,) = v2.read_slo_violations(v2_list("violations", VIOLATION)).entries
    assert violation == ("2026-11-23T11:10:00Z", None, 51007, "Shop front", "99.9", 99.9, 12.0, None)


# Favorite charts

CHART = {
    "id": 88,
    "name": "Weekly",
    "description": "",
    "timeFrame": {"id": 3, "name": "Last 7 days"},
    "interval": {"id": 9, "name": "Day"},
    "dimension": {"id": 17, "name": "Time"},
    "breakdownOne": {"id": 16, "name": "Test"},
    "breakdownTwo": {"id": 0, "name": "None"},
    "statisticalValues": [{"id": 1, "name": "Average"}],
    "tests": [{"id": 51007, "name": "Shop front", "testType": {"id": 0, "name": "Web"}}],
    "syntheticMetrics": [{"id": 15, "name": "% Availability"}, {"id": 89, "name": "Test Time (ms)"}],
    "changeDate": "2026-01-20T08:00:00Z",
    "sourceType": {"id": 1, "name": "Test"},
}


@pytest.mark.parametrize(
    "payload", [v2_list("favoriteCharts", CHART), {"favoriteCharts": [{"id": 1, "name": "x"}, CHART]}]
)
def test_definition_of_a_chart(payload: Any) -> None:
    favorite = v2.read_favorite(payload, 88)
    assert favorite[:4] == (88, "Weekly", None, "2026-01-20T08:00:00Z")
    assert favorite.details == {
        "time_frame": "Last 7 days",
        "interval": "Day",
        "dimension": "time",
        "breakdowns": ["test"],
        "statistics": ["Average"],
        "tests": [{"id": 51007, "name": "Shop front", "type": "web"}],
        "metrics": ["availability", "test_time"],
        "source": "test",
    }


def test_chart_that_is_not_in_the_response() -> None:
    for read in (v2.read_favorite, v2.read_chart):
        with pytest.raises(NotFoundError, match=r"Favorite chart 89 does not exist.*Remove favorite_ids to list"):
            read(v2_list("favoriteCharts", CHART), 89)


def chart_data(**members: Any) -> dict[str, Any]:
    return {
        "id": 88,
        "name": "Weekly",
        "summary": {
            "fields": {"syntheticMetrics": v1_legend(["% Availability"])},
            "items": [{"dimension": [{"id": 51007, "name": "Shop front"}], "syntheticMetrics": [99.98]}],
        },
        "detail": {
            "items": [
                {
                    "dateTime": "2026-11-23T00:00:00Z",
                    "dimension": [{"id": 0, "name": "Time"}, {"id": 51007, "name": "Shop front"}],
                    "syntheticMetrics": [99.5],
                }
            ]
        },
        **members,
    }


@pytest.mark.parametrize("payload", [v2_list("favoriteCharts", chart_data()), {"favoriteCharts": [chart_data()]}])
def test_chart_as_working_scripts_read_it(payload: Any) -> None:
    """It does not say what its rows are broken down by."""
    chart = v2.read_chart(payload, 88)
    assert (chart.name, chart.start, chart.end, chart.cut) == ("Weekly", None, None, False)
    assert chart.metrics == [Metric("availability", "% Availability", "percent")]
    assert chart.summary == [ChartRow(None, {"breakdown_1": SHOP}, {"availability": 99.98})]
    assert chart.detail == [ChartRow("2026-11-23T00:00:00Z", {"breakdown_1": SHOP}, {"availability": 99.5})]


def test_chart_with_breakdowns_a_window_and_a_legend_of_its_details_own() -> None:
    summary = {
        "fields": {
            "syntheticMetrics": v1_legend(["% Availability", "# Runs"]),
            "breakdownOne": {"id": 7, "name": "Country"},
            "breakdownTwo": {"id": 2, "name": "City"},
        },
        "items": [
            {"dimensions": [{"id": 81, "name": "Germany"}, {"id": 17, "name": "Berlin"}], "syntheticMetrics": [99.0, 5]}
        ],
    }
    detail = {
        "fields": {
            "syntheticMetrics": v1_legend(["# Runs", "% Availability"]),
            "breakdownOne": {"id": 2, "name": "City"},
        },
        "items": [
            {
                "dateTime": "2026-11-23T00:00:00Z",
                "dimension": [{"id": 17, "name": "Berlin"}],
                "syntheticMetrics": [5, 98.0],
            }
        ],
    }
    entry = chart_data(
        summary=summary,
        detail=detail,
        startTimeUtc="2026-11-22T00:00:00Z",
        endTimeUtc="2026-11-23T00:00:00Z",
        hasMoreRecords=True,
    )
    chart = v2.read_chart(v2_list("favoriteCharts", entry), 88)
    assert chart.summary == [
        ChartRow(None, {"country": (81, "Germany"), "city": (17, "Berlin")}, {"availability": 99.0, "runs": 5})
    ]
    assert chart.detail == [
        ChartRow("2026-11-23T00:00:00Z", {"city": (17, "Berlin")}, {"runs": 5, "availability": 98.0})
    ]
    assert [metric.slug for metric in chart.metrics] == ["availability", "runs"]
    assert (chart.start, chart.end, chart.cut) == ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", True)


CHINA, CHECKOUT = {"id": 44, "name": "China"}, {"id": 9, "name": "Checkout"}


@pytest.mark.parametrize(
    ("fields", "places", "breakdown"),
    [
        ({"breakdownOne": "Test"}, [CHINA, CHECKOUT], {"test": (9, "Checkout")}),
        (
            {"breakdownOne": "Test", "dimension": "Country"},
            [CHINA, CHECKOUT],
            {"country": (44, "China"), "test": (9, "Checkout")},
        ),
        ({"breakdownOne": "Test", "dimension": "Time"}, [CHINA, CHECKOUT], {"test": (9, "Checkout")}),
        ({"breakdownOne": "Test", "dimension": "Country"}, [CHECKOUT], {"test": (9, "Checkout")}),
        (
            {"breakdownOne": "Test", "breakdownTwo": "Node"},
            [CHINA, CHECKOUT, {"id": 1, "name": "Oslo"}],
            {"test": (9, "Checkout"), "node": (1, "Oslo")},
        ),
    ],
)
def test_chart_whose_axis_is_not_time(fields: dict[str, str], places: Any, breakdown: Any) -> None:
    named = {name: {"id": 1, "name": kind} for name, kind in fields.items()}
    entry = chart_data()
    entry["detail"] = {
        "fields": {"syntheticMetrics": v1_legend(["% Availability"]), **named},
        "items": [{"dimension": places, "syntheticMetrics": [99.5]}],
    }
    chart = v2.read_chart(v2_list("favoriteCharts", entry), 88)
    assert chart.detail == [ChartRow(None, breakdown, {"availability": 99.5})]


def test_chart_with_a_detail_alone() -> None:
    entry = chart_data(summary=None)
    entry["detail"]["fields"] = {"syntheticMetrics": v1_legend(["% Availability"])}
    chart = v2.read_chart(v2_list("favoriteCharts", entry), 88)
    assert (chart.summary, len(chart.detail), len(chart.metrics)) == ([], 1, 1)


@pytest.mark.parametrize(
    "entry",
    [
        CHART,
        chart_data(summary=[], detail=[]),
        chart_data(summary={"fields": {}, "items": [{"syntheticMetrics": [1]}]}),
        chart_data(
            summary={"fields": {"syntheticMetrics": v1_legend(["A", "B"])}, "items": [{"syntheticMetrics": [1]}]}
        ),
        chart_data(detail={"items": [{"dateTime": "soon", "syntheticMetrics": [1]}]}),
        chart_data(detail={"items": [{"dimension": ["x"], "syntheticMetrics": [1]}]}),
    ],
)
def test_charts_of_another_shape_are_errors(entry: Any) -> None:
    with pytest.raises(ResponseError, match="Unexpected response: expected"):
        v2.read_chart(v2_list("favoriteCharts", entry), 88)


# Responses of another shape


def test_mutated_tables_raise_only_catchpoint_errors() -> None:
    payload = v2_table(Run("09:00:00"), Run("09:05:00", (None, 0.0, 1.0), CART, HAMBURG))
    for mutant in mutations(payload):
        with contextlib.suppress(CatchpointError):
            for row in v2.read_table(mutant, [51007, 51008], runs=True).rows:
                check_row(row)


@pytest.mark.parametrize(
    ("read", "payload"),
    [
        (v2.read_nodes, v2_list("nodes", v2_node(BERLIN, ipRanges="192.0.2.0/28", latitude="52.5"))),
        (
            v2.read_node_groups,
            v2_list("nodeGroups", {"id": 1, "syntheticNetworkType": {"id": 0}, "nodes": [v2_node(BERLIN)]}),
        ),
        (v2.read_tests, v2_list("tests", TEST)),
        (lambda payload: v2.read_named("folders", payload), v2_list("folders", {"id": 1, "name": "x"})),
        (v2.read_enumeration, enumeration({4: "Minutes5"}, {15: "% Availability"})),
        (v2.read_favorites, v2_list("favoriteCharts", CHART)),
        (lambda payload: v2.read_favorite(payload, 88), v2_list("favoriteCharts", CHART)),
        (lambda payload: v2.read_chart(payload, 88), v2_list("favoriteCharts", chart_data())),
        (v2.read_alerts, v2_list("alerts", ALERT)),
        (v2.read_slo_violations, v2_list("violations", VIOLATION)),
        (v2.complaint, envelope(None, errors=[{"id": "1", "message": "x"}], title="x", Message="x")),
        (v2.usage, {"usageLimits": {"limits": {"minute": 20}, "runs": {"minute": 3}}}),
    ],
)
def test_mutated_responses_raise_only_catchpoint_errors(read: Callable[[Any], Any], payload: Any) -> None:
    for mutant in mutations(payload):
        with contextlib.suppress(CatchpointError):
            read(mutant)
