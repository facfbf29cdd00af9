# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials: v2 keys, v1 clients and tokens."""

from __future__ import annotations

import base64
import json

import pytest
from simulator.start import Running
from simulator_client import Api


def test_v2_accepts_the_key_unencoded_only(api: Api, simulator: Running) -> None:
    encoded = base64.b64encode(simulator.api_key.encode()).decode()
    answers = {}
    for name, header in {
        "good": f"Bearer {simulator.api_key}",
        "lower case scheme": f"bearer {simulator.api_key}",
        "encoded": f"Bearer {encoded}",
        "wrong": "Bearer wrong",
        "no scheme": simulator.api_key,
        "none": "",
    }.items():
        status, _headers, body = api.raw("GET", "/api/v2/divisions", {"Authorization": header} if header else {})
        answers[name] = status
        if status == 401:
            assert json.loads(body)["errors"] == [{"message": "Invalid credentials"}]
    assert answers == {
        "good": 200,
        "lower case scheme": 200,
        "encoded": 401,
        "wrong": 401,
        "no scheme": 401,
        "none": 401,
    }


@pytest.mark.parametrize(
    ("state", "status", "message"),
    [
        ("expired", 401, "Expired Token"),
        ("revoked", 401, "Invalid credentials"),
        ("forbidden", 403, "You do not have permission to access this information."),
        ("quota", 429, "quota exceeded"),
    ],
)
def test_keys_that_are_not_active_are_refused(
    api: Api, simulator: Running, state: str, status: int, message: str
) -> None:
    simulator.control("PUT", "/credentials", {"api_key": "special", "state": state})
    got, _headers, body = api.raw("GET", "/api/v2/divisions", {"Authorization": "Bearer special"})
    answer = json.loads(body)
    assert (got, answer["errors"][0]["message"]) == (status, message)
    assert answer["traceId"]
    if state == "quota":
        assert "calls of this day" in answer["usageLimits"]["exceededMessage"]


def test_a_key_may_contain_any_character(api: Api, simulator: Running) -> None:
    key = "a@/+=&%\"' b\u00fc"
    simulator.control("PUT", "/credentials", {"api_key": key})
    header = f"Bearer {key}".encode().decode("latin-1")
    assert api.raw("GET", "/api/v2/divisions", {"Authorization": header})[0] == 200


def test_a_v1_token_is_accepted_raw_and_in_both_alphabets_of_base64(api: Api, simulator: Running) -> None:
    token = api.login()
    standard = base64.b64encode(token.encode()).decode()
    web_safe = base64.urlsafe_b64encode(token.encode()).decode()
    for shown in (token, standard, web_safe):
        assert api.raw("GET", "/ui/api/v1/nodes/257", {"Authorization": f"bearer {shown}"})[0] == 200
    assert api.raw("GET", "/ui/api/v1/nodes/257", {"Authorization": f"Bearer {simulator.api_key}"})[0] == 401


@pytest.mark.parametrize(
    ("convention", "raw", "encoded"), [("raw", 200, 401), ("base64", 401, 200), ("both", 200, 200)]
)
def test_v1_bearer_selects_the_accepted_encoding(
    api: Api, simulator: Running, convention: str, raw: int, encoded: int
) -> None:
    simulator.switch(v1_bearer=convention)
    assert api.v1("nodes/257")[0] == raw
    assert api.v1("nodes/257", encoded=True)[0] == encoded


def test_a_token_expires_by_the_simulated_clock(api: Api, simulator: Running) -> None:
    assert api.v1("nodes/257")[0] == 200
    simulator.control("PUT", "/clock", {"advance": "1799s"})
    assert api.v1("nodes/257")[0] == 200
    simulator.control("PUT", "/clock", {"advance": "1s"})
    assert api.v1("nodes/257") == (401, {"Message": "Expired token"})
    api.login()
    assert api.v1("nodes/257")[0] == 200


def test_all_tokens_can_be_expired_at_once(api: Api, simulator: Running) -> None:
    api.login()
    simulator.control("DELETE", "/tokens")
    assert api.v1("nodes/257") == (401, {"Message": "Expired token"})


def test_token_requests_are_validated(api: Api, simulator: Running) -> None:
    good = {
        "grant_type": "client_credentials",
        "client_id": simulator.client_id,
        "client_secret": simulator.client_secret,
    }
    status, data = api.post_form(good)
    assert (status, data["token_type"], data["expires_in"]) == (200, "bearer", 1800)
    pair = base64.b64encode(f"{simulator.client_id}:{simulator.client_secret}".encode()).decode()
    status, data = api.post_form({"grant_type": "client_credentials"}, {"Authorization": f"Basic {pair}"})
    assert (status, bool(data["access_token"])) == (200, True)
    assert api.post_form({**good, "client_secret": "wrong"}) == (401, {"Message": "Invalid client credentials"})
    assert api.post_form({**good, "grant_type": "password"})[0] == 400
    assert api.post_form(good, {"Content-Type": "application/json"})[0] == 415
    assert api.raw("GET", "/ui/api/token")[0] == 405


def test_issued_tokens_can_be_read_back(api: Api, simulator: Running) -> None:
    token = api.login()
    result = simulator.control("GET", "/credentials")
    assert [one["token"] for one in result["tokens"]] == [token]
    assert result["tokens"][0]["expires"] == "2026-11-23T10:30:00Z"
    assert result["client_secret"] == simulator.client_secret


def test_a_v1_client_without_rights_gets_403(api: Api, simulator: Running) -> None:
    simulator.control("PUT", "/credentials", {"client_id": "poor", "client_secret": "s", "state": "forbidden"})
    _status, data = api.post_form({"grant_type": "client_credentials", "client_id": "poor", "client_secret": "s"})
    status, _headers, body = api.raw("GET", "/ui/api/v1/nodes", {"Authorization": f"Bearer {data['access_token']}"})
    assert (status, json.loads(body)["Message"][:27]) == (403, "You do not have permission ")
