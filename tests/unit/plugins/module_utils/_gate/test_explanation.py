# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The explanation of a row: components, page properties, locations and types of errors."""

from __future__ import annotations

import random
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.explanation import (
    Explanation,
    because,
    explain_change,
    explain_failures,
    failures_by_type,
    where,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Sample

PLACES = ("London", "New York", "Singapore", "Sydney", "Tokyo")
USUAL = {"dns": 20.0, "connect": 40.0, "ssl": 60.0, "wait": 300.0, "load": 500.0}


def page(place: str, generator: random.Random, slower: dict[str, float]) -> dict[str, float]:
    """The times of one page load; ``slower`` is what each component takes in addition."""
    far = 1 + PLACES.index(place) / 4
    times = {
        name: far * value * generator.lognormvariate(0, 0.1) + slower.get(name, 0) for name, value in USUAL.items()
    }
    times["test_time"] = sum(times.values())
    times["time_to_first_byte"] = times["test_time"] - times["load"]
    times["items_total"] = 40.0 + slower.get("items_total", 0)
    return times


def loads(count: int, seed: int, slower: dict[str, float] | None = None, at: tuple[str, ...] = PLACES) -> list[Sample]:
    generator = random.Random(seed)
    return [
        Sample(float(number), place, False, page(place, generator, (slower or {}) if place in at else {}), 1)
        for number in range(count)
        for place in PLACES
    ]


def explained(current: list[Sample], baseline: list[Sample], **options: Any) -> Explanation:
    found = explain_change(
        "test_time",
        current,
        baseline,
        **{"need": 5, "limit_percent": 20.0, "corrected": lambda p: p, **options},
    )
    assert found is not None
    return found


def test_only_the_component_that_grew_is_named() -> None:
    found = explained(loads(6, 1, {"wait": 290.0}), loads(12, 2))
    assert [entry["metric"] for entry in found["metrics"] if entry["kind"] == "time"] == ["wait"]
    wait = found["metrics"][0]
    assert wait["change"] == pytest.approx(290, abs=20)
    assert wait["current"] == pytest.approx(wait["baseline"] + wait["change"])
    assert wait["share"] == pytest.approx(1, abs=0.15)
    assert wait["samples"] == [30, 60]
    assert found["unchanged"] == ["dns", "connect", "ssl", "load"]
    assert found["text"][0].startswith("because wait +")
    assert "of the change), p<0.001; dns, connect, ssl, load unchanged" in found["text"][0]


def test_the_sizes_of_components_add_up() -> None:
    found = explained(loads(6, 1, {"wait": 200.0, "ssl": 100.0}), loads(12, 2))
    times = [entry for entry in found["metrics"] if entry["kind"] == "time"]
    assert [entry["metric"] for entry in times] == ["wait", "ssl"]
    assert sum(entry["share"] for entry in times) == pytest.approx(1, abs=0.15)


def test_milestones_are_reported_and_not_named_as_a_cause() -> None:
    found = explained(loads(6, 1, {"wait": 290.0}), loads(12, 2))
    assert {"metric": "time_to_first_byte", "kind": "milestone"}.items() <= found["metrics"][-1].items()
    assert found["metrics"][-1]["share"] is None
    assert "time_to_first_byte" not in because(found)


def test_a_page_that_grew_is_named_after_the_times() -> None:
    found = explained(loads(6, 1, {"load": 250.0, "items_total": 20.0}), loads(12, 2))
    assert [entry["metric"] for entry in found["metrics"]][:2] == ["load", "items_total"]
    assert "; items_total +20 (+50 %), p<0.001;" in because(found)


def test_the_criterion_s_own_metric_does_not_explain_itself() -> None:
    slow, usual = loads(6, 1, {"wait": 290.0}), loads(12, 2)
    found = explain_change("wait", slow, usual, need=5, limit_percent=20, corrected=lambda p: p)
    assert found is not None
    assert "wait" not in [entry["metric"] for entry in found["metrics"]]
    assert "wait" not in found["unchanged"]


def test_unchanged_components_are_not_named() -> None:
    found = explained(loads(6, 1), loads(12, 2))
    assert found["text"] == ["because no component explains it: dns, connect, ssl, wait, load are unchanged"]


def test_the_autocorrelation_of_the_row_weakens_the_evidence() -> None:
    slow, usual = loads(6, 1, {"wait": 40.0}), loads(12, 2)
    assert explained(slow, usual)["metrics"][0]["metric"] == "wait"
    assert explained(slow, usual, corrected=lambda p: p**0.2)["metrics"] == []


def test_runs_without_component_metrics() -> None:
    """The explanation has a line about locations, but none about components."""
    bare = [run._replace(metrics={"test_time": run.metrics["test_time"]}) for run in loads(6, 1, {"wait": 600.0})]
    found = explained(bare, loads(12, 2))
    assert (found["metrics"], found["unchanged"], because(found)) == ([], [], "")
    assert found["text"] == [f"where {where(found)}"]


def test_soon_after_the_deploy_two_runs_at_a_location_are_enough() -> None:
    found = explained(loads(2, 1, {"wait": 400.0}), loads(12, 2))
    assert found["metrics"][0]["metric"] == "wait"
    assert found["metrics"][0]["samples"] == [10, 60]


def test_no_location_can_be_compared() -> None:
    elsewhere = [run._replace(location="Oslo") for run in loads(6, 1)]
    assert explain_change("test_time", elsewhere, loads(12, 2), need=5, limit_percent=20, corrected=float) is None


def test_a_change_at_every_location_is_reported() -> None:
    found = explained(loads(6, 1, {"wait": 600.0}), loads(12, 2))
    changes = [entry["change_percent"] for entry in found["locations"]]
    assert changes == sorted(changes, reverse=True)
    assert [entry["moved"] for entry in found["locations"]] == [True] * 5
    assert where(found).startswith("at 5 of 5 locations: London +6")
    assert " to Sydney +" in where(found)


def test_a_change_at_one_location_names_it() -> None:
    found = explained(loads(8, 1, {"wait": 3000.0}, at=("Singapore",)), loads(12, 2))
    assert [entry["location"] for entry in found["locations"] if entry["moved"]] == ["Singapore"]
    assert where(found).startswith("at 1 of 5 locations: Singapore +2")


def test_a_decrease_names_the_components_that_decreased() -> None:
    found = explained(loads(6, 1), loads(12, 2, {"wait": 290.0, "items_total": 5.0}))
    assert [entry["metric"] for entry in found["metrics"]][:2] == ["wait", "items_total"]
    assert because(found).startswith("wait -2")
    assert "items_total -5 (-11.1 %)" in because(found)
    assert found["locations"][0]["location"] == "London"


def test_a_long_line_is_cut() -> None:
    slower = dict.fromkeys(USUAL, 200.0)
    text = because(explained(loads(6, 1, slower), loads(12, 2)))
    assert text.count("of the change") == 3
    assert text.endswith("; and 2 more")


def test_a_share_that_would_mislead_is_not_printed() -> None:
    """wait grew by more than the total, because load fell: "300 % of the change" would mislead."""
    found = explained(loads(6, 1, {"wait": 300.0, "load": -200.0}), loads(12, 2))
    assert found["metrics"][0]["metric"] == "wait"
    assert found["metrics"][0]["share"] > 1.5
    assert "of the change" not in because(found)
    assert "load" not in because(found)


def failing(place: str, count: int, good: int, **counters: float) -> list[Sample]:
    return [Sample(0.0, place, True, counters, 1)] * count + [Sample(0.0, place, False, {}, 1)] * good


def test_failed_runs_by_location_and_type() -> None:
    runs = failing("London", 4, 1, ssl_failures=1.0) + failing("New York", 1, 5, timeout_failures=1)
    found = explain_failures([*runs, *failing("Tokyo", 0, 6)])
    assert found["errors"] == {"SSL": 4, "Timeout": 1}
    assert list(found["failed_runs_by_location"].items()) == [
        ("London", {"failed": 4, "runs": 5}),
        ("New York", {"failed": 1, "runs": 6}),
        ("Tokyo", {"failed": 0, "runs": 6}),
    ]
    assert found["text"] == ["because SSL 4, Timeout 1", "where London 4 of 5, New York 1 of 6 runs failed"]


def test_a_counter_of_a_good_run_is_not_a_failure() -> None:
    assert failures_by_type([Sample(0.0, "A", False, {"dns_failures": 1.0}, 1)]) == {}
    assert failures_by_type([Sample(0.0, "A", True, {"dns_failures": None, "ssl_failures": 0}, 1)]) == {}


def test_types_come_from_the_errors_that_the_service_counted() -> None:
    found = explain_failures([*failing("London", 2, 1), *failing("Oslo", 0, 2)], {"Timeout": 1, "Connection": 4})
    assert found["text"] == ["because Connection 4, Timeout 1", "where London 2 of 3 runs failed"]


def test_locations_of_failed_runs_without_types_are_reported() -> None:
    found = explain_failures([*failing("London", 2, 1), *failing("Oslo", 0, 2)])
    assert found["errors"] is None
    assert found["text"] == ["where London 2 of 3 runs failed"]


def test_the_only_location_is_not_named() -> None:
    assert explain_failures(failing("London", 2, 1, ssl_failures=1))["text"] == ["because SSL 2"]
