# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: tests and their enumerations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from ..service.messages import Json, Request, Response
from ..service.simulator import Simulator
from ..world import enums, metrics, times
from ..world.model import Test
from . import analytics
from .v2_common import (
    Check,
    among,
    by_ids,
    csv_of,
    envelope,
    equal,
    flag,
    matching,
    metric_name,
    named,
    one_page,
    refuse_empty_list,
    whole,
    whole_list,
)
from .v2_nodes import short_node

# -- tests ---


def labels_of(sim: Simulator, test: Test) -> list[Json]:
    return [
        {"id": label.id, "name": label.name, "color": label.color, "values": list(test.labels[label.name])}
        for label in sim.world.labels.values()
        if label.name in test.labels
    ]


def _short_test(sim: Simulator, test: Test) -> Json:
    return {
        "id": test.id,
        "divisionId": sim.world.division_id,
        "productId": test.product_id or 1,
        "folderId": test.folder_id,
        "name": test.name,
        "description": test.description,
        "url": test.url,
        "alertsPaused": sim.alerts_paused(test),
        "changeDate": times.iso(test.changed),
        "startTime": times.iso(test.start),
        "endTime": None,
        "status": enums.pair(enums.STATUS, test.status),
        "monitor": enums.pair(enums.MONITORS, test.monitor),
        "testType": enums.pair(enums.TEST_TYPES, test.type),
        "labels": labels_of(sim, test),
    }


def _inherit(name: str) -> Json:
    return {name: enums.pair(enums.SETTINGS, 0)}


def _schedule(sim: Simulator, test: Test) -> Json:
    nodes = [sim.world.nodes[one] for one in test.node_ids]
    distribution = {"random": 0, "concurrent": 1, "even": 2}[test.distribution]
    return {
        "scheduleSettingType": enums.pair(enums.SETTINGS, 1),
        "frequency": enums.frequency(test.frequency),
        "roundRobinAmount": test.nodes_per_run or None,
        "testNodeDistribution": enums.pair(enums.NODE_DISTRIBUTIONS, distribution),
        "networkType": enums.pair(enums.NETWORK_TYPES, nodes[0].network_type if nodes else 0),
        "nodes": [short_node(node) for node in nodes],
        "nodeGroups": [],
    }


# Member of a test, the include flag that adds it to a list, and the function that makes it.
_SECTIONS: tuple[tuple[str, str, Callable[[Simulator, Test], Json]], ...] = (
    ("requestSettings", "includeRequest", lambda sim, test: _inherit("requestSettingType")),
    ("scheduleSettings", "includeTargeting", _schedule),
    ("advancedSettings", "includeAdvanceSettings", lambda sim, test: _inherit("advancedSettingType")),
    ("insightData", "includeInsight", lambda sim, test: _inherit("insightSettingType")),
    ("alertGroup", "includeAlerts", lambda sim, test: _inherit("alertSettingType")),
)


def long_test(sim: Simulator, test: Test) -> Json:
    result = _short_test(sim, test)
    for member, _flag_name, make in _SECTIONS:
        result[member] = make(sim, test)
    result.update(
        {
            "monitorWithVersion": enums.MONITORS[test.monitor],
            "enableTestDataWebhook": False,
            "alertsPauseExpiration": _pause_end(sim, test),
            "requestHttpMethod": enums.pair(enums.WIN_HTTP_METHODS, 0),
        }
    )
    return result


def _pause_end(sim: Simulator, test: Test) -> str | None:
    pause = sim.world.pauses.at(test, sim.now())
    if pause is None or math.isinf(pause.end) or not sim.switches.on("pause_date"):
        return None
    return times.iso(pause.end)


def tests(sim: Simulator, request: Request) -> Response:
    status, longest = whole(request, "statusId"), whole(request, "maximumFrequencyMinutes")
    keys, values = csv_of(sim, request, "labelKeyIds"), csv_of(sim, request, "labelValueIds")
    url = request.params.get("url", "")
    if status is None and sim.switches["tests_default_status"] == "active":
        status = 0
    checks: list[Check[Test]] = [
        among(csv_of(sim, request, "productIds"), lambda test: test.product_id),
        among(csv_of(sim, request, "parentFolderIds"), lambda test: test.folder_id),
        among(csv_of(sim, request, "typeIds"), lambda test: test.type),
        among(csv_of(sim, request, "monitorIds"), lambda test: test.monitor),
        equal(status, lambda test: test.status),
        equal(flag(request, "alertsPaused"), sim.alerts_paused),
        named(sim, request, "name", lambda test: test.name),
        None if longest is None else lambda test: test.frequency <= longest * 60,
        None if not url else lambda test: test.type == 0 and test.url == url,
        None if keys is None else lambda test: _has_label(sim, test, keys),
        None if values is None else lambda test: _has_label_value(sim, test, values),
    ]
    items = matching(sim.visible_tests(), checks)
    refuse_empty_list(sim, request, items)
    sections = [(member, make) for member, include, make in _SECTIONS if flag(request, include)]
    page = one_page(sim, request, "tests", items)
    page["tests"] = [
        {**_short_test(sim, test), **{member: make(sim, test) for member, make in sections}} for test in page["tests"]
    ]
    return envelope(sim, request, page)


def _has_label(sim: Simulator, test: Test, keys: Iterable[int]) -> bool:
    return any(key in sim.world.labels and sim.world.labels[key].name in test.labels for key in keys)


def _has_label_value(sim: Simulator, test: Test, wanted: Iterable[int]) -> bool:
    return any(
        identifier in wanted and name in test.labels.get(label.name, ())
        for label in sim.world.labels.values()
        for identifier, name in label.values
    )


def tests_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        test = Test(id=0, name="") if identifier == 0 else sim.world.tests.get(identifier)
        return long_test(sim, test) if test else None

    return by_ids(sim, request, "tests", "Test", text, known)


def _sections(request: Request, tables: Mapping[str, Mapping[int, str]]) -> Json:
    """Enumerations by flag; no flag means all."""
    chosen = [name for name in tables if flag(request, name)] or list(tables)
    return whole_list(
        "sections",
        [
            {
                "section": name[0].upper() + name[1:],
                "enumeration": [{"id": key, "name": value} for key, value in tables[name].items()],
            }
            for name in chosen
        ],
    )


def tests_enumeration(sim: Simulator, request: Request) -> Response:
    tables: dict[str, Mapping[int, str]] = {
        "displayTestType": enums.TEST_TYPES,
        "analyticsMetric": {key: metric_name(sim, metric) for key, metric in sorted(metrics.BY_V2_ID.items())},
        "domainStatus": enums.STATUS,
        "displayMonitorType": enums.MONITORS,
        "winHttpMethod": enums.WIN_HTTP_METHODS,
        "settingsType": enums.SETTINGS,
        "nodeThresholdType": enums.NODE_THRESHOLDS,
        "breakdownDimension": {one.v2_id: one.name for one in analytics.DIMENSIONS},
        "alertTriggerType": enums.ALERT_TRIGGERS,
        "operatorType": enums.OPERATORS,
        "testReportMetricDataType": enums.STATISTICS,
        "alertTimeThresholdInterval": enums.ALERT_INTERVALS,
        "reportAlertType": enums.ALERT_TYPES,
        "reportAlertSubtype": enums.ALERT_SUBTYPES,
        "displayTestFrequency": {key: name for key, (name, _seconds) in enums.FREQUENCIES.items()},
        "nodeDistribution": enums.NODE_DISTRIBUTIONS,
        "syntheticNetworkType": enums.NETWORK_TYPES,
    }
    return envelope(sim, request, _sections(request, tables))
