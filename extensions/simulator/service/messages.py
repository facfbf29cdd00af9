# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Requests and responses, independent of sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

JSON_TYPE = "application/json; charset=utf-8"


# A JSON object as it is built or read, member by member.
Json = dict[str, Any]


class ApiError(Exception):
    """An error with the API's own text; each API generation renders it in its shape.

    `messages` are several texts (v2), `exceeded` fills usageLimits.exceededMessage (v2), and `response` replaces the
    rendered error (v1).
    """

    def __init__(
        self,
        status: int,
        message: str,
        messages: Sequence[str] = (),
        exceeded: str | None = None,
        response: Response | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.messages = list(messages) or [message]
        self.exceeded = exceeded
        self.response = response


class Headers(dict[str, str]):
    """Headers as they were sent; `value` ignores the case of a name."""

    def value(self, name: str, default: str = "") -> str:
        lowered = name.lower()
        for key, value in self.items():
            if key.lower() == lowered:
                return value
        return default


@dataclass
class Request:
    """One request as it was received."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes = b""
    client: str = "127.0.0.1"
    base_url: str = ""
    target_length: int = 0
    params: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.params:
            self.params = read_query(self.query)

    def json(self) -> Any:
        try:
            return json.loads(self.body.decode("utf-8") or "null")
        except ValueError as error:
            raise ApiError(400, f"The body is not valid JSON: {error}") from error


def read_query(text: str) -> dict[str, str]:
    """Parameters of a query or form; repeated ones are joined with commas, as ASP.NET does."""
    result: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        result[name] = f"{result[name]},{value}" if name in result else value
    return result


@dataclass
class Response:
    """One response; `transport` makes server.py break it in some way."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    transport: Mapping[str, Any] | None = None


def json_response(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    return Response(status, body, {"Content-Type": JSON_TYPE, **(headers or {})})


def text_response(
    text: str,
    status: int = 200,
    content_type: str = "text/plain; charset=utf-8",
    headers: Mapping[str, str] | None = None,
) -> Response:
    return Response(status, text.encode("utf-8"), {"Content-Type": content_type, **(headers or {})})


GATEWAY_PAGE = """<!DOCTYPE html>
<html lang="en-US">
<head><title>{title}</title></head>
<body>
<h1>{title}</h1>
<p>{text}</p>
<p>error code: {code}</p>
</body>
</html>
"""


def gateway_page(status: int = 403, code: int = 1010) -> Response:
    """The HTML page of a gateway in front of the API."""
    title = "Access denied" if status == 403 else f"{status} from the gateway"
    text = (
        "The owner of this website has banned your access based on your browser's signature."
        if code == 1010
        else "The web server behind this gateway did not respond as expected."
    )
    page = GATEWAY_PAGE.format(title=title, text=text, code=code)
    return text_response(page, status, "text/html; charset=UTF-8")
