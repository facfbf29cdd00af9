# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures that the processes of a run share, so that an outage of the service costs a single retry budget.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils import _errors
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
    PassingTransportError,
    RateLimitError,
)
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles

# After a failure of the service or the credentials, no request is sent for this time, because all hosts share it.
REMEMBERED = 10.0  # seconds

# If a request limit ends sooner, each process waits for it in its turn.
_LONG_LIMIT = 120.0  # seconds


class SharedFailures:
    """The last failure of a request that several processes want to make.

    A process that waited for the request gets the failure instead of making the request again. One that comes later
    gets it only if it is about the service or the credentials, and only for ``remembered`` seconds.
    """

    def __init__(self, files: RunFiles, name: str, clock: Clock, remembered: float = REMEMBERED) -> None:
        self._files = files
        self._name = f"{name}.json"
        self._clock = clock
        self._remembered = min(remembered, REMEMBERED)

    def keep(self, error: CatchpointError, names: Iterable[str] = ()) -> None:
        """Stores a failure of a request for the objects ``names``."""
        now = self._clock.now()
        if isinstance(error, RateLimitError) and not (error.status and (error.retry_at or now) - now > _LONG_LIMIT):
            # Other processes may have a larger budget, and have their own turns.
            return
        self._files.write(self._name, {"at": now, "names": list(names), "error": as_data(error)})

    def check(self, began: float, names: Iterable[str] = (), newer_than: float = 0.0) -> None:
        """Raises the stored failure if it holds for a process that has waited since ``began``."""
        found = self._files.read(self._name)
        if not isinstance(found, dict):
            return
        at, stored, error = found.get("at"), found.get("names"), _error(found.get("error"))
        if not isinstance(at, (int, float)) or not isinstance(stored, list) or error is None or at <= newer_than:
            return
        recent = 0 <= self._clock.now() - at < self._remembered and _is_lasting(error)
        if set(names) <= set(map(str, stored)) and (at >= began or recent):
            raise error


def _is_lasting(error: CatchpointError) -> bool:
    """Whether the next request a moment later would most likely fail in the same way."""
    if isinstance(error, ApiError):
        return error.status >= 500 or isinstance(error, AuthenticationError)
    return isinstance(error, PassingTransportError)


def _error(data: Any) -> Optional[CatchpointError]:
    return as_error(data) if isinstance(data, dict) and isinstance(data.get("text"), str) else None


def as_data(error: CatchpointError) -> dict[str, Any]:
    """Returns an error as plain data, for other processes."""
    data: dict[str, Any] = {"kind": type(error).__name__, "text": str(error)}
    if isinstance(error, ApiError):
        data.update(status=error.status, api_text=error.api_text, trace_id=error.trace_id, enveloped=error.enveloped)
    if isinstance(error, RateLimitError):
        data.update(retry_at=error.retry_at)
        del data["enveloped"]
    return data


def as_error(data: Mapping[str, Any]) -> CatchpointError:
    """Returns the error that ``as_data`` was given."""
    kind = getattr(_errors, str(data.get("kind")), CatchpointError)
    members = {name: value for name, value in data.items() if name not in ("kind", "text")}
    if not (isinstance(kind, type) and issubclass(kind, CatchpointError)) or kind is _errors.MissingLibraryError:
        return CatchpointError(data["text"])
    try:
        return kind(data["text"], **members) if issubclass(kind, ApiError) else kind(data["text"])
    except TypeError:
        return CatchpointError(data["text"])
