# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: instant tests. A POST starts runs and is charged; GETs poll for the record of each node."""

from __future__ import annotations

from collections.abc import Mapping

from ..service.messages import ApiError, Json, Request, Response
from ..service.simulator import Simulator
from ..world import enums, runs, times
from ..world.instant import InstantTest, run_of
from ..world.model import Node, Test
from ..world.runs import DNS_TYPE, PING_TYPES, Run
from .v2_common import envelope, flag, not_found, unknown_object, whole
from .v2_nodes import short_node
from .webhooks import error_code

_MOST_NODES = 5
_WORDS = {
    "words": ("Pending", "Completed", "Failed"),
    "other": ("InProgress", "Done", "Error"),
    "null": (None, None, None),
}
# Metrics of a record: key, id and internal name of RecordMetric, which is not AnalyticsMetric.
_METRICS = (
    ("DNS (ms)", 19, "DnsMSec"),
    ("Connect (ms)", 5, "ConnectMSec"),
    ("SSL (ms)", 45, "SslMSec"),
    ("Wait (ms)", 59, "WaitMSec"),
    ("Load (ms)", 31, "LoadMSec"),
    ("Time To First Byte (ms)", 64, "TimeToFirstByte"),
    ("Response (ms)", 40, "ResponseMSec"),
    ("Webpage Response (ms)", 60, "WebPageResponseMSec"),
    ("Document Complete (ms)", 25, "DocumentCompleteMSec"),
    ("Render Start (ms)", 37, "RenderStartMSec"),
    ("First Contentful Paint (ms)", 27, "FirstContentfulPaintMSec"),
    ("Largest Contentful Paint (ms)", 116, "LargestContentfulPaint"),
    ("Cumulative Layout Shift", 117, "CumulativeLayoutShift"),
    ("Total Blocking Time (ms)", 119, "TotalBlockingTime"),
    ("Speed Index", 44, "SpeedIndex"),
    ("# Items (Total)", 16, "CountRequests"),
    ("# Hosts", 12, "CountHosts"),
    ("# Connections", 6, "Connections"),
    ("Downloaded Bytes", 26, "DownloadedBytes"),
    ("% Availability", 7, "Availability"),
)


# -- ordering ---


def order(sim: Simulator, request: Request, text: str) -> Response:
    """POST instanttests/{testId}."""
    if not text.isdigit():
        raise ApiError(400, f"The value '{text}' is not valid for testId.")
    with sim.lock:
        test = sim.world.tests.get(int(text))
        if test is None:
            raise unknown_object(sim, "Test", text)
        nodes = _requested_nodes(sim, request.json(), bool(flag(request, "onDemand")))
        most = sim.switches.number("instant_budget")
        if most and sim.instant.charged + len(nodes) > most:
            raise ApiError(400, "There are not enough points to run this instant test.")
        one = sim.instant.order(test, nodes, sim.now())
    word = _WORDS[sim.switches["instant_status"]][0]
    data = {
        "id": str(one.id) if sim.switches["create_id"] == "text" else one.id,
        "instantTestNodes": [{**short_node(node), "instantTestStatus": word} for node in nodes],
        "hasMore": False,
    }
    return envelope(sim, request, data, status=int(sim.switches["create_status"]))


