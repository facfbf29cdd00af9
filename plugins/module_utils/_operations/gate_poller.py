# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The polling loop of the performance gate: reads the runs of the tests until they can be judged.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.community.catchpoint.plugins.module_utils import _summary
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client, Performance
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import Slo
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Alert, SloViolation
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import Contradiction, Placed
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import AlertFilter, SloFilter
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
    NotFoundError,
    RateLimitError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY, ERROR_BUDGET
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import Decision
from ansible_collections.community.catchpoint.plugins.module_utils._gate.explanation import (
    COMPONENTS,
    FAILURE_TYPES,
    is_explained,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.horizon import decide
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import (
    FUTURE_TOLERANCE,
    Gate,
    parse_gate,
    waiting_notes,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.preflight import baseline_warnings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import (
    DataError,
    Samples,
    incomplete_data,
    read_runs,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import moment
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import (
    Judgement,
    Waited,
    judge,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import PollingRetryPolicy
from ansible_collections.community.catchpoint.plugins.module_utils._operations.gate_context import with_context
from ansible_collections.community.catchpoint.plugins.module_utils._operations.slo_info import budgets
from ansible_collections.community.catchpoint.plugins.module_utils._text import span_text
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window

# The end of the year 9999: before the service's clock is known, no time counts as future.
_NO_LIMIT = 253402300799.0
# The shortest window to request, because a window must not be empty; earlier runs do not count.
_LEAST_WINDOW = 60  # seconds
# A smaller error of the clock needs no second request: HTTP dates are whole seconds, and responses take time.
_CLOCK_JITTER = 5.0  # seconds
_SKEW_TOLD = 30.0  # seconds
_SHORTEST_PAUSE = 1.0  # seconds
# Catchpoint does not report the window of an objective. 4 weeks are what catchpoint_slo_info takes by default as well.
_BUDGET_WINDOW = 28 * 86400  # seconds


class _Data(NamedTuple):
    """What one poll read: runs of the gated and of the control tests, and what else the criteria need."""

    runs: list[dict[str, Any]]
    alerts: Optional[list[dict[str, Any]]]
    slo_violations: Optional[list[dict[str, Any]]]
    error_budget: Optional[list[dict[str, Any]]]  # the objectives of the tests, as slo_info returns them


class GatePoller:
    """One gate on its way to a verdict."""

    def __init__(
        self,
        client: Client,
        options: Mapping[str, Any],
        clock: Clock,
        progress: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._client = client
        self._options = options
        self._clock = clock
        self._progress = progress
        self._warn = warn
        self._started = clock.now()
        self._polls = 0
        # When the wait began by the service's clock, once that is known.
        self._began = math.inf
        # The service's clock minus ours; 0 while it is not known.
        self._offset = client.server_offset or 0.0
        self.skew: Optional[float] = None  # the same for the result
        self.gate = self._parsed(_NO_LIMIT)
        self._explaining = _explaining_metrics(self.gate)
        self._slos: Optional[list[Slo]] = None
        self.notes: list[str] = []  # what could not be read to explain the verdict
        self._retries = PollingRetryPolicy(clock, warn, self._started + self.gate.wait_timeout)
        client.retry_with(self._retries)

    def now(self) -> float:
        """The service's clock."""
        return self._clock.now() + self._offset

    def waited(self) -> Waited:
        return Waited(self._clock.now() - self._started, self._polls, self._retries.retries)

    def result(self) -> Judgement:
        """Polls until the verdict can be given, and gives it."""
        baseline = read_runs([])
        decision: Optional[Decision] = None
        while True:
            began = self._clock.now()
            asked = self.now()
            data = self._read(asked)
            if self._set_clock():
                # Our own clock was wrong, or was set, and so the end of the window was.
                asked = self.now()
                if not self._polls:
                    self._begin()
                data = self._read(asked)
            if not self._polls:
                self._begin()
                baseline = read_runs(self._read_baseline(asked))
                for text in (*waiting_notes(self.gate, asked), *baseline_warnings(self.gate, baseline)):
                    self._warn(text)
            self._polls += 1
            decision = decide(
                self.gate,
                data.runs,
                now=asked,
                started=min(asked - (began - self._started), self._began),
                baseline_runs=baseline,
                alerts=data.alerts,
                slo_violations=data.slo_violations,
                error_budget=data.error_budget,
                previous=decision,
            )
            self._progress(decision.progress.last_line if decision.done else decision.progress.line)
            if decision.done:
                judgement = self._judged(data, baseline, decision, asked)
                return with_context(self._client, self._clock, judgement, data.runs, self.notes)
            self._clock.sleep(self._pause(began))

    def _judged(self, data: _Data, baseline: Samples, decision: Decision, now: float) -> Judgement:
        return judge(
            self.gate,
            data.runs,
            now=now,
            baseline_runs=baseline,
            alerts=data.alerts,
            slo_violations=data.slo_violations,
            error_budget=data.error_budget,
            decision=decision,
            waited=self.waited(),
            clock_skew_seconds=self.skew,
        )

    # Time

    def _parsed(self, now: float) -> Gate:
        """The options, with the task's start by the service's clock as the default of since. Raises OptionError."""
        options = dict(self._options)
        began, since, baseline = self._started + self._offset, options.get("since"), options.get("baseline")
        # Relative times count back from the task's start, however long the gate waits.
        options["since"] = began if since is None else moment(since, "since", began)
        if isinstance(baseline, Mapping) and baseline.get("before") is not None:
            before = moment(baseline["before"], "baseline.before", began)
            if since is None and began < before <= began + FUTURE_TOLERANCE:
                # It was taken by a clock that is ahead of the service's.
                before = began
            options["baseline"] = {**baseline, "before": before}
        return parse_gate(options, now)

    def _set_clock(self) -> bool:
        """Go by the service's clock as of its newest answer; whether it was taken wrongly by more than some jitter."""
        offset = self._client.server_offset
        if offset is None:
            return False
        wrong = abs(offset - self._offset) > _CLOCK_JITTER
        first = self.skew is None
        if wrong or first:
            self._offset, self.skew = offset, round(offset, 1)
            if first and abs(offset) > _SKEW_TOLD:
                # Before the times of the options are held against this clock, which they may well not stand.
                self._warn(
                    f"This machine's clock is {span_text(abs(offset))} {'behind' if offset > 0 else 'ahead of'} "
                    "Catchpoint's. The gate goes by Catchpoint's, but times that were taken here, such as since and "
                    "baseline.before, are wrong by that much."
                )
        return wrong

    def _begin(self) -> None:
        """Parses the options again by the service's clock: when the task began, and whether since is in the future."""
        self._began = self._started + self._offset
        self.gate = self._parsed(self.now())

    def _pause(self, began: float) -> float:
        """Seconds until the next poll: the interval, or less when the horizon or the timeout comes first."""
        now = self._clock.now()
        waits = [began + self.gate.poll_interval - now, self._started + self.gate.wait_timeout - now]
        if self.gate.end is not None:
            horizon = self.gate.end + self.gate.grace_period - self.now()
            waits += [horizon] if horizon > 0 else []
        return max(_SHORTEST_PAUSE, min(waits))

    # Reading

    def _ids(self) -> list[int]:
        return [*self.gate.test_ids, *self.gate.baseline.control_test_ids]

    def _metrics(self) -> list[str]:
        """The metrics of the criteria; availability, which every run has, if there are none."""
        return list(dict.fromkeys(entry.asked_metric for entry in self.gate.criteria if entry.of_runs)) or [
            AVAILABILITY
        ]

    def _read(self, now: float) -> _Data:
        """Everything from the deploy up to now, or up to the window's end."""
        end = now if self.gate.end is None else min(now, self.gate.end)
        window = _window(self.gate.since, end)
        runs = self._runs(window)
        metrics = {criterion.metric for criterion in self.gate.criteria}
        since = _window(self.gate.since, now)
        ids = self.gate.test_ids
        return _Data(
            runs,
            _dicts(self._client.alerts(AlertFilter(ids), since)) if "alerts" in metrics else None,
            _dicts(self._client.slo_violations(ids, since)) if "slo_violations" in metrics else None,
            self._error_budgets(now) if ERROR_BUDGET in metrics else None,
        )

    def _error_budgets(self, now: float) -> list[dict[str, Any]]:
        """The objectives of the tests with their error budgets. Which objectives there are is read once."""
        if self._slos is None:
            self._slos = self._client.events.slos(SloFilter(test_ids=self.gate.test_ids))
        found = budgets(self._client, self._slos, Window(int(now) - _BUDGET_WINDOW, int(now)))
        _refuse(found.contradiction)
        return found.inside

    def _read_baseline(self, now: float) -> list[dict[str, Any]]:
        """The runs of the baseline and its history, where a criterion compares with it and none are stored.

        They are read in one request. Without a complete history, the baseline is read alone.
        """
        baseline = self.gate.baseline
        if not self.gate.compares or baseline.runs is not None:
            return []
        end = min(baseline.end, now)
        if self.gate.relative and baseline.history:
            try:
                return self._runs(_window(baseline.history_start, end))
            except (ApiError, DataError) as error:
                if isinstance(error, (AuthenticationError, RateLimitError)):
                    raise
                self._warn(
                    f"The history before the baseline could not be read: {error} Autocorrelation is estimated from the "
                    "baseline alone. Set baseline.history to 0 if the service has no older runs."
                )
        return self._runs(_window(baseline.start, end))

    def _runs(self, window: Window) -> list[dict[str, Any]]:
        found = self._performance(window)
        for error in found.unknown.values():
            raise error
        if found.incomplete:
            raise incomplete_data(found.incomplete)
        return [{**_summary.run(row, found.metrics)} for rows in found.rows.values() for row in rows]

    def _performance(self, window: Window) -> Performance:
        """The runs with the metrics that may explain a verdict, unless the service refuses these once."""
        ids, metrics = self._ids(), self._metrics()
        if not self._explaining:
            return self._client.runs(ids, window, metrics)
        try:
            found = self._client.runs(ids, window, metrics, self._explaining)
        except ApiError as error:
            if not _is_refusal(error):
                raise
            refusal: CatchpointError = error
        else:
            if len(found.unknown) < len(ids) or not all(map(_is_refusal, found.unknown.values())):
                return found
            refusal = next(iter(found.unknown.values()))
        self._explaining = ()
        self.notes.append(f"explanation: the service refused the component metrics: {refusal}")
        return self._client.runs(ids, window, metrics)


def _dicts(found: Union[Placed[Alert], Placed[SloViolation]]) -> list[dict[str, Any]]:
    _refuse(found.contradiction)
    return [entry._asdict() for entry in found.inside]


def _refuse(contradiction: Optional[Contradiction]) -> None:
    """Raises DataError if something shows that events are missing."""
    if contradiction is not None:
        raise DataError(contradiction.sentences("others may be missing"))


def _is_refusal(error: CatchpointError) -> bool:
    """Whether the service may have refused a request for what it asks, and not for who asks or how often."""
    if not isinstance(error, ApiError) or isinstance(error, (AuthenticationError, NotFoundError, RateLimitError)):
        return False
    return error.status < 500


def _explaining_metrics(gate: Gate) -> tuple[str, ...]:
    """The metrics that may explain the verdict, which travel in the requests that are made anyway."""
    found: list[str] = []
    if any(is_explained(criterion) for criterion in gate.criteria):
        found += COMPONENTS
    if any(criterion.metric == AVAILABILITY for criterion in gate.criteria):
        found += FAILURE_TYPES
    return tuple(found)


def _window(start: float, end: float) -> Window:
    return Window(int(min(start, end - _LEAST_WINDOW)), int(end))
