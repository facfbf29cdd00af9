# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a value and its comparison to a status: which limits are broken, and whether there is evidence for it.

Evidence. A limit on a change is broken when the change is beyond it in size and p is below the level. A lower limit on
availability is broken when the availability is below it in size and the exact binomial test, with the limit as the
share of good runs, gives p < significance / groups. All other limits are broken by size alone.

Attainability. A criterion that cannot reach its significance with the numbers of values it has must not look like a
pass. It is missing, whatever the current values are.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.attainability import BinomialReach, runs_needed
from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import Comparison
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    EVENTS,
    Criterion,
    Limit,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import binomial_tail
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    change_text,
    counted,
    limit_text,
    p_text,
    value_apart,
    value_text,
)

# In ascending order of severity: fail outranks inconclusive, inconclusive outranks warn.
RANK = ("pass", "warn", "inconclusive", "fail")

# Notes of a row: why the status differs from that of the limit alone.
NOISE = "within noise"
UNATTAINABLE = "not attainable"
ONE_LOCATION = "one location"


class Look(NamedTuple):
    """One interim analysis of a row: its number of values, and the level that p was compared with."""

    samples: int
    level: float


class Analysis(NamedTuple):
    """The state of a row's interim analyses when it is judged."""

    level: Optional[float]  # of this analysis; None between two of them, when no change can fail
    looks: tuple[Look, ...] = ()
    progress: str = ""  # "10 of 30 runs", before the horizon
    horizon: Optional[int] = None  # values expected when the gate ends


class Level(NamedTuple):
    """The significance that the p of one row is compared with."""

    significance: float  # of the criterion; 0: size alone decides
    groups: int  # that share it (Bonferroni)
    analysis: Optional[Analysis] = None  # None: the row is judged once

    @property
    def shared(self) -> float:
        """The share of this row."""
        return self.significance / self.groups

    @property
    def nominal(self) -> Optional[float]:
        """The level for limits on a change; None between two interim analyses."""
        return self.shared if self.analysis is None else self.analysis.level


class Measured(NamedTuple):
    """The numbers of one row that its limits are compared with."""

    value: float
    comparison: Optional[Comparison] = None  # with the baseline; it must be there when a limit is relative
    failed: int = 0  # runs
    total: int = 0  # runs
    detail: str = ""  # put behind the value


class Status(NamedTuple):
    """The status of a criterion for one test, or one of its locations."""

    status: str
    reason: str  # continues the criterion's name: "1307 ms is 30.4 % above ..."
    limit: Optional[Limit]  # the one that decided, or the first one
    note: str = ""
    judged: bool = True  # whether the status comes from a value, and not from on_missing
    p: Optional[float] = None  # of the binomial test, where availability is below a limit


class _Exceeded(NamedTuple):
    """A limit that is exceeded in size."""

    limit: Limit
    proven: bool
    p: Optional[float] = None  # of the binomial test


def judge_limits(criterion: Criterion, measured: Measured, level: Level) -> Status:
    """Compares a value with all limits of its criterion.

    A comparison that is missing leads to on_missing, unless an absolute limit is broken already.
    """
    unattainable = _unattainable_availability(criterion, measured, level)
    if unattainable:
        return missing_status(criterion, unattainable, UNATTAINABLE)
    missing, note = _missing_comparison(criterion, measured.comparison, level)
    exceeded = [found for found in (_exceeded(criterion, x, measured, level) for x in criterion.limits) if found]
    if missing:
        exceeded = [found for found in exceeded if not found.limit.relative]
    p = next((found.p for found in exceeded if found.p is not None), None)
    status = _first_broken("fail", criterion, exceeded, measured, level)
    if status is None and missing:
        status = missing_status(criterion, missing, note)
        broken = _first_broken("warn", criterion, exceeded, measured, level)
        if broken is not None and status.status == "pass":
            status = broken
    elif status is None:
        noise = {found.limit.level: found for found in reversed(exceeded) if not found.proven}
        if "fail" in noise:
            status = _within_noise("warn", criterion, noise["fail"], measured, level)
        else:
            status = _first_broken("warn", criterion, exceeded, measured, level)
        if status is None and noise:
            status = _within_noise("pass", criterion, noise["warn"], measured, level)
    return (status or _kept(criterion, measured))._replace(p=p)


def missing_status(criterion: Criterion, reason: str, note: str = "") -> Status:
    """Too little data for a value, or for a comparison."""
    if criterion.on_missing != "inconclusive":
        reason = f"{reason}; counted as {criterion.on_missing} by on_missing"
    return Status(criterion.on_missing, reason, None, note, judged=False)


def broken_changes(criterion: Criterion, comparison: Comparison) -> list[Limit]:
    """The relative fail limits that a change exceeds in size."""
    return [
        limit
        for limit in criterion.limits
        if limit.level == "fail" and limit.relative and _changed(criterion, limit, comparison)
    ]


