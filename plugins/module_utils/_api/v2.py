# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""REST API v2, and v3 and v4, which keep its shapes: camelCase, an envelope around everything, enums as {id, name}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import (
    ALERT_LEVELS,
    NETWORK_TYPES,
    NODE_STATUSES,
    TEST_STATUSES,
    TEST_TYPES,
    system_number,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import slugs
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    UNNAMED_BREAKDOWNS,
    Alert,
    Chart,
    ChartRow,
    Favorite,
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
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    array,
    as_bool,
    as_int,
    as_slug,
    csv,
    enum_name,
    failed,
    ip_ranges,
    kind_of,
    legend,
    member,
    moment,
    name_of,
    names_in,
    number,
    objects,
    section,
    text,
    unexpected_shape,
    values_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.protocol import Enumeration
from ansible_collections.community.catchpoint.plugins.module_utils._errors import NotFoundError, ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, Request, Usage
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, iso

ONE_TYPE_AT_A_TIME = False
URLS_LISTED = True
NODES_FILTERED = True

# The service's maximum.
_PAGE_SIZE = "100"

# BreakdownDimension: the numbers of what a row is broken down by.
_NODE, _CITY, _COUNTRY, _TEST = 1, 2, 7, 16
_BREAKDOWNS = {"node": _NODE, "city": _CITY, "country": _COUNTRY}

# What stands for the axis of a chart's row where that is time.
_TIME_AS_PLACE = "Time"

# availabilityFilter: all runs, failed ones too; what the service takes when it is left out is not documented.
_ALL_RUNS = "2"


def complaint(payload: Any) -> ApiMessage | None:
    if not isinstance(payload, dict):
        return None
    texts = (
        _error_texts(payload.get("errors"))
        or _error_texts(payload.get("title"))
        or _error_texts(payload.get("Message"))
    )
    if payload.get("completed") is not False and (not texts or payload.get("data")):
        return None
    joined = "; ".join(texts)
    token = any(words in joined.lower() for words in ("expired token", "invalid token", "invalid credentials"))
    enveloped = isinstance(payload.get("errors"), list) or isinstance(payload.get("completed"), bool)
    return ApiMessage(joined, text(payload.get("traceId")), token, enveloped)


def _error_texts(errors: Any) -> list[str]:
    """The texts of errors written as objects, as texts, or (as the framework's own validation does) by field name."""
    if isinstance(errors, dict):
        return [f"{field}: {message}" for field, messages in errors.items() for message in _error_texts(messages)]
    if isinstance(errors, list):
        return [
            message
            for error in errors
            for message in _error_texts(error.get("message") if isinstance(error, dict) else error)
        ]
    return [errors] if isinstance(errors, str) and errors else []


def usage(payload: Any) -> Usage | None:
    counters = payload.get("usageLimits") if isinstance(payload, dict) else None
    if not isinstance(counters, dict):
        return None
    return Usage(_counts(counters.get("limits")), _counts(counters.get("runs")))


def _counts(counters: Any) -> dict[str, int]:
    if not isinstance(counters, dict):
        return {}
    return {name: counters[name] for name in ("minute", "hour", "day") if isinstance(counters.get(name), int)}


def _data(payload: Any, name: str, what: str) -> tuple[list[dict[str, Any]], bool]:
    """The array ``name`` of an answer with or without its envelope, and whether there is a further page."""
    data = payload.get("data", payload) if isinstance(payload, dict) else payload
    entries = member(data, name, list, what)
    return objects(entries, what), data.get("hasMore") is True


def _flag(value: Any) -> str:
    return "true" if value else "false"


# Nodes


def nodes(filters: Mapping[str, Any], page: int) -> Request:
    # What the list of enterprise nodes cannot be asked for and does not tell, the list of all nodes does.
    enterprise = filters.get("scope") == "enterprise" and filters.get("targeted") is None and not filters.get("asn")
    asn = system_number(filters.get("asn"))
    params = {
        "name": filters.get("name"),
        "city": filters.get("city"),
        "country": filters.get("country"),
        "networkType": NETWORK_TYPES.get(str(filters.get("network_type"))),
        "paused": None if filters.get("paused") is None else _flag(filters["paused"]),
        "ipv6": None if filters.get("ipv6") is None else _flag(filters["ipv6"]),
    }
    if enterprise:
        if filters.get("active") is not None:
            params["statusId"] = 0 if filters["active"] else 1
        return Request("/nodes", _params(params, _unpaged(page)))
    params["active"] = None if filters.get("active") is None else _flag(filters["active"])
    params["targeted"] = None if filters.get("targeted") is None else _flag(filters["targeted"])
    params["asNumber"] = asn
    params["asn"] = filters.get("asn") if asn is None else None
    return Request("/nodes/all", _params(params, page))


