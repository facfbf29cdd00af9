# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: nodes, tests, products, folders, labels, divisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from ..server.messages import ApiError, Request, Response
from ..world import enums, metrics, times
from ..world.scenario import Folder, Node, NodeGroup, Product, Test
from . import analytics
from .v1 import frequency
from .v2_common import (
    Json,
    by_ids,
    csv_of,
    envelope,
    flag,
    metric_name,
    one_page,
    refuse_nothing,
    whole,
    whole_list,
)

if TYPE_CHECKING:
    from ..simulator import Simulator


# -- nodes ---


def _status(active: bool) -> Json:
    return enums.pair(enums.STATUS, 0 if active else 1)


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
        "status": _status(node.active),
        "networkType": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "asn": {"id": node.provider.as_number, "name": node.provider.as_name},
        "city": {"id": node.place.city_id, "name": node.place.city},
        "country": {"id": node.place.country_id, "name": node.place.country},
    }


def _enterprise_node(node: Node) -> Json:
    place = node.place
    return {
        "instances": [
            {
                "id": node.id % 1000 + 7000,
                "hostName": f"agent-{node.id}.example.net",
                "status": _status(node.active),
                "operatingSystem": {"id": 2, "name": "Linux"},
                "macAddress": f"02-00-5E-10-{node.id // 256 % 256:02X}-{node.id % 256:02X}",
                "internalIpAddress": f"10.20.{node.id // 250 % 250}.{node.id % 250}",
                "activationKey": None,
                "core": 4,
                "memory": 8192,
                "node": None,
            }
        ],
        "isPaused": node.paused,
        "country": {"id": place.country_id, "name": place.country},
        "state": {"id": place.region_id, "name": place.region},
        "continent": {"id": place.continent_id, "name": place.continent},
        # Text here, numbers in nodes/all.
        "latitude": f"{place.latitude:.4f}",
        "longitude": f"{place.longitude:.4f}",
        "runRate": 212.5,
        "instanceCount": 1,
        "activeInstanceCount": 1 if node.active else 0,
        "capacity": 600,
        "id": node.id,
        "name": node.name,
        "status": _status(node.active),
        "networkType": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "osType": {"id": 2, "name": "Linux"},
        "size": 1,
        "isIPv6": node.ipv6,
        "nodeToNodeAddress": None,
        "internetServiceProvider": {"id": node.provider.id, "name": node.provider.name},
        "city": {"id": place.city_id, "name": place.city},
        "package": {"id": 31, "name": "Enterprise Large"},
        "utilizedInstances": 1 if node.active else 0,
    }


def _filtered_nodes(sim: Simulator, request: Request, nodes: Iterable[Node]) -> list[Node]:
    params = request.params
    network, paused, ipv6 = whole(request, "networkType"), flag(request, "paused"), flag(request, "ipv6")
    return [
        node
        for node in sorted(nodes, key=lambda one: one.id)
        if (not params.get("name") or sim.matches(params["name"], node.name))
        and (not params.get("city") or sim.matches(params["city"], node.place.city))
        and (not params.get("country") or sim.matches(params["country"], node.place.country))
        and (network is None or node.network_type == network)
        and (paused is None or node.paused == paused)
        and (ipv6 is None or node.ipv6 == ipv6)
    ]


def nodes_all(sim: Simulator, request: Request) -> Response:
    targeted, active = flag(request, "targeted"), flag(request, "active")
    as_name, as_number = request.params.get("asn"), whole(request, "asNumber")
    items = [
        _public_node(node)
        for node in _filtered_nodes(sim, request, sim.world.nodes.values())
        if (targeted is None or node.targeted == targeted)
        and (active is None or node.active == active)
        and (not as_name or sim.matches(as_name, node.provider.as_name))
        and (as_number is None or node.provider.as_number == as_number)
    ]
    refuse_nothing(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "nodes", items))


