# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service-level objectives: requests, error budgets, open violations and errors."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations import slo_info
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Talk,
    asks,
    refused,
)

Opens = Callable[..., Talk]

SLO = {
    "id": 310,
    "name": "Checkout availability",
    "testIds": [51007, 51008],
    "status": {"id": 0, "name": "Active"},
    "metricType": {"id": 15, "name": "% Availability"},
    "goal": 99.9,
}
WINDOW = {"startTime": "2026-10-26T12:00:00", "endTime": "2026-11-23T12:00:00"}


def violation(start: str, end: Any, test_id: int = 51007, **members: Any) -> dict[str, Any]:
    return {
        "testId": test_id,
        "sloId": 310,
        "testName": f"Test {test_id}",
        "objectiveName": "Checkout availability",
        "goal": 99.9,
        "violationStart": start,
        "violationEnd": end,
        "minsInViolation": 1,
        **members,
    }


def ask(opened: Talk, **given: Any) -> Any:
    operation = slo_info.OPERATION
    checked = ArgumentSpecValidator(operation.arguments, **operation.rules).validate(given)
    assert checked.error_messages == []
    result = operation.run(opened.client, checked.validated_parameters)
    json.dumps(result)
    return result


def opens(talk: Opens, *violations: Any, slo: Any = None, window: Any = None) -> Talk:
    return talk(
        v2,
        asks("/slo", statusType=0).gets(v2_list("slos", slo or SLO)),
        asks("/slo/violations", sloIds=310, **(window or WINDOW)).gets(v2_list("violations", *violations)),
    )


@pytest.mark.parametrize("span", [("2026-11-23T17:00:00Z", "2026-11-23T17:10:00Z"), ("2026-11-23T17:00:00Z", None)])
def test_violations_outside_the_window_make_the_result_incomplete(talk: Opens, span: Any) -> None:
    """Otherwise the error budget would look better than it is."""
    opened = opens(talk, violation(*span))
    found = ask(opened)
    assert (found["complete"], found["slos"][0]["left_percent"]) == (False, 100.0)
    (warning,) = opened.warnings
    assert warning.startswith("The service returned 1 SLO violation outside the requested window (2026-10-26T12:00:00Z")


def test_error_budget_of_28_days_in_two_requests(talk: Opens) -> None:
    found = ask(
        opens(
            talk,
            violation("2026-11-23T11:30:00Z", "2026-11-23T11:36:00Z"),
            violation("2026-11-23T11:33:00Z", "2026-11-23T11:39:00Z", 51008),
            violation("2026-11-21T12:00:00Z", "2026-11-21T12:11:00.5000000Z"),
        )
    )
    assert found["window"] == {"start": "2026-10-26T12:00:00Z", "end": "2026-11-23T12:00:00Z"}
    assert (found["complete"], found["uncovered_test_ids"]) == (True, [])
    (slo,) = found["slos"]
    violations = slo.pop("violations")
    assert slo == {
        "id": 310,
        "name": "Checkout availability",
        "status": "active",
        "goal": 99.9,
        "metric": "availability",
        "test_ids": [51007, 51008],
        "budget_minutes": 40.32,
        "used_minutes": 20.0,
        "left_percent": 50.4,
        "burn_rate": {"1h": 150.0, "6h": 25.0, "3d": 4.63},
    }
    assert violations[0] == {
        "start": "2026-11-21T12:00:00Z",
        "end": "2026-11-21T12:11:00Z",
        "minutes": 11.0,
        "test_id": 51007,
        "test_name": "Test 51007",
    }
    assert [one["test_id"] for one in violations] == [51007, 51007, 51008]


@pytest.mark.parametrize("end", [None, "", "0001-01-01T00:00:00"])
def test_an_ongoing_violation_counts_until_now(talk: Opens, end: Any) -> None:
    (slo,) = ask(opens(talk, violation("2026-11-23T11:50:00Z", end)))["slos"]
    assert (slo["used_minutes"], slo["violations"][0]["end"], slo["violations"][0]["minutes"]) == (10.0, None, 10.0)


