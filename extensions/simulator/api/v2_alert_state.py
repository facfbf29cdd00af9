# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: whether the alerts of tests are paused, and until when."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..service.messages import ApiError, Json, Request, Response
from ..service.simulator import Simulator
from ..world.model import Test
from .v2_common import DAY, by_ids, envelope, not_found, refuse_unknown, whole_list

_PAUSED, _UNPAUSED = {"id": 0, "name": "Paused"}, {"id": 1, "name": "Unpaused"}
# [days.]HH:MM[:SS], as .NET reads a TimeSpan.
_SPAN = re.compile(r"(?:(\d{1,3})\.)?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,7})?)?")


def states(sim: Simulator, request: Request, text: str) -> Response:
    """GET tests/alert/state/{testIds}."""

    def known(identifier: int) -> Json | None:
        test = sim.world.tests.get(identifier)
        return _state(sim, test) if test else None

    return by_ids(sim, request, "tests", "Test", text, known)


def _state(sim: Simulator, test: Test) -> Json:
    now, mode = sim.now(), sim.switches["pause_reads"]
    pause = sim.world.pauses.at(test, now)
    shown = None
    if pause and pause.stated is not None and mode != "null":
        shown = _span(_seconds(pause.stated)) if mode == "stated" else _span(pause.end - now)
    return {"testId": test.id, "status": _PAUSED if pause else _UNPAUSED, "pauseExpiration": shown}


def _span(seconds: float) -> str:
    """A .NET TimeSpan."""
    days, rest = divmod(int(seconds), int(DAY))
    text = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{days}.{text}" if days else text


def _seconds(text: str) -> float:
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ApiError(400, f"The value '{text}' is not valid for pauseExpiration.")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float(86400 * days + 3600 * hours + 60 * minutes + seconds)


def set_states(sim: Simulator, request: Request) -> Response:
    """PATCH tests/alert/state: the body is that of GET's response; if a part is not valid, nothing changes."""
    body = request.json()
    entries = body.get("tests") if isinstance(body, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise ApiError(400, "The tests field is required.")
    with sim.lock:
        orders = [_order(sim, entry) for entry in entries]
        errors = [not_found(sim, "Test", identifier) for identifier, test, *_rest in orders if test is None]
        refuse_unknown(sim, errors, len(errors) < len(orders))
        changed = []
        for _identifier, test, end, stated in orders:
            if test is None:
                continue
            if end is None:
                sim.world.pauses.unpause(test, sim.now())
            else:
                sim.world.pauses.pause(test, sim.now(), end, stated)
            changed.append(_state(sim, test))
    return envelope(sim, request, whole_list("tests", changed), errors, not errors)


def _order(sim: Simulator, entry: object) -> tuple[int, Test | None, float | None, str | None]:
    """Test id, test, end of the pause (None: unpause), and pauseExpiration as it was sent."""
    if not isinstance(entry, Mapping) or not str(entry.get("testId", "")).isdigit():
        raise ApiError(400, "The testId field is required.")
    status = entry.get("status")
    state = status.get("id") if isinstance(status, Mapping) else status
    if str(state) not in ("0", "1"):
        raise ApiError(400, f"The value '{state}' is not valid for status.")
    identifier = int(entry["testId"])
    test = sim.world.tests.get(identifier)
    if str(state) == "1":
        return identifier, test, None, None
    stated = entry.get("pauseExpiration")
    if stated is None:
        return identifier, test, float("inf"), None
    return identifier, test, _end(sim, str(stated)), str(stated)


def _end(sim: Simulator, stated: str) -> float:
    """When a pause ends: a switch decides whether the text is a duration or a time of the day."""
    seconds, now = _seconds(stated), sim.now()
    if seconds <= 0:
        raise ApiError(400, f"The value '{stated}' is not valid for pauseExpiration.")
    if sim.switches["pause_expiration"] == "duration":
        return now + seconds
    if seconds >= DAY:
        raise ApiError(400, f"The value '{stated}' is not valid for pauseExpiration.")
    today = now // DAY * DAY + seconds
    return today if today > now else today + DAY
