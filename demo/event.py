# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Receives the webhook of an alert where ansible-rulebook would, so that the demo needs no Java."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml
from eda.plugins.event_filter import catchpoint_event
from simulator.start import Running

HERE = Path(__file__).resolve().parent
RULEBOOK = Path(catchpoint_event.__file__).parents[2] / "rulebooks" / "alert_gate.yml"

EXPLANATION = """\
The simulator posts the webhook of an alert in the form that Catchpoint documents. A small receiver of the demo stands
in for ansible-rulebook, which needs Java, and for its token and throttle. The event filter that reads the webhook is
real, and so is the playbook: the rulebook community.catchpoint.alert_gate starts it. The filter read:
"""


# A failure for certain: usually, only every sixth run of the test fails.
OUTAGE = {"at": "start-15m", "failure_rate": 1.0}


def posted(simulator: Running, alert: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a webhook that the simulator posts, as a source of ansible-rulebook gives it to filters."""
    events: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            events.append({"payload": json.loads(body), "meta": {"endpoint": self.path.strip("/")}})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.timeout = 30
        thread = Thread(target=server.handle_request, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/catchpoint"
        simulator.control("PUT", "/change", {"test_id": alert["test_id"], **OUTAGE})
        simulator.control("POST", "/webhook", {"url": url, "alert": alert})
        thread.join()
    return events[0]


def playbook_of(event: Mapping[str, Any]) -> str:
    """The playbook that the rulebook starts for an alert that is critical: its first rule."""
    found = event["catchpoint"]
    if (found["kind"], found["level"]) != ("alert", "critical"):
        raise ValueError(f"The event is not a critical alert: {found}")
    rule = yaml.safe_load(RULEBOOK.read_text(encoding="utf-8"))[0]["rules"][0]
    return str(rule["action"]["run_playbook"]["name"])


def started_by(simulator: Running, alert: Mapping[str, Any], variables: Path) -> tuple[str, ...]:
    """Explains the event, and returns the arguments of the ansible-playbook that it starts."""
    print(EXPLANATION, flush=True)
    event = catchpoint_event.main(posted(simulator, alert))
    found = event["catchpoint"]
    for name in ("kind", "level", "test_id", "test_name", "alert_type", "key"):
        print(f"    {name}: {found[name]}")
    print(flush=True)
    variables.parent.mkdir(parents=True, exist_ok=True)
    variables.write_text(json.dumps({"catchpoint_alert": found}), encoding="utf-8")
    return (playbook_of(event), "--extra-vars", f"@{os.path.relpath(variables, HERE)}")
