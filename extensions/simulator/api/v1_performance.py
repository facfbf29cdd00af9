# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v1: raw and aggregated test data, and favorite charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone

from ..service.messages import ApiError, Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import enums, times
from ..world import metrics as metric_table
from ..world import runs as run_data
from ..world.metrics import Metric
from ..world.model import Interval, Test
from ..world.runs import Run
from . import analytics
from .analytics import BY_NAME, Dimension, Key, breakdowns_of, interval_named
from .v1_common import DAY, missing, named_tests, page, window, zone_of

_RAW_WINDOW = 900.0
_PREFIXES = {1: "Avg", 2: "Med", 3: "Std", 4: "Min", 5: "Max", 7: "95th", 8: "85th", 15: "75th", 16: "99th"}


def _legend_metrics(sim: Simulator) -> tuple[Metric, ...]:
    legends = {"2015": metric_table.V1_2015, "june_2015": metric_table.V1_JUNE_2015}
    return legends.get(sim.switches["v1_metrics"], metric_table.V1_CURRENT)


def raw(sim: Simulator, request: Request) -> Response:
    return _raw_response(sim, request, named_tests(sim, request.params.get("tests", "")))


def one_raw(sim: Simulator, request: Request, identifier: int) -> Response:
    return _raw_response(sim, request, named_tests(sim, str(identifier)))


def _raw_response(sim: Simulator, request: Request, tests: Sequence[Test]) -> Response:
    if len({test.type for test in tests}) > 1:
        raise ApiError(400, "All tests must be of the same test type.")
    params = request.params
    start, end = window(sim, params.get("startTime", ""), params.get("endTime", ""), _RAW_WINDOW)
    number, order = sim.next_response_number(), sim.switches["legend_order"]
    metrics = analytics.arrange_metrics(_legend_metrics(sim), order, number)
    legend: list[dict[str, object]] = [{"index": at, "name": metric.key} for at, metric in enumerate(metrics)]
    keys = [metric.key for metric in metrics]
    error_mode = sim.switches["v1_error"]
    rows: list[dict[str, object]] = []
    for run in analytics.runs_of(sim, tests, start, end):
        row: dict[str, object] = {
            "host_Ip": run.host_ip,
            "synthetic_metrics": [run.value(key) for key in keys],
            "dimension": {"id": times.ticks(run.time), "name": times.iso(run.time)},
            "breakdown_1": {"id": run.test.id, "name": run.test.name},
            "breakdown_2": {"id": run.node.id if run.node else 0, "name": run.node.name if run.node else None},
        }
        if run.failed and error_mode != "off":
            kind = enums.ERROR_TYPES[run.error]
            text = run_data.ERROR_TEXTS.get(run.error, f"{kind} failure")
            row["error"] = text if error_mode == "text" else {"id": run.error, "name": kind, "message": text}
        rows.append(row)
    zone = zone_of(sim)
    return json_response(
        {
            "start": times.iso(start),
            "end": times.iso(end),
            "detail": {
                "fields": {
                    "synthetic_metrics": analytics.arrange_legend(legend, order, number),
                    "host_Ip": True,
                    "breakdown_2": {"id": 2, "name": "Node"},
                    "breakdown_1": {"id": 1, "name": "Test"},
                    "error": True,
                    "dimension": {"id": 0, "name": "Time"},
                },
                "items": analytics.arrange_rows(rows, sim.switches["row_order"], number),
            },
            "timezone": zone,
        }
    )


def aggregated(sim: Simulator, request: Request) -> Response:
    params = dict(request.params)
    if request.method == "POST" and request.body:
        body = request.json()
        if not isinstance(body, dict):
            raise ApiError(400, "The body must be an object.")
        params.update({name: str(value) for name, value in body.items()})
    tests = named_tests(sim, params.get("tests", ""))
    start, end = window(sim, params.get("startTime", ""), params.get("endTime", ""), DAY)
    interval = interval_named(sim.intervals(), params.get("aggregationType") or "Minutes15")
    metrics = _legend_metrics(sim)
    return json_response(_chart(sim, tests, start, end, interval, metrics, (BY_NAME["Test"],), 1))


