# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploys for gate_rates.py: simulated and recorded series of runs, and their cuts around a deploy."""

from __future__ import annotations

import csv
import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

SIGMA = 0.25
SPIKES, SPIKE = 0.03, 4.0
# The gate's own default: autocorrelation is estimated from this many baselines before the baseline.
HISTORY = 4
# Usual times at five locations, in ms.
PLACES = {"New York": 200.0, "London": 500.0, "Frankfurt": 800.0, "Singapore": 1300.0, "Sydney": 1800.0}
NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
ROUND = timedelta(seconds=60)


class Run(NamedTuple):
    """One run of a series. The value of a failed run is None."""

    time: datetime
    location: str
    value: float | None


class Deploy(NamedTuple):
    """A series, cut where a version went live."""

    history: Sequence[Run]
    baseline: Sequence[Run]
    current: Sequence[Run]
    control: Deploy | None = None  # the same hours of a test that the version does not touch


class Noise(NamedTuple):
    """The noise of a series. All locations share the drift."""

    name: str
    drift: float = 0.0  # standard deviation, as a share
    correlation: float = 0.0  # of the drift, from run to run
    bursts: float = 0.0  # the chance that a burst begins at a run; it lasts 5 runs on average and doubles their times

    def drifts(self, generator: random.Random, count: int) -> list[float]:
        """A factor for each run that resembles that of the run before."""
        level, found = generator.gauss(0, 1), []
        for _number in range(count):
            found.append(math.exp(self.drift * level))
            level = self.correlation * level + math.sqrt(1 - self.correlation**2) * generator.gauss(0, 1)
        return found

    def factors(self, generator: random.Random, drifts: Sequence[float]) -> Iterator[float]:
        """The time of each run, divided by the usual time."""
        bursting = False
        for drift in drifts:
            bursting = generator.random() < (0.8 if bursting else self.bursts)
            spike = SPIKE if generator.random() < SPIKES else 1.0
            yield drift * generator.lognormvariate(0, SIGMA) * spike * (2.0 if bursting else 1.0)


INDEPENDENT = Noise("independent")
NOISES = (
    INDEPENDENT,
    Noise("drift 10/0.8", drift=0.1, correlation=0.8),
    Noise("drift 20/0.95", drift=0.2, correlation=0.95),
    Noise("bursts", bursts=0.02),
)


def simulated(
    generator: random.Random, noise: Noise, before: int, after: int, *, places: int = 1, bad: float = 1.0
) -> Deploy:
    """A deploy without a change, except that one location may be ``bad`` times slower after it."""
    return _simulated(generator, noise, noise.drifts(generator, needed(before, after)), after, places, bad)


def with_control(generator: random.Random, noise: Noise, before: int, after: int, *, shared: bool) -> Deploy:
    """The same beside a control test at the same times, with the same drift or one of its own."""
    drifts = noise.drifts(generator, needed(before, after))
    deploy = _simulated(generator, noise, drifts, after, 1, 1.0)
    own = drifts if shared else noise.drifts(generator, needed(before, after))
    return deploy._replace(control=_simulated(generator, noise, own, after, 1, 1.0))


def _simulated(
    generator: random.Random, noise: Noise, drifts: Sequence[float], after: int, places: int, bad: float
) -> Deploy:
    names = list(PLACES)[:places]
    deploy = len(drifts) - after
    before = deploy // (HISTORY + 1)
    worst = generator.choice(names)
    runs = []
    for number, factor in enumerate(noise.factors(generator, drifts)):
        place = names[number % places]
        slower = bad if number >= deploy and place == worst else 1.0
        runs.append(Run(NOON + (number - deploy) * ROUND, place, PLACES[place] * factor * slower))
    return Deploy(runs[: HISTORY * before], runs[HISTORY * before : deploy], runs[deploy:])


def at_random_nodes(generator: random.Random, deploy: Deploy) -> Deploy:
    """The same deploy at five locations, each run at a random one."""

    def moved(runs: Sequence[Run]) -> list[Run]:
        places = [generator.choice(list(PLACES)) for _run in runs]
        return [
            run._replace(location=place, value=(run.value or 0.0) / PLACES[run.location] * PLACES[place])
            for run, place in zip(runs, places)
        ]

    return Deploy(moved(deploy.history), moved(deploy.baseline), moved(deploy.current))


def changed(deploy: Deploy, change: float) -> Deploy:
    """The same deploy with a version whose runs take longer."""
    factor = 1 + change
    return deploy._replace(
        current=[run._replace(value=None if run.value is None else run.value * factor) for run in deploy.current]
    )


def cut(generator: random.Random, series: Sequence[Run], before: int, after: int) -> Deploy:
    """A deploy at a random time of a series. The series must be long enough for one."""
    first = generator.randrange(len(series) - needed(before, after) + 1)
    baseline = first + HISTORY * before
    current = baseline + before
    return Deploy(series[first:baseline], series[baseline:current], series[current : current + after])


def needed(before: int, after: int) -> int:
    return (HISTORY + 1) * before + after


# Recorded series


def recorded(path: Path, metric: str) -> dict[str, list[Run]]:
    """The series of a file, or of all .json and .csv files of a folder, by name. Raises ValueError."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    found: dict[str, list[Run]] = {}
    for file in files:
        if file.suffix == ".csv":
            found[file.stem] = _of_csv(file)
        elif file.suffix == ".json":
            found.update(_of_json(file, metric))
    if not found:
        raise ValueError(f"{path} has no .json and no .csv file")
    return {name: sorted(runs) for name, runs in found.items()}


def _of_csv(file: Path) -> list[Run]:
    """Columns time (ISO 8601), value; optional: location, failed (0 or 1). An empty value is a failed run."""
    with file.open(encoding="utf-8", newline="") as stream:
        return [_run(row, row.get("value"), file) for row in csv.DictReader(stream)]


def _of_json(file: Path, metric: str) -> dict[str, list[Run]]:
    """A list of runs, or a result of catchpoint_test_data_info with include_runs: one series for each test."""
    data = json.loads(file.read_text(encoding="utf-8"))
    runs = data
    if isinstance(data, dict):
        runs = [run for test in data.get("tests", []) for run in test.get("runs", [])]
    if not isinstance(runs, list) or not runs:
        raise ValueError(
            f"{file} does not contain runs. Read them with catchpoint_test_data_info and include_runs: true"
        )
    found: dict[str, list[Run]] = {}
    for run in runs:
        name = f"{file.stem} {run['test_id']}" if run.get("test_id") is not None else file.stem
        found.setdefault(name, []).append(_run(run, (run.get("metrics") or {}).get(metric), file))
    return found


def _run(row: Mapping[str, Any], value: Any, file: Path) -> Run:
    try:
        time = datetime.fromisoformat(str(row["time"]).replace("Z", "+00:00"))
        time = time if time.tzinfo else time.replace(tzinfo=timezone.utc)
        place = str(row.get("location") or row.get("node") or row.get("city") or "unknown")
        failed = str(row.get("failed") or "0").strip().lower() in ("1", "true", "yes")
        return Run(time, place, None if failed or value in (None, "") else float(value))
    except (KeyError, ValueError) as error:
        raise ValueError(f"{file}: a run cannot be read ({error}): {dict(row)}") from None
