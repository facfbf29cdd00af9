# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Runs as the gate reads them: when, where, failed or not, and their metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import is_usable

UNKNOWN_LOCATION = "unknown"
_NO_METRICS: dict[str, Any] = {}


class DataError(Exception):
    """What was given as runs or events cannot be read as such. The text says which one, and why."""


def incomplete_data(test_ids: Iterable[int]) -> DataError:
    """The error for tests of which the service has more runs than it gives: what it left out may be what matters."""
    tests = ", ".join(map(str, sorted(test_ids)))
    return DataError(
        f"The service held back runs of test {tests}: the data is not complete. Judge fewer tests at a time, or a "
        "shorter window."
    )


class Sample(NamedTuple):
    """One run of a test."""

    time: float  # its start, in seconds since 1970 UTC
    location: str
    failed: bool
    metrics: Mapping[str, Any]
    test_id: Optional[int]


class Samples(NamedTuple):
    """The runs of some tests, by test, in the order they came in."""

    by_test: dict[Optional[int], list[Sample]]
    names: dict[Optional[int], str]
    metrics: frozenset[str]  # every metric that a run has, whatever its value

    def of(self, test_id: Optional[int]) -> list[Sample]:
        return self.by_test.get(test_id, [])


class Readings(NamedTuple):
    """The usable values of one metric, with the run that each comes from."""

    values: list[float]
    runs: list[Sample]
    failed: int  # runs that failed
    unusable: int  # runs that did not fail and have no usable value

    @property
    def size(self) -> int:
        return len(self.values)


class Cut(NamedTuple):
    """Runs sorted out by their start."""

    before: int  # earlier than since
    warmup: int  # between since and the start
    inside: list[Sample]
    after: int


def read_runs(runs: Iterable[Any]) -> Samples:
    """Runs as dictionaries {time, test_id, test_name, node, city, country, failed, metrics: {slug: number or null}}.

    Raises DataError.
    """
    by_test: dict[Optional[int], list[Sample]] = {}
    names: dict[Optional[int], str] = {}
    metric_sets: set[tuple[str, ...]] = set()
    for position, run in enumerate(runs):
        try:
            sample = _sample(run)
        except (TypeError, ValueError, KeyError) as error:
            raise DataError(f"Run {position + 1} cannot be read: {_why(error)}.") from None
        kept = by_test.get(sample.test_id)
        if kept is None:
            kept = by_test[sample.test_id] = []
        if sample.test_id not in names and run.get("test_name"):
            names[sample.test_id] = str(run["test_name"])
        kept.append(sample)
        metric_sets.add(tuple(sample.metrics))
    return Samples(by_test, names, frozenset().union(*metric_sets))


def adopt(samples: Samples, test_ids: Sequence[Optional[int]]) -> Samples:
    """Runs that name no test are those of the only one there is; with several tests they stay nobody's."""
    named = [test_id for test_id in test_ids if test_id is not None]
    if len(named) != 1 or None not in samples.by_test:
        return samples
    by_test = dict(samples.by_test)
    by_test[named[0]] = [*by_test.get(named[0], []), *by_test.pop(None)]
    return samples._replace(by_test=by_test)


def cut(samples: Iterable[Sample], since: float, start: float, end: Optional[float]) -> Cut:
    """Sorts runs out by their start: those of [start, end) count, without an end all from the start on."""
    before = warmup = after = 0
    inside = []
    for sample in samples:
        time = sample[0]
        if time < start:
            if time < since:
                before += 1
            else:
                warmup += 1
        elif end is not None and time >= end:
            after += 1
        else:
            inside.append(sample)
    return Cut(before, warmup, inside, after)


def readings(samples: Iterable[Sample], metric: str) -> Readings:
    """The usable values of a metric: of runs that did not fail, finite and at least 0."""
    values: list[float] = []
    runs: list[Sample] = []
    failed = unusable = 0
    for sample in samples:
        if sample.failed:
            failed += 1
            continue
        value = sample.metrics.get(metric)
        if is_usable(value):
            values.append(float(value))  # type: ignore[arg-type]
            runs.append(sample)
        else:
            unusable += 1
    return Readings(values, runs, failed, unusable)


def location_of(run: Mapping[str, Any]) -> str:
    """Where a run took place: its node, else its city, else its country."""
    for key in ("node", "city", "country"):
        value = run.get(key)
        if value:
            return str(value)
    return UNKNOWN_LOCATION


def id_of_test(value: Any) -> Optional[int]:
    """A test's id, which may be text, or None. Raises ValueError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"its test_id is no number but {value!r}")
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"its test_id is no number but {str(value)!r}") from None


def _sample(run: Any) -> Sample:
    if not isinstance(run, (dict, Mapping)):
        raise TypeError("it is no dictionary")
    failed = run["failed"]
    if failed is not True and failed is not False:
        raise ValueError("its failed is neither true nor false")
    metrics = run.get("metrics")
    if metrics is None:
        metrics = _NO_METRICS
    elif not isinstance(metrics, (dict, Mapping)):
        raise TypeError("its metrics are no dictionary")
    return Sample(run_time(run["time"]), location_of(run), failed, metrics, id_of_test(run.get("test_id")))


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    return str(error) or type(error).__name__
