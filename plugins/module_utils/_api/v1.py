# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The legacy REST API v1: snake_case, bare objects, positional breakdowns, times as .NET ticks beside their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import (
    ALERT_LEVELS,
    NETWORK_TYPES,
    NODE_STATUSES,
    TEST_STATUSES,
    TEST_TYPES,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import slugs
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    TIME,
    Alert,
    Chart,
    ChartRow,
    Favorite,
    Metric,
    Node,
    NodeGroup,
    Page,
    Row,
    Table,
    Test,
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
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, Request, Usage
from ansible_collections.community.catchpoint.plugins.module_utils._time import (
    TICKS_BEFORE_1970,
    Window,
    iso,
    ticks_text,
)

ONE_TYPE_AT_A_TIME = True
URLS_LISTED = False
NODES_FILTERED = False

_PAGE_SIZE = "100"

_BREAKDOWNS = ("breakdown_1", "breakdown_2")


def complaint(payload: Any) -> ApiMessage | None:
    message = text(payload.get("Message")) if isinstance(payload, dict) else None
    if message is None:
        return None
    return ApiMessage(message, token=any(words in message.lower() for words in ("expired token", "invalid token")))


def usage(payload: Any) -> Usage | None:
    return None  # v1 says nothing of its limits


def _list(payload: Any, what: str, name: str = "items") -> Page:
    """A page of raw entries: enveloped, a bare array, or nothing at all, which is how v1 may say that a list is
    empty.
    """
    if payload is None or payload == {}:
        return Page([], False)
    if isinstance(payload, list):
        return Page(objects(payload, what), False)
    return Page(objects(member(payload, name, list, what), what), payload.get("has_more") is True)


def _one_or_more(payload: Any, what: str) -> Page:
    """The answer to a list, or to a question for one object by its id."""
    return Page([payload], False) if isinstance(payload, dict) and "id" in payload else _list(payload, what)


def _paged(page: int) -> dict[str, str]:
    return {"pageNumber": str(page), "pageSize": _PAGE_SIZE}


# Nodes


def nodes(filters: Mapping[str, Any], page: int) -> Request:
    if filters.get("paused") is not None:
        raise OptionError("REST API v1 does not tell whether a node is paused. Leave paused out, or use an api_key.")
    return Request("/nodes", {**({"targeted": "true"} if filters.get("targeted") else {}), **_paged(page)})


def nodes_by_id(ids: Sequence[int], filters: Mapping[str, Any]) -> list[Request] | None:
    return [Request(f"/nodes/{node_id}", {}) for node_id in ids]


def read_nodes(payload: Any) -> Page:
    entries, more = _one_or_more(payload, "a list of nodes")
    return Page([_node(entry) for entry in entries], more)


def _node(entry: dict[str, Any]) -> Node:
    coordinates = section(entry, "coordinates", "a node")
    addresses = ip_ranges(entry.get("ip_ranges"))
    return Node(
        id=member(entry, "id", int, "a node"),
        name=text(entry.get("name")),
        status=enum_name(entry.get("status"), NODE_STATUSES),
        paused=as_bool(entry.get("paused")),
        network_type=enum_name(entry.get("network_type"), NETWORK_TYPES),
        targeted=as_bool(entry.get("targeted")),
        ipv6=any(":" in address for address in addresses) if addresses else None,
        city=name_of(entry.get("city")),
        region=name_of(entry.get("region")),
        country=name_of(entry.get("country")),
        continent=name_of(entry.get("continent")),
        asn=as_int(section(entry, "asn", "a node").get("value")),
        as_name=name_of(entry.get("asn")),
        isp=name_of(entry.get("isp")),
        latitude=number(coordinates.get("latitude")),
        longitude=number(coordinates.get("longitude")),
        ip_ranges=addresses,
    )


def node_groups(filters: Mapping[str, Any], page: int) -> Request:
    return Request("/nodeGroups", _paged(page))


