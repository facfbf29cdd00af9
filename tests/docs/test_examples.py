# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation of every plugin run unchanged against the simulator."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "extensions"))

from simulator.start import running

KINDS = ("modules", "lookup", "filter", "test")
SPARE = "spare"


class Plugin(NamedTuple):
    """A plugin with examples; its play runs on a separate host, so that a failure does not stop the others.

    A play that fails on all its hosts ends the run, so each play has a spare host, which ends at once.
    """

    kind: str
    name: str
    tasks: list[Any]
    given: dict[str, Any]

    @property
    def host(self) -> str:
        return f"{self.kind}-{self.name}"

    @property
    def play(self) -> dict[str, Any]:
        return {
            "name": self.host,
            "hosts": [self.host, SPARE],
            "gather_facts": False,
            "vars": self.given.get("vars", {}),
            "pre_tasks": [
                {
                    "name": "Given: a host",
                    "ansible.builtin.meta": "end_host",
                    "when": f"inventory_hostname == '{SPARE}'",
                },
                *({**task, "name": f"Given: {task['name']}"} for task in self.given.get("tasks", [])),
            ],
            "tasks": self.tasks,
        }


def examples_of(path: Path) -> str:
    """The text of EXAMPLES; empty when there is none."""
    if path.suffix in (".yml", ".yaml"):
        return str(yaml.safe_load(path.read_text(encoding="utf-8")).get("EXAMPLES", ""))
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "EXAMPLES" for t in node.targets):
            return str(ast.literal_eval(node.value))
    return ""


def discovered() -> list[Plugin]:
    given = yaml.safe_load((HERE / "examples.yml").read_text(encoding="utf-8"))
    found = []
    for kind in KINDS:
        for path in sorted((ROOT / "plugins" / kind).glob("[a-z]*")):
            if path.suffix in (".py", ".yml", ".yaml"):
                tasks = yaml.safe_load(examples_of(path)) or []
                found.append(Plugin(kind, path.stem, tasks, given.get(path.stem, {})))
    return found


PLUGINS = discovered()


class Outcome(NamedTuple):
    """The results of all plays."""

    results: list[dict[str, str]]
    output: str

    def of(self, plugin: Plugin, *states: str) -> list[str]:
        return [
            f"{result['task']}: {result['message']}"
            for result in self.results
            if result["host"] == plugin.host and result["state"] in states and not result["task"].startswith("Given: ")
        ]


def calm_shop() -> dict[str, Any]:
    """The shop with hardly any noise, so that verdicts do not depend on chance."""
    shop: dict[str, Any] = json.loads(
        (ROOT / "extensions" / "simulator" / "scenarios" / "shop.json").read_text(encoding="utf-8")
    )
    for test in shop["tests"]:
        test["latency"] = {**test.get("latency", {}), "sigma": 0.02}
    return shop


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """All plays in one run of ansible-playbook."""
    place = tmp_path_factory.mktemp("examples")
    record = place / "record.jsonl"
    record.touch()
    playbook = place / "examples.yml"
    playbook.write_text(yaml.safe_dump([plugin.play for plugin in PLUGINS], sort_keys=False), encoding="utf-8")
    inventory = place / "hosts.yml"
    hosts = {name: {} for name in [SPARE, *(plugin.host for plugin in PLUGINS)]}
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": local}}), encoding="utf-8")
    with running(scenario=calm_shop(), limits="off") as simulator:
        simulator.control(
            "PUT", "/events", {"deploy": "now"}
        )  # with half an hour of slow runs, the result would depend on chance
        environment = {
            **os.environ,
            **simulator.environment,
            "CATCHPOINT_RATE_LIMITS": "off",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ARTIFACTS": str(place),
            "RECORD": str(record),
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(playbook)]
        process = subprocess.run(
            command,
            cwd=place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    yield Outcome([json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()], process.stdout)


def test_plugins_of_each_kind_are_found() -> None:
    assert {plugin.kind for plugin in PLUGINS} == set(KINDS)
    named = {plugin.name for plugin in PLUGINS}
    assert set(yaml.safe_load((HERE / "examples.yml").read_text(encoding="utf-8"))) <= named


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.host)
def test_examples_run_unchanged(plugin: Plugin, outcome: Outcome) -> None:
    assert plugin.tasks, "the examples are missing"
    assert outcome.of(plugin, "failed") == [], outcome.output
    assert outcome.of(plugin, "ok"), outcome.output


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.host)
def test_examples_use_their_plugin(plugin: Plugin) -> None:
    assert f"community.catchpoint.{plugin.name}" in yaml.safe_dump(plugin.tasks)


def test_examples_run_without_warnings(outcome: Outcome) -> None:
    assert "WARNING" not in outcome.output, outcome.output


@pytest.mark.parametrize("name", ["shop", "hosts", "agents"])
def test_examples_of_the_inventory_list_hosts(name: str, tmp_path: Path) -> None:
    """Each example begins with a comment that names its file."""
    text = examples_of(ROOT / "plugins" / "inventory" / "catchpoint.py")
    (example,) = [one for one in text.split("---\n") if one.lstrip().startswith(f"# {name}.catchpoint.yml: ")]
    source = tmp_path / f"{name}.catchpoint.yml"
    source.write_text(example, encoding="utf-8")
    with running(limits="off") as simulator:
        process = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(source), "--list"],
            env={
                **os.environ,
                **simulator.environment,
                "HOME": str(tmp_path),
                "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    assert json.loads(process.stdout)["_meta"]["hostvars"], process.stderr
