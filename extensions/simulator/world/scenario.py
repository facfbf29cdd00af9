# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Finds and loads scenario files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .fields import ScenarioError

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"


def load(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """Returns the scenario of a file, of a built-in name ("shop") or as given, and the folder of its files.

    With `"extends": "shop"` (or a file beside it) a scenario replaces only the members that it names; `switches`,
    `account`, `credentials` and `events` are merged.
    """
    if isinstance(source, Mapping):
        data, folder = dict(source), Path.cwd()
    else:
        path = _find(str(source), Path.cwd())
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ScenarioError(f"scenario {path}: {error}") from error
        if not isinstance(data, dict):
            raise ScenarioError(f"scenario {path}: the file must contain an object")
        folder = path.parent
    if "extends" not in data:
        return data, folder
    base, _folder = load(_find(str(data.pop("extends")), folder))
    for name in ("switches", "account", "credentials", "events"):
        if name in data and name in base:
            data[name] = {**base[name], **data[name]}
    return {**base, **data}, folder


def _find(name: str, folder: Path) -> Path:
    for path in (folder / name, SCENARIOS / name, SCENARIOS / f"{name}.json"):
        if path.is_file():
            return path
    raise ScenarioError(f"scenario {name!r} does not exist, neither in {folder} nor among the built-in ones")
