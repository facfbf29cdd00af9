# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate's options as one checked value, without the connection's options.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate import validate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    CRITERION_KEYS,
    ERROR_BUDGET,
    OF_TESTS,
    Criterion,
    contradictions,
    parse_criteria,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import moment
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso, seconds_with_unit

VERDICTS = ("pass", "warn", "fail", "inconclusive", "skipped", "error")
FAIL_ON = ("warn", "fail", "inconclusive", "error")
FAIL_ON_DEFAULT = ("fail", "inconclusive", "error")
MATCHES = ("location", "none")
BASELINE_KEYS = ("before", "duration", "history", "match", "runs", "control_test_ids")
GATE_KEYS = (
    "test_ids",
    "since",
    "warmup",
    "min_runs",
    "duration",
    "grace_period",
    "wait_timeout",
    "poll_interval",
    "fail_fast",
    "pass_fast",
    "baseline",
    "criteria",
    "fail_on",
)

DEFAULT_WARMUP = 120.0
DEFAULT_DURATION = 900.0
DEFAULT_GRACE_PERIOD = 60.0
DEFAULT_WAIT_TIMEOUT = 1800.0
DEFAULT_POLL_INTERVAL = 60.0
DEFAULT_BASELINE = 3600.0
# The history's length in baseline durations. A shorter history underestimates autocorrelation; a longer one does not
# improve the estimate.
DEFAULT_HISTORY = 4
# How far since may be in the future: more than typical clock errors, and much less than a time zone's offset.
FUTURE_TOLERANCE = 300.0
# Below this the polls of one gate would use up the service's default limit of 20 requests a minute.
LEAST_POLL_INTERVAL = 5.0
# About 300 years: allows a large number for "everything" without leaving the range of datetime.
LONGEST_SPAN = 1e10
# Stands for a since that is not given where all runs are judged.
_EPOCH = "1970-01-01T00:00:00Z"


class Baseline(NamedTuple):
    """Where the runs come from that the current ones are compared with. Times in seconds since 1970 UTC."""

    start: float
    end: float  # the end itself does not belong to it
    history: float  # seconds before the start that autocorrelation is estimated from, too; 0 for none
    match: str  # location: every run is compared with the usual value at its own location
    runs: Optional[list[Any]]  # stored runs, used instead of the window
    control_test_ids: tuple[int, ...]

    @property
    def history_start(self) -> float:
        """The beginning of the history, which ends where the baseline starts."""
        return self.start - self.history


class Gate(NamedTuple):
    """The options of one gate. Times in seconds since 1970 UTC, spans in seconds."""

    test_ids: tuple[int, ...]  # empty: all tests that have a run
    since: float
    warmup: float
    min_runs: Optional[int]  # horizon A: this many runs of each test
    duration: Optional[float]  # horizon B: a span after the warm-up; None with horizon A, or for all that there is
    now: Optional[float]  # the moment of the decision where it is an option; it ends a window without a duration
    grace_period: float
    wait_timeout: float
    poll_interval: float
    fail_fast: bool
    pass_fast: bool
    baseline: Baseline
    criteria: tuple[Criterion, ...]
    fail_on: tuple[str, ...]

    @property
    def start(self) -> float:
        """The start of the window whose runs count."""
        return self.since + self.warmup

    @property
    def end(self) -> Optional[float]:
        """The moment from which runs don't count any more; None when that is whenever the decision falls."""
        return self.now if self.duration is None else self.start + self.duration

    @property
    def compares(self) -> bool:
        """Whether any criterion is compared with the baseline, if only for information."""
        return self.relative or any(
            entry.metric not in OF_TESTS and not (entry.limits and entry.enforce) for entry in self.criteria
        )

    @property
    def waits(self) -> bool:
        """Whether any criterion depends on what happens from the deploy on; an error budget can be judged at once."""
        return any(criterion.metric != ERROR_BUDGET for criterion in self.criteria)

    @property
    def relative(self) -> bool:
        """Whether any criterion needs the baseline."""
        return any(criterion.relative for criterion in self.criteria)


