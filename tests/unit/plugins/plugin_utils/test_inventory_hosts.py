# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of the inventory plugin: requests, names and variables."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._errors import NotFoundError, OptionError
from ansible_collections.community.catchpoint.plugins.plugin_utils._inventory_hosts import (
    FILTERS,
    Host,
    hosts_of_agents,
    hosts_of_tests,
    with_unique_names,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v1_list, v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Talk,
    asks,
    page,
    refused,
)

TEST = {
    "id": 81093,
    "name": "Home page",
    "url": "https://Shop.example.com:8443/cart",
    "testType": {"id": 0, "name": "Web"},
    "status": {"id": 0, "name": "Active"},
    "productId": 5,
    "folderId": 7,
    "labels": [{"name": "team", "values": ["web"]}],
}
PRODUCTS = asks("/products", statusId=0, **page()).gets(v2_list("products", {"id": 5, "name": "Web shop"}))


def options(**given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(FILTERS), "source": "tests", "hostname": "name", "folder_names": False, **given}


def listed(*tests: Any) -> Any:
    return asks("/tests", statusId=0, **page()).gets(v2_list("tests", *tests))


def test_variables_of_a_test() -> None:
    folders = asks("/folders", **page()).gets(v2_list("folders", {"id": 7, "name": "Checkout"}))
    opened = Talk(v2, listed(TEST), PRODUCTS, folders)
    (host,) = hosts_of_tests(opened.client, options(folder_names=True))
    opened.session.check_is_over()
    assert host == Host(
        "Home page",
        81093,
        {
            "catchpoint_test_id": 81093,
            "catchpoint_name": "Home page",
            "catchpoint_url": "https://Shop.example.com:8443/cart",
            "catchpoint_type": "web",
            "catchpoint_status": "active",
            "catchpoint_labels": {"team": ["web"]},
            "catchpoint_product": "Web shop",
            "catchpoint_product_id": 5,
            "catchpoint_folder": "Checkout",
            "catchpoint_folder_id": 7,
        },
    )


@pytest.mark.parametrize(
    ("hostname", "members", "name"),
    [
        ("name", {}, "Home page"),
        ("id", {}, "81093"),
        ("url_host", {}, "shop.example.com"),
        ("url_host", {"url": "shop.example.com"}, "shop.example.com"),
        ("url_host", {"url": "dns.example.com:53/x"}, "dns.example.com"),
        ("url_host", {"url": None}, "Home page"),
        ("url_host", {"url": "http://[broken"}, "Home page"),
        ("url_host", {"url": None, "name": None}, "81093"),
        ("name", {"name": None}, "81093"),
    ],
)
def test_names(hostname: str, members: Any, name: str) -> None:
    opened = Talk(v2, listed({**TEST, **members}), PRODUCTS)
    assert hosts_of_tests(opened.client, options(hostname=hostname))[0].name == name


def test_inactive_products_are_listed_only_for_tests_that_are_in_one() -> None:
    inactive = asks("/products", statusId=1, **page()).gets(v2_list("products", {"id": 6, "name": "Old shop"}))
    opened = Talk(v2, listed(TEST, {**TEST, "id": 2, "productId": 6}), PRODUCTS, inactive)
    found = hosts_of_tests(opened.client, options())
    assert [host.variables["catchpoint_product"] for host in found] == ["Web shop", "Old shop"]


def test_v1_lists_no_products_of_tests() -> None:
    answer = v1_list({"id": 1, "name": "One", "type": {"id": 0, "name": "Web"}})
    opened = Talk(v1, asks("/tests", statusId=0, **page()).gets(answer))
    (host,) = hosts_of_tests(opened.client, options())
    assert (host.name, host.variables["catchpoint_product"]) == ("One", None)


def test_tests_of_the_inventory_are_not_looked_up_again() -> None:
    opened = Talk(v2, listed(TEST), PRODUCTS, asks("/tests/9").gets(refused(404, "Test id 9 was not found.")))
    hosts_of_tests(opened.client, options())
    opened.client.require_tests([81093])
    with pytest.raises(NotFoundError, match="does not know the test 9"):
        opened.client.require_tests([81093, 9])


INSTANCE = {"id": 7212, "hostName": "agent-1.example.net", "status": {"id": 0, "name": "Active"}}
NODES = v2_list(
    "nodes",
    {
        "id": 40212,
        "name": "Berlin Office",
        "instances": [
            {**INSTANCE, "internalIpAddress": "10.20.160.1", "operatingSystem": {"id": 2, "name": "Linux"}},
            {**INSTANCE, "id": 7213, "hostName": "agent-2.example.net", "status": {"id": 1, "name": "Inactive"}},
            {**INSTANCE, "id": 7214, "hostName": None, "internalIpAddress": "10.20.160.3"},
            {**INSTANCE, "id": 7215, "hostName": None},
        ],
    },
)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ["agent-1.example.net", "10.20.160.3", "7215"]),
        ({"status": "inactive"}, ["agent-2.example.net"]),
        ({"status": "all", "name": "AGENT"}, ["agent-1.example.net", "agent-2.example.net"]),
        ({"name": "berlin", "hostname": "id"}, ["7212", "7214", "7215"]),
    ],
)
def test_agents(given: Any, names: list[str]) -> None:
    opened = Talk(v2, asks("/nodes", statusId=0).gets(NODES))
    found = hosts_of_agents(opened.client, options(source="agents", **given))
    assert [host.name for host in found] == names


def test_variables_of_an_agent() -> None:
    opened = Talk(v2, asks("/nodes", statusId=0).gets(NODES))
    assert hosts_of_agents(opened.client, options(source="agents"))[0].variables == {
        "catchpoint_instance_id": 7212,
        "catchpoint_name": "agent-1.example.net",
        "catchpoint_status": "active",
        "catchpoint_ip": "10.20.160.1",
        "catchpoint_operating_system": "linux",
        "catchpoint_node_id": 40212,
        "catchpoint_node": "Berlin Office",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"labels": {"team": "web"}}, "labels cannot be used with source: agents, because only tests have it"),
        ({"labels": {}, "product": "x"}, "product and labels cannot be used with source: agents, .*have them"),
        ({"hostname": "url_host"}, "hostname: url_host cannot be used with source: agents"),
    ],
)
def test_test_options_are_refused_for_agents(given: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        hosts_of_agents(Talk(v2).client, options(source="agents", **given))


def test_unique_names() -> None:
    hosts = [Host("a", 1, {}), Host("b", 2, {}), Host("a", 3, {})]
    unique, doubled = with_unique_names(hosts)
    assert [host.name for host in unique] == ["a_1", "b", "a_3"]
    assert doubled == ["a"]


def test_a_name_that_looks_like_one_with_an_id_is_unique_too() -> None:
    """Ansible merges hosts of the same name, so that one of two tests would not be checked."""
    hosts = [Host("a", 1, {}), Host("a", 3, {}), Host("a_1", 9, {}), Host("a_1_9", 4, {})]
    unique, doubled = with_unique_names(hosts)
    assert [host.name for host in unique] == ["a_1", "a_3", "a_1_9", "a_1_9_4"]
    assert doubled == ["a", "a_1", "a_1_9"]
