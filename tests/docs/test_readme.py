# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of README and guides work, and quoted outputs match, except for numbers and times."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import select
import shlex
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from ansible_collections.community.catchpoint.plugins.module_utils._http import responses
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "extensions"), str(Path(__file__).resolve().parent)]

from pages import Block, assert_quoted, blocks
from simulator.start import Running, running

DEMO = ROOT / "demo"
README = ROOT / "README.md"
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
PAGES = [README, ROOT / "CONTRIBUTING.md", *GUIDES]
BIN = Path(sys.executable).parent
NAMESPACE = "community.catchpoint."

INVENTORY = """
all:
  hosts:
    localhost:
    bastion:
      # A host of its own does not see the controller's environment.
      ansible_python_interpreter: "{{ inventory_dir }}/python_of_bastion"
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
    ansible_catchpoint_api_key: "{{ lookup('ansible.builtin.env', 'CATCHPOINT_API_KEY') }}"
    deploy_started: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() - 1800, utc=true) }}"
    new_version: "1.1"
    version_file: "{{ inventory_dir }}/{{ inventory_hostname }}.version"
    ansible_catchpoint_test_id_variable: catchpoint_test_id
    shop_test_ids: [81093]
    shop_performance_criteria:
      - metric: availability
        fail: {min: 95}
    gate: >-
      {{ [] | community.catchpoint.performance_verdict(
           shop_performance_criteria, since=deploy_started, test_ids=shop_test_ids) }}
  children:
    web:
      hosts:
        web1:
        web2:
        web3:
    shops:
      hosts:
        berlin:
          catchpoint_test_id: 81093
        london:
          catchpoint_test_id: 81099
"""


def command(*words: str, environment: dict[str, str], folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        words, cwd=folder, env={**clean_environment(), **environment}, capture_output=True, text=True, check=False
    )
    assert "[DEPRECATION" not in done.stdout + done.stderr, done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def clean_environment() -> dict[str, str]:
    """The environment of a command: this virtual environment's programs, without Catchpoint's variables."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("CATCHPOINT_")}
    settings = {"ANSIBLE_CONFIG": str(DEMO / "ansible.cfg"), "ANSIBLE_LOCALHOST_WARNING": "false"}
    return {**base, **settings, "PATH": f"{BIN}{os.pathsep}{base['PATH']}"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(limits="off") as started:
        yield started


def simulator_environment(simulator: Running, generation: str = "v2") -> dict[str, str]:
    environment = simulator.environment if generation == "v2" else simulator.environment_v1
    return {**environment, "CATCHPOINT_RATE_LIMITS": "off"}


# The pages' playbooks


def without_header(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#")).lstrip("\n")


def test_playbooks_of_the_readme_equal_those_of_the_demo() -> None:
    shown = [block.text for block in blocks(README, "yaml")]
    assert shown[0] == without_header(DEMO / "deploy_when_healthy.yml")
    assert without_header(DEMO / "roll_out.yml") in shown
    assert without_header(DEMO / "check_fleet.yml") in shown


def as_plays(block: Block) -> list[dict[str, Any]]:
    """A block's plays; tasks become one play. Empty for other blocks."""
    content = yaml.safe_load(block.text)
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        return []
    plays = content if "hosts" in content[0] else [{"hosts": "localhost", "gather_facts": False, "tasks": content}]
    # All hosts at once, because batches take longer and show nothing more here.
    return [{**play, "name": f"{block.where}: {play.get('name', '')}", "serial": "100%"} for play in plays]


