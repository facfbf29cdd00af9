# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test ids of a play's hosts: which are queried together, in every form that hosts state them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.community.catchpoint.plugins.plugin_utils._host_tests import HostTests

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 and earlier trust what is in variables

    def trust_as_template(value: Any) -> Any:
        return value


Maker = Callable[..., HostTests]


@pytest.fixture
def fleet() -> Maker:
    """The test ids of a play, as host ``me`` sees them; a host's value may be omitted."""

    def make(
        hosts: dict[str, Any], batch: Any = None, me: str = "a", play: dict[str, Any] | None = None, **more: Any
    ) -> HostTests:
        loader = DataLoader()
        inventory = InventoryManager(loader=loader, sources=None)
        variables = VariableManager(loader=loader, inventory=inventory)
        for name, own in hosts.items():
            inventory.add_host(name, "all")
            for variable, value in (own if isinstance(own, dict) else {"test": own}).items():
                inventory.get_host(name).set_variable(variable, value)
        hostvars = HostVars(inventory=inventory, variable_manager=variables, loader=loader)
        given = {
            **variables.get_vars(host=inventory.get_host(me), include_hostvars=False),
            **(play or {}),
            "hostvars": hostvars,
            "ansible_play_hosts_all": list(hosts),
            "ansible_play_batch": list(hosts) if batch is None else batch,
            **more,
        }
        return HostTests("test", given, Templar(loader=loader, variables=given))

    return make


NONE: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (7, [7]),
        ("7", [7]),
        (" 7 ", [7]),
        ([7, "8"], [7, 8]),
        ([[7], []], [7]),
        ([], []),
        ("seven", []),
        ("", []),
        (None, []),
        (True, []),
        (7.5, []),
        (-7, []),
        ({"a": 7}, []),
        (trust_as_template("{{ 3 + 4 }}"), [7]),
        (trust_as_template("{{ [7, 8] }}"), [7, 8]),
        (trust_as_template("{{ inventory_hostname | length + 6 }}"), [7]),
        ([trust_as_template("{{ 3 + 4 }}"), 8], [7, 8]),
        (trust_as_template("{{ no_such_variable }}"), []),
        (trust_as_template("{{ 'x' | no_such_filter }}"), []),
        (trust_as_template("{{ broken"), []),
        (NONE, []),
    ],
)
def test_forms_of_a_hosts_test_ids(fleet: Maker, value: Any, ids: list[int]) -> None:
    assert list(fleet({"a": 1, "b": value, "c": 3}).batch()) == [1, *ids, 3]


def test_templates_see_their_own_hosts_variables(fleet: Maker) -> None:
    template = trust_as_template("{{ base + 1 }}")
    hosts = {"a": {"test": template, "base": 10}, "b": {"test": template, "base": 20}, "c": {"test": template}}
    assert list(fleet(hosts).batch()) == [11, 21]


def test_test_ids_from_a_play_variable(fleet: Maker) -> None:
    play = {"test": trust_as_template("{{ numbers[inventory_hostname] }}"), "numbers": {"a": 1, "c": 3}}
    assert list(fleet({"a": NONE, "b": NONE, "c": NONE}, play=play).batch()) == [1, 3]
    assert list(fleet({"a": NONE, "b": 5}, play={"test": 9}).batch()) == [9, 5]


def test_the_rest_begins_after_the_batch(fleet: Maker) -> None:
    one = fleet({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, batch=["c", "d"], me="c")
    assert list(one.batch()) == [3, 4]
    assert list(one.rest()) == [5, 1, 2]


def test_an_empty_batch(fleet: Maker) -> None:
    assert list(fleet({"a": 1}, batch=[]).batch()) == []
    assert list(fleet({"a": 1, "b": 2}, batch=[]).rest()) == [1, 2]


def test_without_a_play_there_are_no_other_tests() -> None:
    one = HostTests("test", {"test": 7}, Templar(loader=DataLoader(), variables={"test": 7}))
    assert one.includes([7])
    assert list(one.batch()) == []
    assert list(one.rest()) == []


def test_hosts_missing_in_the_inventory_are_skipped(fleet: Maker) -> None:
    assert list(fleet({"a": 1, "b": 2}, batch=["a", "ghost", "b"]).batch()) == [1, 2]


@pytest.mark.parametrize(
    ("ids", "included"), [([1], True), ([2], False), ([2, 1], True), ([], False), ([81093], False)]
)
def test_a_query_includes_the_fleet_only_for_the_hosts_own_test(fleet: Maker, ids: list[int], included: bool) -> None:
    assert fleet({"a": trust_as_template("{{ 0 + 1 }}"), "b": 2}).includes(ids) is included


def test_a_host_without_a_test_queries_only_its_ids(fleet: Maker) -> None:
    assert not fleet({"a": NONE, "b": 2}).includes([2])
    assert not fleet({"a": trust_as_template("{{ no_such_variable }}"), "b": 2}).includes([2])
