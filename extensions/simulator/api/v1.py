# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""REST API v1: snake_case, bare objects, .NET ticks, times in the account's zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timezone
from typing import TYPE_CHECKING, Any

from ..server import auth
from ..server.messages import JSON_TYPE, ApiError, Request, Response, json_response, read_query
from ..world import enums, times
from ..world import metrics as metric_table
from ..world import runs as run_data
from ..world.metrics import Metric
from ..world.model import Alert, Favorite, Interval, Node, Test
from ..world.runs import Run
from . import analytics
from .analytics import BY_NAME, Dimension, Key

if TYPE_CHECKING:
    from ..simulator import Simulator

ROOT = "/ui/api/v1"
_MOST_PER_PAGE = 100
_RAW_WINDOW = 900.0
_DAY = 86_400.0


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
        raise ApiError(415, "The token request wants application/x-www-form-urlencoded.")
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
    answer = {"access_token": value, "token_type": "bearer", "expires_in": sim.world.token_life}
    return json_response(answer, headers={"Cache-Control": "no-store"})


def _login_refused(sim: Simulator) -> Response:
    mode = sim.switches["v1_login_refused"]
    if mode == "400_oauth":
        return json_response({"error": "invalid_client", "error_description": "Invalid client credentials"}, 400)
    return json_response({"Message": "Invalid client credentials"}, int(mode))


def authorize(sim: Simulator, request: Request) -> None:
    """Let a valid token pass; raise the API's error otherwise."""
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
    """Let the token of a request be expired from now on."""
    given = auth.bearer(request.headers.value("Authorization"))
    with sim.lock:
        found = None if given is None else sim.credentials.find_token(given, "both")
        if found is not None:
            sim.credentials.revoke(found)


def error_response(error: ApiError) -> Response:
    response = error.extra.get("response")
    if isinstance(response, Response):
        return response
    return json_response({"Message": error.message}, error.status)


# -- dispatch ---


def answer(sim: Simulator, request: Request, path: str) -> Response:
    """The answer for a path behind /ui/api/v1/."""
    parts = path.split("/")
    if parts == ["performance", "aggregated"] and request.method in ("GET", "POST"):
        return _aggregated(sim, request)
    if request.method != "GET":
        raise ApiError(405, "The requested resource does not support this method.")
    handler = _LISTS.get(path)
    if handler is not None:
        return handler(sim, request)
    handlers = _ITEMS.get("/".join(parts[:-1]))
    if handlers is not None and parts[-1].isdigit():
        return handlers(sim, request, int(parts[-1]))
    if parts[:2] == ["performance", "favoriteCharts"] and len(parts) == 4 and parts[3] == "data" and parts[2].isdigit():
        return _chart_data(sim, request, int(parts[2]))
    raise ApiError(404, f"No resource at {request.path}.")


def _missing(sim: Simulator, what: str) -> Response:
    mode = sim.switches["v1_unknown_id"]
    if mode == "empty":
        return _empty(sim, [])
    return json_response({"Message": f"{what} was not found."}, 200 if mode == "200_message" else 404)


def _empty(sim: Simulator, page: Any) -> Response:
    mode = sim.switches["v1_empty_list"]
    if mode == "page":
        return json_response(page)
    if mode == "200_empty":
        return Response(200, b"", {"Content-Type": JSON_TYPE})
    if mode == "204":
        return Response(204)
    # A 204 must not have a body; these modes send one all the same, as the service was seen to do.
    transport = {"kind": "body_with_204", "body": '{"items":[]}', "keep": mode == "204_kept_alive"}
    return Response(204, transport=transport)


def _page(sim: Simulator, request: Request, items: Sequence[Any], paged: bool = True) -> Response:
    number, size = _page_asked(sim, request)
    if not paged:
        number, size = 1, max(1, len(items))
    shown = list(items[(number - 1) * size : number * size])
    page = {"page_number": number, "has_more": number * size < len(items), "items": shown}
    return json_response(page) if shown else _empty(sim, page)


