# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One test's data: counts, availability, age and statistics of hand-made runs and intervals."""

from __future__ import annotations

from typing import Any, Optional

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils import _summary
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Row
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import NOON

TEST_TIME = Metric("test_time", "Test Time (ms)", "ms")
RUNS = Metric("runs", "# Runs", "count")


def row(minute: float, *, failed: bool = False, **metrics: Optional[float]) -> Row:
    return Row(
        iso(NOON - 3600 + 60 * minute), 51007, "Shop front", 611, "Berlin, DE", "Berlin", "Germany", failed, metrics
    )


def of_times(*values: Optional[float], failed: tuple[int, ...] = ()) -> dict[str, Any]:
    rows = [row(minute, failed=minute in failed, test_time=value) for minute, value in enumerate(values)]
    return _summary.of_runs(rows, [TEST_TIME], NOON)


def test_one_test_with_runs() -> None:
    found = of_times(1000.0, 1400.0, None, 1200.0, 9999.0, failed=(4,))
    assert found == {
        "run_count": 5,
        "failed_count": 1,
        "availability": 80.0,
        "age_seconds": 3360,
        "latest": {
            "time": "2026-11-23T11:04:00Z",
            "node": "Berlin, DE",
            "city": "Berlin",
            "country": "Germany",
            "failed": True,
            "metrics": {"test_time": 9999.0},
        },
        "metrics": {
            "test_time": {
                "label": "Test Time (ms)",
                "unit": "ms",
                "samples": 3,
                "mean": 1200.0,
                "median": 1200.0,
                "p75": None,
                "p90": None,
                "p95": None,
                "p99": None,
                "min": 1000.0,
                "max": 1400.0,
                "latest": 1200.0,
            }
        },
    }


def test_without_runs() -> None:
    assert _summary.of_runs([], [TEST_TIME], NOON) == {
        "run_count": 0,
        "failed_count": 0,
        "availability": None,
        "age_seconds": None,
        "latest": None,
        "metrics": {
            "test_time": {
                "label": "Test Time (ms)",
                "unit": "ms",
                "samples": 0,
                **dict.fromkeys(["mean", "median", "p75", "p90", "p95", "p99", "min", "max", "latest"]),
            }
        },
    }


def test_only_usable_values_count() -> None:
    """Of runs that did not fail, finite, 0 or more; 0 is a value."""
    found = of_times(0.0, -1.0, None, float("inf"), float("nan"), 500.0, 10, failed=(6,))["metrics"]["test_time"]
    assert (found["samples"], found["mean"], found["min"], found["max"], found["latest"]) == (
        2,
        250.0,
        0.0,
        500.0,
        500.0,
    )


def test_all_runs_failed() -> None:
    found = of_times(10.0, 20.0, failed=(0, 1))
    assert (found["availability"], found["failed_count"], found["metrics"]["test_time"]["samples"]) == (0.0, 2, 0)
    assert found["metrics"]["test_time"]["latest"] is None


@pytest.mark.parametrize(("percentile", "needed"), [("p75", 4), ("p90", 10), ("p95", 20), ("p99", 100)])
def test_a_percentile_needs_enough_values(percentile: str, needed: int) -> None:
    """100/(100 - NN) of them, counted in integers."""
    assert of_times(*[1.0] * (needed - 1))["metrics"]["test_time"][percentile] is None
    assert of_times(*[1.0] * needed)["metrics"]["test_time"][percentile] == 1.0
    assert of_times(*[1.0] * needed, failed=(0,))["metrics"]["test_time"][percentile] is None


def test_quantiles_are_type_7() -> None:
    """Linear between the values around position p(n - 1): R's default, and numpy's."""
    found = of_times(*[float(value) for value in (40, 10, 30, 20)])["metrics"]["test_time"]
    assert (found["median"], found["p75"]) == (25.0, 32.5)
    found = of_times(*[float(value) for value in range(1, 101)])["metrics"]["test_time"]
    assert (found["median"], found["p75"], found["p90"]) == (50.5, 75.25, 90.1)
    assert (found["p95"], found["p99"]) == (pytest.approx(95.05, rel=1e-15), pytest.approx(99.01, rel=1e-15))


