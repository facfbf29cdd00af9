# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of v1, and how its responses are read."""

from __future__ import annotations

import contextlib
import math
from typing import Any, Callable

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import queries, v1
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import known_slugs
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    Alert,
    ChartRow,
    Metric,
    Node,
    Page,
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
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, Request
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
    stored,
    ticks,
    v1_legend,
    v1_list,
    v1_node,
    v1_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import NOON

HOUR = Window(int(NOON) - 3600, int(NOON))
TIMES = {"startTime": "2026-11-23T11:00:00Z", "endTime": "2026-11-23T12:00:00Z"}
PAGE_2 = {"pageNumber": "2", "pageSize": "100"}


# Requests


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (v1.nodes(NodeFilter(), 2), Request("/nodes", PAGE_2)),
        (
            v1.nodes(NodeFilter(targeted=True, name="x", scope="all"), 2),
            Request("/nodes", {"targeted": "true", **PAGE_2}),
        ),
        (v1.nodes(NodeFilter(targeted=False), 2), Request("/nodes", PAGE_2)),
        (v1.node_groups(NodeGroupFilter(name="x"), 2), Request("/nodeGroups", PAGE_2)),
        (v1.tests(queries.TestFilter(), 2), Request("/tests", PAGE_2)),
        (
            v1.tests(queries.TestFilter(name="n", url="u", status="active", type="web", product_id=3, folder_id=4), 2),
            Request(
                "/tests",
                {
                    "name": "n",
                    "url": "u",
                    "statusId": "0",
                    "typeId": "0",
                    "productId": "3",
                    "parentFolderId": "4",
                    **PAGE_2,
                },
            ),
        ),
        (
            v1.tests(queries.TestFilter(status="inactive", type="transaction"), 2),
            Request("/tests", {"statusId": "1", **PAGE_2}),
        ),
        (v1.named("products", "Web shop", 2), Request("/products", {"name": "Web shop", **PAGE_2})),
        (v1.raw([1, 2], HOUR, []), Request("/performance/raw", {"tests": "1,2", **TIMES})),
        (
            v1.aggregated([1], HOUR, "Minutes15", [], "city"),
            Request("/performance/aggregated", {"tests": "1", **TIMES, "aggregationType": "Minutes15"}),
        ),
        (v1.favorites(2), Request("/performance/favoriteCharts", PAGE_2)),
        (v1.favorite(7), Request("/performance/favoriteCharts/7", {})),
        (v1.chart(7, None, None, []), Request("/performance/favoriteCharts/7/data", {})),
        (v1.chart(7, HOUR, None, [1, 2]), Request("/performance/favoriteCharts/7/data", {**TIMES, "tests": "1,2"})),
        (v1.chart(7, None, None, [1]), Request("/performance/favoriteCharts/7/data", {"tests": "1"})),
        (v1.alerts(AlertFilter([1]), HOUR, 2), Request("/alerts", {**TIMES, **PAGE_2})),
    ],
)
def test_requests(request_: Request, expected: Request) -> None:
    assert request_ == expected


def test_objects_are_requested_one_by_one() -> None:
    assert v1.nodes_by_id([1, 2], NodeFilter()) == [Request("/nodes/1", {}), Request("/nodes/2", {})]
    assert v1.tests_by_id([1, 2]) == [Request("/tests/1", {}), Request("/tests/2", {})]


