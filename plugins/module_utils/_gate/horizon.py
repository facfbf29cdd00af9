# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""How long to wait: whether the horizon is reached, or the verdict can no longer change. The time is an argument."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import availability
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    EVENTS,
    Criterion,
    Limit,
    check_metrics,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import (
    Dataset,
    at,
    gather,
    locations_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import (
    FAIL,
    HORIZON,
    TIMEOUT,
    Certain,
    Decision,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import limit_words
from ansible_collections.community.catchpoint.plugins.module_utils._gate.events import count_events
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Part
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Sample, readings
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import percent_of
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    counted,
    limit_text,
    span_text,
    value_text,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso


def decide(
    gate: Gate,
    runs: Sequence[Any],
    *,
    now: float,
    started: float,
    baseline_runs: Optional[Sequence[Any]] = None,
    alerts: Optional[Sequence[Any]] = None,
    slo_violations: Optional[Sequence[Any]] = None,
) -> Decision:
    """Whether to judge now, at a poll at ``now`` of a gate that began to wait at ``started`` (the server's clock).

    The data is as for judge(). Done when the horizon is reached, when a criterion can no longer be met (fail_fast), or
    when the timeout is over. Raises DataError, and GateArgumentError for a metric that nobody knows, as soon as there
    is a run that could have it.
    """
    material = gather(gate, runs, baseline_runs)
    if material.metrics:
        check_metrics(gate.criteria, material.metrics)
    have, where = _fewest(gate, material)
    horizon_reached = (
        have >= gate.min_runs if gate.min_runs is not None else now >= (gate.end or now) + gate.grace_period
    )
    certain = {} if horizon_reached or not gate.fail_fast else _certain(gate, material, have, alerts, slo_violations)
    ended_by = None
    if horizon_reached:
        ended_by = HORIZON
    elif certain:
        ended_by = FAIL
    elif now - started >= gate.wait_timeout:
        ended_by = TIMEOUT
    return Decision(
        ended_by=ended_by,
        certain=certain,
        analyses={},
        reached=f"{have} of {counted(gate.min_runs, 'run')}{where}" if gate.min_runs is not None else "",
        progress=_progress(gate, material, have, where, now, started),
    )


def _fewest(gate: Gate, material: Dataset) -> tuple[int, str]:
    """The smallest number of runs of any test, and of any location where a criterion splits, and whose it is."""
    counts: list[tuple[int, str]] = []
    for test_id in material.tests:
        inside = material.current[test_id].inside
        of_test = f" of test {test_id}" if len(material.tests) > 1 else ""
        counts.append((len(inside), of_test))
        for criterion in gate.criteria:
            for location in locations_of(criterion, material, test_id):
                if location is not None:
                    counts.append((len(at(inside, location)), f"{of_test} at {location}"))
    return min(counts, key=lambda entry: entry[0])


def _progress(gate: Gate, material: Dataset, have: int, where: str, now: float, started: float) -> str:
    """14 of 20 runs, availability 100 %, about 6 min left."""
    runs = [run for test_id in material.tests for run in material.current[test_id].inside]
    if gate.min_runs is None:
        parts = [counted(len(runs), "run")]
        left: Optional[float] = (gate.end or now) + gate.grace_period - now
    else:
        asked = counted(gate.min_runs, "run")
        parts = [f"{have} of {asked}{where}" if have <= gate.min_runs else f"{have} runs ({gate.min_runs} asked for)"]
        elapsed = now - gate.start
        left = (gate.min_runs - have) * elapsed / have if have and elapsed > 0 else None
    if runs:
        parts.append(f"availability {value_text(availability(runs), 'percent')}")
    until_timeout = started + gate.wait_timeout - now
    if now < gate.start:
        parts.append(f"warm-up until {iso(gate.start)[11:]}")
    if left is not None and left <= until_timeout:
        parts.append(f"about {span_text(left)} left")
    else:
        parts.append(f"{span_text(until_timeout)} until the timeout")
    return ", ".join(parts)


def _certain(
    gate: Gate,
    material: Dataset,
    have: int,
    alerts: Optional[Sequence[Any]],
    slo_violations: Optional[Sequence[Any]],
) -> dict[Part, Certain]:
    """The parts that fail whatever the remaining runs are (curtailment): for the number of runs expected, exact.

    ``have`` is the number of runs of the slowest test or location, which the gate waits for.
    """
    events = {"alerts": alerts, "slo_violations": slo_violations}
    result: dict[Part, Certain] = {}
    for position, criterion in enumerate(gate.criteria):
        if not criterion.enforce:
            continue
        limits = [limit for limit in criterion.limits if limit.level == "fail" and not limit.relative]
        found: dict[Part, Certain] = {}
        for test_id in material.tests:
            inside = material.current[test_id].inside
            of_test: dict[Part, Certain] = {}
            for location in locations_of(criterion, material, test_id):
                for limit in limits:
                    if criterion.metric in EVENTS:
                        reason = _events_certain(criterion, limit, events[criterion.metric], test_id, gate.since)
                    else:
                        of_part = at(inside, location)
                        reason = _runs_certain(criterion, limit, of_part, _expected(gate.min_runs, len(of_part), have))
                    if reason:
                        of_test.setdefault((position, test_id, location), Certain(limit, reason))
            if criterion.split_by == "test" or len(of_test) > criterion.max_failing:
                found.update(of_test)
        if criterion.split_by != "test" or len(found) > criterion.max_failing:
            result.update(found)
    return result


def _expected(asked: Optional[int], seen: int, have: int) -> Optional[int]:
    """How many runs a test or location will have when the slowest, which has ``have`` now, has as many as asked for.

    Each is taken to keep its pace. None when nobody knows.
    """
    if asked is None or not have:
        return None
    return max(asked, -(-asked * seen // have))


def _events_certain(
    criterion: Criterion, limit: Limit, events: Optional[Sequence[Any]], test_id: Optional[int], since: float
) -> Optional[str]:
    if events is None or limit.key != "max":
        return None
    count = count_events(criterion, events, test_id, since)
    if count.total <= limit.value + limit.tolerance:
        return None
    noun = criterion.metric.replace("_", " ")
    return f"{count.total} {noun}{count.detail} already, {limit_words(criterion, limit)}"


def _runs_certain(criterion: Criterion, limit: Limit, runs: Sequence[Sample], total: Optional[int]) -> Optional[str]:
    """Why a limit is broken whatever the rest of ``total`` runs are; None when it is not certain.

    ``total`` is None when nobody knows how many runs will come.
    """
    if total is not None and total < criterion.need:
        return None
    words = limit_words(criterion, limit)
    if criterion.metric == AVAILABILITY:
        if total is None:
            return None
        failed = sum(run.failed for run in runs)
        best = 100 * (total - failed) / total if limit.key == "min" else 100 * (len(runs) - failed) / total
        beyond = best < limit.value - limit.tolerance if limit.key == "min" else best > limit.value + limit.tolerance
        if not beyond:
            return None
        side = "at best" if limit.key == "min" else "at least"
        return (
            f"{failed} of {counted(len(runs), 'run')} failed: {side} {value_text(best, 'percent')} of {total} ({words})"
        )
    return _values_certain(criterion, limit, readings(runs, criterion.metric).values, total, words)


def _values_certain(
    criterion: Criterion, limit: Limit, values: Sequence[float], total: Optional[int], words: str
) -> Optional[str]:
    name = criterion.aggregate or ""
    above = limit.key == "max"
    beyond = sum(
        value > limit.value + limit.tolerance if above else value < limit.value - limit.tolerance for value in values
    )
    percent = {"min": 0, "max": 100}.get(name, percent_of(name))
    if percent is not None:
        needed = _beyond_needed(percent, total, above)
        if needed is None or beyond < needed or (total is None and len(values) < criterion.need):
            return None
        of_all = f" of {total} runs" if total is not None else ""
        border = f"{'above' if above else 'below'} the limit {limit_text(limit.value, criterion.unit)}"
        return f"{counted(beyond, 'value')} {border} already, {needed}{of_all} are enough"
    if not above or name == "geomean":
        return None
    # A remaining value may be 0, but not less.
    sum_so_far = math.fsum(values)
    if name == "sum" and (total is not None or len(values) >= criterion.need):
        certain = sum_so_far > limit.value + limit.tolerance
        return f"the sum is {value_text(sum_so_far, criterion.unit)} already ({words})" if certain else None
    if name == "mean" and total is not None and sum_so_far / total > limit.value + limit.tolerance:
        least = value_text(sum_so_far / total, criterion.unit)
        return f"the mean of {total} runs is at least {least} ({words})"
    return None


def _beyond_needed(percent: int, total: Optional[int], above: bool) -> Optional[int]:
    """How many values beyond a limit settle a quantile (type 7) of ``total`` values; None when no number does.

    The quantile lies between the values at the positions below and above p (N - 1). It is certainly above a limit when
    the lower one of them is, certainly below when the upper one is.
    """
    if total is None:
        return 1 if (percent, above) in ((100, True), (0, False)) else None
    if above:
        return total - percent * (total - 1) // 100
    return -(-percent * (total - 1) // 100) + 1
