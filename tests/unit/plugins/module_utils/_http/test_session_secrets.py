# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and tokens in every failing path: none of their forms may reach a message, a warning or a traceback."""

from __future__ import annotations

import base64
import html
import json
import traceback
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    Step,
    dropped,
    head,
    raw,
    respond,
)

KEY = "k@y/with + = & % \" ' and-more"
CLIENT_ID = "id@/+=&% \"'-of-the-client"
SECRET = "s3cret@/+=&% \"'-of-the-client"
TOKEN = "t0ken@/+=&%\"'-that-was-exchanged"
PROXY_PASSWORD = "pr0xy@/+=&%-password"


def forms(secret: str) -> list[str]:
    """Encodings of a secret by a service, a library or a log."""
    octets = secret.encode()
    percent = quote(secret, safe="")
    standard = base64.b64encode(octets).decode()
    found = {
        secret,
        quote(secret),
        percent,
        "".join(f"%{octet:02x}" for octet in octets),
        quote(percent, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        repr(secret)[1:-1],
        html.escape(secret),
        standard,
        standard.rstrip("="),
        quote(standard, safe=""),
        base64.urlsafe_b64encode(octets).decode(),
        base64.b64encode(f"{CLIENT_ID}:{secret}".encode()).decode(),
        base64.b64encode(f"user:{secret}".encode()).decode(),
    }
    return sorted(found)


def echoes(status: int, echo: str) -> dict[str, Step]:
    """Responses with this status that echo the whole request."""
    return {
        f"{status} in the envelope": respond(
            status, {"errors": [{"message": echo}], "Message": echo, "completed": False, "traceId": echo}
        ),
        f"{status} in a page": respond(status, f"<html><title>{echo}</title>{echo}</html>".encode()),
        f"{status} in headers": respond(status, b"x" + echo.encode(), Content_Type=echo, CF_RAY=echo),
        f"{status} in the reason": respond(status, echo.encode(), reason=echo),
        f"{status} by the gateway": respond(status, b"error code: 1010 " + echo.encode()),
        f"{status} in cut JSON": respond(status, json.dumps({"echo": echo}).encode()[:-2]),
    }


def failing_steps(*secrets: str) -> dict[str, Step]:
    echo = " | ".join(form for secret in secrets for form in forms(secret))
    steps = {
        "dropped": dropped(),
        "no HTTP": raw(echo.encode() + b"\r\n\r\n"),
        "broken off": raw(head(200, Content_Length=100_000) + echo.encode()),
        "not compressed": raw(head(200, Content_Encoding="gzip", Content_Length=5) + b"xxxxx"),
        "redirect": respond(
            302, b"", Location=f"https://user:{quote(secrets[0], safe='')}@other.example/{quote(echo)}"
        ),
        "redirect to a secret": respond(302, b"", Location=f"https://{quote(secrets[0], safe='')}.example/"),
        "redirect to nothing": respond(302, b"", Location="http://["),
    }
    for status in (200, 400, 401, 403, 404, 407, 429, 500, 503):
        steps.update(echoes(status, echo))
    return steps


NAMES = sorted(failing_steps(KEY))


def play(session: Any, warnings: list[str], *secrets: str) -> None:
    with pytest.raises(CatchpointError) as caught:
        session.get("/tests/5")
    error = caught.value
    texts = [str(error), repr(error), *warnings]
    texts += [str(getattr(error, name, "")) for name in ("api_text", "trace_id")]
    texts += traceback.format_exception(type(error), error, None)
    for text in texts:
        for secret in secrets:
            for form in forms(secret):
                assert form not in text


@pytest.mark.parametrize("name", NAMES)
def test_api_key_is_masked(open_session: Any, server: ScriptedServer, warnings: list[str], name: str) -> None:
    server.script = [failing_steps(KEY)[name]] * 9
    play(open_session(api_key=KEY, retry_budget=2), warnings, KEY)


@pytest.mark.parametrize("name", NAMES)
def test_client_secret_is_masked(open_session: Any, server: ScriptedServer, warnings: list[str], name: str) -> None:
    server.script = [failing_steps(CLIENT_ID, SECRET)[name]] * 9
    session = open_session(client_id=CLIENT_ID, client_secret=SECRET, retry_budget=2)
    play(session, warnings, CLIENT_ID, SECRET)


@pytest.mark.parametrize("name", NAMES)
def test_token_is_masked(open_session: Any, server: ScriptedServer, warnings: list[str], name: str) -> None:
    secrets = (CLIENT_ID, SECRET, TOKEN)
    server.script = [respond(200, {"access_token": TOKEN}), *[failing_steps(*secrets)[name]] * 9]
    session = open_session(client_id=CLIENT_ID, client_secret=SECRET, retry_budget=2)
    play(session, warnings, *secrets)


def test_token_in_an_undecodable_login_response_is_masked(
    open_session: Any, server: ScriptedServer, warnings: list[str]
) -> None:
    """The session does not know yet that this text is a secret."""
    server.script = [respond(200, json.dumps({"access_token": TOKEN}).encode()[:-2])]
    play(open_session(client_id=CLIENT_ID, client_secret=SECRET), warnings, TOKEN)


@pytest.mark.parametrize("by_option", [True, False])
def test_password_of_a_proxy_is_masked(
    open_session: Any,
    server: ScriptedServer,
    warnings: list[str],
    monkeypatch: pytest.MonkeyPatch,
    by_option: bool,
) -> None:
    """An unreachable proxy, and one that echoes its credentials."""
    written = quote(PROXY_PASSWORD, safe="")
    echo = " | ".join(forms(PROXY_PASSWORD))
    server.script = [respond(407, b"", reason=echo), respond(400, {"errors": [{"message": echo}], "completed": False})]
    for proxy, base_url in (
        (f"http://user:{written}@127.0.0.1:1", "https://catchpoint.example"),
        (f"http://user:{written}@127.0.0.1:{server.port}", "https://catchpoint.example"),
        (f"http://user:{written}@127.0.0.1:{server.port}", "http://catchpoint.example"),
        (f"http://user:{written}@127.0.0.1:port", "http://catchpoint.example"),
    ):
        monkeypatch.setenv("all_proxy", "" if by_option else proxy)
        options = {"proxy": proxy} if by_option else {}
        play(open_session(api_key=KEY, base_url=base_url, **options), warnings, PROXY_PASSWORD)
    assert server.script == []
