# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to community.catchpoint: no stability is promised to others.
"""REST API v2 and later: camelCase in an envelope with errors, traceId and usageLimits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from . import _analytics, _auth, _enums, _metrics, _runs, _times
from ._analytics import Dimension
from ._messages import ApiError, Request, Response, json_response
from ._metrics import Metric
from ._runs import Run
from ._scenario import Alert, Favorite, Folder, Interval, Node, NodeGroup, Product, Slo, Test
from ._v1 import breakdowns_of, frequency, interval_named

if TYPE_CHECKING:
    from ._simulator import Simulator

Json = dict[str, Any]
_MOST_PER_PAGE = 100
_HOUR = 3_600.0
_DAY = 86_400.0
_NO_RIGHT = "You do not have permission to access this information."


# -- credentials, envelope, errors ---


def authorize(sim: Simulator, request: Request) -> None:
    """Let a valid key pass; raise the API's error otherwise."""
    given = _auth.bearer(request.headers.value("Authorization"))
    state = None
    if given is not None:
        with sim.lock:
            for text in _auth.text_of_header(given):
                state = state or sim.credentials.keys.get(text)
    if state == "expired":
        raise ApiError(401, "Expired Token")
    if state is None or state == "revoked":
        raise ApiError(401, "Invalid credentials")
    if state == "forbidden":
        raise ApiError(403, _NO_RIGHT)
    if state == "quota":
        raise ApiError(429, "quota exceeded", exceeded="quota exceeded: the consumer's calls of this day are used up")


def usage_limits(sim: Simulator, request: Request, exceeded: str | None = None) -> Json:
    with sim.lock:
        client, now = sim.client_of(request), sim.limits_now()
        used, allowed = sim.limits.used(client, now), sim.limits.allowed()
    return {
        "clientId": sim.world.client_id,
        "lastRequestTimestamp": _times.iso(sim.now()),
        "limits": allowed,
        "runs": used,
        "exceededMessage": exceeded,
        "divisionUsageStatistics": [
            {
                "divisionId": sim.world.division_id,
                "consumerStatistics": [{"consumerId": sim.world.consumer_id, "requestCount": used, "maxPerDay": None}],
            }
        ],
    }


def _errors(sim: Simulator, messages: Iterable[str], code: int) -> list[Json]:
    mode = sim.switches["error_ids"]
    identifier: Any = str(code) if mode == "string" else code if mode == "number" else None
    return [{"id": identifier, "message": message} for message in messages]


def _messages(sim: Simulator, texts: Sequence[str]) -> Any:
    mode = sim.switches["messages"]
    if mode == "null":
        return None
    if mode == "strings":
        return list(texts)
    return [{"information": text, "ignoredPath": []} for text in texts]


def envelope(
    sim: Simulator,
    request: Request,
    data: Any,
    errors: Sequence[str] = (),
    completed: bool = True,
    status: int = 200,
    code: int = 404,
) -> Response:
    return json_response(
        {
            "data": data,
            "messages": _messages(sim, []),
            "errors": _errors(sim, errors, code),
            "completed": completed,
            "traceId": sim.trace_id(),
            "usageLimits": usage_limits(sim, request),
        },
        status,
    )


def error_response(sim: Simulator, request: Request, error: ApiError) -> Response:
    """The envelope of an error; 401 and 403 come with less in it."""
    if error.status == 401:
        return json_response({"errors": [{"message": error.message}], "traceId": sim.trace_id()}, 401)
    if error.status == 403:
        body = {"errors": [{"message": error.message}], "completed": False, "traceId": sim.trace_id()}
        return json_response(body, 403)
    exceeded = error.extra.get("exceeded")
    return json_response(
        {
            "data": None,
            "messages": _messages(sim, []),
            "errors": _errors(sim, error.extra.get("messages", [error.message]), error.status),
            "completed": False,
            "traceId": sim.trace_id(),
            "usageLimits": usage_limits(sim, request, exceeded),
        },
        error.status,
    )


def completed_false(sim: Simulator, request: Request, order: Mapping[str, Any]) -> Response:
    """200 (or another status) that failed all the same."""
    message = str(order.get("message", "The request could not be completed."))
    return envelope(sim, request, None, [message], False, int(order.get("status", 200)), 500)


# -- reading parameters ---


def _whole(request: Request, name: str) -> int | None:
    text = request.params.get(name, "").strip()
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error


def _flag(request: Request, name: str) -> bool | None:
    text = request.params.get(name, "").strip().lower()
    if not text:
        return None
    if text not in ("true", "false"):
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return text == "true"


