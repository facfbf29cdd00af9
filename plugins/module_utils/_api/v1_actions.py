# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v1: it cannot pause alerts, and the results of its instant tests are not documented.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import (
    AlertState,
    InstantRecord,
    PauseEnd,
    StateOrder,
    Write,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import unexpected_shape
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request


def _no_states() -> NoReturn:
    raise OptionError("REST API v1 cannot pause alerts. Use an api_key, which selects REST API v2.")


def _no_instant_tests() -> NoReturn:
    raise OptionError(
        "Instant tests cannot be run with REST API v1, because what it returns is not documented. "
        "Use an api_key, which selects REST API v2."
    )


def alert_states(ids: Sequence[int]) -> list[Request]:
    _no_states()


def read_alert_states(payload: object) -> Page[AlertState]:
    raise unexpected_shape("a response that was requested", payload)


def pause_ends(ids: Sequence[int]) -> list[Request]:
    _no_states()


def read_pause_ends(payload: object) -> Page[PauseEnd]:
    raise unexpected_shape("a response that was requested", payload)


def set_alert_states(orders: Sequence[StateOrder]) -> Write:
    _no_states()


def instant_test(test_id: int, node_ids: Sequence[int], *, on_demand: bool) -> Write:
    _no_instant_tests()


def read_instant_test(payload: object) -> int:
    raise unexpected_shape("a response that was requested", payload)


def instant_record(instant_test_id: int, node_id: int) -> Request:
    _no_instant_tests()


def read_instant_record(payload: object) -> Optional[InstantRecord]:
    raise unexpected_shape("a response that was requested", payload)
