# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Bodies of webhooks: the default JSON of alerts and of test data, and templates with macros."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ..service.messages import Json
from ..service.simulator import Simulator
from ..world import enums, times
from ..world.model import Alert, Node, Test
from ..world.runs import DNS_TYPE, Run

# A template in the style of third parties: every macro gives text.
ALERT_TEMPLATE = {
    "source": "catchpoint",
    "testId": "${testId}",
    "test": "${testName}",
    "url": "${testUrl}",
    "type": "${AlertType}",
    "typeId": "${AlertTypeId}",
    "level": "${notificationLevelId}",
    "product": "${productName}",
    "labels": "${testLabels}",
    "raised": "${AlertProcessingTimestampUtcEpoch}",
    "firstRaised": "${alertInitialTriggerDateUtcEpoch}",
    "nodes": "${nodeDetails(${nodeName}|${nodeId}|${nodePageFailureErrorCode};)}",
}
TEST_DATA_TEMPLATE = {
    "TestId": "${testid}",
    "TestName": "${testname}",
    "NodeId": "${nodeid}",
    "NodeName": "${nodename}",
    "Timestamp": "${timestamp}",
    "Total": "${timingtotal}",
    "Wait": "${timingwait}",
    "Error": "${errorany}",
}
# Seconds between raising an alert and processing it.
_PROCESSING = 72.0
_FAILURE_ALERTS = (4, 9, 11, 15)
_MACRO = re.compile(r"\$\{(\w+)(?:\(([^()]*)\))?\}")
_NODE_DETAILS = re.compile(r"\$\{nodeDetails\(((?:\$\{\w+\}|[^()])*)\)\}", re.IGNORECASE)
_TIMINGS = {
    "Total": "Test Time (ms)",
    "Connect": "Connect (ms)",
    "Dns": "DNS (ms)",
    "ContentLoad": "Content Load (ms)",
    "Load": "Load (ms)",
    "Send": "Send (ms)",
    "Ssl": "SSL (ms)",
    "Wait": "Wait (ms)",
    "Wire": "Wire Time (ms)",
    "Client": "Client Time (ms)",
    "DocumentComplete": "Document Complete (ms)",
    "DomLoad": "DOM Load (ms)",
    "FirstContentfulPaintTime": "First Contentful Paint (ms)",
    "RenderStart": "Render Start (ms)",
}
_COUNTERS = {"Connections": "# Connections", "Hosts": "# Hosts", "Requests": "# Items (Total)"}
# The member of Error that a kind of failure sets, beside Any.
_ERRORS = {1: "Dns", 2: "Connection", 3: "Connection", 4: "Load", 5: "Load", 6: "Timeout", 8: "Transaction"}


def _stamp(moment: float, digits: int = 17) -> str:
    """`YYYYMMDDHHMMSSmmm`, or its first digits."""
    text = re.sub(r"\D", "", times.iso(int(moment), 0))
    return f"{text}{int(moment * 1000) % 1000:03d}"[:digits]


def error_code(error: int) -> int:
    return 10_000 * error


# -- alerts ---


def _alert_nodes(sim: Simulator, alert: Alert, test: Test) -> list[Node]:
    identifiers = test.node_ids[:2] if alert.node_id is None else (alert.node_id,)
    return [sim.world.nodes[one] for one in identifiers if one in sim.world.nodes]


def _error_of(alert: Alert) -> int:
    """The kind of failure that a failure alert names."""
    return alert.error if alert.error is not None else 5


