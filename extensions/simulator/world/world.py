# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The simulated account: the scenario with run-time changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timezone, tzinfo

from . import read_nodes, read_records, read_tests, times
from .fields import Row, ScenarioError
from .model import FAR, Alert, Change, Outage, Slo, Test, When
from .pauses import Pauses

_MEMBERS = (
    "seed", "account", "account_time_zone", "credentials", "limits", "now", "speed", "switches", "data_delay", "events",
    "intervals", "nodes", "generate_nodes", "node_groups", "products", "folders", "labels", "tests", "fleet", "changes",
    "favorites", "alerts", "slos", "outages", "faults", "replay",
)  # fmt: skip


class World:
    """Everything that a scenario states, with run-time changes. Read without a lock: members are replaced whole.

    docs/docsite/rst/simulator_reference.rst describes the members of a scenario.
    """

    def __init__(self, scenario: Mapping[str, object], now: float) -> None:
        row = Row(scenario, "", _MEMBERS)
        self.scenario = scenario
        self.start = now
        self.seed = row.text("seed", "catchpoint")
        self._read_account(row)
        self.data_delay = row.seconds("data_delay")
        self.events: dict[str, When] = {name: row.row("events").when(name) for name in row.row("events").data}
        self.intervals = read_records.intervals(row)
        self.nodes = {node.id: node for node in read_nodes.nodes(row, self.seed)}
        self.node_groups = {group.id: group for group in read_nodes.node_groups(row, self.nodes)}
        self.products = {one.id: one for one in read_records.products(row)}
        self.folders = {one.id: one for one in read_records.folders(row)}
        self.labels = {one.id: one for one in read_records.labels(row)}
        self._read_tests(row)
        self.pauses = Pauses()
        self.favorites = {one.id: one for one in read_records.favorites(row)}
        self.alerts = tuple(read_records.alerts(row, self.seed))
        self.slos = {one.id: one for one in read_records.slos(row)}
        self.outages = tuple(read_records.outages(row))

    def _read_account(self, scenario: Row) -> None:
        account = scenario.row("account", ("client_id", "consumer_id", "division", "token_life"))
        division = account.row("division", ("id", "name"))
        self.client_id = account.whole("client_id", 2245)
        self.consumer_id = account.whole("consumer_id", 903)
        self.division_id = division.whole("id", 1157)
        self.division_name = division.text("name", "Default")
        self.token_life = account.whole("token_life", 1800)
        self.zone_name = scenario.text("account_time_zone", "UTC")
        self.zone = read_zone(self.zone_name)

    def _read_tests(self, scenario: Row) -> None:
        self._last_change = 0
        changes: list[Change] = []
        self.tests: dict[int, Test] = {}
        for test, own in read_tests.no_duplicates(read_tests.tests(self, scenario)):
            self.tests[test.id] = test
            changes += own
        for index, data in enumerate(scenario.list_of("changes")):
            changes.append(read_tests.read_change(self, data, f"changes[{index}]"))
        # Ids of the changes that the scenario states.
        self._original = {change.id for change in changes}
        self._set_changes(changes)

    def next_change_id(self) -> int:
        self._last_change += 1
        return self._last_change

    # -- times ---

    def time(self, expression: When, now: float | None = None, default: str = "start") -> float:
        """Seconds since 1970 of a time expression of the scenario."""
        names = {"start": self.start, "now": self.start if now is None else now}
        pending = dict(self.events)
        # Events may refer to each other: repeat while any can be resolved.
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

    def set_event(self, name: str, text: When, now: float) -> float:
        """Sets the time of an event (such as the deploy); changes that name it move with it."""
        moment = self.time(text, now, "now")
        self.events[name] = moment
        self._set_changes(self.changes)
        return moment

    # -- changes ---

    def add_change(self, given: Mapping[str, object], now: float) -> Change:
        """Adds a change; `at` defaults to now."""
        data = dict(given)
        for name in ("at", "until"):
            text = data.get(name)
            # A relative time refers to the moment of this call.
            if isinstance(text, str) and (name == "until" or text) and not self._names_event(text):
                data[name] = self.time(text, now, "now")
        data.setdefault("at", now)
        change = read_tests.read_change(self, data, "change", base="now")
        unknown = read_tests.unknown_tests(self, change)
        if unknown:
            raise ScenarioError(f"test {unknown[0]} does not exist")
        self._set_changes([*self.changes, change])
        return self.changes[-1]

    def end_change(self, identifier: int, until: When, now: float) -> Change:
        """Ends a change (a rollback); its effect until then stays in the history."""
        moment = self.time(until, now, "now")
        if all(change.id != identifier for change in self.changes):
            raise ScenarioError(f"change {identifier} does not exist")
        self._set_changes(
            replace(change, until=moment) if change.id == identifier else change for change in self.changes
        )
        return next(change for change in self.changes if change.id == identifier)

    def remove_changes(self, identifiers: Iterable[int] | None) -> int:
        """Removes changes with all their effects; None means all that were added at run time."""
        wanted = None if identifiers is None else set(identifiers)
        kept = [one for one in self.changes if (one.id in self._original if wanted is None else one.id not in wanted)]
        removed = len(self.changes) - len(kept)
        self._set_changes(kept)
        return removed

    def add_test(self, data: Mapping[str, object], now: float | None = None) -> Test:
        """Adds or replaces a test; times of its stated runs count from now, or else from the start."""
        row = Row(data, "test")
        if row.has("runs"):
            runs = [Row(one, row.at("runs")).data for one in row.list_of("runs")]
            data = {**data, "runs": [{**one, **self._resolved(one, ("at",), now)} for one in runs]}
        test, changes = read_tests.read_test(self, data, "test")
        self.tests = {**self.tests, test.id: test}
        self.pauses.forget(test.id)
        self._original |= {change.id for change in changes}
        self._set_changes([*self.changes, *changes])
        return test

    def add_alert(self, data: Mapping[str, object], now: float) -> Alert:
        """Adds an alert; `at` defaults to now."""
        row = {**data, **self._resolved(data, ("at", "first"), now)}
        row.setdefault("at", now)
        alert = read_records.read_alert(row, "alert", self.seed, len(self.alerts) + 1000)
        self.alerts = (*self.alerts, alert)
        return alert

    def add_outage(self, data: Mapping[str, object], now: float) -> Outage:
        """Adds an outage; `start` defaults to now."""
        outage = read_records.read_outage({"start": now, **data, **self._resolved(data, ("start",), now)}, "outage")
        self.outages = (*self.outages, outage)
        return outage

    def add_slo(self, data: Mapping[str, object], now: float) -> Slo:
        """Adds or replaces an SLO; its violations' times count from now."""
        slo = read_records.read_slo(data, "slo")
        violations = tuple(replace(one, start=self.time(one.start, now, "now")) for one in slo.violations)
        slo = replace(slo, violations=violations)
        self.slos = {**self.slos, slo.id: slo}
        return slo

    def _resolved(self, data: Mapping[str, object], names: Iterable[str], now: float | None) -> dict[str, object]:
        """The resolved times of some members; relative ones count from now."""
        row = Row(data, "")
        return {name: self.time(row.when(name), now, "now") for name in names if row.has(name)}

    def _names_event(self, text: str) -> bool:
        return any(text.strip().startswith(name) for name in self.events)

    def _set_changes(self, changes: Iterable[Change]) -> None:
        resolved = []
        for change in changes:
            to_time = FAR if change.until is None else self.time(change.until, default=change.default_base)
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


def read_zone(name: str) -> tzinfo:
    """The time zone of an IANA name."""
    if name == "UTC":
        return timezone.utc
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise ScenarioError(f"account_time_zone: {name!r} is not a time zone known here") from error
