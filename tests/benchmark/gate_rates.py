# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the performance gate fails a good deploy, finds a bad one, and after how many runs.

    python3 tests/benchmark/gate_rates.py [--deploys 500] [--jobs N] [--table NAME] [--rows TEXT] [--sizes 60/30 ...]
    python3 tests/benchmark/gate_rates.py --runs my_runs.json [--metric test_time] [--significance 0.03] [--sizes 60/30]

Without --runs, deploys are simulated: a run's time is lognormal (sigma 0.25), 3 % of the runs take four times as long,
and they may drift or come in bursts. With --runs, deploys that changed nothing are cut from recorded series at random,
and a change is put on the runs after the cut. The series may hold true changes, so their false alarms are upper bounds.
Both are judged by the gate's own code, poll by poll, and by other rules.

--runs takes a file or a folder of files, each one a series or several:

    .csv   columns time (ISO 8601) and value; optional location and failed (0 or 1); an empty value is a failed run
    .json  a list of runs {time, node, failed, metrics: {test_time: 1234.5}, test_id}, or a result of
           community.catchpoint.catchpoint_test_data_info with include_runs: true; one series for each test_id

A series must have at least five baselines and the runs after the deploy: 330 runs for 60/30. Rates are in percent with
their standard error. The same command gives the same rates. Needs ansible-core, nothing else. All rows with 500 deploys
take about 10 minutes of one processor; --table and --rows choose some of them: --table single --rows "drift 20".

A row says whether it meets its goals, and the list at the end says which: the limits of the gate's design, and for
single locations the rates of its table, measured with another implementation. A goal is not met when the rate is beyond
it by more than two standard errors; then the exit status is 1.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, TypeVar

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import_module("conftest")  # makes the working tree importable as a collection
import _deploys
import _rules
from _deploys import INDEPENDENT, NOISES, Deploy, Noise, Run
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import median

SIZES = [(60, 30), (30, 15), (12, 6)]
SIGNIFICANCE = 0.05  # the gate's default, which the goals are for
RULES: dict[str, Callable[[Deploy, float], bool]] = {
    "mean": lambda deploy, limit: _rules.plain(deploy, limit, "mean"),
    "median": lambda deploy, limit: _rules.plain(deploy, limit, "median"),
    "Kayenta": _rules.kayenta,
    "Keptn": _rules.keptn,
}
# (true change, limit) in percent.
NOTHING = ((0, 10), (0, 20))
CHANGES = ((20, 10), (50, 20), (30, 20), (15, 10))


# The order in which the numbers of runs are shown.
RUNS_SHOWN = ((0, 10), (0, 20), (20, 10), (50, 20))


class Published(NamedTuple):
    """Rates of the table in the gate's design, which another implementation measured."""

    found: tuple[float, float]  # +20 % (L10), +50 % (L20)
    runs: tuple[float, ...]  # as RUNS_SHOWN; none where all that are planned are needed


# By noise and number of runs before the deploy, at about this many deploys a row.
PUBLISHED_DEPLOYS = 1200
PUBLISHED = {
    "independent": {
        60: Published((85, 100), (17.3, 10.8, 19.1, 10.4)),
        30: Published((60, 99), (10.5, 8.0, 12.6, 8.2)),
        12: Published((30, 82), ()),
    },
    "drift 10/0.8": {
        60: Published((71, 99), (19.2, 13.2, 21.3, 12.2)),
        30: Published((47, 95), (10.9, 8.7, 12.8, 9.3)),
        12: Published((30, 74), ()),
    },
    "drift 20/0.95": {
        60: Published((36, 77), (21.7, 18.2, 25.0, 20.5)),
        30: Published((31, 69), (11.3, 9.8, 12.9, 11.7)),
        12: Published((24, 64), ()),
    },
}


class Rate(NamedTuple):
    """A share of deploys."""

    hits: int
    total: int

    @property
    def percent(self) -> float:
        return 100 * self.hits / self.total

    @property
    def error(self) -> float:
        """The standard error in points; without hits, or with nothing else, that of half a deploy."""
        share = min(max(self.hits, 0.5), self.total - 0.5) / self.total
        return 100 * math.sqrt(share * (1 - share) / self.total)

    def __str__(self) -> str:
        return f"{self.percent:.1f} ± {self.error:.1f}"


