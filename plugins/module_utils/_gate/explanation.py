# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a row warns or fails: which components, page properties and locations changed, and which errors occurred.

An explanation never changes a status. Its numbers come from the runs that were judged.

Size. For a metric and the locations with at least 3 usable values in both windows, the change is the mean of the
differences of their medians, weighted by the number of current values. Where a wait ended so early that no location has
3 current values, all with 3 baseline values are taken. The change is in the unit of the metric, so that the
changes of components add up. ``share`` is the part of the row's own change.

Evidence. Mann-Whitney on the residuals (value minus baseline median of its location), in the direction of the change,
corrected for autocorrelation with the row's own factor. A metric is reported when p < 0.05 / K, where K is the number
of metrics with enough values in both windows (Bonferroni).

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Optional, TypedDict

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import unit_of
from ansible_collections.community.catchpoint.plugins.module_utils._gate.autocorrelation import corrected
from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import Comparison
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY, Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Row
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Sample, Windows, readings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import mann_whitney
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import median, percent_of
from ansible_collections.community.catchpoint.plugins.module_utils._text import change_text, p_text, some

# The components of a run's time. Their changes add up to the change of the whole.
TIMES = (
    "dns",
    "connect",
    "ssl",
    "send",
    "wait",
    "load",
    "redirect",
    "client_time",
    "self_bottleneck_time",
    "third_party_bottleneck_time",
)
# Moments within a run. They move with every component before them, so they are reported but not named as a cause.
MILESTONES = (
    "time_to_first_byte",
    "server_response",
    "render_start",
    "first_contentful_paint",
    "largest_contentful_paint",
    "document_complete",
)
# Properties of the page.
AMOUNTS = (
    "bytes",
    "downloaded_bytes",
    "total_downloaded_bytes",
    "self_downloaded_bytes",
    "items_total",
    "requests_count",
    "request_count",
    "hosts",
    "external_hosts_count",
    "zones",
    "connections",
    "redirect_request_count",
)
COMPONENTS = (*TIMES, *MILESTONES, *AMOUNTS)
# Counters of a failed run, and the type of error that they stand for.
FAILURE_TYPES = {
    "dns_failures": "DNS",
    "connection_failures": "Connection",
    "ssl_failures": "SSL",
    "response_failures": "Response",
    "timeout_failures": "Timeout",
    "content_failures_count": "Content",
    "load_failures_count": "Load",
}

_SIGNIFICANCE = 0.05
# With fewer values, a location is not compared; the comparison of the row has the same rule.
_LEAST_AT_LOCATION = 3
# A share beyond this says that components moved against each other; as a percentage it would mislead.
_MOST_SHARE = 1.5
_TIMES_IN_A_LINE, _AMOUNTS_IN_A_LINE = 3, 2

Correction = Callable[[float], float]


class MetricChange(TypedDict):
    """A metric that moved, as results have it."""

    metric: str
    kind: str  # time, milestone or amount
    unit: str
    baseline: float
    current: float
    change: float
    change_percent: Optional[float]  # None from 0
    share: Optional[float]  # of the row's own change; None for what does not add up to it
    p: float
    samples: list[int]  # current, baseline


class LocationChange(TypedDict):
    """How the row's own metric changed at one location, as results have it."""

    location: str
    change_percent: float
    p: float
    samples: list[int]  # current, baseline
    moved: bool


class FailedRuns(TypedDict):
    """How many runs of a location failed, of how many."""

    failed: int
    runs: int


class Explanation(TypedDict):
    """The member ``explanation`` of a row."""

    metrics: list[MetricChange]
    unchanged: list[str]
    locations: list[LocationChange]
    failed_runs_by_location: Optional[dict[str, FailedRuns]]
    errors: Optional[dict[str, int]]
    text: list[str]  # at most two lines, which begin with because and where


class Part(NamedTuple):
    """One thing that may have changed: a metric over all locations, as it was and as it is."""

    metric: str
    kind: str  # time, milestone or amount
    baseline: float
    change: float
    p: float
    samples: tuple[int, int]  # current, baseline

    @property
    def relative_change(self) -> float:
        """The size of the change as a part of the baseline; infinite from 0."""
        return abs(self.change) / self.baseline if self.baseline else float("inf")


