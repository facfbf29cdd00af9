# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict: limits, missing data, groups, baselines, events, and the shape of the result."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.preflight import baseline_warnings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import (
    error_result,
    skipped_result,
)
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    ORDINARY,
    SLOW,
    before,
    criterion,
    failures,
    gate,
    judged,
    run,
    runs,
    statuses,
)

UNUSABLE = [
    None,
    "NaN",
    "Infinity",
    "-Infinity",
    "930",
    "",
    True,
    False,
    -1,
    -0.5,
    math.nan,
    math.inf,
    -math.inf,
    [],
    {},
    10**400,
]


def row_of(result: dict[str, Any]) -> dict[str, Any]:
    (row,) = result["criteria"]
    assert isinstance(row, dict)
    return row


class TestValues:
    @pytest.mark.parametrize("value", UNUSABLE)
    def test_unusable_values_do_not_count(self, value: Any) -> None:
        result = judged(runs([900, value, 910, 905, value, 915]), criterion(fail={"max": 1000}))
        assert result["verdict"] == "inconclusive"
        assert (row_of(result)["samples"], row_of(result)["unusable"]) == (4, 2)
        json.dumps(result, allow_nan=False)

    @pytest.mark.parametrize("value", UNUSABLE)
    def test_unusable_values_in_the_baseline_do_not_count(self, value: Any) -> None:
        given = runs([900] * 6) + before([900, value, 900, value, 900, 900])
        result = judged(given, criterion(fail={"max_increase_percent": 10}))
        assert result["verdict"] == "inconclusive"
        assert row_of(result)["baseline"]["samples"] == 4

    def test_a_test_without_usable_values_is_inconclusive(self) -> None:
        result = judged(runs(["NaN"] * 10), criterion(fail={"max": 1000}))
        assert result["verdict"] == "inconclusive"
        assert result["runs"]["unusable"] == 10
        assert result["runs"]["used"] == 0

    def test_timings_of_failed_runs_do_not_count(self) -> None:
        given = runs([900] * 20) + [run(900 + i, 50, failed=True) for i in range(20)]
        assert row_of(judged(given, criterion(fail={"min": 800})))["status"] == "pass"

    @pytest.mark.parametrize(
        ("aggregate", "limits", "status"),
        [
            ("min", {"min": 100}, "pass"),
            ("min", {"min": 101}, "fail"),
            ("max", {"max": 500}, "pass"),
            ("max", {"max": 499.9}, "fail"),
            ("sum", {"max": 1500}, "pass"),
            ("sum", {"max": 1499}, "fail"),
            ("mean", {"min": 300, "max": 300}, "pass"),
            ("mean", {"min": 301, "max": 400}, "fail"),
            ("p50", {"max": 300}, "pass"),
            ("p75", {"max": 399}, "fail"),
            ("P75", {"max": 400}, "pass"),
            ("median", {"min": 300}, "pass"),
            ("median", {"max": 0}, "fail"),
            ("geomean", {"max": 260.6}, "pass"),
            ("geomean", {"max": 260.4}, "fail"),
        ],
    )
    def test_aggregates(self, aggregate: str, limits: dict[str, float], status: str) -> None:
        given = runs([100, 200, 300, 400, 500])
        assert statuses(judged(given, criterion(aggregate=aggregate, fail=limits))) == [status]

    def test_geomean_with_a_zero_is_missing(self) -> None:
        result = judged(runs([100, 0, 300, 400, 500]), criterion(aggregate="geomean", fail={"max": 1000}))
        assert result["verdict"] == "inconclusive"
        assert "not defined" in row_of(result)["reason"]

    def test_p90_needs_10_values(self) -> None:
        """Computed in integers: in floats it would be eleven."""
        assert judged(runs(range(10)), criterion(aggregate="p90", fail={"max": 100}))["verdict"] == "pass"
        assert judged(runs(range(9)), criterion(aggregate="p90", fail={"max": 100}))["verdict"] == "inconclusive"

    def test_p99_needs_100_values(self) -> None:
        assert judged(runs(range(99)), criterion(aggregate="p99", fail={"max": 100}))["verdict"] == "inconclusive"
        assert judged(runs(range(100)), criterion(aggregate="p99", fail={"max": 100}))["verdict"] == "pass"

    def test_min_samples_does_not_lower_the_values_that_a_percentile_needs(self) -> None:
        given = runs(range(19))
        assert judged(given, criterion(aggregate="p95", min_samples=1, fail={"max": 100}))["verdict"] == "inconclusive"

    def test_a_sum_beyond_the_floats_is_missing(self) -> None:
        given = runs([1.7e308] * 6)
        assert judged(given, criterion(aggregate="sum", fail={"max": 1}))["verdict"] == "inconclusive"
        assert judged(given, criterion(aggregate="mean", fail={"max": 1}))["verdict"] == "fail"

    def test_limits_apply_to_unrounded_values(self) -> None:
        assert judged(runs([0.1 + 0.2] * 5), criterion(fail={"max": 0.3}))["verdict"] == "pass"
        assert judged(runs([0.3001] * 5), criterion(fail={"max": 0.3}))["verdict"] == "fail"

    def test_two_criteria_on_different_metrics(self) -> None:
        given = [run(60 + i, 900, dns=None if i < 3 else 20) for i in range(8)]
        result = judged(given, criterion(fail={"max": 1000}), {"metric": "dns", "fail": {"max": 30}})
        assert [row["samples"] for row in result["criteria"]] == [8, 5]
        assert result["runs"]["used"] == 8