def _csv(sim: Simulator, text: str, name: str) -> list[int]:
    try:
        found = [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error
    most = sim.switches.number("max_ids")
    if most and len(found) > most:
        raise ApiError(400, f"{name} must not hold more than {most} ids.")
    return list(dict.fromkeys(found))


def _csv_of(sim: Simulator, request: Request, name: str) -> list[int] | None:
    text = request.params.get(name, "").strip()
    return _csv(sim, text, name) if text else None


def _moment(request: Request, name: str) -> float | None:
    text = request.params.get(name, "").strip()
    if not text:
        return None
    try:
        return _times.parse(text.replace(" ", "+") if text.count(":") > 2 else text)
    except _times.TimeError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error


def _window(
    sim: Simulator, request: Request, default: float, start: str = "startTimeUtc", end: str = "endTimeUtc"
) -> tuple[float, float]:
    from_given, to_given = _moment(request, start), _moment(request, end)
    to_time = sim.now() if to_given is None else to_given
    from_time = to_time - default if from_given is None else from_given
    if from_time > to_time and sim.switches["inverted_window"] == "400":
        raise ApiError(400, f"{start} must be before {end}.")
    longest = sim.switches.number("max_window_days")
    if longest and to_time - from_time > longest * _DAY:
        raise ApiError(400, f"The time frame must not exceed {longest} days.")
    return from_time, to_time


def _page(sim: Simulator, request: Request, name: str, items: Sequence[Any], most: int = _MOST_PER_PAGE) -> Json:
    """One page of a list with hasMore, next and previous."""
    number = _whole(request, "pageNumber")
    size = _whole(request, "pageSize")
    number = 1 if number is None else number
    size = 100 if size is None else size
    if number < 1 or size < 1:
        raise ApiError(400, "pageNumber and pageSize must be 1 or more.")
    if size > most:
        if sim.switches["page_size_over"] == "400":
            raise ApiError(400, f"pageSize must be between 1 and {most}.")
        size = most
    more = number * size < len(items)
    return {
        name: list(items[(number - 1) * size : number * size]),
        "hasMore": more,
        "next": _link(sim, request, number + 1, size) if more else None,
        "previous": _link(sim, request, number - 1, size) if number > 1 else None,
    }


def _link(sim: Simulator, request: Request, number: int, size: int) -> str | None:
    mode = sim.switches["next_link"]
    if mode == "null":
        return None
    params = {name: value for name, value in request.params.items() if name not in ("pageNumber", "pageSize")}
    text = f"{request.path}?{urlencode({**params, 'pageNumber': number, 'pageSize': size}, safe=',')}"
    return request.base_url + text if mode == "absolute" else text


def _whole_list(name: str, items: Iterable[Any]) -> Json:
    return {name: list(items), "hasMore": False, "next": None, "previous": None}


def _by_ids(
    sim: Simulator, request: Request, name: str, what: str, text: str, known: Callable[[int], Any | None]
) -> Response:
    """An answer with the objects of the ids asked for; the unknown ones become errors."""
    found, errors = [], []
    for identifier in _csv(sim, text, f"{what}Ids"):
        one = known(identifier)
        if one is None:
            errors.append(f"{what} id {identifier} was not found.")
        else:
            found.append(one)
    if errors and not found and sim.switches["unknown_id"] == "404":
        raise ApiError(404, errors[0], messages=errors)
    return envelope(sim, request, _whole_list(name, found), errors, not errors)


# -- nodes ---


def _status(active: bool) -> Json:
    return _enums.pair(_enums.STATUS, 0 if active else 1)


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
        "networkType": _enums.pair(_enums.NETWORK_TYPES, node.network_type),
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
        "networkType": _enums.pair(_enums.NETWORK_TYPES, node.network_type),
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
    network, paused, ipv6 = _whole(request, "networkType"), _flag(request, "paused"), _flag(request, "ipv6")
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


def _nodes_all(sim: Simulator, request: Request) -> Response:
    targeted, active = _flag(request, "targeted"), _flag(request, "active")
    as_name, as_number = request.params.get("asn"), _whole(request, "asNumber")
    items = [
        _public_node(node)
        for node in _filtered_nodes(sim, request, sim.world.nodes.values())
        if (targeted is None or node.targeted == targeted)
        and (active is None or node.active == active)
        and (not as_name or sim.matches(as_name, node.provider.as_name))
        and (as_number is None or node.provider.as_number == as_number)
    ]
    return envelope(sim, request, _page(sim, request, "nodes", items))


def _nodes(sim: Simulator, request: Request) -> Response:
    """Enterprise nodes alone; active ones unless a status is asked for."""
    network, status = _whole(request, "networkType"), _whole(request, "statusId")
    if network not in (None, 3, 4):
        raise ApiError(400, "networkType must be 3 or 4.")
    wanted = status == 0 if status is not None else True
    nodes = (node for node in sim.world.nodes.values() if node.enterprise and node.active == wanted)
    items = [_enterprise_node(node) for node in _filtered_nodes(sim, request, nodes)]
    return envelope(sim, request, _whole_list("nodes", items))


def _nodes_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        node = sim.world.nodes.get(identifier)
        return _enterprise_node(node) if node and node.enterprise else None

    return _by_ids(sim, request, "nodes", "Node", text, known)


def _short_node(node: Node) -> Json:
    return {
        "id": node.id,
        "name": node.name,
        "networkType": _enums.pair(_enums.NETWORK_TYPES, node.network_type),
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
        "syntheticNetworkType": _enums.pair(_enums.NETWORK_TYPES, group.network_type),
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


def _node_groups(sim: Simulator, request: Request) -> Response:
    name, network = request.params.get("name"), _whole(request, "networkType")
    node_id, node_name = _whole(request, "nodeId"), request.params.get("nodeName")
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
    return envelope(sim, request, _whole_list("nodeGroups", items))


def _node_groups_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        group = sim.world.node_groups.get(identifier)
        return _node_group(sim, group) if group else None

    return _by_ids(sim, request, "nodeGroups", "NodeGroup", text, known)


# -- tests ---


def _labels_of(sim: Simulator, test: Test) -> list[Json]:
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
        "changeDate": _times.iso(test.changed),
        "startTime": _times.iso(test.start),
        "endTime": None,
        "status": _enums.pair(_enums.STATUS, test.status),
        "monitor": _enums.pair(_enums.MONITORS, test.monitor),
        "testType": _enums.pair(_enums.TEST_TYPES, test.type),
        "labels": _labels_of(sim, test),
    }


def _inherit(name: str) -> Json:
    return {name: _enums.pair(_enums.SETTINGS, 0)}


def _schedule(sim: Simulator, test: Test) -> Json:
    identifier, name = frequency(test)
    nodes = [sim.world.nodes[one] for one in test.node_ids]
    distribution = {"random": 0, "concurrent": 1, "even": 2}[test.distribution]
    return {
        "scheduleSettingType": _enums.pair(_enums.SETTINGS, 1),
        "frequency": {"id": identifier, "name": name},
        "roundRobinAmount": test.nodes_per_run or None,
        "testNodeDistribution": _enums.pair(_enums.NODE_DISTRIBUTIONS, distribution),
        "networkType": _enums.pair(_enums.NETWORK_TYPES, nodes[0].network_type if nodes else 0),
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


def _long_test(sim: Simulator, test: Test) -> Json:
    result = _short_test(sim, test)
    for member, _flag_name, make in _SECTIONS:
        result[member] = make(sim, test)
    result.update(
        {
            "monitorWithVersion": _enums.MONITORS[test.monitor],
            "enableTestDataWebhook": False,
            "alertsPauseExpiration": None,
            "requestHttpMethod": _enums.pair(_enums.WIN_HTTP_METHODS, 0),
        }
    )
    return result


def _tests(sim: Simulator, request: Request) -> Response:
    params = request.params
    products, folders = _csv_of(sim, request, "productIds"), _csv_of(sim, request, "parentFolderIds")
    types, monitors = _csv_of(sim, request, "typeIds"), _csv_of(sim, request, "monitorIds")
    keys, values = _csv_of(sim, request, "labelKeyIds"), _csv_of(sim, request, "labelValueIds")
    status, paused = _whole(request, "statusId"), _flag(request, "alertsPaused")
    longest = _whole(request, "maximumFrequencyMinutes")
    if status is None and sim.switches["tests_default_status"] == "active":
        status = 0
    sections = [(member, make) for member, flag, make in _SECTIONS if _flag(request, flag)]
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
    page = _page(sim, request, "tests", items)
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


def _tests_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        test = Test(id=0, name="") if identifier == 0 else sim.world.tests.get(identifier)
        return _long_test(sim, test) if test else None

    return _by_ids(sim, request, "tests", "Test", text, known)


def _sections(request: Request, tables: Mapping[str, Mapping[int, str]]) -> Json:
    """Enumerations by flag; no flag means all."""
    chosen = [name for name in tables if _flag(request, name)] or list(tables)
    return _whole_list(
        "sections",
        [
            {
                "section": name[0].upper() + name[1:],
                "enumeration": [{"id": key, "name": value} for key, value in tables[name].items()],
            }
            for name in chosen
        ],
    )


def _tests_enumeration(sim: Simulator, request: Request) -> Response:
    tables: dict[str, Mapping[int, str]] = {
        "displayTestType": _enums.TEST_TYPES,
        "analyticsMetric": {key: _metric_name(sim, metric) for key, metric in sorted(_metrics.BY_V2_ID.items())},
        "domainStatus": _enums.STATUS,
        "displayMonitorType": _enums.MONITORS,
        "winHttpMethod": _enums.WIN_HTTP_METHODS,
        "settingsType": _enums.SETTINGS,
        "nodeThresholdType": _enums.NODE_THRESHOLDS,
        "breakdownDimension": {one.v2_id: one.name for one in _analytics.DIMENSIONS},
        "alertTriggerType": _enums.ALERT_TRIGGERS,
        "operatorType": _enums.OPERATORS,
        "testReportMetricDataType": _enums.STATISTICS,
        "alertTimeThresholdInterval": _enums.ALERT_INTERVALS,
        "reportAlertType": _enums.ALERT_TYPES,
        "reportAlertSubtype": _enums.ALERT_SUBTYPES,
        "displayTestFrequency": {key: name for key, (name, _seconds) in _enums.FREQUENCIES.items()},
        "nodeDistribution": _enums.NODE_DISTRIBUTIONS,
        "syntheticNetworkType": _enums.NETWORK_TYPES,
    }
    return envelope(sim, request, _sections(request, tables))


# -- explorer ---


def _metric_name(sim: Simulator, metric: Metric) -> str:
    return metric.internal if sim.switches["metric_names"] == "internal" else metric.display


def _interval_name(sim: Simulator, interval: Interval) -> str:
    return interval.words if sim.switches["interval_names"] == "words" else interval.name


def _explorer_enumeration(sim: Simulator, request: Request) -> Response:
    types = sim.switches["enumeration_sections"] == "types"
    tables: tuple[tuple[str, str, str, dict[int, str]], ...] = (
        (
            "includeDimensions",
            "BreakdownDimension",
            "dimensions",
            {**{one.v2_id: one.name for one in _analytics.DIMENSIONS}, _analytics.TIME_V2_ID: "Time"},
        ),
        (
            "includeMetrics",
            "AnalyticsMetric",
            "metrics",
            {key: _metric_name(sim, metric) for key, metric in _metrics.BY_V2_ID.items()},
        ),
        ("includeSubSourceTypes", "SubSourceType", "subSourceTypes", _enums.SUB_SOURCES),
        (
            "includeTimeIntervals",
            "TimeInterval",
            "timeIntervals",
            {interval.id: _interval_name(sim, interval) for interval in sim.intervals()},
        ),
    )
    chosen = [one for one in tables if _flag(request, one[0])] or list(tables)
    sections = [
        {
            "section": type_name if types else flag_name,
            "enumeration": [{"id": key, "name": name} for key, name in sorted(table.items())],
        }
        for _include, type_name, flag_name, table in chosen
    ]
    return envelope(sim, request, _whole_list("sections", sections))


def _asked_tests(sim: Simulator, request: Request) -> tuple[list[Test], list[str]]:
    """The tests asked for and an error for each unknown id."""
    identifiers = _csv_of(sim, request, "testIds")
    if not identifiers:
        raise ApiError(400, "The testIds field is required.")
    errors = [f"Test id {one} was not found." for one in identifiers if one not in sim.world.tests]
    tests = [sim.world.tests[one] for one in identifiers if one in sim.world.tests]
    if errors and not tests:
        if sim.switches["unknown_id"] == "404":
            raise ApiError(404, errors[0], messages=errors)
        raise ApiError(200, errors[0], messages=errors)
    return tests, errors


def _asked_metrics(sim: Simulator, request: Request) -> list[Metric | None]:
    """The metrics asked for; None stands for a column of an unknown one."""
    identifiers = _csv_of(sim, request, "metricIds")
    if identifiers is None:
        return list(_metrics.V2_ALL)
    unknown = [one for one in identifiers if one not in _metrics.BY_V2_ID]
    mode = sim.switches["unknown_metric"]
    if unknown and mode == "400":
        raise ApiError(400, f"Metric id {unknown[0]} is not valid.")
    return [_metrics.BY_V2_ID.get(one) for one in identifiers if one in _metrics.BY_V2_ID or mode == "null_column"]


def _asked_dimensions(sim: Simulator, request: Request, default: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    identifiers = _csv_of(sim, request, "dimensionIds")
    if identifiers is None:
        return default
    unknown = [one for one in identifiers if one not in _analytics.BY_V2_ID and one != _analytics.TIME_V2_ID]
    if unknown:
        raise ApiError(400, f"Dimension id {unknown[0]} is not valid.")
    return tuple(_analytics.BY_V2_ID[one] for one in identifiers if one != _analytics.TIME_V2_ID)


def _availability(sim: Simulator, request: Request) -> Callable[[Run], bool]:
    wanted = _csv_of(sim, request, "availabilityFilter")
    if wanted is None or 2 in wanted:
        return lambda run: True
    unknown = [one for one in wanted if one not in _enums.AVAILABILITY_FILTERS]
    if unknown:
        raise ApiError(400, f"The value '{unknown[0]}' is not valid for availabilityFilter.")
    failures, successes = 0 in wanted, bool({1, 5, 6} & set(wanted))
    content = 3 in wanted
    return lambda run: (failures and run.failed) or (successes and not run.failed) or (content and run.error in (9, 5))


def _cut(sim: Simulator, tests: Sequence[Test]) -> list[list[Test]]:
    """The tests of each response item."""
    mode = sim.switches["response_items"]
    if mode == "single":
        return [list(tests)]
    parts: dict[int, list[Test]] = {}
    for test in tests:
        parts.setdefault(test.id if mode == "per_test" else test.type, []).append(test)
    return list(parts.values())


def _runs_of(sim: Simulator, tests: Iterable[Test], start: float, end: float) -> list[Run]:
    result: list[Run] = []
    now, timings = sim.now(), sim.switches["failed_timings"]
    inclusive = sim.switches["window_end"] == "inclusive"
    for test in tests:
        result.extend(_runs.make(sim.world, test, start, end, now, timings, inclusive))
    result.sort(key=lambda run: (run.time, run.test.id, run.node.id if run.node else 0))
    return result


class _Table:
    """Legend and dimensions of one answer."""

    def __init__(self, sim: Simulator, metrics: Sequence[Metric | None], dimensions: Sequence[Dimension]) -> None:
        self.sim = sim
        self.number = sim.next_answer()
        order = sim.switches["legend_order"]
        known = [metric for metric in metrics if metric is not None]
        self.metrics: list[Metric | None] = [*_analytics.arrange_metrics(known, order, self.number)]
        self.metrics.extend([None] * (len(metrics) - len(known)))
        self.dimensions = dimensions
        legend: list[dict[str, object]] = [
            {"index": at, "name": _metric_name(sim, metric) if metric else None}
            for at, metric in enumerate(self.metrics)
        ]
        self.legend = _analytics.arrange_legend(legend, order, self.number)
        self._known: dict[tuple[object, ...], list[Json]] = {}

    def key(self, run: Run) -> tuple[object, ...]:
        world = self.sim.world
        return tuple(dimension.of(world, run) for dimension in self.dimensions)

    def dimension_members(self, key: tuple[object, ...]) -> list[Json]:
        found = self._known.get(key)
        if found is None:
            found = [
                {"type": {"id": dimension.v2_id, "name": dimension.name}, "id": named[0], "name": named[1]}  # type: ignore[index]
                for dimension, named in zip(self.dimensions, key)
            ]
            self._known[key] = found
        return found

    def row(self, moment: str | None, report: str | None, values: list[float | None], key: tuple[object, ...]) -> Json:
        return {
            "dateTime": moment,
            "reportDate": report,
            "values": values,
            "dimensions": self.dimension_members(key),
            "indicators": None,
            "tracepoints": None,
        }

    def item(self, start: float, end: float, rows: list[Json], summary: list[Json]) -> Json:
        """One response item, cut at the row limit."""
        most = self.sim.switches.number("max_rows")
        cut = bool(most) and len(rows) > most
        shown = rows[:most] if cut else rows
        shown = _analytics.arrange_rows(shown, self.sim.switches["row_order"], self.number)
        empty = not shown and self.sim.switches["no_rows"] == "null_items"
        return {
            "startTimeUtc": _times.iso(start),
            "endTimeUtc": _times.iso(end),
            "timeZoneOffSet": "00:00:00",
            "hasMoreRecords": cut,
            "dimensions": [{"id": dimension.v2_id, "name": dimension.name} for dimension in self.dimensions],
            "indicators": None,
            "tracepoints": None,
            "metrics": self.legend,
            "items": None if empty else shown,
            "summaryItems": None if empty else summary,
        }


def _analytics_answer(sim: Simulator, request: Request, items: list[Json], errors: list[str]) -> Response:
    filled = any(item["items"] for item in items)
    if not filled and sim.switches["no_rows"] == "404":
        raise ApiError(404, "No data was found for the request.")
    shown = [] if not filled and sim.switches["no_rows"] == "no_item" else items
    return envelope(sim, request, _whole_list("responseItems", shown), errors, not errors)


def _explorer_raw(sim: Simulator, request: Request) -> Response:
    tests, errors = _asked_tests(sim, request)
    start, end = _window(sim, request, _HOUR)
    metrics = _asked_metrics(sim, request)
    dimensions = _asked_dimensions(sim, request, (_analytics.TEST, _analytics.NODE))
    wanted = _availability(sim, request)
    items = []
    for part in _cut(sim, tests):
        table = _Table(sim, metrics, dimensions)
        keys = [metric.key if metric else "" for metric in table.metrics]
        rows = []
        for run in _runs_of(sim, part, start, end):
            if not wanted(run):
                continue
            moment, report = _raw_times(sim, run)
            values = [run.value(key) if key else None for key in keys]
            rows.append(table.row(moment, report, values, table.key(run)))
        items.append(table.item(start, end, rows, []))
    return _analytics_answer(sim, request, items, errors)


def _raw_times(sim: Simulator, run: Run) -> tuple[str | None, str]:
    """dateTime and reportDate of a raw row: the run's time, and the five minutes it counts to."""
    exact = run.time + (run.draws[7] % 10_000_000) / 10_000_000 if sim.switches.on("run_fractions") else run.time
    if sim.switches["row_time"] == "reportDate":
        return None, _times.iso(exact)
    return _times.iso(exact), _times.iso(run.time // 300 * 300)


def _asked_interval(sim: Simulator, request: Request, name: str, default: str) -> Interval:
    identifier = _whole(request, name)
    if identifier is None:
        return interval_named(sim.intervals(), default)
    for interval in sim.intervals():
        if interval.id == identifier:
            return interval
    raise ApiError(400, f"The value '{identifier}' is not valid for {name}.")


def _explorer_aggregated(sim: Simulator, request: Request) -> Response:
    tests, errors = _asked_tests(sim, request)
    start, end = _window(sim, request, _DAY)
    interval = _asked_interval(sim, request, "timeInterval", "Minutes15")
    metrics = _asked_metrics(sim, request)
    dimensions = _asked_dimensions(sim, request, (_analytics.TEST,))
    wanted = _availability(sim, request)
    items = []
    for part in _cut(sim, tests):
        table = _Table(sim, metrics, dimensions)
        runs = [run for run in _runs_of(sim, part, start, end) if wanted(run)]
        rows = []
        by_time = _analytics.groups(runs, lambda run: (_analytics.bucket(run.time, interval.seconds), *table.key(run)))  # noqa: B023
        for key, found in by_time.items():
            moment = _times.iso(float(key[0]))  # type: ignore[arg-type]
            rows.append(table.row(moment, None, _values(table, found), key[1:]))
        summary = [
            table.row(None, None, _values(table, found), key)
            for key, found in _analytics.groups(runs, table.key).items()
        ]
        item = table.item(start, end, rows, summary)
        items.append({"timeInterval": {"id": interval.id, "name": _interval_name(sim, interval)}, **item})
    return _analytics_answer(sim, request, items, errors)


def _values(table: _Table, runs: list[Run]) -> list[float | None]:
    return [_analytics.summarize(metric, runs) if metric else None for metric in table.metrics]


# -- favorite charts ---


def _favorites(sim: Simulator, request: Request) -> Response:
    items = [
        {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "changeDate": _times.iso(one.changed),
        }
        for one in sorted(sim.world.favorites.values(), key=lambda one: one.id)
    ]
    return envelope(sim, request, _whole_list("favoriteCharts", items))


def _favorite(sim: Simulator, text: str) -> Favorite:
    """A favorite by the id in the path; these calls take one id and no list."""
    if not text.isdigit():
        raise ApiError(400, f"The value '{text}' is not valid for favoriteChartId.")
    favorite = sim.world.favorites.get(int(text))
    if favorite is None:
        raise ApiError(404 if sim.switches["unknown_id"] == "404" else 200, f"Favorite chart id {text} was not found.")
    return favorite


def _chart_answer(sim: Simulator, request: Request, chart: Json) -> Response:
    data = _whole_list("favoriteCharts", [chart])
    return envelope(sim, request, data) if sim.switches.on("chart_envelope") else json_response(data)


def _favorite_details(sim: Simulator, request: Request, text: str) -> Response:
    favorite = _favorite(sim, text)
    tests = [sim.world.tests[one] for one in favorite.test_ids if one in sim.world.tests]
    breakdowns = [{"id": one.v2_id, "name": one.name} for one in breakdowns_of(favorite)]
    breakdowns += [{"id": 0, "name": "None"}] * 2
    interval = interval_named(sim.intervals(), favorite.interval)
    metrics = [_metrics.BY_KEY[name] for name in favorite.metrics]
    chart = {
        "id": favorite.id,
        "name": favorite.name,
        "description": favorite.description,
        "timeFrame": {"id": favorite.time_frame_id, "name": favorite.time_frame_name},
        "interval": {"id": interval.id, "name": _interval_name(sim, interval)},
        "dimension": {"id": _analytics.TIME_V2_ID, "name": "Time"},
        "breakdownOne": breakdowns[0],
        "breakdownTwo": breakdowns[1],
        "statisticalValues": [_enums.pair(_enums.STATISTICS, favorite.statistic)],
        "tests": [
            {"id": test.id, "name": test.name, "testType": _enums.pair(_enums.TEST_TYPES, test.type)} for test in tests
        ],
        "apps": [],
        "syntheticMetrics": [{"id": metric.v2_id or 0, "name": _metric_name(sim, metric)} for metric in metrics],
        "appMetrics": [],
        "dataFilters": [],
        "changeDate": _times.iso(favorite.changed),
        "sourceType": {"id": 1, "name": "Test"},
    }
    return _chart_answer(sim, request, chart)


def _favorite_data(sim: Simulator, request: Request, text: str) -> Response:
    favorite = _favorite(sim, text)
    mode = sim.switches["chart_times"]
    names = ("start", "end", "interval") if mode == "start" else ("startTimeUtc", "endTimeUtc", "timeInterval")
    if mode == "both" and not any(request.params.get(name) for name in names):
        names = ("start", "end", "interval")
    start, end = _window(sim, request, favorite.time_frame, names[0], names[1])
    interval = _asked_interval(sim, request, names[2], favorite.interval)
    identifiers = _csv_of(sim, request, "tests") or list(favorite.test_ids)
    return _chart_of(sim, request, favorite, identifiers, start, end, interval)


def _favorite_default_data(sim: Simulator, request: Request, text: str) -> Response:
    favorite = _favorite(sim, text)
    now = sim.now()
    interval = interval_named(sim.intervals(), favorite.interval)
    return _chart_of(sim, request, favorite, favorite.test_ids, now - favorite.time_frame, now, interval)


def _chart_of(
    sim: Simulator,
    request: Request,
    favorite: Favorite,
    identifiers: Sequence[int],
    start: float,
    end: float,
    interval: Interval,
) -> Response:
    unknown = [one for one in identifiers if one not in sim.world.tests]
    if unknown:
        raise ApiError(400, f"Test id {unknown[0]} was not found.")
    tests = [sim.world.tests[one] for one in identifiers]
    table = _Table(sim, [_metrics.BY_KEY[name] for name in favorite.metrics], breakdowns_of(favorite))
    runs = _runs_of(sim, tests, start, end)

    def values(found: list[Run]) -> list[float | None]:
        return [_analytics.summarize(metric, found, favorite.statistic) if metric else None for metric in table.metrics]

    def named(key: tuple[object, ...]) -> list[Json]:
        return [{"id": one[0], "name": one[1]} for one in key]  # type: ignore[index]

    by_time = _analytics.groups(runs, lambda run: (_analytics.bucket(run.time, interval.seconds), *table.key(run)))
    detail: list[Json] = [
        {
            "dateTime": _times.iso(float(key[0])),  # type: ignore[arg-type]
            "dimension": [{"id": 0, "name": "Time"}, *named(key[1:])],
            "syntheticMetrics": values(found),
        }
        for key, found in by_time.items()
    ]
    summary: list[Json] = [
        {"dimension": named(key), "syntheticMetrics": values(found)}
        for key, found in _analytics.groups(runs, table.key).items()
    ]
    order, fields = sim.switches["row_order"], {"syntheticMetrics": table.legend}
    chart = {
        "id": favorite.id,
        "name": favorite.name,
        "summary": {"fields": fields, "items": _analytics.arrange_rows(summary, order, table.number)},
        "detail": {"fields": fields, "items": _analytics.arrange_rows(detail, order, table.number)},
    }
    return _chart_answer(sim, request, chart)


# -- alerts ---


def _alert(sim: Simulator, moment: float, alert: Alert) -> Json:
    test = sim.world.tests.get(alert.test_id)
    product = sim.world.products.get(test.product_id) if test else None
    folder = sim.world.folders.get(test.folder_id or 0) if test else None
    node = sim.world.nodes.get(alert.node_id or 0)
    path = [sim.world.division_name, *(one.name for one in (product, folder) if one)]
    portal = f"https://portal.example.com/ui/Alerts/{alert.id}"
    return {
        "id": alert.id,
        "reportTime": _times.iso(moment),
        "processingTimestamp": _times.iso(moment + 72.3319847),
        "startTime": _times.iso(moment - alert.duration),
        "level": _enums.pair(_enums.ALERT_LEVELS, alert.level),
        "test": {"id": alert.test_id, "name": test.name if test else None},
        "testPath": path,
        "testPathStyled": None,
        "testUrl": test.url if test else None,
        "testSmartboardUrl": portal,
        "testPerformanceUrl": portal,
        "testStatisticalUrl": None,
        "testScatterplotUrl": portal,
        "testRecordUrl": None,
        "testType": _enums.pair(_enums.TEST_TYPES, test.type if test else 0),
        "alertType": _enums.pair(_enums.ALERT_TYPES, alert.alert_type),
        "alertSubtype": _enums.pair(_enums.ALERT_SUBTYPES, alert.alert_subtype),
        "triggerType": _enums.pair(_enums.ALERT_TRIGGERS, 1),
        "operationType": _enums.pair(_enums.OPERATORS, 2),
        "warningTrigger": alert.warning,
        "criticalTrigger": alert.critical,
        "durationInSecond": alert.duration,
        "node": {"id": node.id, "name": node.name} if node else {"id": None, "name": None},
        "acknowledgedBy": {"id": 5120 if alert.acknowledged_by else None, "name": alert.acknowledged_by},
        "labels": _labels_of(sim, test) if test else [],
    }


_ALERT_FILTERS = (
    "levelId",
    "testName",
    "testIds",
    "alertTypeId",
    "alertTypeSubId",
    "productIds",
    "productName",
    "acknowledgedBy",
)


def _alerts(sim: Simulator, request: Request) -> Response:
    params = request.params
    if bool(params.get("startTimeUtc")) != bool(params.get("endTimeUtc")):
        raise ApiError(400, "startTimeUtc and endTimeUtc must be given together.")
    start, end = _window(sim, request, _DAY)
    level, kind, subtype = (_whole(request, name) for name in ("levelId", "alertTypeId", "alertTypeSubId"))
    tests, products = _csv_of(sim, request, "testIds"), _csv_of(sim, request, "productIds")
    acknowledged = _whole(request, "acknowledgedBy")
    found: list[tuple[float, Alert]] = []
    for alert in sim.world.alerts:
        moment = sim.world.time(alert.at)
        test = sim.world.tests.get(alert.test_id)
        product = sim.world.products.get(test.product_id) if test else None
        if (
            start <= moment <= min(end, sim.now())
            and (level is None or alert.level == level)
            and (kind is None or alert.alert_type == kind)
            and (subtype is None or alert.alert_subtype == subtype)
            and (tests is None or alert.test_id in tests)
            and (products is None or (test is not None and test.product_id in products))
            and (not params.get("testName") or (test is not None and sim.matches(params["testName"], test.name)))
            and (
                not params.get("productName")
                or (product is not None and sim.matches(params["productName"], product.name))
            )
            and (acknowledged is None or bool(alert.acknowledged_by) == (acknowledged == 5120))
        ):
            found.append((moment, alert))
    found.sort(key=lambda one: -one[0])
    mode = sim.switches["empty_alerts"]
    filtered = any(params.get(name) for name in _ALERT_FILTERS)
    if not found and (mode == "404" or (mode == "404_if_filtered" and filtered)):
        raise ApiError(404, "No alerts were found.")
    page = _page(sim, request, "alerts", found)
    page["alerts"] = [_alert(sim, moment, alert) for moment, alert in page["alerts"]]
    if sim.switches["alerts_shape"] == "object":
        page["alerts"] = page["alerts"][0] if page["alerts"] else None
    return envelope(sim, request, page)


def _alerts_by_id(sim: Simulator, request: Request, text: str) -> Response:
    by_id = {alert.id: alert for alert in sim.world.alerts}
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    errors = [f"Alert id {one} was not found." for one in wanted if one not in by_id]
    found = [_alert(sim, sim.world.time(by_id[one].at), by_id[one]) for one in wanted if one in by_id]
    if errors and not found and sim.switches["unknown_id"] == "404":
        raise ApiError(404, errors[0], messages=errors)
    return envelope(sim, request, _whole_list("alerts", found), errors, not errors)


# -- SLOs ---


def _metric_pair(sim: Simulator, key: str) -> Json:
    metric = _metrics.BY_KEY[key]
    return {"id": metric.v2_id, "name": _metric_name(sim, metric)}


def _slo(sim: Simulator, slo: Slo) -> Json:
    availability = slo.metric == "% Availability"
    return {
        "id": slo.id,
        "name": slo.name,
        "description": slo.description,
        "divisionId": sim.world.division_id,
        "testIds": list(slo.test_ids),
        "status": _enums.pair(_enums.STATUS, slo.status),
        "metricType": _metric_pair(sim, slo.metric),
        "violationThresholdType": _enums.pair(_enums.NODE_THRESHOLDS, 2),
        "violationThresholdOperatorType": _enums.pair(_enums.OPERATORS, 4 if availability else 2),
        "violationThresholdValue": slo.threshold,
        "violationConditionNumberOfUnits": 2,
        "violationConditionPercentageOfUnits": None,
        "violationConditionConsecutiveRunsEnabled": False,
        "violationConditionConsecutiveRuns": None,
        "violationConditionInTheLast": _enums.pair(_enums.ALERT_INTERVALS, 15),
        "goal": slo.goal,
        "goalOperatorType": _enums.pair(_enums.OPERATORS, 3),
        "changeDate": "2026-02-01T00:00:00Z",
        "createDate": "2026-02-01T00:00:00Z",
        "changeContactId": 5120,
        "createContactId": 5120,
    }


def _matching_slos(sim: Simulator, request: Request, status: int | None) -> list[Slo]:
    params = request.params
    metric, tests = _whole(request, "metricType"), _csv_of(sim, request, "testIds")
    names = {one: test.name for one, test in sim.world.tests.items()} if params.get("testName") else {}
    return [
        slo
        for slo in sorted(sim.world.slos.values(), key=lambda one: one.id)
        if (status is None or slo.status == status)
        and (metric is None or _metrics.BY_KEY[slo.metric].v2_id == metric)
        and (tests is None or set(tests) & set(slo.test_ids))
        and (not params.get("sloName") or sim.matches(params["sloName"], slo.name))
        and (
            not params.get("testName")
            or any(sim.matches(params["testName"], names.get(one, "")) for one in slo.test_ids)
        )
    ]


def _slos(sim: Simulator, request: Request) -> Response:
    status = _whole(request, "statusType")
    found = _matching_slos(sim, request, 0 if status is None else status)
    return envelope(sim, request, _whole_list("slos", [_slo(sim, slo) for slo in found]))


def _slos_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        slo = sim.world.slos.get(identifier)
        return _slo(sim, slo) if slo else None

    return _by_ids(sim, request, "slos", "Slo", text, known)


def _violations(sim: Simulator, request: Request) -> Response:
    """Violations that touch the window; without a window the last 24 hours."""
    start, end = _window(sim, request, _DAY, "startTime", "endTime")
    tests, slos = _csv_of(sim, request, "testIds"), _csv_of(sim, request, "sloIds")
    items = []
    for slo in _matching_slos(sim, request, _whole(request, "statusType")):
        if slos is not None and slo.id not in slos:
            continue
        for one in slo.violations:
            begin = sim.world.time(one.start)
            finish = begin + 60 * one.minutes
            if begin > min(end, sim.now()) or finish < start or (tests is not None and one.test_id not in tests):
                continue
            test = sim.world.tests.get(one.test_id)
            items.append(
                {
                    "testId": one.test_id,
                    "sloId": slo.id,
                    "testName": test.name if test else None,
                    "objectiveName": slo.name,
                    "metricType": _metric_pair(sim, slo.metric),
                    "statusType": _enums.pair(_enums.STATUS, slo.status),
                    "goal": slo.goal,
                    "violationStart": _times.iso(begin),
                    "violationEnd": _times.iso(finish),
                    "minsInViolation": one.minutes,
                }
            )
    return envelope(sim, request, _whole_list("violations", items))


# -- products, folders, labels, divisions, identity ---


def _product(sim: Simulator, product: Product) -> Json:
    return {
        "id": product.id,
        "divisionId": sim.world.division_id,
        "name": product.name,
        "status": _enums.pair(_enums.STATUS, product.status),
        "alertGroupId": 4300,
        "testDataWebhookId": None,
    }


def _products(sim: Simulator, request: Request) -> Response:
    status, name = _whole(request, "statusId"), request.params.get("name")
    wanted = 0 if status is None else status
    items = [
        _product(sim, one)
        for one in sorted(sim.world.products.values(), key=lambda one: one.id)
        if one.status == wanted and (not name or sim.matches(name, one.name))
    ]
    return envelope(sim, request, _page(sim, request, "products", items))


def _products_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        one = sim.world.products.get(identifier)
        return _product(sim, one) if one else None

    return _by_ids(sim, request, "products", "Product", text, known)


def _folder(sim: Simulator, folder: Folder) -> Json:
    return {
        "id": folder.id,
        "parentId": folder.parent_id,
        "divisionId": sim.world.division_id,
        "productId": folder.product_id,
        "name": folder.name,
        "testFolderTypeId": {"id": 1, "name": "Synthetic"},
        "alertGroupId": None,
    }


def _folders(sim: Simulator, request: Request) -> Response:
    products, parents = _csv_of(sim, request, "productIds"), _csv_of(sim, request, "parentFolderIds")
    name = request.params.get("name")
    items = [
        _folder(sim, one)
        for one in sorted(sim.world.folders.values(), key=lambda one: one.id)
        if (products is None or one.product_id in products)
        and (parents is None or one.parent_id in parents)
        and (not name or sim.matches(name, one.name))
    ]
    return envelope(sim, request, _page(sim, request, "folders", items))


def _folders_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        one = sim.world.folders.get(identifier)
        return _folder(sim, one) if one else None

    return _by_ids(sim, request, "folders", "Folder", text, known)


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


def _labels(sim: Simulator, request: Request) -> Response:
    name, value = request.params.get("name"), request.params.get("values")
    items = [
        _label(sim, label.id)
        for label in sorted(sim.world.labels.values(), key=lambda one: one.id)
        if (not name or sim.matches(name, label.name))
        and (not value or any(sim.matches(value, text) for _value_id, text in label.values))
    ]
    return envelope(sim, request, _page(sim, request, "labels", items))


def _labels_by_id(sim: Simulator, request: Request, text: str) -> Response:
    return _by_ids(
        sim, request, "labels", "Label", text, lambda one: _label(sim, one) if one in sim.world.labels else None
    )


def _divisions(sim: Simulator, request: Request) -> Response:
    identifier, status = _whole(request, "divisionId"), _whole(request, "divisionStatus")
    shown = identifier in (None, sim.world.division_id) and status in (None, 0)
    division = {"id": sim.world.division_id, "name": sim.world.division_name, "statusType": _status(True)}
    return envelope(sim, request, _whole_list("divisions", [division] if shown else []))


def _identity(sim: Simulator, request: Request) -> Response:
    """The one answer of v2 in snake_case."""
    return envelope(sim, request, {"contact_id": 5120, "contact_email": "oncall@example.com", "user_id": 6033})


# -- dispatch ---

_PLAIN: dict[str, Callable[[Simulator, Request], Response]] = {
    "nodes/all": _nodes_all,
    "nodes": _nodes,
    "nodes/groups": _node_groups,
    "tests": _tests,
    "tests/enumeration": _tests_enumeration,
    "tests/explorer/raw": _explorer_raw,
    "tests/explorer/aggregated": _explorer_aggregated,
    "tests/explorer/enumeration": _explorer_enumeration,
    "tests/explorer/favoritechart": _favorites,
    "tests/alerts": _alerts,
    "slo": _slos,
    "slo/violations": _violations,
    "products": _products,
    "folders": _folders,
    "labels": _labels,
    "divisions": _divisions,
    "useridentity": _identity,
}
_WITH_IDS: dict[str, Callable[[Simulator, Request, str], Response]] = {
    "nodes": _nodes_by_id,
    "nodes/groups": _node_groups_by_id,
    "tests": _tests_by_id,
    "tests/explorer/favoritechart": _favorite_details,
    "tests/explorer/favoritechart/data": _favorite_data,
    "tests/explorer/favoritechart/defaultdata": _favorite_default_data,
    "tests/alerts": _alerts_by_id,
    "slo": _slos_by_id,
    "products": _products_by_id,
    "folders": _folders_by_id,
    "labels": _labels_by_id,
}


def answer(sim: Simulator, request: Request, path: str) -> Response:
    """The answer for a path behind /api/vN/."""
    plain = _PLAIN.get(path)
    head, _slash, tail = path.rpartition("/")
    with_ids = _WITH_IDS.get(head) if plain is None else None
    if plain is None and with_ids is None:
        raise ApiError(404, f"No resource at {request.path}.")
    if request.method != "GET":
        raise ApiError(405, f"{request.method} is not supported here.")
    if plain is not None:
        return plain(sim, request)
    return with_ids(sim, request, tail) if with_ids else envelope(sim, request, None)