def _page_asked(sim: Simulator, request: Request) -> tuple[int, int]:
    """Number and size of the page."""
    number = _whole(request, "pageNumber", 1)
    size = _whole(request, "pageSize", _MOST_PER_PAGE)
    if number < 1 or size < 1:
        raise ApiError(400, "pageNumber and pageSize must be 1 or more.")
    if size > _MOST_PER_PAGE:
        if sim.switches["page_size_over"] == "400":
            raise ApiError(400, f"pageSize must not exceed {_MOST_PER_PAGE}.")
        size = _MOST_PER_PAGE
    return number, size


def _whole(request: Request, name: str, default: int) -> int:
    text = request.params.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise ApiError(400, f"{name}: {text!r} is no number.") from error


def _ids(text: str, name: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise ApiError(400, f"{name}: {text!r} is no list of ids.") from error


def _flag(request: Request, name: str) -> bool | None:
    text = request.params.get(name, "").lower()
    if not text:
        return None
    if text not in ("true", "false"):
        raise ApiError(400, f"{name}: {text!r} is neither true nor false.")
    return text == "true"


# -- nodes, products, folders, tests ---


def _node(sim: Simulator, node: Node) -> dict[str, Any]:
    place = node.place
    return {
        "id": node.id,
        "name": node.name,
        "status": enums.pair(enums.STATUS, 0 if node.active else 1),
        "network_type": enums.pair(enums.NETWORK_TYPES, node.network_type),
        "ip_ranges": node.ip_ranges,
        "isp": {"id": node.provider.id, "name": node.provider.name},
        "asn": {"value": f"AS{node.provider.as_number}", "name": node.provider.as_name},
        "city": {"id": place.city_id, "name": place.city},
        "region": {"id": place.region_id, "name": place.region},
        "country": {"id": place.country_id, "name": place.country},
        "continent": {"id": place.continent_id, "name": place.continent},
        "targeted": str(node.targeted) if sim.switches["v1_targeted"] == "text" else node.targeted,
        "coordinates": {"latitude": place.latitude, "longitude": place.longitude},
    }


def _nodes(sim: Simulator, request: Request) -> Response:
    targeted = _flag(request, "targeted")
    items = [
        _node(sim, node)
        for node in sorted(sim.world.nodes.values(), key=lambda one: one.id)
        if targeted is None or node.targeted == targeted
    ]
    return _page(sim, request, items, sim.switches.on("v1_nodes_paged"))


def _one_node(sim: Simulator, _request: Request, identifier: int) -> Response:
    node = sim.world.nodes.get(identifier)
    return json_response(_node(sim, node)) if node else _missing(sim, f"Node {identifier}")


def _group(sim: Simulator, identifier: int) -> dict[str, Any]:
    group = sim.world.node_groups[identifier]
    nodes = [sim.world.nodes[one] for one in group.node_ids]
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "network_type": enums.pair(enums.NETWORK_TYPES, group.network_type),
        "nodes": [{"id": node.id, "name": node.name} for node in nodes],
    }


def _groups(sim: Simulator, request: Request) -> Response:
    return _page(sim, request, [_group(sim, one) for one in sorted(sim.world.node_groups)])


def _one_group(sim: Simulator, _request: Request, identifier: int) -> Response:
    known = identifier in sim.world.node_groups
    return json_response(_group(sim, identifier)) if known else _missing(sim, f"Node group {identifier}")


def _divisions(sim: Simulator, request: Request) -> Response:
    return _page(sim, request, [{"id": sim.world.division_id, "name": sim.world.division_name}])


def _product(sim: Simulator, identifier: int) -> dict[str, Any]:
    product = sim.world.products[identifier]
    return {
        "id": product.id,
        "division_id": sim.world.division_id,
        "name": product.name,
        "status": enums.pair(enums.STATUS, product.status),
    }


def _products(sim: Simulator, request: Request) -> Response:
    status, name = request.params.get("statusId", ""), request.params.get("name", "")
    items = [
        _product(sim, product.id)
        for product in sorted(sim.world.products.values(), key=lambda one: one.id)
        if (not status or str(product.status) == status) and (not name or sim.matches(name, product.name))
    ]
    return _page(sim, request, items)


def _one_product(sim: Simulator, _request: Request, identifier: int) -> Response:
    known = identifier in sim.world.products
    return json_response(_product(sim, identifier)) if known else _missing(sim, f"Product {identifier}")


