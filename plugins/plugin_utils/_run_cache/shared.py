# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that all processes of a run share until it ends: the token of REST API v1, and enumerations.

One process makes the request, the others wait for its result.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Callable, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import Token
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.failures import REMEMBERED, SharedFailures
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.persistent import PersistentCache


class SharedToken:
    """The token store of a run; see TokenStore. Failures are cached for at most ``ttl`` seconds."""

    def __init__(self, files: RunFiles, clock: Clock, ttl: float = REMEMBERED) -> None:
        self._files = files
        self._clock = clock
        self._failures = SharedFailures(files, "token-failure", clock, ttl)

    def obtain(self, login: Callable[[], Token], refused: Optional[Token] = None) -> Token:
        known = self._known()
        if known is not None and known != refused:
            return known
        began = self._clock.now()
        with self._files.locked("token.lock"):
            known = self._known()
            if known is not None and known != refused:
                return known
            self._failures.check(began)
            try:
                token = login()
            except CatchpointError as error:
                self._failures.keep(error)
                raise
            self._files.write("token.json", asdict(token))
            return token

    def _known(self) -> Optional[Token]:
        found = self._files.read("token.json")
        if not isinstance(found, dict):
            return None
        text, expires_at, encoded = found.get("text"), found.get("expires_at"), found.get("encoded")
        if isinstance(text, str) and text and isinstance(expires_at, (int, float)) and isinstance(encoded, bool):
            return Token(text, expires_at, encoded)
        return None


class SharedMemo:
    """Responses that do not change during a run; see Memory. Failures are cached for at most ``ttl`` seconds."""

    def __init__(self, files: RunFiles, persistent: PersistentCache, clock: Clock, ttl: float = REMEMBERED) -> None:
        self._files = files
        self._persistent = persistent
        self._clock = clock
        self._ttl = ttl

    def recall(self, key: str, read: Callable[[], Any]) -> Any:
        name = reader.digest(["memory", key])
        found = self._stored(name)
        if found is None:
            began = self._clock.now()
            failures = SharedFailures(self._files, f"{name}-failure", self._clock, self._ttl)
            with self._files.locked(f"{name}.lock"):
                found = self._stored(name) or self._persistent.get(name)
                if found is None or "value" not in found:
                    failures.check(began)
                    try:
                        found = {"value": read()}
                    except CatchpointError as error:
                        failures.keep(error)
                        raise
                    self._persistent.put(name, found)
                self._files.write(f"{name}.json", found)
        return found["value"]

    def _stored(self, name: str) -> Optional[dict[str, Any]]:
        found = self._files.read(f"{name}.json")
        return found if isinstance(found, dict) and "value" in found else None
