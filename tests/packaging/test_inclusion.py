# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requirements of the Ansible community that no tool checks: docs/inclusion_checklist.md is correct."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
CHECKLIST = ROOT / "docs" / "inclusion_checklist.md"
README = (ROOT / "README.md").read_text(encoding="utf-8")
KINDS = ("filter", "lookup", "module", "test")
# keys of a task that are not module names; those with tasks are searched, too
KEYWORDS = {"name", "register", "when", "vars", "loop", "delegate_to", "run_once", "tags", "failed_when", "notify"}
KEYWORDS |= {"loop_control", "until", "retries", "delay", "ignore_errors", "check_mode", "diff", "environment"}
KEYWORDS |= {"changed_when"}
HOLD_TASKS = {"block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers"}


@pytest.fixture(scope="module")
def documented() -> dict[str, dict[str, Any]]:
    """The documentation of every plugin by ansible-doc: kind and short name, with doc, examples and return."""
    command = [Path(sys.executable).with_name("ansible-doc"), "--metadata-dump", "community.catchpoint"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(shown)["all"]
    return {
        f"{kind} {name.rpartition('.')[2]}": plugin
        for kind in KINDS
        for name, plugin in found[kind].items()
        if name.startswith("community.catchpoint.")
    }


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def modules_of(tasks: list[dict[str, Any]]) -> Iterator[str]:
    """The names of modules in tasks, at any depth of blocks and plays."""
    for task in tasks:
        for key, value in task.items():
            if key in HOLD_TASKS:
                yield from modules_of(value)
            elif "hosts" not in task and key not in KEYWORDS:
                yield key


# People


def test_code_of_conduct_and_communication_are_linked() -> None:
    assert "/CODE_OF_CONDUCT.md)" in README
    section = README.partition("\n## Communication\n")[2].partition("\n## ")[0]
    for place in ("forum.ansible.com/c/help", "forum.ansible.com/tag/", "/issues", "code_of_conduct", "welcome"):
        assert place in section


# Code


def code(folder: Path) -> list[Path]:
    """Python files. An ``__init__.py`` is empty, as sanity tests up to 2.17 require."""
    return [path for path in folder.rglob("*.py") if path.stat().st_size]


def test_every_plugin_is_under_the_gpl() -> None:
    for path in [*code(PLUGINS), *(ROOT / "roles").rglob("*.yml")]:
        licences = re.findall(r"SPDX-License-Identifier[:] (\S+)", path.read_text(encoding="utf-8"))
        assert licences == ["GPL-3.0-or-later"], path


def test_plugins_are_where_ansible_looks_for_them() -> None:
    known = {
        "action",
        "doc_fragments",
        "filter",
        "inventory",
        "lookup",
        "module_utils",
        "modules",
        "plugin_utils",
        "test",
    }
    assert {path.name for path in PLUGINS.iterdir() if path.is_dir()} == known


def test_private_files_say_so() -> None:
    for folder in ("module_utils", "plugin_utils"):
        for path in code(PLUGINS / folder):
            assert path.relative_to(PLUGINS / folder).parts[0].startswith("_"), path
            assert "Private to community.catchpoint: no stability is promised to others." in path.read_text(
                encoding="utf-8"
            ), path


def test_the_collection_has_no_dependencies() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["dependencies"] == {}


# Documentation


def test_plugins_state_version_added_and_author(documented: dict[str, dict[str, Any]]) -> None:
    assert {name.partition(" ")[0] for name in documented} == set(KINDS)
    for name, plugin in documented.items():
        assert plugin["doc"]["version_added"], name
        assert plugin["doc"]["author"], name
        assert plugin["examples"].strip(), name
        assert plugin["return"], name
    role = yaml.safe_load((ROOT / "roles/performance_gate/meta/argument_specs.yml").read_text(encoding="utf-8"))
    assert role["argument_specs"]["main"]["version_added"]
    assert role["argument_specs"]["main"]["author"]


def test_modules_document_their_attributes(documented: dict[str, dict[str, Any]]) -> None:
    modules = {name: plugin["doc"]["attributes"] for name, plugin in documented.items() if name.startswith("module ")}
    for name, attributes in modules.items():
        assert {"action_group", "check_mode", "diff_mode", "idempotent"} <= set(attributes), name
        assert attributes["check_mode"]["support"] == "full"
        assert attributes["action_group"]["membership"] == ["community.catchpoint.catchpoint"]


def test_examples_use_full_names(documented: dict[str, dict[str, Any]]) -> None:
    named = {name: list(modules_of(yaml.safe_load(plugin["examples"]))) for name, plugin in documented.items()}
    assert all(named.values())
    for name, modules in named.items():
        assert [module for module in modules if module.count(".") < 2] == [], name


def test_markup_is_semantic(documented: dict[str, dict[str, Any]]) -> None:
    for name, plugin in documented.items():
        text = "\n".join(texts([plugin["doc"], plugin["return"]]))
        assert re.findall(r"\b[IB]\([^)]*\)", text) == [], name
        options = set(plugin["doc"].get("options", {}))
        assert {option for option in re.findall(r"\bC\((\w+)\)", text) if option in options} == set(), name


# The checklist itself


def test_files_in_the_checklist_exist() -> None:
    text = CHECKLIST.read_text(encoding="utf-8")
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", README, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _hash, anchor = target.partition("#")
        assert target.startswith("https://") or (CHECKLIST.parent / path).exists(), target
        assert path != "../README.md" or not anchor or anchor in headings, target
    named = re.findall(r"`((?:tests|plugins|demo|meta)/[\w./]+)`", text)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []
    sessions = re.search(r"^SESSIONS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert sessions is not None
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= {"demo", *sessions[1].split()}
