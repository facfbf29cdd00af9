# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pauses the alerts of tests for a limited time, verifies when the pause ends, and unpauses them.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import StateOrder
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    CatchpointError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

# How far the end of a pause may be from the requested one, in seconds.
TOLERANCE = 120.0

_SHORTEST, _LONGEST = 60, 86400

_States = dict[int, "_State"]


class _State(NamedTuple):
    """The alert state of a test. ``end`` is in seconds since 1970 UTC, None if it is not known or there is none."""

    paused: bool
    end: Optional[float] = None

    @property
    def name(self) -> str:
        return "paused" if self.paused else "unpaused"

    @property
    def expires(self) -> Optional[str]:
        return None if self.end is None else iso(self.end)


def alert_state(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """Sets the alert states that differ from what is requested. Raises CatchpointError."""
    ids = list(dict.fromkeys(options["test_ids"]))
    seconds = _checked(ids, options)
    if not ids:
        return _result({}, {})
    before = _read(client, ids)
    if seconds is None:
        return _result(before, _unpause(client, before))
    unknown = [test_id for test_id in ids if before[test_id].paused and before[test_id].end is None]
    result = _result(before, _pause(client, before, seconds))
    if unknown:
        result["warnings"] = [
            f"The alerts of {_tests(unknown)} were paused already, without a known end, and were left as they are. "
            "To give the pause an end, unpause them first."
        ]
    return result


def _checked(ids: Sequence[int], options: Mapping[str, Any]) -> Optional[int]:
    """The seconds that a pause is to last; None to unpause."""
    seconds: Optional[int] = options["expires_after"]
    if options["state"] == "unpaused":
        if seconds is not None:
            raise OptionError("expires_after says how long a pause lasts. Remove it with state: unpaused.")
        return None
    if not ids:
        raise OptionError("test_ids is empty, so no alerts would be paused. Name one or more tests, such as 81093.")
    if seconds is None or not _SHORTEST <= seconds <= _LONGEST:
        raise OptionError(
            f"expires_after is {seconds}, but must be {_SHORTEST} to {_LONGEST} seconds, that is at most a day."
        )
    return seconds


def _read(client: Client, ids: Sequence[int], sent: Optional[float] = None) -> _States:
    """The states of tests. ``sent`` is the pauseExpiration that was sent before, in seconds.

    The service may show pauseExpiration as it was sent, which does not say when the pause ends. So it counts only if
    it is another one, and the end that the test itself has counts first.
    """
    found = client.alert_states(ids)
    paused = [state.id for state in found if state.paused]
    ends = client.pause_ends(paused) if paused else {}
    states: _States = {}
    for state in found:
        end = ends.get(state.id)
        if end is None and state.paused and sent is not None and state.stated not in (None, sent):
            end = client.server_now() + (state.stated or 0.0)
        states[state.id] = _State(state.paused, end)
    return states


# Pausing


def _pause(client: Client, before: _States, seconds: int) -> _States:
    # Rounded down to the minutes that the service takes, so that nothing is paused for longer than requested.
    orders = [
        StateOrder(test_id, seconds // 60)
        for test_id, state in before.items()
        if not state.paused or (state.end is not None and not _ends_in(client, state, seconds))
    ]
    if not orders:
        return before
    ids = [order.test_id for order in orders]
    if client.check_mode:
        return {**before, **dict.fromkeys(ids, _State(True, client.server_now() + seconds))}
    try:
        client.set_alert_states(orders)
        after = _read(client, ids, sent=60.0 * (seconds // 60))
        _verify(client, after, seconds)
    except CatchpointError as error:
        _undo(client, {test_id: before[test_id] for test_id in ids}, error)
    return {**before, **after}


def _ends_in(client: Client, state: _State, seconds: int) -> bool:
    return state.end is not None and abs(state.end - client.server_now() - seconds) <= TOLERANCE


def _verify(client: Client, after: _States, seconds: int) -> None:
    """Raises ResponseError for the first test whose alerts are not paused, or not for the requested time."""
    for test_id, state in after.items():
        expected = iso(client.server_now() + seconds)
        if not state.paused:
            raise ResponseError(f"The alerts of test {test_id} are not paused, but Catchpoint accepted the request.")
        if not _ends_in(client, state, seconds):
            shown = "does not report when it ends" if state.end is None else f"reports {state.expires} as its end"
            raise ResponseError(
                f"The pause of the alerts of test {test_id} was requested until {expected}, and Catchpoint {shown}."
            )


def _undo(client: Client, before: _States, error: CatchpointError) -> NoReturn:
    """Restores the states of tests after ``error``, and raises it with what became of them."""
    try:
        now = _read(client, list(before))
        changed = [test_id for test_id, state in before.items() if not _is_restored(now[test_id], state)]
        if changed:
            client.set_alert_states([_restoring(client, test_id, before[test_id]) for test_id in changed])
            now = _read(client, changed)
        left = [test_id for test_id in changed if not _is_restored(now[test_id], before[test_id])]
        outcome = "The pause was undone." if changed else "No alerts were paused."
        if left:
            outcome = f"{_left(now, left)} Correct that in the portal."
    except CatchpointError as second:
        outcome = (
            f"The alerts of {_tests(before)} may be paused, and undoing that failed, too ({second}) "
            "Check them in the portal."
        )
    error.args = (f"{error} {outcome}",)
    raise error


def _is_restored(now: _State, before: _State) -> bool:
    if not before.paused or not now.paused:
        return now.paused == before.paused
    return now.end is not None and before.end is not None and abs(now.end - before.end) <= TOLERANCE


def _restoring(client: Client, test_id: int, state: _State) -> StateOrder:
    if not state.paused or state.end is None:
        return StateOrder(test_id, None)
    return StateOrder(test_id, max(1, int((state.end - client.server_now()) // 60)))


# Unpausing


def _unpause(client: Client, before: _States) -> _States:
    ids = [test_id for test_id, state in before.items() if state.paused]
    if not ids or client.check_mode:
        return {**before, **dict.fromkeys(ids, _State(False))}
    try:
        client.set_alert_states([StateOrder(test_id, None) for test_id in ids])
        after = _read(client, ids)
    except CatchpointError as error:
        error.args = (f"{error} {_left(before, ids)}",)
        raise
    left = [test_id for test_id, state in after.items() if state.paused]
    if left:
        raise ResponseError(
            f"{_left(after, left)} Catchpoint accepted the request to unpause them. Unpause them in the portal."
        )
    return {**before, **after}


def _left(states: _States, ids: Sequence[int]) -> str:
    """A sentence about alerts that are paused against the will of the caller."""
    until = [f"test {test_id} {_until(states[test_id])}" for test_id in ids]
    return f"Alerts may still be paused: {', '.join(until)}."


def _until(state: _State) -> str:
    return "without a known end" if state.expires is None else f"until {state.expires}"


# Results


def _result(before: _States, after: _States) -> dict[str, Any]:
    return {
        "changed": before != after,
        "tests": [
            {"test_id": test_id, "state": state.name, "expires": state.expires} for test_id, state in after.items()
        ],
        "paused_ids": [test_id for test_id, state in after.items() if state.paused and not before[test_id].paused],
        "diff": {"before": _shown(before), "after": _shown(after)},
    }


def _shown(states: _States) -> dict[str, str]:
    return {
        f"alerts of test {test_id}": f"paused {_until(state)}" if state.paused else "unpaused"
        for test_id, state in states.items()
    }


def _tests(ids: Iterable[int]) -> str:
    names = [str(test_id) for test_id in ids]
    return f"test{'s' if len(names) > 1 else ''} {', '.join(names)}"


OPERATION = Operation(
    arguments={
        "test_ids": {"type": "list", "elements": "int", "required": True},
        "state": {"type": "str", "choices": ["paused", "unpaused"], "required": True},
        "expires_after": {"type": "int"},
    },
    rules={"required_if": [("state", "paused", ("expires_after",))]},
    run=alert_state,
    writes=True,
)
