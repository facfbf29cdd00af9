# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One test's data as every plugin returns it: counts, availability and statistics per metric."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import is_failure_counter
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Row
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import (
    is_usable,
    mean,
    percentile,
    values_needed,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import seconds_of

# The metrics of an interval that show how many runs it stands for, and how many of them did not fail.
_RUNS, _AVAILABILITY = "runs", "availability"

# Floats count exactly up to here.
_MAX_COUNT = 2.0**53

Values = Mapping[str, "float | None"]


class LatestRun(TypedDict):
    """The newest run, without what the summary around it has."""

    time: str | None
    node: str | None
    city: str | None
    country: str | None
    failed: bool
    metrics: Values


class RunRow(LatestRun):
    """One run."""

    test_id: int | None
    test_name: str | None
    node_id: int | None
    host_ip: str | None


class PointRow(TypedDict):
    """One interval of aggregated data; ``time`` is its start."""

    time: str | None
    node: str | None
    node_id: int | None
    city: str | None
    country: str | None
    metrics: Values


class MetricSummary(TypedDict):
    """Statistics of one metric. A percentile is None if there are too few values for it."""

    label: str
    unit: str
    samples: int
    mean: float | None
    median: float | None
    p75: float | None
    p90: float | None
    p95: float | None
    p99: float | None
    min: float | None
    max: float | None
    latest: float | None


class Summary(TypedDict):
    """Counts and statistics over the rows of a test, or over those of one location."""

    run_count: int | None
    failed_count: int | None
    availability: float | None
    age_seconds: int | None
    latest: LatestRun | PointRow | None
    metrics: dict[str, MetricSummary]


class TestResult(Summary):
    """One test's data."""

    test_id: int
    test_name: str | None
    window: Mapping[str, str]
    complete: bool


class TestDetails(TestResult, total=False):
    """One test's data with those parts that were requested."""

    by_location: dict[str, Summary]
    points: list[PointRow]
    runs: list[RunRow]


def of_runs(rows: Sequence[Row], metrics: Sequence[Metric], now: float) -> Summary:
    """The summary of runs in ascending order of time. ``now`` is the service's clock, in seconds since 1970 UTC."""
    failures = sum(row.failed for row in rows)
    return {
        "run_count": len(rows),
        "failed_count": failures,
        "availability": _share(len(rows) - failures, len(rows)),
        "age_seconds": _age(rows, now),
        "latest": latest_run(rows[-1], metrics) if rows else None,
        "metrics": {metric.slug: _of_runs(metric, rows) for metric in metrics},
    }


def of_points(rows: Sequence[Row], metrics: Sequence[Metric], now: float, *, step: int) -> Summary:
    """The summary of aggregated data in ascending order of time, in intervals of ``step`` seconds.

    Means are weighted with all runs of each interval, failed ones too: in the one response of the service that is on
    record, an average is that of 65 runs, 8 of them failed (it is a multiple of 1/13, not of 1/57). Percentiles
    cannot be computed from means and are None. An interval that has null for its number of runs had none; without that
    column, the number of runs is unknown.

    It is unknown when in an interval a test ran, so the age is that of the end of the newest interval with a run.
    Counted from its start, the data of a test that runs each minute would be an hour old at the end of each hour.
    """
    runs = [_count(row) for row in rows]
    counted = all(_RUNS in row.metrics for row in rows)
    judged = counted and all(_AVAILABILITY in row.metrics for row in rows)
    total = sum(count or 0 for count in runs)
    available = [(row, count or 0) for row, count in zip(rows, runs) if _number(row, _AVAILABILITY) is not None]
    good = sum(count * (_number(row, _AVAILABILITY) or 0) / 100 for row, count in available)
    measured = sum(count for _row, count in available)
    filled = [row for row, count in zip(rows, runs) if count] if counted else rows
    return {
        "run_count": round(total) if counted else None,
        "failed_count": round(measured - good) if judged else None,
        "availability": _share(good, measured),
        "age_seconds": _age(filled, now - step),
        "latest": point(rows[-1], metrics) if rows else None,
        "metrics": {metric.slug: _of_points(metric, rows, runs) for metric in metrics},
    }


def latest_run(row: Row, metrics: Sequence[Metric]) -> LatestRun:
    """One run as a plain dict, without what the summary around it has."""
    return {
        "time": row.time,
        "node": row.node,
        "city": row.city,
        "country": row.country,
        "failed": row.failed,
        "metrics": {metric.slug: row.metrics.get(metric.slug) for metric in metrics},
    }


def run(row: Row, metrics: Sequence[Metric]) -> RunRow:
    """One run as a plain dict."""
    return {
        "time": row.time,
        "test_id": row.test_id,
        "test_name": row.test_name,
        "node_id": row.node_id,
        "host_ip": row.host_ip,
        "node": row.node,
        "city": row.city,
        "country": row.country,
        "failed": row.failed,
        "metrics": {metric.slug: row.metrics.get(metric.slug) for metric in metrics},
    }


def point(row: Row, metrics: Sequence[Metric]) -> PointRow:
    """One interval of aggregated data as a plain dict."""
    return {
        "time": row.time,
        "node": row.node,
        "node_id": row.node_id,
        "city": row.city,
        "country": row.country,
        "metrics": {metric.slug: row.metrics.get(metric.slug) for metric in metrics},
    }


def _usable(row: Row, name: str) -> float | None:
    """A run's value that statistics count: of a run that did not fail, finite and at least 0.

    A counter of failures counts for failed runs, too, and is 0 for a run that did not fail and has null.
    """
    value = row.metrics.get(name)
    if is_failure_counter(name):
        if value is None and not row.failed:
            return 0.0
    elif row.failed:
        return None
    return float(value) if value is not None and is_usable(value) else None


def _of_runs(metric: Metric, rows: Sequence[Row]) -> MetricSummary:
    values = [value for value in (_usable(row, metric.slug) for row in rows) if value is not None]
    ordered = sorted(values)

    def quantile(percent: int) -> float | None:
        return percentile(ordered, percent) if len(ordered) >= values_needed(percent) else None

    return {
        "label": metric.label,
        "unit": metric.unit,
        "samples": len(values),
        "mean": mean(values) if values else None,
        "median": percentile(ordered, 50) if values else None,
        "p75": quantile(75),
        "p90": quantile(90),
        "p95": quantile(95),
        "p99": quantile(99),
        "min": ordered[0] if values else None,
        "max": ordered[-1] if values else None,
        "latest": values[-1] if values else None,
    }


def _of_points(metric: Metric, rows: Sequence[Row], runs: Sequence[float | None]) -> MetricSummary:
    found = [(_number(row, metric.slug), count) for row, count in zip(rows, runs)]
    values = [value for value, _count in found if value is not None]
    weights = [(count or 0) for value, count in found if value is not None]
    if metric.slug == _RUNS or not sum(weights):
        weights = [1] * len(values)
    return {
        "label": metric.label,
        "unit": metric.unit,
        "samples": len(values),
        "mean": _weighted_mean(values, weights) if values else None,
        "median": None,
        "p75": None,
        "p90": None,
        "p95": None,
        "p99": None,
        "min": min(values, default=None),
        "max": max(values, default=None),
        "latest": values[-1] if values else None,
    }


def _weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    weighted = sum(value * weight for value, weight in zip(values, weights))
    if math.isfinite(weighted):
        return weighted / total
    return math.fsum(value * (weight / total) for value, weight in zip(values, weights))


def _count(row: Row) -> float | None:
    """The number of runs of an interval; None for a number that no count can be."""
    count = _number(row, _RUNS)
    return None if count is None or count > _MAX_COUNT else count


def _number(row: Row, name: str) -> float | None:
    value = row.metrics.get(name)
    return float(value) if value is not None and is_usable(value) else None


def _share(part: float, whole: float) -> float | None:
    """Percent with two decimals, never rounded up to 100."""
    if not whole:
        return None
    percent = round(100 * part / whole, 2)
    return 99.99 if percent >= 100 and part < whole else percent


def _age(rows: Sequence[Row], now: float) -> int | None:
    """Seconds between the newest row and now; a run that is newer than this machine's clock is 0 seconds old."""
    newest = rows[-1].time if rows else None
    return None if newest is None else max(0, int(now - seconds_of(newest)))