def alert_body(sim: Simulator, alert: Alert) -> Json:
    """The default JSON of an alert."""
    world = sim.world
    test = world.tests.get(alert.test_id) or Test(id=alert.test_id, name="")
    product = world.products.get(test.product_id)
    folder = world.folders.get(test.folder_id or 0)
    moment = world.time(alert.at)
    nodes = _alert_nodes(sim, alert, test)
    trigger: Json = {"TypeId": 1, "OperatorId": 2}
    trigger.update({"Warning": alert.warning} if alert.warning is not None else {})
    trigger.update({"Critical": alert.critical} if alert.critical is not None else {})
    first = _stamp(world.alert_first(alert))
    return {
        "Version": 1,
        "V": 1,
        "TestId": test.id,
        "NotificationLevelId": alert.level,
        "DivisionId": world.division_id,
        "ProductId": test.product_id,
        "Setting": {
            "AlertGroupId": 4400,
            "AlertGroupItemId": 9000 + alert.alert_type,
            "AlertTypeId": alert.alert_type,
            "AlertSubTypeId": alert.alert_subtype,
            "NodeThreshold": {"TypeId": 0, "NodeCount": len(nodes)},
            "TimeThreshold": max(1, alert.duration // 60),
            "Trigger": trigger,
        },
        "Timestamp": {
            "Create": {"Local": first, "Utc": first},
            "ReportInterval": {"Local": _stamp(moment), "Utc": _stamp(moment)},
            "ProcessingUtc": _stamp(moment + _PROCESSING),
        },
        "TestDetail": {
            "Name": test.name,
            "MonitorTypeId": test.monitor,
            "TypeId": test.type,
            "Path": "/".join(one.name for one in (product, folder) if one),
            "Url": test.url,
            "ClientName": "Example",
            "DivisionName": world.division_name,
            "ProductName": product.name if product else "",
        },
        "Condition": {
            "NodeCount": len(nodes),
            "NodePct": 100,
            "Runs": {"Detected": len(nodes), "Expected": len(nodes)},
            "Nodes": [_alert_node(alert, test, node) for node in nodes],
        },
    }


def _alert_node(alert: Alert, test: Test, node: Node) -> Json:
    result: Json = {
        "Id": node.id,
        "Name": node.name,
        "IpAddress": node.ip_ranges.partition("/")[0],
        "RemoteIpAddress": f"203.0.113.{test.id % 200 + 1}",
        "IsCritical": alert.level == 1,
    }
    if alert.alert_type in _FAILURE_ALERTS:
        error = _error_of(alert)
        failure = {"ErrorCode": error_code(error)}
        # Only a response has a status.
        result["PageFailure"] = {**failure, "HttpStatusCode": 503} if error == 5 else failure
    else:
        value = alert.critical if alert.critical is not None else test.median
        result["Triggered"] = {"Counter": 1, "Max": value, "Min": value, "Mean": value, "Median": value}
    return result


def _alert_macros(sim: Simulator, alert: Alert) -> dict[str, str]:
    world = sim.world
    test = world.tests.get(alert.test_id) or Test(id=alert.test_id, name="")
    product = world.products.get(test.product_id)
    moment, first = world.time(alert.at), world.alert_first(alert)
    labels = [f"{name}:{value}" for name, values in test.labels.items() for value in values]
    return {
        "testname": test.name,
        "testid": str(test.id),
        "testurl": test.url,
        "testpath": str(alert_body(sim, alert)["TestDetail"]["Path"]),
        "testlink": f"https://portal.example.com/ui/Test/{test.id}",
        "testtypeid": str(test.type),
        "monitortypeid": str(test.monitor),
        "testlabels": ",".join(labels),
        "productname": product.name if product else "",
        "productid": str(test.product_id),
        "divisionname": world.division_name,
        "clientid": str(world.client_id),
        "notificationlevelid": str(alert.level),
        "notificationlevel": enums.ALERT_LEVELS[alert.level],
        "alerttype": enums.ALERT_TYPES[alert.alert_type],
        "alerttypeid": str(alert.alert_type),
        "alertcreatedateutc": times.iso(first),
        "alertcreatedatelocal": times.iso(first),
        "reportdatelocal": times.iso(moment),
        "alertprocessingtimestamputc": times.iso(moment + _PROCESSING),
        "alertprocessingtimestamputcepoch": str(int(moment + _PROCESSING)),
        "alertinitialtriggerdateutcepoch": str(int(first)),
        "alerttriggertotal": str(len(_alert_nodes(sim, alert, test))),
        "alerttriggerpercentage": "100",
        "scatterplotcharturl": f"https://portal.example.com/ui/Alerts/{alert.id}",
        "waterfallcharturl": f"https://portal.example.com/ui/Alerts/{alert.id}",
    }


def alert_from_template(sim: Simulator, alert: Alert, template: object) -> str:
    """A template's text with the macros of an alert."""
    test = sim.world.tests.get(alert.test_id) or Test(id=alert.test_id, name="")
    nodes = []
    for node in _alert_nodes(sim, alert, test):
        code = str(error_code(_error_of(alert))) if alert.alert_type in _FAILURE_ALERTS else ""
        mean = "" if code else str(alert.critical if alert.critical is not None else test.median)
        nodes.append(
            {
                "nodename": node.name,
                "nodeid": str(node.id),
                "nodeserveraddress": f"203.0.113.{test.id % 200 + 1}",
                "nodeclientaddress": node.ip_ranges.partition("/")[0],
                "nodemean": mean,
                "nodepagefailureerrorcode": code,
            }
        )
    return _filled(_text(template), _alert_macros(sim, alert), nodes)


def _text(template: object) -> str:
    return template if isinstance(template, str) else json.dumps(template)


def _filled(text: str, macros: Mapping[str, str], nodes: list[dict[str, str]]) -> str:
    """The text with `${name}` and `${name(format)}` replaced. Unknown macros become empty; formats are ignored."""

    def filled_for(node: Mapping[str, str], inner: str) -> str:
        return _MACRO.sub(lambda one: _value(one, node), inner)

    def details(found: re.Match[str]) -> str:
        return "".join(filled_for(node, found.group(1)) for node in nodes)

    return _MACRO.sub(lambda one: _value(one, macros), _NODE_DETAILS.sub(details, text))


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    """The value of a macro; it stands inside a JSON string."""
    return json.dumps(known.get(found.group(1).lower(), ""), ensure_ascii=False)[1:-1]


# -- test data ---


def _present(run: Run, table: Mapping[str, str]) -> dict[str, float]:
    """Values by member; members without a value are omitted."""
    values = {name: run.value(key) for name, key in table.items()}
    return {name: int(value) if value.is_integer() else value for name, value in values.items() if value is not None}


def run_body(sim: Simulator, run: Run, version: int = 4) -> Json:
    """The default JSON of one run, in the form of 2016 (version 3) or of 2021 (version 4)."""
    world, test, node = sim.world, run.test, run.node
    stamp = _stamp(run.time + (run.draws[7] % 1000) / 1000)
    summary: Json = {"V": 1, "Timestamp": stamp, "Timing": _present(run, _TIMINGS), "Address": run.host_ip}
    if run.failed:
        member = _ERRORS.get(run.error)
        summary["Error"] = {"Any": 1, "Code": error_code(run.error), **({member: 1} if member else {})}
    if test.type != DNS_TYPE:
        summary["Byte"] = {
            "Response": _present(run, {"Content": "File Size", "TotalContent": "Total Downloaded Bytes"})
        }
        summary["Counter"] = _present(run, _COUNTERS)
    if run.value("Ping Round Trip (ms)") is not None:
        table = {"RoundTripTimeAvg": "Ping Round Trip (ms)", "PacketLossPct": "% Ping Packet Loss"}
        summary["Ping"] = _present(run, table)
    summary["Request"] = test.url
    detail: Json = {"Name": test.name, "TypeId": test.type, "MonitorTypeId": test.monitor}
    if test.labels:
        detail["Labels"] = [{name: list(values)} for name, values in test.labels.items()]
    body: Json = {
        "TestDetail": detail,
        "TestId": test.id,
        "ReportWindow": _stamp(run.time // 300 * 300, 12),
        "NodeId": node.id if node else 0,
        "NodeName": node.name if node else "",
        "Asn": node.provider.as_number if node else 0,
        "DivisionId": world.division_id,
        "ClientId": world.client_id,
        "Summary": summary,
    }
    if version == 3:
        return {"Version": 3, **body}
    return {"Version": 4, "V": 5, **body, "TestRuntime": stamp}


def run_from_template(sim: Simulator, run: Run, template: object) -> str:
    """A template's text with the macros of a run, such as `timing` plus a member of Timing."""
    body = run_body(sim, run)
    summary, detail = body["Summary"], body["TestDetail"]
    macros = {
        "testname": detail["Name"],
        "testtypeid": detail["TypeId"],
        "monitortypeid": detail["MonitorTypeId"],
        "timestamp": summary["Timestamp"],
        "timestampepoch": int(run.time),
        **{name.lower(): body[name] for name in ("TestId", "ReportWindow", "NodeId", "NodeName", "Asn", "DivisionId")},
        "clientid": body["ClientId"],
        **{f"timing{name.lower()}": value for name, value in summary["Timing"].items()},
        **{f"counter{name.lower()}": value for name, value in summary.get("Counter", {}).items()},
        **{f"byteresponse{name.lower()}": value for name, value in summary.get("Byte", {}).get("Response", {}).items()},
        "errorany": str(run.failed),
        **{f"error{name.lower()}": str(_ERRORS.get(run.error) == name) for name in set(_ERRORS.values())},
    }
    return _filled(_text(template), {name: str(value) for name, value in macros.items()}, [])
