# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The HTTP session: credentials, retries, pacing. An exchange is done by _transport, its meaning found by _answers."""

from __future__ import annotations

import base64
import random as _random
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any, Optional
from urllib.parse import quote, urlencode

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock, SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    OptionError,
    PassingTransportError,
    RateLimitError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http import responses
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, ResponseFormat
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import OwnToken, Token, TokenStore
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import Connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import NoRateLimit, RateLimiter
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._http.responses import ParsedResponse
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import (
    RETRIED,
    Budget,
    Wait,
    http_date,
    next_minute_seconds,
    wait_for,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.transport import Transport, label

RENEW_BEFORE = 60.0  # seconds before its end that a token is renewed
TOKEN_LIFE = 1800.0  # seconds, when the service does not say


class Session:
    """Asks one Catchpoint endpoint with one set of credentials.

    ``warn`` is called with a sentence for each wait of a second or more. No message or warning holds a secret.
    ``requests_made`` counts requests as the service does: retries, redirects and logins too. ``logins`` counts tokens.
    ``server_offset`` is the service's clock minus ours in seconds, by the newest answer that told a date.
    """

    def __init__(
        self,
        connection: Connection,
        manners: ResponseFormat,
        *,
        warn: Callable[[str], None],
        clock: Optional[Clock] = None,
        tokens: Optional[TokenStore] = None,
        pacer: Optional[RateLimiter] = None,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self.logins = 0
        self.server_offset: Optional[float] = None
        self._connection = connection
        self._manners = manners
        self._warn = warn
        self._clock: Clock = clock or SystemClock()
        self._tokens: TokenStore = tokens or OwnToken()
        self._pacer: RateLimiter = pacer or NoRateLimit()
        self._random = random
        self._budget = Budget(connection.retry_budget)
        self._transport = Transport(connection)
        # A dict for its order and for having each once.
        self._secrets = dict.fromkeys([*connection.secrets, *self._transport.secrets()])
        # Whether the service takes tokens in base64; None until it took one.
        self._encoded: Optional[bool] = None
        if connection.generation == 1:
            self._root = f"{connection.base_url}/ui/api/v1"
            self._credentials = "client_id and client_secret"
        else:
            self._root = f"{connection.base_url}/api/{connection.api_version}"
            self._credentials = "api_key"

    @property
    def requests_made(self) -> int:
        return self._transport.sent

    @property
    def budget(self) -> Budget:
        """What is left for waiting. A pacer that makes this session wait takes from it, too."""
        return self._budget

    def get(self, path: str, params: Mapping[str, str] = MappingProxyType({})) -> Any:
        """GET a path below the API generation's root, and decode the answer; None for an empty one.

        ``path`` is quoted already, commas in ``params`` are kept.

        Raises the errors of ``_errors``: OptionError, MissingLibraryError, TransportError, ResponseError and ApiError's
        kinds (AuthenticationError, NotFoundError, NotCompletedError, RateLimitError).
        """
        url = self._root + path
        if params:
            url += "?" + urlencode(params, quote_via=quote, safe=",")
        try:
            return self._signed(url).payload
        except CatchpointError as error:
            raise self._cleaned(error) from None

    # Credentials

    def _signed(self, url: str) -> ParsedResponse:
        """GET with credentials, and again with better ones as long as there are any: at most three times."""
        if self._connection.api_key is not None:
            return self._understood(url, self._asked("GET", url, _api_key_header(self._connection.api_key)))
        logins = self.logins
        token = self._token()
        # A token that was got just now is not made any better by another.
        renewed = self.logins > logins
        while True:
            text = token.text
            if token.encoded:
                text = base64.b64encode(text.encode("utf-8")).decode("ascii")
                self._secrets[text] = None
            reading = self._asked("GET", url, f"Bearer {text}")
            if not reading.credentials_refused:
                self._accepted(token)
                return self._understood(url, reading)
            if not renewed:
                renewed = True
                token = self._token(refused=token)
            elif self._encoded is None and not token.encoded:
                token = token._replace(encoded=True)
            else:
                return self._understood(url, reading)

    def _token(self, refused: Optional[Token] = None) -> Token:
        """The token to use; one that nears its end is renewed."""

        def ask() -> Token:
            return self._login(encoded=bool(self._encoded if refused is None else refused.encoded))

        token = self._tokens.obtain(ask, refused)
        if refused is None and token.expires_at - RENEW_BEFORE <= self._clock.now():
            return self._token(refused=token)
        self._secrets[token.text] = None
        return token

    def _accepted(self, token: Token) -> None:
        """Remember in which form the service takes tokens; tell the neighbours if it is not the usual one."""
        if token.encoded and not self._encoded:
            self._tokens.obtain(lambda: token, token._replace(encoded=False))
        self._encoded = token.encoded

    def _login(self, encoded: bool) -> Token:
        """Get a token for client id and secret."""
        url = f"{self._connection.base_url}/ui/api/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": self._connection.client_id or "",
            "client_secret": self._connection.client_secret or "",
        }
        asked_at = self._clock.now()
        reading = self._asked("POST", url, None, form)
        request = label("POST", url)
        if not reading.done:
            raise self._login_error(request, reading)
        text = reading.payload.get("access_token") if isinstance(reading.payload, dict) else None
        if not isinstance(text, str) or not text:
            raise responses.undecodable(
                request, reading._replace(fault="it holds no access_token"), self._clean, show_body=False
            )
        self._secrets[text] = None
        self.logins += 1
        # What no header can hold is meant to be encoded.
        return Token(text, asked_at + _life(reading.payload.get("expires_in")), encoded or not _fits_header(text))

    def _login_error(self, request: str, reading: ParsedResponse) -> CatchpointError:
        if 200 <= reading.status < 300 and not reading.understood:
            return responses.undecodable(request, reading, self._clean, show_body=False)
        if reading.status == 404:
            # Not an id, but the endpoint itself is unknown.
            reading = reading._replace(fault=reading.fault or "it is not a token")
        if reading.status in (200, 400, 401) or (reading.status == 403 and reading.complaint is not None):
            # Whatever the status: there is one reason not to give a token.
            reading = reading._replace(complaint=_login_complaint(reading))
        return responses.error_from(request, reading, self._clean, self._credentials)

    # Retries

    def _asked(
        self, method: str, url: str, authorization: Optional[str], form: Optional[Mapping[str, str]] = None
    ) -> ParsedResponse:
        """Send until an answer comes that no waiting makes better, within the budget for waiting."""
        request = label(method, url)
        began = self._clock.now()
        tries = 0
        while True:
            tries += 1
            self._pacer.before_request()
            reading: Optional[ParsedResponse] = None
            failure: CatchpointError
            try:
                reply = self._transport.send(method, url, authorization, form)
            except PassingTransportError as error:
                failure = error
                wait = wait_for(
                    status=0,
                    retry_after=None,
                    usage=None,
                    server_now=self._server_now(None),
                    tries=tries,
                    random=self._random,
                )
            else:
                reading = responses.read(*reply, self._manners)
                self._note_date(reading)
                self._pacer.after_answer(reading.usage, reading.status == 429)
                if reading.status not in RETRIED:
                    return reading
                failure = responses.error_from(request, reading, self._clean, self._credentials)
                wait = wait_for(
                    status=reading.status,
                    retry_after=reading.headers.get("retry-after"),
                    usage=reading.usage,
                    server_now=self._server_now(reading),
                    tries=tries,
                    random=self._random,
                )
            if not self._budget.allows(wait.seconds):
                raise self._given_up(failure, reading, wait, tries, self._clock.now() - began)
            self._wait(failure, wait, tries)

    def _wait(self, failure: CatchpointError, wait: Wait, tries: int) -> None:
        if wait.seconds >= 1:
            self._warn(
                self._clean(
                    f"{failure} Waiting {_seconds(wait.seconds)} before try {tries + 1} "
                    f"(retry_budget: {_seconds(self._budget.used)} of {_seconds(self._budget.total)} used so far)."
                )
            )
        self._budget.take(wait.seconds)
        self._clock.sleep(wait.seconds)

    def _given_up(
        self, failure: CatchpointError, reading: Optional[ParsedResponse], wait: Wait, tries: int, seconds: float
    ) -> CatchpointError:
        """The error for a request whose next try would have to wait longer than the budget allows."""
        effort = (
            f"Gave up after {tries} {'try' if tries == 1 else 'tries'} in {_seconds(seconds)} "
            f"(retry_budget {_seconds(self._budget.total)})"
        )
        limited = reading is not None and reading.status == 429
        if not limited and not wait.told:
            failure.args = (f"{failure} {effort}.",)
            return failure
        now = self._clock.now()
        # When nobody told how long the limit holds: until the shortest of the limits starts anew.
        ahead = wait.seconds if wait.told else next_minute_seconds(self._server_now(reading))
        guess = "" if wait.told else "; the service does not say when, but its shortest limit is per minute"
        enough = _seconds(self._budget.used + ahead)
        back = f"Come back at {_utc(now + ahead)} (in {_seconds(ahead)}{guess}), or raise retry_budget above {enough}."
        text = f"{failure} {effort}. {back}"
        if limited and isinstance(failure, ApiError):
            return RateLimitError(text, api_text=failure.api_text, trace_id=failure.trace_id, retry_at=now + ahead)
        failure.args = (text,)
        return failure

    def _server_now(self, reading: Optional[ParsedResponse]) -> float:
        date = http_date(reading.headers.get("date")) if reading is not None else None
        return self._clock.now() + (self.server_offset or 0.0) if date is None else date

    def _note_date(self, reading: ParsedResponse) -> None:
        date = http_date(reading.headers.get("date"))
        if date is not None:
            self.server_offset = date - self._clock.now()

    # Errors

    def _understood(self, url: str, reading: ParsedResponse) -> ParsedResponse:
        if reading.done:
            return reading
        raise responses.error_from(label("GET", url), reading, self._clean, self._credentials)

    def _clean(self, text: str) -> str:
        return redact(text, self._secrets)

    def _cleaned(self, error: CatchpointError) -> CatchpointError:
        error.args = (self._clean(str(error)),)
        if isinstance(error, ApiError):
            error.api_text = self._clean(error.api_text)
        return error


def _login_complaint(reading: ParsedResponse) -> ApiMessage:
    """The token endpoint's words: the API's own way, or OAuth's (RFC 6749 section 5.2)."""
    if reading.complaint is not None:
        return reading.complaint._replace(token=True)
    words = []
    if isinstance(reading.payload, dict):
        words = [str(reading.payload[name]) for name in ("error", "error_description") if reading.payload.get(name)]
    return ApiMessage(": ".join(words), token=True)


def _life(given: Any) -> float:
    """The seconds that a token lives, by `expires_in`."""
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        return TOKEN_LIFE
    return seconds if 0 < seconds < 1e9 else TOKEN_LIFE


def _fits_header(text: str) -> bool:
    return text.isascii() and text.isprintable() and text == text.strip()


def _api_key_header(text: str) -> str:
    if not _fits_header(text):
        raise OptionError(
            "api_key holds characters that no key has: a line break, a space at an end, or something beyond ASCII. "
            "It was probably read from a file with more in it than the key."
        )
    return f"Bearer {text}"


def _seconds(seconds: float) -> str:
    return f"{round(seconds, 1):g} s"


def _utc(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
