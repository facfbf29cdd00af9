# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting, encoding, renewing and sharing the token of v1."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    NotFoundError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import OwnToken, Token
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    FakeClock,
    ScriptedServer,
    Step,
    respond,
)

REFUSED_401 = respond(401, {"Message": "Expired token"})
REFUSED_200 = respond(200, {"Message": "Expired Token"})
GOOD = respond(200, {"items": []})


def token(text: str = "first", **more: Any) -> Step:
    return respond(200, {"access_token": text, "token_type": "bearer", "expires_in": 1800, **more})


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def v1_session(open_session: Any) -> Any:
    return lambda **more: open_session(client_id="an-id", client_secret="a-secret", **more)


def calls(server: ScriptedServer) -> list[str]:
    """The credentials of each request: ``login``, or the token of a GET."""
    return [
        "login" if request.method == "POST" else str(request.authorization).replace("Bearer ", "")
        for request in server.requests
    ]


def test_one_token_for_many_requests(v1_session: Any, server: ScriptedServer) -> None:
    server.script = [token(), GOOD, GOOD, GOOD]
    session = v1_session()
    for _time in range(3):
        session.get("/nodes")
    assert calls(server) == ["login", "first", "first", "first"]
    assert (session.requests_made, session.logins) == (4, 1)


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [(600, 600), ("600", 600), (None, 1800), ("soon", 1800), (-5, 1800), (float("1e300"), 1800)],
)
def test_token_is_renewed_a_minute_before_its_end(
    v1_session: Any, server: ScriptedServer, clock: FakeClock, expires_in: Any, life: int
) -> None:
    server.script = [token("first", expires_in=expires_in), GOOD, GOOD, token("second"), GOOD]
    session = v1_session()
    session.get("/nodes")
    clock.time += life - 61
    session.get("/nodes")
    clock.time += 1
    session.get("/nodes")
    assert calls(server) == ["login", "first", "first", "login", "second"]


def test_missing_expires_in_means_half_an_hour(v1_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(200, {"access_token": "first"}), GOOD, GOOD, token("second"), GOOD]
    session = v1_session()
    for seconds in (0, 1739, 1):
        clock.time += seconds
        session.get("/nodes")
    assert calls(server) == ["login", "first", "first", "login", "second"]


@pytest.mark.parametrize("refusal", [REFUSED_401, REFUSED_200, respond(401, b"")])
def test_refused_token_is_renewed_once(v1_session: Any, server: ScriptedServer, refusal: Step) -> None:
    server.script = [token(), GOOD, refusal, token("second"), GOOD]
    session = v1_session()
    session.get("/nodes")
    assert session.get("/nodes") == {"items": []}
    assert calls(server) == ["login", "first", "first", "login", "second"]


@pytest.mark.parametrize("refusal", [REFUSED_401, REFUSED_200])
def test_refused_renewed_token_is_an_error(v1_session: Any, server: ScriptedServer, refusal: Step) -> None:
    server.script = [token(), GOOD, refusal, token("second"), refusal]
    session = v1_session()
    session.get("/nodes")
    with pytest.raises(AuthenticationError, match=r"does not accept the credentials \(client_id and client_secret\)"):
        session.get("/nodes")
    assert calls(server) == ["login", "first", "first", "login", "second"]


def test_base64_is_tried_when_the_raw_token_is_refused(v1_session: Any, server: ScriptedServer) -> None:
    server.script = [token("to/ken?"), REFUSED_401, GOOD, GOOD]
    session = v1_session()
    session.get("/nodes")
    session.get("/nodes")
    assert calls(server) == ["login", "to/ken?", encoded("to/ken?"), encoded("to/ken?")]


def test_renewed_token_keeps_the_form_that_was_accepted(v1_session: Any, server: ScriptedServer) -> None:
    server.script = [token(), REFUSED_401, GOOD, REFUSED_401, token("second"), GOOD]
    session = v1_session()
    session.get("/nodes")
    session.get("/nodes")
    assert calls(server) == ["login", "first", encoded("first"), encoded("first"), "login", encoded("second")]


def test_new_token_refused_in_both_forms_is_an_error(v1_session: Any, server: ScriptedServer) -> None:
    server.script = [token(), REFUSED_401, REFUSED_401]
    with pytest.raises(AuthenticationError) as caught:
        v1_session().get("/nodes")
    assert calls(server) == ["login", "first", encoded("first")]
    assert "GET " in str(caught.value) and "Expired token" in str(caught.value)
    assert caught.value.status == 401
    assert caught.value.api_text == "Expired token"


def test_token_that_a_header_cannot_contain_is_sent_encoded(v1_session: Any, server: ScriptedServer) -> None:
    server.script = [token("tök\nen"), GOOD]
    v1_session().get("/nodes")
    assert calls(server) == ["login", encoded("tök\nen")]


class SharedToken(OwnToken):
    """A token store that several worker processes share."""

    def __init__(self, shared: Token | None = None) -> None:
        super().__init__()
        self.shared = shared

    def obtain(self, login: Any, refused: Token | None = None) -> Token:
        self._token = self.shared
        self.shared = super().obtain(login, refused)
        return self.shared


