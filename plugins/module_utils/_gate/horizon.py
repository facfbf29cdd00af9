# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides how long to wait: until the horizon, the timeout, or the poll that decides the verdict.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import availability
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    ERROR_BUDGET,
    EVENTS,
    OF_TESTS,
    Criterion,
    check_metrics,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.curtailment import is_safe, why_broken
from ansible_collections.community.catchpoint.plugins.module_utils._gate.dataset import Dataset, gather
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import (
    FAIL,
    HORIZON,
    PASS,
    TIMEOUT,
    Certain,
    Decision,
    Progress,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import (
    Analysis,
    broken_changes,
    change_unit,
    limit_words,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.events import count_events
from ansible_collections.community.catchpoint.plugins.module_utils._gate.interim import (
    Course,
    Moment,
    has_analyses,
    is_within,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import (
    Events,
    Part,
    Row,
    judge_again,
    judge_part,
    parts,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    Sample,
    Samples,
    garbage_collection_paused,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    change_text,
    counted,
    span_text,
    value_text,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

# The part of a window by time that must be over before its runs show how many will come.
_LEAST_ELAPSED = 1 / 6
# A schedule does not double its rate, so at most this many times the runs that the rate so far predicts.
_FASTEST = 2


class _Poll(NamedTuple):
    """The input of one poll."""

    gate: Gate
    dataset: Dataset
    events: Events
    now: float
    fewest: int  # runs of the slowest test or location, which the gate waits for
    final: bool  # at the horizon or the timeout
    courses: Mapping[Part, Course]  # before this poll

    def expected(self, runs: int, fastest: int = 1) -> Optional[int]:
        """How many runs a test or location will have at the horizon when each keeps its pace; None when unknown.

        ``fastest`` is by how many times the pace of a window by time may still rise.
        """
        gate = self.gate
        if gate.min_runs is not None:
            return max(gate.min_runs, -(-gate.min_runs * runs // self.fewest)) if self.fewest else None
        if not gate.duration:
            return None
        elapsed = min(1.0, (self.now - gate.start) / gate.duration)
        return round(fastest * runs / elapsed) if elapsed >= _LEAST_ELAPSED else None


class _Standing(NamedTuple):
    """One row of the result, as of this poll."""

    criterion: Criterion
    runs: Sequence[Sample]
    row: Row
    analysis: Optional[Analysis] = None
    course: Optional[Course] = None  # with the analyses up to this poll


@garbage_collection_paused()
def decide(
    gate: Gate,
    runs: Sequence[Any],
    *,
    now: float,
    started: float,
    baseline_runs: Union[Sequence[Any], Samples, None] = None,
    alerts: Optional[Sequence[Any]] = None,
    slo_violations: Optional[Sequence[Any]] = None,
    error_budget: Optional[Sequence[Mapping[str, Any]]] = None,
    previous: Optional[Decision] = None,
) -> Decision:
    """Whether to judge now, at a poll at ``now`` of a gate that began to wait at ``started`` (the server's clock).

    The data is as for judge(). ``previous`` is the decision of the poll before. The wait ends at the horizon, as soon
    as the evidence is enough to fail (fail_fast) or to pass (pass_fast), and at the timeout. Raises DataError, and
    GateArgumentError for a metric that does not exist, as soon as there is a run that could have it.
    """
    dataset = gather(gate, runs, baseline_runs)
    if dataset.metrics:
        check_metrics(gate.criteria, dataset.metrics)
    rows = parts(gate, dataset)
    have, where = _fewest(dataset, rows)
    arrived = have >= gate.min_runs if gate.min_runs is not None else now >= (gate.end or now) + gate.grace_period
    at_horizon = arrived or not gate.waits
    too_late = now - started >= gate.wait_timeout
    events = {"alerts": alerts, "slo_violations": slo_violations, "error_budget": error_budget}
    courses = previous.courses if previous is not None else {}
    poll = _Poll(gate, dataset, events, now, have, at_horizon or too_late, courses)
    standings = {part: _standing(poll, part, groups) for part, groups in rows.items()}
    certain = _certain(poll, standings) if gate.fail_fast and not at_horizon else {}
    failing = _beyond_tolerance(gate, standings, certain) if gate.fail_fast and not at_horizon else set()
    ended_by = None
    if at_horizon:
        ended_by = HORIZON
    elif failing:
        ended_by = FAIL
    elif too_late:
        ended_by = TIMEOUT
    elif gate.pass_fast and _all_settled(poll, standings):
        ended_by = PASS
    return Decision(
        ended_by=ended_by,
        certain={part: reason for part, reason in certain.items() if part in failing},
        analyses={part: found.analysis for part, found in standings.items() if found.analysis is not None},
        courses={part: found.course for part, found in standings.items() if found.course is not None},
        reached=_reached(gate, have, where, now),
        progress=_progress(poll, standings, where, started),
    )


def _fewest(dataset: Dataset, rows: Collection[Part]) -> tuple[int, str]:
    """The smallest number of runs of any test, and of any location where a criterion splits, and whose it is."""
    counts: list[tuple[int, str]] = []
    for test_id in dataset.tests:
        of_test = f" of test {test_id}" if len(dataset.tests) > 1 else ""
        counts.append((len(dataset.current[test_id].inside), of_test))
        for _position, own, location in rows:
            if own == test_id and location is not None:
                runs = dataset.windows(test_id, location).current
                counts.append((len(runs), f"{of_test} at {location}"))
    return min(counts, key=lambda entry: entry[0])


# Rows


def _standing(poll: _Poll, part: Part, groups: int) -> _Standing:
    """A row at this poll, as an interim analysis where it has some."""
    position, test_id, location = part
    criterion = poll.gate.criteria[position]
    runs = poll.dataset.windows(test_id, location).current

    def judged(analysis: Optional[Analysis]) -> Row:
        return judge_part(poll.gate, poll.dataset, poll.events, part, groups, analysis)

    if not has_analyses(criterion):
        return _Standing(criterion, runs, judged(None))
    course = poll.courses.get(part, Course())
    share = criterion.significance / groups
    moment = Moment(len(runs), poll.expected(len(runs)), poll.final, poll.gate.fail_fast, share, course)
    progress = "" if poll.final else f"{len(runs)} of {counted(moment.expected or len(runs), 'run')}"
    analysis = Analysis(None, course.looks, progress, moment.expected)
    row = judged(analysis)
    comparison = row.comparison
    if comparison is None or comparison.missing or row.value is None or not moment.is_analysis(comparison.compared[0]):
        return _Standing(criterion, runs, row, analysis, course)
    course = moment.analysed(*comparison.compared)
    analysis = analysis._replace(level=course.failing.level, looks=course.looks)
    row = judge_again(poll.gate, poll.dataset, row, analysis)
    may_pass = poll.gate.pass_fast and not poll.final and _is_clean(row)
    within = may_pass and is_within(criterion, comparison, course.passing.level)
    return _Standing(criterion, runs, row, analysis, course._replace(within=within))


def _is_clean(row: Row) -> bool:
    return row.status.status == "pass" and not row.status.note


# Early fail


def _certain(poll: _Poll, standings: Mapping[Part, _Standing]) -> dict[Part, Certain]:
    """The rows with an absolute limit that is broken whatever the remaining runs are."""
    found: dict[Part, Certain] = {}
    for part, standing in standings.items():
        for limit in standing.criterion.limits:
            if limit.level != "fail" or limit.relative:
                continue
            if standing.criterion.metric in EVENTS:
                reason = _why_counted(poll, part, standing.criterion)
            elif standing.criterion.metric == ERROR_BUDGET:
                # A spent budget does not recover while the gate waits.
                reason = standing.row.status.reason if standing.row.fails and standing.row.value is not None else None
            else:
                total = _total(poll, standing)
                reason = why_broken(standing.criterion, limit, standing.runs, total, standing.row.level.shared)
            if reason:
                found.setdefault(part, Certain(limit, reason))
    return found


def _total(poll: _Poll, standing: _Standing) -> Optional[int]:
    """The number of runs at the horizon that curtailment counts with; None when unknown.

    In a window by time no number is safe but for availability, which takes many failed runs.
    """
    fastest = _FASTEST if standing.criterion.metric == AVAILABILITY else 1
    if poll.gate.min_runs is None and standing.criterion.metric != AVAILABILITY:
        return None
    return poll.expected(len(standing.runs), fastest)


def _why_counted(poll: _Poll, part: Part, criterion: Criterion) -> Optional[str]:
    """Why there are too many events already; None when there are not."""
    events = poll.events[criterion.metric]
    limit = next((limit for limit in criterion.limits if limit.level == "fail" and limit.key == "max"), None)
    if events is None or limit is None:
        return None
    count = count_events(criterion, events, part[1], poll.gate.since)
    if count.total <= limit.value + limit.tolerance:
        return None
    noun = criterion.metric.replace("_", " ")
    return f"{count.total} {noun}{count.detail} already, {limit_words(criterion, limit)}"


def _fails_at_analysis(standing: _Standing) -> bool:
    """Whether a limit on a change is broken with the evidence that this interim analysis requires."""
    row, analysis = standing.row, standing.analysis
    if analysis is None or analysis.level is None or not row.fails or row.comparison is None:
        return False
    p = row.comparison.p
    return bool(broken_changes(standing.criterion, row.comparison)) and p is not None and p < analysis.level


def _beyond_tolerance(gate: Gate, standings: Mapping[Part, _Standing], certain: Mapping[Part, Certain]) -> set[Part]:
    """The enforced rows that fail by now, as far as they are more than max_failing may forgive."""
    groups: dict[tuple[int, Optional[int]], list[Part]] = {}
    for part in standings:
        position, test_id, _location = part
        by_test = gate.criteria[position].split_by == "test"
        groups.setdefault((position, None if by_test else test_id), []).append(part)
    found: set[Part] = set()
    for (position, _test_id), group in groups.items():
        criterion = gate.criteria[position]
        failing = {part for part in group if part in certain or _fails_at_analysis(standings[part])}
        tolerated = criterion.max_failing if criterion.max_failing < len(group) else 0
        if criterion.enforce and len(failing) > tolerated:
            found |= failing
    return found


# Early pass


def _all_settled(poll: _Poll, standings: Mapping[Part, _Standing]) -> bool:
    """Whether every enforced row passes, and hardly any remaining run could change that."""
    enforced = [standing for standing in standings.values() if standing.criterion.enforce]
    return bool(enforced) and all(_is_settled(poll, standing) for standing in enforced)


def _is_settled(poll: _Poll, standing: _Standing) -> bool:
    criterion, row = standing.criterion, standing.row
    if not criterion.limits:
        return True
    if not _is_clean(row) or row.value is None or criterion.metric in OF_TESTS:
        return False
    total = poll.expected(len(standing.runs), _FASTEST)
    for limit in criterion.limits:
        if limit.relative:
            if standing.course is None or not standing.course.within:
                return False
        elif not is_safe(criterion, limit, standing.runs, total, row.level.shared):
            return False
    return True


# Progress


def _reached(gate: Gate, have: int, where: str, now: float) -> str:
    if gate.min_runs is not None:
        asked = counted(gate.min_runs, "run")
        return f"{have} of {asked}{where}" if have <= gate.min_runs else f"{have} runs ({gate.min_runs} required)"
    return f"{span_text(now - gate.start)} of {span_text(gate.duration or 0)}"


def _progress(poll: _Poll, standings: Mapping[Part, _Standing], where: str, started: float) -> Progress:
    gate, now = poll.gate, poll.now
    runs = [run for test_id in poll.dataset.tests for run in poll.dataset.current[test_id].inside]
    if gate.min_runs is None:
        reached = counted(len(runs), "run")
        left: Optional[float] = (gate.end or now) + gate.grace_period - now
    else:
        have = poll.fewest
        reached = _reached(gate, have, where, now)
        elapsed = now - gate.start
        left = (gate.min_runs - have) * elapsed / have if have and elapsed > 0 else None
    findings = [f"availability {value_text(availability(runs), 'percent')}"] if runs else []
    change = _change_so_far(standings)
    findings += [change] if change else []
    if now < gate.start:
        findings.append(f"warm-up until {iso(gate.start)[11:]}")
    until_timeout = started + gate.wait_timeout - now
    soon = left is not None and left <= until_timeout
    return Progress(
        reached,
        tuple(findings),
        f"about {span_text(left or 0)} left" if soon else f"{span_text(until_timeout)} until the timeout",
    )


def _change_so_far(standings: Mapping[Part, _Standing]) -> str:
    """test_time median +3 % (analysis 2): the largest change of a row with a limit on it; empty without one."""
    found: list[tuple[float, str]] = []
    for (_position, _test_id, location), standing in standings.items():
        comparison, criterion = standing.row.comparison, standing.criterion
        if not criterion.relative or comparison is None or comparison.missing or comparison.adjusted is None:
            continue
        unit = change_unit(criterion, next((limit for limit in criterion.limits if limit.relative), None))
        change = comparison.change_percent if unit in ("%", "points") else comparison.change
        place = f" at {location}" if location is not None else ""
        looks = len(standing.course.looks) if standing.course is not None else 0
        note = f" (analysis {looks})" if looks else ""
        size = comparison.change_percent * criterion.direction(comparison.change)
        found.append((size, f"{criterion.name}{place} {change_text(change, unit)}{note}"))
    return max(found, key=lambda entry: entry[0])[1] if found else ""
