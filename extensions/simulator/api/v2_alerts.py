# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: alerts."""

from __future__ import annotations

from ..service.messages import ApiError, Json, Request, Response
from ..service.simulator import Simulator
from ..world import enums
from ..world.model import Alert, Test
from .v2_common import (
    DAY,
    Check,
    among,
    csv_of,
    envelope,
    equal,
    flag,
    matching,
    named,
    not_found,
    one_page,
    refuse_unknown,
    whole,
    whole_list,
    window,
)
from .v2_tests import labels_of


def _alert(sim: Simulator, moment: float, alert: Alert, with_node: bool = True) -> Json:
    test = sim.world.tests.get(alert.test_id)
    product = sim.world.products.get(test.product_id) if test else None
    folder = sim.world.folders.get(test.folder_id or 0) if test else None
    node = sim.world.nodes.get(alert.node_id or 0) if with_node else None
    path = [sim.world.division_name, *(one.name for one in (product, folder) if one)]
    portal = f"https://portal.example.com/ui/Alerts/{alert.id}"
    result: Json = {
        "id": alert.id,
        "reportTime": sim.event_time(moment),
        "processingTimestamp": sim.event_time(moment + 72.3319847),
        "startTime": sim.event_time(sim.world.alert_first(alert)),
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
        "acknowledgedBy": {"id": _CONTACT if alert.acknowledged_by else None, "name": alert.acknowledged_by},
        "labels": labels_of(sim, test) if test else [],
    }
    return _changed_members(sim, result)


def _changed_members(sim: Simulator, alert: Json) -> Json:
    """The alert as the switch alert_members shapes it."""
    mode = sim.switches["alert_members"]
    if mode == "processing_only":
        return {**alert, "reportTime": None, "startTime": None}
    if mode == "no_time":
        return {**alert, "reportTime": None, "startTime": None, "processingTimestamp": None}
    if mode == "no_test":
        return {**alert, "test": None}
    if mode == "test_id":
        return {**alert, "test": None, "testId": alert["test"]["id"]}
    return alert


_FILTERS = (
    "levelId",
    "testName",
    "testIds",
    "alertTypeId",
    "alertTypeSubId",
    "productIds",
    "productName",
    "acknowledgedBy",
)
# The contact that acknowledged alerts name.
_CONTACT = 5120


def _checks(sim: Simulator, request: Request) -> list[Check[Alert]]:
    world = sim.world

    def test_of(alert: Alert) -> Test:
        return world.tests.get(alert.test_id) or Test(id=alert.test_id, name="")

    def product_name(alert: Alert) -> str:
        product = world.products.get(test_of(alert).product_id)
        return product.name if product else ""

    return [
        equal(whole(request, "levelId"), lambda alert: alert.level),
        equal(whole(request, "alertTypeId"), lambda alert: alert.alert_type),
        equal(whole(request, "alertTypeSubId"), lambda alert: alert.alert_subtype),
        among(csv_of(sim, request, "testIds"), lambda alert: alert.test_id),
        among(csv_of(sim, request, "productIds"), lambda alert: test_of(alert).product_id),
        named(sim, request, "testName", lambda alert: test_of(alert).name),
        named(sim, request, "productName", product_name),
        equal(whole(request, "acknowledgedBy"), lambda alert: _CONTACT if alert.acknowledged_by else None),
    ]


def alerts(sim: Simulator, request: Request) -> Response:
    """GET tests/alerts: without a window the last 24 hours, the newest first."""
    params = request.params
    if bool(params.get("startTimeUtc")) != bool(params.get("endTimeUtc")):
        raise ApiError(400, "startTimeUtc and endTimeUtc must be given together.")
    start, end = window(sim, request, DAY)
    found = [
        (moment, alert)
        for moment, alert in ((sim.world.time(alert.at), alert) for alert in sim.visible_alerts())
        if start <= moment <= min(end, sim.now())
    ]
    checks = _checks(sim, request)
    kept = {alert.id for alert in matching([alert for _moment, alert in found], checks)}
    found = sorted((one for one in found if one[1].id in kept), key=lambda one: -one[0])
    mode = sim.switches["empty_alerts"]
    filtered = any(params.get(name) for name in _FILTERS)
    if not found and (mode == "404" or (mode == "404_if_filtered" and filtered)):
        raise ApiError(404, "No alerts were found.")
    with_node = sim.switches["alert_nodes"] == "always" or bool(flag(request, "includeNodeDetails"))
    page = one_page(sim, request, "alerts", found)
    page["alerts"] = [_alert(sim, moment, alert, with_node) for moment, alert in page["alerts"]]
    if sim.switches["alerts_shape"] == "object":
        page["alerts"] = page["alerts"][0] if page["alerts"] else None
    return envelope(sim, request, page)


def alerts_by_id(sim: Simulator, request: Request, text: str) -> Response:
    by_id = {alert.id: alert for alert in sim.visible_alerts()}
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    errors = [not_found(sim, "Alert", one) for one in wanted if one not in by_id]
    found = [_alert(sim, sim.world.time(by_id[one].at), by_id[one]) for one in wanted if one in by_id]
    refuse_unknown(sim, errors, bool(found))
    return envelope(sim, request, whole_list("alerts", found), errors, not errors)
