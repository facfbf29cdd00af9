# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event filter that reads Catchpoint's alert and test-data webhooks.

ansible-rulebook runs this file by itself, so it imports nothing of the collection.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Optional

DOCUMENTATION = r"""
short_description: Read the alert and test-data webhooks of Catchpoint
description:
  - Adds C(event.catchpoint) to an event that a webhook of Catchpoint caused, whatever its form. It accepts the default
    JSON of alerts, the template of the events guide, whose values are all text, and the default JSON of test data in
    both versions, or a template with C(TestId), C(NodeId) and C(Timestamp).
  - C(event.catchpoint) has C(kind) (C(alert), C(test_data) or C(unknown)), C(level) (C(warning), C(critical) or
    C(improved)), C(resolved), C(failed) (of test data), C(key), C(test_id), C(test_name), C(url), C(product),
    C(alert_type), C(nodes) (each with C(id), C(name), C(error_code) and C(http_status)), C(raised), C(labels) and
    C(metrics).
  - C(key) is the same for all alerts of an incident, and for all failed runs of a test. Use it to throttle.
  - The payload stays as it is. A body in another form gets the kind C(unknown) and one line in the log.
options:
  host_label:
    description:
      - The label of the test whose values are the hosts of the event (C(event.meta.hosts)), so that
        C(run_playbook) is limited to them.
      - The default JSON of alerts has no labels, so this needs the template, or test data.
    type: str
"""

EXAMPLES = r"""
- eda.builtin.webhook:
    host: 0.0.0.0
    port: 8080
    token: "{{ catchpoint_webhook_token }}"
  filters:
    - community.catchpoint.catchpoint_event:
        host_label: host
"""

logger = logging.getLogger(__name__)

# NotificationLevel and ReportAlertType of REST API v2.
_LEVELS = {0: "warning", 1: "critical", 3: "improved"}
_ALERT_TYPES = {
    1: "exits", 2: "byte_length", 3: "content_match", 4: "host_failure", 5: "http_header_match", 6: "tag_failure",
    7: "response_time", 8: "traffic", 9: "page_failure", 10: "custom_test_data", 11: "script_failure", 12: "ping",
    13: "requests", 14: "content_zone", 15: "availability", 16: "address", 17: "dns", 18: "glimpse_counter",
    19: "glimpse_rate", 20: "path", 21: "score", 22: "wifi", 23: "asn", 24: "web_page_test", 25: "endpoint",
    26: "experience_score", 27: "internet_weather", 28: "ecn", 29: "tracing", 30: "division_wide",
}  # fmt: skip

# Members of test data whose metric has another name in the API; all others are the same word in snake_case.
_METRICS = {
    "Total": "test_time",
    "Wire": "wire_time",
    "Client": "client_time",
    "FirstContentfulPaintTime": "first_contentful_paint",
    "FirstPaintTime": "first_paint",
    "VisuallyCompleteTime": "visually_complete",
    "RoundTripTimeAvg": "ping_round_trip",
    "PacketLossPct": "ping_packet_loss",
}
# Members of test data by template that are not metrics.
_NOT_METRICS = {
    "TestId", "NodeId", "Timestamp", "TimestampEpoch", "ReportWindow", "Asn", "DivisionId", "ClientId", "Error",
}  # fmt: skip
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?")


def main(event: dict[str, Any], host_label: Optional[str] = None) -> dict[str, Any]:
    """Adds ``catchpoint`` to the event, and the hosts that the label names to its ``meta``."""
    payload = event.get("payload", event)
    found = _read(payload) if isinstance(payload, Mapping) else None
    if found is None:
        logger.warning(
            "catchpoint_event: the body is not a webhook of Catchpoint in a known form (%s)", _shape(payload)
        )
        return {**event, "catchpoint": {"kind": "unknown"}}
    result = {**event, "catchpoint": found}
    hosts = found["labels"].get(host_label, []) if host_label else []
    if hosts:
        meta = event.get("meta")
        result["meta"] = {**(meta if isinstance(meta, Mapping) else {}), "hosts": hosts}
    return result


