# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes and sums of raw data, aggregated data and favorite charts, in v1 and v2."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.start import Running
from simulator_client import Api

HOUR = "startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T10:00:00"
V1_HOUR = "startTime=2026-11-23T09:00:00Z&endTime=2026-11-23T10:00:00Z"


def named(legend: list[dict[str, Any]], values: list[Any]) -> dict[str, Any]:
    return {entry["name"]: values[entry["index"]] for entry in legend}


def test_v2_raw_row(api: Api) -> None:
    query = f"tests/explorer/raw?testIds=81093&{HOUR}&metricIds=89,15,61,21&dimensionIds=16,1,7,2"
    item = api.data(query)["responseItems"][0]
    assert item["dimensions"] == [
        {"id": 16, "name": "Test"},
        {"id": 1, "name": "Node"},
        {"id": 7, "name": "Country"},
        {"id": 2, "name": "City"},
    ]
    assert (item["timeZoneOffSet"], item["hasMoreRecords"], item["summaryItems"]) == ("00:00:00", False, [])
    row = item["items"][0]
    assert named(item["metrics"], row["values"]) == {
        "Test Time (ms)": pytest.approx(1300, rel=0.8),
        "% Availability": 100.0,
        "# Runs": 1.0,
        "Ping Round Trip (ms)": None,
    }
    assert [entry["index"] for entry in item["metrics"]] == [0, 1, 2, 3]
    node = row["dimensions"][1]
    assert node["type"] == {"id": 1, "name": "Node"}
    assert node["id"] in (257, 81, 28, 134, 171)
    assert [one["type"]["name"] for one in row["dimensions"]] == ["Test", "Node", "Country", "City"]
    assert (row["indicators"], row["tracepoints"]) == (None, None)
    assert row["dateTime"].startswith("2026-11-23T09:0")
    assert row["reportDate"] == "2026-11-23T09:00:00Z"


def test_rows_have_the_requested_dimensions_only(api: Api) -> None:
    item = api.data(f"tests/explorer/raw?testIds=81093&{HOUR}&dimensionIds=7")["responseItems"][0]
    assert {tuple(one["type"]["name"] for one in row["dimensions"]) for row in item["items"]} == {("Country",)}
    item = api.data(f"tests/explorer/raw?testIds=81093&{HOUR}")["responseItems"][0]
    assert [one["name"] for one in item["dimensions"]] == ["Test", "Node"]
    assert api.v2(f"tests/explorer/raw?testIds=81093&{HOUR}&dimensionIds=9999")[0] == 400


def test_dimensions_of_network_types_and_requests(api: Api) -> None:
    """Working clients request these two of aggregated data."""
    item = api.data(f"tests/explorer/aggregated?testIds=81093&{HOUR}&dimensionIds=16,85,94")["responseItems"][0]
    assert [(one["id"], one["name"]) for one in item["dimensions"]] == [
        (16, "Test"), (85, "NetworkType"), (94, "Request"),
    ]  # fmt: skip
    assert {row["dimensions"][1]["name"] for row in item["items"]} == {"Backbone"}


def test_two_metric_ids_may_have_the_same_name(api: Api) -> None:
    item = api.data(f"tests/explorer/raw?testIds=81093&{HOUR}&metricIds=10,201")["responseItems"][0]
    assert [entry["name"] for entry in item["metrics"]] == ["Response (ms)", "Response (ms)"]
    item = api.data(f"tests/explorer/raw?testIds=81093&{HOUR}")["responseItems"][0]
    names = [entry["name"] for entry in item["metrics"]]
    assert len(names) == len(set(names)) > 60


def test_test_ids_are_required_and_must_exist(api: Api) -> None:
    assert api.v2("tests/explorer/raw")[0] == 400
    status, answer = api.v2(f"tests/explorer/raw?testIds=81093,5&{HOUR}")
    assert (status, answer["completed"]) == (200, False)
    assert answer["errors"] == [{"id": "404", "message": "Test id 5 was not found."}]
    assert len(answer["data"]["responseItems"][0]["items"]) == 60
    status, answer = api.v2("tests/explorer/raw?testIds=5")
    assert (status, answer["completed"], answer["data"]) == (200, False, None)


