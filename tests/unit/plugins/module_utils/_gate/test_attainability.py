# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest p that a comparison can reach."""

from __future__ import annotations

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.attainability import (
    BinomialReach,
    RankReach,
    ShareReach,
    runs_needed,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.autocorrelation import corrected
from ansible_collections.community.catchpoint.plugins.module_utils._gate.significance import fisher, mann_whitney


@pytest.mark.parametrize(("current", "baseline"), [(5, 5), (3, 12), (12, 8), (9, 9), (30, 60)])
def test_least_p_of_ranks_is_that_of_separated_values(current: int, baseline: int) -> None:
    above = [1000.0 + i for i in range(current)]
    p = mann_whitney(above, [float(i) for i in range(baseline)], greater=True)
    assert RankReach(baseline, 1.0).least_p(current) == pytest.approx(p)
    assert RankReach(baseline, 3.0).least_p(current) == pytest.approx(corrected(p, 3.0))


def test_least_p_of_shares_is_that_of_hits_alone() -> None:
    assert ShareReach(60, 3).least_p(10) == fisher(10, 10, 3, 60)
    assert ShareReach(60, 3, inflation=4.0).least_p(10) == corrected(fisher(10, 10, 3, 60), 4.0)
    assert ShareReach(60, 60).least_p(10) == 1.0
    assert ShareReach(60, 3, control=(0, 60, 0, 60)).least_p(10) < 0.001
    assert ShareReach(60, 3, control=(60, 60, 0, 60)).least_p(10) > 0.5


def test_least_p_of_the_binomial_test_is_that_of_failures_alone() -> None:
    assert BinomialReach(50).least_p(4) == 0.0625
    assert BinomialReach(100).least_p(1) == 0
    assert BinomialReach(0).least_p(100) == 1


def test_runs_needed() -> None:
    """5 v 5 gives 1/252, 6 v 5 gives 1/462; a thirteenth of 0.05 lies between them."""
    assert runs_needed(RankReach(5, 1.0).least_p, 0.05 / 13) == 6
    assert runs_needed(RankReach(5, 1.0).least_p, 0.05 / 12) == 5
    assert runs_needed(BinomialReach(50).least_p, 0.05) == 5
    assert runs_needed(ShareReach(60, 60).least_p, 0.05) is None
