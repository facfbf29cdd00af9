# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: test performance (explorer) and favorite charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..service.messages import ApiError, Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import enums, times
from ..world import metrics as metric_table
from ..world.metrics import Metric
from ..world.model import Favorite, Interval, Test
from ..world.runs import Run
from . import analytics
from .analytics import Dimension, Key, breakdowns_of, interval_named
from .v2_common import (
    DAY,
    HOUR,
    chart_metric_name,
    csv_of,
    envelope,
    flag,
    metric_name,
    not_found,
    refuse_unknown,
    unknown_object,
    whole,
    whole_list,
    window,
)


def row_dimensions(sim: Simulator, dimensions: Sequence[Dimension], key: Key) -> list[Json]:
    """The member `dimensions` of a row."""
    text = sim.switches["dimension_values"] == "text"
    return [
        {
            "type": {"id": dimension.v2_id, "name": dimension.name},
            "id": str(identifier) if text else identifier,
            "name": name,
        }
        for dimension, (identifier, name) in zip(dimensions, key)
    ]


# -- explorer ---


def _interval_name(sim: Simulator, interval: Interval) -> str:
    return interval.words if sim.switches["interval_names"] == "words" else interval.name


def explorer_enumeration(sim: Simulator, request: Request) -> Response:
    types = sim.switches["enumeration_sections"] == "types"
    tables: tuple[tuple[str, str, str, dict[int, str]], ...] = (
        (
            "includeDimensions",
            "BreakdownDimension",
            "dimensions",
            {**{one.v2_id: one.name for one in analytics.DIMENSIONS}, analytics.TIME_V2_ID: "Time"},
        ),
        (
            "includeMetrics",
            "AnalyticsMetric",
            "metrics",
            {key: metric_name(sim, metric) for key, metric in metric_table.BY_V2_ID.items()},
        ),
        ("includeSubSourceTypes", "SubSourceType", "subSourceTypes", enums.SUB_SOURCES),
        (
            "includeTimeIntervals",
            "TimeInterval",
            "timeIntervals",
            {interval.id: _interval_name(sim, interval) for interval in sim.intervals()},
        ),
    )
    chosen = [one for one in tables if flag(request, one[0])] or list(tables)
    sections = [
        {
            "section": type_name if types else flag_name,
            "enumeration": [{"id": key, "name": name} for key, name in sorted(table.items())],
        }
        for _include, type_name, flag_name, table in chosen
    ]
    return envelope(sim, request, whole_list("sections", sections))


def requested_tests(sim: Simulator, request: Request) -> tuple[list[Test], list[str]]:
    """The requested tests, and an error for each unknown id."""
    identifiers = csv_of(sim, request, "testIds")
    if not identifiers:
        raise ApiError(400, "The testIds field is required.")
    return known_tests(sim, identifiers)


def known_tests(sim: Simulator, identifiers: Sequence[int]) -> tuple[list[Test], list[str]]:
    """The tests of ids, and an error for each unknown id. Raises the API's error if none is known."""
    errors = [not_found(sim, "Test", one) for one in identifiers if one not in sim.world.tests]
    tests = [sim.world.tests[one] for one in identifiers if one in sim.world.tests]
    refuse_unknown(sim, errors, bool(tests))
    if errors and not tests:
        raise ApiError(200, errors[0], messages=errors)
    return tests, errors


def _requested_metrics(sim: Simulator, request: Request) -> list[Metric | None]:
    """The requested metrics; None stands for a column of an unknown one."""
    identifiers = csv_of(sim, request, "metricIds")
    if identifiers is None:
        return list(metric_table.V2_ALL)
    unknown = [one for one in identifiers if one not in metric_table.BY_V2_ID]
    mode = sim.switches["unknown_metric"]
    if unknown and mode == "400":
        raise ApiError(400, f"Metric id {unknown[0]} is not valid.")
    return [
        metric_table.BY_V2_ID.get(one) for one in identifiers if one in metric_table.BY_V2_ID or mode == "null_column"
    ]


