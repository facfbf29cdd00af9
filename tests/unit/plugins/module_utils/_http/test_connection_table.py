# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of connection options, argument specs and both halves of the documentation agree."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.community.catchpoint.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import CONNECTION_OPTIONS, Option
from ansible_collections.community.catchpoint.plugins.module_utils._module import argument_spec
from ansible_collections.community.catchpoint.plugins.module_utils._operations import tests_data

NAMES = [option.name for option in CONNECTION_OPTIONS]
FOR_MODULES = yaml.safe_load(Connection.DOCUMENTATION)["options"]
FOR_PLUGINS = yaml.safe_load(Connection.PLUGINS)["options"]


def test_every_option_is_documented_in_the_tables_order() -> None:
    assert list(FOR_MODULES) == NAMES
    assert list(FOR_PLUGINS) == NAMES


@pytest.mark.parametrize("option", CONNECTION_OPTIONS, ids=NAMES)
def test_modules(option: Option) -> None:
    documented = FOR_MODULES[option.name]
    assert documented["type"] == option.type
    assert documented.get("default") == option.default
    assert set(documented) <= {"description", "type", "default"}


@pytest.mark.parametrize("option", CONNECTION_OPTIONS, ids=NAMES)
def test_plugins(option: Option) -> None:
    documented = FOR_PLUGINS[option.name]
    assert documented["type"] == option.type
    assert documented.get("default") == option.default
    assert documented["env"] == [{"name": option.env}]
    assert documented["ini"] == [{"section": "catchpoint", "key": option.name}]
    assert documented["vars"] == [{"name": option.variable}]
    assert documented["description"] == FOR_MODULES[option.name]["description"]


@pytest.mark.parametrize("option", CONNECTION_OPTIONS, ids=NAMES)
def test_argument_spec(option: Option) -> None:
    spec = argument_spec(tests_data.OPERATION)[option.name]
    assert spec["type"] == option.type
    assert spec.get("default") == option.default
    assert spec.get("no_log", False) is option.secret
    assert spec["fallback"][1] == [option.env]
