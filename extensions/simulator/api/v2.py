# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""REST API v2 and later: camelCase in an envelope with errors, traceId and usageLimits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..server import auth
from ..server.messages import ApiError, Request, Response
from . import v2_alerts, v2_explorer, v2_objects, v2_writes
from .v2_common import completed_false, error_response

if TYPE_CHECKING:
    from ..simulator import Simulator

_NO_RIGHT = "You do not have permission to access this information."
__all__ = ["answer", "authorize", "completed_false", "error_response"]


def authorize(sim: Simulator, request: Request) -> None:
    """Let a valid key pass; raise the API's error otherwise."""
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
        raise ApiError(403, _NO_RIGHT)
    if state == "quota":
        raise ApiError(429, "quota exceeded", exceeded="quota exceeded: the consumer's calls of this day are used up")


# -- dispatch ---

_PLAIN: dict[str, Callable[[Simulator, Request], Response]] = {
    "nodes/all": v2_objects.nodes_all,
    "nodes": v2_objects.nodes,
    "nodes/groups": v2_objects.node_groups,
    "tests": v2_objects.tests,
    "tests/enumeration": v2_objects.tests_enumeration,
    "tests/explorer/raw": v2_explorer.explorer_raw,
    "tests/explorer/aggregated": v2_explorer.explorer_aggregated,
    "tests/explorer/enumeration": v2_explorer.explorer_enumeration,
    "tests/explorer/favoritechart": v2_explorer.favorites,
    "tests/alerts": v2_alerts.alerts,
    "slo": v2_alerts.slos,
    "slo/violations": v2_alerts.violations,
    "products": v2_objects.products,
    "folders": v2_objects.folders,
    "labels": v2_objects.labels,
    "divisions": v2_objects.divisions,
    "useridentity": v2_objects.identity,
}
_WITH_IDS: dict[str, Callable[[Simulator, Request, str], Response]] = {
    "nodes": v2_objects.nodes_by_id,
    "nodes/groups": v2_objects.node_groups_by_id,
    "tests": v2_objects.tests_by_id,
    "tests/explorer/favoritechart": v2_explorer.favorite_details,
    "tests/explorer/favoritechart/data": v2_explorer.favorite_data,
    "tests/explorer/favoritechart/defaultdata": v2_explorer.favorite_default_data,
    "tests/alerts": v2_alerts.alerts_by_id,
    "slo": v2_alerts.slos_by_id,
    "products": v2_objects.products_by_id,
    "folders": v2_objects.folders_by_id,
    "labels": v2_objects.labels_by_id,
}


_WRITES: dict[tuple[str, str], Callable[[Simulator, Request], Response]] = {
    ("POST", "tests"): v2_writes.create_test,
    ("POST", "products"): v2_writes.create_product,
    ("POST", "folders"): v2_writes.create_folder,
    ("PATCH", "tests/alerts"): v2_writes.update_alerts,
}
_WRITES_WITH_IDS: dict[tuple[str, str], Callable[[Simulator, Request, str], Response]] = {
    ("PATCH", "tests"): v2_writes.patch_test,
    ("DELETE", "tests"): v2_writes.delete_tests,
}


def answer(sim: Simulator, request: Request, path: str) -> Response:
    """The answer for a path behind /api/vN/."""
    head, _slash, tail = path.rpartition("/")
    plain, with_ids = _PLAIN.get(path), _WITH_IDS.get(head)
    if plain is None and with_ids is None:
        raise ApiError(404, f"No resource at {request.path}.")
    if request.method != "GET":
        plain = _WRITES.get((request.method, path))
        with_ids = _WRITES_WITH_IDS.get((request.method, head))
    if plain is not None:
        return plain(sim, request)
    if with_ids is not None:
        return with_ids(sim, request, tail)
    raise ApiError(405, f"{request.method} is not supported here.")
