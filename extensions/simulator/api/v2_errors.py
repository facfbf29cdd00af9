# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: recent errors, computed from the failed runs, and Internet outages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..service.messages import ApiError, Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import enums, times
from ..world.metrics import BY_KEY
from ..world.model import Outage, Test
from ..world.runs import Run, can_fail
from . import analytics
from .analytics import BY_NAME, NODE, TEST, Dimension, Key
from .v2_common import HOUR, csv, csv_of, envelope, flag, metric_name, one_page, whole, whole_list, window
from .v2_explorer import known_tests, requested_interval, requested_tests, row_dimensions

_WINDOW = 3 * HOUR
# Only this list allows more than 100 rows a page.
_MOST_PER_PAGE = 200
_ERROR_TYPE = BY_NAME["ErrorType"]
_DETAILED = (TEST, NODE, _ERROR_TYPE)


def errors(sim: Simulator, request: Request) -> Response:
    """GET tests/errors/raw: the failed runs of a window."""
    if request.params.get("testIds", "").strip():
        tests, unknown = requested_tests(sim, request)
    else:
        tests, unknown = sim.visible_tests(), []
    kind = whole(request, "testTypeId")
    start, end = window(sim, request, _WINDOW)
    wanted = csv_of(sim, request, "errorTypes")
    addresses = [part.strip() for part in request.params.get("ips", "").split(",") if part.strip()]
    runs = [
        run
        for run in _failed_runs(sim, [test for test in tests if kind is None or test.type == kind], start, end)
        if (wanted is None or run.error in wanted) and (not addresses or run.host_ip in addresses)
    ]
    seconds = requested_interval(sim, request, "timeInterval", "Minutes15").seconds
    if whole(request, "timeInterval") is None:
        seconds = 0
    return _errors_response(sim, request, _Errors(runs, start, end, seconds), unknown)


def errors_by_id(sim: Simulator, request: Request, text: str) -> Response:
    """GET tests/errors/raw/{testIds}: always the last three hours; the query is ignored."""
    tests, unknown = known_tests(sim, csv(sim, text, "testIds"))
    now = sim.now()
    found = _Errors(_failed_runs(sim, tests, now - _WINDOW, now), now - _WINDOW, now, 0)
    return _errors_response(sim, request, found, unknown)


class _Errors(NamedTuple):
    """The failed runs of a window, and the seconds of the intervals they are counted by (0: one by one)."""

    runs: list[Run]
    start: float
    end: float
    seconds: int


def _failed_runs(sim: Simulator, tests: Iterable[Test], start: float, end: float) -> list[Run]:
    failing = [test for test in tests if can_fail(sim.world, test)]
    return [run for run in analytics.runs_of(sim, failing, start, end) if run.failed]


def _errors_response(sim: Simulator, request: Request, found: _Errors, unknown: list[str]) -> Response:
    """One response item: a row per failed run or interval, and the sums by kind of error."""

    def key_of(run: Run) -> tuple[float, Key]:
        moment = analytics.bucket(run.time, found.seconds) if found.seconds else float(run.time)
        return moment, analytics.key(sim.world, _DETAILED, run)

    mode, number = sim.switches["no_rows"], sim.next_response_number()
    if not found.runs and mode == "404":
        raise ApiError(404, "No errors were found for the request.")
    by_row = list(analytics.groups(found.runs, key_of).items())
    data = one_page(sim, request, "responseItems", by_row, _MOST_PER_PAGE)
    rows = [
        _row(sim, sim.event_time(moment), len(runs), _DETAILED, key) for (moment, key), runs in data["responseItems"]
    ]
    by_type = analytics.groups(found.runs, lambda run: analytics.key(sim.world, (_ERROR_TYPE,), run))
    summary = [_row(sim, None, len(runs), (_ERROR_TYPE,), key) for key, runs in by_type.items()]
    empty = not found.runs and mode == "null_items"
    item = {
        "startTimeUtc": times.iso(found.start),
        "endTimeUtc": times.iso(found.end),
        "timeZoneOffSet": "00:00:00",
        "hasMoreRecords": False,
        "dimensions": [{"id": one.v2_id, "name": one.name} for one in _DETAILED],
        "indicators": None,
        "tracepoints": None,
        "metrics": [{"index": 0, "name": metric_name(sim, BY_KEY["# Errors"])}],
        "items": None if empty else analytics.arrange_rows(rows, sim.switches["row_order"], number),
        "summaryItems": None if empty else summary,
    }
    if sim.switches["error_rows"] == "summary":
        item["items"] = []
    data["responseItems"] = [] if not found.runs and mode == "no_item" else [item]
    return envelope(sim, request, data, unknown, not unknown)


def _row(sim: Simulator, moment: str | None, count: int, dimensions: Sequence[Dimension], key: Key) -> Json:
    return {
        "dateTime": moment,
        "reportDate": None,
        "values": [float(count)],
        "dimensions": row_dimensions(sim, dimensions, key),
        "indicators": None,
        "tracepoints": None,
    }


# -- Internet outages ---


def outages(sim: Simulator, request: Request) -> Response:
    """GET iw/outages: outages that touch the window (default: the last hour), by service."""
    start, end = window(sim, request, HOUR)
    ongoing, now = flag(request, "ongoing"), sim.now()
    services: dict[int, Json] = {}
    for outage in sim.world.outages:
        begin = sim.world.time(outage.start)
        finish = float("inf") if outage.minutes is None else begin + 60 * outage.minutes
        open_now = finish > now
        if begin > min(end, now) or finish < start or (ongoing and not open_now):
            continue
        if not _outage_matches(sim, request, outage):
            continue
        service = services.setdefault(
            outage.service_id, {"serviceId": outage.service_id, "serviceName": outage.service, "locations": []}
        )
        service["locations"].append(
            {
                "startTime": sim.event_time(begin),
                "endTime": None if open_now else sim.event_time(finish),
                "ongoing": open_now,
                "city": outage.place.city,
                "country": outage.place.country,
                "region": outage.place.region,
                "errorTypes": [enums.pair(enums.ERROR_TYPES, one) for one in outage.errors],
            }
        )
    data = whole_list("outages", services.values())
    return envelope(sim, request, data) if sim.switches.on("outages_envelope") else json_response(data)


def _outage_matches(sim: Simulator, request: Request, outage: Outage) -> bool:
    place = outage.place
    shown = (
        ("serviceName", outage.service),
        ("city", place.city),
        ("country", place.country),
        ("region", place.region),
    )
    return all(not request.params.get(name) or sim.matches(request.params[name], text) for name, text in shown)
