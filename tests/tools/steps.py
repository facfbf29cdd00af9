# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands: one with its output shown and recorded, or several nox sessions in parallel with a summary."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from results import Count, count

ROOT = Path(__file__).resolve().parents[2]
SIDE_BY_SIDE = 2 * (os.cpu_count() or 1)  # a third of the time of most steps is waiting: for gates, servers and disks
NO_WORKERS = {"PYTEST_XDIST_AUTO_NUM_WORKERS": "0"}  # for pytest -nauto: the steps share the processors already
LINES_SHOWN = 200


def shown(command: Sequence[str | Path], place: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Runs a command and shows its output. Returns its exit status and its output."""
    lines = []
    with subprocess.Popen(
        command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


class Ended(NamedTuple):
    """Result of a step: its session, whether it failed, its seconds, its tests, its output."""

    session: str
    failed: bool
    seconds: float
    tests: Count
    log: str

    def __str__(self) -> str:
        word = "FAILED" if self.failed else "ok"
        return f"{self.session:30}{word:8}{self.seconds:7.0f} s  {self.tests if sum(self.tests) else ''}".rstrip()


def run(session: str) -> Ended:
    """Runs one session of nox. Its output goes to build/logs."""
    start = time.monotonic()
    path = ROOT / "build" / "logs" / f"{session}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "nox", "--session", session], cwd=ROOT, check=False,
            env={**os.environ, "NO_COLOR": "1", **NO_WORKERS},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    log = path.read_text(encoding="utf-8", errors="replace")
    tests = count(log)
    failed = bool(done.returncode or tests.failed)
    if failed and not tests.failed:
        tests = tests._replace(failed=1)  # the step itself
    ended = Ended(session, failed, time.monotonic() - start, tests, log)
    print(ended, flush=True)
    return ended


def run_all(sessions: Sequence[str], left_out: Sequence[str] = ()) -> bool:
    """Runs sessions in parallel. Prints the result of each and, in the last line, the number of tests."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        ended = list(pool.map(run, sessions))
    for one in (one for one in ended if one.failed):
        lines = one.log.splitlines()
        print(f"\n======== {one.session} failed, the last lines of build/logs/{one.session}.log:")
        print(*lines[-LINES_SHOWN:], sep="\n")
    print("\nstep                          ended   seconds  tests", *ended, *left_out, "", sep="\n")
    print(Count(sum(one.tests.passed for one in ended), sum(one.tests.failed for one in ended)))
    return not any(one.failed for one in ended)
