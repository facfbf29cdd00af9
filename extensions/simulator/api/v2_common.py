# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: envelope, errors, parameters, filters and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Optional, TypeVar
from urllib.parse import urlencode

from ..service.messages import ApiError, Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import enums, times
from ..world.metrics import CHART_NAMES, Metric

_Item = TypeVar("_Item")
# A filter of a list; None stands for one that was not requested.
Check = Optional[Callable[[_Item], bool]]
HOUR = 3_600.0
DAY = 86_400.0
_MOST_PER_PAGE = 100


def usage_limits(sim: Simulator, request: Request, exceeded: str | None = None) -> Json:
    with sim.lock:
        client, now = sim.client_of(request), sim.limits_now()
        used, allowed = sim.limits.used(client, now), sim.limits.allowed()
    return {
        "clientId": sim.world.client_id,
        "lastRequestTimestamp": times.iso(sim.now()),
        "limits": allowed,
        "runs": used,
        "exceededMessage": exceeded,
        "divisionUsageStatistics": [
            {
                "divisionId": sim.world.division_id,
                "consumerStatistics": [{"consumerId": sim.world.consumer_id, "requestCount": used, "maxPerDay": None}],
            }
        ],
    }


def _errors(sim: Simulator, messages: Iterable[str], code: int) -> list[Json]:
    mode = sim.switches["error_ids"]
    if mode == "absent":
        return [{"message": message} for message in messages]
    identifier: str | int | None = str(code) if mode == "string" else code if mode == "number" else None
    return [{"id": identifier, "message": message} for message in messages]


def _messages(sim: Simulator) -> list[str] | None:
    return None if sim.switches["messages"] == "null" else []


def _shaped(sim: Simulator, body: Json) -> object:
    """The body with null in place of empty lists, without null members, or with other truth values, by switches."""
    null_lists, omit = sim.switches.on("null_lists"), sim.switches["null_members"] == "omitted"
    truth = sim.switches["truth_values"]
    if truth != "bool":
        body = _with_truth_values(body, (lambda value: str(value).lower()) if truth == "text" else int)
    return _reshaped(body, null_lists, omit) if null_lists or omit else body


def _with_truth_values(body: Json, convert: Callable[[bool], object]) -> Json:
    """The body with its flags of completeness in another form; flags inside of objects stay as they are."""
    data = dict(body.get("data") or {})
    if "hasMore" in data:
        data["hasMore"] = convert(data["hasMore"])
    if isinstance(data.get("responseItems"), list):
        data["responseItems"] = [
            {**one, "hasMoreRecords": convert(one["hasMoreRecords"])} for one in data["responseItems"]
        ]
    return {**body, "completed": convert(body["completed"]), **({"data": data} if data else {})}


def _reshaped(value: object, null_lists: bool, omit: bool) -> object:
    if isinstance(value, dict):
        members = {name: _reshaped(one, null_lists, omit) for name, one in value.items()}
        return {name: one for name, one in members.items() if one is not None} if omit else members
    if isinstance(value, list):
        return None if null_lists and not value else [_reshaped(one, null_lists, omit) for one in value]
    return value


def envelope(
    sim: Simulator,
    request: Request,
    data: Json | None,
    errors: Sequence[str] = (),
    completed: bool = True,
    status: int = 200,
    code: int = 404,
    exceeded: str | None = None,
) -> Response:
    body: Json = {
        "data": data,
        "messages": _messages(sim),
        "errors": _errors(sim, errors, code),
        "completed": completed,
        "traceId": sim.trace_id(),
        "usageLimits": usage_limits(sim, request, exceeded),
    }
    if data is None and sim.switches["error_data"] == "object":
        body["data"] = {}
    elif data is None and sim.switches["error_data"] == "absent":
        del body["data"]
    return json_response(_shaped(sim, body), status)


def error_response(sim: Simulator, request: Request, error: ApiError) -> Response:
    """The envelope of an error; those of 401 and 403 have fewer members."""
    if error.status == 401:
        return json_response({"errors": [{"message": error.message}], "traceId": sim.trace_id()}, 401)
    if error.status == 403:
        body = {"errors": [{"message": error.message}], "completed": False, "traceId": sim.trace_id()}
        return json_response(body, 403)
    if sim.switches["error_shape"] == "problem" and error.status >= 400:
        problem = {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5",
            "title": "One or more validation errors occurred." if error.status == 400 else "An error occurred.",
            "status": error.status,
            "detail": " ".join(error.messages),
            "traceId": sim.trace_id(),
        }
        return json_response(problem, error.status, {"Content-Type": "application/problem+json; charset=utf-8"})
    return envelope(sim, request, None, error.messages, False, error.status, error.status, error.exceeded)


def completed_false(sim: Simulator, request: Request, order: Mapping[str, object]) -> Response:
    """A response with status 200 (or another one) and completed: false."""
    message = str(order.get("message", "The request could not be completed."))
    return envelope(sim, request, None, [message], False, int(str(order.get("status", 200))), 500)


# -- reading parameters ---


def whole(request: Request, name: str) -> int | None:
    text = request.params.get(name, "").strip()
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error


def flag(request: Request, name: str) -> bool | None:
    text = request.params.get(name, "").strip().lower()
    if not text:
        return None
    if text not in ("true", "false"):
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return text == "true"