def _folder(sim: Simulator, identifier: int) -> dict[str, Any]:
    folder = sim.world.folders[identifier]
    return {
        "id": folder.id,
        "division_id": sim.world.division_id,
        "product_id": folder.product_id,
        "parent_folder_id": folder.parent_id,
        "name": folder.name,
    }


def _folders(sim: Simulator, request: Request) -> Response:
    params = request.params
    items = [
        _folder(sim, folder.id)
        for folder in sorted(sim.world.folders.values(), key=lambda one: one.id)
        if (not params.get("productId") or str(folder.product_id) == params["productId"])
        and (not params.get("parentFolderId") or str(folder.parent_id) == params["parentFolderId"])
        and (not params.get("name") or sim.matches(params["name"], folder.name))
    ]
    return _page(sim, request, items)


def _one_folder(sim: Simulator, _request: Request, identifier: int) -> Response:
    known = identifier in sim.world.folders
    return json_response(_folder(sim, identifier)) if known else _missing(sim, f"Folder {identifier}")


def _short_test(sim: Simulator, test: Test) -> dict[str, Any]:
    result = {
        "id": test.id,
        "name": test.name,
        "type": enums.pair(enums.V1_TEST_TYPES, test.type),
        "monitors": [enums.pair(enums.MONITORS, test.monitor)],
    }
    return {**result, "product_id": test.product_id} if sim.switches.on("v1_product_id") else result


def _american(moment: float) -> str:
    """`01/31/2026 09:00:00 AM`, as v1 writes a test's dates."""
    text = times.iso(moment, 0)
    hour = int(text[11:13])
    half = "AM" if hour < 12 else "PM"
    return f"{text[5:7]}/{text[8:10]}/{text[:4]} {(hour + 11) % 12 + 1:02d}{text[13:19]} {half}"


def _long_test(sim: Simulator, test: Test) -> dict[str, Any]:
    return {
        "id": test.id,
        "name": test.name,
        "description": test.description,
        "division_id": sim.world.division_id,
        "product_id": test.product_id,
        "parent_folder_id": test.folder_id,
        "test_type": enums.pair(enums.V1_TEST_TYPES, test.type),
        "monitor": enums.pair(enums.MONITORS, test.monitor),
        "status": enums.pair(enums.STATUS, test.status),
        "http_method": {"id": 0, "name": "Get"},
        "test_url": test.url,
        "frequency": {"name": frequency(test)[1], "id": frequency(test)[0]},
        "simulate": {"id": 0, "name": "None"},
        "start": _american(test.start),
        "change_date": _american(test.changed),
        "advanced_settings": {"applied_test_flags": []},
        "script": None,
    }


def frequency(test: Test) -> tuple[int, str]:
    """Id and name of the named frequency that is nearest to a test's own."""
    found = min(enums.FREQUENCIES, key=lambda one: abs(enums.FREQUENCIES[one][1] - test.frequency))
    return found, enums.FREQUENCIES[found][0]


def _tests(sim: Simulator, request: Request) -> Response:
    params = request.params
    wanted: list[tuple[str, Callable[[Test, str], bool]]] = [
        ("divisionId", lambda _test, text: text == str(sim.world.division_id)),
        ("productId", lambda test, text: text == str(test.product_id)),
        ("parentFolderId", lambda test, text: text == str(test.folder_id)),
        ("statusId", lambda test, text: text == str(test.status)),
        ("typeId", lambda test, text: text == str(test.type)),
        ("monitorId", lambda test, text: text == str(test.monitor)),
        ("url", lambda test, text: test.type == 0 and text == test.url),
        ("name", lambda test, text: sim.matches(text, test.name)),
        ("alertsPaused", lambda test, text: text.lower() == str(sim.alerts_paused(test)).lower()),
    ]
    if sim.switches["tests_default_status"] == "active" and not params.get("statusId"):
        wanted.append(("", lambda test, _text: test.status == 0))
    items = [
        _short_test(sim, test)
        for test in sim.visible_tests()
        if all(check(test, params.get(name, "")) for name, check in wanted if not name or params.get(name))
    ]
    return _page(sim, request, items)


def _one_test(sim: Simulator, _request: Request, identifier: int) -> Response:
    test = sim.world.tests.get(identifier)
    return json_response(_long_test(sim, test)) if test else _missing(sim, f"Test {identifier}")


