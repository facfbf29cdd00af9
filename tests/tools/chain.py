# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs steps side by side, each a target of the Makefile, and sums up how they ended.

    python3 tests/tools/chain.py STEP ...     STEP is a target, or target:CORE for one ansible-core release
    python3 tests/tools/chain.py --matrix     sanity, units and integration on every release that fits a Python here,
                                              with the newest libraries, and once with the oldest

A step's output goes to build/logs; that of a step that fails is shown. The last line has the totals of all tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import environments
import pythons
import results

ROOT = Path(__file__).resolve().parents[2]
SIDE_BY_SIDE = 2
LINES_SHOWN = 200
NO_SANITY = ("2.16",)  # its sanity tests want the boilerplate of Python 2 in every file


class Ended(NamedTuple):
    """How a step ended: its name, its exit status, its seconds, what its tests came to (None: no tests)."""

    step: str
    status: int
    seconds: float
    tests: results.Count | None
    log: Path

    @property
    def word(self) -> str:
        return "FAILED" if self.status else "ok"


def prefix(step: str) -> Path:
    return ROOT / "build" / "results" / step.replace(":", "-")


def run(step: str) -> Ended:
    """Runs one step. Skipped tests fail it: every test is meant to run everywhere."""
    target, core = (step + ":").split(":")[:2]
    log = ROOT / "build" / "logs" / (prefix(step).name + ".log")
    for old in prefix(step).parent.glob(prefix(step).name + ".[jx]*"):
        old.unlink()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CATCHPOINT_", "MAKE", "MFLAGS"))}
    start = time.monotonic()
    with open(log, "wb") as output:
        command = ["make", target, *([f"CORE={core}"] if core else [])]
        env["STEP_RESULT"] = str(prefix(step))
        done = subprocess.run(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
        )
        count = results.load(prefix(step))
        status = done.returncode
        if count and count.skipped:
            output.write(b"FAULT: tests were skipped; every test has to run.\n")
            status = status or 1
    ended = Ended(step, status, time.monotonic() - start, count, log)
    print(f"{ended.word:7}{step:24}{ended.seconds:4.0f} s  {count or ''}", flush=True)
    return ended


def show(ended: Ended) -> None:
    """Prints the output of a step that failed, the last part when it is long."""
    lines = ended.log.read_text(encoding="utf-8", errors="replace").splitlines()
    left_out = f" (the last {LINES_SHOWN} lines; all: {ended.log})" if len(lines) > LINES_SHOWN else ""
    print(f"\n======== {ended.step} failed{left_out}", *lines[-LINES_SHOWN:], sep="\n")


def matrix() -> tuple[list[str], list[str]]:
    """The steps for every tested release, and what had to be left out on this machine."""
    found = pythons.search()
    steps, left_out = [], []
    for core, (low, high) in pythons.CORES.items():
        if pythons.fitting(core, found) is None:
            left_out.append(f"ansible-core {core} was left out: it needs Python 3.{low} to 3.{high}, none was found.")
            continue
        steps += [f"{kind}:{core}" for kind in ("sanity", "units", "integration")]
        if core in NO_SANITY:
            steps.remove(f"sanity:{core}")
            left_out.append(f"sanity of ansible-core {core} was left out: it asks for the boilerplate of Python 2.")
    newest = pythons.newest_core(found)
    steps += [f"units-all:{newest}", f"integration-oldest:{newest}"]
    steps += [f"{kind}-oldest-libraries:{pythons.cores(found)[0]}" for kind in ("units", "integration")]
    for minor in range(pythons.LOWEST, pythons.HIGHEST + 1):
        if minor not in found.usable:
            left_out.append(f"Python 3.{minor} was left out: it was not found.")
    return steps, left_out


def main() -> int:
    steps, left_out = matrix() if sys.argv[1:] == ["--matrix"] else (sys.argv[1:], [])
    environments.development()
    for core in dict.fromkeys(step.partition(":")[2] for step in steps):
        environments.for_core(core)
    for folder in ("logs", "results"):
        (ROOT / "build" / folder).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        try:
            ended = list(pool.map(run, steps))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            return 130
    failed = [one for one in ended if one.status]
    for one in failed:
        show(one)
    total = results.Count()
    print("\nstep                          ended   seconds  tests")
    for one in ended:
        print(f"{one.step:30}{one.word:8}{one.seconds:7.0f}  {one.tests or '-'}")
        count = one.tests or results.Count()
        if one.status and not count.failed:
            count = count._replace(failed=1)  # the step itself
        total = total.plus(count)
    print("", *left_out, sep="\n")
    print(total)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
