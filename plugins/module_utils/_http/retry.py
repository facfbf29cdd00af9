# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Whether and how long to wait before a request is sent again. Pure decisions: no clock and no I/O of their own."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage

RETRIED = frozenset({429, 502, 503, 504})
BASE = 1.0  # seconds; the most that the first wait may take when nobody told how long
CAP = 30.0  # seconds; the most that any such wait may take
# Even a wait of no length uses up a little of the budget, so that tries come to an end.
SHORTEST = 0.1

LONGEST = 366 * 86400.0  # seconds; whoever asks for more means never

_WINDOWS = (("day", 86400), ("hour", 3600), ("minute", 60))


class Wait(NamedTuple):
    """How long to wait, and whether the service told so (True) or it is a guess (False)."""

    seconds: float
    told: bool


def wait_for(
    *,
    status: int,
    retry_after: Optional[str],
    usage: Optional[Usage],
    server_now: float,
    tries: int,
    random: Callable[[], float],
) -> Wait:
    """How long to wait after an answer of ``status`` (0: no answer came) to try number ``tries`` (from 1).

    ``retry_after`` is the header's text, ``server_now`` the service's clock in seconds since 1970 UTC.
    """
    told = retry_after_seconds(retry_after, server_now)
    if told is None and status == 429 and usage is not None:
        told = used_up_seconds(usage, server_now)
    if told is not None and told >= 1:
        return Wait(told, True)
    return Wait(backoff(tries, random), False)


def backoff(tries: int, random: Callable[[], float]) -> float:
    """Exponential with full jitter: anything between nothing and BASE·2^(tries-1), at most CAP seconds.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    return max(SHORTEST, random() * min(CAP, BASE * 2.0 ** min(tries - 1, 16)))


def retry_after_seconds(text: Optional[str], server_now: float) -> Optional[float]:
    """The seconds that a Retry-After header asks for, None when it tells nothing.

    Source: RFC 9110 section 10.2.3; seconds or a date.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(LONGEST, float(text))
    at = http_date(text)
    return None if at is None else min(LONGEST, max(0.0, at - server_now))


def http_date(text: Optional[str]) -> Optional[float]:
    """A date of an HTTP header in seconds since 1970 UTC; None when it is none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return None
        return moment.timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def used_up_seconds(usage: Usage, server_now: float) -> Optional[float]:
    """The seconds until the longest window whose limit is used up starts anew; None when none is used up.

    Windows are taken to follow the clock (the day does, by the vendor's word: 00:00 UTC).
    """
    for name, length in _WINDOWS:
        limit = usage.limits.get(name)
        if limit and usage.used.get(name, 0) >= limit:
            return length - server_now % length
    return None


def next_minute_seconds(server_now: float) -> float:
    """The seconds until the shortest window that the service counts in starts anew."""
    return 60 - server_now % 60


class Budget:
    """The seconds that all waits of a session may take together."""

    def __init__(self, total: float) -> None:
        self.total = total
        self.used = 0.0

    def allows(self, seconds: float) -> bool:
        return self.total > 0 and self.used + seconds <= self.total

    def take(self, seconds: float) -> None:
        self.used += seconds
