# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The client of the plugins on the controller; it shares results, token and rate limiter with the whole run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable, Optional, Protocol

from ansible import constants
from ansible.utils.display import Display
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.factory import open_client
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import DataQuery, from_options
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock, SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._http import rate_limit
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.session import Session
from ansible_collections.community.catchpoint.plugins.module_utils._operations import guards
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import (
    asked_ids,
    test_data,
    unknown_tests,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean
from ansible_collections.community.catchpoint.plugins.module_utils._time import is_relative, iso, moment
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.failures import as_data, as_error
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles, user_files
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.persistent import (
    CachePlugin,
    NullCache,
    PersistentCache,
)
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.rate_limiter import SharedRateLimiter
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.shared import SharedMemo, SharedToken
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.single_flight import (
    BatchHints,
    Entry,
    SharedResults,
)

# Runs may reach the service some minutes late, so only windows that ended earlier than that are final.
SETTLED = 300.0

# At most this many extra requests at once may be made to fill the cache for other hosts.
_MOST_FOR_OTHERS = 50

_WHOLE = "whole"

display = Display()


class Fleet(Protocol):
    """The tests of the play's hosts."""

    def batch(self) -> Iterable[int]:
        """Those of the hosts in the current batch."""

    def rest(self) -> Iterable[int]:
        """Those of the hosts in later batches."""


def announce(text: str) -> None:
    """Announces a wait at once, on stderr, because programs may read stdout."""
    color: str = constants.COLOR_WARN  # type: ignore[attr-defined]
    display.display(f"community.catchpoint: {clean(text)}", color=color, stderr=True)


class RunClient:
    """One account's view of the service, on the controller. The constructor sends no request.

    ``client`` and ``session`` come from ``open_client``, with token, rate limiter and memory shared by the run. Every
    method raises CatchpointError.
    """

    client: Client
    session: Session

    def __init__(
        self,
        options: Mapping[str, Any],
        *,
        warn: Callable[[str], None],
        announce: Callable[[str], None] = announce,
        clock: Optional[Clock] = None,
        check_mode: bool = False,
    ) -> None:
        """``options`` are the connection options and those of the query, if any. Raises OptionError."""
        checked = connection(options)
        self._options = options
        self._clock: Clock = clock or SystemClock()
        self._ttl = checked.cache_ttl
        self._ids_per_request = checked.ids_per_request
        self._account = reader.account(options)
        self._persistent: PersistentCache = CachePlugin(options, warn) if options.get("cache") else NullCache()
        files = RunFiles(self._account)
        self._limiter = SharedRateLimiter(
            user_files(reader.digest(checked.base_url)),
            files,
            rate_limit.parse(checked.rate_limits),
            clock=self._clock,
            announce=announce,
            warn=warn,
            workers=constants.DEFAULT_FORKS,  # type: ignore[attr-defined]
        )
        self.client, self.session = open_client(
            options,
            warn=warn,
            clock=self._clock,
            memory=SharedMemo(files, self._persistent, self._clock, self._ttl),
            tokens=SharedToken(files, self._clock, self._ttl),
            limiter=self._limiter,
            check_mode=check_mode,
        )

    def result(
        self, name: str, operation: Operation, fleet: Optional[Fleet] = None, *, newer_than: float = 0.0
    ) -> dict[str, Any]:
        """Returns the result of the module's operation with the options, from the run's cache or from the service.

        Results that were requested at ``newer_than`` or before are not used. A key ``warnings`` has texts for the user.
        """
        options = self._options
        if operation.writes:
            return operation.run(self.client, options)
        by_id = operation.by_id
        if by_id is not None and by_id.test_data:
            results = self.test_data(asked_ids(options), fleet, newer_than=newer_than)
            return {"tests": results, "warnings": guards.check(results, options)}
        own = {option: options[option] for option in operation.arguments}
        if by_id is None or own[by_id.option] is None:
            query = self._query(reader.digest([name, own]))
            entries = query.get([_WHOLE], lambda _names: self._whole(operation), newer_than=newer_than)
            result: dict[str, Any] = _answered(entries[_WHOLE])
            return result
        option, key, member = by_id.option, by_id.key, by_id.member
        query = self._query(reader.digest([name, {**own, option: None}]))
        ids = list(dict.fromkeys(str(one) for one in own[option]))

        def send(names: list[str]) -> dict[str, Entry]:
            requested_at = self._clock.now()
            self._limiter.expect(self._requests(len(names)))
            found = operation.run(self.client, {**options, option: [int(one) for one in names]})[key]
            return {str(one[member]): {"requested_at": requested_at, "live": True, "result": one} for one in found}

        entries = query.get(ids, send, newer_than=newer_than, hints=self._hints())
        return {key: [_answered(entries[one]) for one in ids]}

    def test_data(
        self, ids: Sequence[int], fleet: Optional[Fleet] = None, *, newer_than: float = 0.0
    ) -> list[dict[str, Any]]:
        """One test's data for each id. ``fleet`` names ids that other hosts will request with the same options.

        Raises NotFoundError for an id that the service does not know.
        """
        query = self._query(reader.data_query(self._options))
        names = [str(one) for one in ids]
        hints = self._hints(fleet)
        entries = query.get(names, self._test_data, newer_than=newer_than, hints=hints)
        now = self._clock.now()
        max_age = self._options.get("max_age")
        old = [name for name in dict.fromkeys(names) if reader.outdated(entries[name], max_age, now)]
        if old:
            newest = max(entries[name]["requested_at"] for name in old)
            entries.update(query.get(old, self._test_data, newer_than=newest, hints=hints))
            now = self._clock.now()
        unknown = [(int(name), as_error(entries[name]["error"])) for name in names if "error" in entries[name]]
        if unknown:
            raise unknown_tests(unknown)
        return [reader.aged(entries[name], now) for name in names]

    def _test_data(self, names: list[str]) -> dict[str, Entry]:
        requested_at = self._clock.now()
        self._limiter.expect(self._requests(len(names)))
        found = test_data(self.client, [int(name) for name in names], from_options(DataQuery, self._options))
        settled = iso(requested_at - SETTLED)
        moving = is_relative(self._options.get("end") or "now")
        entries: dict[str, Entry] = {
            str(test_id): {
                "requested_at": requested_at,
                "live": moving or result["window"]["end"] > settled,
                "result": result,
            }
            for test_id, result in found.results.items()
        }
        for test_id, error in found.unknown.items():
            entries[str(test_id)] = {"requested_at": requested_at, "live": True, "error": as_data(error)}
        return entries

    def _whole(self, operation: Operation) -> dict[str, Entry]:
        requested_at = self._clock.now()
        end, zone = self._options.get("end") or "now", self._options.get("tz") or None
        found = operation.run(self.client, self._options)
        live = is_relative(end) or moment(end, "end", now=requested_at, zone=zone) > requested_at - SETTLED
        return {_WHOLE: {"requested_at": requested_at, "live": live, "result": found}}

    def _query(self, name: str) -> SharedResults:
        return SharedResults(self._account, name, clock=self._clock, ttl=self._ttl, persistent=self._persistent)

    def _requests(self, count: int) -> int:
        """The least number of requests that ``count`` objects cost."""
        return -(-count // self._ids_per_request)

    def _hints(self, fleet: Optional[Fleet] = None) -> BatchHints:
        hints = BatchHints(
            most=lambda: self._ids_per_request * self._limiter.room(_MOST_FOR_OTHERS),
            turn=lambda count: self._limiter.turn(self._requests(count), self.session.policy.turns),
            step=self._ids_per_request,
        )
        if fleet is None:
            return hints
        batch, rest = fleet.batch, fleet.rest
        return hints._replace(batch=lambda: map(str, batch()), rest=lambda: map(str, rest()))


def _answered(entry: Entry) -> Any:
    if "error" in entry:
        raise as_error(entry["error"])
    return entry["result"]
