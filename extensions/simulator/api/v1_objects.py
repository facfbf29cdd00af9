# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v1: nodes, products, folders, tests and alerts."""

from __future__ import annotations

from collections.abc import Callable

from ..service.messages import Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import enums, times
from ..world.model import Alert, Node, Test
from .v1_common import DAY, empty, flag, ids, missing, page, requested_page, window


def _node(sim: Simulator, node: Node) -> Json:
    place = node.place
    return {
        "id": node.id,
        "name": node.name,
        "status": enums.pair(enums.STATUS, 0 if node.active else 1),
        "network_type": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "ip_ranges": node.ip_ranges,
        "isp": {"id": node.provider.id, "name": node.provider.name},
        "asn": {"value": f"AS{node.provider.as_number}", "name": node.provider.as_name},
        "city": {"id": place.city_id, "name": place.city},
        "region": {"id": place.region_id, "name": place.region},
        "country": {"id": place.country_id, "name": place.country},
        "continent": {"id": place.continent_id, "name": place.continent},
        "targeted": str(node.targeted) if sim.switches["v1_targeted"] == "text" else node.targeted,
        "coordinates": {"latitude": place.latitude, "longitude": place.longitude},
    }


def nodes(sim: Simulator, request: Request) -> Response:
    targeted = flag(request, "targeted")
    items = [
        _node(sim, node)
        for node in sorted(sim.world.nodes.values(), key=lambda one: one.id)
        if targeted is None or node.targeted == targeted
    ]
    return page(sim, request, items, sim.switches.on("v1_nodes_paged"))


def one_node(sim: Simulator, _request: Request, identifier: int) -> Response:
    node = sim.world.nodes.get(identifier)
    return json_response(_node(sim, node)) if node else missing(sim, "Node", identifier)


def _group(sim: Simulator, identifier: int) -> Json:
    group = sim.world.node_groups[identifier]
    nodes = [sim.world.nodes[one] for one in group.node_ids]
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "network_type": enums.pair(enums.NETWORK_TYPES, group.network_type),
        "nodes": [{"id": node.id, "name": node.name} for node in nodes],
    }


def node_groups(sim: Simulator, request: Request) -> Response:
    return page(sim, request, [_group(sim, one) for one in sorted(sim.world.node_groups)])


def one_node_group(sim: Simulator, _request: Request, identifier: int) -> Response:
    known = identifier in sim.world.node_groups
    return json_response(_group(sim, identifier)) if known else missing(sim, "Node group", identifier)


def divisions(sim: Simulator, request: Request) -> Response:
    return page(sim, request, [{"id": sim.world.division_id, "name": sim.world.division_name}])


def _product(sim: Simulator, identifier: int) -> Json:
    product = sim.world.products[identifier]
    return {
        "id": product.id,
        "division_id": sim.world.division_id,
        "name": product.name,
        "status": enums.pair(enums.STATUS, product.status),
    }


def products(sim: Simulator, request: Request) -> Response:
    status, name = request.params.get("statusId", ""), request.params.get("name", "")
    items = [
        _product(sim, product.id)
        for product in sorted(sim.world.products.values(), key=lambda one: one.id)
        if (not status or str(product.status) == status) and (not name or sim.matches(name, product.name))
    ]
    return page(sim, request, items)


def one_product(sim: Simulator, _request: Request, identifier: int) -> Response:
    known = identifier in sim.world.products
    return json_response(_product(sim, identifier)) if known else missing(sim, "Product", identifier)


def _folder(sim: Simulator, identifier: int) -> Json:
    folder = sim.world.folders[identifier]
    return {
        "id": folder.id,
        "division_id": sim.world.division_id,
        "product_id": folder.product_id,
        "parent_folder_id": folder.parent_id,
        "name": folder.name,
    }


def folders(sim: Simulator, request: Request) -> Response:
    params = request.params
    items = [
        _folder(sim, folder.id)
        for folder in sorted(sim.world.folders.values(), key=lambda one: one.id)
        if (not params.get("productId") or str(folder.product_id) == params["productId"])
        and (not params.get("parentFolderId") or str(folder.parent_id) == params["parentFolderId"])
        and (not params.get("name") or sim.matches(params["name"], folder.name))
    ]
    return page(sim, request, items)


