# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The world that the simulator shows: read from a scenario (a JSON object).

docs/docsite/rst/simulator_reference.rst tells about its members.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timezone, tzinfo
from pathlib import Path
from typing import Any

from . import enums, times
from .pauses import Pauses
from .places import PLACES, PROVIDERS, Place, Provider

# Parts of a run that a change may multiply: timings of the first request, and what the page is made of.
COMPONENTS = ("dns", "connect", "ssl", "wait", "load", "weight")
SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
_FAR = float("inf")
_MEMBERS = {
    "seed", "account", "account_time_zone", "credentials", "limits", "now", "speed", "switches", "data_delay", "events",
    "intervals", "nodes", "generate_nodes", "node_groups", "products", "folders", "labels", "tests", "fleet", "changes",
    "favorites", "alerts", "slos", "outages", "faults", "replay",
}  # fmt: skip


class ScenarioError(ValueError):
    """A scenario that cannot be read; the text says where."""


@dataclass(frozen=True)
class Instance:
    """An agent of an enterprise node: a machine of the customer's."""

    host_name: str
    ip: str = ""
    active: bool = True


@dataclass(frozen=True)
class Node:
    """One place where tests run."""

    id: int
    name: str
    place: Place
    provider: Provider
    network_type: int = 0
    ipv6: bool = False
    active: bool = True
    paused: bool = False
    targeted: bool = True
    for_synthetic: bool = True
    for_instant: bool = True
    ip_ranges: str = ""
    instances: tuple[Instance, ...] = ()

    @property
    def enterprise(self) -> bool:
        return self.network_type in enums.ENTERPRISE_NETWORKS


@dataclass(frozen=True)
class NodeGroup:
    id: int
    name: str
    node_ids: tuple[int, ...]
    description: str = ""
    network_type: int = 0


@dataclass(frozen=True)
class Product:
    id: int
    name: str
    status: int = 0


@dataclass(frozen=True)
class Folder:
    id: int
    name: str
    product_id: int
    parent_id: int | None = None


@dataclass(frozen=True)
class Label:
    """A label key with its values; tests name both."""

    id: int
    name: str
    color: str
    values: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ExplicitRun:
    """A run that the scenario states instead of leaving it to chance; `at` is a time expression."""

    at: Any
    node_id: int | None
    total: float | None
    error: int
    metrics: Mapping[str, float | None]


@dataclass(frozen=True)
class Test:
    """One test and how its runs come out; `median` and the like are of the Test Time in milliseconds."""

    id: int
    name: str
    type: int = 0
    monitor: int = 18
    product_id: int = 0
    folder_id: int | None = None
    url: str = ""
    description: str = ""
    status: int = 0
    frequency: int = 300
    node_ids: tuple[int, ...] = ()
    distribution: str = "even"
    nodes_per_run: int = 0
    median: float = 1000.0
    medians: Mapping[int, float] = field(default_factory=dict)
    location_spread: float = 0.2
    sigma: float = 0.12
    spike_rate: float = 0.01
    spike_factor: float = 3.0
    daily_swing: float = 0.0
    failure_rate: float = 0.0
    node_failure_rates: Mapping[int, float] = field(default_factory=dict)
    failures: tuple[int, ...] = ()
    no_data: bool = False
    data_delay: float | None = None
    start: float = 0.0
    alerts_paused: bool = False
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: tuple[ExplicitRun, ...] | None = None
    changed: float = 0.0


@dataclass(frozen=True)
class Change:
    """What is different from a time on; `at` and `until` are time expressions, resolved beside them."""

    id: int
    at: Any
    until: Any
    test_ids: frozenset[int] | None
    node_ids: frozenset[int] | None
    factor: float = 1.0
    component: str | None = None
    failure_rate: float | None = None
    error: int | None = None
    no_data: bool = False
    from_time: float = 0.0
    to_time: float = _FAR
    default_base: str = "start"


@dataclass(frozen=True)
class Favorite:
    id: int
    name: str
    description: str
    test_ids: tuple[int, ...]
    metrics: tuple[str, ...]
    breakdowns: tuple[str, ...]
    time_frame: float
    time_frame_name: str
    time_frame_id: int
    interval: str
    statistic: int
    changed: float


