# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate's model of runs: time, location, failure and metrics.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import gc
import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import is_failure_counter
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import is_usable

_LARGEST = sys.float_info.max
UNKNOWN_LOCATION = "unknown"
_new = tuple.__new__
_NO_METRICS: dict[str, Any] = {}
# A start as the collection's modules write it, in two parts: 2026-11-23T09:00: and 00Z.
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:[0-5]\dZ", re.ASCII)
_TO_MINUTE = 17
_SECONDS = {f"{second:02}Z": second for second in range(60)}


class DataError(Exception):
    """Runs or events that cannot be read. The text says which one, and why."""


def incomplete_data(test_ids: Iterable[int]) -> DataError:
    """The error for tests whose runs are not complete, because a missing run may be the one that fails a criterion."""
    tests = ", ".join(map(str, sorted(test_ids)))
    return DataError(
        f"The runs of test {tests} are not complete: the service truncated them, or returned runs that cannot be used. "
        "Gate fewer tests at a time, or a shorter window."
    )


class Sample(NamedTuple):
    """One run of a test."""

    time: float  # its start, in seconds since 1970 UTC
    location: str
    failed: bool
    metrics: Mapping[str, Any]
    test_id: Optional[int]


class Samples(NamedTuple):
    """The runs of some tests, by test, in the order they came in. No run is there twice."""

    by_test: dict[Optional[int], list[Sample]]
    names: dict[Optional[int], str]
    metrics: frozenset[str]  # every metric that a run has, whatever its value
    duplicates: int  # copies that were dropped

    def of(self, test_id: Optional[int]) -> list[Sample]:
        return self.by_test.get(test_id, [])


class Readings(NamedTuple):
    """The usable values of one metric, with the run that each comes from."""

    values: list[float]
    runs: list[Sample]
    failed: int  # runs that failed
    unusable: int  # runs that did not fail but lack a usable value

    @property
    def size(self) -> int:
        return len(self.values)

    @property
    def total(self) -> int:
        """All runs, with and without a usable value."""
        return len(self.values) + self.failed + self.unusable


class Windows(NamedTuple):
    """The runs of one test, or of the control tests, in order of time."""

    current: Sequence[Sample]
    baseline: Sequence[Sample]
    history: Sequence[Sample] = ()  # before the baseline; only autocorrelation is estimated from it

    def at(self, location: Optional[str]) -> Windows:
        """The runs at one location."""
        return Windows(*([run for run in runs if run.location == location] for runs in self))

    def without(self, location: str) -> Windows:
        """The runs at all other locations."""
        return Windows(*([run for run in runs if run.location != location] for runs in self))


class Cut(NamedTuple):
    """Runs sorted out by their start."""

    before: int  # earlier than since
    warmup: int  # between since and the start
    inside: Sequence[Sample]
    after: int


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Reading 100,000 runs creates objects that all stay, which Python would search for garbage again and again.

    In one poll or judgement that took as long as a tenth to a half of json.loads of the runs, and found nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@garbage_collection_paused()
def read_runs(runs: Iterable[Any]) -> Samples:
    """Reads runs given as {time, test_id, test_name, node, city, country, failed, metrics: {slug: number or null}}.

    Two runs of a test with the same node and start are one run. The first one counts, unless a later copy failed and
    it did not. Runs without a node are never duplicates. Raises DataError.
    """
    by_test: defaultdict[Optional[int], list[Sample]] = defaultdict(list)
    names: dict[Optional[int], str] = {}
    metrics: set[str] = set()
    # The position of each run: by test and node, then by start.
    positions: defaultdict[tuple[Optional[int], str], dict[float, int]] = defaultdict(dict)
    minutes: dict[str, float] = {}
    duplicates = 0
    for position, run in enumerate(runs):
        try:
            sample = _sample(run, minutes)
        except (TypeError, ValueError, KeyError) as error:
            raise DataError(f"Run {position + 1} cannot be read: {_why(error)}.") from None
        test_id = sample.test_id
        kept = by_test[test_id]
        if test_id not in names and run.get("test_name"):
            names[test_id] = str(run["test_name"])
        metrics.update(sample.metrics)
        node = run.get("node") or run.get("node_id")
        if node is not None:
            first = positions[test_id, str(node)].setdefault(sample.time, len(kept))
            if first < len(kept):
                duplicates += 1
                if sample.failed and not kept[first].failed:
                    kept[first] = sample
                continue
        kept.append(sample)
    return Samples(dict(by_test), names, frozenset(metrics), duplicates)


