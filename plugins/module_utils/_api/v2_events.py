# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v2: errors, service-level objectives and their violations, Internet outages.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api import readers
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import ERROR_TYPES, TEST_STATUSES
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import (
    ErrorTable,
    Outage,
    Slo,
    TestError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import slug
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import IdName, Page, SloViolation
from ansible_collections.community.catchpoint.plugins.module_utils._api.paging import further, params, utc
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    array,
    as_int,
    csv,
    enum_name,
    first,
    flag,
    id_name,
    legend,
    member,
    moment,
    name_of,
    number,
    section,
    text,
    unexpected_shape,
    values_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import ErrorFilter, SloFilter
from ansible_collections.community.catchpoint.plugins.module_utils._api.v2_envelope import page_of
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window

# The service's maximum for errors, twice that of all other lists.
_ERRORS_PER_PAGE = 200

# BreakdownDimension: the numbers of dimensions that rows are broken down by.
_NODE, _TEST, _ERROR_TYPE = 1, 16, 41

# The metrics that may count errors, by slug.
_COUNTS = ("errors", "test_errors")


def errors(wanted: ErrorFilter, window: Window, page: int) -> Request:
    # Without timeInterval, there is a row for each failed run.
    query = {
        "testIds": csv(wanted.test_ids or ()),
        "errorTypes": csv(ERROR_TYPES[name] for name in wanted.types),
        "startTimeUtc": utc(window.start),
        "endTimeUtc": utc(window.end),
    }
    return Request("/tests/errors/raw", params(query, page, _ERRORS_PER_PAGE))


def read_errors(payload: object, test_ids: Optional[Sequence[int]]) -> Page[ErrorTable]:
    what = "a list of errors"
    return page_of(payload, lambda part: _table(part, test_ids, what), "response_items", what)


def _table(part: Json, test_ids: Optional[Sequence[int]], what: str) -> ErrorTable:
    if not part.keys() & {"metrics", "items", "summary_items"}:
        raise unexpected_shape(f"{what} with metrics and items", part)
    names = [column.slug for column in legend(array(part, "metrics", what), what)]
    kinds = [as_int(kind.get("id")) for kind in array(part, "dimensions", what)]
    totals: dict[str, int] = {}
    for entry in array(part, "summary_items", what):
        kind = _error_type(_places(entry, kinds, what).get(_ERROR_TYPE, (None, None))) or "unknown"
        totals[kind] = totals.get(kind, 0) + _count(entry, names, what)
    only = test_ids[0] if test_ids is not None and len(test_ids) == 1 else None
    rows = [_row(entry, names, kinds, only) for entry in array(part, "items", what)]
    return ErrorTable(rows, totals, flag(part, "has_more_records", what))


def _row(entry: Json, names: Sequence[str], kinds: Sequence[Optional[int]], only: Optional[int]) -> TestError:
    what = "an error's row"
    places = _places(entry, kinds, what)
    test_id, test_name = places.get(_TEST, (only, None))
    time = moment(first(entry, "date_time", "report_date"))
    if test_id is None or time is None:
        raise unexpected_shape("errors whose rows have a test and a time", entry)
    node_id, node = places.get(_NODE, (None, None))
    kind = _error_type(places.get(_ERROR_TYPE, (None, None)))
    return TestError(time, test_id, test_name, node_id, node, kind, _count(entry, names, what))


def _places(entry: Json, kinds: Sequence[Optional[int]], what: str) -> dict[Optional[int], IdName]:
    """A row's test and node by the number of the dimension; without numbers, in the order of the table's dimensions."""
    found: dict[Optional[int], IdName] = {}
    for position, place in enumerate(array(entry, "dimensions", what)):
        own = section(place, "type", what)
        kind = as_int(own.get("id")) if own else (kinds[position] if position < len(kinds) else None)
        found[kind] = id_name(place)
    return found


def _error_type(place: IdName) -> Optional[str]:
    return enum_name({"id": place[0], "name": place[1]}, ERROR_TYPES)


def _count(entry: Json, names: Sequence[str], what: str) -> int:
    values = values_of(names, entry.get("values"), what)
    counted = [values[name] for name in _COUNTS if values.get(name) is not None] or list(values.values())
    if len(counted) != 1 or counted[0] is None:
        raise unexpected_shape(f"{what} with one number of errors", entry)
    return int(counted[0])


def slos(wanted: SloFilter, page: int) -> Request:
    query = {
        "statusType": TEST_STATUSES["active"],
        "sloName": wanted.name,
        "testIds": csv(wanted.test_ids or ()),
    }
    return Request("/slo", params(query, further(page)))


def slos_by_id(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/slo/{csv(ids)}", {})]


def read_slos(payload: object) -> Page[Slo]:
    return page_of(payload, _slo, "slos", "a list of SLOs")


def _slo(entry: Json) -> Slo:
    tests = entry.get("test_ids")
    ids = [as_int(one) for one in tests] if isinstance(tests, list) else []
    metric = name_of(entry.get("metric_type"))
    return Slo(
        id=member(entry, "id", int, "an SLO"),
        name=text(entry.get("name")),
        goal=number(entry.get("goal")),
        metric=None if metric is None else slug(metric),
        status=enum_name(entry.get("status"), TEST_STATUSES),
        test_ids=[one for one in ids if one is not None],
    )


def violations_of(slo_ids: Sequence[int], window: Window, page: int) -> Request:
    query = {"sloIds": csv(slo_ids), "startTime": utc(window.start), "endTime": utc(window.end)}
    return Request("/slo/violations", params(query, further(page)))


def read_violations_of(payload: object) -> Page[SloViolation]:
    return page_of(payload, readers.slo_violation, "violations", "a list of SLO violations")


def outages(window: Window) -> Request:
    return Request("/iw/outages", params({"startTimeUtc": utc(window.start), "endTimeUtc": utc(window.end)}))


def read_outages(payload: object) -> Page[list[Outage]]:
    return replace(page_of(payload, _outages, "outages", "a list of outages"), more=False)


def _outages(entry: Json) -> list[Outage]:
    """The outages of one service."""
    what = "an outage"
    return [
        Outage(
            service=text(entry.get("service_name")),
            start=moment(place.get("start_time")),
            end=None if flag(place, "ongoing", what) else moment(place.get("end_time")),
            city=text(place.get("city")),
            country=text(place.get("country")),
            region=text(place.get("region")),
            types=[enum_name(kind, ERROR_TYPES) or "other" for kind in array(place, "error_types", what)],
        )
        for place in array(entry, "locations", what)
    ]