def test_burn_rate_of_3_days_for_a_window_of_one_day(talk: Opens) -> None:
    window = {"startTime": "2026-11-20T12:00:00", "endTime": "2026-11-23T12:00:00"}
    opened = opens(talk, violation("2026-11-21T12:00:00Z", "2026-11-21T12:43:12Z"), window=window)
    (slo,) = ask(opened, window_days=1)["slos"]
    assert (slo["used_minutes"], slo["left_percent"], slo["violations"]) == (0.0, 100.0, [])
    assert slo["burn_rate"] == {"1h": 0.0, "6h": 0.0, "3d": 10.0}


def test_the_window_ends_by_the_clock_of_the_service(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/slo", statusType=0).gets(v2_list("slos", SLO)),
        asks("/slo/violations", sloIds=310, startTime="2026-10-26T12:10:00", endTime="2026-11-23T12:10:00").gets(
            v2_list("violations")
        ),
        server_offset=600.0,
    )
    assert ask(opened)["window"]["end"] == "2026-11-23T12:10:00Z"


def test_a_goal_of_100_has_a_budget_of_zero(talk: Opens) -> None:
    strict = {**SLO, "goal": 100}
    (slo,) = ask(opens(talk, slo=strict))["slos"]
    assert (slo["budget_minutes"], slo["left_percent"], slo["burn_rate"]["1h"]) == (0.0, 100.0, 0.0)
    (slo,) = ask(opens(talk, violation("2026-11-23T11:50:00Z", None), slo=strict))["slos"]
    assert (slo["budget_minutes"], slo["left_percent"], slo["burn_rate"]["1h"]) == (0.0, 0.0, None)


@pytest.mark.parametrize("goal", [None, 3000, -1, "x"])
def test_a_goal_that_is_not_a_percentage_is_an_error(talk: Opens, goal: Any) -> None:
    with pytest.raises(ResponseError, match=r"The goal of the SLO 'Checkout availability' \(id 310\) is .*not a"):
        ask(opens(talk, slo={**SLO, "goal": goal}))


@pytest.mark.parametrize(
    ("members", "missing"), [({"sloId": None}, "objective"), ({"violationStart": None}, "start time")]
)
def test_a_violation_that_cannot_be_assigned_is_an_error(talk: Opens, members: Any, missing: str) -> None:
    with pytest.raises(ResponseError, match=f"violation of test 51007 without a readable {missing}"):
        ask(opens(talk, violation("2026-11-23T11:50:00Z", None, **members)))


def test_violations_of_other_slos_are_ignored(talk: Opens) -> None:
    (slo,) = ask(opens(talk, violation("2026-11-23T11:50:00Z", None, sloId=5, violationStart=None)))["slos"]
    assert slo["used_minutes"] == 0


def test_by_id_with_unknown_ids(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/slo/310,5").gets(refused(200, "Slo id 5 was not found.")),
        asks("/slo/5").gets(refused(200, "Slo id 5 was not found.")),
        asks("/slo/310").gets(v2_list("slos", SLO)),
    )
    with pytest.raises(NotFoundError, match=r"does not know the SLO 5, .*Remove slo_ids to list all active SLOs"):
        ask(opened, slo_ids=[310, 5])


def test_a_test_without_an_slo_gives_a_warning(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/slo", statusType=0, testIds="51007,5").gets(v2_list("slos", SLO, {**SLO, "id": 7, "testIds": [9]})),
        asks("/slo/violations", sloIds=310, **WINDOW).gets(v2_list("violations")),
    )
    found = ask(opened, test_ids=[51007, 5])
    assert (len(found["slos"]), found["uncovered_test_ids"]) == (1, [5])
    assert opened.warnings == ["No active SLO covers the test 5."]


def test_without_slos_a_warning_is_shown_and_a_request_saved(talk: Opens) -> None:
    opened = talk(v2, asks("/slo", statusType=0, sloName="x").gets(v2_list("slos")))
    assert ask(opened, name="x")["slos"] == []
    assert opened.warnings == ["No active SLO found whose name contains 'x'."]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"window_days": 0}, "window_days is 0, but must be from 1 to 365"),
        ({"window_days": 366}, "window_days is 366"),
        ({"test_ids": []}, "test_ids is an empty list"),
    ],
)
def test_invalid_options_are_refused(talk: Opens, given: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        ask(talk(v2), **given)


@pytest.mark.parametrize("given", [{}, {"slo_ids": [1]}])
def test_v1_has_no_slos(talk: Opens, given: Any) -> None:
    with pytest.raises(OptionError, match=r"REST API v1 does not support service-level objectives. Use an api_key"):
        ask(talk(v1), **given)
