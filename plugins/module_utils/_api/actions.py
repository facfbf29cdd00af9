# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write operations of the API: alert states of tests, and instant tests.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric, Page
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request


class Write(NamedTuple):
    """A POST or PATCH: a path below the API version's root, already quoted, query parameters, and the JSON to send."""

    path: str
    params: dict[str, str]
    payload: dict[str, object]


class AlertState(NamedTuple):
    """Whether the alerts of a test are paused. ``stated`` is the service's pauseExpiration, in seconds.

    Whether that is the value that was sent, the remaining time, or the time of day is not documented.
    """

    id: int
    paused: bool
    stated: Optional[float]


class PauseEnd(NamedTuple):
    """When the pause of a test's alerts ends, in seconds since 1970 UTC; None if the service does not report it."""

    id: int
    end: Optional[float]


class StateOrder(NamedTuple):
    """The requested state of a test's alerts. With ``minutes`` None, they are unpaused."""

    test_id: int
    minutes: Optional[int]


class InstantRecord(NamedTuple):
    """The run of an instant test at one node."""

    time: str
    node_id: Optional[int]
    node: Optional[str]
    failed: bool
    error: Optional[str]  # the service's own words
    link: Optional[str]  # the run's page in the portal
    metrics: list[Metric]
    values: dict[str, Optional[float]]


class ActionsVersion(Protocol):
    """The requests of one API version, and the readers of their responses.

    A request raises OptionError if the API version has no such operation. A reader raises ResponseError.
    """

    def alert_states(self, ids: Sequence[int]) -> list[Request]:
        """The requests that these tests need."""

    def read_alert_states(self, payload: object) -> Page[AlertState]:
        """Alert states."""

    def pause_ends(self, ids: Sequence[int]) -> list[Request]:
        """The requests that these tests need."""

    def read_pause_ends(self, payload: object) -> Page[PauseEnd]:
        """The ends of pauses, of those tests that have one."""

    def set_alert_states(self, orders: Sequence[StateOrder]) -> Write:
        """A PATCH."""

    def instant_test(self, test_id: int, node_ids: Sequence[int], *, on_demand: bool) -> Write:
        """A POST that runs a test once at each node."""

    def read_instant_test(self, payload: object) -> int:
        """The id of the instant test."""

    def instant_record(self, instant_test_id: int, node_id: int) -> Request:
        """The run at a node."""

    def read_instant_record(self, payload: object) -> Optional[InstantRecord]:
        """The run; None until its result is available."""
