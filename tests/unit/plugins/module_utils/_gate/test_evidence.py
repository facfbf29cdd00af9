# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence and missing data: which runs count, and the reasons in the result."""

from __future__ import annotations

import random
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import gather
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import Analysis, Look
from ansible_collections.community.catchpoint.plugins.module_utils._gate.preflight import baseline_warnings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Row, judge_again, judge_part, parts
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

AVAILABLE = {"metric": "availability", "fail": {"min": 99}}
RISE = criterion(fail={"max_increase_percent": 20})
PLACES = ("FRA", "LON", "NY", "SG", "SYD")


def row_of(result: dict[str, Any]) -> dict[str, Any]:
    (row,) = result["criteria"]
    assert isinstance(row, dict)
    return row


def everywhere(factors: dict[str, float], *, seed: int = 2) -> list[dict[str, Any]]:
    """Runs at five locations, twelve before and six after, with a separate change at each."""
    generator = random.Random(seed)
    found = []
    for index, place in enumerate(PLACES):
        usual = 200.0 * (1 + index)
        found += before([usual * generator.lognormvariate(0, 0.25) for _k in range(12)], node=place, step=250)
        now = [usual * factors.get(place, 1.0) * generator.lognormvariate(0, 0.25) for _k in range(6)]
        found += runs(now, node=place, step=300)
    return found


class TestAvailability:
    def test_one_failed_run_of_twenty_is_within_noise(self) -> None:
        row = row_of(judged(runs([900] * 19) + failures(1), AVAILABLE))
        assert (row["status"], row["note"], row["level"]) == ("warn", "within noise", 0.05)
        assert row["reason"] == ("95 % of 20 runs is below the limit 99 % (1 failed run, within noise: p=0.18)")

    def test_two_failed_runs_of_twenty_are_evidence(self) -> None:
        row = row_of(judged(runs([900] * 18) + failures(2), AVAILABLE))
        assert row["status"] == "fail"
        assert row["reason"] == "90 % of 20 runs is below the limit 99 % (2 failed runs, p=0.017)"

    def test_without_significance_no_p_is_quoted(self) -> None:
        row = row_of(judged(runs([900] * 19) + failures(1), {**AVAILABLE, "significance": 0}))
        assert (row["status"], row["level"]) == ("fail", None)
        assert row["reason"] == "95 % of 20 runs is below the limit 99 %"

    def test_locations_of_a_split_share_the_significance(self) -> None:
        given = [entry for place in PLACES for entry in runs([900] * 5, node=place)][:-1]
        given += failures(1, node="SYD")
        rows = judged(given, {**AVAILABLE, "split_by": "location"})["criteria"]
        assert [row["status"] for row in rows] == ["pass", "pass", "pass", "pass", "warn"]
        assert "p=0.049, needs 0.01: shared by 5 locations" in rows[-1]["reason"]

    def test_a_baseline_without_a_passed_run_is_inconclusive(self) -> None:
        given = failures(10, start=60) + failures(20, start=-HOUR + 60)
        row = row_of(judged(given, {"metric": "availability", "fail": {"max_decrease": 1}}))
        assert row["status"] == "inconclusive"
        assert row["reason"] == "every run of the baseline failed (20 runs): it cannot get worse"

    def test_too_few_failed_runs_to_prove_a_low_availability_are_inconclusive(self) -> None:
        spec = {"metric": "availability", "fail": {"min": 50}, "min_samples": 4}
        row = row_of(judged(failures(4, start=60), spec))
        assert (row["status"], row["note"]) == ("inconclusive", "not attainable")
        assert row["reason"] == "4 runs cannot prove an availability below 50 % at 0.05; 5 are needed"


