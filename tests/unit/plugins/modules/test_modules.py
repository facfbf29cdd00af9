# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The info modules from arguments to result, over a socket: success, check mode, environment, secrets."""

from __future__ import annotations

import base64
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable
from urllib.parse import quote

import pytest
import yaml
from ansible_collections.community.catchpoint.plugins.doc_fragments.test_data import (
    ModuleDocFragment as DataFragment,
)
from ansible_collections.community.catchpoint.plugins.module_utils._module import argument_spec
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import DATA_ARGUMENTS
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    respond,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import (
    BERLIN,
    SHOP,
    Run,
    named,
    v1_legend,
    v1_list,
    v1_node,
    v1_table,
    v2_list,
    v2_node,
    v2_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2 as envelope
from ansible_collections.community.catchpoint.tests.unit.plugins.modules.conftest import Outcome
from ansible_collections.community.catchpoint.tests.unit.plugins.modules.test_faults import CALLS

Runs = Callable[..., Outcome]

V1 = {"client_id": "the-client-id", "client_secret": "the-client-secret"}
V2 = {"api_key": "the-api-key"}
TOKEN = respond(200, {"access_token": "the-token", "expires_in": 1800})

NOW = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T12:00:00Z"}
RUN = Run("11:30:00")
TEST = {"id": 51007, "name": "Shop front", "status": {"id": 0, "name": "Active"}}
CHART = {"syntheticMetrics": v1_legend(["% Availability"]), "breakdownOne": {"id": 16, "name": "Test"}}
CHART_V1 = {"synthetic_metrics": v1_legend(["% Availability"]), "breakdown_1": {"id": 1, "name": "Test"}}

# A module, its arguments, the requests and responses of both API versions, and the result.
EACH: list[tuple[str, dict[str, Any], list[tuple[str, Any]], list[tuple[str, Any]], Callable[[Any], Any]]] = [
    (
        "catchpoint_node_info",
        {"city": "Berlin"},
        [("/ui/api/v1/nodes?pageNumber=1&pageSize=100", v1_list(v1_node(BERLIN)))],
        [("/api/v2/nodes/all?city=Berlin&pageNumber=1&pageSize=100", v2_list("nodes", v2_node(BERLIN)))],
        lambda result: [node["id"] for node in result["nodes"]] == [611],
    ),
    (
        "catchpoint_node_group_info",
        {"name": "EMEA"},
        [("/ui/api/v1/nodeGroups?pageNumber=1&pageSize=100", v1_list({"id": 5, "name": "EMEA"}))],
        [("/api/v2/nodes/groups?name=EMEA", v2_list("nodeGroups", {"id": 5, "name": "EMEA"}))],
        lambda result: [group["id"] for group in result["node_groups"]] == [5],
    ),
    (
        "catchpoint_product_info",
        {"name": "shop"},
        [("/ui/api/v1/products?name=shop&statusId=0&pageNumber=1&pageSize=100", v1_list({"id": 5, "name": "Shop"}))],
        [
            (
                "/api/v2/products?name=shop&statusId=0&pageNumber=1&pageSize=100",
                v2_list("products", {"id": 5, "name": "Shop"}),
            )
        ],
        lambda result: [product["id"] for product in result["products"]] == [5],
    ),
    (
        "catchpoint_folder_info",
        {"name": "pay", "product": "5"},
        [("/ui/api/v1/folders?name=pay&productId=5&pageNumber=1&pageSize=100", v1_list({"id": 6, "name": "Pay"}))],
        [
            (
                "/api/v2/folders?name=pay&productIds=5&pageNumber=1&pageSize=100",
                v2_list("folders", {"id": 6, "name": "Pay"}),
            )
        ],
        lambda result: [folder["id"] for folder in result["folders"]] == [6],
    ),
    (
        "catchpoint_test_info",
        {"test_ids": [51007]},
        [("/ui/api/v1/tests/51007", TEST)],
        [("/api/v2/tests/51007", v2_list("tests", TEST))],
        lambda result: [test["name"] for test in result["tests"]] == ["Shop front"],
    ),
    (
        "catchpoint_test_data_info",
        {"test_ids": 51007, **NOW},
        [
            (
                "/ui/api/v1/performance/raw?tests=51007&startTime=2026-11-23T11%3A00%3A00Z&endTime=2026-11-23T12%3A00%3A00Z",
                v1_table(RUN),
            )
        ],
        [
            (
                "/api/v2/tests/explorer/raw?testIds=51007&startTimeUtc=2026-11-23T11%3A00%3A00"
                "&endTimeUtc=2026-11-23T12%3A00%3A00&dimensionIds=16,1,2,7&availabilityFilter=2",
                v2_table(RUN),
            )
        ],
        lambda result: (result["tests"][0]["availability"], result["tests"][0]["run_count"]) == (100.0, 1),
    ),
    (
        "catchpoint_favorite_info",
        {"favorite_ids": [88], "include": ["data"]},
        [
            ("/ui/api/v1/performance/favoriteCharts?pageNumber=1&pageSize=100", v1_list({"id": 88, "name": "Weekly"})),
            (
                "/ui/api/v1/performance/favoriteCharts/88/data",
                {"summary": {"fields": CHART_V1, "items": [{"breakdown_1": named(SHOP), "synthetic_metrics": [99.5]}]}},
            ),
        ],
        [
            ("/api/v2/tests/explorer/favoritechart", v2_list("favoriteCharts", {"id": 88, "name": "Weekly"})),
            (
                "/api/v2/tests/explorer/favoritechart/defaultdata/88",
                v2_list(
                    "favoriteCharts",
                    {
                        "id": 88,
                        "summary": {
                            "fields": CHART,
                            "items": [{"dimension": [named(SHOP)], "syntheticMetrics": [99.5]}],
                        },
                    },
                ),
            ),
        ],
        lambda result: (
            result["favorites"][0]["data"]["summary"]
            == [
                {
                    "breakdown": {"test": "Shop front"},
                    "breakdown_ids": {"test": 51007},
                    "metrics": {"availability": 99.5},
                }
            ]
        ),
    ),
]
NAMES = [case[0] for case in EACH]
BASE = "ansible_collections.community.catchpoint.plugins"
MODULES = sorted(path.stem for path in (Path(__file__).parents[4] / "plugins" / "modules").glob("*_info.py"))
each = pytest.mark.parametrize(("module", "arguments", "of_v1", "of_v2", "holds"), EACH, ids=NAMES)


def targets(server: ScriptedServer) -> list[str]:
    return [request.target for request in server.requests]


# Success


@each
@pytest.mark.parametrize("check_mode", [False, True])
def test_result_with_v2(
    run: Runs, server: ScriptedServer, module: str, arguments: Any, of_v1: Any, of_v2: Any, holds: Any, check_mode: bool
) -> None:
    server.script = [respond(200, payload) for _target, payload in of_v2]
    outcome = run(module, {**V2, **arguments}, check_mode=check_mode)
    assert holds(outcome.result)
    assert (outcome.status, outcome.result["changed"], outcome.result.get("failed", False)) == (0, False, False)
    assert outcome.result["requests_made"] == len(of_v2)
    assert targets(server) == [target for target, _payload in of_v2]
    assert {request.authorization for request in server.requests} == {"Bearer the-api-key"}
    assert "the-api-key" not in outcome.output


@each
def test_result_with_v1(
    run: Runs, server: ScriptedServer, module: str, arguments: Any, of_v1: Any, of_v2: Any, holds: Any
) -> None:
    server.script = [TOKEN, *(respond(200, payload) for _target, payload in of_v1)]
    outcome = run(module, {**V1, **arguments})
    assert holds(outcome.result)
    assert (outcome.status, outcome.result["requests_made"]) == (0, 1 + len(of_v1))
    assert targets(server) == ["/ui/api/token", *(target for target, _payload in of_v1)]
    assert server.requests[0].form == {
        "grant_type": ["client_credentials"],
        "client_id": ["the-client-id"],
        "client_secret": ["the-client-secret"],
    }
    assert {request.authorization for request in server.requests[1:]} == {"Bearer the-token"}
    for secret in ("the-client-id", "the-client-secret", "the-token"):
        assert secret not in outcome.output


@pytest.mark.parametrize("version", ["v3.3", "v4"])
def test_api_version_selects_the_path(run: Runs, server: ScriptedServer, version: str) -> None:
    server.script = [respond(200, v2_list("nodes", v2_node(BERLIN)))]
    outcome = run("catchpoint_node_info", {**V2, "api_version": version})
    assert outcome.result["nodes"][0]["id"] == 611
    assert targets(server) == [f"/api/{version}/nodes/all?pageNumber=1&pageSize=100"]


def test_connection_options_from_the_environment(
    run: Runs, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "API_KEY": "of-the-environment",
        "BASE_URL": server.url,
        "API_VERSION": "v3",
        "TIMEOUT": "7.5",
        "RETRY_BUDGET": "0",
        "VALIDATE_CERTS": "no",
        "IDS_PER_REQUEST": "1",
    }.items():
        monkeypatch.setenv(f"CATCHPOINT_{name}", value)
    server.script = [respond(200, v2_list("tests", {"id": number})) for number in (1, 2)]
    outcome = run("catchpoint_test_info", {"test_ids": [1, 2], "base_url": None})
    assert [test["id"] for test in outcome.result["tests"]] == [1, 2]
    assert targets(server) == ["/api/v3/tests/1", "/api/v3/tests/2"]
    assert server.requests[0].authorization == "Bearer of-the-environment"
    assert "of-the-environment" not in outcome.output


def test_arguments_take_precedence_over_the_environment(
    run: Runs, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATCHPOINT_API_KEY", "of-the-environment")
    monkeypatch.setenv("CATCHPOINT_BASE_URL", "http://nowhere.invalid")
    server.script = [respond(200, v2_list("nodes"))]
    run("catchpoint_node_info", V2)
    assert server.requests[0].authorization == "Bearer the-api-key"


def test_credentials_of_v1_from_the_environment(
    run: Runs, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATCHPOINT_CLIENT_ID", "the-client-id")
    monkeypatch.setenv("CATCHPOINT_CLIENT_SECRET", "the-client-secret")
    server.script = [TOKEN, respond(204)]
    assert run("catchpoint_node_info", {}).result["nodes"] == []


def test_a_time_that_yaml_parsed_is_accepted(run: Runs, server: ScriptedServer) -> None:
    """YAML reads a time without quotes as a datetime; the module receives its text."""
    times = yaml.safe_load("{start: 2026-11-23 11:00:00+00:00, end: 2026-11-23T12:00:00Z}")
    server.script = [respond(200, v2_table(RUN))]
    outcome = run(
        "catchpoint_test_data_info", {**V2, "test_ids": [51007], **{name: str(value) for name, value in times.items()}}
    )
    assert outcome.result["tests"][0]["window"] == NOW


@pytest.mark.usefixtures("still_clock")
def test_age_is_computed_with_the_services_clock(run: Runs, server: ScriptedServer) -> None:
    server.script = [respond(200, v2_table(RUN), Date="Mon, 23 Nov 2026 11:40:00 GMT")]
    outcome = run("catchpoint_test_data_info", {**V2, "test_ids": [51007], **NOW})
    assert outcome.result["tests"][0]["age_seconds"] == 600


def test_warnings_are_ansible_warnings(run: Runs, server: ScriptedServer) -> None:
    server.script = [respond(200, v2_table(Run("01:00:00")))]
    outcome = run("catchpoint_test_data_info", {**V2, "test_ids": [51007], **NOW})
    assert outcome.status == 0
    assert "Dropped 1 row outside the requested window" in json.dumps(outcome.result["warnings"][0])


# Failure


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "No Catchpoint credentials are given. Set api_key (or CATCHPOINT_API_KEY)"),
        ({**V1, **V2}, "Both kinds of credentials are given: api_key and client_id and client_secret."),
        (
            {"client_id": "x-y-z"},
            "client_id is given without client_secret. Set client_secret or CATCHPOINT_CLIENT_SECRET",
        ),
        ({"client_secret": "x-y-z"}, "client_secret is given without client_id."),
        ({**V2, "api_version": "v1"}, "api_version v1 needs client_id with client_secret"),
        ({**V2, "api_version": "two"}, "api_version must look like v2 or v3.3, not 'two'."),
        ({**V2, "base_url": "io.catchpoint.com"}, "base_url must be an address such as https://io.catchpoint.com."),
        ({**V2, "timeout": 0}, "timeout must be greater than 0"),
        ({**V2, "retry_budget": -1}, "retry_budget must be 0 or more seconds"),
    ],
)
@pytest.mark.parametrize("module", CALLS)
def test_invalid_connection_options_fail(
    run: Runs, server: ScriptedServer, module: str, arguments: dict[str, Any], message: str
) -> None:
    outcome = run(module, {**CALLS[module], **arguments})
    assert (outcome.status, outcome.result["failed"]) == (1, True)
    assert outcome.result["msg"].startswith(message)
    assert server.requests == []
    assert "Traceback" not in outcome.output
    assert not any(secret in outcome.output for secret in ("the-", "x-y-z"))


