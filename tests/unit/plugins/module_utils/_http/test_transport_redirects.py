# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redirects within the service are followed; nothing is sent to other hosts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.transport import followed
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    respond,
)

GOOD = respond(200, {"data": 1})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("absolute", [True, False])
def test_redirect_to_the_same_server_is_followed_with_credentials(
    open_session: Any, server: ScriptedServer, status: int, absolute: bool
) -> None:
    location = f"{server.url if absolute else ''}/elsewhere?a=1,2"
    server.script = [respond(status, b"<html>moved</html>", Location=location), GOOD]
    session = open_session()
    assert session.get("/x") == {"data": 1}
    assert server.requests[1].target == "/elsewhere?a=1,2"
    assert server.requests[1].authorization == "Bearer an-api-key"
    assert session.requests_made == 2


def test_at_most_five_redirects_are_followed(open_session: Any, server: ScriptedServer) -> None:
    server.script = [*[respond(302, b"", Location="x")] * 5, GOOD]
    assert open_session().get("/x") == {"data": 1}
    server.script = [respond(302, b"", Location="x")] * 9
    session = open_session()
    with pytest.raises(TransportError, match="was redirected more than 5 times"):
        session.get("/x")
    assert session.requests_made == 6


def test_nothing_is_sent_to_another_server(
    open_session: Any, server: ScriptedServer, other_server: ScriptedServer
) -> None:
    server.script = [respond(302, b"", Location=f"{other_server.url}/x?token=abcdef")]
    session = open_session()
    with pytest.raises(TransportError) as caught:
        session.get("/x")
    assert str(caught.value) == (
        f"GET {server.url}/api/v2/x was redirected to {other_server.url}, another server: "
        "the credentials were not sent there. If that is Catchpoint's address now, set base_url to it; "
        "otherwise a proxy or a login page is in the way."
    )
    assert other_server.connections == 0
    assert session.requests_made == 1


def test_login_is_not_sent_to_another_server(
    open_session: Any, server: ScriptedServer, other_server: ScriptedServer
) -> None:
    server.script = [respond(307, b"", Location=f"{other_server.url}/token")]
    with pytest.raises(TransportError, match="another server"):
        open_session(client_id="an-id", client_secret="a-secret").get("/x")
    assert other_server.connections == 0


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_login_is_sent_again_within_the_service(open_session: Any, server: ScriptedServer, status: int) -> None:
    token = respond(200, {"access_token": "a-token"})
    server.script = [respond(status, b"", Location="/token"), token, GOOD]
    open_session(client_id="an-id", client_secret="a-secret").get("/x")
    assert (server.requests[1].method, server.requests[1].path) == ("POST", "/token")
    assert server.requests[1].form["client_secret"] == ["a-secret"]


def test_redirect_of_a_login_to_a_page_is_an_error(open_session: Any, server: ScriptedServer) -> None:
    """303 asks for a GET of another page, which would be an interactive login page."""
    server.script = [respond(303, b"", Location="/page")]
    with pytest.raises(ResponseError, match="Redirect without a usable Location header"):
        open_session(client_id="an-id", client_secret="a-secret").get("/x")
    assert len(server.requests) == 1


def test_redirect_without_a_location_is_an_error(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(302, b"")]
    with pytest.raises(ResponseError, match=r"HTTP 302 .* Redirect without a usable Location header\. Check base_url"):
        open_session().get("/x")


def test_redirect_to_a_login_page_is_an_error(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(302, b"", Location="/login"), respond(200, b"<html>Sign in</html>")]
    with pytest.raises(ResponseError, match="Sign in"):
        open_session().get("/x")


def test_error_after_a_redirect(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(302, b"", Location="/y"), respond(500, b"")]
    with pytest.raises(ApiError):
        open_session().get("/x")


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("https://a.example/x", "https://a.example:443/y", "https://a.example/y"),
        ("https://A.example/x", "https://a.EXAMPLE/y", "https://A.example/y"),
        ("https://a.example/x", "https://a.example", "https://a.example/"),
        ("https://a.example/x", "https://a.example?a=1#top", "https://a.example/?a=1"),
        ("https://a.example/x", "https:///y", "https://a.example/y"),
        # Some parsers read evil.example as the host of these.
        ("https://a.example/x", "https://evil.example\\@a.example/y", "https://a.example/y"),
        ("https://a.example/x", "https://evil.example@a.example/y", "https://a.example/y"),
        ("https://a.example/x", "https://a.example\\@evil.example/y", None),
        ("https://a.example/x/y?b=1", "z", "https://a.example/x/z"),
        ("http://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("http://a.example:80/x", "//a.example/y", "http://a.example:80/y"),
        ("http://a.example:80/x", "https://a.example/y", "https://a.example/y"),
        ("http://[::1]:80/x", "https://[::1]/y", "https://[::1]/y"),
        ("http://[2001:db8:80::1]/x", "https://[2001:db8:80::1]/y", "https://[2001:db8:80::1]/y"),
        ("http://[2001:db8:80::1]:80/x", "https://[2001:db8:80::1]/y", "https://[2001:db8:80::1]/y"),
        ("https://a.example/x", "http://a.example/x", None),
        ("https://a.example/x", "https://b.example/x", None),
        ("https://a.example/x", "https://a.example.evil/x", None),
        ("https://a.example/x", "https://a.example@evil/x", None),
        ("https://a.example/x", "https://sub.a.example/x", None),
        ("https://a.example/x", "https://a.example:8443/x", None),
        ("http://a.example:8080/x", "https://a.example/x", None),
        ("http://a.example/x", "https://b.example/x", None),
        ("https://a.example/x", "//b.example/x", None),
        ("https://a.example/x", "ftp://a.example/x", None),
        ("https://a.example/x", "https://a.example:port/x", None),
        ("https://a.example/x", "https://[::1/x", None),
    ],
)
def test_credentials_are_sent_to_the_same_origin_only(url: str, location: str, target: str | None) -> None:
    if target is not None:
        assert followed("GET", url, location) == target
    else:
        with pytest.raises(TransportError, match="was redirected to"):
            followed("GET", url, location)


def test_password_in_a_redirect_is_not_shown() -> None:
    with pytest.raises(TransportError) as caught:
        followed("GET", "https://a.example/x", "https://user:hidden@b.example/x")
    assert "hidden" not in str(caught.value)
