# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control tests: the change of an untouched test is divided out of the change of the gated test."""

from __future__ import annotations

import json
from statistics import median
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import fisher, mann_whitney
from ansible_collections.community.catchpoint.plugins.module_utils._report.formats import report
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    ORDINARY,
    SLOW,
    before,
    criterion,
    failures,
    judged,
    runs,
)

LIMIT = {"max_increase_percent": 20}
# Ten runs of an untouched test after and before the deploy; the medians are 500 and 500.5.
CALM = [500, 510, 490, 505, 495, 502, 498, 507, 493, 500]
CALM_BEFORE = [501, 511, 491, 506, 496, 503, 497, 508, 494, 500, 500, 509, 492, 504, 498, 502, 499, 507, 493, 501]


def row_of(result: dict[str, Any]) -> dict[str, Any]:
    (row,) = result["criteria"]
    assert isinstance(row, dict)
    return row


def controlled(
    given: list[dict[str, Any]], *criteria: dict[str, Any], controls: Any = (9,), **options: Any
) -> dict[str, Any]:
    baseline = {"control_test_ids": list(controls), **options.pop("baseline", {})}
    return judged(given, *(criteria or [criterion(fail=LIMIT)]), baseline=baseline, **options)


def times(factor: float, values: Any) -> list[float]:
    return [factor * value for value in values]


def test_a_change_of_the_gated_test_alone_fails() -> None:
    given = runs(SLOW) + before(ORDINARY) + runs(CALM, test=9) + before(CALM_BEFORE, test=9)
    row = row_of(controlled(given))
    factor = (1307.5 / 1002.75) / (median(CALM) / median(CALM_BEFORE))
    assert row["status"] == "fail"
    assert row["change_percent"] == pytest.approx(100 * (factor - 1))
    assert row["baseline"]["adjusted"] == pytest.approx(1307.5 / factor)
    assert row["baseline"]["value"] == 1002.75
    assert row["baseline"]["control"] == {
        "test_ids": [9],
        "change_percent": pytest.approx(100 * (median(CALM) / median(CALM_BEFORE) - 1)),
        "samples": 10,
        "baseline_samples": 20,
    }
    assert row["reason"].startswith("1308 ms is ")
    assert " ms, the baseline with the control's change of " in row["reason"]


def test_a_change_that_the_control_shares_passes() -> None:
    """The whole Internet is slow: both tests are 30 % slower."""
    given = runs(SLOW) + before(ORDINARY) + runs(times(1.3, CALM), test=9) + before(CALM_BEFORE, test=9)
    assert judged(given, criterion(fail=LIMIT), test_ids=[1])["verdict"] == "fail"
    row = row_of(controlled(given))
    assert row["status"] == "pass"
    assert row["change_percent"] == pytest.approx(0.39, abs=0.1)


def test_the_reports_name_the_control() -> None:
    given = runs(SLOW) + before(ORDINARY) + runs(CALM, test=9) + before(CALM_BEFORE, test=9)
    result = controlled(given)
    assert result["report"][-1] == "control test 9: the change seen there is taken out"
    assert "<dt>Control</dt><dd>test 9<" in report(result, "html")


def test_a_change_of_zero_is_shown_without_a_sign() -> None:
    alike = runs([900] * 10) + before([900] * 10) + runs([500] * 10, test=9) + before([500] * 10, test=9)
    (line, *_rest) = controlled(alike)["report"]
    assert "  0 %" in line


def test_a_regression_hidden_by_a_common_improvement_fails() -> None:
    """The control became faster, the gated test did not."""
    given = runs(ORDINARY[:10]) + before(ORDINARY) + runs(times(0.7, CALM), test=9) + before(CALM_BEFORE, test=9)
    assert judged(given, criterion(fail=LIMIT), test_ids=[1])["verdict"] == "pass"
    row = row_of(controlled(given))
    assert row["status"] == "fail"
    assert row["change_percent"] == pytest.approx(43, abs=1)


