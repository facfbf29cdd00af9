# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Instant tests: runs on request, and the number that was charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .model import Node, Test
from .runs import Run, at_once
from .world import World

_FIRST_ID = 118_237_041


@dataclass
class InstantTest:
    """One instant test: a test that runs once at each of some nodes."""

    id: int
    test: Test
    nodes: tuple[Node, ...]
    ordered: float
    polls: dict[int, int] = field(default_factory=dict)


class InstantTests:
    """All instant tests since the start, and the runs charged. Not thread-safe: the caller holds the lock."""

    def __init__(self) -> None:
        self.by_id: dict[int, InstantTest] = {}
        self.charged = 0

    def order(self, test: Test, nodes: Sequence[Node], now: float) -> InstantTest:
        """Starts an instant test; every node's run is charged."""
        one = InstantTest(_FIRST_ID + len(self.by_id), test, tuple(nodes), now)
        self.by_id[one.id] = one
        self.charged += len(nodes)
        return one


def run_of(world: World, one: InstantTest, node: Node) -> Run | None:
    """The run of an instant test at a node; None at a paused node, or while the test has no data."""
    if not node.active or node.paused or one.test.no_data:
        return None
    return at_once(world, one.test, node, one.ordered, one.id)
