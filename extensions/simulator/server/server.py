# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Sockets: an HTTP/1.1 server with a thread per connection, and the faults of its transport."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from ..service.messages import Headers, Json, Request, Response, text_response
from ..service.simulator import Simulator
from .dispatch import CONTROL, handle

_CHUNK = 65_536
_MOST_BODY = 50_000_000
# Seconds that a client may take for the TLS handshake, or keep a connection open without a request.
_IDLE = 120.0


class Handler(BaseHTTPRequestHandler):
    """Reads the requests of a connection and writes the simulator's responses."""

    protocol_version = "HTTP/1.1"
    # Without Nagle's algorithm: with it every response on a kept connection takes 40 ms.
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = _IDLE
    server: Server

    def version_string(self) -> str:
        return "catchpoint-simulator"

    def log_message(self, format: str, *args: object) -> None:
        if self.server.verbose:
            sys.stderr.write(f"{self.client_address[0]} {format % args}\n")

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET

    def _serve(self) -> None:
        split = urlsplit(self.path)
        try:
            body = self._body()
        except ValueError:
            self.close_connection = True
            self._write(Response(400))
            return
        request = Request(
            method=self.command,
            path=unquote(split.path),
            query=split.query,
            headers=Headers(self.headers.items()),
            body=body,
            client=self.client_address[0],
            base_url=self.server.url,
            target_length=len(self.path),
        )
        if request.path.startswith(CONTROL) or not self.server.stopping.is_set():
            self._write(self._respond(request))
        else:
            self.close_connection = True

    def _respond(self, request: Request) -> Response:
        try:
            return handle(self.server.simulator, request)
        except Exception as error:
            # A bug of the simulator: it must be visible, and must not look like a dropped connection.
            traceback.print_exc()
            return text_response(f"bug in the simulator: {type(error).__name__}: {error}", 500)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunked()
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(min(length, _MOST_BODY)) if length > 0 else b""

    def _chunked(self) -> bytes:
        body = b""
        while True:
            size = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
            if size == 0 or len(body) > _MOST_BODY:
                while self.rfile.readline().strip():
                    pass
                return body
            body += self.rfile.read(size)
            self.rfile.readline()

    # -- writing ---

    def _write(self, response: Response) -> None:
        if response.delay:
            self.server.stopping.wait(response.delay)
        transport = dict(response.transport or {})
        kind = str(transport.get("kind", ""))
        if kind in ("drop", "reset"):
            self._hang_up(reset=kind == "reset")
            return
        try:
            if kind == "":
                self._head(response, len(response.body))
                self._send(response.body)
            else:
                # Broken framing ends the connection, unless the client is meant to read on.
                self.close_connection = self.close_connection or not transport.get("keep")
                getattr(self, f"_write_{kind}")(response, transport)
            self.wfile.flush()
        except OSError:
            # The client has closed the connection.
            self.close_connection = True

    def _head(self, response: Response, length: int | None, chunked: bool = False) -> None:
        self.send_response_only(response.status)
        self.send_header("Server", self.version_string())
        if "Date" not in response.headers:
            self.send_header("Date", self.date_time_string())
        for name, value in response.headers.items():
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif length is not None and response.status not in (204, 304):
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _send(self, body: bytes) -> None:
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hang_up(self, reset: bool) -> None:
        self.close_connection = True
        if reset:
            # A linger time of zero ends the connection with RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            if not reset:
                self.connection.shutdown(socket.SHUT_RDWR)
            self.connection.close()
        except OSError:
            pass

    def _write_truncate(self, response: Response, order: Json) -> None:
        """Announces the whole length and sends a part."""
        self._head(response, len(response.body))
        self._send(response.body[: int(order.get("bytes", len(response.body) // 2))])

    def _write_body_with_204(self, response: Response, order: Json) -> None:
        """Sends a body after a response that must not have one."""
        body = str(order["body"]).encode("utf-8")
        self._head(response, None)
        self._send(body)

    def _write_drip(self, response: Response, order: Json) -> None:
        """Sends the bytes one by one; with `forever` they never end."""
        rate = float(order.get("bytes_per_second", 10))
        if order.get("part") == "head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            self._trickle(b"X-Padding: ", rate)
            while order.get("forever") and not self.server.stopping.wait(1 / rate):
                self.wfile.write(b"x")
                self.wfile.flush()
            self._trickle(b"x\r\n", rate)
            self.wfile.write(f"Content-Length: {len(response.body)}\r\n\r\n".encode("ascii") + response.body)
            return
        forever = bool(order.get("forever"))
        self._head(response, None if forever else len(response.body), chunked=forever)
        if forever:
            while self._chunk(b" ") and not self.server.stopping.wait(1 / rate):
                pass
        else:
            self._trickle(response.body, rate)

    def _trickle(self, body: bytes, rate: float) -> None:
        # At high rates several bytes are sent at once, so that no pause is shorter than 1 ms.
        step = max(1, int(rate / 1000))
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            if self.server.stopping.wait(step / rate):
                return

    def _write_endless(self, response: Response, order: Json) -> None:
        """Sends chunks of JSON text until the client hangs up."""
        rate = float(order.get("bytes_per_second", 0))
        self._head(response, None, chunked=True)
        self._chunk(b'{"data":"')
        size = _CHUNK if rate <= 0 else max(1, min(_CHUNK, int(rate / 10)))
        while self._chunk(b"a" * size):
            if self.server.stopping.wait(size / rate if rate > 0 else 0):
                return

    def _write_huge(self, response: Response, order: Json) -> None:
        """Sends a body of a huge announced length."""
        size = int(order.get("bytes", 1_000_000_000))
        self._head(response, size)
        sent = 0
        while sent < size and not self.server.stopping.is_set():
            part = b" " * min(_CHUNK, size - sent)
            self.wfile.write(part)
            sent += len(part)

    def _chunk(self, body: bytes) -> bool:
        self.wfile.write(f"{len(body):x}\r\n".encode("ascii") + body + b"\r\n")
        self.wfile.flush()
        return True


class Server(ThreadingHTTPServer):
    """The listening socket, with TLS if a context is given."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(
        self,
        address: tuple[str, int],
        simulator: Simulator,
        tls: ssl.SSLContext | None = None,
        verbose: bool = False,
    ) -> None:
        self.simulator = simulator
        self.tls = tls
        self.verbose = verbose
        self.stopping = threading.Event()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)
        host = str(self.server_address[0])
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{shown}:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Runs in the connection's own thread: a slow handshake does not delay other clients."""
        if self.tls is not None:
            request.settimeout(_IDLE)
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)
        if self.tls is not None:
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores clients that hang up or refuse the certificate, as tests do; other errors are bugs."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError) or self.verbose:
            super().handle_error(request, client_address)