# -- windows and raw data ---


def _moment(sim: Simulator, text: str, name: str) -> float:
    """A time without Z is read in the account's zone."""
    try:
        return times.parse(text, sim.world.zone, ignore_offset=sim.switches["v1_z"] == "ignored")
    except times.TimeError as error:
        raise ApiError(400, f"{name}: {error}") from error


def _window(sim: Simulator, start: str, end: str, default: float) -> tuple[float, float]:
    to_time = _moment(sim, end, "endTime") if end else sim.now()
    from_time = _moment(sim, start, "startTime") if start else to_time - default
    longest = sim.switches.number("max_window_days")
    if longest and to_time - from_time > longest * _DAY:
        raise ApiError(400, f"The time frame must not exceed {longest} days.")
    if from_time > to_time and sim.switches["inverted_window"] == "400":
        raise ApiError(400, "startTime must be before endTime.")
    return from_time, to_time


def _named_tests(sim: Simulator, text: str) -> list[Test]:
    identifiers = _ids(text, "tests")
    if not identifiers:
        raise ApiError(400, "tests: at least one test id is required.")
    most = sim.switches.number("max_ids")
    if most and len(identifiers) > most:
        raise ApiError(400, f"tests: not more than {most} ids are allowed.")
    unknown = [one for one in identifiers if one not in sim.world.tests]
    if unknown:
        raise ApiError(404, "", response=_missing(sim, f"Test {unknown[0]}"))
    return [sim.world.tests[one] for one in dict.fromkeys(identifiers)]


def _legend_metrics(sim: Simulator) -> tuple[Metric, ...]:
    legends = {"2015": metric_table.V1_2015, "june_2015": metric_table.V1_JUNE_2015}
    return legends.get(sim.switches["v1_metrics"], metric_table.V1_CURRENT)


def _raw(sim: Simulator, request: Request) -> Response:
    return _raw_answer(sim, request, _named_tests(sim, request.params.get("tests", "")))


def _one_raw(sim: Simulator, request: Request, identifier: int) -> Response:
    return _raw_answer(sim, request, _named_tests(sim, str(identifier)))


def _raw_answer(sim: Simulator, request: Request, tests: Sequence[Test]) -> Response:
    if len({test.type for test in tests}) > 1:
        raise ApiError(400, "All tests must be of the same test type.")
    params = request.params
    start, end = _window(sim, params.get("startTime", ""), params.get("endTime", ""), _RAW_WINDOW)
    number, order = sim.next_answer(), sim.switches["legend_order"]
    metrics = analytics.arrange_metrics(_legend_metrics(sim), order, number)
    legend: list[dict[str, object]] = [{"index": at, "name": metric.key} for at, metric in enumerate(metrics)]
    keys = [metric.key for metric in metrics]
    error_mode = sim.switches["v1_error"]
    rows: list[dict[str, object]] = []
    for run in analytics.runs_of(sim, tests, start, end):
        row: dict[str, object] = {
            "host_Ip": run.host_ip,
            "synthetic_metrics": [run.value(key) for key in keys],
            "dimension": {"id": times.ticks(run.time), "name": times.iso(run.time)},
            "breakdown_1": {"id": run.test.id, "name": run.test.name},
            "breakdown_2": {"id": run.node.id if run.node else 0, "name": run.node.name if run.node else None},
        }
        if run.failed and error_mode != "off":
            kind = enums.ERROR_TYPES[run.error]
            text = run_data.ERROR_TEXTS.get(run.error, f"{kind} failure")
            row["error"] = text if error_mode == "text" else {"id": run.error, "name": kind, "message": text}
        rows.append(row)
    zone = zone_of(sim)
    return json_response(
        {
            "start": times.iso(start),
            "end": times.iso(end),
            "detail": {
                "fields": {
                    "synthetic_metrics": analytics.arrange_legend(legend, order, number),
                    "host_Ip": True,
                    "breakdown_2": {"id": 2, "name": "Node"},
                    "breakdown_1": {"id": 1, "name": "Test"},
                    "error": True,
                    "dimension": {"id": 0, "name": "Time"},
                },
                "items": analytics.arrange_rows(rows, sim.switches["row_order"], number),
            },
            "timezone": zone,
        }
    )


