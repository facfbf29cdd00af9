# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module fails in the same way when the service does: one message, no traceback, no secret, no empty result."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Callable
from urllib.parse import quote

import pytest
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    Step,
    dropped,
    respond,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2 as envelope
from ansible_collections.community.catchpoint.tests.unit.plugins.modules.conftest import Outcome

Runs = Callable[..., Outcome]

# A call of each module whose first request is that for its data.
CALLS: dict[str, dict[str, Any]] = {
    "catchpoint_alert_info": {},
    "catchpoint_alert_state": {"test_ids": [1], "state": "unpaused"},
    "catchpoint_error_info": {},
    "catchpoint_favorite_info": {},
    "catchpoint_folder_info": {},
    "catchpoint_instant_test": {"test_id": 1, "node_ids": [2]},
    "catchpoint_label_info": {},
    "catchpoint_node_group_info": {},
    "catchpoint_node_info": {},
    "catchpoint_product_info": {},
    "catchpoint_slo_info": {"slo_ids": [7]},
    "catchpoint_test_data_info": {"test_ids": [1]},
    "catchpoint_test_info": {"test_ids": [1]},
}
# This module runs by its action plugin only, whose tests are in tests/unit/plugins/action.
ON_THE_CONTROLLER = {"catchpoint_performance_gate"}
# REST API v1 does not have endpoints for these.
V2_ONLY = {
    "catchpoint_alert_state",
    "catchpoint_error_info",
    "catchpoint_instant_test",
    "catchpoint_label_info",
    "catchpoint_slo_info",
}
SECRET = "a@/+=&% b\"'<>k"
V1 = {"client_id": f"client {SECRET}", "client_secret": f"secret {SECRET}"}
V2 = {"api_key": f"key {SECRET}"}
TOKEN = respond(200, {"access_token": f"token {SECRET}", "expires_in": 1800})
PERMISSION = "You do not have permission to access this information."


def says(*words: str) -> dict[str, Any]:
    """An error in the form of both versions."""
    return {"errors": [{"message": one} for one in words], "Message": "; ".join(words), "completed": False}


def echo(*secrets: str) -> str:
    """A body of a service that sends back what it was sent, and encoded."""
    return " | ".join((*secrets, *map(quote, secrets), *(quote(one, safe="") for one in secrets)))


# Some faults differ: v1 responds with an empty body to an empty list, and reports errors in a member Message.
FAULTS: dict[str, tuple[Step, str]] = {
    "wrong key": (respond(401, says("Invalid credentials")), "Invalid credentials"),
    "no permission": (respond(403, says(PERMISSION)), PERMISSION),
    "gateway": (respond(403, b"<html><title>Access denied</title>error code: 1010</html>"), "error 1010"),
    "bad request": (respond(400, says("One.", "Two.")), "One.; Two."),
    "foreign 404": (respond(404, b"<html><title>No such page</title></html>"), "answered HTTP 404"),
    "server error": (respond(500, b"oops"), "The service failed."),
    "unavailable": (respond(503, b"<html></html>"), "The service failed."),
    "limit": (respond(429, says("quota exceeded")), "quota exceeded"),
    "not JSON": (respond(200, b"<html></html>"), "it is not JSON"),
    "truncated": (respond(200, b'{"data": {"nodes": ['), "the JSON is truncated"),
    "another shape": (respond(200, {"data": {"rows": []}}), "Unexpected response: expected"),
    "an array": (respond(200, ["x"]), "Unexpected response: expected"),
    "v2 echo": (respond(400, says(echo(*V2.values()))), "answered HTTP 400"),
    "v2 echo as text": (respond(500, echo(*V2.values()).encode()), "answered HTTP 500"),
    "v2 empty": (respond(200), "Unexpected response: expected"),
    "v2 not completed": (respond(200, envelope(None, completed=False, errors=[{"message": "Not now."}])), "Not now"),
    "v2 dropped": (dropped(), "closed"),
    "v1 echo": (respond(400, says(echo(*V1.values(), f"token {SECRET}"))), "answered HTTP 400"),
    "v1 echo as text": (respond(500, echo(*V1.values(), f"token {SECRET}").encode()), "answered HTTP 500"),
    "v1 message": (respond(200, {"Message": "Not now."}), "Not now"),
}


def test_every_module_is_here() -> None:
    """Without a call here, nothing tests what a new module does when the service fails."""
    folder = Path(__file__).parents[4] / "plugins" / "modules"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {*CALLS, *ON_THE_CONTROLLER}


def test_every_module_is_in_the_scan_for_secrets() -> None:
    """The integration tests look through what each module prints when the API repeats the credentials."""
    folder = Path(__file__).parents[4] / "tests" / "integration" / "targets" / "setup_failures" / "files"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.yml"))
    assert set(re.findall(r"^ *community\.catchpoint\.(\w+):$", text, re.MULTILINE)) == set(CALLS)


def assert_one_message(outcome: Outcome, message: str) -> None:
    assert (outcome.status, outcome.result["failed"]) == (1, True)
    assert message in outcome.result["msg"]
    assert outcome.result["msg"].count(". ") < 6
    assert not set(outcome.result) - {"failed", "msg", "invocation", "warnings", "changed"}
    assert "Traceback" not in outcome.output
    for spelling in (SECRET, quote(SECRET), quote(SECRET, safe=""), json.dumps(SECRET)[1:-1], repr(SECRET)[1:-1]):
        assert spelling not in outcome.output


@pytest.mark.parametrize("fault", [name for name in FAULTS if not name.startswith("v1")])
@pytest.mark.parametrize("module", CALLS)
def test_v2(run: Runs, server: ScriptedServer, module: str, fault: str) -> None:
    step, message = FAULTS[fault]
    server.script = [step]
    outcome = run(module, {**V2, **CALLS[module], "retry_budget": 0}, verbosity=5)
    assert_one_message(outcome, message)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [name for name in FAULTS if not name.startswith("v2")])
@pytest.mark.parametrize("module", sorted(set(CALLS) - V2_ONLY))
def test_v1(run: Runs, server: ScriptedServer, module: str, fault: str) -> None:
    step, message = FAULTS[fault]
    # A refused token is sent once more.
    server.script = [TOKEN, step, step]
    outcome = run(module, {**V1, **CALLS[module], "retry_budget": 0}, verbosity=5)
    assert_one_message(outcome, message)
    assert len(server.requests) == (3 if fault == "wrong key" else 2)


@pytest.mark.parametrize("module", sorted(V2_ONLY))
def test_v1_without_the_endpoint(run: Runs, server: ScriptedServer, module: str) -> None:
    outcome = run(module, {**V1, **CALLS[module]}, verbosity=5)
    assert_one_message(outcome, "REST API v1")
    assert "api_key" in outcome.result["msg"]
    assert server.requests == []


@pytest.mark.parametrize("module", CALLS)
def test_nobody_listens(run: Runs, module: str) -> None:
    outcome = run(module, {**V2, **CALLS[module], "base_url": "http://127.0.0.1:1", "retry_budget": 0}, verbosity=5)
    assert_one_message(outcome, "could not connect")
