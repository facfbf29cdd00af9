# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replays a gate's polls from recorded data: the decisions and the judgement of the module, without a network.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import OF_TESTS
from ansible_collections.community.catchpoint.plugins.module_utils._gate.decision import Decision
from ansible_collections.community.catchpoint.plugins.module_utils._gate.horizon import decide
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import parse_gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import read_runs
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import moment
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import Waited, judge


def replay(
    options: Mapping[str, Any], polls: Sequence[Mapping[str, Any]], baseline_runs: Optional[Sequence[Any]] = None
) -> dict[str, Any]:
    """Returns the result of a gate that began to wait at ``since`` and saw these polls.

    ``options`` are those of the module, but for ``warmup``, which is 0 unless it is given. Each poll is {now, runs} and
    may have alerts, slo_violations and error_budget; ``runs`` are all runs since the deploy. ``baseline_runs`` are
    those of the baseline and its history. The result is that of the module before it is rendered. Raises
    GateArgumentError, also when the polls end before the gate does.
    """
    decision: Optional[Decision] = None
    baseline = None if baseline_runs is None else read_runs(baseline_runs)
    for number, poll in enumerate(polls, 1):
        now = moment(poll["now"], "now", 0.0)
        gate = parse_gate({"warmup": 0, **options}, now)
        events = {name: poll.get(name) for name in OF_TESTS}
        decision = decide(
            gate, poll["runs"], now=now, started=gate.since, baseline_runs=baseline, previous=decision, **events
        )
        if decision.done:
            waited = Waited(now - gate.since, number)
            return judge(
                gate, poll["runs"], now=now, baseline_runs=baseline, decision=decision, waited=waited, **events
            ).result
    raise GateArgumentError(f"The gate goes on after {len(polls)} polls. Add polls up to the horizon or wait_timeout.")
