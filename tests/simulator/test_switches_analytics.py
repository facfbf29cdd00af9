# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches of analytics: legends, rows, windows, intervals and charts."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.start import Running
from simulator.world import model as _model
from simulator_client import HOUR, RAW, Api, item

V1_RAW = "performance/raw?tests=81095&startTime=2026-11-23T09:00:00Z&endTime=2026-11-23T10:00:00Z"


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
    expected = api.rows(RAW)
    simulator.switch(legend_order=order)
    assert api.rows(RAW) == expected


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


def test_error_rows(api: Api, simulator: Running) -> None:
    assert item(api, "tests/errors/raw?testIds=81095")["items"]
    simulator.switch(error_rows="summary")
    found = item(api, "tests/errors/raw?testIds=81095")
    assert found["items"] == []
    assert found["summaryItems"]


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


def test_v1_error(api: Api, simulator: Running) -> None:
    def kinds() -> set[str]:
        return {type(row["error"]).__name__ for row in api.v1(V1_RAW)[1]["detail"]["items"] if "error" in row}

    assert kinds() == {"str"}
    simulator.switch(v1_error="object")
    assert kinds() == {"dict"}
    simulator.switch(v1_error="off")
    assert kinds() == set()


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


def test_moved_interval_ids_are_unique() -> None:
    usual, moved = _model.USUAL_INTERVALS, _model.MOVED_INTERVALS
    assert len({one.id for one in usual}) == len({one.id for one in moved}) == len(usual)