class Goal(NamedTuple):
    """A number that the simulations must keep."""

    what: str
    found: float
    error: float
    limit: float
    at_most: bool

    @property
    def missed(self) -> bool:
        excess = self.found - self.limit if self.at_most else self.limit - self.found
        return excess > 2 * self.error

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        verdict = "goal not met" if self.missed else "goal met"
        return f"{verdict:12}  {self.what}: {self.found:.1f} ± {self.error:.1f} (goal {sign} {self.limit:g})"


def verdict_on(goals: Sequence[Goal]) -> str:
    """The cell of a row: goal met, goal not met (2 of 8), or a hyphen where it has none."""
    missed = sum(goal.missed for goal in goals)
    return f"goal not met ({missed} of {len(goals)})" if missed else "goal met" if goals else "-"


# Timings


class Case(NamedTuple):
    """One line of a table of timings: where its deploys come from."""

    name: str
    before: int
    after: int
    noise: Noise = INDEPENDENT
    places: int = 1
    bad: float = 1.0  # how many times slower one location is after the deploy
    series: tuple[Run, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name} {self.before}/{self.after}"

    def deploy(self, generator: random.Random) -> Deploy:
        if self.series:
            return _deploys.cut(generator, self.series, self.before, self.after)
        return _deploys.simulated(generator, self.noise, self.before, self.after, places=self.places, bad=self.bad)


class Found(NamedTuple):
    """The counts of a case. Keys are (true change, limit)."""

    failed: dict[tuple[str, int, int], Rate]  # by rule and key
    lost: dict[tuple[int, int], Rate]  # deploys that the gate would have failed without the early pass
    runs: dict[tuple[int, int], float]  # mean runs to the gate's verdict
    effective: float  # how many independent runs the planned ones are worth, median


def rates(case: Case, deploys: int, significance: float = SIGNIFICANCE) -> Found:
    """Judges deploys of one case by every rule."""
    generator = random.Random(repr((case.name, case.before, case.after)))
    failed: Counter[tuple[str, int, int]] = Counter()
    lost: Counter[tuple[int, int]] = Counter()
    runs: Counter[tuple[int, int]] = Counter()
    effective = []
    for _number in range(deploys):
        deploy = case.deploy(generator)
        for true, limit in (*NOTHING, *CHANGES):
            version = _deploys.changed(deploy, true / 100)
            criteria = [_rules.change(limit, significance=significance)]
            outcome = _rules.gate(version, criteria)
            failed["gate", true, limit] += outcome.failed
            runs[true, limit] += outcome.runs
            if true and outcome.ended_by == "pass":
                lost[true, limit] += _rules.gate(version, criteria, pass_fast=False).failed
            if (true, limit) == NOTHING[0] and outcome.effective is not None:
                effective.append(outcome.effective * case.after / outcome.runs)
            for name, rule in RULES.items():
                failed[name, true, limit] += rule(version, limit)
    keys = (*NOTHING, *CHANGES)
    return Found(
        {(name, *key): Rate(failed[(name, *key)], deploys) for name in ("gate", *RULES) for key in keys},
        {key: Rate(lost[key], deploys) for key in keys},
        {key: runs[key] / deploys for key in keys},
        median(effective) if effective else math.nan,
    )


def single(sizes: Sequence[tuple[int, int]]) -> Iterator[Case]:
    """One location."""
    for before, after in sizes:
        for noise in NOISES:
            yield Case(noise.name, before, after, noise)


def locations(_sizes: Sequence[tuple[int, int]]) -> Iterator[Case]:
    """Five locations in turn (200 to 1800 ms)."""
    for before, after in ((60, 30), (30, 15)):
        yield Case("5 locations", before, after, places=5)
        yield Case("5 locations, drift 10/0.8", before, after, NOISES[1], places=5)
        yield Case("1 of 5 locations x 3", before, after, places=5, bad=3.0)