class TestMissing:
    def test_fewer_than_half_usable_values_are_inconclusive(self) -> None:
        row = row_of(judged(runs([900] * 5) + failures(95, start=600), criterion(fail={"max": 1000})))
        assert row["status"] == "inconclusive"
        assert row["reason"] == "only 5 of 100 runs have a usable value (95 failed)"

    def test_fewer_than_half_usable_values_in_the_baseline_are_inconclusive(self) -> None:
        given = runs([900] * 10) + before([900] * 8) + failures(12, start=-1800)
        reason = row_of(judged(given, RISE))["reason"]
        assert reason == "fewer than half of the baseline's runs have a usable value (8 of 20, 12 failed)"

    def test_alerts_without_runs_are_inconclusive(self) -> None:
        spec = {"metric": "alerts", "fail": {"max": 0}}
        row = row_of(judged([], spec, alerts=[]))
        assert (row["status"], row["value"]) == ("inconclusive", None)
        assert row["reason"] == "no run in the window: nothing could raise an alert"
        alert = {"time": DEPLOY + 60, "test_id": None, "level": "critical"}
        assert judged([], spec, alerts=[{**alert, "time": None}])["verdict"] == "fail"
        assert judged(runs([900]), spec, alerts=[])["verdict"] == "pass"

    @pytest.mark.parametrize(("groups", "status"), [(13, "inconclusive"), (12, "pass")])
    def test_an_unattainable_significance_is_inconclusive(self, groups: int, status: str) -> None:
        given = []
        for index in range(groups):
            place = f"P{index:02}"
            given += runs([900 + k for k in range(5)], node=place) + before([900 + k for k in range(5)], node=place)
        result = judged(given, {**RISE, "split_by": "location"})
        assert result["verdict"] == status
        if status == "inconclusive":
            assert result["criteria"][0]["reason"] == (
                "5 v 5 values cannot show a change at 0.0038 (0.05 shared by 13 locations); 6 are needed"
            )

    def test_a_significance_that_no_number_of_runs_attains_is_explained(self) -> None:
        given = runs([900] * 6) + before([900] * 6)
        reason = row_of(judged(given, {**RISE, "significance": 1e-200}))["reason"]
        assert "no number of runs is enough: raise significance" in reason

    def test_a_broken_absolute_limit_fails_despite_an_unattainable_significance(self) -> None:
        given = runs([1500, 1510, 1520]) + before([1000, 1010, 1020])
        spec = criterion(fail={"max": 1400, "max_increase_percent": 20}, min_samples=3)
        assert judged(given, spec)["verdict"] == "fail"


class TestDuplicates:
    def test_duplicates_count_once_with_a_warning(self) -> None:
        result = judged(runs([900] * 6) * 3 + before([900] * 6) * 2, RISE)
        assert result["runs"]["duplicates"] == 18
        assert (row_of(result)["samples"], row_of(result)["baseline"]["samples"]) == (6, 6)
        assert "performance gate: 18 duplicate runs were counted once" in result["warnings"]

    def test_a_failed_duplicate_takes_precedence(self) -> None:
        given = runs([900] * 5)
        assert row_of(judged([*given, run(60, failed=True)], AVAILABLE))["failed"] == 1
        assert row_of(judged([run(60, failed=True), *given], AVAILABLE))["failed"] == 1

    def test_runs_of_other_nodes_other_tests_or_unnamed_nodes_are_not_duplicates(self) -> None:
        given = [run(60, 900, node="NY"), run(60, 900, node="LON"), run(60, 900, node="NY", test=2)]
        given += [run(60, 900, node=None), run(60, 900, node=None)]
        assert judged(given, criterion(fail={"max": 1000}))["runs"]["duplicates"] == 0

    def test_duplicates_are_found_by_node_id(self) -> None:
        given = [{**run(60, 900, node=None), "node_id": 7}] * 2
        assert judged(given, criterion(fail={"max": 1000}))["runs"]["duplicates"] == 1


class TestLostLocations:
    @property
    def two_places(self) -> list[dict[str, Any]]:
        places = ("NY", "LON")
        return [entry for node in places for entry in runs([900] * 8, node=node) + before([900] * 12, node=node)]

    def test_a_lost_location_is_named_in_a_warning(self) -> None:
        result = judged(self.two_places + before([900] * 12, node="SG"), RISE)
        assert (result["verdict"], row_of(result)["baseline"]["lost_locations"]) == ("pass", ["SG"])
        assert (
            "performance gate: test_time median: no runs any more from SG (12 in the baseline): is the node down, or "
            "was the test changed?"
        ) in result["warnings"]

    def test_a_location_with_few_expected_runs_is_not_lost(self) -> None:
        """Fewer than three runs were expected there."""
        result = judged(self.two_places + before([900] * 4, node="SG"), RISE)
        assert row_of(result)["baseline"]["lost_locations"] == []

    def test_losing_most_of_the_baseline_is_inconclusive(self) -> None:
        result = judged(self.two_places + before([900] * 50, node="SG", step=60), RISE)
        assert row_of(result)["reason"] == "1 of 3 locations sends no runs any more (SG)"
        assert result["verdict"] == "inconclusive"

    def test_a_lost_location_gets_a_row_for_absolute_limits_too(self) -> None:
        """As soon as any criterion reads the baseline."""
        each = criterion(fail={"max": 1000}, split_by="location")
        given = self.two_places + before([900] * 12, node="SG")
        assert statuses(judged(given, each)) == ["pass", "pass"]
        assert statuses(judged(given, each, RISE)) == ["pass", "pass", "inconclusive", "pass"]


