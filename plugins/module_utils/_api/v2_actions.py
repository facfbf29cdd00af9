# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v2: the alert states of tests, and instant tests.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import (
    AlertState,
    InstantRecord,
    PauseEnd,
    StateOrder,
    Write,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import slug, unit
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Page
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    array,
    as_int,
    csv,
    enum_name,
    failed,
    first,
    flag,
    id_name,
    legend,
    member,
    moment,
    number,
    section,
    text,
    unexpected_shape,
    values_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.v2_envelope import data_of, page_of
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso, seconds_of

# AlertStateType.
_STATES = {"paused": 0, "unpaused": 1}

# [days.]HH:MM[:SS[.fraction]], as .NET writes a TimeSpan.
_SPAN = re.compile(r"(?:(\d{1,4})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,7})?)?")

# Whether the service accepts 24:00 is not documented.
_LONGEST = 24 * 60 - 1  # minutes

# The members of a ping's record, and their metrics.
_PING = {
    "average_round_trip_time": "Ping Round Trip (ms)",
    "packet_loss": "% Ping Packet Loss",
    "jitter": "Jitter",
}


# Alert states


def alert_states(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/tests/alert/state/{csv(ids)}", {})]


def read_alert_states(payload: object) -> Page[AlertState]:
    return page_of(payload, _alert_state, "tests", "a list of alert states")


def _alert_state(entry: Json) -> AlertState:
    state = enum_name(entry.get("status"), _STATES)
    if state not in _STATES:
        raise unexpected_shape("an alert state that is paused or unpaused", entry)
    test_id = member(entry, "test_id", int, "an alert state")
    return AlertState(test_id, state == "paused", _seconds(text(entry.get("pause_expiration"))))


def _seconds(span: Optional[str]) -> Optional[float]:
    """The seconds of a time span; None for anything else, for example a time."""
    match = _SPAN.fullmatch(span or "")
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float(86400 * days + 3600 * hours + 60 * minutes + seconds)


def pause_ends(ids: Sequence[int]) -> list[Request]:
    return [Request(f"/tests/{csv(ids)}", {})]


def read_pause_ends(payload: object) -> Page[PauseEnd]:
    return page_of(payload, _pause_end, "tests", "a list of tests")


def _pause_end(entry: Json) -> PauseEnd:
    end = moment(entry.get("alerts_pause_expiration"))
    return PauseEnd(member(entry, "id", int, "a test"), None if end is None else seconds_of(end))


def set_alert_states(orders: Sequence[StateOrder]) -> Write:
    return Write("/tests/alert/state", {}, {"tests": [_state_entry(order) for order in orders]})


def _state_entry(order: StateOrder) -> dict[str, object]:
    if order.minutes is None:
        return {"testId": order.test_id, "status": {"id": _STATES["unpaused"], "name": "Unpaused"}}
    hours, minutes = divmod(min(order.minutes, _LONGEST), 60)
    status = {"id": _STATES["paused"], "name": "Paused"}
    return {"testId": order.test_id, "status": status, "pauseExpiration": f"{hours:02d}:{minutes:02d}"}


# Instant tests


def instant_test(test_id: int, node_ids: Sequence[int], *, on_demand: bool) -> Write:
    nodes = [{"id": node_id} for node_id in node_ids]
    # The member's name is the real one.
    return Write(f"/instanttests/{test_id}", {"onDemand": "true"} if on_demand else {}, {"nodesIds": nodes})


def read_instant_test(payload: object) -> int:
    data = data_of(payload)
    found = as_int(data.get("id")) if isinstance(data, dict) else None
    if found is None:
        raise unexpected_shape("an instant test with an id", data)
    return found


def instant_record(instant_test_id: int, node_id: int) -> Request:
    return Request(f"/instanttests/{instant_test_id}", {"nodeId": str(node_id)})


def read_instant_record(payload: object) -> Optional[InstantRecord]:
    data = data_of(payload)
    # The words of instantTestStatus are not documented, so only the record counts.
    if not isinstance(data, dict) or "instant_test_record" not in data:
        raise unexpected_shape("an instant test with or without a record", data)
    record = section(data, "instant_test_record", "an instant test")
    return _record(record) if record else None


def _record(record: Json) -> InstantRecord:
    metrics, values = _measured(record)
    error = _error(record)
    node_id, node = id_name(section(record, "node", "an instant test's record"))
    return InstantRecord(
        time=_time(record),
        node_id=node_id,
        node=node,
        failed=error is not None or bool(failed(values, None)),
        error=error,
        link=text(record.get("public_link")),
        metrics=metrics,
        values=values,
    )


def _time(record: Json) -> str:
    written = moment(record.get("actual_runtime"))
    milliseconds = number(record.get("actual_runtime_in_unix_time_milliseconds"))
    if written is None and milliseconds is None:
        raise unexpected_shape("an instant test's record with a time", record)
    return written if written is not None else iso((milliseconds or 0.0) / 1000)


def _error(record: Json) -> Optional[str]:
    """The service's error text of a failed run; None for a run that did not fail or only has a warning."""
    what = "an instant test's error"
    primary = section(record, "primary_error_data", what)
    if not primary:
        return text(record.get("error_message"))
    if flag(primary, "is_warning", what):
        return None
    words = first(primary, "message", "name") or record.get("error_message")
    return text(words) or "The run failed, and the API does not say why."


def _measured(record: Json) -> tuple[list[Metric], dict[str, Optional[float]]]:
    """The metrics and values of a record, from the part for the type of its test."""
    what = "an instant test's metrics"
    metrics: dict[str, Metric] = {}
    values: dict[str, Optional[float]] = {}
    for part in (value for value in record.values() if isinstance(value, dict)):
        table = part.get("metrics")
        if isinstance(table, dict):
            columns = legend(array(table, "fields", what), what)
            found = values_of([column.slug for column in columns], table.get("items"), what)
        elif isinstance(table, list):
            entries = [entry for entry in array(part, "metrics", what) if text(entry.get("name"))]
            columns = [_metric(str(entry["name"])) for entry in entries]
            found = {column.slug: number(entry.get("value")) for column, entry in zip(columns, entries)}
        else:
            continue
        metrics.update((column.slug, column) for column in columns)
        values.update(found)
    ping = section(record, "ping_data", what)
    for name, label in _PING.items():
        if name in ping:
            metric = _metric(label)
            metrics[metric.slug] = metric
            values[metric.slug] = number(ping[name])
    return list(metrics.values()), values


def _metric(label: str) -> Metric:
    return Metric(slug(label), label, unit(label))
