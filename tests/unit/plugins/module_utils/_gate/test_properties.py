# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties for any data: no pass without enough of it, no crash, and only numbers that JSON supports."""

from __future__ import annotations

import json
import math
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import gather
from ansible_collections.community.catchpoint.plugins.module_utils._gate.offline import verdict_of_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import parse_verdict
from ansible_collections.community.catchpoint.plugins.module_utils._report.formats import report
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import is_usable
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    criterion,
    run,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(min_value=0, max_value=5000),
    st.integers(min_value=-5, max_value=5000),
    st.sampled_from([None, "NaN", "Infinity", "930", True, False, 0, 10**400, [], {}]),
)
RUNS = st.builds(
    lambda seconds, value, node, test, failed, absent: run(
        seconds, *([] if absent else [value]), node=node, test=test, failed=failed
    ),
    st.integers(min_value=-2 * HOUR, max_value=2 * HOUR),
    VALUES,
    st.sampled_from(["NY", "LON", "SG", None]),
    st.sampled_from([1, 2, 9]),
    st.booleans(),
    st.booleans(),
)
LIMITS = st.one_of(
    st.fixed_dictionaries({"max": st.floats(min_value=0, max_value=1e12)}),
    st.fixed_dictionaries({"min": st.floats(min_value=0, max_value=1)}),
    st.fixed_dictionaries({"max_increase_percent": st.floats(min_value=0, max_value=1e9)}),
    st.fixed_dictionaries({"max_increase": st.floats(min_value=0, max_value=1e9)}),
    st.fixed_dictionaries({"max_decrease_percent": st.floats(min_value=0, max_value=100)}),
    st.fixed_dictionaries({"max": st.just(1e300), "max_increase_percent": st.just(1e9)}),
)
AGGREGATES = ["median", "mean", "geomean", "min", "max", "sum", "p75", "p90", "p95"]
CRITERIA = st.one_of(
    st.builds(
        lambda aggregate, fail, warn, need, split, significance, delta, on_missing, enforce: criterion(
            **({"fail": fail} if fail else {}),
            aggregate=aggregate,
            warn=warn,
            min_samples=need,
            split_by=split,
            significance=significance,
            min_delta=delta,
            on_missing=on_missing,
            enforce=enforce,
        ),
        st.sampled_from(AGGREGATES),
        st.none() | LIMITS,
        st.none() | LIMITS,
        st.integers(min_value=1, max_value=8),
        st.sampled_from([None, "location", "test"]),
        st.sampled_from([0, 0.05, 0.5]),
        st.sampled_from([0, 50]),
        st.sampled_from(["inconclusive", "inconclusive", "fail", "warn", "pass"]),
        st.booleans(),
    ),
    st.builds(
        lambda fail, need, split: {"metric": "availability", "fail": fail, "min_samples": need, "split_by": split},
        st.sampled_from([{"min": 99}, {"min": 60, "max": 100}, {"max_decrease": 100}, {"max_decrease_percent": 0}]),
        st.integers(min_value=1, max_value=8),
        st.sampled_from([None, "location", "test"]),
    ),
)
BASELINES = st.sampled_from(
    [
        {},
        {"match": "none"},
        {"history": 0},
        {"control_test_ids": [9]},
        {"control_test_ids": [9], "match": "none"},
        {"runs": []},
    ]
)
GATES = st.lists(CRITERIA, min_size=1, max_size=3).filter(
    lambda criteria: any(one.get("enforce", True) and (one.get("fail") or one.get("warn")) for one in criteria)
)
QUIET = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))