class TestAutocorrelation:
    @staticmethod
    def drifting(hours: int = 5, seed: int = 2) -> list[dict[str, Any]]:
        generator = random.Random(seed)
        level, values = 0.0, []
        for _minute in range(60 * hours + 20):
            level = 0.95 * level + generator.gauss(0, 0.05)
            values.append(1000 * 2.718281828 ** (level + generator.gauss(0, 0.02)))
        return runs(values, start=-HOUR * hours, step=60)

    def test_effective_samples_come_from_the_history(self) -> None:
        spec = criterion(fail={"max_increase_percent": 0})
        with_history = judged(self.drifting(), spec)
        row = row_of(with_history)
        assert row["inflation"] > 3
        assert row["effective_samples"] == max(1, round(20 / row["inflation"]))
        assert with_history["runs"]["history"] == 240
        assert with_history["windows"]["history"] == {"start": "2024-05-01T07:00:00Z", "end": "2024-05-01T11:00:00Z"}
        without = judged(self.drifting(), spec, baseline={"history": 0})
        assert without["windows"]["history"] is None
        assert without["runs"]["history"] == 0
        assert row_of(without)["inflation"] != row["inflation"]

    def test_a_change_within_noise_quotes_the_effective_samples(self) -> None:
        given = [_slower(entry) if entry["time"] >= "2024-05-01T12" else entry for entry in self.drifting(seed=5)]
        row = row_of(judged(given, criterion(fail={"max_increase_percent": 0})))
        assert (row["status"], row["effective_samples"]) == ("warn", 2)
        assert row["reason"].endswith("(beyond limit +0 %, but within noise: p=0.17; 20 runs count as 2)")

    def test_stored_runs_are_judged_without_a_history(self) -> None:
        stored = before([900] * 40, step=60)
        result = judged(runs([900] * 6), RISE, baseline={"runs": stored})
        assert (result["windows"]["history"], result["runs"]["history"]) == (None, 0)
        assert row_of(result)["inflation"] == 1.0

    def test_availability_is_not_corrected(self) -> None:
        given = runs([900] * 10) + before([900] * 20)
        row = row_of(judged(given, {"metric": "availability", "fail": {"max_decrease": 1}}))
        assert (row["inflation"], row["effective_samples"]) == (None, None)


def _slower(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "metrics": {"test_time": 1.1 * entry["metrics"]["test_time"]}}


class TestSingleLocation:
    def test_a_regression_at_a_single_location_warns_and_names_it(self) -> None:
        result = judged(everywhere({"SG": 3.0}), criterion(fail={"max_increase_percent": 10}))
        row = row_of(result)
        assert (row["status"], row["note"], row["single_location"]) == ("warn", "one location", "SG")
        assert "is at SG alone (+" in row["reason"]
        assert "; the other 4 locations: " in row["reason"]
        assert row["reason"].endswith("(beyond limit +10 %)")

    def test_single_location_fail_fails(self) -> None:
        spec = criterion(fail={"max_increase_percent": 10}, single_location="fail")
        row = row_of(judged(everywhere({"SG": 3.0}), spec))
        assert (row["status"], row["single_location"]) == ("fail", None)

    def test_a_regression_at_all_locations_fails(self) -> None:
        factors = dict.fromkeys(PLACES, 1.4)
        row = row_of(judged(everywhere({**factors, "SG": 4.0}), criterion(fail={"max_increase_percent": 10})))
        assert (row["status"], row["single_location"]) == ("fail", None)

    def test_a_single_location_needs_four_locations(self) -> None:
        given = [entry for entry in everywhere({"NY": 3.0}) if entry["node"] in ("LON", "NY", "FRA")]
        row = row_of(judged(given, criterion(fail={"max_increase_percent": 10})))
        assert (row["status"], row["single_location"]) == ("fail", None)

    def test_a_decrease_at_a_single_location_warns(self) -> None:
        row = row_of(judged(everywhere({"NY": 0.2}, seed=3), criterion(fail={"max_decrease_percent": 5})))
        assert (row["status"], row["single_location"]) == ("warn", "NY")


