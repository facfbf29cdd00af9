# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts that the collection states in several places are the same everywhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import jinja2
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import pythons


def document(name: str) -> dict[str, Any]:
    found = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_lowest_tested_core_is_the_lowest_allowed() -> None:
    assert document("meta/runtime.yml")["requires_ansible"] == f">={next(iter(pythons.CORES))}.0"


def test_ci_and_readme_name_the_tested_cores() -> None:
    matrix = document(".github/workflows/ci.yml")["jobs"]["matrix"]["strategy"]["matrix"]["include"]
    assert [entry["core"] for entry in matrix] == list(pythons.CORES)
    for entry in matrix:
        low, high = pythons.CORES[entry["core"]]
        assert low <= int(entry["python"].removeprefix("3.")) <= high
    listed = re.search(r"ansible-core (2[0-9., and]+)\.", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert listed is not None
    assert re.findall(r"[0-9.]+[0-9]", listed[1]) == [core for core in pythons.CORES if core != pythons.UPCOMING]


def test_plugins_document_their_libraries() -> None:
    needed = [
        line
        for line in (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#") and line
    ]
    assert [line.replace(" >= ", "==") for line in needed] == pythons.oldest_libraries(ROOT)
    fragment = (ROOT / "plugins" / "doc_fragments" / "connection.py").read_text(encoding="utf-8")
    blocks = re.findall(r"^requirements:\n((?:  - .*\n)+)", fragment, re.M)
    named = [sorted(line.partition(" (")[0] for line in re.findall("  - (.*)", text)) for text in blocks]
    assert len(named) > 1
    assert all(one == sorted(needed) for one in named)


def test_galaxy_finds_the_collection_by_its_tags() -> None:
    tags = document("galaxy.yml")["tags"]
    assert "monitoring" in tags
    assert len(tags) <= 20
    assert all(tag == tag.lower() and tag.isalnum() for tag in tags)


def test_sanity_has_no_ignore_entries() -> None:
    assert not list((ROOT / "tests" / "sanity").glob("ignore*"))


def test_actions_of_ci_are_pinned_by_commit() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    actions = re.findall(r"uses: (\S+)", text)
    assert actions
    assert [action for action in actions if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)] == []


def test_the_readme_says_how_old_libraries_may_be_used() -> None:
    """The oldest supported versions have known vulnerabilities, which distributions fix in them."""
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    floors = re.findall(r">= *([0-9.]+)", (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8"))
    assert floors
    listed = text.partition("`meta/ee-requirements.txt` accepts: ")[2].partition("- ")[0]
    assert set(floors) <= set(re.findall(r"[0-9.]+[0-9]", listed))
    assert "as a distribution ships them, with security fixes" in listed


def test_a_host_name_with_a_slash_gives_one_report_file() -> None:
    environment = jinja2.Environment(autoescape=True)
    environment.filters["regex_replace"] = lambda text, pattern, new: re.sub(pattern, new, text)
    template = document("roles/performance_gate/vars/main/main.yml")["__performance_gate_report_file"]
    variables = {"performance_gate_report_dir": "/reports", "__performance_gate_hosts": ["web/1", "web2"]}
    assert environment.from_string(template).render(variables).strip() == "/reports/performance-gate-web_1"
