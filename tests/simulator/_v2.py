# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""REST API v2 and later: camelCase in an envelope with errors, traceId and usageLimits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import _auth, _v2_alerts, _v2_explorer, _v2_objects, _v2_writes
from ._messages import ApiError, Request, Response
from ._v2_common import completed_false, error_response

if TYPE_CHECKING:
    from ._simulator import Simulator

_NO_RIGHT = "You do not have permission to access this information."
__all__ = ["answer", "authorize", "completed_false", "error_response"]


def authorize(sim: Simulator, request: Request) -> None:
    """Let a valid key pass; raise the API's error otherwise."""
    given = _auth.bearer(request.headers.value("Authorization"))
    state = None
    if given is not None:
        with sim.lock:
            for text in _auth.text_of_header(given):
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
    "nodes/all": _v2_objects.nodes_all,
    "nodes": _v2_objects.nodes,
    "nodes/groups": _v2_objects.node_groups,
    "tests": _v2_objects.tests,
    "tests/enumeration": _v2_objects.tests_enumeration,
    "tests/explorer/raw": _v2_explorer.explorer_raw,
    "tests/explorer/aggregated": _v2_explorer.explorer_aggregated,
    "tests/explorer/enumeration": _v2_explorer.explorer_enumeration,
    "tests/explorer/favoritechart": _v2_explorer.favorites,
    "tests/alerts": _v2_alerts.alerts,
    "slo": _v2_alerts.slos,
    "slo/violations": _v2_alerts.violations,
    "products": _v2_objects.products,
    "folders": _v2_objects.folders,
    "labels": _v2_objects.labels,
    "divisions": _v2_objects.divisions,
    "useridentity": _v2_objects.identity,
}
_WITH_IDS: dict[str, Callable[[Simulator, Request, str], Response]] = {
    "nodes": _v2_objects.nodes_by_id,
    "nodes/groups": _v2_objects.node_groups_by_id,
    "tests": _v2_objects.tests_by_id,
    "tests/explorer/favoritechart": _v2_explorer.favorite_details,
    "tests/explorer/favoritechart/data": _v2_explorer.favorite_data,
    "tests/explorer/favoritechart/defaultdata": _v2_explorer.favorite_default_data,
    "tests/alerts": _v2_alerts.alerts_by_id,
    "slo": _v2_alerts.slos_by_id,
    "products": _v2_objects.products_by_id,
    "folders": _v2_objects.folders_by_id,
    "labels": _v2_objects.labels_by_id,
}


_WRITES: dict[tuple[str, str], Callable[[Simulator, Request], Response]] = {
    ("POST", "tests"): _v2_writes.create_test,
    ("POST", "products"): _v2_writes.create_product,
    ("POST", "folders"): _v2_writes.create_folder,
    ("PATCH", "tests/alerts"): _v2_writes.update_alerts,
}
_WRITES_WITH_IDS: dict[tuple[str, str], Callable[[Simulator, Request, str], Response]] = {
    ("PATCH", "tests"): _v2_writes.patch_test,
    ("DELETE", "tests"): _v2_writes.delete_tests,
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
