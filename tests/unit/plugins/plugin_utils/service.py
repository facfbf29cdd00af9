# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal Catchpoint API on a socket: it has some tests, issues tokens and records requests."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional
from urllib.parse import parse_qs, urlsplit

from ansible_collections.community.catchpoint.tests.unit.clock import NOW
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures import payloads


class Service:
    """Serves v2 (raw and aggregated data, enumeration, nodes, tests) and v1 (token, raw data of a test, nodes)."""

    def __init__(self, tests: Iterable[int] = (1, 2, 3), keys: Iterable[str] = ("the-key", "another-key")) -> None:
        self.tests = {number: (number, f"Test {number}") for number in tests}
        self.keys = set(keys)
        self.refused: set[str] = set()  # v1 tokens
        self.unknown_id = 200  # status of a response about an unknown test: 200 or 400
        self.status = 0  # responds with this status, unless 0
        self.usage: dict[str, Any] = {}
        self.newest: Optional[str] = "11:59:00"  # None: a minute ago
        self.steps: list[tuple[str, float]] = []  # of aggregated data: start, and number of runs
        self.noon = True  # whether the service's time is always 2026-11-23T12:00:00Z
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.logins = 0
        self.hold = threading.Event()
        self.hold.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def paths(self) -> dict[str, int]:
        """The number of requests for each path, by its last part."""
        return dict(Counter(path.rpartition("/")[2] for path, _params in self.requests))

    @property
    def ids(self) -> list[list[int]]:
        """The tests of each request for raw data."""
        return [
            [int(one) for one in (params.get("testIds") or path.rpartition("/")[2]).split(",")]
            for path, params in self.requests
            if "raw" in path or "performance" in path
        ]

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, Any]:
        if self.status:
            return self.status, {"errors": [{"id": "x", "message": "Not today."}], "completed": False}
        if path.endswith("/explorer/enumeration"):
            metrics = {1: "Test Time (ms)", 15: "% Availability", 61: "# Runs"}
            return 200, payloads.enumeration({1: "Minutes5"}, metrics)
        if path.endswith("/explorer/raw"):
            return self._raw([int(one) for one in params["testIds"].split(",")])
        if path.endswith("/explorer/aggregated"):
            tests = [self.tests[int(one)] for one in params["testIds"].split(",")]
            steps = [payloads.Run(time, (1200.0, 100.0, runs), test) for test in tests for time, runs in self.steps]
            return 200, payloads.v2_table(*steps, by=["test"])
        if path.endswith("/nodes/all"):
            return 200, payloads.v2_list("nodes", payloads.v2_node(payloads.BERLIN), payloads.v2_node(payloads.OSLO))
        if path.endswith("/nodes/groups"):
            return 200, payloads.v2_list("nodeGroups", {"id": 7, "name": "x in Europe"})
        if path.endswith("/favoritechart"):
            return 200, payloads.v2_list("favoriteCharts", {"id": 9, "name": "Shop"})
        if path.endswith("/tests/alerts"):
            return 200, payloads.v2_list("alerts")
        if path.endswith("/errors/raw"):
            return 200, payloads.v2_list("responseItems", {"metrics": [], "items": []})
        if path.endswith("/slo/7"):
            return 200, payloads.v2_list("slos", {"id": 7, "name": "x", "goal": 99.9, "testIds": [1]})
        if path.endswith("/slo/violations"):
            return 200, payloads.v2_list("violations")
        kind = path.rpartition("/")[2]
        if kind in ("products", "folders", "labels"):
            return 200, payloads.v2_list(kind, {"id": 5, "name": "x and y", "status": {"id": 0, "name": "Active"}})
        if "/tests/" in path:
            return self._by_id([int(one) for one in path.rpartition("/")[2].split(",")])
        return 404, {"errors": [{"id": "x", "message": f"There is no {path}."}], "completed": False}

    def _by_id(self, ids: list[int]) -> tuple[int, Any]:
        if not set(ids) <= set(self.tests):
            return 404, payloads.v2({}, errors=[{"id": "x", "message": "Some test was not found."}], completed=False)
        return 200, payloads.v2_list("tests", *(payloads.named(self.tests[one]) for one in ids))

    def _raw(self, ids: list[int]) -> tuple[int, Any]:
        unknown = [str(one) for one in ids if one not in self.tests]
        if unknown:
            words = "Test id {} was not found." if self.unknown_id == 200 else "No valid Test found for input '{}'."
            errors = [{"id": "x", "message": words.format(one)} for one in unknown]
            return self.unknown_id, payloads.v2({}, errors=errors, completed=False)
        newest = self.newest or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - 60))
        runs = [payloads.Run(newest, (1200.0, 100.0, 1.0), self.tests[one]) for one in ids]
        return 200, {**payloads.v2_table(*runs), **({"usageLimits": self.usage} if self.usage else {})}


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            service.requests.append((url.path, {name: values[0] for name, values in parse_qs(url.query).items()}))
            service.hold.wait(10)
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if given not in service.keys or given in service.refused:
                self._send(401, {"errors": [{"id": "x", "message": "Invalid Token"}], "completed": False})
            else:
                self._send(*service.answer(url.path, service.requests[-1][1]))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            service.hold.wait(10)
            if form["client_secret"][0] not in service.keys:
                self._send(401, {"error": "invalid_client"})
                return
            service.logins += 1
            token = f"token-{service.logins}-for-{form['client_secret'][0]}"
            service.keys.add(token)
            self._send(200, {"access_token": token, "expires_in": 1800})

        def _send(self, status: int, payload: Any) -> None:
            body = json.dumps(payload).encode()
            self.send_response_only(status)
            self.send_header("Date", "Mon, 23 Nov 2026 12:00:00 GMT" if service.noon else formatdate(usegmt=True))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            return

    return Handler
