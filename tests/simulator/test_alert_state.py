# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pausing the alerts of tests."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.start import Running
from simulator_client import Api

STATE = "tests/alert/state"


def pause(api: Api, *tests: int, until: Any = "00:30") -> tuple[int, Any]:
    entries = [{"testId": one, "status": {"id": 0, "name": "Paused"}, "pauseExpiration": until} for one in tests]
    return api.v2(STATE, "PATCH", {"tests": entries})


def unpause(api: Api, *tests: int) -> tuple[int, Any]:
    return api.v2(STATE, "PATCH", {"tests": [{"testId": one, "status": {"id": 1}} for one in tests]})


def states(api: Api, *tests: int) -> list[tuple[int, str, Any]]:
    found = api.data(f"{STATE}/{','.join(map(str, tests))}")["tests"]
    return [(one["testId"], one["status"]["name"], one["pauseExpiration"]) for one in found]


def end_of(api: Api, test: int) -> Any:
    return api.data(f"tests/{test}")["tests"][0]["alertsPauseExpiration"]


def test_a_pause_ends_by_itself(api: Api, simulator: Running) -> None:
    assert states(api, 81093, 81094) == [(81093, "Unpaused", None), (81094, "Unpaused", None)]
    status, answer = pause(api, 81093)
    assert (status, answer["completed"]) == (200, True)
    assert answer["data"]["tests"] == [
        {"testId": 81093, "status": {"id": 0, "name": "Paused"}, "pauseExpiration": "00:30:00"}
    ]
    assert end_of(api, 81093) == "2026-11-23T10:30:00Z"
    assert [one["id"] for one in api.data("tests?alertsPaused=true")["tests"]] == [81093]
    assert [one["id"] for one in api.v1("tests?alertsPaused=true")[1]["items"]] == [81093]
    simulator.control("PUT", "/clock", {"advance": "29m59s"})
    assert states(api, 81093)[0][1] == "Paused"
    simulator.control("PUT", "/clock", {"advance": "1s"})
    assert states(api, 81093) == [(81093, "Unpaused", None)]
    assert end_of(api, 81093) is None
    assert api.data("tests?alertsPaused=true")["tests"] == []


def test_a_pause_can_be_shortened_and_ended(api: Api) -> None:
    pause(api, 81093, 81094, until="1.02:30")
    assert end_of(api, 81093) == "2026-11-24T12:30:00Z"
    assert states(api, 81093)[0][2] == "1.02:30:00"
    pause(api, 81093, until="00:05:30")
    assert end_of(api, 81093) == "2026-11-23T10:05:30Z"
    assert unpause(api, 81093)[0] == 200
    assert [one[1] for one in states(api, 81093, 81094)] == ["Unpaused", "Paused"]
    # Repeating it is not an error.
    assert unpause(api, 81093)[0] == 200


def test_a_pause_without_an_end(api: Api) -> None:
    pause(api, 81093, until=None)
    assert states(api, 81093) == [(81093, "Paused", None)]
    assert end_of(api, 81093) is None


def test_what_the_scenario_pauses_can_be_unpaused(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/test", {"id": 7, "alerts_paused": True})
    assert states(api, 7) == [(7, "Paused", None)]
    unpause(api, 7)
    assert states(api, 7) == [(7, "Unpaused", None)]
    simulator.control("PUT", "/test", {"id": 7, "alerts_paused": True})
    assert states(api, 7) == [(7, "Paused", None)]


def test_the_control_api_names_the_paused_tests_without_a_request(api: Api, simulator: Running) -> None:
    assert simulator.control("GET", "/pauses") == {"paused": []}
    pause(api, 81094)
    before = simulator.count()
    assert simulator.control("GET", "/pauses") == {"paused": [81094]}
    assert simulator.count() == before


def test_paused_tests_raise_no_alerts(api: Api, simulator: Running) -> None:
    def alerts() -> list[str]:
        return [one["reportTime"] for one in api.v2("tests/alerts?testIds=81099")[1]["data"]["alerts"]]

    pause(api, 81099, until="00:10")
    simulator.control("PUT", "/alert", {"test_id": 81099, "at": "+5m"})
    simulator.control("PUT", "/alert", {"test_id": 81099, "at": "+15m"})
    simulator.control("PUT", "/clock", {"advance": "20m"})
    assert alerts() == ["2026-11-23T10:15:00Z"]
    assert "2026-11-23T10:05:00Z" not in {one["report_time"] for one in api.v1("alerts")[1]["alerts"]}


@pytest.mark.parametrize("text", ["24:00", "00:00", "30", "1:60", "PT30M", "-00:30"])
def test_expirations_that_are_not_valid(api: Api, text: str) -> None:
    status, answer = pause(api, 81093, 81094, until=text)
    assert (status, answer["errors"][0]["message"]) == (400, f"The value '{text}' is not valid for pauseExpiration.")
    assert [one[1] for one in states(api, 81093, 81094)] == ["Unpaused"] * 2


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"tests": []},
        {"tests": [{"status": {"id": 0}}]},
        {"tests": [{"testId": 81093, "status": {"id": 2}}]},
    ],
)
def test_bodies_that_are_not_valid(api: Api, body: Any) -> None:
    assert api.v2(STATE, "PATCH", body)[0] == 400
    assert api.v2(STATE, "POST", body)[0] == api.v2(f"{STATE}/81093", "PATCH", body)[0] == 405


def test_unknown_tests_and_missing_rights(api: Api, simulator: Running) -> None:
    status, answer = pause(api, 81093, 5)
    assert (status, answer["completed"], [one["testId"] for one in answer["data"]["tests"]]) == (200, False, [81093])
    simulator.switch(forbidden_tests="81094")
    assert pause(api, 81093, 81094)[0] == unpause(api, 81094)[0] == api.v2(f"{STATE}/81094")[0] == 403
    simulator.switch(forbidden="PATCH tests/alert/state")
    assert pause(api, 81093)[0] == 403
    assert states(api, 81093)[0][1] == "Paused"


def test_reset_forgets_pauses(api: Api, simulator: Running) -> None:
    pause(api, 81093)
    simulator.reset()
    assert states(api, 81093) == [(81093, "Unpaused", None)]
