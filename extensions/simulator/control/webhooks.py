# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Posts webhooks: POST /_simulator/webhook."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from ..api import analytics, webhooks
from ..service.messages import ApiError, Json, Request
from ..service.simulator import Simulator
from ..world import times
from ..world.model import Alert
from ..world.runs import Run

_COMMON = {"url", "headers", "kind", "template", "copies", "timeout"}
_MEMBERS = {
    "alert": _COMMON | {"alert", "alert_id"},
    "test_data": _COMMON | {"test_id", "version", "count"},
}
# Seconds that Catchpoint's agents wait for the response.
_TIMEOUT = 20.0
_HOUR = 3600.0
_MOST_READ = 10_000


def post(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """Posts an alert, or the newest runs of a test, to `url`. Reports each response; status 0 is a connection error."""
    order = request.json()
    kind = str(order.get("kind", "alert")) if isinstance(order, dict) else ""
    if kind not in _MEMBERS:
        raise ApiError(400, "the body must be an object with url, and kind alert or test_data")
    unknown = set(order) - _MEMBERS[kind]
    if unknown or not order.get("url"):
        text = f"unknown member {sorted(unknown)[0]!r}" if unknown else "url is missing"
        raise ApiError(400, f"{text}; there are {', '.join(sorted(_MEMBERS[kind]))}")
    bodies = _alert_bodies(sim, order) if kind == "alert" else _test_data_bodies(sim, order)
    # Deliveries happen at least once: copies show how a receiver handles a repetition.
    sent = [_send(order, body) for body in bodies for _copy in range(int(order.get("copies", 1)))]
    return {"sent": sent}


def _alert_bodies(sim: Simulator, order: Json) -> list[str]:
    with sim.lock:
        alert = (
            _stored_alert(sim, str(order["alert_id"]))
            if "alert_id" in order
            else sim.world.add_alert(order["alert"], sim.now())
        )
        if not sim.raised(alert):
            return []
        if "template" in order:
            return [webhooks.alert_from_template(sim, alert, order["template"] or webhooks.ALERT_TEMPLATE)]
        return [json.dumps(webhooks.alert_body(sim, alert))]


def _stored_alert(sim: Simulator, identifier: str) -> Alert:
    for alert in sim.world.alerts:
        if alert.id == identifier:
            return alert
    raise ApiError(400, f"alert {identifier} does not exist")


def _test_data_bodies(sim: Simulator, order: Json) -> list[str]:
    test = sim.world.tests.get(int(order["test_id"]))
    if test is None:
        raise ApiError(400, f"test {order['test_id']} does not exist")
    version = int(order.get("version", 4))
    if version not in (3, 4):
        raise ApiError(400, f"version {version} is not 3 or 4")
    now = sim.now()
    runs: list[Run] = analytics.runs_of(sim, [test], now - 24 * _HOUR, now)[-int(order.get("count", 1)) :]
    if "template" in order:
        template = order["template"] or webhooks.TEST_DATA_TEMPLATE
        return [webhooks.run_from_template(sim, run, template) for run in runs]
    return [json.dumps(webhooks.run_body(sim, run, version)) for run in runs]


def _send(order: Json, body: str) -> Json:
    headers = {"Content-Type": "application/json", "User-Agent": "catchpoint-simulator"}
    headers.update({str(name): str(value) for name, value in dict(order.get("headers") or {}).items()})
    url = str(order["url"])
    if not url.startswith(("http://", "https://")):
        raise ApiError(400, f"url {url!r} does not start with http:// or https://")
    result: Json = {"status": 0, "body": body, "response": ""}
    outgoing = urllib.request.Request(url, body.encode("utf-8"), headers, method="POST")
    try:
        with urllib.request.urlopen(outgoing, timeout=float(order.get("timeout", _TIMEOUT))) as response:
            result.update(status=response.status, response=response.read(_MOST_READ).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        result.update(status=error.code, response=error.read(_MOST_READ).decode("utf-8", "replace"))
    except OSError as error:
        result.update(error=f"{type(error).__name__}: {error}")
    return result


def describe(sim: Simulator, alert: Alert) -> Json:
    return {"id": alert.id, "at": times.iso(sim.world.time(alert.at)), "raised": sim.raised(alert)}
