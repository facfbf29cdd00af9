# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's result on the controller equals its result as an ordinary module, key by key."""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Optional

import pytest
from ansible import constants
from ansible.module_utils import basic
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader
from ansible.template import Templar
from ansible_collections.community.catchpoint.plugins.module_utils._clock import SystemClock
from ansible_collections.community.catchpoint.plugins.modules import catchpoint_node_info
from ansible_collections.community.catchpoint.plugins.plugin_utils._info_action import InfoAction
from ansible_collections.community.catchpoint.plugins.plugin_utils._task import masked
from ansible_collections.community.catchpoint.tests.unit.clock import NOW
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 and earlier trust what is in variables

    def trust_as_template(value: Any) -> Any:
        return value


BASE = "ansible_collections.community.catchpoint.plugins"
NAMES = sorted(path.stem for path in Path(catchpoint_node_info.__file__).parent.glob("*_info.py"))
SECRET = "s3cr3t/+&=% \"'@x"
# All secrets in these tests.
SECRETS = [SECRET, "Berlin", "the-id", "the-secret", "a-wrong-key", "The-'SeCrEt'-Key"]


@pytest.fixture
def connection(live_service: Service) -> dict[str, Any]:
    live_service.keys.add(SECRET)
    return {"base_url": live_service.url, "api_key": SECRET}


Play = Callable[..., dict[str, Any]]


@pytest.fixture
def shown() -> list[str]:
    """Lines that are displayed during the task."""
    return []


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> Play:
    """Runs a task by its action plugin."""

    def run(
        name: str,
        arguments: Mapping[str, Any],
        transport: str = "ssh",
        variables: Optional[dict[str, Any]] = None,
        tries: int = 1,
        **keywords: Any,
    ) -> dict[str, Any]:
        action = f"community.catchpoint.{name}"
        task = Task.load({"action": action, "args": dict(arguments), **keywords})
        # The task's arguments are not templated here, so they are set directly.
        task.args = dict(arguments)
        task.action = action
        loader = DataLoader()
        given = {"ansible_inject_invocation": True, **(variables or {})}
        plugin = action_loader.get(
            f"community.catchpoint._{name}",
            task=task,
            connection=Connection(transport),
            play_context=None,
            loader=loader,
            templar=Templar(loader=loader, variables=given),
            shared_loader_obj=None,
        )
        assert isinstance(plugin, InfoAction)
        display = sys.modules[f"{BASE}.plugin_utils._run_client"].display  # type: ignore[attr-defined]
        monkeypatch.setattr(type(display), "display", lambda _self, text, **_more: shown.append(text))
        monkeypatch.setattr(
            type(plugin),
            "_execute_module",
            lambda _self, **call: {
                "as_module": True,
                "async": call["wrap_async"],
                "arguments": call["module_args"],
            },
        )
        monkeypatch.setattr(type(plugin), "_remove_tmp_path", lambda *_arguments: None)
        found: dict[str, Any] = {}
        for _try in range(tries):
            found = plugin.run(task_vars=given)
        return found

    return run


class Shell:
    tmpdir: Optional[str] = None

    def env_prefix(self, **_environment: str) -> str:
        return ""


class Connection:
    """A connection that is never opened."""

    def __init__(self, transport: str) -> None:
        self.transport = transport
        self._shell = Shell()


