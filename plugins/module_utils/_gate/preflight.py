# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warnings before the wait: missing baseline data, and criteria that can never fail with the planned runs.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils._gate.attainability import BinomialReach, runs_needed
from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import baseline_reach
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion, check_metrics
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import Dataset, gather
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import (
    Level,
    attainable,
    binomial_limit,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Part, parts
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    Samples,
    garbage_collection_paused,
    readings,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import counted


class _Hopeless(NamedTuple):
    """A row that cannot reach its significance."""

    location: Optional[str]
    current: int  # runs to be expected
    baseline: Optional[int]  # values that they are compared with; None without a comparison
    least_p: Callable[[int], float]
    level: Level


@garbage_collection_paused()
def baseline_warnings(gate: Gate, baseline_runs: Union[Sequence[Any], Samples]) -> list[str]:
    """Returns the warnings before the wait, from the runs of baseline and history.

    Raises DataError, and GateArgumentError for an unknown metric if there is a run that could have it.
    """
    dataset = gather(gate, [], baseline_runs)
    if dataset.metrics:
        check_metrics(gate.criteria, dataset.metrics)
    rows = parts(gate, dataset)
    found = []
    for position, criterion in enumerate(gate.criteria):
        for test_id in dataset.tests:
            of_test = f" of test {test_id}" if test_id is not None else ""
            lacking = _lacking(criterion, dataset, test_id, of_test)
            if lacking:
                found.append(lacking)
                continue
            own = {part: groups for part, groups in rows.items() if part[:2] == (position, test_id)}
            hopeless = [row for row in (_hopeless(gate, dataset, part, groups) for part, groups in own.items()) if row]
            if hopeless:
                found.append(_warning(criterion, hopeless, len(own), of_test if len(dataset.tests) > 1 else ""))
    return found


def _lacking(criterion: Criterion, dataset: Dataset, test_id: Optional[int], of_test: str) -> Optional[str]:
    """Why the baseline is too small for a criterion; None when it is not, or not needed."""
    if not criterion.relative:
        return None
    runs = dataset.baseline[test_id]
    count = readings(runs, criterion.metric).size if criterion.of_runs else len(runs)
    if count >= criterion.need:
        return None
    noun = "usable value" if criterion.of_runs else "run"
    return (
        f"{criterion.name}: the baseline{of_test} has {counted(count, noun)} of {criterion.metric}, {criterion.need} "
        f"needed. Without more it will count as {criterion.on_missing}."
    )


def _hopeless(gate: Gate, dataset: Dataset, part: Part, groups: int) -> Optional[_Hopeless]:
    """The row, where the planned runs cannot give a p below its significance; None where they can."""
    position, test_id, location = part
    criterion = gate.criteria[position]
    level = Level(criterion.significance, groups)
    windows = dataset.windows(test_id, location)
    expected = _expected(gate, len(windows.baseline))
    if not expected or not level.significance:
        return None
    limit = binomial_limit(criterion)
    if limit is not None and not attainable(BinomialReach(limit.value).least_p, expected, level):
        return _Hopeless(location, expected, None, BinomialReach(limit.value).least_p, level)
    if not criterion.relative or dataset.control is not None:
        return None  # how many blocks there will be with a control, its future runs decide
    reach = baseline_reach(criterion, gate.baseline.match, windows, expected)
    if reach is None or attainable(reach.least_p, expected, level):
        return None
    return _Hopeless(location, expected, reach.baseline, reach.least_p, level)


def _expected(gate: Gate, baseline_runs: int) -> Optional[int]:
    """How many runs a row will have at the horizon; None when nothing says so."""
    if gate.min_runs is not None:
        return gate.min_runs
    span = gate.baseline.end - gate.baseline.start
    if gate.duration is None or gate.baseline.runs is not None:
        return None
    return round(baseline_runs * gate.duration / span)


def _warning(criterion: Criterion, hopeless: Sequence[_Hopeless], locations: int, of_test: str) -> str:
    """Says that a criterion can never fail, with the row that is farthest from it."""
    worst = max(hopeless, key=lambda row: row.least_p(row.current))
    level = worst.level
    against = f" against {worst.baseline}" if worst.baseline is not None else ""
    where = f" at {worst.location}" if worst.location is not None else ""
    if worst.location is not None and len(hopeless) == locations > 1:
        where = f" at each of {counted(locations, 'location')}"
    fewer = f", or judge fewer {criterion.split_by}s" if level.groups > 1 else ""
    verb = "gives" if worst.current == 1 else "give"
    needed = runs_needed(worst.least_p, level.shared)
    advice = (
        f"Wait for {counted(needed, 'run')}{fewer}."
        if needed is not None
        else f"No number of runs is enough: raise significance{fewer}."
    )
    return (
        f"{criterion.name}{of_test} can never fail: {counted(worst.current, 'run')}{against}{where} {verb} "
        f"p={worst.least_p(worst.current):.2g} at best, and {level.shared:.2g} is needed. {advice} It will count as "
        f"{criterion.on_missing}."
    )
