# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Every row of some tests in a window, in as few requests as the service allows.

A question is made smaller when the service holds rows back, finds it too long, wants tests of one type only, or does
not know one of the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable, NamedTuple

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Row, Table
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, iso

# How many further requests one question may cost because the service holds rows back.
_MOST_SPLITS = 64

# Rows that are held back in less time than this many seconds are given up.
_SHORTEST_HALF = 60

# Statuses of a service that finds a request too long.
_TOO_LONG = (413, 414, 431)


class Performance(NamedTuple):
    """Rows of several tests in one window, by test. A test that the service does not know is in ``unknown`` instead."""

    window: Window
    metrics: list[Metric]  # what is to be shown; rows may hold more
    rows: dict[int, list[Row]]
    incomplete: set[int]  # tests of which the service held rows back
    unknown: dict[int, CatchpointError]
    zone: str | None = None  # the time zone that the service says it used, where it gave no row at all
    chosen: bool = False  # whether the metrics were asked for by name


class WindowQuery:
    """One question on its way: what has come so far.

    ``ask`` sends one request for some tests in a part of the window. ``by_type`` sorts tests into groups of one type;
    None where the service takes tests of several types together. ``step`` is 0 for runs, else an interval's seconds.
    ``exists`` tells whether a test exists of which the service has nothing (404).
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
        self._incomplete: set[int] = set()
        self._unknown: dict[int, CatchpointError] = {}
        self._strays = 0
        self._zone: str | None = None

    def gather(self, ids: Sequence[int]) -> None:
        """Everything of these tests. Raises CatchpointError for what concerns all of them."""
        self._gather(ids, self._window, one_type=self._by_type is None)

    def performance(self) -> Performance:
        for rows in self._rows.values():
            rows.sort(key=lambda row: (row.time or "", row.node_id or 0, row.city or "", row.country or ""))
        zone = None if self._rows or self._strays else self._zone
        return Performance(
            self._window, list(self._metrics.values()), self._rows, self._incomplete, self._unknown, zone
        )

    def warnings(self) -> list[str]:
        """What the user should know of rows that are not there."""
        texts = [strays(self._strays, self._window, self._zone)] if self._strays else []
        if self._incomplete:
            tests = ", ".join(map(str, sorted(self._incomplete)))
            texts.append(
                f"The service held rows back for test {tests} even after the window was split. Its result is marked "
                "complete: false; ask for a shorter window or for aggregated data (interval)."
            )
        return texts

    def _gather(self, ids: Sequence[int], window: Window, *, one_type: bool) -> None:
        """``one_type`` is true when the tests are of one type as far as the service cares."""
        try:
            table = self._ask(ids, window)
        except (NotFoundError, NotCompletedError) as error:
            if len(ids) == 1:
                self._note_nothing(ids[0], error)
                return
            about_types = "type" in error.api_text.lower()
            parts = isolating(ids, error)
        except ApiError as error:
            if len(ids) == 1 or error.status not in (400, *_TOO_LONG):
                raise
            about_types = error.status == 400
            parts = _halved(ids)
        else:
            self._keep_or_split(ids, window, table, one_type)
            return
        if about_types and not one_type and self._by_type is not None:
            groups = self._by_type(ids)
            parts = groups if len(groups) > 1 else parts
            one_type = True
        for part in parts:
            self._gather(part, window, one_type=one_type)

    def _note_nothing(self, test_id: int, error: ApiError) -> None:
        """The service does not know the test, or (404) has nothing of it in this part of the window."""
        if error.status == 404 and test_id not in self._existing:
            self._existing[test_id] = bool(self._rows.get(test_id)) or self._exists(test_id)
        if error.status != 404 or not self._existing[test_id]:
            self._unknown[test_id] = _unknown(test_id, error)

    def _keep_or_split(self, ids: Sequence[int], window: Window, table: Table, one_type: bool) -> None:
        self._zone = table.zone or self._zone
        parts = self._parts(ids, window) if table.cut and self._splits < _MOST_SPLITS else []
        self._splits += len(parts)
        for part_ids, part_window in parts:
            self._gather(part_ids, part_window, one_type=one_type)
        if not parts:
            self._keep(ids, window, table)

    def _parts(self, ids: Sequence[int], window: Window) -> list[tuple[Sequence[int], Window]]:
        """Two smaller questions: half the window each, or half the tests where the window cannot be halved."""
        halves = window.halves(self._step or _SHORTEST_HALF)
        if halves is not None:
            return [(ids, half) for half in halves]
        return [(half, window) for half in _halved(ids)] if len(ids) > 1 else []

    def _keep(self, ids: Sequence[int], window: Window, table: Table) -> None:
        """Keep the rows of this part of the window. A row at its end belongs to the next part, where there is one."""
        self._metrics.update((metric.slug, metric) for metric in table.metrics)
        if table.cut:
            self._incomplete.update(ids)
        first, last = self._window.bounds(self._step)
        own_first = first if window.start == self._window.start else iso(window.start)
        own_last = last if window.end == self._window.end else iso(window.end - 1)
        for row in table.rows:
            if row.time is None or row.test_id is None or row.test_id not in ids:
                continue
            if not first <= row.time <= last:
                self._strays += 1
            elif own_first <= row.time <= own_last:
                self._rows.setdefault(row.test_id, []).append(row)


def strays(count: int, window: Window, zone: str | None) -> str:
    """The warning about rows that the service gave from outside the window."""
    return (
        f"{count} rows lie outside the window asked for ({iso(window.start)} to {iso(window.end)}) and were dropped. "
        f"{_said(zone)}The likely cause is that the service reads times in the account's time zone: {_CURE}"
    )


def in_another_zone(zone: str | None) -> bool:
    """Whether the service says that it used another time zone than UTC."""
    return zone not in (None, "UTC")


def nothing(window: Window, zone: str | None) -> str:
    """The warning that nothing came from a service ``in_another_zone``: west of UTC, its last hour is yet to come."""
    return (
        f"The service has nothing between {iso(window.start)} and {iso(window.end)}. {_said(zone)}If there should be "
        f"something, it reads times in the account's time zone: {_CURE}"
    )


_CURE = "set the API consumer's time zone to UTC in the Catchpoint portal."


def _said(zone: str | None) -> str:
    return f"The service says that it used {zone}. " if zone else ""


def isolating(ids: Sequence[int], error: ApiError) -> list[list[int]]:
    """Smaller questions that find the ids which an error is about: by their mention in its text, else by halving."""
    words = set("".join(char if char.isdigit() else " " for char in error.api_text).split())
    named = [number for number in ids if str(number) in words]
    others = [number for number in ids if number not in named]
    return [*([number] for number in named), others] if named and others else _halved(ids)


def _halved(ids: Sequence[int]) -> list[list[int]]:
    middle = (len(ids) + 1) // 2
    return [list(ids[:middle]), list(ids[middle:])]


def _unknown(test_id: int, error: ApiError) -> NotFoundError:
    return NotFoundError(
        f"Test {test_id} does not exist, or the credentials may not see it. {error}",
        status=error.status,
        api_text=error.api_text,
        trace_id=error.trace_id,
    )
