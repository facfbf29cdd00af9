# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Filters that several targets use to compare results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def differences(left: Any, right: Any, ignore: Sequence[str] = (), path: str = "") -> list[str]:
    """The differences between two results. Null on either side does not count as a difference.

    ``ignore`` are the names of members that may differ.
    """
    if left is None or right is None:
        return []
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        missing = [f"{path}.{name}: only on one side" for name in sorted(set(left) ^ set(right)) if name not in ignore]
        return missing + [
            line
            for name in left
            if name in right and name not in ignore
            for line in differences(left[name], right[name], ignore, f"{path}.{name}")
        ]
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return [f"{path}: {len(left)} and {len(right)} entries"]
        return [
            line
            for index, (one, other) in enumerate(zip(left, right))
            for line in differences(one, other, ignore, f"{path}[{index}]")
        ]
    if _number(left) and _number(right):
        # Means of the same values may differ, because they are summed in another order.
        return [] if abs(left - right) <= 1e-6 * max(abs(left), abs(right), 1) else [f"{path}: {left} and {right}"]
    return [] if left == right else [f"{path}: {left!r} and {right!r}"]


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"differences": differences}
