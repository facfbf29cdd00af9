# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The legacy REST API v1: snake_case, bare objects, positional breakdowns, times as .NET ticks beside their text."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Callable, TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api import (
    readers,
    v1_actions,
    v1_catalog,
    v1_events,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import ActionsVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import CatalogVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import TEST_STATUSES, test_type_numbers
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import EventsVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    TIME,
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
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.paging import params
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    array,
    as_int,
    csv,
    entries_of,
    failed,
    flag,
    id_name,
    kind_of,
    legend,
    member,
    moment,
    name_of,
    problem_text,
    readable_moment,
    says_missing,
    section,
    snake_keys,
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
from ansible_collections.community.catchpoint.plugins.module_utils._api.v1_envelope import page_of
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

_Entry = TypeVar("_Entry")

ONE_TYPE_AT_A_TIME = True
URLS_LISTED = False
NODES_FILTERED = False
CATALOG: CatalogVersion = v1_catalog
EVENTS: EventsVersion = v1_events
ACTIONS: ActionsVersion = v1_actions

_BREAKDOWNS = ("breakdown_1", "breakdown_2")


def complaint(payload: object) -> ApiMessage | None:
    if not isinstance(payload, dict):
        return None
    message = text(payload.get("Message")) or problem_text(payload)
    if message is None:
        return None
    token = any(words in message.lower() for words in ("expired token", "invalid token"))
    return ApiMessage(message, token=token, missing=says_missing(message))


def usage(payload: object) -> Usage | None:
    return None  # v1 does not report its limits


def _one_or_more(payload: object, read: Callable[[Json], _Entry], what: str) -> Page[_Entry]:
    """The response to a list request, or to a request for one object by its id."""
    return page_of([payload] if isinstance(payload, dict) and "id" in payload else payload, read, what)


# Nodes


def nodes(filters: NodeFilter, page: int) -> Request:
    if filters.paused is not None:
        raise OptionError("REST API v1 does not report whether a node is paused. Remove paused, or use an api_key.")
    return Request("/nodes", params({"targeted": "true" if filters.targeted else None}, page))


def nodes_by_id(ids: Sequence[int], filters: NodeFilter) -> list[Request] | None:
    return [Request(f"/nodes/{node_id}", {}) for node_id in ids]


def read_nodes(payload: object) -> Page[Node]:
    return _one_or_more(payload, readers.node, "a list of nodes")


def node_groups(filters: NodeGroupFilter, page: int) -> Request:
    return Request("/nodeGroups", params({}, page))


def read_node_groups(payload: object) -> Page[NodeGroup]:
    return _one_or_more(payload, readers.node_group, "a list of node groups")


# Tests, products, folders


def tests(filters: TestFilter, page: int) -> Request:
    if filters.labels:
        raise OptionError("REST API v1 does not support labels. Remove labels, or use an api_key.")
    types = test_type_numbers(filters.type)
    given = {
        "name": filters.name,
        "url": filters.url,
        "statusId": TEST_STATUSES.get(filters.status or ""),
        # The parameter takes one number, so tests of a type with two of them are filtered by the client alone.
        "typeId": types[0] if len(types) == 1 else None,
        "productId": filters.product_id,
        "parentFolderId": filters.folder_id,
    }
    return Request("/tests", params(given, page))


