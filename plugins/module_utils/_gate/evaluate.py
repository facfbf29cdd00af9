# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""From a value and its comparison to a status: which limits are broken, and whether there is evidence for it."""

from __future__ import annotations

import math
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import Comparison
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    EVENTS,
    Criterion,
    Limit,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.interim import Interim
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    change_text,
    counted,
    level_text,
    limit_text,
    p_text,
    value_apart,
    value_text,
)

# From harmless to worst, as the verdict weighs them: known bad outranks unknown, unknown outranks doubtful.
RANK = ("pass", "warn", "inconclusive", "fail")

NOISE = "within noise"


class Status(NamedTuple):
    """What a criterion comes to for one test, or one of its locations."""

    status: str
    reason: str  # continues the criterion's name: "1307 ms is 30.4 % above ..."
    limit: Optional[Limit]  # the one that decided, or the first one
    note: str = ""  # a word on why the status is not what the limit alone would make it


def judge_limits(
    criterion: Criterion,
    value: float,
    comparison: Optional[Comparison],
    groups: int,
    detail: str = "",
    interim: Optional[Interim] = None,
) -> Status:
    """Holds a value against all limits of its criterion.

    ``comparison`` is that with the baseline; it must be there when a limit is relative. ``groups`` is the number of
    groups of a criterion that is split: each of them gets its share of the significance (Bonferroni). ``detail`` is
    put behind the value. ``interim`` is the interim analysis at which the row is judged, which has a level
    of its own. A comparison that is missing leads to on_missing, unless an absolute limit is broken already.
    """
    absolute = [limit for limit in criterion.limits if not limit.relative and _beyond(limit, value)]
    missing = comparison.missing if comparison is not None and criterion.relative else None
    level = _level(criterion, comparison, groups, interim)
    exceeded: list[Limit] = []
    if comparison is not None and missing is None:
        exceeded = [limit for limit in criterion.limits if limit.relative and _changed(criterion, limit, comparison)]
    proven = exceeded if _evident(criterion, comparison, level) else []
    broken = {level: [x for x in (*absolute, *proven) if x.level == level] for level in ("fail", "warn")}
    if broken["fail"]:
        return _broken("fail", criterion, broken["fail"][0], value, comparison, detail)
    if missing is not None:
        status = criterion.on_missing
        if broken["warn"] and RANK.index(status) < RANK.index("warn"):
            return _broken("warn", criterion, broken["warn"][0], value, comparison, detail)
        return Status(status, _unknown(criterion, missing), None)
    noise = [limit for limit in exceeded if limit not in proven]
    for limit in noise:
        if limit.level == "fail":
            return Status(
                "warn", _within_noise(criterion, limit, value, comparison, groups, level, interim), limit, NOISE
            )
    if broken["warn"]:
        return _broken("warn", criterion, broken["warn"][0], value, comparison, detail)
    if noise:
        return Status(
            "pass", _within_noise(criterion, noise[0], value, comparison, groups, level, interim), noise[0], NOISE
        )
    return _kept(criterion, value, comparison, detail)


def missing_status(criterion: Criterion, reason: str) -> Status:
    """Too little data for a value."""
    return Status(criterion.on_missing, _unknown(criterion, reason), None)


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


def _beyond(limit: Limit, value: float) -> bool:
    if limit.key == "max":
        return value > limit.value + limit.tolerance
    return value < limit.value - limit.tolerance


def _changed(criterion: Criterion, limit: Limit, comparison: Comparison) -> bool:
    """Whether a change is beyond a limit in size."""
    in_percent = limit.key.endswith("_percent")
    change = comparison.change_percent if in_percent else comparison.change
    if "decrease" in limit.key:
        change = -change
    return change > limit.value + limit.tolerance and abs(comparison.change) > criterion.min_delta


def _level(criterion: Criterion, comparison: Optional[Comparison], groups: int, interim: Optional[Interim]) -> float:
    """The nominal significance that p is held against: that of the interim analysis, else the share of one group."""
    if interim is None or comparison is None or comparison.missing is not None:
        return criterion.significance / groups
    return interim.level(*comparison.compared)