class TestAvailability:
    def test_an_availability_of_0_is_not_missing_data(self) -> None:
        result = judged(failures(6, start=60), {"metric": "availability", "fail": {"min": 99}})
        assert (result["verdict"], row_of(result)["value"]) == ("fail", 0)

    def test_too_few_runs(self) -> None:
        result = judged(runs([1] * 4), {"metric": "availability", "fail": {"min": 99}})
        assert (result["verdict"], row_of(result)["value"]) == ("inconclusive", None)

    def test_availability_counts_runs_without_any_metric(self) -> None:
        result = judged([run(60 + i) for i in range(10)], {"metric": "availability", "fail": {"min": 100}})
        assert (result["verdict"], row_of(result)["samples"]) == ("pass", 10)

    @pytest.mark.parametrize("key", ["max_decrease", "max_decrease_percent"])
    def test_a_decrease_is_in_points(self, key: str) -> None:
        given = runs([900] * 42) + failures(8) + before([900] * 60)
        result = judged(given, {"metric": "availability", "fail": {key: 15.9}})
        row = row_of(result)
        assert row["status"] == "fail"
        assert row["change"] == row["change_percent"] == pytest.approx(-16)
        assert judged(given, {"metric": "availability", "fail": {key: 16}})["verdict"] == "pass"

    def test_one_failed_run_of_many_is_within_noise(self) -> None:
        given = runs([900] * 29) + failures(1) + before([900] * 60)
        row = row_of(judged(given, {"metric": "availability", "fail": {"max_decrease": 1}}))
        assert row["status"] == "warn"
        assert row["p"] == pytest.approx(1 / 3)
        assert row["note"] == "within noise"

    def test_an_increase_does_not_break_max_decrease(self) -> None:
        given = runs([900] * 30) + before([900] * 30) + failures(30, start=-1800)
        row = row_of(judged(given, {"metric": "availability", "fail": {"max_decrease": 1}}))
        assert row["status"] == "pass"
        assert row["change"] > 0

    def test_min_delta(self) -> None:
        given = runs([900] * 42) + failures(8) + before([900] * 60)
        found = judged(given, {"metric": "availability", "fail": {"max_decrease": 1}, "min_delta": 16})
        assert found["verdict"] == "pass"

    def test_no_baseline(self) -> None:
        result = judged(runs([900] * 10), {"metric": "availability", "fail": {"min": 99, "max_decrease": 1}})
        assert result["verdict"] == "inconclusive"

    def test_an_availability_below_100_is_never_shown_as_100(self) -> None:
        given = runs([1] * 29999, step=0.1, node=None) + failures(1, start=30)
        result = judged(given, {"metric": "availability", "fail": {"min": 100}})
        assert result["verdict"] == "fail"
        assert "99.99 %" in result["msg"]