def test_v2_aggregated(api: Api) -> None:
    query = f"tests/explorer/aggregated?testIds=81093,81095&{HOUR}&timeInterval=6&metricIds=89,15,61,208"
    items = api.data(query)["responseItems"]
    # A web test and a transaction: one item for each type of test.
    assert [item["items"][0]["dimensions"][0]["id"] for item in items] == [81093, 81095]
    for test, item in zip((81093, 81095), items):
        assert item["timeInterval"] == {"id": 6, "name": "Minutes15"}
        raw = api.rows(f"tests/explorer/raw?testIds={test}&{HOUR}&metricIds=89,15,61,208")
        times = [f"2026-11-23T09:{minute}:00Z" for minute in ("00", "15", "30", "45")]
        assert [row["dateTime"] for row in item["items"]] == times
        summary = named(item["metrics"], item["summaryItems"][0]["values"])
        assert (
            summary["# Runs"] == len(raw) == sum(named(item["metrics"], r["values"])["# Runs"] for r in item["items"])
        )
        good = [row["values"]["Test Time (ms)"] for row in raw if row["values"]["Test Time (ms)"] is not None]
        assert summary["Test Time (ms)"] == pytest.approx(sum(good) / len(good))
        assert summary["% Availability"] == pytest.approx(100 * len(good) / len(raw), abs=0.001)
        assert summary["# Test Errors"] == (len(raw) - len(good) or None)
        assert (item["items"][0]["reportDate"], item["summaryItems"][0]["dateTime"]) == (None, None)


def test_aggregated_rows_are_grouped_by_the_dimensions_only(api: Api) -> None:
    query = f"tests/explorer/aggregated?testIds=81093,81099&{HOUR}&timeInterval=8&metricIds=61&dimensionIds=7"
    item = api.data(query)["responseItems"][0]
    counts = {row["dimensions"][0]["name"]: row["values"][0] for row in item["items"]}
    assert set(counts) == {"United States", "United Kingdom"}
    assert sum(counts.values()) == 120


def test_days_start_at_midnight_utc_and_weeks_on_monday(api: Api) -> None:
    query = "startTimeUtc=2026-11-13T12:00:00&endTimeUtc=2026-11-23T10:00:00&metricIds=61"
    rows = api.data(f"tests/explorer/aggregated?testIds=81105&{query}&timeInterval=9")["responseItems"][0]["items"]
    assert [row["dateTime"] for row in rows] == [f"2026-11-{day}T00:00:00Z" for day in range(13, 24)]
    rows = api.data(f"tests/explorer/aggregated?testIds=81105&{query}&timeInterval=10")["responseItems"][0]["items"]
    assert [row["dateTime"] for row in rows] == [f"2026-11-{day:02d}T00:00:00Z" for day in (9, 16, 23)]


def test_enumeration_lists_intervals_metrics_and_dimensions(api: Api) -> None:
    sections = {one["section"]: one["enumeration"] for one in api.data("tests/explorer/enumeration")["sections"]}
    assert set(sections) == {"TimeInterval", "AnalyticsMetric", "BreakdownDimension", "SubSourceType"}
    assert {"id": 6, "name": "Minutes15"} in sections["TimeInterval"]
    assert {"id": 89, "name": "Test Time (ms)"} in sections["AnalyticsMetric"]
    assert {"id": 7, "name": "Country"} in sections["BreakdownDimension"]
    only = api.data("tests/explorer/enumeration?includeTimeIntervals=true")["sections"]
    assert [one["section"] for one in only] == ["TimeInterval"]
    tests = api.data("tests/enumeration?displayTestType=true")["sections"]
    assert [one["section"] for one in tests] == ["DisplayTestType"]
    assert api.v2(f"tests/explorer/aggregated?testIds=81093&{HOUR}&timeInterval=99")[0] == 400


def test_v1_raw_row(api: Api) -> None:
    answer = api.v1(f"performance/raw?tests=81093&{V1_HOUR}")[1]
    assert (answer["start"], answer["end"]) == ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
    assert answer["timezone"] == {"id": 4, "name": "UTC"}
    fields = answer["detail"]["fields"]
    assert (fields["host_Ip"], fields["error"], fields["dimension"]) == (True, True, {"id": 0, "name": "Time"})
    assert (fields["breakdown_1"], fields["breakdown_2"]) == ({"id": 1, "name": "Test"}, {"id": 2, "name": "Node"})
    assert len(fields["synthetic_metrics"]) == 68
    row = answer["detail"]["items"][0]
    assert row["breakdown_1"] == {"id": 81093, "name": "Home page"}
    assert row["dimension"]["id"] % 10_000_000 == 0
    assert "host_Ip" in row
    assert "error" not in row
    # The same run in v2.
    same = api.rows(f"tests/explorer/raw?testIds=81093&{HOUR}")[0]
    assert row["dimension"]["name"] == same["time"]
    values = named(fields["synthetic_metrics"], row["synthetic_metrics"])
    assert values["Test Time (ms)"] == same["values"]["Test Time (ms)"]
    assert values["Send (ms)"] == 0.0


