# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid arguments are refused, with a message that says what to write."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import parse_criteria
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import (
    parse_gate,
    parse_verdict,
    waiting_notes,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import moment, run_time
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    criterion,
    gate,
    judged,
    run,
    runs,
)

MEDIAN = {"metric": "test_time", "fail": {"max": 1000}}
BUDGET = {"metric": "error_budget", "fail": {"min": 10}}


def refusal(*criteria: Any) -> str:
    with pytest.raises(GateArgumentError) as caught:
        parse_criteria(list(criteria))
    return str(caught.value)


def gate_refusal(**options: Any) -> str:
    with pytest.raises(GateArgumentError) as caught:
        parse_gate({"test_ids": [1], "criteria": [MEDIAN], **options}, DEPLOY)
    return str(caught.value)


def test_gate_argument_error_is_an_option_error() -> None:
    assert issubclass(GateArgumentError, OptionError)


def test_defaults_of_a_criterion() -> None:
    (found,) = parse_criteria([MEDIAN])
    assert found.name == "test_time median"
    assert (found.aggregate, found.need, found.significance) == ("median", 5, 0.05)
    assert (found.on_missing, found.enforce, found.split_by, found.max_failing) == ("inconclusive", True, None, 0)
    assert found.limits_by_level == {"fail": {"max": 1000.0}, "warn": {}}


@pytest.mark.parametrize("metric", ["test_time", "Test Time (ms)", " Test Time ", "Test Time"])
def test_metric_by_slug_or_display_name(metric: str) -> None:
    assert parse_criteria([{**MEDIAN, "metric": metric}])[0].metric == "test_time"


@pytest.mark.parametrize("metric", ["availability", "% Availability"])
def test_availability_by_display_name(metric: str) -> None:
    assert parse_criteria([{"metric": metric, "fail": {"min": 99}}])[0].name == "availability"


def test_null_counts_as_omitted() -> None:
    """An argument spec fills in null for omitted options."""
    nulls = dict.fromkeys(("min", "max_increase", "max_increase_percent", "max_decrease", "max_decrease_percent"))
    options = {
        **MEDIAN,
        "fail": {"max": 1000, **nulls},
        "warn": None,
        "aggregate": None,
        "split_by": None,
        "name": None,
    }
    assert parse_criteria([options]) == parse_criteria([MEDIAN])


def test_text_from_templates_is_read() -> None:
    _first, found = parse_criteria(
        [
            MEDIAN,
            {
                **MEDIAN,
                "fail": {"max": "1000"},
                "enforce": "no",
                "min_samples": "7",
                "significance": "0",
                "min_delta": "5",
            },
        ]
    )
    assert found.limits[0].value == 1000.0
    assert (found.enforce, found.min_samples, found.significance, found.min_delta) == (False, 7, 0.0, 5.0)


@pytest.mark.parametrize("value", [[], ()])
def test_a_gate_without_criteria_is_refused(value: Any) -> None:
    with pytest.raises(GateArgumentError, match="empty"):
        parse_criteria(value)


@pytest.mark.parametrize("value", [None, "test_time", {"metric": "test_time"}, 5])
def test_criteria_that_are_not_a_list_are_refused(value: Any) -> None:
    with pytest.raises(GateArgumentError, match="must be a list"):
        parse_criteria(value)