def read_node_groups(payload: Any) -> Page:
    entries, more = _one_or_more(payload, "a list of node groups")
    return Page(
        [
            NodeGroup(
                id=member(entry, "id", int, "a node group"),
                name=text(entry.get("name")),
                description=text(entry.get("description")),
                network_type=enum_name(entry.get("network_type") or entry.get("synthetic_network_type"), NETWORK_TYPES),
                node_count=as_int(entry.get("nodes_count")),
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
            "network_type": enum_name(node.get("network_type"), NETWORK_TYPES),
            "status": enum_name(node.get("status"), NODE_STATUSES),
        }
        for node in array(group, "nodes", "a node group's nodes")
    ]


# Tests, products, folders


def tests(filters: Mapping[str, Any], page: int) -> Request:
    if filters.get("labels"):
        raise OptionError("REST API v1 has no labels. Leave labels out, or use an api_key.")
    params = {
        "name": filters.get("name"),
        "url": filters.get("url"),
        "statusId": TEST_STATUSES.get(str(filters.get("status"))),
        "typeId": TEST_TYPES.get(str(filters.get("type"))),
        "productId": filters.get("product_id"),
        "parentFolderId": filters.get("folder_id"),
    }
    given = {name: str(value) for name, value in params.items() if value not in (None, "")}
    return Request("/tests", {**given, **_paged(page)})


def tests_by_id(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/tests/{test_id}", {}) for test_id in ids]


def read_tests(payload: Any) -> Page:
    entries, more = _one_or_more(payload, "a list of tests")
    return Page([_test(entry) for entry in entries], more)


def _test(entry: dict[str, Any]) -> Test:
    monitors = entry.get("monitors") if isinstance(entry.get("monitors"), list) else []
    return Test(
        id=member(entry, "id", int, "a test"),
        name=text(entry.get("name")),
        type=enum_name(entry.get("type") or entry.get("test_type"), TEST_TYPES),
        monitor=as_slug(entry.get("monitor") or (monitors[0] if monitors else None)),
        status=enum_name(entry.get("status"), TEST_STATUSES),
        url=text(entry.get("test_url")),
        product_id=as_int(entry.get("product_id")),
        folder_id=as_int(entry.get("parent_folder_id")),
        division_id=as_int(entry.get("division_id")),
        alerts_paused=as_bool(entry.get("alerts_paused")),
        labels={},  # v1 has no labels
        changed=_change_date(entry.get("change_date")),
    )


def _change_date(value: Any) -> str | None:
    # v1 writes it as 04/02/2026 12:10:00 PM in the account's zone in some places: too little to tell an instant.
    return moment(value) if isinstance(value, str) and "T" in value else None


def named(kind: str, name: str, page: int) -> Request:
    return Request(f"/{kind}", {"name": name, **_paged(page)})


def read_named(kind: str, payload: Any) -> Page:
    entries, more = _list(payload, f"a list of {kind}")
    return Page([(member(entry, "id", int, kind), text(entry.get("name"))) for entry in entries], more)


# Performance


def enumeration() -> Request | None:
    return None  # intervals go by name, and every answer brings all metrics


def read_enumeration(payload: Any) -> Enumeration:
    raise unexpected_shape("something that was asked for", payload)


def raw(ids: Sequence[int], window: Window, metric_ids: Sequence[int]) -> Request:
    return Request("/performance/raw", _performance(ids, window))


def aggregated(
    ids: Sequence[int], window: Window, interval: str, metric_ids: Sequence[int], breakdown: str | None
) -> Request:
    return Request("/performance/aggregated", {**_performance(ids, window), "aggregationType": interval})


def _performance(ids: Sequence[int], window: Window) -> dict[str, str]:
    # With Z, because a time without an offset would be read in the account's zone.
    return {"tests": csv(ids), "startTime": iso(window.start), "endTime": iso(window.end)}


def read_table(payload: Any, ids: Sequence[int], *, runs: bool) -> Table:
    if payload is None or payload == {}:
        return Table([], [], False)
    detail = member(payload, "detail", dict, "performance data")
    fields = member(detail, "fields", dict, "performance data")
    columns = legend(fields.get("synthetic_metrics"), "performance data's metrics")
    names = [column.slug for column in columns]
    kinds = {name: kind_of(fields.get(name)) for name in _BREAKDOWNS}
    items = objects(member(detail, "items", list, "performance data"), "performance data's rows")
    rows = [_row(item, names, kinds, ids, runs) for item in items]
    return Table(columns, rows, payload.get("has_more") is True, name_of(payload.get("timezone")))


def _row(
    item: dict[str, Any], names: Sequence[str], kinds: Mapping[str, str | None], ids: Sequence[int], runs: bool
) -> Row:
    values = values_of(names, item.get("synthetic_metrics"), "performance data")
    by_kind = {kind: section(item, name, "a row") for name, kind in kinds.items() if kind is not None}
    test, node = by_kind.get("test", {}), by_kind.get("node", {})
    test_id = as_int(test.get("id")) if test else (ids[0] if len(ids) == 1 else None)
    time = _dimension_time(item.get("dimension"))
    if test_id is None or time is None:
        raise unexpected_shape("performance data whose rows name their test and time", item)
    did_fail = failed(values, item.get("error")) if runs else False
    if did_fail is None:
        raise ResponseError(
            f"A run of test {test_id} at {time} came without % Availability, error and # Test Errors, "
            "so it cannot be told whether it failed."
        )
    return Row(
        time,
        test_id,
        name_of(test),
        as_int(node.get("id")),
        name_of(node),
        name_of(by_kind.get("city")),
        name_of(by_kind.get("country")),
        did_fail,
        values,
        text(item.get("host_Ip")),
    )


def _dimension_time(dimension: Any) -> str | None:
    """The time of a row: the text where it is UTC beyond doubt, else the ticks beside it."""
    if not isinstance(dimension, dict):
        return None
    name, ticks = dimension.get("name"), as_int(dimension.get("id"))
    if ticks is not None and ticks > 0 and not (isinstance(name, str) and name.endswith("Z")):
        try:
            return ticks_text(ticks)
        except ValueError:
            raise unexpected_shape("a time in .NET ticks", ticks) from None
    return moment(name)


def _is_before_1970(dimension: Any) -> bool:
    """Whether what stands on an axis would be a time before 1970, and so is the id of something else."""
    ticks = as_int(dimension.get("id")) if isinstance(dimension, dict) else None
    return ticks is not None and 0 < ticks < TICKS_BEFORE_1970


# Favorite charts


def favorites(page: int) -> Request:
    return Request("/performance/favoriteCharts", _paged(page))


def read_favorites(payload: Any) -> Page:
    entries, more = _list(payload, "a list of favorite charts")
    return Page([_favorite(entry, None) for entry in entries], more)


def _favorite(entry: dict[str, Any], details: dict[str, Any] | None) -> Favorite:
    return Favorite(
        id=member(entry, "id", int, "a favorite chart"),
        name=text(entry.get("name")),
        description=text(entry.get("description")),
        changed=_change_date(entry.get("change_date")),
        details=details,
    )


def favorite(favorite_id: int) -> Request:
    return Request(f"/performance/favoriteCharts/{favorite_id}", {})


def read_favorite(payload: Any, favorite_id: int) -> Favorite:
    if payload is None or payload == {}:
        raise NotFoundError(
            f"Favorite chart {favorite_id} does not exist, or these credentials may not see it: the service answered "
            "nothing. Leave favorite_ids out to list the charts there are."
        )
    if not isinstance(payload, dict):
        raise unexpected_shape("a favorite chart", payload)
    entry = {"id": favorite_id, **payload}
    # No answer of this kind is on record: the members of v2 in v1's spelling are read where they are there.
    details = {
        "time_frame": name_of(entry.get("time_frame")),
        "interval": name_of(entry.get("interval")),
        "dimension": as_slug(entry.get("dimension")),
        "breakdowns": [kind for kind in map(kind_of, map(entry.get, _BREAKDOWNS)) if kind is not None],
        "statistics": names_in(entry, "statistical_values", "a favorite chart"),
        "tests": [
            {
                "id": as_int(test.get("id")),
                "name": text(test.get("name")),
                "type": enum_name(test.get("type") or test.get("test_type"), TEST_TYPES),
            }
            for test in array(entry, "tests", "a chart's tests")
        ],
        "metrics": slugs(names_in(entry, "synthetic_metrics", "a favorite chart")),
        "source": as_slug(entry.get("source_type")),
    }
    return _favorite(entry, details)


def chart(favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Request:
    if interval is not None:
        raise OptionError(
            "REST API v1 cannot override a favorite chart's interval. Leave interval out, or use an api_key."
        )
    params = {} if window is None else {"startTime": iso(window.start), "endTime": iso(window.end)}
    return Request(
        f"/performance/favoriteCharts/{favorite_id}/data", {**params, **({"tests": csv(test_ids)} if test_ids else {})}
    )


def read_chart(payload: Any, favorite_id: int) -> Chart:
    if payload is None or payload == {}:
        return Chart(None, None, None, [], [], [], False)
    if not isinstance(payload, dict) or not (payload.get("summary") or payload.get("detail")):
        raise unexpected_shape("a favorite chart's data with a summary or a detail part", payload)
    metrics: dict[str, Metric] = {}
    return Chart(
        name=text(payload.get("name")),
        start=moment(payload.get("start")),
        end=moment(payload.get("end")),
        summary=_chart_rows(section(payload, "summary", "a chart"), metrics),
        detail=_chart_rows(section(payload, "detail", "a chart"), metrics),
        metrics=list(metrics.values()),
        cut=payload.get("has_more") is True,
        zone=name_of(payload.get("timezone")),
    )


def _chart_rows(part: dict[str, Any], metrics: dict[str, Metric]) -> list[ChartRow]:
    """The rows of the summary or the detail, each with a legend of its own; their metrics are added to ``metrics``."""
    fields = section(part, "fields", "a chart")
    columns = legend(array(fields, "synthetic_metrics", "a chart's metrics"), "a chart's metrics")
    metrics.update((column.slug, column) for column in columns if column.slug not in metrics)
    names = [column.slug for column in columns]
    axis = kind_of(fields.get("dimension"))
    timed = axis in (None, TIME)
    kinds = {name: kind_of(fields.get(name)) for name in (*(() if timed else ("dimension",)), *_BREAKDOWNS)}
    return [_chart_row(item, names, kinds, timed=timed) for item in array(part, "items", "a chart's rows")]


def _chart_row(item: dict[str, Any], names: Sequence[str], kinds: Mapping[str, str | None], *, timed: bool) -> ChartRow:
    """``timed`` is true where the chart's axis is time, or not known."""
    places = {kind: section(item, name, "a chart row") for name, kind in kinds.items() if kind is not None}
    on_axis = item.get("dimension")
    return ChartRow(
        time=_dimension_time(on_axis) if timed and not _is_before_1970(on_axis) else None,
        breakdown={kind: (as_int(place.get("id")), text(place.get("name"))) for kind, place in places.items() if place},
        metrics=values_of(names, item.get("synthetic_metrics"), "a chart's data"),
    )


# Alerts


def alerts(test_ids: Sequence[int], window: Window, page: int) -> Request:
    # A time range is likely to be understood; what is not asked for is filtered out by the client.
    return Request("/alerts", {"startTime": iso(window.start), "endTime": iso(window.end), **_paged(page)})


def read_alerts(payload: Any) -> Page:
    entries, more = _list(payload, "a list of alerts", "alerts")
    return Page(
        [
            Alert(
                time=moment(entry.get("report_time") or entry.get("processing_timestamp") or entry.get("start_time")),
                test_id=_test_id(entry),
                test_name=name_of(entry.get("test")) or text(entry.get("test_name")),
                level=enum_name(entry.get("level"), ALERT_LEVELS),
                type=as_slug(entry.get("alert_type")),
            )
            for entry in entries
        ],
        more,
    )


def _test_id(entry: dict[str, Any]) -> int | None:
    """The test of an alert: as an object, or as the bare id beside it."""
    test_id = as_int(section(entry, "test", "an alert").get("id"))
    return as_int(entry.get("test_id")) if test_id is None else test_id


def slo_violations(test_ids: Sequence[int], window: Window, page: int) -> Request | None:
    return None


def read_slo_violations(payload: Any) -> Page:
    raise unexpected_shape("something that was asked for", payload)
