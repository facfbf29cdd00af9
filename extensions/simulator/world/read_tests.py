# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Reads tests, fleets of tests and changes of a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from . import enums, times
from .fields import Row, ScenarioError, ids
from .model import COMPONENTS, Change, ExplicitRun, Node, Product, Test, When, fraction
from .read_nodes import node_ids

_TEST = (
    "id", "name", "type", "monitor", "product_id", "folder_id", "url", "description", "status", "frequency", "nodes",
    "distribution", "nodes_per_run", "latency", "failure_rate", "node_failure_rates", "failures", "no_data",
    "data_delay", "start", "alerts_paused", "labels", "runs", "changes",
)  # fmt: skip
_LATENCY = ("median", "location_spread", "sigma", "spike_rate", "spike_factor", "daily_swing")
_FLEET = ("first_id", "count", "name", "template", "spread", "overrides")
_RUN = ("at", "node", "total", "failed", "error", "metrics")
_CHANGE = (
    "at", "until", "test_id", "test_ids", "node", "nodes", "factor", "component", "failure_rate", "error", "no_data",
)  # fmt: skip
_DISTRIBUTIONS = ("even", "random", "concurrent")
_CHANGED = times.parse("2026-04-02T12:10:00.0625Z")


class Account(Protocol):
    """What tests and changes refer to."""

    seed: str
    nodes: dict[int, Node]
    products: dict[int, Product]
    tests: dict[int, Test]

    def time(self, expression: When) -> float:
        """Seconds since 1970 of a time expression."""

    def next_change_id(self) -> int:
        """The id of the next change."""


# A test and its own changes.
Found = tuple[Test, list[Change]]


def tests(account: Account, scenario: Row) -> Iterable[Found]:
    """All tests of a scenario: those it states, then those of its fleets."""
    for index, data in enumerate(scenario.list_of("tests")):
        yield read_test(account, data, f"tests[{index}]")
    fleets = scenario.get("fleet") or []
    for index, data in enumerate(fleets if isinstance(fleets, list) else [fleets]):
        yield from _fleet(account, Row(data, f"fleet[{index}]", _FLEET))


def _fleet(account: Account, fleet: Row) -> Iterable[Found]:
    """Many tests like a template; each has a median of its own."""
    first, spread = fleet.whole("first_id"), fleet.number("spread", 0.3)
    pattern = fleet.text("name", "Host {number:04d}")
    overrides, template = fleet.row("overrides").data, dict(fleet.row("template").data)
    like, _changes = read_test(account, {"nodes": [], **template, "id": first, "name": pattern}, fleet.at("template"))
    for number in range(fleet.whole("count")):
        test_id = first + number
        numbers = {"number": number + 1, "id": test_id}
        name = pattern.format(**numbers)
        own = overrides.get(str(test_id))
        url = like.url.format(name=name, **numbers)
        if own is not None:
            where = f"{fleet.at('overrides')}.{test_id}"
            data = {**template, "id": test_id, "name": name, "url": url, **Row(own, where).data}
            yield read_test(account, data, where)
            continue
        factor = 1 + spread * (2 * fraction(account.seed, "fleet", test_id) - 1)
        yield replace(like, id=test_id, name=name, median=like.median * factor, url=url), []


