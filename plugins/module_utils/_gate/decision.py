# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision of a poll: whether the wait ends, why, and as which interim analysis the rows are judged.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import Limit
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import Analysis
from ansible_collections.community.catchpoint.plugins.module_utils._gate.interim import Course
from ansible_collections.community.catchpoint.plugins.module_utils._gate.rows import Part

# Why a wait ended.
HORIZON, TIMEOUT, FAIL, PASS = "horizon", "timeout", "fail", "pass"


class Certain(NamedTuple):
    """A limit that is broken whatever the remaining runs are."""

    limit: Limit
    reason: str


class Progress(NamedTuple):
    """The progress of the wait at one poll, for the screen."""

    reached: str  # "14 of 20 runs", "3 runs"
    findings: tuple[str, ...]  # "availability 100 %", "test_time median +3 %"
    left: str  # "about 6 min left", "10 min until the timeout"

    @property
    def line(self) -> str:
        """14 of 20 runs, availability 100 %, test_time median +3 %, about 6 min left."""
        return ", ".join([self.reached, *self.findings, self.left])

    @property
    def last_line(self) -> str:
        """The line of the poll that ends the wait, when no time is left."""
        return ", ".join([self.reached, *self.findings])


class Decision(NamedTuple):
    """Whether to judge now."""

    ended_by: Optional[str]  # HORIZON, TIMEOUT, FAIL or PASS; None: wait for more runs
    certain: Mapping[Part, Certain]  # rows that fail whatever comes
    analyses: Mapping[Part, Analysis]  # how this poll judges the rows that have interim analyses
    courses: Mapping[Part, Course]  # the interim analyses of these rows so far, this poll included
    reached: str  # "14 of 20 runs", "5 min of 15 min"
    progress: Progress

    @property
    def done(self) -> bool:
        return self.ended_by is not None

    @property
    def timed_out(self) -> bool:
        return self.ended_by == TIMEOUT

    @property
    def stopped_early(self) -> bool:
        return self.ended_by in (FAIL, PASS)