def test_of_one_value() -> None:
    found = of_times(7.0)["metrics"]["test_time"]
    assert (found["mean"], found["median"], found["min"], found["max"]) == (7.0, 7.0, 7.0, 7.0)


@pytest.mark.parametrize(
    ("runs", "failures", "availability"),
    [
        (60, 1, 98.33),
        (3, 1, 66.67),
        (3, 2, 33.33),
        (19_999, 1, 99.99),
        (20_001, 1, 99.99),  # 99.995... would round up to 100
        (40_000, 1, 99.99),
        (40_000, 0, 100.0),
        (40_000, 40_000, 0.0),
        (30_000, 29_999, 0.0),
    ],
)
def test_availability_is_never_rounded_up_to_100(runs: int, failures: int, availability: float) -> None:
    rows = [row(0)] * (runs - failures) + [row(1, failed=True)] * failures
    assert _summary.of_runs(rows, [], NOON)["availability"] == availability


@pytest.mark.parametrize(("minute", "age"), [(0, 3600), (59.5, 30), (60, 0), (75, 0)])
def test_age_is_computed_with_the_given_clock(minute: float, age: int) -> None:
    """A run that is newer than the clock is 0 seconds old."""
    assert _summary.of_runs([row(0), row(minute)], [], NOON)["age_seconds"] == age


def test_a_run_has_the_requested_metrics() -> None:
    one = row(0, test_time=1.0, availability=100.0)
    assert _summary.run(one, [TEST_TIME, RUNS]) == {
        "time": "2026-11-23T11:00:00Z",
        "host_ip": None,
        "test_id": 51007,
        "test_name": "Shop front",
        "node_id": 611,
        "node": "Berlin, DE",
        "city": "Berlin",
        "country": "Germany",
        "failed": False,
        "metrics": {"test_time": 1.0, "runs": None},
    }


# Aggregated data


def of_points(*points: dict[str, Optional[float]]) -> dict[str, Any]:
    rows = [row(15 * number, **values) for number, values in enumerate(points)]
    return _summary.of_points(rows, [TEST_TIME], NOON, step=900)


def test_means_are_weighted_with_the_runs() -> None:
    found = of_points(
        {"test_time": 1000.0, "runs": 1.0, "availability": 100.0},
        {"test_time": 2000.0, "runs": 3.0, "availability": 66.6667},
    )
    assert (found["run_count"], found["failed_count"], found["availability"]) == (4, 1, 75.0)
    metric = found["metrics"]["test_time"]
    assert (metric["mean"], metric["samples"]) == (1750.0, 2)
    assert (metric["min"], metric["max"], metric["latest"]) == (1000.0, 2000.0, 2000.0)
    assert [metric[name] for name in ("median", "p75", "p90", "p95", "p99")] == [None] * 5


def test_an_average_is_weighted_with_failed_runs_too() -> None:
    """100 runs at 1000 ms, half of them failed, and 50 at 4000 ms."""
    found = of_points(
        {"test_time": 1000.0, "runs": 100.0, "availability": 50.0},
        {"test_time": 4000.0, "runs": 50.0, "availability": 100.0},
    )
    assert found["metrics"]["test_time"]["mean"] == 2000.0


def test_the_latest_point() -> None:
    found = of_points({"test_time": 1000.0, "runs": 5.0}, {"test_time": None, "runs": 0.0})
    assert found["latest"] == {
        "time": "2026-11-23T11:15:00Z",
        "node": "Berlin, DE",
        "node_id": 611,
        "city": "Berlin",
        "country": "Germany",
        "metrics": {"test_time": None},
    }
    assert (found["age_seconds"], found["metrics"]["test_time"]["latest"]) == (2700, 1000.0)


@pytest.mark.parametrize(
    ("runs", "age"),
    [
        ((5.0, 5.0, 5.0), 900),  # 11:30 to 11:45
        ((5.0, 5.0, 5.0, 5.0), 0),  # 11:45 to 12:00
        ((5.0, 5.0, 5.0, 5.0, 1.0), 0),  # one that has just begun
        ((5.0, 0.0, None), 2700),  # the steps after 11:15 are empty
        ((0.0, None), None),
    ],
)
def test_age_of_steps_counts_from_the_end_of_the_newest_step_with_a_run(runs: Any, age: Any) -> None:
    assert of_points(*({"runs": count} for count in runs))["age_seconds"] == age


