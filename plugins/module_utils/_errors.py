# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exception hierarchy. Each message states what failed, the API's own error text, and how to fix it.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from importlib import import_module

from ansible_collections.community.catchpoint.plugins.module_utils._text import clean


class CatchpointError(Exception):
    """The base of all errors. Its ``str()`` is a message for the user: one line without secrets."""

    def __str__(self) -> str:
        return clean(super().__str__())


class OptionError(CatchpointError):
    """The user's options are wrong; no request was sent."""


class MissingLibraryError(CatchpointError):
    """A Python library is not installed for the interpreter. The text names all that are missing, with one command."""

    def __init__(self, library: str, interpreter: str, reason: str) -> None:
        others = [name for name in _LIBRARIES if name != library and not _is_importable(_LIBRARIES[name])]
        missing = [library, *others]
        plural = len(missing) > 1
        super().__init__(
            f"The Python {'libraries' if plural else 'library'} {' and '.join(missing)} {'are' if plural else 'is'} "
            f"needed and {'were' if plural else 'was'} not found by {interpreter} ({reason}). "
            f"Install {'them' if plural else 'it'} there: {interpreter} -m pip install {' '.join(missing)}"
        )
        self.library = library


# The required libraries: the name to install, and the module.
_LIBRARIES = {"requests": "requests", "python-dateutil": "dateutil"}


def _is_importable(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True


class TransportError(CatchpointError):
    """No response: connection, TLS, proxy, time limit, or a truncated body.

    ``sent`` is false when no part of the request can have reached the service.
    """

    sent: bool = True


class PassingTransportError(TransportError):
    """A transient failure: the same request may succeed a little later."""


class OutcomeUnknownError(CatchpointError):
    """A request that changes something was sent, and no response says whether it was carried out."""


class ApiError(CatchpointError):
    """The service refused a request.

    ``status`` is the HTTP status, ``api_text`` the service's own error text (may be empty), ``trace_id`` its trace id.
    ``enveloped`` is true for a response in the API's own envelope, so that no proxy or other web server sent it.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        api_text: str = "",
        trace_id: str | None = None,
        enveloped: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.api_text = api_text
        self.trace_id = trace_id
        self.enveloped = enveloped


class AuthenticationError(ApiError):
    """The credentials were refused (401, or a token message in a response of another status)."""


class NotFoundError(ApiError):
    """An object does not exist: 404, or 200 or 400 with a text that says so."""


class NotCompletedError(ApiError):
    """A response of status 200 that reports a failure: ``completed`` false, or a ``Message``."""


class RateLimitError(ApiError):
    """The request limit is used up. ``retry_at`` is the earliest useful time, in seconds since 1970 UTC, or None."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 429,
        api_text: str = "",
        trace_id: str | None = None,
        retry_at: float | None = None,
    ) -> None:
        super().__init__(message, status=status, api_text=api_text, trace_id=trace_id)
        self.retry_at = retry_at


class ResponseError(CatchpointError):
    """The response was not understood; the text shows its shape."""
