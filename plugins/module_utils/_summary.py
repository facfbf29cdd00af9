# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""One test's data as every plugin returns it: counts, availability and statistics per metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Row
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import (
    is_usable,
    mean,
    percentile,
    values_needed,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import seconds_of

_PERCENTILES = (75, 90, 95, 99)

# The metrics of an interval that tell how many runs it stands for, and how many of them went well.
_RUNS, _AVAILABILITY = "runs", "availability"


def of_runs(rows: Sequence[Row], metrics: Sequence[Metric], now: float) -> dict[str, Any]:
    """The summary of some runs in ascending order of time. ``now`` is the service's clock, in seconds since 1970
    UTC.
    """
    failures = sum(row.failed for row in rows)
    return {
        "run_count": len(rows),
        "failed_count": failures,
        "availability": _share(len(rows) - failures, len(rows)),
        "age_seconds": _age(rows, now),
        "latest": run(rows[-1], metrics, short=True) if rows else None,
        "metrics": {metric.slug: _of_runs(metric, rows) for metric in metrics},
    }


def of_points(rows: Sequence[Row], metrics: Sequence[Metric], now: float, *, step: int) -> dict[str, Any]:
    """The summary of aggregated data in ascending order of time, in intervals of ``step`` seconds.

    Means are weighted with all runs of each interval, failed ones too: in the one answer of the service that is on
    record, an average is that of 65 runs of which 57 went well (it is a multiple of 1/13, not of 1/57). Percentiles
    cannot be had from means and are None. An interval that has null for its number of runs had none; without that
    column, how many runs there were is not known.

    When in an interval a test ran is not known, so the age is that of the end of the newest interval with a run.
    Counted from its start, the data of a test that runs each minute would be an hour old at the end of each hour.
    """
    runs = [_number(row, _RUNS) for row in rows]
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


def run(row: Row, metrics: Sequence[Metric], *, short: bool = False) -> dict[str, Any]:
    """One run as a plain dict; the short form leaves out what the summary around it says."""
    more = {"test_id": row.test_id, "test_name": row.test_name, "node_id": row.node_id, "host_ip": row.host_ip}
    return {
        "time": row.time,
        **({} if short else more),
        "node": row.node,
        "city": row.city,
        "country": row.country,
        "failed": row.failed,
        "metrics": {metric.slug: row.metrics.get(metric.slug) for metric in metrics},
    }


def point(row: Row, metrics: Sequence[Metric]) -> dict[str, Any]:
    """One interval of aggregated data as a plain dict; ``time`` is the interval's start."""
    return {
        "time": row.time,
        "node": row.node,
        "node_id": row.node_id,
        "city": row.city,
        "country": row.country,
        "metrics": {metric.slug: row.metrics.get(metric.slug) for metric in metrics},
    }


def _of_runs(metric: Metric, rows: Sequence[Row]) -> dict[str, Any]:
    name = metric.slug
    values = [
        float(value)
        for row in rows
        if not row.failed and is_usable(value := row.metrics.get(name)) and value is not None
    ]
    ordered = sorted(values)
    percentiles = {
        f"p{percent}": percentile(ordered, percent) if len(ordered) >= values_needed(percent) else None
        for percent in _PERCENTILES
    }
    return {
        "label": metric.label,
        "unit": metric.unit,
        "samples": len(values),
        "mean": mean(values) if values else None,
        "median": percentile(ordered, 50) if values else None,
        **percentiles,
        "min": ordered[0] if values else None,
        "max": ordered[-1] if values else None,
        "latest": values[-1] if values else None,
    }


def _of_points(metric: Metric, rows: Sequence[Row], runs: Sequence[float | None]) -> dict[str, Any]:
    found = [(_number(row, metric.slug), count) for row, count in zip(rows, runs)]
    values = [value for value, _count in found if value is not None]
    weights = [(count or 0) for value, count in found if value is not None]
    if metric.slug == _RUNS or not sum(weights):
        weights = [1] * len(values)
    weighted = sum(value * weight for value, weight in zip(values, weights))
    return {
        "label": metric.label,
        "unit": metric.unit,
        "samples": len(values),
        "mean": weighted / sum(weights) if values else None,
        "median": None,
        **{f"p{percent}": None for percent in _PERCENTILES},
        "min": min(values, default=None),
        "max": max(values, default=None),
        "latest": values[-1] if values else None,
    }


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
    """Seconds between the newest row and now; a run that is newer than our clock is 0 seconds old."""
    newest = rows[-1].time if rows else None
    return None if newest is None else max(0, int(now - seconds_of(newest)))
