# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

import pytest
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import Talk


@pytest.fixture
def talk() -> Iterator[Callable[..., Talk]]:
    """Opens a client over a transcript; at the test's end, all of its requests must have been sent."""
    talks: list[Talk] = []

    def start(wire: Any, *exchanges: Any, **settings: Any) -> Talk:
        talks.append(Talk(wire, *exchanges, **settings))
        return talks[-1]

    yield start
    for one in talks:
        one.session.check_is_over()
