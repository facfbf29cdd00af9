# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random gates, each from its own seed: realistic runs of a test, and criteria that judge them."""

from __future__ import annotations

import os
import random
from typing import Any, NamedTuple

from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    HOUR,
    MISSING,
    run,
)

# The number of gates that each property is checked with. A release is checked with GATE_EXAMPLES=10000.
EXAMPLES = int(os.environ.get("GATE_EXAMPLES", "150"))
NODES = ("NY", "LON", "SG", "FRA", "SYD", "SAO")


class Drawn(NamedTuple):
    """One gate and the runs that it judges."""

    seed: int
    runs: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    options: dict[str, Any]


def drawn_gates(salt: int = 0) -> list[Drawn]:
    """EXAMPLES gates; another ``salt`` draws other gates."""
    return [drawn(1_000_000 * salt + number) for number in range(EXAMPLES)]


def drawn(seed: int) -> Drawn:
    generator = random.Random(seed)
    nodes = NODES[: generator.choice([1, 1, 2, 3, 5, 6])]
    tests = [1] if generator.random() < 0.8 else [1, 2]
    runs = []
    for test in [*tests, 9]:
        runs += _runs(generator, test, nodes)
    criteria = [_criterion(generator) for _number in range(generator.choice([1, 1, 2, 3]))]
    if not any(entry.get("enforce", True) and ("fail" in entry or "warn" in entry) for entry in criteria):
        criteria[0].update(enforce=True, fail={"max": 1100} if criteria[0]["metric"] == "test_time" else {"min": 90})
    return Drawn(seed, runs, criteria, _options(generator, tests))


def _runs(generator: random.Random, test: int, nodes: tuple[str, ...]) -> list[dict[str, Any]]:
    every = generator.choice([120, 240, 600])
    failing = generator.choice([0, 0, 0.02, 0.3, 0.8, 1])
    failing_after = generator.choice([failing, failing, 0, 0.05, 0.5, 1])
    unusable = generator.choice([0, 0, 0.1, 0.7])
    change = generator.choice([1, 1, 1.08, 1.3, 2])
    noise = generator.choice([0, 0.02, 0.2, 0.5])
    lost = generator.choice([None, None, None, nodes[-1]])
    odd = generator.choice([None, None, nodes[0]])
    found = []
    for number, seconds in enumerate(range(-2 * HOUR, generator.choice([0, 1200, HOUR]), every)):
        for index, node in enumerate(nodes):
            after = seconds >= 0
            if after and node == lost:
                continue
            factor = (change if after else 1) * (3 if after and node == odd else 1)
            value: Any = round(1000 * (1 + index) * factor * generator.lognormvariate(0, noise), 1)
            if generator.random() < unusable:
                value = generator.choice([None, MISSING, "NaN", 0, -1])
            failed = generator.random() < (failing_after if after else failing)
            place = None if number % 7 == 6 and generator.random() < 0.2 else node
            found.append(run(seconds + index, MISSING if failed else value, node=place, test=test, failed=failed))
    return found


def _criterion(generator: random.Random) -> dict[str, Any]:
    metric = generator.choice(["test_time", "test_time", "test_time", "availability"])
    split = generator.choice([None, None, "location", "test"])
    entry: dict[str, Any] = {
        "metric": metric,
        "on_missing": generator.choice(["inconclusive", "inconclusive", "fail", "warn", "pass"]),
        "enforce": generator.random() < 0.9,
        "min_samples": generator.choice([1, 3, 5, 5, 8]),
        "significance": generator.choice([0, 0.05, 0.05, 0.05, 1e-6]),
    }
    if split is not None:
        entry.update(split_by=split, max_failing=generator.choice([0, 1, 2, 9]))
    if metric == "availability":
        limits = [{"min": 99}, {"min": 60}, {"min": 100}, {"max_decrease": 5}, {"min": 90, "max_decrease_percent": 3}]
    else:
        entry["aggregate"] = generator.choice(
            ["median", "median", "mean", "geomean", "max", "min", "sum", "p75", "p90"]
        )
        entry["min_delta"] = generator.choice([0, 0, 50])
        if split != "location":
            entry["single_location"] = generator.choice(["warn", "fail"])
        limits = [
            {"max": 1200},
            {"min": 500},
            {"max_increase_percent": 10},
            {"max_increase_percent": 20, "max": 9000},
            {"max_increase": 150},
            {"max_decrease_percent": 10},
        ]
    for level in ("fail", "warn"):
        if generator.random() < 0.7:
            entry[level] = generator.choice(limits)
    return entry


def _options(generator: random.Random, tests: list[int]) -> dict[str, Any]:
    baseline: dict[str, Any] = {"match": generator.choice(["location", "location", "none"])}
    if generator.random() < 0.3:
        baseline["control_test_ids"] = [9]
    if generator.random() < 0.3:
        baseline["history"] = generator.choice([0, 1800])
    return {
        "since": DEPLOY,
        "now": DEPLOY + HOUR,
        "warmup": generator.choice([0, 300]),
        "test_ids": tests,
        "baseline": baseline,
    }