def test_p_comes_from_the_ratios_of_blocks() -> None:
    """One block for each run of the test with fewer runs; the ratios are ranked. Computed independently here."""
    usual, usual_control = ORDINARY, CALM_BEFORE[:10]
    given = runs(SLOW) + before(usual) + runs(CALM[:5], test=9, step=60) + before(usual_control, test=9, step=60)
    row = row_of(controlled(given))
    middle, middle_control = median(usual), median(usual_control)
    current = [median([SLOW[2 * k] / middle, SLOW[2 * k + 1] / middle]) / (CALM[k] / middle_control) for k in range(5)]
    baseline = [
        median([usual[2 * k] / middle, usual[2 * k + 1] / middle]) / (usual_control[k] / middle_control)
        for k in range(10)
    ]
    assert row["baseline"]["compared"] == {"current": 5, "baseline": 10}
    assert row["p"] == pytest.approx(mann_whitney(current, baseline, greater=True))


def test_the_order_of_runs_does_not_change_the_result() -> None:
    given = runs(SLOW) + before(ORDINARY) + runs(CALM, test=9) + before(CALM_BEFORE, test=9)
    assert row_of(controlled(given)) == row_of(controlled(given[::-1]))


def test_a_common_drift_within_the_window_cancels() -> None:
    """Both tests double during the window: the ratios of blocks hardly differ, a plain ratio would be noisy."""
    drift = [1 + k / 10 for k in range(10)]
    given = runs([1000 * d for d in drift]) + before([1000] * 20)
    given += runs([500 * d for d in drift], test=9) + before([500] * 20, test=9)
    row = row_of(controlled(given))
    assert row["change_percent"] == pytest.approx(0, abs=1e-9)
    assert row["p"] > 0.3


@pytest.mark.parametrize(
    ("control", "words"),
    [
        ([], "the control tests have 0 comparable values, 5 needed in the baseline"),
        (runs(CALM, test=9), "the control tests have 0 comparable values, 5 needed in the baseline"),
        (before(CALM, test=9), "in the current window"),
        (runs(CALM[:4], test=9) + before(CALM, test=9), "4 comparable values, 5 needed in the current window"),
        (runs(CALM, test=9) + before(CALM[:4], test=9), "in the baseline"),
        (runs([0] * 10, test=9) + before(CALM, test=9), "control tests is 0"),
        (runs(CALM, test=9) + before([0] * 10, test=9), "in the baseline"),
        (runs(["NaN"] * 10, test=9) + before(CALM, test=9), "in the current window"),
        (failures(10, start=60, test=9) + before(CALM, test=9), "in the current window"),
        (runs(CALM, test=9, node="LON") + before(CALM, test=9), "in the current window"),
    ],
)
def test_no_control_no_verdict(control: list[dict[str, Any]], words: str) -> None:
    row = row_of(controlled(runs(SLOW) + before(ORDINARY) + control))
    assert row["status"] == "inconclusive"
    assert words in row["reason"]


def test_a_control_that_is_read_but_not_named_is_gated() -> None:
    given = runs(SLOW) + before(ORDINARY) + runs(CALM, test=9) + before(CALM_BEFORE, test=9)
    assert len(judged(given, criterion(fail=LIMIT))["criteria"]) == 2
    assert len(controlled(given)["criteria"]) == 1


def test_absolute_limits_ignore_the_control() -> None:
    given = runs(SLOW) + before(ORDINARY)
    assert controlled(given, criterion(fail={"max": 1000}))["verdict"] == "fail"
    assert controlled(given, criterion(fail={"max": 1000, **LIMIT}))["verdict"] == "fail"
    assert controlled(given, criterion(fail={"max": 1400}))["verdict"] == "pass"


def test_several_controls_are_pooled_after_normalising() -> None:
    """One control at 500 ms and one at 5 s, with 10 and 30 runs: only their relative changes count."""
    given = runs(SLOW) + before(ORDINARY)
    given += runs(times(1.3, CALM), test=8) + before(CALM_BEFORE, test=8)
    given += runs(times(13, [*CALM, *CALM, *CALM]), test=9, step=10) + before(times(10, CALM_BEFORE), test=9)
    row = row_of(controlled(given, controls=(8, 9)))
    assert row["status"] == "pass"
    assert row["baseline"]["control"]["change_percent"] == pytest.approx(29.87, abs=0.1)
    assert row["baseline"]["control"]["samples"] == 40


def test_controls_are_normalised_per_location() -> None:
    """The control's mix of locations changes, no location does."""
    given = runs(ORDINARY) + before(ORDINARY)
    given += runs([200] * 8, test=9, node="NY") + runs([1800] * 2, test=9, node="SG")
    given += before([200] * 4, test=9, node="NY") + before([1800] * 8, test=9, node="SG")
    assert row_of(controlled(given))["baseline"]["control"]["change_percent"] == pytest.approx(0)
    unmatched = row_of(controlled(given, baseline={"match": "none"}))
    assert unmatched["baseline"]["control"]["change_percent"] < -50


