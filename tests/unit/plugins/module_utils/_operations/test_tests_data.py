# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A requested metric without a value gives a warning, because a condition may compare null with a limit."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import OPERATION
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import (
    Run,
    v1_list,
    v1_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Talk,
    asks,
    refused,
)

Opens = Callable[..., Talk]
DNS = 5
LEGEND = ("Test Time (ms)", "# Test Errors", "Webpage Response (ms)")
PERCENTILES = (
    "p75, p90, p95, p99 of {} are null for test {}: too few values (p75 needs 4, p90 needs 10, p95 needs 20, p99 needs "
    "100). "
)


def raw(*runs: Run) -> Any:
    return asks(
        "/performance/raw", tests="51007", startTime="2026-11-23T11:00:00Z", endTime="2026-11-23T12:00:00Z"
    ).gets(v1_table(*runs, legend=LEGEND))


def runs(
    count: int, test_time: Optional[float] = 900.0, errors: int = 0, response: Optional[float] = None
) -> list[Run]:
    return [Run(f"11:{number // 2:02}:{number % 2 * 30:02}", (test_time, errors, response)) for number in range(count)]


def definition(kind: int) -> Any:
    entry = {"id": 51007, "name": "Shop", "type": {"id": kind, "name": "Dns"}}
    return asks("/tests/51007").gets(v1_list(entry))


def warnings_of(opened: Talk, metrics: list[str], **given: Any) -> list[str]:
    options = ArgumentSpecValidator(OPERATION.arguments).validate({"test_ids": [51007], "metrics": metrics, **given})
    OPERATION.run(opened.client, options.validated_parameters)
    return opened.warnings


def test_a_metric_that_no_run_has_is_reported_with_the_type_of_the_test(talk: Opens) -> None:
    opened = talk(v1, raw(*runs(20)), definition(DNS))
    assert warnings_of(opened, ["test_time", "webpage_response"]) == [
        "webpage_response has no value for test 51007: does a test of type dns measure it? Check metrics.",
    ]


def test_credentials_that_may_not_read_definitions_hide_the_type_only(talk: Opens) -> None:
    opened = talk(v1, raw(*runs(20)), asks("/tests/51007").gets(refused(403, "No.")))
    assert warnings_of(opened, ["webpage_response"]) == [
        "webpage_response has no value for test 51007: does this type of test measure it? Check metrics."
    ]


def test_runs_that_all_failed_are_the_reason(talk: Opens) -> None:
    opened = talk(v1, raw(*runs(3, None, errors=1)))
    assert warnings_of(opened, ["test_time"]) == [
        "test_time has no value for test 51007: all runs in the window failed."
    ]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (3, PERCENTILES.format("test_time", 51007)),
        (
            12,
            "p95, p99 of test_time are null for test 51007: too few values (p95 needs 20, p99 needs 100). ",
        ),
        (20, None),  # p99 is null in most windows
    ],
)
def test_percentiles_with_too_few_values_are_reported(talk: Opens, count: int, text: Optional[str]) -> None:
    found = warnings_of(talk(v1, raw(*runs(count))), ["test_time"])
    assert found == ([] if text is None else [f"{text}Set an earlier start, or use the median."])


def test_metrics_that_were_not_requested_are_not_reported(talk: Opens) -> None:
    assert warnings_of(talk(v1, raw(*runs(3))), []) == []


def test_a_test_without_runs_is_reported_once(talk: Opens) -> None:
    assert not [text for text in warnings_of(talk(v1, raw()), ["test_time"]) if "test_time" in text]
