# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The performance gate: waits for runs of the tests, and judges them once. The judging itself is done by _gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import NO_OBJECTIVES, Client
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock, SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    ALERT_LEVELS,
    ERROR_BUDGET,
    LIMIT_KEYS,
    ON_MISSING,
    SINGLE_LOCATION,
    SPLITS,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import (
    DEFAULT_BASELINE,
    DEFAULT_GRACE_PERIOD,
    DEFAULT_POLL_INTERVAL,
    DEFAULT_WAIT_TIMEOUT,
    DEFAULT_WARMUP,
    FAIL_ON,
    FAIL_ON_DEFAULT,
    GATE_KEYS,
    MATCHES,
    parse_gate,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import DataError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import (
    error_result,
    skipped_result,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._operations.gate_poller import GatePoller
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered


def check(options: Mapping[str, Any], *, clock: Clock, generation: int = 2) -> dict[str, Any]:
    """The result of check mode: the options are checked, nothing is asked and nothing awaited. Raises OptionError.

    ``generation`` is that of the API.
    """
    now = clock.now()
    gate = parse_gate(options, now)
    for criterion in gate.criteria:
        if generation == 1 and criterion.metric in ("slo_violations", ERROR_BUDGET):
            raise OptionError(NO_OBJECTIVES.format(criterion.metric))
    return rendered(skipped_result(gate, "in check mode nothing was deployed, so nothing was awaited", now=now))


def performance_gate(
    client: Client,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    progress: Callable[[str], None],
    warn: Callable[[str], None],
) -> dict[str, Any]:
    """Waits until the gate can be judged, and returns its result.

    ``options`` are those of GATE_KEYS. ``progress`` gets a line at every poll, ``warn`` what the user should know
    before the end. The client's retry policy is replaced by one that goes on until the gate's timeout.

    Raises OptionError for wrong options, before any waiting. Whatever else keeps the data away is the verdict error.
    """
    poller = GatePoller(client, options, clock, progress, warn)
    try:
        return rendered(poller.result())
    except OptionError:
        raise
    except (CatchpointError, DataError) as error:
        failed = error_result(
            poller.gate,
            str(error),
            now=poller.now(),
            waited=poller.waited(),
            clock_skew_seconds=poller.skew,
        )
        return rendered(failed)


def _at_once(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """Runs the gate without showing its progress."""
    gate_options = {key: options[key] for key in GATE_KEYS if key in options}
    return performance_gate(
        client, gate_options, clock=SystemClock(), progress=lambda _line: None, warn=lambda _text: None
    )


_LIMITS: dict[str, Any] = {"type": "dict", "options": {key: {"type": "float"} for key in LIMIT_KEYS}}

_CRITERION: dict[str, Any] = {
    "metric": {"type": "str", "required": True},
    "name": {"type": "str"},
    "aggregate": {"type": "str"},
    "fail": _LIMITS,
    "warn": _LIMITS,
    "min_delta": {"type": "float"},
    "significance": {"type": "float"},
    "min_samples": {"type": "int"},
    "single_location": {"type": "str", "choices": list(SINGLE_LOCATION)},
    "split_by": {"type": "str", "choices": list(SPLITS)},
    "max_failing": {"type": "int", "default": 0},
    "on_missing": {"type": "str", "choices": list(ON_MISSING), "default": ON_MISSING[0]},
    "enforce": {"type": "bool", "default": True},
    "levels": {"type": "list", "elements": "str", "choices": list(ALERT_LEVELS)},
}

_BASELINE: dict[str, Any] = {
    "before": {"type": "str"},
    "duration": {"type": "float", "default": DEFAULT_BASELINE},
    "history": {"type": "float"},
    "match": {"type": "str", "choices": list(MATCHES), "default": MATCHES[0]},
    "runs": {"type": "list", "elements": "dict"},
    "control_test_ids": {"type": "list", "elements": "int"},
}

OPERATION = Operation(
    arguments={
        "test_ids": {"type": "list", "elements": "int", "required": True, "aliases": ["tests"]},
        "criteria": {"type": "list", "elements": "dict", "required": True, "options": _CRITERION},
        "since": {"type": "str"},
        "warmup": {"type": "float", "default": DEFAULT_WARMUP},
        "min_runs": {"type": "int"},
        "duration": {"type": "float"},
        "grace_period": {"type": "float", "default": DEFAULT_GRACE_PERIOD},
        "wait_timeout": {"type": "float", "default": DEFAULT_WAIT_TIMEOUT},
        "poll_interval": {"type": "float", "default": DEFAULT_POLL_INTERVAL},
        "fail_fast": {"type": "bool", "default": True},
        "pass_fast": {"type": "bool", "default": True},
        "baseline": {"type": "dict", "options": _BASELINE},
        "fail_on": {"type": "list", "elements": "str", "choices": list(FAIL_ON), "default": list(FAIL_ON_DEFAULT)},
    },
    rules={"mutually_exclusive": [("min_runs", "duration")]},
    run=_at_once,
)
