# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The simulator without sockets: its state, and the path from a request to a response."""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

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
from .server.messages import JSON_TYPE, ApiError, Json, Request, Response, gateway_page, json_response, text_response
from .world import times
from .world.fields import Row, ScenarioError
from .world.instant import InstantTests
from .world.model import MOVED_INTERVALS, USUAL_INTERVALS, Alert, Interval, Test
from .world.world import World

CONTROL = "/_simulator"
TOKEN_PATH = "/ui/api/token"
_V2_PATH = re.compile(r"/api/v(\d+)(?:\.\d+)?(/.*|$)")
# Default User-Agents of libraries, which the gateway's browser check refuses.
_LIBRARIES = ("python-urllib", "python-requests", "ansible-httpget", "curl/", "go-http-client", "java/")
_MOST_LOGGED = 20_000
# Shorter responses are not compressed.
_GZIP_FROM = 1400


@dataclass(frozen=True)
class Options:
    """Settings from the command line; they take precedence over the scenario."""

    limits: str | None = None
    switches: Mapping[str, object] = field(default_factory=dict)
    api_keys: Sequence[str] = ()
    client_id: str | None = None
    client_secret: str | None = None
    now: str | None = None
    speed: float | None = None


class Replayed:
    """A stored response for a path."""

    def __init__(self, order: object, folder: Path) -> None:
        row = Row(order, "replay", ("path", "file", "body", "status", "content_type"))
        if "path" not in row.data or ("file" in row.data) == ("body" in row.data):
            raise ScenarioError("a replay has path, and either file or body; optional are status and content_type")
        self.path = row.text("path")
        self.status = row.whole("status", 200)
        self.content_type = row.text("content_type", JSON_TYPE)
        self.source = row.text("file", "body")
        if "file" in row.data:
            try:
                self.body = (folder / self.source).read_bytes()
            except OSError as error:
                raise ScenarioError(f"replay of {self.path}: {error}") from error
        else:
            body = row.data["body"]
            self.body = body.encode("utf-8") if isinstance(body, str) else json.dumps(body).encode("utf-8")

    def as_dict(self) -> Json:
        return {"path": self.path, "file": self.source, "status": self.status, "bytes": len(self.body)}


