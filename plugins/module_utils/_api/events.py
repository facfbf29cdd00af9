# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of runs, service-level objectives with their violations, and Internet outages.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Callable, NamedTuple, Optional, Protocol, TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page, SloViolation
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import (
    OLDEST,
    Contradiction,
    Placed,
    Span,
    placed,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import ErrorFilter, SloFilter
from ansible_collections.community.catchpoint.plugins.module_utils._errors import ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window

_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class TestError:
    """A failed run, or several at the same time: when, where, and why it failed."""

    time: str
    test_id: int
    test_name: Optional[str]
    node_id: Optional[int]
    node: Optional[str]
    type: Optional[str]  # one of ERROR_TYPES; None if the service does not report it
    count: int


class ErrorTable(NamedTuple):
    """One part of a response about errors."""

    rows: list[TestError]
    totals: dict[str, int]  # the service's counts by type, possibly over all pages; empty if it did not count
    cut: bool  # the service has more rows in this window than it returned


class Errors(NamedTuple):
    """All errors of a window, the oldest first."""

    rows: list[TestError]
    totals: dict[str, int]  # errors by type: the service's count, or the sum of the rows if that is larger
    complete: bool  # every counted error has a row
    contradiction: Optional[Contradiction] = None  # what shows that errors of the window may be missing


class Slo(NamedTuple):
    """A service-level objective: the share of the time in which its tests must meet a condition."""

    id: int
    name: Optional[str]
    goal: Optional[float]  # percent of the time
    metric: Optional[str]  # slug
    status: Optional[str]
    test_ids: list[int]


class Outage(NamedTuple):
    """An outage of a service on the Internet, at one location."""

    service: Optional[str]
    start: Optional[str]
    end: Optional[str]  # None while it goes on
    city: Optional[str]
    country: Optional[str]
    region: Optional[str]
    types: list[str]  # of ERROR_TYPES


class EventsVersion(Protocol):
    """The requests of one API version, and the readers of their responses.

    A request raises OptionError if the API version has no such list. A reader raises ResponseError.
    """

    def errors(self, wanted: ErrorFilter, window: Window, page: int) -> Request:
        """A page of the errors within a window."""

    def read_errors(self, payload: object, test_ids: Optional[Sequence[int]]) -> Page[ErrorTable]:
        """Errors. ``test_ids`` are those requested: one alone need not be named in the response."""

    def slos(self, wanted: SloFilter, page: int) -> Request:
        """A page of the list of active service-level objectives."""

    def slos_by_id(self, ids: Sequence[int]) -> list[Request]:
        """The requests that these ids need."""

    def read_slos(self, payload: object) -> Page[Slo]:
        """Service-level objectives."""

    def violations_of(self, slo_ids: Sequence[int], window: Window, page: int) -> Request:
        """A page of the violations of these objectives that touch a window."""

    def read_violations_of(self, payload: object) -> Page[SloViolation]:
        """Violations of service-level objectives."""

    def outages(self, window: Window) -> Request:
        """The Internet outages that touch a window."""

    def read_outages(self, payload: object) -> Page[list[Outage]]:
        """The outages of each service. There is one page: how to request another one is not documented."""


class Pages(Protocol):
    """Reads all pages of a list."""

    def __call__(self, ask: Callable[[int], Request], read: Callable[[object], Page[_Entry]]) -> Iterator[_Entry]:
        """``ask`` makes the request of a page, ``read`` reads its response."""


class Events:
    """Errors, objectives and outages as one account sees them. Every method raises CatchpointError and nothing else."""

    def __init__(
        self, version: EventsVersion, pages: Pages, chunks: Callable[[Sequence[int]], list[list[int]]]
    ) -> None:
        self._version = version
        self._pages = pages
        self._chunks = chunks

    def errors(self, wanted: ErrorFilter, window: Window) -> Errors:
        """The errors of a window that match the filters.

        Raises ResponseError for a row without a test or a time: a failed run must not be dropped.
        """
        matching: list[TestError] = []
        totals: dict[str, int] = {}
        cut = False
        for ids in [None] if wanted.test_ids is None else self._chunks(wanted.test_ids):
            counted: dict[str, int] = {}
            for table in self._error_tables(ErrorFilter(ids, wanted.types), window):
                matching += [row for row in table.rows if _matches(row, ids, wanted.types)]
                cut = cut or table.cut
                for name, count in table.totals.items():
                    # A page may count the errors of all pages, so the counts of pages are not added up.
                    counted[name] = max(counted.get(name, 0), count)
            for name, count in counted.items():
                if not wanted.types or name in wanted.types:
                    totals[name] = totals.get(name, 0) + count
        rows, contradiction = _of_window(matching, window)
        returned, listed = count_by_type(matching), count_by_type(rows)
        more = any(count > returned.get(name, 0) for name, count in totals.items())
        # The service's counts include the rows outside the window.
        outside = {name: count - listed.get(name, 0) for name, count in returned.items()}
        totals = {
            name: max(totals.get(name, 0) - outside.get(name, 0), listed.get(name, 0)) for name in {**listed, **totals}
        }
        totals = {name: count for name, count in totals.items() if count}
        complete = not (cut or more or contradiction)
        return Errors(sorted(rows, key=lambda row: (row.time, row.test_id)), totals, complete, contradiction)

    def first_errors(self, wanted: ErrorFilter, window: Window) -> Placed[TestError]:
        """The errors of the first page, which has at most 200 rows, in one request."""
        table = next(self._error_tables(wanted, window), ErrorTable([], {}, False))
        rows = [row for row in table.rows if _matches(row, wanted.test_ids, wanted.types)]
        return placed("error", rows, window, _time_of_error)

    def outages(self, window: Window) -> Placed[Outage]:
        """The Internet outages that touch the window, in one request."""
        services = self._pages(lambda _page: self._version.outages(window), self._version.read_outages)
        return placed("outage", [outage for outages in services for outage in outages], window, _time_of_outage)

    def _error_tables(self, wanted: ErrorFilter, window: Window) -> Iterator[ErrorTable]:
        return self._pages(
            lambda page: self._version.errors(wanted, window, page),
            lambda payload: self._version.read_errors(payload, wanted.test_ids),
        )

    def slos(self, wanted: SloFilter) -> list[Slo]:
        """The active objectives that match the filters."""
        found = self._pages(lambda page: self._version.slos(wanted, page), self._version.read_slos)
        return [slo for slo in found if _slo_matches(slo, wanted)]

    def violations_of(self, slo_ids: Sequence[int], window: Window) -> Placed[SloViolation]:
        """The violations of these objectives that touch the window.

        Raises ResponseError for a violation without an objective or a start, which must not be dropped.
        """
        found: list[SloViolation] = []
        for ids in self._chunks(slo_ids):
            for one in self._pages(self._violations_request(ids, window), self._version.read_violations_of):
                undated = one.start is None or one.start < OLDEST
                missing = "objective" if one.slo_id is None else "start time" if undated else None
                if missing is not None and one.slo_id in (None, *ids):
                    raise ResponseError(
                        f"The service reported an SLO violation of test {one.test_id} without a readable {missing}, so "
                        "it cannot be assigned to an objective. Check that api_version fits the service."
                    )
                if one.slo_id in ids:
                    found.append(one)
        return placed("SLO violation", found, window, lambda one: one.span)

    def _violations_request(self, ids: Sequence[int], window: Window) -> Callable[[int], Request]:
        return lambda page: self._version.violations_of(ids, window, page)


def _of_window(rows: Sequence[TestError], window: Window) -> tuple[list[TestError], Optional[Contradiction]]:
    result = placed("error", rows, window, _time_of_error)
    return result.inside, result.contradiction


def _time_of_error(row: TestError) -> Span:
    return row.time, row.time


def _time_of_outage(outage: Outage) -> Span:
    """Without a start, it may have begun at any time."""
    return outage.start or OLDEST, outage.end


def count_by_type(rows: Sequence[TestError]) -> dict[str, int]:
    """The errors of each type; "unknown" counts those without a type."""
    counts: dict[str, int] = {}
    for row in rows:
        name = row.type or "unknown"
        counts[name] = counts.get(name, 0) + row.count
    return counts


def _matches(row: TestError, ids: Optional[Sequence[int]], types: Sequence[str]) -> bool:
    return (ids is None or row.test_id in ids) and (not types or row.type is None or row.type in types)


def _slo_matches(slo: Slo, wanted: SloFilter) -> bool:
    part = (wanted.name or "").lower()
    covers = wanted.test_ids is None or not set(wanted.test_ids).isdisjoint(slo.test_ids)
    return covers and (slo.name is None or part in slo.name.lower())
