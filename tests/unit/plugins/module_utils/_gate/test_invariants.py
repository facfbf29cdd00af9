# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invariants of every gate, above all that none passes without data: GATE_EXAMPLES random gates for each property."""

from __future__ import annotations

import math
import random
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.offline import verdict_of_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.preflight import baseline_warnings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate, is_usable
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    run,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import gate as gate_of
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.drawing import (
    EXAMPLES,
    NODES,
    Drawn,
    drawn_gates,
)

GOOD = ("pass", "warn")


def judged(gate: Drawn, **changed: Any) -> dict[str, Any]:
    runs = changed.pop("runs", gate.runs)
    criteria = changed.pop("criteria", gate.criteria)
    options = {**gate.options, "criteria": criteria, **changed}
    return verdict_of_runs(runs, options, clock=DEPLOY + HOUR).result


def with_keys(gate: Drawn, **keys: Any) -> list[dict[str, Any]]:
    return [{**entry, **keys} for entry in gate.criteria]


def is_new(entry: dict[str, Any]) -> bool:
    return bool(entry["time"] >= iso(DEPLOY))


def statuses(result: dict[str, Any]) -> list[str]:
    return [row["status"] for row in result["criteria"]]


def test_p1_a_gate_that_passes_has_a_value() -> None:
    passed = 0
    for gate in drawn_gates():
        result = judged(gate)
        if result["verdict"] in GOOD:
            passed += 1
            assert any(row["value"] is not None for row in result["criteria"] if row["enforced"]), gate.seed
    assert passed > EXAMPLES / 20


def test_p2_a_row_that_passes_has_a_value_or_is_excused() -> None:
    for gate in drawn_gates(2):
        for row in judged(gate)["criteria"]:
            excused = gate.criteria[row["criterion"]]["on_missing"] in GOOD
            assert row["status"] not in GOOD or row["value"] is not None or excused, gate.seed


def test_p3_no_gate_passes_without_new_runs() -> None:
    for gate in drawn_gates(3):
        old = [entry for entry in gate.runs if not is_new(entry)]
        events = {"metric": "alerts", "fail": {"max": 0}}
        for criteria in (gate.criteria, [*gate.criteria, events]):
            options = {**gate.options, "criteria": criteria}
            result = verdict_of_runs(old, options, clock=DEPLOY + HOUR, alerts=[]).result
            assert result["verdict"] not in GOOD, gate.seed


def test_p4_tolerated_failures_leave_a_group_that_passes() -> None:
    tolerated = 0
    for gate in drawn_gates(4):
        rows = judged(gate)["criteria"]
        for row in rows:
            if row["note"] != "tolerated":
                continue
            tolerated += 1
            assert "by on_missing" not in row["reason"], gate.seed
            split = gate.criteria[row["criterion"]]["split_by"]
            group = [
                other
                for other in rows
                if other["criterion"] == row["criterion"] and (split == "test" or other["test_id"] == row["test_id"])
            ]
            assert any(
                other["status"] in GOOD and other["note"] != "tolerated" and "by on_missing" not in other["reason"]
                for other in group
            ), gate.seed
    assert tolerated


def test_p5_tolerating_all_groups_tolerates_none() -> None:
    for gate in drawn_gates(5):
        split = [entry for entry in gate.criteria if "split_by" in entry]
        if not split:
            continue
        allowing = [{**entry, "max_failing": 99} if "split_by" in entry else entry for entry in gate.criteria]
        strict = [{**entry, "max_failing": 0} if "split_by" in entry else entry for entry in gate.criteria]
        assert statuses(judged(gate, criteria=allowing)) == statuses(judged(gate, criteria=strict)), gate.seed


def test_p6_duplicates_change_nothing() -> None:
    for gate in drawn_gates(6):
        named = [entry for entry in gate.runs if entry["node"] is not None]
        copies = named[gate.seed % 5 :: 3]
        once, twice = judged(gate), judged(gate, runs=[*gate.runs, *copies])
        assert twice["runs"].pop("duplicates") == len(copies), gate.seed
        assert once["runs"].pop("duplicates") == 0
        assert once == twice, gate.seed


def test_p7_slower_runs_never_turn_a_failing_increase_into_a_pass() -> None:
    failing = 0
    for gate in drawn_gates(7):
        options = {**gate.options, "baseline": {**gate.options["baseline"], "control_test_ids": []}}
        criteria = [entry for entry in with_keys(gate, significance=0.05) if entry["metric"] == "test_time"]
        criteria = [entry for entry in criteria if not (_keys(entry) & {"min", "max_decrease_percent"})]
        if not any(entry.get("enforce", True) and _keys(entry) for entry in criteria):
            continue
        slower = [_slower(entry) if is_new(entry) else entry for entry in gate.runs]
        before = judged(gate, criteria=criteria, **options)["criteria"]
        after = judged(gate, criteria=criteria, runs=slower, **options)["criteria"]
        for row, other in zip(before, after):
            if row["status"] == "fail" and row["limit"] and "increase" in row["limit"]["key"]:
                failing += 1
                assert other["status"] != "pass", gate.seed
    assert failing


