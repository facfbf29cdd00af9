# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Criteria: a metric, and the limits that it must keep.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import (
    closest,
    known_slugs,
    slug,
    unit_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate import validate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import (
    AGGREGATES,
    is_aggregate,
    percent_of,
    values_needed,
)

AVAILABILITY = "availability"
# Metrics that count events on a test, instead of a property of its runs.
EVENTS = ("alerts", "slo_violations")
# The remaining error budget of a test's service-level objectives.
ERROR_BUDGET = "error_budget"
# Metrics of a test that are not made from its runs.
OF_TESTS = (*EVENTS, ERROR_BUDGET)

ABSOLUTE_KEYS = ("max", "min")
RELATIVE_KEYS = ("max_increase_percent", "max_increase", "max_decrease_percent", "max_decrease")
LIMIT_KEYS = (*ABSOLUTE_KEYS, *RELATIVE_KEYS)

ON_MISSING = ("inconclusive", "fail", "warn", "pass")
SPLITS = ("location", "test")
SINGLE_LOCATION = ("warn", "fail")
ALERT_LEVELS = ("warning", "critical", "information", "improved")

# Names of the mean in other tools.
_OTHER_NAMES_OF_THE_MEAN = ("avg", "average")
_NOT_DIGITS = re.compile(r"\D")

CRITERION_KEYS = (
    "name",
    "metric",
    "aggregate",
    "fail",
    "warn",
    "min_delta",
    "significance",
    "min_samples",
    "single_location",
    "split_by",
    "max_failing",
    "on_missing",
    "enforce",
    "levels",
)


class Limit(NamedTuple):
    """One limit. ``key`` is one of LIMIT_KEYS, ``level`` the status if it is broken: fail or warn."""

    level: str
    key: str
    value: float

    @property
    def relative(self) -> bool:
        """Whether it limits the change against the baseline."""
        return self.key in RELATIVE_KEYS

    @property
    def tolerance(self) -> float:
        """The tolerance around the limit, so that rounding errors of floats do not decide."""
        return 1e-9 * max(1.0, abs(self.value))


class Criterion(NamedTuple):
    """One criterion, judged for every test of the gate."""

    name: str
    metric: str  # availability, one of OF_TESTS, or the slug of a metric of the runs
    asked_metric: str  # as the user wrote it
    aggregate: Optional[str]  # None for availability and OF_TESTS
    limits: tuple[Limit, ...]  # those of fail first
    min_delta: float
    significance: float  # 0: size alone decides
    min_samples: int
    single_location: str  # warn or fail: the status when one location alone breaks a limit on a change
    split_by: Optional[str]
    max_failing: int
    on_missing: str
    enforce: bool
    levels: tuple[str, ...]  # of alerts: which of them count

    @property
    def relative(self) -> bool:
        """Whether a baseline is needed."""
        return any(limit.relative for limit in self.limits)

    @property
    def of_runs(self) -> bool:
        """Whether it is about a metric of the single runs, rather than availability or one of OF_TESTS."""
        return self.metric != AVAILABILITY and self.metric not in OF_TESTS

    @property
    def unit(self) -> str:
        """ms, percent, bytes, count or none."""
        if self.metric in EVENTS:
            return "count"
        return "percent" if self.metric in (AVAILABILITY, ERROR_BUDGET) else unit_of(self.metric)

    @property
    def need(self) -> int:
        """The number of usable values that a verdict needs."""
        percent = percent_of(self.aggregate) if self.aggregate and self.aggregate != "median" else None
        return self.min_samples if percent is None else max(self.min_samples, values_needed(percent))

    @property
    def limits_by_level(self) -> dict[str, dict[str, float]]:
        """{fail: {max: 4000.0}, warn: {}}: the limits as they were given."""
        return {
            level: {limit.key: limit.value for limit in self.limits if limit.level == level}
            for level in ("fail", "warn")
        }

    def direction(self, change: float) -> int:
        """1 when an increase is to be looked for, -1 for a decrease: as the limits say, else as the change went."""
        signs = {1 if "increase" in limit.key else -1 for limit in self.limits if limit.relative}
        return signs.pop() if len(signs) == 1 else (1 if change >= 0 else -1)