TIMINGS: dict[str, Callable[[Sequence[tuple[int, int]]], Iterator[Case]]] = {"single": single, "locations": locations}
OTHERS = ("runs", "matching", "availability", "controls")
HEADS = (
    "data", "b/a", "false alarms L10", "L20", "mean L10", "median L10", "Kayenta L10", "Keptn L10", "found +20 % (L10)",
    "Kayenta", "Keptn", "+50 % (L20)", "Kayenta", "Keptn", "+30 % (L20)", "runs: none L10", "none L20", "+20 %",
    "+50 %", "lost +15 % (L10)", "lost +30 % (L20)", "count as", "goals",
)  # fmt: skip


def cells(case: Case, found: Found) -> list[str]:
    failed = found.failed
    return [
        case.name,
        f"{case.before}/{case.after}",
        str(failed["gate", 0, 10]),
        str(failed["gate", 0, 20]),
        *(f"{failed[name, 0, 10].percent:.1f}" for name in RULES),
        str(failed["gate", 20, 10]),
        *(f"{failed[name, 20, 10].percent:.1f}" for name in ("Kayenta", "Keptn")),
        str(failed["gate", 50, 20]),
        *(f"{failed[name, 50, 20].percent:.1f}" for name in ("Kayenta", "Keptn")),
        str(failed["gate", 30, 20]),
        *(f"{found.runs[key]:.1f}" for key in RUNS_SHOWN),
        *(f"{found.lost[key].percent:.1f}" for key in ((15, 10), (30, 20))),
        f"{found.effective:.0f}",
    ]


def goals(case: Case, found: Found) -> Iterator[Goal]:
    """The goals of the simulations: false alarms, what the early pass may lose; and for 60/30, detection and runs."""
    name = case.label

    def rate(what: str, rate_found: Rate, limit: float, *, at_most: bool = True) -> Goal:
        return Goal(f"{name}, {what}", rate_found.percent, rate_found.error, limit, at_most)

    if case.noise.name in PUBLISHED and case.places == 1:
        yield from _as_published(case, PUBLISHED[case.noise.name].get(case.before), found)
    if case.bad != 1:
        yield rate("false alarms L10", found.failed["gate", 0, 10], 6)
        yield rate("false alarms L20", found.failed["gate", 0, 20], 4)
        return
    most = {"independent": 5, "drift 10/0.8": 7, "drift 20/0.95": 11}.get(case.noise.name)
    if most is not None:
        yield rate("false alarms L10", found.failed["gate", 0, 10], most)
    for true, limit in ((15, 10), (30, 20)):
        yield rate(f"+{true} % (L{limit}) lost by the early pass", found.lost[true, limit], 2)
    if case.noise == INDEPENDENT:
        yield rate("false alarms L20", found.failed["gate", 0, 20], 3)
    if (case.noise, case.places, case.before, case.after) != (INDEPENDENT, 1, 60, 30):
        return
    yield rate("found +20 % (L10)", found.failed["gate", 20, 10], 83, at_most=False)
    yield rate("found +50 % (L20)", found.failed["gate", 50, 20], 99, at_most=False)
    for key, limit in (((50, 20), 11), ((20, 10), 20), ((0, 10), 18), ((0, 20), 12)):
        # The numbers of runs deviate by a third of the planned ones at most.
        error = case.after / 3 / math.sqrt(found.failed[("gate", *key)].total)
        yield Goal(f"{name}, mean runs at +{key[0]} % (L{key[1]})", found.runs[key], error, limit, True)


def _as_published(case: Case, published: Published | None, found: Found) -> Iterator[Goal]:
    """The rates of the design's table: detection at least as high, no more runs. Both have a sampling error."""
    if published is None:
        return
    name = case.label
    for key, share in zip(((20, 10), (50, 20)), published.found):
        own, other = found.failed[("gate", *key)], Rate(round(share / 100 * PUBLISHED_DEPLOYS), PUBLISHED_DEPLOYS)
        error = math.hypot(own.error, other.error)
        yield Goal(f"{name}, found +{key[0]} % (L{key[1]}) as published", own.percent, error, share, False)
    for key, limit in zip(RUNS_SHOWN, published.runs):
        deploys = found.failed[("gate", *key)].total
        error = case.after / 3 * math.hypot(1 / math.sqrt(deploys), 1 / math.sqrt(PUBLISHED_DEPLOYS))
        yield Goal(f"{name}, mean runs at +{key[0]} % (L{key[1]}) as published", found.runs[key], error, limit, True)


