# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: its files, its options, its examples; tests/integration runs it as Ansible does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.community.catchpoint.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.community.catchpoint.plugins.inventory import catchpoint
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.plugin_utils._inventory_hosts import FILTERS

OWN: dict[str, Any] = yaml.safe_load(catchpoint.DOCUMENTATION)["options"]
CONNECTION: dict[str, Any] = yaml.safe_load(ModuleDocFragment.INVENTORY)["options"]
EXAMPLES: list[dict[str, Any]] = list(yaml.safe_load_all(catchpoint.EXAMPLES))
# Options of Ansible's documentation fragments.
ANSIBLE = {"cache", "cache_connection", "cache_plugin", "compose", "groups", "keyed_groups"}


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("shop.catchpoint.yml", True),
        ("shop.catchpoint.yaml", True),
        ("catchpoint.yml", False),
        ("shop.yml", False),
        ("shop.catchpoint.json", False),
    ],
)
def test_verify_file(tmp_path: Path, name: str, valid: bool) -> None:
    path = tmp_path / name
    assert not catchpoint.InventoryModule().verify_file(str(path))
    path.touch()
    assert catchpoint.InventoryModule().verify_file(str(path)) is valid


def test_connection_options_equal_those_of_the_lookup_except_the_cache() -> None:
    names = {row[0] for row in TABLE if "cache" not in row[0]}
    assert set(CONNECTION) == names == set(catchpoint._CONNECTION)
    for name, option in CONNECTION.items():
        assert option["env"][0]["name"] == f"CATCHPOINT_{name.upper()}"
        assert option["ini"] == [{"section": "catchpoint", "key": name}]
        assert option["vars"] == [{"name": f"ansible_catchpoint_{name}"}]


def test_every_option_is_read() -> None:
    assert set(OWN) == {"plugin", *catchpoint._SELECTION}
    assert set(FILTERS) <= set(catchpoint._SELECTION)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_use_options_that_exist(example: dict[str, Any]) -> None:
    assert set(example) <= {*OWN, *CONNECTION, *ANSIBLE}
    for name, value in example.items():
        choices = OWN.get(name, {}).get("choices")
        assert not choices or value in choices
