# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The relative part of a criterion: how far the current runs are from the baseline, and how likely that is by chance.

Times and counts
    Every value is divided by m, the median of the baseline's values at its own location (``match: none``: not at all).
    Locations with fewer than 3 baseline values, or whose m is 0, are left out; where m is 0 at all of them, nothing is
    divided. c and b being the aggregates of both sides after that, the change is 100 (c / b - 1) percent. At least half
    of the current values must be left.
    Evidence: Mann-Whitney for median, mean and geomean; for a percentile, Fisher's test on the number of values above
    the baseline's percentile; none for min, max and sum.

Availability
    The change is the difference in percentage points. Evidence: Fisher's test on failed runs against the others.

With control tests (difference in differences)
    The control's runs are divided by the medians of their own test, location by location, as above. With c' and b' the
    aggregates of the control, the change is 100 ((c / b) / (c' / b') - 1) percent: what is left when the change that
    the untouched test saw in the same two windows is taken out.

    Evidence. The control is measured with noise too. Dividing the current runs by c' / b' and testing as before takes
    that noise for certainty: it calls 10 to 30 % of the deploys that changed nothing significant where 5 % are
    allowed (measured, tests/benchmark/gate_rates.py). Instead, the runs of both tests are put in order of time
    within each window and cut into as many blocks as the rarer of the two has runs: block k of K holds the runs k n / K
    to (k + 1) n / K of each test. A block's value is the median of the gated test's runs over the median of the
    control's. What drifts for both alike cancels within a block, also when it drifts within the window; the blocks'
    values share no run, so that they are as independent as runs are; and current and baseline blocks are made
    alike. Hence Mann-Whitney on current against baseline blocks (Fisher's test for a percentile) keeps its level,
    whatever the noise of the two tests. The price is the noise of the control in every block: a control that runs
    as often as the gated test at the same nodes halves the sample, as it were; one that runs more often costs less.

    Tried and measured besides: bootstrap of the four medians (keeps the level, sees less), permutation of the runs
    around their medians (7 to 9 % false alarms in small samples), Welch's test on logarithms (5 to 8 %).

    Availability: the difference of the two differences in points; evidence is the normal approximation of Price and
    Bonett for a sum of proportions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Readings, Sample, readings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import (
    fisher,
    mann_whitney,
    rise_beyond_control,
)
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import (
    aggregate,
    median,
    percent_of,
    percentile,
)

# A location's median of fewer values than this is no usual value.
_LEAST_AT_LOCATION = 3
_RANKED = ("median", "mean", "geomean")


class Pair(NamedTuple):
    """The runs of one test, or of the control tests, in both windows."""

    current: Sequence[Sample]
    baseline: Sequence[Sample]


class Comparison(NamedTuple):
    """The outcome. When ``missing`` tells why there is none, the numbers that could be had are there all the same."""

    missing: Optional[str] = None
    raw: Optional[float] = None  # the baseline's aggregate as it was measured
    adjusted: Optional[float] = None  # the same for the current mix of locations, and for the control's change
    samples: int = 0  # usable values of the baseline
    excluded: tuple[str, ...] = ()  # locations of current runs that have no usual value
    change: float = 0.0  # in the metric's unit, or points
    change_percent: float = 0.0  # may be infinite
    p: Optional[float] = None  # None where no evidence applies
    control_change_percent: Optional[float] = None
    control_samples: Optional[tuple[int, int]] = None  # usable values of the control, current and baseline
    compared: tuple[int, int] = (0, 0)  # values that the evidence rests on, current and baseline
    sides: tuple[Sequence[float], Sequence[float]] = ((), ())  # these values; empty when missing


class _Side(NamedTuple):
    """Normalised values in the order of their runs."""

    values: list[float]
    runs: list[Sample]


def compare_values(
    criterion: Criterion, match: str, current: Readings, baseline: Readings, value: float, control: Optional[Pair]
) -> Comparison:
    """Compares the usable values of a metric. ``value`` is the current aggregate, which must be defined."""
    name = criterion.aggregate or ""
    raw = aggregate(name, baseline.values)
    partial = Comparison(raw=raw, samples=baseline.size)
    if baseline.size < criterion.need:
        return partial._replace(missing=f"the baseline has {_enough(baseline.size, criterion.need)}")
    usual = _usual_values(baseline, _by_location)
    places = {run.location for run in (*current.runs, *baseline.runs)}
    # Where every location usually measures 0 there is nothing to divide by, and no need to.
    zeros = all(usual.get(place) == 0 for place in places)
    if match != "location" or zeros:
        now, before = _plain(current), _plain(baseline)
    else:
        now, before = _scaled(current, usual, _by_location), _scaled(baseline, usual, _by_location)
    kept = {run.location for run in now.runs}
    excluded = tuple(sorted({run.location for run in current.runs} - kept))
    partial = partial._replace(excluded=excluded, compared=(len(now.values), len(before.values)))
    where = f" (without a usual value at {', '.join(excluded)})" if excluded else ""
    if 2 * len(now.values) < current.size:
        return partial._replace(
            missing=f"only {len(now.values)} of {current.size} values can be compared with their own location{where}"
        )
    for side, count in (("the current window", len(now.values)), ("the baseline", len(before.values))):
        if count < criterion.need:
            return partial._replace(missing=f"{side} has {_enough(count, criterion.need)}{where}")
    c, b = aggregate(name, now.values), aggregate(name, before.values)
    if c is None or b is None or not (math.isfinite(c) and math.isfinite(b)):
        return partial._replace(missing=f"the {name} of the baseline is not defined{where}")
    factor = _ratio(c, b)
    blocks = None
    if control is not None:
        controlled = _control(criterion, match, control)
        partial = partial._replace(
            missing=controlled.missing,
            control_change_percent=None if controlled.factor is None else 100 * (controlled.factor - 1),
            control_samples=controlled.samples,
        )
        if controlled.factor is None:
            return partial
        if b:  # without a baseline to speak of, 0 is no change and the rest is infinite, control or not
            factor /= controlled.factor
        blocks = [_blocks(*sides) for sides in zip((now, before), controlled.sides)]
        fewest = min(len(values) for values in blocks)
        if fewest < criterion.need:
            return partial._replace(missing=f"the control tests have {_enough(fewest, criterion.need)}")
    change_percent = 100 * (factor - 1)
    adjusted = raw or 0.0 if factor == 0 or math.isinf(factor) else value / factor
    change = value - adjusted
    sides = blocks if blocks is not None else [now.values, before.values]
    return partial._replace(
        adjusted=adjusted,
        change=change,
        change_percent=change_percent,
        p=evidence(name, sides[0], sides[1], criterion.direction(change)),
        compared=(len(sides[0]), len(sides[1])),
        sides=(sides[0], sides[1]),
    )


def compare_availability(
    criterion: Criterion, current: Sequence[Sample], baseline: Sequence[Sample], control: Optional[Pair]
) -> Comparison:
    """Compares shares of runs that did not fail, in percentage points. There must be a current run."""
    partial = Comparison(samples=len(baseline), compared=(len(current), len(baseline)))
    if baseline:
        partial = partial._replace(raw=availability(baseline))
    if len(baseline) < criterion.need:
        return partial._replace(missing=f"the baseline has {_enough(len(baseline), criterion.need, 'run')}")
    value, raw = availability(current), availability(baseline)
    change = value - raw
    failed, failed_before = _failed(current), _failed(baseline)
    sign = criterion.direction(change)
    counts = None
    if control is not None:
        sizes = (len(control.current), len(control.baseline))
        partial = partial._replace(control_samples=sizes)
        if min(sizes) < criterion.need:
            return partial._replace(missing=f"the control tests have {_enough(min(sizes), criterion.need, 'run')}")
        control_change = availability(control.current) - availability(control.baseline)
        change -= control_change
        sign = criterion.direction(change)
        partial = partial._replace(control_change_percent=control_change)
        counts = (_hits(control.current, sign), sizes[0], _hits(control.baseline, sign), sizes[1])
    hits, hits_before = (failed, failed_before) if sign < 0 else (len(current) - failed, len(baseline) - failed_before)
    if counts is None:
        p = fisher(hits, len(current), hits_before, len(baseline))
    else:
        p = rise_beyond_control(hits, len(current), hits_before, len(baseline), counts)
    return partial._replace(adjusted=value - change, change=change, change_percent=change, p=p)


def availability(samples: Sequence[Sample]) -> float:
    """The percentage of runs that did not fail; there must be a run."""
    return 100 * (len(samples) - _failed(samples)) / len(samples)


def _failed(samples: Sequence[Sample]) -> int:
    return sum(sample.failed for sample in samples)


def _hits(samples: Sequence[Sample], sign: int) -> int:
    """Failed runs when a decrease of availability is looked for, the others for an increase."""
    return _failed(samples) if sign < 0 else len(samples) - _failed(samples)


class _Control(NamedTuple):
    missing: Optional[str]
    factor: Optional[float]  # how the control changed, 1 being not at all
    samples: tuple[int, int]
    sides: tuple[_Side, _Side]


def _control(criterion: Criterion, match: str, control: Pair) -> _Control:
    current, baseline = (readings(side, criterion.metric) for side in control)
    key = _by_test_and_location if match == "location" else _by_test
    usual = _usual_values(baseline, key)
    now, before = _scaled(current, usual, key), _scaled(baseline, usual, key)
    result = _Control(None, None, (current.size, baseline.size), (now, before))
    for side, count in (("baseline", len(before.values)), ("current window", len(now.values))):
        if count < criterion.need:
            enough = _enough(count, criterion.need, "comparable value")
            return result._replace(missing=f"the control tests have {enough} in the {side}")
    c, b = (aggregate(criterion.aggregate or "", side.values) for side in (now, before))
    if not c or not b or not (math.isfinite(c) and math.isfinite(b)):
        return result._replace(missing=f"the {criterion.aggregate} of the control tests is 0 or not defined")
    return result._replace(factor=c / b)


def _usual_values(baseline: Readings, key: Callable[[Sample], Hashable]) -> dict[Hashable, float]:
    """The median of the baseline by location (and test), where there are enough values for one."""
    groups: dict[Hashable, list[float]] = {}
    for value, run in zip(baseline.values, baseline.runs):
        groups.setdefault(key(run), []).append(value)
    return {place: median(values) for place, values in groups.items() if len(values) >= _LEAST_AT_LOCATION}


def _scaled(side: Readings, usual: dict[Hashable, float], key: Callable[[Sample], Hashable]) -> _Side:
    """Each value over the usual one of its place; values of places without one are left out."""
    values = []
    runs = []
    for value, run in zip(side.values, side.runs):
        scale = usual.get(key(run))
        if scale:
            values.append(value / scale)
            runs.append(run)
    return _Side(values, runs)


def _plain(side: Readings) -> _Side:
    return _Side(side.values, side.runs)


def _by_location(run: Sample) -> Hashable:
    return run.location


def _by_test(run: Sample) -> Hashable:
    return run.test_id


def _by_test_and_location(run: Sample) -> Hashable:
    return (run.test_id, run.location)


def _ratio(c: float, b: float) -> float:
    """c / b; of nothing to nothing the change is none, of something to nothing it is infinite."""
    if b == 0:
        return 1.0 if c == 0 else math.inf
    return c / b


def _blocks(gated: _Side, control: _Side) -> list[float]:
    """The gated test's values over the control's, block by block in time, as many as the rarer one has runs."""
    mine, others = _in_time(gated), _in_time(control)
    count = min(len(mine), len(others))
    return [_ratio(median(_block(mine, k, count)), median(_block(others, k, count))) for k in range(count)]


def _in_time(side: _Side) -> list[float]:
    order = sorted(zip(side.runs, side.values), key=lambda pair: (pair[0].time, pair[0].location))
    return [value for _run, value in order]


def _block(values: list[float], k: int, count: int) -> list[float]:
    return values[k * len(values) // count : (k + 1) * len(values) // count]


def evidence(name: str, current: Sequence[float], baseline: Sequence[float], sign: int) -> Optional[float]:
    """Returns p of the current values lying this far above (``sign`` 1) or below (-1) the baseline's by chance.

    None for an aggregate without a test.
    """
    if name in _RANKED:
        return mann_whitney(current, baseline, greater=sign > 0)
    percent = percent_of(name)
    if percent is None:
        return None
    border = percentile(sorted(baseline), percent)
    # Above the border, or when a decrease is looked for, not above it.
    hits = [sum((value > border) is (sign > 0) for value in side) for side in (current, baseline)]
    return fisher(hits[0], len(current), hits[1], len(baseline))


def _enough(count: int, need: int, noun: str = "usable value") -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}, {need} needed"
