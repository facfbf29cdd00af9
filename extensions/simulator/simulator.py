# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The simulator without sockets: its state, and the way from a request to an answer."""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

from .api import permissions
from .api import v1 as api_v1
from .api import v2 as api_v2
from .control import endpoints
from .control import faults as fault_rules
from .control.clock import Clock
from .control.faults import Faults
from .control.switches import Switches
from .server import limits as limit_rules
from .server.auth import Credentials
from .server.limits import Limits, Window
from .server.messages import JSON_TYPE, ApiError, Request, Response, gateway_page, json_response, text_response
from .world import times
from .world.fields import ScenarioError
from .world.instant import InstantTests
from .world.model import MOVED_INTERVALS, USUAL_INTERVALS, Alert, Interval, Test
from .world.world import World

CONTROL = "/_simulator"
TOKEN_PATH = "/ui/api/token"
_V2_PATH = re.compile(r"/api/v(\d+)(?:\.\d+)?(/.*|$)")
# A library's own User-Agent, as the gateway's browser check sees it.
_LIBRARIES = ("python-urllib", "python-requests", "ansible-httpget", "curl/", "go-http-client", "java/")
_MOST_LOGGED = 20_000
# Answers shorter than this are not worth compressing.
_GZIP_FROM = 1400


class Replayed:
    """A stored answer for a path."""

    def __init__(self, order: Mapping[str, Any], folder: Path) -> None:
        unknown = set(order) - {"path", "file", "body", "status", "content_type", "comment"}
        if unknown or "path" not in order or ("file" in order) == ("body" in order):
            raise ScenarioError("a replay has path and either file or body; and, if wanted, status and content_type")
        self.path = str(order["path"])
        self.status = int(order.get("status", 200))
        self.content_type = str(order.get("content_type", JSON_TYPE))
        self.source = str(order.get("file", "body"))
        if "file" in order:
            try:
                self.body = (folder / str(order["file"])).read_bytes()
            except OSError as error:
                raise ScenarioError(f"replay of {self.path}: {error}") from error
        else:
            body = order["body"]
            self.body = body.encode("utf-8") if isinstance(body, str) else json.dumps(body).encode("utf-8")

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "file": self.source, "status": self.status, "bytes": len(self.body)}