def nodes(sim: Simulator, request: Request) -> Response:
    """Enterprise nodes alone; active ones unless a status is asked for."""
    network, status = whole(request, "networkType"), whole(request, "statusId")
    if network not in (None, 3, 4):
        raise ApiError(400, "networkType must be 3 or 4.")
    wanted = status == 0 if status is not None else True
    nodes = (node for node in sim.world.nodes.values() if node.enterprise and node.active == wanted)
    items = [_enterprise_node(node) for node in _filtered_nodes(sim, request, nodes)]
    refuse_nothing(sim, request, items)
    return envelope(sim, request, whole_list("nodes", items))


def nodes_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        node = sim.world.nodes.get(identifier)
        return _enterprise_node(node) if node and node.enterprise else None

    return by_ids(sim, request, "nodes", "Node", text, known)


def _short_node(node: Node) -> Json:
    return {
        "id": node.id,
        "name": node.name,
        "networkType": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "status": _status(node.active),
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
        "nodes": [_short_node(node) for node in nodes],
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
    name, network = request.params.get("name"), whole(request, "networkType")
    node_id, node_name = whole(request, "nodeId"), request.params.get("nodeName")
    items = []
    for group in sorted(sim.world.node_groups.values(), key=lambda one: one.id):
        names = [sim.world.nodes[identifier].name for identifier in group.node_ids]
        if (
            (not name or sim.matches(name, group.name))
            and (network is None or group.network_type == network)
            and (node_id is None or node_id in group.node_ids)
            and (not node_name or any(sim.matches(node_name, one) for one in names))
        ):
            items.append(_node_group(sim, group))
    refuse_nothing(sim, request, items)
    return envelope(sim, request, whole_list("nodeGroups", items))


def node_groups_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        group = sim.world.node_groups.get(identifier)
        return _node_group(sim, group) if group else None

    return by_ids(sim, request, "nodeGroups", "NodeGroup", text, known)


# -- tests ---


def labels_of(sim: Simulator, test: Test) -> list[Json]:
    return [
        {"id": label.id, "name": label.name, "color": label.color, "values": list(test.labels[label.name])}
        for label in sim.world.labels.values()
        if label.name in test.labels
    ]


def _short_test(sim: Simulator, test: Test) -> Json:
    return {
        "id": test.id,
        "divisionId": sim.world.division_id,
        "productId": test.product_id or 1,
        "folderId": test.folder_id,
        "name": test.name,
        "description": test.description,
        "url": test.url,
        "alertsPaused": test.alerts_paused,
        "changeDate": times.iso(test.changed),
        "startTime": times.iso(test.start),
        "endTime": None,
        "status": enums.pair(enums.STATUS, test.status),
        "monitor": enums.pair(enums.MONITORS, test.monitor),
        "testType": enums.pair(enums.TEST_TYPES, test.type),
        "labels": labels_of(sim, test),
    }


def _inherit(name: str) -> Json:
    return {name: enums.pair(enums.SETTINGS, 0)}


def _schedule(sim: Simulator, test: Test) -> Json:
    identifier, name = frequency(test)
    nodes = [sim.world.nodes[one] for one in test.node_ids]
    distribution = {"random": 0, "concurrent": 1, "even": 2}[test.distribution]
    return {
        "scheduleSettingType": enums.pair(enums.SETTINGS, 1),
        "frequency": {"id": identifier, "name": name},
        "roundRobinAmount": test.nodes_per_run or None,
        "testNodeDistribution": enums.pair(enums.NODE_DISTRIBUTIONS, distribution),
        "networkType": enums.pair(enums.NETWORK_TYPES, nodes[0].network_type if nodes else 0),
        "nodes": [_short_node(node) for node in nodes],
        "nodeGroups": [],
    }


# Member of a test, the include flag that adds it to a list, and how it looks.
_SECTIONS: tuple[tuple[str, str, Callable[[Simulator, Test], Json]], ...] = (
    ("requestSettings", "includeRequest", lambda sim, test: _inherit("requestSettingType")),
    ("scheduleSettings", "includeTargeting", _schedule),
    ("advancedSettings", "includeAdvanceSettings", lambda sim, test: _inherit("advancedSettingType")),
    ("insightData", "includeInsight", lambda sim, test: _inherit("insightSettingType")),
    ("alertGroup", "includeAlerts", lambda sim, test: _inherit("alertSettingType")),
)


def long_test(sim: Simulator, test: Test) -> Json:
    result = _short_test(sim, test)
    for member, _flag_name, make in _SECTIONS:
        result[member] = make(sim, test)
    result.update(
        {
            "monitorWithVersion": enums.MONITORS[test.monitor],
            "enableTestDataWebhook": False,
            "alertsPauseExpiration": None,
            "requestHttpMethod": enums.pair(enums.WIN_HTTP_METHODS, 0),
        }
    )
    return result


def tests(sim: Simulator, request: Request) -> Response:
    params = request.params
    products, folders = csv_of(sim, request, "productIds"), csv_of(sim, request, "parentFolderIds")
    types, monitors = csv_of(sim, request, "typeIds"), csv_of(sim, request, "monitorIds")
    keys, values = csv_of(sim, request, "labelKeyIds"), csv_of(sim, request, "labelValueIds")
    status, paused = whole(request, "statusId"), flag(request, "alertsPaused")
    longest = whole(request, "maximumFrequencyMinutes")
    if status is None and sim.switches["tests_default_status"] == "active":
        status = 0
    sections = [(member, make) for member, include, make in _SECTIONS if flag(request, include)]
    items = []
    for test in sorted(sim.world.tests.values(), key=lambda one: one.id):
        if (
            (products is None or test.product_id in products)
            and (folders is None or test.folder_id in folders)
            and (types is None or test.type in types)
            and (monitors is None or test.monitor in monitors)
            and (status is None or test.status == status)
            and (paused is None or test.alerts_paused == paused)
            and (longest is None or test.frequency <= longest * 60)
            and (not params.get("name") or sim.matches(params["name"], test.name))
            and (not params.get("url") or (test.type == 0 and test.url == params["url"]))
            and (keys is None or _has_label(sim, test, keys))
            and (values is None or _has_label_value(sim, test, values))
        ):
            items.append(test)
    refuse_nothing(sim, request, items)
    page = one_page(sim, request, "tests", items)
    page["tests"] = [
        {**_short_test(sim, test), **{member: make(sim, test) for member, make in sections}} for test in page["tests"]
    ]
    return envelope(sim, request, page)


def _has_label(sim: Simulator, test: Test, keys: Iterable[int]) -> bool:
    return any(key in sim.world.labels and sim.world.labels[key].name in test.labels for key in keys)


def _has_label_value(sim: Simulator, test: Test, wanted: Iterable[int]) -> bool:
    return any(
        identifier in wanted and name in test.labels.get(label.name, ())
        for label in sim.world.labels.values()
        for identifier, name in label.values
    )


def tests_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        test = Test(id=0, name="") if identifier == 0 else sim.world.tests.get(identifier)
        return long_test(sim, test) if test else None

    return by_ids(sim, request, "tests", "Test", text, known)


def _sections(request: Request, tables: Mapping[str, Mapping[int, str]]) -> Json:
    """Enumerations by flag; no flag means all."""
    chosen = [name for name in tables if flag(request, name)] or list(tables)
    return whole_list(
        "sections",
        [
            {
                "section": name[0].upper() + name[1:],
                "enumeration": [{"id": key, "name": value} for key, value in tables[name].items()],
            }
            for name in chosen
        ],
    )


def tests_enumeration(sim: Simulator, request: Request) -> Response:
    tables: dict[str, Mapping[int, str]] = {
        "displayTestType": enums.TEST_TYPES,
        "analyticsMetric": {key: metric_name(sim, metric) for key, metric in sorted(metrics.BY_V2_ID.items())},
        "domainStatus": enums.STATUS,
        "displayMonitorType": enums.MONITORS,
        "winHttpMethod": enums.WIN_HTTP_METHODS,
        "settingsType": enums.SETTINGS,
        "nodeThresholdType": enums.NODE_THRESHOLDS,
        "breakdownDimension": {one.v2_id: one.name for one in analytics.DIMENSIONS},
        "alertTriggerType": enums.ALERT_TRIGGERS,
        "operatorType": enums.OPERATORS,
        "testReportMetricDataType": enums.STATISTICS,
        "alertTimeThresholdInterval": enums.ALERT_INTERVALS,
        "reportAlertType": enums.ALERT_TYPES,
        "reportAlertSubtype": enums.ALERT_SUBTYPES,
        "displayTestFrequency": {key: name for key, (name, _seconds) in enums.FREQUENCIES.items()},
        "nodeDistribution": enums.NODE_DISTRIBUTIONS,
        "syntheticNetworkType": enums.NETWORK_TYPES,
    }
    return envelope(sim, request, _sections(request, tables))


# -- products, folders, labels, divisions, identity ---


def product_model(sim: Simulator, product: Product) -> Json:
    return {
        "id": product.id,
        "divisionId": sim.world.division_id,
        "name": product.name,
        "status": enums.pair(enums.STATUS, product.status),
        "alertGroupId": 4300,
        "testDataWebhookId": None,
    }


def products(sim: Simulator, request: Request) -> Response:
    status, name = whole(request, "statusId"), request.params.get("name")
    wanted = 0 if status is None else status
    items = [
        product_model(sim, one)
        for one in sorted(sim.world.products.values(), key=lambda one: one.id)
        if one.status == wanted and (not name or sim.matches(name, one.name))
    ]
    refuse_nothing(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "products", items))


