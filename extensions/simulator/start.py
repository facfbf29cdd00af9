# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Starts the simulator from a test, the demo or a benchmark.

with running(limits="off") as simulator:
    simulator.control("PUT", "/faults", [{"path": "/api/v2/nodes*", "kind": "status", "status": 503, "times": 2}])
    ... simulator.url, simulator.api_key ...
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union
from urllib.parse import urlsplit

PROGRAM = Path(__file__).resolve().parent
_START_SECONDS = 20.0
_END_SECONDS = 5.0


class SimulatorError(RuntimeError):
    """The simulator did not start, or refused a control call."""


class Running:
    """A running simulator; members as in the line that it prints."""

    def __init__(self, line: Mapping[str, Any], process: subprocess.Popen[str] | None = None) -> None:
        self.url: str = str(line["url"])
        self.pid: int = int(line["pid"])
        self.api_key: str = str(line["api_key"])
        self.client_id: str = str(line["client_id"])
        self.client_secret: str = str(line["client_secret"])
        self.ca: Optional[str] = line.get("ca")
        self.process = process

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that point the collection's plugins here (v2)."""
        result = {"CATCHPOINT_BASE_URL": self.url, "CATCHPOINT_API_KEY": self.api_key}
        if self.ca:
            result["CATCHPOINT_CA_PATH"] = self.ca
        return result

    @property
    def environment_v1(self) -> dict[str, str]:
        """The same with the credentials of v1."""
        result = {name: value for name, value in self.environment.items() if name != "CATCHPOINT_API_KEY"}
        return {**result, "CATCHPOINT_CLIENT_ID": self.client_id, "CATCHPOINT_CLIENT_SECRET": self.client_secret}

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one plain request; `body` may be bytes, or data that is sent as JSON."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.ca)
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=30, context=context
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        payload = body if body is None or isinstance(body, bytes) else json.dumps(body).encode("utf-8")
        try:
            connection.request(method, path, payload, dict(headers or {}))
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Calls the control API; `path` is the part after /_simulator. Returns the response's data."""
        status, _headers, payload = self.request(method, f"/_simulator/{path.lstrip('/')}", body)
        data = json.loads(payload or b"null")
        if status != 200:
            raise SimulatorError(f"{method} /_simulator/{path.lstrip('/')}: {data}")
        return data

    # Shorthands for what tests do most often.

    def reset(self) -> None:
        """Restores the state at the start."""
        self.control("POST", "/reset")

    def requests(self) -> list[dict[str, Any]]:
        """The requests so far, without control calls."""
        found: list[dict[str, Any]] = self.control("GET", "/requests")["requests"]
        return found

    def count(self, path: str | None = None) -> int:
        """The number of requests, in total or for a path."""
        data = self.control("GET", "/requests")
        return int(data["total"] if path is None else data["by_path"].get(path, 0))

    def switch(self, **values: Any) -> None:
        self.control("PUT", "/switches", values)

    def fault(self, path: str, kind: str, **order: Any) -> None:
        self.control("PUT", "/faults", [{"path": path, "kind": kind, **order}])

    def stop(self) -> None:
        """Ends the process that was started here."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    scenario: Union[str, Path, Mapping[str, Any], None] = None,
    limits: str | None = None,
    switches: Mapping[str, Any] | None = None,
    api_keys: Sequence[str] = (),
    client_id: str | None = None,
    client_secret: str | None = None,
    now: str | None = None,
    speed: float | None = None,
    tls: bool = False,
    port: int = 0,
    python: str | None = None,
    more: Sequence[str] = (),
) -> Running:
    """Starts a simulator that ends with this process at the latest; the caller stops it with `.stop()`.

    `scenario` is a file, a built-in name, or the scenario itself. `more` are further command line arguments.
    """
    command = [python or sys.executable, str(PROGRAM), "--port", str(port), "--parent-pid", str(os.getpid())]
    stated: Optional[str] = None
    if isinstance(scenario, Mapping):
        handle, stated = tempfile.mkstemp(prefix="catchpoint-scenario-", suffix=".json")
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(scenario, file)
    elif scenario is not None:
        stated = str(scenario)
    pairs: list[tuple[str, Any]] = [
        ("--scenario", stated),
        ("--limits", limits),
        ("--client-id", client_id),
        ("--client-secret", client_secret),
        ("--now", now),
        ("--speed", speed),
        *(("--switch", f"{name}={_text(value)}") for name, value in (switches or {}).items()),
        *(("--api-key", key) for key in api_keys),
    ]
    # One argument with "=": a value may begin with a dash.
    command += [f"{name}={value}" for name, value in pairs if value is not None]
    command += [*(["--tls"] if tls else []), *more]
    try:
        return _started(command)
    finally:
        if isinstance(scenario, Mapping) and stated:
            os.unlink(stated)


def _text(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _started(command: Sequence[str]) -> Running:
    # The server inherits stderr, so that its errors appear with those of this process.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    ready, _write, _error = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
    line = process.stdout.readline() if ready else ""
    if not line:
        process.kill()
        process.wait()
        raise SimulatorError(f"the simulator did not start; its exit status is {process.returncode}")
    return Running(json.loads(line), process)


@contextlib.contextmanager
def running(**options: Any) -> Iterator[Running]:
    """Options as for start(); the simulator ends with the block."""
    simulator = start(**options)
    try:
        yield simulator
    finally:
        simulator.stop()
        if simulator.process is not None and simulator.process.stdout is not None:
            simulator.process.stdout.close()