class _Metric(NamedTuple):
    """The values of one metric by location, in both windows."""

    current: dict[str, list[float]]
    baseline: dict[str, list[float]]

    @property
    def sizes(self) -> tuple[int, int]:
        return _count(self.current), _count(self.baseline)

    @property
    def shared(self) -> list[str]:
        """The locations with enough values in both windows; soon after a deploy, those with enough before it."""
        usual = {place for place, values in self.baseline.items() if len(values) >= _LEAST_AT_LOCATION}
        both = sorted(usual & self.current.keys())
        enough = [place for place in both if len(self.current[place]) >= _LEAST_AT_LOCATION]
        return enough or both


def is_explained(criterion: Criterion) -> bool:
    """Whether the components of a run may explain a criterion: one with a limit on the change of a time."""
    tested = criterion.aggregate in ("median", "mean", "geomean") or percent_of(criterion.aggregate or "") is not None
    return criterion.of_runs and criterion.unit == "ms" and criterion.relative and tested


def explain_row(criterion: Criterion, row: Row, windows: Windows, metrics: Collection[str]) -> Optional[Explanation]:
    """Returns the explanation of a row that warns or fails; None for all others.

    ``metrics`` are those that any run has.
    """
    if row.status.status not in ("warn", "fail") or row.value is None:
        return None
    if criterion.metric == AVAILABILITY:
        return explain_failures(windows.current)
    comparison = row.comparison
    if comparison is None or comparison.missing or not is_explained(criterion):
        return None
    factor = comparison.inflation or 1.0
    return explain_change(
        criterion.metric,
        windows.current,
        windows.baseline,
        others=[name for name in COMPONENTS if name in metrics],
        need=criterion.need,
        limit_percent=_limit_percent(criterion, row, comparison),
        corrected=lambda p: corrected(p, factor),
    )


def _limit_percent(criterion: Criterion, row: Row, comparison: Comparison) -> float:
    """The limit on the change that decided, or the first one, in percent."""
    limits = [limit for limit in (row.status.limit, *criterion.limits) if limit is not None and limit.relative]
    if limits[0].key.endswith("_percent"):
        return limits[0].value
    return 100 * limits[0].value / comparison.adjusted if comparison.adjusted else 0.0


def explain_change(
    metric: str,
    current: Sequence[Sample],
    baseline: Sequence[Sample],
    *,
    others: Collection[str] = COMPONENTS,
    need: int,
    limit_percent: float,
    corrected: Correction,
) -> Optional[Explanation]:
    """Returns what moved with ``metric`` between the runs of the baseline and the current ones of one row.

    ``others`` are the metrics that may explain it. ``need`` is the number of values that the criterion needs,
    ``limit_percent`` the limit on the change that the row is held against, and ``corrected`` corrects a p for the
    autocorrelation of the row. None when no location has enough values in both windows.
    """
    own = _values(metric, current, baseline)
    whole = _size(own)
    if whole is None:
        return None
    sign = 1 if whole[1] >= 0 else -1
    measured = [_part(name, current, baseline, need, corrected) for name in others if name != metric]
    parts = [part for part in measured if part is not None]
    level = _SIGNIFICANCE / max(1, len(parts))
    moved = _ordered([part for part in parts if part.change and part.p < level], sign)
    named = {part.metric for part in moved}
    return _with_text(
        metrics=[_metric_dict(part, whole[1]) for part in moved],
        unchanged=[part.metric for part in parts if part.kind == "time" and part.metric not in named],
        locations=_locations(own, sign, limit_percent),
    )