def nodes_by_id(ids: Sequence[int], filters: Mapping[str, Any]) -> list[Request] | None:
    # Public nodes have no address of their own: they are found by listing nodes/all.
    return [Request(f"/nodes/{csv(ids)}", {})] if filters.get("scope") == "enterprise" else None


def read_nodes(payload: Any) -> Page:
    entries, more = _data(payload, "nodes", "a list of nodes")
    return Page([_node(entry) for entry in entries], more)


def _node(entry: dict[str, Any]) -> Node:
    return Node(
        id=member(entry, "id", int, "a node"),
        name=text(entry.get("name")),
        status=enum_name(entry.get("status"), NODE_STATUSES),
        paused=as_bool(entry.get("isPaused")),
        network_type=enum_name(entry.get("networkType"), NETWORK_TYPES),
        targeted=as_bool(entry.get("isTargeted")),
        ipv6=as_bool(entry.get("isIPv6")),
        city=name_of(entry.get("city")),
        region=name_of(entry.get("state")),
        country=name_of(entry.get("country")),
        continent=name_of(entry.get("continent")),
        asn=as_int(section(entry, "asn", "a node").get("id")),
        as_name=name_of(entry.get("asn")),
        isp=name_of(entry.get("internetServiceProvider")),
        latitude=number(entry.get("latitude")),
        longitude=number(entry.get("longitude")),
        ip_ranges=ip_ranges(entry.get("ipRanges")),
    )


def node_groups(filters: Mapping[str, Any], page: int) -> Request:
    params = {
        "name": filters.get("name"),
        "networkType": NETWORK_TYPES.get(str(filters.get("network_type"))),
        "nodeId": filters.get("node_id"),
    }
    return Request("/nodes/groups", _params(params, _unpaged(page)))


def read_node_groups(payload: Any) -> Page:
    entries, more = _data(payload, "nodeGroups", "a list of node groups")
    return Page(
        [
            NodeGroup(
                id=member(entry, "id", int, "a node group"),
                name=text(entry.get("name")),
                description=text(entry.get("description")),
                network_type=enum_name(entry.get("syntheticNetworkType"), NETWORK_TYPES),
                node_count=as_int(entry.get("nodesCount")),
                nodes=_nodes_of_group(entry),
            )
            for entry in entries
        ],
        more,
    )


def _nodes_of_group(group: dict[str, Any]) -> list[dict[str, Any]] | None:
    if group.get("nodes") is None:
        return None
    return [
        {
            "id": member(node, "id", int, "a node"),
            "name": text(node.get("name")),
            "network_type": enum_name(node.get("networkType"), NETWORK_TYPES),
            "status": enum_name(node.get("status"), NODE_STATUSES),
        }
        for node in array(group, "nodes", "a node group's nodes")
    ]


# Tests, products, folders


def tests(filters: Mapping[str, Any], page: int) -> Request:
    # Not the URL: the service compares the whole of it, and of web tests only.
    params = {
        "name": filters.get("name"),
        "statusId": TEST_STATUSES.get(str(filters.get("status"))),
        "typeIds": TEST_TYPES.get(str(filters.get("type"))),
        "productIds": filters.get("product_id"),
        "parentFolderIds": filters.get("folder_id"),
    }
    return Request("/tests", _params(params, page))