def csv(sim: Simulator, text: str, name: str) -> list[int]:
    try:
        found = [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error
    most = sim.switches.number("max_ids")
    if most and len(found) > most:
        raise ApiError(400, f"{name} must not hold more than {most} ids.")
    return list(dict.fromkeys(found))


def csv_of(sim: Simulator, request: Request, name: str) -> list[int] | None:
    text = request.params.get(name, "").strip()
    return csv(sim, text, name) if text else None


def moment(request: Request, name: str) -> float | None:
    text = request.params.get(name, "").strip()
    if not text:
        return None
    try:
        return times.parse(text)
    except times.TimeError as error:
        raise ApiError(400, f"The value '{text}' is not valid for {name}.") from error


def window(
    sim: Simulator, request: Request, default: float, start: str = "startTimeUtc", end: str = "endTimeUtc"
) -> tuple[float, float]:
    from_given, to_given = moment(request, start), moment(request, end)
    to_time = sim.now() if to_given is None else to_given
    from_time = to_time - default if from_given is None else from_given
    if from_time > to_time and sim.switches["inverted_window"] == "400":
        raise ApiError(400, f"{start} must be before {end}.")
    longest = sim.switches.number("max_window_days")
    if longest and to_time - from_time > longest * DAY:
        raise ApiError(400, f"The time frame must not exceed {longest} days.")
    return from_time, to_time


# -- lists ---


def by_id(items: Mapping[int, _Item]) -> list[_Item]:
    """The values of a mapping in the order of their ids."""
    return [items[identifier] for identifier in sorted(items)]


def matching(items: Iterable[_Item], checks: Iterable[Check[_Item]]) -> list[_Item]:
    """The items that pass all filters."""
    given = [check for check in checks if check is not None]
    return [one for one in items if all(check(one) for check in given)]


def among(wanted: Sequence[int] | None, of: Callable[[_Item], int | None]) -> Check[_Item]:
    """A filter by ids."""
    return None if wanted is None else lambda one: of(one) in wanted


def equal(wanted: int | None, of: Callable[[_Item], int | None]) -> Check[_Item]:
    """A filter by one id or truth value."""
    return None if wanted is None else lambda one: of(one) == wanted


def named(sim: Simulator, request: Request, parameter: str, of: Callable[[_Item], str]) -> Check[_Item]:
    """A filter by a name."""
    wanted = request.params.get(parameter, "")
    return None if not wanted else lambda one: sim.matches(wanted, of(one))


def active_status(active: bool) -> Json:
    return enums.pair(enums.STATUS, 0 if active else 1)


def refuse_empty_list(sim: Simulator, request: Request, items: Sequence[object]) -> None:
    """Raises 404 for an empty filtered list if the switch says so."""
    filtered = any(value for name, value in request.params.items() if name not in ("pageNumber", "pageSize"))
    if not items and filtered and sim.switches["empty_lists"] == "404_if_filtered":
        raise ApiError(404, "Nothing matches the filters.")


def one_page(sim: Simulator, request: Request, name: str, items: Sequence[object], most: int = _MOST_PER_PAGE) -> Json:
    """One page of a list with hasMore, next and previous."""
    number = whole(request, "pageNumber")
    size = whole(request, "pageSize")
    number = 1 if number is None else number
    size = 100 if size is None else size
    if number < 1 or size < 1:
        raise ApiError(400, "pageNumber and pageSize must be 1 or more.")
    if size > most:
        if sim.switches["page_size_over"] == "400":
            raise ApiError(400, f"pageSize must be between 1 and {most}.")
        size = most
    more = number * size < len(items)
    return {
        name: list(items[(number - 1) * size : number * size]),
        "hasMore": more,
        "next": _link(sim, request, number + 1, size) if more else None,
        "previous": _link(sim, request, number - 1, size) if number > 1 else None,
    }


def _link(sim: Simulator, request: Request, number: int, size: int) -> str | None:
    mode = sim.switches["next_link"]
    if mode == "null":
        return None
    params = {name: value for name, value in request.params.items() if name not in ("pageNumber", "pageSize")}
    text = f"{request.path}?{urlencode({**params, 'pageNumber': number, 'pageSize': size}, safe=',')}"
    return request.base_url + text if mode == "absolute" else text


def whole_list(name: str, items: Iterable[object]) -> Json:
    return {name: list(items), "hasMore": False, "next": None, "previous": None}


def not_found(sim: Simulator, what: str, identifier: object) -> str:
    """The API's text for an id that does not exist."""
    if sim.switches["unknown_id"] == "400":
        return f"No valid {what} found for input '{identifier}'."
    return f"{what} id {identifier} was not found."


def refuse_unknown(sim: Simulator, errors: Sequence[str], any_known: bool) -> None:
    """Raises the API's error for ids that do not exist, if they fail the whole request."""
    mode = sim.switches["unknown_id"]
    if errors and (mode == "400" or (mode == "404" and not any_known)):
        raise ApiError(int(mode), errors[0], messages=list(errors))


def unknown_object(sim: Simulator, what: str, identifier: object) -> ApiError:
    """The error of a request for one object that does not exist."""
    mode = sim.switches["unknown_id"]
    return ApiError(200 if mode == "completed_false" else int(mode), not_found(sim, what, identifier))


def by_ids(
    sim: Simulator, request: Request, name: str, what: str, text: str, known: Callable[[int], Json | None]
) -> Response:
    """A response with the objects of the ids in the path; unknown ids become errors."""
    found, errors = [], []
    for identifier in csv(sim, text, f"{what}Ids"):
        one = known(identifier)
        if one is None:
            errors.append(not_found(sim, what, identifier))
        else:
            found.append(one)
    refuse_unknown(sim, errors, bool(found))
    return envelope(sim, request, whole_list(name, found), errors, not errors)


def metric_name(sim: Simulator, metric: Metric) -> str:
    return metric.internal if sim.switches["metric_names"] == "internal" else metric.display


def chart_metric_name(sim: Simulator, metric: Metric) -> str:
    """The name in a favorite chart's legend: more metrics have an internal name there than in the explorer."""
    internal = sim.switches["metric_names"] == "internal"
    return CHART_NAMES.get(metric.key, metric.internal) if internal else metric.display
