# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The runs behind a verdict, which the HTML report draws, thinned so that they fit into the result.

One series for each test and metric: {test, metric, locations, runs, current, baseline}. ``runs`` is the number of runs
there were; ``current`` and ``baseline`` are texts of points "seconds value location", separated by ";": seconds since
``since`` (before it: negative), the value to four digits or "-", and an index of ``locations``, with an x behind it for
a failed run. As texts they take one line each where Ansible prints a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY, OF_TESTS
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import Dataset
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import RANK
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Sample
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import is_usable

MOST_SERIES = 12
MOST_POINTS = 240
MOST_LOCATIONS = 8
OTHER_LOCATIONS = "other locations"


class Point(NamedTuple):
    """One run of a series."""

    seconds: float  # since the deploy
    value: Optional[float]
    location: int  # an index of the series' locations
    failed: bool


def plot_data(material: Dataset, rows: Sequence[dict[str, Any]], since: float) -> list[dict[str, Any]]:
    """The series for some rows of a result, those of the worst rows first when there are too many."""
    wanted: dict[tuple[Optional[int], str], None] = {}
    for row in sorted(rows, key=lambda row: -RANK.index(row["status"])):
        if row["metric"] not in (*OF_TESTS, AVAILABILITY):
            wanted.setdefault((row["test_id"], row["metric"]))
    with_metric = {test_id for test_id, _metric in wanted}
    for row in rows:
        if row["metric"] == AVAILABILITY and row["test_id"] not in with_metric:
            wanted.setdefault((row["test_id"], AVAILABILITY))
    return [_series(material, test_id, metric, since) for test_id, metric in list(wanted)[:MOST_SERIES]]


def read_points(text: str) -> list[Point]:
    """The points of a series' text. Raises ValueError."""
    points = []
    for entry in filter(None, text.split(";")):
        seconds, value, place = entry.split(" ")
        location = int(place.rstrip("x"))
        points.append(Point(float(seconds), None if value == "-" else float(value), location, place.endswith("x")))
    return points


def _series(material: Dataset, test_id: Optional[int], metric: str, since: float) -> dict[str, Any]:
    current = material.current[test_id].inside
    baseline = material.baseline[test_id]
    counts = Counter(run.location for run in chain(current, baseline))
    names = sorted(counts, key=lambda name: (-counts[name], name))
    places = sorted(names if len(names) <= MOST_LOCATIONS else names[: MOST_LOCATIONS - 1])
    index = {name: position for position, name in enumerate(places)}
    share = max(MOST_POINTS // 2, MOST_POINTS - len(baseline))
    kept = _thinned(current, metric, min(share, MOST_POINTS))
    kept_before = _thinned(baseline, metric, MOST_POINTS - len(kept))

    def written(runs: Sequence[Sample]) -> str:
        return ";".join(
            f"{run.time - since:.0f} {_value(run, metric)} {index.get(run.location, len(places))}{'x' * run.failed}"
            for run in runs
        )

    return {
        "test_id": test_id,
        "metric": metric,
        "locations": places if len(places) == len(names) else [*places, OTHER_LOCATIONS],
        "runs": {"current": len(current), "baseline": len(baseline)},
        "current": written(kept),
        "baseline": written(kept_before),
    }


def _value(run: Sample, metric: str) -> str:
    value = run.metrics.get(metric)
    return f"{value:.4g}" if is_usable(value) else "-"


def _thinned(runs: Sequence[Sample], metric: str, most: int) -> list[Sample]:
    """At most ``most`` runs in order of time: some of the failed ones and the highest, and the others evenly."""
    ordered = sorted(runs, key=attrgetter("time"))
    if len(ordered) <= most:
        return ordered
    eighth = most // 8
    failed = []
    values = []
    for position, run in enumerate(ordered):
        if run.failed:
            failed.append(position)
            continue
        value = run.metrics.get(metric)
        if is_usable(value):
            values.append((value, position))
    kept = {*_evenly(failed, eighth), *(position for _value, position in nlargest(eighth, values))}
    # Evenly at each location: tests rotate through their nodes, and a fixed step could always hit the same node.
    by_location = sorted(range(len(ordered)), key=lambda position: ordered[position].location)
    kept.update(_evenly(by_location, most - len(kept)))
    return [ordered[position] for position in sorted(kept)]


def _evenly(positions: Sequence[int], most: int) -> list[int]:
    if len(positions) <= most:
        return list(positions)
    return [positions[k * len(positions) // most] for k in range(most)]