def _requested_nodes(sim: Simulator, body: object, on_demand: bool) -> list[Node]:
    entries = body.get("nodesIds") if isinstance(body, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise ApiError(400, "The nodesIds field is required.")
    if len(entries) > _MOST_NODES:
        raise ApiError(400, f"nodesIds must not hold more than {_MOST_NODES} nodes.")
    nodes = []
    for entry in entries:
        identifier = entry.get("id") if isinstance(entry, Mapping) else None
        node = sim.world.nodes.get(identifier) if isinstance(identifier, int) else None
        if node is None:
            raise ApiError(400, not_found(sim, "Node", identifier))
        if not node.enterprise and not (on_demand and node.for_instant):
            raise ApiError(400, f"Node id {identifier} is not available for this instant test.")
        nodes.append(node)
    return nodes


# -- results ---


def result(sim: Simulator, request: Request, text: str) -> Response:
    """GET instanttests/{instantTestId}: the record of one node, or none yet."""
    node_id, step = whole(request, "nodeId"), whole(request, "stepId")
    if node_id is None:
        raise ApiError(400, "The nodeId field is required.")
    with sim.lock:
        one = sim.instant.by_id.get(int(text)) if text.isdigit() else None
        node = next((found for found in one.nodes if found.id == node_id), None) if one else None
        if one is None or node is None or step:
            raise unknown_object(sim, "InstantTest", text)
        run = run_of(sim.world, one, node)
        ready = _is_ready(sim, one, node_id)
    pending, completed, failed = _WORDS[sim.switches["instant_status"]]
    if not ready or run is None:
        return _pending(sim, request, pending)
    record = _record(sim, one, node, run)
    data = {
        "instantTestStatus": failed if run.failed else completed,
        "instantTest": None,
        "instantTestRecord": record,
        "hasMore": False,
    }
    return envelope(sim, request, data)


def _is_ready(sim: Simulator, one: InstantTest, node_id: int) -> bool:
    """A record is there after a number of polls and of simulated seconds."""
    polls = one.polls[node_id] = one.polls.get(node_id, 0) + 1
    seconds = sim.now() - one.ordered
    return polls > sim.switches.number("instant_polls") and seconds >= sim.switches.number("instant_seconds")


def _pending(sim: Simulator, request: Request, word: str | None) -> Response:
    mode = sim.switches["instant_pending"]
    if mode != "null_record":
        raise ApiError(404 if mode == "404" else 200, "The results are not available yet.")
    data = {"instantTestStatus": word, "instantTest": None, "instantTestRecord": None, "hasMore": False}
    return envelope(sim, request, data)


def _record(sim: Simulator, one: InstantTest, node: Node, run: Run) -> Json:
    test = one.test
    message = runs.ERROR_TEXTS.get(run.error, "The test failed") if run.failed else None
    error = None
    if run.failed:
        error = {
            "id": error_code(run.error),
            "displayMonitorType": enums.pair(enums.MONITORS, test.monitor),
            "name": enums.ERROR_TYPES[run.error],
            "message": message,
            "isWarning": False,
        }
    record: Json = {
        "id": one.id,
        "node": short_node(node),
        "monitorType": enums.pair(enums.MONITORS, test.monitor),
        "monitorVersion": "stable",
        "playbackType": None,
        "mobilePlaybackType": None,
        "actualRuntime": times.iso(run.time),
        "actualRuntimeInUnixTimeMilliseconds": 1000 * run.time,
        "reportWindowTime": times.iso(run.time // 300 * 300),
        "debugTraceInformation": None,
        "errorMessage": message,
        "primaryErrorData": error,
        "publicLink": f"https://portal.example.com/ui/Record/{one.id}/{node.id}",
    }
    empty = ("testResult", "additionalMonitorData", "traceRouteData", "pingData", "dnsTraceData")
    return {**record, **dict.fromkeys(empty), **_measured(sim, test, run)}


def _measured(sim: Simulator, test: Test, run: Run) -> Json:
    """The data member of the test's type."""
    if test.type in PING_TYPES:
        lost = run.value("% Ping Packet Loss") or 0.0
        return {
            "pingData": {
                "hostName": test.url,
                "ipAddress": run.host_ip,
                "averageRoundTripTime": run.value("Ping Round Trip (ms)"),
                "packetsSent": 4,
                "packetsSentSuccess": round(4 * (1 - lost / 100)),
                "packetLoss": lost,
                "jitter": run.value("Jitter"),
            }
        }
    internal = sim.switches["metric_names"] == "internal"
    found = [
        ({"metricType": {"id": number, "name": name}, "name": name if internal else key}, run.value(key))
        for key, number, name in _METRICS
    ]
    if test.type == DNS_TYPE:
        dns, value = found[0]
        return {"dnsTraceData": {"hostName": test.url, "metrics": [{**dns, "value": value, "lookbackValue": None}]}}
    fields = [{**legend, "value": None, "index": at, "lookbackValue": None} for at, (legend, _v) in enumerate(found)]
    return {"testResult": {"metrics": {"fields": fields, "items": [value for _l, value in found]}, "failedVerb": None}}