# How many runs


class Sized(NamedTuple):
    """One line of the table of numbers of runs."""

    before: int
    after: int
    change: int  # percent

    @property
    def label(self) -> str:
        return f"{self.before}/{self.after} {f'+{self.change} %' if self.change else 'none'}"


def sized() -> list[Sized]:
    sizes = ((5, 5), (12, 6), (30, 15), (60, 30))
    return [Sized(before, after, change) for change in (0, 20, 50) for before, after in sizes]


def by_runs(case: Sized, deploys: int) -> list[Rate]:
    """Deploys that the mean, the median and the gate fail, and those that the gate warns about (L10)."""
    generator = random.Random(repr(case))
    hits = [0, 0, 0, 0]
    for _number in range(deploys):
        deploy = _deploys.simulated(generator, INDEPENDENT, case.before, case.after)
        deploy = _deploys.changed(deploy, case.change / 100)
        outcome = _rules.gate(deploy, [_rules.change(10)])
        for position, name in enumerate(("mean", "median")):
            hits[position] += _rules.plain(deploy, 10, name)
        hits[2] += outcome.failed
        hits[3] += outcome.warned
    return [Rate(count, deploys) for count in hits]


# Matching by location


class Matched(NamedTuple):
    """One line of the table of matching."""

    before: int
    after: int
    at_random: bool  # nodes are drawn at random, instead of taking turns

    @property
    def label(self) -> str:
        return f"{self.before}/{self.after} {'random' if self.at_random else 'in turn'}"

    def deploy(self, generator: random.Random) -> Deploy:
        found = _deploys.simulated(generator, INDEPENDENT, self.before, self.after, places=5)
        return _deploys.at_random_nodes(generator, found) if self.at_random else found


def matched() -> list[Matched]:
    return [Matched(20, 10, True), Matched(60, 30, True), Matched(30, 15, False), Matched(60, 30, False)]


def by_matching(case: Matched, deploys: int) -> list[tuple[Rate, Rate]]:
    """False alarms and found +20 % (L10): of the median of all runs, and of the gate without and with matching."""
    generator = random.Random(repr(case))
    hits = [[0, 0], [0, 0], [0, 0]]
    for _number in range(deploys):
        deploy = case.deploy(generator)
        for found, true in enumerate((0.0, 0.2)):
            version = _deploys.changed(deploy, true)
            hits[0][found] += _rules.plain(version, 10, "median")
            hits[1][found] += _rules.gate(version, [_rules.change(10)], match="none").failed
            hits[2][found] += _rules.gate(version, [_rules.change(10)]).failed
    return [(Rate(alarms, deploys), Rate(found, deploys)) for alarms, found in hits]


# Availability


class Outages(NamedTuple):
    """One line of the table of availability."""

    runs: int
    share: float  # of the runs fails

    @property
    def label(self) -> str:
        return f"{self.runs} runs, {100 * self.share:g} %"

    def deploy(self, generator: random.Random) -> Deploy:
        runs = [
            Run(
                _deploys.NOON + number * _deploys.ROUND,
                "New York",
                None if generator.random() < self.share else 900.0,
            )
            for number in range(self.runs)
        ]
        return Deploy([], [], runs)


class Available(NamedTuple):
    """The counts of this case."""

    failed: Rate
    plain: Rate  # by the plain comparison with 99
    runs: float  # mean runs to the verdict
    lost: Rate  # what would have failed without the early pass


def outages() -> list[Outages]:
    return [Outages(runs, share) for runs in (10, 20, 30, 60, 100) for share in (0.01, 0.05, 0.15, 0.3)]


def availability(case: Outages, deploys: int) -> Available:
    generator = random.Random(repr(case))
    failed = plain = runs = lost = 0
    criteria = [{"metric": "availability", "fail": {"min": 99}}]
    for _number in range(deploys):
        deploy = case.deploy(generator)
        outcome = _rules.gate(deploy, criteria)
        failed += outcome.failed
        runs += outcome.runs
        bad = sum(run.value is None for run in deploy.current)
        plain += 100 * (case.runs - bad) / case.runs < 99
        if outcome.ended_by == "pass":
            lost += _rules.gate(deploy, criteria, pass_fast=False).failed
    return Available(Rate(failed, deploys), Rate(plain, deploys), runs / deploys, Rate(lost, deploys))


