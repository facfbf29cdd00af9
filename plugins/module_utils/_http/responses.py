# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decodes a response of the service, and turns one that is not as requested into an error for the user.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import (
    ApiMessage,
    ResponseFormat,
    Usage,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import RETRIED

MAX_WORDS = 500  # characters of the service's own text in a message
EXCERPT = 200  # characters of a body that is not understood
# A secret must be masked before a text is cut, lest half of it stays; nothing beyond this can get into a message.
_LOOKED_AT = 16_384

Clean = Callable[[str], str]


@dataclass(frozen=True)
class ParsedResponse:
    """A decoded response. ``understood`` is false when the body is not JSON; ``fault`` then says why."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    payload: Any = field(repr=False)
    fault: str
    complaint: Optional[ApiMessage] = None
    usage: Optional[Usage] = None
    truncated: bool = False  # the body breaks off

    @property
    def understood(self) -> bool:
        return not self.fault

    @property
    def done(self) -> bool:
        """Whether the request succeeded and its response was decoded."""
        return 200 <= self.status < 300 and self.understood and self.complaint is None

    @property
    def transient(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.status in RETRIED or (200 <= self.status < 300 and self.truncated)

    @property
    def credentials_refused(self) -> bool:
        return self.status == 401 or (self.complaint is not None and self.complaint.token)


def read(status: int, reason: str, headers: Mapping[str, str], body: bytes, manners: ResponseFormat) -> ParsedResponse:
    """Decode a reply and let the generation's manners look at it. An empty body is the payload None."""
    payload: Any = None
    fault = ""
    truncated = False
    if body.strip():
        try:
            # NaN and Infinity are not valid JSON, but .NET writes them for "no value".
            payload = json.loads(body, parse_constant=lambda _constant: None, parse_float=_finite)
        except UnicodeDecodeError:
            fault = "its text is not in UTF-8"
        except json.JSONDecodeError as error:
            truncated = _is_truncated(error)
            fault = "the JSON is truncated" if truncated else "it is not JSON"
        except (ValueError, RecursionError):
            fault = "the JSON is nested too deeply or contains an oversized number"
    if payload is None:
        return ParsedResponse(status, reason, headers, body, None, fault, truncated=truncated)
    return ParsedResponse(
        status, reason, headers, body, payload, fault, manners.complaint(payload), manners.usage(payload)
    )


def error_from(request: str, reading: ParsedResponse, clean: Clean, credentials: str) -> CatchpointError:
    """The error that a reading which is not ``done`` is.

    ``request`` is method and address, ``clean`` takes secrets out of a text, ``credentials`` names the options in use.
    """
    complaint = reading.complaint or ApiMessage("")
    words = _line(complaint.text, clean, MAX_WORDS)
    trace = _line(complaint.trace_id, clean, 100) if complaint.trace_id else None
    said = f"{request} answered HTTP {reading.status}"
    said += f" ({_line(reading.reason, clean, 60)})" if reading.reason else ""
    said += f": {words.rstrip('.')}" if words else ""
    said += f" (trace id {trace})" if trace else ""
    said += "" if said.endswith((".", "!", "?")) else "."

    if reading.status == 407:
        return TransportError(
            f"The proxy requires a user and a password. {said} Put them into proxy: http://user:password@host:port."
        )
    if 200 <= reading.status < 300 and not reading.understood:
        return undecodable(request, reading, clean)
    if 300 <= reading.status < 400:
        return ResponseError(f"{said} Redirect without a usable Location header. Check base_url.")
    kind, what, advice = _meaning(reading, words, clean, credentials)
    shown = "" if words or reading.credentials_refused else _shown(reading, clean)
    text = " ".join(part for part in (what, said, shown, advice) if part)
    return kind(text, status=reading.status, api_text=words, trace_id=trace, enveloped=complaint.enveloped)


def _meaning(reading: ParsedResponse, words: str, clean: Clean, credentials: str) -> tuple[type[ApiError], str, str]:
    """The kind of error, what it is in a sentence, and what to change."""
    if reading.credentials_refused:
        return AuthenticationError, *_credentials_texts(words, credentials)
    if reading.status < 500 and reading.complaint is not None and reading.complaint.missing:
        return NotFoundError, "Not found.", "Check the ids, and that these credentials may see them."
    if reading.status < 300:
        return NotCompletedError, "Catchpoint did not carry out the request.", "Check the ids and the other options."
    if reading.status == 403:
        return ApiError, *_forbidden_texts(reading, clean, credentials)
    if reading.status == 404 and words and not _NO_ROUTE.search(words):
        return (
            NotFoundError,
            "Not found.",
            "Check the ids, and that these credentials may see them.",
        )
    if reading.status == 404 and reading.understood and not words:
        # Any web server says so of a path that it does not have.
        return (
            NotFoundError,
            "Not found. Catchpoint's API may not be at this address.",
            "Check base_url and api_version, then the ids, and that these credentials may see them.",
        )
    if reading.status == 404:
        return ApiError, "There is no Catchpoint API at this address.", "Check base_url and api_version."
    if reading.status == 414:
        return ApiError, "The request is too long for the service.", "Lower ids_per_request."
    if reading.status == 429:
        return ApiError, "The request limit of Catchpoint is used up.", ""
    if reading.status >= 500:
        return ApiError, "The service failed.", "Try again later."
    return ApiError, "Catchpoint refused the request.", "Check the options."


