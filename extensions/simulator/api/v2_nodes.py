# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: nodes, their instances, and node groups."""

from __future__ import annotations

from ..service.messages import ApiError, Json, Request, Response
from ..service.simulator import Simulator
from ..world import enums
from ..world.model import Node, NodeGroup
from .v2_common import (
    Check,
    active_status,
    by_id,
    by_ids,
    envelope,
    equal,
    flag,
    matching,
    named,
    one_page,
    refuse_empty_list,
    whole,
    whole_list,
)

# -- nodes ---


def _public_node(node: Node) -> Json:
    return {
        "id": node.id,
        "name": node.name,
        "ipRanges": node.ip_ranges,
        "isIPv6": node.ipv6,
        "isTargeted": node.targeted,
        "availableForSyntheticTests": node.for_synthetic,
        "availableForInstantTests": node.for_instant,
        "latitude": node.place.latitude,
        "longitude": node.place.longitude,
        "status": active_status(node.active),
        "networkType": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "asn": {"id": node.provider.as_number, "name": node.provider.as_name},
        "city": {"id": node.place.city_id, "name": node.place.city},
        "country": {"id": node.place.country_id, "name": node.place.country},
    }


def _instances(sim: Simulator, node: Node) -> list[Json]:
    """The agents of an enterprise node."""
    return [
        {
            "id": node.id % 1000 + 7000 + 1000 * number,
            "hostName": one.host_name,
            "status": active_status(one.active and node.active),
            "operatingSystem": {"id": 2, "name": "Linux"},
            "macAddress": f"02-00-5E-1{number % 10}-{node.id // 256 % 256:02X}-{node.id % 256:02X}",
            "internalIpAddress": one.ip or f"10.20.{node.id // 250 % 250}.{(node.id + number) % 250}",
            "activationKey": None,
            "core": 4,
            "memory": 8192,
            "node": None,
        }
        for number, one in enumerate(node.instances)
    ]


def _enterprise_node(sim: Simulator, node: Node) -> Json:
    result = _bare_enterprise_node(node)
    instances = _instances(sim, node)
    if sim.switches["instance_node"] == "object":
        instances = [{**one, "node": _bare_enterprise_node(node)} for one in instances]
    return {**result, "instances": instances}


def _bare_enterprise_node(node: Node) -> Json:
    """An enterprise node without its instances."""
    place = node.place
    active = sum(one.active for one in node.instances) if node.active else 0
    return {
        "instances": None,
        "isPaused": node.paused,
        "country": {"id": place.country_id, "name": place.country},
        "state": {"id": place.region_id, "name": place.region},
        "continent": {"id": place.continent_id, "name": place.continent},
        # Text in nodes, numbers in nodes/all.
        "latitude": f"{place.latitude:.4f}",
        "longitude": f"{place.longitude:.4f}",
        "runRate": 212.5,
        "instanceCount": len(node.instances),
        "activeInstanceCount": active,
        "capacity": 600,
        "id": node.id,
        "name": node.name,
        "status": active_status(node.active),
        "networkType": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "osType": {"id": 2, "name": "Linux"},
        "size": 1,
        "isIPv6": node.ipv6,
        "nodeToNodeAddress": None,
        "internetServiceProvider": {"id": node.provider.id, "name": node.provider.name},
        "city": {"id": place.city_id, "name": place.city},
        "package": {"id": 31, "name": "Enterprise Large"},
        "utilizedInstances": active,
    }


def _node_checks(sim: Simulator, request: Request) -> list[Check[Node]]:
    """The filters that nodes and nodes/all share."""
    return [
        named(sim, request, "name", lambda node: node.name),
        named(sim, request, "city", lambda node: node.place.city),
        named(sim, request, "country", lambda node: node.place.country),
        equal(whole(request, "networkType"), lambda node: node.network_type),
        equal(flag(request, "paused"), lambda node: node.paused),
        equal(flag(request, "ipv6"), lambda node: node.ipv6),
    ]


