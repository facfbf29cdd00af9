# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v1: pages, parameters, windows, and empty responses."""

from __future__ import annotations

from collections.abc import Sequence

from ..service.messages import JSON_TYPE, ApiError, Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import enums, times
from ..world.model import Test
from .permissions import NO_RIGHT

DAY = 86_400.0
_MOST_PER_PAGE = 100


def missing(sim: Simulator, kind: str, identifier: int) -> Response:
    """The response for an id that does not exist. `kind` is what it would be the id of."""
    mode = sim.switches["v1_unknown_id"]
    if mode == "empty":
        return empty(sim, [])
    if mode == "400":
        return json_response({"Message": f"No valid {kind} found for input '{identifier}'."}, 400)
    if mode == "403":
        return json_response({"Message": NO_RIGHT}, 403)
    return json_response({"Message": f"{kind} {identifier} was not found."}, 200 if mode == "200_message" else 404)


def empty(sim: Simulator, body: object) -> Response:
    mode = sim.switches["v1_empty_list"]
    if mode == "page":
        return json_response(body)
    if mode == "200_empty":
        return Response(200, b"", {"Content-Type": JSON_TYPE})
    if mode == "204":
        return Response(204)
    # A 204 must not have a body; these modes send one, as the service was seen to do.
    transport = {"kind": "body_with_204", "body": '{"items":[]}', "keep": mode == "204_kept_alive"}
    return Response(204, transport=transport)


def page(sim: Simulator, request: Request, items: Sequence[Json], paged: bool = True) -> Response:
    """One page of a list, or v1's response for an empty one."""
    number, size = requested_page(sim, request)
    if not paged:
        number, size = 1, max(1, len(items))
    shown = list(items[(number - 1) * size : number * size])
    body = {"page_number": number, "has_more": number * size < len(items), "items": shown}
    return json_response(body) if shown else empty(sim, body)


def requested_page(sim: Simulator, request: Request) -> tuple[int, int]:
    """Number and size of the page."""
    number = whole(request, "pageNumber", 1)
    size = whole(request, "pageSize", _MOST_PER_PAGE)
    if number < 1 or size < 1:
        raise ApiError(400, "pageNumber and pageSize must be 1 or more.")
    if size > _MOST_PER_PAGE:
        if sim.switches["page_size_over"] == "400":
            raise ApiError(400, f"pageSize must not exceed {_MOST_PER_PAGE}.")
        size = _MOST_PER_PAGE
    return number, size


def whole(request: Request, name: str, default: int) -> int:
    text = request.params.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise ApiError(400, f"{name}: {text!r} is not a number.") from error


def ids(text: str, name: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise ApiError(400, f"{name}: {text!r} is not a list of ids.") from error


def flag(request: Request, name: str) -> bool | None:
    text = request.params.get(name, "").lower()
    if not text:
        return None
    if text not in ("true", "false"):
        raise ApiError(400, f"{name}: {text!r} is neither true nor false.")
    return text == "true"


def moment(sim: Simulator, text: str, name: str) -> float:
    """Seconds since 1970; a time without Z is read in the account's zone."""
    try:
        return times.parse(text, sim.world.zone, ignore_offset=sim.switches["v1_z"] == "ignored")
    except times.TimeError as error:
        raise ApiError(400, f"{name}: {error}") from error


def window(sim: Simulator, start: str, end: str, default: float) -> tuple[float, float]:
    to_time = moment(sim, end, "endTime") if end else sim.now()
    from_time = moment(sim, start, "startTime") if start else to_time - default
    longest = sim.switches.number("max_window_days")
    if longest and to_time - from_time > longest * DAY:
        raise ApiError(400, f"The time frame must not exceed {longest} days.")
    if from_time > to_time and sim.switches["inverted_window"] == "400":
        raise ApiError(400, "startTime must be before endTime.")
    return from_time, to_time


def named_tests(sim: Simulator, text: str) -> list[Test]:
    identifiers = ids(text, "tests")
    if not identifiers:
        raise ApiError(400, "tests: at least one test id is required.")
    most = sim.switches.number("max_ids")
    if most and len(identifiers) > most:
        raise ApiError(400, f"tests: not more than {most} ids are allowed.")
    unknown = [one for one in identifiers if one not in sim.world.tests]
    if unknown:
        raise ApiError(404, "", response=missing(sim, "Test", unknown[0]))
    return [sim.world.tests[one] for one in dict.fromkeys(identifiers)]


def zone_of(sim: Simulator) -> dict[str, object]:
    """The account's zone as responses show it."""
    identifier, name = enums.TIME_ZONES.get(sim.world.zone_name, (4, sim.world.zone_name))
    return {"id": identifier, "name": name}