@pytest.fixture
def as_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Play:
    """Runs a module as on a managed host."""

    def run(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        given = {
            **arguments,
            "_ansible_module_name": f"community.catchpoint.{name}",
            "_ansible_verbosity": 0,
        }
        if "INJECT_INVOCATION" in constants.config.get_configuration_definitions():
            given["_ansible_inject_invocation"] = True
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        capsys.readouterr()
        with pytest.raises(SystemExit):
            importlib.import_module(f"{BASE}.modules.{name}").main()
        found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return found

    return run


def comparable(result: Mapping[str, Any]) -> Any:
    """Returns a result without what depends on the time and on how a failure or a warning is reported.

    ansible-core 2.19 and later add the place of a failure, and show warnings of a module that runs in the controller's
    process. ansible-core 2.22 leaves masking to the controller.
    """
    left_out = ("exception", "warnings", "window", "_ansible_new_secrets")
    text = json.dumps(
        masked({name: value for name, value in result.items() if name not in left_out}, SECRETS),
        sort_keys=True,
    )
    return json.loads(re.sub(r"tr(y|ies) in [\d.]+ s", "tries", text))


ARGUMENTS: dict[str, dict[str, Any]] = {
    "catchpoint_alert_info": {"test_ids": [1]},
    "catchpoint_error_info": {"test_ids": [1]},
    "catchpoint_slo_info": {"slo_ids": [7]},
    "catchpoint_favorite_info": {},
    "catchpoint_folder_info": {"name": "x"},
    "catchpoint_label_info": {"name": "x"},
    "catchpoint_node_group_info": {"name": "x"},
    "catchpoint_node_info": {"city": "Oslo"},
    "catchpoint_product_info": {"status": "all"},
    "catchpoint_test_info": {"test_ids": [1]},
    "catchpoint_test_data_info": {
        "test_ids": ["2", 1],
        "metrics": ["test_time"],
        "start": "2026-11-23T09:00:00Z",
        "end": "2026-11-23T12:00:00Z",
        "breakdown": "city",
        "include_runs": True,
    },
}


def test_every_module_is_tested() -> None:
    assert sorted(ARGUMENTS) == NAMES


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("name", NAMES)
def test_result_on_the_controller_equals_that_on_a_host(
    name: str, play: Play, as_module: Play, connection: Any, live_service: Service
) -> None:
    live_service.newest, live_service.noon = "11:59:00", True
    on_host = as_module(name, {**connection, **ARGUMENTS[name]})
    on_controller = play(name, {**connection, **ARGUMENTS[name]})
    assert comparable(on_controller) == comparable(on_host)
    assert not on_host.get("failed"), on_host["msg"]
    assert on_controller["requests_made"] > 0
    again = play(name, {**connection, **ARGUMENTS[name]})
    assert comparable({**again, "requests_made": on_host["requests_made"]}) == comparable(on_host)
    assert again["requests_made"] == 0


FAILURES: dict[str, dict[str, Any]] = {
    "no credentials": {"api_key": None},
    "both credentials": {"client_id": "the-id", "client_secret": "the-secret"},
    "wrong key": {"api_key": "a-wrong-key"},
    "wrong choice of a flag": {"validate_certs": "perhaps"},
    "wrong option": {"timeout": 0},
    "connection refused": {"base_url": "http://127.0.0.1:1", "retry_budget": 0},
    "wrong limits": {"rate_limits": "many"},
    "a password in the address": {"base_url": f"https://me:{SECRET}@127.0.0.1:1"},
    "the key in another option": {"api_key": "The-'SeCrEt'-Key", "rate_limits": "The-'SeCrEt'-Key"},
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("name", NAMES)
def test_failure_on_the_controller_equals_that_on_a_host(
    name: str, failure: str, play: Play, as_module: Play, connection: Any
) -> None:
    arguments = {**connection, **ARGUMENTS[name], **FAILURES[failure]}
    on_host = as_module(name, arguments)
    on_controller = play(name, arguments)
    assert comparable(on_controller) == comparable(on_host)
    assert on_controller["failed"] is True
    assert SECRET not in json.dumps(on_controller)
    assert "'secret'" not in on_controller["msg"].lower()
    assert "SeCrEt" not in json.dumps(on_controller)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("catchpoint_test_data_info", {}),
        ("catchpoint_test_data_info", {"test_ids": [1], "breakdown": "street"}),
        ("catchpoint_test_data_info", {"test_ids": [77]}),
        ("catchpoint_test_data_info", {"test_ids": [1], "metrics": ["no_such_metric"]}),
        ("catchpoint_test_data_info", {"test_ids": [1], "tz": "Nowhere"}),
        ("catchpoint_node_info", {"node_ids": [1], "name": "x"}),
        ("catchpoint_node_info", {"network_type": "x"}),
        ("catchpoint_test_info", {"test_ids": [1], "name": "x"}),
        ("catchpoint_test_info", {"test_ids": [77]}),
        ("catchpoint_test_info", {"labels": "x"}),
        ("catchpoint_favorite_info", {"include": ["x"]}),
        ("catchpoint_favorite_info", {"start": "-60"}),
        ("catchpoint_folder_info", {"product": "unknown"}),
        ("catchpoint_alert_info", {"open": True, "end": "now"}),
        ("catchpoint_alert_info", {"test_ids": [77]}),
        ("catchpoint_error_info", {"types": ["x"]}),
        ("catchpoint_slo_info", {"slo_ids": [7], "name": "x"}),
        ("catchpoint_product_info", {"status": "x"}),
    ],
)
def test_failures_of_one_module(name: str, arguments: Any, play: Play, as_module: Play, connection: Any) -> None:
    on_host = as_module(name, {**connection, **arguments})
    assert comparable(play(name, {**connection, **arguments})) == comparable(on_host)
    assert on_host["failed"] is True


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "catchpoint_test_data_info",
            {"test_id": 81093},
            "Unsupported parameters for (community.catchpoint.catchpoint_test_data_info) module: test_id. "
            "Did you mean test_ids? Supported parameters include: ",
        ),
        ("catchpoint_node_info", {"nmae": "x"}, "module: nmae. Did you mean name? Supported"),
        ("catchpoint_node_info", {"zzz": "x"}, "module: zzz. Supported parameters include: active, "),
        (
            "catchpoint_test_data_info",
            {"test_ids": "home page"},
            "'home page' is not a test id. Use a number such as 81093; community.catchpoint.catchpoint_test_info finds",
        ),
        ("catchpoint_test_info", {"test_ids": [True]}, "True is not a test id."),
        ("catchpoint_node_info", {"node_ids": ["Oslo"]}, "'Oslo' is not a node id. Use a number such as 257;"),
        ("catchpoint_favorite_info", {"favorite_ids": ["Shop"]}, "'Shop' is not a favorite id."),
        (
            "catchpoint_test_data_info",
            {"test_ids": 1, "max_age": "15m"},
            "max_age is '15m', which is not a number. Write seconds without a unit: 900.",
        ),
    ],
)
def test_misspelt_arguments_get_a_hint_on_the_controller(
    name: str, arguments: Any, message: str, play: Play, connection: Any
) -> None:
    """The hints are given on the controller only."""
    found = play(name, {**connection, **arguments})
    assert found["failed"] is True
    assert message in found["msg"]


