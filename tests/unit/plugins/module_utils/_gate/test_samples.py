# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of runs count, and how runs are read."""

from __future__ import annotations

import gc
from datetime import datetime
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import known_slugs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.horizon import decide
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    DataError,
    read_runs,
    readings,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import judge
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    ORDINARY,
    SLOW,
    before,
    criterion,
    gate,
    judged,
    run,
    runs,
)

COUNTERS = (
    "connection_failures", "content_failures_count", "dns_failures", "errors", "load_failures_count",
    "response_failures", "ssl_failures", "test_errors", "timeout_failures",
)  # fmt: skip


@pytest.mark.parametrize("metric", COUNTERS)
def test_null_on_a_good_run_is_0_for_a_counter_of_failures(metric: str) -> None:
    assert metric in known_slugs()
    given = [
        run(1, **{metric: None}),
        run(2),
        run(3, failed=True, **{metric: 1}),
        run(4, failed=True, **{metric: None}),
    ]
    found = readings(read_runs(given).by_test[1], metric)
    assert (found.values, found.failed, found.unusable) == ([0.0, 0.0, 1.0], 1, 0)


@pytest.mark.parametrize("metric", ["js_errors_per_page", "test_time", "runs"])
def test_null_on_a_good_run_is_a_missing_value_for_other_metrics(metric: str) -> None:
    found = readings(read_runs([run(1, **{metric: None}), run(2, failed=True, **{metric: 1})]).by_test[1], metric)
    assert (found.values, found.failed, found.unusable) == ([], 1, 1)


@pytest.mark.parametrize(("failures", "verdict", "value"), [(0, "pass", 0), (2, "fail", 2)])
def test_a_criterion_on_a_counter_of_failures_can_be_judged(failures: int, verdict: str, value: float) -> None:
    def made(number: int) -> dict[str, Any]:
        fails = number < failures
        return run(number + 1, failed=fails, dns_failures=1 if fails else None)

    given = [made(number) for number in range(12)]
    limits = criterion(metric="dns_failures", aggregate="sum", fail={"max": 1})
    (row,) = judged(given, limits)["criteria"]
    assert (row["status"], row["value"]) == (verdict, value)


def test_a_baseline_that_was_read_before_is_judged_alike() -> None:
    one = gate(criterion(fail={"max_increase_percent": 10}), min_runs=10)
    old, new = before(ORDINARY), runs(SLOW)
    once = judge(one, new, now=DEPLOY + HOUR, baseline_runs=read_runs(old))
    assert once == judge(one, new, now=DEPLOY + HOUR, baseline_runs=old)
    assert once.result["verdict"] == "fail"


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-01T12:00:30Z",
        " 2024-05-01T12:00:30Z",
        "2024-05-01 12:00:30Z",
        "2024-05-01T12:00:30.5Z",
        "2024-05-01T12:00:30",
        "2024-05-01T14:00:30+02:00",
        "2024-05-01T12:00Z",
        datetime(2024, 5, 1, 12, 0, 30),
    ],
)
def test_a_start_is_read_alike_after_others_in_its_minute(written: object) -> None:
    given = [run(0, 900), run(10, 900), {**run(0, 900, node="LON"), "time": written}]
    assert [sample.time for sample in read_runs(given).by_test[1]] == [DEPLOY, DEPLOY + 10, run_time(written)]


@pytest.mark.parametrize(
    "written", ["2024-05-01T12:00:60Z", "2024-05-01T12:00: 1Z", "2024-05-01T12:00:1Z", b"2024-05-01T12:00:10Z", 10, []]
)
def test_a_wrong_start_is_refused_after_others_in_its_minute(written: object) -> None:
    with pytest.raises(DataError, match="Run 2 cannot be read"):
        read_runs([run(0, 900), {**run(0, 900), "time": written}])


def test_reading_leaves_the_collector_of_garbage_as_it_was() -> None:
    assert gc.isenabled()
    read_runs(before([900]))
    with pytest.raises(DataError):
        read_runs([{}])
    assert gc.isenabled()
    one = gate(criterion(fail={"max": 1000}), min_runs=1)
    judge(one, runs([900]), now=DEPLOY + HOUR)
    decide(one, runs([900]), now=DEPLOY + HOUR, started=DEPLOY)
    with pytest.raises(DataError):
        decide(one, [{}], now=DEPLOY + HOUR, started=DEPLOY)
    assert gc.isenabled()
    gc.disable()
    try:
        read_runs(before([900]))
        assert not gc.isenabled()
    finally:
        gc.enable()
