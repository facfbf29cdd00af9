# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client: nodes, tests, runs, favorite charts and alerts as models, for every API version.

It splits a query into pages and batches of ids, in as few requests as possible. ``window_query`` splits windows.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Callable, Generic, Protocol, TypeVar, Union

from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import (
    AlertState,
    InstantRecord,
    PauseEnd,
    StateOrder,
    Write,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import Catalog
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import Events, Slo
from ansible_collections.community.catchpoint.plugins.module_utils._api.filters import (
    alert_matches,
    group_matches,
    node_matches,
    test_matches,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.isolation import (
    Isolation,
    is_about,
    is_about_path,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.metric_selection import (
    ALL,
    Choice,
    by_name,
    by_number,
    chosen,
    refuse_empty,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    TIME,
    UNNAMED_BREAKDOWNS,
    Alert,
    Chart,
    ChartRow,
    Favorite,
    FavoriteDetails,
    IdName,
    Node,
    NodeGroup,
    Page,
    Row,
    SloViolation,
    Table,
    Test,
    by_place,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import says_missing
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import (
    OLDEST,
    Placed,
    placed,
    uncovered,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.protocol import ApiVersion, Enumeration
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import (
    AlertFilter,
    NodeFilter,
    NodeGroupFilter,
    TestFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.window_query import (
    Dropped,
    Performance,
    WindowQuery,
    about_object,
    in_another_zone,
    nothing,
)
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
    OptionError,
    RateLimitError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import RetryPolicy
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean, joined
from ansible_collections.community.catchpoint.plugins.module_utils._time import (
    MONTH,
    Window,
    interval_name,
    interval_seconds,
    seconds_of,
)

__all__ = ["NO_OBJECTIVES", "Client", "Memory", "Performance", "Session"]

_Read = TypeVar("_Read")
_Object = TypeVar("_Object", bound=Union[AlertState, Node, PauseEnd, Slo, Test])

# A list with more pages is assumed to be a paging loop of the service.
_MAX_PAGES = 1000

# Up to this many objects are requested one by one; listing all costs fewer requests for more of them.
_FEW = 10


_LISTED_TESTS = "tests that were listed at the start of the run"

_ALL_TESTS = "community.catchpoint.catchpoint_test_info without test_ids lists all tests."

NO_OBJECTIVES = "{} needs REST API v2, that is an api_key; v1 does not support service-level objectives."


class Session(Protocol):
    """Sends the client's requests."""

    def get(self, path: str, params: Mapping[str, str]) -> object:
        """The decoded response; None for an empty body."""

    def post(self, path: str, payload: object, params: Mapping[str, str]) -> object:
        """The same for a POST, which is sent at most once."""

    def patch(self, path: str, payload: object, params: Mapping[str, str], *, idempotent: bool) -> object:
        """The same for a PATCH, which is sent at most once unless it is idempotent."""

    @property
    def server_offset(self) -> float | None:
        """The service's clock minus this machine's in seconds, by the newest response that has a date."""

    def retry_with(self, policy: RetryPolicy) -> None:
        """Replaces the retry policy."""


class Memory(Protocol):
    """A cache for responses that do not change during a run: enumerations, the types of tests."""

    def recall(self, key: str, read: Callable[[], Any]) -> Any:
        """Returns the cached JSON data for ``key``, or reads and caches it."""


class Client:
    """One account's view of the service. Every method raises CatchpointError and nothing else.

    ``ids_per_request`` is the largest number of ids in one request. With ``check_mode``, nothing is changed.
    """

    def __init__(
        self,
        session: Session,
        wire: ApiVersion,
        *,
        clock: Clock,
        memory: Memory,
        warn: Callable[[str], None],
        ids_per_request: int,
        check_mode: bool = False,
    ) -> None:
        self._session = session
        self._wire = wire
        self._clock = clock
        self._memory = memory
        self._warn = warn
        self._ids_per_request = ids_per_request
        self.check_mode = check_mode
        self._empty_bodies: set[str] = set()  # paths that a warning has named

    def now(self) -> float:
        """The time in seconds since 1970 UTC, by this machine's clock."""
        return self._clock.now()

    def server_now(self) -> float:
        """The time by the service's clock, as of its newest response; before the first one, by this machine's."""
        return self._clock.now() + (self._session.server_offset or 0.0)

    @property
    def server_offset(self) -> float | None:
        """The service's clock minus this machine's in seconds; None before the first response with a date."""
        return self._session.server_offset

    def retry_with(self, policy: RetryPolicy) -> None:
        """Replaces the retry policy of all further requests."""
        self._session.retry_with(policy)

    @property
    def catalog(self) -> Catalog:
        """Products, folders, labels and instances."""
        return Catalog(self._wire.CATALOG, self._pages)

    # Nodes

    def nodes(self, filters: NodeFilter) -> list[Node]:
        """All nodes that match the filters."""
        found: dict[int, Node] = {}
        requested: list[Request] = []
        for variant in filters.by_activity():
            request = self._wire.nodes(variant, 1)
            if request not in requested:
                requested.append(request)
                found.update((node.id, node) for node in self._listed_nodes(variant))
        return [node for node in found.values() if node_matches(node, filters, sent=self._wire.NODES_FILTERED)]

    def nodes_by_id(self, ids: Sequence[int], filters: NodeFilter) -> list[Node]:
        """The nodes with these ids, in their order. Raises NotFoundError that names those that do not exist."""
        batch: _Batch[Node] = _Batch({}, {})
        if ids and self._wire.nodes_by_id(ids, filters) is None:
            for node in self._listed_nodes(filters):
                batch.found[node.id] = node
                if batch.found.keys() >= set(ids):
                    break
        else:
            batch = self._nodes_of(ids, filters)
        return _in_order(ids, batch, "node", "catchpoint_node_info without node_ids lists all nodes.")

    def _nodes_of(self, ids: Sequence[int], filters: NodeFilter) -> _Batch[Node]:
        return self._by_id(ids, lambda some: self._wire.nodes_by_id(some, filters) or [], self._wire.read_nodes)

    def _listed_nodes(self, filters: NodeFilter) -> Iterator[Node]:
        filtered = not filters.is_empty
        return self._pages(lambda page: self._wire.nodes(filters, page), self._wire.read_nodes, filtered=filtered)

    def node_groups(self, filters: NodeGroupFilter) -> list[NodeGroup]:
        """All node groups that match the filters."""
        filtered = not filters.is_empty
        found = list(
            self._pages(
                lambda page: self._wire.node_groups(filters, page), self._wire.read_node_groups, filtered=filtered
            )
        )
        sent = self._wire.NODES_FILTERED
        if filters.node_id is not None and not sent and found and all(group.nodes is None for group in found):
            raise OptionError(
                "The service lists no group's nodes, so node_id matches no group. Remove node_id, or use an api_key, "
                "because REST API v2 can filter groups by a node."
            )
        return [group for group in found if group_matches(group, filters, sent=sent)]

    # Tests

    def tests(self, filters: TestFilter, statuses: Sequence[str]) -> list[Test]:
        """All tests with one of these statuses that match the filters."""
        filters = replace(
            filters,
            product_id=self.id_of("products", filters.product),
            folder_id=self.id_of("folders", filters.folder),
        )
        found: dict[int, Test] = {}
        for status in statuses:
            wanted = replace(filters, status=status)
            for test in self._listed_tests(wanted):
                if test_matches(test, wanted, urls_listed=self._wire.URLS_LISTED):
                    found[test.id] = test
        return list(found.values())

    def test_types(self, ids: Sequence[int]) -> dict[int, str]:
        """Returns the types of tests by id, as far as the credentials may read their definitions."""

        def read() -> dict[str, str]:
            tests = self._by_id(ids, self._wire.tests_by_id, self._wire.read_tests).found.values()
            return {str(test.id): test.type for test in tests if test.type}

        try:
            found = self._memory.recall(f"names of types of {sorted(ids)}", read) if ids else {}
        except CatchpointError:
            return {}
        return {int(test_id): kind for test_id, kind in found.items()}

    def warn(self, text: str) -> None:
        """Shows the user a warning about the data."""
        self._warn(text)

    def tests_by_id(self, ids: Sequence[int]) -> list[Test]:
        """The tests with these ids, in their order. Raises NotFoundError that names those that do not exist."""
        found = self._by_id(ids, self._wire.tests_by_id, self._wire.read_tests)
        return _in_order(ids, found, "test", _ALL_TESTS)

    def _listed_tests(self, filters: TestFilter) -> Iterator[Test]:
        return self._pages(lambda page: self._wire.tests(filters, page), self._wire.read_tests)

    def id_of(self, kind: str, given: str | None) -> int | None:
        """The id of a product or folder that is given by id or by name."""
        if given is None or given.isdecimal():
            return None if given is None else int(given)
        found = list(self._named(kind, given))
        matches = [number for number, name in found if str(name).lower() == given.lower()]
        if not matches:
            raise self._unknown_name(kind, given, found)
        if len(matches) > 1:
            raise OptionError(f"The {kind[:-1]} {given!r} is not unique: ids {matches}. {_listing(kind)}")
        return matches[0]

    def _unknown_name(self, kind: str, given: str, found: Sequence[IdName]) -> OptionError:
        """The error for an unknown product or folder, with close names of those that exist."""
        names = {str(name).lower(): str(name) for _number, name in found or self._named(kind, None) if name}
        near = [names[name] for name in get_close_matches(given.lower(), names, n=3, cutoff=0.5)]
        near += [name for plain, name in names.items() if given.lower() in plain and name not in near]
        hint = f" Did you mean {clean(joined(map(repr, near[:3]), 'or'))}?" if near else ""
        return OptionError(
            f"The {kind[:-1]} {given!r} does not exist, or the credentials may not see it.{hint} {_listing(kind)}"
        )

    def _named(self, kind: str, name: str | None) -> Iterator[IdName]:
        return self._pages(
            lambda page: self._wire.named(kind, name, page),
            lambda payload: self._wire.read_named(kind, payload),
            # The caller raises an error if nothing matches, so this response is never mistaken for an empty list.
            is_empty=lambda error: not is_about_path(error),
        )

    # Performance

    def runs(
        self, ids: Sequence[int], window: Window, metrics: Sequence[str], optional: Sequence[str] = ()
    ) -> Performance:
        """Every run of the tests in the window. ``metrics`` are slugs, display names or (v2) ids; empty means all.

        ``optional`` are slugs of more metrics, which the result has where the service offers them.
        """
        choice = self._wanted(metrics, optional)
        found = self._performance(ids, window, lambda chunk, span: self._wire.raw(chunk, span, choice.numbers), step=0)
        return chosen(found, choice)

    def points(
        self, ids: Sequence[int], window: Window, interval: str, metrics: Sequence[str], breakdown: str | None
    ) -> Performance:
        """The tests' data by interval (Minutes15, Day, ...) and, with a breakdown, by node, city or country."""
        step, name = self._interval(interval)
        choice = self._wanted(metrics)

        def ask(chunk: Sequence[int], span: Window) -> Request:
            return self._wire.aggregated(chunk, span, name, choice.numbers, breakdown)

        return chosen(self._performance(ids, window, ask, step=step), choice)

    def _interval(self, interval: str) -> tuple[int, str]:
        """The length of an interval in seconds, and what the service calls it."""
        step = interval_seconds(interval)
        if step is None:
            raise OptionError(
                f"interval is {interval!r}, but must be a name such as Minutes5, Minutes15, Hour1 or Day."
            )
        request = self._wire.enumeration()
        if request is None:
            return step, interval_name(step)
        offered = self._enumeration(request).intervals
        for name, number in offered.items():
            if interval_seconds(name) == step:
                return step, str(number)
        raise OptionError(
            f"The service has no interval {interval!r}. It offers: {clean(', '.join(offered)) or 'none'}."
        )

    def _wanted(self, metrics: Sequence[str], optional: Sequence[str] = ()) -> Choice:
        if not metrics:
            return ALL
        refuse_empty(metrics)
        request = self._wire.enumeration()
        if request is None:
            return by_name(metrics, optional)
        return by_number(metrics, self._enumeration(request).metrics, optional)

    def _enumeration(self, request: Request) -> Enumeration:
        answer = self._memory.recall("enumeration", lambda: self._read(request, self._wire.read_enumeration)._asdict())
        return Enumeration(**answer)

    def _performance(
        self, ids: Sequence[int], window: Window, request: Callable[[Sequence[int], Window], Request], *, step: int
    ) -> Performance:
        def ask(some: Sequence[int], span: Window) -> Table:
            return self._read(request(some, span), lambda answer: self._wire.read_table(answer, some, runs=step == 0))

        by_type = self._by_type if self._wire.ONE_TYPE_AT_A_TIME else None
        found = WindowQuery(ask, by_type, window, step, self._exists)
        for chunk in self._chunks(ids):
            found.gather(chunk)
        for text in found.warnings():
            self._warn(text)
        return found.performance()

    def warn_of_zone(self, found: Performance) -> None:
        """Warns if the service reports another time zone than UTC and returned no rows."""
        if in_another_zone(found.zone):
            self._warn(nothing(found.window, found.zone))

    def located(self, found: Performance) -> Performance:
        """The same rows with city and country, which v1 reports only with its nodes.

        It costs a request per node, or for many nodes one for 100 of them.
        """
        rows = [row for rows in found.rows.values() for row in rows]
        ids = sorted(
            {row.node_id for row in rows if row.node_id is not None and row.city is None and row.country is None}
        )
        if not ids:
            return found
        places: dict[str, list[str | None]] = self._memory.recall(f"places of {ids}", lambda: self._places(ids))
        nowhere: list[str | None] = [None, None]

        def placed(row: Row) -> Row:
            city, country = places.get(str(row.node_id), nowhere)
            return row._replace(city=row.city or city, country=row.country or country)

        return found._replace(rows={test_id: [placed(row) for row in rows] for test_id, rows in found.rows.items()})

    def _places(self, ids: Sequence[int]) -> dict[str, list[str | None]]:
        # Nodes that no longer exist are skipped.
        if len(ids) <= _FEW and self._wire.nodes_by_id(ids, NodeFilter()) is not None:
            nodes = self._nodes_of(ids, NodeFilter()).found
        else:
            nodes = {node.id: node for node in self._listed_nodes(NodeFilter()) if node.id in ids}
        return {str(node.id): [node.city, node.country] for node in nodes.values()}

    def _by_type(self, ids: Sequence[int]) -> list[list[int]]:
        """The tests in groups of one type; unknown tests form a separate group."""
        known: dict[str, str] = self._memory.recall(f"types of {sorted(ids)}", lambda: self._types(ids))
        groups: dict[str, list[int]] = {}
        for test_id in ids:
            groups.setdefault(known.get(str(test_id), ""), []).append(test_id)
        return list(groups.values())

    def _types(self, ids: Sequence[int]) -> dict[str, str]:
        if len(ids) <= _FEW:
            tests = list(self._by_id(ids, self._wire.tests_by_id, self._wire.read_tests).found.values())
        else:
            tests = list(self._listed_tests(TestFilter()))
        return {str(test.id): _kind_of_test(test) for test in tests if test.id in ids}

    def _exists(self, test_id: int) -> bool:
        """Whether the test exists: the service may also respond 404 if an existing test is without data."""
        try:
            return bool(self._types([test_id]))
        except (AuthenticationError, RateLimitError):
            raise
        except ApiError:
            # Credentials that can read data may lack the permission to read definitions.
            return False

    # Favorite charts

    def favorites(self) -> list[Favorite]:
        """All favorite charts, without their details."""
        return list(self._pages(self._wire.favorites, self._wire.read_favorites))

    def favorite(self, favorite_id: int) -> Favorite:
        """One favorite chart with its details."""
        request = self._wire.favorite(favorite_id)
        payload = self._found(request, f"Favorite chart {favorite_id}", [favorite_id])
        return _understood(request, payload, lambda answer: self._wire.read_favorite(answer, favorite_id))

    def chart(
        self,
        favorite_id: int,
        window: Window | None,
        interval: str | None,
        test_ids: Sequence[int],
        details: FavoriteDetails | None = None,
    ) -> Chart:
        """Returns a favorite chart's data. Arguments that are None or empty default to the chart's saved settings.

        ``details`` are the chart's, if they are known, because v2's data does not name its breakdowns.
        Rows outside the requested window are dropped with a warning, and so is the summary that counts them. There is a
        warning about truncated rows, too.
        """
        step, name = (None, None) if interval is None else self._interval(interval)
        request = self._wire.chart(favorite_id, window, name, test_ids)
        what = f"Favorite chart {favorite_id}" + (", or one of the requested tests," if test_ids else "")
        payload = self._found(request, what, [favorite_id, *test_ids])
        answer = _understood(request, payload, lambda answer: self._wire.read_chart(answer, favorite_id))
        answer = self._with_breakdowns(answer, favorite_id, details)
        answer = answer._replace(detail=sorted(answer.detail, key=lambda row: row.time or ""))
        if answer.cut:
            self._warn(
                f"The service truncated the rows of favorite chart {favorite_id}, so its data is marked complete: "
                "false. Request a shorter window (start), or a longer interval."
            )
        return answer if window is None and not answer.undated else self._within(answer, window, step)

    def _within(self, chart: Chart, window: Window | None, step: int | None) -> Chart:
        """The chart without rows outside the window, or at no plausible time, which a warning counts."""
        kept = chart.detail
        if window is not None:
            if not chart.detail and not chart.summary and in_another_zone(chart.zone):
                self._warn(nothing(window, chart.zone))
            step = step or _step([row.time for row in chart.detail if row.time is not None])
            first, last = window.bounds(step)
            kept = [row for row in chart.detail if row.time is None or first <= row.time <= last]
        dropped = Dropped(implausible=chart.undated, outside=len(chart.detail) - len(kept))
        warning = dropped.warning(window or Window(0, 0), chart.zone)
        if warning is None:
            return chart
        self._warn(f"{warning} The summary counts these rows, so it was dropped, too.")
        return chart._replace(summary=[], detail=kept, cut=True)

    def _with_breakdowns(self, chart: Chart, favorite_id: int, details: FavoriteDetails | None) -> Chart:
        """The chart with the names of its breakdowns, from its details if the data does not name them."""
        if not any(UNNAMED_BREAKDOWNS[0] in row.breakdown for row in (*chart.summary, *chart.detail)):
            return chart
        known = details or self._memory.recall(
            f"details of favorite chart {favorite_id}", lambda: self.favorite(favorite_id).details
        )
        axis, breakdowns = known["dimension"], known["breakdowns"]
        # If the details have neither a breakdown nor an axis other than time, the meaning of a place is unknown.
        is_known = bool(breakdowns) or axis not in (None, TIME)

        def named(row: ChartRow) -> ChartRow:
            if UNNAMED_BREAKDOWNS[0] not in row.breakdown:
                return row
            unnamed = list(row.breakdown.values())
            with_axis = is_known and len(unnamed) == len(breakdowns) + 1
            kinds = breakdowns if with_axis else [*breakdowns, *UNNAMED_BREAKDOWNS[len(breakdowns) :]]
            return row._replace(breakdown=by_place(unnamed, axis, kinds))

        return chart._replace(
            summary=[named(row) for row in chart.summary], detail=[named(row) for row in chart.detail]
        )

    # Alerts and service-level objectives

    @property
    def events(self) -> Events:
        """Errors of runs, and service-level objectives."""
        return Events(self._wire.EVENTS, self._pages, self._chunks)

    def alerts(self, wanted: AlertFilter, window: Window) -> Placed[Alert]:
        """Alerts that were raised within the window and match the filters.

        Raises ResponseError for an alert that has no readable test or, if it belongs to a requested test, no readable
        time: omitting such an alert could hide an open one.
        """
        requested: list[Request] = []
        found: list[Alert] = []
        stated: list[tuple[str, str]] = []
        for ids in [None] if wanted.test_ids is None else self._chunks(wanted.test_ids):
            chunk = replace(wanted, test_ids=ids)
            request = self._wire.alerts(chunk, window, 1)
            # v1 takes no ids, so all chunks are one request there.
            if request not in requested:
                requested.append(request)
                found += self._listed_alerts(chunk, window, stated)
        for alert in found:
            if alert.test_id is None:
                raise _unassignable("alert", "test", alert)
            if (alert.time is None or alert.time < OLDEST) and alert_matches(alert, wanted):
                raise _unassignable("alert", "time", alert)
        # A service that ignores the ids returns all alerts for each chunk.
        distinct = {alert.id or str(number): alert for number, alert in enumerate(found)}.values()
        matching = [one for one in distinct if alert_matches(one, wanted)]
        result = placed("alert", matching, window, lambda one: (str(one.time), one.time), stated)
        contradiction = result.contradiction or uncovered("alert", window, stated, self.server_now())
        return replace(result, contradiction=contradiction)

    def _listed_alerts(self, wanted: AlertFilter, window: Window, stated: list[tuple[str, str]]) -> Iterator[Alert]:
        """The alerts of all pages. The windows that these say they cover are added to ``stated``."""

        def read(payload: object) -> Page[Alert]:
            page = self._wire.read_alerts(payload)
            stated.extend(() if page.window is None else (page.window,))
            return page

        return self._pages(lambda page: self._wire.alerts(wanted, window, page), read, is_empty=_has_no_alerts)

    def require_tests(self, ids: Sequence[int]) -> None:
        """Raises NotFoundError with the tests that do not exist. The result is cached for the run.

        Lists of events do not report unknown ids, which would then look like tests without events.
        """
        listed: list[int] = self._memory.recall(_LISTED_TESTS, list)
        unknown = sorted(set(ids) - set(listed))
        if unknown:
            self._memory.recall(f"existing tests {unknown}", lambda: self._existing(unknown))

    def remember_tests(self, ids: Sequence[int]) -> None:
        """Caches for the run that these tests exist, because an earlier request listed them."""
        self._memory.recall(_LISTED_TESTS, lambda: sorted(ids))

    def _existing(self, ids: Sequence[int]) -> list[int]:
        if sum(len(self._wire.tests_by_id(chunk)) for chunk in self._chunks(ids)) <= _FEW:
            tests = self.tests_by_id(ids)
        else:
            listed = {test.id: test for test in self._listed_tests(TestFilter()) if test.id in ids}
            tests = _in_order(ids, _Batch(listed, {}), "test", _ALL_TESTS)
        return [test.id for test in tests]

    def slos_by_id(self, ids: Sequence[int]) -> list[Slo]:
        """The service-level objectives with these ids, in their order. Raises NotFoundError as ``tests_by_id`` does."""
        events = self._wire.EVENTS
        batch = self._by_id(ids, events.slos_by_id, events.read_slos)
        return _in_order(ids, batch, "SLO", "Remove slo_ids to list all active SLOs.")

    def slo_violations(self, test_ids: Sequence[int], window: Window) -> Placed[SloViolation]:
        """Violations of service-level objectives that touch the window. Raises ResponseError as ``alerts`` does."""

        def ask(page: int) -> Request:
            request = self._wire.slo_violations(test_ids, window, page)
            if request is None:
                raise OptionError(NO_OBJECTIVES.format("slo_violations"))
            return request

        found: list[SloViolation] = []
        for violation in self._pages(ask, self._wire.read_slo_violations):
            if violation.test_id is None:
                raise _unassignable("SLO violation", "test", violation)
            if violation.test_id not in test_ids:
                continue
            if violation.start is None or violation.start < OLDEST:
                raise _unassignable("SLO violation", "start time", violation)
            found.append(violation)
        return placed("SLO violation", found, window, lambda one: one.span)

    # Alert states and instant tests

    def alert_states(self, ids: Sequence[int]) -> list[AlertState]:
        """The alert states of these tests, in their order. Raises NotFoundError as ``tests_by_id`` does."""
        actions = self._wire.ACTIONS
        return _in_order(ids, self._by_id(ids, actions.alert_states, actions.read_alert_states), "test", _ALL_TESTS)

    def pause_ends(self, ids: Sequence[int]) -> dict[int, float | None]:
        """When the pauses of the alerts of these tests end, in seconds since 1970 UTC; None where it is not known."""
        actions = self._wire.ACTIONS
        found = self._by_id(ids, actions.pause_ends, actions.read_pause_ends).found
        return {number: found[number].end if number in found else None for number in ids}

    def set_alert_states(self, orders: Sequence[StateOrder]) -> None:
        """Pauses and unpauses the alerts of tests."""
        by_id = {order.test_id: order for order in orders}
        for chunk in self._chunks(list(by_id)):
            write = self._changing(self._wire.ACTIONS.set_alert_states([by_id[number] for number in chunk]))
            # The second of two equal requests changes nothing but the end of the pause, by the time between them.
            self._session.patch(write.path, write.payload, write.params, idempotent=True)

    def start_instant_test(self, test_id: int, node_ids: Sequence[int], *, on_demand: bool) -> int:
        """Runs a test once at each node, which is charged, and returns the id of the instant test.

        Raises OutcomeUnknownError if no response says whether it runs. A ResponseError means the same.
        """
        write = self._changing(self._wire.ACTIONS.instant_test(test_id, node_ids, on_demand=on_demand))
        payload = self._session.post(write.path, write.payload, write.params)
        return self._wire.ACTIONS.read_instant_test(payload)

    def require_instant_tests(self) -> None:
        """Raises OptionError if the API version has no instant tests. Sends nothing."""
        self._wire.ACTIONS.instant_test(0, [], on_demand=False)

    def instant_record(self, instant_test_id: int, node_id: int) -> InstantRecord | None:
        """The run of an instant test at a node; None as long as it has no result.

        The service may also report that by a NotFoundError or a NotCompletedError.
        """
        actions = self._wire.ACTIONS
        return self._read(actions.instant_record(instant_test_id, node_id), actions.read_instant_record)

    def wait(self, seconds: float) -> None:
        """Waits."""
        self._clock.sleep(seconds)

    def _changing(self, write: Write) -> Write:
        """Returns the write. Asserts that the client is not in check mode, in which operations must not write."""
        if self.check_mode:
            raise RuntimeError(f"{write.path} must not be sent in check mode.")
        return write

    # Requests

    def _get(self, request: Request) -> object:
        return self._session.get(request.path, request.params)

    def _read(self, request: Request, read: Callable[[object], _Read]) -> _Read:
        return _understood(request, self._get(request), read)

    def _found(self, request: Request, what: str, ids: Sequence[int]) -> object:
        """The response to a request for one object. Raises NotFoundError in whatever form it is reported missing."""
        try:
            return self._get(request)
        except (NotFoundError, NotCompletedError) as error:
            if not is_about(ids, error):
                raise
            raise about_object(what, ids, error) from None

    def _by_id(
        self,
        ids: Sequence[int],
        ask: Callable[[Sequence[int]], list[Request]],
        read: Callable[[object], Page[_Object]],
    ) -> _Batch[_Object]:
        """The objects with these ids. An id that is refused does not fail the others."""
        batch: _Batch[_Object] = _Batch({}, {})
        for chunk in self._chunks(ids):
            isolation = Isolation(len(chunk))
            one_by_one = len(chunk) > 1 and len(ask(chunk)) > 1
            pending = deque([[one] for one in chunk] if one_by_one else [chunk])
            while pending:
                some = pending.popleft()
                (request,) = ask(some)
                try:
                    page = self._read(request, read)
                except ApiError as error:
                    parts = isolation.parts(some, error)
                    pending.extend(parts)
                    batch.refused.update((one, error) for one in some if not parts)
                else:
                    isolation.succeeded()
                    batch.found.update((entry.id, entry) for entry in page.entries)
        return batch

    def _chunks(self, ids: Sequence[int]) -> list[list[int]]:
        """The ids, each once, in batches for one request each."""
        distinct = list(dict.fromkeys(ids))
        size = self._ids_per_request
        return [distinct[first : first + size] for first in range(0, len(distinct), size)]

    def _warn_of_empty_body(self, request: Request) -> None:
        """Warns once about an empty body, which v1 sends for an empty list, but a proxy may send, too."""
        if request.path not in self._empty_bodies:
            self._empty_bodies.add(request.path)
            self._warn(
                f"The response to GET {request.path} has an empty body, which REST API v1 sends for a list without "
                "entries. If something should match, check base_url and proxy."
            )

    def _pages(
        self,
        ask: Callable[[int], Request],
        read: Callable[[object], Page[_Read]],
        *,
        is_empty: Callable[[NotFoundError], bool] = lambda _error: False,
        filtered: bool = False,
    ) -> Iterator[_Read]:
        """The entries of all pages of a list.

        ``is_empty`` decides whether a 404 on the first page is an empty list. ``filtered`` is true if the list is
        filtered in other ways than by the parameters of the request.
        """
        last: list[_Read] = []
        for number in range(1, _MAX_PAGES + 1):
            request = ask(number)
            try:
                page = self._read(request, read)
            except NotFoundError as error:
                if number == 1 and is_empty(error):
                    return
                raise
            if number > 1 and page.entries == last:
                raise ResponseError(f"The service gave page {number - 1} of {request.path} again as page {number}.")
            if page.empty_body and (filtered or request.params.keys() - _UNFILTERED):
                self._warn_of_empty_body(request)
            yield from page.entries
            if not page.more:
                return
            last = page.entries
        raise ResponseError(f"The service gave {_MAX_PAGES} pages of {request.path} and says that there are more.")


# Words in errors about missing permissions, which may have the status 404, too.
_ABOUT_ACCESS = re.compile(r"access|allow|authori|denied|forbidden|permi|privilege|\bright", re.IGNORECASE)


def _has_no_alerts(error: NotFoundError) -> bool:
    """Whether a 404 from ``tests/alerts`` means that no alert matches the filters.

    That is documented for this list only. The response must be in the API's own envelope, which a proxy or a wrong
    base_url does not produce, and must not say that a test is missing.
    """
    return (
        error.status == 404
        and error.enveloped
        and not says_missing(error.api_text)
        and not is_about_path(error)
        and not _ABOUT_ACCESS.search(error.api_text)
    )


def _unassignable(what: str, missing: str, entry: Alert | SloViolation) -> ResponseError:
    known = ", ".join(f"{name} {clean(value)}" for name, value in entry._asdict().items() if value is not None)
    return ResponseError(
        f"The service reported an {what} without a readable {missing} ({known or 'no readable member at all'}), so it "
        "cannot be assigned to a requested test and window. Check that api_version fits the service."
    )


# Parameters that do not restrict a list by themselves. A list of tests always has a status.
_UNFILTERED = {"pageNumber", "pageSize", "statusId"}


def _listing(kind: str) -> str:
    return (
        f"Check the name, or give the id: community.catchpoint.catchpoint_{kind[:-1]}_info lists the {kind} with their "
        "ids."
    )


def _understood(request: Request, payload: object, read: Callable[[object], _Read]) -> _Read:
    """Sends a request and reads its response. Errors about the response's shape name the request."""
    try:
        return read(payload)
    except ResponseError as error:
        error.args = (f"GET {request.path}: {error}",)
        raise


def _step(times: Sequence[str]) -> int:
    """The interval in seconds between a chart's rows; a month, the longest one, if there are fewer than two rows."""
    distinct = sorted({int(seconds_of(time)) for time in times})
    return min((after - before for before, after in zip(distinct, distinct[1:])), default=MONTH)


def _kind_of_test(test: Test) -> str:
    return (test.type or "") if test.type_id is None else str(test.type_id)


@dataclass(frozen=True)
class _Batch(Generic[_Object]):
    """Objects that were requested by id, and the errors of those that were refused."""

    found: dict[int, _Object]
    refused: dict[int, ApiError]


def _in_order(ids: Sequence[int], batch: _Batch[_Object], what: str, hint: str) -> list[_Object]:
    """The objects with these ids. Raises ApiError for the first that is refused, else NotFoundError for all missing."""
    for number, error in batch.refused.items():
        if not is_about([number], error) or error.status == 403:
            raise about_object(f"The {what} {number}", [number], error)
    missing = [number for number in ids if number not in batch.found]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        words = next((error.api_text for error in batch.refused.values() if error.api_text), "")
        said = f' The API says: "{words}"' + ("" if words.endswith(".") else ".") if words else ""
        raise NotFoundError(
            f"The service does not know the {what}{plural} {', '.join(map(str, missing))}, or the credentials may not "
            f"see {'them' if plural else 'it'}.{said} {hint}"
        )
    return [batch.found[number] for number in dict.fromkeys(ids)]
