# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs: reproducible, consistent, and changed by the scenario's changes."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

import pytest
from simulator.start import Running
from simulator_client import Api

HOUR = "startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T10:00:00"


def raw(api: Api, test: int, query: str = HOUR) -> list[dict[str, Any]]:
    return api.rows(f"tests/explorer/raw?testIds={test}&{query}")


def test_a_window_always_gives_the_same_rows(api: Api, simulator: Running) -> None:
    first = raw(api, 81093)
    assert len(first) == 60
    assert raw(api, 81093) == first
    simulator.control("PUT", "/clock", {"advance": "3d"})
    assert raw(api, 81093) == first
    simulator.reset()
    assert raw(api, 81093) == first


def test_two_halves_of_a_window_give_the_rows_of_the_whole(api: Api) -> None:
    first = raw(api, 81093, "startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T09:30:00")
    second = raw(api, 81093, "startTimeUtc=2026-11-23T09:30:00&endTimeUtc=2026-11-23T10:00:00")
    assert first + second == raw(api, 81093)
    assert all("2026-11-23T09:30:00Z" <= row["time"] < "2026-11-23T10:00:00Z" for row in second)


def test_no_run_is_in_the_future(api: Api, simulator: Running) -> None:
    assert raw(api, 81093, "startTimeUtc=2026-11-23T10:00:00&endTimeUtc=2026-11-23T11:00:00") == []
    simulator.control("PUT", "/clock", {"now": "2026-11-23T10:30:00Z"})
    found = raw(api, 81093, "startTimeUtc=2026-11-23T10:00:00&endTimeUtc=2026-11-23T11:00:00")
    assert 29 <= len(found) <= 31
    assert all(row["time"] <= "2026-11-23T10:30:00Z" for row in found)


def test_default_windows(api: Api) -> None:
    item = api.data("tests/explorer/raw?testIds=81093")["responseItems"][0]
    assert (item["startTimeUtc"], item["endTimeUtc"]) == ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
    item = api.data("tests/explorer/aggregated?testIds=81093&metricIds=61")["responseItems"][0]
    assert (item["startTimeUtc"], item["timeInterval"]) == ("2026-11-22T10:00:00Z", {"id": 6, "name": "Minutes15"})
    answer = api.v1("performance/raw?tests=81093")[1]
    assert (answer["start"], answer["end"]) == ("2026-11-23T09:45:00Z", "2026-11-23T10:00:00Z")


def test_times_are_accepted_in_all_their_forms(api: Api) -> None:
    expected = raw(api, 81093)
    for start, end in (
        ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
        ("2026-11-23T09:00:00.0000000Z", "2026-11-23T10:00:00.0Z"),
        ("2026-11-23T09:00", "2026-11-23T10:00"),
        ("2026-11-23T10:00:00%2B01:00", "2026-11-23T11:00:00+01:00"),
    ):
        assert raw(api, 81093, f"startTimeUtc={start}&endTimeUtc={end}") == expected
    assert api.v2("tests/explorer/raw?testIds=81093&startTimeUtc=noon")[0] == 400


def test_the_timings_of_a_page_are_consistent(api: Api) -> None:
    for row in raw(api, 81093):
        values = row["values"]
        first_byte = sum(values[name] for name in ("DNS (ms)", "Connect (ms)", "SSL (ms)", "Upload (ms)", "Wait (ms)"))
        assert values["Time To First Byte (ms)"] == first_byte
        assert values["Response (ms)"] == first_byte + values["Load (ms)"]
        assert values["Server Response (ms)"] == values["Response (ms)"] - values["DNS (ms)"]
        order = ["Response (ms)", "Render Start (ms)", "Document Complete (ms)", "Webpage Response (ms)"]
        assert [values[name] for name in order] == sorted(values[name] for name in order)
        assert values["Webpage Response (ms)"] + values["Client Time (ms)"] == values["Test Time (ms)"]
        assert (values["% Availability"], values["# Runs"], values["# Test Errors"]) == (100.0, 1.0, None)
        assert values["% Ping Packet Loss"] is None
        assert values["# Flash"] is None
        parts = sum(values[f"{kind} Bytes"] for kind in ("Html", "Image", "Script", "Css", "Font"))
        assert values["Downloaded Bytes"] == parts


def test_each_type_of_test_has_its_metrics(api: Api) -> None:
    filled = {}
    for test in (81093, 81095, 81096, 81097, 81098):
        good = next(row for row in raw(api, test) if row["values"]["% Availability"] == 100)
        filled[test] = {name for name, value in good["values"].items() if value is not None}
    assert "Document Complete (ms)" in filled[81095]
    assert {"DNS (ms)", "Response (ms)", "Test Time (ms)"} <= filled[81096]
    assert not {"Document Complete (ms)", "Webpage Response (ms)"} & filled[81096]
    assert "Connect (ms)" not in filled[81097]
    assert {"Ping Round Trip (ms)", "% Ping Packet Loss", "Jitter"} <= filled[81098]
    assert "Test Time (ms)" not in filled[81098]


