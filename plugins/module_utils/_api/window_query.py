# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every row of some tests in a window, in as few requests as the service allows.

A request is split if the service truncates its rows, refuses its length, accepts tests of one type only, or refuses one
of the tests.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Callable, NamedTuple

from ansible_collections.community.catchpoint.plugins.module_utils._api.isolation import Isolation, halved, is_about
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Row, Table
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import EDGE, OLDEST, zone_advice
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean, counted, joined
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, iso

# The largest number of further requests of one query because of truncated rows.
_MAX_SPLITS = 64

# A window of less than twice this many seconds is not halved.
_SHORTEST_HALF = 60


class Performance(NamedTuple):
    """Rows of several tests in one window, by test. A test that cannot be read is in ``unknown`` instead."""

    window: Window
    metrics: list[Metric]  # the requested ones; rows may have more
    rows: dict[int, list[Row]]
    incomplete: set[int]  # tests whose rows the service truncated, or some of whose rows were dropped
    unknown: dict[int, CatchpointError]
    zone: str | None = None  # the time zone that the service says it used, if it returned no row at all
    chosen: bool = False  # whether the metrics were requested by name


class Dropped(NamedTuple):
    """The numbers of unusable rows in responses."""

    foreign: int = 0  # of tests that were not requested
    repeated: int = 0
    implausible: int = 0  # at a time before 1970, or without one
    outside: int = 0  # of the window
    at_edge: int = 0  # those outside that are so close to the window that they contradict nothing

    def warning(self, window: Window, zone: str | None) -> str | None:
        """The warning about all of them; None if there are none."""
        span = f"{iso(window.start)} to {iso(window.end)}"
        reasons = {
            "of other tests": self.foreign,
            "returned twice": self.repeated,
            "without a plausible time": self.implausible,
            f"outside the requested window ({span})": self.outside if self.outside > self.at_edge else 0,
        }
        parts = [f"{counted(count, 'row')} {reason}" for reason, count in reasons.items() if count]
        if not parts:
            return None
        cause = f" {_cause(zone)}" if self.outside > self.at_edge else ""
        return f"Dropped {joined(parts)}, so the result is marked complete: false.{cause}"


class _Part(NamedTuple):
    """One request. ``one_type`` is true if the service accepts the types of its tests together."""

    ids: Sequence[int]
    window: Window
    one_type: bool