@pytest.mark.parametrize("ids", ["1, 2", "1,2", ["1,2"], [1, "2"], (1, 2), [[1], ["2"]]])
def test_forms_of_ids(ids: Any, play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": ids})
    assert [one["test_id"] for one in found["tests"]] == [1, 2]


def test_arguments_have_the_types_of_a_module(play: Play, connection: Any) -> None:
    """The controller's own types of text must not appear in messages."""

    class Text(str):
        pass

    found = play("catchpoint_test_data_info", {**connection, "test_ids": [Text("home")]})
    assert "Text" not in found["msg"]


def test_secrets_are_masked(play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]})
    assert found["invocation"]["module_args"]["api_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@pytest.mark.usefixtures("still_clock")
def test_a_secret_inside_a_result_is_masked(play: Play, as_module: Play, live_service: Service) -> None:
    live_service.keys.add("Berlin")
    live_service.noon, live_service.newest = True, "11:59:00"
    window = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T12:00:00Z"}
    arguments = {"base_url": live_service.url, "api_key": "Berlin", "test_ids": [1], **window}
    found = play("catchpoint_test_data_info", arguments)
    assert found["tests"][0]["latest"]["city"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert comparable(found) == comparable(as_module("catchpoint_test_data_info", arguments))


def test_environment_of_the_controller(play: Play, live_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATCHPOINT_BASE_URL", live_service.url)
    monkeypatch.setenv("CATCHPOINT_API_KEY", "the-key")
    assert play("catchpoint_test_data_info", {"test_ids": [1]})["tests"][0]["test_id"] == 1


def test_environment_of_the_task(play: Play, live_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATCHPOINT_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.delenv("CATCHPOINT_API_KEY", raising=False)
    environment = [{"CATCHPOINT_BASE_URL": live_service.url}, {"CATCHPOINT_API_KEY": "the-key"}]
    before = dict(os.environ)
    found = play("catchpoint_test_data_info", {"test_ids": [1]}, environment=environment)
    assert found["tests"][0]["test_id"] == 1
    assert dict(os.environ) == before


# Variables, environment and ansible.cfg


@pytest.fixture
def ini(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Writes the section of an ansible.cfg that Ansible then reads."""

    def write(**options: str) -> None:
        path = tmp_path / "ansible.cfg"
        lines = [f"{name} = {value}" for name, value in options.items()]
        path.write_text("\n".join(["[catchpoint]", *lines, ""]), encoding="utf-8")
        monkeypatch.setattr(constants.config, "_config_file", str(path))

    return write


def test_precedence_of_the_sources_of_connection_options(
    play: Play, live_service: Service, monkeypatch: pytest.MonkeyPatch, ini: Callable[..., None]
) -> None:
    """Arguments of the task, variables, environment, ansible.cfg: the lookup has the same order."""
    monkeypatch.delenv("CATCHPOINT_API_KEY", raising=False)
    live_service.keys = {"right"}

    def works(variables: Any = None, **arguments: Any) -> bool:
        found = play("catchpoint_test_data_info", {"test_ids": [1], "cache_ttl": 0, **arguments}, variables=variables)
        return not found.get("failed")

    ini(base_url=live_service.url, api_key="right")
    assert works()
    monkeypatch.setenv("CATCHPOINT_API_KEY", "wrong")
    assert not works()
    assert works({"ansible_catchpoint_api_key": "right"})
    monkeypatch.setenv("CATCHPOINT_API_KEY", "right")
    assert works()
    assert not works({"ansible_catchpoint_api_key": "wrong"})
    assert works({"ansible_catchpoint_api_key": "wrong"}, api_key="right")


def test_variables_may_be_templates(play: Play, live_service: Service) -> None:
    live_service.keys = {"the-vaults-key"}
    variables = {
        "ansible_catchpoint_base_url": live_service.url,
        "ansible_catchpoint_api_key": trust_as_template("{{ vault_key }}"),
        "vault_key": "the-vaults-key",
    }
    found = play("catchpoint_test_data_info", {"test_ids": [1]}, variables=variables)
    assert found["tests"][0]["test_id"] == 1
    assert found["invocation"]["module_args"]["api_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"ansible_catchpoint_timeout": "30s"},
            "timeout is '30s' (from variable ansible_catchpoint_timeout), which is not a number. "
            "Write seconds without a unit: 30.",
        ),
        (
            {"ansible_catchpoint_validate_certs": "ture"},
            "validate_certs is 'ture' (from variable ansible_catchpoint_validate_certs), but must be true or false.",
        ),
        (
            {"ansible_catchpoint_api_key": [SECRET]},
            "api_key (from variable ansible_catchpoint_api_key) must be text.",
        ),
    ],
)
def test_a_wrong_value_names_its_source(play: Play, live_service: Service, variables: Any, message: str) -> None:
    given = {"ansible_catchpoint_base_url": live_service.url, **variables}
    found = play("catchpoint_test_data_info", {"test_ids": [1]}, variables=given)
    assert found["msg"] == message
    assert live_service.requests == []


def test_a_delegated_task_passes_connection_variables_as_arguments(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is that of the host where the module runs."""
    monkeypatch.setenv("CATCHPOINT_TIMEOUT", "7")
    variables = {"ansible_catchpoint_api_key": "a-key", "ansible_catchpoint_base_url": "http://a.example"}
    arguments = {"test_ids": [1], "base_url": "http://b.example"}
    found = play("catchpoint_test_data_info", arguments, variables=variables, delegate_to="bastion")
    assert found["arguments"] == {"test_ids": [1], "base_url": "http://b.example", "api_key": "a-key"}


def test_a_delegated_task_reads_ids_as_the_controller_does(play: Play) -> None:
    found = play("catchpoint_test_data_info", {"test_ids": "1, 2"}, delegate_to="bastion")
    assert found["arguments"] == {"test_ids": [1, 2]}


def test_a_delegated_task_refuses_ids_as_the_controller_does(play: Play, connection: Any) -> None:
    arguments = {**connection, "test_ids": f"home {SECRET}"}
    found = play("catchpoint_test_data_info", arguments, delegate_to="bastion")
    assert "is not a test id. Use a number such as 81093;" in found["msg"]
    assert SECRET not in json.dumps(found)
    assert found == play("catchpoint_test_data_info", arguments)


# Batching of hosts


class HostVars(dict[str, Any]):
    def raw_get(self, host: str) -> Any:
        return self[host]


def of_hosts(count: int, variable: str = "catchpoint_test_id", me: int = 1) -> dict[str, Any]:
    """The variables of a host in a play where each host has a test."""
    hosts = [f"host{number}" for number in range(1, count + 1)]
    return {
        "hostvars": HostVars({f"host{number}": {variable: number} for number in range(1, count + 1)}),
        "ansible_play_batch": hosts,
        "ansible_play_hosts_all": hosts,
        "inventory_hostname": f"host{me}",
        variable: me,
    }


def test_hosts_with_the_default_variable_share_one_request(play: Play, live_service: Service, connection: Any) -> None:
    """150 hosts cost one request for the names of metrics and one for the data, without any setting."""
    live_service.tests.update({number: (number, f"Test {number}") for number in range(1, 151)})
    for number in (1, 2, 75, 150):
        arguments = {**connection, "test_ids": number, "metrics": ["test_time"]}
        found = play("catchpoint_test_data_info", arguments, variables=of_hosts(150, me=number))
        assert found["tests"][0]["test_id"] == number
    assert live_service.paths == {"enumeration": 1, "raw": 1}


def test_a_misspelt_variable_is_warned_of(play: Play, connection: Any) -> None:
    arguments = {**connection, "test_ids": [1]}
    found = play(
        "catchpoint_test_data_info", {**arguments, "test_id_variable": "catchpoint_tst_id"}, variables=of_hosts(3)
    )
    assert found["warnings"] == [
        "test_id_variable is 'catchpoint_tst_id', but no host of the play has a variable of that name. "
        "Did you mean catchpoint_test_id?"
    ]
    assert "warnings" not in play("catchpoint_test_data_info", arguments)
    variables = {"ansible_catchpoint_test_id_variable": "my_test", **of_hosts(3, "my_test")}
    assert "warnings" not in play("catchpoint_test_data_info", arguments, variables=variables)


def test_a_wait_of_hosts_that_query_one_by_one_names_the_option(
    play: Play, connection: Any, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock(NOW)
    monkeypatch.setattr(SystemClock, "now", lambda _self: clock.now())
    monkeypatch.setattr(SystemClock, "sleep", lambda _self, seconds: clock.sleep(seconds))
    hosts = of_hosts(3, "another_variable")
    for start in ("-10", "-20"):
        arguments = {**connection, "test_ids": [1], "start": start, "rate_limits": "1/minute"}
        play("catchpoint_test_data_info", arguments, variables=hosts)
    (line,) = shown
    assert line.startswith("community.catchpoint: Waiting ")
    assert line.endswith(
        "Set test_id_variable to the variable with each host's test id, and one request serves all hosts."
    )


# until


def test_until_ignores_cached_results(play: Play, connection: Any, live_service: Service) -> None:
    """Each try of a task with until reads the service, although the first one was cached."""
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, tries=3)
    assert found["requests_made"] == 1
    assert live_service.paths == {"raw": 3}
    play("catchpoint_node_info", {**connection, "city": "Oslo"}, tries=2)
    assert live_service.paths["all"] == 2
    play("catchpoint_test_info", {**connection, "test_ids": [1]}, tries=2)
    assert live_service.paths["1"] == 2


# Missing and stale data


def test_missing_or_stale_data_give_a_warning(play: Play, connection: Any, live_service: Service) -> None:
    live_service.newest = "2000-01-01T00:00:00Z"
    arguments = {**connection, "test_ids": [1]}
    found = play("catchpoint_test_data_info", arguments)
    assert found["tests"][0]["run_count"] == 0
    assert any("Test 1 has no run between" in text for text in found["warnings"])
    assert not found.get("failed")
    assert not any("has no run" in text for text in play_warnings(play, {**arguments, "on_missing": "empty"}))
    found = play("catchpoint_test_data_info", {**arguments, "on_missing": "error"})
    assert found["failed"] is True
    assert "Test 1 has no run between" in found["msg"]
    live_service.newest = None
    (text,) = play_warnings(play, {**arguments, "max_age": 10, "start": "-30"})
    assert re.match(r"The newest run of test 1 is \d+ seconds old .* max_age is 10\.", text)
    found = play("catchpoint_test_data_info", {**arguments, "max_age": 10, "start": "-30", "on_stale": "error"})
    assert found["failed"] is True


def play_warnings(play: Play, arguments: Mapping[str, Any]) -> list[str]:
    found: list[str] = play("catchpoint_test_data_info", arguments).get("warnings", [])
    return found


def test_check_mode_reads_data(play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, check_mode=True)
    assert found["tests"][0]["test_id"] == 1
    assert found["changed"] is False


@pytest.mark.parametrize("host", sorted(constants.LOCALHOST))
def test_a_task_delegated_to_localhost_runs_on_the_controller(play: Play, connection: Any, host: str) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, delegate_to=host)
    assert found["requests_made"] == 1


def test_a_task_delegated_to_a_host_runs_as_a_module(play: Play, connection: Any, live_service: Service) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, delegate_to="bastion")
    assert found["as_module"] is True
    assert not found["async"]
    assert live_service.requests == []


def test_async_runs_as_the_module(play: Play, connection: Any, live_service: Service) -> None:
    arguments = {**connection, "test_ids": [1]}
    for keywords in ({"transport": "local"}, {"delegate_to": "localhost", "transport": "local"}):
        assert play("catchpoint_test_data_info", arguments, **keywords, **{"async": 30})["async"] == 30
    assert play("catchpoint_test_data_info", arguments, delegate_to="bastion", **{"async": 30})["async"] == 30


def test_async_without_delegation_is_refused(play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, **{"async": 30})
    assert found["failed"] is True
    assert "Add delegate_to: localhost to keep them here" in found["msg"]
    assert "as_module" not in found


@pytest.mark.usefixtures("still_clock")
def test_20_hosts_share_one_request(play: Play, connection: Any, live_service: Service) -> None:
    found = race(20, lambda _number: play("catchpoint_node_info", {**connection, "city": "Oslo"})["nodes"][0]["name"])
    assert found == ["Oslo, NO - Telia"] * 20
    assert live_service.paths == {"all": 1}


@pytest.mark.parametrize("name", NAMES)
def test_workers_inherit_imported_modules(name: str) -> None:
    """Ansible imports the plugin's class before it forks; requests and dateutil are imported on first use."""
    plugin = action_loader.get(f"community.catchpoint._{name}", class_only=True)
    assert plugin.operation is importlib.import_module(f"{BASE}.modules.{name}").OPERATION
    assert plugin.name == name
    assert plugin._requires_connection is False
    for part in (
        "module_utils._api.client",
        "module_utils._http.session",
        "plugin_utils._run_client",
        "plugin_utils._run_cache.shared",
    ):
        assert f"{BASE}.{part}" in sys.modules