def explain_failures(current: Sequence[Sample], errors: Optional[Mapping[str, int]] = None) -> Explanation:
    """Returns where runs failed, and by which type of error.

    ``errors`` are failed runs by type, where they were read from the service; else the counters of the runs are used.
    ``errors`` of the result is None where neither says anything.
    """
    counts: dict[str, FailedRuns] = {}
    for run in current:
        of_location = counts.setdefault(run.location, FailedRuns(failed=0, runs=0))
        of_location["failed"] += run.failed
        of_location["runs"] += 1
    by_share = sorted(counts.items(), key=lambda item: (-item[1]["failed"] / item[1]["runs"], item[0]))
    found = failures_by_type(current) if errors is None else errors
    by_count = dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
    return _with_text(failed_runs_by_location=dict(by_share), errors=by_count or None)


def failures_by_type(current: Iterable[Sample]) -> dict[str, int]:
    """Returns the failed runs by type of error, from the counters that the runs have; empty without any."""
    found: dict[str, int] = {}
    for run in current:
        if not run.failed:
            continue
        for name, label in FAILURE_TYPES.items():
            value = run.metrics.get(name)
            if isinstance(value, (int, float)) and value > 0:
                found[label] = found.get(label, 0) + 1
    return found


def because(explanation: Explanation) -> str:
    """wait +290 ms (95 % of the change), p<0.001; dns, connect unchanged. Empty when nothing is known."""
    if explanation["failed_runs_by_location"] is not None:
        return ", ".join(f"{label} {count}" for label, count in (explanation["errors"] or {}).items())
    causes = [_metric_text(entry) for entry in _causes(explanation, "time", _TIMES_IN_A_LINE)]
    causes += [_metric_text(entry) for entry in _causes(explanation, "amount", _AMOUNTS_IN_A_LINE)]
    unchanged = some(explanation["unchanged"], len(TIMES))
    if not causes:
        verb = "is" if len(explanation["unchanged"]) == 1 else "are"
        return f"no component explains it: {unchanged} {verb} unchanged" if unchanged else ""
    total = sum(_is_cause(entry) for entry in explanation["metrics"])
    more = [f"and {total - len(causes)} more"] if total > len(causes) else []
    return "; ".join([*causes, *more, *([f"{unchanged} unchanged"] if unchanged else [])])


def where(explanation: Explanation) -> str:
    """at 5 of 5 locations: Sydney +41 % to New York +22 %. Empty when it happened everywhere or nowhere alike."""
    failed = explanation["failed_runs_by_location"]
    if failed is not None:
        parts = [f"{place} {n['failed']} of {n['runs']}" for place, n in failed.items() if n["failed"]]
        return f"{some(parts)} runs failed" if parts and len(failed) > 1 else ""
    locations = explanation["locations"]
    moved = [entry for entry in locations if entry["moved"]]
    if len(locations) < 2 or not moved:
        return ""
    ends = [moved[0], moved[-1]] if len(moved) > 1 else moved
    span = " to ".join(f"{entry['location']} {change_text(entry['change_percent'], '%')}" for entry in ends)
    return f"at {len(moved)} of {len(locations)} locations: {span}"


def _with_text(
    metrics: Sequence[MetricChange] = (),
    unchanged: Sequence[str] = (),
    locations: Sequence[LocationChange] = (),
    failed_runs_by_location: Optional[dict[str, FailedRuns]] = None,
    errors: Optional[dict[str, int]] = None,
) -> Explanation:
    """The explanation with its words."""
    result = Explanation(
        metrics=list(metrics),
        unchanged=list(unchanged),
        locations=list(locations),
        failed_runs_by_location=failed_runs_by_location,
        errors=errors,
        text=[],
    )
    lines = {"because": because(result), "where": where(result)}
    result["text"] = [f"{word} {line}" for word, line in lines.items() if line]
    return result


def _values(metric: str, current: Sequence[Sample], baseline: Sequence[Sample]) -> _Metric:
    return _Metric(_by_location(metric, current), _by_location(metric, baseline))