def test_missing_features_of_v1() -> None:
    assert v1.enumeration() is None
    assert v1.slo_violations([1], HOUR, 1) is None
    for payload in (None, {}, {"data": {}}):
        with pytest.raises(ResponseError):
            v1.read_enumeration(payload)
        with pytest.raises(ResponseError):
            v1.read_slo_violations(payload)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: v1.nodes(NodeFilter(paused=True), 1), "does not report whether a node is paused. Remove paused"),
        (lambda: v1.nodes(NodeFilter(paused=False), 1), "does not report whether a node is paused"),
        (
            lambda: v1.tests(queries.TestFilter(labels={"team": "web"}), 1),
            "v1 does not support labels. Remove labels, or use an api_key",
        ),
        (lambda: v1.chart(7, HOUR, "Minutes15", []), "cannot override a favorite chart's interval. Remove interval"),
    ],
)
def test_options_that_v1_does_not_support(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        ask()


# Errors and usage in responses of any kind


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"Message": "Expired Token"}, ApiMessage("Expired Token", token=True)),
        ({"Message": "The expired token was sent"}, ApiMessage("The expired token was sent", token=True)),
        ({"Message": "Invalid token"}, ApiMessage("Invalid token", token=True)),
        ({"Message": "All tests must be of one type."}, ApiMessage("All tests must be of one type.")),
        (
            {"Message": "No valid Test found for input '5'."},
            ApiMessage("No valid Test found for input '5'.", missing=True),
        ),
        ({"title": "Bad Gateway", "detail": "No upstream", "status": 502}, ApiMessage("Bad Gateway: No upstream.")),
        ({"title": "Fast", "status": {"id": 0, "name": "Active"}}, None),
        ({"Message": ""}, None),
        ({"Message": None}, None),
        ({"Message": ["x"]}, None),
        ({"items": []}, None),
        ([{"Message": "x"}], None),
        (None, None),
        ("Message", None),
    ],
)
def test_complaint(payload: Any, expected: Any) -> None:
    assert v1.complaint(payload) == expected


def test_usage_is_not_reported() -> None:
    assert v1.usage({"usageLimits": {}}) is None


# Runs


def test_stored_raw_response_is_read_to_the_value() -> None:
    """8 runs, 67 metrics, nulls, an IPv6 node, times as ticks and as text."""
    payload = stored("v1-raw")
    table = v1.read_table(payload, [51007], runs=True)
    labels = [entry["name"] for entry in payload["detail"]["fields"]["synthetic_metrics"]]
    assert [metric.label for metric in table.metrics] == labels
    assert len({metric.slug for metric in table.metrics}) == 67
    assert {metric.slug for metric in table.metrics} <= set(known_slugs())
    assert (table.cut, table.zone) == (False, "UTC")
    assert [row.time for row in table.rows] == [
        f"2026-11-23T09:{time}Z" for time in ("00:03", "01:58", "04:11", "06:25", "07:40", "09:59", "12:06", "14:30")
    ]
    assert [(row.node_id, row.node) for row in table.rows[:3]] == [
        (611, "Berlin, DE - Telekom"),
        (815, "Tokyo, JP - NTT IPv6"),
        (702, "Oslo, NO - Telia"),
    ]
    assert {(row.test_id, row.test_name, row.city, row.country) for row in table.rows} == {(*SHOP, None, None)}
    assert [row.failed for row in table.rows] == [False, False, False, False, True, False, False, False]
    assert [row.host_ip for row in table.rows][:2] == ["192.0.2.17", "2001:db8:40::a7"]
    for row, item in zip(table.rows, payload["detail"]["items"]):
        assert list(row.metrics.values()) == item["synthetic_metrics"]
        assert list(row.metrics) == [metric.slug for metric in table.metrics]
    last = table.rows[-1].metrics
    assert (last["webpage_response"], last["dns"], last["image_bytes"], last["dom_load"]) == (478.0, 13.0, 5120.0, None)
    assert (last["availability"], last["runs"], last["redirect"], last["count_redirect"]) == (100.0, 1.0, 97.0, 1.0)


def test_units_of_the_stored_response() -> None:
    units = {metric.slug: metric.unit for metric in v1.read_table(stored("v1-raw"), [51007], runs=True).metrics}
    assert (units["webpage_response"], units["availability"], units["runs"]) == ("ms", "percent", "count")
    assert (units["file_size"], units["image_bytes"], units["apdex"]) == ("bytes", "bytes", "none")


def test_values_follow_the_legend_and_not_the_position() -> None:
    payload = v1_table(Run("09:00:00", (1.0, 100.0, 1300.0)), legend=("# Runs", "% Availability", "Test Time (ms)"))
    payload["detail"]["fields"]["synthetic_metrics"].reverse()
    (row,) = v1.read_table(payload, [51007], runs=True).rows
    assert row.metrics == {"runs": 1.0, "availability": 100.0, "test_time": 1300.0}