def read_test(account: Account, data: object, where: str) -> Found:
    row = Row(data, where, _TEST)
    identifier = row.whole("id")
    kind = row.enum("type", enums.TEST_TYPES, "Web")
    changes = [
        read_change(account, one, f"{row.at('changes')}[{index}]", identifier)
        for index, one in enumerate(row.list_of("changes"))
    ]
    test = Test(
        id=identifier,
        name=row.text("name", f"Test {identifier}"),
        type=kind,
        monitor=row.enum("monitor", enums.MONITORS, enums.DEFAULT_MONITOR.get(enums.TEST_TYPES[kind], 18)),
        product_id=row.whole("product_id", next(iter(account.products), 0)),
        folder_id=row.maybe_whole("folder_id"),
        url=row.text("url", ""),
        description=row.text("description", ""),
        status=row.enum("status", enums.STATUS, 0),
        frequency=max(1, row.whole("frequency", 300)),
        node_ids=tuple(node_ids(row, "nodes", account.nodes)),
        distribution=row.choice("distribution", _DISTRIBUTIONS, "even"),
        nodes_per_run=row.whole("nodes_per_run", 0),
        failure_rate=row.number("failure_rate", 0.0),
        node_failure_rates=row.by_id("node_failure_rates"),
        failures=tuple(_failures(row)),
        no_data=row.flag("no_data"),
        data_delay=row.seconds("data_delay") if row.has("data_delay") else None,
        start=account.time(row.when("start", "2020-01-01T00:00:00Z")),
        alerts_paused=row.flag("alerts_paused"),
        labels=_labels(row),
        runs=tuple(_explicit(account, one) for one in row.rows("runs", _RUN)) if row.has("runs") else None,
        changed=_CHANGED,
    )
    return _with_latency(test, row.row("latency", _LATENCY)), changes


def _with_latency(test: Test, latency: Row) -> Test:
    """How long the runs of a test take; a median by node may have a default."""
    median, medians = latency.get("median"), {}
    if isinstance(median, dict):
        by_node = Row(median, latency.at("median"))
        medians = {ids(key, by_node.where)[0]: by_node.number(key) for key in median if key != "default"}
        default = by_node.number("default", 1000.0)
    else:
        default = latency.number("median", 1000.0)
    return replace(
        test,
        median=default,
        medians=medians,
        location_spread=latency.number("location_spread", test.location_spread),
        sigma=latency.number("sigma", test.sigma),
        spike_rate=latency.number("spike_rate", test.spike_rate),
        spike_factor=latency.number("spike_factor", test.spike_factor),
        daily_swing=latency.number("daily_swing", test.daily_swing),
    )


def _failures(row: Row) -> Iterable[int]:
    for one in row.list_of("failures"):
        yield Row({"failures": one}, row.where).enum("failures", enums.ERROR_TYPES)


def _labels(row: Row) -> dict[str, tuple[str, ...]]:
    labels = row.row("labels").data
    return {
        name: tuple(str(one) for one in (values if isinstance(values, list) else [values]))
        for name, values in labels.items()
    }


def _explicit(account: Account, row: Row) -> ExplicitRun:
    metrics = row.row("metrics")
    return ExplicitRun(
        at=account.time(row.when("at")),
        node_id=node_ids(row, "node", account.nodes)[0] if row.has("node") else None,
        total=row.maybe_number("total"),
        error=row.enum("error", enums.ERROR_TYPES, "Response" if row.flag("failed") else "None"),
        metrics={name: metrics.maybe_number(name) for name in metrics.data},
    )


def read_change(account: Account, data: object, where: str, test_id: int | None = None, base: str = "start") -> Change:
    """A change; times without a base count from `base`."""
    row = Row(data, where, _CHANGE)
    tests = row.get("test_ids") if row.has("test_ids") else row.get("test_id")
    if tests is None:
        tests = test_id
    component = row.choice("component", COMPONENTS, "") if row.has("component") else None
    nodes = "nodes" if row.has("nodes") else "node"
    return Change(
        id=account.next_change_id(),
        at=row.when("at", "start"),
        until=row.maybe_when("until"),
        test_ids=None if tests in (None, "all") else frozenset(ids(tests, row.at("test_ids"))),
        node_ids=frozenset(row.ids(nodes)) if row.has(nodes) else None,
        factor=row.number("factor", 1.0),
        component=component,
        failure_rate=row.maybe_number("failure_rate"),
        error=row.maybe_enum("error", enums.ERROR_TYPES),
        no_data=row.flag("no_data"),
        default_base=base,
    )


def unknown_tests(account: Account, change: Change) -> list[int]:
    return sorted(one for one in change.test_ids or () if one not in account.tests)


def no_duplicates(found: Iterable[Found]) -> Iterable[Found]:
    """Refuses duplicate ids."""
    seen: set[int] = set()
    for test, changes in found:
        if test.id in seen:
            raise ScenarioError(f"tests: id {test.id} is defined twice")
        seen.add(test.id)
        yield test, changes
