# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that run on the controller give what they give as ordinary modules, key by key."""

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
from ansible_collections.community.catchpoint.plugins.modules import catchpoint_node_info
from ansible_collections.community.catchpoint.plugins.plugin_utils._info_action import InfoAction
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race

BASE = "ansible_collections.community.catchpoint.plugins"
NAMES = sorted(path.stem for path in Path(catchpoint_node_info.__file__).parent.glob("*_info.py"))
SECRET = "s3cr3t/+&=% \"'@x"


@pytest.fixture
def connection(now: Service) -> dict[str, Any]:
    now.keys.add(SECRET)
    return {"base_url": now.url, "api_key": SECRET}


Play = Callable[..., dict[str, Any]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Runs a task by its action plugin."""

    def run(name: str, arguments: Mapping[str, Any], transport: str = "ssh", **keywords: Any) -> dict[str, Any]:
        action = f"community.catchpoint.{name}"
        task = Task.load({"action": action, "args": dict(arguments), **keywords})
        # Nothing templates the task's arguments here, so they are given as they are.
        task.args = dict(arguments)
        task.action = action
        loader = DataLoader()
        plugin = action_loader.get(
            action,
            task=task,
            connection=Connection(transport),
            play_context=None,
            loader=loader,
            templar=Templar(loader=loader, variables={}),
            shared_loader_obj=None,
        )
        assert isinstance(plugin, InfoAction)
        monkeypatch.setattr(
            type(plugin), "_execute_module", lambda _self, **given: {"as_module": True, "async": given["wrap_async"]}
        )
        monkeypatch.setattr(type(plugin), "_remove_tmp_path", lambda *_arguments: None)
        found: dict[str, Any] = plugin.run(task_vars={"ansible_inject_invocation": True})
        return found

    return run


class Shell:
    tmpdir: Optional[str] = None

    def env_prefix(self, **_environment: str) -> str:
        return ""


class Connection:
    """A host that nobody connects to."""

    def __init__(self, transport: str) -> None:
        self.transport = transport
        self._shell = Shell()


@pytest.fixture
def as_module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Play:
    """Runs the same as an ordinary module would run on its host."""

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
    """Without what depends on the moment, and on who reports a failure (ansible-core 2.19 and later add the place)."""
    text = json.dumps({name: value for name, value in result.items() if name != "exception"}, sort_keys=True)
    return json.loads(re.sub(r"tr(y|ies) in [\d.]+ s", "tries", text))


QUESTIONS: dict[str, dict[str, Any]] = {
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


def test_every_module_has_its_question() -> None:
    assert sorted(QUESTIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_success(name: str, play: Play, as_module: Play, connection: Any, now: Service) -> None:
    now.newest, now.noon = "11:59:00", True
    on_host = as_module(name, {**connection, **QUESTIONS[name]})
    on_controller = play(name, {**connection, **QUESTIONS[name]})
    assert comparable(on_controller) == comparable(on_host)
    assert not on_host.get("failed"), on_host["msg"]
    assert on_controller["requests_made"] > 0
    again = play(name, {**connection, **QUESTIONS[name]})
    assert comparable({**again, "requests_made": on_host["requests_made"]}) == comparable(on_host)
    assert again["requests_made"] == 0


FAILURES: dict[str, dict[str, Any]] = {
    "no credentials": {"api_key": None},
    "both credentials": {"client_id": "the-id", "client_secret": "the-secret"},
    "wrong key": {"api_key": "a-wrong-key"},
    "unknown argument": {"nodes": 1},
    "wrong type": {"timeout": "soon"},
    "wrong choice of a flag": {"validate_certs": "perhaps"},
    "wrong option": {"timeout": 0},
    "nobody listens": {"base_url": "http://127.0.0.1:1", "retry_budget": 0},
    "wrong limits": {"rate_limits": "many"},
    "a password in the address": {"base_url": f"https://me:{SECRET}@127.0.0.1:1"},
    "the key in another option": {"api_key": "The-'SeCrEt'-Key", "rate_limits": "The-'SeCrEt'-Key"},
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("name", NAMES)
def test_failure(name: str, failure: str, play: Play, as_module: Play, connection: Any) -> None:
    arguments = {**connection, **QUESTIONS[name], **FAILURES[failure]}
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
        ("catchpoint_test_data_info", {"test_ids": ["home"]}),
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
        ("catchpoint_product_info", {"status": "x"}),
    ],
)
def test_failures_of_one_module(name: str, arguments: Any, play: Play, as_module: Play, connection: Any) -> None:
    on_host = as_module(name, {**connection, **arguments})
    assert comparable(play(name, {**connection, **arguments})) == comparable(on_host)
    assert on_host["failed"] is True


def test_arguments_have_the_types_of_a_module(play: Play, connection: Any) -> None:
    """What a playbook's texts are on the controller is nobody's business."""

    class Text(str):
        pass

    found = play("catchpoint_test_data_info", {**connection, "test_ids": [Text("home")]})
    assert "Text" not in found["msg"]


def test_secrets_are_masked(play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]})
    assert found["invocation"]["module_args"]["api_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_a_result_that_happens_to_hold_a_secret(play: Play, as_module: Play, now: Service) -> None:
    now.keys.add("Berlin")
    now.noon, now.newest = True, "11:59:00"
    window = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T12:00:00Z"}
    arguments = {"base_url": now.url, "api_key": "Berlin", "test_ids": [1], **window}
    found = play("catchpoint_test_data_info", arguments)
    assert found["tests"][0]["latest"]["city"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert comparable(found) == comparable(as_module("catchpoint_test_data_info", arguments))


def test_environment_of_the_controller(play: Play, now: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATCHPOINT_BASE_URL", now.url)
    monkeypatch.setenv("CATCHPOINT_API_KEY", "the-key")
    assert play("catchpoint_test_data_info", {"test_ids": [1]})["tests"][0]["test_id"] == 1


def test_environment_of_the_task(play: Play, now: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATCHPOINT_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.delenv("CATCHPOINT_API_KEY", raising=False)
    environment = [{"CATCHPOINT_BASE_URL": now.url}, {"CATCHPOINT_API_KEY": "the-key"}]
    before = dict(os.environ)
    found = play("catchpoint_test_data_info", {"test_ids": [1]}, environment=environment)
    assert found["tests"][0]["test_id"] == 1
    assert dict(os.environ) == before


def test_check_mode(play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, check_mode=True)
    assert found["tests"][0]["test_id"] == 1
    assert found["changed"] is False


@pytest.mark.parametrize("host", sorted(constants.LOCALHOST))
def test_delegated_to_the_controller(play: Play, connection: Any, host: str) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, delegate_to=host)
    assert found["requests_made"] == 1


def test_delegated_to_a_host(play: Play, connection: Any, now: Service) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, delegate_to="bastion")
    assert found["as_module"] is True
    assert not found["async"]
    assert now.asked == []


def test_async_runs_as_the_module(play: Play, connection: Any, now: Service) -> None:
    arguments = {**connection, "test_ids": [1]}
    for keywords in ({"transport": "local"}, {"delegate_to": "localhost", "transport": "local"}):
        assert play("catchpoint_test_data_info", arguments, **keywords, **{"async": 30})["async"] == 30
    assert play("catchpoint_test_data_info", arguments, delegate_to="bastion", **{"async": 30})["async"] == 30


def test_async_does_not_send_a_key_to_a_host_unasked(play: Play, connection: Any) -> None:
    found = play("catchpoint_test_data_info", {**connection, "test_ids": [1]}, **{"async": 30})
    assert found["failed"] is True
    assert "Add delegate_to: localhost to keep them here" in found["msg"]
    assert "as_module" not in found


def test_twenty_hosts_make_one_request(play: Play, connection: Any, now: Service) -> None:
    found = race(20, lambda _number: play("catchpoint_node_info", {**connection, "city": "Oslo"})["nodes"][0]["name"])
    assert found == ["Oslo, NO - Telia"] * 20
    assert now.paths == {"all": 1}


@pytest.mark.parametrize("name", NAMES)
def test_workers_find_everything_imported(name: str) -> None:
    """Ansible imports the plugin's class before it forks, and requests and dateutil are left for whoever asks."""
    plugin = action_loader.get(f"community.catchpoint.{name}", class_only=True)
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