class WindowQuery:
    """One query and the rows that it has read so far.

    ``ask`` sends one request for some tests in a part of the window. ``by_type`` sorts tests into groups of one type;
    it is None if the service takes tests of several types together. ``step`` is 0 for runs, else an interval's seconds.
    ``exists`` looks up a test after a 404, which may mean that it is without data.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[int], Window], Table],
        by_type: Callable[[Sequence[int]], list[list[int]]] | None,
        window: Window,
        step: int,
        exists: Callable[[int], bool] = lambda _test_id: False,
    ) -> None:
        self._ask = ask
        self._by_type = by_type
        self._window = window
        self._step = step
        self._exists = exists
        self._existing: dict[int, bool] = {}
        self._splits = 0
        self._metrics: dict[str, Metric] = {}
        self._rows: dict[int, list[Row]] = {}
        self._truncated: set[int] = set()
        self._lossy: set[int] = set()  # tests with dropped rows
        self._unknown: dict[int, CatchpointError] = {}
        self._dropped = Dropped()
        self._zone: str | None = None

    def gather(self, ids: Sequence[int]) -> None:
        """Reads everything of these tests. Raises CatchpointError for an error that concerns all of them."""
        isolation = Isolation(len(ids))
        pending = deque([_Part(ids, self._window, self._by_type is None)])
        while pending:
            part = pending.popleft()
            part = part._replace(ids=[test_id for test_id in part.ids if test_id not in self._unknown])
            if not part.ids:
                continue
            try:
                table = self._ask(part.ids, part.window)
            except ApiError as error:
                pending.extend(self._smaller(part, error, isolation))
            else:
                isolation.succeeded()
                pending.extend(self._keep_or_split(part, table))

    def performance(self) -> Performance:
        for rows in self._rows.values():
            rows.sort(key=lambda row: (row.time or "", row.node_id or 0, row.city or "", row.country or ""))
        zone = None if self._rows or self._dropped.outside else self._zone
        incomplete = self._truncated | self._lossy
        return Performance(self._window, list(self._metrics.values()), self._rows, incomplete, self._unknown, zone)

    def warnings(self) -> list[str]:
        """Warnings about missing rows."""
        dropped = self._dropped.warning(self._window, self._zone)
        texts = [] if dropped is None else [dropped]
        if self._truncated:
            tests = ", ".join(map(str, sorted(self._truncated)))
            texts.append(
                f"The service truncated the rows of test {tests} even after the window was split, so the result is "
                "marked complete: false. Request a shorter window, or aggregated data (interval)."
            )
        return texts

    def _smaller(self, part: _Part, error: ApiError, isolation: Isolation) -> list[_Part]:
        """The requests to make instead of one that failed. Raises the error if it concerns all tests."""
        ids = part.ids
        if len(ids) > 1 and not part.one_type and self._by_type is not None and _is_about_types(error):
            part = part._replace(one_type=True)
            groups = self._by_type(ids)
            if len(groups) > 1:
                return [part._replace(ids=group) for group in groups]
        parts = isolation.parts(ids, error)
        if not parts:
            self._note_nothing(ids[0], error)
        return [part._replace(ids=some) for some in parts]

    def _note_nothing(self, test_id: int, error: ApiError) -> None:
        """Notes that the service refuses the test, or (404) has no data of it in this part of the window."""
        if error.status == 404 and test_id not in self._existing:
            self._existing[test_id] = bool(self._rows.get(test_id)) or self._exists(test_id)
        if error.status != 404 or not self._existing[test_id]:
            self._unknown[test_id] = about_object(f"Test {test_id}", [test_id], error)

    def _keep_or_split(self, part: _Part, table: Table) -> list[_Part]:
        self._zone = table.zone or self._zone
        parts = self._halves(part) if table.cut and self._splits < _MAX_SPLITS else []
        self._splits += len(parts)
        if not parts:
            self._keep(part, table)
        return parts

    def _halves(self, part: _Part) -> list[_Part]:
        """Two smaller requests: half the window each, or half the tests if the window cannot be halved."""
        halves = part.window.halves(self._step or _SHORTEST_HALF)
        if halves is not None:
            return [part._replace(window=half) for half in halves]
        return [part._replace(ids=half) for half in halved(part.ids)] if len(part.ids) > 1 else []

    def _keep(self, part: _Part, table: Table) -> None:
        """Keeps the rows of a part of the window. A row at its end belongs to the next part, if there is one."""
        self._metrics.update((metric.slug, metric) for metric in table.metrics)
        if table.cut:
            self._truncated.update(part.ids)
        first, last = self._window.bounds(self._step)
        earliest, latest = self._window.widened(EDGE).bounds(self._step)
        own_first = first if part.window.start == self._window.start else iso(part.window.start)
        own_last = last if part.window.end == self._window.end else iso(part.window.end - 1)
        foreign = implausible = outside = at_edge = 0
        for row in table.rows:
            if row.test_id is None or row.test_id not in part.ids:
                foreign += 1
            elif row.time is None or row.time < OLDEST:
                implausible += 1
                self._lossy.add(row.test_id)
            elif not earliest <= row.time <= latest:
                outside += 1
                self._lossy.add(row.test_id)
            elif not first <= row.time <= last:
                outside += 1
                at_edge += 1
            elif own_first <= row.time <= own_last:
                self._rows.setdefault(row.test_id, []).append(row)
        if foreign or table.repeated:
            self._lossy.update(part.ids)
        counts = (foreign, table.repeated, implausible, outside, at_edge)
        self._dropped = Dropped(*(before + count for before, count in zip(self._dropped, counts)))


def in_another_zone(zone: str | None) -> bool:
    """Whether the service says that it used another time zone than UTC."""
    return zone not in (None, "UTC")


def nothing(window: Window, zone: str | None) -> str:
    """The warning about a response without rows from a service ``in_another_zone``.

    West of UTC, the last hour is in the future for the service.
    """
    return f"The service has no data between {iso(window.start)} and {iso(window.end)}. {_cause(zone)}"


def _cause(zone: str | None) -> str:
    return zone_advice(f"The service says that it used {clean(zone)}; ") if zone else zone_advice()


def _is_about_types(error: ApiError) -> bool:
    if isinstance(error, (NotFoundError, NotCompletedError)):
        return "type" in error.api_text.lower()
    return error.status == 400


def about_object(what: str, ids: Sequence[int], error: ApiError) -> ApiError:
    """The error for one object (``what``, with its id in ``ids``): it is missing, or the service refuses it."""
    missing = is_about(ids, error) and error.status != 403
    kind = NotFoundError if missing else ApiError
    fault = "does not exist, or the credentials may not see it" if missing else "cannot be read"
    advice = "id" if missing else "rights of the credentials" if error.status == 403 else "options"
    said = f'The API says: "{error.api_text}" (HTTP {error.status}). Check the {advice}.'
    return kind(
        f"{what} {fault}. {said if error.api_text else error}",
        status=error.status,
        api_text=error.api_text,
        trace_id=error.trace_id,
        enveloped=error.enveloped,
    )