def parse_gate(options: Mapping[str, Any], now: float) -> Gate:
    """The gate that waits: its options, null standing for one that is not set. ``now`` is the server's clock.

    Raises GateArgumentError.
    """
    refuse_options_of_criteria(options)
    options = validate.given(options, "the gate", GATE_KEYS)
    if "min_runs" in options and "duration" in options:
        raise GateArgumentError("min_runs and duration are mutually exclusive. Give one of them.")
    min_runs = validate.integer(options["min_runs"], "min_runs", least=1) if "min_runs" in options else None
    duration = None if min_runs is not None else _span(options, "duration", DEFAULT_DURATION, positive=True)
    gate = _gate({"warmup": DEFAULT_WARMUP, **options}, now, min_runs, duration)
    if not gate.test_ids:
        raise GateArgumentError("test_ids is missing or empty: name the tests that the gate is to judge.")
    return gate


def parse_verdict(options: Mapping[str, Any], clock: float) -> Gate:
    """A gate over runs that are already there: test_ids, duration and now need not be given.

    ``since`` separates the runs after the deploy from those before it. Without it, all runs are judged, which is
    possible only if the baseline is not cut from them. ``clock`` is the default of ``now``. Without a duration the
    window ends at ``now``, or is open when that is not given. Raises GateArgumentError.
    """
    known = ("test_ids", "since", "now", "warmup", "duration", "baseline", "criteria", "fail_on")
    options = validate.given(options, "the verdict", known)
    duration = _span(options, "duration", 0, positive=True) if "duration" in options else None
    now = moment(options["now"], "now", clock) if "now" in options else None
    gate = _gate({"since": _EPOCH, **options}, clock if now is None else now, None, duration)
    if any(criterion.metric == ERROR_BUDGET for criterion in gate.criteria):
        raise GateArgumentError(
            "error_budget cannot be judged from runs. Use it in community.catchpoint.catchpoint_performance_gate, or "
            "read left_percent with community.catchpoint.catchpoint_slo_info."
        )
    if "since" not in options and (gate.warmup or duration or (gate.relative and gate.baseline.runs is None)):
        raise GateArgumentError(
            "since is missing: the time of the deploy, from which on runs count, and before which the baseline lies. "
            "Only with baseline.runs, or without a limit on a change, all runs can be judged."
        )
    return gate._replace(now=now)


def waiting_notes(gate: Gate, now: float) -> list[str]:
    """Returns warnings about a gate that is going to wait. ``now`` is the server's clock."""
    notes = contradictions(gate.criteria)
    if gate.end is not None and gate.end + gate.grace_period - now > gate.wait_timeout:
        notes.append(
            f"wait_timeout ({gate.wait_timeout:g} s) ends before the window that is to be judged: warmup, duration and "
            f"grace_period last {gate.end + gate.grace_period - now:.0f} s from now. The runs up to then "
            "will be judged."
        )
    for criterion in gate.criteria:
        if gate.min_runs is not None and gate.min_runs < criterion.need and criterion.metric not in OF_TESTS:
            notes.append(
                f"{criterion.name} needs {criterion.need} usable values, but min_runs is {gate.min_runs}: it can "
                f"hardly be judged and will count as {criterion.on_missing}."
            )
    return notes


def refuse_options_of_criteria(options: Mapping[str, Any]) -> None:
    """Raises GateArgumentError for an option of a criterion that is indented as one of the gate."""
    for key in options:
        if key in CRITERION_KEYS and key not in GATE_KEYS:
            raise GateArgumentError(
                f"the gate has no option {key!r}, which is an option of a criterion. Move it into the criterion, "
                "beside metric."
            )


