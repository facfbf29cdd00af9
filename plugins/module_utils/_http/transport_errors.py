# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Translates the exceptions of requests, urllib3, ssl and the system to errors of this collection. Pure.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    CatchpointError,
    PassingTransportError,
    TransportError,
)

# How far an exchange got, in words for messages.
CONNECTING = "connecting"
SENDING = "sending the request"
WAITING = "waiting for the response"
READING = "reading the response"

# By their very names: in urllib3 1.26 a refused connection is a kind of time-out.
_TIMEOUTS = frozenset(
    {"ConnectTimeout", "ConnectTimeoutError", "ReadTimeout", "ReadTimeoutError", "TimeoutError", "timeout"}
)

# ssl's, and urllib3's for a certificate of another host, which knows nothing but names of hosts.
_UNTRUSTED = frozenset({"SSLCertVerificationError", "CertificateError"})
_MISMATCHES = frozenset({62, 64})  # OpenSSL's codes for a certificate of another host or address


def timed_out(where: str, stage: str, timeout: float) -> PassingTransportError:
    """The error of an exchange that took longer than ``timeout`` seconds."""
    if stage == CONNECTING:
        advice = "Check base_url, proxy and the network"
    else:
        advice = "Raise timeout, or request less at once"
    return PassingTransportError(
        f"{where} timed out while {stage}: the whole exchange may take {timeout:g} s (timeout). {advice}."
    )


def translate_exception(
    error: BaseException, where: str, stage: str, timeout: float, proxy: Callable[[], str]
) -> CatchpointError:
    """Our own error for an exception that an exchange ended with.

    The texts of exceptions are not used, as they hold addresses and whatever is in them. ``where`` is the request as
    messages show it; ``proxy`` names the proxy in use, and is called only when one is.
    """
    if isinstance(error, CatchpointError):
        return error
    causes = list(_causes(error))
    names = {type(cause).__name__ for cause in causes}
    kinds = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    reason = _reason(causes)
    if kinds & {"ProxyError", "InvalidProxyURL", "ProxySchemeUnknown"}:
        return TransportError(
            f"{where}: {proxy()} did not let the request through: {reason}. "
            "Check proxy (CATCHPOINT_PROXY), its user and password, and HTTPS_PROXY and NO_PROXY."
        )
    untrusted = next((cause for cause in causes if type(cause).__name__ in _UNTRUSTED), None)
    if untrusted is not None:
        return _untrusted(untrusted, where)
    if names & _TIMEOUTS:
        return timed_out(where, stage, timeout)
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if isinstance(tls, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return PassingTransportError(f"{where}: the connection was closed during the TLS handshake.")
    if tls is not None:
        return TransportError(
            f"{where}: TLS failed: {reason}. Check that base_url begins with the right one of http:// and https://."
        )
    resolving = next((cause for cause in causes if isinstance(cause, socket.gaierror)), None)
    if resolving is not None:
        kind = PassingTransportError if resolving.errno == socket.EAI_AGAIN else TransportError
        return kind(
            f"{where}: the host's name was not found: {reason}. Check base_url and this machine's name service."
        )
    if kinds & {"ContentDecodingError", "DecodeError"}:
        return PassingTransportError(f"{where}: the response is damaged: it is not compressed as its header says.")
    if "InvalidSchema" in kinds and "SOCKS" in str(error):
        return TransportError(
            f"{where}: a SOCKS proxy needs the Python library PySocks, which {sys.executable} does not have. "
            f"Install it: {sys.executable} -m pip install PySocks"
        )
    # An address or a header that requests refuses is a ValueError, whatever else it is.
    if isinstance(error, (OSError, http.client.HTTPException)) and not isinstance(error, ValueError):
        if stage == CONNECTING:
            return PassingTransportError(
                f"{where}: could not connect: {reason}. Check base_url, proxy and the network."
            )
        return PassingTransportError(
            f"{where}: the connection broke while {stage}: {reason}. Try again later; if that does not help, check "
            "base_url (http:// or https://?) and proxy."
        )
    return TransportError(f"{where} could not be sent ({type(error).__name__}). Check base_url and proxy.")


def closed_unanswered(error: BaseException) -> bool:
    """Returns whether the connection was closed or reset before a response began."""
    return any(isinstance(cause, ConnectionError) for cause in _causes(error))


def system_reason(error: OSError) -> str:
    """The system's words for an error."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return error.strerror or str(error)


def _untrusted(error: BaseException, where: str) -> TransportError:
    reason = str(getattr(error, "verify_message", None) or error)
    if getattr(error, "verify_code", None) in _MISMATCHES or "doesn't match" in reason:
        advice = "Check base_url: the certificate is that of another host."
    else:
        advice = "Set ca_path to the certificate of the authority that signed it, for example your corporate proxy's."
    return TransportError(f"{where}: the server's certificate is not trusted: {reason}. {advice}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all those that it came from or that it carries, outermost first."""
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


def _reason(causes: list[BaseException]) -> str:
    """The words of the innermost system error, which know nothing of addresses."""
    for cause in reversed(causes):
        if isinstance(cause, OSError) and cause.strerror:
            return system_reason(cause)
        if isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed"):
            return str(cause)
    for cause in reversed(causes):
        if isinstance(cause, http.client.IncompleteRead):
            return "the response ended too early"
        if isinstance(cause, http.client.HTTPException):
            return "the server closed the connection" if "closed" in str(cause) else type(cause).__name__
    return type(causes[-1]).__name__
