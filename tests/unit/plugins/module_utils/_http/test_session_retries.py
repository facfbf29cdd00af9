# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retries: which responses and errors are retried, the waits, and the warnings."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    RateLimitError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    FakeClock,
    ScriptedServer,
    Step,
    dropped,
    hanging,
    head,
    raw,
    respond,
)

GOOD = respond(200, {"data": 1})
FULL = {"errors": [{"message": "quota exceeded"}], "completed": False, "traceId": "t-1"}


def full(minute: int = 20, hour: int = 50) -> dict[str, Any]:
    return {
        **FULL,
        "usageLimits": {
            "limits": {"minute": 20, "hour": 500, "day": 2000},
            "runs": {"minute": minute, "hour": hour, "day": 60},
        },
    }


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530])
def test_statuses_that_are_retried(
    open_session: Any, server: ScriptedServer, clock: FakeClock, warnings: list[str], status: int
) -> None:
    server.script = [respond(status, b""), respond(status, b"<html></html>"), GOOD]
    assert open_session().get("/x") == {"data": 1}
    assert clock.slept == [0.5, 1.0]
    assert len(warnings) == 1  # for the wait of one second, not for the shorter wait
    assert f"answered HTTP {status}" in warnings[0]
    assert warnings[0].endswith(" Waiting 1 s before try 3 (retry_budget: 0.5 s of 60 s used so far).")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501, 505])
def test_statuses_that_are_not_retried(
    open_session: Any, server: ScriptedServer, clock: FakeClock, status: int
) -> None:
    server.script = [respond(status, {"errors": [{"message": "no"}], "completed": False}), GOOD]
    with pytest.raises(ApiError) as caught:
        open_session().get("/x")
    assert caught.value.status == status
    assert clock.slept == []


@pytest.mark.parametrize(
    "step",
    [
        dropped(),
        raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"),
        raw(head(200, Content_Length=100) + b'{"data": '),
        raw(head(200, Transfer_Encoding="chunked") + b'9\r\n{"data": \r\n'),
        raw(b"nonsense\r\n\r\n"),
    ],
    ids=["no response", "in the head", "between headers", "in the body", "in the chunks", "no HTTP"],
)
def test_broken_connection_is_retried(open_session: Any, server: ScriptedServer, clock: FakeClock, step: Step) -> None:
    server.script = [step, GOOD]
    assert open_session().get("/x") == {"data": 1}
    assert clock.slept == [0.5]


def test_connection_refused(open_session: Any, server: ScriptedServer, clock: FakeClock, warnings: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        open_session(base_url=f"http://127.0.0.1:{port}", retry_budget=10.0).get("/tests/1", {"secret": "query"})
    assert str(caught.value) == (
        f"GET http://127.0.0.1:{port}/api/v2/tests/1: could not connect: Connection refused. "
        "Check base_url, proxy and the network. Gave up after 5 tries in 7.5 s (retry_budget 10 s)."
    )
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]
    assert [warning.partition(" Waiting ")[2] for warning in warnings] == [
        "1 s before try 3 (retry_budget: 0.5 s of 10 s used so far).",
        "2 s before try 4 (retry_budget: 1.5 s of 10 s used so far).",
        "4 s before try 5 (retry_budget: 3.5 s of 10 s used so far).",
    ]


