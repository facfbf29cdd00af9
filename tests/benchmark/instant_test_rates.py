# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often instant tests before and after a deploy find a slower version: the table of the guide verdict_in_minutes.

    python3 tests/benchmark/instant_test_rates.py [--repeats 1000] [--row N ...]

5 nodes with 3 runs each, before and after, judged as the role performance_gate judges performance_gate_smoke. The usual
times of the nodes differ, and the runs of a node are lognormal. The same seed gives the same table. Needs ansible-core,
nothing else. Without --row, it also prints from which min on an availability of 0 % of 5 runs is a fail.
"""

from __future__ import annotations

import argparse
import random
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import_module("conftest")  # makes the working tree importable as a collection
from _deploys import PLACES
from ansible_collections.community.catchpoint.plugins.module_utils._gate.offline import verdict_of_runs
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

TIMES = 3
CHANGES = (0, 20, 50, 100)
DEPLOY = 1_700_000_000.0
# The clock of the verdict; it must only be later than the runs.
LATER = DEPLOY + 3600.0


class Row(NamedTuple):
    """A row of the table: a limit in percent, and the standard deviation of the logarithm of a node's times."""

    limit: int
    sigma: float


ROWS = (Row(10, 0.2), Row(20, 0.2), Row(10, 0.4))


def runs(generator: random.Random, sigma: float, start: float, factor: float = 1.0) -> list[dict[str, Any]]:
    """One set of instant tests: 30 seconds from one time to the next."""
    return [
        {
            "time": iso(start + 30 * number),
            "test_id": 1,
            "node": node,
            "failed": False,
            "metrics": {"webpage_response": usual * generator.lognormvariate(0, sigma) * factor},
        }
        for number in range(TIMES)
        for node, usual in PLACES.items()
    ]


def failed(row: Row, change: int, generator: random.Random) -> bool:
    """Whether one deploy gets the verdict fail."""
    before = runs(generator, row.sigma, DEPLOY - 600)
    after = runs(generator, row.sigma, DEPLOY, 1 + change / 100)
    options = {
        "criteria": [{"metric": "webpage_response", "fail": {"max_increase_percent": row.limit}}],
        "baseline": {"runs": before},
    }
    verdict = verdict_of_runs(after, options, clock=LATER).result["verdict"]
    if verdict not in ("pass", "warn", "fail"):
        raise ValueError(f"A simulated deploy could not be judged: {verdict}")
    return bool(verdict == "fail")


def least_minimum() -> int:
    """The lowest min of availability, as a whole number, that 5 failed runs of 5 break."""
    dead = [
        {"time": iso(DEPLOY), "test_id": 1, "node": node, "failed": True, "metrics": {}} for node in list(PLACES)[:5]
    ]
    return next(
        minimum
        for minimum in range(2, 101)
        if verdict_of_runs(
            dead, {"criteria": [{"metric": "availability", "fail": {"min": minimum}}]}, clock=LATER
        ).result["verdict"]
        == "fail"
    )


def line(row: Row, repeats: int) -> str:
    generator = random.Random(repr(row))
    cells = [100 * sum(failed(row, change, generator) for _number in range(repeats)) / repeats for change in CHANGES]
    shown = " | ".join(f"{cell:.0f} %" for cell in cells)
    return f"| +{row.limit} % | {100 * row.sigma:.0f} % | {shown} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--row", type=int, choices=range(1, len(ROWS) + 1), action="append")
    arguments = parser.parse_args()
    print("| limit | spread | no change | +20 % | +50 % | +100 % |\n| --- | --- | ---: | ---: | ---: | ---: |")
    for number in arguments.row or range(1, len(ROWS) + 1):
        print(line(ROWS[number - 1], arguments.repeats), flush=True)
    if not arguments.row:
        print(f"\nA page that fails at all of 5 nodes is a fail for each min of {least_minimum()} or more.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
