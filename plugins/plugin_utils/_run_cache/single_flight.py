# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of queries: one process makes a request for all that wait, the others get its result.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Callable, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
)
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.failures import SharedFailures
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.persistent import PersistentCache

# Statuses that may be about a single requested object.
_ABOUT_ONE = (200, 400, 403, 404)

# A cached result: ``requested_at``, ``live`` (not about the past alone), and ``result`` or ``error``.
Entry = dict[str, Any]
Found = dict[str, Entry]
SendRequest = Callable[[list[str]], Mapping[str, Entry]]


class BatchHints(NamedTuple):
    """Extra keys to include in the next request."""

    most: Callable[[], int]  # the number of names in all, including those that have to be requested
    turn: Callable[[int], None] = lambda _count: None  # waits until that many names may be requested
    step: int = 1  # that many names cost as much as one
    batch: Callable[[], Iterable[str]] = tuple  # names that will be needed soon
    rest: Callable[[], Iterable[str]] = tuple  # names that may be needed later: included as long as that costs nothing


class SharedResults:
    """The results of one query for one or many objects, an entry for each by the object's name."""

    def __init__(self, account: str, query: str, *, clock: Clock, ttl: float, persistent: PersistentCache) -> None:
        self._account = RunFiles(account)
        self._files = RunFiles(account, query)
        self._query = query
        self._clock = clock
        self._ttl = ttl
        self._persistent = persistent
        self._failures = SharedFailures(self._files, "failure", clock, ttl)
        # Refused credentials concern all queries of the account.
        self._refusals = SharedFailures(self._account, "refused", clock, ttl)

    def get(
        self, names: Sequence[str], send: SendRequest, *, newer_than: float = 0.0, hints: Optional[BatchHints] = None
    ) -> Found:
        """Returns an entry for each name; those that are not cached are requested in one call of ``send``.

        That call also includes the names that other processes wait for with the same query, and those of ``hints``.
        Raises what ``send`` raises.
        """
        names = list(dict.fromkeys(names))
        if self._ttl <= 0:
            return dict(send(names))
        began = self._clock.now()
        found = self._known(names, newer_than)
        missing = [name for name in names if name not in found]
        if not missing:
            return found
        self._files.append("waiting", missing)
        with self._files.locked("lock"):
            found.update(self._known(missing, newer_than))
            found.update(self._stored([name for name in missing if name not in found], newer_than))
            missing = [name for name in missing if name not in found]
            if missing:
                self._refusals.check(began, newer_than=newer_than)
                self._failures.check(began, missing, newer_than)
                requested = self._requested(missing, hints, send)
                found.update({name: requested[name] for name in missing})
        return found

    def _known(self, names: Iterable[str], newer_than: float = 0.0) -> dict[str, Entry]:
        now = self._clock.now()
        entries = {name: reader.entry(self._files.path, name, self._ttl, now, newer_than) for name in names}
        return {name: entry for name, entry in entries.items() if entry is not None}

    def _stored(self, names: Sequence[str], newer_than: float) -> dict[str, Entry]:
        """Copies the results of earlier runs or other controllers to the files of this run, and returns them."""
        stored = self._persistent.get(self._query) if names else None
        if not stored:
            return {}
        now = self._clock.now()
        good = {name: entry for name, entry in stored.items() if reader.good(entry, self._ttl, now, newer_than)}
        known = self._known(good)
        self._write({name: entry for name, entry in good.items() if name not in known})
        return {name: good[name] for name in names if name in good}

    def _with(self, missing: Sequence[str], hints: Optional[BatchHints]) -> list[str]:
        """The names to include in the request besides those that are missing."""
        lines = self._files.pop_lines("waiting")
        waiting = [name for line in lines if isinstance(line, list) for name in line if isinstance(name, str)]
        if hints is None:
            return []
        requested = dict.fromkeys(missing)
        most = hints.most()

        def unknown(names: Iterable[str]) -> Iterator[str]:
            return (name for name in names if name not in requested and not self._known([name]))

        for name in chain(unknown(waiting), unknown(hints.batch())):
            if len(requested) >= most:
                break
            requested[name] = None
        for name in unknown(hints.rest()):
            if len(requested) >= most or len(requested) % hints.step == 0:
                break
            requested[name] = None
        return list(requested)[len(missing) :]

    def _requested(self, missing: list[str], hints: Optional[BatchHints], send: SendRequest) -> Mapping[str, Entry]:
        requested = missing
        try:
            if hints is not None:
                # The wait comes first, so that processes that come during it are included.
                hints.turn(len(missing))
            others = self._with(missing, hints)
            requested = [*missing, *others]
            try:
                found = send(requested)
            except ApiError as error:
                if not others or error.status not in _ABOUT_ONE or isinstance(error, AuthenticationError):
                    raise
                # An object of another host must not fail this one.
                requested = missing
                found = send(missing)
        except CatchpointError as error:
            self._failures.keep(error, requested)
            if isinstance(error, AuthenticationError):
                self._refusals.keep(error)
            raise
        self._write(found)
        self._keep(found)
        return found

    def _write(self, entries: Mapping[str, Entry]) -> None:
        for name, entry in entries.items():
            self._files.write(f"{name}.json", entry)

    def _keep(self, found: Mapping[str, Entry]) -> None:
        now = self._clock.now()
        stored = self._persistent.get(self._query) or {}
        good = {name: entry for name, entry in stored.items() if reader.good(entry, self._ttl, now)}
        self._persistent.put(self._query, {**good, **{name: one for name, one in found.items() if "result" in one}})