class TestRelative:
    def test_a_decrease_of_a_timing(self) -> None:
        given = runs([700] * 10) + before(ORDINARY)
        row = row_of(judged(given, criterion(fail={"max_decrease_percent": 20})))
        assert row["status"] == "fail"
        assert row["change_percent"] == pytest.approx(100 * (700 / 1002.75 - 1))
        assert row["p"] < 0.001
        assert judged(given, criterion(fail={"max_decrease": 400}))["verdict"] == "pass"
        assert judged(given, criterion(fail={"max_increase_percent": 0}))["verdict"] == "pass"

    def test_a_criterion_may_limit_both_directions(self) -> None:
        limits = {"max_increase_percent": 20, "max_decrease_percent": 20}
        assert judged(runs(SLOW) + before(ORDINARY), criterion(fail=limits))["verdict"] == "fail"
        assert judged(runs([700] * 10) + before(ORDINARY), criterion(fail=limits))["verdict"] == "fail"
        assert judged(runs([1000] * 10) + before(ORDINARY), criterion(fail=limits))["verdict"] == "pass"

    def test_baseline_of_zeros(self) -> None:
        row = row_of(judged(runs([3] * 6) + before([0] * 12), criterion(fail={"max_increase_percent": 10})))
        assert row["status"] == "fail"
        assert row["change_percent"] is None
        assert (row["change"], row["baseline"]["adjusted"]) == (3, 0)
        assert "without a percentage" in row["reason"]

    def test_baseline_of_zeros_with_an_absolute_limit(self) -> None:
        given = runs([3] * 6) + before([0] * 12)
        assert judged(given, criterion(fail={"max_increase": 3}))["verdict"] == "pass"
        assert judged(given, criterion(fail={"max_increase": 2.9}))["verdict"] == "fail"

    def test_a_decrease_to_zero_is_100_percent(self) -> None:
        row = row_of(judged(runs([0] * 6) + before([5] * 12), criterion(fail={"max_decrease_percent": 50})))
        assert (row["status"], row["change_percent"], row["change"]) == ("fail", -100, -5)

    def test_a_location_with_a_baseline_of_zeros_is_excluded(self) -> None:
        """A location that usually measures 0 cannot be compared in percent and is excluded."""
        given = (
            runs([0] * 4, node="A")
            + runs([100] * 6, node="B")
            + before([0] * 6, node="A")
            + before([100] * 6, node="B")
        )
        row = row_of(judged(given, criterion(fail={"max_increase_percent": 10})))
        assert row["status"] == "pass"
        assert row["baseline"]["excluded_locations"] == ["A"]

    def test_baselines_of_zeros_at_all_locations_are_compared_without_division(self) -> None:
        """For example errors on a page that usually has none: the comparison does not divide by the baseline."""
        given = before([0] * 6, node="A") + before([0] * 6, node="B")
        quiet = runs([0] * 6, node="A") + runs([0] * 6, node="B")
        noisy = runs([2] * 6, node="A") + runs([3] * 6, node="B")
        for now, status, change in ((quiet, "pass", 0), (noisy, "fail", 2.5)):
            row = row_of(judged(now + given, criterion(fail={"max_increase": 1})))
            assert (row["status"], row["change"], row["baseline"]["excluded_locations"]) == (status, change, [])

    def test_a_new_location_is_excluded_beside_a_baseline_of_zeros(self) -> None:
        given = runs([0] * 3, node="A") + runs([3] * 6, node="B") + before([0] * 6, node="A")
        row = row_of(judged(given, criterion(fail={"max_increase": 1})))
        assert (row["status"], row["baseline"]["excluded_locations"]) == ("inconclusive", ["A", "B"])

    @pytest.mark.parametrize(("delta", "status"), [(304.75, "pass"), (304.7, "fail"), (0, "fail"), (1000, "pass")])
    @pytest.mark.parametrize("key", ["max_increase_percent", "max_increase"])
    def test_min_delta(self, key: str, delta: float, status: str) -> None:
        given = runs(SLOW) + before(ORDINARY)
        assert statuses(judged(given, criterion(fail={key: 20}, min_delta=delta))) == [status]

    def test_min_delta_does_not_loosen_absolute_limits(self) -> None:
        given = runs(SLOW) + before(ORDINARY)
        found = judged(given, criterion(fail={"max": 1300, "max_increase_percent": 20}, min_delta=10000))
        assert found["verdict"] == "fail"

    def test_a_warning_limit_with_evidence(self) -> None:
        given = runs([value * 1.15 for value in ORDINARY]) + before(ORDINARY)
        limits: dict[str, Any] = {"fail": {"max_increase_percent": 20}, "warn": {"max_increase_percent": 10}}
        row = row_of(judged(given, criterion(**limits)))
        assert (row["status"], row["limit"]["level"]) == ("warn", "warn")

    def test_a_warning_limit_without_evidence_passes_with_a_note(self) -> None:
        current = [900, 1500, 1150, 1420, 870, 1210]
        usual = [1000, 1480, 880, 1190, 860, 1350, 940, 1050, 1280, 830, 1010, 1120]
        limits: dict[str, Any] = {"fail": {"max_increase_percent": 20}, "warn": {"max_increase_percent": 10}}
        row = row_of(judged(runs(current) + before(usual), criterion(**limits)))
        assert row["status"] == "pass"
        assert "within noise: p=0.22)" in row["reason"]
        assert row["note"] == "within noise"

    def test_a_p_just_above_its_level_is_shown_with_enough_digits(self) -> None:
        """Five locations share 0.05. "p=0.01" would look like a contradiction, because 0.01 is the level."""
        given = [entry for node in "ABCD" for entry in runs([900] * 5, node=node) + before([900] * 6, node=node)]
        given += runs([1420, 1520, 1490, 1160, 990, 900, 1260], node="E") + before(
            [811, 1031, 991, 841, 941, 1111, 921, 871], node="E"
        )
        result = judged(given, criterion(fail={"max_increase_percent": 20}, split_by="location"))
        assert "within noise: p=0.0103, needs 0.01: shared by 5 locations" in result["criteria"][-1]["reason"]

    def test_an_absolute_violation_outranks_noise(self) -> None:
        current = [900, 1500, 1150, 1420, 870, 1210]
        usual = [1000, 1480, 880, 1190, 860, 1350, 940, 1050, 1280, 830, 1010, 1120]
        result = judged(runs(current) + before(usual), criterion(fail={"max_increase_percent": 10, "max": 1100}))
        assert row_of(result)["status"] == "fail"
        assert row_of(result)["limit"]["key"] == "max"

    @pytest.mark.parametrize("on_missing", ["inconclusive", "warn", "pass"])
    def test_a_broken_limit_outranks_a_missing_baseline(self, on_missing: str) -> None:
        given = runs(SLOW)
        limits = {"max": 1000, "max_increase_percent": 10}
        assert judged(given, criterion(fail=limits, on_missing=on_missing))["verdict"] == "fail"

    def test_a_broken_warning_limit_outranks_only_a_pass(self) -> None:
        limits: dict[str, Any] = {"fail": {"max_increase_percent": 10}, "warn": {"max": 1000}}
        assert judged(runs(SLOW), criterion(**limits))["verdict"] == "inconclusive"
        assert judged(runs(SLOW), criterion(**limits, on_missing="pass"))["verdict"] == "warn"

    @pytest.mark.parametrize("aggregate", ["min", "max", "sum"])
    def test_aggregates_without_a_significance_test_are_judged_by_size(self, aggregate: str) -> None:
        given = runs([1200] * 5 + [900]) + before([1000] * 6)
        row = row_of(judged(given, criterion(aggregate=aggregate, fail={"max_increase_percent": 10})))
        assert row["p"] is None
        assert row["status"] == {"min": "pass", "max": "fail", "sum": "fail"}[aggregate]

    def test_percentiles_by_fisher(self) -> None:
        """Half of the current runs above the baseline's p90, against 2 of 20 before."""
        given = runs([100] * 10 + [200] * 10) + before(list(range(81, 101)))
        row = row_of(judged(given, criterion(aggregate="p90", fail={"max_increase_percent": 20})))
        assert row["status"] == "fail"
        assert row["p"] < 0.001

    def test_a_decrease_of_a_percentile(self) -> None:
        usual = random.Random(1).sample([*range(81, 101)] * 3, 60)
        given = runs([50] * 60) + before(usual, step=10)
        row = row_of(judged(given, criterion(aggregate="p90", fail={"max_decrease_percent": 20})))
        assert row["status"] == "fail"
        assert row["p"] == pytest.approx(0.0137, abs=1e-4)

    def test_means_and_geometric_means_are_ranked(self) -> None:
        for name in ("mean", "geomean"):
            row = row_of(
                judged(runs(SLOW) + before(ORDINARY), criterion(aggregate=name, fail={"max_increase_percent": 20}))
            )
            assert row["status"] == "fail"
            assert row["p"] == pytest.approx(6.0047e-06, rel=1e-4)

    def test_a_geometric_mean_of_a_baseline_with_a_zero_is_missing(self) -> None:
        given = runs(SLOW) + before([0, *ORDINARY])
        assert (
            judged(given, criterion(aggregate="geomean", fail={"max_increase_percent": 20}))["verdict"]
            == "inconclusive"
        )

    def test_a_geometric_mean_ignores_values_of_excluded_locations(self) -> None:
        given = runs(SLOW) + before(ORDINARY) + before([0, 100], node="LON")
        row = row_of(judged(given, criterion(aggregate="geomean", fail={"max_increase_percent": 20})))
        assert (row["status"], row["baseline"]["value"]) == ("fail", None)

    def test_too_few_current_values_are_reported_before_the_baseline(self) -> None:
        result = judged(runs([900] * 3) + before(ORDINARY), criterion(fail={"max_increase_percent": 20}))
        assert row_of(result)["reason"].startswith("3 usable values, 5 needed")

    def test_values_of_any_size(self) -> None:
        for factor in (1e-300, 1e-9, 1e300):
            given = runs([value * factor for value in SLOW]) + before([value * factor for value in ORDINARY])
            row = row_of(judged(given, criterion(fail={"max_increase_percent": 20})))
            assert row["change_percent"] == pytest.approx(30.3914, rel=1e-4)