def judged(runs: Any, criteria: Any, baseline: Any, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    spec = {"since": DEPLOY, "now": DEPLOY + HOUR, "criteria": criteria, "baseline": baseline, **options}
    return rendered(verdict_of_runs(runs, spec, clock=DEPLOY + HOUR)), spec


@QUIET
@given(
    runs=st.lists(RUNS, max_size=60),
    criteria=GATES,
    baseline=BASELINES,
    warmup=st.sampled_from([0, 600]),
)
def test_never_a_pass_without_enough_usable_values(runs: Any, criteria: Any, baseline: Any, warmup: int) -> None:
    result, spec = judged(runs, criteria, baseline, warmup=warmup)
    assert result["verdict"] in ("pass", "warn", "fail", "inconclusive")
    gate = parse_verdict(spec, DEPLOY + HOUR)
    material = gather(gate, runs, None)
    for row in result["criteria"]:
        if row["status"] not in ("pass", "warn") or "by on_missing" in row["reason"]:
            continue
        one = gate.criteria[row["criterion"]]
        inside = [
            entry
            for entry in material.current[row["test_id"]].inside
            if row["location"] is None or entry.location == row["location"]
        ]
        if one.metric == "availability":
            usable = len(inside)
        else:
            usable = sum(not entry.failed and is_usable(entry.metrics.get("test_time")) for entry in inside)
        assert usable >= one.need, row
        # A broken absolute limit is a warning also where on_missing lets a baseline be missing.
        if one.relative and not (row["status"] == "warn" and one.on_missing in ("pass", "warn")):
            assert row["baseline"]["samples"] >= one.need, row
    if result["verdict"] in ("pass", "warn"):
        assert any(row["value"] is not None for row in result["criteria"] if row["enforced"])
        assert {row["test_id"] for row in result["criteria"]} >= {entry["test_id"] for entry in runs} - set(
            baseline.get("control_test_ids", [])
        )


@QUIET
@given(runs=st.lists(RUNS, max_size=40), criteria=GATES, baseline=BASELINES)
def test_every_result_is_json_and_every_report_is_written(runs: Any, criteria: Any, baseline: Any) -> None:
    result, _asked = judged(runs, criteria, baseline)
    again = json.loads(json.dumps(result, allow_nan=False))
    assert again == result
    for kind in ("text", "markdown", "junit", "html"):
        assert report(again, kind)


@QUIET
@given(
    runs=st.lists(
        st.one_of(
            RUNS, st.none(), st.integers(), st.dictionaries(st.sampled_from(["time", "failed", "metrics"]), VALUES)
        ),
        max_size=12,
    )
)
def test_rubbish_is_an_error_and_never_a_pass(runs: Any) -> None:
    result, _asked = judged(runs, [criterion(fail={"max": 1e300}, min_samples=1)], {})
    known = [entry for entry in runs if isinstance(entry, dict) and "node" in entry]
    assert result["verdict"] == "error" if len(known) < len(runs) else result["verdict"] != "error"


@QUIET
@given(
    values=st.lists(st.floats(min_value=1, max_value=1e6), min_size=5, max_size=30),
    usual=st.lists(st.floats(min_value=1, max_value=1e6), min_size=5, max_size=30),
    limit=st.floats(min_value=0, max_value=100),
)
def test_a_looser_limit_is_never_worse(values: Any, usual: Any, limit: float) -> None:
    order = ("pass", "warn", "fail")
    given_runs = [run(60 + i, value) for i, value in enumerate(values)] + [
        run(-60 - i, value) for i, value in enumerate(usual)
    ]

    def status(percent: float) -> int:
        result, _asked = judged(given_runs, [criterion(fail={"max_increase_percent": percent})], {})
        return order.index(result["verdict"])

    assert status(limit + 10) <= status(limit)


@QUIET
@given(
    values=st.lists(st.floats(min_value=0.001, max_value=1e6), min_size=5, max_size=30),
    usual=st.lists(st.floats(min_value=0.001, max_value=1e6), min_size=5, max_size=30),
    scale=st.sampled_from([0.001, 0.5, 2, 1000]),
)
def test_the_unit_of_a_metric_does_not_matter(values: Any, usual: Any, scale: float) -> None:
    def row(factor: float) -> dict[str, Any]:
        given_runs = [run(60 + i, factor * value) for i, value in enumerate(values)]
        given_runs += [run(-60 - i, factor * value) for i, value in enumerate(usual)]
        result, _asked = judged(given_runs, [criterion(fail={"max_increase_percent": 10}, significance=0)], {})
        found = result["criteria"][0]
        assert isinstance(found, dict)
        return found

    one, other = row(1), row(scale)
    if one["change_percent"] is not None and other["change_percent"] is not None:
        assert math.isclose(one["change_percent"], other["change_percent"], rel_tol=1e-6, abs_tol=1e-6)
