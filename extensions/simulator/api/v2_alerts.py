# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: alerts and SLOs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..server.messages import ApiError, Request, Response
from ..world import enums, metrics, times
from ..world.scenario import Alert, Slo
from .v2_common import (
    DAY,
    Json,
    by_ids,
    csv_of,
    envelope,
    metric_name,
    one_page,
    whole,
    whole_list,
    window,
)
from .v2_objects import labels_of

if TYPE_CHECKING:
    from ..simulator import Simulator


# -- alerts ---


def _alert(sim: Simulator, moment: float, alert: Alert) -> Json:
    test = sim.world.tests.get(alert.test_id)
    product = sim.world.products.get(test.product_id) if test else None
    folder = sim.world.folders.get(test.folder_id or 0) if test else None
    node = sim.world.nodes.get(alert.node_id or 0)
    path = [sim.world.division_name, *(one.name for one in (product, folder) if one)]
    portal = f"https://portal.example.com/ui/Alerts/{alert.id}"
    return {
        "id": alert.id,
        "reportTime": times.iso(moment),
        "processingTimestamp": times.iso(moment + 72.3319847),
        "startTime": times.iso(moment - alert.duration),
        "level": enums.pair(enums.ALERT_LEVELS, alert.level),
        "test": {"id": alert.test_id, "name": test.name if test else None},
        "testPath": path,
        "testPathStyled": None,
        "testUrl": test.url if test else None,
        "testSmartboardUrl": portal,
        "testPerformanceUrl": portal,
        "testStatisticalUrl": None,
        "testScatterplotUrl": portal,
        "testRecordUrl": None,
        "testType": enums.pair(enums.TEST_TYPES, test.type if test else 0),
        "alertType": enums.pair(enums.ALERT_TYPES, alert.alert_type),
        "alertSubtype": enums.pair(enums.ALERT_SUBTYPES, alert.alert_subtype),
        "triggerType": enums.pair(enums.ALERT_TRIGGERS, 1),
        "operationType": enums.pair(enums.OPERATORS, 2),
        "warningTrigger": alert.warning,
        "criticalTrigger": alert.critical,
        "durationInSecond": alert.duration,
        "node": {"id": node.id, "name": node.name} if node else {"id": None, "name": None},
        "acknowledgedBy": {"id": 5120 if alert.acknowledged_by else None, "name": alert.acknowledged_by},
        "labels": labels_of(sim, test) if test else [],
    }


_ALERT_FILTERS = (
    "levelId",
    "testName",
    "testIds",
    "alertTypeId",
    "alertTypeSubId",
    "productIds",
    "productName",
    "acknowledgedBy",
)


def alerts(sim: Simulator, request: Request) -> Response:
    params = request.params
    if bool(params.get("startTimeUtc")) != bool(params.get("endTimeUtc")):
        raise ApiError(400, "startTimeUtc and endTimeUtc must be given together.")
    start, end = window(sim, request, DAY)
    level, kind, subtype = (whole(request, name) for name in ("levelId", "alertTypeId", "alertTypeSubId"))
    tests, products = csv_of(sim, request, "testIds"), csv_of(sim, request, "productIds")
    acknowledged = whole(request, "acknowledgedBy")
    found: list[tuple[float, Alert]] = []
    for alert in sim.world.alerts:
        moment = sim.world.time(alert.at)
        test = sim.world.tests.get(alert.test_id)
        product = sim.world.products.get(test.product_id) if test else None
        if (
            start <= moment <= min(end, sim.now())
            and (level is None or alert.level == level)
            and (kind is None or alert.alert_type == kind)
            and (subtype is None or alert.alert_subtype == subtype)
            and (tests is None or alert.test_id in tests)
            and (products is None or (test is not None and test.product_id in products))
            and (not params.get("testName") or (test is not None and sim.matches(params["testName"], test.name)))
            and (
                not params.get("productName")
                or (product is not None and sim.matches(params["productName"], product.name))
            )
            and (acknowledged is None or bool(alert.acknowledged_by) == (acknowledged == 5120))
        ):
            found.append((moment, alert))
    found.sort(key=lambda one: -one[0])
    mode = sim.switches["empty_alerts"]
    filtered = any(params.get(name) for name in _ALERT_FILTERS)
    if not found and (mode == "404" or (mode == "404_if_filtered" and filtered)):
        raise ApiError(404, "No alerts were found.")
    page = one_page(sim, request, "alerts", found)
    page["alerts"] = [_alert(sim, moment, alert) for moment, alert in page["alerts"]]
    if sim.switches["alerts_shape"] == "object":
        page["alerts"] = page["alerts"][0] if page["alerts"] else None
    return envelope(sim, request, page)