def _shape(payload: Any) -> str:
    """A short description of a body for one line of the log, without its values, which may be secret."""
    if not isinstance(payload, Mapping):
        return type(payload).__name__
    return ", ".join(repr(name[:40]) for name in sorted(map(str, payload))[:8])


def _read(payload: Mapping[str, Any]) -> Optional[dict[str, Any]]:
    """The value of ``catchpoint``; None for a body that is not one of Catchpoint's webhooks."""
    if _number(payload.get("TestId")) is not None:
        if "NotificationLevelId" in payload:
            return _default_alert(payload)
        if isinstance(payload.get("Summary"), Mapping):
            return _default_test_data(payload)
        if "NodeId" in payload and "Timestamp" in payload:
            return _test_data_by_template(payload)
    if payload.get("source") == "catchpoint" and _number(payload.get("testId")) is not None and "level" in payload:
        return _alert_by_template(payload)
    return None


# Alerts


def _default_alert(payload: Mapping[str, Any]) -> dict[str, Any]:
    detail, setting, times = (_section(payload, name) for name in ("TestDetail", "Setting", "Timestamp"))
    first = _section(times, "Create").get("Utc")
    raised = _section(times, "ReportInterval").get("Utc") or times.get("ProcessingUtc") or first
    nodes = _section(payload, "Condition").get("Nodes")
    return _alert(
        level=payload.get("NotificationLevelId"),
        test_id=payload.get("TestId"),
        type_id=setting.get("AlertTypeId"),
        type_name=None,
        first=first or raised,
        raised=_time(raised),
        test_name=_text(detail.get("Name")),
        url=_text(detail.get("Url")),
        product=_text(detail.get("ProductName")),
        nodes=[_node(node) for node in nodes if isinstance(node, Mapping)] if isinstance(nodes, list) else [],
        labels=_labels(detail.get("Labels")),
    )


def _alert_by_template(payload: Mapping[str, Any]) -> dict[str, Any]:
    return _alert(
        level=payload.get("level"),
        test_id=payload.get("testId"),
        type_id=payload.get("typeId"),
        type_name=payload.get("type"),
        first=payload.get("firstRaised") or payload.get("raised"),
        raised=_time(payload.get("raised")),
        test_name=_text(payload.get("test")),
        url=_text(payload.get("url")),
        product=_text(payload.get("product")),
        nodes=_nodes_of_text(_text(payload.get("nodes")) or ""),
        labels=_labels(payload.get("labels")),
    )


def _alert(
    *, level: Any, test_id: Any, type_id: Any, type_name: Any, first: Any, raised: Optional[str], **members: Any
) -> dict[str, Any]:
    number = _number(level)
    word = _LEVELS.get(number) if number is not None else _slug(level)
    kind = _ALERT_TYPES.get(_number(type_id) or 0) or _slug(type_name)
    test = _number(test_id)
    return {
        "kind": "alert",
        "level": word,
        "resolved": word == "improved",
        "failed": None,
        # All alerts of an incident have the same first trigger.
        "key": f"{test}-{kind or 'alert'}-{first or 0}",
        "test_id": test,
        "alert_type": kind,
        "raised": raised,
        "metrics": {},
        **members,
    }


def _node(node: Mapping[str, Any]) -> dict[str, Any]:
    failure = _section(node, "PageFailure")
    return {
        "id": _number(node.get("Id")),
        "name": _text(node.get("Name")),
        "error_code": _number(failure.get("ErrorCode")),
        "http_status": _number(failure.get("HttpStatusCode")),
    }


def _nodes_of_text(text: str) -> list[dict[str, Any]]:
    """The nodes of ``name|id|error code;`` for each node; the id may be missing."""
    found = []
    for part in text.split(";"):
        name, *numbers = part.split("|")
        if name.strip():
            node_id, code = (None, numbers[0]) if len(numbers) == 1 else (*numbers, None, None)[:2]
            found.append(
                {"id": _number(node_id), "name": name.strip(), "error_code": _number(code), "http_status": None}
            )
    return found


# Test data