def change_beyond(limit: Limit, comparison: Comparison, share: float = 1.0) -> bool:
    """Whether a change is beyond a limit, or beyond a share of it, in size."""
    change = comparison.change_percent if limit.key.endswith("_percent") else comparison.change
    if "decrease" in limit.key:
        change = -change
    return change > limit.value * share + limit.tolerance


def attainable(least_p: Callable[[int], float], count: int, level: Level) -> bool:
    """Whether this number of current values can give a p below the significance of their row."""
    return level.significance == 0 or least_p(count) < level.shared


def binomial_limit(criterion: Criterion) -> Optional[Limit]:
    """The lower limit on availability that must be attainable: that of fail, or of warn where nothing can fail."""
    if criterion.metric != AVAILABILITY:
        return None
    decisive = [limit for limit in criterion.limits if limit.level == "fail"] or criterion.limits
    return next((limit for limit in decisive if limit.key == "min" and limit.value > 0), None)


def limit_words(criterion: Criterion, limit: Limit) -> str:
    """limit <= 1000 ms, limit >= 99 %, limit +20 %: as the reports print a limit."""
    if not limit.relative:
        return f"limit {'>=' if limit.key == 'min' else '<='} {limit_text(limit.value, criterion.unit)}"
    sign = "+" if "increase" in limit.key else "-"
    unit = change_unit(criterion, limit)
    if unit in ("%", "points"):
        return f"limit {sign}{limit.value:.10g} {unit}"
    return f"limit {sign}{limit_text(limit.value, criterion.unit)}"


def change_unit(criterion: Criterion, limit: Optional[Limit]) -> str:
    """How a change is written: points for availability, else percent unless the limit is in the metric's unit."""
    if criterion.metric == AVAILABILITY:
        return "points"
    return criterion.unit if limit is not None and limit.key in ("max_increase", "max_decrease") else "%"


def shared_by(criterion: Criterion, groups: int) -> str:
    """shared by 5 locations."""
    return f"shared by {groups} {criterion.split_by or 'group'}s"


def _exceeded(criterion: Criterion, limit: Limit, measured: Measured, level: Level) -> Optional[_Exceeded]:
    """Whether a limit is exceeded in size, and whether there is evidence for it."""
    if limit.relative:
        comparison = measured.comparison
        if comparison is None or comparison.missing or not _changed(criterion, limit, comparison):
            return None
        if comparison.p is None or level.significance == 0:
            return _Exceeded(limit, True)
        return _Exceeded(limit, level.nominal is not None and comparison.p < level.nominal)
    if not _beyond(limit, measured.value):
        return None
    if criterion.metric != AVAILABILITY or limit.key != "min":
        return _Exceeded(limit, True)
    p = binomial_tail(measured.failed, measured.total, 1 - limit.value / 100)
    return _Exceeded(limit, level.significance == 0 or p < level.shared, p)


def _beyond(limit: Limit, value: float) -> bool:
    if limit.key == "max":
        return value > limit.value + limit.tolerance
    return value < limit.value - limit.tolerance


def _changed(criterion: Criterion, limit: Limit, comparison: Comparison) -> bool:
    """Whether a change is beyond a limit in size, and large enough to matter."""
    return change_beyond(limit, comparison) and abs(comparison.change) > criterion.min_delta


def _unattainable_availability(criterion: Criterion, measured: Measured, level: Level) -> Optional[str]:
    limit = binomial_limit(criterion)
    if limit is None:
        return None
    least_p = BinomialReach(limit.value).least_p
    if attainable(least_p, measured.total, level):
        return None
    subject = f"{counted(measured.total, 'run')} cannot prove an availability below {limit.value:.10g} %"
    return _cannot(subject, criterion, least_p, level)


def _missing_comparison(
    criterion: Criterion, comparison: Optional[Comparison], level: Level
) -> tuple[Optional[str], str]:
    """The reason why no comparison can decide, and the note for the row."""
    if comparison is None or not criterion.relative:
        return None, ""
    reach, (current, baseline) = comparison.reach, comparison.compared
    if comparison.missing or reach is None or attainable(reach.least_p, current, level):
        return comparison.missing, ""
    subject = f"{current} v {baseline} values cannot show a change"
    return _cannot(subject, criterion, reach.least_p, level), UNATTAINABLE


def _cannot(subject: str, criterion: Criterion, least_p: Callable[[int], float], level: Level) -> str:
    """5 v 5 values cannot show a change at 0.0038 (0.05 shared by 13 locations); 6 are needed."""
    share = f" ({level.significance:g} {shared_by(criterion, level.groups)})" if level.groups > 1 else ""
    return f"{subject} at {level.shared:.2g}{share}; {needed_text(least_p, level)}"


def needed_text(least_p: Callable[[int], float], level: Level) -> str:
    """6 are needed; or what to do where no number is enough."""
    needed = runs_needed(least_p, level.shared)
    return "no number of runs is enough: raise significance" if needed is None else f"{needed} are needed"


