# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order statistics, means, and which values count."""

from __future__ import annotations

import math
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import (
    aggregate,
    is_aggregate,
    is_usable,
    median,
    percent_of,
    percentile,
    values_needed,
)

HUNDREDS = [100.0 * i for i in range(1, 21)]


@pytest.mark.parametrize("value", [0, 0.0, -0.0, 1, 1.5, 1e300, 10**15])
def test_usable(value: Any) -> None:
    assert is_usable(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        -1,
        -0.001,
        math.nan,
        math.inf,
        -math.inf,
        "12",
        "NaN",
        "Infinity",
        "",
        [],
        {},
        10**400,
        1j,
        b"1",
    ],
)
def test_unusable(value: Any) -> None:
    assert not is_usable(value)


def test_type_7() -> None:
    assert percentile(HUNDREDS, 95) == pytest.approx(1905)
    assert percentile([7.0], 99) == 7.0
    assert [percentile([1.0, 2.0, 3.0, 4.0], p) for p in (0, 25, 50, 75, 100)] == [1, 1.75, 2.5, 3.25, 4]


def test_median_takes_any_order() -> None:
    assert median([5, 1, 3]) == 3
    assert median([4, 1, 3, 2]) == 2.5


@pytest.mark.parametrize(("percent", "count"), [(50, 2), (75, 4), (90, 10), (95, 20), (99, 100), (1, 2), (98, 50)])
def test_values_needed(percent: int, count: int) -> None:
    assert values_needed(percent) == count


@pytest.mark.parametrize(
    ("name", "value"),
    [("median", 400), ("mean", 620), ("geomean", 400), ("min", 100), ("max", 1600), ("sum", 3100), ("p75", 800)],
)
def test_aggregate(name: str, value: float) -> None:
    assert aggregate(name, [100, 200, 400, 800, 1600]) == pytest.approx(value)


def test_undefined_aggregates_are_null() -> None:
    assert aggregate("median", []) is None
    assert aggregate("geomean", [1, 0, 2]) is None
    assert aggregate("sum", [1.7e308, 1.7e308]) is None
    with pytest.raises(ValueError, match="average"):
        aggregate("average", [1.0])


def test_mean_of_huge_values() -> None:
    assert aggregate("mean", [1.5e308, 1.5e308]) == pytest.approx(1.5e308)


@pytest.mark.parametrize(("name", "percent"), [("median", 50), ("p1", 1), ("p95", 95), ("p99", 99), ("mean", None)])
def test_percent_of(name: str, percent: int) -> None:
    assert percent_of(name) == percent
    assert is_aggregate(name)


@pytest.mark.parametrize("name", ["p0", "p100", "p9.5", "p", "P95", "avg", "p095", ""])
def test_names_that_are_not_aggregates(name: str) -> None:
    assert not is_aggregate(name)
