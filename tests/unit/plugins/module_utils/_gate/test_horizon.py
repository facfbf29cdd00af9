# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When to stop waiting: at the horizon, when nothing can change the verdict, or at the timeout."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import FAIL, PASS, Decision
from ansible_collections.community.catchpoint.plugins.module_utils._gate.horizon import decide
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.preflight import baseline_warnings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import DataError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import (
    Waited,
    judge,
)
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    before,
    criterion,
    failures,
    gate,
    run,
    runs,
)

MEDIAN = criterion(fail={"max": 1000})
AVAILABLE = criterion(metric="availability", fail={"min": 99})


def poll(one: Gate, given: list[dict[str, Any]], seconds: float, **more: Any) -> Decision:
    return decide(one, given, now=DEPLOY + seconds, started=DEPLOY, **more)


def verdict(one: Gate, given: list[dict[str, Any]], decision: Decision, seconds: float, **more: Any) -> dict[str, Any]:
    judgement = judge(one, given, now=DEPLOY + seconds, decision=decision, waited=Waited(seconds, 3, 0), **more)
    return rendered(judgement)


class TestHorizon:
    def test_w01_the_gate_waits_for_min_runs(self) -> None:
        one = gate(MEDIAN, min_runs=5)
        seen = {0: 0, 60: 2, 120: 4, 180: 6}
        decisions = {at: poll(one, runs([900] * count, step=25), at) for at, count in seen.items()}
        assert [decision.done for decision in decisions.values()] == [False, False, False, True]
        result = verdict(one, runs([900] * 6), decisions[180], 180)
        assert (result["verdict"], result["criteria"][0]["samples"]) == ("pass", 6)
        assert result["waited"] == {
            "seconds": 180, "polls": 3, "timed_out": False, "stopped_early": False, "ended_by": "horizon",
            "reached": "6 runs (5 required)", "api_retries": 0,
        }  # fmt: skip

    def test_w02_the_gate_stops_at_the_timeout(self) -> None:
        one = gate(MEDIAN, min_runs=5, wait_timeout=300)
        given = runs([900] * 3, step=60)
        assert not poll(one, given, 299).done
        decision = poll(one, given, 300)
        assert (decision.done, decision.timed_out) == (True, True)
        result = verdict(one, given, decision, 300)
        assert (result["verdict"], result["waited"]["timed_out"]) == ("inconclusive", True)
        assert "3 of 5 runs in 300 s" in result["msg"]

    def test_available_runs_are_judged_at_the_timeout(self) -> None:
        one = gate(AVAILABLE, criterion(fail={"max": 5}), min_runs=20, wait_timeout=300)
        given = runs([900] * 8)
        result = verdict(one, given, poll(one, given, 300), 300)
        assert [row["status"] for row in result["criteria"]] == ["pass", "fail"]

    def test_the_horizon_comes_before_the_timeout(self) -> None:
        decision = poll(gate(MEDIAN, min_runs=5, wait_timeout=300), runs([900] * 5), 300)
        assert (decision.done, decision.timed_out) == (True, False)

    def test_failed_runs_count(self) -> None:
        assert poll(gate(MEDIAN, min_runs=5, fail_fast=False), runs([900] * 3) + failures(2), 300).done

    def test_runs_of_the_warm_up_do_not_count(self) -> None:
        given = runs([900] * 5, start=0, step=10) + runs([900] * 4, start=120)
        assert not poll(gate(MEDIAN, min_runs=5, warmup=120), given, 300).done

    def test_each_test_needs_its_runs(self) -> None:
        one = gate(MEDIAN, min_runs=5, test_ids=[1, 2])
        given = runs([900] * 9, test=1) + runs([900] * 4, test=2)
        decision = poll(one, given, 300)
        assert not decision.done
        assert decision.reached == "4 of 5 runs of test 2"
        assert poll(one, given + runs([900], test=2, start=290), 300).done

    def test_runs_of_control_tests_do_not_count(self) -> None:
        one = gate(MEDIAN, min_runs=5, baseline={"control_test_ids": [9]})
        assert not poll(one, runs([900] * 9, test=9), 300).done

    def test_each_location_of_a_split_needs_its_runs(self) -> None:
        one = gate(criterion(fail={"max": 1000}, split_by="location"), min_runs=5)
        given = runs([900] * 5, node="A") + runs([900] * 4, node="B")
        decision = poll(one, given, 300)
        assert not decision.done
        assert decision.reached == "4 of 5 runs at B"
        assert poll(one, given + runs([900], node="B", start=290), 300).done

    def test_locations_of_the_baseline_need_their_runs(self) -> None:
        one = gate(criterion(fail={"max_increase_percent": 10}, split_by="location"), min_runs=5)
        known = before([900] * 6, node="A") + before([900] * 6, node="B")
        decision = poll(one, runs([900] * 9, node="A"), 300, baseline_runs=known)
        assert not decision.done
        assert "0 of 5 runs at B" in decision.reached

    def test_duration(self) -> None:
        one = gate(MEDIAN, duration=600, warmup=60, grace_period=30)
        given = runs([900] * 50, step=10)
        assert not poll(one, given, 689).done
        assert poll(one, given, 690).done
        assert poll(one, [], 690).done
        assert poll(one, given, 360).reached == "5 min of 10 min"

    def test_a_timeout_before_the_end_of_the_duration_stops_the_wait(self) -> None:
        one = gate(MEDIAN, duration=600, wait_timeout=300)
        decision = poll(one, runs([900] * 3), 300)
        assert decision.timed_out
        assert "timed out" in verdict(one, runs([900] * 3), decision, 300)["msg"]

    def test_a_deploy_of_the_past_is_judged_without_waiting(self) -> None:
        one = gate(MEDIAN, min_runs=5, since=DEPLOY - 3600)
        assert poll(one, before([900] * 6), 0).done

    def test_w07_an_early_change_needs_more_evidence(self) -> None:
        """+26 % with p=0.03 at 6 runs, +12 % with p=0.16 at 20: the gate must not stop at 6."""
        one = gate(criterion(fail={"max_increase_percent": 10}), min_runs=20)
        usual = before([920, 1070, 860, 1020, 960, 1450, 1170, 960, 1250, 1190, 860, 890])
        early = [1250, 1180, 1350, 1490, 930, 1240]
        late = [*early, 1130, 1140, 1060, 1110, 860, 1130, 1060, 1100, 910, 960, 1090, 1280, 920, 950]
        decision = poll(one, runs(early), 120, baseline_runs=usual)
        assert not decision.done
        first = verdict(one, runs(early), decision, 120, baseline_runs=usual)
        assert first["verdict"] == "warn"
        assert "needed after 6 of 20 runs" in first["criteria"][0]["reason"]
        decision = poll(one, runs(late), 720, baseline_runs=usual, previous=decision)
        assert (decision.done, decision.stopped_early) == (True, False)
        result = verdict(one, runs(late), decision, 720, baseline_runs=usual)
        assert result["verdict"] == "warn"
        assert result["criteria"][0]["p"] == pytest.approx(0.160, abs=0.001)
        assert result["criteria"][0]["change_percent"] == pytest.approx(11.6, abs=0.1)

    def test_an_unknown_metric_stops_the_wait(self) -> None:
        one = gate(criterion(metric="test_tyme", fail={"max": 1000}), min_runs=5)
        assert not poll(one, [], 60).done
        with pytest.raises(GateArgumentError, match="test_tyme"):
            poll(one, runs([900]), 60)
        with pytest.raises(GateArgumentError, match="test_tyme"):
            poll(one, [], 60, baseline_runs=before([900]))
        with pytest.raises(GateArgumentError, match="test_tyme"):
            baseline_warnings(one, before([900]))

    def test_unreadable_data_stops_the_wait(self) -> None:
        with pytest.raises(DataError, match="Run 1"):
            poll(gate(MEDIAN, min_runs=5), [{"time": "noon"}], 60)