def one_folder(sim: Simulator, _request: Request, identifier: int) -> Response:
    known = identifier in sim.world.folders
    return json_response(_folder(sim, identifier)) if known else missing(sim, "Folder", identifier)


def _short_test(sim: Simulator, test: Test) -> Json:
    result = {
        "id": test.id,
        "name": test.name,
        "type": enums.pair(enums.V1_TEST_TYPES, test.type),
        "monitors": [enums.pair(enums.MONITORS, test.monitor)],
    }
    return {**result, "product_id": test.product_id} if sim.switches.on("v1_product_id") else result


def _american(moment: float) -> str:
    """`01/31/2026 09:00:00 AM`, as v1 writes a test's dates."""
    text = times.iso(moment, 0)
    hour = int(text[11:13])
    half = "AM" if hour < 12 else "PM"
    return f"{text[5:7]}/{text[8:10]}/{text[:4]} {(hour + 11) % 12 + 1:02d}{text[13:19]} {half}"


def _long_test(sim: Simulator, test: Test) -> Json:
    return {
        "id": test.id,
        "name": test.name,
        "description": test.description,
        "division_id": sim.world.division_id,
        "product_id": test.product_id,
        "parent_folder_id": test.folder_id,
        "test_type": enums.pair(enums.V1_TEST_TYPES, test.type),
        "monitor": enums.pair(enums.MONITORS, test.monitor),
        "status": enums.pair(enums.STATUS, test.status),
        "http_method": {"id": 0, "name": "Get"},
        "test_url": test.url,
        "frequency": enums.frequency(test.frequency),
        "simulate": {"id": 0, "name": "None"},
        "start": _american(test.start),
        "change_date": _american(test.changed),
        "advanced_settings": {"applied_test_flags": []},
        "script": None,
    }


def tests(sim: Simulator, request: Request) -> Response:
    params = request.params
    wanted: list[tuple[str, Callable[[Test, str], bool]]] = [
        ("divisionId", lambda _test, text: text == str(sim.world.division_id)),
        ("productId", lambda test, text: text == str(test.product_id)),
        ("parentFolderId", lambda test, text: text == str(test.folder_id)),
        ("statusId", lambda test, text: text == str(test.status)),
        ("typeId", lambda test, text: text == str(test.type)),
        ("monitorId", lambda test, text: text == str(test.monitor)),
        ("url", lambda test, text: test.type == 0 and text == test.url),
        ("name", lambda test, text: sim.matches(text, test.name)),
        ("alertsPaused", lambda test, text: text.lower() == str(sim.alerts_paused(test)).lower()),
    ]
    if sim.switches["tests_default_status"] == "active" and not params.get("statusId"):
        wanted.append(("", lambda test, _text: test.status == 0))
    items = [
        _short_test(sim, test)
        for test in sim.visible_tests()
        if all(check(test, params.get(name, "")) for name, check in wanted if not name or params.get(name))
    ]
    return page(sim, request, items)


def one_test(sim: Simulator, _request: Request, identifier: int) -> Response:
    test = sim.world.tests.get(identifier)
    return json_response(_long_test(sim, test)) if test else missing(sim, "Test", identifier)


def alerts(sim: Simulator, request: Request) -> Response:
    params = request.params
    start, end = window(sim, params.get("startTime", ""), params.get("endTime", ""), DAY)
    tests = ids(params.get("tests", ""), "tests")
    now = sim.now()
    found = [(sim.world.time(alert.at), alert) for alert in sim.visible_alerts() if not tests or alert.test_id in tests]
    shown = [(moment, alert) for moment, alert in found if start <= moment <= min(end, now)]
    shown.sort(key=lambda one: -one[0])
    number, size = requested_page(sim, request)
    part = shown[(number - 1) * size : number * size]
    body = {
        "start": times.iso(start),
        "end": times.iso(end),
        "page_number": number,
        "has_more": number * size < len(shown),
        "alerts": [_alert(sim, moment, alert) for moment, alert in part],
    }
    return json_response(body) if part else empty(sim, body)


def _alert(sim: Simulator, moment: float, alert: Alert) -> Json:
    test = sim.world.tests.get(alert.test_id)
    return {
        "report_time": sim.event_time(moment),
        "level": enums.pair(enums.ALERT_LEVELS, alert.level),
        "test": {"id": alert.test_id, "name": test.name if test else None},
        "alert_type": enums.pair(enums.ALERT_TYPES, alert.alert_type),
    }
