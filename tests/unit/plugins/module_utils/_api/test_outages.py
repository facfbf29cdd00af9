# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Internet outages: the request, and the response with and without an envelope."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1_events, v2_events
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import Outage
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.mutations import mutations

WINDOW = Window(1795431600, 1795435200)
PARIS = {
    "startTime": "2026-11-23T11:31:00Z",
    "endTime": None,
    "ongoing": True,
    "city": "Paris",
    "country": "France",
    "region": "Europe",
    "errorTypes": [{"id": 2, "name": "Connection"}, {"id": 6, "name": "Timeout"}],
}
OVER = {"startTime": "2026-11-23T11:02:00Z", "endTime": "2026-11-23T11:09:00Z", "ongoing": False, "city": "Rome"}
DATA = {
    "outages": [{"serviceId": 118, "serviceName": "Example CDN", "locations": [PARIS, OVER]}],
    "hasMore": True,
    "next": "?",
}


def test_request() -> None:
    times = {"startTimeUtc": "2026-11-23T11:00:00", "endTimeUtc": "2026-11-23T12:00:00"}
    assert v2_events.outages(WINDOW) == Request("/iw/outages", times)


@pytest.mark.parametrize("payload", [DATA, {"data": DATA, "completed": True, "errors": []}])
def test_response(payload: dict[str, Any]) -> None:
    page = v2_events.read_outages(payload)
    assert page.entries == [
        [
            Outage("Example CDN", "2026-11-23T11:31:00Z", None, "Paris", "France", "Europe", ["connection", "timeout"]),
            Outage("Example CDN", "2026-11-23T11:02:00Z", "2026-11-23T11:09:00Z", "Rome", None, None, []),
        ]
    ]
    # How another page is requested is not documented.
    assert not page.more


def test_mutated_responses_raise_only_catchpoint_errors() -> None:
    for mutant in mutations(DATA):
        with contextlib.suppress(CatchpointError):
            v2_events.read_outages(mutant)


def test_v1_does_not_support_outages() -> None:
    with pytest.raises(OptionError, match="api_key"):
        v1_events.outages(WINDOW)
