# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token of REST API v1, and the store that sessions share it by.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Optional, Protocol


@dataclass(frozen=True)
class Token:
    """A token that the service issued for a client id and secret."""

    text: str = field(repr=False)
    expires_at: float  # seconds since 1970 UTC
    encoded: bool  # whether the service accepts its base64 form


class TokenStore(Protocol):
    """Stores one token for all sessions with the same credentials at the same endpoint."""

    def obtain(self, login: Callable[[], Token], refused: Optional[Token] = None) -> Token:
        """Returns the stored token, or the one that ``login`` returns, which is then stored.

        ``refused`` is a token that is no longer useful (refused by the service, or about to expire). As long as it is
        the stored one, the result of ``login`` replaces it; otherwise another session has replaced it already, and that
        token is returned. Errors of ``login`` pass through and change nothing. The caller checks ``expires_at``.
        """


class OwnToken:
    """The token store of one process."""

    def __init__(self) -> None:
        self._token: Optional[Token] = None

    def obtain(self, login: Callable[[], Token], refused: Optional[Token] = None) -> Token:
        if self._token is None or self._token == refused:
            self._token = login()
        return self._token
