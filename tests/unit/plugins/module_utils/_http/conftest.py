# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.session import Session
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    FakeClock,
    ScriptedServer,
)

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def other_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[ScriptedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = ScriptedServer(tls=context)
    yield server
    server.close()


@pytest.fixture
def warnings() -> list[str]:
    """The warnings of sessions that ``open_session`` made."""
    return []


@pytest.fixture
def open_session(server: ScriptedServer, clock: FakeClock, warnings: list[str]) -> Any:
    """Makes a session on ``server``, by default with an API key. Jitter is half of its maximum."""

    def make(tokens: Any = None, limiter: Any = None, **options: Any) -> Session:
        if "client_id" not in options:
            options.setdefault("api_key", "an-api-key")
        options.setdefault("base_url", server.url)
        checked = connection(options)
        return Session(
            checked,
            v1 if checked.generation == 1 else v2,
            clock=clock,
            warn=warnings.append,
            tokens=tokens,
            limiter=limiter,
            random=lambda: 0.5,
        )

    return make