def test_a_missing_criteria_option_is_refused() -> None:
    with pytest.raises(GateArgumentError, match="criteria is empty"):
        parse_gate({"test_ids": [1]}, DEPLOY)


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("test_time", ["criterion 1", "dictionary"]),
        ({}, ["needs a metric"]),
        ({"metric": ""}, ["needs a metric"]),
        ({"metric": 5}, ["needs a metric"]),
        ({**MEDIAN, "agregate": "p95"}, ["agregate", "Did you mean aggregate"]),
        ({**MEDIAN, "aggregate": "avg"}, ["aggregate", "'avg'", "median, mean", "p1 to p99"]),
        ({**MEDIAN, "aggregate": "p100"}, ["p100"]),
        ({**MEDIAN, "aggregate": 95}, ["95"]),
        ({**MEDIAN, "fail": {"max_increse_percent": 20}}, ["fail", "Did you mean max_increase_percent"]),
        ({**MEDIAN, "fail": {"max_increase%": 20}}, ["max_increase"]),
        ({**MEDIAN, "fail": {"max": "10%"}}, ["'10%'", "bare number"]),
        ({**MEDIAN, "fail": {"max": "<=+10%"}}, ["bare number"]),
        ({**MEDIAN, "fail": {"max": True}}, ["number", "True"]),
        ({**MEDIAN, "fail": {"max": [1]}}, ["number", "a list"]),
        ({**MEDIAN, "fail": {"max": float("nan")}}, ["number", "nan"]),
        ({**MEDIAN, "fail": {"max": "Infinity"}}, ["number"]),
        ({**MEDIAN, "fail": {"max": 10**400}}, ["number"]),
        ({**MEDIAN, "fail": 1000}, ["fail", "dictionary"]),
        ({**MEDIAN, "fail": {}}, ["fail has no limits"]),
        ({**MEDIAN, "fail": {"max": None}}, ["fail has no limits"]),
        ({**MEDIAN, "warn": {}}, ["warn has no limits"]),
        ({**MEDIAN, "fail": None}, ["criterion 1 (test_time)", "fail is empty", "fail: {max: 4000}"]),
        ({**MEDIAN, "fail": None, "warn": {"max": 5}}, ["fail is empty"]),
        ({**MEDIAN, "fail": {"min": 10, "max": 5}}, ["min (10) is above max (5)"]),
        ({**MEDIAN, "fail": {"max_increase_percent": -5}}, ["at least 0"]),
        ({**MEDIAN, "fail": {"max_decrease": -1}}, ["at least 0"]),
        ({**MEDIAN, "min_delta": -1}, ["min_delta", "at least 0"]),
        ({**MEDIAN, "min_delta": "a lot"}, ["min_delta", "'a lot'"]),
        ({**MEDIAN, "significance": 5}, ["significance", "probability"]),
        ({**MEDIAN, "significance": 1}, ["significance"]),
        ({**MEDIAN, "significance": -0.1}, ["significance"]),
        ({**MEDIAN, "min_samples": 0}, ["min_samples", "at least 1"]),
        ({**MEDIAN, "min_samples": 2.5}, ["whole number"]),
        ({**MEDIAN, "on_missing": "ignore"}, ["on_missing", "inconclusive, fail, warn, pass"]),
        ({**MEDIAN, "on_missing": True}, ["on_missing"]),
        ({**MEDIAN, "enforce": "maybe"}, ["enforce", "true or false"]),
        ({**MEDIAN, "split_by": "node"}, ["split_by", "location, test"]),
        ({**MEDIAN, "max_failing": 1}, ["max_failing", "split_by"]),
        ({**MEDIAN, "max_failing": -1, "split_by": "location"}, ["max_failing", "at least 0"]),
        ({**MEDIAN, "levels": ["critical"]}, ["levels", "alerts"]),
        ({"metric": "availability", "aggregate": "p95"}, ["aggregate", "availability"]),
        ({"metric": "availability", "fail": {"min": 0.99}}, ["percent", "99"]),
        ({"metric": "availability", "fail": {"min": 101}}, ["percent"]),
        ({"metric": "availability", "fail": {"max": 100}}, ["criterion 1 (availability)", "Use min, or max_decrease"]),
        ({"metric": "availability", "fail": {"max_increase": 5}, "warn": {"max": 99}}, ["no limit here can fail"]),
        ({"metric": "availability", "fail": {"min": 0}}, ["no limit here can fail"]),
        ({"metric": "availability", "fail": {"min": 99}, "single_location": "fail"}, ["single_location"]),
        ({"metric": "alerts", "fail": {"max": 0}, "single_location": "warn"}, ["single_location", "alerts"]),
        ({**MEDIAN, "single_location": "pass"}, ["single_location", "warn, fail"]),
        (
            {**MEDIAN, "single_location": "warn", "split_by": "location"},
            ["single_location and split_by: location contradict each other", "max_failing"],
        ),
        ({"metric": "alerts", "fail": {"max_increase": 1}}, ["alerts", "baseline", "max"]),
        ({"metric": "alerts", "fail": {"max": 0}, "split_by": "location"}, ["split_by", "location"]),
        ({"metric": "alerts", "fail": {"max": 0}, "min_samples": 3}, ["min_samples", "metrics of runs, not to alerts"]),
        ({"metric": "alerts", "fail": {"max": 0}, "levels": ["fatal"]}, ["levels", "fatal"]),
        ({"metric": "alerts", "fail": {"max": 0}, "levels": []}, ["levels is empty"]),
        ({"metric": "slo_violations", "fail": {"max": 0}, "levels": ["critical"]}, ["levels"]),
        ({**BUDGET, "fail": {"max": 90}}, ["criterion 1 (error_budget): fail: max", "Use min", "fail: {min: 10}"]),
        ({**BUDGET, "warn": {"max_decrease": 5}}, ["warn: max_decrease cannot be used", "warn: {min: 10}"]),
        ({**BUDGET, "fail": {"min": 0.1}}, ["min is 0.1", "percent", "Write 10"]),
        ({**BUDGET, "fail": {"min": 101}}, ["min is 101", "percent"]),
        ({**BUDGET, "aggregate": "median"}, ["aggregate", "error_budget is one number"]),
        ({**BUDGET, "significance": 0.1}, ["significance", "metrics of runs, not to error_budget"]),
        ({**BUDGET, "split_by": "location"}, ["split_by", "error_budget belongs to a test"]),
        ({**BUDGET, "levels": ["critical"]}, ["levels"]),
    ],
)
def test_invalid_criteria_are_refused(criterion: Any, words: list[str]) -> None:
    text = refusal(criterion)
    for word in words:
        assert word in text