def tests_by_id(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/tests/{csv(ids)}", {})]


def read_tests(payload: Any) -> Page:
    entries, more = _data(payload, "tests", "a list of tests")
    return Page([_test(entry) for entry in entries], more)


def _test(entry: dict[str, Any]) -> Test:
    return Test(
        id=member(entry, "id", int, "a test"),
        name=text(entry.get("name")),
        type=enum_name(entry.get("testType"), TEST_TYPES),
        monitor=as_slug(entry.get("monitor")),
        status=enum_name(entry.get("status"), TEST_STATUSES),
        url=text(entry.get("url")),
        product_id=as_int(entry.get("productId")),
        folder_id=as_int(entry.get("folderId")),
        division_id=as_int(entry.get("divisionId")),
        alerts_paused=as_bool(entry.get("alertsPaused")),
        labels={
            str(label["name"]): [str(value) for value in _values(label)]
            for label in array(entry, "labels", "a test's labels")
            if label.get("name")
        },
        changed=moment(entry.get("changeDate")),
    )


def _values(label: dict[str, Any]) -> list[Any]:
    return [] if label.get("values") is None else list(member(label, "values", list, "a label"))


def named(kind: str, name: str, page: int) -> Request:
    return Request(f"/{kind}", _params({"name": name}, page))


def read_named(kind: str, payload: Any) -> Page:
    entries, more = _data(payload, kind, f"a list of {kind}")
    return Page([(member(entry, "id", int, kind), text(entry.get("name"))) for entry in entries], more)


# Performance


def enumeration() -> Request | None:
    return Request("/tests/explorer/enumeration", {"includeTimeIntervals": "true", "includeMetrics": "true"})


def read_enumeration(payload: Any) -> Enumeration:
    parts, _more = _data(payload, "sections", "the explorer's enumerations")
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
    params = _analytics(ids, window, metric_ids, dimensions)
    return Request("/tests/explorer/aggregated", {**params, "timeInterval": interval})


def _analytics(
    ids: Sequence[int], window: Window, metric_ids: Sequence[int], dimensions: Sequence[int]
) -> dict[str, str]:
    params = {
        "testIds": csv(ids),
        "startTimeUtc": _utc(window.start),
        "endTimeUtc": _utc(window.end),
        "dimensionIds": csv(dimensions),
        "metricIds": csv(metric_ids),
        "availabilityFilter": _ALL_RUNS,
    }
    return _params(params)


def read_table(payload: Any, ids: Sequence[int], *, runs: bool) -> Table:
    parts, _more = _data(payload, "responseItems", "performance data")
    metrics: dict[str, Metric] = {}
    rows: list[Row] = []
    cut = False
    for part in parts:
        if not part.keys() & {"metrics", "items", "hasMoreRecords"}:
            raise unexpected_shape("performance data with metrics and items", part)
        columns = legend(array(part, "metrics", "performance data's metrics"), "performance data's metrics")
        metrics.update((column.slug, column) for column in columns)
        kinds = [as_int(kind.get("id")) for kind in array(part, "dimensions", "performance data's dimensions")]
        names = [column.slug for column in columns]
        cut = cut or part.get("hasMoreRecords") is True
        for item in array(part, "items", "performance data's rows"):
            rows.append(_row(item, names, kinds, ids, runs))
    return Table(list(metrics.values()), rows, cut)


def _row(
    item: dict[str, Any], names: Sequence[str], kinds: Sequence[int | None], ids: Sequence[int], runs: bool
) -> Row:
    values = values_of(names, item.get("values"), "performance data")
    by_kind: dict[int | None, tuple[int | None, str | None]] = {}
    for position, place in enumerate(array(item, "dimensions", "a row's dimensions")):
        kind = section(place, "type", "a row's dimension") or {"id": kinds[position] if position < len(kinds) else None}
        by_kind[as_int(kind.get("id"))] = (as_int(place.get("id")), text(place.get("name")))
    nothing = (None, None)
    test_id, test_name = by_kind.get(_TEST, (ids[0] if len(ids) == 1 else None, None))
    time = moment(item.get("dateTime") or item.get("reportDate"))
    if test_id is None or time is None:
        raise unexpected_shape("performance data whose rows name their test and time", item)
    did_fail = failed(values, None) if runs else False
    if did_fail is None:
        raise ResponseError(
            f"A run of test {test_id} at {time} came without % Availability and # Test Errors, "
            "so it cannot be told whether it failed."
        )
    node_id, node = by_kind.get(_NODE, nothing)
    city, country = by_kind.get(_CITY, nothing)[1], by_kind.get(_COUNTRY, nothing)[1]
    return Row(time, test_id, test_name, node_id, node, city, country, did_fail, values)


# Favorite charts


def favorites(page: int) -> Request:
    return Request("/tests/explorer/favoritechart", _params({}, _unpaged(page)))


def read_favorites(payload: Any) -> Page:
    entries, more = _data(payload, "favoriteCharts", "a list of favorite charts")
    return Page([_favorite(entry) for entry in entries], more)


def _favorite(entry: dict[str, Any], details: dict[str, Any] | None = None) -> Favorite:
    return Favorite(
        id=member(entry, "id", int, "a favorite chart"),
        name=text(entry.get("name")),
        description=text(entry.get("description")),
        changed=moment(entry.get("changeDate")),
        details=details,
    )


def favorite(favorite_id: int) -> Request:
    return Request(f"/tests/explorer/favoritechart/{favorite_id}", {})


def read_favorite(payload: Any, favorite_id: int) -> Favorite:
    entry = _chart_entry(payload, favorite_id)
    details = {
        "time_frame": name_of(entry.get("timeFrame")),
        "interval": name_of(entry.get("interval")),
        "dimension": as_slug(entry.get("dimension")),
        "breakdowns": _breakdowns(entry),
        "statistics": names_in(entry, "statisticalValues", "a favorite chart"),
        "tests": [
            {
                "id": as_int(test.get("id")),
                "name": text(test.get("name")),
                "type": enum_name(test.get("testType"), TEST_TYPES),
            }
            for test in array(entry, "tests", "a chart's tests")
        ],
        "metrics": slugs(names_in(entry, "syntheticMetrics", "a favorite chart")),
        "source": as_slug(entry.get("sourceType")),
    }
    return _favorite(entry, details)


def _chart_entry(payload: Any, favorite_id: int) -> dict[str, Any]:
    entries, _more = _data(payload, "favoriteCharts", "a favorite chart")
    for entry in entries:
        if entry.get("id", favorite_id) == favorite_id:
            return entry
    raise NotFoundError(
        f"Favorite chart {favorite_id} does not exist, or this key may not see it. "
        "Leave favorite_ids out to list the charts there are.",
        status=200,
    )


def chart(favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Request:
    if window is None and interval is None and not test_ids:
        return Request(f"/tests/explorer/favoritechart/defaultdata/{favorite_id}", {})
    start, end = ("", "") if window is None else (_utc(window.start), _utc(window.end))
    # The document calls the times startTimeUtc and endTimeUtc, working scripts send start and end; what a service does
    # not know it ignores. The same goes for the interval.
    params = {
        "startTimeUtc": start,
        "endTimeUtc": end,
        "start": start,
        "end": end,
        "timeInterval": interval,
        "interval": interval,
        "tests": csv(test_ids),
    }
    return Request(f"/tests/explorer/favoritechart/data/{favorite_id}", _params(params))


def read_chart(payload: Any, favorite_id: int) -> Chart:
    entry = _chart_entry(payload, favorite_id)
    summary, detail = section(entry, "summary", "a chart"), section(entry, "detail", "a chart")
    if not summary and not detail:
        raise unexpected_shape("a favorite chart's data with a summary or a detail part", entry)
    # Working scripts read the legend of the summary for both parts; one of the detail's own counts for it.
    fields = section(summary, "fields", "a chart's summary") or section(detail, "fields", "a chart's detail")
    own_fields = section(detail, "fields", "a chart's detail")
    metrics: dict[str, Metric] = {}
    return Chart(
        name=text(entry.get("name")),
        start=moment(entry.get("startTimeUtc") or entry.get("start") or summary.get("start")),
        end=moment(entry.get("endTimeUtc") or entry.get("end") or summary.get("end")),
        summary=_chart_rows(summary, fields, metrics),
        detail=_chart_rows(detail, own_fields if own_fields.get("syntheticMetrics") else fields, metrics),
        metrics=list(metrics.values()),
        cut=entry.get("hasMoreRecords") is True,
    )


def _chart_rows(part: dict[str, Any], fields: dict[str, Any], metrics: dict[str, Metric]) -> list[ChartRow]:
    """The rows of the summary or the detail; their metrics are added to ``metrics``."""
    columns = legend(array(fields, "syntheticMetrics", "a chart's metrics"), "a chart's metrics")
    metrics.update((column.slug, column) for column in columns if column.slug not in metrics)
    names = [column.slug for column in columns]
    axis = kind_of(fields.get("dimension"))
    kinds = _breakdowns(fields) or UNNAMED_BREAKDOWNS
    return [_chart_row(item, names, axis, kinds) for item in array(part, "items", "a chart's rows")]


def _chart_row(item: dict[str, Any], names: Sequence[str], axis: str | None, kinds: Sequence[str]) -> ChartRow:
    places = array(item, "dimension" if "dimension" in item else "dimensions", "a chart row's dimensions")
    found = [
        (as_int(place.get("id")), text(place.get("name"))) for place in places if place.get("name") != _TIME_AS_PLACE
    ]
    return ChartRow(
        time=moment(item.get("dateTime")),
        breakdown=by_place(found, axis, kinds),
        metrics=values_of(names, item.get("syntheticMetrics"), "a chart's data"),
    )


def _breakdowns(entry: dict[str, Any]) -> list[str]:
    kinds = (kind_of(entry.get("breakdownOne")), kind_of(entry.get("breakdownTwo")))
    return [kind for kind in kinds if kind is not None]


# Alerts and service-level objectives


def alerts(test_ids: Sequence[int], window: Window, page: int) -> Request:
    params = {"testIds": csv(test_ids), "startTimeUtc": _utc(window.start), "endTimeUtc": _utc(window.end)}
    return Request("/tests/alerts", _params(params, page))


def read_alerts(payload: Any) -> Page:
    data = payload.get("data", payload) if isinstance(payload, dict) else payload
    entries = data.get("alerts") if isinstance(data, dict) else None
    if isinstance(entries, dict):
        # The document declares a single object here, working clients read an array.
        entries = [entries]
    return Page(
        [
            Alert(
                time=moment(entry.get("reportTime") or entry.get("processingTimestamp") or entry.get("startTime")),
                test_id=_test_id(entry, "an alert"),
                test_name=name_of(entry.get("test")) or text(entry.get("testName")),
                level=enum_name(entry.get("level"), ALERT_LEVELS),
                type=as_slug(entry.get("alertType")),
            )
            for entry in objects(entries, "a list of alerts")
        ],
        isinstance(data, dict) and data.get("hasMore") is True,
    )


def _test_id(entry: dict[str, Any], what: str) -> int | None:
    """The test of an alert or violation: as an object, or as the bare id beside it."""
    test_id = as_int(section(entry, "test", what).get("id"))
    return as_int(entry.get("testId")) if test_id is None else test_id


def slo_violations(test_ids: Sequence[int], window: Window, page: int) -> Request | None:
    params = {"testIds": csv(test_ids), "startTime": _utc(window.start), "endTime": _utc(window.end)}
    return Request("/slo/violations", _params(params, _unpaged(page)))


def read_slo_violations(payload: Any) -> Page:
    entries, more = _data(payload, "violations", "a list of SLO violations")
    return Page(
        [
            SloViolation(
                start=moment(entry.get("violationStart")),
                end=moment(entry.get("violationEnd")),
                test_id=_test_id(entry, "an SLO violation"),
                test_name=name_of(entry.get("test")) or text(entry.get("testName")),
                objective=text(entry.get("objectiveName")),
                goal=number(entry.get("goal")),
                minutes=number(entry.get("minsInViolation")),
            )
            for entry in entries
        ],
        more,
    )


def _params(params: Mapping[str, Any], page: int | None = None) -> dict[str, str]:
    paging = {} if page is None else {"pageNumber": str(page), "pageSize": _PAGE_SIZE}
    return {**{name: str(value) for name, value in params.items() if value not in (None, "")}, **paging}


def _unpaged(page: int) -> int | None:
    """For a list that is documented to have but one page: the number of a further one that it has all the same."""
    return page if page > 1 else None


def _utc(seconds: int) -> str:
    """The documented form of a time in a query: UTC without an offset."""
    return iso(seconds)[:-1]
