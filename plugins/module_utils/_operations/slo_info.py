# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service-level objectives with what is left of their error budgets.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import Slo
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import SloViolation
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import Placed
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import SloFilter
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.error_budget import (
    BURN_RATE_WINDOWS,
    Span,
    burn_rate,
    error_budget,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, seconds_of

_DAY = 86400
_MOST_DAYS = 365


def slo_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The objectives of some ids, or all that match the filters, with their error budgets."""
    days = options["window_days"]
    if not 1 <= days <= _MOST_DAYS:
        raise OptionError(f"window_days is {days}, but must be from 1 to {_MOST_DAYS}.")
    if options["test_ids"] == []:
        raise OptionError("test_ids is an empty list. Name tests, or remove test_ids.")
    slos, uncovered = _requested(client, options)
    now = math.floor(client.server_now())
    window = Window(now - days * _DAY, now)
    found = budgets(client, slos, window)
    if found.contradiction is not None:
        client.warn(found.contradiction.of_result)
    return {
        "window": window.as_dict(),
        "complete": found.contradiction is None,
        "slos": found.inside,
        "uncovered_test_ids": uncovered,
    }


def _requested(client: Client, options: Mapping[str, Any]) -> tuple[list[Slo], list[int]]:
    """The objectives, and the tests of ``test_ids`` that none of them covers."""
    if options["slo_ids"] is not None:
        return client.slos_by_id(options["slo_ids"]), []
    found = client.events.slos(SloFilter(options["name"], options["test_ids"]))
    uncovered = sorted(set(options["test_ids"] or ()) - {test_id for slo in found for test_id in slo.test_ids})
    if uncovered:
        client.warn(
            f"No active SLO{' with this name' if options['name'] else ''} covers the "
            f"test{'s' if len(uncovered) > 1 else ''} {', '.join(map(str, uncovered))}."
        )
    elif not found:
        client.warn("No active SLO found" + (f" whose name contains {options['name']!r}." if options["name"] else "."))
    return found, uncovered


def budgets(client: Client, slos: Sequence[Slo], window: Window) -> Placed[dict[str, Any]]:
    """Each objective with its error budget in the window and its burn rates at the window's end, in one request."""
    if not slos:
        return Placed([])
    longest = max(BURN_RATE_WINDOWS.values())
    asked = Window(min(window.start, window.end - longest), window.end)
    violations = client.events.violations_of([slo.id for slo in slos], asked)
    found = [_result(slo, [one for one in violations.inside if one.slo_id == slo.id], window) for slo in slos]
    return Placed(found, violations.contradiction)


def _result(slo: Slo, violations: Sequence[SloViolation], window: Window) -> dict[str, Any]:
    if slo.goal is None or not 0 <= slo.goal <= 100:
        raise ResponseError(
            f"The goal of the SLO {slo.name!r} (id {slo.id}) is {slo.goal}, which is not a percentage, so its error "
            "budget cannot be computed. Exclude it with slo_ids, name or test_ids."
        )
    goal = slo.goal
    spans = {one: _span(one, window.end) for one in violations}
    budget = error_budget(goal, spans.values(), window)
    rates = {
        name: burn_rate(goal, spans.values(), (window.end - seconds, window.end))
        for name, seconds in BURN_RATE_WINDOWS.items()
    }
    inside = [(span, one) for one, span in spans.items() if span[1] > window.start and span[0] < window.end]
    return {
        "id": slo.id,
        "name": slo.name,
        "status": slo.status,
        "goal": goal,
        "metric": slo.metric,
        "test_ids": slo.test_ids,
        "budget_minutes": round(budget.budget_minutes, 2),
        "used_minutes": round(budget.used_minutes, 2),
        "left_percent": round(budget.left_percent, 2),
        "burn_rate": {name: None if rate is None else round(rate, 2) for name, rate in rates.items()},
        "violations": [
            {
                "start": one.start,
                "end": one.end if one.is_over else None,
                "minutes": round((end - start) / 60, 2),
                "test_id": one.test_id,
                "test_name": one.test_name,
            }
            for (start, end), one in sorted(inside, key=lambda pair: pair[0])
        ],
    }


def _span(violation: SloViolation, now: float) -> Span:
    start = seconds_of(str(violation.start))
    return (start, seconds_of(str(violation.end)) if violation.is_over else max(start, now))


OPERATION = Operation(
    arguments={
        "slo_ids": {"type": "list", "elements": "int"},
        "name": {"type": "str"},
        "test_ids": {"type": "list", "elements": "int"},
        "window_days": {"type": "int", "default": 28},
    },
    rules={"mutually_exclusive": [("slo_ids", "name"), ("slo_ids", "test_ids")]},
    run=slo_info,
)
