# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the time to judge 100,000 runs, beside json.loads of the same response.

    python3 tests/benchmark/gate_100k.py [--runs 100000]

Half of the runs are before the deploy, half after it, at 20 locations, with six metrics each. Each measurement runs in
a separate process, so that its memory can be measured. Needs only ansible-core.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import_module("conftest")  # makes the working tree importable as a collection
from ansible_collections.community.catchpoint.plugins.module_utils._gate.horizon import decide
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import parse_gate, parse_verdict
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import read_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import judge
from ansible_collections.community.catchpoint.plugins.module_utils._report.formats import report
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

DEPLOY = 1714564800
WINDOW = 86400
METRICS = ("test_time", "dns", "connect", "wait", "load", "webpage_response")
MEDIAN = {"metric": "test_time", "fail": {"max_increase_percent": 20}, "warn": {"max_increase_percent": 10}}
GATES: dict[str, list[dict[str, Any]]] = {
    "one criterion, median against the baseline": [MEDIAN],
    "the same for each location": [{**MEDIAN, "split_by": "location"}],
    "five criteria": [
        MEDIAN,
        {"metric": "availability", "fail": {"min": 90, "max_decrease": 1}},
        {"metric": "webpage_response", "aggregate": "p95", "fail": {"max_increase_percent": 20}},
        {"metric": "dns", "aggregate": "mean", "fail": {"max": 1000}},
        {"metric": "wait", "aggregate": "geomean", "fail": {"max_increase": 500}},
    ],
}


def answer(count: int) -> str:
    """The runs as catchpoint_test_data_info returns them, as JSON."""
    generator = random.Random(1)
    found = []
    for number in range(count):
        node = number % 20
        failed = generator.random() < 0.01
        found.append(
            {
                "time": iso(DEPLOY - WINDOW + 2 * WINDOW * number / count),
                "test_id": 81093,
                "test_name": "Home page",
                "node_id": node,
                "node": f"City {node}, Country - Provider",
                "city": f"City {node}",
                "country": "Country",
                "failed": failed,
                "metrics": {name: None if failed else round(generator.lognormvariate(7, 0.3), 1) for name in METRICS},
            }
        )
    return json.dumps(found)


def measured(work: Callable[[], Any]) -> tuple[float, float]:
    """CPU seconds of some work, and the peak memory of its process, in MB."""
    started = time.process_time()
    work()
    return time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def loading(text: str) -> tuple[float, float]:
    return measured(lambda: json.loads(text))


def judging(text: str, name: str) -> tuple[float, float]:
    runs = json.loads(text)
    now = DEPLOY + WINDOW
    options = {"since": DEPLOY, "now": now, "criteria": GATES[name], "baseline": {"duration": WINDOW}}
    gate = parse_verdict(options, now)
    return measured(lambda: judge(gate, runs, now=now))


def polling(text: str, name: str, first: bool) -> tuple[float, float]:
    """One poll in the middle of the wait: the rows are judged, and nothing is rendered.

    The first one reads the baseline, too.
    """
    runs = json.loads(text)
    new = [run for run in runs if run["time"] >= iso(DEPLOY)]
    before = [run for run in runs if run["time"] < iso(DEPLOY)]
    old = before if first else read_runs(before)
    now = DEPLOY + WINDOW
    options = {
        "test_ids": [81093],
        "since": DEPLOY,
        "warmup": 0,
        "duration": 2 * WINDOW,
        "wait_timeout": 3 * WINDOW,
        "criteria": GATES[name],
        "baseline": {"duration": WINDOW},
    }
    gate = parse_gate(options, now)
    return measured(lambda: decide(gate, new, now=now, started=DEPLOY, baseline_runs=old))


def reporting(text: str, name: str) -> tuple[float, float]:
    runs = json.loads(text)
    now = DEPLOY + WINDOW
    options = {"since": DEPLOY, "now": now, "criteria": GATES[name], "baseline": {"duration": WINDOW}}
    result = rendered(judge(parse_verdict(options, now), runs, now=now))
    return measured(lambda: report(result, "html"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=100_000)
    count = parser.parse_args().runs
    text = answer(count)
    with get_context("fork").Pool(1, maxtasksperchild=1) as pool:

        def best(work: Callable[..., tuple[float, float]], *arguments: Any) -> tuple[float, float]:
            """The fastest of three separate processes, because other work on the machine only ever adds time."""
            return min(pool.apply(work, arguments) for _number in range(3))

        start = best(measured, int)[1]
        base, peak = best(loading, text)
        print(f"{count} runs, {len(text) / 1e6:.0f} MB of JSON\n")
        print("| work | seconds of processor time | times json.loads | memory at its peak, MB above the start |")
        print("| --- | ---: | ---: | ---: |")
        print(f"| json.loads of the answer | {base:.2f} | 1.0 | {peak - start:.0f} |", flush=True)
        for name in GATES:
            seconds, peak = best(judging, text, name)
            print(
                f"| judge: {name} | {seconds:.2f} | {seconds / base:.1f} | {peak - start:.0f} (with the runs) |",
                flush=True,
            )
        for first in (True, False):
            for name in GATES:
                seconds, peak = best(polling, text, name, first)
                print(
                    f"| {'first' if first else 'later'} poll: {name} | {seconds:.2f} | {seconds / base:.1f} | "
                    f"{peak - start:.0f} (with the runs) |",
                    flush=True,
                )
        seconds, peak = best(reporting, text, "five criteria")
        print(f"| HTML report of the last | {seconds:.2f} | {seconds / base:.1f} | |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