class TestMaxFailing:
    @staticmethod
    def at(**values: float) -> list[dict[str, Any]]:
        return [entry for place, value in values.items() for entry in runs([value] * 6, node=place)]

    def limited(self, allowed: int, **more: Any) -> dict[str, Any]:
        return criterion(fail={"max": 1000}, split_by="location", max_failing=allowed, **more)

    def test_max_failing_of_all_locations_tolerates_none(self) -> None:
        result = judged(self.at(NY=5000, LON=5000), self.limited(2))
        assert statuses(result) == ["fail", "fail"]
        assert "not tolerated: max_failing is 2 of 2 locations" in result["criteria"][0]["reason"]

    def test_a_failure_is_not_tolerated_if_no_other_location_passes(self) -> None:
        given = [*self.at(NY=5000), *runs([900] * 3, node="LON")]
        result = judged(given, self.limited(1))
        assert statuses(result) == ["inconclusive", "fail"]
        assert "not tolerated: no other location passes" in result["criteria"][1]["reason"]

    def test_missing_data_is_not_tolerated(self) -> None:
        given = [*self.at(NY=900, SG=900), *runs([900] * 3, node="LON")]
        result = judged(given, self.limited(1, on_missing="fail"))
        assert statuses(result) == ["fail", "pass", "pass"]
        assert result["criteria"][0]["reason"].endswith("not tolerated: its data is missing")

    def test_one_failing_location_of_three_is_tolerated(self) -> None:
        result = judged(self.at(NY=900, SG=900, LON=5000), self.limited(1))
        assert statuses(result) == ["warn", "pass", "pass"]
        assert result["criteria"][0]["reason"].endswith("; tolerated: 1 of 1 that may fail")


class TestAnalysis:
    """A row that is judged as one of several interim analyses."""

    def row(self, current: list[float], analysis: Analysis | None) -> Row:
        one = gate(RISE, min_runs=30, warmup=0)
        dataset = gather(one, runs(current), before(ORDINARY))
        (part, groups) = next(iter(parts(one, dataset).items()))
        return judge_part(one, dataset, {}, part, groups, analysis)

    def test_the_level_of_the_analysis_decides(self) -> None:
        assert self.row(SLOW, Analysis(1e-4)).status.status == "fail"
        row = self.row(SLOW, Analysis(1e-7, (Look(10, 1e-7),), "10 of 30 runs"))
        assert row.status.status == "warn"
        assert "but within noise: p=" in row.status.reason
        assert "1e-07 needed after 10 of 30 runs)" in row.status.reason

    def test_a_change_does_not_fail_between_analyses(self) -> None:
        row = self.row(SLOW, Analysis(None, (), "7 of 30 runs"))
        assert row.status.status == "warn"
        assert row.status.reason.endswith("(beyond limit +20 %, but no interim analysis yet: 7 of 30 runs)")

    def test_the_level_is_ignored_without_significance(self) -> None:
        one = gate({**RISE, "significance": 0}, min_runs=30, warmup=0)
        dataset = gather(one, runs(SLOW), before(ORDINARY))
        (part, groups) = next(iter(parts(one, dataset).items()))
        assert judge_part(one, dataset, {}, part, groups, Analysis(None)).fails