@pytest.mark.parametrize(
    ("dimension", "time"),
    [
        ({"id": ticks("2026-11-23T09:00:03Z"), "name": "2026-11-23T09:00:03Z"}, "2026-11-23T09:00:03Z"),
        ({"id": ticks("2026-11-23T09:00:03Z"), "name": "11/23/2026 10:00:03 AM"}, "2026-11-23T09:00:03Z"),
        ({"id": ticks("2026-11-23T09:00:03Z"), "name": "2026-11-23T10:00:03"}, "2026-11-23T09:00:03Z"),
        ({"id": ticks("2026-11-23T09:00:03Z")}, "2026-11-23T09:00:03Z"),
        ({"id": 7, "name": "2026-11-23T09:00:03Z"}, "2026-11-23T09:00:03Z"),
        ({"id": str(ticks("2026-11-23T09:00:03Z")), "name": None}, "2026-11-23T09:00:03Z"),
        ({"id": 0, "name": "2026-11-23T09:00:03.1234567Z"}, "2026-11-23T09:00:03Z"),
        ({"name": "2026-11-23T09:00:03"}, "2026-11-23T09:00:03Z"),
    ],
)
def test_time_of_a_run(dimension: dict[str, Any], time: str) -> None:
    """Ticks are UTC; a text is UTC only if it ends in Z or if there are no ticks."""
    payload = v1_table(Run("09:00:00"))
    payload["detail"]["items"][0]["dimension"] = dimension
    assert v1.read_table(payload, [51007], runs=True).rows[0].time == time


@pytest.mark.parametrize(
    ("legend", "values", "error", "failed"),
    [
        (("% Availability",), [100], None, False),
        (("% Availability",), [0.0], None, True),
        (("% Availability",), [99.9], None, True),
        (("% Availability",), [100.0], True, False),
        (("% Availability", "# Test Errors"), [None, 0], None, False),
        (("% Availability", "# Test Errors"), [None, 2], None, True),
        (("% Availability",), [None], {"id": 3, "name": "SSL"}, True),
        (("# Test Errors",), [None], True, True),
    ],
)
def test_whether_a_run_failed(legend: tuple[str, ...], values: list[Any], error: Any, failed: bool) -> None:
    payload = v1_table(Run("09:00:00", values), legend=legend)
    payload["detail"]["items"][0]["error"] = error
    assert v1.read_table(payload, [51007], runs=True).rows[0].failed is failed


def test_a_run_without_a_sign_of_failure_is_an_error() -> None:
    payload = v1_table(Run("09:00:00", [1.0]), legend=("Test Time (ms)",))
    with pytest.raises(ResponseError, match="A run of test 51007 at 2026-11-23T09:00:00Z came without % Availability"):
        v1.read_table(payload, [51007], runs=True)
    assert v1.read_table(payload, [51007], runs=False).rows[0].failed is False


def test_breakdowns_in_another_order_and_of_other_kinds() -> None:
    payload = v1_table(Run("09:00:00", place=HAMBURG), by="city")
    (row,) = v1.read_table(payload, [51007], runs=False).rows
    assert (row.city, row.country, row.node) == ("Hamburg", None, None)
    payload["detail"]["fields"]["breakdown_1"], payload["detail"]["fields"]["breakdown_2"] = (
        {"id": 11, "name": "Country"},
        {"id": 1, "name": "Test"},
    )
    payload["detail"]["items"][0].update(breakdown_1={"id": 81, "name": "Germany"}, breakdown_2={"id": 5, "name": "T"})
    (row,) = v1.read_table(payload, [5], runs=False).rows
    assert (row.test_id, row.test_name, row.country) == (5, "T", "Germany")


def test_rows_need_not_name_the_only_requested_test() -> None:
    payload = v1_table(Run("09:00:00"), by=None)
    del payload["detail"]["fields"]["breakdown_1"], payload["detail"]["items"][0]["breakdown_1"]
    assert v1.read_table(payload, [51007], runs=True).rows[0].test_id == 51007
    with pytest.raises(ResponseError, match="rows name their test and time"):
        v1.read_table(payload, [51007, 51008], runs=True)


def test_numbers_as_texts_and_not_a_number() -> None:
    payload = v1_table(Run("09:00:00", ("NaN", "100", "")))  # type: ignore[arg-type]
    payload["detail"]["items"][0]["breakdown_1"]["id"] = "51007"
    (row,) = v1.read_table(payload, [51007], runs=True).rows
    assert (row.test_id, row.metrics) == (51007, {"test_time": None, "availability": 100.0, "runs": None})


