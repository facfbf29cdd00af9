# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of a window, or those that are still open.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import ALERT_TYPES
from ansible_collections.community.catchpoint.plugins.module_utils._api.filters import alert_matches
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Alert
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import AlertFilter
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._operations._event_tests import (
    TEST_OPTIONS,
    requested_tests,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._time import window

# The service's own default, and how long ago an alert that is still open may have been raised.
_START, _START_OF_OPEN = "-24h", "-7d"


def alert_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The alerts that match the filters, the newest first."""
    if options["open"] and options["end"]:
        raise OptionError("open selects the alerts that are open now, so it cannot be combined with end. Remove end.")
    default = _START_OF_OPEN if options["open"] else _START
    span = window(options["start"] or default, options["end"] or "now", options["tz"] or None, client.now())
    wanted = AlertFilter(requested_tests(client, options), options["level"], options["type"])
    if options["open"]:
        # Whether an alert is open depends on the levels of all alerts that followed it.
        read = client.alerts(AlertFilter(wanted.test_ids, None, wanted.type), span)
        found = [alert for alert in open_alerts(read.inside) if alert_matches(alert, wanted)]
    else:
        read = client.alerts(wanted, span)
        found = read.inside
    if read.contradiction is not None:
        client.warn(read.contradiction.of_result)
    newest_first = sorted(found, key=lambda alert: str(alert.time), reverse=True)
    return {
        "window": span.as_dict(),
        "complete": read.contradiction is None,
        "alerts": [_result(alert) for alert in newest_first],
    }


def open_alerts(alerts: Iterable[Alert]) -> list[Alert]:
    """The newest alert of each test, type and node, unless the service reported later that it improved.

    An improvement without a node is about the whole test, and ends the alerts of its nodes as well.
    """
    newest: dict[tuple[Any, Any, Any], Alert] = {}
    # Of alerts at the same time, an improvement comes first, so that in doubt an alert is open.
    for alert in sorted(alerts, key=lambda one: (str(one.time), one.level != "improved")):
        if alert.level != "improved":
            newest[alert.test_id, alert.type, alert.node_id] = alert
            continue
        for key in [key for key in newest if key[:2] == (alert.test_id, alert.type)]:
            if alert.node_id in (None, key[2]):
                del newest[key]
    return list(newest.values())


def _result(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "level": alert.level,
        "test_id": alert.test_id,
        "test_name": alert.test_name,
        "type": alert.type,
        "raised": alert.time,
        "node": alert.node,
        "node_id": alert.node_id,
        "acknowledged_by": alert.acknowledged_by,
        "url": alert.url,
        "labels": alert.labels or {},
    }


OPERATION = Operation(
    arguments={
        **TEST_OPTIONS,
        "level": {"type": "str", "choices": ["warning", "critical", "improved"]},
        "type": {"type": "str", "choices": list(ALERT_TYPES)},
        "open": {"type": "bool", "default": False},
        "start": {"type": "str"},
        "end": {"type": "str"},
        "tz": {"type": "str"},
    },
    rules={},
    run=alert_info,
)
