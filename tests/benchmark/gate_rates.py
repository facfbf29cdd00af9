# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the performance gate fails a deploy that changed nothing, and how often it notices one that did.

    python3 tests/benchmark/gate_rates.py [--repeats 4000] [--jobs N] [--table NAME]

Deploys are simulated and judged by the gate's own engine. A run's time is lognormal (sigma 0.25), and 3 % of the runs
take four times as long. Beside the gate stand plain percentage rules over the same runs, without evidence and without
matching locations. The limit is +10 % everywhere. Needs ansible-core, nothing else; the same seed gives the same rates.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import_module("conftest")  # makes the working tree importable as a collection
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate, parse_verdict
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import judge
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

DEPLOY = 1714564800
HOUR = 3600
SIGMA = 0.25
SPIKES, SPIKE = 0.03, 4.0
LIMIT = 10.0
GATED, CONTROL = 1, 2
# Usual times of a gated and of a control test at five locations, in ms.
USUAL = {"New York": 200.0, "London": 500.0, "Frankfurt": 800.0, "Singapore": 1300.0, "Sydney": 1800.0}
ELSEWHERE = {"New York": 900.0, "London": 300.0, "Frankfurt": 450.0, "Singapore": 2500.0, "Sydney": 700.0}


class Row(NamedTuple):
    """One line of a table: what is simulated."""

    before: int
    after: int
    change: float = 0.0
    spread: str = "one"  # one location, five in turn, or five at random
    drift: str = (
        "none"  # none; slow: common to both tests, 10 % sd, correlation 0.8 from run to run; bad hour: +30 % too
    )
    control: float = 0.0  # runs of the control test for each run of the gated one; 0: there is none
    noise: float = SIGMA  # of the control
    match: str = "location"
    outage: float = 0.0  # share of runs that fail in both tests after the deploy; judged by availability
    broken: float = 0.0  # share of runs that fail in the gated test alone


def noise(generator: random.Random, sigma: float) -> float:
    """What a run takes over its usual time, as a factor."""
    return generator.lognormvariate(0, sigma) * (SPIKE if generator.random() < SPIKES else 1.0)


def drift(generator: random.Random, row: Row) -> list[float]:
    """A factor for each run of the gated test, baseline first: what the Internet adds."""
    count = row.before + row.after
    if row.drift == "none":
        return [1.0] * count
    level, found = generator.gauss(0, 1), []
    for _number in range(count):
        found.append(math.exp(0.1 * level))
        level = 0.8 * level + 0.6 * generator.gauss(0, 1)
    if row.drift == "bad hour":
        found[row.before :] = [1.3 * factor for factor in found[row.before :]]
    return found


def places(generator: random.Random, spread: str, count: int) -> list[str]:
    names = list(USUAL)
    if spread == "one":
        return [names[0]] * count
    if spread == "random":
        return [generator.choice(names) for _number in range(count)]
    return [names[number % len(names)] for number in range(count)]


def runs(generator: random.Random, row: Row) -> list[dict[str, Any]]:
    """The runs of one deploy, of both tests and both windows."""
    common = drift(generator, row)
    tests = [(GATED, 1.0, SIGMA, USUAL)] + ([(CONTROL, row.control, row.noise, ELSEWHERE)] if row.control else [])
    found = []
    for test, often, sigma, usual in tests:
        for first, count, start, after in ((0, row.before, -HOUR, False), (row.before, row.after, 0, True)):
            own = max(1, round(count * often))
            failing = (row.outage + (row.broken if test == GATED else 0.0)) if after else 0.0
            changed = 1 + row.change if after and test == GATED else 1.0
            for number, place in enumerate(places(generator, row.spread, own)):
                tick = first + int((number + 0.5) * count / own)
                value = usual[place] * noise(generator, sigma) * common[tick] * changed
                found.append(
                    {
                        "time": iso(DEPLOY + start + int(HOUR * (number + 0.5) / own)),
                        "test_id": test,
                        "node": place,
                        "failed": generator.random() < failing,
                        "metrics": {"test_time": value},
                    }
                )
    return found


def gate_for(row: Row) -> Gate:
    timing = {"metric": "test_time", "fail": {"max_increase_percent": LIMIT}}
    available = {"metric": "availability", "fail": {"max_decrease": 1}}
    baseline = {"match": row.match, "control_test_ids": [CONTROL] if row.control else []}
    criterion = available if row.outage or row.broken else timing
    options = {
        "since": DEPLOY,
        "now": DEPLOY + HOUR,
        "criteria": [criterion],
        "baseline": baseline,
        "test_ids": [GATED],
    }
    return parse_verdict(options, DEPLOY + HOUR)


def plain(given: Sequence[dict[str, Any]], name: str) -> bool:
    """A plain percentage rule: whether an aggregate of all runs rose by more than the limit."""
    values: dict[bool, list[float]] = {False: [], True: []}
    start = iso(DEPLOY)
    for run in given:
        if run["test_id"] == GATED:
            values[run["time"] >= start].append(run["metrics"]["test_time"])
    now, then = aggregate(name, values[True]), aggregate(name, values[False])
    return bool(now is not None and then and now / then > 1 + LIMIT / 100)