@pytest.mark.parametrize(
    ("module", "arguments", "message"),
    [
        ("catchpoint_test_data_info", {}, "missing required arguments: test_ids"),
        ("catchpoint_test_data_info", {"test_ids": ["home"]}, "Elements value for option"),
        ("catchpoint_test_data_info", {"test_ids": [1], "breakdown": "street"}, "value of breakdown must be one of"),
        (
            "catchpoint_test_data_info",
            {"test_ids": [1], "interval": "often"},
            "interval is 'often', but must be a name",
        ),
        (
            "catchpoint_test_data_info",
            {"test_ids": [1], "tz": "Nowhere"},
            "tz is 'Nowhere', which is not a known time zone",
        ),
        ("catchpoint_test_data_info", {"test_ids": [1], "start": "soon"}, "start is 'soon', which is not a time"),
        ("catchpoint_test_data_info", {"test_ids": [1], "start": 60}, "Write -60 for 60 minutes before end"),
        ("catchpoint_favorite_info", {"include": ["all"]}, "value of include must be one or more of"),
        ("catchpoint_favorite_info", {"start": -60}, "Only the data of a chart can be overridden"),
        ("catchpoint_node_info", {"network_type": "string"}, "value of network_type must be one of"),
        ("catchpoint_node_info", {"node_ids": [1], "name": "x"}, "mutually exclusive"),
        ("catchpoint_test_info", {"test_ids": [1], "labels": {"a": "b"}}, "mutually exclusive"),
        ("catchpoint_test_info", {"status": "archived"}, "value of status must be one of"),
        ("catchpoint_test_info", {"nmae": "x"}, "module: nmae. Supported parameters include: "),
        ("catchpoint_node_group_info", {"node_id": "x"}, "node_id"),
    ],
)
def test_invalid_options_fail(
    run: Runs, server: ScriptedServer, module: str, arguments: dict[str, Any], message: str
) -> None:
    outcome = run(module, {**V2, **arguments})
    assert (outcome.status, outcome.result["failed"]) == (1, True)
    assert message in outcome.result["msg"]
    assert server.requests == []
    assert "Traceback" not in outcome.output


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "Test 9 not found."), (200, "Test 9 not found."), (400, "No valid Test found for input '9'.")],
)
def test_unknown_ids_fail(run: Runs, server: ScriptedServer, status: int, words: str) -> None:
    refusal = envelope(None, completed=False, errors=[{"message": words}])
    server.script = [respond(status, refusal), respond(status, refusal), respond(200, v2_list("tests", TEST))]
    outcome = run("catchpoint_test_info", {**V2, "test_ids": [51007, 9]})
    assert outcome.result["msg"].startswith(
        f'The service does not know the test 9, or the credentials may not see it. The API says: "{words}"'
    )


