# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what explains a verdict besides the runs: types of errors, and Internet outages at the places of the runs.

At most one request for each, sent once, and only if a row warns or fails. A request that fails leaves a note.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import (
    Outage,
    TestError,
    count_by_type,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import Placed
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import ErrorFilter
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.explanation import explain_failures
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import Judgement
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import BudgetRetryPolicy
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, seconds_of

_Found = TypeVar("_Found")
_Row = dict[str, Any]

_LEAST_WINDOW = 60  # seconds
# Types whose name is an abbreviation; all others are written as words.
_ABBREVIATIONS = {"dns": "DNS", "ssl": "SSL"}


def with_context(
    client: Client, clock: Clock, judgement: Judgement, runs: Sequence[Mapping[str, Any]], notes: Sequence[str]
) -> Judgement:
    """Returns the judgement with types of errors, outages and notes. Its verdict and statuses stay as they are.

    ``runs`` are those of the last poll. ``notes`` say what else could not be read.
    """
    found = list(notes)
    result = dict(judgement.result)
    if any(row["status"] in ("warn", "fail") for row in result["criteria"]):
        client.retry_with(BudgetRetryPolicy(0.0, clock, lambda _text: None))
        window = _window(result["windows"]["current"])
        result["criteria"] = _with_error_types(client, judgement, window, found)
        outages = _read("Internet outages", lambda: client.events.outages(window), found)
        result["outages"] = None if outages is None else [one._asdict() for one in outages if _is_near(one, runs)]
    result["notes"] = found
    return judgement._replace(result=result)


def _window(current: Mapping[str, str]) -> Window:
    end = int(seconds_of(current["end"]))
    return Window(min(int(seconds_of(current["start"])), end - _LEAST_WINDOW), end)


def _read(what: str, ask: Callable[[], Placed[_Found]], notes: list[str]) -> Optional[list[_Found]]:
    """The entries; None after a note where they cannot be read, and without one where the API version has none."""
    try:
        found = ask()
    except OptionError:
        return None
    except CatchpointError as error:
        notes.append(f"explanation: {what} could not be read: {error}")
        return None
    if found.contradiction is not None:
        notes.append(f"explanation: {found.contradiction.sentences(f'{what} may be missing')}")
    return found.inside


def _with_error_types(client: Client, judgement: Judgement, window: Window, notes: list[str]) -> list[_Row]:
    """The rows, with the types of errors where the failed runs lack counters."""
    rows: list[_Row] = judgement.result["criteria"]
    tests = sorted({row["test_id"] for row in rows if _lacks_types(row) and row["test_id"] is not None})
    if not tests:
        return rows
    errors = _read("types of errors", lambda: client.events.first_errors(ErrorFilter(tests), window), notes)
    return [_typed(row, judgement, errors) if errors and _lacks_types(row) else row for row in rows]


def _lacks_types(row: _Row) -> bool:
    explanation = row["explanation"]
    if explanation is None or explanation["failed_runs_by_location"] is None or explanation["errors"]:
        return False
    return bool(row["failed"])


def _typed(row: _Row, judgement: Judgement, errors: Sequence[TestError]) -> _Row:
    if judgement.dataset is None:
        return row
    own = [error for error in errors if error.test_id == row["test_id"] and row["location"] in (None, error.node)]
    counts = {_label(name): count for name, count in count_by_type(own).items()}
    runs = judgement.dataset.windows(row["test_id"], row["location"]).current
    return {**row, "explanation": explain_failures(runs, counts)}


def _label(error_type: str) -> str:
    """SSL, Connection, No response."""
    return _ABBREVIATIONS.get(error_type, error_type.replace("_", " ").capitalize())


def _is_near(outage: Outage, runs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an outage was seen in the city of a run, or without a city in its country."""
    place = (outage.city or outage.country or "").lower()
    kinds = ("city", "node") if outage.city else ("country", "node")
    return bool(place) and any(place in str(run.get(kind) or "").lower() for run in runs for kind in kinds)