def _keys(entry: dict[str, Any]) -> set[str]:
    return {*entry.get("fail", {}), *entry.get("warn", {})}


def _slower(entry: dict[str, Any]) -> dict[str, Any]:
    values = {key: 1.5 * value if is_usable(value) else value for key, value in entry["metrics"].items()}
    return {**entry, "metrics": values}


def test_p8_without_significance_the_size_alone_decides() -> None:
    """Against an independent implementation: one test, all locations together, without a control."""
    for gate in drawn_gates(8):
        criteria = [_plain(entry) for entry in gate.criteria if "fail" in entry or "warn" in entry]
        if not criteria:
            continue
        result = judged(gate, criteria=criteria, test_ids=[1], warmup=0, baseline={"match": "none"})
        assert statuses(result) == [_expected(gate, entry) for entry in criteria], gate.seed


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    dropped = ("split_by", "max_failing", "enforce", "min_delta")
    return {**{key: value for key, value in entry.items() if key not in dropped}, "significance": 0}


def _expected(gate: Drawn, entry: dict[str, Any]) -> str:
    """The status of a criterion without significance."""
    of_test = [one for one in gate.runs if one["test_id"] == 1]
    now = [one for one in of_test if is_new(one)]
    before = [one for one in of_test if iso(DEPLOY - HOUR) <= one["time"] < iso(DEPLOY)]
    value, usual = _value(entry, now), _value(entry, before)
    if value is None:
        return str(entry["on_missing"])
    broken = {level: _broken(entry, entry.get(level, {}), value, usual) for level in ("fail", "warn")}
    relative = any("crease" in key for key in _keys(entry))
    if True in broken["fail"]:
        return "fail"
    if relative and (
        usual is None or _nearly_all_lost(now, before) or (entry["metric"] == "availability" and not usual)
    ):
        return "warn" if True in broken["warn"] and entry["on_missing"] == "pass" else str(entry["on_missing"])
    return "warn" if True in broken["warn"] else "pass"


def _value(entry: dict[str, Any], runs: list[dict[str, Any]]) -> float | None:
    if entry["metric"] == "availability":
        good = sum(not one["failed"] for one in runs)
        return 100 * good / len(runs) if len(runs) >= entry["min_samples"] else None
    values = [one["metrics"].get("test_time") for one in runs if not one["failed"]]
    usable = [value for value in values if is_usable(value)]
    need = max(entry["min_samples"], {"p75": 4, "p90": 10}.get(entry["aggregate"], 0))
    if len(usable) < need or 2 * len(usable) < len(runs):
        return None
    return aggregate(entry["aggregate"], usable)


def _broken(entry: dict[str, Any], limits: dict[str, float], value: float, usual: float | None) -> list[bool]:
    found = []
    for key, limit in limits.items():
        tolerance = 1e-9 * max(1.0, abs(limit))
        if key in ("max", "min"):
            found.append(value > limit + tolerance if key == "max" else value < limit - tolerance)
            continue
        if usual is None or (entry["metric"] == "availability" and not usual):
            continue
        change = value - usual
        if key.endswith("_percent") and entry["metric"] != "availability":
            change = 100 * (value / usual - 1) if usual else (0.0 if not value else float("inf"))
        found.append((change if "increase" in key else -change) > limit + tolerance)
    return found


def _nearly_all_lost(now: list[dict[str, Any]], before: list[dict[str, Any]]) -> bool:
    """Whether the locations that stopped sending runs had more than half of the baseline's runs."""
    present = {one["node"] for one in now}
    lost = [
        one
        for one in before
        if one["node"] not in present
        and len(now) * sum(other["node"] == one["node"] for other in before) >= 3 * len(before)
    ]
    return 2 * len(lost) > len(before)


def refused(gate: Drawn, criteria: list[dict[str, Any]]) -> str:
    """Why a gate with these criteria is refused; empty when it is judged."""
    try:
        judged(gate, criteria=criteria)
    except GateArgumentError as error:
        return str(error)
    return ""


def test_p9_a_gate_that_could_never_fail_is_refused() -> None:
    for gate in drawn_gates(9):
        assert "no enforced criterion has a limit" in refused(gate, with_keys(gate, enforce=False)), gate.seed
        no_limits = [{key: entry[key] for key in entry if key not in ("fail", "warn")} for entry in gate.criteria]
        assert "no enforced criterion has a limit" in refused(gate, no_limits), gate.seed
        for empty in ({}, None):
            assert "fail" in refused(gate, [{**gate.criteria[0], "fail": empty}, *gate.criteria[1:]]), gate.seed
        for limits in ({"max": 100}, {"max_increase": 5}, {"max": 99, "min": 0}):
            harmless = {"metric": "availability", "fail": limits}
            assert "no limit here can fail a deploy" in refused(gate, [*gate.criteria, harmless]), gate.seed