def _default_test_data(payload: Mapping[str, Any]) -> dict[str, Any]:
    detail, summary = _section(payload, "TestDetail"), _section(payload, "Summary")
    errors = _section(summary, "Error")
    metrics = {**_section(summary, "Timing"), **_section(summary, "Ping"), **_section(summary, "Score")}
    return _test_data(
        payload,
        # A run without a failure omits the member Error.
        failed=any(_truth(value) for value in errors.values()),
        raised=summary.get("Timestamp"),
        code=_number(errors.get("Code")),
        metrics=metrics,
        test_name=_text(detail.get("Name")),
        url=_text(summary.get("Request")),
        labels=_labels(detail.get("Labels")),
    )


def _test_data_by_template(payload: Mapping[str, Any]) -> dict[str, Any]:
    return _test_data(
        payload,
        failed=_truth(payload.get("Error")),
        raised=payload.get("Timestamp"),
        code=None,
        metrics={name: value for name, value in payload.items() if name not in _NOT_METRICS},
        test_name=_text(payload.get("TestName")),
        url=_text(payload.get("Url")),
        labels=_labels(payload.get("Labels")),
    )


def _test_data(
    payload: Mapping[str, Any],
    *,
    failed: bool,
    raised: Any,
    code: Optional[int],
    metrics: Mapping[str, Any],
    **members: Any,
) -> dict[str, Any]:
    test_id = _number(payload.get("TestId"))
    values = {_METRICS.get(name) or _slug(name): _float(value) for name, value in metrics.items()}
    return {
        "kind": "test_data",
        "level": None,
        "resolved": False,
        "failed": failed,
        # Every node posts every run, and may post it again: one key for all failed runs of a test.
        "key": f"{test_id}-test_data-{'failed' if failed else 'ok'}",
        "test_id": test_id,
        "alert_type": None,
        "product": _text(payload.get("Product")),
        "nodes": [
            {
                "id": _number(payload.get("NodeId")),
                "name": _text(payload.get("NodeName")),
                "error_code": code,
                "http_status": None,
            }
        ],
        "raised": _time(raised),
        "metrics": {name: value for name, value in values.items() if name is not None and value is not None},
        **members,
    }


# Values


def _section(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> Optional[str]:
    return str(value) if value not in (None, "") and not isinstance(value, (Mapping, list)) else None


def _float(value: Any) -> Optional[float]:
    """A finite number, also written as text."""
    try:
        number = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < float("inf") else None


def _number(value: Any) -> Optional[int]:
    number = _float(value)
    return int(number) if number is not None and number == int(number) else None


def _truth(value: Any) -> bool:
    """A flag in any form: 1, "1", true, "True"."""
    return str(value).strip().lower() in ("1", "true", "yes") or (_float(value) or 0) > 0


def _slug(value: Any) -> Optional[str]:
    """A word in snake_case: "PageFailure" and "Page Failure" give page_failure."""
    text = _text(value)
    if text is None:
        return None
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", text)
    return words.strip("_").lower() or None


def _time(value: Any) -> Optional[str]:
    """A time in UTC as ISO 8601: from YYYYMMDDHHMMSSmmm, from seconds since 1970, or as it is."""
    text = _text(value)
    if text is None:
        return None
    try:
        match = _TIME.fullmatch(text)
        if match is not None:
            year, month, day, hour, minute, second = map(int, match.groups()[:6])
            moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
        elif text.isdigit():
            moment = datetime.fromtimestamp(int(text), timezone.utc)
        else:
            return text
    except (ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _labels(value: Any) -> dict[str, list[str]]:
    """Labels from a list of {name: [values]}, or from text such as ``team:web,host:web1``."""
    found: dict[str, list[str]] = {}
    if isinstance(value, str):
        for part in re.split(r"[,;]", value):
            name, separator, one = part.partition(":")
            if separator and name.strip() and one.strip():
                found.setdefault(name.strip(), []).append(one.strip())
    elif isinstance(value, list):
        for entry in value:
            for name, values in entry.items() if isinstance(entry, Mapping) else ():
                given = values if isinstance(values, list) else [values]
                found.setdefault(str(name), []).extend(str(one) for one in given if one is not None)
    return found
