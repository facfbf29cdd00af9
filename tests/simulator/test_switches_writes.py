# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches of alert state and instant tests."""

from __future__ import annotations

from typing import Any

from simulator.start import Running
from simulator_client import Api


def paused(api: Api, until: str) -> str | None:
    """The date at which a pause ends."""
    entry = {"testId": 81093, "status": {"id": 0}, "pauseExpiration": until}
    assert api.v2("tests/alert/state", "PATCH", {"tests": [entry]})[0] == 200
    end: str | None = api.data("tests/81093")["tests"][0]["alertsPauseExpiration"]
    return end


def test_pause_expiration(api: Api, simulator: Running) -> None:
    assert paused(api, "11:30") == "2026-11-23T21:30:00Z"
    simulator.switch(pause_expiration="clock")
    assert paused(api, "11:30") == "2026-11-23T11:30:00Z"
    assert paused(api, "00:30") == paused(api, "0:30:00") == "2026-11-24T00:30:00Z"
    entry = {"testId": 81093, "status": {"id": 0}, "pauseExpiration": "1.00:30"}
    assert api.v2("tests/alert/state", "PATCH", {"tests": [entry]})[0] == 400


def test_pause_reads(api: Api, simulator: Running) -> None:
    paused(api, "00:30")
    simulator.control("PUT", "/clock", {"advance": "12m"})
    shown = []
    for mode in ("stated", "remaining", "null"):
        simulator.switch(pause_reads=mode)
        shown.append(api.data("tests/alert/state/81093")["tests"][0]["pauseExpiration"])
    assert shown == ["00:30:00", "00:18:00", None]


def test_pause_date(api: Api, simulator: Running) -> None:
    simulator.switch(pause_date=False)
    assert paused(api, "00:30") is None
    assert api.data("tests/81093")["tests"][0]["alertsPaused"] is True


def ordered(api: Api) -> tuple[int, Any]:
    return api.v2("instanttests/81104", "POST", {"nodesIds": [{"id": 40211}]})


def test_create_status_and_create_id(api: Api, simulator: Running) -> None:
    status, answer = ordered(api)
    assert (status, answer["data"]["id"]) == (200, 118237041)
    simulator.switch(create_status="201", create_id="text")
    status, answer = ordered(api)
    assert (status, answer["data"]["id"]) == (201, "118237042")


def test_instant_polls_and_instant_seconds(api: Api, simulator: Running) -> None:
    def is_there() -> bool:
        return api.data("instanttests/118237041?nodeId=40211")["instantTestRecord"] is not None

    ordered(api)
    simulator.switch(instant_polls=2)
    assert [is_there() for _count in range(4)] == [False, False, True, True]
    simulator.switch(instant_polls=0, instant_seconds=90)
    assert not is_there()
    simulator.control("PUT", "/clock", {"advance": "90s"})
    assert is_there()


def test_instant_pending(api: Api, simulator: Running) -> None:
    ordered(api)
    simulator.switch(instant_pending="404", instant_polls=2)
    assert api.v2("instanttests/118237041?nodeId=40211")[0] == 404
    simulator.switch(instant_pending="completed_false")
    status, answer = api.v2("instanttests/118237041?nodeId=40211")
    assert (status, answer["completed"], answer["data"]) == (200, False, None)
    assert api.data("instanttests/118237041?nodeId=40211")["instantTestRecord"] is not None


def test_instant_status(api: Api, simulator: Running) -> None:
    for mode, words in (("other", ("InProgress", "Done")), ("null", (None, None))):
        simulator.switch(instant_status=mode)
        identifier = ordered(api)[1]["data"]["id"]
        path = f"instanttests/{identifier}?nodeId=40211"
        assert (api.data(path)["instantTestStatus"], api.data(path)["instantTestStatus"]) == words


def test_instant_budget(api: Api, simulator: Running) -> None:
    simulator.switch(instant_budget=1)
    assert [ordered(api)[0] for _count in range(2)] == [200, 400]
    assert simulator.control("GET", "/instant")["runs_charged"] == 1
