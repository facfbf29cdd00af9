# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Absolute limits that the remaining runs can no longer keep, or no longer break."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion, parse_criteria
from ansible_collections.community.catchpoint.plugins.module_utils._gate.curtailment import failures_needed, is_safe
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Sample
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import binomial_tail
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate

# Limit, runs at the horizon: failed runs that decide, and runs without a failure that are enough to pass.
AVAILABILITY = [(99, 10, 2, 8), (99, 20, 2, 16), (99, 30, 2, 25), (99, 60, 3, 43), (95, 20, 4, 12), (95, 30, 5, 16)]


def criterion(**options: Any) -> Criterion:
    return parse_criteria([{"metric": "test_time", **options}])[0]


def available(minimum: float, **options: Any) -> Criterion:
    return criterion(metric="availability", fail={"min": minimum}, **options)


def runs(*values: float | None) -> list[Sample]:
    """None is a failed run."""
    return [Sample(0.0, "A", value is None, {} if value is None else {"test_time": value}, 1) for value in values]


def safe(one: Criterion, given: list[Sample], total: int | None) -> bool:
    return is_safe(one, one.limits[0], given, total, one.significance)


class TestAvailability:
    @pytest.mark.parametrize(("minimum", "total", "needed", "_least"), AVAILABILITY)
    def test_number_of_failed_runs_that_decides(self, minimum: float, total: int, needed: int, _least: int) -> None:
        assert failures_needed(available(minimum).limits[0], total, 0.05) == needed

    @pytest.mark.parametrize(("minimum", "total", "_needed", "least"), AVAILABILITY)
    def test_number_of_runs_without_a_failure_that_is_enough(
        self, minimum: float, total: int, _needed: int, least: int
    ) -> None:
        one = available(minimum)
        found = [count for count in range(1, total) if safe(one, runs(*[900] * count), total)]
        assert found == list(range(least, total))

    def test_deciding_failures_never_decrease_with_more_runs(self) -> None:
        limit = available(97).limits[0]
        needed = [failures_needed(limit, total, 0.05) or 0 for total in range(2, 300)]
        assert needed == sorted(needed)

    def test_any_failed_run_breaks_100_percent(self) -> None:
        assert failures_needed(available(100).limits[0], 20, 0.05) == 1

    def test_without_significance_the_size_decides(self) -> None:
        assert failures_needed(available(99).limits[0], 20, 0.0) == 1

    def test_too_few_runs_never_break_the_limit(self) -> None:
        """4 runs cannot prove less than 50 %."""
        assert failures_needed(available(50).limits[0], 4, 0.05) is None

    def test_a_failed_run_never_passes_early_at_99(self) -> None:
        one = available(99)
        assert not any(safe(one, runs(None, *[900] * count), 30) for count in range(28))

    def test_fewer_runs_than_min_samples_never_pass_early(self) -> None:
        assert not safe(available(50), runs(*[900] * 4), 6)
        assert not safe(available(90, min_samples=12), runs(*[900] * 11), 12)

    @pytest.mark.parametrize(("minimum", "total", "needed", "least"), AVAILABILITY)
    def test_early_passes_miss_at_most_2_percent_of_failing_deploys(
        self, minimum: float, total: int, needed: int, least: int
    ) -> None:
        """Of the deploys that would fail at the horizon, for any true share of failing runs."""
        for share in (number / 100 for number in range(1, 100)):
            missed = (1 - share) ** least * binomial_tail(needed, total - least, share)
            assert missed <= 0.02, share


class TestValues:
    @pytest.mark.parametrize("name", ["median", "p75", "mean", "max", "min", "sum", "geomean"])
    @pytest.mark.parametrize("key", ["max", "min"])
    def test_every_completion_keeps_a_safe_limit(self, name: str, key: str) -> None:
        total, limit = 7, 3000 if name == "sum" else 500
        one = criterion(aggregate=name, fail={key: limit}, min_samples=1)
        generator = random.Random(4)
        for seen in product([300.0, 500.0, 700.0], repeat=5):
            if not safe(one, runs(*seen), total):
                continue
            for rest in [(0.0, 0.0), (1e9, 1e9), (0.0, 1e9), (generator.uniform(0, 900), generator.uniform(0, 900))]:
                value = aggregate(name, [*seen, *rest])
                assert value is not None
                assert value <= limit if key == "max" else value >= limit, (seen, rest)

    def test_six_of_ten_values_within_the_limit_decide_a_median(self) -> None:
        one = criterion(fail={"max": 1000})
        assert not safe(one, runs(*[1000] * 5), 10)
        assert safe(one, runs(*[1000] * 6), 10)

    def test_failed_runs_do_not_count_as_values(self) -> None:
        one = criterion(fail={"max": 1000})
        assert not safe(one, runs(*[900] * 3, *[None] * 4), 10)
        assert safe(one, runs(*[900] * 4, *[None] * 3), 10)

    @pytest.mark.parametrize(("name", "key"), [("mean", "max"), ("sum", "max"), ("geomean", "max"), ("geomean", "min")])
    def test_aggregates_that_a_later_run_can_break_are_never_safe(self, name: str, key: str) -> None:
        limit = {"max": 1e6, "min": 1}[key]
        assert not safe(criterion(aggregate=name, fail={key: limit}), runs(*[900] * 9), 10)

    def test_nothing_is_safe_without_a_number_of_runs(self) -> None:
        assert not safe(criterion(fail={"max": 1000}), runs(*[1] * 50), None)