@pytest.mark.parametrize("page", [README, *GUIDES], ids=lambda page: page.stem)
def test_the_yaml_of_a_page_runs(page: Path, simulator: Running, tmp_path: Path) -> None:
    """In check mode, modules read data, the gate validates its options, and nothing is deployed."""
    demo = [without_header(path) for path in DEMO.glob("*.yml")]
    # Blocks that are files are played below, and not in check mode.
    shown = [block for block in blocks(page, "yaml") if block.text not in demo and not block.file]
    plays = [play for block in shown for play in as_plays(block)]
    if not plays:
        return
    (tmp_path / "inventory.yml").write_text(INVENTORY, encoding="utf-8")
    bastion = tmp_path / "python_of_bastion"
    bastion.write_text(f'#!/bin/sh\nexec env -u CATCHPOINT_API_KEY {sys.executable} "$@"\n', encoding="utf-8")
    bastion.chmod(0o755)
    (tmp_path / "page.yml").write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    (tmp_path / "tasks").symlink_to(DEMO / "tasks")
    # The reader's tasks and role that the guides refer to.
    (tmp_path / "roles" / "shop" / "tasks").mkdir(parents=True)
    for name in ("deploy", "rollback", "roles/shop/tasks/main", "roles/shop/tasks/rollback"):
        (tmp_path / f"{name}.yml").write_text("[]\n", encoding="utf-8")
    status, output, errors = command(
        "ansible-playbook",
        "--check",
        "-i",
        "inventory.yml",
        "page.yml",
        environment=simulator_environment(simulator),
        folder=tmp_path,
    )
    assert status == 0, output + errors
    assert "[ERROR]" not in errors


def page_of(name: str) -> Path:
    return next(page for page in GUIDES if page.stem == name)


def test_every_page_with_code_is_tested() -> None:
    assert sum(len(blocks(page, "yaml")) for page in GUIDES) > 20


# Outputs of commands


def test_test_data_equals_the_readmes_quote(simulator: Running, tmp_path: Path) -> None:
    quote = next(block for block in blocks(README, "console") if "age_seconds" in block.text)
    task = next(block for block in blocks(README, "yaml") if "Show the last hour of a test" in block.text)
    (tmp_path / "show.yml").write_text(yaml.safe_dump(as_plays(task)), encoding="utf-8")
    status, output, errors = command(
        "ansible-playbook", "show.yml", environment=simulator_environment(simulator), folder=tmp_path
    )
    assert status == 0, output + errors

    def keys(text: str) -> list[str]:
        return [line.partition(":")[0].rstrip() for line in text.splitlines() if line.startswith("   ")]

    assert keys(output) == keys(quote.text)
    assert keys(quote.text)


# Pages that are followed from beginning to end


def write_files(page: Path, folder: Path, **instead: str) -> None:
    """Writes the files of a page, with replacements such as a free port."""
    for block in (*blocks(page, "yaml"), *blocks(page, "json")):
        if block.file:
            target = folder / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(other(block.text, instead), encoding="utf-8")


def other(text: str, instead: dict[str, str]) -> str:
    for word, replacement in instead.items():
        text = text.replace(word, replacement)
    return text


