# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""REST API v1: snake_case, bare objects, .NET ticks, times in the account's zone."""

from __future__ import annotations

from collections.abc import Callable

from ..service import auth
from ..service.messages import ApiError, Request, Response, json_response, read_query
from ..service.simulator import Simulator
from . import v1_objects, v1_performance

ROOT = "/ui/api/v1"


def path_of(path: str) -> str | None:
    """The part of a v1 path behind its root, or None for another path."""
    if path != ROOT and not path.startswith(ROOT + "/"):
        return None
    return path[len(ROOT) :].strip("/")


# -- credentials ---


def token(sim: Simulator, request: Request) -> Response:
    """POST /ui/api/token: OAuth2 client credentials in the form or in HTTP Basic."""
    if request.method != "POST":
        raise ApiError(405, "The requested resource does not support this method.")
    content_type = request.headers.value("Content-Type").partition(";")[0].strip().lower()
    if content_type != "application/x-www-form-urlencoded":
        raise ApiError(415, "The token request must be application/x-www-form-urlencoded.")
    form = read_query(request.body.decode("utf-8", "replace"))
    if form.get("grant_type") != "client_credentials":
        raise ApiError(400, "grant_type must be client_credentials.")
    pair = auth.basic(request.headers.value("Authorization"))
    if pair is None:
        pair = (form.get("client_id", ""), form.get("client_secret", ""))
    with sim.lock:
        state = sim.credentials.clients.get(pair)
        if state is None:
            return _login_refused(sim)
        value = sim.credentials.issue(state, sim.now() + sim.world.token_life)
    body = {"access_token": value, "token_type": "bearer", "expires_in": sim.world.token_life}
    return json_response(body, headers={"Cache-Control": "no-store"})


def _login_refused(sim: Simulator) -> Response:
    mode = sim.switches["v1_login_refused"]
    if mode == "400_oauth":
        return json_response({"error": "invalid_client", "error_description": "Invalid client credentials"}, 400)
    return json_response({"Message": "Invalid client credentials"}, int(mode))


def authorize(sim: Simulator, request: Request) -> None:
    """Raises the API's error unless the token is valid."""
    given = auth.bearer(request.headers.value("Authorization"))
    with sim.lock:
        found = None if given is None else sim.credentials.find_token(given, sim.switches["v1_bearer"])
        if found is None:
            raise ApiError(401, "Invalid token", response=bad_token(sim, "Invalid token"))
        expires, state = sim.credentials.tokens[found]
    if sim.now() >= expires:
        raise ApiError(401, "Expired token", response=bad_token(sim, "Expired token"))
    if state == "forbidden":
        raise ApiError(403, "You do not have permission to access this information.")


def bad_token(sim: Simulator, message: str) -> Response:
    return json_response({"Message": message}, int(sim.switches["v1_bad_token"]))


def revoke(sim: Simulator, request: Request) -> None:
    """Expires the token of a request."""
    given = auth.bearer(request.headers.value("Authorization"))
    with sim.lock:
        found = None if given is None else sim.credentials.find_token(given, "both")
        if found is not None:
            sim.credentials.revoke(found)


def error_response(error: ApiError) -> Response:
    if error.response is not None:
        return error.response
    return json_response({"Message": error.message}, error.status)


# -- dispatch ---

_LISTS: dict[str, Callable[[Simulator, Request], Response]] = {
    "nodes": v1_objects.nodes,
    "nodeGroups": v1_objects.node_groups,
    "divisions": v1_objects.divisions,
    "products": v1_objects.products,
    "folders": v1_objects.folders,
    "tests": v1_objects.tests,
    "alerts": v1_objects.alerts,
    "performance/raw": v1_performance.raw,
    "performance/favoriteCharts": v1_performance.charts,
}
_ITEMS: dict[str, Callable[[Simulator, Request, int], Response]] = {
    "nodes": v1_objects.one_node,
    "nodeGroups": v1_objects.one_node_group,
    "products": v1_objects.one_product,
    "folders": v1_objects.one_folder,
    "tests": v1_objects.one_test,
    "performance/raw": v1_performance.one_raw,
    "performance/favoriteCharts": v1_performance.one_chart,
}


def respond(sim: Simulator, request: Request, path: str) -> Response:
    """The response for a path below /ui/api/v1/."""
    parts = path.split("/")
    if parts == ["performance", "aggregated"] and request.method in ("GET", "POST"):
        return v1_performance.aggregated(sim, request)
    if request.method != "GET":
        raise ApiError(405, "The requested resource does not support this method.")
    handler = _LISTS.get(path)
    if handler is not None:
        return handler(sim, request)
    handlers = _ITEMS.get("/".join(parts[:-1]))
    if handlers is not None and parts[-1].isdigit():
        return handlers(sim, request, int(parts[-1]))
    if parts[:2] == ["performance", "favoriteCharts"] and len(parts) == 4 and parts[3] == "data" and parts[2].isdigit():
        return v1_performance.chart_data(sim, request, int(parts[2]))
    raise ApiError(404, f"No resource at {request.path}.")