@dataclass(frozen=True)
class Alert:
    id: str
    test_id: int
    level: int
    at: Any
    duration: int
    alert_type: int
    alert_subtype: int
    warning: float | None
    critical: float | None
    node_id: int | None
    acknowledged_by: str | None
    error: int | None = None
    first: Any = None


@dataclass(frozen=True)
class Violation:
    """A time in which an SLO was violated; `minutes` is None while it goes on."""

    start: Any
    minutes: int | None
    test_id: int


@dataclass(frozen=True)
class Slo:
    id: int
    name: str
    description: str
    test_ids: tuple[int, ...]
    metric: str
    goal: float
    threshold: float | None
    status: int
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Outage:
    """An outage of an Internet service at one place; without an end it goes on."""

    service_id: int
    service: str
    start: Any
    minutes: float | None
    place: Place
    errors: tuple[int, ...]


@dataclass(frozen=True)
class Interval:
    id: int
    name: str
    words: str
    seconds: int


# Ids as a client in the wild uses them; names as v1's aggregationType has them.
USUAL_INTERVALS: tuple[Interval, ...] = (
    Interval(3, "Minutes1", "1 Minute", 60),
    Interval(4, "Minutes5", "5 Minutes", 300),
    Interval(5, "Minutes10", "10 Minutes", 600),
    Interval(6, "Minutes15", "15 Minutes", 900),
    Interval(7, "Minutes30", "30 Minutes", 1800),
    Interval(8, "Hour1", "1 Hour", 3600),
    Interval(11, "Hour2", "2 Hours", 7200),
    Interval(12, "Hour3", "3 Hours", 10800),
    Interval(13, "Hour4", "4 Hours", 14400),
    Interval(14, "Hour6", "6 Hours", 21600),
    Interval(16, "Hour12", "12 Hours", 43200),
    Interval(9, "Day", "1 Day", 86400),
    Interval(10, "Week", "1 Week", 604800),
)
# The same intervals under ids that nobody would guess: each usual id stands for another interval here.
MOVED_INTERVALS: tuple[Interval, ...] = tuple(
    replace(interval, id=identifier)
    for interval, identifier in zip(USUAL_INTERVALS, (14, 16, 9, 3, 4, 5, 6, 7, 8, 21, 11, 12, 13))
)


def fraction(*parts: object) -> float:
    """A number in [0, 1) that depends on the parts alone."""
    text = "|".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") / 2**64


