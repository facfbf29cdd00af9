# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that judge a deploy, for gate_rates.py: the gate's own code, plain percentages, Kayenta's and Keptn's rule.

The last two are re-implementations of the published sources, with their own settings.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean
from typing import Any, NamedTuple

from _deploys import Deploy, Run
from ansible_collections.community.catchpoint.plugins.module_utils._gate.replay import replay
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import aggregate

TEST, CONTROL = 1, 2
# Nothing else may end the wait.
_FOREVER = 1e9
_SECOND = timedelta(seconds=1)


class Outcome(NamedTuple):
    """The gate's verdict and what it took."""

    failed: bool
    warned: bool
    ended_by: str
    runs: int  # that it took
    effective: int | None  # how many independent runs they are worth


def gate(deploy: Deploy, criteria: Sequence[dict[str, Any]], *, match: str = "location", **options: Any) -> Outcome:
    """The gate's own decisions and judgement, at a poll after every run, or after every fifth of many runs."""
    since = deploy.current[0].time
    start = deploy.baseline[0].time if deploy.baseline else since
    duration = (since - start).total_seconds() or 1.0
    history = (start - deploy.history[0].time).total_seconds() if deploy.history else 0.0
    size = len(deploy.current)
    step = 5 if size >= 15 else 1
    counts = [*range(step, size, step), size]
    control = deploy.control
    result = replay(
        {
            "test_ids": [TEST],
            "since": since.isoformat(),
            "min_runs": size,
            "wait_timeout": _FOREVER,
            "criteria": list(criteria),
            "baseline": {
                "duration": duration,
                "history": history,
                "match": match,
                "control_test_ids": [] if control is None else [CONTROL],
            },
            **options,
        },
        [
            {
                "now": (deploy.current[count - 1].time + _SECOND).isoformat(),
                "runs": [
                    *_dicts(deploy.current[:count], TEST),
                    *_dicts(control.current[:count] if control else [], CONTROL),
                ],
            }
            for count in counts
        ],
        [*_dicts(_before(deploy), TEST), *_dicts(_before(control) if control else [], CONTROL)],
    )
    row = result["criteria"][0]
    return Outcome(
        result["verdict"] == "fail",
        result["verdict"] == "warn",
        result["waited"]["ended_by"],
        result["runs"]["seen"],
        row["effective_samples"],
    )


def change(limit: float, **options: Any) -> dict[str, Any]:
    """A criterion on the median, with a limit in percent."""
    return {"metric": "test_time", "fail": {"max_increase_percent": limit}, **options}


def plain(deploy: Deploy, limit: float, name: str) -> bool:
    """A percentage without evidence, over all runs together: mean, median or p95."""
    now, before = aggregate(name, values(deploy.current)), aggregate(name, values(deploy.baseline))
    return bool(now is not None and before and now / before > 1 + limit / 100)


def kayenta(deploy: Deploy, limit: float) -> bool:
    """The Mann-Whitney judge of Kayenta (NetflixACAJudge): direction increase, allowedIncrease 1 + limit.

    High when the lower end of the 98 % confidence interval of the shift (Hodges and Lehmann) is above a quarter of the
    shift, and the ratio of the means is above the allowed one (MannWhitneyClassifier.scala, tolerance 0.25).
    """
    now, before = values(deploy.current), values(deploy.baseline)
    shifts = sorted(a - b for a in now for b in before)
    n, m = len(now), len(before)
    estimate = (shifts[(len(shifts) - 1) // 2] + shifts[len(shifts) // 2]) / 2
    depth = n * m / 2 - 2.326 * math.sqrt(n * m * (n + m + 1) / 12)
    lower = shifts[max(0, math.floor(depth))] if depth > 0 else shifts[0]
    return lower > 0.25 * abs(estimate) and fmean(now) / fmean(before) > 1 + limit / 100


def keptn(deploy: Deploy, limit: float) -> bool:
    """Keptn's evaluation of an objective response_time_p95 with the criterion <=+limit%.

    The value is compared with the mean of up to three evaluations before, each over the same number of runs as after
    the deploy (lighthouse-service: several_results, number_of_comparison_results 3, aggregate_function avg).
    """
    size = len(deploy.current)
    before = [deploy.baseline[max(0, end - size) : end] for end in range(len(deploy.baseline), 0, -size)][:3]
    past = [aggregate("p95", values(runs)) for runs in before]
    now = aggregate("p95", values(deploy.current))
    known = [value for value in past if value is not None]
    return bool(now is not None and known and now > fmean(known) * (1 + limit / 100))


def values(runs: Sequence[Run]) -> list[float]:
    return [run.value for run in runs if run.value is not None]


def _before(deploy: Deploy) -> list[Run]:
    return [*deploy.history, *deploy.baseline]


def _dicts(runs: Sequence[Run], test_id: int) -> list[dict[str, Any]]:
    return [
        {
            "time": run.time,
            "test_id": test_id,
            "node": run.location,
            "failed": run.value is None,
            "metrics": {} if run.value is None else {"test_time": run.value},
        }
        for run in runs
    ]