def _requested_dimensions(sim: Simulator, request: Request, default: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    identifiers = csv_of(sim, request, "dimensionIds")
    if identifiers is None:
        return default
    unknown = [one for one in identifiers if one not in analytics.BY_V2_ID and one != analytics.TIME_V2_ID]
    if unknown:
        raise ApiError(400, f"Dimension id {unknown[0]} is not valid.")
    return tuple(analytics.BY_V2_ID[one] for one in identifiers if one != analytics.TIME_V2_ID)


def _availability(sim: Simulator, request: Request) -> Callable[[Run], bool]:
    wanted = csv_of(sim, request, "availabilityFilter")
    if wanted is None or 2 in wanted:
        return lambda run: True
    unknown = [one for one in wanted if one not in enums.AVAILABILITY_FILTERS]
    if unknown:
        raise ApiError(400, f"The value '{unknown[0]}' is not valid for availabilityFilter.")
    failures, successes = 0 in wanted, bool({1, 5, 6} & set(wanted))
    content = 3 in wanted
    return lambda run: (failures and run.failed) or (successes and not run.failed) or (content and run.error in (9, 5))


def _cut(sim: Simulator, tests: Sequence[Test]) -> list[list[Test]]:
    """The tests of each response item."""
    mode = sim.switches["response_items"]
    if mode == "single":
        return [list(tests)]
    parts: dict[int, list[Test]] = {}
    for test in tests:
        parts.setdefault(test.id if mode == "per_test" else test.type, []).append(test)
    return list(parts.values())


class _Table:
    """Legend and dimensions of one response."""

    def __init__(
        self,
        sim: Simulator,
        metrics: Sequence[Metric | None],
        dimensions: Sequence[Dimension],
        name_of: Callable[[Simulator, Metric], str] = metric_name,
    ) -> None:
        self.sim = sim
        self.number = sim.next_response_number()
        order = sim.switches["legend_order"]
        known = [metric for metric in metrics if metric is not None]
        self.metrics: list[Metric | None] = [*analytics.arrange_metrics(known, order, self.number)]
        self.metrics.extend([None] * (len(metrics) - len(known)))
        self.dimensions = dimensions
        legend: list[dict[str, object]] = [
            {"index": at, "name": name_of(sim, metric) if metric else None} for at, metric in enumerate(self.metrics)
        ]
        self.legend = analytics.arrange_legend(legend, order, self.number)
        self._known: dict[Key, list[Json]] = {}

    def key(self, run: Run) -> Key:
        return analytics.key(self.sim.world, self.dimensions, run)

    def dimension_members(self, key: Key) -> list[Json]:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = row_dimensions(self.sim, self.dimensions, key)
        return found

    def row(self, moment: str | None, report: str | None, values: list[float | None], key: Key) -> Json:
        return {
            "dateTime": moment,
            "reportDate": report,
            "values": values,
            "dimensions": self.dimension_members(key),
            "indicators": None,
            "tracepoints": None,
        }

    def item(self, start: float, end: float, rows: list[Json], summary: list[Json]) -> Json:
        """One response item, cut at the row limit."""
        most = self.sim.switches.number("max_rows")
        cut = bool(most) and len(rows) > most
        shown = rows[:most] if cut else rows
        shown = analytics.arrange_rows(shown, self.sim.switches["row_order"], self.number)
        empty = not shown and self.sim.switches["no_rows"] == "null_items"
        return {
            "startTimeUtc": times.iso(start),
            "endTimeUtc": times.iso(end),
            "timeZoneOffSet": "00:00:00",
            "hasMoreRecords": cut,
            "dimensions": [{"id": dimension.v2_id, "name": dimension.name} for dimension in self.dimensions],
            "indicators": None,
            "tracepoints": None,
            "metrics": self.legend,
            "items": None if empty else shown,
            "summaryItems": None if empty else summary,
        }


def _analytics_response(sim: Simulator, request: Request, items: list[Json], errors: list[str]) -> Response:
    filled = any(item["items"] for item in items)
    if not filled and sim.switches["no_rows"] == "404":
        raise ApiError(404, "No data was found for the request.")
    shown = [] if not filled and sim.switches["no_rows"] == "no_item" else items
    return envelope(sim, request, whole_list("responseItems", shown), errors, not errors)


def explorer_raw(sim: Simulator, request: Request) -> Response:
    tests, errors = requested_tests(sim, request)
    start, end = window(sim, request, HOUR)
    metrics = _requested_metrics(sim, request)
    dimensions = _requested_dimensions(sim, request, (analytics.TEST, analytics.NODE))
    wanted = _availability(sim, request)
    items = []
    for part in _cut(sim, tests):
        table = _Table(sim, metrics, dimensions)
        keys = [metric.key if metric else "" for metric in table.metrics]
        rows = []
        for run in analytics.runs_of(sim, part, start, end):
            if not wanted(run):
                continue
            moment, report = _raw_times(sim, run)
            values = [run.value(key) if key else None for key in keys]
            rows.append(table.row(moment, report, values, table.key(run)))
        rows += _extra_rows(sim, rows)
        items.append(table.item(start, end, rows, []))
    return _analytics_response(sim, request, items, errors)


def _extra_rows(sim: Simulator, rows: Sequence[Json]) -> list[Json]:
    """Rows that must not be there, as the switch says."""
    mode = sim.switches["extra_rows"]
    if mode == "none":
        return []
    if mode == "duplicate":
        return list(rows)
    other = {"type": {"id": 16, "name": "Test"}, "id": 1, "name": "Not requested"}
    return [
        {**row, "dimensions": [other if one["type"]["id"] == 16 else one for one in row["dimensions"]]}
        for row in rows[:3]
    ]


def _raw_times(sim: Simulator, run: Run) -> tuple[str | None, str]:
    """dateTime and reportDate of a raw row: the run's time, and the five-minute interval it belongs to."""
    exact = run.time + (run.draws[7] % 10_000_000) / 10_000_000 if sim.switches.on("run_fractions") else run.time
    if sim.switches["row_time"] == "reportDate":
        return None, times.iso(exact)
    return times.iso(exact), times.iso(run.time // 300 * 300)


def requested_interval(sim: Simulator, request: Request, name: str, default: str) -> Interval:
    identifier = whole(request, name)
    if identifier is None:
        return interval_named(sim.intervals(), default)
    for interval in sim.intervals():
        if interval.id == identifier:
            return interval
    raise ApiError(400, f"The value '{identifier}' is not valid for {name}.")


def explorer_aggregated(sim: Simulator, request: Request) -> Response:
    tests, errors = requested_tests(sim, request)
    start, end = window(sim, request, DAY)
    interval = requested_interval(sim, request, "timeInterval", "Minutes15")
    metrics = _requested_metrics(sim, request)
    dimensions = _requested_dimensions(sim, request, (analytics.TEST,))
    wanted = _availability(sim, request)
    items = []
    for part in _cut(sim, tests):
        table = _Table(sim, metrics, dimensions)
        runs = [run for run in analytics.runs_of(sim, part, start, end) if wanted(run)]
        rows = []
        by_time = analytics.groups(runs, lambda run: (analytics.bucket(run.time, interval.seconds), table.key(run)))  # noqa: B023
        for (moment, key), found in by_time.items():
            rows.append(table.row(times.iso(moment), None, _values(table, found), key))
        summary = [
            table.row(None, None, _values(table, found), key)
            for key, found in analytics.groups(runs, table.key).items()
        ]
        item = table.item(start, end, rows, summary)
        items.append({"timeInterval": {"id": interval.id, "name": _interval_name(sim, interval)}, **item})
    return _analytics_response(sim, request, items, errors)


def _values(table: _Table, runs: list[Run]) -> list[float | None]:
    return [analytics.summarize(metric, runs) if metric else None for metric in table.metrics]


# -- favorite charts ---


def favorites(sim: Simulator, request: Request) -> Response:
    items = [
        {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "changeDate": times.iso(one.changed),
        }
        for one in sorted(sim.world.favorites.values(), key=lambda one: one.id)
    ]
    return envelope(sim, request, whole_list("favoriteCharts", items))


def _favorite(sim: Simulator, text: str) -> Favorite:
    """A favorite by the id in the path; these calls take a single id."""
    if not text.isdigit():
        raise ApiError(400, f"The value '{text}' is not valid for favoriteChartId.")
    favorite = sim.world.favorites.get(int(text))
    if favorite is None:
        raise unknown_object(sim, "Favorite chart", text)
    return favorite


def _chart_response(sim: Simulator, request: Request, chart: Json) -> Response:
    data = whole_list("favoriteCharts", [chart])
    return envelope(sim, request, data) if sim.switches.on("chart_envelope") else json_response(data)


def favorite_details(sim: Simulator, request: Request, text: str) -> Response:
    favorite = _favorite(sim, text)
    tests = [sim.world.tests[one] for one in favorite.test_ids if one in sim.world.tests]
    breakdowns = [{"id": one.v2_id, "name": one.name} for one in breakdowns_of(favorite)]
    breakdowns += [{"id": 0, "name": "None"}] * 2
    interval = interval_named(sim.intervals(), favorite.interval)
    metrics = [metric_table.BY_KEY[name] for name in favorite.metrics]
    chart = {
        "id": favorite.id,
        "name": favorite.name,
        "description": favorite.description,
        "timeFrame": {"id": favorite.time_frame_id, "name": favorite.time_frame_name},
        "interval": {"id": interval.id, "name": _interval_name(sim, interval)},
        "dimension": {"id": analytics.TIME_V2_ID, "name": "Time"},
        "breakdownOne": breakdowns[0],
        "breakdownTwo": breakdowns[1],
        "statisticalValues": [enums.pair(enums.STATISTICS, favorite.statistic)],
        "tests": [
            {"id": test.id, "name": test.name, "testType": enums.pair(enums.TEST_TYPES, test.type)} for test in tests
        ],
        "apps": [],
        "syntheticMetrics": [{"id": metric.v2_id or 0, "name": chart_metric_name(sim, metric)} for metric in metrics],
        "appMetrics": [],
        "dataFilters": [],
        "changeDate": times.iso(favorite.changed),
        "sourceType": {"id": 1, "name": "Test"},
    }
    return _chart_response(sim, request, chart)


def favorite_data(sim: Simulator, request: Request, text: str) -> Response:
    favorite = _favorite(sim, text)
    mode = sim.switches["chart_times"]
    names = ("start", "end", "interval") if mode == "start" else ("startTimeUtc", "endTimeUtc", "timeInterval")
    if mode == "both" and not any(request.params.get(name) for name in names):
        names = ("start", "end", "interval")
    start, end = window(sim, request, favorite.time_frame, names[0], names[1])
    interval = requested_interval(sim, request, names[2], favorite.interval)
    identifiers = csv_of(sim, request, "tests") or list(favorite.test_ids)
    return _chart_of(sim, request, favorite, identifiers, start, end, interval)


def favorite_default_data(sim: Simulator, request: Request, text: str) -> Response:
    favorite = _favorite(sim, text)
    now = sim.now()
    interval = interval_named(sim.intervals(), favorite.interval)
    return _chart_of(sim, request, favorite, favorite.test_ids, now - favorite.time_frame, now, interval)


def _chart_of(
    sim: Simulator,
    request: Request,
    favorite: Favorite,
    identifiers: Sequence[int],
    start: float,
    end: float,
    interval: Interval,
) -> Response:
    unknown = [one for one in identifiers if one not in sim.world.tests]
    if unknown:
        raise ApiError(400, not_found(sim, "Test", unknown[0]))
    tests = [sim.world.tests[one] for one in identifiers]
    metrics = [metric_table.BY_KEY[name] for name in favorite.metrics]
    table = _Table(sim, metrics, breakdowns_of(favorite), chart_metric_name)
    runs = analytics.runs_of(sim, tests, start, end)

    def values(found: list[Run]) -> list[float | None]:
        return [analytics.summarize(metric, found, favorite.statistic) if metric else None for metric in table.metrics]

    def named(key: Key) -> list[Json]:
        return [{"id": identifier, "name": name} for identifier, name in key]

    by_time = analytics.groups(runs, lambda run: (analytics.bucket(run.time, interval.seconds), table.key(run)))
    detail: list[Json] = [
        {
            "dateTime": times.iso(moment),
            "dimension": [{"id": 0, "name": "Time"}, *named(key)],
            "syntheticMetrics": values(found),
        }
        for (moment, key), found in by_time.items()
    ]
    summary: list[Json] = [
        {"dimension": named(key), "syntheticMetrics": values(found)}
        for key, found in analytics.groups(runs, table.key).items()
    ]
    order, fields = sim.switches["row_order"], {"syntheticMetrics": table.legend}
    chart = {
        "id": favorite.id,
        "name": favorite.name,
        "summary": {"fields": fields, "items": analytics.arrange_rows(summary, order, table.number)},
        "detail": {"fields": fields, "items": analytics.arrange_rows(detail, order, table.number)},
    }
    return _chart_response(sim, request, chart)