class World:
    """Everything that a scenario states, with run-time changes. Read without a lock: members are replaced whole."""

    def __init__(self, scenario: Mapping[str, Any], now: float, folder: Path | None = None) -> None:
        _only(scenario, _MEMBERS, "scenario")
        self.scenario = scenario
        self.folder = folder or Path.cwd()
        self.start = now
        self.seed = str(scenario.get("seed", "catchpoint"))
        account = _object(scenario, "account")
        _only(account, {"client_id", "consumer_id", "division", "token_life"}, "account")
        self.client_id = int(account.get("client_id", 2245))
        self.consumer_id = int(account.get("consumer_id", 903))
        division = _object(account, "division")
        self.division_id = int(division.get("id", 1157))
        self.division_name = str(division.get("name", "Default"))
        self.token_life = int(account.get("token_life", 1800))
        self.data_delay = _seconds(scenario.get("data_delay", 0))
        zone = str(scenario.get("account_time_zone", "UTC"))
        self.zone_name, self.zone = zone, read_zone(zone)
        self.events: dict[str, Any] = dict(_object(scenario, "events"))
        self.intervals = self._intervals()
        self.nodes = {node.id: node for node in self._nodes()}
        self.node_groups = {group.id: group for group in self._node_groups()}
        self.products = {one.id: one for one in self._products()}
        self.folders = {one.id: one for one in self._folders()}
        self.labels = {one.id: one for one in self._labels()}
        self._next_change = 1
        self.changes: tuple[Change, ...] = ()
        self._scenario_changes: list[Change] = []
        self.tests: dict[int, Test] = {}
        for test in self._tests():
            if test.id in self.tests:
                raise ScenarioError(f"tests: id {test.id} is there twice")
            self.tests[test.id] = test
        for index, data in enumerate(_list(scenario, "changes")):
            self._scenario_changes.append(self._read_change(data, f"changes[{index}]", None, "start"))
        self._set_changes(self._scenario_changes)
        self.pauses = Pauses()
        self.favorites = {one.id: one for one in self._favorites()}
        self.alerts = tuple(self._alerts())
        self.slos = {one.id: one for one in self._slos()}
        self.outages = tuple(
            self.read_outage(row, f"outages[{index}]") for index, row in enumerate(_list(scenario, "outages"))
        )

    # -- times ---

    def time(self, expression: Any, now: float | None = None, default: str = "start") -> float:
        """Seconds since 1970 of a time expression of the scenario."""
        names = {"start": self.start, "now": self.start if now is None else now}
        pending = dict(self.events)
        # Events may build on each other: resolve as long as something moves.
        while pending:
            done = []
            for name, text in pending.items():
                try:
                    names[name] = times.expression(text, names, "start")
                except times.TimeError:
                    continue
                done.append(name)
            if not done:
                raise ScenarioError(f"events: cannot be read: {', '.join(sorted(pending))}")
            for name in done:
                del pending[name]
        try:
            return times.expression(expression, names, default)
        except times.TimeError as error:
            raise ScenarioError(str(error)) from error

    def alert_first(self, alert: Alert) -> float:
        """When the incident of an alert began: its first trigger."""
        return self.time(alert.at) - alert.duration if alert.first is None else self.time(alert.first)

    def set_event(self, name: str, text: Any, now: float) -> float:
        """Fix an event (such as the deploy) at a time; changes that build on it move with it."""
        moment = self.time(text, now, "now")
        self.events[name] = moment
        self._set_changes(self.changes)
        return moment

    # -- changes ---

    def add_change(self, data: Mapping[str, Any], now: float) -> Change:
        data = dict(data)
        for name in ("at", "until"):
            text = data.get(name)
            # What is said relative to now means the moment when it was said.
            if isinstance(text, str) and (name == "until" or text) and not self._names_event(text):
                data[name] = self.time(text, now, "now")
        data.setdefault("at", now)
        change = self._read_change(data, "change", None, "now")
        self._set_changes([*self.changes, change])
        return self.changes[-1]

    def end_change(self, identifier: int, until: Any, now: float) -> Change:
        """Let a change end (a rollback): what it did until then stays in the history."""
        moment = self.time(until, now, "now")
        if all(change.id != identifier for change in self.changes):
            raise ScenarioError(f"there is no change {identifier}")
        self._set_changes(
            replace(change, until=moment) if change.id == identifier else change for change in self.changes
        )
        return next(change for change in self.changes if change.id == identifier)

    def remove_changes(self, identifiers: Iterable[int] | None) -> int:
        """Undo changes as if they had never been; None means all that were made at run time."""
        original = {change.id for change in self._scenario_changes}
        wanted = set(identifiers) if identifiers is not None else {c.id for c in self.changes if c.id not in original}
        kept = [change for change in self.changes if change.id not in wanted]
        removed = len(self.changes) - len(kept)
        self._set_changes(kept)
        return removed

    def add_test(self, data: Mapping[str, Any]) -> Test:
        """Put a test in, in place of the one with the same id."""
        before = len(self._scenario_changes)
        test = self.read_test(data, "test")
        self.tests = {**self.tests, test.id: test}
        self.pauses.forget(test.id)
        self._set_changes([*self.changes, *self._scenario_changes[before:]])
        return test

    def _names_event(self, text: str) -> bool:
        return any(text.strip().startswith(name) for name in self.events)

    def _set_changes(self, changes: Iterable[Change]) -> None:
        resolved = []
        for change in changes:
            to_time = _FAR if change.until is None else self.time(change.until, default=change.default_base)
            from_time = self.time(change.at, default=change.default_base)
            resolved.append(replace(change, from_time=from_time, to_time=to_time))
        self.changes = tuple(resolved)
        by_test: dict[int, list[Change]] = {}
        for change in self.changes:
            for test_id in change.test_ids or ():
                by_test.setdefault(test_id, []).append(change)
        self._changes_by_test = {test_id: tuple(found) for test_id, found in by_test.items()}
        self._changes_of_all = tuple(change for change in self.changes if change.test_ids is None)

    def changes_of(self, test_id: int) -> tuple[Change, ...]:
        return self._changes_of_all + self._changes_by_test.get(test_id, ())

    def _read_change(self, data: Any, where: str, test_id: int | None, base: str) -> Change:
        data = _mapping(data, where)
        allowed = {
            "at", "until", "test_id", "test_ids", "node", "nodes", "factor", "component", "failure_rate", "error",
            "no_data",
        }  # fmt: skip
        _only(data, allowed, where)
        tests = data.get("test_ids", data.get("test_id", test_id))
        test_ids = None if tests in (None, "all") else frozenset(_ints(tests, f"{where}.test_ids"))
        nodes = data.get("nodes", data.get("node"))
        component = data.get("component")
        if component is not None and component not in COMPONENTS:
            raise ScenarioError(f"{where}.component: {component!r} is none of {', '.join(COMPONENTS)}")
        identifier = self._next_change
        self._next_change += 1
        return Change(
            id=identifier,
            at=data.get("at", "start"),
            until=data.get("until"),
            test_ids=test_ids,
            node_ids=None if nodes is None else frozenset(_ints(nodes, f"{where}.nodes")),
            factor=float(data.get("factor", 1.0)),
            component=component,
            failure_rate=None if data.get("failure_rate") is None else float(data["failure_rate"]),
            error=None if data.get("error") is None else _enum(enums.ERROR_TYPES, data["error"], f"{where}.error"),
            no_data=bool(data.get("no_data", False)),
            default_base=base,
        )

    # -- reading ---

    def _intervals(self) -> tuple[Interval, ...] | None:
        rows = self.scenario.get("intervals")
        if rows is None:
            return None
        by_name = {interval.name: interval for interval in USUAL_INTERVALS}
        result = []
        for index, row in enumerate(_list(self.scenario, "intervals")):
            row = _mapping(row, f"intervals[{index}]")
            name = str(row["name"])
            known = by_name.get(name)
            seconds = row.get("seconds", known.seconds if known else None)
            if seconds is None:
                raise ScenarioError(f"intervals[{index}]: {name} needs seconds")
            result.append(Interval(int(row["id"]), name, known.words if known else name, int(seconds)))
        return tuple(result)

    def _nodes(self) -> Iterable[Node]:
        taken: set[int] = set()
        names: set[str] = set()
        for index, row in enumerate(_list(self.scenario, "nodes")):
            node = _read_node(_mapping(row, f"nodes[{index}]"), f"nodes[{index}]")
            if node.id in taken:
                raise ScenarioError(f"nodes[{index}]: id {node.id} is there twice")
            taken.add(node.id)
            names.add(node.name)
            yield node
        generated = _object(self.scenario, "generate_nodes")
        for number in range(int(generated.get("count", 0))):
            node = _generated_node(self.seed, int(generated.get("first_id", 1000)) + number, number)
            if node.id in taken:
                continue
            while node.name in names:
                node = replace(node, name=f"{node.name} B")
            names.add(node.name)
            yield node

    def _node_groups(self) -> Iterable[NodeGroup]:
        for index, row in enumerate(_list(self.scenario, "node_groups")):
            where = f"node_groups[{index}]"
            row = _mapping(row, where)
            _only(row, {"id", "name", "nodes", "description", "network_type"}, where)
            yield NodeGroup(
                int(row["id"]),
                str(row["name"]),
                tuple(self._known_nodes(row.get("nodes", []), where)),
                str(row.get("description", "")),
                _enum(enums.NETWORK_TYPES, row.get("network_type", 0), f"{where}.network_type"),
            )

    def _known_nodes(self, value: Any, where: str) -> list[int]:
        result = _ints(value, where)
        unknown = [identifier for identifier in result if identifier not in self.nodes]
        if unknown:
            raise ScenarioError(f"{where}: there is no node {unknown[0]}")
        return result

    def _products(self) -> Iterable[Product]:
        for index, row in enumerate(_list(self.scenario, "products")):
            row = _mapping(row, f"products[{index}]")
            _only(row, {"id", "name", "status"}, f"products[{index}]")
            yield Product(int(row["id"]), str(row["name"]), _enum(enums.STATUS, row.get("status", 0), "status"))

    def _folders(self) -> Iterable[Folder]:
        for index, row in enumerate(_list(self.scenario, "folders")):
            row = _mapping(row, f"folders[{index}]")
            _only(row, {"id", "name", "product_id", "parent_id"}, f"folders[{index}]")
            parent = row.get("parent_id")
            yield Folder(
                int(row["id"]), str(row["name"]), int(row["product_id"]), None if parent is None else int(parent)
            )

    def _labels(self) -> Iterable[Label]:
        for index, row in enumerate(_list(self.scenario, "labels")):
            row = _mapping(row, f"labels[{index}]")
            _only(row, {"id", "name", "color", "values"}, f"labels[{index}]")
            values = tuple((int(one["id"]), str(one["name"])) for one in row.get("values", []))
            yield Label(int(row["id"]), str(row["name"]), str(row.get("color", "#00A0DF")), values)

    def _tests(self) -> Iterable[Test]:
        for index, row in enumerate(_list(self.scenario, "tests")):
            yield self.read_test(row, f"tests[{index}]")
        fleets = self.scenario.get("fleet", [])
        for index, fleet in enumerate(fleets if isinstance(fleets, list) else [fleets]):
            yield from self._fleet(_mapping(fleet, f"fleet[{index}]"), f"fleet[{index}]")

    def _fleet(self, fleet: Mapping[str, Any], where: str) -> Iterable[Test]:
        _only(fleet, {"first_id", "count", "name", "template", "spread", "overrides"}, where)
        first, count = int(fleet["first_id"]), int(fleet["count"])
        pattern = str(fleet.get("name", "Host {number:04d}"))
        spread = float(fleet.get("spread", 0.3))
        overrides = _object(fleet, "overrides")
        template = {**_object(fleet, "template")}
        model = self.read_test({"nodes": [], **template, "id": first, "name": pattern}, f"{where}.template")
        for number in range(count):
            test_id = first + number
            name = pattern.format(number=number + 1, id=test_id)
            if str(test_id) in overrides:
                yield self.read_test(
                    {**template, "id": test_id, "name": name, **overrides[str(test_id)]}, f"{where}.overrides.{test_id}"
                )
                continue
            factor = 1 + spread * (2 * fraction(self.seed, "fleet", test_id) - 1)
            yield replace(model, id=test_id, name=name, median=model.median * factor, url=model.url.format(name=name))

    def read_test(self, row: Any, where: str) -> Test:
        row = _mapping(row, where)
        allowed = {
            "id", "name", "type", "monitor", "product_id", "folder_id", "url", "description", "status", "frequency",
            "nodes", "distribution", "nodes_per_run", "latency", "failure_rate", "node_failure_rates", "failures",
            "no_data", "data_delay", "start", "alerts_paused", "labels", "runs", "changes",
        }  # fmt: skip
        _only(row, allowed, where)
        latency = _mapping(row.get("latency", {}), f"{where}.latency")
        _only(
            latency,
            {"median", "location_spread", "sigma", "spike_rate", "spike_factor", "daily_swing"},
            f"{where}.latency",
        )
        median = latency.get("median", 1000)
        medians = {}
        if isinstance(median, Mapping):
            medians = {int(node): float(value) for node, value in median.items() if node != "default"}
            median = median.get("default", 1000)
        kind = _enum(enums.TEST_TYPES, row.get("type", "Web"), f"{where}.type")
        distribution = str(row.get("distribution", "even")).lower()
        if distribution not in ("even", "random", "concurrent"):
            raise ScenarioError(f"{where}.distribution: {distribution!r} is none of even, random, concurrent")
        identifier = int(row["id"])
        runs = row.get("runs")
        for index, change in enumerate(row.get("changes", [])):
            self._scenario_changes.append(self._read_change(change, f"{where}.changes[{index}]", identifier, "start"))
        monitor = row.get("monitor", enums.DEFAULT_MONITOR.get(enums.TEST_TYPES[kind], 18))
        return Test(
            id=identifier,
            name=str(row.get("name", f"Test {identifier}")),
            type=kind,
            monitor=_enum(enums.MONITORS, monitor, f"{where}.monitor"),
            product_id=int(row.get("product_id", next(iter(self.products), 0))),
            folder_id=None if row.get("folder_id") is None else int(row["folder_id"]),
            url=str(row.get("url", "")),
            description=str(row.get("description", "")),
            status=_enum(enums.STATUS, row.get("status", 0), f"{where}.status"),
            frequency=max(1, int(row.get("frequency", 300))),
            node_ids=tuple(self._known_nodes(row.get("nodes", []), f"{where}.nodes")),
            distribution=distribution,
            nodes_per_run=int(row.get("nodes_per_run", 0)),
            median=float(median),
            medians=medians,
            location_spread=float(latency.get("location_spread", 0.2)),
            sigma=float(latency.get("sigma", 0.12)),
            spike_rate=float(latency.get("spike_rate", 0.01)),
            spike_factor=float(latency.get("spike_factor", 3.0)),
            daily_swing=float(latency.get("daily_swing", 0.0)),
            failure_rate=float(row.get("failure_rate", 0.0)),
            node_failure_rates={int(node): float(rate) for node, rate in row.get("node_failure_rates", {}).items()},
            failures=tuple(_enum(enums.ERROR_TYPES, one, f"{where}.failures") for one in row.get("failures", [])),
            no_data=bool(row.get("no_data", False)),
            data_delay=None if row.get("data_delay") is None else _seconds(row["data_delay"]),
            start=self.time(row.get("start", "2020-01-01T00:00:00Z")),
            alerts_paused=bool(row.get("alerts_paused", False)),
            labels={
                str(name): tuple(values if isinstance(values, list) else [values])
                for name, values in row.get("labels", {}).items()
            },
            runs=None if runs is None else tuple(self._explicit(one, f"{where}.runs") for one in runs),
            changed=times.parse("2026-04-02T12:10:00.0625Z"),
        )

    def _explicit(self, row: Any, where: str) -> ExplicitRun:
        row = _mapping(row, where)
        _only(row, {"at", "node", "total", "failed", "error", "metrics"}, where)
        error = row.get("error", "Response" if row.get("failed") else "None")
        node = row.get("node")
        return ExplicitRun(
            at=self.time(row["at"]),
            node_id=None if node is None else self._known_nodes([node], where)[0],
            total=None if row.get("total") is None else float(row["total"]),
            error=_enum(enums.ERROR_TYPES, error, f"{where}.error"),
            metrics=dict(_mapping(row.get("metrics", {}), f"{where}.metrics")),
        )

    def _favorites(self) -> Iterable[Favorite]:
        for index, row in enumerate(_list(self.scenario, "favorites")):
            where = f"favorites[{index}]"
            row = _mapping(row, where)
            _only(
                row,
                {
                    "id", "name", "description", "tests", "metrics", "breakdowns", "time_frame", "time_frame_id",
                    "time_frame_name", "interval", "statistic",
                },
                where,
            )  # fmt: skip
            frame = row.get("time_frame", "1d")
            yield Favorite(
                id=int(row["id"]),
                name=str(row["name"]),
                description=str(row.get("description", "")),
                test_ids=tuple(_ints(row.get("tests", []), f"{where}.tests")),
                metrics=tuple(row.get("metrics", ["Webpage Response (ms)", "% Availability", "# Runs"])),
                breakdowns=tuple(row.get("breakdowns", ["Test"])),
                time_frame=_seconds(frame),
                time_frame_name=str(row.get("time_frame_name", f"Last {frame}")),
                time_frame_id=int(row.get("time_frame_id", 1)),
                interval=str(row.get("interval", "Hour1")),
                statistic=_enum(enums.STATISTICS, row.get("statistic", 1), f"{where}.statistic"),
                changed=times.parse("2026-01-20T08:00:00Z"),
            )

    def _alerts(self) -> Iterable[Alert]:
        for index, row in enumerate(_list(self.scenario, "alerts")):
            yield self.read_alert(row, f"alerts[{index}]", index)

    def read_alert(self, row: Any, where: str, index: int) -> Alert:
        row = _mapping(row, where)
        _only(
            row,
            {
                "id", "test_id", "level", "at", "duration", "type", "subtype", "warning", "critical", "node",
                "acknowledged_by", "error", "first",
            },
            where,
        )  # fmt: skip
        digest = hashlib.blake2b(f"{self.seed}|alert|{index}".encode(), digest_size=16).hexdigest()
        identifier = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
        return Alert(
            id=str(row.get("id", identifier)),
            test_id=int(row["test_id"]),
            level=_enum(enums.ALERT_LEVELS, row.get("level", "Critical"), f"{where}.level"),
            at=row.get("at", "start"),
            duration=int(_seconds(row.get("duration", 900))),
            alert_type=_enum(enums.ALERT_TYPES, row.get("type", "ResponseTime"), f"{where}.type"),
            alert_subtype=_enum(enums.ALERT_SUBTYPES, row.get("subtype", "Test Time"), f"{where}.subtype"),
            warning=None if row.get("warning") is None else float(row["warning"]),
            critical=None if row.get("critical") is None else float(row["critical"]),
            node_id=None if row.get("node") is None else int(row["node"]),
            acknowledged_by=row.get("acknowledged_by"),
            error=None if row.get("error") is None else _enum(enums.ERROR_TYPES, row["error"], f"{where}.error"),
            first=row.get("first"),
        )

    def _slos(self) -> Iterable[Slo]:
        for index, row in enumerate(_list(self.scenario, "slos")):
            yield self.read_slo(row, f"slos[{index}]")

    def read_slo(self, row: Any, where: str) -> Slo:
        row = _mapping(row, where)
        _only(
            row,
            {"id", "name", "description", "tests", "metric", "goal", "threshold", "status", "violations"},
            where,
        )
        violations = []
        for one in row.get("violations", []):
            one = _mapping(one, f"{where}.violations")
            _only(one, {"start", "minutes", "test_id"}, f"{where}.violations")
            minutes = one.get("minutes", 10)
            violations.append(Violation(one["start"], None if minutes is None else int(minutes), int(one["test_id"])))
        return Slo(
            id=int(row["id"]),
            name=str(row["name"]),
            description=str(row.get("description", "")),
            test_ids=tuple(_ints(row.get("tests", []), f"{where}.tests")),
            metric=str(row.get("metric", "% Availability")),
            goal=float(row.get("goal", 99.9)),
            threshold=None if row.get("threshold") is None else float(row["threshold"]),
            status=_enum(enums.STATUS, row.get("status", 0), f"{where}.status"),
            violations=tuple(violations),
        )

    def read_outage(self, row: Any, where: str) -> Outage:
        row = _mapping(row, where)
        _only(row, {"service", "service_id", "start", "minutes", "city", "errors"}, where)
        city = str(row.get("city", "New York"))
        if city not in PLACES:
            raise ScenarioError(f"{where}.city: {city!r} is none of {', '.join(sorted(PLACES))}")
        service = str(row["service"])
        return Outage(
            service_id=int(row.get("service_id", sum(service.encode()))),
            service=service,
            start=row.get("start", "start"),
            minutes=None if row.get("minutes") is None else float(row["minutes"]),
            place=PLACES[city],
            errors=tuple(_enum(enums.ERROR_TYPES, one, f"{where}.errors") for one in row.get("errors", ["Connection"])),
        )


