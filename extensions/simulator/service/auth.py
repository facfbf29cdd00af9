# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Credentials: v2 keys, v1 clients, and the tokens that v1 clients get."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

KEY_STATES = ("active", "expired", "revoked", "forbidden", "quota")


def default_credential(name: str) -> str:
    """64 hexadecimal digits, always the same for a name. They are public: they protect simulated data only."""
    return hashlib.sha256(f"community.catchpoint simulator {name}".encode()).hexdigest()


class CredentialError(ValueError):
    """Credentials in a scenario that cannot be read."""


class Credentials:
    """Keys, clients and tokens. Not thread-safe: the caller holds the lock."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.keys: dict[str, str] = {}
        for entry in data.get("api_keys", []):
            one = {"key": entry} if isinstance(entry, str) else dict(entry)
            state = str(one.get("state", "active"))
            if state not in KEY_STATES:
                raise CredentialError(f"credentials: state {state!r} is not one of {', '.join(KEY_STATES)}")
            self.keys[str(one["key"])] = state
        if not self.keys:
            self.keys[default_credential("api key")] = "active"
        self.clients: dict[tuple[str, str], str] = {}
        for entry in data.get("clients", []):
            pair = (str(entry["client_id"]), str(entry["client_secret"]))
            self.clients[pair] = str(entry.get("state", "active"))
        if not self.clients:
            self.clients[(default_credential("client id")[:32], default_credential("client secret"))] = "active"
        self.tokens: dict[str, tuple[float, str]] = {}
        self._issued = 0

    def add_keys(self, keys: Iterable[str]) -> None:
        """Keys from the command line come first and replace the default key."""
        given = dict.fromkeys(keys, "active")
        if given:
            default = default_credential("api key")
            self.keys = {**given, **{key: state for key, state in self.keys.items() if key != default}}

    def add_client(self, client_id: str | None, client_secret: str | None) -> None:
        if client_id is not None or client_secret is not None:
            first = next(iter(self.clients))
            pair = (
                client_id if client_id is not None else first[0],
                client_secret if client_secret is not None else first[1],
            )
            self.clients = {pair: "active", **{k: v for k, v in self.clients.items() if k != first}}

    @property
    def first_key(self) -> str:
        return next(iter(self.keys))

    @property
    def first_client(self) -> tuple[str, str]:
        return next(iter(self.clients))

    # -- v1 tokens ---

    def issue(self, state: str, expires: float) -> str:
        """A new token, with characters that differ between base64's two alphabets."""
        self._issued += 1
        digest = hashlib.sha512(f"token {self._issued} {self.first_key}".encode()).digest()
        token = base64.b64encode(b"\xfb\xff" + digest[:40]).decode("ascii")
        self.tokens[token] = (expires, state)
        return token

    def find_token(self, given: str, convention: str) -> str | None:
        """The token of a bearer value: raw, or base64 (either alphabet) of the token's bytes."""
        if convention in ("both", "raw") and given in self.tokens:
            return given
        if convention in ("both", "base64"):
            for alphabet in (None, b"-_"):
                try:
                    decoded = base64.b64decode(given, altchars=alphabet, validate=True).decode("ascii")
                except (binascii.Error, ValueError):
                    continue
                if decoded in self.tokens:
                    return decoded
        return None

    def revoke(self, token: str) -> None:
        """Expires a token."""
        if token in self.tokens:
            self.tokens[token] = (float("-inf"), self.tokens[token][1])


def bearer(value: str) -> str | None:
    """The credential of an Authorization header; the scheme is accepted in any case."""
    scheme, _space, rest = value.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" and rest.strip() else None


def text_of_header(value: str) -> tuple[str, ...]:
    """The possible texts of a header: HTTP libraries encode it as Latin-1 or as UTF-8."""
    try:
        return value, value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return (value,)


def basic(value: str) -> tuple[str, str] | None:
    """Client id and secret of HTTP Basic."""
    scheme, _space, rest = value.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _colon, secret = base64.b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return name, secret