def test_the_message_names_the_criterion() -> None:
    assert "criterion 2 (dns)" in refusal(MEDIAN, {"metric": "dns", "fail": {"max": "x"}})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_runs": 20, "duration": 900}, ["min_runs and duration", "one of them"]),
        ({"min_runs": 0}, ["min_runs", "at least 1"]),
        ({"min_runs": "many"}, ["min_runs", "'many'"]),
        ({"duration": 0}, ["duration", "more than 0"]),
        ({"duration": -5}, ["duration", "at least 0"]),
        ({"warmup": 1e12}, ["warmup", "at most 10000000000"]),
        ({"baseline": {"duration": 1e300}}, ["baseline.duration", "at most 10000000000"]),
        ({"baseline": {"history": -1}}, ["baseline.history", "at least 0"]),
        ({"baseline": {"runs": [], "history": 60}}, ["baseline.runs", "Remove baseline.history"]),
        ({"warmup": -1}, ["warmup"]),
        ({"warmup": "2m"}, ["warmup", "'2m'"]),
        ({"grace_period": -1}, ["grace_period"]),
        ({"wait_timeout": 0}, ["wait_timeout"]),
        ({"poll_interval": 4}, ["poll_interval", "at least 5"]),
        ({"fail_fast": "perhaps"}, ["fail_fast"]),
        ({"fail_on": ["failure"]}, ["fail_on", "warn, fail, inconclusive, error", "Did you mean fail"]),
        ({"fail_on": "pass"}, ["fail_on"]),
        ({"fail_on": 5}, ["fail_on", "list"]),
        ({"test_ids": []}, ["test_ids"]),
        ({"test_ids": ["home"]}, ["test_ids", "'home'"]),
        ({"test_ids": [0]}, ["test_ids"]),
        ({"test_ids": True}, ["test_ids"]),
        ({"testids": [1]}, ["testids", "Did you mean test_ids"]),
        ({"baseline": "yesterday"}, ["baseline", "dictionary"]),
        ({"baseline": {"window": 5}}, ["baseline has no option 'window'"]),
        ({"baseline": {"duration": 0}}, ["baseline.duration"]),
        ({"baseline": {"offset": 604800}}, ["baseline.offset was removed", "set baseline.before"]),
        ({"baseline": {"match": "city"}}, ["baseline.match", "location, none"]),
        ({"baseline": {"runs": [], "duration": 60}}, ["baseline.runs", "baseline.duration"]),
        ({"baseline": {"runs": "stored"}}, ["baseline.runs"]),
        ({"baseline": {"before": "2024-05-01T11:00:00"}}, ["baseline.before", "offset"]),
        ({"baseline": {"before": DEPLOY + 60}}, ["baseline.before", "later than since"]),
        ({"baseline": {"control_test_ids": [1]}}, ["Test 1", "control"]),
        ({"since": DEPLOY + 301}, ["since", "only 2024-05-01T12:00:00Z now"]),
        ({"since": "noon"}, ["since", "not a time"]),
        ({"since": True}, ["since", "not a time"]),
        ({"since": "2024-13-01T00:00:00Z"}, ["calendar"]),
        ({"since": 1714564800000}, ["in milliseconds. Write seconds: 1714564800"]),
        ({"since": "2024"}, ["as seconds since 1970 is 1970-01-01T00:33:44Z"]),
        ({"since": 20240501}, ["Write 2024-05-01T00:00:00Z for the day"]),
        ({"criteria": []}, ["criteria is empty"]),
    ],
)
def test_invalid_gate_options_are_refused(options: dict[str, Any], words: list[str]) -> None:
    text = gate_refusal(**options)
    for word in words:
        assert word in text


