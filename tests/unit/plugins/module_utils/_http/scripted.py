# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on a socket that plays a script, one step for each request; and a clock whose waiting takes no time."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

MAX_WAIT = 10  # seconds that a server waits for a client that disconnected


class ReceivedRequest(NamedTuple):
    """A request as it came over the socket."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def authorization(self) -> str | None:
        return self.headers.get("authorization")

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode("ascii"), keep_blank_values=True)


# A step writes to the socket and returns whether the connection stays open. The event is set when the server closes.
Step = Callable[[socket.socket, threading.Event], bool]


def raw(data: bytes, keep: bool = False) -> Step:
    def step(connection: socket.socket, closing: threading.Event) -> bool:
        connection.sendall(data)
        return keep

    return step


def head(status: int, reason: str = "Some Reason", **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def respond(status: int, payload: Any = b"", reason: str = "Some Reason", **headers: object) -> Step:
    """Sends a response with a body: bytes as they are, anything else as JSON."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return raw(head(status, reason, **{"Content_Length": len(body), **headers}) + body, keep=True)


def dropped() -> Step:
    return raw(b"")


def hanging() -> Step:
    """Reads the request and never responds."""

    def step(connection: socket.socket, closing: threading.Event) -> bool:
        closing.wait(MAX_WAIT)
        return False

    return step


def dripping(beginning: bytes, drop: bytes) -> Step:
    """Sends ``beginning``, and then ``drop`` repeatedly."""

    def step(connection: socket.socket, closing: threading.Event) -> bool:
        connection.sendall(beginning)
        while not closing.wait(0.01):
            connection.sendall(drop)
        return False

    return step


class ScriptedServer:
    """Plays ``script``, a list of steps, one for each request; ``requests`` are those received."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.script: list[Step] = []
        self.requests: list[ReceivedRequest] = []
        self.connections = 0
        self._tls = tls
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as stream:
                while True:
                    request = _request(stream, number)
                    if request is None:
                        return
                    self.requests.append(request)
                    step = self.script.pop(0) if self.script else respond(418, b"the script is at its end")
                    if not step(connection, self._closing):
                        return


def _request(stream: Any, number: int) -> ReceivedRequest | None:
    first = stream.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers = {}
    while True:
        line = stream.readline().decode("latin-1").strip()
        if not line:
            break
        name, _colon, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return ReceivedRequest(first[0], first[1], headers, stream.read(int(headers.get("content-length", 0))), number)


class FakeClock:
    """A clock whose sleep() returns at once; ``slept`` are the waits."""

    def __init__(self, now: float) -> None:
        self.time = now
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
