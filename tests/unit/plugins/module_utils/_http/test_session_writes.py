# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes: the requests, and no accidental repetition of one."""

from __future__ import annotations

import json
import socket
from typing import Any, Callable

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    OutcomeUnknownError,
    RateLimitError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.session import Session
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    FakeClock,
    ScriptedServer,
    Step,
    dropped,
    hanging,
    head,
    raw,
    respond,
)

GOOD = respond(200, {"data": {"id": 7}})
ORDER = {"nodes": [1, 2], "name": "Zürich"}


@pytest.fixture(params=["post", "patch"])
def method(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def write(session: Session, method: str, **more: Any) -> Any:
    send: Callable[..., Any] = getattr(session, method)
    return send("/instanttests", ORDER, **more)


def test_body_and_headers(open_session: Any, server: ScriptedServer, method: str) -> None:
    server.script = [GOOD]
    assert write(open_session(), method, params={"a": "1,2"}) == {"data": {"id": 7}}
    request = server.requests[0]
    assert (request.method, request.target) == (method.upper(), "/api/v2/instanttests?a=1,2")
    assert json.loads(request.body) == ORDER
    assert request.headers["content-type"] == "application/json"
    assert request.authorization == "Bearer an-api-key"


def test_content_type_of_a_json_patch(open_session: Any, server: ScriptedServer) -> None:
    server.script = [GOOD]
    operations = [{"op": "replace", "path": "/status", "value": 1}]
    open_session().patch("/tests/1", operations, content_type="application/json-patch+json")
    assert json.loads(server.requests[0].body) == operations
    assert server.requests[0].headers["content-type"] == "application/json-patch+json"


LOST = {
    "no response": dropped(),
    "truncated head": raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "truncated body": raw(head(200, Content_Length=100) + b'{"data": '),
    "truncated JSON": respond(200, b'{"data": '),
    "time limit": hanging(),
    "gateway": respond(502, b"<html></html>"),
    "service": respond(500, {"errors": [{"message": "oops"}], "completed": False}),
    "login page": respond(200, b"<html></html>"),
    "two layers of compression": respond(200, b"x", Content_Encoding="gzip, gzip"),
}


@pytest.mark.parametrize("step", LOST.values(), ids=LOST)
def test_a_lost_response_is_never_sent_again(
    open_session: Any, server: ScriptedServer, clock: FakeClock, method: str, step: Step
) -> None:
    server.script = [step, GOOD]
    with pytest.raises(OutcomeUnknownError) as caught:
        write(open_session(timeout=0.5), method)
    assert str(caught.value).endswith(
        " The request may have been carried out, so it was not sent again. Check in the portal before you repeat it."
    )
    assert f"{method.upper()} {server.url}/api/v2/instanttests" in str(caught.value)
    assert len(server.requests) == 1
    assert clock.slept == []


def test_a_write_over_a_closed_connection_is_not_repeated(
    open_session: Any, server: ScriptedServer, method: str
) -> None:
    server.script = [respond(200, {"data": 1}), dropped(), GOOD]
    session = open_session()
    session.get("/x")
    with pytest.raises(OutcomeUnknownError):
        write(session, method)
    assert len(server.requests) == 2


@pytest.mark.parametrize("step", [LOST["no response"], LOST["gateway"], respond(503, b"")])
def test_an_idempotent_request_is_retried(
    open_session: Any, server: ScriptedServer, clock: FakeClock, method: str, step: Step
) -> None:
    server.script = [step, GOOD]
    assert write(open_session(), method, idempotent=True) == {"data": {"id": 7}}
    assert [request.body for request in server.requests] == [server.requests[0].body] * 2
    assert clock.slept == [0.5]


def test_a_failed_connection_reports_that_nothing_was_carried_out(open_session: Any, method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransportError, match=r"could not connect") as caught:
        write(open_session(base_url=f"http://127.0.0.1:{port}"), method)
    assert "may have been carried out" not in str(caught.value)


def test_a_refusal_for_the_limit_is_reported_with_its_end(
    open_session: Any, server: ScriptedServer, clock: FakeClock, method: str
) -> None:
    server.script = [respond(429, b"", Retry_After="12"), GOOD]
    with pytest.raises(RateLimitError, match=r"Nothing was changed: repeat it later\.$") as caught:
        write(open_session(), method)
    assert caught.value.retry_at == clock.time + 12
    assert len(server.requests) == 1


def test_a_refusal_of_the_api_is_its_error(open_session: Any, server: ScriptedServer, method: str) -> None:
    server.script = [respond(400, {"errors": [{"message": "No nodes."}], "completed": False})]
    with pytest.raises(ApiError, match="No nodes") as caught:
        write(open_session(), method)
    assert caught.value.status == 400


def test_an_expired_token_is_renewed(open_session: Any, server: ScriptedServer, method: str) -> None:
    """The service did not carry out a request whose token it refused."""
    token = respond(200, {"access_token": "a-token", "expires_in": 1800})
    server.script = [token, respond(200, {"detail": 1})]
    session = open_session(client_id="an-id", client_secret="a-secret")
    session.get("/x")
    server.script = [respond(401, {"Message": "Expired token"}), token, respond(200, {"id": 7})]
    assert write(session, method) == {"id": 7}
    assert [request.method for request in server.requests] == ["POST", "GET", method.upper(), "POST", method.upper()]
    server.script = [respond(401, {"Message": "Expired token"}), token, *[respond(401, {"Message": "no"})] * 2]
    with pytest.raises(AuthenticationError):
        write(session, method)