def rates(row: Row, repeats: int) -> Counter[str]:
    """How often each verdict fell, and how often each plain rule would have failed the deploy."""
    gate = gate_for(row)
    generator = random.Random(repr(row))
    found: Counter[str] = Counter()
    for _number in range(repeats):
        given = runs(generator, row)
        found[judge(gate, given, now=DEPLOY + HOUR).result["verdict"]] += 1
        for name in ("mean", "median", "p95"):
            found[name] += plain(given, name)
    return found


def table_one() -> Iterator[Row]:
    """One location, by number of runs."""
    sizes = [(5, 5), (12, 6), (30, 15), (60, 30)]
    for change in (0.0, 0.2, 0.5):
        for before, after in sizes:
            yield Row(before, after, change)


def table_locations() -> Iterator[Row]:
    """Five locations (200 to 1800 ms): matched by location, and all together."""
    for match in ("location", "none"):
        for before, after, spread in ((20, 10, "random"), (60, 30, "random"), (30, 15, "even"), (60, 30, "even")):
            for change in (0.0, 0.2):
                yield Row(before, after, change, spread, match=match)


def table_drift() -> Iterator[Row]:
    """A drift common to the gated test and to a control test, without and with the control."""
    for before, after in ((12, 6), (30, 15), (60, 30)):
        for kind in ("none", "slow", "bad hour"):
            for control in (0.0, 1.0):
                yield Row(before, after, drift=kind, control=control)
    for before, after in ((12, 6), (30, 15), (60, 30)):
        for change in (0.2, 0.5):
            for control in (0.0, 1.0):
                yield Row(before, after, change, drift="slow", control=control)


def table_controls() -> Iterator[Row]:
    """Other controls, under the slow drift: rarer, more frequent, noisier, calmer, at five locations."""
    for change in (0.0, 0.2):
        for control, sigma, spread in (
            (0.5, SIGMA, "one"), (2.0, SIGMA, "one"), (1.0, 0.4, "one"), (1.0, 0.1, "one"), (1.0, SIGMA, "even"),
            (1.0, SIGMA, "random"),
        ):  # fmt: skip
            yield Row(60, 30, change, spread, "slow", control, sigma)


def table_availability() -> Iterator[Row]:
    """Availability (limit: 1 point less), when a share of runs fails in both tests, or in the gated test alone."""
    for outage, broken in ((0.05, 0.0), (0.2, 0.0), (0.5, 0.0), (0.05, 0.3), (0.2, 0.3)):
        for control in (0.0, 1.0):
            yield Row(60, 20, control=control, outage=outage, broken=broken)


TABLES: dict[str, Callable[[], Iterator[Row]]] = {
    "runs": table_one,
    "locations": table_locations,
    "drift": table_drift,
    "controls": table_controls,
    "availability": table_availability,
}
HEADS = (
    "runs b/a",
    "true change",
    "locations",
    "drift",
    "control",
    "mean",
    "median",
    "p95",
    "GATE",
    "warn",
    "no verdict",
)


def cells(row: Row, found: Counter[str], repeats: int) -> list[str]:
    def share(name: str) -> str:
        return f"{found[name] / repeats:.3f}"

    timing = not (row.outage or row.broken)
    change = f"{100 * row.change:+.0f} %" if row.change else "none"
    if not timing:
        change = f"{100 * row.broken:.0f} % fail" if row.broken else "none"
    places_text = {"one": "one", "even": "5, in turn", "random": "5, random"}[row.spread]
    if row.spread != "one" and row.match == "none":
        places_text += ", pooled"
    control = "-"
    if row.control:
        control = f"{row.control:g}x" + (f" sigma {row.noise:g}" if row.noise != SIGMA else "")
    trouble = f"{100 * row.outage:.0f} % fail" if not timing else row.drift
    rules = [share(name) if timing else "" for name in ("mean", "median", "p95")]
    verdicts = [share("fail"), share("warn"), share("inconclusive")]
    return [f"{row.before}/{row.after}", change, places_text, trouble, control, *rules, *verdicts]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=4000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--table", choices=sorted(TABLES), action="append")
    arguments = parser.parse_args()
    started = time.monotonic()
    alarms: list[tuple[str, float]] = []
    judged = 0
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for name in arguments.table or TABLES:
            rows = list(TABLES[name]())
            print(f"\n{TABLES[name].__doc__}\n", flush=True)
            print("| " + " | ".join(HEADS) + " |")
            print("|" + " --- |" * len(HEADS))
            for row, found in zip(rows, pool.map(rates, rows, [arguments.repeats] * len(rows))):
                print("| " + " | ".join(cells(row, found, arguments.repeats)) + " |", flush=True)
                judged += arguments.repeats
                fair = row.control or (row.drift == "none" and not row.outage)
                if not row.change and not row.broken and fair and row.match == "location":
                    label = " ".join(filter(None, cells(row, found, arguments.repeats)[:5]))
                    alarms.append((label, found["fail"] / arguments.repeats))
    error = math.sqrt(0.05 * 0.95 / arguments.repeats)
    print(f"\nFigures are shares of {arguments.repeats} deploys; at 0.05 their standard error is {error:.4f}.")
    print(
        "mean, median, p95: plain rules, failing when that figure of all runs is more than 10 % above the baseline's."
    )
    print("GATE: failed by the gate (size and evidence); warn: beyond the limit, but within noise.")
    label, worst = max(alarms, key=lambda entry: entry[1])
    print(f"Most false alarms where the gate can know better: {worst:.3f} ({label}).")
    print(f"{judged} deploys judged in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