def parse_criteria(value: Any) -> tuple[Criterion, ...]:
    """The option ``criteria``: a list of dictionaries with CRITERION_KEYS. Raises GateArgumentError."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        raise GateArgumentError(f"criteria must be a list of criteria, but is {validate.shown(value)}.")
    if not value:
        raise GateArgumentError(
            "criteria is empty, so the gate would let everything pass. Add at least one criterion, for example "
            "{metric: availability, fail: {min: 99}}."
        )
    criteria = tuple(_criterion(entry, f"criterion {position}") for position, entry in enumerate(value, 1))
    if not any(criterion.enforce and criterion.limits for criterion in criteria):
        raise GateArgumentError(
            "criteria: no enforced criterion has a limit, so the gate could never fail. Add a limit, for example "
            "fail: {max: 4000}. To try a gate out, keep its limits enforced and set fail_on: []."
        )
    return criteria


def contradictions(criteria: Sequence[Criterion]) -> list[str]:
    """Returns a remark for each warn limit that can never warn, because the fail limit is reached first."""
    found = []
    for criterion in criteria:
        fail = criterion.limits_by_level["fail"]
        for key, warn in criterion.limits_by_level["warn"].items():
            if key in fail and (warn < fail[key] if key == "min" else warn > fail[key]):
                found.append(
                    f"{criterion.name}: warn {key} {warn:.10g} is looser than fail {key} {fail[key]:.10g}, so this "
                    "limit can never warn. Are the two swapped?"
                )
    return found


def check_metrics(criteria: Sequence[Criterion], present: Collection[str]) -> None:
    """Raises GateArgumentError for a metric that is neither in the catalog nor, among ``present``, in any run.

    If no run has a known metric, that is not a wrong argument: its values are missing, and on_missing decides.
    """
    known = known_slugs()
    for criterion in criteria:
        if criterion.of_runs and criterion.metric not in present and criterion.metric not in known:
            near = closest(criterion.asked_metric, [AVAILABILITY, *OF_TESTS, *known, *present])
            hint = f" The closest names are {', '.join(near)}." if near else ""
            measured = f" The runs have {', '.join(sorted(present))}." if 0 < len(present) <= 20 else ""
            raise GateArgumentError(
                f"The metric {criterion.asked_metric!r} of criterion {criterion.name!r} is unknown: no run has it, and "
                f"Catchpoint is not known to have such a metric.{hint}{measured}"
            )


def _criterion(value: Any, what: str) -> Criterion:
    options = validate.given(value, what, CRITERION_KEYS)
    asked = options.get("metric")
    if not isinstance(asked, str) or not asked.strip():
        raise GateArgumentError(f"{what} needs a metric, such as test_time or availability.")
    metric = slug(asked.strip())
    what = f"{what} ({asked.strip()})"
    _check_keys(value, options, metric, what)
    of_runs = metric != AVAILABILITY and metric not in OF_TESTS
    aggregate = _aggregate(options, what) if of_runs else None
    limits = tuple(limit for level in ("fail", "warn") for limit in _limits(options, level, metric, what))
    if metric == AVAILABILITY:
        _check_availability(limits, what)
    if metric == ERROR_BUDGET:
        _check_error_budget(limits, what)
    split_by, max_failing = _split(options, what)
    single = validate.choice(options.get("single_location", "warn"), f"{what}: single_location", SINGLE_LOCATION)
    return Criterion(
        name=str(options.get("name") or (f"{metric} {aggregate}" if aggregate else metric)),
        metric=metric,
        asked_metric=asked.strip(),
        aggregate=aggregate,
        limits=limits,
        min_delta=validate.number(options.get("min_delta", 0), f"{what}: min_delta", least=0),
        significance=_significance(options.get("significance", 0.05), what),
        min_samples=validate.integer(options.get("min_samples", 5), f"{what}: min_samples", least=1),
        single_location=single,
        split_by=split_by,
        max_failing=max_failing,
        on_missing=validate.choice(options.get("on_missing", "inconclusive"), f"{what}: on_missing", ON_MISSING),
        enforce=validate.boolean(options.get("enforce", True), f"{what}: enforce"),
        levels=_alert_levels(options, what),
    )


def _check_keys(value: Mapping[Any, Any], options: Mapping[str, Any], metric: str, what: str) -> None:
    """Raises GateArgumentError for keys that do not apply to the metric, and for an empty fail."""
    if "fail" in value and "fail" not in options:
        raise GateArgumentError(
            f"{what}: fail is empty, so nothing here could fail a deploy. Indent its limits below it, for example "
            "fail: {max: 4000}, or remove it."
        )
    if metric == AVAILABILITY or metric in OF_TESTS:
        _refuse(options, what, "aggregate", f"{metric} is one number and takes no aggregate")
        _refuse(options, what, "single_location", f"it applies to timings and counts of runs, not to {metric}")
    if metric in OF_TESTS:
        for key in ("min_delta", "significance", "min_samples"):
            _refuse(options, what, key, f"it applies to metrics of runs, not to {metric}")
        if options.get("split_by") == "location":
            _refuse(options, what, "split_by", f"{metric} belongs to a test, not to a location")
    if metric != "alerts":
        _refuse(options, what, "levels", "only alerts have levels")
    if "single_location" in options and options.get("split_by") == "location":
        raise GateArgumentError(
            f"{what}: single_location and split_by: location contradict each other: each location is judged by itself. "
            "Use max_failing."
        )


def _check_availability(limits: Sequence[Limit], what: str) -> None:
    """Raises GateArgumentError if only a too high availability can break a limit."""
    falling = ("max_decrease", "max_decrease_percent")
    if limits and not any(limit.key in falling or (limit.key == "min" and limit.value > 0) for limit in limits):
        raise GateArgumentError(
            f"{what}: no limit here can fail a deploy: max and max_increase are broken by too much availability. Use "
            "min, or max_decrease."
        )


def _check_error_budget(limits: Sequence[Limit], what: str) -> None:
    """Raises GateArgumentError for limits other than a minimum of the remaining percentage."""
    for limit in limits:
        if limit.key != "min":
            raise GateArgumentError(
                f"{what}: {limit.level}: {limit.key} cannot be used here: error_budget is what is left, in percent. "
                f"Use min, for example {limit.level}: {{min: 10}}."
            )
        if limit.value > 100 or 0 < limit.value < 1:
            raise GateArgumentError(
                f"{what}: {limit.level}: min is {limit.value:g}, but error_budget is in percent, 0 to 100. Write 10 "
                "for 10 percent."
            )


def _split(options: Mapping[str, Any], what: str) -> tuple[Optional[str], int]:
    split_by = validate.choice(options["split_by"], f"{what}: split_by", SPLITS) if "split_by" in options else None
    max_failing = validate.integer(options.get("max_failing", 0), f"{what}: max_failing", least=0)
    if max_failing and split_by is None:
        raise GateArgumentError(
            f"{what}: max_failing is the number of groups that may fail and needs split_by (location or test)."
        )
    return split_by, max_failing


def _alert_levels(options: Mapping[str, Any], what: str) -> tuple[str, ...]:
    if "levels" not in options:
        return ALERT_LEVELS[:2]
    levels = validate.words(options["levels"], f"{what}: levels", ALERT_LEVELS)
    if not levels:
        raise GateArgumentError(f"{what}: levels is empty, so no alert would count. Name at least one, or remove it.")
    return levels


def _refuse(options: Mapping[str, Any], what: str, key: str, reason: str) -> None:
    if key in options:
        raise GateArgumentError(f"{what}: {key} cannot be used here: {reason}.")


def _aggregate(options: Mapping[str, Any], what: str) -> str:
    value = options.get("aggregate", "median")
    text = value.strip().lower() if isinstance(value, str) else ""
    if is_aggregate(text):
        return text
    hint = _aggregate_hint(text or str(value))
    raise GateArgumentError(
        f"{what}: aggregate must be one of {', '.join(AGGREGATES)} or a percentile p1 to p99, "
        f"but is {validate.shown(value)}.{hint}"
    )


def _aggregate_hint(text: str) -> str:
    if text in _OTHER_NAMES_OF_THE_MEAN:
        return " Did you mean mean?"
    percentile = "p" + _NOT_DIGITS.sub("", text)
    if text[:1].isdigit() and is_aggregate(percentile):
        return f" Did you mean {percentile}?"
    return validate.suggestion(text, [*AGGREGATES, "p90", "p95", "p99"])


def _significance(value: Any, what: str) -> float:
    result = validate.number(value, f"{what}: significance", least=0)
    if result >= 1:
        raise GateArgumentError(
            f"{what}: significance is a probability below 1, such as 0.05, or 0 to judge by size alone; "
            f"it is {validate.shown(value)}."
        )
    return result


def _limits(options: Mapping[str, Any], level: str, metric: str, what: str) -> list[Limit]:
    if level not in options:
        return []
    what = f"{what}: {level}"
    entries = validate.given(options[level], what, LIMIT_KEYS)
    if not entries:
        raise GateArgumentError(f"{what} has no limits. Add at least one of {', '.join(LIMIT_KEYS)}, or remove it.")
    limits = []
    for key, entry in entries.items():
        if key in ABSOLUTE_KEYS:
            limits.append(Limit(level, key, validate.number(entry, f"{what}: {key}")))
            continue
        if metric in EVENTS:
            raise GateArgumentError(f"{what}: {key} cannot be used here: {metric} have no baseline. Use max.")
        limits.append(Limit(level, key, validate.number(entry, f"{what}: {key}", least=0)))
    numbers = {limit.key: limit.value for limit in limits}
    if "min" in numbers and "max" in numbers and numbers["min"] > numbers["max"]:
        raise GateArgumentError(f"{what}: min ({numbers['min']:g}) is above max ({numbers['max']:g}).")
    if metric == AVAILABILITY and "min" in numbers and (0 < numbers["min"] <= 1 or numbers["min"] > 100):
        raise GateArgumentError(
            f"{what}: min is {numbers['min']:g}, but availability is in percent, 0 to 100. Write 99 for 99 percent."
        )
    return limits