def zone_of(sim: Simulator) -> dict[str, object]:
    """The account's zone as answers show it."""
    identifier, name = enums.TIME_ZONES.get(sim.world.zone_name, (4, sim.world.zone_name))
    return {"id": identifier, "name": name}


# -- aggregated data and favorite charts ---


def interval_named(intervals: Iterable[Interval], name: str) -> Interval:
    for interval in intervals:
        if interval.name == name:
            return interval
    raise ApiError(400, f"Unknown interval {name!r}.")


def _aggregated(sim: Simulator, request: Request) -> Response:
    params = dict(request.params)
    if request.method == "POST" and request.body:
        body = request.json()
        if not isinstance(body, dict):
            raise ApiError(400, "The body must be an object.")
        params.update({name: str(value) for name, value in body.items()})
    tests = _named_tests(sim, params.get("tests", ""))
    start, end = _window(sim, params.get("startTime", ""), params.get("endTime", ""), _DAY)
    interval = interval_named(sim.intervals(), params.get("aggregationType") or "Minutes15")
    metrics = _legend_metrics(sim)
    return json_response(_chart(sim, tests, start, end, interval, metrics, (BY_NAME["Test"],), 1))


def _chart(
    sim: Simulator,
    tests: Sequence[Test],
    start: float,
    end: float,
    interval: Interval,
    metrics: Sequence[Metric],
    breakdowns: Sequence[Dimension],
    statistic: int,
) -> dict[str, Any]:
    """Summary per breakdown and detail per breakdown and interval."""
    number, order = sim.next_answer(), sim.switches["legend_order"]
    arranged = analytics.arrange_metrics(metrics, order, number)
    runs = analytics.runs_of(sim, tests, start, end)
    world = sim.world

    def broken_down(run: Run) -> Key:
        return analytics.key(world, breakdowns, run)

    def row(key: Key, found: list[Run]) -> dict[str, object]:
        values = [_natural(analytics.summarize(metric, found, statistic, 3)) for metric in arranged]
        result: dict[str, object] = {"synthetic_metrics": values}
        for place, (identifier, name) in enumerate(key, 1):
            result[f"breakdown_{place}"] = {"id": identifier, "name": name}
        return result

    zone = world.zone if world.zone_name != "UTC" else timezone.utc
    summary = [row(key, found) for key, found in analytics.groups(runs, broken_down).items()]
    by_time = analytics.groups(runs, lambda run: (analytics.bucket(run.time, interval.seconds, zone), broken_down(run)))
    detail: list[dict[str, object]] = []
    for (moment, key), found in by_time.items():
        one = row(key, found)
        one["dimension"] = {"id": times.ticks(moment), "name": times.iso(moment)}
        detail.append(one)
    legend: list[dict[str, object]] = []
    for at, metric in enumerate(arranged):
        entry: dict[str, object] = {"name": metric.key, "index": at}
        if metric.how == metric_table.MEAN and not metric.key.startswith("%"):
            entry["statistical"] = {"prefix": _PREFIXES.get(statistic, "Avg"), "id": statistic}
        legend.append(entry)
    fields: dict[str, object] = {"synthetic_metrics": analytics.arrange_legend(legend, order, number)}
    for place, dimension in enumerate(breakdowns, 1):
        fields[f"breakdown_{place}"] = {"name": dimension.name, "id": dimension.v1_id}
    row_order = sim.switches["row_order"]
    return {
        "start": times.iso(start),
        "end": times.iso(end),
        "timezone": zone_of(sim),
        "summary": {"fields": fields, "items": analytics.arrange_rows(summary, row_order, number)},
        "detail": {
            "fields": {**fields, "dimension": {"id": 0, "name": "Time"}},
            "items": analytics.arrange_rows(detail, row_order, number),
        },
    }


def _natural(value: float | None) -> float | None:
    """Whole numbers come without a fraction in charts."""
    return int(value) if value is not None and value.is_integer() else value


_PREFIXES = {1: "Avg", 2: "Med", 3: "Std", 4: "Min", 5: "Max", 7: "95th", 8: "85th", 15: "75th", 16: "99th"}