# Secrets

NASTY = "a@/+=&% b\"'<>"


def spellings(secret: str) -> list[str]:
    """The forms in which a text may contain a secret."""
    return [
        secret,
        quote(secret),
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode(),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    ]


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500, 502])
def test_no_secret_is_in_the_output_of_any_failure(run: Runs, server: ScriptedServer, status: int) -> None:
    """The service echoes the whole request."""
    key, client, secret, token = (f"{word}-{NASTY}{word}" for word in ("key", "client", "secret", "token"))
    for arguments, script in (
        ({"api_key": key}, []),
        ({"client_id": client, "client_secret": secret}, [respond(200, {"access_token": token})]),
        ({"client_id": client, "client_secret": secret}, None),
    ):
        echo = json.dumps({"Message": f"{key} {client} {secret} {token}", "errors": [{"message": f"{key} {token}"}]})
        steps = [respond(status, echo.encode())] * 3
        server.script = steps if script is None else [*script, *steps]
        outcome = run("catchpoint_node_info", {**arguments, "retry_budget": 0}, verbosity=4, debug=True)
        assert outcome.result["failed"] is True
        for hidden in (key, client, secret, token):
            if hidden in arguments.values() or (script and hidden == token):
                for spelling in spellings(hidden):
                    assert spelling not in outcome.output