def availability_goals(case: Outages, found: Available) -> Iterator[Goal]:
    name = f"availability min 99, {case.runs} runs, {100 * case.share:g} % of them fail"
    if case.share <= 0.01:
        yield Goal(f"{name}: failed deploys", found.failed.percent, found.failed.error, 5, True)
    yield Goal(f"{name}: lost by the early pass", found.lost.percent, found.lost.error, 2, True)


# Control tests


class Controlled(NamedTuple):
    """One line of the table of control tests."""

    noise: Noise
    before: int
    after: int
    shared: bool = True  # whether both tests have the same drift
    bad_hour: bool = False  # both tests are 30 % slower after the deploy, for a reason of their own

    @property
    def label(self) -> str:
        return f"{self.name} {self.before}/{self.after}"

    @property
    def name(self) -> str:
        drift = "" if not self.noise.drift else ", shared" if self.shared else ", of its own"
        return f"{self.noise.name}{drift}{', bad hour' if self.bad_hour else ''}"

    def deploy(self, generator: random.Random) -> Deploy:
        found = _deploys.with_control(generator, self.noise, self.before, self.after, shared=self.shared)
        if not self.bad_hour or found.control is None:
            return found
        return _deploys.changed(found, 0.3)._replace(control=_deploys.changed(found.control, 0.3))


def controlled(sizes: Sequence[tuple[int, int]]) -> Iterator[Controlled]:
    for before, after in sizes:
        yield Controlled(INDEPENDENT, before, after)
        yield Controlled(NOISES[1], before, after, bad_hour=True)
        for noise in NOISES[1:3]:
            for shared in (True, False):
                yield Controlled(noise, before, after, shared)


def controls(case: Controlled, deploys: int) -> list[Rate]:
    """False alarms (L10) without and with a control test, and found +20 % (L10) without and with it."""
    generator = random.Random(repr(case))
    hits = [0, 0, 0, 0]
    for _number in range(deploys):
        with_it = case.deploy(generator)
        for position, true in ((0, 0.0), (2, 0.2)):
            version = _deploys.changed(with_it, true)
            hits[position] += _rules.gate(version._replace(control=None), [_rules.change(10)]).failed
            hits[position + 1] += _rules.gate(version, [_rules.change(10)]).failed
    return [Rate(count, deploys) for count in hits]


# Output

Line = TypeVar("Line", Case, Sized, Matched, Outages, Controlled)


def print_row(texts: Sequence[str]) -> None:
    print("| " + " | ".join(texts) + " |", flush=True)


def print_heads(title: str, heads: Sequence[str]) -> None:
    print(f"\n{title}\n")
    print_row(heads)
    print_row(["---"] * len(heads))


def chosen(cases: Iterable[Line], arguments: argparse.Namespace) -> list[Line]:
    """The lines of a table that --rows names, by any part of their first cells; all without it."""
    return [case for case in cases if not arguments.rows or any(text in case.label for text in arguments.rows)]