class TestProgress:
    def test_runs(self) -> None:
        one = gate(MEDIAN, min_runs=20)
        assert poll(one, [], 60).progress.line == "0 of 20 runs, 29 min until the timeout"
        line = poll(one, runs([900] * 14, step=40), 840).progress.line
        assert line == "14 of 20 runs, availability 100 %, about 6 min left"
        assert "availability 87.5 %" in poll(one, runs([900] * 7) + failures(1, start=400), 480).progress.line

    def test_progress_shows_more_runs_than_required(self) -> None:
        assert poll(gate(MEDIAN, min_runs=5), runs([900] * 7), 300).progress.line.startswith("7 runs (5 required), ")

    def test_the_estimated_end_does_not_exceed_the_timeout(self) -> None:
        line = poll(gate(MEDIAN, min_runs=20), runs([900] * 2), 1200).progress.line
        assert line == "2 of 20 runs, availability 100 %, 10 min until the timeout"

    def test_duration(self) -> None:
        line = poll(gate(MEDIAN, duration=600), runs([900] * 3), 60).progress.line
        assert line == "3 runs, availability 100 %, about 10 min left"

    def test_progress_shows_the_change_of_a_limited_criterion(self) -> None:
        one = gate(
            criterion(fail={"max_increase_percent": 20}), criterion(aggregate="mean"), min_runs=20, pass_fast=False
        )
        known = before([1000, 980, 1025, 1010, 990, 1040] * 4)
        line = poll(one, runs([1030] * 5), 300, baseline_runs=known).progress.line
        assert line == "5 of 20 runs, availability 100 %, test_time median +2.5 % (analysis 1), about 15 min left"

    def test_warm_up(self) -> None:
        assert "warm-up until 12:02:00Z" in poll(gate(MEDIAN, min_runs=5, warmup=120), [], 30).progress.line

    def test_progress_names_the_test_with_the_fewest_runs(self) -> None:
        one = gate(MEDIAN, min_runs=5, test_ids=[1, 2])
        assert "1 of 5 runs of test 2" in poll(one, runs([900] * 3) + runs([900], test=2), 60).progress.line