class TestLocations:
    def test_match_none_compares_without_the_mix_of_locations(self) -> None:
        given = runs([200] * 3, node="NY") + runs([1800] * 7, node="SG") + before([200] * 12, node="NY")
        given += before([1800] * 4, node="SG")
        limits = {"max_increase_percent": 10}
        assert judged(given, criterion(fail=limits))["verdict"] == "pass"
        row = row_of(judged(given, criterion(fail=limits), baseline={"match": "none"}))
        assert row["change_percent"] == pytest.approx(800)

    def test_a_comparison_of_half_of_the_values_is_judged(self) -> None:
        given = runs([100] * 5, node="NY") + runs([900] * 5, node="LON") + before([100] * 6, node="NY")
        row = row_of(judged(given, criterion(fail={"max_increase_percent": 10})))
        assert row["status"] == "pass"
        assert row["baseline"]["excluded_locations"] == ["LON"]

    def test_a_comparison_of_less_than_half_of_the_values_is_missing_data(self) -> None:
        given = runs([100] * 5, node="NY") + runs([900] * 6, node="LON") + before([100] * 6, node="NY")
        row = row_of(judged(given, criterion(fail={"max_increase_percent": 10})))
        assert row["status"] == "inconclusive"
        assert "LON" in row["reason"]

    def test_a_location_with_two_baseline_values_is_excluded(self) -> None:
        given = runs([100] * 6, node="NY") + runs([100] * 3, node="LON") + before([100] * 6, node="NY")
        given += before([100] * 2, node="LON")
        assert row_of(judged(given, criterion(fail={"max_increase_percent": 10})))["baseline"][
            "excluded_locations"
        ] == ["LON"]

    def test_excluded_locations_are_warned_of(self) -> None:
        given = runs([100] * 5, node="NY") + runs([900] * 5, node="LON") + before([100] * 6, node="NY")
        result = judged(given, criterion(fail={"max_increase_percent": 10}))
        assert any("LON" in text for text in result["warnings"])

    def test_the_adjusted_baseline_has_the_current_mix_of_locations(self) -> None:
        given = runs([205] * 3, node="NY") + runs([1845] * 7, node="SG") + before([200] * 12, node="NY")
        given += before([1800] * 4, node="SG")
        row = row_of(judged(given, criterion(fail={"max_increase_percent": 10})))
        assert row["value"] == 1845
        assert row["baseline"]["value"] == 200
        assert row["baseline"]["adjusted"] == pytest.approx(1800)
        assert row["change"] == pytest.approx(45)

    def test_location_is_the_node_then_the_city_then_the_country(self) -> None:
        given = []
        for index in range(5):
            given += [run(60 + index, 1, node="N"), run(90 + index, 1, node=None, city="C", country="X")]
            given += [run(120 + index, 1, node=None, country="X"), run(150 + index, 1, node="")]
        for entry in given:
            extra = {key: entry["metrics"].pop(key) for key in ("city", "country") if key in entry["metrics"]}
            entry.update(extra)
        result = judged(given, criterion(fail={"max": 1}, split_by="location"))
        assert [row["location"] for row in result["criteria"]] == ["C", "N", "X", "unknown"]


class TestSplit:
    def slow_at(self, *nodes: str, of: str = "ABCDE", count: int = 6) -> list[dict[str, Any]]:
        given = []
        for node in of:
            factor = 1.6 if node in nodes else 1.0
            given += runs([factor * value for value in ORDINARY[:count]], node=node) + before(ORDINARY[:12], node=node)
        return given

    def test_each_location_is_judged(self) -> None:
        result = judged(self.slow_at("B"), criterion(fail={"max_increase_percent": 20}, split_by="location"))
        assert result["verdict"] == "fail"
        assert {row["location"]: row["status"] for row in result["criteria"]} == dict(
            zip("ABCDE", ["pass", "fail", "pass", "pass", "pass"])
        )
        assert "(B)" in result["msg"]

    @pytest.mark.parametrize(
        ("slow", "max_failing", "verdict"), [("B", 1, "warn"), ("BC", 1, "fail"), ("BC", 2, "warn"), ("", 1, "pass")]
    )
    def test_max_failing_tolerates_failing_locations(self, slow: str, max_failing: int, verdict: str) -> None:
        split = criterion(fail={"max_increase_percent": 20}, split_by="location", max_failing=max_failing)
        result = judged(self.slow_at(*slow), split)
        assert result["verdict"] == verdict
        if verdict == "warn":
            assert statuses(result).count("warn") == len(slow)
            assert "tolerated" in result["msg"]

    def test_missing_data_is_not_tolerated(self) -> None:
        given = self.slow_at() + runs([1000] * 2, node="F")
        split = criterion(fail={"max_increase_percent": 20}, split_by="location", max_failing=6)
        assert judged(given, split)["verdict"] == "inconclusive"

    def test_a_location_without_current_runs_is_missing_data(self) -> None:
        given = self.slow_at() + before(ORDINARY[:12], node="F")
        result = judged(given, criterion(fail={"max_increase_percent": 20}, split_by="location"))
        assert result["verdict"] == "inconclusive"
        assert result["criteria"][-1]["location"] == "F"
        assert result["criteria"][-1]["samples"] == 0

    def test_a_rare_location_of_the_baseline_is_not_missing_data(self) -> None:
        given = self.slow_at() + before([1000] * 2, node="F")
        assert judged(given, criterion(fail={"max_increase_percent": 20}, split_by="location"))["verdict"] == "pass"

    def test_only_failed_runs_at_a_location(self) -> None:
        given = self.slow_at() + failures(6, start=60, node="F")
        result = judged(given, criterion(fail={"max": 5000}, split_by="location"))
        assert result["verdict"] == "inconclusive"
        assert "6 failed runs" in result["criteria"][-1]["reason"]

    def test_locations_share_the_significance_by_bonferroni(self) -> None:
        """p is 4/210 = 0.019 (4 against 6, two pairs in the wrong order): enough for two groups, not for three."""
        current, usual = [1200, 1210, 1220, 1041], [1000, 1010, 1020, 1030, 1042, 1043]
        split = criterion(fail={"max_increase_percent": 10}, split_by="location", min_samples=4)

        def status(groups: str) -> str:
            given = []
            for node in groups:
                given += runs(current, node=node) + before(usual, node=node)
            (found,) = set(statuses(judged(given, split)))
            return str(found)

        assert status("A") == "fail"
        assert status("AB") == "fail"
        assert status("ABC") == "warn"

    def test_split_by_test_judges_each_test(self) -> None:
        given = []
        for test in (1, 2, 3):
            factor = 1.6 if test == 2 else 1
            given += runs([factor * value for value in ORDINARY], test=test) + before(ORDINARY, test=test)
        split: dict[str, Any] = {"fail": {"max_increase_percent": 20}, "split_by": "test"}
        assert statuses(judged(given, criterion(**split))) == ["pass", "fail", "pass"]
        assert judged(given, criterion(**split, max_failing=1))["verdict"] == "warn"

    def test_availability_by_location(self) -> None:
        given = runs([1] * 6, node="A") + runs([1] * 3, node="B") + failures(3, node="B")
        result = judged(given, {"metric": "availability", "fail": {"min": 99}, "split_by": "location"})
        assert statuses(result) == ["pass", "fail"]

    def test_no_run_at_all(self) -> None:
        result = judged([], criterion(fail={"max": 1}, split_by="location"))
        assert statuses(result) == ["inconclusive"]


