# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges rows: one criterion for one test, or for one of its locations.

One location alone. Where at least 4 locations are compared, a change that fails the row must not rest on one of them.
The location with the largest change is an outlier when a Mann-Whitney test of its normalised values against those of
all others is significant. Then the comparison is repeated without it: the fail is confirmed when the others have
changed by more than half of the limit, with evidence. Half of it, because the rest without the largest change is biased
downwards. Otherwise the row warns and names the location.

Groups. ``max_failing`` rows of a split criterion may fail. It never forgives missing data, and never lets all fail.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import (
    Comparison,
    Side,
    availability,
    compare_availability,
    compare_values,
    failed_runs,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    ERROR_BUDGET,
    EVENTS,
    Criterion,
    Limit,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import Dataset, locations_of
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import (
    ONE_LOCATION,
    Analysis,
    Level,
    Measured,
    Status,
    broken_changes,
    change_beyond,
    change_unit,
    judge_limits,
    limit_words,
    missing_status,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.events import count_events
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Readings, Windows, readings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import mann_whitney
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate, median
from ansible_collections.community.catchpoint.plugins.module_utils._text import change_text, counted, p_text

# (position of the criterion, test, location): one thing that is judged.
Part = tuple[int, Optional[int], Optional[str]]
# The events of the tests by metric, and the objectives with their error budgets; None for what could not be read.
Events = Mapping[str, Optional[Sequence[Any]]]

TOLERATED = "tolerated"

# With fewer locations, each one is too large a part of the whole to be excluded.
_LEAST_LOCATIONS = 4
# The share of the limit by which the other locations must have changed.
_CONFIRMING = 0.5


class Row(NamedTuple):
    """One judged part: its status, and the numbers that led to it."""

    part: Part
    status: Status
    level: Level
    value: Optional[float] = None
    samples: Optional[int] = None
    failed: Optional[int] = None
    unusable: Optional[int] = None
    comparison: Optional[Comparison] = None
    single_location: Optional[str] = None  # the location that a change rests on alone

    @property
    def fails(self) -> bool:
        return self.status.status == "fail"


class _Task(NamedTuple):
    """The input for judging one part."""

    part: Part
    criterion: Criterion
    level: Level
    match: str
    windows: Windows
    control: Optional[Windows]
    compares: bool  # also for information, where there is a baseline

    def measured(self, value: float, comparison: Optional[Comparison], failed: int = 0, total: int = 0) -> Measured:
        """The values that the limits apply to. A comparison that is shown for information must not decide."""
        criterion = self.criterion
        detail = f" of {counted(total, 'run')}" if criterion.metric == AVAILABILITY else ""
        shown = comparison if criterion.relative or not criterion.limits else None
        return Measured(value, shown, failed, total, detail)


def parts(gate: Gate, dataset: Dataset) -> dict[Part, int]:
    """Returns everything that is judged, in order, with the number of groups that share the significance."""
    found = {}
    for position, criterion in enumerate(gate.criteria):
        for test_id in dataset.tests:
            locations = locations_of(criterion, dataset, test_id)
            groups = len(dataset.tests) if criterion.split_by == "test" else len(locations)
            found.update({(position, test_id, location): groups for location in locations})
    return found


def judge_part(
    gate: Gate, dataset: Dataset, events: Events, part: Part, groups: int, analysis: Optional[Analysis] = None
) -> Row:
    """Judges one part, before ``max_failing``. Without ``analysis``, its limits on a change are judged this once.

    Raises DataError for events that cannot be read.
    """
    task = _task(gate, dataset, part, Level(gate.criteria[part[0]].significance, groups, analysis))
    if task.criterion.metric in EVENTS:
        return _events(task, events[task.criterion.metric], gate.since)
    if task.criterion.metric == ERROR_BUDGET:
        return _error_budget(task, events[ERROR_BUDGET])
    return _availability(task) if task.criterion.metric == AVAILABILITY else _values(task)


def judge_again(gate: Gate, dataset: Dataset, row: Row, analysis: Analysis) -> Row:
    """Judges a row of values of runs as another analysis, without measuring it once more."""
    level = row.level._replace(analysis=analysis)
    if row.value is None:
        return row._replace(level=level)
    return _judged(_task(gate, dataset, row.part, level), row._replace(level=level))


def _task(gate: Gate, dataset: Dataset, part: Part, level: Level) -> _Task:
    position, test_id, location = part
    criterion = gate.criteria[position]
    control = dataset.control
    if control is not None and location is not None:
        control = control.at(location)
    informs = not criterion.limits or not criterion.enforce
    windows = dataset.windows(test_id, location)
    compares = criterion.relative or (informs and bool(windows.baseline))
    return _Task(part, criterion, level, gate.baseline.match, windows, control, compares)


def judge_rows(
    gate: Gate, dataset: Dataset, events: Events, analyses: Optional[Mapping[Part, Analysis]] = None
) -> list[Row]:
    """Judges every part, before ``max_failing``. Raises DataError for events that cannot be read."""
    known = analyses or {}
    return [
        judge_part(gate, dataset, events, part, groups, known.get(part))
        for part, groups in parts(gate, dataset).items()
    ]


def with_max_failing(gate: Gate, rows: Sequence[Row]) -> list[Row]:
    """Turns failing groups into warnings where no more of them fail than may."""
    by_group: dict[tuple[int, Optional[int]], list[Row]] = {}
    for row in rows:
        by_group.setdefault(_group(gate, row), []).append(row)
    changed = {row.part: row for group in by_group.values() for row in _tolerated(gate, group)}
    return [changed[row.part] for row in rows]


def _group(gate: Gate, row: Row) -> tuple[int, Optional[int]]:
    """The key of the groups that ``max_failing`` counts together."""
    position, test_id, _location = row.part
    return position, None if gate.criteria[position].split_by == "test" else test_id


def _tolerated(gate: Gate, group: Sequence[Row]) -> list[Row]:
    criterion = gate.criteria[group[0].part[0]]
    failing = [row for row in group if row.fails]
    allowed = criterion.max_failing
    if not failing or len(failing) > allowed:
        return list(group)
    if allowed >= len(group):
        number = counted(len(group), criterion.split_by or "group")
        addition = f"not tolerated: max_failing is {allowed} of {number}, which would let all of them fail"
    elif not any(row.status.status in ("pass", "warn") and row.status.judged for row in group):
        addition = f"not tolerated: no other {criterion.split_by} passes"
    else:
        addition = f"tolerated: {len(failing)} of {allowed} that may fail"
    tolerated = addition.startswith("tolerated")
    return [_marked(row, addition, tolerated) if row.fails else row for row in group]


def _marked(row: Row, addition: str, tolerated: bool) -> Row:
    status = row.status
    if tolerated and not status.judged:
        return row._replace(status=status._replace(reason=f"{status.reason}; not tolerated: its data is missing"))
    status = status._replace(reason=f"{status.reason}; {addition}")
    return row._replace(status=status._replace(status="warn", note=TOLERATED) if tolerated else status)


def _events(task: _Task, events: Optional[Sequence[Any]], since: float) -> Row:
    criterion, (_position, test_id, _location) = task.criterion, task.part
    noun = criterion.metric.replace("_", " ")
    if events is None:
        return Row(task.part, missing_status(criterion, f"the {noun} were not read"), task.level)
    count = count_events(criterion, events, test_id, since)
    status = judge_limits(criterion, Measured(count.total, detail=count.detail), task.level)
    if not task.windows.current and status.status == "pass":
        one = "a violation" if criterion.metric == "slo_violations" else "an alert"
        missing = missing_status(criterion, f"no run in the window: nothing could raise {one}")
        return Row(task.part, missing, task.level)
    return Row(task.part, status, task.level, count.total)


def _error_budget(task: _Task, objectives: Optional[Sequence[Mapping[str, Any]]]) -> Row:
    """Judges the objective of the test that has the least of its error budget left."""
    criterion, (_position, test_id, _location) = task.criterion, task.part
    if objectives is None:
        return Row(task.part, missing_status(criterion, "the error budget was not read"), task.level)
    own = [objective for objective in objectives if test_id in objective["test_ids"]]
    if not own:
        return Row(task.part, missing_status(criterion, "no active SLO covers the test"), task.level)
    least = min(own, key=lambda objective: float(objective["left_percent"]))
    left = float(least["left_percent"])
    name = least["name"] or f"SLO {least['id']}"
    status = judge_limits(criterion, Measured(left, detail=f" left of the error budget of {name}"), task.level)
    return Row(task.part, status, task.level, left)


def _availability(task: _Task) -> Row:
    criterion, windows = task.criterion, task.windows
    count, failed = len(windows.current), failed_runs(windows.current)
    row = Row(task.part, Status("", "", None), task.level, None, count, failed, 0)
    if count < criterion.need:
        comparison = None
        if task.compares:
            baseline = windows.baseline
            comparison = Comparison(raw=availability(baseline) if baseline else None, samples=len(baseline))
        status = missing_status(criterion, f"{counted(count, 'run')}, {criterion.need} needed")
        return row._replace(status=status, comparison=comparison)
    value = availability(windows.current)
    comparison = compare_availability(criterion, windows, task.control) if task.compares else None
    measured = task.measured(value, comparison, failed, count)
    return row._replace(status=judge_limits(criterion, measured, task.level), value=value, comparison=comparison)


def _values(task: _Task) -> Row:
    criterion = task.criterion
    name = criterion.aggregate or ""
    current = readings(task.windows.current, criterion.metric)
    value = aggregate(name, current.values)
    row = Row(task.part, Status("", "", None), task.level, None, current.size, current.failed, current.unusable)
    missing = _too_few(criterion, current)
    if not missing and (value is None or not math.isfinite(value)):
        missing = f"the {name} of {counted(current.size, 'value')} is not defined"
    if missing or value is None:
        if task.compares:
            baseline = readings(task.windows.baseline, criterion.metric)
            row = row._replace(comparison=Comparison(raw=aggregate(name, baseline.values), samples=baseline.size))
        return row._replace(status=missing_status(criterion, missing))
    comparison = _compared(task, task.windows, current, value, task.control) if task.compares else None
    return _judged(task, row._replace(value=value, comparison=comparison))


def _judged(task: _Task, row: Row) -> Row:
    """A row with a value, judged by its limits."""
    status = judge_limits(task.criterion, task.measured(row.value or 0.0, row.comparison), task.level)
    row = row._replace(status=status, single_location=None)
    return _single_location(task, row) if row.fails else row


def _too_few(criterion: Criterion, current: Readings) -> str:
    """12 usable values, 20 needed (2 failed runs, 1 without the metric); empty when there are enough."""
    if current.size < criterion.need:
        parts = [counted(current.failed, "failed run")] if current.failed else []
        if current.unusable:
            parts.append(f"{current.unusable} without a value of {criterion.metric}")
        why = f" ({', '.join(parts)})" if parts else " (no runs)" if not current.size else ""
        return f"{counted(current.size, 'usable value')}, {criterion.need} needed{why}"
    if 2 * current.size < current.total:
        return f"only {current.size} of {current.total} runs have a usable value ({current.failed} failed)"
    return ""


def _compared(task: _Task, windows: Windows, current: Readings, value: float, control: Optional[Windows]) -> Comparison:
    horizon = None if task.level.analysis is None else task.level.analysis.horizon
    return compare_values(task.criterion, task.match, windows, current, value, control, horizon=horizon)


def _single_location(task: _Task, row: Row) -> Row:
    """A failing row, or a warning where its change rests on one location alone."""
    criterion, comparison, level = task.criterion, row.comparison, task.level
    limit = row.status.limit
    if (
        comparison is None
        or comparison.p is None
        or comparison.current is None
        or limit is None
        or not limit.relative
        or not level.significance
        or level.nominal is None
        or criterion.single_location != "warn"
        or criterion.split_by == "location"
    ):
        return row
    worst = _outlier(comparison.current, criterion.direction(comparison.change), level.significance)
    if worst is None:
        return row
    control = None if task.control is None else task.control.without(worst)
    rest = task.windows.without(worst)
    current = readings(rest.current, criterion.metric)
    others = _compared(task, rest, current, aggregate(criterion.aggregate or "", current.values) or 0.0, control)
    if others.missing or others.p is None:
        return row
    confirmed = any(change_beyond(broken, others, _CONFIRMING) for broken in broken_changes(criterion, comparison))
    if confirmed and others.p < level.nominal:
        return row
    reason = _alone(criterion, limit, comparison, others, worst, task.windows)
    status = row.status._replace(status="warn", reason=reason, note=ONE_LOCATION)
    return row._replace(status=status, single_location=worst)


def _outlier(current: Side, sign: int, significance: float) -> Optional[str]:
    """The location whose change stands out from that of all others, where there are at least 4; else None."""
    by_location: dict[str, list[float]] = {}
    for value, run in zip(current.values, current.runs):
        by_location.setdefault(run.location, []).append(value)
    if len(by_location) < _LEAST_LOCATIONS:
        return None
    worst = max(sorted(by_location), key=lambda location: sign * median(by_location[location]))
    others = [value for location, values in by_location.items() if location != worst for value in values]
    return worst if mann_whitney(by_location[worst], others, greater=sign > 0) < significance else None


def _alone(
    criterion: Criterion, limit: Limit, comparison: Comparison, others: Comparison, worst: str, windows: Windows
) -> str:
    """+14.6 % is at Singapore alone (+203 %); the other 4 locations: +4.1 %, p=0.31 (beyond limit +10 %)."""
    unit = change_unit(criterion, limit)

    def change(found: Comparison) -> str:
        return change_text(found.change_percent if unit == "%" else found.change, unit)

    at_worst = windows.at(worst)
    now, before = (readings(runs, criterion.metric).values for runs in (at_worst.current, at_worst.baseline))
    usual = median(before) if before else 0.0
    own = f" ({change_text(100 * (median(now) / usual - 1), '%')})" if usual else ""
    count = len({run.location for run in others.current.runs}) if others.current is not None else 0
    return (
        f"{change(comparison)} is at {worst} alone{own}; the other {counted(count, 'location')}: {change(others)}, "
        f"{p_text(others.p or 0.0)} (beyond {limit_words(criterion, limit)})"
    )
