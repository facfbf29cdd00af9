# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a poll decides: whether the wait ends, why, and as which interim analysis the rows are judged.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Limit
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import Analysis
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Part

# Why a wait ended.
HORIZON, TIMEOUT, FAIL, PASS = "horizon", "timeout", "fail", "pass"


class Certain(NamedTuple):
    """A limit that is broken whatever the remaining runs are."""

    limit: Limit
    reason: str


class Decision(NamedTuple):
    """Whether to judge now."""

    ended_by: Optional[str]  # HORIZON, TIMEOUT, FAIL or PASS; None: wait for more runs
    certain: Mapping[Part, Certain]  # rows that fail whatever comes
    analyses: Mapping[Part, Analysis]  # as which interim analysis this poll judges the rows that have any
    reached: str  # "14 of 20 runs", or "" when time is the horizon
    progress: str  # one line for the screen

    @property
    def done(self) -> bool:
        return self.ended_by is not None

    @property
    def timed_out(self) -> bool:
        return self.ended_by == TIMEOUT

    @property
    def stopped_early(self) -> bool:
        return self.ended_by in (FAIL, PASS)
