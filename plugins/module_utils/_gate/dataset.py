# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input data: the runs of every test in all windows, and the groups that a criterion is judged for.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    Cut,
    Sample,
    Samples,
    Windows,
    adopt,
    as_samples,
    cut,
    in_time,
    read_runs,
    readings,
)


class Dataset(NamedTuple):
    """The runs of a gate, in order of time. A test without any run is in it as well."""

    tests: tuple[Optional[int], ...]
    names: dict[Optional[int], str]
    current: dict[Optional[int], Cut]
    baseline: dict[Optional[int], Sequence[Sample]]
    history: dict[Optional[int], Sequence[Sample]]  # before the baseline, where autocorrelation is estimated from
    control: Optional[Windows]  # the runs of all control tests together; None without a control
    metrics: frozenset[str]  # every metric that a run has
    duplicates: int
    relative: bool  # whether any criterion compares with the baseline

    by_location: dict[tuple[Optional[int], str], Windows]  # where a criterion is split by location, else empty

    def windows(self, test_id: Optional[int], location: Optional[str]) -> Windows:
        """The runs of one test in all windows, at one location or at all."""
        if location is not None:
            return self.by_location.get((test_id, location), Windows([], []))
        return Windows(self.current[test_id].inside, self.baseline[test_id], self.history[test_id])


def gather(gate: Gate, runs: Sequence[Any], baseline_runs: Union[Sequence[Any], Samples, None]) -> Dataset:
    """Sorts runs into tests and windows.

    ``runs`` are those since the deploy, of the gated and of the control tests; ``baseline_runs`` those that the
    baseline window and its history are cut from, which may have been read before; None when ``runs`` hold them too.
    Stored runs of the gate's options take their place. Without test_ids, the tests are all those that any run belongs
    to, so that none is lost for having no new run. Raises DataError.
    """
    now = read_runs(runs)
    stored = gate.baseline.runs
    pool = stored if stored is not None else baseline_runs
    before = now if pool is None else as_samples(pool)
    controls = gate.baseline.control_test_ids
    tests = gate.test_ids or _tests(now, before, controls)
    now_in_time = _in_time(adopt(now, tests))
    before_in_time = now_in_time if pool is None else _in_time(adopt(before, tests))
    window = gate.baseline

    def current(test_id: Optional[int]) -> Cut:
        return cut(now_in_time.get(test_id, []), gate.since, gate.start, gate.end)

    def baseline(test_id: Optional[int]) -> Sequence[Sample]:
        found = before_in_time.get(test_id, [])
        return found if stored is not None else cut(found, window.start, window.start, window.end).inside

    def history(test_id: Optional[int]) -> Sequence[Sample]:
        if stored is not None or not gate.relative:
            return []
        found = before_in_time.get(test_id, [])
        return cut(found, window.history_start, window.history_start, window.start).inside

    control = Windows(
        in_time(run for test_id in controls for run in current(test_id).inside),
        in_time(run for test_id in controls for run in baseline(test_id)),
        in_time(run for test_id in controls for run in history(test_id)),
    )
    found = Dataset(
        tests=tuple(tests),
        names={**before.names, **now.names},
        current={test_id: current(test_id) for test_id in tests},
        baseline={test_id: baseline(test_id) for test_id in tests},
        history={test_id: history(test_id) for test_id in tests},
        control=control if controls else None,
        metrics=now.metrics | before.metrics,
        duplicates=now.duplicates + (0 if pool is None else before.duplicates),
        relative=gate.relative,
        by_location={},
    )
    split = any(criterion.split_by == "location" for criterion in gate.criteria)
    return found._replace(by_location=_by_location(found)) if split else found


def locations_of(criterion: Criterion, dataset: Dataset, test_id: Optional[int]) -> list[Optional[str]]:
    """The locations that a criterion is judged at for one test; [None] when it is not split by location.

    A location that has enough baseline runs for a verdict but no current ones belongs to them: it is missing, not
    forgotten.
    """
    if criterion.split_by != "location":
        return [None]
    names = {run.location for run in dataset.current[test_id].inside}
    if dataset.relative:
        baseline = dataset.baseline[test_id]
        runs = readings(baseline, criterion.metric).runs if criterion.of_runs else baseline
        counts = Counter(run.location for run in runs)
        names |= {name for name, count in counts.items() if count >= criterion.need}
    return [*sorted(names)] or [None]


def _tests(now: Samples, before: Samples, controls: Sequence[int]) -> tuple[Optional[int], ...]:
    found = {*now.by_test, *before.by_test} - set(controls)
    named = sorted(test_id for test_id in found if test_id is not None)
    if len(named) == 1 or None not in found:
        return tuple(named) or (None,)
    return (*named, None)


def _in_time(samples: Samples) -> dict[Optional[int], list[Sample]]:
    return {test_id: in_time(runs) for test_id, runs in samples.by_test.items()}


def _by_location(dataset: Dataset) -> dict[tuple[Optional[int], str], Windows]:
    """The runs of every test at each of its locations."""
    found = {}
    for test_id in dataset.tests:
        groups = [_grouped(runs) for runs in dataset.windows(test_id, None)]
        for location in set().union(*groups):
            found[test_id, location] = Windows(*(group.get(location, []) for group in groups))
    return found


def _grouped(runs: Iterable[Sample]) -> dict[str, list[Sample]]:
    groups: defaultdict[str, list[Sample]] = defaultdict(list)
    for run in runs:
        groups[run.location].append(run)
    return groups
