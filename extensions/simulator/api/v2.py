# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""REST API v2 and later: camelCase in an envelope with errors, traceId and usageLimits."""

from __future__ import annotations

from collections.abc import Callable

from ..service import auth
from ..service.messages import ApiError, Request, Response
from ..service.simulator import Simulator
from . import v2_alert_state, v2_alerts, v2_catalog, v2_errors, v2_explorer, v2_instant, v2_nodes, v2_slos, v2_tests
from .permissions import NO_RIGHT
from .v2_common import completed_false, error_response

__all__ = ["authorize", "completed_false", "error_response", "respond"]


def authorize(sim: Simulator, request: Request) -> None:
    """Raises the API's error unless the key is valid."""
    given = auth.bearer(request.headers.value("Authorization"))
    state = None
    if given is not None:
        with sim.lock:
            for text in auth.text_of_header(given):
                state = state or sim.credentials.keys.get(text)
    if state == "expired":
        raise ApiError(401, "Expired Token")
    if state is None or state == "revoked":
        raise ApiError(401, "Invalid credentials")
    if state == "forbidden":
        raise ApiError(403, NO_RIGHT)
    if state == "quota":
        raise ApiError(429, "quota exceeded", exceeded="quota exceeded: the consumer's calls of this day are used up")


# -- dispatch ---

_PLAIN: dict[str, Callable[[Simulator, Request], Response]] = {
    "nodes/all": v2_nodes.nodes_all,
    "nodes": v2_nodes.nodes,
    "nodes/groups": v2_nodes.node_groups,
    "tests": v2_tests.tests,
    "tests/enumeration": v2_tests.tests_enumeration,
    "tests/explorer/raw": v2_explorer.explorer_raw,
    "tests/explorer/aggregated": v2_explorer.explorer_aggregated,
    "tests/explorer/enumeration": v2_explorer.explorer_enumeration,
    "tests/explorer/favoritechart": v2_explorer.favorites,
    "tests/alerts": v2_alerts.alerts,
    "tests/errors/raw": v2_errors.errors,
    "iw/outages": v2_errors.outages,
    "instances": v2_nodes.instances,
    "slo": v2_slos.slos,
    "slo/violations": v2_slos.violations,
    "products": v2_catalog.products,
    "folders": v2_catalog.folders,
    "labels": v2_catalog.labels,
    "divisions": v2_catalog.divisions,
    "useridentity": v2_catalog.identity,
}
_WITH_IDS: dict[str, Callable[[Simulator, Request, str], Response]] = {
    "nodes": v2_nodes.nodes_by_id,
    "nodes/groups": v2_nodes.node_groups_by_id,
    "tests": v2_tests.tests_by_id,
    "tests/explorer/favoritechart": v2_explorer.favorite_details,
    "tests/explorer/favoritechart/data": v2_explorer.favorite_data,
    "tests/explorer/favoritechart/defaultdata": v2_explorer.favorite_default_data,
    "tests/alerts": v2_alerts.alerts_by_id,
    "tests/alert/state": v2_alert_state.states,
    "tests/errors/raw": v2_errors.errors_by_id,
    "instanttests": v2_instant.result,
    "instances": v2_nodes.nodes_by_id,
    "slo": v2_slos.slos_by_id,
    "products": v2_catalog.products_by_id,
    "folders": v2_catalog.folders_by_id,
    "labels": v2_catalog.labels_by_id,
}


_WRITES: dict[tuple[str, str], Callable[[Simulator, Request], Response]] = {
    ("PATCH", "tests/alert/state"): v2_alert_state.set_states,
}
_WRITES_WITH_IDS: dict[tuple[str, str], Callable[[Simulator, Request, str], Response]] = {
    ("POST", "instanttests"): v2_instant.order,
}


def respond(sim: Simulator, request: Request, path: str) -> Response:
    """The response for a path below /api/vN/."""
    head, _slash, tail = path.rpartition("/")
    if request.method == "GET":
        plain, with_ids = _PLAIN.get(path), _WITH_IDS.get(head)
    else:
        plain, with_ids = _WRITES.get((request.method, path)), _WRITES_WITH_IDS.get((request.method, head))
    if plain is not None:
        return plain(sim, request)
    if with_ids is not None and tail:
        return with_ids(sim, request, tail)
    written = {path for _method, path in _WRITES}
    if path in _PLAIN or path in written or (tail and head in _WITH_IDS):
        raise ApiError(405, f"{request.method} is not supported here.")
    raise ApiError(404, f"No resource at {request.path}.")
