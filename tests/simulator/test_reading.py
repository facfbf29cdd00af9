# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times, clock and scenario files, without a server."""

from __future__ import annotations

import json
from datetime import timezone
from pathlib import Path
from typing import Any

import pytest
from simulator.service.clock import Clock
from simulator.world import metrics as _metrics
from simulator.world import scenario as _scenario
from simulator.world import times as _times
from simulator.world.fields import ScenarioError
from simulator.world.world import World, read_zone

T0 = 1795428000.0  # 2026-11-23T10:00:00Z


def test_ticks_and_text() -> None:
    # The pair of ticks and text that the real service once gave.
    assert _times.ticks(_times.parse("2015-08-08T02:01:51Z")) == 635745961110000000
    assert _times.iso(T0) == "2026-11-23T10:00:00Z"
    assert _times.iso(T0 + 0.25) == "2026-11-23T10:00:00.25Z"
    assert _times.iso(T0 + 0.9999, 0) == "2026-11-23T10:00:01Z"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-23T10:00:00Z", T0),
        ("2026-11-23 10:00:00", T0),
        ("2026-11-23T10:00", T0),
        ("2026-11-23", T0 - 36000),
        ("2026-11-23T10:00:00.5Z", T0 + 0.5),
        ("2026-11-23T11:00:00+01:00", T0),
        ("2026-11-23T11:00:00 01:00", T0),
        ("2026-11-23T05:00:00-0500", T0),
        ("11-23-2026 10:00", T0),
        ("11-23-2026", T0 - 36000),
    ],
)
def test_times_are_read(text: str, seconds: float) -> None:
    assert _times.parse(text) == seconds


def test_times_in_a_zone() -> None:
    zone = read_zone("America/New_York")
    assert _times.parse("2026-11-23T05:00:00", zone) == T0
    assert _times.parse("2026-11-23T10:00:00Z", zone) == T0
    assert _times.parse("2026-11-23T05:00:00Z", zone, ignore_offset=True) == T0
    assert read_zone("UTC") is timezone.utc


@pytest.mark.parametrize(
    "text", ["", "noon", "2026-13-01", "2026-11-23T25:00:00Z", "23-11-2026", "2026-11-23T10:00:00+99:99", "0001-01-01"]
)
def test_texts_that_are_not_times_are_refused(text: str) -> None:
    with pytest.raises(_times.TimeError):
        _times.parse(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("15m", 900), ("2h30m", 9000), ("1d", 86400), ("1w", 604800), ("250ms", 0.25)],
)
def test_durations(text: str, seconds: float) -> None:
    assert _times.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 minutes", "m5"])
def test_texts_that_are_not_durations_are_refused(text: str) -> None:
    with pytest.raises(_times.TimeError):
        _times.duration(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("now", 100),
        ("-30s", 70),
        ("start+1m", 60),
        ("deploy", 50),
        ("deploy - 10s + 5s", 45),
        ("2026-11-23T10:00:00Z+10m", T0 + 600),
        (7, 7),
    ],
)
def test_expressions(text: Any, seconds: float) -> None:
    assert _times.expression(text, {"now": 100.0, "start": 0.0, "deploy": 50.0}, "now") == seconds


@pytest.mark.parametrize("text", ["later", "2026-11-23T10:00:00Z+x", "now+soon"])
def test_texts_that_are_not_expressions_are_refused(text: str) -> None:
    with pytest.raises(_times.TimeError):
        _times.expression(text, {"now": 100.0}, "now")


def test_a_clock_stands_still_when_set_and_runs_with_a_speed() -> None:
    clock = Clock(1000.0)
    assert clock.now() == clock.now() == 1000.0
    clock.set(2000.0)
    assert clock.now() == 2000.0
    clock.set(speed=1e9)
    assert clock.now() > 2000.0
    clock.reset()
    assert clock.real


def world(**scenario: Any) -> World:
    return World(scenario, T0)


