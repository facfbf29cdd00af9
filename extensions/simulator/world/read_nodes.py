# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Reads nodes and node groups of a scenario, and generates nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from . import enums
from .fields import Row, ScenarioError, ids
from .model import Instance, Node, NodeGroup, fraction
from .places import PLACES, PROVIDERS, Place

_NODE = (
    "id", "name", "city", "isp", "network_type", "ipv6", "active", "paused", "targeted", "for_synthetic",
    "for_instant", "ip_ranges", "instances",
)  # fmt: skip
_GROUP = ("id", "name", "nodes", "description", "network_type")


def nodes(scenario: Row, seed: str) -> Iterable[Node]:
    """The nodes that a scenario states, then the generated ones."""
    taken: set[int] = set()
    names: set[str] = set()
    for row in scenario.rows("nodes", _NODE):
        node = _node(row)
        if node.id in taken:
            raise ScenarioError(f"{row.where}: id {node.id} is defined twice")
        taken.add(node.id)
        names.add(node.name)
        yield node
    generated = scenario.row("generate_nodes", ("first_id", "count"))
    for number in range(generated.whole("count", 0)):
        node = _generated(seed, generated.whole("first_id", 1000) + number, number)
        if node.id in taken:
            continue
        while node.name in names:
            node = replace(node, name=f"{node.name} B")
        names.add(node.name)
        yield node


def place(row: Row) -> Place:
    """The place of the city that a row names."""
    return PLACES[row.choice("city", sorted(PLACES), "New York")]


def _node(row: Row) -> Node:
    identifier, ipv6, where = row.whole("id"), row.flag("ipv6"), place(row)
    isp = row.choice("isp", sorted(PROVIDERS), "Level3")
    return Node(
        id=identifier,
        name=row.text("name", f"{where.city}, {where.country_code} - {isp}{' IPv6' if ipv6 else ''}"),
        place=where,
        provider=PROVIDERS[isp],
        network_type=row.enum("network_type", enums.NETWORK_TYPES, 0),
        ipv6=ipv6,
        active=row.flag("active", True),
        paused=row.flag("paused"),
        targeted=row.flag("targeted", True),
        for_synthetic=row.flag("for_synthetic", True),
        for_instant=row.flag("for_instant", True),
        ip_ranges=row.text("ip_ranges", address(identifier, ipv6)),
        instances=tuple(_instances(row, identifier)),
    )


def _instances(row: Row, node_id: int) -> Iterable[Instance]:
    """The agents of a node; one if the scenario states none."""
    if not row.has("instances"):
        yield Instance(f"agent-{node_id}.example.net")
    for one in row.rows("instances", ("host_name", "ip", "active")):
        yield Instance(one.text("host_name"), one.text("ip", ""), one.flag("active", True))


def _generated(seed: str, identifier: int, number: int) -> Node:
    """Generated node `number`: spread over all cities, providers and network types."""
    cities, providers = list(PLACES), list(PROVIDERS)
    data = {
        "id": identifier,
        "city": cities[number % len(cities)],
        # Each round through the cities takes another provider, so that names are unique.
        "isp": providers[(number + number // len(cities)) % len(providers)],
        "network_type": (0, 0, 0, 1, 0, 2, 0, 5)[int(8 * fraction(seed, "network", identifier))],
        "ipv6": number % 9 == 4,
        "active": number % 17 != 16,
        "paused": number % 23 == 22,
        "targeted": number % 5 != 3,
        "for_instant": number % 4 != 1,
    }
    return _node(Row(data, f"generated node {identifier}"))


def address(number: int, ipv6: bool) -> str:
    """An address of the ranges that are reserved for documentation."""
    if ipv6:
        return f"2001:db8:{number:x}::/64"
    network = ("192.0.2", "198.51.100", "203.0.113")[number % 3]
    return f"{network}.{(number // 3) % 32 * 8}/29"


def node_groups(scenario: Row, known: Mapping[int, Node]) -> Iterable[NodeGroup]:
    for row in scenario.rows("node_groups", _GROUP):
        yield NodeGroup(
            row.whole("id"),
            row.text("name"),
            tuple(node_ids(row, "nodes", known)),
            row.text("description", ""),
            row.enum("network_type", enums.NETWORK_TYPES, 0),
        )


def node_ids(row: Row, name: str, known: Mapping[int, Node]) -> list[int]:
    """Ids of nodes that exist."""
    found = ids(row.data.get(name, []), row.at(name))
    unknown = [identifier for identifier in found if identifier not in known]
    if unknown:
        raise ScenarioError(f"{row.at(name)}: node {unknown[0]} does not exist")
    return found
