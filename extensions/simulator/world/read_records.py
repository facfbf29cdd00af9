# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Reads what a scenario states besides nodes and tests: products, labels, charts, alerts, SLOs, outages, intervals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from . import enums, times
from .fields import Row, ScenarioError
from .model import USUAL_INTERVALS, Alert, Favorite, Folder, Interval, Label, Outage, Product, Slo, Violation
from .read_nodes import place

_FAVORITE = (
    "id", "name", "description", "tests", "metrics", "breakdowns", "time_frame", "time_frame_id", "time_frame_name",
    "interval", "statistic",
)  # fmt: skip
_ALERT = (
    "id", "test_id", "level", "at", "duration", "type", "subtype", "warning", "critical", "node", "acknowledged_by",
    "error", "first",
)  # fmt: skip
_SLO = ("id", "name", "description", "tests", "metric", "goal", "threshold", "status", "violations")
_OUTAGE = ("service", "service_id", "start", "minutes", "city", "errors")
_CHANGED = times.parse("2026-01-20T08:00:00Z")


def intervals(scenario: Row) -> tuple[Interval, ...] | None:
    """The time intervals that a scenario states; None means the usual ones."""
    if not scenario.has("intervals"):
        return None
    known = {interval.name: interval for interval in USUAL_INTERVALS}
    result = []
    for row in scenario.rows("intervals", ("id", "name", "seconds")):
        name = row.text("name")
        usual = known.get(name)
        if usual is None and not row.has("seconds"):
            raise ScenarioError(f"{row.where}: {name} needs seconds")
        seconds = row.whole("seconds", usual.seconds if usual else None)
        result.append(Interval(row.whole("id"), name, usual.words if usual else name, seconds))
    return tuple(result)


def products(scenario: Row) -> Iterable[Product]:
    for row in scenario.rows("products", ("id", "name", "status")):
        yield Product(row.whole("id"), row.text("name"), row.enum("status", enums.STATUS, 0))


def folders(scenario: Row) -> Iterable[Folder]:
    for row in scenario.rows("folders", ("id", "name", "product_id", "parent_id")):
        yield Folder(row.whole("id"), row.text("name"), row.whole("product_id"), row.maybe_whole("parent_id"))


def labels(scenario: Row) -> Iterable[Label]:
    for row in scenario.rows("labels", ("id", "name", "color", "values")):
        values = tuple((one.whole("id"), one.text("name")) for one in row.rows("values", ("id", "name")))
        yield Label(row.whole("id"), row.text("name"), row.text("color", "#00A0DF"), values)


def favorites(scenario: Row) -> Iterable[Favorite]:
    for row in scenario.rows("favorites", _FAVORITE):
        frame = row.text("time_frame", "1d")
        yield Favorite(
            id=row.whole("id"),
            name=row.text("name"),
            description=row.text("description", ""),
            test_ids=tuple(row.ids("tests")),
            metrics=row.texts("metrics", ("Webpage Response (ms)", "% Availability", "# Runs")),
            breakdowns=row.texts("breakdowns", ("Test",)),
            time_frame=row.seconds("time_frame", "1d"),
            time_frame_name=row.text("time_frame_name", f"Last {frame}"),
            time_frame_id=row.whole("time_frame_id", 1),
            interval=row.text("interval", "Hour1"),
            statistic=row.enum("statistic", enums.STATISTICS, 1),
            changed=_CHANGED,
        )


def alerts(scenario: Row, seed: str) -> Iterable[Alert]:
    for index, data in enumerate(scenario.list_of("alerts")):
        yield read_alert(data, f"alerts[{index}]", seed, index)


def read_alert(data: object, where: str, seed: str, index: int) -> Alert:
    """An alert; without an id it gets one from the seed and its number."""
    row = Row(data, where, _ALERT)
    digest = hashlib.blake2b(f"{seed}|alert|{index}".encode(), digest_size=16).hexdigest()
    own_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
    return Alert(
        id=row.text("id", own_id),
        test_id=row.whole("test_id"),
        level=row.enum("level", enums.ALERT_LEVELS, "Critical"),
        at=row.when("at", "start"),
        duration=int(row.seconds("duration", "900")),
        alert_type=row.enum("type", enums.ALERT_TYPES, "ResponseTime"),
        alert_subtype=row.enum("subtype", enums.ALERT_SUBTYPES, "Test Time"),
        warning=row.maybe_number("warning"),
        critical=row.maybe_number("critical"),
        node_id=row.maybe_whole("node"),
        acknowledged_by=row.text("acknowledged_by") if row.has("acknowledged_by") else None,
        error=row.maybe_enum("error", enums.ERROR_TYPES),
        first=row.maybe_when("first"),
    )


def slos(scenario: Row) -> Iterable[Slo]:
    for index, data in enumerate(scenario.list_of("slos")):
        yield read_slo(data, f"slos[{index}]")


def read_slo(data: object, where: str) -> Slo:
    """An SLO. A violation lasts 10 minutes by default; one whose minutes are null is still open."""
    row = Row(data, where, _SLO)
    violations = []
    for one in row.rows("violations", ("start", "minutes", "test_id")):
        minutes = 10 if "minutes" not in one.data else one.maybe_whole("minutes")
        violations.append(Violation(one.when("start"), minutes, one.whole("test_id")))
    return Slo(
        id=row.whole("id"),
        name=row.text("name"),
        description=row.text("description", ""),
        test_ids=tuple(row.ids("tests")),
        metric=row.text("metric", "% Availability"),
        goal=row.number("goal", 99.9),
        threshold=row.maybe_number("threshold"),
        status=row.enum("status", enums.STATUS, 0),
        violations=tuple(violations),
    )


def outages(scenario: Row) -> Iterable[Outage]:
    for index, data in enumerate(scenario.list_of("outages")):
        yield read_outage(data, f"outages[{index}]")


def read_outage(data: object, where: str) -> Outage:
    row = Row(data, where, _OUTAGE)
    service = row.text("service")
    kinds = row.list_of("errors") if row.has("errors") else ["Connection"]
    return Outage(
        service_id=row.whole("service_id", sum(service.encode())),
        service=service,
        start=row.when("start", "start"),
        minutes=row.maybe_number("minutes"),
        place=place(row),
        errors=tuple(Row({"errors": one}, where).enum("errors", enums.ERROR_TYPES) for one in kinds),
    )
