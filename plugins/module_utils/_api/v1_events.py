# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v1: it does not support service-level objectives, and the columns of its errors are not documented.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.events import ErrorTable, Outage, Slo
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page, SloViolation
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import unexpected_shape
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import ErrorFilter, SloFilter
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window


def _no_objectives() -> NoReturn:
    raise OptionError("REST API v1 does not support service-level objectives. Use an api_key for REST API v2.")


def errors(wanted: ErrorFilter, window: Window, page: int) -> Request:
    raise OptionError(
        "Errors cannot be read from REST API v1, because what its columns mean is not documented. "
        "Use an api_key, which selects REST API v2."
    )


def read_errors(payload: object, test_ids: Optional[Sequence[int]]) -> Page[ErrorTable]:
    raise unexpected_shape("a response that was requested", payload)


def slos(wanted: SloFilter, page: int) -> Request:
    _no_objectives()


def slos_by_id(ids: Sequence[int]) -> list[Request]:
    _no_objectives()


def read_slos(payload: object) -> Page[Slo]:
    raise unexpected_shape("a response that was requested", payload)


def violations_of(slo_ids: Sequence[int], window: Window, page: int) -> Request:
    _no_objectives()


def read_violations_of(payload: object) -> Page[SloViolation]:
    raise unexpected_shape("a response that was requested", payload)


def outages(window: Window) -> Request:
    raise OptionError("REST API v1 does not support Internet outages. Use an api_key, which selects REST API v2.")


def read_outages(payload: object) -> Page[list[Outage]]:
    raise unexpected_shape("a response that was requested", payload)