def test_timeout_is_retried(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [hanging(), GOOD]
    assert open_session(timeout=0.3).get("/x") == {"data": 1}
    assert clock.slept == [0.5]


@pytest.mark.parametrize("retry_after", ["12", "Mon, 23 Nov 2026 12:00:12 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(
    open_session: Any, server: ScriptedServer, clock: FakeClock, warnings: list[str], status: int, retry_after: str
) -> None:
    server.script = [respond(status, b"", Retry_After=retry_after), GOOD]
    open_session().get("/x")
    assert clock.slept == [12.0]
    assert "Waiting 12 s before try 2" in warnings[0]


def test_date_of_retry_after_is_the_clock_of_the_service(
    open_session: Any, server: ScriptedServer, clock: FakeClock
) -> None:
    late = {"Retry_After": "Mon, 23 Nov 2026 12:05:12 GMT", "Date": "Mon, 23 Nov 2026 12:05:00 GMT"}
    server.script = [respond(429, b"", **late), GOOD]
    open_session().get("/x")
    assert clock.slept == [12.0]


def test_limit_without_retry_after_waits_for_the_window(
    open_session: Any, server: ScriptedServer, clock: FakeClock, warnings: list[str]
) -> None:
    server.script = [respond(429, full(minute=20), Date="Mon, 23 Nov 2026 12:00:42 GMT"), GOOD]
    open_session().get("/x")
    assert clock.slept == [60.0]
    assert "The request limit of Catchpoint is used up." in warnings[0]
    assert "quota exceeded (trace id t-1)" in warnings[0]


def test_limit_beyond_the_budget(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(429, full(hour=500)), GOOD]
    with pytest.raises(RateLimitError) as caught:
        open_session().get("/x")
    assert clock.slept == []
    assert caught.value.retry_at == clock.time + 3600
    assert (caught.value.status, caught.value.api_text, caught.value.trace_id) == (429, "quota exceeded", "t-1")
    assert str(caught.value) == (
        "The request limit of Catchpoint is used up. "
        f"GET {server.url}/api/v2/x answered HTTP 429 (Some Reason): quota exceeded (trace id t-1). "
        "Gave up after 1 try in 0 s (retry_budget 60 s). "
        "Retry after 2026-11-23T13:00:00Z (in 3600 s), or set retry_budget to 3600 s or more."
    )


def test_waits_never_exceed_the_budget(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(429, b"", Retry_After="25") for _time in range(3)]
    with pytest.raises(RateLimitError) as caught:
        open_session().get("/x")
    assert clock.slept == [25.0, 25.0]
    assert "Gave up after 3 tries in 50 s (retry_budget 60 s)." in str(caught.value)
    assert "Retry after 2026-11-23T12:01:15Z (in 25 s), or set retry_budget to 75 s or more." in str(caught.value)


def test_budget_is_for_all_requests_of_a_session(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(503, b"", Retry_After="40"), GOOD, respond(503, b"", Retry_After="30")]
    session = open_session()
    session.get("/x")
    with pytest.raises(ApiError, match="set retry_budget to 70 s or more") as caught:
        session.get("/y")
    assert caught.value.status == 503
    assert not isinstance(caught.value, RateLimitError)
    assert clock.slept == [40.0]


def test_429_without_a_reset_time_reports_a_minute(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(429, b"", Date="Mon, 23 Nov 2026 12:00:42 GMT")]
    with pytest.raises(RateLimitError) as caught:
        open_session(retry_budget=0).get("/x")
    assert clock.slept == []
    assert caught.value.retry_at == clock.time + 60
    assert str(caught.value).endswith(
        "Gave up after 1 try in 0 s (retry_budget 0 s). Retry after 2026-11-23T12:01:00Z "
        "(in 60 s; the service does not say when, its shortest limit is per minute), "
        "or set retry_budget to 60 s or more."
    )


def test_retry_budget_0_disables_retries(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(502, b""), GOOD]
    with pytest.raises(ApiError, match=r"Gave up after 1 try in 0 s \(retry_budget 0 s\)\.$"):
        open_session(retry_budget=0).get("/x")
    assert len(server.requests) == 1


def test_repeated_retry_after_0_ends(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(429, b"", Retry_After="0") for _time in range(50)]
    with pytest.raises(RateLimitError):
        open_session().get("/x")
    assert len(server.requests) < 10


class RecordingLimiter:
    """A rate limiter that records its calls."""

    turn_seconds = 0.0

    def __init__(self, allowed: int = 100) -> None:
        self.seen: list[Any] = []
        self.sent = 0
        self.allowed = allowed

    def before_request(self, turns: Any) -> None:
        self.allowed -= 1
        if self.allowed < 0:
            raise RateLimitError("The limiter says no.", retry_at=5.0)
        self.seen.append("before")

    def sending(self) -> None:
        self.sent += 1

    def after_response(self, usage: Usage | None, pause: float) -> None:
        self.seen.append((usage.used["minute"] if usage else None, pause))


def test_rate_limiter_sees_every_request(open_session: Any, server: ScriptedServer) -> None:
    limiter = RecordingLimiter()
    server.script = [
        dropped(),
        respond(429, full(minute=20)),
        respond(200, {"data": 1, "usageLimits": full(3)["usageLimits"]}),
    ]
    open_session(limiter=limiter, retry_budget=600).get("/x")
    assert limiter.seen == ["before", "before", (20, 60.0), "before", (3, 0.0)]
    assert limiter.sent == 3


def test_rate_limiter_may_refuse(open_session: Any, server: ScriptedServer) -> None:
    with pytest.raises(RateLimitError, match="The limiter says no") as caught:
        open_session(limiter=RecordingLimiter(allowed=0)).get("/x")
    assert caught.value.retry_at == 5.0
    assert server.requests == []


@pytest.mark.parametrize(("error", "tries"), [(socket.EAI_AGAIN, 8), (socket.EAI_NONAME, 1)])
def test_only_temporary_name_resolution_failures_are_retried(
    open_session: Any, monkeypatch: pytest.MonkeyPatch, clock: FakeClock, error: int, tries: int
) -> None:
    """A temporary failure of the resolver is retried; a name that does not exist is not."""

    def resolve(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(error, "the resolver's words")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    session = open_session(base_url="https://nowhere.example")
    with pytest.raises(
        CatchpointError,
        match=r"^GET https://nowhere.example/api/v2/x: the host's name was not found: the resolver's words",
    ):
        session.get("/x")
    assert session.requests_made == tries


def test_truncated_json_is_retried(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [respond(200, b'{"data": '), GOOD]
    assert open_session().get("/x") == {"data": 1}
    assert clock.slept == [0.5]


def test_stale_connection_is_replaced_outside_the_budget(
    open_session: Any, server: ScriptedServer, clock: FakeClock
) -> None:
    """The service may close an idle connection just when the session uses it again."""
    session = open_session(retry_budget=0)
    server.script = [GOOD, dropped(), respond(200, {"data": 2})]
    session.get("/x")
    assert session.get("/y") == {"data": 2}
    assert [request.connection for request in server.requests] == [1, 1, 2]
    assert (clock.slept, session.requests_made) == ([], 3)


def test_stale_connection_is_replaced_once(open_session: Any, server: ScriptedServer) -> None:
    session = open_session(retry_budget=0)
    server.script = [GOOD, dropped(), dropped(), GOOD]
    session.get("/x")
    with pytest.raises(TransportError, match="the connection broke while waiting for the response"):
        session.get("/y")
    assert len(server.requests) == 3


def test_new_connection_that_breaks_is_charged_to_the_budget(open_session: Any, server: ScriptedServer) -> None:
    server.script = [dropped(), GOOD]
    with pytest.raises(TransportError):
        open_session(retry_budget=0).get("/x")
    assert len(server.requests) == 1


def test_rate_limit_headers_of_a_429(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    headers = {
        "X_Rate_Limit_Limit": 20,
        "X_Rate_Limit_Remaining": 0,
        "X_Rate_Limit_Reset": "2026-11-23T12:00:42.5000000Z",
        "Date": "Mon, 23 Nov 2026 12:00:02 GMT",
    }
    server.script = [respond(429, b"", **headers), GOOD]
    open_session().get("/x")
    assert clock.slept == [40.5]


def test_429_after_failures_has_a_separate_budget(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    """Earlier failures have a separate budget."""
    server.script = [respond(503, b""), respond(503, b""), respond(429, b""), GOOD]
    assert open_session().get("/x") == {"data": 1}
    assert clock.slept == [0.5, 1.0, 60.0]


def test_rate_limiter_receives_the_seconds_until_the_reset(open_session: Any, server: ScriptedServer) -> None:
    limiter = RecordingLimiter()
    used_up = {"X_Rate_Limit_Remaining": 0, "X_Rate_Limit_Reset": "2026-11-23T12:00:42Z"}
    server.script = [respond(200, {"data": 1}, **used_up), respond(429, b""), GOOD]
    session = open_session(limiter=limiter)
    session.get("/x")
    session.get("/x")
    assert limiter.seen == ["before", (None, 42.0), "before", (None, 60.0), "before", (None, 0.0)]
