# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards against data that is missing or stale, so that it is not taken for data that is good.

A lookup that is answered from the cache imports this file, so it imports next to nothing itself.
Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError

# A shorter window is probably a mistake, for example a start taken from ansible_date_time.
_SHORT_WINDOW = 300  # seconds


def check(results: Iterable[Mapping[str, Any]], options: Mapping[str, Any]) -> list[str]:
    """Applies ``on_missing``, ``on_stale`` and ``max_age`` to results of tests, and returns the warnings.

    Raises: CatchpointError where a policy is ``error``.
    """
    warnings = []
    for result in results:
        # Intervals of aggregated data may come without any run in them.
        if result["latest"] is None or result["run_count"] == 0:
            policy, text = options["on_missing"], _missing(result)
        elif options["max_age"] is not None and result["age_seconds"] > options["max_age"]:
            policy, text = options["on_stale"], _stale(result, options)
        else:
            continue
        if policy == "error":
            raise CatchpointError(text)
        if policy == "warn":
            warnings.append(text)
    return warnings


def _missing(result: Mapping[str, Any]) -> str:
    from ansible_collections.community.catchpoint.plugins.module_utils._time import seconds_of  # rarely needed

    window = result["window"]
    seconds = seconds_of(window["end"]) - seconds_of(window["start"])
    what = f"Test {result['test_id']} has no run between {window['start']} and {window['end']}"
    if seconds < _SHORT_WINDOW:
        return f"{what}, which is a window of {_seconds(seconds)}. Set an earlier start, such as -1h."
    return (
        f"{what}. Is it active, and does it run that often? Set an earlier start, or accept this with on_missing=empty."
    )


def _seconds(count: float) -> str:
    return f"{count:.0f} second{'' if round(count) == 1 else 's'}"


def _stale(result: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    test, age = result["test_id"], result["age_seconds"]
    newest = (
        f"The newest interval with a run of test {test} ended {age} seconds ago"
        if options["interval"]
        else f"The newest run of test {test} is {age} seconds old ({result['latest']['time']})"
    )
    return (
        f"{newest}, max_age is {options['max_age']:g}. Does the test still run? "
        "Accept old data with on_stale=warn or on_stale=ignore."
    )
