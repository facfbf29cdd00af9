# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Catchpoint, whatever the API generation: nodes, tests, runs, favorites, alerts in terms of the model.

Here are the loops (pages, id chunks, halved windows) that turn one question into the fewest requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Callable, NamedTuple, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._metrics import closest, slug, unit_of
from ansible_collections.community.catchpoint.plugins.module_utils._model import (
    Alert,
    Chart,
    Favorite,
    Metric,
    Node,
    NodeGroup,
    Page,
    Row,
    SloViolation,
    Table,
    Test,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import (
    Window,
    interval_name,
    interval_seconds,
    iso,
    seconds_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._wire import Enumeration, Request, Wire

# A list that is longer is taken for a paging loop of the service.
_MOST_PAGES = 1000

# The network types of nodes that a customer runs.
_OWN_NETWORK_TYPES = ("private", "enterprise", "enterprise_branch")

# How many requests one question may become because the service holds rows back.
_MOST_SPLITS = 64

# What each question brings along so that a run's failure and the number of runs are known; numbers as documented for
# v2.
_ALWAYS = {"availability": 15, "runs": 61}

# So many objects are asked for one by one; for more of them, a list of all costs fewer requests.
_FEW = 10

# Statuses of a service that finds a request too long.
_TOO_LONG = (413, 414, 431)


class Answer(Protocol):
    """What the session gives: the decoded body, and the service's clock in seconds since 1970 UTC where it told it."""

    @property
    def payload(self) -> Any: ...


class Session(Protocol):
    """The transport that the client asks through."""

    def get(self, path: str, params: Mapping[str, str]) -> Answer: ...

    @property
    def server_offset(self) -> float | None: ...


class Memory(Protocol):
    """Answers that stay true for the whole run: enumerations, the types of tests."""

    def recall(self, question: str, ask: Callable[[], Any]) -> Any:
        """The remembered answer (JSON data), or what ``ask`` gives."""
        ...


class Performance(NamedTuple):
    """Rows of several tests in one window, by test. A test that the service does not know is in ``unknown`` instead."""

    window: Window
    metrics: list[Metric]  # what is to be shown; rows may hold more
    rows: dict[int, list[Row]]
    incomplete: set[int]  # tests of which the service held rows back
    unknown: dict[int, CatchpointError]
    chosen: bool = False  # whether the metrics were asked for by name


class Client:
    """One account's view of the service. Every method raises CatchpointError and nothing else."""

    def __init__(
        self,
        session: Session,
        wire: Wire,
        *,
        clock: Clock,
        memory: Memory,
        warn: Callable[[str], None],
        ids_per_request: int,
    ) -> None:
        self._session = session
        self._wire = wire
        self._clock = clock
        self._memory = memory
        self._warn = warn
        self._ids_per_request = ids_per_request

    def now(self) -> float:
        """The time in seconds since 1970 UTC, by this machine's clock."""
        return self._clock.now()

    def server_now(self) -> float:
        """The time by the service's clock, as of its newest answer; before the first one, by this machine's."""
        return self._clock.now() + (self._session.server_offset or 0.0)

    # Nodes

    def nodes(self, filters: Mapping[str, Any]) -> list[Node]:
        """All nodes that fit every filter that is given."""
        found = self._pages(lambda page: self._wire.nodes(filters, page), self._wire.read_nodes)
        return [node for node in found if _node_fits(node, filters)]

    def nodes_by_id(self, ids: Sequence[int], filters: Mapping[str, Any]) -> list[Node]:
        """The nodes of these ids, in their order. Raises NotFoundError naming those that do not exist."""

        def ask(some: Sequence[int]) -> list[Request]:
            return self._wire.nodes_by_id(some, filters) or []

        found: dict[int, Node] = {}
        if not ask(ids):
            for node in self._pages(lambda page: self._wire.nodes(filters, page), self._wire.read_nodes):
                found[node.id] = node
                if found.keys() >= set(ids):
                    break
        else:
            found = {node.id: node for node in self._by_id(ids, ask, self._wire.read_nodes)}
        return _in_order(ids, found, "node", "Leave node_ids out to list the nodes there are.")

    def node_groups(self, filters: Mapping[str, Any]) -> list[NodeGroup]:
        """All node groups that fit every filter that is given."""
        found = self._pages(lambda page: self._wire.node_groups(filters, page), self._wire.read_node_groups)
        return [group for group in found if _group_fits(group, filters)]

    # Tests

    def tests(self, filters: Mapping[str, Any]) -> list[Test]:
        """All tests that fit every filter that is given; product and folder may be ids or names."""
        known = {**filters, "product_id": self._id_of("products", filters.get("product"))}
        known["folder_id"] = self._id_of("folders", filters.get("folder"))
        found = self._pages(lambda page: self._wire.tests(known, page), self._wire.read_tests)
        return [test for test in found if _test_fits(test, known)]

    def tests_by_id(self, ids: Sequence[int]) -> list[Test]:
        """The tests of these ids, in their order. Raises NotFoundError naming those that do not exist."""
        found: dict[int, Test] = {}
        for chunk in _chunks(ids, self._ids_per_request):
            for test in self._by_id(chunk, self._wire.tests_by_id, self._wire.read_tests):
                found[test.id] = test
        return _in_order(
            ids, found, "test", "community.catchpoint.catchpoint_test_info without test_ids lists the tests there are."
        )

    def _id_of(self, kind: str, given: Any) -> int | None:
        """The id of a product or folder that is given by id or by name."""
        if given is None or str(given).isdigit():
            return None if given is None else int(given)
        found = self._pages(
            lambda page: self._wire.named(kind, str(given), page), lambda payload: self._wire.read_named(kind, payload)
        )
        matches = [number for number, name in found if str(name).lower() == str(given).lower()]
        if len(matches) != 1:
            what = (
                "does not exist, or the credentials may not see it" if not matches else f"is not unique: ids {matches}"
            )
            raise OptionError(f"The {kind[:-1]} {given!r} {what}. Give its id, or another name.")
        return int(matches[0])

    # Performance

    def runs(self, ids: Sequence[int], window: Window, metrics: Sequence[str]) -> Performance:
        """Every run of the tests in the window. ``metrics`` are slugs, display names or (v2) ids; empty means all."""
        metric_ids, wanted = self._wanted(metrics)
        found = self._performance(ids, window, lambda chunk, span: self._wire.raw(chunk, span, metric_ids), step=0)
        return _chosen(found, wanted, by_number=bool(metric_ids))

    def points(
        self, ids: Sequence[int], window: Window, interval: str, metrics: Sequence[str], breakdown: str | None
    ) -> Performance:
        """The tests' data by interval (Minutes15, Day, ...) and, with a breakdown, by node, city or country."""
        step, name = self._interval(interval)
        metric_ids, wanted = self._wanted(metrics)
        found = self._performance(
            ids, window, lambda chunk, span: self._wire.aggregated(chunk, span, name, metric_ids, breakdown), step=step
        )
        return _chosen(found, wanted, by_number=bool(metric_ids))

    def _interval(self, interval: str) -> tuple[int, str]:
        """The length of an interval in seconds, and what the service calls it."""
        step = interval_seconds(interval)
        if step is None or step == 0:
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
        raise OptionError(f"The service has no interval {interval!r}. It offers: {', '.join(offered) or 'none'}.")

    def _wanted(self, metrics: Sequence[str]) -> tuple[list[int], list[str]]:
        """The numbers to ask for (empty: all) and the slugs to keep (empty: all)."""
        if not metrics:
            return [], []
        request = self._wire.enumeration()
        if request is None:
            numbers = [metric for metric in metrics if str(metric).isdigit()]
            if numbers:
                raise OptionError(
                    f"REST API v1 has no numbers for metrics ({', '.join(numbers)}). Give names such as test_time."
                )
            return [], [slug(metric) for metric in metrics]
        offered = self._enumeration(request).metrics
        by_slug = {slug(label): number for label, number in reversed(list(offered.items()))}
        by_number = {number: slug(label) for label, number in offered.items()}
        wanted: dict[int, str] = {}
        for metric in metrics:
            number = int(metric) if str(metric).isdigit() else by_slug.get(slug(metric))
            if number is None:
                raise _unknown_metric(metric, by_slug)
            wanted[number] = by_number.get(number, "")
        always = [by_slug.get(name, number) for name, number in _ALWAYS.items()]
        return [*wanted, *(number for number in always if number not in wanted)], list(wanted.values())

    def _enumeration(self, request: Request) -> Enumeration:
        answer = self._memory.recall("enumeration", lambda: self._wire.read_enumeration(self._get(request))._asdict())
        return Enumeration(**answer)

    def _performance(
        self, ids: Sequence[int], window: Window, ask: Callable[[Sequence[int], Window], Request], *, step: int
    ) -> Performance:
        found = _Gathering(self, ask, window, step)
        for chunk in _chunks(list(dict.fromkeys(ids)), self._ids_per_request):
            found.gather(chunk, window)
        found.warn_of_strays(self._warn)
        return found.performance()

    def located(self, found: Performance) -> Performance:
        """The same rows with city and country, which v1 tells only with its nodes: a request per node, or for 100 of
        them.
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
        nodes = self.nodes_by_id(ids, {}) if len(ids) <= _FEW else self.nodes({})
        return {str(node.id): [node.city, node.country] for node in nodes}

    def read_table(self, request: Request, ids: Sequence[int], *, runs: bool) -> Table:
        """One performance request."""
        return self._wire.read_table(self._get(request), ids, runs=runs)

    @property
    def one_type_at_a_time(self) -> bool:
        """Whether the service refuses to answer for tests of several types together."""
        return self._wire.ONE_TYPE_AT_A_TIME

    def types_of(self, ids: Sequence[int]) -> dict[str, list[int]]:
        """The tests by type; those that the service does not know are together under an empty name."""
        known: dict[str, str] = self._memory.recall(f"types of {sorted(ids)}", lambda: self._types(ids))
        groups: dict[str, list[int]] = {}
        for test_id in ids:
            groups.setdefault(known.get(str(test_id), ""), []).append(test_id)
        return groups

    def _types(self, ids: Sequence[int]) -> dict[str, str]:
        few = len(ids) <= _FEW
        tests = (
            self._by_id(ids, self._wire.tests_by_id, self._wire.read_tests)
            if few
            else self._pages(lambda page: self._wire.tests({}, page), self._wire.read_tests)
        )
        return {str(test.id): test.type or "" for test in tests if test.id in ids}

    # Favorite charts

    def favorites(self) -> list[Favorite]:
        """All favorite charts, without their details."""
        return list(self._pages(self._wire.favorites, self._wire.read_favorites))

    def favorite(self, favorite_id: int) -> Favorite:
        """One favorite chart with its details."""
        payload = self._found(self._wire.favorite(favorite_id), f"Favorite chart {favorite_id}")
        return self._wire.read_favorite(payload, favorite_id)

    def chart(self, favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Chart:
        """A favorite chart's data; what is None or empty is as the chart has it saved.

        Rows outside the window asked for are dropped with a warning.
        """
        name = None if interval is None else self._interval(interval)[1]
        request = self._wire.chart(favorite_id, window, name, test_ids)
        answer = self._wire.read_chart(self._found(request, f"Favorite chart {favorite_id}"), favorite_id)
        if window is None:
            return answer
        step = _step([row.time for row in answer.detail if row.time is not None])
        kept = [row for row in answer.detail if row.time is None or _within(row.time, window, step)]
        if len(kept) < len(answer.detail):
            self._warn(_strays(len(answer.detail) - len(kept), window, None))
        return answer._replace(detail=kept)

    # Alerts and service-level objectives

    def alerts(self, test_ids: Sequence[int], window: Window) -> list[Alert]:
        """The alerts raised on the tests in the window."""
        try:
            found = list(self._pages(lambda page: self._wire.alerts(test_ids, window, page), self._wire.read_alerts))
        except NotFoundError:
            # The documented answer to filters that match no alert.
            return []
        return [
            alert
            for alert in found
            if alert.test_id in test_ids and alert.time is not None and _within(alert.time, window, 0)
        ]

    def slo_violations(self, test_ids: Sequence[int], window: Window) -> list[SloViolation]:
        """The violations of service-level objectives that touch the window."""
        request = self._wire.slo_violations(test_ids, window)
        if request is None:
            raise OptionError(
                "slo_violations needs REST API v2, that is an api_key; v1 has no service-level objectives."
            )
        try:
            page = self._wire.read_slo_violations(self._get(request))
        except NotFoundError:
            return []
        return [entry for entry in page.entries if entry.test_id in test_ids]

    # Requests

    def _get(self, request: Request) -> Any:
        return self._session.get(request.path, request.params).payload

    def _found(self, request: Request, what: str) -> Any:
        """The answer to a question for one object; both ways of saying that it does not exist are one error."""
        try:
            return self._get(request)
        except (NotFoundError, NotCompletedError) as error:
            raise NotFoundError(
                f"{what} does not exist, or the credentials may not see it. {error}",
                status=error.status,
                api_text=error.api_text,
                trace_id=error.trace_id,
            ) from None

    def _by_id(
        self, ids: Sequence[int], ask: Callable[[Sequence[int]], list[Request]], read: Callable[[Any], Page]
    ) -> Iterator[Any]:
        """The objects of these ids; what the service does not know is left out."""
        requests = ask(ids)
        for request in requests:
            try:
                page = read(self._get(request))
            except (NotFoundError, NotCompletedError) as error:
                if len(ids) > len(requests):
                    for part in _isolating(ids, error):
                        yield from self._by_id(part, ask, read)
            else:
                yield from page.entries

    def _pages(self, ask: Callable[[int], Request], read: Callable[[Any], Page]) -> Iterator[Any]:
        """The entries of all pages of a list."""
        last: list[Any] | None = None
        for number in range(1, _MOST_PAGES + 1):
            request = ask(number)
            page = read(self._get(request))
            if page.entries and page.entries == last:
                raise ResponseError(f"The service gave page {number - 1} of {request.path} again as page {number}.")
            yield from page.entries
            if not page.more or "pageNumber" not in request.params:
                return
            last = page.entries
        raise ResponseError(f"The service gave {_MOST_PAGES} pages of {request.path} and says that there are more.")


class _Gathering:
    """One performance question on its way: what has come so far, and how often it was split."""

    def __init__(
        self, client: Client, ask: Callable[[Sequence[int], Window], Request], window: Window, step: int
    ) -> None:
        self._client = client
        self._ask = ask
        self._window = window
        self._step = step  # 0 for runs, an interval's seconds for aggregated data
        self._splits = 0
        self._metrics: dict[str, Metric] = {}
        self._rows: dict[int, list[Row]] = {}
        self._incomplete: set[int] = set()
        self._unknown: dict[int, CatchpointError] = {}
        self._strays = 0
        self._zone: str | None = None

    def gather(self, ids: Sequence[int], window: Window) -> None:
        """Everything of these tests in this part of the window."""
        try:
            table = self._client.read_table(self._ask(ids, window), ids, runs=self._step == 0)
        except (NotFoundError, NotCompletedError) as error:
            self._without_unknown(ids, window, error)
        except ApiError as error:
            if len(ids) == 1 or error.status not in (400, *_TOO_LONG):
                raise
            self._in_smaller_groups(ids, window, error)
        else:
            self._keep_or_split(ids, window, table)

    def _without_unknown(self, ids: Sequence[int], window: Window, error: ApiError) -> None:
        """One unknown id must not cost the others their answer: it is found by its mention, else by halving."""
        if len(ids) == 1:
            self._unknown[ids[0]] = NotFoundError(
                f"Test {ids[0]} does not exist, or the credentials may not see it. {error}",
                status=error.status,
                api_text=error.api_text,
                trace_id=error.trace_id,
            )
            return
        if self._client.one_type_at_a_time and "type" in error.api_text.lower():
            self._in_smaller_groups(ids, window, error)
            return
        for part in _isolating(ids, error):
            self.gather(part, window)

    def _in_smaller_groups(self, ids: Sequence[int], window: Window, error: ApiError) -> None:
        """The service refuses the ids together: v1 wants tests of one type, and any service may find them too many."""
        groups = [list(ids)]
        if error.status not in _TOO_LONG and self._client.one_type_at_a_time:
            groups = list(self._client.types_of(ids).values())
            if len(groups) == 1:
                raise error
        for group in groups if len(groups) > 1 else _halved(ids):
            self.gather(group, window)

    def _keep_or_split(self, ids: Sequence[int], window: Window, table: Table) -> None:
        self._zone = table.zone or self._zone
        if table.cut and self._splits < _MOST_SPLITS:
            parts = self._parts(ids, window)
            if parts:
                self._splits += len(parts)
                for part_ids, part_window in parts:
                    self.gather(part_ids, part_window)
                return
        self._metrics.update((metric.slug, metric) for metric in table.metrics)
        if table.cut:
            self._incomplete.update(ids)
        last_part = window.end == self._window.end
        border = iso(window.end)
        for row in table.rows:
            if row.time is None or row.test_id is None or row.test_id not in ids:
                continue
            if not _within(row.time, window, self._step):
                self._strays += 1
            # A window's last second belongs to the next part, where there is one.
            elif last_part or row.time < border:
                self._rows.setdefault(row.test_id, []).append(row)

    def _parts(self, ids: Sequence[int], window: Window) -> list[tuple[Sequence[int], Window]]:
        """Two smaller questions: half the window each, or half the tests where the window cannot be halved."""
        length = window.end - window.start
        if length >= max(120, 2 * self._step):
            middle = (window.start + window.end) // 2
            if self._step:
                middle -= middle % self._step
            if window.start < middle < window.end:
                return [(ids, Window(window.start, middle)), (ids, Window(middle, window.end))]
        return [(part, window) for part in _halved(ids)] if len(ids) > 1 else []

    def warn_of_strays(self, warn: Callable[[str], None]) -> None:
        if self._strays:
            warn(_strays(self._strays, self._window, self._zone))
        if self._incomplete:
            warn(
                f"The service held rows back for test {', '.join(map(str, sorted(self._incomplete)))} "
                "even after the window was split. Its result is marked complete: false; "
                "ask for a shorter window or for aggregated data (interval)."
            )

    def performance(self) -> Performance:
        for rows in self._rows.values():
            rows.sort(key=lambda row: (row.time or "", row.node_id or 0))
        return Performance(self._window, list(self._metrics.values()), self._rows, self._incomplete, self._unknown)


def _chosen(found: Performance, wanted: Sequence[str], *, by_number: bool) -> Performance:
    """Only the metrics asked for. Raises OptionError for one that the service's legend does not have.

    A service that is asked ``by_number`` was told exactly what to give, so a column of another name is one that was
    asked for, and a metric without a column is one that these tests do not have.
    """
    if not wanted:
        return found
    known = {metric.slug: metric for metric in found.metrics}
    missing = [name for name in wanted if name and name not in known]
    if missing and known and not by_number:
        raise _unknown_metric(missing[0], known)
    added = [name for name in _ALWAYS if name not in wanted]
    obeyed = by_number and len(known) <= len(wanted) + len(added)
    metrics = [metric for name, metric in known.items() if name in wanted or (obeyed and name not in added)]
    if len(metrics) < len(wanted):
        metrics += [Metric(name, name, unit_of(name)) for name in missing]
    return found._replace(metrics=metrics, chosen=True)


def _unknown_metric(metric: str, names: Any) -> OptionError:
    near = closest(str(metric), names)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(sorted(names)[:20])}, ..."
    return OptionError(f"The service has no metric {metric!r}. {hint}")


def _within(time: str, window: Window, step: int) -> bool:
    """Whether a row belongs to the window: a run by its time, an interval (of ``step`` seconds) if the two overlap."""
    if step == 0:
        return iso(window.start) <= time <= iso(window.end)
    return iso(window.start - step) < time <= iso(window.end)


def _step(times: Sequence[str]) -> int:
    """The interval in seconds between a chart's rows; a day where there is only one."""
    distinct = sorted({int(seconds_of(time)) for time in times})
    return min((after - before for before, after in zip(distinct, distinct[1:])), default=86400)


def _strays(count: int, window: Window, zone: str | None) -> str:
    said = f"The service says that it used {zone}. " if zone else ""
    return (
        f"{count} rows lie outside the window asked for ({iso(window.start)} to {iso(window.end)}) "
        f"and were dropped. {said}"
        "The likely cause is that the service reads times in the account's time zone: "
        "set the API consumer's time zone to UTC in the Catchpoint portal."
    )


def _chunks(ids: Sequence[int], size: int) -> list[Sequence[int]]:
    return [ids[first : first + size] for first in range(0, len(ids), size)]


def _isolating(ids: Sequence[int], error: ApiError) -> list[list[int]]:
    """Smaller questions that find the ids which an error is about: by their mention in its text, else by halving."""
    words = set("".join(char if char.isdigit() else " " for char in error.api_text).split())
    named = [number for number in ids if str(number) in words]
    others = [number for number in ids if number not in named]
    return [*([number] for number in named), others] if named and others else _halved(ids)


def _halved(ids: Sequence[int]) -> list[list[int]]:
    middle = (len(ids) + 1) // 2
    return [list(ids[:middle]), list(ids[middle:])]


def _in_order(ids: Sequence[int], found: Mapping[int, Any], what: str, hint: str) -> list[Any]:
    missing = [str(number) for number in ids if number not in found]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        raise NotFoundError(
            f"The service does not know the {what}{plural} {', '.join(missing)}, or the credentials may not see "
            f"{'them' if plural else 'it'}. {hint}".rstrip()
        )
    return [found[number] for number in dict.fromkeys(ids)]


# The service's filters are checked once more here: how it matches names is not documented, and a parameter that it does
# not know it ignores. Where an answer does not tell (None), the service's word is taken.


def _contains(value: str | None, part: Any) -> bool:
    return part in (None, "") or value is None or str(part).lower() in value.lower()


def _same(value: Any, wanted: Any) -> bool:
    return wanted is None or value is None or value == wanted


def _node_fits(node: Node, filters: Mapping[str, Any]) -> bool:
    asn = filters.get("asn")
    by_number = str(asn).upper().removeprefix("AS") if asn is not None else ""
    return (
        _contains(node.name, filters.get("name"))
        and _contains(node.city, filters.get("city"))
        and _contains(node.country, filters.get("country"))
        and _same(node.network_type, filters.get("network_type"))
        and _same(node.targeted, filters.get("targeted"))
        and _same(node.paused, filters.get("paused"))
        and _same(node.ipv6, filters.get("ipv6"))
        and (filters.get("active") is None or node.status is None or (node.status == "active") == filters["active"])
        and (filters.get("scope") != "enterprise" or node.network_type in (None, *_OWN_NETWORK_TYPES))
        and (_same(node.asn, int(by_number)) if by_number.isdigit() else _contains(node.as_name, asn))
    )


def _group_fits(group: NodeGroup, filters: Mapping[str, Any]) -> bool:
    node_id = filters.get("node_id")
    return (
        _contains(group.name, filters.get("name"))
        and _same(group.network_type, filters.get("network_type"))
        and (node_id is None or not group.nodes or any(node["id"] == node_id for node in group.nodes))
    )


def _test_fits(test: Test, filters: Mapping[str, Any]) -> bool:
    labels: Mapping[str, Any] = filters.get("labels") or {}
    return (
        _contains(test.name, filters.get("name"))
        and _contains(test.url, filters.get("url"))
        and _same(test.status, filters.get("status"))
        and _same(test.type, filters.get("type"))
        and _same(test.product_id, filters.get("product_id"))
        and _same(test.folder_id, filters.get("folder_id"))
        and all(_has_label(test, name, value) for name, value in labels.items())
    )


def _has_label(test: Test, name: str, value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return name in test.labels and all(str(one) in test.labels[name] for one in values if one not in (None, ""))