@pytest.mark.parametrize("payload", [None, {}])
def test_an_empty_body_means_no_runs(payload: Any) -> None:
    """v1 returns an empty body if there are no runs."""
    assert v1.read_table(payload, [1], runs=True) == ([], [], False, None, 0)


def test_truncated_rows() -> None:
    assert v1.read_table(v1_table(has_more=True), [1], runs=True).cut is True


# Lists


def test_stored_node_is_read_to_the_value() -> None:
    page = v1.read_nodes(stored("v1-nodes"))
    assert page.more is False
    (node,) = page.entries
    assert node == Node(
        id=611,
        name="Berlin, DE - Telekom",
        status="active",
        paused=None,
        network_type="backbone",
        targeted=True,
        ipv6=False,
        city="Berlin",
        region="Berlin State",
        country="Germany",
        continent="Europe",
        asn=3320,
        as_name="DTAG",
        isp="Deutsche Telekom",
        latitude=52.52,
        longitude=13.405,
        ip_ranges=["192.0.2.17"],
    )


@pytest.mark.parametrize(
    ("members", "name", "expected"),
    [
        ({"targeted": "False"}, "targeted", False),
        ({"targeted": True}, "targeted", True),
        ({"targeted": "perhaps"}, "targeted", None),
        ({}, "targeted", None),
        ({"ip_ranges": "192.0.2.1, 2001:db8::/48;192.0.2.7"}, "ip_ranges", ["192.0.2.1", "2001:db8::/48", "192.0.2.7"]),
        ({"ip_ranges": ["192.0.2.1", " 192.0.2.2 "]}, "ip_ranges", ["192.0.2.1", "192.0.2.2"]),
        ({"ip_ranges": "2001:db8:40::a7"}, "ipv6", True),
        ({"ip_ranges": None}, "ipv6", None),
        ({"asn": None}, "asn", None),
        ({"asn": {"value": "3356", "name": "LEVEL3"}}, "asn", 3356),
        ({"asn": {"value": "private"}}, "asn", None),
        ({"network_type": {"id": 1, "name": "LastMile"}}, "network_type", "last_mile"),
        ({"network_type": {"id": 3, "name": "Enterprise (pt)"}}, "network_type", "private"),
        ({"network_type": {"id": 77, "name": "On the Moon"}}, "network_type", "on_the_moon"),
        ({"status": {"id": 1, "name": "Switched off"}}, "status", "inactive"),
        ({"coordinates": {"latitude": "52.5", "longitude": "-13"}}, "longitude", -13.0),
        ({"name": ""}, "name", None),
    ],
)
def test_members_of_a_node(members: dict[str, Any], name: str, expected: Any) -> None:
    (node,) = v1.read_nodes(v1_list(v1_node(BERLIN, **members))).entries
    assert getattr(node, name) == expected


def test_one_object_and_a_list_are_read_alike() -> None:
    node = v1_node(BERLIN)
    assert v1.read_nodes(node) == v1.read_nodes([node]) == v1.read_nodes(v1_list(node))
    assert v1.read_nodes(v1_list(node, more=True)).more is True


READERS: list[Callable[[Any], Any]] = [
    v1.read_nodes,
    v1.read_node_groups,
    v1.read_tests,
    lambda payload: v1.read_named("products", payload),
    v1.read_favorites,
]


@pytest.mark.parametrize("payload", [None, {}, [], v1_list(), {**v1_list(), "items": None}])
@pytest.mark.parametrize("read", READERS)
def test_empty_lists(read: Callable[[Any], Any], payload: Any) -> None:
    assert read(payload).entries == []
    assert read(payload).more is False