class TestTests:
    def test_each_test_is_judged_separately(self) -> None:
        given = runs([900] * 6, test=1, name="Home") + runs([1900] * 6, test=2, name="Cart")
        result = judged(given, criterion(fail={"max": 1000}))
        assert [(row["test_id"], row["test_name"], row["status"]) for row in result["criteria"]] == [
            (1, "Home", "pass"),
            (2, "Cart", "fail"),
        ]
        assert "Cart 2" in result["msg"]

    def test_a_test_without_runs_is_judged(self) -> None:
        result = judged(runs([900] * 6, test=1), criterion(fail={"max": 1000}), test_ids=[1, 2])
        assert statuses(result) == ["pass", "inconclusive"]
        assert result["verdict"] == "inconclusive"

    def test_a_test_that_is_only_in_the_baseline_is_judged(self) -> None:
        given = runs([900] * 6, test=1) + before([900] * 6, test=2)
        assert statuses(judged(given, criterion(fail={"max": 1000}))) == ["pass", "inconclusive"]

    def test_a_test_that_is_only_among_stored_runs_is_judged(self) -> None:
        stored = before([900] * 6, test=1) + before([900] * 6, test=2)
        result = judged(runs([900] * 6, test=1), criterion(fail={"max_increase": 5}), baseline={"runs": stored})
        assert statuses(result) == ["pass", "inconclusive"]

    def test_other_tests_are_ignored(self) -> None:
        given = runs([900] * 6, test=1) + runs([9000] * 6, test=2)
        assert judged(given, criterion(fail={"max": 1000}), test_ids=[1])["verdict"] == "pass"

    def test_ids_as_text_are_the_same_tests(self) -> None:
        given = runs([900] * 3, test="1") + runs([900] * 3, test=1, start=600)
        assert row_of(judged(given, criterion(fail={"max": 1000})))["samples"] == 6

    def test_runs_without_a_test(self) -> None:
        assert judged(runs([900] * 6, test=None), criterion(fail={"max": 1000}))["verdict"] == "pass"

    def test_runs_without_a_test_belong_to_the_only_test(self) -> None:
        result = judged(
            runs([900] * 6, test=5),
            criterion(fail={"max_increase": 5}),
            baseline={"runs": before([900] * 6, test=None)},
        )
        assert result["verdict"] == "pass"
        assert row_of(result)["test_id"] == 5

    def test_data_may_be_tests_with_their_runs(self) -> None:
        tests = [
            {"test_id": 1, "test_name": "Home", "complete": True, "run_count": 6, "runs": runs([900] * 6, test=None)},
            {"test_id": 2, "test_name": None, "complete": True, "run_count": 0, "runs": []},
        ]
        result = judged(tests, criterion(fail={"max": 1000}))
        assert [(row["test_id"], row["test_name"], row["status"]) for row in result["criteria"]] == [
            (1, "Home", "pass"),
            (2, None, "inconclusive"),
        ]

    def test_tests_without_their_runs_are_refused(self) -> None:
        with pytest.raises(GateArgumentError, match="include_runs"):
            judged([{"test_id": 1, "run_count": 6}], criterion(fail={"max": 1000}))

    def test_incomplete_data_is_an_error(self) -> None:
        tests = [{"test_id": 1, "complete": False, "runs": runs([900] * 6)}]
        result = judged(tests, criterion(fail={"max": 1000}))
        assert result["verdict"] == "error"
        assert "not complete" in result["msg"]


