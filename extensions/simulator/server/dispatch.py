# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""From a request to its response: faults, rate limits, credentials, then the handler of its path."""

from __future__ import annotations

import gzip
import re
from email.utils import formatdate

from ..api import permissions
from ..api import v1 as api_v1
from ..api import v2 as api_v2
from ..control import endpoints
from ..service import faults as fault_rules
from ..service import limits as limit_rules
from ..service.limits import Window
from ..service.messages import ApiError, Json, Request, Response, gateway_page, json_response, text_response
from ..service.simulator import TOKEN_PATH, Simulator
from ..world import times

CONTROL = "/_simulator"
_V2_PATH = re.compile(r"/api/v(\d+)(?:\.\d+)?(/.*|$)")
# Default User-Agents of libraries, which the gateway's browser check refuses.
_LIBRARIES = ("python-urllib", "python-requests", "ansible-httpget", "curl/", "go-http-client", "java/")
# Shorter responses are not compressed.
_GZIP_FROM = 1400


def handle(simulator: Simulator, request: Request) -> Response:
    if request.path == CONTROL or request.path.startswith(CONTROL + "/"):
        return endpoints.respond(simulator, request)
    entry = simulator.add_to_log(request)
    response = _respond(simulator, request, entry)
    response.headers.setdefault("Date", formatdate(simulator.now(), usegmt=True))
    entry["status"] = response.status
    if response.status == 429:
        with simulator.lock:
            simulator.rejected += 1
    return _compressed(simulator, request, response)


def _respond(simulator: Simulator, request: Request, entry: Json) -> Response:
    most = simulator.switches.number("max_url")
    if most and request.target_length > most:
        return gateway_page(414, 414)
    with simulator.lock:
        fault = simulator.faults.take(request)
        exceeded, left = _counted(simulator, request, limited=fault is None)
    entry["fault"] = fault.kind if fault else None
    if fault and fault.kind not in fault_rules.CHANGES_RESPONSE:
        return _instead(simulator, request, fault)
    response = _too_many(simulator, request, exceeded) if exceeded else _route(simulator, request)
    mode = simulator.switches["limit_headers"]
    if left and (mode == "always" or (mode == "429" and exceeded)):
        _add_limit_headers(simulator, response, left)
    return fault_rules.change(fault, response) if fault else response


def _counted(simulator: Simulator, request: Request, limited: bool) -> tuple[Window | None, Window | None]:
    """Counts a request. Returns the window that refuses it, and the one with the fewest requests left."""
    if not _counts(simulator, request):
        return None, None
    client, now = simulator.client_of(request), simulator.limits_now()
    simulator.limits.model = simulator.switches["limit_window"]
    exceeded = simulator.limits.exceeded(client, now) if limited else None
    if exceeded is None or simulator.switches.on("limits_count_rejected"):
        simulator.limits.add(client, now)
    return exceeded, exceeded or simulator.limits.tightest(client, now)


def _instead(simulator: Simulator, request: Request, fault: fault_rules.Fault) -> Response:
    """The response of a fault that replaces the real one."""
    if fault.kind == "completed_false":
        return api_v2.completed_false(simulator, request, fault.order)
    if fault.kind == "expired_token":
        return _expired(simulator, request, fault)
    return fault_rules.instead(
        fault, request, lambda status, text: error_response(simulator, request, ApiError(status, text))
    )


def _add_limit_headers(simulator: Simulator, response: Response, left: Window) -> None:
    period = f"1{left.window[0]}" if simulator.switches["limit_header_value"] == "period" else str(left.limit)
    response.headers["X-Rate-Limit-Limit"] = period
    response.headers["X-Rate-Limit-Remaining"] = str(max(left.remaining, 0))
    response.headers["X-Rate-Limit-Reset"] = times.iso(simulator.limits_now() + left.wait)


def _counts(simulator: Simulator, request: Request) -> bool:
    return request.path != TOKEN_PATH or simulator.switches.on("limits_count_logins")


def _route(simulator: Simulator, request: Request) -> Response:
    agent = request.headers.value("User-Agent").lower()
    if simulator.switches["user_agent_block"] == "libraries" and (not agent or agent.startswith(_LIBRARIES)):
        return gateway_page(403, 1010)
    try:
        if request.path == TOKEN_PATH:
            return api_v1.token(simulator, request)
        v1 = api_v1.path_of(request.path)
        if v1 is not None:
            api_v1.authorize(simulator, request)
            permissions.refuse(simulator, request, v1)
            return simulator.replayed(request) or api_v1.respond(simulator, request, v1)
        v2 = _V2_PATH.fullmatch(request.path)
        if v2 and int(v2.group(1)) >= 2:
            api_v2.authorize(simulator, request)
            permissions.refuse(simulator, request, v2.group(2).strip("/"))
            return simulator.replayed(request) or api_v2.respond(simulator, request, v2.group(2).strip("/"))
        raise ApiError(404, f"No resource at {request.path}.")
    except ApiError as error:
        return error_response(simulator, request, error)


def error_response(simulator: Simulator, request: Request, error: ApiError) -> Response:
    """An error in the shape of the API generation of the request."""
    if request.path.startswith("/ui/api/"):
        return api_v1.error_response(error)
    if request.path.startswith("/api/"):
        return api_v2.error_response(simulator, request, error)
    return json_response({"message": error.message}, error.status)


def _expired(simulator: Simulator, request: Request, fault: fault_rules.Fault) -> Response:
    if not request.path.startswith("/ui/api/"):
        return api_v2.error_response(simulator, request, ApiError(401, "Expired Token"))
    if fault.order.get("revoke", True):
        api_v1.revoke(simulator, request)
    return api_v1.bad_token(simulator, "Expired token")


def _too_many(simulator: Simulator, request: Request, exceeded: Window) -> Response:
    response = _refusal(simulator, request, exceeded)
    mode, seconds = simulator.switches["retry_after"], limit_rules.seconds_to_wait(exceeded)
    if mode == "seconds":
        response.headers["Retry-After"] = str(seconds)
    elif mode == "fraction":
        response.headers["Retry-After"] = f"{exceeded.wait:.3f}"
    elif mode == "date":
        response.headers["Retry-After"] = formatdate(simulator.limits_now() + seconds, usegmt=True)
    return response


def _refusal(simulator: Simulator, request: Request, exceeded: Window) -> Response:
    mode = simulator.switches["body_429"]
    if mode == "none":
        return Response(429, b"", {})
    if mode == "html":
        return gateway_page(429, 1015)
    if mode == "text":
        # The text of the AspNetCoreRateLimit middleware.
        period = f"1{exceeded.window[0]}"
        return text_response(f"API calls quota exceeded! maximum admitted {exceeded.limit} per {period}.", 429)
    text = f"quota exceeded: more than {exceeded.limit} requests in a {exceeded.window}"
    return error_response(simulator, request, ApiError(429, "quota exceeded", exceeded=text))


def _compressed(simulator: Simulator, request: Request, response: Response) -> Response:
    if (
        simulator.switches.on("gzip")
        and response.transport is None
        and len(response.body) >= _GZIP_FROM
        and "Content-Encoding" not in response.headers
        and "gzip" in request.headers.value("Accept-Encoding").lower()
    ):
        response.body = gzip.compress(response.body, 1)
        response.headers["Content-Encoding"] = "gzip"
    return response