@pytest.mark.parametrize(
    "payload",
    [
        "x", 3, True, {"item": []}, {"items": {}}, {"items": "x"}, {"items": [1]}, {"items": [{}]},
        [None], [{"name": "no id"}], [{"id": "x"}], [{"id": True}], {"data": {"nodes": []}}, {"error": "x"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("read", READERS)
def test_lists_of_another_shape_are_errors(read: Callable[[Any], Any], payload: Any) -> None:
    with pytest.raises(ResponseError, match=r"Unexpected response: expected .*api_version"):
        read(payload)


def test_the_nodes_of_a_group_are_empty_or_unknown() -> None:
    page = v1.read_node_groups(v1_list({"id": 1}, {"id": 2, "nodes": None}, {"id": 3, "nodes": []}))
    assert [group.nodes for group in page.entries] == [None, None, []]


def test_node_group() -> None:
    group = {
        "id": 9,
        "name": "EMEA",
        "description": "",
        "synthetic_network_type": {"id": 0, "name": "Backbone"},
        "nodes_count": 1,
        "nodes": [v1_node(BERLIN)],
    }
    (entry,) = v1.read_node_groups(v1_list(group)).entries
    node = {"id": 611, "name": "Berlin, DE - Telekom", "network_type": "backbone", "status": "active"}
    assert entry == (9, "EMEA", None, "backbone", 1, [node])


def test_tests_in_the_short_and_in_the_long_form() -> None:
    short = {
        "id": 51007,
        "name": "Shop front",
        "type": {"id": 0, "name": "Web"},
        "monitors": [{"id": 18, "name": "Chrome"}],
    }
    long = {
        "id": 51007,
        "name": "Shop front",
        "test_type": {"id": 0, "name": "Web"},
        "monitor": {"id": 18, "name": "Chrome"},
        "status": {"id": 1, "name": "Inactive"},
        "test_url": "https://shop.example.com/",
        "division_id": 1157,
        "product_id": 31,
        "parent_folder_id": 74,
        "change_date": "04/02/2026 12:10:00 PM",
        "alerts_paused": "False",
    }
    (first,) = v1.read_tests(v1_list(short)).entries
    assert first == Definition(51007, "Shop front", "web", 0, "chrome", None, None, None, None, None, None, {}, None)
    (second,) = v1.read_tests(long).entries
    assert second == Definition(
        51007, "Shop front", "web", 0, "chrome", "inactive", "https://shop.example.com/", 31, 74, 1157, False, {}, None
    )


def test_change_date_is_shown_only_if_it_identifies_an_instant() -> None:
    (test,) = v1.read_tests({"id": 1, "change_date": "2026-04-02T12:10:00.0633333Z"}).entries
    assert test.changed == "2026-04-02T12:10:00Z"


def test_alerts() -> None:
    alert = {
        "report_time": "2026-11-23T11:10:00Z",
        "level": {"id": 1, "name": "Critical"},
        "test": {"id": 51007, "name": "Shop front"},
        "alert_type": {"id": 7, "name": "ResponseTime"},
    }
    assert v1.read_alerts(v1_list(alert, name="alerts", more=True)) == Page(
        [Alert("2026-11-23T11:10:00Z", 51007, "Shop front", "critical", "response_time", labels={})], True
    )
    assert v1.read_alerts(None) == Page(empty_body=True)


# Favorite charts


def test_stored_chart_is_read_to_the_value() -> None:
    chart = v1.read_chart(stored("v1-favorite-chart-data"), 88)
    assert chart.metrics == [
        Metric("webpage_response", "Webpage Response (ms)", "ms", "Avg"),
        Metric("availability", "% Availability", "percent"),
        Metric("runs", "# Runs", "count"),
    ]
    assert (chart.name, chart.start, chart.end, chart.detail, chart.cut, chart.zone) == (
        None,
        None,
        None,
        [],
        False,
        None,
    )
    assert [row.breakdown for row in chart.summary] == [
        {"country": (81, "Germany"), "city": (17, "Berlin")},
        {"country": (81, "Germany"), "city": (18, "Hamburg")},
        {"country": (164, "Norway"), "city": (61, "Oslo")},
        {"country": (63, "Ecuador"), "city": (77, "Quito")},
        {"country": (110, "Japan"), "city": (5, "Tokyo")},
    ]
    assert [list(row.metrics.values()) for row in chart.summary] == [
        [1240.5333333333333, 100, 60], [1377.25, 98.333, 60], [990.4, 100, 55], [4120.0, 50, 2], [None, 0, 3],
    ]  # fmt: skip


def chart_part(*rows: dict[str, Any], legend: Any = None, **breakdowns: str) -> dict[str, Any]:
    fields = {name: {"id": 1, "name": kind} for name, kind in breakdowns.items()}
    return {
        "fields": {"synthetic_metrics": legend or v1_legend(["% Availability", "# Runs"]), **fields},
        "items": list(rows),
    }


def test_chart_with_detail_whose_legend_has_another_order() -> None:
    test = {"id": 51007, "name": "Shop front"}
    payload = {
        "start": "2026-11-23T09:00:00Z",
        "end": "2026-11-23T10:00:00.123Z",
        "summary": chart_part(
            {"breakdown_2": test, "synthetic_metrics": [99.5, 60]}, breakdown_1="None", breakdown_2="Test"
        ),
        "detail": chart_part(
            {
                "dimension": {"id": ticks("2026-11-23T09:00:00Z"), "name": "2026-11-23T09:00:00Z"},
                "breakdown_2": test,
                "synthetic_metrics": [5, 100.0, 3.0],
            },
            legend=v1_legend(["# Runs", "% Availability", "Apdex"]),
            breakdown_2="Test",
        ),
        "timezone": {"id": 2, "name": "Mountain Standard Time"},
    }
    chart = v1.read_chart(payload, 88)
    where = {"test": SHOP}
    assert chart.summary == [ChartRow(None, where, {"availability": 99.5, "runs": 60})]
    assert chart.detail == [ChartRow("2026-11-23T09:00:00Z", where, {"availability": 100.0, "runs": 5, "apdex": 3.0})]
    assert [metric.slug for metric in chart.metrics] == ["availability", "runs", "apdex"]
    assert (chart.start, chart.end) == ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
    assert chart.zone == "Mountain Standard Time"


@pytest.mark.parametrize(
    ("axis", "place", "breakdown"),
    [
        ("Country", {"id": 44, "name": "China"}, {"country": (44, "China"), "test": SHOP}),
        ("State", {"id": 3, "name": "AZ"}, {"state": (3, "AZ"), "test": SHOP}),
        (None, {"id": 44, "name": "China"}, {"test": SHOP}),
        (None, {"id": 3, "name": "AZ"}, {"test": SHOP}),
    ],
)
def test_chart_whose_axis_is_not_time(axis: str | None, place: Any, breakdown: Any) -> None:
    row = {"dimension": place, "breakdown_1": {"id": 51007, "name": "Shop front"}, "synthetic_metrics": [99.5, 60]}
    fields = {"breakdown_1": "Test", **({"dimension": axis} if axis else {})}
    chart = v1.read_chart({"detail": chart_part(row, **fields)}, 88)
    assert chart.detail == [ChartRow(None, breakdown, {"availability": 99.5, "runs": 60})]


@pytest.mark.parametrize("axis", ["Time", "None", None])
def test_chart_whose_axis_is_time(axis: str | None) -> None:
    row = {"dimension": {"id": ticks("2026-11-23T09:00:00Z"), "name": "09:00"}, "synthetic_metrics": [99.5, 60]}
    chart = v1.read_chart({"detail": chart_part(row, **({"dimension": axis} if axis else {}))}, 88)
    assert chart.detail == [ChartRow("2026-11-23T09:00:00Z", {}, {"availability": 99.5, "runs": 60})]


def test_one_metric_by_several_statistics() -> None:
    legend = [
        {"index": 0, "name": "Test Time (ms)", "statistical": {"prefix": "Avg", "id": 1}},
        {"index": 1, "name": "Test Time (ms)", "statistical": {"name": "95th Percentile", "id": 7}},
        {"index": 2, "name": "Test Time (ms)", "statistical": {"prefix": "Max", "id": 5}},
        {"index": 3, "name": "Test Time (ms)", "statistical": {"prefix": "Max", "id": 5}},
        {"index": 4, "name": "# Runs", "statistical": None},
    ]
    payload = {"summary": chart_part({"synthetic_metrics": [1.0, 2.0, 3.0, 4.0, 5]}, legend=legend)}
    chart = v1.read_chart(payload, 88)
    assert [(metric.slug, metric.statistic) for metric in chart.metrics] == [
        ("test_time", "Avg"),
        ("test_time_95th_percentile", "95th Percentile"),
        ("test_time_max", "Max"),
        ("test_time_3", "Max"),
        ("runs", None),
    ]


def test_an_empty_body_means_no_chart_data() -> None:
    assert v1.read_chart(None, 88).summary == []
    assert v1.read_chart({}, 88).detail == []


@pytest.mark.parametrize(
    "payload",
    [
        [],
        "x",
        {"summary": {}, "detail": None},
        {"items": []},
        {"summary": []},
        {"summary": {"items": {}}},
        {"summary": {"items": [{"synthetic_metrics": [1]}]}},
        {"detail": {"fields": {"synthetic_metrics": [{"index": 3, "name": "x"}]}}},
    ],
)
def test_charts_of_another_shape_are_errors(payload: Any) -> None:
    with pytest.raises(ResponseError):
        v1.read_chart(payload, 88)


def test_definition_of_a_chart() -> None:
    payload = {
        "name": "Weekly",
        "interval": {"id": 9, "name": "Day"},
        "time_frame": {"id": 3, "name": "Last 7 days"},
        "dimension": {"id": 0, "name": "Time"},
        "breakdown_1": {"id": 1, "name": "Test"},
        "breakdown_2": {"id": 0, "name": "None"},
        "statistical_values": ["Average", {"id": 2, "name": "Median"}],
        "tests": [{"id": 51007, "name": "Shop front", "type": {"id": 12, "name": "Traceroute"}}],
        "synthetic_metrics": [{"id": 15, "name": "% Availability"}],
        "source_type": {"id": 1, "name": "Test"},
    }
    favorite = v1.read_favorite(payload, 88)
    assert (favorite.id, favorite.name) == (88, "Weekly")
    assert favorite.details == {
        "time_frame": "Last 7 days",
        "interval": "Day",
        "dimension": "time",
        "breakdowns": ["test"],
        "statistics": ["Average", "Median"],
        "tests": [{"id": 51007, "name": "Shop front", "type": "trace_route"}],
        "metrics": ["availability"],
        "source": "test",
    }


@pytest.mark.parametrize("payload", [None, {}])
def test_definition_of_a_missing_chart(payload: Any) -> None:
    with pytest.raises(NotFoundError, match=r"Favorite chart 88 does not exist.*Remove favorite_ids"):
        v1.read_favorite(payload, 88)


def test_empty_definition() -> None:
    details = v1.read_favorite({"id": 88}, 88).details
    assert details is not None
    assert [value for value in details.values() if value] == []


# Responses of another shape


@pytest.mark.parametrize(
    "payload",
    [
        [],
        "x",
        1,
        {"summary": {}},
        {"detail": None},
        {"detail": {}},
        {"detail": {"fields": {}, "items": []}},
        {"detail": {"fields": {"synthetic_metrics": []}}},
        {"detail": {"fields": {"synthetic_metrics": [{}]}, "items": []}},
        {"data": {"responseItems": []}},
        {"items": []},
    ],
)
def test_performance_data_of_another_shape_is_an_error(payload: Any) -> None:
    with pytest.raises(ResponseError, match="Unexpected response: expected performance data"):
        v1.read_table(payload, [51007], runs=True)


@pytest.mark.parametrize(
    "legend",
    [
        [{"index": 0, "name": "A"}, {"index": 2, "name": "B"}],
        [{"index": 0, "name": "A"}, {"index": 0, "name": "B"}],
        [{"index": 1, "name": "A"}, {"index": 2, "name": "B"}],
        [{"index": 0, "name": "A"}, {"index": 1, "name": ""}],
        [{"index": 0, "name": "A"}, {"name": "B"}],
    ],
)
def test_legend_with_gaps_is_an_error(legend: Any) -> None:
    payload = v1_table(Run("09:00:00", (1.0, 2.0)))
    payload["detail"]["fields"]["synthetic_metrics"] = legend
    with pytest.raises(ResponseError, match="whose indexes run from 0 without a gap"):
        v1.read_table(payload, [51007], runs=True)


@pytest.mark.parametrize(
    "values", [[1.0, 2.0], [1.0, 2.0, 3.0, 4.0], None, {}, ["a", 100.0, 1.0], [[], 100.0, 1.0], [True, 100.0, 1.0]]
)
def test_values_that_do_not_fit_the_legend_are_an_error(values: Any) -> None:
    payload = v1_table(Run("09:00:00"))
    payload["detail"]["items"][0]["synthetic_metrics"] = values
    with pytest.raises(ResponseError):
        v1.read_table(payload, [51007], runs=True)


def test_an_error_shows_the_shape_but_no_values() -> None:
    with pytest.raises(ResponseError) as caught:
        v1.read_nodes({"access_token": "se-cret", "expires_in": 1800})
    assert "'access_token', 'expires_in'" in str(caught.value)
    assert "se-cret" not in str(caught.value)


def test_mutated_tables_raise_only_catchpoint_errors() -> None:
    payload = v1_table(Run("09:00:00"), Run("09:05:00", (None, 0.0, 1.0), CART, HAMBURG))
    for mutant in mutations(payload):
        try:
            for row in v1.read_table(mutant, [51007, 51008], runs=True).rows:
                check_row(row)
        except CatchpointError:
            pass


@pytest.mark.parametrize(
    ("read", "payload"),
    [
        (v1.read_nodes, stored("v1-nodes")),
        (v1.read_nodes, v1_list(v1_node(BERLIN, asn={"value": "AS3320", "name": "DTAG"}))),
        (
            v1.read_node_groups,
            v1_list(
                {"id": 9, "name": "EMEA", "network_type": {"id": 0, "name": "Backbone"}, "nodes": [v1_node(BERLIN)]}
            ),
        ),
        (
            v1.read_tests,
            v1_list(
                {
                    "id": 1,
                    "name": "x",
                    "type": {"id": 0, "name": "Web"},
                    "monitors": [{"id": 18, "name": "Chrome"}],
                    "change_date": "2026-04-02T12:10:00Z",
                }
            ),
        ),
        (lambda payload: v1.read_named("folders", payload), v1_list({"id": 1, "name": "x"})),
        (v1.read_favorites, v1_list({"id": 88, "name": "x", "change_date": "2026-04-02T12:10:00Z"})),
        (
            lambda payload: v1.read_favorite(payload, 88),
            {
                "id": 88,
                "breakdown_1": {"id": 1, "name": "Test"},
                "tests": [{"id": 1, "name": "x", "type": {"id": 0, "name": "Web"}}],
                "synthetic_metrics": [{"id": 15, "name": "% Availability"}],
                "statistical_values": [{"id": 1, "name": "Average"}],
            },
        ),
        (
            lambda payload: v1.read_chart(payload, 88),
            {
                **stored("v1-favorite-chart-data"),
                "start": "2026-11-23T09:00:00Z",
                "timezone": {"id": 4, "name": "UTC"},
                "detail": chart_part(
                    {
                        "dimension": {"id": 639310212030000000, "name": "2026-11-23T09:00:03"},
                        "breakdown_1": {"id": 1, "name": "x"},
                        "synthetic_metrics": [99.5, 60],
                    },
                    breakdown_1="Test",
                ),
            },
        ),
        (
            v1.read_alerts,
            v1_list(
                {
                    "report_time": "2026-11-23T11:10:00Z",
                    "level": {"id": 1, "name": "Critical"},
                    "test": {"id": 1, "name": "x"},
                    "alert_type": {"id": 7, "name": "ResponseTime"},
                },
                name="alerts",
            ),
        ),
        (v1.complaint, {"Message": "Expired token"}),
    ],
)
def test_mutated_responses_raise_only_catchpoint_errors(read: Callable[[Any], Any], payload: Any) -> None:
    for mutant in mutations(payload):
        with contextlib.suppress(CatchpointError):
            read(mutant)


@pytest.mark.parametrize("number", [math.inf, -math.inf, "NaN"])
def test_a_number_beyond_the_floats_is_null(number: Any) -> None:
    """Python reads 1e999 as Infinity, which JSON cannot represent."""
    payload = v1_table(Run("09:00:00", (number, 100.0, 10**400)))
    (row,) = v1.read_table(payload, [51007], runs=True).rows
    assert row.metrics == {"test_time": None, "availability": 100.0, "runs": None}


@pytest.mark.parametrize("more", [True, "true", "True", 1, "1"])
def test_truncated_rows_in_every_form_of_true(more: Any) -> None:
    assert v1.read_table(v1_table(has_more=more), [1], runs=True).cut is True
