# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts with several addresses: after an unreachable address the others are tried."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import TransportError
from ansible_collections.community.catchpoint.plugins.module_utils._http import transport
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    respond,
)

REAL = socket.getaddrinfo
GOOD = respond(200, {"data": 1})


@pytest.fixture
def dead(server: ScriptedServer) -> Iterator[str]:
    """An address that never responds on the server's port, because the queue of its listener is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.2", server.port))
        listener.listen(0)
        fill = [socket.socket() for _number in range(3)]
        for one in fill:
            one.setblocking(False)
            one.connect_ex(("127.0.0.2", server.port))
        yield "127.0.0.2"
        for one in fill:
            one.close()


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch, server: ScriptedServer) -> list[str]:
    """The addresses that the name catchpoint.test has."""
    found: list[str] = []

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "catchpoint.test":
            return REAL(host, port, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return found


def test_second_address_is_used_if_the_first_does_not_respond(
    open_session: Any, server: ScriptedServer, addresses: list[str], dead: str
) -> None:
    addresses += [dead, "127.0.0.1"]
    server.script = [GOOD]
    session = open_session(base_url=f"http://catchpoint.test:{server.port}", timeout=1, retry_budget=0)
    assert session.get("/x") == {"data": 1}
    assert server.requests[0].headers["host"] == f"catchpoint.test:{server.port}"


def test_second_address_is_used_if_the_first_refuses(
    open_session: Any, server: ScriptedServer, addresses: list[str]
) -> None:
    addresses += ["127.0.0.3", "127.0.0.1"]
    server.script = [GOOD]
    session = open_session(base_url=f"http://catchpoint.test:{server.port}", retry_budget=0)
    assert session.get("/x") == {"data": 1}


def test_unreachable_addresses_are_all_named(
    open_session: Any, server: ScriptedServer, addresses: list[str], dead: str
) -> None:
    addresses += [dead, dead]
    session = open_session(base_url=f"http://catchpoint.test:{server.port}", timeout=0.4, retry_budget=0)
    with pytest.raises(TransportError, match="timed out while connecting"):
        session.get("/x")


def test_address_families_alternate(monkeypatch: pytest.MonkeyPatch) -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    listed = [(six, "::1"), (six, "::1"), (six, "::2"), (six, "::3"), (four, "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args: [(family, 1, 6, "", (at, 1)) for family, at in listed])
    assert transport._addresses("host", 1) == ["::1", "127.0.0.1", "::2", "::3"]


class FakeConnection:
    """The members of urllib3's connection that these tests need."""

    def __init__(self, timeout: float) -> None:
        self._dns_host = "host"
        self.port = 1
        self.timeout = timeout
        self.tried: list[tuple[str, float]] = []
        self.read_timeout: float | None = None

    def settimeout(self, seconds: float) -> None:
        self.read_timeout = seconds


@pytest.mark.parametrize(("timeout", "shares"), [(30.0, [2.0, 2.0, 30.0]), (3.0, [1.0, 1.5, 3.0])])
def test_addresses_share_the_timeout(monkeypatch: pytest.MonkeyPatch, timeout: float, shares: list[float]) -> None:
    monkeypatch.setattr(transport, "_addresses", lambda _host, _port: ["a", "b", "c"])
    monkeypatch.setattr(transport.time, "monotonic", lambda: 5.0)
    connection = FakeConnection(timeout)

    def connect(given: FakeConnection) -> Any:
        given.tried.append((given._dns_host, given.timeout))
        if given._dns_host != "c":
            raise OSError("dead")
        return given

    assert transport._connected(connection, connect) is connection
    assert connection.tried == list(zip("abc", shares))
    assert (connection._dns_host, connection.timeout, connection.read_timeout) == ("host", timeout, timeout)
