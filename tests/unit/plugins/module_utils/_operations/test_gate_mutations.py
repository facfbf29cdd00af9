# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate that fails does not pass because a member of a response is missing or odd.

Each member of a response in turn becomes each odd value. The gate may pass only if the response then says something
else: that there are no events, that they belong to another test, or that they do not count.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._errors import NotCompletedError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._operations.performance_gate import performance_gate
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.mutations import (
    ODD,
    changed,
    places,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import (
    Run,
    enumeration,
    v1_list,
    v1_table,
    v2_list,
    v2_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import NOON, Memory

TEST = 51007
RUNS = [Run(f"11:{minute}:00", (900.0, 100.0, 1.0)) for minute in range(52, 57)]
SLOW = [run._replace(values=(2900.0, 100.0, 1.0)) for run in RUNS]
ALERT_V1 = {
    "report_time": "2026-11-23T11:55:00Z",
    "level": {"id": 1, "name": "Critical"},
    "test": {"id": TEST, "name": "Shop front"},
    "alert_type": {"id": 7, "name": "ResponseTime"},
}
ALERT_V2 = {
    "id": "1",
    "reportTime": "2026-11-23T11:55:00Z",
    "level": {"id": 1, "name": "Critical"},
    "test": {"id": TEST, "name": "Shop front"},
    "alertType": {"id": 7, "name": "ResponseTime"},
    "node": {"id": 611, "name": "Berlin"},
}
VIOLATION = {
    "testId": TEST,
    "sloId": 1,
    "violationStart": "2026-11-23T11:55:00Z",
    "violationEnd": "2026-11-23T11:57:00Z",
    "objectiveName": "Fast",
    "goal": 99.9,
    "minsInViolation": 2,
}
METRICS = enumeration({4: "Minutes5"}, {89: "Test Time (ms)", 15: "% Availability", 61: "# Runs"})
CRITERIA = {
    "timing": [{"metric": "test_time", "fail": {"max": 1000}}, {"metric": "availability", "fail": {"min": 99}}],
    "alerts": [{"metric": "alerts", "fail": {"max": 0}}],
    "slo_violations": [{"metric": "slo_violations", "fail": {"max": 0}}],
}


class Served:
    """A session that returns one response a path, as far as the API version does not read it as an error."""

    server_offset = None

    def __init__(self, wire: Any, responses: Mapping[str, Any]) -> None:
        self._wire = wire
        self._responses = responses

    def get(self, path: str, params: Mapping[str, str]) -> Any:
        payload = self._responses.get(path, {"Message": f"There is no {path}."})
        message = self._wire.complaint(payload)
        if message is not None:
            raise NotCompletedError(message.text, status=200, api_text=message.text)
        return payload

    def retry_with(self, _policy: Any) -> None:
        """Nothing is retried."""


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def verdict(wire: Any, responses: Mapping[str, Any], criteria: Any) -> str:
    clock = Clock()
    client = Client(
        Served(wire, responses),  # type: ignore[arg-type]
        wire,
        clock=clock,
        memory=Memory(),
        warn=lambda _text: None,
        ids_per_request=150,
    )
    options = {"test_ids": [TEST], "criteria": criteria, "since": NOON - 600, "warmup": 0, "wait_timeout": 60}
    try:
        result = performance_gate(
            client,
            {**options, "min_runs": 5, "grace_period": 0},
            clock=clock,
            progress=lambda _line: None,
            warn=lambda _text: None,
        )
    except OptionError:  # the service has no such metric
        return "refused"
    json.dumps(result)
    return str(result["verdict"])


def passing(wire: Any, responses: dict[str, Any], path: str, criteria: Any) -> set[tuple[str, str]]:
    """Which members, with which odd values, let the gate pass: paths without positions of lists."""
    assert verdict(wire, responses, criteria) == "fail"
    found = set()
    for place in places(responses[path]):
        for odd in ODD:
            mutant = changed(copy.deepcopy(responses[path]), place, copy.deepcopy(odd))
            if verdict(wire, {**responses, path: mutant}, criteria) in ("pass", "warn"):
                found.add((".".join(str(part) for part in place if not isinstance(part, int)), repr(odd)))
    return found


# None or an empty list is a list without entries.
EMPTY = {"None", "[]"}


def test_alerts_of_v2() -> None:
    responses = {
        "/tests/explorer/enumeration": METRICS,
        "/tests/explorer/raw": v2_table(*RUNS),
        "/tests/alerts": v2_list("alerts", ALERT_V2),
    }
    assert passing(v2, responses, "/tests/alerts", CRITERIA["alerts"]) == {
        *(("data.alerts", text) for text in EMPTY),
        ("data.alerts.test.id", "'12'"),
    }


def test_alerts_of_v1() -> None:
    responses = {"/performance/raw": v1_table(*RUNS), "/alerts": v1_list(ALERT_V1, name="alerts")}
    assert passing(v1, responses, "/alerts", CRITERIA["alerts"]) == {
        *(("alerts", text) for text in EMPTY),
        ("alerts.test.id", "'12'"),
    }


def test_violations() -> None:
    responses = {
        "/tests/explorer/enumeration": METRICS,
        "/tests/explorer/raw": v2_table(*RUNS),
        "/slo/violations": v2_list("violations", VIOLATION),
    }
    assert passing(v2, responses, "/slo/violations", CRITERIA["slo_violations"]) == {
        *(("data.violations", text) for text in EMPTY),
        ("data.violations.testId", "'12'"),
    }


@pytest.mark.parametrize(
    ("wire", "path", "table"), [(v1, "/performance/raw", v1_table), (v2, "/tests/explorer/raw", v2_table)]
)
def test_runs(wire: Any, path: str, table: Any) -> None:
    responses = {"/tests/explorer/enumeration": METRICS, path: table(*SLOW), "/tests/alerts": v2_list("alerts")}
    assert passing(wire, responses, path, CRITERIA["timing"]) == set()