def test_a_split_row_uses_the_control_at_its_location() -> None:
    given = []
    for node, drift in (("NY", 1.0), ("SG", 1.5)):
        given += runs(times(drift, ORDINARY[:10]), node=node) + before(ORDINARY, node=node)
        given += runs(times(drift, CALM), test=9, node=node) + before(CALM_BEFORE, test=9, node=node)
    result = controlled(given, criterion(fail=LIMIT, split_by="location"))
    assert [row["status"] for row in result["criteria"]] == ["pass", "pass"]


def test_a_baseline_of_zeros_is_judged_without_a_percentage() -> None:
    given = runs([0] * 6) + before([0] * 12) + runs(times(1.2, CALM), test=9) + before(CALM_BEFORE, test=9)
    row = row_of(controlled(given))
    assert (row["status"], row["change_percent"]) == ("pass", 0)
    given = runs([3] * 6) + before([0] * 12) + runs(CALM, test=9) + before(CALM_BEFORE, test=9)
    row = row_of(controlled(given))
    assert (row["status"], row["change_percent"]) == ("fail", None)
    json.dumps(row, allow_nan=False)


def test_percentiles_use_fisher_on_blocks() -> None:
    slow = [100] * 10 + [200] * 10
    usual = list(range(81, 101))
    given = runs(slow) + before(usual) + runs([500] * 20, test=9) + before([500] * 20, test=9)
    row = row_of(controlled(given, criterion(aggregate="p90", fail=LIMIT)))
    assert row["status"] == "fail"
    assert row["p"] == pytest.approx(fisher(20, 20, 2, 20))


def test_percentiles_need_enough_blocks() -> None:
    given = runs([200] * 20) + before([100] * 20) + runs([500] * 9, test=9) + before([500] * 20, test=9)
    assert row_of(controlled(given, criterion(aggregate="p90", fail=LIMIT)))["status"] == "inconclusive"


@pytest.mark.parametrize("aggregate", ["min", "max", "sum"])
def test_extremes_are_judged_without_significance(aggregate: str) -> None:
    given = runs(SLOW) + before(ORDINARY[:10]) + runs(CALM, test=9) + before(CALM_BEFORE[:10], test=9)
    row = row_of(controlled(given, criterion(aggregate=aggregate, fail=LIMIT)))
    assert row["p"] is None
    assert row["status"] == "fail"


class TestAvailability:
    DROP = criterion(metric="availability", fail={"max_decrease": 5})

    def outage(self, failed: int, test: int = 1) -> list[dict[str, Any]]:
        given = runs([900] * (30 - failed), test=test) + failures(failed, test=test)
        return given + before([900] * 60, test=test)

    def test_an_outage_of_the_gated_test_alone_fails(self) -> None:
        row = row_of(controlled(self.outage(12) + self.outage(0, test=9), self.DROP))
        assert row["status"] == "fail"
        assert row["change"] == pytest.approx(-40)
        assert row["p"] < 0.001

    def test_an_outage_that_the_control_shares_passes(self) -> None:
        row = row_of(controlled(self.outage(12) + self.outage(11, test=9), self.DROP))
        assert row["status"] == "pass"
        assert row["change"] == pytest.approx(-100 / 30)
        assert row["baseline"]["adjusted"] == pytest.approx(60 + 100 / 30)
        assert row["baseline"]["control"]["change_percent"] == pytest.approx(-1100 / 30)

    def test_a_difference_within_noise_warns(self) -> None:
        row = row_of(controlled(self.outage(12) + self.outage(9, test=9), self.DROP))
        assert row["status"] == "warn"
        assert row["p"] > 0.05

    def test_no_control_no_verdict(self) -> None:
        assert row_of(controlled(self.outage(12), self.DROP))["status"] == "inconclusive"


def test_stored_runs_may_include_control_runs() -> None:
    given = runs(SLOW) + runs(times(1.3, CALM), test=9)
    stored = before(ORDINARY) + before(CALM_BEFORE, test=9)
    assert controlled(given, baseline={"runs": stored})["verdict"] == "pass"
