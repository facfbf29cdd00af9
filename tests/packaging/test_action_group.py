# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""meta/runtime.yml names every module for module_defaults of the group, and binds the action plugin of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")


def runtime() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def test_every_module_is_bound_to_its_action_plugin() -> None:
    """The action plugins have other names than the modules, or ansible-lint could not check a module's arguments."""
    bound = {name: entry["action_plugin"] for name, entry in runtime()["plugin_routing"]["modules"].items()}
    assert bound == {name: f"community.catchpoint._{name}" for name in MODULES}
    plugins = sorted(path.stem for path in (ROOT / "plugins" / "action").glob("_catchpoint_*"))
    assert plugins == [f"_{name}" for name in MODULES]


def test_the_group_contains_exactly_the_modules() -> None:
    assert MODULES
    assert runtime()["action_groups"] == {"catchpoint": MODULES}