def test_v1_ticks_and_addresses(api: Api) -> None:
    answer = api.v1(f"performance/raw/81093?{V1_HOUR}")[1]
    from datetime import datetime, timezone

    for row in answer["detail"]["items"]:
        seconds = (row["dimension"]["id"] - 621355968000000000) / 10_000_000
        moment = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert moment == row["dimension"]["name"]
        assert (":" in row["host_Ip"]) == (row["breakdown_2"]["id"] == 171)


def test_v1_failed_runs_have_an_error(api: Api) -> None:
    answer = api.v1(f"performance/raw?tests=81095&{V1_HOUR}")[1]
    legend = answer["detail"]["fields"]["synthetic_metrics"]
    for row in answer["detail"]["items"]:
        values = named(legend, row["synthetic_metrics"])
        assert ("error" in row) == (values["% Availability"] == 0.0)


def test_v1_raw_refuses_mixed_types(api: Api) -> None:
    status, answer = api.v1(f"performance/raw?tests=81093,81096&{V1_HOUR}")
    assert (status, set(answer)) == (400, {"Message"})
    status, answer = api.v1(f"performance/raw?tests=81093,81099&{V1_HOUR}")
    assert (status, len(answer["detail"]["items"])) == (200, 120)
    assert api.v1("performance/raw?tests=5")[0] == 404
    assert api.v1("performance/raw")[0] == 400


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-22T00:00:00", "2026-11-23T00:00:00"),
        ("2026-11-22", "2026-11-23"),
        ("11-22-2026 00:00", "11-23-2026 00:00"),
        ("11-22-2026%2000:00", "11-23-2026%2000:00"),
    ],
)
def test_v1_reads_times_in_many_forms(api: Api, start: str, end: str) -> None:
    answer = api.v1(f"performance/raw?tests=81105&startTime={start.replace(' ', '+')}&endTime={end.replace(' ', '+')}")[
        1
    ]
    assert (answer["start"], answer["end"]) == ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")


def test_v1_reads_naive_times_in_the_accounts_zone(simulator: Running, api: Api) -> None:
    simulator.control("PUT", "/scenario", {"extends": "shop", "account_time_zone": "America/New_York"})
    answer = api.v1("performance/raw?tests=81105&startTime=2026-11-22T01:00:00&endTime=2026-11-22T02:00:00")[1]
    assert answer["timezone"] == {"id": 0, "name": "Eastern Standard Time"}
    assert answer["start"] == "2026-11-22T06:00:00Z"
    assert all(row["dimension"]["name"].startswith("2026-11-22T06") for row in answer["detail"]["items"])
    with_z = "performance/raw?tests=81105&startTime=2026-11-22T01:00:00Z&endTime=2026-11-22T02:00:00Z"
    assert api.v1(with_z)[1]["start"] == "2026-11-22T01:00:00Z"
    simulator.switch(v1_z="ignored")
    assert api.v1(with_z)[1]["start"] == "2026-11-22T06:00:00Z"
    days = api.v1("performance/aggregated?tests=81105&aggregationType=Day&startTime=2026-11-20&endTime=2026-11-22")[1]
    assert {row["dimension"]["name"][11:] for row in days["detail"]["items"]} == {"05:00:00Z"}
    # v2 is in UTC whatever the account says.
    data = api.data("tests/explorer/raw?testIds=81105&startTimeUtc=2026-11-22T01:00:00&endTimeUtc=2026-11-22T02:00:00")
    assert data["responseItems"][0]["startTimeUtc"] == "2026-11-22T01:00:00Z"


