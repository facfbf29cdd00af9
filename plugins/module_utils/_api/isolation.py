# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out which of several ids an error is about, in few requests.

The service fails a request for several objects as a whole. An error may be about one of them, which must not fail the
others, or about the request itself, in which case smaller requests fail, too.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    NotCompletedError,
    NotFoundError,
    RateLimitError,
)

# Statuses of a request that is too long. Its halves may be too long as well.
_TOO_LONG = (413, 414, 431)

# Statuses that may be about one of several objects.
_ABOUT_ONE = (400, 403)

# If the request for all ids and those for both halves fail with the same error, the ids are not the reason.
_MAX_ALIKE = 3

_MISSING = re.compile(
    r"not (?:be )?found|no valid|no such|not exist|unknown (?:chart|favorite|id|node|test)", re.IGNORECASE
)
# Words of a web server about a path that it does not have: base_url or api_version is wrong.
_NO_PATH = re.compile(r"no (?:http )?resource|no action|no route", re.IGNORECASE)


def is_about_path(error: ApiError) -> bool:
    """Whether a 404 may be about the path instead of an object: from another web server, or without a message."""
    if error.status != 404:
        return False
    return not (error.enveloped or error.api_text) or _NO_PATH.search(error.api_text) is not None


def is_about(ids: Sequence[int], error: ApiError) -> bool:
    """Whether an error is about objects that are missing, or names one of these ids.

    The service may also report missing objects by ``completed: false`` without a message.
    """
    if isinstance(error, NotFoundError):
        return not is_about_path(error)
    silent = isinstance(error, NotCompletedError) and not error.api_text
    return silent or _MISSING.search(error.api_text) is not None or bool(_named(ids, error))


def _named(ids: Sequence[int], error: ApiError) -> list[int]:
    words = set(re.findall("[0-9]+", error.api_text))
    return [number for number in ids if str(number) in words]


def halved(ids: Sequence[int]) -> list[list[int]]:
    middle = (len(ids) + 1) // 2
    return [list(ids[:middle]), list(ids[middle:])]


class Isolation:
    """The state of a batch of ids whose request failed. ``count`` is their number."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._succeeded = False
        self._alike = 0  # consecutive requests with the same error
        self._last: tuple[int, str] | None = None
        self._singles: set[tuple[int, str]] = set()

    def succeeded(self) -> None:
        """Notes that a request for some of the ids succeeded."""
        self._succeeded = True
        self._alike = 0

    def parts(self, ids: Sequence[int], error: ApiError) -> list[list[int]]:
        """Smaller requests to send instead of a failed one; none if the error is about its only id.

        Raises the error if it is about all ids.
        """
        if error.status in _TOO_LONG and len(ids) > 1:
            return halved(ids)
        if not _can_be_about_one(error) or (not is_about(ids, error) and self._is_about_all(ids, error)):
            raise error
        if len(ids) == 1:
            return []
        named = _named(ids, error)
        others = [number for number in ids if number not in named]
        return [*([number] for number in named), others] if named and others else halved(ids)

    def _is_about_all(self, ids: Sequence[int], error: ApiError) -> bool:
        words = (error.status, error.api_text)
        self._alike = self._alike + 1 if words == self._last else 1
        self._last = words
        if self._count == 1:
            return True
        if error.status not in _ABOUT_ONE:
            return self._alike >= _MAX_ALIKE
        if len(ids) > 1 or self._succeeded:
            return False
        # Two single objects were refused with the same error, and no request succeeded.
        seen = words in self._singles
        self._singles.add(words)
        return seen


def _can_be_about_one(error: ApiError) -> bool:
    if isinstance(error, (AuthenticationError, RateLimitError)):
        return False
    # A gateway that blocks the client responds 403, too, but without the API's message.
    return (
        isinstance(error, (NotFoundError, NotCompletedError))
        or error.status == 400
        or (error.status == 403 and bool(error.api_text))
    )
