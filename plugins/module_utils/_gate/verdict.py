# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict: every criterion judged for every test, and the result in plain dictionaries.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import Comparison, failed_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    OF_TESTS,
    check_metrics,
    contradictions,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import Dataset, gather
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import Decision
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import (
    RANK,
    Status,
    binomial_limit,
    limit_words,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.explanation import explain_row
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Row, judge_rows, with_max_failing
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    DataError,
    Samples,
    garbage_collection_paused,
)
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import is_usable
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

# Note of a row whose limit is broken whatever the remaining runs are.
CERTAIN = "cannot be met any more"


class Waited(NamedTuple):
    """The effort of the wait."""

    seconds: float = 0
    polls: int = 0
    api_retries: int = 0


class Judgement(NamedTuple):
    """A verdict as plain data, before it is rendered (see _report.result.rendered)."""

    result: dict[str, Any]  # as documented in RETURN, without msg, report, plot and warnings
    dataset: Optional[Dataset]  # the runs that were judged; None when none were
    note: str  # why nothing was judged, or why the wait ended; may be empty
    since: float  # seconds since 1970 UTC
    remarks: Sequence[str] = ()  # warnings about the options of the gate


@garbage_collection_paused()
def judge(
    gate: Gate,
    runs: Sequence[Any],
    *,
    now: float,
    baseline_runs: Union[Sequence[Any], Samples, None] = None,
    alerts: Optional[Sequence[Any]] = None,
    slo_violations: Optional[Sequence[Any]] = None,
    error_budget: Optional[Sequence[Mapping[str, Any]]] = None,
    decision: Optional[Decision] = None,
    waited: Optional[Waited] = None,
    clock_skew_seconds: Optional[float] = None,
) -> Judgement:
    """Judges every criterion for every test.

    ``runs`` are dictionaries as catchpoint_test_data_info returns them: those since the deploy, of the gated and of
    the control tests. ``baseline_runs`` are those to cut the baseline window from; None when ``runs`` hold them too.
    ``alerts`` and ``slo_violations`` are lists of dictionaries {time or start, test_id, level}, ``error_budget`` those
    that catchpoint_slo_info returns; None when they could not be read, which is missing data. ``decision`` is that of
    the last poll. ``now`` (seconds since 1970 UTC) ends the current window when the gate has no duration.

    Data that cannot be read gives the verdict error. Raises GateArgumentError for an unknown metric.
    """
    waited = waited or Waited()
    try:
        dataset = gather(gate, runs, baseline_runs)
        check_metrics(gate.criteria, dataset.metrics)
        events = {"alerts": alerts, "slo_violations": slo_violations, "error_budget": error_budget}
        rows = judge_rows(gate, dataset, events, None if decision is None else decision.analyses)
    except DataError as error:
        return error_result(gate, str(error), now=now, waited=waited, clock_skew_seconds=clock_skew_seconds)
    if decision is not None:
        rows = [_settled(gate, row, decision) for row in rows]
    rows = with_max_failing(gate, rows)
    verdict, note = _verdict(gate, rows)
    result: dict[str, Any] = {
        **_frame(gate, verdict, now, waited, clock_skew_seconds),
        "criteria": [_row_dict(gate, dataset, row) for row in rows],
        "runs": _counters(gate, dataset),
    }
    if gate.compares and gate.baseline.runs is not None:
        result["windows"]["baseline"] = _span_of(dataset)
    elif not gate.relative and gate.compares and any(dataset.baseline.values()):
        result["windows"]["baseline"] = _baseline_window(gate)
    notes = [note] if note else []
    if decision is not None:
        result["waited"].update(
            timed_out=decision.timed_out,
            stopped_early=decision.stopped_early,
            ended_by=decision.ended_by,
            reached=decision.reached,
        )
        if decision.timed_out:
            notes.append(f"timed out: {decision.reached} in {waited.seconds:.0f} s")
    # A gate that waits has said so before.
    remarks = contradictions(gate.criteria) if decision is None else []
    return Judgement(result, dataset, "; ".join(notes), gate.since, remarks)


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


def _settled(gate: Gate, row: Row, decision: Decision) -> Row:
    """A row whose limit is broken whatever the remaining runs are fails now.

    Where it fails by its value as well, that says more; but the evidence for an availability is that of all runs.
    """
    certain = decision.certain.get(row.part)
    if certain is None or (row.fails and gate.criteria[row.part[0]].metric != AVAILABILITY):
        return row
    return row._replace(status=Status("fail", f"{CERTAIN}: {certain.reason}", certain.limit, CERTAIN, p=row.status.p))


def _verdict(gate: Gate, rows: Sequence[Row]) -> tuple[str, str]:
    """Returns the worst status of the enforced rows, and why it is not that of the rows, if it is not.

    Never a pass without data: on_missing may excuse what is missing, but not that there is nothing at all.
    """
    enforced = [row for row in rows if gate.criteria[row.part[0]].enforce]
    found = {row.status.status for row in enforced}
    verdict = next(status for status in reversed(RANK) if status in found)
    if verdict in ("pass", "warn") and all(row.value is None for row in enforced):
        return "inconclusive", "nothing could be judged: no enforced criterion has a value"
    return verdict, ""