class TestCurtailment:
    def test_w03_availability(self) -> None:
        """20 runs at 99 %: one failed run may be chance (p=0.18), the second decides (18 of 20: p=0.017)."""
        one = gate(AVAILABLE, min_runs=20)
        assert not poll(one, [*runs([900] * 5), *failures(1)], 300).done
        given = [*runs([900] * 5), *failures(2)]
        decision = poll(one, given, 360)
        assert (decision.ended_by, decision.timed_out) == (FAIL, False)
        result = verdict(one, given, decision, 360)
        assert (result["verdict"], result["waited"]["stopped_early"]) == ("fail", True)
        assert "2 of 7 runs failed: at best 90 % of 20 (limit >= 99 %, p=0.017)" in result["msg"]

    @pytest.mark.parametrize(("failed", "stopped"), [(4, False), (5, True)])
    def test_w04_availability_that_may_still_hold(self, failed: int, stopped: bool) -> None:
        """20 runs at 90 %: four failed runs may be chance (p=0.13), the fifth decides (p=0.043)."""
        one = gate(criterion(metric="availability", fail={"min": 90}), min_runs=20)
        assert poll(one, runs([900] * 5) + failures(failed, start=300), 400).stopped_early is stopped

    def test_without_significance_the_size_decides(self) -> None:
        one = gate(criterion(metric="availability", fail={"min": 99}, significance=0), min_runs=20)
        assert poll(one, runs([900] * 5) + failures(1), 400).ended_by == FAIL

    @pytest.mark.parametrize(("above", "stopped"), [(5, False), (6, True)])
    def test_w06_failed_runs_do_not_count_as_values(self, above: int, stopped: bool) -> None:
        """A failed run is neither above nor below the limit: 6 values of 10 runs must be above."""
        given = runs([1100] * above) + failures(3, start=300)
        assert poll(gate(MEDIAN, min_runs=10), given, 400).stopped_early is stopped

    def test_without_fail_fast(self) -> None:
        one = gate(AVAILABLE, min_runs=20, fail_fast=False)
        assert not poll(one, failures(10, start=60), 400).done

    def test_w05_median(self) -> None:
        """10 runs, median at most 1000: six above settle it, five do not."""
        one = gate(MEDIAN, min_runs=10)
        assert not poll(one, runs([1100] * 5 + [900] * 2), 300).done
        given = runs([1100] * 6 + [900])
        decision = poll(one, given, 300)
        assert decision.stopped_early
        assert verdict(one, given, decision, 300)["verdict"] == "fail"

    @pytest.mark.parametrize(
        ("aggregate", "total", "needed"),
        [
            ("median", 10, 6),
            ("median", 11, 6),
            ("p95", 20, 2),
            ("p95", 21, 2),
            ("p90", 10, 2),
            ("max", 10, 1),
            ("min", 10, 10),
        ],
    )
    def test_number_of_values_above_a_maximum_that_stops(self, aggregate: str, total: int, needed: int) -> None:
        one = gate(criterion(aggregate=aggregate, fail={"max": 1000}), min_runs=total)
        assert not poll(one, runs([1100] * (needed - 1)), 300).done
        assert poll(one, runs([1100] * needed), 300).done

    @pytest.mark.parametrize(
        ("aggregate", "total", "needed"), [("median", 10, 6), ("median", 11, 6), ("min", 10, 1), ("max", 10, 10)]
    )
    def test_number_of_values_below_a_minimum_that_stops(self, aggregate: str, total: int, needed: int) -> None:
        one = gate(criterion(aggregate=aggregate, fail={"min": 1000}), min_runs=total)
        assert not poll(one, runs([900] * (needed - 1)), 300).done
        assert poll(one, runs([900] * needed), 300).done

    def test_a_value_equal_to_the_limit_is_not_above_it(self) -> None:
        assert poll(gate(MEDIAN, min_runs=10), runs([1000] * 9), 300).ended_by == PASS

    def test_mean(self) -> None:
        one = gate(criterion(aggregate="mean", fail={"max": 1000}), min_runs=10)
        assert not poll(one, runs([5000, 5000]), 300).done
        assert poll(one, runs([5000, 5001]), 300).stopped_early

    def test_sum(self) -> None:
        one = gate(criterion(aggregate="sum", fail={"max": 1000}), min_runs=10)
        assert not poll(one, runs([500, 500]), 300).done
        assert poll(one, runs([500, 501]), 300).stopped_early

    @pytest.mark.parametrize("aggregate", ["geomean", "mean", "sum"])
    def test_aggregates_that_a_later_run_can_change_do_not_stop(self, aggregate: str) -> None:
        """A later 0 makes a geometric mean undefined; a later high value lifts a mean or a sum."""
        assert not poll(gate(criterion(aggregate=aggregate, fail={"min": 1000}), min_runs=10), runs([1] * 9), 300).done
        if aggregate == "geomean":
            assert not poll(gate(criterion(aggregate=aggregate, fail={"max": 1}), min_runs=10), runs([9] * 9), 300).done

    def test_too_short_a_horizon_does_not_stop(self) -> None:
        one = gate(criterion(aggregate="p95", fail={"max": 1000}), min_runs=10)
        assert not poll(one, runs([9000] * 9), 300).done

    def test_warning_limits_do_not_stop(self) -> None:
        assert not poll(gate(criterion(warn={"max": 1000}), min_runs=10), runs([9000] * 9), 300).done

    def test_criteria_that_are_not_enforced_do_not_stop(self) -> None:
        lenient = {**MEDIAN, "fail": {"max": 10000}}
        one = gate(criterion(fail={"max": 1000}, enforce=False), lenient, min_runs=10, pass_fast=False)
        assert not poll(one, runs([9000] * 9), 300).done

    def test_the_absolute_limit_of_a_mixed_criterion_stops(self) -> None:
        one = gate(criterion(fail={"max": 1000, "max_increase_percent": 10}), min_runs=10)
        given = runs([9000] * 6)
        decision = poll(one, given, 300, baseline_runs=[])
        assert decision.stopped_early
        assert verdict(one, given, decision, 300, baseline_runs=[])["criteria"][0]["limit"]["key"] == "max"

    def test_one_failing_test_of_several_stops(self) -> None:
        one = gate(MEDIAN, min_runs=10, test_ids=[1, 2])
        given = runs([900] * 6, test=1) + runs([1100] * 6, test=2)
        decision = poll(one, given, 300)
        assert decision.stopped_early
        result = verdict(one, given, decision, 300)
        assert result["verdict"] == "fail"
        assert "test 2" in result["msg"]

    def test_w17_the_failing_test_is_named(self) -> None:
        one = gate(MEDIAN, min_runs=6, test_ids=[1, 2], fail_fast=False)
        given = runs([900] * 6, test=1) + runs([1100] * 6, test=2, name="Cart")
        result = verdict(one, given, poll(one, given, 300), 300)
        assert result["verdict"] == "fail"
        assert "Cart 2" in result["msg"]

    @pytest.mark.parametrize(("max_failing", "stopped"), [(0, True), (1, False)])
    def test_tolerated_locations_do_not_stop(self, max_failing: int, stopped: bool) -> None:
        one = gate(criterion(fail={"max": 1000}, split_by="location", max_failing=max_failing), min_runs=10)
        given = runs([1100] * 6, node="A") + runs([900] * 6, node="B")
        assert poll(one, given, 300).stopped_early is stopped
        assert poll(one, given + runs([1100] * 6, node="C"), 300).stopped_early

    @pytest.mark.parametrize(("max_failing", "stopped"), [(0, True), (1, False)])
    def test_tolerated_tests_do_not_stop(self, max_failing: int, stopped: bool) -> None:
        one = gate(
            criterion(fail={"max": 1000}, split_by="test", max_failing=max_failing), min_runs=10, test_ids=[1, 2]
        )
        given = runs([1100] * 6, test=1) + runs([900] * 6, test=2)
        assert poll(one, given, 300).stopped_early is stopped
        assert poll(one, runs([1100] * 6, test=1) + runs([1100] * 6, test=2), 300).stopped_early

    def test_a_test_that_is_ahead_may_exceed_min_runs(self) -> None:
        """The gate waits for the slowest test; until then, 2 failed runs of 9 may become 2 of 90."""
        one = gate(AVAILABLE, min_runs=10, test_ids=[1, 2])
        fast = failures(2, test=1) + runs([900] * 7, test=1)
        assert not poll(one, fast, 300).done
        assert not poll(one, fast + runs([900], test=2), 300).done
        assert poll(one, fast + runs([900] * 8, test=2), 300).ended_by == FAIL
        end = failures(1, test=1, start=10) + runs([900] * 99, test=1) + runs([900] * 10, test=2)
        assert verdict(one, end, poll(one, end, 6000), 6000)["verdict"] == "pass"

    def test_a_location_that_is_ahead_may_exceed_min_runs(self) -> None:
        one = gate(criterion(fail={"max": 1000}, split_by="location"), min_runs=10)
        ahead = runs([1100] * 6, node="A")
        assert not poll(one, ahead + runs([900] * 2, node="B"), 300).done
        assert poll(one, ahead + runs([900] * 6, node="B"), 300).stopped_early

    def test_more_alerts_than_the_limit_stop(self) -> None:
        one = gate(criterion(metric="alerts", fail={"max": 0}), min_runs=10)
        alert = {"time": iso(DEPLOY + 30), "test_id": 1, "level": "critical"}
        assert not poll(one, [], 60).done
        assert not poll(one, [], 60, alerts=[]).done
        decision = poll(one, [], 60, alerts=[alert])
        assert decision.stopped_early
        assert verdict(one, [], decision, 60, alerts=[alert])["verdict"] == "fail"

    def test_a_duration_stops_only_for_limits_that_stay_broken(self) -> None:
        """The number of runs to come is unknown, so only a limit that no later run can restore stops the wait."""
        limits: dict[str, Any] = {"fail": {"max": 1000}}
        given = runs([1100] * 6)
        assert not poll(gate(MEDIAN, duration=900), given, 300).done
        assert not poll(gate(AVAILABLE, duration=900), failures(6, start=60), 140).done
        # A schedule does not double its rate: of 36 runs at most, the third that fails decides.
        assert not poll(gate(AVAILABLE, duration=900), runs([900] * 4) + failures(2, start=200), 300).done
        assert poll(gate(AVAILABLE, duration=900), runs([900] * 3) + failures(3, start=200), 300).ended_by == FAIL
        assert poll(gate(criterion(aggregate="max", **limits), duration=900), given, 300).stopped_early
        assert not poll(gate(criterion(aggregate="max", **limits), duration=900), given[:4], 300).done
        assert poll(gate(criterion(aggregate="sum", **limits), duration=900), given, 300).stopped_early

    @pytest.mark.parametrize("aggregate", ["median", "p75", "mean", "max", "min", "sum"])
    @pytest.mark.parametrize("key", ["max", "min"])
    def test_a_decided_verdict_holds_for_every_completion(self, aggregate: str, key: str) -> None:
        """If a poll decides fail, every completion of the runs fails; the same for pass."""
        total = 7
        limit = {"max": 3500 if aggregate == "sum" else 500, "min": 3500 if aggregate == "sum" else 500}[key]
        one = gate(criterion(aggregate=aggregate, min_samples=1, fail={key: limit}), min_runs=total)
        for seen in product([0, 600, 9000], repeat=4):
            decision = poll(one, runs(seen, step=10), 120)
            if not decision.stopped_early:
                continue
            expected = decision.ended_by
            for rest in product([0, 500, 1e6], repeat=total - 4):
                given = runs([*seen, *rest], step=10)
                result = judge(one, given, now=DEPLOY + 300).result
                assert result["verdict"] == expected, (seen, rest)

    def test_curtailment_counts_runs_beyond_min_runs(self) -> None:
        """The last poll may return more runs than min_runs; the decision uses all of them."""
        given = [run(60 + i, 900) for i in range(19)] + failures(1)
        decision = poll(gate(AVAILABLE, MEDIAN, min_runs=10), given, 3000)
        assert decision.done
        assert not decision.stopped_early