def nodes_all(sim: Simulator, request: Request) -> Response:
    checks: list[Check[Node]] = [
        *_node_checks(sim, request),
        equal(flag(request, "targeted"), lambda node: node.targeted),
        equal(flag(request, "active"), lambda node: node.active),
        named(sim, request, "asn", lambda node: node.provider.as_name),
        equal(whole(request, "asNumber"), lambda node: node.provider.as_number),
    ]
    items = [_public_node(node) for node in matching(by_id(sim.world.nodes), checks)]
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "nodes", items))


def nodes(sim: Simulator, request: Request) -> Response:
    """Enterprise nodes alone; active ones unless a status is requested."""
    network, status = whole(request, "networkType"), whole(request, "statusId")
    if network not in (None, 3, 4):
        raise ApiError(400, "networkType must be 3 or 4.")
    active = status in (None, 0)
    found = matching(_enterprise_nodes(sim), [*_node_checks(sim, request), lambda node: node.active == active])
    items = [_enterprise_node(sim, node) for node in found]
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, whole_list("nodes", items))


def _enterprise_nodes(sim: Simulator) -> list[Node]:
    return [node for node in by_id(sim.world.nodes) if node.enterprise]


def nodes_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        node = sim.world.nodes.get(identifier)
        return _enterprise_node(sim, node) if node and node.enterprise else None

    return by_ids(sim, request, "nodes", "Node", text, known)


def instances(sim: Simulator, request: Request) -> Response:
    """GET instances: the agents of all enterprise nodes. The API document calls the list `instance`."""
    every = [
        {**instance, "node": _bare_enterprise_node(node)}
        for node in _enterprise_nodes(sim)
        for instance in _instances(sim, node)
    ]
    checks: list[Check[Json]] = [
        named(sim, request, "name", lambda one: str(one["hostName"])),
        equal(whole(request, "nodeId"), lambda one: one["node"]["id"]),
        equal(whole(request, "statusId"), lambda one: one["status"]["id"]),
    ]
    items = matching(every, checks)
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "instance", items))


def short_node(node: Node) -> Json:
    return {
        "id": node.id,
        "name": node.name,
        "networkType": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "status": active_status(node.active),
        "ipAddress": None,
    }


def _node_group(sim: Simulator, group: NodeGroup) -> Json:
    nodes = [sim.world.nodes[identifier] for identifier in group.node_ids]
    places: dict[int, list[Node]] = {}
    for node in nodes:
        places.setdefault(node.place.city_id, []).append(node)
    return {
        "id": group.id,
        "name": group.name,
        "changeDate": "2026-03-02T09:12:44.1Z",
        "description": group.description,
        "syntheticNetworkType": enums.pair(enums.NETWORK_TYPES, group.network_type),
        "divisionId": sim.world.division_id,
        "nodesCount": len(nodes),
        "nodes": [short_node(node) for node in nodes],
        "nodeLocations": [
            {
                "objectType": {"id": 111, "name": "City"},
                "nodesCount": len(found),
                "city": {"id": found[0].place.city_id, "name": found[0].place.city},
                "country": {"id": found[0].place.country_id, "name": found[0].place.country},
                "continent": {"id": found[0].place.continent_id, "name": found[0].place.continent},
            }
            for found in places.values()
        ],
    }


def node_groups(sim: Simulator, request: Request) -> Response:
    node_name = request.params.get("nodeName", "")
    node_id = whole(request, "nodeId")

    def has_node(group: NodeGroup) -> bool:
        names = [sim.world.nodes[identifier].name for identifier in group.node_ids]
        return not node_name or any(sim.matches(node_name, one) for one in names)

    checks: list[Check[NodeGroup]] = [
        named(sim, request, "name", lambda group: group.name),
        equal(whole(request, "networkType"), lambda group: group.network_type),
        None if node_id is None else lambda group: node_id in group.node_ids,
        has_node,
    ]
    items = [_node_group(sim, group) for group in matching(by_id(sim.world.node_groups), checks)]
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, whole_list("nodeGroups", items))


def node_groups_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        group = sim.world.node_groups.get(identifier)
        return _node_group(sim, group) if group else None

    return by_ids(sim, request, "nodeGroups", "NodeGroup", text, known)
