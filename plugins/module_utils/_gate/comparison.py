# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The relative part of a criterion: how far the current runs are from the baseline, and how likely that is by chance.

Times and counts
    Every value is divided by m, the median of the baseline's values at its own location (``match: none``: not at all).
    Locations with fewer than 3 baseline values, or whose m is 0, are excluded; if m is 0 at all of them, nothing is
    divided. c and b being the aggregates of both sides after that, the change is 100 (c / b - 1) percent. At least half
    of the current values must be left.
    Evidence: Mann-Whitney for median, mean and geomean; for a percentile, Fisher's test on the number of values above
    the baseline's percentile; none for min, max and sum. Its p is corrected for autocorrelation, which is estimated
    from the runs of baseline and history (see _gate.autocorrelation).

Availability
    The change is the difference in percentage points. Evidence: Fisher's test on failed runs against the others. Its p
    is not corrected: failures are too rare for an estimate of their autocorrelation.

Lost locations
    A location of the baseline without any current run is lost where at least 3 runs were to be expected. With 3 runs
    expected, none come by chance in 5 % of the cases (Poisson).

With control tests (difference in differences)
    The control's runs are divided by the medians of their own test, location by location, as above. With c' and b' the
    aggregates of the control, the change is 100 ((c / b) / (c' / b') - 1) percent: the change that remains after the
    control's own change between the same two windows is divided out.

    Evidence. The control is measured with noise, too. Dividing the current runs by c' / b' and testing as before
    ignores that noise: it calls 10 to 30 % of the deploys that changed nothing significant, although 5 % are
    allowed (measured, tests/benchmark/gate_rates.py). Instead, the runs of both tests are put in order of time
    within each window and cut into K blocks, where K is the number of runs of the rarer test: block k holds the runs
    k n / K to (k + 1) n / K of each test. A block's value is the median of the gated test's runs over the median of the
    control's. What drifts for both alike cancels within a block, also when it drifts within the window; the blocks'
    values share no run, so that they are as independent as runs are; and current and baseline blocks are made
    alike. Hence Mann-Whitney on current against baseline blocks (Fisher's test for a percentile) keeps its level,
    whatever the noise of the two tests. The price is the noise of the control in every block: a control that runs
    as often as the gated test at the same nodes halves the sample, as it were; one that runs more often costs less.

    Tried and measured besides: bootstrap of the four medians (keeps the level, sees less), permutation of the runs
    around their medians (7 to 9 % false alarms in small samples), Welch's test on logarithms (5 to 8 %).

    Availability: the difference of the two differences in points; evidence is the normal approximation of Price and
    Bonett for a sum of proportions.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import attrgetter, truediv
from typing import NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils._gate.attainability import RankReach, ShareReach
from ansible_collections.community.catchpoint.plugins.module_utils._gate.autocorrelation import (
    Design,
    corrected,
    effective_samples,
    gap_between,
    inflation,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    Readings,
    Sample,
    Windows,
    readings,
)
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
from ansible_collections.community.catchpoint.plugins.module_utils._text import counted, some

# The median of fewer values than this does not represent a location.
_LEAST_AT_LOCATION = 3
# A location is lost if at least this many runs were expected and none came.
_EXPECTED_OF_LOST = 3
_RANKED = ("median", "mean", "geomean")

_Key = Callable[[Sample], Hashable]
_by_location: _Key = attrgetter("location")
_by_test: _Key = attrgetter("test_id")
_by_test_and_location: _Key = attrgetter("test_id", "location")


class Side(NamedTuple):
    """Normalised values in the order of their runs."""

    values: list[float]
    runs: list[Sample]


class Comparison(NamedTuple):
    """The result of a comparison. If ``missing`` states why it failed, the available numbers are still set."""

    missing: Optional[str] = None
    raw: Optional[float] = None  # the baseline's aggregate as it was measured
    adjusted: Optional[float] = None  # the same for the current mix of locations, and for the control's change
    samples: int = 0  # usable values of the baseline
    excluded: tuple[str, ...] = ()  # locations of current runs without a usual value
    lost: tuple[tuple[str, int], ...] = ()  # locations of the baseline that send no runs any more, and their runs in it
    change: float = 0.0  # in the metric's unit, or points
    change_percent: float = 0.0  # may be infinite
    p: Optional[float] = None  # None where no evidence applies
    reach: Union[RankReach, ShareReach, None] = None  # the smallest p that this number of values can give
    inflation: Optional[float] = None  # by autocorrelation; None where p is not corrected
    control_change_percent: Optional[float] = None
    control_samples: Optional[tuple[int, int]] = None  # usable values of the control, current and baseline
    compared: tuple[int, int] = (0, 0)  # values that the evidence rests on, current and baseline
    sides: tuple[Sequence[float], Sequence[float]] = ((), ())  # these values; empty when missing, or for availability
    current: Optional[Side] = None  # the normalised current values with their runs

    @property
    def effective_samples(self) -> Optional[int]:
        """How many independent values the current ones are worth."""
        return None if self.inflation is None else effective_samples(self.compared[0], self.inflation)


def compare_values(
    criterion: Criterion,
    match: str,
    windows: Windows,
    current: Readings,
    value: float,
    control: Optional[Windows],
    *,
    horizon: Optional[int] = None,
) -> Comparison:
    """Compares the usable values of a metric.

    ``current`` are the values of the current window and ``value`` is their aggregate, ``horizon`` is the number of them
    that is expected when the gate ends, where it is not what there is.
    """
    name = criterion.aggregate or ""
    baseline, history = readings(windows.baseline, criterion.metric), readings(windows.history, criterion.metric)
    partial = _partial(windows, aggregate(name, baseline.values), baseline.size)
    missing = _unusable_baseline(criterion, baseline) or _mostly_lost(partial.lost, windows)
    if missing:
        return partial._replace(missing=missing)
    now, before, usual = _normalised(match, current, baseline)
    excluded = tuple(sorted(_places(current.runs) - _places(now.runs))) if len(now.runs) < current.size else ()
    partial = partial._replace(excluded=excluded, compared=(len(now.values), len(before.values)), current=now)
    missing = _too_few_kept(criterion, current.size, partial)
    if missing:
        return partial._replace(missing=missing)
    # Sorted here once, because every aggregate and test below sorts them.
    sides = (sorted(now.values), sorted(before.values))
    c, b = (aggregate(name, values) for values in sides)
    if c is None or b is None or not (math.isfinite(c) and math.isfinite(b)):
        return partial._replace(missing=f"the {name} of the baseline is not defined{_without_usual(excluded)}")
    found: Optional[_Found]
    if control is None:
        # Without a history the series is the baseline, divided by the same medians.
        series = before if usual is not None and not history.size else _series(match, history, baseline)
        gap = gap_between([run.time for run in series.runs], now.runs[0].time)
        found = _Found(1.0, sides, series.values, sides[1] if series is before else None, gap)
    else:
        past = _plain(history) if usual is None else _scaled(history, usual, _by_location)
        partial, found = _controlled(criterion, match, control, partial, _Sides(now, before, past))
    if found is None:
        return partial
    # If the baseline is 0, the change is none or infinite, with a control as without one.
    factor = _ratio(c, b) / (found.control if b else 1)
    adjusted = partial.raw or 0.0 if factor in (0, math.inf) else value / factor
    partial = partial._replace(adjusted=adjusted, change=value - adjusted, change_percent=100 * (factor - 1))
    return _with_evidence(criterion, partial, found, horizon)


def compare_availability(criterion: Criterion, windows: Windows, control: Optional[Windows]) -> Comparison:
    """Compares shares of runs that did not fail, in percentage points. There must be a current run."""
    current, baseline = windows.current, windows.baseline
    partial = _partial(windows, availability(baseline) if baseline else None, len(baseline))
    partial = partial._replace(compared=(len(current), len(baseline)))
    missing = _unusable_availability(criterion, baseline) or _mostly_lost(partial.lost, windows)
    if missing:
        return partial._replace(missing=missing)
    value = availability(current)
    change = value - availability(baseline)
    counts = None
    if control is not None:
        sizes = (len(control.current), len(control.baseline))
        partial = partial._replace(control_samples=sizes)
        if min(sizes) < criterion.need:
            return partial._replace(missing=f"the control tests have {_enough(min(sizes), criterion.need, 'run')}")
        control_change = availability(control.current) - availability(control.baseline)
        change -= control_change
        partial = partial._replace(control_change_percent=control_change)
    sign = criterion.direction(change)
    if control is not None:
        counts = (_hits(control.current, sign), sizes[0], _hits(control.baseline, sign), sizes[1])
    hits, hits_before = _hits(current, sign), _hits(baseline, sign)
    if counts is None:
        p = fisher(hits, len(current), hits_before, len(baseline))
    else:
        p = rise_beyond_control(hits, len(current), hits_before, len(baseline), counts)
    reach = ShareReach(len(baseline), hits_before, control=counts)
    return partial._replace(adjusted=value - change, change=change, change_percent=change, p=p, reach=reach)


def baseline_reach(
    criterion: Criterion, match: str, windows: Windows, expected: int
) -> Union[RankReach, ShareReach, None]:
    """Returns the smallest p that ``expected`` current values could give, before there are any; None without a test."""
    if not criterion.of_runs:
        falling = any("decrease" in limit.key for limit in criterion.limits)
        return ShareReach(len(windows.baseline), _hits(windows.baseline, -1 if falling else 1))
    baseline, history = readings(windows.baseline, criterion.metric), readings(windows.history, criterion.metric)
    _now, before, _usual = _normalised(match, Readings([], [], 0, 0), baseline)
    series = _series(match, history, baseline).values
    found = _Found(1.0, ([], before.values), series, None, 0)
    return _reach(criterion, found, criterion.direction(1), expected, expected)[1] if before.values else None


def availability(samples: Sequence[Sample]) -> float:
    """The percentage of runs that did not fail; there must be a run."""
    return 100 * (len(samples) - failed_runs(samples)) / len(samples)


def failed_runs(samples: Iterable[Sample]) -> int:
    """How many runs failed."""
    return sum(map(attrgetter("failed"), samples))


def lost_locations(windows: Windows) -> tuple[tuple[str, int], ...]:
    """The locations of the baseline without a current run where some were to be expected, and their baseline runs."""
    gone = _places(windows.baseline) - _places(windows.current)
    if not gone:
        return ()
    before = Counter(map(attrgetter("location"), windows.baseline))
    current, baseline = len(windows.current), len(windows.baseline)
    return tuple(
        (location, count)
        for location, count in sorted(before.items())
        if location in gone and current * count >= _EXPECTED_OF_LOST * baseline
    )


def _places(runs: Iterable[Sample]) -> set[str]:
    return set(map(attrgetter("location"), runs))


class _Sides(NamedTuple):
    """Normalised values in all windows."""

    current: Side
    baseline: Side
    history: Side


class _Found(NamedTuple):
    """The values that the evidence of a change rests on."""

    control: float  # the change of the control, as a factor; 1 without a change, or without a control
    sides: tuple[list[float], list[float]]  # current and baseline
    series: list[float]  # of history and baseline, in order of time
    ordered: Optional[list[float]]  # the same in ascending order, where that is known
    gap: int  # values that would fit between the series and the current ones


def _partial(windows: Windows, raw: Optional[float], samples: int) -> Comparison:
    return Comparison(raw=raw, samples=samples, lost=lost_locations(windows))


def _unusable_baseline(criterion: Criterion, baseline: Readings) -> Optional[str]:
    if baseline.size < criterion.need:
        return f"the baseline has {_enough(baseline.size, criterion.need)}"
    if 2 * baseline.size < baseline.total:
        return (
            f"fewer than half of the baseline's runs have a usable value ({baseline.size} of {baseline.total}, "
            f"{baseline.failed} failed)"
        )
    return None


def _unusable_availability(criterion: Criterion, baseline: Sequence[Sample]) -> Optional[str]:
    if len(baseline) < criterion.need:
        return f"the baseline has {_enough(len(baseline), criterion.need, 'run')}"
    if failed_runs(baseline) == len(baseline):
        return f"every run of the baseline failed ({counted(len(baseline), 'run')}): it cannot get worse"
    return None


def _mostly_lost(lost: Sequence[tuple[str, int]], windows: Windows) -> Optional[str]:
    if 2 * sum(count for _location, count in lost) <= len(windows.baseline):
        return None
    total = len(_places(windows.baseline))
    verb = "sends" if len(lost) == 1 else "send"
    return f"{len(lost)} of {counted(total, 'location')} {verb} no runs any more ({some([name for name, _n in lost])})"


def _normalised(
    match: str, current: Readings, baseline: Readings
) -> tuple[Side, Side, Optional[dict[Hashable, float]]]:
    """Both sides, each value over the usual one of its location, and these; None where nothing is divided."""
    usual = _usual_values(baseline, _by_location)
    # Where every location usually measures 0 there is nothing to divide by, and no need to.
    nothing = not any(usual.values()) and _places(current.runs) | _places(baseline.runs) <= usual.keys()
    if match != "location" or nothing:
        return _plain(current), _plain(baseline), None
    return _scaled(current, usual, _by_location), _scaled(baseline, usual, _by_location), usual


def _too_few_kept(criterion: Criterion, values: int, partial: Comparison) -> Optional[str]:
    where = _without_usual(partial.excluded)
    now, before = partial.compared
    if 2 * now < values:
        return f"only {now} of {values} values can be compared with their own location{where}"
    for side, count in (("the current window", now), ("the baseline", before)):
        if count < criterion.need:
            return f"{side} has {_enough(count, criterion.need)}{where}"
    return None


def _without_usual(excluded: Sequence[str]) -> str:
    return f" (without a usual value at {some(excluded)})" if excluded else ""


def _controlled(
    criterion: Criterion, match: str, control: Windows, partial: Comparison, gated: _Sides
) -> tuple[Comparison, Optional[_Found]]:
    """The control's change, and both tests block by block; nothing found where the comparison is missing."""
    current, baseline, history = (readings(runs, criterion.metric) for runs in control)
    key = _by_test_and_location if match == "location" else _by_test
    usual = _usual_values(baseline, key)
    now, before = _scaled(current, usual, key), _scaled(baseline, usual, key)
    partial = partial._replace(control_samples=(current.size, baseline.size))
    for side, count in (("baseline", len(before.values)), ("current window", len(now.values))):
        if count < criterion.need:
            enough = _enough(count, criterion.need, "comparable value")
            return partial._replace(missing=f"the control tests have {enough} in the {side}"), None
    c, b = (aggregate(criterion.aggregate or "", side.values) for side in (now, before))
    if not c or not b or not (math.isfinite(c) and math.isfinite(b)):
        missing = f"the {criterion.aggregate} of the control tests is 0 or not defined"
        return partial._replace(missing=missing), None
    partial = partial._replace(control_change_percent=100 * (c / b - 1))
    evidence = (_blocks(gated.current, now), _blocks(gated.baseline, before))
    fewest = min(map(len, evidence))
    if fewest < criterion.need:
        return partial._replace(missing=f"the control tests have {_enough(fewest, criterion.need)}"), None
    past = _blocks(gated.history, _scaled(history, usual, key))
    return partial, _Found(c / b, evidence, [*past, *evidence[1]], None, 0)


def _with_evidence(criterion: Criterion, partial: Comparison, found: _Found, horizon: Optional[int]) -> Comparison:
    current, baseline = found.sides
    sizes = (len(current), len(baseline))
    partial = partial._replace(compared=sizes, sides=found.sides)
    name = criterion.aggregate or ""
    sign = criterion.direction(partial.change)
    p = evidence(name, current, baseline, sign)
    if p is None:
        return partial
    factor, reach = _reach(criterion, found, sign, sizes[0], horizon or sizes[0])
    return partial._replace(p=corrected(p, factor), inflation=factor, reach=reach)


def _reach(
    criterion: Criterion, found: _Found, sign: int, current: int, horizon: int
) -> tuple[float, Union[RankReach, ShareReach, None]]:
    """The inflation by autocorrelation, and the smallest p that can be reached with it; None without a test."""
    name, baseline = criterion.aggregate or "", found.sides[1]
    factor = inflation(found.series, Design(current, len(baseline), horizon, found.gap), found.ordered)
    if name in _RANKED:
        return factor, RankReach(len(baseline), factor)
    if percent_of(name) is None:
        return factor, None
    return factor, ShareReach(len(baseline), _hits_of(name, [], baseline, sign)[1], factor)


def evidence(name: str, current: Sequence[float], baseline: Sequence[float], sign: int) -> Optional[float]:
    """Returns p of the current values lying this far above (``sign`` 1) or below (-1) the baseline's by chance.

    It is not corrected for autocorrelation. None for an aggregate without a test.
    """
    if name in _RANKED:
        return mann_whitney(current, baseline, greater=sign > 0)
    if percent_of(name) is None:
        return None
    hits, hits_before = _hits_of(name, current, baseline, sign)
    return fisher(hits, len(current), hits_before, len(baseline))


def _hits_of(name: str, current: Sequence[float], baseline: Sequence[float], sign: int) -> tuple[int, int]:
    """How many values of both sides lie above the baseline's percentile; not above it for a decrease."""
    ordered = sorted(baseline)
    border = percentile(ordered, percent_of(name) or 50)
    kept, kept_before = bisect_right(sorted(current), border), bisect_right(ordered, border)
    return (len(current) - kept, len(ordered) - kept_before) if sign > 0 else (kept, kept_before)


def _series(match: str, history: Readings, baseline: Readings) -> Side:
    """The values of history and baseline, each over the median of its location over both."""
    both = Readings([*history.values, *baseline.values], [*history.runs, *baseline.runs], 0, 0)
    return _scaled(both, _usual_values(both, _by_location), _by_location) if match == "location" else _plain(both)


def _hits(samples: Sequence[Sample], sign: int) -> int:
    """Failed runs when a decrease of availability is looked for, the others for an increase."""
    return failed_runs(samples) if sign < 0 else len(samples) - failed_runs(samples)


def _usual_values(baseline: Readings, key: _Key) -> dict[Hashable, float]:
    """The median of the baseline by location (and test), where there are enough values for one."""
    groups: defaultdict[Hashable, list[float]] = defaultdict(list)
    for place, value in zip(map(key, baseline.runs), baseline.values):
        groups[place].append(value)
    return {place: median(values) for place, values in groups.items() if len(values) >= _LEAST_AT_LOCATION}


def _scaled(side: Readings, usual: dict[Hashable, float], key: _Key) -> Side:
    """Each value over the usual one of its place; values of places without one are left out."""
    scales = list(map(usual.get, map(key, side.runs)))
    if all(scales):
        return Side(list(map(truediv, side.values, scales)), side.runs)
    values = [value / scale for value, scale in zip(side.values, scales) if scale]
    return Side(values, [run for run, scale in zip(side.runs, scales) if scale])


def _plain(side: Readings) -> Side:
    return Side(side.values, side.runs)


def _ratio(c: float, b: float) -> float:
    """c / b; of nothing to nothing the change is none, of something to nothing it is infinite."""
    if b == 0:
        return 1.0 if c == 0 else math.inf
    return c / b


def _blocks(gated: Side, control: Side) -> list[float]:
    """The gated test's values over the control's, block by block in time; one block for each run of the rarer test."""
    mine, others = gated.values, control.values
    count = min(len(mine), len(others))
    return [_ratio(median(_block(mine, k, count)), median(_block(others, k, count))) for k in range(count)]


def _block(values: list[float], k: int, count: int) -> list[float]:
    return values[k * len(values) // count : (k + 1) * len(values) // count]


def _enough(count: int, need: int, noun: str = "usable value") -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}, {need} needed"