def test_the_filter_refuses_options_of_the_wait() -> None:
    with pytest.raises(GateArgumentError, match="no option 'min_runs'"):
        parse_verdict({"since": DEPLOY, "criteria": [MEDIAN], "min_runs": 20}, DEPLOY)


def test_defaults_of_a_gate() -> None:
    found = parse_gate({"test_ids": 7, "criteria": [MEDIAN]}, DEPLOY)
    assert found.test_ids == (7,)
    assert (found.since, found.start, found.end) == (DEPLOY, DEPLOY + 120, DEPLOY + 1020)
    assert (found.wait_timeout, found.poll_interval, found.grace_period, found.fail_fast) == (1800, 60, 60, True)
    assert (found.baseline.start, found.baseline.end) == (DEPLOY - HOUR, DEPLOY)
    assert found.fail_on == ("fail", "inconclusive", "error")


def test_lists_as_text() -> None:
    found = gate(MEDIAN, test_ids="1, 2,1", fail_on="fail,warn", baseline={"control_test_ids": "9"})
    assert found.test_ids == (1, 2)
    assert found.fail_on == ("fail", "warn")
    assert found.baseline.control_test_ids == (9,)
    assert gate(MEDIAN, fail_on=[]).fail_on == ()
    assert gate(MEDIAN, fail_on="").fail_on == ()


def test_a_skewed_clock_is_tolerated() -> None:
    assert parse_gate({"test_ids": [1], "criteria": [MEDIAN], "since": DEPLOY + 300}, DEPLOY).since == DEPLOY + 300


def test_baseline_window() -> None:
    found = gate(MEDIAN, baseline={"before": DEPLOY - 600, "duration": 1800}).baseline
    assert (found.start, found.end) == (DEPLOY - 600 - 1800, DEPLOY - 600)


@pytest.mark.parametrize(
    ("baseline", "seconds"),
    [({}, 4 * HOUR), ({"duration": 600}, 2400), ({"history": 60}, 60), ({"history": 0}, 0), ({"runs": []}, 0)],
)
def test_history_ends_where_the_baseline_begins(baseline: dict[str, Any], seconds: float) -> None:
    found = gate(MEDIAN, baseline=baseline).baseline
    assert found.history == seconds
    assert found.history_start == found.start - seconds


