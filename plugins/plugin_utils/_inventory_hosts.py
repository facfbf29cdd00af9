# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of the inventory plugin: which there are, how they are named, and their variables.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional
from urllib.parse import urlsplit

from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import (
    STATUSES,
    FolderFilter,
    Instance,
    ProductFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_info import OPERATION

# The options that select tests.
FILTERS = ("test_ids", "name", "url", "status", "type", "product", "folder", "labels")


class Host(NamedTuple):
    """A host and its variables; ``id`` is of the test or instance and makes its name unique if necessary."""

    name: str
    id: int
    variables: dict[str, Any]


def hosts_of_tests(client: Client, options: Mapping[str, Any]) -> list[Host]:
    """A host for each test that matches the options. Raises CatchpointError."""
    tests = OPERATION.run(client, options)["tests"]
    client.remember_tests([test["id"] for test in tests])
    products = _product_names(client, {test["product_id"] for test in tests} - {None})
    folders = _folder_names(client) if options["folder_names"] and any(test["folder_id"] for test in tests) else {}
    return [
        Host(
            _name_of_test(test, options["hostname"]),
            test["id"],
            {
                "catchpoint_test_id": test["id"],
                "catchpoint_name": test["name"],
                "catchpoint_url": test["url"],
                "catchpoint_type": test["type"],
                "catchpoint_status": test["status"],
                "catchpoint_labels": test["labels"],
                "catchpoint_product": products.get(test["product_id"]),
                "catchpoint_product_id": test["product_id"],
                "catchpoint_folder": folders.get(test["folder_id"]),
                "catchpoint_folder_id": test["folder_id"],
            },
        )
        for test in tests
    ]


def _name_of_test(test: Mapping[str, Any], hostname: str) -> str:
    """The name of a test's host; a test without a URL or name goes by its name or id."""
    if hostname == "url_host":
        url = str(test["url"] or "")
        try:
            host = urlsplit(url if "//" in url else f"//{url}").hostname
        except ValueError:
            host = None
        if host:
            return host
    return str(test["id"]) if hostname == "id" or not test["name"] else str(test["name"])


def _product_names(client: Client, ids: set[int]) -> dict[Optional[int], Optional[str]]:
    """The names of these products. Inactive products are listed only if a test is in one."""
    names: dict[Optional[int], Optional[str]] = {}
    for status in STATUSES:
        if not ids <= names.keys():
            names.update((one.id, one.name) for one in client.catalog.products(ProductFilter(status=status)))
    return names


def _folder_names(client: Client) -> dict[Optional[int], Optional[str]]:
    return {one.id: one.name for one in client.catalog.folders(FolderFilter())}


def hosts_of_agents(client: Client, options: Mapping[str, Any]) -> list[Host]:
    """A host for each instance of the active enterprise nodes. Raises CatchpointError."""
    given = [name for name in FILTERS if name not in ("name", "status") and options[name] is not None]
    if given:
        raise OptionError(
            f"{' and '.join(given)} cannot be used with source: agents, because only tests have "
            f"{'them' if len(given) > 1 else 'it'}. Remove {'them' if len(given) > 1 else 'it'}, or use source: tests."
        )
    if options["hostname"] == "url_host":
        raise OptionError("hostname: url_host cannot be used with source: agents. Use hostname: name or hostname: id.")
    return [
        Host(
            str(one.id) if options["hostname"] == "id" else one.host_name or one.ip or str(one.id),
            one.id,
            {
                "catchpoint_instance_id": one.id,
                "catchpoint_name": one.host_name,
                "catchpoint_status": one.status,
                "catchpoint_ip": one.ip,
                "catchpoint_operating_system": one.operating_system,
                "catchpoint_node_id": one.node_id,
                "catchpoint_node": one.node,
            },
        )
        for one in client.catalog.instances()
        if _instance_matches(one, options)
    ]


def _instance_matches(instance: Instance, options: Mapping[str, Any]) -> bool:
    status, part = options["status"] or "active", str(options["name"] or "").lower()
    return status in ("all", instance.status) and part in f"{instance.host_name}\n{instance.node}".lower()


def with_unique_names(hosts: Sequence[Host]) -> tuple[list[Host], list[str]]:
    """The hosts with their ids added to names that several have, and those names."""
    doubled: dict[str, None] = {}
    while True:
        unique = [one._replace(name=f"{one.name}_{one.id}") if one.name in doubled else one for one in hosts]
        counts = Counter(one.name for one in unique)
        # Another host may have a name that ends in the same way.
        more = [before.name for before, after in zip(hosts, unique) if counts[after.name] > 1]
        more = [name for name in more if name not in doubled]
        if not more:
            return unique, list(doubled)
        doubled.update(dict.fromkeys(more))