class Simulator:
    """State and dispatch. Handlers run in many threads and hold `lock` while they change state."""

    def __init__(
        self,
        scenario: Mapping[str, object],
        folder: Path | None = None,
        options: Options = Options(),
    ) -> None:
        self.lock = threading.RLock()
        self._scenario = dict(scenario)
        self._folder = folder or Path.cwd()
        self._options = options
        self.reset()

    def reset(self, scenario: Mapping[str, object] | None = None, folder: Path | None = None) -> None:
        """Restores the state at the start of the process, or starts another scenario."""
        with self.lock:
            folder = folder or self._folder
            given = self._scenario if scenario is None else dict(scenario)
            row, options = Row(given, ""), self._options
            now_text = options.now or row.get("now")
            speed = row.maybe_number("speed") if options.speed is None else options.speed
            now = None if now_text is None else times.expression(str(now_text), {"now": time.time()}, "now")
            clock = Clock(now, speed)
            switches = Switches(row.row("switches").data)
            switches.update(options.switches)
            limits = given.get("limits", "vendor") if options.limits is None else options.limits
            credentials = Credentials(row.row("credentials").data)
            credentials.add_keys(options.api_keys)
            credentials.add_client(options.client_id, options.client_secret)
            world = World(given, clock.now())
            faults = Faults()
            faults.add(row.list_of("faults"))
            replays = [Replayed(order, folder) for order in row.list_of("replay")]
            read_limits = limit_rules.read_limits(limits)
            # The state changes only after everything has been read.
            self._files = folder
            self.clock, self.switches, self.world = clock, switches, world
            self.limits = Limits(read_limits)
            self.credentials, self.faults, self.replays = credentials, faults, replays
            self.instant = InstantTests()
            self._responses = 0
            self._trace = 0
            self.reset_log()

    # -- request log ---

    def reset_log(self) -> None:
        with self.lock:
            self.log: list[Json] = []
            self.total = self.logins = self.rejected = 0
            self.by_path: dict[str, int] = {}

    def _log(self, request: Request) -> Json:
        entry: Json = {
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

    # -- helpers of the handlers ---

    def now(self) -> float:
        return self.clock.now()

    def next_response_number(self) -> int:
        """The number of an analytics response: it seeds the order of legend and rows."""
        with self.lock:
            self._responses += 1
            return self._responses

    def trace_id(self) -> str:
        """A trace id of this response, in one of the forms seen in real responses."""
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
        """Ids of tests that the credential must not see."""
        return {int(one) for one in self.switches.items("forbidden_tests") if one.isdigit()}

    def visible_tests(self) -> list[Test]:
        """All tests that lists show, by id."""
        hidden = self.forbidden_tests()
        return [test for identifier, test in sorted(self.world.tests.items()) if identifier not in hidden]

    def alerts_paused(self, test: Test) -> bool:
        return self.world.pauses.at(test, self.now()) is not None

    def visible_alerts(self) -> list[Alert]:
        """The alerts that lists show: none of forbidden tests, and none raised while alerts were paused."""
        hidden = self.forbidden_tests()
        return [one for one in self.world.alerts if one.test_id not in hidden and self.raised(one)]

    def raised(self, alert: Alert) -> bool:
        test = self.world.tests.get(alert.test_id)
        return test is None or self.world.pauses.at(test, self.world.time(alert.at)) is None

    def client_of(self, request: Request) -> str:
        """The key that requests are counted by."""
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

    # -- from request to response ---

    def handle(self, request: Request) -> Response:
        if request.path == CONTROL or request.path.startswith(CONTROL + "/"):
            return endpoints.respond(self, request)
        entry = self._log(request)
        response = self._respond(request, entry)
        response.headers.setdefault("Date", formatdate(self.now(), usegmt=True))
        entry["status"] = response.status
        if response.status == 429:
            with self.lock:
                self.rejected += 1
        return self._compressed(request, response)

    def _respond(self, request: Request, entry: Json) -> Response:
        most = self.switches.number("max_url")
        if most and request.target_length > most:
            return gateway_page(414, 414)
        with self.lock:
            fault = self.faults.take(request)
            exceeded, left = self._counted(request, limited=fault is None)
        entry["fault"] = fault.kind if fault else None
        if fault and fault.kind not in fault_rules.CHANGES_RESPONSE:
            return self._instead(request, fault)
        response = self._too_many(request, exceeded) if exceeded else self._route(request)
        mode = self.switches["limit_headers"]
        if left and (mode == "always" or (mode == "429" and exceeded)):
            self._add_limit_headers(response, left)
        return fault_rules.change(fault, response) if fault else response

    def _counted(self, request: Request, limited: bool) -> tuple[Window | None, Window | None]:
        """Counts a request. Returns the window that refuses it, and the one with the fewest requests left."""
        if not self._counts(request):
            return None, None
        client, now = self.client_of(request), self.limits_now()
        self.limits.model = self.switches["limit_window"]
        exceeded = self.limits.exceeded(client, now) if limited else None
        if exceeded is None or self.switches.on("limits_count_rejected"):
            self.limits.add(client, now)
        return exceeded, exceeded or self.limits.tightest(client, now)

    def _instead(self, request: Request, fault: fault_rules.Fault) -> Response:
        """The response of a fault that replaces the real one."""
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
                return self._replayed(request) or api_v1.respond(self, request, v1)
            v2 = _V2_PATH.fullmatch(request.path)
            if v2 and int(v2.group(1)) >= 2:
                api_v2.authorize(self, request)
                permissions.refuse(self, request, v2.group(2).strip("/"))
                return self._replayed(request) or api_v2.respond(self, request, v2.group(2).strip("/"))
            raise ApiError(404, f"No resource at {request.path}.")
        except ApiError as error:
            return self.error(request, error)

    def add_replays(self, orders: Iterable[object]) -> None:
        self.replays = [*self.replays, *(Replayed(order, self._files) for order in orders)]

    def _replayed(self, request: Request) -> Response | None:
        for one in reversed(self.replays):
            if fnmatch.fnmatchcase(request.path, one.path):
                return Response(one.status, one.body, {"Content-Type": one.content_type})
        return None

    def error(self, request: Request, error: ApiError) -> Response:
        """An error in the shape of the API generation of the request."""
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
            # The text of the AspNetCoreRateLimit middleware.
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
