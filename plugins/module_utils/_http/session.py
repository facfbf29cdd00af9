# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP session: credentials, retries and pacing of the requests to one endpoint.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import base64
import json
import random as _random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Optional, Union
from urllib.parse import quote, urlencode

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock, SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    OptionError,
    OutcomeUnknownError,
    PassingTransportError,
    RateLimitError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http import responses
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import ApiMessage, ResponseFormat
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import OwnToken, Token, TokenStore
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import MAX_SECRET, Connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import NoRateLimit, RateLimiter
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._http.responses import ParsedResponse
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import (
    BudgetRetryPolicy,
    Failure,
    RetryPolicy,
    exhausted_seconds,
    http_date,
    wait_for,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.transport import Body, Transport, label

RENEW_BEFORE = 60.0  # seconds before its end that a token is renewed
TOKEN_LIFE = 1800.0  # seconds, when the service does not state it
JSON = "application/json"


@dataclass(frozen=True)
class _Request:
    """A request, ready but for its credentials."""

    method: str
    url: str
    body: Optional[Body] = field(repr=False)
    idempotent: bool  # whether it may be sent again when its outcome is unknown
    error: Callable[[ParsedResponse], CatchpointError]  # for a response that is not ``done``


class Session:
    """Sends requests to one Catchpoint endpoint with one set of credentials.

    ``warn`` is called with a sentence for each wait of a second or more. No message or warning contains a secret.
    ``requests_made`` counts requests as the service does: retries, redirects and logins too. ``logins`` counts tokens.
    ``server_offset`` is the service's clock minus ours in seconds, by the newest response with a date.
    """

    def __init__(
        self,
        connection: Connection,
        response_format: ResponseFormat,
        *,
        warn: Callable[[str], None],
        clock: Optional[Clock] = None,
        tokens: Optional[TokenStore] = None,
        limiter: Optional[RateLimiter] = None,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self.logins = 0
        self.server_offset: Optional[float] = None
        self._connection = connection
        self._format = response_format
        self._clock: Clock = clock or SystemClock()
        self._tokens: TokenStore = tokens or OwnToken()
        self._limiter: RateLimiter = limiter or NoRateLimit()
        self._random = random
        self._policy: RetryPolicy = BudgetRetryPolicy(connection.retry_budget, self._clock, warn)
        self._transport = Transport(connection, self._limiter.sending)
        # A dict keeps the order and each secret once.
        self._secrets = dict.fromkeys([*connection.secrets, *self._transport.secrets()])
        # Whether the service accepts tokens in base64; None until it accepted one.
        self._encoded: Optional[bool] = None
        self._token_url = f"{connection.base_url}/ui/api/token"
        if connection.generation == 1:
            self._root = f"{connection.base_url}/ui/api/v1"
            self._credentials = "client_id and client_secret"
        else:
            self._root = f"{connection.base_url}/api/{connection.api_version}"
            self._credentials = "api_key"

    def retry_with(self, policy: RetryPolicy) -> None:
        """Replaces the retry policy, which is a BudgetRetryPolicy of the option ``retry_budget`` at first."""
        self._policy = policy

    @property
    def policy(self) -> RetryPolicy:
        """The retry policy in use."""
        return self._policy

    @property
    def requests_made(self) -> int:
        return self._transport.sent

    def get(self, path: str, params: Mapping[str, str] = MappingProxyType({})) -> Any:
        """Sends a GET for a path below the API generation's root. Returns the decoded response; None for an empty one.

        ``path`` is quoted already, commas in ``params`` are kept.

        Raises the errors of ``_errors``: OptionError, MissingLibraryError, TransportError, ResponseError, ApiError and
        its subclasses (AuthenticationError, NotFoundError, NotCompletedError, RateLimitError).
        """
        return self._request("GET", path, params, None, idempotent=True)

    def post(
        self,
        path: str,
        payload: Any,
        params: Mapping[str, str] = MappingProxyType({}),
        *,
        idempotent: bool = False,
        content_type: str = JSON,
    ) -> Any:
        """Sends a POST with ``payload`` as JSON; see ``get``.

        Unless it is ``idempotent``, it is never sent again. When it was sent and no response says whether it was
        carried out, OutcomeUnknownError is raised.
        """
        return self._request("POST", path, params, _json_body(payload, content_type), idempotent=idempotent)

    def patch(
        self,
        path: str,
        payload: Any,
        params: Mapping[str, str] = MappingProxyType({}),
        *,
        idempotent: bool = False,
        content_type: str = JSON,
    ) -> Any:
        """Sends a PATCH with ``payload`` as JSON; see ``post``."""
        return self._request("PATCH", path, params, _json_body(payload, content_type), idempotent=idempotent)

    def _request(
        self, method: str, path: str, params: Mapping[str, str], body: Optional[Body], *, idempotent: bool
    ) -> Any:
        url = self._root + path
        if params:
            url += "?" + urlencode(params, quote_via=quote, safe=",")

        def error(reading: ParsedResponse) -> CatchpointError:
            return responses.error_from(label(method, url), reading, self._clean, self._credentials)

        try:
            return self._signed(_Request(method, url, body, idempotent, error)).payload
        except CatchpointError as failure:
            raise self._cleaned(failure) from None

    # Credentials

    def _signed(self, request: _Request) -> ParsedResponse:
        """Sends a request with credentials, and again with other ones as long as there are any: at most three times.

        A request whose credentials were refused was not carried out, so this holds for all methods.
        """
        if self._connection.api_key is not None:
            return _done(request, self._exchanged(request, _api_key_header(self._connection.api_key)))
        logins = self.logins
        token = self._token()
        # Replacing a token that is a moment old does not help.
        renewed = self.logins > logins
        while True:
            text = token.text
            if token.encoded:
                text = base64.b64encode(text.encode("utf-8")).decode("ascii")
                self._secrets[text] = None
            reading = self._exchanged(request, f"Bearer {text}")
            if not reading.credentials_refused:
                self._accepted(token)
                return _done(request, reading)
            if not renewed:
                renewed = True
                token = self._token(refused=token)
            elif self._encoded is None and not token.encoded:
                token = replace(token, encoded=True)
            else:
                return _done(request, reading)

    def _token(self, refused: Optional[Token] = None) -> Token:
        """The token to use; one that nears its end is renewed."""

        def login() -> Token:
            return self._login(encoded=bool(self._encoded if refused is None else refused.encoded))

        token = self._tokens.obtain(login, refused)
        if refused is None and token.expires_at - RENEW_BEFORE <= self._clock.now():
            return self._token(refused=token)
        self._secrets[token.text] = None
        return token

    def _accepted(self, token: Token) -> None:
        """Notes in which form the service accepts tokens, and shares it if it is not the usual one."""
        if token.encoded and not self._encoded:
            self._tokens.obtain(lambda: token, replace(token, encoded=False))
        self._encoded = token.encoded

    def _login(self, encoded: bool) -> Token:
        """Returns a new token for client id and secret."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._connection.client_id or "",
            "client_secret": self._connection.client_secret or "",
        }
        body = Body(urlencode(form).encode("ascii"), "application/x-www-form-urlencoded")
        request = _Request("POST", self._token_url, body, True, self._login_error)
        requested_at = self._clock.now()
        reading = _done(request, self._exchanged(request, None))
        text = reading.payload.get("access_token") if isinstance(reading.payload, dict) else None
        if not isinstance(text, str) or not text:
            raise self._login_error(replace(reading, fault="it has no access_token"))
        if len(text) > MAX_SECRET:
            raise ResponseError(
                f"{label('POST', self._token_url)} returned a token of {len(text)} characters; the most that is "
                f"accepted is {MAX_SECRET}. Check base_url, and whether a proxy responds instead."
            )
        self._secrets[text] = None
        self.logins += 1
        # A text that a header cannot contain is meant to be encoded.
        return Token(text, requested_at + _life(reading.payload.get("expires_in")), encoded or not _fits_header(text))

    def _login_error(self, reading: ParsedResponse) -> CatchpointError:
        request = label("POST", self._token_url)
        if 200 <= reading.status < 300 and not reading.understood:
            return responses.undecodable(request, reading, self._clean, show_body=False)
        if reading.status == 404:
            # The endpoint itself is unknown, not an id.
            reading = replace(reading, fault=reading.fault or "it is not a token")
        if reading.status in (200, 400, 401) or (reading.status == 403 and reading.complaint is not None):
            # Whatever the status: there is one reason to refuse a token.
            reading = replace(reading, complaint=_login_complaint(reading))
        return responses.error_from(request, reading, self._clean, self._credentials)

    # Retries

    def _exchanged(self, request: _Request, authorization: Optional[str]) -> ParsedResponse:
        """Sends a request until a response comes that no wait improves. Raises the error that ends the retries."""
        began = self._clock.now()
        turns = self._limiter.turn_seconds
        tries = 0
        while True:
            tries += 1
            self._transport.prepare()
            self._limiter.before_request(self._policy.turns)
            outcome = self._tried(request, authorization, tries)
            if isinstance(outcome, ParsedResponse):
                self._policy.answered()
                return outcome
            if not request.idempotent:
                raise self._unrepeatable(outcome)
            waited = self._limiter.turn_seconds - turns
            seconds = self._clock.now() - began - waited
            failure = outcome._replace(tries=tries, seconds=seconds, turn_seconds=waited)
            self._clock.sleep(self._policy.next_wait(failure))

    def _tried(self, request: _Request, authorization: Optional[str], tries: int) -> Union[ParsedResponse, Failure]:
        """Sends a request once. Returns a response that is final, or why the try failed."""
        try:
            reply = self._transport.send(
                request.method,
                request.url,
                authorization,
                request.body,
                self._policy.exchange_seconds(self._connection.timeout),
            )
        except (TransportError, ResponseError) as error:
            wait = wait_for(status=0, headers={}, usage=None, server_now=0.0, tries=tries, random=self._random)
            return Failure(self._cleaned(error), 0, isinstance(error, PassingTransportError), wait)
        reading = responses.read(reply.status, reply.reason, reply.headers, reply.body, self._format)
        now = self._note_date(reading)
        wait = wait_for(
            status=reading.status,
            headers=reading.headers,
            usage=reading.usage,
            server_now=now,
            tries=tries,
            random=self._random,
        )
        limited = reading.status == 429
        self._limiter.after_response(
            reading.usage, wait.seconds if limited else exhausted_seconds(reading.headers, now)
        )
        problem = self._failed(request, reading)
        if problem is None:
            return reading
        return Failure(self._cleaned(problem), reading.status, reading.transient, wait)

    def _failed(self, request: _Request, reading: ParsedResponse) -> Optional[CatchpointError]:
        """Returns the error of a response that a later try may replace; None for one that is final."""
        if reading.done or reading.credentials_refused:
            return None
        if reading.transient or reading.status >= 500 or (reading.status < 400 and not reading.understood):
            return request.error(reading)
        return None

    def _unrepeatable(self, failure: Failure) -> CatchpointError:
        """Returns the error of a failed request that is not sent again, because it may have changed something."""
        error = failure.error
        if failure.limited and isinstance(error, ApiError):
            return RateLimitError(
                f"{error} Nothing was changed: repeat it later.",
                api_text=error.api_text,
                trace_id=error.trace_id,
                retry_at=self._clock.now() + failure.wait.seconds,
            )
        if isinstance(error, TransportError) and not error.sent:
            return error
        return OutcomeUnknownError(
            f"{error} The request may have been carried out, so it was not sent again. Check in the portal before "
            "you repeat it."
        )

    def _note_date(self, reading: ParsedResponse) -> float:
        """Returns the service's clock in seconds since 1970 UTC, by this response or an earlier one."""
        date = http_date(reading.headers.get("date"))
        if date is not None:
            self.server_offset = date - self._clock.now()
        return self._clock.now() + (self.server_offset or 0.0)

    # Errors

    def _clean(self, text: str) -> str:
        return redact(text, self._secrets)

    def _cleaned(self, error: CatchpointError) -> CatchpointError:
        error.args = (self._clean(str(error)),)
        if isinstance(error, ApiError):
            error.api_text = self._clean(error.api_text)
        return error


def _done(request: _Request, reading: ParsedResponse) -> ParsedResponse:
    """Returns the response if the request succeeded. Raises its error otherwise."""
    if reading.done:
        return reading
    raise request.error(reading)


def _json_body(payload: Any, content_type: str) -> Body:
    return Body(json.dumps(payload).encode("ascii"), content_type)


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