def test_failed_runs(api: Api) -> None:
    rows = raw(api, 81095)
    failed = [row["values"] for row in rows if row["values"]["% Availability"] == 0]
    assert 3 <= len(failed) <= 20
    for values in failed:
        assert (values["# Test Errors"], values["# Errors"], values["# Runs"]) == (1.0, 1.0, 1.0)
        assert values["Test Time (ms)"] is None
        assert values["Webpage Response (ms)"] is None
        kinds = ("DNS", "Connection", "SSL", "Response", "Timeout")
        assert sum(values[f"# {kind} Failures"] or 0 for kind in kinds) == 1
    only = "&availabilityFilter=0"
    assert len(raw(api, 81095, HOUR + only)) == len(failed)
    assert len(raw(api, 81095, HOUR + "&availabilityFilter=1")) == len(rows) - len(failed)
    assert len(raw(api, 81095, HOUR + "&availabilityFilter=0,1")) == len(rows)


def test_the_shop_shows_each_behavior(api: Api, simulator: Running) -> None:
    def of(test: int, query: str) -> list[float]:
        return [row["values"]["Test Time (ms)"] for row in raw(api, test, query)]

    before = "startTimeUtc=2026-11-23T05:30:00&endTimeUtc=2026-11-23T09:30:00"
    after = "startTimeUtc=2026-11-23T09:30:00&endTimeUtc=2026-11-23T10:00:00"
    assert median(of(81094, after)) / median(of(81094, before)) == pytest.approx(1.4, rel=0.1)
    assert median(of(81099, after)) / median(of(81099, before)) == pytest.approx(1.0, rel=0.1)
    assert raw(api, 81100) == []
    assert raw(api, 81101) == []
    assert max(row["time"] for row in raw(api, 81103)) < "2026-11-23T09:15:00Z"
    login = raw(api, 81102, after)
    assert {row["values"]["% Availability"] for row in login if row["dimensions"]["Node"] == 257} == {0.0}
    assert {row["values"]["% Availability"] for row in login if row["dimensions"]["Node"] != 257} == {100.0}
    assert {row["dimensions"]["Node"] for row in raw(api, 81104)} == {40211, 40212}


def test_a_change_at_run_time_and_its_rollback(api: Api, simulator: Running) -> None:
    def times() -> dict[str, float]:
        query = "startTimeUtc=2026-11-23T10:00:00&endTimeUtc=2026-11-23T12:00:00&metricIds=89"
        return {row["time"]: row["values"]["Test Time (ms)"] for row in raw(api, 81093, query)}

    simulator.control("PUT", "/clock", {"advance": "2h"})
    plain = times()
    simulator.control("PUT", "/clock", {"now": "2026-11-23T10:00:00Z"})
    change = simulator.control("PUT", "/change", {"test_id": 81093, "at": "now", "factor": 1.5})
    assert (change["at"], change["until"]) == ("2026-11-23T10:00:00Z", None)
    simulator.control("PUT", "/clock", {"advance": "1h"})
    slow = times()
    assert all(slow[moment] == pytest.approx(1.5 * plain[moment], abs=1) for moment in slow)
    # A rollback ends the change: earlier runs stay slow, later ones are as before.
    ended = simulator.control("PUT", f"/change/{change['id']}", {"until": "now"})
    assert ended["until"] == "2026-11-23T11:00:00Z"
    simulator.control("PUT", "/clock", {"advance": "1h"})
    both = times()
    assert {moment: value for moment, value in both.items() if moment < "2026-11-23T11"} == slow
    assert all(both[moment] == plain[moment] for moment in both if moment >= "2026-11-23T11")
    # Taken away altogether, it never was.
    assert simulator.control("DELETE", f"/change/{change['id']}")["removed"] == 1
    assert times() == plain


def test_changes_of_all_kinds(api: Api, simulator: Running) -> None:
    whole = raw(api, 81093)
    simulator.control(
        "PUT",
        "/change",
        [
            {"test_ids": [81093, 81099], "at": "-30m", "until": "-20m", "no_data": True},
            {"test_id": 81093, "at": "-20m", "until": "-10m", "node": 81, "failure_rate": 1, "error": "SSL"},
            {"test_id": 81093, "at": "-10m", "component": "wait", "factor": 3},
        ],
    )
    rows = raw(api, 81093)
    assert not [row for row in rows if "2026-11-23T09:30" <= row["time"] < "2026-11-23T09:40"]
    bad = [row for row in rows if row["values"]["% Availability"] == 0]
    assert {row["dimensions"]["Node"] for row in bad} == {81}
    assert {row["values"]["# SSL Failures"] for row in bad} == {1.0}
    plain = {(row["time"], row["dimensions"]["Node"]): row["values"] for row in whole}
    late = [row for row in rows if row["time"] >= "2026-11-23T09:50"]
    for row in late:
        old = plain[row["time"], row["dimensions"]["Node"]]
        assert row["values"]["Wait (ms)"] == pytest.approx(3 * old["Wait (ms)"], abs=1)
        added = row["values"]["Wait (ms)"] - old["Wait (ms)"]
        assert row["values"]["Test Time (ms)"] == old["Test Time (ms)"] + added
        assert row["values"]["DNS (ms)"] == old["DNS (ms)"]
    assert late
    assert len(simulator.control("GET", "/change")["changes"]) == 6
    assert simulator.control("DELETE", "/change")["removed"] == 3
    assert raw(api, 81093) == whole