class TestBaseline:
    def test_window_before_the_deploy(self) -> None:
        given = runs([1000] * 6) + runs([900] * 6, start=-900, step=10) + runs([100] * 6, start=-600, step=10)
        found = judged(
            given, criterion(fail={"max_increase_percent": 5}), baseline={"before": DEPLOY - 700, "duration": 300}
        )
        row = row_of(found)
        assert row["baseline"]["value"] == 900
        assert row["baseline"]["samples"] == 6
        assert found["windows"]["baseline"] == {"start": iso(DEPLOY - 1000), "end": iso(DEPLOY - 700)}

    def test_borders(self) -> None:
        """The start belongs to the window, the end does not."""
        given = runs([1000] * 6) + runs([1000] * 5, start=-HOUR, step=0, node=None)
        given += runs([5000] * 9, start=-HOUR - 1, step=0, node=None)
        result = judged(given, criterion(fail={"max_increase_percent": 5}), baseline={"match": "none"})
        assert row_of(result)["baseline"]["samples"] == 5
        assert result["runs"]["baseline"] == 5

    def test_runs_of_the_deploy_itself_are_in_neither_window(self) -> None:
        given = (
            runs([1000] * 6, start=300)
            + before([1000] * 6)
            + runs([9000] * 6, start=0, step=1)
            + runs([9000] * 6, start=-300, step=1)
        )
        result = judged(
            given, criterion(fail={"max_increase_percent": 5}), warmup=120, baseline={"before": DEPLOY - 301}
        )
        assert result["verdict"] == "pass"
        assert result["runs"]["warmup"] == 6

    def test_stored_runs_take_the_window_s_place(self) -> None:
        given = runs([1000] * 6) + before([100] * 6)
        stored = runs([1000] * 6, start=-9000000)
        result = judged(given, criterion(fail={"max_increase_percent": 5}), baseline={"runs": stored})
        assert result["verdict"] == "pass"
        assert result["windows"]["baseline"]["start"] == iso(DEPLOY - 9000000)

    def test_a_list_is_stored_runs(self) -> None:
        result = judged(runs([1000] * 6), criterion(fail={"max_increase_percent": 5}), baseline=before([1000] * 6))
        assert result["verdict"] == "pass"

    def test_stored_tests_with_their_runs(self) -> None:
        stored = [{"test_id": 1, "complete": True, "runs": before([1000] * 6)}]
        result = judged(runs([1000] * 6), criterion(fail={"max_increase_percent": 5}), baseline={"runs": stored})
        assert result["verdict"] == "pass"

    def test_empty_stored_runs(self) -> None:
        result = judged(
            runs([1000] * 6) + before([1000] * 9), criterion(fail={"max_increase": 5}), baseline={"runs": []}
        )
        assert result["verdict"] == "inconclusive"
        assert result["windows"]["baseline"] is None

    def test_no_baseline_window_without_a_relative_limit(self) -> None:
        assert judged(runs([1] * 6), criterion(fail={"max": 5}))["windows"]["baseline"] is None

    def test_warnings_before_the_waiting(self) -> None:
        relative = gate(
            criterion(fail={"max_increase_percent": 5}), criterion(fail={"max": 5}), test_ids=[1, 2], min_runs=20
        )
        found = baseline_warnings(relative, before([1000] * 6, test=1) + before([1000] * 2, test=2))
        assert len(found) == 1
        assert "test 2 has 2 usable values" in found[0]
        assert "count as inconclusive" in found[0]
        assert baseline_warnings(gate(criterion(fail={"max": 5})), []) == []


class TestWindow:
    @pytest.mark.parametrize(("since", "duration"), [("1970-01-01T00:00:00Z", None), ("1970-01-01T00:00:00Z", 1e10)])
    def test_since_1970_includes_all_runs(self, since: str, duration: float | None) -> None:
        result = judged(runs([900] * 5), criterion(fail={"max": 1000}), since=since, duration=duration)
        assert (result["verdict"], result["runs"]["used"]) == ("pass", 5)

    def test_borders(self) -> None:
        given = (
            runs([900] * 5, start=120, step=0, node=None)
            + runs([9000] * 5, start=720, step=0, node=None)
            + runs([9000] * 5, start=119.0, step=0, node=None)
        )
        result = judged(given, criterion(aggregate="max", fail={"max": 1000}), warmup=120, duration=600)
        assert result["verdict"] == "pass"
        assert result["windows"]["current"] == {"start": iso(DEPLOY + 120), "end": iso(DEPLOY + 720)}
        assert result["runs"] == {
            "seen": 15, "used": 5, "failed": 0, "unusable": 0, "before": 0, "warmup": 5, "after": 5, "baseline": 0,
            "history": 0, "duplicates": 0,
        }  # fmt: skip

    def test_now_ends_a_window_without_a_duration(self) -> None:
        given = runs([900] * 6) + runs([9000] * 6, start=HOUR)
        assert judged(given, criterion(aggregate="max", fail={"max": 1000}))["verdict"] == "pass"

    def test_a_window_without_now_is_open(self) -> None:
        given = runs([900] * 6) + runs([9000] * 6, start=HOUR)
        assert judged(given, criterion(aggregate="max", fail={"max": 1000}), now=None)["verdict"] == "fail"

    @pytest.mark.parametrize("since", [DEPLOY, str(DEPLOY), "2024-05-01T12:00:00+00:00", "2024-05-01T05:00:00-07:00"])
    def test_since(self, since: Any) -> None:
        given = runs([900] * 6) + runs([9000] * 6, start=-300, step=1)
        assert judged(given, criterion(aggregate="max", fail={"max": 1000}), since=since)["verdict"] == "pass"


class TestMissing:
    @pytest.mark.parametrize(
        ("on_missing", "verdict"), [("inconclusive",) * 2, ("fail",) * 2, ("warn",) * 2, ("pass",) * 2]
    )
    @pytest.mark.parametrize("given", [[], runs([900] * 4), runs([None] * 9), failures(9), runs([900] * 9, start=-500)])
    def test_on_missing(self, given: Any, on_missing: str, verdict: str) -> None:
        """It excuses missing data beside other data, but never a gate without any data."""
        spec = criterion(fail={"max": 1000}, on_missing=on_missing)
        result = judged(given, spec)
        assert result["verdict"] == ("inconclusive" if verdict in ("pass", "warn") else verdict)
        assert statuses(result) == [verdict]
        if given and verdict in ("pass", "warn"):
            assert "nothing could be judged: no enforced criterion has a value" in result["msg"]
            other = [run(300 + i, 50, test=2) for i in range(6)]
            assert judged(given + other, spec)["verdict"] == verdict
        assert row_of(result)["value"] is None
        assert row_of(result)["limit"] is None

    def test_information_without_data_does_not_pass(self) -> None:
        assert judged([], criterion(), criterion(fail={"max": 1}))["verdict"] == "inconclusive"

    def test_a_criterion_without_limits_is_information(self) -> None:
        result = judged(runs([900] * 6), criterion(), criterion(fail={"max": 1000}))
        assert result["verdict"] == "pass"
        assert result["criteria"][0]["limit"] is None
        assert result["report"][0].startswith("info")

    def test_a_criterion_with_only_a_warning_limit_warns(self) -> None:
        assert judged(runs([900] * 6), criterion(warn={"max": 800}))["verdict"] == "warn"
        assert judged(runs([900] * 6), criterion(warn={"max": 900}))["verdict"] == "pass"

    def test_only_enforced_criteria_count_as_data(self) -> None:
        """Only the information has a value; the enforced criterion has none."""
        given = [run(60 + i, 900) for i in range(6)]
        watched = criterion(fail={"max": 1}, enforce=False)
        excused = {"metric": "dns", "fail": {"max": 5}, "on_missing": "pass"}
        assert judged(given, watched, excused)["verdict"] == "inconclusive"
        assert judged(given, watched, criterion(fail={"max": 1000}))["verdict"] == "pass"


