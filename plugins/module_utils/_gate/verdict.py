# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The verdict: every criterion judged for every test, and the result in plain dictionaries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import (
    Comparison,
    Pair,
    availability,
    compare_availability,
    compare_values,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    EVENTS,
    Criterion,
    check_metrics,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import (
    Dataset,
    at,
    gather,
    locations_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import Decision
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import (
    RANK,
    Status,
    judge_limits,
    limit_words,
    missing_status,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.events import count_events
from ansible_collections.community.catchpoint.plugins.module_utils._gate.interim import Interim
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    DataError,
    Readings,
    Sample,
    readings,
)
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate, is_usable
from ansible_collections.community.catchpoint.plugins.module_utils._text import counted
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

# Note of a row whose limit is broken whatever the remaining runs are.
CERTAIN = "cannot be met any more"


class Waited(NamedTuple):
    """What the waiting took."""

    seconds: float = 0
    polls: int = 0
    api_retries: int = 0


class Judgement(NamedTuple):
    """A verdict as plain data, before it is rendered (see _report.result.rendered)."""

    result: dict[str, Any]  # as documented in RETURN, without msg, report, plot and warnings
    dataset: Optional[Dataset]  # what was judged; None when nothing was
    note: str  # why nothing was judged, or why the wait ended; may be empty
    since: float  # seconds since 1970 UTC


class Value(NamedTuple):
    """A criterion's value for one part, or why there is none."""

    status: Status
    value: Optional[float]
    samples: Optional[int]
    failed: Optional[int]
    unusable: Optional[int]
    comparison: Optional[Comparison]


def judge(
    gate: Gate,
    runs: Sequence[Any],
    *,
    now: float,
    baseline_runs: Optional[Sequence[Any]] = None,
    alerts: Optional[Sequence[Any]] = None,
    slo_violations: Optional[Sequence[Any]] = None,
    decision: Optional[Decision] = None,
    waited: Optional[Waited] = None,
    clock_skew_seconds: Optional[float] = None,
) -> Judgement:
    """Judges every criterion for every test.

    ``runs`` are dictionaries as catchpoint_test_data_info returns them: those since the deploy, of the gated and of
    the control tests. ``baseline_runs`` are those to cut the baseline window from; None when ``runs`` hold them too.
    ``alerts`` and ``slo_violations`` are lists of dictionaries {time or start, test_id, level}; None when they could
    not be read, which is missing data. ``decision`` is that of the last poll. ``now`` (seconds since 1970 UTC) ends
    the current window when the gate has no duration.

    Data that cannot be read gives the verdict error. Raises GateArgumentError for a metric that nobody knows.
    """
    waited = waited or Waited()
    try:
        material = gather(gate, runs, baseline_runs)
        check_metrics(gate.criteria, material.metrics)
        events = {"alerts": alerts, "slo_violations": slo_violations}
        rows = [
            row
            for position, criterion in enumerate(gate.criteria)
            for row in _rows(gate, position, criterion, material, events, decision)
        ]
    except DataError as error:
        return error_result(gate, str(error), now=now, waited=waited, clock_skew_seconds=clock_skew_seconds)
    result: dict[str, Any] = {
        **_frame(gate, _verdict(rows), now, waited, clock_skew_seconds),
        "criteria": rows,
        "runs": _counters(gate, material),
    }
    if gate.relative and gate.baseline.runs is not None:
        result["windows"]["baseline"] = _span_of(material)
    if decision is not None:
        result["waited"].update(timed_out=decision.timed_out, stopped_early=decision.stopped_early)
    late = ""
    if decision is not None and decision.timed_out:
        late = f"timed out: {decision.reached or 'the window was still open'} in {waited.seconds:.0f} s"
    return Judgement(result, material, late, gate.since)


def error_result(
    gate: Gate,
    message: str,
    *,
    now: float,
    waited: Optional[Waited] = None,
    clock_skew_seconds: Optional[float] = None,
) -> Judgement:
    """The result when the data could not be had: the verdict error, which fails by default and is never a pass."""
    return _without_criteria(gate, "error", message, now, waited, clock_skew_seconds)


def skipped_result(gate: Gate, message: str, *, now: float) -> Judgement:
    """The result of check mode: nothing was awaited and nothing judged."""
    return _without_criteria(gate, "skipped", message, now, None, None)


def baseline_warnings(gate: Gate, baseline_runs: Sequence[Any]) -> list[str]:
    """What a baseline lacks for the criteria that need it, to be said before the waiting.

    Raises DataError, and GateArgumentError for a metric that nobody knows when there is a run that could have it.
    """
    material = gather(gate, [], baseline_runs)
    if material.metrics:
        check_metrics(gate.criteria, material.metrics)
    found = []
    for criterion in gate.criteria:
        if not criterion.relative:
            continue
        for test_id in material.tests:
            runs = material.baseline[test_id]
            count = readings(runs, criterion.metric).size if criterion.of_runs else len(runs)
            if count < criterion.need:
                noun = "usable value" if criterion.of_runs else "run"
                of_test = f" of test {test_id}" if test_id is not None else ""
                found.append(
                    f"{criterion.name}: the baseline{of_test} has {counted(count, noun)} of {criterion.metric}, "
                    f"{criterion.need} needed; without more it will count as {criterion.on_missing}."
                )
    return found


def _rows(
    gate: Gate,
    position: int,
    criterion: Criterion,
    material: Dataset,
    events: dict[str, Optional[Sequence[Any]]],
    decision: Optional[Decision],
) -> list[dict[str, Any]]:
    """The rows of one criterion: one for each test, or for each location of each test."""
    certain = decision.certain if decision is not None else {}
    rows: list[dict[str, Any]] = []
    for test_id in material.tests:
        locations = locations_of(criterion, material, test_id)
        groups = len(material.tests) if criterion.split_by == "test" else len(locations)
        of_test = []
        for location in locations:
            part = (position, test_id, location)
            interim = decision.interims.get(part) if decision is not None else None
            value = value_of(gate, criterion, material, events, test_id, location, groups, interim)
            settled = certain.get(part)
            if settled and value.status.status != "fail":
                reason = f"cannot be met any more: {settled.reason}"
                value = value._replace(status=Status("fail", reason, settled.limit, CERTAIN))
            of_test.append(_row(position, criterion, material, test_id, location, value, gate))
        if criterion.split_by == "location":
            _tolerate(criterion, of_test)
        rows += of_test
    if criterion.split_by == "test":
        _tolerate(criterion, rows)
    return rows


def _verdict(rows: Sequence[dict[str, Any]]) -> str:
    """The worst status of the enforced rows. With nothing enforced it passes when anything could be judged."""
    enforced = {row["status"] for row in rows if row["enforced"]}
    if enforced:
        return next(status for status in reversed(RANK) if status in enforced)
    judged = any(row["status"] != "inconclusive" and row["value"] is not None for row in rows)
    return "pass" if judged else "inconclusive"


def _span_of(material: Dataset) -> Optional[dict[str, str]]:
    """From the first to the last of the stored runs that were compared with."""
    times = [run.time for runs in material.baseline.values() for run in runs]
    return {"start": iso(min(times)), "end": iso(max(times))} if times else None


def _tolerate(criterion: Criterion, rows: list[dict[str, Any]]) -> None:
    """Turns failing groups into warnings when there are no more of them than may fail."""
    failing = [row for row in rows if row["status"] == "fail"]
    if len(failing) > criterion.max_failing:
        return
    for row in failing:
        row["status"] = "warn"
        row["reason"] += f"; tolerated: {len(failing)} of {criterion.max_failing} that may fail"
        row["note"] = "tolerated"


def value_of(
    gate: Gate,
    criterion: Criterion,
    material: Dataset,
    events: dict[str, Optional[Sequence[Any]]],
    test_id: Optional[int],
    location: Optional[str],
    groups: int,
    interim: Optional[Interim] = None,
) -> Value:
    """Returns the value of one row and its status.

    ``interim`` is the interim analysis that this poll is for the row. Without one, the row is judged once, with the
    whole significance, which the ``groups`` of a criterion that is split share.
    """
    if criterion.metric in EVENTS:
        return _judge_events(criterion, events[criterion.metric], test_id, gate.since, groups)
    current = at(material.current[test_id].inside, location)
    baseline = at(material.baseline[test_id], location)
    control = None
    if material.control is not None:
        control = Pair(at(material.control.current, location), at(material.control.baseline, location))
    if criterion.metric == AVAILABILITY:
        return _judge_availability(criterion, current, baseline, control, groups, interim)
    return _judge_values(
        criterion, gate.baseline.match, readings(current, criterion.metric), baseline, control, groups, interim
    )


def _judge_events(
    criterion: Criterion, events: Optional[Sequence[Any]], test_id: Optional[int], since: float, groups: int
) -> Value:
    if events is None:
        status = missing_status(criterion, f"the {criterion.metric.replace('_', ' ')} were not read")
        return Value(status, None, None, None, None, None)
    count = count_events(criterion, events, test_id, since)
    status = judge_limits(criterion, count.total, None, groups, count.detail)
    return Value(status, count.total, None, None, None, None)


def _judge_availability(
    criterion: Criterion,
    current: Sequence[Sample],
    baseline: Sequence[Sample],
    control: Optional[Pair],
    groups: int,
    interim: Optional[Interim],
) -> Value:
    count, failed = len(current), sum(run.failed for run in current)
    value = availability(current) if current else None
    comparison = None
    if criterion.relative:
        comparison = Comparison(raw=availability(baseline) if baseline else None, samples=len(baseline))
    if value is None or count < criterion.need:
        status = missing_status(criterion, f"{counted(count, 'run')}, {criterion.need} needed")
        return Value(status, None, count, failed, 0, comparison)
    if criterion.relative:
        comparison = compare_availability(criterion, current, baseline, control)
    detail = f" of {counted(count, 'run')}"
    status = judge_limits(criterion, value, comparison, groups, detail, interim)
    return Value(status, value, count, failed, 0, comparison)


def _judge_values(
    criterion: Criterion,
    match: str,
    current: Readings,
    baseline_runs: Sequence[Sample],
    control: Optional[Pair],
    groups: int,
    interim: Optional[Interim],
) -> Value:
    name = criterion.aggregate or ""
    value = aggregate(name, current.values)
    if value is not None and not math.isfinite(value):
        value = None
    baseline = readings(baseline_runs, criterion.metric) if criterion.relative else None
    comparison = None
    if baseline is not None:
        comparison = Comparison(raw=aggregate(name, baseline.values), samples=baseline.size)

    def done(status: Status, shown: Optional[float]) -> Value:
        return Value(status, shown, current.size, current.failed, current.unusable, comparison)

    if current.size < criterion.need:
        return done(missing_status(criterion, _too_few(criterion, current)), None)
    if value is None:
        return done(missing_status(criterion, f"the {name} of {counted(current.size, 'value')} is not defined"), None)
    if baseline is not None:
        comparison = compare_values(criterion, match, current, baseline, value, control)
    return done(judge_limits(criterion, value, comparison, groups, interim=interim), value)


def _too_few(criterion: Criterion, current: Readings) -> str:
    """12 usable values, 20 needed (2 failed runs, 1 without the metric)."""
    parts = [f"{counted(current.failed, 'failed run')}"] if current.failed else []
    if current.unusable:
        parts.append(f"{current.unusable} without a value of {criterion.metric}")
    why = f" ({', '.join(parts)})" if parts else " (no runs)" if not current.size else ""
    return f"{counted(current.size, 'usable value')}, {criterion.need} needed{why}"


def _row(
    position: int,
    criterion: Criterion,
    material: Dataset,
    test_id: Optional[int],
    location: Optional[str],
    value: Value,
    gate: Gate,
) -> dict[str, Any]:
    comparison = value.comparison
    compared = (
        comparison
        if comparison is not None and comparison.missing is None and comparison.adjusted is not None
        else None
    )
    limit = value.status.limit
    return {
        "criterion": position,
        "name": criterion.name,
        "metric": criterion.metric,
        "aggregate": criterion.aggregate,
        "test_id": test_id,
        "test_name": material.names.get(test_id),
        "location": location,
        "status": value.status.status,
        "enforced": criterion.enforce,
        "value": value.value,
        "unit": criterion.unit,
        "limit": None
        if limit is None
        else {"level": limit.level, "key": limit.key, "value": limit.value, "text": limit_words(criterion, limit)},
        "limits": criterion.limits_by_level,
        "samples": value.samples,
        "needed": None if criterion.metric in EVENTS else criterion.need,
        "failed": value.failed,
        "unusable": value.unusable,
        "baseline": None if comparison is None else _baseline_dict(comparison, gate.baseline.control_test_ids),
        "change": _finite(compared.change) if compared else None,
        "change_percent": _finite(compared.change_percent) if compared else None,
        "p": compared.p if compared else None,
        "reason": value.status.reason,
        "note": value.status.note,
    }


def _baseline_dict(comparison: Comparison, control_test_ids: Sequence[int]) -> dict[str, Any]:
    control = None
    if control_test_ids:
        samples = comparison.control_samples or (None, None)
        control = {
            "test_ids": list(control_test_ids),
            "change_percent": _finite(comparison.control_change_percent),
            "samples": samples[0],
            "baseline_samples": samples[1],
        }
    return {
        "value": _finite(comparison.raw),
        "adjusted": _finite(comparison.adjusted),
        "samples": comparison.samples,
        "compared": {"current": comparison.compared[0], "baseline": comparison.compared[1]},
        "excluded_locations": list(comparison.excluded),
        "control": control,
    }


def _finite(value: Optional[float]) -> Optional[float]:
    """JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None


def _counters(gate: Gate, material: Dataset) -> dict[str, int]:
    """How many runs of the gated tests there were, and what became of them; seen are those since the deploy."""
    metrics = {criterion.metric for criterion in gate.criteria if criterion.of_runs}
    cuts = material.current.values()
    inside = [run for cut in cuts for run in cut.inside]
    failed = sum(run.failed for run in inside)
    used = sum(
        not metrics or any(is_usable(run.metrics.get(metric)) for metric in metrics) for run in inside if not run.failed
    )
    warmup, after = sum(cut.warmup for cut in cuts), sum(cut.after for cut in cuts)
    return {
        "seen": len(inside) + warmup + after,
        "used": used,
        "failed": failed,
        "unusable": len(inside) - failed - used,
        "before": sum(cut.before for cut in cuts),
        "warmup": warmup,
        "after": after,
        "baseline": sum(len(runs) for runs in material.baseline.values()),
    }


def _frame(gate: Gate, verdict: str, now: float, waited: Waited, clock_skew_seconds: Optional[float]) -> dict[str, Any]:
    """What every result has."""
    baseline = None
    if gate.relative and gate.baseline.runs is None:
        baseline = {"start": iso(gate.baseline.start), "end": iso(gate.baseline.end)}
    return {
        "changed": False,
        "verdict": verdict,
        "failed": verdict in gate.fail_on,
        "windows": {
            "since": iso(gate.since),
            "current": {
                "start": iso(gate.start),
                "end": iso(max(gate.start, now) if gate.end is None else gate.end),
            },
            "baseline": baseline,
        },
        "waited": {
            "seconds": round(waited.seconds, 1),
            "polls": waited.polls,
            "timed_out": False,
            "stopped_early": False,
            "api_retries": waited.api_retries,
        },
        "clock_skew_seconds": clock_skew_seconds,
    }


def _without_criteria(
    gate: Gate,
    verdict: str,
    message: str,
    now: float,
    waited: Optional[Waited],
    clock_skew_seconds: Optional[float],
) -> Judgement:
    counters = dict.fromkeys(("seen", "used", "failed", "unusable", "before", "warmup", "after", "baseline"), 0)
    frame = _frame(gate, verdict, now, waited or Waited(), clock_skew_seconds)
    return Judgement({**frame, "criteria": [], "runs": counters}, None, message, gate.since)