def test_an_event_can_be_moved(api: Api, simulator: Running) -> None:
    assert simulator.control("GET", "/events") == {"deploy": "2026-11-23T09:30:00Z"}
    before = raw(api, 81094)
    assert simulator.control("PUT", "/events", {"deploy": "now"}) == {"deploy": "2026-11-23T10:00:00Z"}
    after = raw(api, 81094)
    late = [at for at, row in enumerate(before) if row["time"] >= "2026-11-23T09:30"]
    assert all(after[at]["values"]["Test Time (ms)"] < before[at]["values"]["Test Time (ms)"] for at in late)


@pytest.mark.parametrize("distribution", ["even", "random", "concurrent"])
def test_distributions_over_the_nodes(api: Api, simulator: Running, distribution: str) -> None:
    test = {"id": 7, "name": "Seven", "nodes": [257, 81, 28, 134], "frequency": 600, "distribution": distribution}
    simulator.control("PUT", "/test", test)
    rows = raw(api, 7)
    assert len(rows) in (23, 24, 25)
    seconds = [
        sum(int(part) * unit for part, unit in zip(row["time"][11:19].split(":"), (3600, 60, 1))) for row in rows
    ]
    gaps = [later - earlier for earlier, later in zip(seconds, seconds[1:])]
    if distribution == "even":
        assert 90 <= min(gaps) <= max(gaps) <= 210
    elif distribution == "concurrent":
        assert sorted(gaps)[len(gaps) // 2] <= 3
    else:
        assert max(gaps) > 210 or min(gaps) < 90


def test_nodes_per_run_limits_the_nodes_of_a_slot(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/test", {"id": 7, "nodes": [257, 81, 28, 134], "frequency": 300, "nodes_per_run": 1})
    rows = raw(api, 7)
    assert len(rows) in (11, 12, 13)
    assert len({row["dimensions"]["Node"] for row in rows}) > 1


def test_explicit_runs_are_shown_as_stated(api: Api, simulator: Running) -> None:
    runs = [
        {"at": "-10m", "node": 257, "total": 1310},
        {"at": "-5m", "node": 81, "failed": True},
        {"at": "-1m", "total": 1500, "metrics": {"Test Time (ms)": 77, "DNS (ms)": None}},
    ]
    simulator.control("PUT", "/test", {"id": 7, "name": "Seven", "runs": runs})
    rows = raw(api, 7)
    assert [row["time"][11:] for row in rows] == ["09:50:00Z", "09:55:00Z", "09:59:00Z"]
    assert [row["values"]["% Availability"] for row in rows] == [100.0, 0.0, 100.0]
    assert [row["values"]["Test Time (ms)"] for row in rows] == [1310.0, None, 77]
    assert rows[2]["values"]["DNS (ms)"] is None


def test_data_delay_hides_new_runs(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/test", {"id": 7, "nodes": [257], "frequency": 60, "data_delay": "10m"})
    assert max(row["time"] for row in raw(api, 7)) <= "2026-11-23T09:50:00Z"


def test_median_spread_and_spikes_are_as_stated(api: Api, simulator: Running) -> None:
    latency = {"median": {"default": 500, "81": 2000}, "sigma": 0.2, "spike_rate": 0, "location_spread": 0}
    simulator.control("PUT", "/test", {"id": 7, "nodes": [257, 81], "frequency": 60, "latency": latency})
    rows = raw(api, 7, "startTimeUtc=2026-11-22T10:00:00&endTimeUtc=2026-11-23T10:00:00&metricIds=89")
    for node, expected in ((257, 500), (81, 2000)):
        values = [row["values"]["Test Time (ms)"] for row in rows if row["dimensions"]["Node"] == node]
        assert len(values) == pytest.approx(1440, abs=2)
        assert median(values) == pytest.approx(expected, rel=0.03)
        logs = [math.log(value / expected) for value in values]
        assert math.sqrt(sum(one * one for one in logs) / len(logs)) == pytest.approx(0.2, rel=0.1)


def test_a_fleet(simulator: Running, api: Api) -> None:
    simulator.control("PUT", "/scenario", {"file": "fleet"})
    ids = ",".join(str(100000 + number) for number in range(200))
    item = api.data(f"tests/explorer/raw?testIds={ids}&{HOUR}&metricIds=89,15")["responseItems"][0]
    assert len({row["dimensions"][0]["id"] for row in item["items"]}) == 200
    assert len(item["items"]) == pytest.approx(200 * 36, abs=200)
    assert api.data("tests/100006")["tests"][0]["name"] == "Host 0007"
    assert len({row["values"]["Test Time (ms)"] for row in raw(api, 100006, HOUR)} | {None}) > 10
    assert raw(api, 100665) == []
