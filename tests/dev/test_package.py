# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection says about itself in several places is the same everywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import pythons


def document(name: str) -> dict[str, Any]:
    found = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_lowest_core_that_is_tested_is_the_lowest_that_is_allowed() -> None:
    assert document("meta/runtime.yml")["requires_ansible"] == f">={next(iter(pythons.CORES))}.0"


def test_galaxy_finds_the_collection_by_its_tags() -> None:
    tags = document("galaxy.yml")["tags"]
    assert "monitoring" in tags
    assert len(tags) <= 20
    assert all(tag == tag.lower() and tag.isalnum() for tag in tags)


def test_no_sanity_test_is_ignored() -> None:
    assert not list((ROOT / "tests" / "sanity").glob("ignore*"))
