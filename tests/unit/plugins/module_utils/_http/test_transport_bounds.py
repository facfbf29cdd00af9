# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every exchange is bounded in time and memory, and leaves no thread behind."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    PassingTransportError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http import transport
from ansible_collections.community.catchpoint.plugins.module_utils._http.transport_errors import translate_exception
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    Step,
    dripping,
    hanging,
    head,
    respond,
)

CHUNKED = head(200, Transfer_Encoding="chunked")


@pytest.fixture(autouse=True)
def no_thread_stays_behind() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name == "catchpoint-request":
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        (hanging(), "waiting for the response"),
        (dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "waiting for the response"),
        (dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a"), "waiting for the response"),
        (dripping(head(200, Content_Length=1_000_000), b" "), "reading the response"),
        (dripping(CHUNKED, b"1\r\n \r\n"), "reading the response"),
        (dripping(b"HTTP/1.1 200 OK\r\n\r\n", b" "), "reading the response"),
    ],
    ids=["never", "headers", "one header", "body", "chunks", "body without end"],
)
def test_timeout_limits_the_whole_exchange(open_session: Any, server: ScriptedServer, step: Step, stage: str) -> None:
    server.script = [step]
    began = time.monotonic()
    with pytest.raises(PassingTransportError) as caught:
        open_session(timeout=0.75, retry_budget=0).get("/x")
    assert 0.7 < time.monotonic() - began < 5
    assert str(caught.value) == (
        f"GET {server.url}/api/v2/x timed out while {stage}: the whole exchange may take 0.75 s (timeout). "
        "Raise timeout, or request less at once. Gave up after 1 try in 0 s (retry_budget 0 s)."
    )


def test_timeout_over_tls(open_session: Any, tls_server: ScriptedServer) -> None:
    tls_server.script = [dripping(head(200, Content_Length=1_000_000), b" ")]
    with pytest.raises(PassingTransportError, match="timed out while reading the response"):
        open_session(timeout=1, retry_budget=0, base_url=tls_server.url, validate_certs=False).get("/x")


def test_timeout_during_name_resolution(
    open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resolver ignores our timeout. A result that it returns too late is not used."""
    released = threading.Event()

    def resolve(*args: Any, **kwargs: Any) -> Any:
        released.wait(5)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(
        PassingTransportError, match=r"timed out while connecting: .* Check base_url, proxy and the network"
    ):
        open_session(timeout=0.2, retry_budget=0, base_url="http://slow.example").get("/x")
    released.set()
    for thread in threading.enumerate():
        if thread.name == "catchpoint-request":
            thread.join(5)
    assert server.requests == []


def test_timeout_during_the_tls_handshake(open_session: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(PassingTransportError, match="timed out while connecting"):
            open_session(timeout=0.2, retry_budget=0, base_url=base_url).get("/x")


def test_redirects_share_the_timeout(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(302, b"", Location="/y"), hanging()]
    began = time.monotonic()
    with pytest.raises(PassingTransportError, match="timed out while waiting for the response"):
        open_session(timeout=0.3, retry_budget=0).get("/x")
    assert time.monotonic() - began < 5


def test_session_works_after_a_timeout(open_session: Any, server: ScriptedServer) -> None:
    server.script = [hanging(), respond(200, {"data": 1}), respond(200, {"data": 2})]
    session = open_session(timeout=0.3)
    assert session.get("/x") == {"data": 1}
    assert session.get("/x") == {"data": 2}
    # The connection that hung is not used again.
    assert [request.connection for request in server.requests] == [1, 2, 2]


@pytest.mark.parametrize("stage", ["connecting", "waiting for the response", "reading the response"])
def test_timeouts_of_requests_give_the_same_message(stage: str) -> None:
    """The timeouts of requests give the same messages."""
    import requests
    import urllib3.exceptions as of_urllib3

    inner: Any = of_urllib3.ReadTimeoutError(None, "/x?secret", "Read timed out.")  # type: ignore[arg-type]
    for error in (
        requests.exceptions.ConnectTimeout("https://host/x?secret"),
        requests.exceptions.ReadTimeout("https://host/x?secret"),
        requests.exceptions.ConnectionError(inner),
        socket.timeout("timed out"),
    ):
        found = translate_exception(error, "GET https://host/x", stage, 30.0, lambda: "no proxy")
        assert isinstance(found, PassingTransportError)
        assert str(found).startswith(
            f"GET https://host/x timed out while {stage}: the whole exchange may take 30 s (timeout)."
        )
        assert "secret" not in str(found)


@pytest.mark.parametrize(
    "step",
    [
        respond(200, b"[" + b"1," * 3000 + b"1]"),
        respond(200, gzip.compress(b"[" + b"1," * 3000 + b"1]"), Content_Encoding="gzip"),
        dripping(CHUNKED, b"400\r\n" + b" " * 1024 + b"\r\n"),
        # The Content-Length alone is enough; the body is not read.
        dripping(head(200, Content_Length=5000), b""),
    ],
    ids=["long", "long when decompressed", "endless", "announced"],
)
def test_too_large_body_is_refused(
    open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    monkeypatch.setattr(transport, "MAX_BODY", 4096)
    server.script = [step]
    session = open_session()
    with pytest.raises(ResponseError, match="answered more than 0 MiB, more than this collection reads"):
        session.get("/x")
    assert session.requests_made == 1


def test_body_of_exactly_the_limit_is_read(
    open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_BODY", 4096)
    server.script = [respond(200, b"5".ljust(4096))]
    assert open_session().get("/x") == 5


def test_wrong_content_encoding_is_an_error(open_session: Any, server: ScriptedServer) -> None:
    broken = respond(200, b'{"data": 1}', Content_Encoding="gzip")
    server.script = [broken, respond(200, {"data": 2})]
    assert open_session().get("/x") == {"data": 2}
    server.script = [broken]
    with pytest.raises(TransportError, match="the response is damaged: it is not compressed as its header says"):
        open_session(retry_budget=0).get("/x")


def test_body_limit_is_32_mib() -> None:
    """Python needs up to 27 times a body's size, so 32 MiB mean less than 1 GiB."""
    assert transport.MAX_BODY == 32 * 1024 * 1024


def test_body_that_is_compressed_twice_is_not_read(open_session: Any, server: ScriptedServer) -> None:
    twice = gzip.compress(gzip.compress(b"[" + b"0," * 100_000 + b"0]"))
    server.script = [respond(200, twice, Content_Encoding="gzip, gzip")]
    with pytest.raises(ResponseError, match=r"compressed more than once \(gzip, gzip\)"):
        open_session().get("/x")


@pytest.mark.parametrize("number", [b"1e999", b"-1e999"])
def test_oversized_number_is_an_error(open_session: Any, server: ScriptedServer, number: bytes) -> None:
    server.script = [respond(200, b'{"data": [1.5, ' + number + b"]}")]
    with pytest.raises(ResponseError, match="contains an oversized number"):
        open_session().get("/x")