def _by_location(metric: str, runs: Sequence[Sample]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    usable = readings(runs, metric)
    for value, run in zip(usable.values, usable.runs):
        found.setdefault(run.location, []).append(value)
    return found


def _count(values: Mapping[str, Sequence[float]]) -> int:
    return sum(map(len, values.values()))


def _size(values: _Metric) -> Optional[tuple[float, float]]:
    """The baseline and the change of a metric over its locations; None when no location can be compared."""
    weights = {place: len(values.current[place]) for place in values.shared}
    total = sum(weights.values())
    if not total:
        return None
    before = {place: median(values.baseline[place]) for place in weights}
    usual = sum(weights[place] * before[place] for place in weights) / total
    change = sum(weights[place] * (median(values.current[place]) - before[place]) for place in weights) / total
    return usual, change


def _part(
    metric: str, current: Sequence[Sample], baseline: Sequence[Sample], need: int, corrected: Correction
) -> Optional[Part]:
    """The change of one metric and its evidence; None when it has too few values."""
    values = _values(metric, current, baseline)
    size = _size(values)
    if size is None or min(values.sizes) < need:
        return None
    usual, change = size
    before = {place: median(values.baseline[place]) for place in values.shared}
    residuals = [
        [value - before[place] for place in before for value in side[place]]
        for side in (values.current, values.baseline)
    ]
    p = corrected(mann_whitney(residuals[0], residuals[1], greater=change > 0))
    kind = "time" if metric in TIMES else "amount" if metric in AMOUNTS else "milestone"
    return Part(metric, kind, usual, change, p, (len(residuals[0]), len(residuals[1])))


def _ordered(parts: Sequence[Part], sign: int) -> list[Part]:
    """Times that moved as the row did, the largest first; then amounts by relative change; then the rest."""

    def rank(part: Part) -> tuple[int, float]:
        if part.kind == "time" and part.change * sign > 0:
            return 0, -abs(part.change)
        if part.kind == "amount":
            return 1, -part.relative_change
        return 2, -abs(part.change)

    return sorted(parts, key=rank)


def _metric_dict(part: Part, whole: float) -> MetricChange:
    return MetricChange(
        metric=part.metric,
        kind=part.kind,
        unit=_unit(part),
        baseline=part.baseline,
        current=part.baseline + part.change,
        change=part.change,
        change_percent=100 * part.change / part.baseline if part.baseline else None,
        share=part.change / whole if part.kind == "time" and whole else None,
        p=part.p,
        samples=list(part.samples),
    )


def _unit(part: Part) -> str:
    """ms for all times, also where the display name does not state it."""
    return "ms" if part.kind != "amount" else unit_of(part.metric)


def _locations(values: _Metric, sign: int, limit_percent: float) -> list[LocationChange]:
    """The change at every location that can be compared, the largest first."""
    usual = {place: median(before) for place, before in values.baseline.items() if len(before) >= _LEAST_AT_LOCATION}
    compared = [place for place in values.current if usual.get(place)]
    found = []
    for place in compared:
        now, before = values.current[place], values.baseline[place]
        change = 100 * (median(now) / usual[place] - 1)
        p = mann_whitney(now, before, greater=sign > 0)
        moved = sign * change > limit_percent / 2 and p < _SIGNIFICANCE / len(compared)
        found.append(
            LocationChange(location=place, change_percent=change, p=p, samples=[len(now), len(before)], moved=moved)
        )
    return sorted(found, key=lambda entry: (-sign * entry["change_percent"], entry["location"]))


def _is_cause(entry: MetricChange) -> bool:
    """Whether a metric may be named: a time that moved as the row did, or an amount."""
    return bool(entry["kind"] == "amount" or (entry["kind"] == "time" and (entry["share"] or 0) > 0))


def _causes(explanation: Explanation, kind: str, most: int) -> list[MetricChange]:
    return [entry for entry in explanation["metrics"] if entry["kind"] == kind and _is_cause(entry)][:most]


def _metric_text(entry: MetricChange) -> str:
    text = f"{entry['metric']} {change_text(entry['change'], entry['unit'])}"
    share = entry["share"]
    if share is not None and 0 < share < _MOST_SHARE:
        text += f" ({100 * share:.0f} % of the change)"
    elif entry["kind"] == "amount" and entry["change_percent"] is not None:
        text += f" ({change_text(entry['change_percent'], '%')})"
    return f"{text}, {p_text(entry['p'])}"
