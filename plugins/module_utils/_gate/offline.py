# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict over runs that a playbook already holds: the gate without waiting.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import parse_verdict
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import id_of_test, incomplete_data
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError, shown
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import Judgement, error_result, judge


class _Given(NamedTuple):
    runs: list[Any]
    test_ids: list[int]  # of tests in the input, with or without runs
    incomplete: list[int]
    failures: list[str]  # messages of failed tasks in the input


def verdict_of_runs(
    runs: Any,
    options: Mapping[str, Any],
    *,
    clock: float,
    alerts: Optional[Sequence[Any]] = None,
    slo_violations: Optional[Sequence[Any]] = None,
) -> Judgement:
    """The judgement of runs, or for a test or tests as catchpoint_test_data gives them, with their runs in them.

    ``options`` are those of parse_verdict; ``clock`` (seconds since 1970 UTC) is the default of now. Data that cannot
    be read gives the verdict error. Raises GateArgumentError.
    """
    given = _given(runs, "The input")
    for name, events in (("alerts", alerts), ("slo_violations", slo_violations)):
        if events is not None and (isinstance(events, (str, bytes)) or not isinstance(events, Sequence)):
            raise GateArgumentError(
                f"{name} must be a list, but is {shown(events)}. Leave it away, or give null, where it is not known."
            )
    options = dict(options)
    before = _Given([], [], [], [])
    baseline = options.get("baseline")
    if isinstance(baseline, Mapping) and baseline.get("runs") is not None:
        before = _given(baseline["runs"], "baseline.runs")
        options["baseline"] = {**baseline, "runs": before.runs}
    elif isinstance(baseline, Iterable) and not isinstance(baseline, (str, bytes, Mapping)):
        before = _given(baseline, "baseline")
        options["baseline"] = {"runs": before.runs}
    gate = parse_verdict(options, clock)
    now = clock if gate.now is None else gate.now
    if options.get("since") is None:
        gate = gate._replace(since=_beginning([given.runs, alerts, slo_violations], now))
    failures = [*given.failures, *before.failures]
    if failures:
        return error_result(gate, " ".join(dict.fromkeys(failures)), now=now)
    incomplete = {*given.incomplete, *before.incomplete}
    if incomplete:
        return error_result(gate, str(incomplete_data(incomplete)), now=now)
    if not gate.test_ids and (given.test_ids or before.test_ids):
        # The runs alone do not name a test without runs.
        try:
            named = {id_of_test(run.get("test_id")) for run in (*given.runs, *before.runs) if isinstance(run, Mapping)}
        except ValueError as error:
            return error_result(gate, f"A run cannot be read: {error}.", now=now)
        found = {*given.test_ids, *before.test_ids, *named} - {None, *gate.baseline.control_test_ids}
        gate = gate._replace(test_ids=tuple(sorted(test_id for test_id in found if test_id is not None)))
    return judge(gate, given.runs, now=now, alerts=alerts, slo_violations=slo_violations)


def _beginning(lists: Sequence[Optional[Sequence[Any]]], now: float) -> float:
    """The time of the earliest run or event. Unreadable entries are skipped here; judge() reports them."""
    times = [now]
    for entry in (entry for entries in lists for entry in entries or ()):
        with suppress(AttributeError, TypeError, ValueError):
            times.append(run_time(entry.get("time") or entry.get("start")))
    return min(times)


def _given(value: Any, what: str) -> _Given:
    """A list of runs, or of tests that hold runs, or one such test. Raises GateArgumentError.

    A task that failed has a message instead, as one of the results of a loop.
    """
    if isinstance(value, Mapping) and "run_count" in value:
        value = [value]
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise GateArgumentError(f"{what} must be a list of runs, but is {shown(value)}.")
    result = _Given([], [], [], [])
    for entry in value:
        if isinstance(entry, Mapping) and "msg" in entry and not {"time", "runs", "run_count"} & entry.keys():
            result.failures.append(str(entry["msg"]))
            continue
        if not isinstance(entry, Mapping) or "time" in entry or not ("runs" in entry or "run_count" in entry):
            result.runs.append(entry)
            continue
        runs = entry.get("runs")
        if isinstance(runs, (str, bytes, Mapping)) or not isinstance(runs, Sequence):
            raise GateArgumentError(
                f"{what} holds a test without its runs. Read it with community.catchpoint.catchpoint_test_data_info, "
                "include_runs: true and no interval."
            )
        try:
            test_id = id_of_test(entry.get("test_id"))
        except ValueError as error:
            raise GateArgumentError(f"{what} holds a test that cannot be read: {error}.") from None
        if test_id is not None:
            result.test_ids.append(test_id)
            if entry.get("complete") is False:
                result.incomplete.append(test_id)
        result.runs.extend(_of_test(run, test_id, entry.get("test_name")) for run in runs)
    return result


def _of_test(run: Any, test_id: Optional[int], name: Any) -> Any:
    """A run with the id of its test, where it does not name one itself."""
    if not isinstance(run, Mapping) or run.get("test_id") is not None:
        return run
    return {**run, "test_id": test_id, "test_name": name}
