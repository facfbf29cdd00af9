# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP exchange, bounded in time and size, without retries. The only file that imports requests.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import ssl
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, Union
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    CatchpointError,
    MissingLibraryError,
    OptionError,
    PassingTransportError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import Connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.transport_errors import (
    CONNECTING,
    READING,
    SENDING,
    WAITING,
    closed_unanswered,
    system_reason,
    timed_out,
    translate_exception,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.version import VERSION

# Bytes of a body, after decompression. An hour of one run a minute from 10 nodes, with all 70 metrics of a run, takes
# 0.5 MiB a test. Python needs up to 27 times a body's size for the objects in it.
MAX_BODY = 32 * 1024 * 1024
MAX_REDIRECTS = 5
MOST_FOR_AN_ADDRESS = 2.0  # seconds to connect to an address that is not the last one of the host

_CHUNK = 16 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WITHOUT_BODY = frozenset({204, 304})
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Reply:
    """A response. Header names are in lower case; the body is complete and decompressed."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Body:
    """The body of a request."""

    content: bytes = field(repr=False)
    content_type: str


class _Line:
    """A ``requests.Session`` of this process, and the stage of its running exchange."""

    def __init__(self, requests: Any, sending: Callable[[], None]) -> None:
        self._sending = sending
        self.process = os.getpid()
        self.stage = CONNECTING
        self.socket: Any = None
        self.connected = False  # whether the running exchange opened the connection
        self.given_up = False
        self.session = requests.Session()
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _adapter(requests, self._reached))
        self.session.headers["User-Agent"] = f"ansible-community.catchpoint/{VERSION}"
        self.session.headers["Accept"] = "application/json"

    def _reached(self, stage: str, connected: Any) -> None:
        """Called by a connection, in the exchange's thread: it has connected, is about to send, or to read."""
        self.socket = connected
        self.stage = stage
        self.connected = self.connected or stage == CONNECTING
        if self.given_up:
            raise OSError("given up")
        if stage == SENDING:
            self._sending()

    def give_up(self) -> None:
        """Aborts the running exchange. The line must not be reused."""
        self.given_up = True
        if self.socket is not None:
            # The plain socket's shutdown: a TLS socket's own would take the TLS state away from the thread that reads.
            with contextlib.suppress(OSError, TypeError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _StaleConnectionError(Exception):
    """A connection that was opened by an earlier request was closed before any byte of the response."""


@dataclass(frozen=True)
class _Exchange:
    """One request on its way."""

    method: str
    url: str
    authorization: Optional[str] = field(repr=False)
    body: Optional[Body]
    timeout: float  # seconds


class Transport:
    """Sends requests over one ``requests.Session`` per process, made when the first request is.

    ``sending`` is called before each request, in the thread that sends it, when the connection is open.
    """

    def __init__(self, connection: Connection, sending: Callable[[], None] = lambda: None) -> None:
        self._sending = sending
        self.sent = 0  # requests, redirects included
        self._timeout = connection.timeout
        self._connection = connection
        self._line: Optional[_Line] = None
        self._verify: Union[bool, str] = True

    def secrets(self) -> list[str]:
        """Returns the secrets of the environment: passwords of proxies."""
        found = []
        for name, value in os.environ.items():
            if name.lower().endswith("_proxy"):
                found += _passwords(value)
        if self._connection.proxy:
            found += _passwords(self._connection.proxy)
        return found

    def send(
        self,
        method: str,
        url: str,
        authorization: Optional[str] = None,
        body: Optional[Body] = None,
        timeout: Optional[float] = None,
    ) -> Reply:
        """Sends a request and follows redirects within the service, in at most ``timeout`` seconds.

        ``timeout`` is that of the options if it is None. Raises PassingTransportError for a transient failure,
        TransportError for any other, ResponseError for a response that cannot be read, OptionError for a wrong CA
        file, and MissingLibraryError.
        """
        line = self._open()
        seconds = self._timeout if timeout is None else timeout
        deadline = time.monotonic() + seconds
        for _hop in range(MAX_REDIRECTS + 1):
            exchange = _Exchange(method, url, authorization, body, seconds)
            try:
                reply = self._exchange(line, exchange, deadline)
            except _StaleConnectionError:
                # The service closed it while it was idle, so the request did not arrive.
                line = self._open()
                reply = self._exchange(line, exchange, deadline)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not location or (reply.status == 303 and method != "GET"):
                return reply
            url = followed(method, url, location)
        raise TransportError(f"{label(method, url)} was redirected more than {MAX_REDIRECTS} times. Check base_url.")

    def _open(self) -> _Line:
        """Returns the line of this process: a connection that was opened before a fork belongs to the parent."""
        if self._line is None or self._line.process != os.getpid():
            requests = _requests()
            self._verify = _verify(self._connection)
            self._line = _Line(requests, self._sending)
        return self._line

    def prepare(self) -> None:
        """Imports requests, which takes longer than many a request. Raises OptionError and MissingLibraryError."""
        self._open()

    def _exchange(self, line: _Line, exchange: _Exchange, deadline: float) -> Reply:
        """Sends one request in a thread, because nothing else limits name resolution and slow responses."""
        outcome: list[Union[Reply, BaseException]] = []

        def run() -> None:
            try:
                outcome.append(self._perform(line, exchange))
            except BaseException as error:
                # Whatever it is, the thread that waits explains it.
                outcome.append(error)

        line.stage = CONNECTING
        line.socket = None
        line.connected = False
        self.sent += 1
        thread = threading.Thread(target=run, name="catchpoint-request", daemon=True)
        with _no_warnings() if self._verify is False else contextlib.nullcontext():
            thread.start()
            try:
                thread.join(max(0.0, deadline - time.monotonic()))
            finally:
                # Before it is given up: after that, the thread stumbles on to its end.
                stage = line.stage
                if thread.is_alive():
                    line.give_up()
                    self._line = None
        where = label(exchange.method, exchange.url)
        if line.given_up:
            error: CatchpointError = timed_out(where, stage, exchange.timeout)
        else:
            result = outcome[0]
            if isinstance(result, Reply):
                return result
            if (
                exchange.method == "GET"
                and not line.connected
                and stage in (SENDING, WAITING)
                and closed_unanswered(result)
            ):
                raise _StaleConnectionError
            error = translate_exception(result, where, stage, exchange.timeout, lambda: self._proxy_name(exchange.url))
        if isinstance(error, TransportError):
            error.sent = stage != CONNECTING
        raise error

    def _perform(self, line: _Line, exchange: _Exchange) -> Reply:
        def sign(request: Any) -> Any:
            if exchange.authorization is not None:
                request.headers["Authorization"] = exchange.authorization
            return request

        proxy = self._connection.proxy
        with line.session.request(
            exchange.method,
            exchange.url,
            data=exchange.body.content if exchange.body else None,
            headers={"Content-Type": exchange.body.content_type} if exchange.body else None,
            # Given even where nothing is to be signed: requests would take a password from .netrc.
            auth=sign,
            timeout=(exchange.timeout, exchange.timeout),
            allow_redirects=False,
            stream=True,
            # On the call and not on the session: there REQUESTS_CA_BUNDLE would win.
            verify=self._verify,
            proxies={"http": proxy, "https": proxy} if proxy else None,
        ) as response:
            line.stage = READING
            return Reply(
                int(response.status_code),
                str(response.reason or ""),
                {name.lower(): value for name, value in response.headers.items()},
                _body(response, label(exchange.method, exchange.url)),
            )

    def _proxy_name(self, url: str) -> str:
        proxy = self._connection.proxy
        if proxy:
            source = "the proxy option"
        else:
            proxy = _requests().utils.select_proxy(url, _requests().utils.get_environ_proxies(url)) or ""
            source = "the environment"
        # Not by urlsplit: the address may be what is wrong with the proxy.
        host = proxy.rpartition("@")[2].rpartition("://")[2].partition("/")[0]
        return f"the proxy {host} (of {source})"


def label(method: str, url: str) -> str:
    """Returns a request as messages show it: method and address, without the query."""
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{_host(parts)}{parts.path}"


def followed(method: str, url: str, location: str) -> str:
    """Returns the target of a redirect. Raises TransportError if credentials must not be sent there."""
    old = urlsplit(url)
    try:
        new = urlsplit(urljoin(url, location))
        same = (old.scheme, old.hostname, _port(old)) == (new.scheme, new.hostname, _port(new))
        upgraded = (old.scheme, _port(old), new.scheme, _port(new)) == ("http", 80, "https", 443)
    except ValueError:
        raise TransportError(f"{label(method, url)} was redirected to an invalid address. Check base_url.") from None
    # Scheme and host are our own words from here on: other readers may find another host in the redirect's.
    rest = ("" if new.path.startswith("/") else "/") + new.path + (f"?{new.query}" if new.query else "")
    if same:
        return f"{old.scheme}://{old.netloc}{rest}"
    if upgraded and old.hostname == new.hostname:
        host = old.netloc if old.port is None else old.netloc.removesuffix(f":{old.port}")
        return f"https://{host}{rest}"
    raise TransportError(
        f"{label(method, url)} was redirected to {new.scheme}://{_host(new)}, another server: "
        "the credentials were not sent there. If that is Catchpoint's address now, set base_url to it; "
        "otherwise a proxy or a login page is in the way."
    )


def _requests() -> Any:
    try:
        import requests
    except ImportError as error:
        raise MissingLibraryError("requests", sys.executable, str(error)) from None
    return requests


def _verify(connection: Connection) -> Union[bool, str]:
    """Returns the certificates that requests checks against. The option takes precedence over the environment."""
    if not connection.validate_certs:
        return False
    given = [("ca_path", connection.ca_path)]
    given += [(name, os.environ.get(name)) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    source, path = next(((name, value) for name, value in given if value), ("", None))
    if path is None:
        return True
    if os.path.isdir(path):
        return path
    if not os.path.isfile(path):
        raise OptionError(
            f"{source} {path} is neither a file nor a folder. It must be certificates of authorities, in PEM form."
        )
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        raise OptionError(
            f"{source} {path} cannot be read as certificates in PEM form ({system_reason(error)})."
        ) from None
    return path


@contextlib.contextmanager
def _no_warnings() -> Iterator[None]:
    """Suppresses urllib3's warning for each request without a certificate check, which is the user's choice."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _adapter(requests: Any, reached: Callable[[str, Any], None]) -> Any:
    """Returns requests' adapter, with connections that report their stage and socket."""

    def watch(manager: Any) -> None:
        manager.pool_classes_by_scheme = {
            scheme: type("WatchedPool", (pool,), {"ConnectionCls": watched(pool.ConnectionCls)})
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }

    def watched(connection_class: Any) -> Any:
        def connect(self: Any) -> None:
            connection_class.connect(self)
            reached(CONNECTING, self.sock)

        def putrequest(self: Any, *args: Any, **kwargs: Any) -> Any:
            if self.sock is None:
                self.connect()
            reached(SENDING, self.sock)
            return connection_class.putrequest(self, *args, **kwargs)

        def getresponse(self: Any, *args: Any, **kwargs: Any) -> Any:
            reached(WAITING, self.sock)
            return connection_class.getresponse(self, *args, **kwargs)

        members = {"connect": connect, "putrequest": putrequest, "getresponse": getresponse}
        if not connection_class.__name__.startswith("SOCKS"):  # there the proxy looks the name up
            members["_new_conn"] = lambda self: _connected(self, connection_class._new_conn)
        return type("WatchedConnection", (connection_class,), members)

    class Adapter(requests.adapters.HTTPAdapter):  # type: ignore[misc]
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            watch(self.poolmanager)

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **kwargs)
            if not known:
                watch(manager)
            return manager

    return Adapter()


def _connected(connection: Any, connect: Callable[[Any], Any]) -> Any:
    """Opens a socket to the first address of the connection's host that can be reached.

    ``connect`` is urllib3's own way, which gives each address the whole time. Here all but the last get a share of it,
    so that a dead first address does not keep the others from being tried (RFC 8305; one after the other).
    """
    host, timeout = connection._dns_host, connection.timeout
    try:
        addresses = _addresses(host, connection.port)
    except (OSError, UnicodeError):
        addresses = [host]  # connect() finds out what is wrong with it
    deadline = time.monotonic() + timeout
    try:
        for number, address in enumerate(addresses):
            rest = len(addresses) - number
            left = max(deadline - time.monotonic(), 0.001)
            connection._dns_host = address
            connection.timeout = left if rest == 1 else min(MOST_FOR_AN_ADDRESS, left / rest)
            try:
                connected = connect(connection)
            except Exception:
                if rest == 1:
                    raise
            else:
                connected.settimeout(timeout)
                return connected
    finally:
        connection._dns_host, connection.timeout = host, timeout
    raise AssertionError("a host has one address or more")


def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, each once, families in turn (RFC 8305 section 4)."""
    families: dict[int, dict[str, None]] = {}
    for family, _type, _protocol, _name, address in socket.getaddrinfo(host.strip("[]"), port, 0, socket.SOCK_STREAM):
        families.setdefault(int(family), {})[str(address[0])] = None
    in_turn = itertools.zip_longest(*families.values())
    return [address for some in in_turn for address in some if address is not None]


def _body(response: Any, where: str) -> bytes:
    codings = response.headers.get("Content-Encoding", "")
    if "," in codings:
        raise ResponseError(
            f"{where} answered a body that is compressed more than once ({codings[:60]}), which is not read because it "
            "may be of any size. Check base_url, and whether a proxy responds instead."
        )
    announced = response.headers.get("Content-Length", "")
    expected = int(announced) if announced.isascii() and announced.isdigit() else 0
    chunks = []
    size = 0
    if expected <= MAX_BODY:
        for chunk in response.iter_content(_CHUNK):
            size += len(chunk)
            if size > MAX_BODY:
                break
            chunks.append(chunk)
    if max(size, expected) > MAX_BODY:
        raise ResponseError(
            f"{where} answered more than {MAX_BODY // 1048576} MiB, more than this collection reads. "
            "Request a shorter window or fewer tests, or lower ids_per_request."
        )
    # Older urllib3 takes a body that is too short for a whole one.
    received = response.raw.tell()
    if received < expected and response.status_code not in _WITHOUT_BODY:
        raise PassingTransportError(
            f"{where}: the response is truncated: the connection was closed after {received} of {expected} bytes."
        )
    # A head that broke off reads like the head of an empty body; but a body that is meant to be empty says so.
    framed = bool(announced) or "Transfer-Encoding" in response.headers
    if not size and not framed and response.ok and response.status_code not in _WITHOUT_BODY:
        raise PassingTransportError(f"{where}: the connection was closed within the response headers.")
    return b"".join(chunks)


def _passwords(proxy: str) -> list[str]:
    """Returns the password in a proxy's address, as written and as sent."""
    try:
        password = urlsplit(proxy if "://" in proxy else f"http://{proxy}").password
    except ValueError:
        return []
    return [password, unquote(password)] if password else []


def _port(parts: SplitResult) -> Optional[int]:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _host(parts: SplitResult) -> str:
    """Host and port without user and password."""
    return parts.netloc.rpartition("@")[2]