def _charts(sim: Simulator, request: Request) -> Response:
    items = [{"id": one.id, "name": one.name} for one in sorted(sim.world.favorites.values(), key=lambda one: one.id)]
    return _page(sim, request, items)


def _one_chart(sim: Simulator, _request: Request, identifier: int) -> Response:
    favorite = sim.world.favorites.get(identifier)
    if favorite is None:
        return _missing(sim, f"Favorite chart {identifier}")
    tests = [sim.world.tests[one] for one in favorite.test_ids if one in sim.world.tests]
    definition: dict[str, Any] = {
        "id": favorite.id,
        "name": favorite.name,
        "description": favorite.description,
        "time_frame": {"id": favorite.time_frame_id, "name": favorite.time_frame_name},
        "interval": {"name": favorite.interval},
        "dimension": {"id": 0, "name": "Time"},
        "statistical": [enums.pair(enums.STATISTICS, favorite.statistic)],
        "tests": [{"id": test.id, "name": test.name} for test in tests],
        "synthetic_metrics": [{"name": name} for name in favorite.metrics],
        "change_date": times.iso(favorite.changed),
    }
    for place, dimension in enumerate(breakdowns_of(favorite), 1):
        definition[f"breakdown_{place}"] = {"id": dimension.v1_id, "name": dimension.name}
    return json_response(definition)


def breakdowns_of(favorite: Favorite) -> tuple[Dimension, ...]:
    return tuple(BY_NAME[name] for name in favorite.breakdowns if name in BY_NAME)


def _chart_data(sim: Simulator, request: Request, identifier: int) -> Response:
    favorite = sim.world.favorites.get(identifier)
    if favorite is None:
        return _missing(sim, f"Favorite chart {identifier}")
    params = request.params
    start, end = _window(sim, params.get("startTime", ""), params.get("endTime", ""), favorite.time_frame)
    text = params.get("tests") or ",".join(str(one) for one in favorite.test_ids)
    interval = interval_named(sim.intervals(), favorite.interval)
    metrics = [metric_table.BY_KEY[name] for name in favorite.metrics]
    breakdowns = breakdowns_of(favorite)
    chart = _chart(sim, _named_tests(sim, text), start, end, interval, metrics, breakdowns, favorite.statistic)
    return json_response(chart)


# -- alerts ---


def _alerts(sim: Simulator, request: Request) -> Response:
    params = request.params
    start, end = _window(sim, params.get("startTime", ""), params.get("endTime", ""), _DAY)
    tests = _ids(params.get("tests", ""), "tests")
    now = sim.now()
    found = [(sim.world.time(alert.at), alert) for alert in sim.visible_alerts() if not tests or alert.test_id in tests]
    shown = [(moment, alert) for moment, alert in found if start <= moment <= min(end, now)]
    shown.sort(key=lambda one: -one[0])
    number, size = _page_asked(sim, request)
    part = shown[(number - 1) * size : number * size]
    page = {
        "start": times.iso(start),
        "end": times.iso(end),
        "page_number": number,
        "has_more": number * size < len(shown),
        "alerts": [_alert(sim, moment, alert) for moment, alert in part],
    }
    return json_response(page) if part else _empty(sim, page)


def _alert(sim: Simulator, moment: float, alert: Alert) -> dict[str, Any]:
    test = sim.world.tests.get(alert.test_id)
    return {
        "report_time": times.iso(moment),
        "level": enums.pair(enums.ALERT_LEVELS, alert.level),
        "test": {"id": alert.test_id, "name": test.name if test else None},
        "alert_type": enums.pair(enums.ALERT_TYPES, alert.alert_type),
    }


_LISTS: dict[str, Callable[[Simulator, Request], Response]] = {
    "nodes": _nodes,
    "nodeGroups": _groups,
    "divisions": _divisions,
    "products": _products,
    "folders": _folders,
    "tests": _tests,
    "alerts": _alerts,
    "performance/raw": _raw,
    "performance/favoriteCharts": _charts,
}
_ITEMS: dict[str, Callable[[Simulator, Request, int], Response]] = {
    "nodes": _one_node,
    "nodeGroups": _one_group,
    "products": _one_product,
    "folders": _one_folder,
    "tests": _one_test,
    "performance/raw": _one_raw,
    "performance/favoriteCharts": _one_chart,
}
