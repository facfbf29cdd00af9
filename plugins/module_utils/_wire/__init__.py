# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""One module per API generation: paths, parameters and shapes of the wire, to and from the model."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Protocol


class Complaint(NamedTuple):
    """What an answer says went wrong. ``token`` is true when it is about the credentials' token."""

    text: str
    trace_id: Optional[str] = None
    token: bool = False


class Usage(NamedTuple):
    """The service's own count of requests: allowed and used in the running minute, hour and day; what it leaves out is absent."""

    limits: dict[str, int]
    used: dict[str, int]


class Manners(Protocol):
    """What the HTTP session must know of a generation's answers, whatever was asked."""

    def complaint(self, payload: Any) -> Optional[Complaint]:
        """The errors in a decoded answer of any status; None when it reports none."""
        ...

    def usage(self, payload: Any) -> Optional[Usage]:
        """The request counters of a decoded answer; None when it has none."""
        ...