class Simulator:
    """State and dispatch. Handlers run in many threads: what they change, they change under `lock`."""

    def __init__(
        self,
        scenario: Mapping[str, Any],
        folder: Path | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self._scenario = dict(scenario)
        self._folder = folder or Path.cwd()
        self._options = dict(options or {})
        self.reset()

    def reset(self, scenario: Mapping[str, Any] | None = None, folder: Path | None = None) -> None:
        """Back to the state at the start of the process, or to the start of another scenario."""
        with self.lock:
            folder = folder or self._folder
            given = self._scenario if scenario is None else dict(scenario)
            options = self._options
            now_text = options.get("now") or given.get("now")
            speed = options.get("speed", given.get("speed"))
            now = None if now_text is None else times.expression(str(now_text), {"now": time.time()}, "now")
            clock = Clock(now, None if speed is None else float(speed))
            switches = Switches(given.get("switches"))
            switches.update(options.get("switches") or {})
            limits = options.get("limits")
            limits = given.get("limits", "vendor") if limits is None else limits
            credentials = Credentials(given.get("credentials", {}))
            credentials.add_keys(options.get("api_keys") or [])
            credentials.add_client(options.get("client_id"), options.get("client_secret"))
            world = World(given, clock.now())
            faults = Faults()
            faults.add(given.get("faults", []))
            replays = [Replayed(order, folder) for order in given.get("replay", [])]
            read_limits = limit_rules.read_limits(limits)
            # Nothing is replaced before everything could be read.
            self._files = folder
            self.clock, self.switches, self.world = clock, switches, world
            self.limits = Limits(read_limits)
            self.credentials, self.faults, self.replays = credentials, faults, replays
            self.instant = InstantTests()
            self._answers = 0
            self._trace = 0
            self.reset_log()

    # -- what was asked ---

    def reset_log(self) -> None:
        with self.lock:
            self.log: list[dict[str, Any]] = []
            self.total = self.logins = self.rejected = 0
            self.by_path: dict[str, int] = {}

    def _log(self, request: Request) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "number": self.total + 1,
            "time": times.iso(self.now()),
            "client": request.client,
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "params": dict(request.params),
            "status": None,
            "user_agent": request.headers.value("User-Agent"),
            "headers": dict(request.headers),
            "body": request.body[:100_000].decode("utf-8", "replace"),
            "fault": None,
        }
        with self.lock:
            self.total += 1
            self.by_path[request.path] = self.by_path.get(request.path, 0) + 1
            if request.path == TOKEN_PATH:
                self.logins += 1
            self.log.append(entry)
            if len(self.log) > _MOST_LOGGED:
                del self.log[: _MOST_LOGGED // 2]
        return entry

    # -- small things for the handlers ---

    def now(self) -> float:
        return self.clock.now()

    def next_answer(self) -> int:
        """The number of an analytics answer: its legend and rows are shuffled by it."""
        with self.lock:
            self._answers += 1
            return self._answers

    def trace_id(self) -> str:
        """A number of this response's own, in one of the forms that were seen."""
        with self.lock:
            self._trace += 1
            number = self._trace
        mode = self.switches["trace_ids"]
        if mode == "kestrel":
            return f"0HN4S3Q2M1C7K:{number:08X}"
        digits = hashlib.blake2b(f"trace {number}".encode(), digest_size=16).hexdigest()
        return digits if mode == "hex" else str(uuid.UUID(digits))

    def intervals(self) -> tuple[Interval, ...]:
        if self.world.intervals is not None:
            return self.world.intervals
        return MOVED_INTERVALS if self.switches["interval_ids"] == "moved" else USUAL_INTERVALS

    def forbidden_tests(self) -> set[int]:
        """Ids of tests that the credential has no right to see."""
        return {int(one) for one in self.switches.items("forbidden_tests") if one.isdigit()}

    def visible_tests(self) -> list[Test]:
        """All tests that lists show, by id."""
        hidden = self.forbidden_tests()
        return [test for identifier, test in sorted(self.world.tests.items()) if identifier not in hidden]

    def alerts_paused(self, test: Test) -> bool:
        return self.world.pauses.at(test, self.now()) is not None

    def visible_alerts(self) -> list[Alert]:
        """The alerts of tests that lists show; while alerts are paused, none is raised."""
        hidden = self.forbidden_tests()
        return [one for one in self.world.alerts if one.test_id not in hidden and self.raised(one)]

    def raised(self, alert: Alert) -> bool:
        test = self.world.tests.get(alert.test_id)
        return test is None or self.world.pauses.at(test, self.world.time(alert.at)) is None

    def client_of(self, request: Request) -> str:
        """What the limits count by."""
        if self.switches["limit_scope"] == "credential":
            return request.headers.value("Authorization") or request.client
        return request.client

    def limits_now(self) -> float:
        return time.time() if self.switches["limits_clock"] == "real" else self.now()

    def matches(self, wanted: str, text: str) -> bool:
        """A name filter."""
        if self.switches["name_match"] == "exact":
            return wanted.lower() == text.lower()
        return wanted.lower() in text.lower()

    # -- from request to answer ---

    def handle(self, request: Request) -> Response:
        if request.path == CONTROL or request.path.startswith(CONTROL + "/"):
            return endpoints.answer(self, request)
        entry = self._log(request)
        response = self._answer(request, entry)
        response.headers.setdefault("Date", formatdate(self.now(), usegmt=True))
        entry["status"] = response.status
        if response.status == 429:
            with self.lock:
                self.rejected += 1
        return self._compressed(request, response)

    def _answer(self, request: Request, entry: dict[str, Any]) -> Response:
        most = self.switches.number("max_url")
        if most and request.target_length > most:
            return gateway_page(414, 414)
        with self.lock:
            fault = self.faults.take(request)
            exceeded, left = self._counted(request, limited=fault is None)
        entry["fault"] = fault.kind if fault else None
        if fault and fault.kind not in fault_rules.CHANGES_ANSWER:
            return self._instead(request, fault)
        response = self._too_many(request, exceeded) if exceeded else self._route(request)
        mode = self.switches["limit_headers"]
        if left and (mode == "always" or (mode == "429" and exceeded)):
            self._add_limit_headers(response, left)
        return fault_rules.change(fault, response) if fault else response

    def _counted(self, request: Request, limited: bool) -> tuple[Window | None, Window | None]:
        """Count a request; returns the window that refuses it, and the one with the fewest requests left."""
        if not self._counts(request):
            return None, None
        client, now = self.client_of(request), self.limits_now()
        self.limits.model = self.switches["limit_window"]
        exceeded = self.limits.exceeded(client, now) if limited else None
        if exceeded is None or self.switches.on("limits_count_rejected"):
            self.limits.add(client, now)
        return exceeded, exceeded or self.limits.tightest(client, now)

    def _instead(self, request: Request, fault: fault_rules.Fault) -> Response:
        """The response of a fault that comes in place of the real one."""
        if fault.kind == "completed_false":
            return api_v2.completed_false(self, request, fault.order)
        if fault.kind == "expired_token":
            return self._expired(request, fault)
        return fault_rules.instead(fault, request, lambda status, text: self.error(request, ApiError(status, text)))

    def _add_limit_headers(self, response: Response, left: Window) -> None:
        period = f"1{left.window[0]}" if self.switches["limit_header_value"] == "period" else str(left.limit)
        response.headers["X-Rate-Limit-Limit"] = period
        response.headers["X-Rate-Limit-Remaining"] = str(max(left.remaining, 0))
        response.headers["X-Rate-Limit-Reset"] = times.iso(self.limits_now() + left.wait)

    def _counts(self, request: Request) -> bool:
        return request.path != TOKEN_PATH or self.switches.on("limits_count_logins")

    def _route(self, request: Request) -> Response:
        agent = request.headers.value("User-Agent").lower()
        if self.switches["user_agent_block"] == "libraries" and (not agent or agent.startswith(_LIBRARIES)):
            return gateway_page(403, 1010)
        try:
            if request.path == TOKEN_PATH:
                return api_v1.token(self, request)
            v1 = api_v1.path_of(request.path)
            if v1 is not None:
                api_v1.authorize(self, request)
                permissions.refuse(self, request, v1)
                return self._replayed(request) or api_v1.answer(self, request, v1)
            v2 = _V2_PATH.fullmatch(request.path)
            if v2 and int(v2.group(1)) >= 2:
                api_v2.authorize(self, request)
                permissions.refuse(self, request, v2.group(2).strip("/"))
                return self._replayed(request) or api_v2.answer(self, request, v2.group(2).strip("/"))
            raise ApiError(404, f"No resource at {request.path}.")
        except ApiError as error:
            return self.error(request, error)

    def add_replays(self, orders: Iterable[Mapping[str, Any]]) -> None:
        self.replays = [*self.replays, *(Replayed(order, self._files) for order in orders)]

    def _replayed(self, request: Request) -> Response | None:
        for one in reversed(self.replays):
            if fnmatch.fnmatchcase(request.path, one.path):
                return Response(one.status, one.body, {"Content-Type": one.content_type})
        return None

    def error(self, request: Request, error: ApiError) -> Response:
        """An error in the shape of the API generation that was asked."""
        if request.path.startswith("/ui/api/"):
            return api_v1.error_response(error)
        if request.path.startswith("/api/"):
            return api_v2.error_response(self, request, error)
        return json_response({"message": error.message}, error.status)

    def _expired(self, request: Request, fault: fault_rules.Fault) -> Response:
        if not request.path.startswith("/ui/api/"):
            return api_v2.error_response(self, request, ApiError(401, "Expired Token"))
        if fault.order.get("revoke", True):
            api_v1.revoke(self, request)
        return api_v1.bad_token(self, "Expired token")

    def _too_many(self, request: Request, exceeded: Window) -> Response:
        response = self._refusal(request, exceeded)
        mode, seconds = self.switches["retry_after"], limit_rules.seconds_to_wait(exceeded)
        if mode == "seconds":
            response.headers["Retry-After"] = str(seconds)
        elif mode == "fraction":
            response.headers["Retry-After"] = f"{exceeded.wait:.3f}"
        elif mode == "date":
            response.headers["Retry-After"] = formatdate(self.limits_now() + seconds, usegmt=True)
        return response

    def _refusal(self, request: Request, exceeded: Window) -> Response:
        mode = self.switches["body_429"]
        if mode == "none":
            return Response(429, b"", {})
        if mode == "html":
            return gateway_page(429, 1015)
        if mode == "text":
            # What the AspNetCoreRateLimit middleware says.
            period = f"1{exceeded.window[0]}"
            return text_response(f"API calls quota exceeded! maximum admitted {exceeded.limit} per {period}.", 429)
        text = f"quota exceeded: more than {exceeded.limit} requests in a {exceeded.window}"
        return self.error(request, ApiError(429, "quota exceeded", exceeded=text))

    def _compressed(self, request: Request, response: Response) -> Response:
        if (
            self.switches.on("gzip")
            and response.transport is None
            and len(response.body) >= _GZIP_FROM
            and "Content-Encoding" not in response.headers
            and "gzip" in request.headers.value("Accept-Encoding").lower()
        ):
            response.body = gzip.compress(response.body, 1)
            response.headers["Content-Encoding"] = "gzip"
        return response