def read_zone(name: str) -> tzinfo:
    """The time zone of an IANA name."""
    if name == "UTC":
        return timezone.utc
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise ScenarioError(f"account_time_zone: {name!r} is no time zone known here") from error


def load(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """The scenario of a file, of a built-in name ("shop"), or as it is given; and the folder its files lie in.

    With `"extends": "shop"` (or a file beside it) a scenario replaces only the members that it names; `switches`,
    `account`, `credentials` and `events` are merged.
    """
    if isinstance(source, Mapping):
        data, folder = dict(source), Path.cwd()
    else:
        path = _find(str(source), Path.cwd())
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ScenarioError(f"scenario {path}: {error}") from error
        if not isinstance(data, dict):
            raise ScenarioError(f"scenario {path}: the file must hold an object")
        folder = path.parent
    if "extends" not in data:
        return data, folder
    base, _folder = load(_find(str(data.pop("extends")), folder))
    for name in ("switches", "account", "credentials", "events"):
        if name in data and name in base:
            data[name] = {**base[name], **data[name]}
    return {**base, **data}, folder


def _find(name: str, folder: Path) -> Path:
    for path in (folder / name, SCENARIOS / name, SCENARIOS / f"{name}.json"):
        if path.is_file():
            return path
    raise ScenarioError(f"there is no scenario {name!r}, neither in {folder} nor among the built-in ones")


def _read_node(row: Mapping[str, Any], where: str) -> Node:
    allowed = {
        "id", "name", "city", "isp", "network_type", "ipv6", "active", "paused", "targeted", "for_synthetic",
        "for_instant", "ip_ranges", "instances",
    }  # fmt: skip
    _only(row, allowed, where)
    city, isp = str(row.get("city", "New York")), str(row.get("isp", "Level3"))
    if city not in PLACES:
        raise ScenarioError(f"{where}.city: {city!r} is none of {', '.join(sorted(PLACES))}")
    if isp not in PROVIDERS:
        raise ScenarioError(f"{where}.isp: {isp!r} is none of {', '.join(sorted(PROVIDERS))}")
    identifier, ipv6 = int(row["id"]), bool(row.get("ipv6", False))
    place = PLACES[city]
    return Node(
        id=identifier,
        name=str(row.get("name", f"{city}, {place.country_code} - {isp}{' IPv6' if ipv6 else ''}")),
        place=place,
        provider=PROVIDERS[isp],
        network_type=_enum(enums.NETWORK_TYPES, row.get("network_type", 0), f"{where}.network_type"),
        ipv6=ipv6,
        active=bool(row.get("active", True)),
        paused=bool(row.get("paused", False)),
        targeted=bool(row.get("targeted", True)),
        for_synthetic=bool(row.get("for_synthetic", True)),
        for_instant=bool(row.get("for_instant", True)),
        ip_ranges=str(row.get("ip_ranges", address(identifier, ipv6))),
        instances=tuple(_instances(row, identifier, where)),
    )


def _instances(row: Mapping[str, Any], node_id: int, where: str) -> Iterable[Instance]:
    """The agents of a node: without any stated, one."""
    for one in row.get("instances", [{"host_name": f"agent-{node_id}.example.net"}]):
        one = _mapping(one, f"{where}.instances")
        _only(one, {"host_name", "ip", "active"}, f"{where}.instances")
        yield Instance(str(one["host_name"]), str(one.get("ip", "")), bool(one.get("active", True)))


def _generated_node(seed: str, identifier: int, number: int) -> Node:
    """Node `number` of the filler: spread over all cities, providers and network types."""
    names = list(PLACES)
    providers = list(PROVIDERS)
    city = names[number % len(names)]
    # Each round through the cities takes another provider, so that no name comes twice.
    isp = providers[(number + number // len(names)) % len(providers)]
    network_type = (0, 0, 0, 1, 0, 2, 0, 5)[int(8 * fraction(seed, "network", identifier))]
    return _read_node(
        {
            "id": identifier,
            "city": city,
            "isp": isp,
            "network_type": network_type,
            "ipv6": number % 9 == 4,
            "active": number % 17 != 16,
            "paused": number % 23 == 22,
            "targeted": number % 5 != 3,
            "for_instant": number % 4 != 1,
        },
        f"generated node {identifier}",
    )


def address(number: int, ipv6: bool) -> str:
    """An address of the ranges that are kept for documentation."""
    if ipv6:
        return f"2001:db8:{number:x}::/64"
    network = ("192.0.2", "198.51.100", "203.0.113")[number % 3]
    return f"{network}.{(number // 3) % 32 * 8}/29"


def _object(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name, {})
    return dict(_mapping({} if value is None else value, name))


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise ScenarioError(f"{name}: a list is wanted, got {type(value).__name__}")
    return value


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ScenarioError(f"{where}: an object is wanted, got {type(value).__name__}")
    return value


def _only(row: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    # "comment" is allowed everywhere, for people.
    unknown = set(row) - set(allowed) - {"comment"}
    if unknown:
        raise ScenarioError(f"{where}: unknown member {sorted(unknown)[0]!r}; there are {', '.join(sorted(allowed))}")


def _ints(value: Any, where: str) -> list[int]:
    values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    try:
        return [int(one) for one in values]
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{where}: ids are wanted, got {value!r}") from error


def _enum(table: Mapping[int, str], value: Any, where: str) -> int:
    """The id of a value given by id or name."""
    if isinstance(value, int) and not isinstance(value, bool) and value in table:
        return value
    for identifier, name in table.items():
        if name.lower() == str(value).lower():
            return identifier
    raise ScenarioError(f"{where}: {value!r} is none of {', '.join(table.values())}")


def _seconds(value: Any) -> float:
    try:
        return times.duration(str(value))
    except times.TimeError as error:
        raise ScenarioError(str(error)) from error