class TestOrder:
    GOOD = criterion(fail={"max": 1000})
    DOUBTFUL = criterion(warn={"max": 800})
    BAD = criterion(fail={"max": 800})
    UNKNOWN = criterion(metric="dns", fail={"max": 5})

    @pytest.mark.parametrize(
        ("criteria", "verdict"),
        [
            ([GOOD, DOUBTFUL], "warn"),
            ([DOUBTFUL, UNKNOWN, GOOD], "inconclusive"),
            ([UNKNOWN, BAD, DOUBTFUL], "fail"),
            ([GOOD, {**BAD, "enforce": False}], "pass"),
            ([GOOD, {**UNKNOWN, "enforce": False}], "pass"),
            ([DOUBTFUL, {**BAD, "enforce": False}], "warn"),
        ],
    )
    def test_the_verdict_is_the_worst_enforced_status(self, criteria: list[dict[str, Any]], verdict: str) -> None:
        assert judged(runs([900] * 6), *criteria)["verdict"] == verdict

    @pytest.mark.parametrize(
        ("fail_on", "criterion", "failed"),
        [
            (None, BAD, True),
            (None, UNKNOWN, True),
            (None, DOUBTFUL, False),
            ([], BAD, False),
            (["warn"], DOUBTFUL, True),
            (["fail"], UNKNOWN, False),
            ("fail, warn", DOUBTFUL, True),
        ],
    )
    def test_fail_on(self, fail_on: Any, criterion: dict[str, Any], failed: bool) -> None:
        assert judged(runs([900] * 6), criterion, fail_on=fail_on)["failed"] is failed

    def test_warnings_of_criteria_become_warnings_of_the_result(self) -> None:
        assert any("900 ms" in text for text in judged(runs([900] * 6), self.DOUBTFUL)["warnings"])
        assert judged(runs([900] * 6), self.GOOD)["warnings"] == []


class TestEvents:
    ALERTS = criterion(metric="alerts", fail={"max": 0})

    def alert(self, seconds: float = 60, level: str | None = "critical", test: int | None = 1) -> dict[str, Any]:
        return {"time": iso(DEPLOY + seconds), "test_id": test, "level": level}

    def test_none(self) -> None:
        assert judged(runs([1] * 6), self.ALERTS, alerts=[])["verdict"] == "pass"

    def test_alerts_that_were_not_read_do_not_pass(self) -> None:
        result = judged(runs([1] * 6), self.ALERTS)
        assert result["verdict"] == "inconclusive"
        assert "not read" in row_of(result)["reason"]
        assert judged(runs([1] * 6), {**self.ALERTS, "on_missing": "fail"}, alerts=None)["verdict"] == "fail"

    def test_since_the_deploy(self) -> None:
        result = judged(runs([1] * 6), self.ALERTS, alerts=[self.alert(-1), self.alert(0), self.alert(9, "warning")])
        assert (result["verdict"], row_of(result)["value"]) == ("fail", 2)
        assert "1 critical, 1 warning" in row_of(result)["reason"]

    def test_levels(self) -> None:
        given = [self.alert(level=level) for level in ("warning", "information", "improved", "information")]
        assert row_of(judged([], self.ALERTS, alerts=given, test_ids=[1]))["value"] == 1
        all_levels = {**self.ALERTS, "levels": ["critical", "information"]}
        assert row_of(judged([], all_levels, alerts=given, test_ids=[1]))["value"] == 2

    def test_an_alert_with_unknown_members_counts(self) -> None:
        given = [{"level": None}, {"test_id": None, "level": "odd"}, self.alert(test=None)]
        result = judged(runs([1] * 6), self.ALERTS, alerts=given)
        assert row_of(result)["value"] == 3
        assert "2 of unknown level" in row_of(result)["reason"]

    def test_alerts_count_for_their_test(self) -> None:
        given = runs([1] * 6, test=1) + runs([1] * 6, test=2)
        result = judged(given, self.ALERTS, alerts=[self.alert(test=2)])
        assert statuses(result) == ["pass", "fail"]

    @pytest.mark.parametrize("alerts", [["x"], [{"time": "noon"}], [{"test_id": "home"}], [5]])
    def test_unreadable(self, alerts: Any) -> None:
        result = judged(runs([1] * 6), self.ALERTS, alerts=alerts)
        assert result["verdict"] == "error"
        assert "alerts" in result["msg"]

    def test_slo_violations(self) -> None:
        one = {"metric": "slo_violations", "fail": {"max": 0}, "warn": {"max": 0}}
        given = [{"start": iso(DEPLOY + 5), "end": None, "test_id": 1}, {"start": iso(DEPLOY - 5), "test_id": 1}]
        result = judged(runs([1] * 6), one, slo_violations=given)
        assert (result["verdict"], row_of(result)["value"]) == ("fail", 1)
        assert "1 slo violation is above the limit 0" in row_of(result)["reason"]
        assert judged(runs([1] * 6), one)["verdict"] == "inconclusive"

    def test_warning_limit(self) -> None:
        one = {"metric": "alerts", "fail": {"max": 2}, "warn": {"max": 0}}
        assert judged(runs([1] * 6), one, alerts=[self.alert()])["verdict"] == "warn"