def test_age_of_steps_without_run_counts() -> None:
    assert of_points({"test_time": 1000.0}, {"test_time": None})["age_seconds"] == 1800


def test_runs_are_not_weighted_with_themselves() -> None:
    rows = [row(0, runs=1.0), row(15, runs=3.0)]
    assert _summary.of_points(rows, [RUNS], NOON, step=900)["metrics"]["runs"]["mean"] == 2.0


def test_intervals_without_runs_and_values_count_for_nothing() -> None:
    found = of_points(
        {"test_time": 1000.0, "runs": 4.0, "availability": 100.0},
        {"test_time": None, "runs": 0.0, "availability": None},
        {"test_time": 3000.0, "runs": 4.0, "availability": 50.0},
    )
    assert (found["run_count"], found["failed_count"], found["availability"]) == (8, 2, 75.0)
    assert found["metrics"]["test_time"]["mean"] == 2000.0


def test_without_the_number_of_runs_nothing_is_counted() -> None:
    found = of_points({"test_time": 1000.0}, {"test_time": 3000.0})
    assert (found["run_count"], found["failed_count"], found["availability"]) == (None, None, None)
    assert found["metrics"]["test_time"]["mean"] == 2000.0


def test_a_null_run_count_is_0() -> None:
    found = of_points(
        {"test_time": 1000.0, "runs": 4.0, "availability": 75.0},
        {"test_time": None, "runs": None, "availability": None},
    )
    assert (found["run_count"], found["failed_count"], found["availability"]) == (4, 1, 75.0)
    found = of_points({"test_time": None, "runs": None, "availability": None})
    assert (found["run_count"], found["failed_count"], found["availability"]) == (0, 0, None)


def test_without_availability_no_failure_is_counted() -> None:
    found = of_points({"test_time": 1000.0, "runs": 4.0})
    assert (found["run_count"], found["failed_count"], found["availability"]) == (4, None, None)


def test_without_points() -> None:
    found = _summary.of_points([], [TEST_TIME], NOON, step=900)
    assert (found["run_count"], found["failed_count"], found["availability"], found["latest"]) == (0, 0, None, None)
    assert found["metrics"]["test_time"]["mean"] is None


def test_availability_of_intervals_is_never_rounded_up_to_100() -> None:
    found = of_points({"runs": 1000.0, "availability": 99.999})
    assert (found["availability"], found["failed_count"]) == (99.99, 0)
    assert (
        of_points({"runs": 7.0, "availability": 100.0}, {"runs": 3.0, "availability": 100.0})["availability"] == 100.0
    )
    assert of_points({"runs": 65.0, "availability": 87.692})["availability"] == 87.69


# Counters of failures


def test_a_counter_of_failures_counts_failed_runs_and_0_for_good_runs_without_a_value() -> None:
    dns = Metric("dns_failures", "# DNS Failures", "count")
    rows = [row(0, dns_failures=None), row(1), row(2, failed=True, dns_failures=1), row(3, failed=True)]
    found = _summary.of_runs(rows, [dns], NOON)["metrics"]["dns_failures"]
    assert (found["samples"], found["max"], found["latest"]) == (3, 1.0, 1.0)
    assert found["mean"] == pytest.approx(1 / 3)
    # The runs themselves stay as the service reported them.
    assert _summary.run(rows[0], [dns])["metrics"] == {"dns_failures": None}


# Numbers that no service should send


def test_implausible_run_counts_are_ignored() -> None:
    rows = [row(0, runs=1e308, availability=100.0, test_time=1e308), row(15, runs=1e308, availability=0.0)]
    found = _summary.of_points(rows, [TEST_TIME, RUNS], NOON, step=900)
    assert (found["run_count"], found["failed_count"], found["availability"]) == (0, 0, None)


def test_a_mean_whose_weighted_sum_exceeds_the_floats() -> None:
    rows = [row(0, runs=60.0, test_time=1e308), row(15, runs=20.0, test_time=1e308)]
    found = _summary.of_points(rows, [TEST_TIME], NOON, step=900)
    assert found["metrics"]["test_time"]["mean"] == pytest.approx(1e308)
