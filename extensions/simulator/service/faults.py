# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Faults: what goes wrong for a path, and how many times."""

from __future__ import annotations

import base64
import fnmatch
from collections.abc import Callable, Mapping

from .messages import JSON_TYPE, Json, Request, Response, gateway_page, json_response, text_response

# Members of a fault by kind, besides path, method, query, kind, times and after.
KINDS: dict[str, set[str]] = {
    "status": {"status", "headers", "body", "content_type"},
    "html": {"status", "code", "headers", "body"},
    "non_json": {"status", "body"},
    "other_json": {"status", "body"},
    "empty": {"status"},
    "completed_false": {"message", "status"},
    "expired_token": {"revoke"},
    "redirect": {"status", "location"},
    "echo_secret": {"status", "format", "headers"},
    "drop": set(),
    "reset": set(),
    "endless": {"bytes_per_second"},
    "huge": {"bytes"},
    # These change the real response.
    "delay": {"seconds"},
    "truncate": {"bytes"},
    "drip": {"bytes_per_second", "part", "forever"},
    "truncated_json": {"bytes"},
    "wrong_content_type": {"content_type"},
    "bad_gzip": set(),
    "lost": {"status"},
}
CHANGES_RESPONSE = frozenset(("delay", "truncate", "drip", "truncated_json", "wrong_content_type", "bad_gzip", "lost"))
_COMMON = {"path", "method", "query", "kind", "times", "after"}


class FaultError(ValueError):
    """A fault that cannot be read."""


class Fault:
    """One fault that was requested."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, Mapping):
            raise FaultError(f"a fault must be an object, got {type(data).__name__}")
        order: Json = dict(data)
        self.kind = str(order.get("kind", ""))
        if self.kind not in KINDS:
            raise FaultError(f"kind {self.kind!r} is not one of {', '.join(KINDS)}")
        unknown = set(order) - _COMMON - KINDS[self.kind]
        if unknown:
            members = ", ".join(sorted(_COMMON | KINDS[self.kind]))
            raise FaultError(f"unknown member {sorted(unknown)[0]!r} of kind {self.kind}; there are {members}")
        self.path = str(order.get("path", "*"))
        self.method = str(order.get("method", "*")).upper()
        self.query = {str(name): str(value) for name, value in dict(order.get("query", {})).items()}
        times = order.get("times", 1)
        # None: forever.
        self.remaining = None if times in (-1, "always", None) else int(times)
        self.after = int(order.get("after", 0))
        self.order = order

    def matches(self, request: Request) -> bool:
        return (
            fnmatch.fnmatchcase(request.path, self.path)
            and self.method in ("*", "ANY", request.method)
            and all(fnmatch.fnmatchcase(request.params.get(name, ""), value) for name, value in self.query.items())
        )

    def as_dict(self) -> Json:
        return {**self.order, "times": -1 if self.remaining is None else self.remaining, "after": self.after}


class Faults:
    """The requested faults, in their order. Not thread-safe: the caller holds the lock."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, orders: object) -> None:
        self._faults.extend([Fault(order) for order in (orders if isinstance(orders, list) else [orders])])

    def clear(self) -> None:
        self._faults = []

    def remaining(self) -> list[Json]:
        return [fault.as_dict() for fault in self._faults]

    def take(self, request: Request) -> Fault | None:
        """The fault for a request, if one is due; it counts as used."""
        for fault in self._faults:
            if not fault.matches(request):
                continue
            if fault.after > 0:
                fault.after -= 1
                return None
            if fault.remaining is not None:
                fault.remaining -= 1
                if fault.remaining <= 0:
                    self._faults = [one for one in self._faults if one is not fault]
            return fault
        return None


def instead(fault: Fault, request: Request, envelope: Callable[[int, str], Response]) -> Response:
    """The response of a fault that replaces the real one; `envelope` makes the API's own error."""
    order = fault.order
    status = int(order.get("status", 200))
    headers = {str(name): str(value) for name, value in dict(order.get("headers", {})).items()}
    if fault.kind == "status":
        return _stated(order, int(order.get("status", 503)), headers, envelope)
    if fault.kind == "html":
        page = gateway_page(int(order.get("status", 403)), int(order.get("code", 1010)))
        if "body" in order:
            page.body = str(order["body"]).encode("utf-8")
        page.headers.update(headers)
        return page
    if fault.kind == "non_json":
        return text_response(str(order.get("body", "The service is being upgraded.")), status, JSON_TYPE)
    if fault.kind == "other_json":
        return json_response(order.get("body", ["something", {"quite": "different"}]), status)
    if fault.kind == "empty":
        code = int(order.get("status", 204))
        return Response(code, b"", {} if code == 204 else {"Content-Type": JSON_TYPE})
    if fault.kind == "redirect":
        location = str(order.get("location", request.path)).replace("{url}", request.base_url)
        return Response(int(order.get("status", 302)), b"", {"Location": location})
    if fault.kind == "echo_secret":
        response = _echo(order, request)
        response.headers.update(headers)
        return response
    if fault.kind in ("drop", "reset", "endless", "huge"):
        return Response(
            0 if fault.kind in ("drop", "reset") else 200, b"", {"Content-Type": JSON_TYPE}, transport=order
        )
    raise FaultError(f"kind {fault.kind} changes a response and does not make one")


def _stated(order: Json, status: int, headers: Mapping[str, str], envelope: Callable[[int, str], Response]) -> Response:
    if "body" not in order:
        response = envelope(status, f"ordered fault: status {status}")
    elif isinstance(order["body"], str):
        response = text_response(order["body"], status, str(order.get("content_type", "text/plain; charset=utf-8")))
    else:
        response = json_response(order["body"], status)
    if "content_type" in order:
        response.headers["Content-Type"] = str(order["content_type"])
    response.headers.update(headers)
    return response


def _echo(order: Json, request: Request) -> Response:
    """An error that repeats the client's credential: as it was sent, decoded and encoded."""
    authorization = request.headers.value("Authorization")
    credential = authorization.partition(" ")[2]
    form = request.body.decode("utf-8", "replace")
    encoded = base64.b64encode(credential.encode("utf-8")).decode("ascii")
    text = f"Cannot serve Authorization: {authorization} (key {credential}, encoded {encoded}) with body {form}"
    status = int(order.get("status", 400))
    shape = str(order.get("format", "json"))
    if shape == "html":
        return text_response(f"<html><body><pre>{text}</pre></body></html>", status, "text/html; charset=UTF-8")
    if shape == "text":
        return text_response(text, status)
    if request.path.startswith("/ui/api/"):
        return json_response({"Message": text, "error_description": text}, status)
    return json_response({"errors": [{"id": "1", "message": text}], "completed": False, "traceId": text}, status)


def change(fault: Fault, response: Response) -> Response:
    """Damages the real response. The request has been carried out."""
    order = fault.order
    if fault.kind == "lost":
        status = int(order.get("status", 0))
        return gateway_page(status, status) if status else Response(0, b"", {}, transport={"kind": "drop"})
    if fault.kind == "delay":
        response.delay = float(order.get("seconds", 1.0))
    elif fault.kind == "truncated_json":
        # The length is right, the JSON is not.
        response.body = response.body[: int(order.get("bytes", len(response.body) // 2))]
    elif fault.kind == "wrong_content_type":
        response.headers["Content-Type"] = str(order.get("content_type", "text/html; charset=utf-8"))
    elif fault.kind == "bad_gzip":
        response.headers["Content-Encoding"] = "gzip"
        response.body = b"\x1f\x8b\x08\x00" + response.body[:200]
    else:
        response.transport = order
    return response