def _measured_text(criterion: Criterion, measured: Measured) -> str:
    if criterion.metric in EVENTS:
        return counted(int(measured.value), criterion.metric.replace("_", " ")[:-1]) + measured.detail
    return value_text(measured.value, criterion.unit) + measured.detail


def _first_broken(
    status: str, criterion: Criterion, exceeded: list[_Exceeded], measured: Measured, level: Level
) -> Optional[Status]:
    """The status for the first limit of a level that is broken with evidence, absolute ones before the others."""
    broken = [found for found in exceeded if found.proven and found.limit.level == status]
    if not broken:
        return None
    found = min(broken, key=lambda entry: entry.limit.relative)
    limit = found.limit
    if limit.relative:
        text = f"{against_baseline(criterion, limit, measured)} ({limit_words(criterion, limit)})"
        return Status(status, text, limit)
    if found.p is not None:
        text = _availability_text(criterion, limit, measured)
        evidence = f"{counted(measured.failed, 'failed run')}, {p_text(found.p)}"
        return Status(status, f"{text} ({evidence})" if level.significance else text, limit)
    if criterion.metric in EVENTS:
        text = _measured_text(criterion, measured)
    else:
        text = value_apart(measured.value, limit.value, criterion.unit) + measured.detail
    side = "above" if limit.key == "max" else "below"
    return Status(status, f"{text} is {side} the limit {limit_text(limit.value, criterion.unit)}", limit)


def _within_noise(status: str, criterion: Criterion, found: _Exceeded, measured: Measured, level: Level) -> Status:
    """A limit that is exceeded in size without evidence."""
    limit = found.limit
    if found.p is not None:
        text = _availability_text(criterion, limit, measured)
        chance = _needs(found.p, level.shared, criterion, level)
        reason = f"{text} ({counted(measured.failed, 'failed run')}, within noise: {chance})"
        return Status(status, reason, limit, NOISE)
    comparison = measured.comparison or Comparison()
    p = 1.0 if comparison.p is None else comparison.p
    progress = level.analysis.progress if level.analysis is not None else ""
    if level.nominal is None:
        chance = f"no interim analysis yet: {progress}"
    elif progress:
        chance = f"within noise: {p_text(p, above=level.nominal)}, {level.nominal:.2g} needed after {progress}"
    else:
        chance = f"within noise: {_needs(p, level.nominal, criterion, level)}"
    effective = comparison.effective_samples
    if effective is not None and effective < comparison.compared[0]:
        chance += f"; {counted(comparison.compared[0], 'run')} count as {effective}"
    text = against_baseline(criterion, limit, measured)
    return Status(status, f"{text} (beyond {limit_words(criterion, limit)}, but {chance})", limit, NOISE)


def _needs(p: float, needed: float, criterion: Criterion, level: Level) -> str:
    """p=0.18; and where the significance is shared, what is needed and why."""
    chance = p_text(p, above=needed)
    return f"{chance}, needs {needed:.2g}: {shared_by(criterion, level.groups)}" if level.groups > 1 else chance


def _availability_text(criterion: Criterion, limit: Limit, measured: Measured) -> str:
    text = value_apart(measured.value, limit.value, criterion.unit) + measured.detail
    return f"{text} is below the limit {limit_text(limit.value, criterion.unit)}"


def _kept(criterion: Criterion, measured: Measured) -> Status:
    text = _measured_text(criterion, measured)
    if not criterion.limits:
        if measured.comparison is not None:
            text = against_baseline(criterion, None, measured)
        return Status("pass", f"{text}, for information: no limit is set", None)
    limit = criterion.limits[0]
    if measured.comparison is None:
        return Status("pass", f"{text} ({limit_words(criterion, limit)})", limit)
    limit = next(limit for limit in criterion.limits if limit.relative)
    return Status("pass", f"{against_baseline(criterion, limit, measured)} ({limit_words(criterion, limit)})", limit)


def against_baseline(criterion: Criterion, limit: Optional[Limit], measured: Measured) -> str:
    """1307 ms is 30.4 % above the baseline 1003 ms."""
    comparison = measured.comparison
    text = value_text(measured.value, criterion.unit)
    if comparison is None or comparison.adjusted is None:
        return text
    expected = value_text(comparison.adjusted, criterion.unit)
    baseline = f"the baseline {expected}"
    if comparison.control_change_percent is not None:
        unit = "points" if criterion.metric == AVAILABILITY else "%"
        control = change_text(comparison.control_change_percent, unit)
        baseline = f"{expected}, the baseline with the control's change of {control}"
    if math.isinf(comparison.change_percent):
        return f"{text} is above {baseline}, an increase without a percentage"
    unit = change_unit(criterion, limit)
    change = comparison.change_percent if unit in ("%", "points") else comparison.change
    if change == 0:
        return f"{text} is the same as {baseline}"
    size = change_text(abs(change), unit).lstrip("+")
    return f"{text} is {size} {'above' if change > 0 else 'below'} {baseline}"
