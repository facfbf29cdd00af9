# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Opens a client for checked connection options: builds the session, the API version and the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client, Memory
from ansible_collections.community.catchpoint.plugins.module_utils._api.protocol import ApiVersion
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock, SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import TokenStore
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import RateLimiter
from ansible_collections.community.catchpoint.plugins.module_utils._http.session import Session
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean


class _OwnMemory:
    """A cache of one process."""

    def __init__(self) -> None:
        self._cached: dict[str, Any] = {}

    def recall(self, key: str, read: Callable[[], Any]) -> Any:
        if key not in self._cached:
            self._cached[key] = read()
        return self._cached[key]


def open_client(
    options: Mapping[str, Any],
    *,
    warn: Callable[[str], None],
    clock: Optional[Clock] = None,
    memory: Optional[Memory] = None,
    tokens: Optional[TokenStore] = None,
    limiter: Optional[RateLimiter] = None,
    check_mode: bool = False,
) -> tuple[Client, Session]:
    """A client for the connection options in ``options``, and its session. Raises OptionError; sends no request."""
    checked = connection(options)

    def warn_clean(text: str) -> None:
        warn(clean(text))

    if checked.clear_text:
        warn_clean(
            f"base_url {checked.base_url} begins with http://, so the credentials travel unencrypted. "
            "Use https:// if the service offers it."
        )
    clock = clock or SystemClock()
    wire: ApiVersion = v1 if checked.generation == 1 else v2
    session = Session(checked, wire, clock=clock, warn=warn_clean, tokens=tokens, limiter=limiter)
    client = Client(
        session,
        wire,
        clock=clock,
        memory=memory or _OwnMemory(),
        warn=warn_clean,
        ids_per_request=checked.ids_per_request,
        check_mode=check_mode,
    )
    return client, session