def as_samples(runs: Union[Iterable[Any], Samples]) -> Samples:
    """Reads runs, unless that was done: those of the baseline are the same at every poll. Raises DataError."""
    return runs if isinstance(runs, Samples) else read_runs(runs)


def adopt(samples: Samples, test_ids: Sequence[Optional[int]]) -> Samples:
    """Assigns runs that name no test to the only test. With several tests they stay unassigned."""
    named = [test_id for test_id in test_ids if test_id is not None]
    if len(named) != 1 or None not in samples.by_test:
        return samples
    by_test = dict(samples.by_test)
    by_test[named[0]] = [*by_test.get(named[0], []), *by_test.pop(None)]
    return samples._replace(by_test=by_test)


def in_time(samples: Iterable[Sample]) -> list[Sample]:
    """The runs in order of their start, then of their location."""
    return sorted(samples, key=itemgetter(0, 1))


def cut(ordered: Sequence[Sample], since: float, start: float, end: Optional[float]) -> Cut:
    """Sorts runs in order of time out by their start: those of [start, end) count, without an end all from start on."""
    # A run is a tuple that begins with its time, so (time,) comes before every run from then on.
    first, begin = bisect_left(ordered, (since,)), bisect_left(ordered, (start,))
    stop = len(ordered) if end is None else max(begin, bisect_left(ordered, (end,)))
    return Cut(first, begin - first, ordered[begin:stop], len(ordered) - stop)


def readings(samples: Iterable[Sample], metric: str) -> Readings:
    """The usable values of a metric: of runs that did not fail, finite and at least 0.

    A counter of failures counts for failed runs, too, and is 0 for a run that did not fail and has null.
    """
    counts_failures = is_failure_counter(metric)
    values: list[float] = []
    runs: list[Sample] = []
    failed = unusable = 0
    for sample in samples:
        if sample.failed and not counts_failures:
            failed += 1
            continue
        value = sample.metrics.get(metric)
        if value is None and counts_failures and not sample.failed:
            value = 0
        # Nearly all values are floats, and a call for each of 100,000 costs more than everything else here.
        if (isinstance(value, float) and 0 <= value <= _LARGEST) or is_usable(value):
            values.append(float(value))  # type: ignore[arg-type]
            runs.append(sample)
        elif sample.failed:
            failed += 1
        else:
            unusable += 1
    return Readings(values, runs, failed, unusable)


def id_of_test(value: Any) -> Optional[int]:
    """A test's id, which may be text, or None. Raises ValueError."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"its test_id is not a number but {value!r}")
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"its test_id is not a number but {str(value)!r}") from None


def _sample(run: Any, minutes: dict[str, float]) -> Sample:
    """One run. ``minutes`` are the starts of the minutes so far, which it adds to (see _start)."""
    if not isinstance(run, (dict, Mapping)):
        raise TypeError("it is not a dictionary")
    failed = run["failed"]
    if failed is not True and failed is not False:
        raise ValueError("its failed is neither true nor false")
    metrics = run.get("metrics")
    if metrics is None:
        metrics = _NO_METRICS
    elif not isinstance(metrics, (dict, Mapping)):
        raise TypeError("its metrics are not a dictionary")
    # Where it took place: its node, else its city, else its country.
    location = run.get("node") or run.get("city") or run.get("country") or UNKNOWN_LOCATION
    time = run["time"]
    try:
        start = minutes[time[:_TO_MINUTE]] + _SECONDS[time[_TO_MINUTE:]]
    except (KeyError, TypeError):
        start = _start(time, minutes)
    test_id = run.get("test_id")
    if not isinstance(test_id, int) or isinstance(test_id, bool):
        test_id = id_of_test(test_id)
    # As Sample(...), but without its function in Python, which takes twice as long.
    return _new(Sample, (start, str(location), failed, metrics, test_id))


def _start(time: object, minutes: dict[str, float]) -> float:
    """The start of a run. Its minute is remembered where that is certain to give the other starts in it, too.

    Runs are many in a minute, and two look-ups take a third of the time of parsing.
    """
    start = run_time(time)
    if isinstance(time, str) and _WRITTEN.fullmatch(time):
        minutes[time[:_TO_MINUTE]] = start - _SECONDS[time[_TO_MINUTE:]]
    return start


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    return str(error) or type(error).__name__
