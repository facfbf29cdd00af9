# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request limits."""

from __future__ import annotations

import json
from collections import Counter
from email.utils import parsedate_to_datetime

import pytest
from simulator.service import limits as _limits
from simulator.start import Running, running
from simulator_client import NOW, Api


def burst(api: Api, count: int) -> Counter[int]:
    return Counter(api.v2("divisions")[0] for _count in range(count))


def advance(simulator: Running, text: str) -> None:
    simulator.control("PUT", "/clock", {"advance": text})


def test_the_vendors_limits_are_on_by_default() -> None:
    with running(now=NOW) as simulator:
        assert simulator.control("GET", "/limits")["limits"] == {"second": 7, "minute": 20, "hour": 500, "day": 2000}
        assert burst(Api(simulator), 8) == {200: 7, 429: 1}


def test_windows_roll_with_the_simulated_clock(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "7/s,20/min,500/h,2000/day")
    simulator.control("DELETE", "/limits")
    assert burst(api, 9) == {200: 7, 429: 2}
    advance(simulator, "1s")
    assert burst(api, 9) == {200: 7, 429: 2}
    advance(simulator, "1s")
    assert burst(api, 9) == {200: 6, 429: 3}
    advance(simulator, "10s")
    assert burst(api, 1) == {429: 1}
    advance(simulator, "48s")
    assert burst(api, 9) == {200: 7, 429: 2}
    assert simulator.control("GET", "/requests")["rejected_429"] == 10