def _gate(options: Mapping[str, Any], now: float, min_runs: Optional[int], duration: Optional[float]) -> Gate:
    since = moment(options.get("since", now), "since", now)
    if since > now + FUTURE_TOLERANCE:
        raise GateArgumentError(
            f"since is {iso(since)}, but it is only {iso(now)} now. Is its offset right? A local time with Z is a "
            "common mistake."
        )
    test_ids = validate.ids(options.get("test_ids", []), "test_ids")
    baseline = _baseline(options.get("baseline", {}), since, now)
    both = sorted(set(test_ids) & set(baseline.control_test_ids))
    if both:
        raise GateArgumentError(
            f"Test {both[0]} is among test_ids and among baseline.control_test_ids. A control is a test that the "
            "deploy does not touch."
        )
    fail_on = options.get("fail_on", FAIL_ON_DEFAULT)
    for word in ("none", "never"):
        if fail_on in (word, [word]):
            raise GateArgumentError(
                f"fail_on: {word!r} is not a verdict. Write fail_on: [] if no verdict may fail the task."
            )
    return Gate(
        test_ids=test_ids,
        since=since,
        warmup=_span(options, "warmup", 0),
        min_runs=min_runs,
        duration=duration,
        now=None,
        grace_period=_span(options, "grace_period", DEFAULT_GRACE_PERIOD),
        wait_timeout=_span(options, "wait_timeout", DEFAULT_WAIT_TIMEOUT, positive=True),
        poll_interval=validate.number(
            options.get("poll_interval", DEFAULT_POLL_INTERVAL), "poll_interval", least=LEAST_POLL_INTERVAL
        ),
        fail_fast=validate.boolean(options.get("fail_fast", True), "fail_fast"),
        pass_fast=validate.boolean(options.get("pass_fast", True), "pass_fast"),
        baseline=baseline,
        criteria=parse_criteria(options.get("criteria", [])),
        fail_on=validate.words(fail_on, "fail_on", FAIL_ON),
    )


def _baseline(value: Any, since: float, now: float) -> Baseline:
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        value = {"runs": value}
    if isinstance(value, Mapping) and "offset" in value:
        raise GateArgumentError(
            "baseline.offset was removed: runs of another day differ by more than hours do (3 to 5 times the false "
            "alarms). Omit it, or set baseline.before."
        )
    options = validate.given(value, "baseline", BASELINE_KEYS)
    stored = _stored_runs(options)
    end = moment(options["before"], "baseline.before", now) if "before" in options else since
    if end > since:
        raise GateArgumentError(
            f"baseline.before ({iso(end)}) is later than since ({iso(since)}), so the baseline would contain runs of "
            "the new version. Set it to the time at which the deploy began."
        )
    duration = _span(options, "duration", DEFAULT_BASELINE, positive=True, what="baseline.duration")
    history = _span(options, "history", DEFAULT_HISTORY * duration, what="baseline.history")
    return Baseline(
        start=end - duration,
        end=end,
        history=history if stored is None else 0.0,
        match=validate.choice(options.get("match", "location"), "baseline.match", MATCHES),
        runs=stored,
        control_test_ids=validate.ids(options.get("control_test_ids", []), "baseline.control_test_ids"),
    )


def _stored_runs(options: Mapping[str, Any]) -> Optional[list[Any]]:
    """The runs to compare with, where they are given instead of a window. Raises GateArgumentError."""
    runs = options.get("runs")
    if runs is None:
        return None
    for key in ("before", "duration", "history"):
        if key in options:
            raise GateArgumentError(f"baseline.runs are used as they are, without a window. Remove baseline.{key}.")
    if isinstance(runs, (str, bytes)) or not isinstance(runs, Sequence):
        raise GateArgumentError(f"baseline.runs must be a list of runs, but is {validate.shown(runs)}.")
    return list(runs)


def _span(
    options: Mapping[str, Any], key: str, default: float, *, positive: bool = False, what: Optional[str] = None
) -> float:
    """A span in seconds; it may be 0 unless it must be positive. Raises GateArgumentError."""
    what = what or key
    value = options.get(key, default)
    written = seconds_with_unit(value) if isinstance(value, str) else None
    if written is not None:
        raise GateArgumentError(f"{what} is {validate.shown(value)}. Write seconds without a unit: {written:g}.")
    seconds = validate.number(value, f"{what} (seconds)", least=0, most=LONGEST_SPAN)
    if positive and not seconds:
        raise GateArgumentError(f"{what} (seconds) must be more than 0.")
    return seconds
