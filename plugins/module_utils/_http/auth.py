# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What sessions may share with one another: the token that was exchanged, and the pace of requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Optional, Protocol


class Token(NamedTuple):
    """A token that the service gave for a client id and secret."""

    text: str
    expires_at: float  # seconds since 1970 UTC
    encoded: bool  # whether its base64 form is what the service takes


class TokenStore(Protocol):
    """Keeps one token for everybody who uses the same credentials at the same endpoint."""

    def obtain(self, ask: Callable[[], Token], refused: Optional[Token] = None) -> Token:
        """The token that is kept, or the one that ``ask`` gets, which is then kept.

        ``refused`` is a token that is of no more use (not taken by the service, or at its end). While it is still the
        one that is kept, it is replaced by what ``ask`` gets; otherwise a neighbour was faster, and the neighbour's is
        returned. Errors of ``ask`` pass through and change nothing. The caller looks at ``expires_at``; the store
        needs no clock.
        """


class OwnToken:
    """A token store of one process."""

    def __init__(self) -> None:
        self._token: Optional[Token] = None

    def obtain(self, ask: Callable[[], Token], refused: Optional[Token] = None) -> Token:
        if self._token is None or self._token == refused:
            self._token = ask()
        return self._token