def test_the_day_ends_at_midnight_utc(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", {"day": 3})
    simulator.control("PUT", "/clock", {"now": "2026-11-23T23:59:50Z"})
    assert burst(api, 5) == {200: 3, 429: 2}
    advance(simulator, "9s")
    assert burst(api, 1) == {429: 1}
    advance(simulator, "1s")
    assert burst(api, 5) == {200: 3, 429: 2}


def test_429_names_the_limit_in_the_body(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "2/min")
    burst(api, 2)
    status, headers, body = api.raw("GET", "/api/v2/divisions", {"Authorization": f"Bearer {simulator.api_key}"})
    answer = json.loads(body)
    assert (status, answer["completed"], "Retry-After" in headers) == (429, False, False)
    assert answer["errors"] == [{"id": "429", "message": "quota exceeded"}]
    assert answer["usageLimits"]["exceededMessage"] == "quota exceeded: more than 2 requests in a minute"
    assert (answer["usageLimits"]["limits"]["minute"], answer["usageLimits"]["runs"]["minute"]) == (2, 2)
    status, _headers, body = api.raw("GET", "/ui/api/v1/nodes")
    assert (status, json.loads(body)) == (429, {"Message": "quota exceeded"})


def test_retry_after_and_body_429_change_the_429(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "1/min")
    burst(api, 1)
    advance(simulator, "18s")
    simulator.switch(retry_after="seconds")
    status, headers, _body = api.raw("GET", "/api/v2/divisions")
    assert (status, headers["Retry-After"]) == (429, "42")
    simulator.switch(retry_after="date", body_429="none")
    _status, headers, body = api.raw("GET", "/api/v2/divisions")
    assert parsedate_to_datetime(headers["Retry-After"]).isoformat() == "2026-11-23T10:01:00+00:00"
    assert headers["Date"] == "Mon, 23 Nov 2026 10:00:18 GMT"
    assert body == b""
    simulator.switch(retry_after="none", body_429="html")
    _status, headers, body = api.raw("GET", "/api/v2/divisions")
    assert "Retry-After" not in headers
    assert headers["Content-Type"].startswith("text/html")
    assert b"error code: 1015" in body


def test_retry_after_may_have_a_fraction_and_the_body_may_be_plain_text(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "1/min")
    burst(api, 1)
    advance(simulator, "18.25s")
    simulator.switch(retry_after="fraction", body_429="text")
    _status, headers, body = api.raw("GET", "/api/v2/divisions")
    assert headers["Retry-After"] == "41.750"
    assert headers["Content-Type"].startswith("text/plain")
    assert body == b"API calls quota exceeded! maximum admitted 1 per 1m."


def limit_headers(api: Api, path: str = "/api/v2/divisions") -> tuple[int, str, str, str]:
    status, headers, _body = api.raw("GET", path, {"Authorization": f"Bearer {api.simulator.api_key}"})
    shown = [headers.get(f"X-Rate-Limit-{name}", "") for name in ("Limit", "Remaining", "Reset")]
    return status, shown[0], shown[1], shown[2]


def test_limit_headers(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "2/min,500/h")
    assert limit_headers(api) == (200, "", "", "")
    simulator.switch(limit_headers="429")
    assert limit_headers(api) == (200, "", "", "")
    advance(simulator, "10s")
    assert limit_headers(api) == (429, "2", "0", "2026-11-23T10:01:00Z")
    assert limit_headers(api, "/ui/api/v1/nodes") == (429, "2", "0", "2026-11-23T10:01:00Z")
    simulator.control("DELETE", "/limits")
    simulator.switch(limit_headers="always", limit_header_value="period")
    assert limit_headers(api)[:3] == (200, "1m", "1")
    simulator.control("PUT", "/limits", "off")
    assert limit_headers(api) == (200, "", "", "")


@pytest.mark.parametrize(
    ("model", "statuses"),
    [
        # Requests at 0:40, 1:10, 1:30, 1:45 and 2:00; two fit into a minute.
        ("rolling", [200, 200, 429, 200, 429]),
        ("clock", [200, 200, 200, 429, 200]),
        ("first_request", [200, 200, 429, 200, 200]),
    ],
)
def test_limit_window(api: Api, simulator: Running, model: str, statuses: list[int]) -> None:
    simulator.control("PUT", "/limits", "2/min")
    simulator.switch(limit_window=model)
    got = []
    for moment in ("0:40", "1:10", "1:30", "1:45", "2:00"):
        simulator.control("PUT", "/clock", {"now": f"2026-11-23T11:0{moment}Z"})
        got.append(api.v2("divisions")[0])
    assert got == statuses


@pytest.mark.parametrize(("model", "seconds"), [("rolling", "40"), ("clock", "10"), ("first_request", "40")])
def test_the_wait_fits_the_window(api: Api, simulator: Running, model: str, seconds: str) -> None:
    simulator.control("PUT", "/limits", "1/min")
    simulator.switch(limit_window=model, retry_after="seconds")
    simulator.control("PUT", "/clock", {"now": "2026-11-23T11:00:30Z"})
    burst(api, 1)
    advance(simulator, "20s")
    _status, headers, _body = api.raw("GET", "/api/v2/divisions", {"Authorization": f"Bearer {simulator.api_key}"})
    assert headers["Retry-After"] == seconds
    advance(simulator, f"{seconds}s")
    assert burst(api, 1) == {200: 1}


def test_limits_can_be_read_changed_reset_and_turned_off(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", {"limits": "3/min"})
    assert burst(api, 4) == {200: 3, 429: 1}
    used = simulator.control("GET", "/limits")["used"]["127.0.0.1"]
    assert used == {"second": 3, "minute": 3, "hour": 3, "day": 3}
    simulator.control("DELETE", "/limits")
    assert burst(api, 4) == {200: 3, 429: 1}
    simulator.control("PUT", "/limits", "off")
    assert burst(api, 30) == {200: 30}


def test_foreign_requests_count(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "20/min")
    result = simulator.control("PUT", "/limits", {"foreign": 15})
    assert result["used"]["127.0.0.1"]["minute"] == 15
    assert burst(api, 6) == {200: 5, 429: 1}
    assert simulator.count() == 6


def test_logins_count_unless_turned_off(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "2/min")
    api.login()
    assert (api.v1("nodes/257")[0], api.v1("nodes/257")[0]) == (200, 429)
    simulator.control("DELETE", "/limits")
    simulator.switch(limits_count_logins=False)
    for _count in range(4):
        api.login()
    assert (api.v1("nodes/257")[0], api.v1("nodes/257")[0], api.v1("nodes/257")[0]) == (200, 200, 429)
    result = simulator.control("GET", "/requests")
    assert (result["logins"], result["by_path"]["/ui/api/token"]) == (5, 5)


def test_rejected_requests_count_if_turned_on(api: Api, simulator: Running) -> None:
    simulator.switch(limits_count_rejected=True)
    simulator.control("PUT", "/limits", "2/min")
    burst(api, 2)
    advance(simulator, "30s")
    assert burst(api, 2) == {429: 2}
    advance(simulator, "31s")
    # The two rejected ones are younger than a minute.
    assert burst(api, 1) == {429: 1}


def test_the_scope_may_be_the_credential(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "2/min")
    simulator.switch(limit_scope="credential")
    simulator.control("PUT", "/credentials", {"api_key": "second"})
    assert burst(api, 3) == {200: 2, 429: 1}
    assert api.raw("GET", "/api/v2/divisions", {"Authorization": "Bearer second"})[0] == 200


def test_limits_may_use_the_real_clock(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/limits", "3/h")
    simulator.switch(limits_clock="real")
    assert burst(api, 3) == {200: 3}
    advance(simulator, "2h")
    assert burst(api, 1) == {429: 1}


@pytest.mark.parametrize(
    ("value", "limits"),
    [
        ("off", {}),
        (None, {}),
        ("vendor", {"second": 7, "minute": 20, "hour": 500, "day": 2000}),
        ("10/min", {"minute": 10}),
        (" 1/s , 2/minute,3/h,4/d", {"second": 1, "minute": 2, "hour": 3, "day": 4}),
        ({"minute": 5, "day": None}, {"minute": 5}),
    ],
)
def test_limits_are_read_in_many_forms(value: object, limits: dict[str, int]) -> None:
    assert _limits.read_limits(value) == limits


@pytest.mark.parametrize("value", ["7", "x/s", "7/fortnight", {"minute": "many"}])
def test_invalid_limits_are_reported(value: object) -> None:
    with pytest.raises(_limits.LimitError):
        _limits.read_limits(value)


def test_requests_from_the_future_do_not_count() -> None:
    limits = _limits.Limits({"minute": 2})
    limits.add("a", 1000.0, 2)
    assert limits.exceeded("a", 1000.0) == _limits.Window("minute", 2, 60.0, 0)
    # The clock was set back by an hour.
    assert limits.exceeded("a", -2600.0) is None
    assert limits.exceeded("b", 1000.0) is None


def test_the_longest_wait_of_the_full_windows_counts() -> None:
    limits = _limits.Limits({"second": 1, "minute": 2, "hour": 500})
    limits.add("a", 0.0)
    limits.add("a", 10.0)
    assert limits.exceeded("a", 10.5) == _limits.Window("minute", 2, 49.5, 0)
    assert _limits.seconds_to_wait(_limits.Window("minute", 2, 49.5, 0)) == 50