def tests_by_id(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/tests/{test_id}", {}) for test_id in ids]


def read_tests(payload: object) -> Page[Test]:
    return _one_or_more(payload, readers.test, "a list of tests")


def named(kind: str, name: str | None, page: int) -> Request:
    return Request(f"/{kind}", params({"name": name}, page))


def read_named(kind: str, payload: object) -> Page[IdName]:
    return page_of(payload, lambda entry: readers.id_and_name(entry, kind), f"a list of {kind}")


# Performance


def enumeration() -> Request | None:
    return None  # intervals have names, and every response has all metrics


def read_enumeration(payload: object) -> Enumeration:
    raise unexpected_shape("a response that was requested", payload)


def raw(ids: Sequence[int], window: Window, metric_ids: Sequence[int]) -> Request:
    return Request("/performance/raw", _performance(ids, window))


def aggregated(
    ids: Sequence[int], window: Window, interval: str, metric_ids: Sequence[int], breakdown: str | None
) -> Request:
    return Request("/performance/aggregated", {**_performance(ids, window), "aggregationType": interval})


def _performance(ids: Sequence[int], window: Window) -> dict[str, str]:
    # With Z, because a time without an offset would be read in the account's zone.
    return {"tests": csv(ids), "startTime": iso(window.start), "endTime": iso(window.end)}


def read_table(payload: object, ids: Sequence[int], *, runs: bool) -> Table:
    if payload is None or payload == {}:
        return Table([], [], False)
    what = "performance data"
    detail = member(payload, "detail", dict, what)
    fields = member(detail, "fields", dict, what)
    columns = legend(fields.get("synthetic_metrics"), "performance data's metrics")
    names = [column.slug for column in columns]
    kinds = {name: kind_of(fields.get(name)) for name in _BREAKDOWNS}
    items = entries_of(detail, "items", "performance data's rows")
    rows = without_repetitions((_instant(item), _row(item, names, kinds, ids, runs)) for item in items)
    answer: Json = payload if isinstance(payload, Mapping) else {}
    zone = name_of(answer.get("timezone"))
    return Table(columns, rows, flag(answer, "has_more", what), zone, len(items) - len(rows))


def _instant(item: Json) -> object:
    """The time of a row as the service wrote it, with its fractions of a second."""
    dimension = item.get("dimension")
    return (dimension.get("id"), dimension.get("name")) if isinstance(dimension, dict) else None


def _row(item: Json, names: Sequence[str], kinds: Mapping[str, str | None], ids: Sequence[int], runs: bool) -> Row:
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
            "so it is unknown whether it failed."
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


def _dimension_time(dimension: object) -> str | None:
    """The time of a row: the text if it is certainly UTC, else the ticks beside it."""
    if not isinstance(dimension, dict):
        return None
    name, ticks = dimension.get("name"), as_int(dimension.get("id"))
    if ticks is not None and ticks > 0 and not (isinstance(name, str) and name.endswith("Z")):
        try:
            return ticks_text(ticks)
        except ValueError:
            raise unexpected_shape("a time in .NET ticks", ticks) from None
    return moment(name)


def _is_before_1970(dimension: object) -> bool:
    """Whether a place on an axis would be a time before 1970, and so is the id of something else."""
    ticks = as_int(dimension.get("id")) if isinstance(dimension, dict) else None
    return ticks is not None and 0 < ticks < TICKS_BEFORE_1970


# Favorite charts


def favorites(page: int) -> Request:
    return Request("/performance/favoriteCharts", params({}, page))


def read_favorites(payload: object) -> Page[Favorite]:
    return page_of(payload, readers.favorite, "a list of favorite charts")


def favorite(favorite_id: int) -> Request:
    return Request(f"/performance/favoriteCharts/{favorite_id}", {})


def read_favorite(payload: object, favorite_id: int) -> Favorite:
    if payload is None or payload == {}:
        raise NotFoundError(
            f"Favorite chart {favorite_id} does not exist, or these credentials may not see it: the response is "
            "empty. Remove favorite_ids to list all charts."
        )
    entry = snake_keys(payload)
    if not isinstance(entry, dict):
        raise unexpected_shape("a favorite chart", payload)
    # v1's response is not documented, so the members of v2 are read in v1's spelling.
    entry = {"id": favorite_id, **entry}
    return readers.favorite(entry, readers.favorite_details(entry))


def chart(favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Request:
    if interval is not None:
        raise OptionError(
            "REST API v1 cannot override a favorite chart's interval. Remove interval, or use an api_key."
        )
    times = {} if window is None else {"startTime": iso(window.start), "endTime": iso(window.end)}
    return Request(f"/performance/favoriteCharts/{favorite_id}/data", params({**times, "tests": csv(test_ids)}))


def read_chart(payload: object, favorite_id: int) -> Chart:
    if payload is None or payload == {}:
        return Chart(None, None, None, [], [], [], False)
    if not isinstance(payload, dict) or not (payload.get("summary") or payload.get("detail")):
        raise unexpected_shape("a favorite chart's data with a summary or a detail part", payload)
    metrics: dict[str, Metric] = {}
    summary, _undated = _chart_rows(section(payload, "summary", "a chart"), metrics)
    detail, undated = _chart_rows(section(payload, "detail", "a chart"), metrics)
    return Chart(
        name=text(payload.get("name")),
        start=moment(payload.get("start")),
        end=moment(payload.get("end")),
        summary=summary,
        detail=detail,
        metrics=list(metrics.values()),
        cut=flag(payload, "has_more", "a favorite chart's data"),
        zone=name_of(payload.get("timezone")),
        undated=undated,
    )


def _chart_rows(part: Json, metrics: dict[str, Metric]) -> tuple[list[ChartRow], int]:
    """The rows of the summary or the detail, each with a legend of its own; their metrics are added to ``metrics``.

    The second value counts the rows that are dropped because their time on the axis is implausible.
    """
    fields = section(part, "fields", "a chart")
    columns = legend(array(fields, "synthetic_metrics", "a chart's metrics"), "a chart's metrics")
    metrics.update((column.slug, column) for column in columns if column.slug not in metrics)
    names = [column.slug for column in columns]
    axis = kind_of(fields.get("dimension"))
    timed = axis in (None, TIME)
    kinds = {name: kind_of(fields.get(name)) for name in (*(() if timed else ("dimension",)), *_BREAKDOWNS)}
    items = array(part, "items", "a chart's rows")
    dated = [item for item in items if not (axis == TIME and _is_before_1970(item.get("dimension")))]
    return [_chart_row(item, names, kinds, timed=timed) for item in dated], len(items) - len(dated)


def _chart_row(item: Json, names: Sequence[str], kinds: Mapping[str, str | None], *, timed: bool) -> ChartRow:
    """``timed`` is true if the chart's axis is time, or unknown."""
    places = {kind: section(item, name, "a chart row") for name, kind in kinds.items() if kind is not None}
    on_axis = item.get("dimension")
    return ChartRow(
        time=_dimension_time(on_axis) if timed and not _is_before_1970(on_axis) else None,
        breakdown={kind: id_name(place) for kind, place in places.items() if place},
        metrics=values_of(names, item.get("synthetic_metrics"), "a chart's data"),
    )


# Alerts


def alerts(wanted: AlertFilter, window: Window, page: int) -> Request:
    # The service probably reads the time range; the client applies all filters.
    return Request("/alerts", params({"startTime": iso(window.start), "endTime": iso(window.end)}, page))


def read_alerts(payload: object) -> Page[Alert]:
    page = page_of(payload, readers.alert, "a list of alerts", "alerts")
    stated = payload if isinstance(payload, Mapping) else {}
    start, end = readable_moment(stated.get("start")), readable_moment(stated.get("end"))
    return page if start is None or end is None else replace(page, window=(start, end))


def slo_violations(test_ids: Sequence[int], window: Window, page: int) -> Request | None:
    return None


def read_slo_violations(payload: object) -> Page[SloViolation]:
    raise unexpected_shape("a response that was requested", payload)
