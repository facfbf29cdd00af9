# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: service level objectives and their violations."""

from __future__ import annotations

from ..service.messages import Json, Request, Response
from ..service.simulator import Simulator
from ..world import enums, metrics
from ..world.model import Slo, Violation
from .v2_common import (
    DAY,
    Check,
    among,
    by_id,
    by_ids,
    csv_of,
    envelope,
    equal,
    matching,
    metric_name,
    named,
    whole,
    whole_list,
    window,
)


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
    tests, test_name = csv_of(sim, request, "testIds"), request.params.get("testName", "")

    def has_test(slo: Slo) -> bool:
        found = [sim.world.tests[one] for one in slo.test_ids if one in sim.world.tests]
        return any(sim.matches(test_name, test.name) for test in found)

    checks: list[Check[Slo]] = [
        equal(status, lambda slo: slo.status),
        equal(whole(request, "metricType"), lambda slo: metrics.BY_KEY[slo.metric].v2_id),
        named(sim, request, "sloName", lambda slo: slo.name),
        among(csv_of(sim, request, "sloIds"), lambda slo: slo.id),
        None if tests is None else lambda slo: bool(set(tests) & set(slo.test_ids)),
        has_test if test_name else None,
    ]
    return matching(by_id(sim.world.slos), checks)


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
    """GET slo/violations: those that touch the window."""
    start, end = window(sim, request, DAY, "startTime", "endTime")
    if sim.switches["violations_window"] == "all" and not request.params.get("startTime"):
        start = float("-inf")
    tests, now, hidden = csv_of(sim, request, "testIds"), sim.now(), sim.forbidden_tests()
    items = []
    for slo in _matching_slos(sim, request, whole(request, "statusType")):
        for one in slo.violations:
            begin = sim.world.time(one.start)
            finish = float("inf") if one.minutes is None else begin + 60 * one.minutes
            seen = begin <= min(end, now) and finish >= start and one.test_id not in hidden
            if seen and (tests is None or one.test_id in tests):
                items.append(_violation(sim, slo, one, begin, finish))
    return envelope(sim, request, whole_list("violations", items))


def _violation(sim: Simulator, slo: Slo, violation: Violation, begin: float, finish: float) -> Json:
    test, now = sim.world.tests.get(violation.test_id), sim.now()
    mode = sim.switches["open_violations"]
    shown: str | None = sim.event_time(min(finish, now))
    if finish > now and mode != "now":
        # .NET's text for a time that was never set.
        shown = None if mode == "null" else "0001-01-01T00:00:00"
    return {
        "testId": violation.test_id,
        "sloId": slo.id,
        "testName": test.name if test else None,
        "objectiveName": slo.name,
        "metricType": _metric_pair(sim, slo.metric),
        "statusType": enums.pair(enums.STATUS, slo.status),
        "goal": slo.goal,
        "violationStart": sim.event_time(begin),
        "violationEnd": shown,
        "minsInViolation": int((min(finish, now) - begin) // 60),
    }