@pytest.mark.parametrize(
    ("scenario", "text"),
    [
        ({"test": []}, "scenario: unknown member 'test'"),
        ({"account": {"zone": "UTC"}}, "account: unknown member 'zone'"),
        ({"tests": {}}, "tests: a list is required"),
        ({"tests": [[]]}, "tests[0]: an object is required"),
        ({"tests": [{"id": 1, "nmae": "x"}]}, "tests[0]: unknown member 'nmae'"),
        ({"tests": [{"id": 1, "type": "Wbe"}]}, "tests[0].type: 'Wbe' is not one of"),
        ({"tests": [{"id": 1, "nodes": [7]}]}, "tests[0].nodes: node 7 does not exist"),
        ({"tests": [{"id": 1}, {"id": 1}]}, "id 1 is defined twice"),
        ({"tests": [{"id": 1, "latency": {"mean": 1}}]}, "tests[0].latency: unknown member 'mean'"),
        ({"tests": [{"id": 1, "distribution": "odd"}]}, "tests[0].distribution"),
        ({"tests": [{"id": 1, "changes": [{"at": "lunch"}]}]}, "'lunch' is not a time"),
        ({"tests": [{"id": 1, "changes": [{"component": "cpu"}]}]}, "changes[0].component"),
        ({"nodes": [{"id": 1, "city": "Atlantis"}]}, "nodes[0].city: 'Atlantis'"),
        ({"nodes": [{"id": 1, "isp": "Nobody"}]}, "nodes[0].isp: 'Nobody'"),
        ({"nodes": [{"id": 1}, {"id": 1}]}, "nodes[1]: id 1 is defined twice"),
        ({"node_groups": [{"id": 1, "name": "x", "nodes": [3]}]}, "node 3 does not exist"),
        ({"events": {"a": "b", "b": "a"}, "changes": [{"at": "a"}]}, "events: cannot be read: a, b"),
        ({"account_time_zone": "Mars/Base"}, "account_time_zone: 'Mars/Base'"),
        ({"intervals": [{"id": 1, "name": "Odd"}]}, "intervals[0]: Odd needs seconds"),
        ({"alerts": [{"test_id": 1, "level": "Loud"}]}, "alerts[0].level"),
        ({"data_delay": "soon"}, "data_delay: 'soon' is not a duration"),
        ({"tests": [{"name": "x"}]}, "tests[0].id is missing"),
        ({"tests": [{"id": "x"}]}, "tests[0].id: a whole number is required, got 'x'"),
        ({"tests": [{"id": 1, "failure_rate": "often"}]}, "tests[0].failure_rate: a number is required"),
        ({"tests": [{"id": 1, "no_data": "no"}]}, "tests[0].no_data: true or false is required"),
        (
            {"slos": [{"id": 1, "name": "x", "violations": [{"start": "-1h"}]}]},
            "slos[0].violations[0].test_id is missing",
        ),
        ({"outages": [{"service": "x", "city": "Atlantis"}]}, "outages[0].city: 'Atlantis'"),
    ],
)
def test_scenario_errors_name_the_member(scenario: dict[str, Any], text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        world(**scenario)
    assert text in str(caught.value)


def test_files(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    own.write_text(json.dumps({"extends": "shop", "switches": {"gzip": "on"}, "events": {"deploy": "start-5m"}}))
    child = tmp_path / "child.json"
    child.write_text(json.dumps({"extends": "own.json", "switches": {"max_rows": 5}}))
    scenario, folder = _scenario.load(child)
    assert folder == tmp_path
    assert scenario["switches"] == {"gzip": "on", "max_rows": 5}
    assert scenario["events"] == {"deploy": "start-5m"}
    assert len(scenario["tests"]) == 13
    for text in ("[]", "{nope"):
        own.write_text(text)
        with pytest.raises(ScenarioError):
            _scenario.load(own)


@pytest.mark.parametrize("name", [path.name for path in sorted(_scenario.SCENARIOS.glob("*.json"))])
def test_built_in_scenarios_can_be_read(name: str) -> None:
    scenario, _folder = _scenario.load(name)
    assert World(scenario, T0).tests


def test_events_may_refer_to_each_other() -> None:
    one = world(events={"second": "first+1m", "first": "start-1h"}, tests=[{"id": 1, "changes": [{"at": "second"}]}])
    assert one.changes[0].from_time == T0 - 3540


def test_metric_ids_and_keys_are_unique() -> None:
    ids = [metric.v2_id for metric in _metrics.METRICS if metric.v2_id is not None]
    assert len(ids) == len(set(ids))
    assert len(_metrics.BY_KEY) == len(_metrics.METRICS)
    assert (len(_metrics.V1_2015), len(_metrics.V1_CURRENT)) == (67, 68)