@pytest.mark.parametrize(
    "criteria",
    [
        [{"metric": "test_time"}],
        [{**MEDIAN, "enforce": False}],
        [{"metric": "test_time"}, {**MEDIAN, "enforce": False}],
    ],
)
def test_gate_that_could_never_fail_is_refused(criteria: list[dict[str, Any]]) -> None:
    text = refusal(*criteria)
    assert "no enforced criterion has a limit" in text
    assert "fail: {max: 4000}" in text
    assert "fail_on: []" in text


@pytest.mark.parametrize("value", ["none", "never", ["none"]])
def test_fail_on_none_is_refused_with_the_right_spelling(value: Any) -> None:
    word = value if isinstance(value, str) else value[0]
    assert gate_refusal(fail_on=value).endswith(
        f"fail_on: '{word}' is not a verdict. Write fail_on: [] if no verdict may fail the task."
    )


@pytest.mark.parametrize(
    ("value", "seconds"), [("30m", "1800"), ("1.5 hours", "5400"), (" 20s ", "20"), ("2d", "172800")]
)
@pytest.mark.parametrize("key", ["wait_timeout", "warmup", "duration"])
def test_span_with_a_unit(key: str, value: str, seconds: str) -> None:
    assert gate_refusal(**{key: value}) == f"{key} is {value!r}. Write seconds without a unit: {seconds}."


@pytest.mark.parametrize("key", ["split_by", "metric", "fail"])
def test_option_of_a_criterion_given_to_the_gate(key: str) -> None:
    assert gate_refusal(**{key: "node"}) == (
        f"the gate has no option '{key}', which is an option of a criterion. Move it into the criterion, beside metric."
    )


@pytest.mark.parametrize(
    ("aggregate", "meant"),
    [("avg", "mean"), ("Average", "mean"), (95, "p95"), ("95th", "p95"), ("99%", "p99")],
)
def test_aggregate_by_another_name(aggregate: Any, meant: str) -> None:
    assert refusal({**MEDIAN, "aggregate": aggregate}).endswith(f" Did you mean {meant}?")


@pytest.mark.parametrize(
    ("limits", "noted"),
    [
        ({"fail": {"max": 1000}, "warn": {"max": 4000}}, "warn max 4000 is looser than fail max 1000"),
        ({"fail": {"min": 90}, "warn": {"min": 80}}, "warn min 80 is looser than fail min 90"),
        ({"fail": {"max": 1000}, "warn": {"max": 1000}}, None),
        ({"fail": {"max": 1000}, "warn": {"max": 900}}, None),
        ({"fail": {"min": 80}, "warn": {"min": 90}}, None),
        ({"fail": {"max": 1000}, "warn": {"max_increase": 4000}}, None),
    ],
)
def test_warn_limit_that_can_never_warn_is_noted(limits: dict[str, Any], noted: str | None) -> None:
    notes = waiting_notes(gate(criterion(**limits), min_runs=20), DEPLOY)
    assert [noted in note for note in notes] == ([True] if noted else [])


def test_a_timeout_before_the_horizon_is_noted() -> None:
    found = gate(MEDIAN, duration=3600)
    assert "timeout (1800 s)" in waiting_notes(found, DEPLOY)[0]
    assert waiting_notes(found, DEPLOY + 3000) == []
    assert waiting_notes(gate(MEDIAN, min_runs=20), DEPLOY) == []


def test_min_runs_below_min_samples_is_noted() -> None:
    (note,) = waiting_notes(gate(MEDIAN, criterion(aggregate="p95", fail={"max": 5}), min_runs=10), DEPLOY)
    assert note.startswith("test_time p95 needs 20 usable values, but min_runs is 10")