def undecodable(request: str, reading: ParsedResponse, clean: Clean, show_body: bool = True) -> ResponseError:
    """The error for a body that is not what an API answers. ``show_body`` is false where the body may hold a token."""
    kind = reading.headers.get("content-type") or "no content type"
    text = (
        f"{request} answered HTTP {reading.status} with a body that is not understood: {reading.fault} "
        f"({_line(kind, clean, 100)}, {len(reading.body)} bytes)."
    )
    if show_body:
        text += f" It begins with: {_excerpt(_text(reading.body), clean)}."
    return ResponseError(f"{text} Check base_url and api_version, and whether a proxy or a login page answers instead.")


def _excerpt(text: str, clean: Clean) -> str:
    return '"' + _line(text, clean, EXCERPT) + '"'


def _line(text: object, clean: Clean, length: int) -> str:
    """A text of the service without secrets, as one line that no terminal obeys, of ``length`` characters at most.

    Masked before anything else is done to it: half a secret, or one with other spaces in it, would not be found.
    """
    words = " ".join(clean(str(text)[:_LOOKED_AT]).split())
    line = "".join(character if character.isprintable() else "?" for character in words)
    return line if len(line) <= length else line[: length - 3] + "..."


def _text(body: bytes) -> str:
    return body[:_LOOKED_AT].decode("utf-8", "replace")


# The text of the service's framework for a path that does not exist.
_NO_ROUTE = re.compile(r"No (HTTP resource|type|action) was found", re.IGNORECASE)

_PORTAL = "Integrations, in older portals Settings: REST API, Add Consumer"


def _credentials_texts(words: str, credentials: str) -> tuple[str, str]:
    # A v1 token that is said to be expired was got just now; its client id and secret are not what expired.
    if "expire" in words.lower() and credentials == "api_key":
        return (
            "The API key has expired.",
            f"Make a new one in the portal ({_PORTAL}) and set api_key; a key is valid for at most two years.",
        )
    return (
        f"Catchpoint does not accept the credentials ({credentials}).",
        f"Check {credentials} (complete? made for this api_version?); keys are made in the portal ({_PORTAL}).",
    )


# Cloudflare's own numbers: "error code: 1010", {"error_code": 1010}, <h1>Error <span>1010</span>.
_GATEWAY_CODE = re.compile(r"error(?:[ _]code)?\W{0,4}(1\d{3})\b", re.IGNORECASE)


def _forbidden_texts(reading: ParsedResponse, clean: Clean, credentials: str) -> tuple[str, str]:
    code = _GATEWAY_CODE.search(re.sub("<[^>]*>", "", _text(reading.body)))
    # The gateway's errors may be JSON with a title, which reads like a complaint of the API's.
    own = (
        reading.understood and reading.complaint is not None and b"cloudflare" not in reading.body[:_LOOKED_AT].lower()
    )
    if not own and (reading.fault or code):
        details = [f"error {code.group(1)}"] if code else []
        ray = reading.headers.get("cf-ray")
        details += [f"ray id {_line(ray, clean, 60)}"] if ray else []
        met = f" ({', '.join(details)})" if details else ""
        return (
            f"The gateway in front of the API blocked the request{met}; the API did not see it.",
            "It may block this machine's IP address or the User-Agent: check proxy, and contact Catchpoint's support.",
        )
    return (
        "These credentials lack the permission for this request.",
        f"Give the consumer of {credentials} access to it in the portal, or use credentials that have it.",
    )


def _shown(reading: ParsedResponse, clean: Clean) -> str:
    """Returns a sentence about a body without an error text of the API: the page's title, or the beginning."""
    text = _text(reading.body)
    if reading.understood or not text.strip():
        return ""
    title = re.search("<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
    if title:
        return f"The body is a web page with the title {_excerpt(html.unescape(title.group(1)), clean)}."
    return f"The body begins with: {_excerpt(text, clean)}."


def _finite(text: str) -> float:
    """A number; 1e999 would become infinite, which no API means."""
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _is_truncated(error: json.JSONDecodeError) -> bool:
    """Whether the text breaks off: it began as JSON and nothing but its end is wrong."""
    begins = error.doc.lstrip()[:1]
    rest = error.doc[error.pos :].strip()
    at_end = not rest or error.msg.startswith("Unterminated string") or any(word.startswith(rest) for word in _WORDS)
    return begins in ("{", "[") and at_end


_WORDS = ("true", "false", "null")