def _evident(criterion: Criterion, comparison: Optional[Comparison], level: float) -> bool:
    if comparison is None or comparison.p is None or criterion.significance == 0:
        return True
    return comparison.p < level


def _measured(criterion: Criterion, value: float, detail: str) -> str:
    if criterion.metric in EVENTS:
        return counted(int(value), criterion.metric.replace("_", " ")[:-1]) + detail
    return value_text(value, criterion.unit) + detail


def _unknown(criterion: Criterion, reason: str) -> str:
    if criterion.on_missing == "inconclusive":
        return reason
    return f"{reason}; counted as {criterion.on_missing} by on_missing"


def _broken(
    status: str, criterion: Criterion, limit: Limit, value: float, comparison: Optional[Comparison], detail: str
) -> Status:
    words = limit_words(criterion, limit)
    if limit.relative:
        return Status(status, f"{_against_baseline(criterion, limit, value, comparison)} ({words})", limit)
    if criterion.metric in EVENTS:
        text = _measured(criterion, value, detail)
    else:
        text = value_apart(value, limit.value, criterion.unit) + detail
    side = "above" if limit.key == "max" else "below"
    return Status(status, f"{text} is {side} the limit {limit_text(limit.value, criterion.unit)}", limit)


def _within_noise(
    criterion: Criterion,
    limit: Limit,
    value: float,
    comparison: Optional[Comparison],
    groups: int,
    level: float,
    interim: Optional[Interim],
) -> str:
    text = f"{_against_baseline(criterion, limit, value, comparison)} (beyond {limit_words(criterion, limit)}, but "
    p = comparison.p if comparison is not None and comparison.p is not None else 1.0
    early = interim is not None and not interim.final
    so_far = f"{interim.runs} of {counted(interim.expected or interim.runs, 'run')}" if interim is not None else ""
    if early and not level:
        return f"{text}no interim analysis yet: {so_far})"
    chance = p_text(p, above=level)
    if early:
        return f"{text}within noise: {chance}, {level_text(level)} needed after {so_far})"
    share = f", {criterion.significance:g} shared by {groups} groups" if groups > 1 else ""
    return f"{text}within noise: {chance}{share})"


def _kept(criterion: Criterion, value: float, comparison: Optional[Comparison], detail: str) -> Status:
    if not criterion.limits:
        return Status("pass", f"{_measured(criterion, value, detail)}, for information: no limit is set", None)
    limit = criterion.limits[0]
    if comparison is None:
        return Status("pass", f"{_measured(criterion, value, detail)} ({limit_words(criterion, limit)})", limit)
    limit = next(limit for limit in criterion.limits if limit.relative)
    text = _against_baseline(criterion, limit, value, comparison)
    return Status("pass", f"{text} ({limit_words(criterion, limit)})", limit)


def _against_baseline(criterion: Criterion, limit: Limit, value: float, comparison: Optional[Comparison]) -> str:
    """1307 ms is 30.4 % above the baseline 1003 ms."""
    text = value_text(value, criterion.unit)
    if comparison is None or comparison.adjusted is None:
        return text
    expected = value_text(comparison.adjusted, criterion.unit)
    baseline = f"the baseline {expected}"
    if comparison.control_change_percent is not None:
        unit = "points" if criterion.metric == AVAILABILITY else "%"
        control = change_text(comparison.control_change_percent, unit)
        baseline = f"{expected}, the baseline with the control's change of {control}"
    if math.isinf(comparison.change_percent):
        return f"{text} is above {baseline}, an increase that has no percentage"
    unit = change_unit(criterion, limit)
    change = comparison.change_percent if unit in ("%", "points") else comparison.change
    if change == 0:
        return f"{text} is the same as {baseline}"
    size = change_text(abs(change), unit).lstrip("+")
    return f"{text} is {size} {'above' if change > 0 else 'below'} {baseline}"