# The process


@pytest.mark.parametrize("module", CALLS)
def test_module_runs_as_a_process(module: str) -> None:
    name = f"ansible_collections.community.catchpoint.plugins.modules.{module}"
    program = (
        "import sys, runpy\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder\n"
        f"_AnsibleCollectionFinder(paths={sys.path!r})._install()\n"
        f"sys.argv = [{module!r}]\n"
        f"runpy.run_module({name!r}, run_name='__main__')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": CALLS[module]}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert json.loads(result.stdout)["msg"].startswith("No Catchpoint credentials are given.")
    assert "Traceback" not in result.stderr


# Documentation and arguments agree


def documented(module: str) -> dict[str, Any]:
    text = importlib.import_module(f"ansible_collections.community.catchpoint.plugins.modules.{module}").DOCUMENTATION
    result: dict[str, Any] = yaml.safe_load(text)
    return result


@pytest.mark.parametrize("module", MODULES)
def test_arguments_agree_with_the_documentation(module: str) -> None:
    documentation = documented(module)
    options = dict(documentation["options"])
    for fragment in documentation["extends_documentation_fragment"]:
        if fragment.count(".") == 2:
            text = importlib.import_module(f"{BASE}.doc_fragments.{fragment.rpartition('.')[2]}").ModuleDocFragment
            options.update(yaml.safe_load(text.DOCUMENTATION).get("options", {}))
    operation = importlib.import_module(f"ansible_collections.community.catchpoint.plugins.modules.{module}").OPERATION
    spec = argument_spec(operation)
    assert set(spec) == set(options)
    for name, entry in options.items():
        for member in ("type", "default", "choices", "elements", "required"):
            assert spec[name].get(member) == entry.get(member), (name, member)


def test_the_fragment_of_test_data_agrees_with_the_arguments() -> None:
    options = yaml.safe_load(DataFragment.DOCUMENTATION)["options"]
    assert set(options) == set(DATA_ARGUMENTS)
