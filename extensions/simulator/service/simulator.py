# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The state of the simulator: account, clock, switches, limits, credentials, faults, request log."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from ..world import times
from ..world.fields import Row, ScenarioError
from ..world.instant import InstantTests
from ..world.model import MOVED_INTERVALS, USUAL_INTERVALS, Alert, Interval, Test
from ..world.world import World
from . import limits as limit_rules
from .auth import Credentials
from .clock import Clock
from .faults import Faults
from .limits import Limits
from .messages import JSON_TYPE, Json, Request, Response
from .switches import Switches

TOKEN_PATH = "/ui/api/token"
_MOST_LOGGED = 20_000


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
    """Handlers run in many threads and hold `lock` while they change state."""

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

    def add_to_log(self, request: Request) -> Json:
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

    def event_time(self, moment: float) -> str:
        """The time of an alert, error, violation or outage as responses write it."""
        if self.switches["event_times"] == "utc":
            return times.iso(moment)
        offset = datetime.fromtimestamp(moment, self.world.zone).utcoffset() or timedelta(0)
        return times.iso(moment + offset.total_seconds()).rstrip("Z")

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

    def add_replays(self, orders: Iterable[object]) -> None:
        self.replays = [*self.replays, *(Replayed(order, self._files) for order in orders)]

    def replayed(self, request: Request) -> Response | None:
        for one in reversed(self.replays):
            if fnmatch.fnmatchcase(request.path, one.path):
                return Response(one.status, one.body, {"Content-Type": one.content_type})
        return None
