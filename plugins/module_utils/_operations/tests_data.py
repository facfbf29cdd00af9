# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation that reads recent data of tests, and the data that the lookup returns."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils import _summary
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client, Performance
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Row
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import DataQuery, from_options
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    CatchpointError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations import guards
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import ById, Operation
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import values_needed
from ansible_collections.community.catchpoint.plugins.module_utils._summary import (
    MetricSummary,
    TestDetails,
    TestResult,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import interval_seconds, window

# The place of a run whose node has none.
_UNKNOWN = "unknown"

# The default of start, in minutes before the end: the last hour of runs, the last day of intervals.
_START_OF_RUNS, _START_OF_POINTS = -60, -1440


class TestData(NamedTuple):
    """Results by test id. A test that cannot be read is in ``unknown`` with its error."""

    results: dict[int, TestDetails]
    unknown: dict[int, CatchpointError]


def test_data(client: Client, ids: Sequence[int], query: DataQuery) -> TestData:
    """One test's data for each id, as every plugin returns it. Raises CatchpointError for errors that concern all."""
    interval, breakdown = query.interval, query.breakdown
    start = query.start or (_START_OF_POINTS if interval else _START_OF_RUNS)
    span = window(start, query.end or "now", query.tz or None, client.now())
    metrics = query.metrics
    found = client.points(ids, span, interval, metrics, breakdown) if interval else client.runs(ids, span, metrics)
    client.warn_of_zone(found)
    if breakdown in ("city", "country"):
        found = client.located(found)
    now = client.server_now()
    results = {
        test_id: _result(test_id, found, query, now) for test_id in dict.fromkeys(ids) if test_id not in found.unknown
    }
    if metrics:
        doubtful = [test_id for test_id, result in results.items() if _without_values(result)]
        for text in _value_warnings(results.values(), query, client.test_types(doubtful)):
            client.warn(text)
    return TestData(results, found.unknown)


def _result(test_id: int, found: Performance, query: DataQuery, now: float) -> TestDetails:
    rows = found.rows.get(test_id, [])
    metrics = found.metrics
    if not found.chosen:
        # Tests of other types in the same response may have metrics that this one cannot have. It is unknown which
        # metrics a test without rows has.
        own = rows[0].metrics if rows else {}
        metrics = [metric for metric in metrics if metric.slug in own]
    step = interval_seconds(query.interval or "") or 0
    summary = partial(_summary.of_points, step=step) if query.interval else _summary.of_runs
    whole = summary(rows, metrics, now)
    result: TestDetails = {
        "test_id": test_id,
        "test_name": next((row.test_name for row in rows if row.test_name), None),
        "window": found.window.as_dict(),
        "complete": test_id not in found.incomplete,
        "run_count": whole["run_count"],
        "failed_count": whole["failed_count"],
        "availability": whole["availability"],
        "age_seconds": whole["age_seconds"],
        "latest": whole["latest"],
        "metrics": whole["metrics"],
    }
    if query.breakdown:
        groups = _by_location(rows, query.breakdown)
        result["by_location"] = {place: summary(group, metrics, now) for place, group in groups.items()}
    if query.interval:
        result["points"] = [_summary.point(row, metrics) for row in rows]
    elif query.include_runs:
        result["runs"] = [_summary.run(row, metrics) for row in rows]
    return result


def _by_location(rows: Sequence[Row], breakdown: str) -> dict[str, list[Row]]:
    """The rows by place. Rows of a node without a place, for example a deleted one, are at "unknown"."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(getattr(row, breakdown) or _UNKNOWN, []).append(row)
    if list(groups) == [_UNKNOWN]:
        raise ResponseError(
            f"The response does not say at which {breakdown} test {rows[0].test_id} ran, so it cannot be broken down "
            f"by {breakdown}. REST API v1 chooses the breakdown of aggregated data: remove interval, or use an api_key."
        )
    return dict(sorted(groups.items()))


def _value_warnings(results: Iterable[TestResult], query: DataQuery, types: Mapping[int, Optional[str]]) -> list[str]:
    """Returns a warning for each requested metric without a value, or with too few values for its percentiles.

    ``types`` holds the types of tests by id, where they are known. Tests with the same problem share one warning.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for result in results:
        for name, metric in result["metrics"].items():
            problem = _problem(name, metric, result, query, types.get(result["test_id"]))
            if problem:
                groups.setdefault(problem, []).append(result["test_id"])
    return [f"{what} for {_tests(ids)}: {why}" for (what, why), ids in groups.items()]


def _without_values(result: TestResult) -> bool:
    """Whether a test has runs that did not fail, but no value of one of its metrics."""
    return _succeeded(result) and any(not metric["samples"] for metric in result["metrics"].values())


def _succeeded(result: TestResult) -> bool:
    return bool(result["run_count"]) and result["run_count"] != result["failed_count"]


def _problem(
    name: str, metric: MetricSummary, result: TestResult, query: DataQuery, kind: Optional[str]
) -> Optional[tuple[str, str]]:
    if not result["run_count"]:
        return None  # on_missing covers that
    if not metric["samples"]:
        if not _succeeded(result):
            return f"{name} has no value", "all runs in the window failed."
        of_type = f"a test of type {kind}" if kind else "this type of test"
        return f"{name} has no value", f"does {of_type} measure it? Check metrics."
    # The default window rarely has the 100 values of p99: if only that is null, a warning would come with most results.
    if query.interval or metric["p95"] is not None:
        return None
    percentiles = {75: metric["p75"], 90: metric["p90"], 95: metric["p95"], 99: metric["p99"]}
    missing = [percent for percent, value in percentiles.items() if value is None]
    names = [f"p{percent}" for percent in missing]
    needs = [f"p{percent} needs {values_needed(percent)}" for percent in missing]
    return (
        f"{', '.join(names)} of {name} {'are' if len(names) > 1 else 'is'} null",
        f"too few values ({', '.join(needs)}). Set an earlier start, or use the median.",
    )


def _tests(ids: list[int]) -> str:
    shown = ", ".join(str(test_id) for test_id in ids[:5])
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    return f"test{'s' if len(ids) > 1 else ''} {shown}{more}"


def test_data_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The data of all requested tests, in their order. Raises ApiError for a test that cannot be read."""
    ids = asked_ids(options)
    found = test_data(client, ids, from_options(DataQuery, options))
    if found.unknown:
        raise unknown_tests(list(found.unknown.items()))
    results = [found.results[test_id] for test_id in ids]
    return {"tests": results, "warnings": guards.check(results, options)}


def asked_ids(options: Mapping[str, Any]) -> list[int]:
    """The requested tests, each once. Raises OptionError for none, because a decision over nothing would pass."""
    if not options["test_ids"]:
        raise OptionError("test_ids is empty. Name one or more tests, such as 81093.")
    return list(dict.fromkeys(options["test_ids"]))


def unknown_tests(errors: Sequence[tuple[int, CatchpointError]]) -> CatchpointError:
    """Returns one error for the tests that cannot be read; each has an error of its own."""
    first = errors[0][1]
    others = [str(test_id) for test_id, _error in errors[1:]]
    if others:
        first.args = (f"{first} This also concerns: {', '.join(others)}.",)
    return first


DATA_ARGUMENTS: dict[str, Any] = {
    "max_age": {"type": "float"},
    "test_id_variable": {"type": "str", "default": "catchpoint_test_id"},
    "start": {"type": "str"},
    "end": {"type": "str", "default": "now"},
    "tz": {"type": "str"},
    "interval": {"type": "str"},
    "metrics": {"type": "list", "elements": "str"},
    "breakdown": {"type": "str", "choices": ["node", "city", "country"]},
    "include_runs": {"type": "bool", "default": False},
}

OPERATION = Operation(
    arguments={
        "test_ids": {"type": "list", "elements": "int", "required": True},
        "on_missing": {"type": "str", "default": "warn", "choices": ["error", "warn", "empty"]},
        "on_stale": {"type": "str", "default": "warn", "choices": ["error", "warn", "ignore"]},
        **DATA_ARGUMENTS,
    },
    rules={},
    run=test_data_info,
    by_id=ById("test_ids", "tests", "test_id", test_data=True),
)
