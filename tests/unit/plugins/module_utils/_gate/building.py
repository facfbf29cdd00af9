# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs and gates for tests. The deploy is at 12:00 UTC; seconds count from it."""

from __future__ import annotations

from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.offline import verdict_of_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate, parse_gate
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

DEPLOY = 1714564800  # 2024-05-01T12:00:00Z
HOUR = 3600
MISSING = object()

# Twenty runs of an ordinary hour.
ORDINARY = [
    1000,
    980,
    1025,
    1010,
    990,
    1040,
    970,
    1005,
    1015,
    995,
    1030,
    985,
    1020,
    1000.5,
    975,
    1035,
    960,
    1012,
    988,
    1008,
]
# The same test, 30 % slower.
SLOW = [1290, 1310, 1275, 1350, 1305, 1330, 1260, 1320, 1295, 1340]


def run(
    seconds: float, value: Any = MISSING, *, node: str | None = "NY", test: Any = 1, failed: bool = False, **more: Any
) -> dict[str, Any]:
    """One run; without a value it has no metric at all."""
    metrics = {} if value is MISSING else {"test_time": value}
    return {
        "time": iso(DEPLOY + seconds),
        "test_id": test,
        "test_name": more.pop("name", None),
        "node": node,
        "node_id": None,
        "city": None,
        "country": None,
        "failed": failed,
        "metrics": {**metrics, **more},
    }


def runs(values: Any, *, start: float = 60, step: float = 30, **more: Any) -> list[dict[str, Any]]:
    """A run per value, in even steps from ``start`` on."""
    return [run(start + step * index, value, **more) for index, value in enumerate(values)]


def before(values: Any, **more: Any) -> list[dict[str, Any]]:
    """Runs in the hour before the deploy."""
    return runs(values, start=-HOUR + 60, **more)


def failures(count: int, *, start: float = 1800, **more: Any) -> list[dict[str, Any]]:
    return [run(start + 30 * index, failed=True, **more) for index in range(count)]


def judged(given: Any, *criteria: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The verdict over runs, an hour after the deploy."""
    events = {key: options.pop(key) for key in ("alerts", "slo_violations") if key in options}
    options = {"since": DEPLOY, "now": DEPLOY + HOUR, "criteria": list(criteria), **options}
    return rendered(verdict_of_runs(given, options, clock=DEPLOY + HOUR, **events))


def criterion(**options: Any) -> dict[str, Any]:
    """A criterion on the median of test_time."""
    return {"metric": "test_time", **options}


def gate(*criteria: dict[str, Any], **options: Any) -> Gate:
    """A gate that waits, for the test 1 unless it names others."""
    return parse_gate({"test_ids": [1], "since": DEPLOY, "warmup": 0, "criteria": list(criteria), **options}, DEPLOY)


def statuses(result: dict[str, Any]) -> list[str]:
    return [row["status"] for row in result["criteria"]]
