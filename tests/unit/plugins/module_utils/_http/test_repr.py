# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No object of the collection shows a secret in its repr, at any stage of a request."""

from __future__ import annotations

import gc
import socket
import threading
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import ApiError
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    Step,
    respond,
)

# Unique to this test, because objects of other tests may still exist.
ID, SECRET, KEY, TOKEN, PASSWORD = "repr-client-id", "repr-client-secret", "repr-api-key", "repr-token", "repr-password"
SECRETS = (ID, SECRET, KEY, TOKEN, PASSWORD)
OURS = "ansible_collections.community.catchpoint.plugins."


def reprs() -> dict[str, str]:
    """The repr of every existing object of the collection's classes, by class."""
    found = {}
    for thing in gc.get_objects():
        kind = type(thing)
        if str(getattr(kind, "__module__", "")).startswith(OURS) and not isinstance(thing, type):
            found[f"{kind.__name__} {id(thing)}"] = repr(thing)
    return found


@pytest.fixture
def seen() -> dict[str, str]:
    return {}


@pytest.fixture
def watched(seen: dict[str, str]) -> Any:
    """Makes a step that records all reprs while its request is in flight."""

    def make(step: Step) -> Step:
        def watching(connection: socket.socket, closing: threading.Event) -> bool:
            seen.update(reprs())
            return step(connection, closing)

        return watching

    return make


@pytest.mark.parametrize("generation", [1, 2])
def test_no_repr_shows_a_secret(
    open_session: Any, server: ScriptedServer, watched: Any, seen: dict[str, str], generation: int
) -> None:
    gc.disable()  # a collection stops tracking tuples of plain texts
    try:
        credentials = {"client_id": ID, "client_secret": SECRET} if generation == 1 else {"api_key": KEY}
        login = [watched(respond(200, {"access_token": TOKEN, "expires_in": 1800}))] if generation == 1 else []
        server.script = [*login, watched(respond(200, {"data": TOKEN})), watched(respond(200, {"data": 1}))]
        session = open_session(**credentials, proxy=None)
        session.get("/x", {"a": "b"})
        session.post("/y", {"password": PASSWORD})
        server.script = [respond(400, {"Message": KEY, "errors": [{"message": KEY}], "completed": False})]
        with pytest.raises(ApiError):
            session.get("/x")
        seen.update(reprs())
    finally:
        gc.enable()
    kinds = {name.partition(" ")[0] for name in seen}
    assert {"Connection", "Session", "Transport", "_Request", "_Exchange", "_Needle"} <= kinds
    assert generation == 2 or "Token" in kinds
    shown = {name: text for name, text in seen.items() if any(secret in text for secret in SECRETS)}
    assert shown == {}