def _baseline_window(gate: Gate) -> dict[str, str]:
    return {"start": iso(gate.baseline.start), "end": iso(gate.baseline.end)}


def _span_of(dataset: Dataset) -> Optional[dict[str, str]]:
    """From the first to the last of the stored runs that were compared with."""
    times = [run.time for runs in dataset.baseline.values() for run in runs]
    return {"start": iso(min(times)), "end": iso(max(times))} if times else None


def _row_dict(gate: Gate, dataset: Dataset, row: Row) -> dict[str, Any]:
    position, test_id, location = row.part
    criterion = gate.criteria[position]
    status, comparison, analysis = row.status, row.comparison, row.level.analysis
    compared = comparison if comparison and comparison.missing is None and comparison.adjusted is not None else None
    limit = status.limit
    return {
        "criterion": position,
        "name": criterion.name,
        "metric": criterion.metric,
        "aggregate": criterion.aggregate,
        "test_id": test_id,
        "test_name": dataset.names.get(test_id),
        "location": location,
        "status": status.status,
        "enforced": criterion.enforce,
        "value": row.value,
        "unit": criterion.unit,
        "limit": None
        if limit is None
        else {"level": limit.level, "key": limit.key, "value": limit.value, "text": limit_words(criterion, limit)},
        "limits": criterion.limits_by_level,
        "samples": row.samples,
        "needed": None if criterion.metric in OF_TESTS else criterion.need,
        "failed": row.failed,
        "unusable": row.unusable,
        "baseline": None if comparison is None else _baseline_dict(comparison, gate.baseline.control_test_ids),
        "change": _finite(compared.change) if compared else None,
        "change_percent": _finite(compared.change_percent) if compared else None,
        "p": status.p if status.p is not None else compared.p if compared else None,
        "level": _level(gate, row),
        "looks": [look._asdict() for look in analysis.looks] if analysis else [],
        "inflation": compared.inflation if compared else None,
        "effective_samples": compared.effective_samples if compared else None,
        "single_location": row.single_location,
        "reason": status.reason,
        "note": status.note,
        "explanation": explain_row(criterion, row, dataset.windows(test_id, location), dataset.metrics),
    }


def _level(gate: Gate, row: Row) -> Optional[float]:
    """The significance that p is held against; None where no test applies."""
    if not row.level.significance:
        return None
    tested = row.comparison is not None and row.comparison.p is not None
    if tested and row.status.p is None:
        return row.level.nominal
    return row.level.shared if tested or binomial_limit(gate.criteria[row.part[0]]) is not None else None


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
        "lost_locations": [location for location, _runs in comparison.lost],
        "lost_runs": dict(comparison.lost),
        "control": control,
    }


def _finite(value: Optional[float]) -> Optional[float]:
    """JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None


def _counters(gate: Gate, dataset: Dataset) -> dict[str, int]:
    """How many runs of the gated tests there were, and what became of them; seen are those since the deploy."""
    metrics = {criterion.metric for criterion in gate.criteria if criterion.of_runs}
    cuts = dataset.current.values()
    inside = [run for cut in cuts for run in cut.inside]
    failed = failed_runs(inside)
    unused = [run for run in inside if not run.failed] if metrics else []
    for metric in metrics:
        unused = [run for run in unused if not is_usable(run.metrics.get(metric))]
    used = len(inside) - failed - len(unused)
    warmup, after = sum(cut.warmup for cut in cuts), sum(cut.after for cut in cuts)
    return {
        "seen": len(inside) + warmup + after,
        "used": used,
        "failed": failed,
        "unusable": len(unused),
        "before": sum(cut.before for cut in cuts),
        "warmup": warmup,
        "after": after,
        "baseline": sum(len(runs) for runs in dataset.baseline.values()),
        "history": sum(len(runs) for runs in dataset.history.values()),
        "duplicates": dataset.duplicates,
    }


def _frame(gate: Gate, verdict: str, now: float, waited: Waited, clock_skew_seconds: Optional[float]) -> dict[str, Any]:
    """What every result has."""
    baseline = history = None
    if gate.relative and gate.baseline.runs is None:
        baseline = _baseline_window(gate)
        if gate.baseline.history:
            history = {"start": iso(gate.baseline.history_start), "end": iso(gate.baseline.start)}
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
            "history": history,
        },
        "waited": {
            "seconds": round(waited.seconds, 1),
            "polls": waited.polls,
            "timed_out": False,
            "stopped_early": False,
            "ended_by": None,
            "reached": None,
            "api_retries": waited.api_retries,
        },
        "clock_skew_seconds": clock_skew_seconds,
        "outages": None,
        "notes": [],
    }


def _without_criteria(
    gate: Gate,
    verdict: str,
    message: str,
    now: float,
    waited: Optional[Waited],
    clock_skew_seconds: Optional[float],
) -> Judgement:
    counters = dict.fromkeys(("seen", "used", "failed", "unusable", "before", "warmup", "after"), 0)
    counters.update(dict.fromkeys(("baseline", "history", "duplicates"), 0))
    frame = _frame(gate, verdict, now, waited or Waited(), clock_skew_seconds)
    return Judgement({**frame, "criteria": [], "runs": counters}, None, message, gate.since)
