# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The gate's result: made from a judgement, and recognised when a playbook passes it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import VERDICTS
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError, shown
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import Judgement
from ansible_collections.community.catchpoint.plugins.module_utils._report import text
from ansible_collections.community.catchpoint.plugins.module_utils._report.series import plot_data

PASSED = ("pass", "warn", "skipped")


def rendered(judgement: Judgement) -> dict[str, Any]:
    """The result that users see: the judgement with its message, report, warnings and the data of its plots."""
    result, dataset, note, since, remarks = judgement
    if dataset is None:
        msg = f"performance gate: {result['verdict'].upper()}: {note}"
        return {**result, "plot": [], "warnings": [], "msg": msg, "report": [msg]}
    return {
        **result,
        "plot": plot_data(dataset, result["criteria"], since),
        "warnings": [*(f"performance gate: {remark}" for remark in remarks), *text.warnings(result)],
        "msg": text.message(result, note),
        "report": text.lines(result),
    }


def as_result(value: Any) -> Mapping[str, Any]:
    """A gate's result, as the module or the filter gave it. Raises GateArgumentError for anything else."""
    if isinstance(value, Mapping):
        if value.get("verdict") in VERDICTS and isinstance(value.get("criteria"), (list, tuple)):
            return value
        if isinstance(value.get("results"), (list, tuple)):
            raise GateArgumentError("This is the result of a loop; take one of its results.")
        if value.get("failed") or "msg" in value:
            raise GateArgumentError(
                f"This is not a result of a performance gate, but of a task that said: {shown(str(value.get('msg')))}"
            )
        keys = ", ".join(sorted(str(key) for key in value)[:8])
        raise GateArgumentError(
            f"This is not a result of a performance gate: it has no verdict, but {keys or 'nothing'}. "
            "Pass what the task of the gate registered."
        )
    raise GateArgumentError(f"This is not a result of a performance gate, but {shown(value)}.")


def has_passed(value: Any) -> bool:
    """Whether a gate accepts the deploy: pass, warn, or skipped in check mode. Raises GateArgumentError."""
    return as_result(value)["verdict"] in PASSED