class TestUnreadableData:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"time": None}, "not a"),
            ({"time": "yesterday"}, "not a"),
            ({"time": 5}, "not a"),
            ({"failed": None}, "failed"),
            ({"failed": "no"}, "failed"),
            ({"failed": 0}, "failed"),
            ({"metrics": [1]}, "metrics"),
            ({"metrics": "test_time"}, "metrics"),
            ({"test_id": "home"}, "test_id"),
            ({"test_id": 1.5}, "test_id"),
            ({"test_id": True}, "test_id"),
        ],
    )
    def test_verdict_error(self, change: dict[str, Any], words: str) -> None:
        given = runs([900] * 6)
        given[2].update(change)
        result = judged(given, criterion(fail={"max": 1000}))
        assert (result["verdict"], result["failed"]) == ("error", True)
        assert "Run 3" in result["msg"]
        assert words in result["msg"]
        assert judged(given, criterion(fail={"max": 1000}), fail_on=[])["failed"] is False

    @pytest.mark.parametrize("key", ["time", "failed"])
    def test_runs_without_a_required_member_are_unreadable(self, key: str) -> None:
        given = runs([900] * 6)
        del given[0][key]
        assert f"it has no {key}" in judged(given, criterion(fail={"max": 1000}))["msg"]

    @pytest.mark.parametrize("entry", [None, 5, "run", [], True])
    def test_an_entry_that_is_not_a_run_is_an_error(self, entry: Any) -> None:
        result = judged([*runs([900] * 6), entry], criterion(fail={"max": 1000}))
        assert result["verdict"] == "error"
        assert "not a dictionary" in result["msg"]

    def test_runs_without_metrics(self) -> None:
        given = runs([900] * 6)
        for entry in given:
            entry["metrics"] = None
        assert judged(given, criterion(fail={"max": 1000}))["verdict"] == "inconclusive"

    @pytest.mark.parametrize("value", [None, 5, "runs", {"tests": []}])
    def test_data_that_is_not_a_list_is_refused(self, value: Any) -> None:
        with pytest.raises(GateArgumentError, match="list of runs"):
            judged(value, criterion(fail={"max": 1000}))

    def test_iterators_are_accepted_as_data(self) -> None:
        assert judged((entry for entry in runs([900] * 6)), criterion(fail={"max": 1000}))["verdict"] == "pass"


class TestResult:
    KEYS = (
        "changed", "clock_skew_seconds", "criteria", "failed", "msg", "notes", "outages", "plot", "report", "runs",
        "verdict", "waited", "warnings", "windows",
    )  # fmt: skip

    def test_shape(self) -> None:
        result = judged(runs(SLOW) + before(ORDINARY), criterion(fail={"max_increase_percent": 20}))
        assert tuple(sorted(result)) == self.KEYS
        assert set(row_of(result)) >= {
            "name", "metric", "aggregate", "test_id", "location", "status", "enforced", "value", "unit", "limit",
            "samples", "baseline", "change", "change_percent", "p", "reason",
        }  # fmt: skip
        assert row_of(result)["limit"] == {
            "level": "fail",
            "key": "max_increase_percent",
            "value": 20,
            "text": "limit +20 %",
        }
        assert row_of(result)["unit"] == "ms"
        assert result["msg"] == (
            "performance gate: FAIL (1 of 1 criterion): test_time median 1308 ms is 30.4 % above the baseline 1003 ms "
            "(limit +20 %)"
        )
        assert result["report"][0] == (
            "FAIL  test_time median  1308 ms  baseline 1003 ms  +30.4 %  limit +20 %  p<0.001  10 v 20 runs"
        )

    def test_the_result_is_json(self) -> None:
        given = runs([3, 0, 3, 5, 9, 1]) + before([0] * 12)
        rows = [
            criterion(aggregate=name, fail={"max_increase_percent": 1})
            for name in ("median", "mean", "max", "sum", "p75")
        ]
        result = judged(given, *rows)
        assert json.loads(json.dumps(result, allow_nan=False)) == result

    def test_error_and_skipped_have_the_same_keys(self) -> None:
        one = gate(criterion(fail={"max": 1}), fail_on=["fail"])
        error = rendered(error_result(one, "The service answered 503.", now=DEPLOY))
        skipped = rendered(skipped_result(one, "check mode", now=DEPLOY))
        assert tuple(sorted(error)) == tuple(sorted(skipped)) == self.KEYS
        assert (error["verdict"], error["failed"]) == ("error", False)
        assert (skipped["verdict"], skipped["failed"]) == ("skipped", False)
        assert error["msg"] == "performance gate: ERROR: The service answered 503."

    def test_value_and_limit_are_shown_with_enough_decimals(self) -> None:
        """The message must not say that 1000 ms is above 1000 ms."""
        for value, shown in ((1000.4, "1000.4 ms"), (1000.04, "1000.04 ms"), (1001, "1001 ms")):
            result = judged(runs([value] * 5), criterion(fail={"max": 1000}))
            assert f"{shown} is above the limit 1000 ms" in result["msg"]

    def test_names_are_shown_on_one_line(self) -> None:
        given = runs([900] * 6, test=1, name="a\nb\x1b[31m\u202e") + runs([900] * 6, test=2)
        result = judged(given, criterion(fail={"max": 1}))
        assert "a b [31m 1" in result["msg"]
        assert all("\n" not in line and "\x1b" not in line for line in result["report"])

    def test_report_in_columns(self) -> None:
        given = runs([900] * 10) + failures(2)
        result = judged(
            given,
            criterion(fail={"max": 1000}),
            {"metric": "availability", "fail": {"min": 99}},
            criterion(aggregate="p95", fail={"max": 1000}),
        )
        assert result["report"][:3] == [
            "FAIL          availability      83.33 %  limit >= 99 %     p=0.0062  12 runs",
            "inconclusive  test_time p95           -  10 usable values, 20 needed (2 failed runs)",
            "pass          test_time median   900 ms  limit <= 1000 ms            10 runs",
        ]