class TestBeforeTheWait:
    @staticmethod
    def places(count: int) -> list[dict[str, Any]]:
        return [entry for k in range(count) for entry in before([900 + i for i in range(5)], node=f"P{k:02}")]

    def test_a_criterion_that_can_never_fail_is_warned_of(self) -> None:
        one = gate({**RISE, "split_by": "location"}, min_runs=5)
        (warning,) = baseline_warnings(one, self.places(13))
        assert warning == (
            "test_time median can never fail: 5 runs against 5 at each of 13 locations give p=0.004 at best, and "
            "0.0038 is needed. Wait for 6 runs, or judge fewer locations. It will count as inconclusive."
        )
        assert baseline_warnings(one, self.places(12)) == []

    def test_expected_runs_come_from_the_duration(self) -> None:
        given = before([900 + i for i in range(60)], step=60)
        assert baseline_warnings(gate(RISE, duration=900), given) == []
        (warning,) = baseline_warnings(gate({**RISE, "significance": 0.01}, duration=60), given)
        assert "1 run against 59 gives p=" in warning
        assert "Wait for 2 runs." in warning

    def test_an_unprovable_availability_limit_is_warned_of(self) -> None:
        spec = {"metric": "availability", "fail": {"min": 50}, "min_samples": 4}
        (warning,) = baseline_warnings(gate(spec, min_runs=4), [])
        assert warning.startswith("availability can never fail: 4 runs give p=0.062 at best, and 0.05 is needed.")
        assert baseline_warnings(gate(spec, min_runs=5), []) == []

    def test_an_unprovable_decrease_of_availability_is_warned_of(self) -> None:
        spec = {"metric": "availability", "fail": {"max_decrease": 1}}
        assert baseline_warnings(gate(spec, min_runs=5), before([900] * 20)) == []
        bad = before([900] * 2) + failures(18, start=-1800)
        (warning,) = baseline_warnings(gate(spec, min_runs=5), bad)
        assert "against 20 give p=" in warning

    @pytest.mark.parametrize("more", [{"significance": 0}, {"aggregate": "max"}])
    def test_criteria_without_a_significance_test_are_not_warned_of(self, more: dict[str, Any]) -> None:
        assert baseline_warnings(gate({**RISE, **more}, min_runs=1), self.places(1)) == []

    def test_a_significance_that_no_number_of_runs_attains_is_explained(self) -> None:
        spec = {**RISE, "significance": 1e-200}
        (warning,) = baseline_warnings(gate(spec, min_runs=20), self.places(1))
        assert "No number of runs is enough: raise significance." in warning


class TestInformation:
    """Rows without limits and rows that are not enforced show their change as well."""

    @pytest.mark.parametrize("spec", [criterion(), criterion(fail={"max": 1}, enforce=False)])
    def test_information_is_compared_if_a_baseline_is_read(self, spec: dict[str, Any]) -> None:
        result = judged(runs(SLOW) + before(ORDINARY), spec, RISE)
        row, compared = result["criteria"]
        assert row["change_percent"] == pytest.approx(compared["change_percent"])
        assert row["baseline"]["adjusted"] == pytest.approx(1002.75)
        assert "baseline 1003 ms  +30.4 %" in " ".join(result["report"])

    def test_information_does_not_need_a_baseline(self) -> None:
        rows = judged(runs(SLOW), criterion(), {**RISE, "on_missing": "warn"})["criteria"]
        assert [row["status"] for row in rows] == ["pass", "warn"]
        assert judged(runs(SLOW), criterion(), criterion(fail={"max": 9000}))["criteria"][0]["baseline"] is None

    def test_availability(self) -> None:
        given = runs([900] * 8) + failures(2) + before([900] * 20)
        row = judged(given, {"metric": "availability"}, RISE)["criteria"][0]
        assert (row["status"], row["change"]) == ("pass", -20)


def test_the_report_shows_the_effective_samples() -> None:
    given = TestAutocorrelation.drifting(seed=5)
    report = judged(given, criterion(fail={"max_increase_percent": 50}))["report"]
    assert "20 v 60 runs (count as 2)" in report[0]
    assert report[2].endswith(": 60 runs, and 240 runs before it")


def test_repeating_an_analysis_gives_the_same_row() -> None:
    one = gate(RISE, min_runs=30, warmup=0)
    for given in (runs(SLOW) + before(ORDINARY), runs(SLOW[:3]), everywhere({"SG": 3.0})):
        dataset = gather(one, given, given)
        (part, groups) = next(iter(parts(one, dataset).items()))
        first = judge_part(one, dataset, {}, part, groups, Analysis(None, (), "7 of 30 runs"))
        final = Analysis(0.04, (Look(10, 0.04),))
        assert judge_again(one, dataset, first, final) == judge_part(one, dataset, {}, part, groups, final)
