# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v2, v3 and v4, which have the same shapes: camelCase, an envelope, enumerations as {id, name}."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api import (
    readers,
    v2_actions,
    v2_catalog,
    v2_events,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import ActionsVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import CatalogVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.countries import to_send
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import (
    ALERT_LEVELS,
    ALERT_TYPES,
    NETWORK_TYPES,
    TEST_STATUSES,
    system_number,
    test_type_numbers,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import EventsVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    UNNAMED_BREAKDOWNS,
    Alert,
    Chart,
    ChartRow,
    Favorite,
    IdName,
    Metric,
    Node,
    NodeGroup,
    Page,
    Row,
    SloViolation,
    Table,
    Test,
    by_place,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.paging import further, params, utc
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    array,
    as_bool,
    as_int,
    csv,
    entries_of,
    failed,
    first,
    flag,
    id_name,
    kind_of,
    legend,
    member,
    moment,
    problem_text,
    says_missing,
    section,
    text,
    unexpected_shape,
    values_of,
    without_repetitions,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.protocol import Enumeration
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import (
    AlertFilter,
    NodeFilter,
    NodeGroupFilter,
    TestFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.v2_envelope import (
    data_of,
    has_more,
    page_of,
    raw_data_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._errors import NotFoundError, ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, Request, Usage
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window

_Entry = TypeVar("_Entry")

ONE_TYPE_AT_A_TIME = False
URLS_LISTED = True
NODES_FILTERED = True
CATALOG: CatalogVersion = v2_catalog
EVENTS: EventsVersion = v2_events
ACTIONS: ActionsVersion = v2_actions

# BreakdownDimension: the numbers of dimensions that rows are broken down by.
_NODE, _CITY, _COUNTRY, _TEST = 1, 2, 7, 16
_BREAKDOWNS = {"node": _NODE, "city": _CITY, "country": _COUNTRY}

# The name of the axis in a chart's row if the axis is time.
_TIME_AS_PLACE = "Time"

# availabilityFilter: all runs, failed ones too. The service's default is not documented.
_ALL_RUNS = "2"


def complaint(payload: object) -> ApiMessage | None:
    if not isinstance(payload, dict):
        return None
    problem = problem_text(payload) or text(payload.get("title"))
    errors = _error_texts(payload.get("errors"))
    texts = errors or _error_texts(problem) or _error_texts(payload.get("Message"))
    completed = as_bool(payload.get("completed"))
    # Errors beside data mean that the data is a part of what was requested, whatever ``completed`` says.
    if completed is not False and not errors and (not texts or payload.get("data")):
        return None
    joined = "; ".join(texts)
    token = any(words in joined.lower() for words in ("expired token", "invalid token", "invalid credentials"))
    enveloped = isinstance(payload.get("errors"), list) or completed is not None
    return ApiMessage(joined, text(payload.get("traceId")), token, enveloped, says_missing(joined))


def _error_texts(errors: object) -> list[str]:
    """The texts of errors written as objects, as strings, or (by the framework's own validation) by field name."""
    if isinstance(errors, dict):
        return [f"{field}: {message}" for field, messages in errors.items() for message in _messages(messages)]
    return _messages(errors)


def _messages(errors: object) -> list[str]:
    texts = errors if isinstance(errors, list) else [errors]
    found = (error.get("message") if isinstance(error, dict) else error for error in texts)
    return [message for message in found if isinstance(message, str) and message]


def usage(payload: object) -> Usage | None:
    counters = payload.get("usageLimits") if isinstance(payload, dict) else None
    if not isinstance(counters, dict):
        return None
    return Usage(_counts(counters.get("limits")), _counts(counters.get("runs")))


def _counts(counters: object) -> dict[str, int]:
    if not isinstance(counters, dict):
        return {}
    return {name: counters[name] for name in ("minute", "hour", "day") if isinstance(counters.get(name), int)}


def _flag(value: bool | None) -> str | None:
    return None if value is None else "true" if value else "false"


# Nodes


def nodes(filters: NodeFilter, page: int) -> Request:
    given: dict[str, object] = {
        "name": filters.name,
        "city": filters.city,
        "country": to_send(filters.country),
        "networkType": NETWORK_TYPES.get(filters.network_type or ""),
        "paused": _flag(filters.paused),
        "ipv6": _flag(filters.ipv6),
    }
    # The list of enterprise nodes has no such filters, and does not show these members; the list of all nodes does.
    if filters.enterprise and filters.targeted is None and not filters.asn:
        if filters.active is not None:
            given["statusId"] = 0 if filters.active else 1
        return Request("/nodes", params(given, further(page)))
    asn = system_number(filters.asn)
    given["active"] = _flag(filters.active)
    given["targeted"] = _flag(filters.targeted)
    given["asNumber"] = asn
    given["asn"] = filters.asn if asn is None else None
    return Request("/nodes/all", params(given, page))


def nodes_by_id(ids: Sequence[int], filters: NodeFilter) -> list[Request] | None:
    # The API has no endpoint for a public node by id, so public nodes are found in the list of all nodes.
    return [Request(f"/nodes/{csv(ids)}", {})] if filters.enterprise else None


def read_nodes(payload: object) -> Page[Node]:
    return page_of(payload, readers.node, "nodes", "a list of nodes")


def node_groups(filters: NodeGroupFilter, page: int) -> Request:
    given = {
        "name": filters.name,
        "networkType": NETWORK_TYPES.get(filters.network_type or ""),
        "nodeId": filters.node_id,
    }
    return Request("/nodes/groups", params(given, further(page)))


def read_node_groups(payload: object) -> Page[NodeGroup]:
    return page_of(payload, readers.node_group, "node_groups", "a list of node groups")


# Tests, products, folders


def tests(filters: TestFilter, page: int) -> Request:
    # Not the URL: the service compares the whole of it, and of web tests only.
    given = {
        "name": filters.name,
        "statusId": TEST_STATUSES.get(filters.status or ""),
        "typeIds": csv(test_type_numbers(filters.type)),
        "productIds": filters.product_id,
        "parentFolderIds": filters.folder_id,
    }
    return Request("/tests", params(given, page))


def tests_by_id(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/tests/{csv(ids)}", {})]


def read_tests(payload: object) -> Page[Test]:
    return page_of(payload, readers.test, "tests", "a list of tests")


def named(kind: str, name: str | None, page: int) -> Request:
    return Request(f"/{kind}", params({"name": name}, page))


def read_named(kind: str, payload: object) -> Page[IdName]:
    return page_of(payload, lambda entry: readers.id_and_name(entry, kind), kind, f"a list of {kind}")


# Performance


def enumeration() -> Request | None:
    return Request("/tests/explorer/enumeration", {"includeTimeIntervals": "true", "includeMetrics": "true"})


def read_enumeration(payload: object) -> Enumeration:
    parts = entries_of(raw_data_of(payload), "sections", "the explorer's enumerations")
    found: dict[str, dict[str, int]] = {"interval": {}, "metric": {}}
    for part in parts:
        for kind, numbers in found.items():
            # Only the meaning of a section's name is documented ("TimeInterval", "AnalyticsMetric"), not its wording.
            if kind in str(part.get("section")).lower():
                for entry in array(part, "enumeration", "an enumeration"):
                    numbers.setdefault(str(entry.get("name")), member(entry, "id", int, "an enumeration's entry"))
    if not found["interval"] and not found["metric"]:
        raise unexpected_shape("the explorer's enumerations with a section for intervals and one for metrics", payload)
    return Enumeration(found["interval"], found["metric"])


def raw(ids: Sequence[int], window: Window, metric_ids: Sequence[int]) -> Request:
    dimensions = (_TEST, _NODE, _CITY, _COUNTRY)
    return Request("/tests/explorer/raw", _analytics(ids, window, metric_ids, dimensions))


def aggregated(
    ids: Sequence[int], window: Window, interval: str, metric_ids: Sequence[int], breakdown: str | None
) -> Request:
    dimensions = [_TEST] if breakdown is None else [_TEST, _BREAKDOWNS[breakdown]]
    given = _analytics(ids, window, metric_ids, dimensions)
    return Request("/tests/explorer/aggregated", {**given, "timeInterval": interval})


def _analytics(
    ids: Sequence[int], window: Window, metric_ids: Sequence[int], dimensions: Sequence[int]
) -> dict[str, str]:
    given = {
        "testIds": csv(ids),
        "startTimeUtc": utc(window.start),
        "endTimeUtc": utc(window.end),
        "dimensionIds": csv(dimensions),
        "metricIds": csv(metric_ids),
        "availabilityFilter": _ALL_RUNS,
    }
    return params(given)


def read_table(payload: object, ids: Sequence[int], *, runs: bool) -> Table:
    what = "performance data"
    data = raw_data_of(payload)
    metrics: dict[str, Metric] = {}
    rows: list[Row] = []
    count = 0
    parts = entries_of(data, "responseItems", what)
    cut = isinstance(data, Mapping) and has_more(data, "hasMore", what)
    for part in parts:
        if not part.keys() & {"metrics", "items", "hasMoreRecords"}:
            raise unexpected_shape("performance data with metrics and items", part)
        columns = legend(array(part, "metrics", "performance data's metrics"), "performance data's metrics")
        metrics.update((column.slug, column) for column in columns)
        kinds = [as_int(kind.get("id")) for kind in array(part, "dimensions", "performance data's dimensions")]
        names = [column.slug for column in columns]
        cut = flag(part, "hasMoreRecords", what) or cut
        items = array(part, "items", "performance data's rows")
        count += len(items)
        rows += without_repetitions((_instant(item), _row(item, names, kinds, ids, runs)) for item in items)
    return Table(list(metrics.values()), rows, cut, repeated=count - len(rows))


def _instant(item: Json) -> object:
    """The time of a row as the service wrote it, with its fractions of a second."""
    return item.get("dateTime") or item.get("reportDate")


def _row(item: Json, names: Sequence[str], kinds: Sequence[int | None], ids: Sequence[int], runs: bool) -> Row:
    values = values_of(names, item.get("values"), "performance data")
    by_kind: dict[int | None, IdName] = {}
    for position, place in enumerate(array(item, "dimensions", "a row's dimensions")):
        kind = section(place, "type", "a row's dimension")
        number = as_int(kind.get("id")) if kind else kinds[position] if position < len(kinds) else None
        by_kind[number] = id_name(place)
    nothing = (None, None)
    test_id, test_name = by_kind.get(_TEST, (ids[0] if len(ids) == 1 else None, None))
    time = moment(_instant(item))
    if test_id is None or time is None:
        raise unexpected_shape("performance data whose rows name their test and time", item)
    did_fail = failed(values, None) if runs else False
    if did_fail is None:
        raise ResponseError(
            f"A run of test {test_id} at {time} came without % Availability and # Test Errors, "
            "so it is unknown whether it failed."
        )
    node_id, node = by_kind.get(_NODE, nothing)
    city, country = by_kind.get(_CITY, nothing)[1], by_kind.get(_COUNTRY, nothing)[1]
    return Row(time, test_id, test_name, node_id, node, city, country, did_fail, values)


# Favorite charts


def favorites(page: int) -> Request:
    return Request("/tests/explorer/favoritechart", params({}, further(page)))


def read_favorites(payload: object) -> Page[Favorite]:
    return page_of(payload, readers.favorite, "favorite_charts", "a list of favorite charts")


def favorite(favorite_id: int) -> Request:
    return Request(f"/tests/explorer/favoritechart/{favorite_id}", {})


def read_favorite(payload: object, favorite_id: int) -> Favorite:
    entry = _chart_entry(payload, favorite_id)
    return readers.favorite(entry, readers.favorite_details(entry))


def _chart_entry(payload: object, favorite_id: int) -> Json:
    for entry in entries_of(data_of(payload), "favorite_charts", "a favorite chart"):
        if entry.get("id", favorite_id) == favorite_id:
            return entry
    raise NotFoundError(
        f"Favorite chart {favorite_id} does not exist, or this key may not see it. "
        "Remove favorite_ids to list all charts.",
        status=200,
    )


def chart(favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Request:
    if window is None and interval is None and not test_ids:
        return Request(f"/tests/explorer/favoritechart/defaultdata/{favorite_id}", {})
    start, end = ("", "") if window is None else (utc(window.start), utc(window.end))
    # The document names the times startTimeUtc and endTimeUtc, working scripts send start and end. The service ignores
    # names that it does not know. The same goes for the interval.
    given = {
        "startTimeUtc": start,
        "endTimeUtc": end,
        "start": start,
        "end": end,
        "timeInterval": interval,
        "interval": interval,
        "tests": csv(test_ids),
    }
    return Request(f"/tests/explorer/favoritechart/data/{favorite_id}", params(given))


def read_chart(payload: object, favorite_id: int) -> Chart:
    entry = _chart_entry(payload, favorite_id)
    summary, detail = section(entry, "summary", "a chart"), section(entry, "detail", "a chart")
    if not summary and not detail:
        raise unexpected_shape("a favorite chart's data with a summary or a detail part", entry)
    # Working scripts use the summary's legend for both parts; if the detail has its own legend, that is used for it.
    fields = section(summary, "fields", "a chart's summary") or section(detail, "fields", "a chart's detail")
    own_fields = section(detail, "fields", "a chart's detail")
    metrics: dict[str, Metric] = {}
    return Chart(
        name=text(entry.get("name")),
        start=moment(first(entry, "start_time_utc", "start") or summary.get("start")),
        end=moment(first(entry, "end_time_utc", "end") or summary.get("end")),
        summary=_chart_rows(summary, fields, metrics),
        detail=_chart_rows(detail, own_fields if own_fields.get("synthetic_metrics") else fields, metrics),
        metrics=list(metrics.values()),
        cut=flag(entry, "has_more_records", "a favorite chart's data"),
    )


def _chart_rows(part: Json, fields: Json, metrics: dict[str, Metric]) -> list[ChartRow]:
    """The rows of the summary or the detail; their metrics are added to ``metrics``."""
    columns = legend(array(fields, "synthetic_metrics", "a chart's metrics"), "a chart's metrics")
    metrics.update((column.slug, column) for column in columns if column.slug not in metrics)
    names = [column.slug for column in columns]
    axis = kind_of(fields.get("dimension"))
    kinds = readers.breakdowns(fields) or UNNAMED_BREAKDOWNS
    return [_chart_row(item, names, axis, kinds) for item in array(part, "items", "a chart's rows")]


def _chart_row(item: Json, names: Sequence[str], axis: str | None, kinds: Sequence[str]) -> ChartRow:
    places = array(item, "dimension" if "dimension" in item else "dimensions", "a chart row's dimensions")
    found = [id_name(place) for place in places if place.get("name") != _TIME_AS_PLACE]
    return ChartRow(
        time=moment(item.get("date_time")),
        breakdown=by_place(found, axis, kinds),
        metrics=values_of(names, item.get("synthetic_metrics"), "a chart's data"),
    )


# Alerts and service-level objectives


def alerts(wanted: AlertFilter, window: Window, page: int) -> Request:
    given = {
        "testIds": csv(wanted.test_ids or ()),
        "levelId": ALERT_LEVELS.get(str(wanted.level)),
        "alertTypeId": ALERT_TYPES.get(str(wanted.type)),
        "startTimeUtc": utc(window.start),
        "endTimeUtc": utc(window.end),
    }
    return Request("/tests/alerts", params(given, page))


def read_alerts(payload: object) -> Page[Alert]:
    data = raw_data_of(payload)
    if isinstance(data, dict) and isinstance(data.get("alerts"), dict):
        # The document declares a single object here, working clients read an array.
        data = {**data, "alerts": [data["alerts"]]}
    return page_of(data, readers.alert, "alerts", "a list of alerts")


def slo_violations(test_ids: Sequence[int], window: Window, page: int) -> Request | None:
    given = {"testIds": csv(test_ids), "startTime": utc(window.start), "endTime": utc(window.end)}
    return Request("/slo/violations", params(given, further(page)))


def read_slo_violations(payload: object) -> Page[SloViolation]:
    return page_of(payload, readers.slo_violation, "violations", "a list of SLO violations")