def first_gate(*arguments: str, simulator: Running, folder: Path) -> tuple[int, str]:
    """Exit status and output of the guide's playbook. The clock runs fast only while the gate waits.

    With a fast clock from the start, a busy machine would put the time between deploy and gate into the baseline.
    """
    simulator.control("PUT", "/clock", {"speed": 1})
    with subprocess.Popen(
        ["ansible-playbook", "deploy.yml", *arguments],
        cwd=folder,
        env={**clean_environment(), **simulator_environment(simulator)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        output = ""
        for line in process.stdout or ():
            output += line
            if line.startswith("performance gate: 0 of 20"):
                simulator.control("PUT", "/clock", {"speed": 100})
    return process.returncode, output


def test_the_first_gate_prints_the_guides_quote(tmp_path: Path) -> None:
    page = page_of("first_gate")
    # Shorter poll intervals keep the test fast.
    write_files(page, tmp_path, **{"poll_interval: 10\n": "poll_interval: 5\n"})
    quote = next(block for block in blocks(page, "console") if "TASK [" in block.text)
    arguments = re.findall(r"^\$ ansible-playbook deploy.yml (.*)$", quote.text, re.MULTILINE)[0].split()
    with running(limits="off") as simulator:
        status, output = first_gate(simulator=simulator, folder=tmp_path)
        assert status == 0 and "performance gate: PASS" in output, output
        status, output = first_gate(*arguments, simulator=simulator, folder=tmp_path)
    assert status == 2, output
    assert_quoted(quote.text.partition("\n")[2], output)


PROGRAM = "~/.ansible/collections/ansible_collections/community/catchpoint/extensions/simulator"


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_rehearsal_prints_the_guides_quotes(tmp_path: Path) -> None:
    page = page_of("rehearsal_guide")
    instead = {"8080": free_port(), PROGRAM: str(ROOT / "extensions" / "simulator")}
    write_files(page, tmp_path, **instead)
    text = other("".join(block.text for block in blocks(page, "console")), instead)
    steps = [(step.partition("\n")[0], step.partition("\n")[2]) for step in text.split("$ ")[1:]]
    environment: dict[str, str] = {}
    started: list[subprocess.Popen[str]] = []
    try:
        for line, expected in steps:
            words = shlex.split(line)
            if words[0] == "python3":
                stop(started)
                started.append(
                    subprocess.Popen([sys.executable, *words[1:]], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
                )
                printed = (started[-1].stdout or sys.stdin).readline()
                assert {*json.loads(printed)} == {*json.loads(expected)}
            elif words[0] == "export":
                environment.update(word.split("=", 1) for word in words[1:])
            elif words[0] == "curl":
                request = urllib.request.Request(words[-1] if "-d" not in words else words[words.index("-d") - 1])
                if "-d" in words:
                    request.method, request.data = words[words.index("-X") + 1], words[-1].encode()
                with urllib.request.urlopen(request) as response:
                    assert json.load(response)
            else:
                status, output, errors = command(*words, environment=environment, folder=tmp_path)
                stops = "users_feel=slow" in words
                assert (status != 0) == stops, f"{line}\n{output}{errors}"
                assert_quoted(expected, output)
    finally:
        stop(started)


def stop(started: list[subprocess.Popen[str]]) -> None:
    for process in started:
        process.terminate()
        process.communicate()
    started.clear()


@pytest.mark.nightly
def test_molecule_runs_the_rehearsal_of_the_guide(tmp_path: Path) -> None:
    instead = {"8080": free_port(), PROGRAM: str(ROOT / "extensions" / "simulator")}
    write_files(page_of("rehearsal_guide"), tmp_path, **instead)
    environment = {"MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path / "ephemeral"), "NO_COLOR": "1"}
    status, output, errors = command("molecule", "test", environment=environment, folder=tmp_path)
    assert status == 0, output + errors
    assert "performance gate: PASS" in output
    with contextlib.suppress(ProcessLookupError):  # it may have ended already
        ended = os.pidfd_open(json.loads((tmp_path / "rehearsal" / "simulator.json").read_text())["pid"])
        assert select.select([ended], [], [], 10)[0], "the simulator runs on"


def shape(value: Any) -> Any:
    """The members of a dictionary, and of those in it."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_results_have_the_shape_in_the_guide(simulator: Running, tmp_path: Path) -> None:
    guide = page_of("result_shape")
    shown = yaml.safe_load(blocks(guide, "yaml")[0].text)
    lookup = "lookup('community.catchpoint.catchpoint_test_data', 81093, metrics=['webpage_response'], {})"
    arguments = {"raw": "breakdown='node', include_runs=true", "by_interval": "interval='Hour1'"}
    message = {name: "{{ " + lookup.format(text) + " }}" for name, text in arguments.items()}
    (tmp_path / "show.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [{"debug": {"msg": message}}]}]),
        encoding="utf-8",
    )
    environment = {**simulator_environment(simulator), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    status, output, errors = command("ansible-playbook", "show.yml", environment=environment, folder=tmp_path)
    assert status == 0, output + errors
    result = json.loads(output[output.index("=> {") + 3 : output.rindex("PLAY RECAP")])["msg"]
    raw, by_interval = result["raw"], result["by_interval"]
    assert shape(shown["points"]) == shape(by_interval["points"])
    assert {*shown} == {*raw, "points"}
    assert shape(shown["runs"]) == shape(raw["runs"])
    for member in ("window", "latest", "metrics"):
        assert shape(shown[member]) == shape(raw[member])
    where, summary = next(iter(shown["by_location"].items()))
    assert {*summary, "age_seconds", "latest", "metrics"} == {*raw["by_location"][where]}


def test_output_for_scripts_is_json(simulator: Running, tmp_path: Path) -> None:
    (block,) = [one for one in blocks(page_of("migration_guide"), "yaml") if "to_nice_json" in one.text]
    (tmp_path / "answer.yml").write_text(yaml.safe_dump(as_plays(block), sort_keys=False), encoding="utf-8")
    status, output, errors = command(
        "ansible-playbook", "answer.yml", environment=simulator_environment(simulator), folder=tmp_path
    )
    assert status == 0, output + errors
    (test,) = json.loads((tmp_path / "home_page.json").read_text(encoding="utf-8"))
    assert test["test_id"] == 81093
    assert len(test["runs"]) == test["run_count"] > 0


def test_the_commands_of_the_pages_exist(simulator: Running) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {"help", "nox", "demo", *re.findall(r"^SESSIONS := (.*)$", makefile, re.MULTILINE)[0].split()}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert (
            set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^ *\$ make ([a-z-]+)", text, re.M)) <= targets
        )
        for block in blocks(page, "console"):
            for line in re.findall(r"^\$ (ansible localhost .*)$", block.text, re.MULTILINE):
                words = line.split(maxsplit=5)
                words[5:] = [word.strip("'") for word in words[5:]]
                status, output, errors = command(*words, environment=simulator_environment(simulator), folder=ROOT)
                assert status == 0, f"{block.where}: {output}{errors}"


# Names


def plugins() -> dict[str, set[str]]:
    kinds = ("modules", "lookup", "inventory", "filter", "test")
    found = {kind: {path.stem for path in (ROOT / "plugins" / kind).glob("[a-z]*.py")} for kind in kinds}
    return {**found, "roles": {path.name for path in (ROOT / "roles").iterdir()}}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_plugins_that_a_page_names_exist(page: Path) -> None:
    events = [*(ROOT / "extensions" / "eda").rglob("*.*"), *(ROOT / "playbooks").glob("*.yml")]
    known = {name for names in plugins().values() for name in names} | {path.stem for path in events}
    text = page.read_text(encoding="utf-8")
    named = set(
        re.findall(r"(?<!github\.com/ansible-collections/)(?<!ansible_collections\.)community\.catchpoint\.(\w+)", text)
    )
    assert named - {"catchpoint", "git"} <= known


def test_the_readme_lists_every_plugin() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    kinds = {"module": "modules", "role": "roles"}
    listed = sorted((kinds.get(kind, kind), name) for name, kind in rows)
    assert listed == sorted((kind, name) for kind, names in plugins().items() for name in names)


@pytest.mark.parametrize("page", [README, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem)
def test_links_have_targets(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings
        elif "://" not in target:
            assert (ROOT / target).exists(), target


def test_links_of_the_readme_work_on_galaxy() -> None:
    """They are absolute, since Galaxy shows the README alone; and those into the repository lead to a file of it."""
    text = README.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [target for target in targets if "://" not in target and not target.startswith("#")] == []
    ours = [
        re.sub(r"^https://[^/]*/ansible-collections/community.catchpoint/(?:blob/)?main/", "", target)
        for target in targets
    ]
    inside = [target.partition("#")[0] for target in ours if "://" not in target and not target.startswith("#")]
    assert len(inside) > 10
    assert [target for target in inside if not (ROOT / target).exists()] == []


def all_messages() -> str:
    """All messages of plugins and roles, with a mark in place of each value."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "roles").rglob("tasks/*.yml"))]
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                texts.append("".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def test_messages_in_troubleshooting_exist() -> None:
    page = page_of("troubleshooting")
    titles = re.findall(r"^``(.+)``$", page.read_text(encoding="utf-8"), re.MULTILINE)
    messages = all_messages()
    assert len(titles) > 15
    assert [title for title in titles if re.sub(r"\d+", "\0", title) not in messages] == []


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 407, 414, 429, 500])
def test_troubleshooting_explains_every_refusal(status: int) -> None:
    reading = responses.ParsedResponse(status, "", {}, b"{}", {}, "", ApiMessage("no"), None)
    error = responses.error_from("GET https://io.catchpoint.com/api/v2/nodes/all", reading, str, "api_key")
    begins = str(error).partition(".")[0].partition(" (")[0]
    assert f"``{begins}" in page_of("troubleshooting").read_text(encoding="utf-8")


# From the old wrapper


class Row(NamedTuple):
    """The replacement of one old call: a module's name with its arguments, and optionally a lookup."""

    old: str
    module: dict[str, Any]
    lookup: str


def rows_of_the_readme() -> list[Row]:
    text = README.read_text(encoding="utf-8")
    cells = re.findall(r"^\| `(\w+\(creds.*?)` \| `(.*?)` \| (.*?) \|$", text, re.MULTILINE)
    return [
        Row(old, yaml.safe_load(module), lookup.strip("`") if "`" in lookup else "") for old, module, lookup in cells
    ]


def rows_of_the_guide() -> list[Row]:
    page = page_of("migration_guide")
    text = re.sub(r"\n {7}", " ", page.read_text(encoding="utf-8"))
    cells = re.findall(r"^   \* - ``(\w+\(creds.*?)``\n     - ``(.*?)``\n     - (.*?)$", text, re.MULTILINE)
    start = "('community.catchpoint.catchpoint_test_data', "
    result = []
    for old, module, lookup in cells:
        inside = lookup.strip("`")
        kind = "query" if re.match(r"\d+, \d", inside) else "lookup"
        result.append(Row(old, yaml.safe_load(module), "" if inside == "none" else f"{kind}{start}{inside})"))
    return result


def test_readme_and_guide_list_the_same_replacements() -> None:
    seven = {"raw", "aggregated", "favorite_charts", "favorite_details", "favorite_data", "nodes", "node"}
    rows = rows_of_the_readme()
    assert {row.old.partition("(")[0] for row in rows} == seven
    assert rows == rows_of_the_guide()


@pytest.mark.parametrize("generation", ["v1", "v2"])
def test_replacements_of_the_old_calls_work(generation: str, simulator: Running, tmp_path: Path) -> None:
    tasks: list[dict[str, Any]] = []
    for row in rows_of_the_readme():
        ((name, arguments),) = row.module.items()
        tasks.append({"name": row.old, NAMESPACE + name: arguments, "register": "result"})
        result = "result.tests | default(result.favorites) | default(result.nodes)"
        tasks.append(
            {
                "name": "Check that the result is not empty",
                "ansible.builtin.assert": {"that": f"({result}) | length > 0"},
            }
        )
        if row.lookup:
            # In the order of the terms, equal to the module's result.
            same = f"([{row.lookup}] | flatten | map(attribute='test_id')) == (result.tests | map(attribute='test_id'))"
            alike = f"([{row.lookup}] | flatten)[0].keys() | sort == result.tests[0].keys() | sort"
            tasks.append(
                {"name": "Compare the lookup with the module", "ansible.builtin.assert": {"that": [same, alike]}}
            )
    (tmp_path / "old.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}], sort_keys=False),
        encoding="utf-8",
    )
    environment = simulator_environment(simulator, generation)
    status, output, errors = command("ansible-playbook", "old.yml", environment=environment, folder=tmp_path)
    assert status == 0, output + errors