def simulate_timings(name: str, arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> Iterator[Goal]:
    print_heads(TIMINGS[name].__doc__ or name, HEADS)
    cases = chosen(TIMINGS[name](arguments.sizes), arguments)
    judged = partial(rates, deploys=arguments.deploys, significance=arguments.significance)
    for case, found in zip(cases, pool.map(judged, cases)):
        kept = list(goals(case, found)) if arguments.significance == SIGNIFICANCE else []
        print_row([*cells(case, found), verdict_on(kept)])
        yield from kept


def simulate_by_runs(arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> None:
    heads = ("b/a", "true change", "mean > +10 %", "median > +10 %", "gate fails", "gate warns")
    print_heads("How many runs for how fine a limit (+10 %), independent noise.", heads)
    cases = chosen(sized(), arguments)
    for case, found in zip(cases, pool.map(by_runs, cases, [arguments.deploys] * len(cases))):
        print_row([f"{case.before}/{case.after}", f"+{case.change} %" if case.change else "none", *map(str, found)])


def simulate_matching(arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> None:
    heads = ("b/a", "nodes", "median of all runs: none", "+20 %", "match none: none", "+20 %", "match location: none")
    print_heads("Five locations (200 to 1800 ms), limit +10 %.", (*heads, "+20 %"))
    cases = chosen(matched(), arguments)
    for case, found in zip(cases, pool.map(by_matching, cases, [arguments.deploys] * len(cases))):
        nodes = "random" if case.at_random else "in turn"
        print_row([f"{case.before}/{case.after}", nodes, *(str(rate) for pair in found for rate in pair)])


def simulate_availability(arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> Iterator[Goal]:
    heads = ("runs", "of them fail", "gate fails", "plain rule fails", "mean runs", "lost", "goals")
    print_heads("Availability, min 99.", heads)
    cases = chosen(outages(), arguments)
    for case, found in zip(cases, pool.map(availability, cases, [arguments.deploys] * len(cases))):
        kept = list(availability_goals(case, found))
        texts = [str(found.failed), str(found.plain), f"{found.runs:.1f}", str(found.lost), verdict_on(kept)]
        print_row([str(case.runs), f"{100 * case.share:g} %", *texts])
        yield from kept


def simulate_controls(arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> None:
    heads = ("noise", "b/a", "false alarms L10", "with control", "found +20 % (L10)", "with control")
    print_heads("A control test that runs as often as the gated one.", heads)
    cases = chosen(controlled(arguments.sizes), arguments)
    for case, found in zip(cases, pool.map(controls, cases, [arguments.deploys] * len(cases))):
        print_row([case.name, f"{case.before}/{case.after}", *map(str, found)])


def simulate(arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> list[Goal]:
    found: list[Goal] = []
    for name in arguments.table or [*TIMINGS, *OTHERS]:
        if name == "availability":
            found += simulate_availability(arguments, pool)
        elif name == "controls":
            simulate_controls(arguments, pool)
        elif name == "runs":
            simulate_by_runs(arguments, pool)
        elif name == "matching":
            simulate_matching(arguments, pool)
        else:
            found += simulate_timings(name, arguments, pool)
    return found


def measure(arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> None:
    """The rates of recorded series."""
    cases = []
    for name, series in _deploys.recorded(arguments.runs, arguments.metric).items():
        for before, after in arguments.sizes:
            least = _deploys.needed(before, after)
            if len(series) < least:
                print(f"{name}: {len(series)} runs are too few for {before}/{after}, which needs {least}.")
            else:
                cases.append(Case(name, before, after, series=tuple(series)))
    print_heads(f"Recorded series of {arguments.runs}.", HEADS[:-1])
    judged = partial(rates, deploys=arguments.deploys, significance=arguments.significance)
    for case, found in zip(cases, pool.map(judged, cases)):
        print_row(cells(case, found))


def size(text: str) -> tuple[int, int]:
    before, after = text.split("/")
    return int(before), int(after)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deploys", type=int, default=500, help="deploys of each row")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--table", choices=[*TIMINGS, *OTHERS], action="append")
    parser.add_argument("--rows", nargs="+", metavar="TEXT", help="only rows with one of these texts in their name")
    parser.add_argument("--sizes", type=size, nargs="+", default=SIZES, help="runs before/after the deploy")
    parser.add_argument(
        "--significance", type=float, default=SIGNIFICANCE, help="of the criteria; goals need the default"
    )
    parser.add_argument("--runs", type=Path, help="a file or a folder of recorded series")
    parser.add_argument("--metric", default="test_time", help="of recorded series in JSON")
    arguments = parser.parse_args()
    started = time.monotonic()
    found: list[Goal] = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        if arguments.runs is not None:
            measure(arguments, pool)
        else:
            found = simulate(arguments, pool)
    print(
        f"\nPercent of {arguments.deploys} deploys with their standard errors. b/a: runs before and after the deploy."
    )
    print("L10, L20: limit +10 %, +20 %. runs: mean runs to the gate's verdict; all other rules need all runs.")
    print("lost: deploys that the gate would have failed without the early pass. count as: effective runs, median.\n")
    for goal in found:
        print(goal)
    print(f"\n{time.monotonic() - started:.0f} s.")
    return 1 if any(goal.missed for goal in found) else 0


if __name__ == "__main__":
    sys.exit(main())