def alerts_by_id(sim: Simulator, request: Request, text: str) -> Response:
    by_id = {alert.id: alert for alert in sim.world.alerts}
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    errors = [f"Alert id {one} was not found." for one in wanted if one not in by_id]
    found = [_alert(sim, sim.world.time(by_id[one].at), by_id[one]) for one in wanted if one in by_id]
    if errors and not found and sim.switches["unknown_id"] == "404":
        raise ApiError(404, errors[0], messages=errors)
    return envelope(sim, request, whole_list("alerts", found), errors, not errors)


# -- SLOs ---


def _metric_pair(sim: Simulator, key: str) -> Json:
    metric = metrics.BY_KEY[key]
    return {"id": metric.v2_id, "name": metric_name(sim, metric)}


def _slo(sim: Simulator, slo: Slo) -> Json:
    availability = slo.metric == "% Availability"
    return {
        "id": slo.id,
        "name": slo.name,
        "description": slo.description,
        "divisionId": sim.world.division_id,
        "testIds": list(slo.test_ids),
        "status": enums.pair(enums.STATUS, slo.status),
        "metricType": _metric_pair(sim, slo.metric),
        "violationThresholdType": enums.pair(enums.NODE_THRESHOLDS, 2),
        "violationThresholdOperatorType": enums.pair(enums.OPERATORS, 4 if availability else 2),
        "violationThresholdValue": slo.threshold,
        "violationConditionNumberOfUnits": 2,
        "violationConditionPercentageOfUnits": None,
        "violationConditionConsecutiveRunsEnabled": False,
        "violationConditionConsecutiveRuns": None,
        "violationConditionInTheLast": enums.pair(enums.ALERT_INTERVALS, 15),
        "goal": slo.goal,
        "goalOperatorType": enums.pair(enums.OPERATORS, 3),
        "changeDate": "2026-02-01T00:00:00Z",
        "createDate": "2026-02-01T00:00:00Z",
        "changeContactId": 5120,
        "createContactId": 5120,
    }


def _matching_slos(sim: Simulator, request: Request, status: int | None) -> list[Slo]:
    params = request.params
    metric, tests = whole(request, "metricType"), csv_of(sim, request, "testIds")
    names = {one: test.name for one, test in sim.world.tests.items()} if params.get("testName") else {}
    return [
        slo
        for slo in sorted(sim.world.slos.values(), key=lambda one: one.id)
        if (status is None or slo.status == status)
        and (metric is None or metrics.BY_KEY[slo.metric].v2_id == metric)
        and (tests is None or set(tests) & set(slo.test_ids))
        and (not params.get("sloName") or sim.matches(params["sloName"], slo.name))
        and (
            not params.get("testName")
            or any(sim.matches(params["testName"], names.get(one, "")) for one in slo.test_ids)
        )
    ]


def slos(sim: Simulator, request: Request) -> Response:
    status = whole(request, "statusType")
    found = _matching_slos(sim, request, 0 if status is None else status)
    return envelope(sim, request, whole_list("slos", [_slo(sim, slo) for slo in found]))


def slos_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        slo = sim.world.slos.get(identifier)
        return _slo(sim, slo) if slo else None

    return by_ids(sim, request, "slos", "Slo", text, known)


def violations(sim: Simulator, request: Request) -> Response:
    """Violations that touch the window; without a window the last 24 hours."""
    start, end = window(sim, request, DAY, "startTime", "endTime")
    tests, slos = csv_of(sim, request, "testIds"), csv_of(sim, request, "sloIds")
    items = []
    for slo in _matching_slos(sim, request, whole(request, "statusType")):
        if slos is not None and slo.id not in slos:
            continue
        for one in slo.violations:
            begin = sim.world.time(one.start)
            finish = begin + 60 * one.minutes
            if begin > min(end, sim.now()) or finish < start or (tests is not None and one.test_id not in tests):
                continue
            test = sim.world.tests.get(one.test_id)
            items.append(
                {
                    "testId": one.test_id,
                    "sloId": slo.id,
                    "testName": test.name if test else None,
                    "objectiveName": slo.name,
                    "metricType": _metric_pair(sim, slo.metric),
                    "statusType": enums.pair(enums.STATUS, slo.status),
                    "goal": slo.goal,
                    "violationStart": times.iso(begin),
                    "violationEnd": times.iso(finish),
                    "minsInViolation": one.minutes,
                }
            )
    return envelope(sim, request, whole_list("violations", items))