def test_token_of_another_worker_is_used(v1_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [GOOD]
    v1_session(tokens=SharedToken(Token("shared", clock.time + 1000, False))).get("/nodes")
    assert calls(server) == ["shared"]


def test_token_renewed_by_another_worker_saves_a_login(
    v1_session: Any, server: ScriptedServer, clock: FakeClock
) -> None:
    store = SharedToken(Token("first", clock.time + 1000, False))

    def refused_while_another_worker_renews(connection: Any, closing: Any) -> bool:
        store.shared = Token("second", clock.time + 1000, False)
        return REFUSED_401(connection, closing)

    server.script = [refused_while_another_worker_renews, GOOD]
    session = v1_session(tokens=store)
    session.get("/nodes")
    assert calls(server) == ["first", "second"]
    assert session.logins == 0


def test_stale_token_of_another_worker_is_renewed(v1_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [REFUSED_401, token("second"), REFUSED_401, GOOD]
    store = SharedToken(Token("stale", clock.time + 1000, False))
    v1_session(tokens=store).get("/nodes")
    assert calls(server) == ["stale", "login", "second", encoded("second")]
    assert store.shared == Token("second", clock.time + 1800, True)


def test_other_workers_learn_that_base64_is_required(v1_session: Any, server: ScriptedServer) -> None:
    store = SharedToken()
    server.script = [token(), REFUSED_401, GOOD, GOOD]
    v1_session(tokens=store).get("/nodes")
    v1_session(tokens=store).get("/nodes")
    assert calls(server) == ["login", "first", encoded("first"), encoded("first")]


def test_failed_login_leaves_the_token_store_unchanged() -> None:
    store = OwnToken()
    good = Token("good", 5.0, False)
    assert store.obtain(lambda: good) == good

    def fail() -> Token:
        raise AuthenticationError("no")

    with pytest.raises(AuthenticationError):
        store.obtain(fail, refused=good)
    assert store.obtain(fail) == good
    assert store.obtain(fail, refused=Token("another", 1.0, False)) == good


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (respond(401, {"Message": "Invalid client"}), "Invalid client"),
        (
            respond(400, {"error": "invalid_client", "error_description": "No such client"}),
            "invalid_client: No such client",
        ),
        (respond(400, {"Message": "Wrong secret"}), "Wrong secret"),
        (respond(403, {"Message": "Consumer is disabled"}), "Consumer is disabled"),
        (respond(200, {"Message": "Expired key"}), "Expired key"),
        (respond(401, b"<html>no</html>"), ""),
    ],
)
def test_refused_login_is_an_authentication_error(
    v1_session: Any, server: ScriptedServer, step: Step, words: str
) -> None:
    server.script = [step]
    with pytest.raises(AuthenticationError) as caught:
        v1_session().get("/nodes")
    text = str(caught.value)
    assert text.startswith("Catchpoint does not accept the credentials (client_id and client_secret). POST ")
    assert f"{server.url}/ui/api/token answered HTTP" in text
    assert words in text
    assert caught.value.api_text == words
    assert calls(server) == ["login"]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (respond(200, {"token": "abcdefgh"}), "it has no access_token"),
        (respond(200, {"access_token": ""}), "it has no access_token"),
        (respond(200, {"access_token": 5}), "it has no access_token"),
        (respond(200, b""), "it has no access_token"),
        (respond(200, b"[]"), "it has no access_token"),
        (
            respond(200, b'{"access_token": "abcdefgh', Content_Type="application/json"),
            "the JSON is truncated",
        ),
        (respond(200, b"abcdefgh", Content_Type="text/plain"), r"it is not JSON \(text/plain, 8 bytes\)"),
    ],
)
def test_invalid_login_response_is_not_shown(v1_session: Any, server: ScriptedServer, step: Step, words: str) -> None:
    """The body may hold a token, so it is never shown."""
    server.script = [step]
    with pytest.raises(ResponseError, match=words) as caught:
        v1_session(retry_budget=0).get("/nodes")
    assert "abcdefgh" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>not here</html>"])
def test_missing_token_endpoint_is_a_wrong_address(v1_session: Any, server: ScriptedServer, body: bytes) -> None:
    """The API does not exist, rather than the requested object."""
    server.script = [respond(404, body)]
    with pytest.raises(ApiError, match="There is no Catchpoint API at this address") as caught:
        v1_session().get("/nodes")
    assert not isinstance(caught.value, NotFoundError)


def test_login_is_retried(v1_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(503, b""), respond(429, b"", Retry_After="2"), token(), GOOD]
    v1_session().get("/nodes")
    assert calls(server) == ["login", "login", "login", "first"]
    assert clock.slept == [0.5, 2.0]


def test_token_that_a_header_cannot_carry_is_an_error(v1_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(200, {"access_token": "t" * 200_000, "expires_in": 1800})]
    with pytest.raises(ResponseError, match="returned a token of 200000 characters") as caught:
        v1_session().get("/nodes")
    assert "tttt" not in str(caught.value)