@pytest.mark.parametrize(
    "value",
    [
        DEPLOY,
        float(DEPLOY),
        str(DEPLOY),
        "1714564800.0",
        "2024-05-01T12:00:00Z",
        "2024-05-01t12:00:00z",
        "2024-05-01 12:00:00Z",
        "2024-05-01T12:00Z",
        "2024-05-01T14:00:00+02:00",
        "2024-05-01T14:00:00+0200",
        "2024-05-01T14:00:00 +02",
        "2024-05-01T08:30:00-03:30",
        "2024-05-01T12:00:00.000Z",
        "2024-05-01T12:00:00.0000000Z",
        "2024-05-01T12:00:00,0+00:00",
        " 2024-05-01T12:00:00Z ",
        "2024-05-01 12:00:00 UTC",
        datetime(2024, 5, 1, 12, tzinfo=timezone.utc),
        datetime(2024, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        "now",
    ],
)
def test_forms_of_a_time(value: Any) -> None:
    assert moment(value, "since", DEPLOY) == DEPLOY


@pytest.mark.parametrize(("value", "seconds"), [(-60, 3600), ("-60", 3600), ("-1h", 3600), ("-90m", 5400)])
def test_relative_since_and_before_count_back_from_now(value: Any, seconds: int) -> None:
    found = gate(MEDIAN, since=value, baseline={"before": "-1d"})
    assert (found.since, found.baseline.end) == (DEPLOY - seconds, DEPLOY - 86400)


@pytest.mark.parametrize(
    "value", ["2024-05-01T12:00:00", "2024-05-01 12:00:00", datetime(2024, 5, 1, 12), "2024-05-01T12:00"]
)
def test_a_time_without_an_offset_is_refused(value: Any) -> None:
    with pytest.raises(GateArgumentError, match="no UTC offset"):
        moment(value, "since", DEPLOY)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "12:00",
        "2024-05-01",
        "2024-05-01T25:00:00Z",
        "2024-05-01T12:00:00+25:00",
        -1e12,
        float("nan"),
        [],
        {},
        10**400,
    ],
)
def test_values_that_are_not_times_are_refused(value: Any) -> None:
    with pytest.raises(GateArgumentError, match="since"):
        moment(value, "since", DEPLOY)


def test_run_times_are_utc() -> None:
    assert run_time("2024-05-01T12:00:00Z") == DEPLOY
    assert run_time("2024-05-01T12:00:00") == DEPLOY
    assert run_time("2024-05-01T14:00:00.5+02:00") == DEPLOY + 0.5
    assert run_time(datetime(2024, 5, 1, 12)) == DEPLOY
    for value in ("noon", "2024-05-01T12:00:99Z", 5, None, ""):
        with pytest.raises(ValueError, match=r".+"):
            run_time(value)


class TestUnknownMetric:
    def test_a_metric_that_is_neither_known_nor_in_a_run_is_refused(self) -> None:
        with pytest.raises(GateArgumentError) as caught:
            judged(runs([1] * 6), {"metric": "test_tme", "fail": {"max": 5}})
        text = str(caught.value)
        assert "'test_tme'" in text
        assert "test_time" in text

    def test_an_unknown_metric_without_runs_is_refused(self) -> None:
        with pytest.raises(GateArgumentError, match="unknown"):
            judged([], {"metric": "no_such_metric", "fail": {"max": 5}})

    def test_a_metric_in_any_run_is_accepted(self) -> None:
        given = [run(60 + i, 1, my_tracepoint=5.0) for i in range(6)]
        assert judged(given, {"metric": "my_tracepoint", "fail": {"max": 5}})["verdict"] == "pass"

    def test_a_metric_in_any_run_of_the_baseline_is_accepted(self) -> None:
        given = [run(-60 - i, 1, my_tracepoint=5.0) for i in range(6)]
        assert judged(given, {"metric": "my_tracepoint", "fail": {"max": 5}})["verdict"] == "inconclusive"

    def test_a_known_metric_without_values_is_missing_data(self) -> None:
        result = judged(runs([1] * 6), {"metric": "dns", "fail": {"max": 5}})
        assert result["verdict"] == "inconclusive"
        assert result["criteria"][0]["unusable"] == 6


def test_a_criterion_is_reported_by_its_name() -> None:
    result = judged(runs([1] * 6), criterion(name="Checkout is quick", fail={"max": 5}))
    assert result["criteria"][0]["name"] == "Checkout is quick"
    assert any("Checkout is quick" in line for line in result["report"])
