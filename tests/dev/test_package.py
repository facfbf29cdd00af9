# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection says about itself in several places is the same everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.community.catchpoint.plugins.module_utils import _version

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import pythons


def document(name: str) -> dict[str, Any]:
    found = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_version_that_requests_carry_is_the_released_one() -> None:
    assert document("galaxy.yml")["version"] == _version.VERSION


def test_the_changelog_lists_every_plugin_of_the_version() -> None:
    release = document("changelogs/changelog.yaml")["releases"][_version.VERSION]
    groups = {"modules": release.get("modules", []), **release.get("plugins", {}), **release.get("objects", {})}
    listed = {(kind, entry["name"]) for kind, entries in groups.items() for entry in entries}
    present = {
        (kind, path.stem)
        for kind in ("modules", "lookup", "filter", "test", "inventory", "callback")
        for path in (ROOT / "plugins" / kind).glob("[a-z]*.py")
    }
    present |= {("role", path.name) for path in (ROOT / "roles").glob("*")}
    assert listed == present, "make changelog brings it up to date"


def test_the_lowest_core_that_is_tested_is_the_lowest_that_is_allowed() -> None:
    assert document("meta/runtime.yml")["requires_ansible"] == f">={next(iter(pythons.CORES))}.0"


def test_galaxy_finds_the_collection_by_its_tags() -> None:
    tags = document("galaxy.yml")["tags"]
    assert "monitoring" in tags
    assert len(tags) <= 20
    assert all(tag == tag.lower() and tag.isalnum() for tag in tags)


def test_an_execution_environment_gets_what_the_collection_imports() -> None:
    builder = Path(sys.executable).with_name("ansible-builder")
    shown = subprocess.run([builder, "introspect", ROOT / "build" / "dev"], capture_output=True, text=True, check=True)
    wanted = [line.split()[0] for line in yaml.safe_load(shown.stdout)["python"]]
    assert sorted(wanted) == ["python-dateutil", "requests"]


def test_no_sanity_test_is_ignored() -> None:
    assert not list((ROOT / "tests" / "sanity").glob("ignore*"))