def test_p10_a_row_that_cannot_reach_its_significance_is_not_judged_by_it() -> None:
    unattainable = 0
    for gate in drawn_gates(10):
        for row in judged(gate, criteria=with_keys(gate, significance=0.001))["criteria"]:
            entry = gate.criteria[row["criterion"]]
            if row["note"] == "not attainable":
                unattainable += 1
                assert row["status"] in (entry["on_missing"], "warn"), gate.seed
            changes = any("crease" in key for key in _keys(entry))
            if not changes or entry["metric"] == "availability" or "by on_missing" in row["reason"] or row["p"] is None:
                continue
            compared = row["baseline"]["compared"]
            small, both = min(compared.values()), sum(compared.values())
            ranked = entry["aggregate"] in ("median", "mean", "geomean")
            if ranked and small <= 8 and row["status"] in GOOD:
                assert 1 / math.comb(both, small) < 0.001 / groups(gate, row), gate.seed
    assert unattainable


def groups(gate: Drawn, row: dict[str, Any]) -> int:
    """At least how many groups share the significance of a row."""
    split = gate.criteria[row["criterion"]].get("split_by")
    return len(gate.options["test_ids"]) if split == "test" else 1


def test_p11_with_less_than_half_of_the_values_nothing_is_judged() -> None:
    few = 0
    for gate in drawn_gates(11):
        for row in judged(gate)["criteria"]:
            if row["metric"] != "availability" and row["samples"] < row["failed"] + row["unusable"]:
                few += 1
                assert row["value"] is None, gate.seed
                assert row["status"] == gate.criteria[row["criterion"]]["on_missing"], gate.seed
    assert few


def test_p12_a_location_that_stopped_sending_runs_is_reported() -> None:
    stopped = 0
    for gate in drawn_gates(12):
        control = {"metric": "test_time", "fail": {"max_increase_percent": 10}, "on_missing": "inconclusive"}
        runs = [entry for entry in gate.runs if not (is_new(entry) and entry["node"] == "NY")]
        criteria = [{**control, "split_by": "location"}, control]
        rows = judged(gate, runs=runs, criteria=criteria, warmup=0)["criteria"]
        for row in rows:
            baseline = row["baseline"]["lost_locations"] if row["baseline"] else []
            own = [other for other in rows if other["location"] == "NY" and other["test_id"] == row["test_id"]]
            if row["location"] is None and row["value"] is not None and "NY" in baseline:
                stopped += 1
                # A row of its own, unless the location had too few usable values for one.
                assert all((other["value"], other["status"]) == (None, "inconclusive") for other in own), gate.seed
            assert row["location"] != "NY" or row["status"] == "inconclusive", gate.seed
    assert stopped


def test_p13_an_availability_of_nothing_cannot_get_worse_and_is_no_pass() -> None:
    for gate in drawn_gates(13):
        runs = [{**entry, "failed": True, "metrics": {}} for entry in gate.runs]
        criteria = [{"metric": "availability", "fail": {"max_decrease": 5}, "min_samples": 1}]
        assert judged(gate, runs=runs, criteria=criteria)["verdict"] == "inconclusive", gate.seed


def test_p14_what_cannot_be_attained_is_said_before_the_wait() -> None:
    hopeless = 0
    for number in range(EXAMPLES):
        generator = random.Random(14_000_000 + number)
        places = NODES[: generator.choice([1, 2, 5])]
        count, planned = generator.randrange(5, 30), generator.randrange(4, 12)
        old, new = (
            [run(start + 60 * k, generator.lognormvariate(7, 0.2), node=node) for k in range(size) for node in places]
            for start, size in ((-HOUR, count), (60, planned))
        )
        criterion = {
            "metric": "test_time",
            "aggregate": generator.choice(["median", "mean", "geomean", "p75"]),
            "fail": {generator.choice(["max_increase_percent", "max_decrease_percent"]): 10},
            "significance": generator.choice([0, 0.05, 0.01, 0.0001]),
            "min_samples": 1,
            "split_by": "location",
        }
        waiting = gate_of(criterion, min_runs=planned)
        said = [text for text in baseline_warnings(waiting, old) if "can never fail" in text]
        rows = judged(Drawn(number, [*old, *new], [criterion], {"since": DEPLOY, "now": DEPLOY + HOUR}))["criteria"]
        cannot = [row["status"] for row in rows if row["note"] == "not attainable"]
        hopeless += len(cannot)
        assert set(cannot) <= {"inconclusive"}, number
        assert len(said) == bool(cannot), number
    assert hopeless
