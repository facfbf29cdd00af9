# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Retries for somebody who waits for minutes anyway: longer ones than a session's own, but not for ever."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Callable, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Session
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    PassingTransportError,
    RateLimitError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

MOST_FAULTS = 5  # in a row
FIRST_WAIT = 5.0  # seconds; doubled with every fault in a row
LONGEST_WAIT = 60.0  # seconds
# When neither the service nor our own record of requests tells when a limit ends: its shortest one is per minute.
USUAL_LIMIT = 60.0  # seconds


class PollingSession:
    """A session around one that does not retry (``retry_budget`` 0), for the same client.

    Faults that may pass (no answer, an answer that cannot be read, a status of 500 or more) are tried again after 5,
    10, 20 and 40 seconds; the fifth in a row ends it. A request limit is waited for as long as it holds, and is no
    fault. All else ends it at once, and so does a wait beyond ``deadline`` (seconds since 1970 UTC by our clock).
    ``retries`` counts the requests that were sent again after a fault. ``tell`` is called before each wait.
    """

    def __init__(self, session: Session, clock: Clock, tell: Callable[[str], None], deadline: float) -> None:
        self.retries = 0
        self._session = session
        self._clock = clock
        self._tell = tell
        self._deadline = deadline
        self._faults = 0
        self._reached = False

    @property
    def server_offset(self) -> Optional[float]:
        return self._session.server_offset

    def get(self, path: str, params: Mapping[str, str]) -> Any:
        """As the session's own; raises its errors, with the effort in their texts."""
        while True:
            try:
                answer = self._session.get(path, params)
            except RateLimitError as error:
                self._wait_for_limit(error)
            except CatchpointError as error:
                if not self._may_pass(error):
                    raise
                self._wait_after_fault(error)
            else:
                self._faults = 0
                self._reached = True
                return answer

    def _may_pass(self, error: CatchpointError) -> bool:
        if isinstance(error, ApiError):
            return error.status >= 500
        if isinstance(error, TransportError) and not isinstance(error, PassingTransportError):
            # A wrong certificate or name is not waited for, unless it was right before.
            return self._reached
        return isinstance(error, (TransportError, ResponseError))

    def _wait_for_limit(self, error: RateLimitError) -> None:
        now = self._clock.now()
        until = now + USUAL_LIMIT if error.retry_at is None else error.retry_at
        # Whole seconds, rounded up: never early by a fraction.
        seconds = max(1.0, float(math.ceil(until - now)))
        if now + seconds > self._deadline:
            error.args = (f"{_plain(error)} The limit holds until {iso(until)}, which is beyond the gate's timeout.",)
            raise error
        if until - now >= 1:
            self._tell(f"{_plain(error)} Waiting {seconds:.0f} s, as the limit asks.")
        self._clock.sleep(seconds)

    def _wait_after_fault(self, error: CatchpointError) -> None:
        self._faults += 1
        left = self._deadline - self._clock.now()
        if self._faults >= MOST_FAULTS or left <= 0:
            times = "once" if self._faults == 1 else f"{self._faults} times in a row"
            late = ", and the gate's timeout is over" if self._faults < MOST_FAULTS else ""
            error.args = (f"{_plain(error)} It failed {times}{late}.",)
            raise error
        seconds = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (self._faults - 1), left)
        self._tell(
            f"{_plain(error)} Trying again in {seconds:.0f} s (fault {self._faults} in a row; {MOST_FAULTS} end it)."
        )
        self._clock.sleep(seconds)
        self.retries += 1


def _plain(error: CatchpointError) -> str:
    """An error's text without the word on retries and retry_budget, of which there were none."""
    text = str(error)
    for words in (" Gave up after ", " That is longer than retry_budget "):
        text = text.partition(words)[0]
    return text
