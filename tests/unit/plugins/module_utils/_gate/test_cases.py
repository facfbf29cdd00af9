# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computed cases of the gate's design: 88 small data sets with their verdicts, and numbers computed with scipy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import RANK
from ansible_collections.community.catchpoint.plugins.module_utils._gate.offline import verdict_of_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    run,
)

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
REFUSED = [name for name, case in CASES.items() if case["verdict"] == "error"]


def result_of(case: dict[str, Any]) -> dict[str, Any]:
    given = [run(seconds, *value, node=node, failed=not ok) for seconds, node, ok, *value in case.get("runs", [])]
    for series in case.get("series", []):
        given += runs_of(series)
    return rendered(verdict_of_runs(given, case["options"], clock=0.0))


def runs_of(series: dict[str, Any]) -> list[dict[str, Any]]:
    """Runs written shorter: value k is a run at start + every * k at node k modulo their number; null failed."""
    start, every, nodes = series["start"], series["every"], series["nodes"]
    metric = series.get("metric", "test_time")
    return [
        run(
            start + every * k,
            node=nodes[k % len(nodes)],
            failed=value is None,
            **({} if value is None else {metric: value}),
        )
        for k, value in enumerate(series["values"])
    ]


def measured(result: dict[str, Any]) -> dict[str, Any]:
    """The checked values of a row, by their names in the cases."""
    row = result["criteria"][0]
    baseline = row["baseline"] or {}
    rows = [entry for entry in result["criteria"] if entry["criterion"] == 0]
    return {
        **{key: row[key] for key in ("value", "change", "change_percent", "p", "inflation", "single_location")},
        "n": row["samples"],
        "effective": row["effective_samples"],
        "unusable": row["unusable"],
        "failed": result["failed"],
        "dropped": {key: result["runs"][key] for key in ("before", "warmup", "after")},
        "failing": sorted(entry["location"] for entry in rows if entry["status"] == "fail" and entry["location"]),
        "excluded_locations": baseline.get("excluded_locations"),
        "lost_locations": baseline.get("lost_locations"),
    }


def worst(result: dict[str, Any]) -> list[str]:
    """One status for each criterion: the worst of its rows."""
    found: dict[int, str] = {}
    for row in result["criteria"]:
        found[row["criterion"]] = max(found.get(row["criterion"], "pass"), row["status"], key=RANK.index)
    return list(found.values())


def close(expected: float) -> Any:
    return pytest.approx(expected, abs=1e-6, rel=5e-4)


@pytest.mark.parametrize("name", sorted(set(CASES) - set(REFUSED)))
def test_verdict(name: str) -> None:
    case = CASES[name]
    result = result_of(case)
    assert result["verdict"] == case["verdict"], result["report"]
    if case["statuses"] is not None:
        assert worst(result) == case["statuses"]
    found = measured(result)
    for key, expected in case["checks"].items():
        number = isinstance(expected, (int, float)) and not isinstance(expected, bool)
        assert found[key] == (close(expected) if number else expected), key


@pytest.mark.parametrize("name", REFUSED)
def test_cases_with_invalid_options_are_refused(name: str) -> None:
    with pytest.raises(GateArgumentError):
        result_of(CASES[name])


def test_all_cases_are_read() -> None:
    assert len(CASES) == 88
    assert sorted(REFUSED) == ["E03", "E05", "F06", "O01", "V07"]


def test_locations_of_a_split() -> None:
    """D04 in full: each location's change and p."""
    result = result_of(CASES["D04"])
    found = {row["location"]: (row["change_percent"], row["p"]) for row in result["criteria"]}
    expected = {"NY": (-0.25, 0.608), "LON": (55.86, 0.002165), "SG": (-0.11, 0.643), "FRA": (-0.17, 0.643)}
    for name, (change, p) in {**expected, "SYD": (-0.08, 0.643)}.items():
        assert found[name] == (pytest.approx(change, abs=5e-3), pytest.approx(p, abs=5e-4)), name
