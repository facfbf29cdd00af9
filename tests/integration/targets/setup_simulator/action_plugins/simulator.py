# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Starts, controls and stops the simulator of the collection; a task takes about 20 ms.

    simulator: {start: {limits: "off", switches: {gzip: true}}}       register it as "simulator"
    simulator: {reset: true, faults: [{path: /api/v2/nodes*, kind: html}], switches: {no_rows: "404"}}
    simulator: {alerts: [{test_id: 81095, level: Critical}], clock: {advance: 10m}}
    simulator: {requests: true, instant: true}
    simulator: {stop: true}

Members of start are the arguments of the simulator's start.py; all other options are those of its control API: tests,
slos, outages, alerts and webhooks are lists. All but start use the simulator in the variable "simulator", or in "at".
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from pathlib import Path
from typing import Any

import ansible_collections.community.catchpoint as collection
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

# In the order in which they are carried out.
CONTROL = {
    "reset": [("POST", "reset")],
    # Resets everything except recorded requests and tokens.
    "settle": [
        ("DELETE", "faults"),
        ("DELETE", "switches"),
        ("DELETE", "limits"),
        ("PUT", "limits"),
        ("DELETE", "replay"),
    ],
    "forget": [("DELETE", "requests")],
    "credentials": [("PUT", "credentials")],
    "switches": [("PUT", "switches")],
    "limits": [("PUT", "limits")],
    "tests": [("PUT", "test")],
    "slos": [("PUT", "slo")],
    "outages": [("PUT", "outage")],
    "change": [("PUT", "change")],
    "alerts": [("PUT", "alert")],
    "clock": [("PUT", "clock")],
    "replay": [("PUT", "replay")],
    "faults": [("PUT", "faults")],
    "expire_tokens": [("DELETE", "tokens")],
    "webhooks": [("POST", "webhook")],
}
# Options that are lists, whose entries are sent one by one.
ONE_BY_ONE = ("tests", "slos", "outages", "alerts", "webhooks")
# Options that read data.
READ = ("requests", "instant", "tokens")


class ActionModule(ActionBase):
    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        starter = _starter()
        if "start" in arguments:
            # The worker process ends with this task, but the simulator may run as long as the playbook.
            options = {"limits": "off", **(arguments["start"] or {})}
            running = starter.start(**options, more=["--parent-pid", str(os.getppid())])
            members = ("url", "pid", "api_key", "client_id", "client_secret", "ca")
            return {"changed": False, **{name: getattr(running, name) for name in members}}
        target = arguments.pop("at", None) or task_vars.get("simulator")
        if arguments.pop("stop", False):
            if target and "pid" in target:
                os.kill(target["pid"], signal.SIGTERM)
            return {"changed": False}
        return {"changed": False, **self.control(target, arguments)}

    @staticmethod
    def control(target: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        """Applies a task's arguments to a simulator, given the result of its "start"."""
        return _controlled(_starter().Running(target), arguments)


def _controlled(running: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    reads = {name for name in READ if arguments.pop(name, False)}
    unknown = set(arguments) - set(CONTROL)
    if unknown:
        raise AnsibleError(
            f"simulator does not have an option {sorted(unknown)[0]!r}. Use one of {', '.join(CONTROL)}."
        )
    for name, calls in CONTROL.items():
        if name not in arguments:
            continue
        # settle turns everything off.
        bodies = arguments[name] if name in ONE_BY_ONE else ["off" if name == "settle" else arguments[name]]
        for body in bodies:
            for method, path in calls:
                running.control(method, path, body if method == "PUT" or name == "webhooks" else None)
    result = running.control("GET", "requests") if "requests" in reads else {}
    if "instant" in reads:
        result["instant"] = running.control("GET", "instant")
    if "tokens" in reads:
        result["tokens"] = [one["token"] for one in running.control("GET", "credentials")["tokens"]]
    return result


def _starter() -> Any:
    """extensions/simulator/start.py of this collection."""
    name = "catchpoint_simulator_start"
    if name not in sys.modules:
        path = Path(next(iter(collection.__path__))) / "extensions" / "simulator" / "start.py"
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
