# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of the option and of the environment."""

from __future__ import annotations

import base64
import socket
import sys
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    OptionError,
    PassingTransportError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.transport_errors import (
    CONNECTING,
    translate_exception,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    raw,
    respond,
)

GOOD = respond(200, {"data": 1})
ADVICE = "Check proxy (CATCHPOINT_PROXY), its user and password, and HTTPS_PROXY and NO_PROXY."


def test_proxy_option(open_session: Any, server: ScriptedServer) -> None:
    server.script = [GOOD]
    proxy = server.url.replace("://", "://user:p%40ss-word@")
    session = open_session(base_url="http://catchpoint.example", proxy=proxy)
    assert session.get("/x") == {"data": 1}
    (request,) = server.requests
    assert request.target == "http://catchpoint.example/api/v2/x"
    assert request.authorization == "Bearer an-api-key"
    assert request.headers["proxy-authorization"] == "Basic " + base64.b64encode(b"user:p@ss-word").decode()


def test_connection_to_a_proxy_is_reused(open_session: Any, server: ScriptedServer) -> None:
    server.script = [GOOD, GOOD]
    session = open_session(base_url="http://catchpoint.example", proxy=server.url)
    session.get("/x")
    session.get("/y")
    assert [request.connection for request in server.requests] == [1, 1]


def test_proxy_of_the_environment(open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.script = [GOOD]
    monkeypatch.setenv("http_proxy", server.url)
    open_session(base_url="http://catchpoint.example").get("/x")
    assert server.requests[0].target == "http://catchpoint.example/api/v2/x"


def test_proxy_option_takes_precedence_over_the_environment(
    open_session: Any, server: ScriptedServer, other_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = [GOOD]
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, other_server.url)
    monkeypatch.setenv("no_proxy", "*")
    open_session(base_url="http://catchpoint.example", proxy=server.url).get("/x")
    assert len(server.requests) == 1
    assert other_server.connections == 0


def test_refusing_proxy(open_session: Any, server: ScriptedServer) -> None:
    server.script = [raw(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")]
    proxy = server.url.replace("://", "://user:p%40ss-word@")
    session = open_session(base_url="https://catchpoint.example", proxy=proxy)
    with pytest.raises(TransportError) as caught:
        session.get("/x")
    assert str(caught.value) == (
        f"GET https://catchpoint.example/api/v2/x: the proxy 127.0.0.1:{server.port} (of the proxy option) "
        f"did not let the request through: Tunnel connection failed: 407 Proxy Authentication Required. {ADVICE}"
    )
    assert not isinstance(caught.value, PassingTransportError)
    assert (server.requests[0].method, server.requests[0].target) == ("CONNECT", "catchpoint.example:443")
    assert session.requests_made == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("by_option", [True, False])
def test_unreachable_proxy(open_session: Any, monkeypatch: pytest.MonkeyPatch, scheme: str, by_option: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    proxy = f"http://user:p%40ss-word@127.0.0.1:{port}"
    options = {"proxy": proxy} if by_option else {}
    monkeypatch.setenv(f"{scheme}_proxy", "http://127.0.0.1:1" if by_option else proxy)
    session = open_session(base_url=f"{scheme}://catchpoint.example", **options)
    with pytest.raises(TransportError) as caught:
        session.get("/x")
    source = "the proxy option" if by_option else "the environment"
    assert str(caught.value) == (
        f"GET {scheme}://catchpoint.example/api/v2/x: the proxy 127.0.0.1:{port} (of {source}) did not let the "
        f"request through: Connection refused. {ADVICE}"
    )
    assert session.requests_made == 1


@pytest.mark.parametrize("proxy", ["http://", "http://[::1", "gopher://127.0.0.1:1", "http://127.0.0.1:port"])
@pytest.mark.parametrize("by_option", [True, False])
def test_invalid_proxy_address(open_session: Any, monkeypatch: pytest.MonkeyPatch, proxy: str, by_option: bool) -> None:
    options = {"proxy": proxy} if by_option else {}
    monkeypatch.setenv("http_proxy", "" if by_option else proxy)
    with pytest.raises((TransportError, OptionError)) as caught:
        open_session(base_url="http://catchpoint.example", **options).get("/x")
    assert "proxy" in str(caught.value)
    assert not isinstance(caught.value, PassingTransportError)


def test_socks_without_its_library() -> None:
    """The error that requests raises if PySocks is not installed."""
    import requests

    error = requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")
    found = translate_exception(error, "GET https://catchpoint.example/x", CONNECTING, 30.0, lambda: "the proxy")
    assert isinstance(found, TransportError)
    assert f"{sys.executable} -m pip install PySocks" in str(found)