def products_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        one = sim.world.products.get(identifier)
        return product_model(sim, one) if one else None

    return by_ids(sim, request, "products", "Product", text, known)


def folder_model(sim: Simulator, folder: Folder) -> Json:
    return {
        "id": folder.id,
        "parentId": folder.parent_id,
        "divisionId": sim.world.division_id,
        "productId": folder.product_id,
        "name": folder.name,
        "testFolderTypeId": {"id": 1, "name": "Synthetic"},
        "alertGroupId": None,
    }


def folders(sim: Simulator, request: Request) -> Response:
    products, parents = csv_of(sim, request, "productIds"), csv_of(sim, request, "parentFolderIds")
    name = request.params.get("name")
    items = [
        folder_model(sim, one)
        for one in sorted(sim.world.folders.values(), key=lambda one: one.id)
        if (products is None or one.product_id in products)
        and (parents is None or one.parent_id in parents)
        and (not name or sim.matches(name, one.name))
    ]
    refuse_nothing(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "folders", items))


def folders_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        one = sim.world.folders.get(identifier)
        return folder_model(sim, one) if one else None

    return by_ids(sim, request, "folders", "Folder", text, known)


def _label(sim: Simulator, identifier: int) -> Json:
    label = sim.world.labels[identifier]
    return {
        "id": label.id,
        "name": label.name,
        "divisionId": sim.world.division_id,
        "color": label.color,
        "labelValues": [
            {
                "id": value_id,
                "name": name,
                "labelKeyId": label.id,
                "associatedObjects": [
                    {"objectType": {"id": 32, "name": "Test"}, "objectId": test.id}
                    for test in sim.world.tests.values()
                    if name in test.labels.get(label.name, ())
                ],
            }
            for value_id, name in label.values
        ],
    }


def labels(sim: Simulator, request: Request) -> Response:
    name, value = request.params.get("name"), request.params.get("values")
    items = [
        _label(sim, label.id)
        for label in sorted(sim.world.labels.values(), key=lambda one: one.id)
        if (not name or sim.matches(name, label.name))
        and (not value or any(sim.matches(value, text) for _value_id, text in label.values))
    ]
    return envelope(sim, request, one_page(sim, request, "labels", items))


def labels_by_id(sim: Simulator, request: Request, text: str) -> Response:
    return by_ids(
        sim, request, "labels", "Label", text, lambda one: _label(sim, one) if one in sim.world.labels else None
    )


def divisions(sim: Simulator, request: Request) -> Response:
    identifier, status = whole(request, "divisionId"), whole(request, "divisionStatus")
    shown = identifier in (None, sim.world.division_id) and status in (None, 0)
    division = {"id": sim.world.division_id, "name": sim.world.division_name, "statusType": _status(True)}
    return envelope(sim, request, whole_list("divisions", [division] if shown else []))


def identity(sim: Simulator, request: Request) -> Response:
    """The one answer of v2 in snake_case."""
    return envelope(sim, request, {"contact_id": 5120, "contact_email": "oncall@example.com", "user_id": 6033})
