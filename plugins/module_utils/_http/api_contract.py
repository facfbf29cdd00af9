# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface between the HTTP session and an API version: requests, error messages and usage counters.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class ApiMessage(NamedTuple):
    """An error that a response reports.

    ``token`` is true for an error about the credentials' token, ``missing`` for one about an object that does not
    exist, whatever the status. ``enveloped`` is true for a response in the envelope
    of REST API v2 and later, which no other web server uses. v1 has no such mark: its ``Message`` is what any server
    on the same framework sends.
    """

    text: str
    trace_id: str | None = None
    token: bool = False
    enveloped: bool = False
    missing: bool = False


class Usage(NamedTuple):
    """The service's own count of requests by window (minute, hour, day): allowed, and used. A window may be absent."""

    limits: dict[str, int]
    used: dict[str, int]


class Request(NamedTuple):
    """A GET: a path below the generation's root, already quoted, and its query parameters."""

    path: str
    params: dict[str, str]


class ResponseFormat(Protocol):
    """Reads the parts of a response that all requests of an API version have in common."""

    def complaint(self, payload: Any) -> ApiMessage | None:
        """The errors in a decoded answer of any status; None when it reports none."""

    def usage(self, payload: Any) -> Usage | None:
        """The request counters of a decoded answer; None when it has none."""