def _chart(
    sim: Simulator,
    tests: Sequence[Test],
    start: float,
    end: float,
    interval: Interval,
    metrics: Sequence[Metric],
    breakdowns: Sequence[Dimension],
    statistic: int,
) -> Json:
    """Summary per breakdown and detail per breakdown and interval."""
    number, order = sim.next_response_number(), sim.switches["legend_order"]
    arranged = analytics.arrange_metrics(metrics, order, number)
    runs = analytics.runs_of(sim, tests, start, end)
    world = sim.world

    def broken_down(run: Run) -> Key:
        return analytics.key(world, breakdowns, run)

    def row(key: Key, found: list[Run]) -> dict[str, object]:
        values = [_natural(analytics.summarize(metric, found, statistic, 3)) for metric in arranged]
        result: dict[str, object] = {"synthetic_metrics": values}
        for place, (identifier, name) in enumerate(key, 1):
            result[f"breakdown_{place}"] = {"id": identifier, "name": name}
        return result

    zone = world.zone if world.zone_name != "UTC" else timezone.utc
    summary = [row(key, found) for key, found in analytics.groups(runs, broken_down).items()]
    by_time = analytics.groups(runs, lambda run: (analytics.bucket(run.time, interval.seconds, zone), broken_down(run)))
    detail: list[dict[str, object]] = []
    for (moment, key), found in by_time.items():
        one = row(key, found)
        one["dimension"] = {"id": times.ticks(moment), "name": times.iso(moment)}
        detail.append(one)
    legend: list[dict[str, object]] = []
    for at, metric in enumerate(arranged):
        entry: dict[str, object] = {"name": metric.key, "index": at}
        if metric.how == metric_table.MEAN and not metric.key.startswith("%"):
            entry["statistical"] = {"prefix": _PREFIXES.get(statistic, "Avg"), "id": statistic}
        legend.append(entry)
    fields: dict[str, object] = {"synthetic_metrics": analytics.arrange_legend(legend, order, number)}
    for place, dimension in enumerate(breakdowns, 1):
        fields[f"breakdown_{place}"] = {"name": dimension.name, "id": dimension.v1_id}
    row_order = sim.switches["row_order"]
    return {
        "start": times.iso(start),
        "end": times.iso(end),
        "timezone": zone_of(sim),
        "summary": {"fields": fields, "items": analytics.arrange_rows(summary, row_order, number)},
        "detail": {
            "fields": {**fields, "dimension": {"id": 0, "name": "Time"}},
            "items": analytics.arrange_rows(detail, row_order, number),
        },
    }


def _natural(value: float | None) -> float | None:
    """A chart's value: whole numbers are written without a fraction."""
    return int(value) if value is not None and value.is_integer() else value


def charts(sim: Simulator, request: Request) -> Response:
    items = [{"id": one.id, "name": one.name} for one in sorted(sim.world.favorites.values(), key=lambda one: one.id)]
    return page(sim, request, items)


def one_chart(sim: Simulator, _request: Request, identifier: int) -> Response:
    favorite = sim.world.favorites.get(identifier)
    if favorite is None:
        return missing(sim, "Favorite chart", identifier)
    tests = [sim.world.tests[one] for one in favorite.test_ids if one in sim.world.tests]
    definition: Json = {
        "id": favorite.id,
        "name": favorite.name,
        "description": favorite.description,
        "time_frame": {"id": favorite.time_frame_id, "name": favorite.time_frame_name},
        "interval": {"name": favorite.interval},
        "dimension": {"id": 0, "name": "Time"},
        "statistical": [enums.pair(enums.STATISTICS, favorite.statistic)],
        "tests": [{"id": test.id, "name": test.name} for test in tests],
        "synthetic_metrics": [{"name": name} for name in favorite.metrics],
        "change_date": times.iso(favorite.changed),
    }
    for place, dimension in enumerate(breakdowns_of(favorite), 1):
        definition[f"breakdown_{place}"] = {"id": dimension.v1_id, "name": dimension.name}
    return json_response(definition)


def chart_data(sim: Simulator, request: Request, identifier: int) -> Response:
    favorite = sim.world.favorites.get(identifier)
    if favorite is None:
        return missing(sim, "Favorite chart", identifier)
    params = request.params
    start, end = window(sim, params.get("startTime", ""), params.get("endTime", ""), favorite.time_frame)
    text = params.get("tests") or ",".join(str(one) for one in favorite.test_ids)
    interval = interval_named(sim.intervals(), favorite.interval)
    metrics = [metric_table.BY_KEY[name] for name in favorite.metrics]
    breakdowns = breakdowns_of(favorite)
    chart = _chart(sim, named_tests(sim, text), start, end, interval, metrics, breakdowns, favorite.statistic)
    return json_response(chart)