def test_v1_aggregated_by_get_and_post(api: Api, simulator: Running) -> None:
    query = "tests=81093,81095&aggregationType=Minutes15"
    answer = api.v1(f"performance/aggregated?{query}&{V1_HOUR}")[1]
    assert answer["summary"]["fields"]["breakdown_1"] == {"name": "Test", "id": 1}
    assert [row["breakdown_1"]["id"] for row in answer["summary"]["items"]] == [81093, 81095]
    assert len(answer["detail"]["items"]) == 8
    assert answer["detail"]["items"][0]["dimension"]["name"] == "2026-11-23T09:00:00Z"
    body = {
        "tests": "81093,81095",
        "aggregationType": "Hour1",
        "startTime": "11-23-2026 09:00",
        "endTime": "11-23-2026 10:00",
    }
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        headers = {"Authorization": f"Bearer {api.login()}", "Content-Type": content_type}
        status, _headers, text = api.raw("POST", "/ui/api/v1/performance/aggregated", headers, body)
        assert status == 200
        assert text.count(b'"dimension":{"id":6') == 2
    assert api.v1(f"performance/aggregated?tests=81093&aggregationType=Fortnight&{V1_HOUR}")[0] == 400


def test_v1_chart(api: Api) -> None:
    window = "startTime=2026-11-22T00:00:00Z&endTime=2026-11-23T00:00:00Z"
    answer = api.v1(f"performance/favoriteCharts/88124/data?{window}")[1]
    fields = answer["summary"]["fields"]
    assert (fields["breakdown_1"], fields["breakdown_2"]) == ({"name": "Country", "id": 11}, {"name": "City", "id": 4})
    statistical = [
        entry.get("statistical") for entry in sorted(fields["synthetic_metrics"], key=lambda one: one["name"])
    ]
    assert statistical == [None, None, {"prefix": "Avg", "id": 1}]
    cities = {row["breakdown_2"]["name"]: row["synthetic_metrics"] for row in answer["summary"]["items"]}
    assert len(cities) == 10
    assert named(fields["synthetic_metrics"], cities["Wuhan"])["# Runs"] == 96
    assert len(answer["detail"]["items"]) == 240
    other = api.v1(f"performance/favoriteCharts/88124/data?{window}&tests=81093")[1]
    assert {row["breakdown_2"]["name"] for row in other["summary"]["items"]} >= {"New York", "London"}
    default = api.v1("performance/favoriteCharts/88125/data")[1]
    assert (default["start"], default["end"]) == ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")


def test_v2_chart(api: Api) -> None:
    charts = api.data("tests/explorer/favoritechart")["favoriteCharts"]
    assert [one["id"] for one in charts] == [88123, 88124, 88125]
    details = api.data("tests/explorer/favoritechart/88124")["favoriteCharts"][0]
    assert (details["breakdownOne"]["name"], details["breakdownTwo"]["name"]) == ("Country", "City")
    assert details["interval"] == {"id": 8, "name": "Hour1"}
    assert [one["name"] for one in details["syntheticMetrics"]] == ["Webpage Response (ms)", "% Availability", "# Runs"]
    window = "startTimeUtc=2026-11-22T00:00:00&endTimeUtc=2026-11-23T00:00:00"
    chart = api.data(f"tests/explorer/favoritechart/data/88124?{window}&timeInterval=9")["favoriteCharts"][0]
    legend = chart["summary"]["fields"]["syntheticMetrics"]
    assert {entry["name"] for entry in legend} == {"Webpage Response (ms)", "% Availability", "# Runs"}
    assert len(chart["detail"]["items"]) == 10
    row = chart["detail"]["items"][0]
    assert row["dateTime"] == "2026-11-22T00:00:00Z"
    assert row["dimension"][0] == {"id": 0, "name": "Time"}
    assert len(row["dimension"]) == 3
    assert named(legend, row["syntheticMetrics"])["# Runs"] == 96
    default = api.data("tests/explorer/favoritechart/defaultdata/88123")["favoriteCharts"][0]
    assert {row["dateTime"][:10] for row in default["detail"]["items"]} == {f"2026-11-{day}" for day in range(16, 24)}
    assert {row["dimension"][1]["id"] for row in default["detail"]["items"]} == {81093, 81094, 81095}
    other = api.data(f"tests/explorer/favoritechart/data/88123?{window}&tests=81099")["favoriteCharts"][0]
    assert {row["dimension"][1]["id"] for row in other["detail"]["items"]} == {81099}
    status, answer = api.v2("tests/explorer/favoritechart/data/5")
    assert (status, answer["completed"]) == (200, False)
    assert api.v2("tests/explorer/favoritechart/data/88123?tests=5")[0] == 400
