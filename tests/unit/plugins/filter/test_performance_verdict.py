# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter performance_verdict."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.community.catchpoint.plugins.filter.performance_verdict import FilterModule
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    ORDINARY,
    SLOW,
    before,
    criterion,
    runs,
)

verdict = FilterModule().filters()["performance_verdict"]
RELATIVE = [criterion(fail={"max_increase_percent": 20})]


def test_the_baseline_is_cut_from_the_runs() -> None:
    result = verdict(runs(SLOW) + before(ORDINARY), RELATIVE, since=DEPLOY, now=DEPLOY + 3600)
    assert (result["verdict"], result["failed"]) == ("fail", True)
    assert result["criteria"][0]["baseline"]["samples"] == 20


def test_all_options() -> None:
    alert = {"time": "2024-05-01T12:10:00Z", "test_id": 1, "level": "critical"}
    result = verdict(
        runs(SLOW) + runs(SLOW, test=7),
        [*RELATIVE, criterion(metric="alerts", warn={"max": 0}), criterion(metric="slo_violations", fail={"max": 0})],
        since="2024-05-01T12:00:00Z",
        now="2024-05-01T13:00:00Z",
        warmup=60,
        duration=1800,
        baseline={"runs": before(SLOW), "match": "none"},
        fail_on=["warn"],
        test_ids=[1],
        alerts=[alert],
        slo_violations=[],
    )
    assert [row["status"] for row in result["criteria"]] == ["pass", "warn", "pass"]
    assert (result["verdict"], result["failed"]) == ("warn", True)
    assert result["windows"]["current"] == {"start": "2024-05-01T12:01:00Z", "end": "2024-05-01T12:31:00Z"}


def test_now_defaults_to_the_controllers_clock() -> None:
    """A deploy of the past needs no now; one in the far future is refused."""
    assert verdict(runs(SLOW), [criterion(fail={"max": 2000})], since=DEPLOY)["verdict"] == "pass"
    with pytest.raises(AnsibleFilterError, match="since"):
        verdict(runs(SLOW), [criterion(fail={"max": 2000})], since="2999-01-01T00:00:00Z")


def test_without_since_all_runs_count() -> None:
    result = verdict(runs(SLOW), RELATIVE, baseline=before(ORDINARY))
    assert (result["verdict"], result["criteria"][0]["samples"]) == ("fail", len(SLOW))
    assert verdict(runs(SLOW), [criterion(fail={"max": 5000})])["verdict"] == "pass"
    assert verdict([], [criterion(fail={"max": 5000})])["verdict"] == "inconclusive"


def test_without_since_the_window_begins_with_the_earliest_run_or_event() -> None:
    """A window from 1970 on would reduce the plot to a line at its edge."""
    limits = [criterion(fail={"max": 5000}), criterion(metric="alerts", fail={"max": 0})]
    alert = {"time": "2024-05-01T11:59:00Z", "test_id": 1, "level": "critical"}
    result = verdict(runs(SLOW), limits, alerts=[])
    assert result["windows"]["since"] == result["windows"]["current"]["start"] == min(run["time"] for run in runs(SLOW))
    result = verdict(runs(SLOW), limits, alerts=[alert])
    assert (result["windows"]["since"], result["verdict"]) == (alert["time"], "fail")


def test_data_may_be_a_single_test() -> None:
    bare = [{**run, "test_id": None} for run in runs(SLOW)]
    test = {"test_id": 1, "test_name": "Home page", "run_count": len(SLOW), "runs": bare}
    result = verdict(test, [criterion(fail={"max": 5000})])
    assert (result["verdict"], result["criteria"][0]["test_name"]) == ("pass", "Home page")
    with pytest.raises(AnsibleFilterError, match="without its runs"):
        verdict({**test, "runs": None}, [criterion(fail={"max": 5000})])


@pytest.mark.parametrize("arguments", [{"warmup": 60}, {"duration": 900}])
def test_a_window_needs_since(arguments: dict[str, Any]) -> None:
    with pytest.raises(AnsibleFilterError, match="since is missing"):
        verdict(runs(SLOW), RELATIVE, baseline=before(ORDINARY), **arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"criteria": []}, "criteria is empty"),
        ({"criteria": None}, "criteria"),
        (
            {"criteria": [{"metric": "error_budget", "fail": {"min": 10}}]},
            "error_budget cannot be judged from runs. Use it in community.catchpoint.catchpoint_performance_gate",
        ),
        ({"criteria": [{"metric": "test_tim", "fail": {"max": 1}}]}, "test_time"),
        ({"since": "2024-05-01T12:00:00"}, "no UTC offset"),
        ({"since": None}, "since is missing"),
        ({"warmup": -1}, "warmup"),
        ({"duration": "an hour"}, "duration"),
        ({"baseline": {"duraton": 5}}, "Did you mean duration"),
        ({"fail_on": ["bad"]}, "fail_on"),
        ({"fail_on": "none"}, r"Write fail_on: \[\]"),
        ({"alerts": ""}, "alerts must be a list, but is ''"),
        ({"slo_violations": {}}, "slo_violations must be a list, but is a dictionary"),
        ({"alerts": 5}, "alerts must be a list"),
        ({"test_ids": ["home"]}, "test_ids"),
    ],
)
def test_wrong_arguments_raise(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words) as caught:
        verdict(runs(SLOW), **{"criteria": RELATIVE, "since": DEPLOY, **arguments})
    assert "community.catchpoint.performance_verdict" in str(caught.value)


def test_missing_criteria_raise() -> None:
    with pytest.raises(AnsibleFilterError, match=r"performance_verdict: criteria is missing\. Give what to judge by"):
        verdict(runs(SLOW))


def test_unreadable_data_is_a_verdict() -> None:
    result = verdict([{"time": "noon"}], RELATIVE, since=DEPLOY)
    assert (result["verdict"], result["failed"]) == ("error", True)


def test_input_that_is_not_a_list_raises() -> None:
    with pytest.raises(AnsibleFilterError, match="list of runs"):
        verdict("runs", RELATIVE, since=DEPLOY)


def test_a_failed_task_in_the_results_of_a_loop_is_an_error() -> None:
    tested = {"test_id": 1, "run_count": 20, "complete": True, "runs": runs(SLOW), "failed": False}
    failed = {"failed": False, "failed_when_result": False, "msg": "The service failed."}
    absolute = [criterion(fail={"max": 2000})]
    assert verdict([tested], absolute)["verdict"] == "pass"
    result = verdict([tested, failed], absolute)
    assert (result["verdict"], result["failed"]) == ("error", True)
    assert result["msg"] == "performance gate: ERROR: The service failed."
    assert verdict([tested], RELATIVE, baseline={"runs": [failed]})["verdict"] == "error"
