# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test now at some nodes, which is charged, and waits for the runs.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils import _summary
from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import InstantRecord
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import slug, unit_of
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Row
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
    OptionError,
    OutcomeUnknownError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation

# The service's own limit of one request.
_MOST_NODES = 5
_MOST_TIMES = 5


class _Order(NamedTuple):
    """Checked options."""

    test_id: int
    node_ids: list[int]
    on_demand: bool
    times: int
    wait_timeout: float
    poll_interval: float
    metrics: list[str]  # slugs; all if empty

    @property
    def cost(self) -> int:
        """The runs that will be charged."""
        return len(self.node_ids) * self.times


@dataclass
class _Progress:
    """The instant tests started so far, and their results."""

    charged: int = 0
    ids: list[int] = field(default_factory=list)
    records: list[tuple[int, InstantRecord]] = field(default_factory=list)  # with the id of the instant test
    missing: list[int] = field(default_factory=list)  # nodes without a result
    words: str = ""  # of the service about a result that is not there


def instant_test(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """Runs a test ``times`` times at each node, one time after the other. Raises CatchpointError."""
    order = _checked(options)
    # Refuses an API version without instant tests in check mode, too.
    client.require_instant_tests()
    if client.check_mode:
        text = (
            f"Would run test {order.test_id} {_count(order.times, 'time')} at {_count(len(order.node_ids), 'node')}, "
            f"which charges {_count(order.cost, 'run')}."
        )
        return {"msg": text, **_result(client, order, _Progress(charged=order.cost))}
    deadline = client.now() + order.wait_timeout
    progress = _Progress()
    for _time in range(order.times):
        _start(client, order, progress)
        try:
            _collect(client, order, progress, deadline)
        except CatchpointError as error:
            error.args = (f"{error} {_charged(progress)}",)
            raise
        if progress.missing or client.now() >= deadline:
            break
    return _finished(client, order, progress)


def _checked(options: Mapping[str, Any]) -> _Order:
    order = _Order(
        options["test_id"],
        list(dict.fromkeys(options["node_ids"])),
        options["on_demand"],
        options["times"],
        options["wait_timeout"],
        options["poll_interval"],
        [slug(metric) for metric in options["metrics"] or ()],
    )
    if not 1 <= len(order.node_ids) <= _MOST_NODES:
        raise OptionError(
            f"node_ids has {len(order.node_ids)} nodes, but an instant test runs at 1 to {_MOST_NODES}. "
            "community.catchpoint.catchpoint_node_info lists nodes with their ids."
        )
    if not 1 <= order.times <= _MOST_TIMES:
        raise OptionError(f"times is {order.times}, but must be 1 to {_MOST_TIMES}.")
    if order.poll_interval <= 0 or order.wait_timeout <= 0:
        raise OptionError("wait_timeout and poll_interval must be greater than 0 seconds.")
    if order.cost > options["max_runs"]:
        raise OptionError(
            f"{_count(len(order.node_ids), 'node')} and times: {order.times} would charge {_count(order.cost, 'run')}, "
            f"and max_runs is {options['max_runs']}. Use fewer nodes or times, or set max_runs to {order.cost}."
        )
    return order


def _start(client: Client, order: _Order, progress: _Progress) -> None:
    """Starts a run at each node. No error is followed by a second try."""
    nodes = len(order.node_ids)
    try:
        found = client.start_instant_test(order.test_id, order.node_ids, on_demand=order.on_demand)
    except (OutcomeUnknownError, ResponseError) as error:
        progress.charged += nodes
        before = f" {_charged(progress)}" if progress.ids else ""
        raise OutcomeUnknownError(
            f"An instant test of test {order.test_id} may have run, which charges {_count(nodes, 'run')}, and its id "
            f"is unknown: {error}{before}"
        ) from None
    except CatchpointError as error:
        if progress.ids:
            error.args = (f"{error} {_charged(progress)}",)
        raise
    progress.ids.append(found)
    progress.charged += nodes


def _collect(client: Client, order: _Order, progress: _Progress, deadline: float) -> None:
    """Polls until there is a result for each node of the newest instant test, or the deadline has passed."""
    instant_id = progress.ids[-1]
    progress.missing = list(order.node_ids)
    while progress.missing:
        left = deadline - client.now()
        if left <= 0:
            return
        client.wait(min(order.poll_interval, left))
        for node_id in list(progress.missing):
            record = _poll(client, instant_id, node_id, progress)
            if record is not None:
                progress.records.append((instant_id, record._replace(node_id=record.node_id or node_id)))
                progress.missing.remove(node_id)


def _poll(client: Client, instant_id: int, node_id: int, progress: _Progress) -> Optional[InstantRecord]:
    """The record of a node. How the service reports that there is none yet is not documented."""
    try:
        return client.instant_record(instant_id, node_id)
    except (NotFoundError, NotCompletedError) as error:
        progress.words = error.api_text
        return None


def _charged(progress: _Progress) -> str:
    return (
        f"{_count(progress.charged, 'run')} may have been charged (instant tests: "
        f"{', '.join(map(str, progress.ids))}); look the results up in the portal instead of running them again."
    )


# Results


def _finished(client: Client, order: _Order, progress: _Progress) -> dict[str, Any]:
    said = f' The API says: "{progress.words.rstrip(".")}."' if progress.words and progress.missing else ""
    nodes = ", ".join(map(str, progress.missing))
    if not progress.records:
        raise ApiError(
            f"Test {order.test_id} has no result at node {nodes} after {order.wait_timeout:g} s.{said} "
            f"{_charged(progress)}"
        )
    warnings = []
    if progress.charged < order.cost or progress.missing:
        what = f"no result at node {nodes}" if nodes else "not all runs were started"
        warnings.append(
            f"wait_timeout ({order.wait_timeout:g} s) ended with {len(progress.records)} of {order.cost} runs of test "
            f"{order.test_id}: {what}.{said} The result is marked complete: false."
        )
    result = _result(client, order, progress)
    if result["failed_count"] < result["run_count"]:
        measured = [metric.slug for metric in _metrics([record for _id, record in progress.records], ())]
        warnings += [
            f"No run of test {order.test_id} has a value of {name}. Check metrics: they have {', '.join(measured)}."
            for name in order.metrics
            if name not in measured
        ]
    return {**result, "warnings": warnings}


def _result(client: Client, order: _Order, progress: _Progress) -> dict[str, Any]:
    """The data of the test as catchpoint_test_data_info returns it with its runs, and what they cost."""
    records = sorted(progress.records, key=lambda entry: entry[1].time)
    metrics = _metrics([record for _id, record in records], order.metrics)
    rows = [_row(order.test_id, record) for _id, record in records]
    summary = _summary.of_runs(rows, metrics, client.server_now())
    return {
        "changed": True,
        "test_id": order.test_id,
        "complete": len(rows) == order.cost,
        **summary,
        "runs": [_summary.run(row, metrics) for row in rows],
        "errors": [
            {"instant_test_id": instant_id, "node_id": record.node_id, "node": record.node, "message": record.error}
            for instant_id, record in records
            if record.failed
        ],
        "links": [record.link for _id, record in records if record.link],
        "instant_test_ids": progress.ids,
        "runs_charged": progress.charged,
    }


def _metrics(records: Sequence[InstantRecord], wanted: Sequence[str]) -> list[Metric]:
    """The requested metrics, or all that a record has a value of."""
    known = {
        metric.slug: metric
        for record in records
        for metric in record.metrics
        if record.values.get(metric.slug) is not None
    }
    return [known.get(name) or Metric(name, name, unit_of(name)) for name in wanted] or list(known.values())


def _row(test_id: int, record: InstantRecord) -> Row:
    return Row(
        time=record.time,
        test_id=test_id,
        test_name=None,
        node_id=record.node_id,
        node=record.node,
        city=None,
        country=None,
        failed=record.failed,
        metrics=record.values,
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


OPERATION = Operation(
    arguments={
        "test_id": {"type": "int", "required": True},
        "node_ids": {"type": "list", "elements": "int", "required": True},
        "on_demand": {"type": "bool", "default": False},
        "times": {"type": "int", "default": 1},
        "wait_timeout": {"type": "float", "default": 300},
        "poll_interval": {"type": "float", "default": 15},
        "max_runs": {"type": "int", "default": 5},
        "metrics": {"type": "list", "elements": "str"},
    },
    rules={},
    run=instant_test,
    writes=True,
)
