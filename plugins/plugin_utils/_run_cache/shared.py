# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What the processes of one run of Ansible share: a token, enumerations, answers.

One asks, the others wait for its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any, Callable, NamedTuple, Optional, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils import _errors
from ansible_collections.community.catchpoint.plugins.module_utils._clock import Clock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
    RateLimitError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import Token
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles

# Credentials that were refused are not tried again for so many seconds: a thousand hosts share them.
_REFUSED_SECONDS = 10.0

# Statuses that may be about one of the objects asked for, and not about all of them.
_ABOUT_ONE = (200, 400, 404)

# An answer to a question: ``asked_at``, ``live`` (not about the past alone), and ``answer`` or ``error``.
Entry = dict[str, Any]
Found = dict[str, Entry]
Ask = Callable[[list[str]], Mapping[str, Entry]]


class BatchHints(NamedTuple):
    """Whom else to ask for when something has to be asked."""

    most: Callable[[], int]  # so many names in all, those that have to be asked for among them
    turn: Callable[[int], None] = lambda _count: None  # waits until so many names may be asked for
    step: int = 1  # so many names cost as much as one
    batch: Callable[[], Iterable[str]] = tuple  # who will be wanted soon
    rest: Callable[[], Iterable[str]] = tuple  # who may be wanted later: asked for as long as that costs nothing


class PersistentCache(Protocol):
    """Keeps answers for longer than a run; everything by the name of a question."""

    def get(self, question: str) -> Optional[dict[str, Any]]:
        """What is known, or None."""

    def put(self, question: str, value: dict[str, Any]) -> None:
        """Keeps an answer."""


class NullCache:
    """Keeps nothing."""

    def get(self, question: str) -> Optional[dict[str, Any]]:
        return None

    def put(self, question: str, value: dict[str, Any]) -> None:
        return


class SharedToken:
    """The token store of a run; see TokenStore."""

    def __init__(self, files: RunFiles) -> None:
        self._files = files

    def obtain(self, ask: Callable[[], Token], refused: Optional[Token] = None) -> Token:
        known = self._known()
        if known is not None and known != refused:
            return known
        with self._files.locked("token.lock"):
            known = self._known()
            if known is not None and known != refused:
                return known
            token = ask()
            self._files.write("token.json", asdict(token))
            return token

    def _known(self) -> Optional[Token]:
        found = self._files.read("token.json")
        return None if found is None else Token(**found)


class SharedMemo:
    """Answers that stay true for the whole run; see Memory."""

    def __init__(self, files: RunFiles, persistent: PersistentCache) -> None:
        self._files = files
        self._persistent = persistent

    def recall(self, question: str, ask: Callable[[], Any]) -> Any:
        name = reader.digest(["memory", question])
        found = self._files.read(f"{name}.json")
        if found is None:
            with self._files.locked(f"{name}.lock"):
                found = self._files.read(f"{name}.json") or self._persistent.get(name)
                if found is None:
                    found = {"value": ask()}
                    self._persistent.put(name, found)
                self._files.write(f"{name}.json", found)
        return found["value"]


class Answers:
    """Answers to one question about one or many objects, an entry for each by the object's name."""

    def __init__(self, account: str, question: str, *, clock: Clock, ttl: float, persistent: PersistentCache) -> None:
        self._account = RunFiles(account)
        self._files = RunFiles(account, question)
        self._question = question
        self._clock = clock
        self._ttl = ttl
        self._persistent = persistent

    def get(
        self, names: Sequence[str], ask: Ask, *, newer_than: float = 0.0, company: Optional[BatchHints] = None
    ) -> Found:
        """An entry for each name; those that are not known are asked for, all in one call of ``ask``.

        Others who wait with the same question have their names asked for in the same call, and so have those whom
        ``company`` names. Raises what ``ask`` raises.
        """
        names = list(dict.fromkeys(names))
        if self._ttl <= 0:
            return dict(ask(names))
        began = self._clock.now()
        found = self._known(names, newer_than)
        missing = [name for name in names if name not in found]
        if not missing:
            return found
        self._files.append("wanted", missing)
        with self._files.locked("lock"):
            found.update(self._known(missing, newer_than))
            found.update(self._kept([name for name in missing if name not in found], newer_than))
            missing = [name for name in missing if name not in found]
            if missing:
                self._share_failure(missing, began)
                asked = self._asked(missing, company, ask)
                found.update({name: asked[name] for name in missing})
        return found

    def _known(self, names: Iterable[str], newer_than: float = 0.0) -> dict[str, Entry]:
        now = self._clock.now()
        entries = {name: reader.entry(self._files.path, name, self._ttl, now, newer_than) for name in names}
        return {name: entry for name, entry in entries.items() if entry is not None}

    def _kept(self, names: Sequence[str], newer_than: float) -> dict[str, Entry]:
        """What an earlier run, or another controller, found out; this run gets to know all of it at once."""
        kept = self._persistent.get(self._question) if names else None
        if not kept:
            return {}
        now = self._clock.now()
        good = {name: entry for name, entry in kept.items() if reader.good(entry, self._ttl, now, newer_than)}
        known = self._known(good)
        self._write({name: entry for name, entry in good.items() if name not in known})
        return {name: good[name] for name in names if name in good}

    def _with(self, missing: Sequence[str], company: Optional[BatchHints]) -> list[str]:
        """Who else is to be asked for on the way."""
        wanted = [name for line in self._files.pop_lines("wanted") for name in line]
        if company is None:
            return []
        asked = dict.fromkeys(missing)
        most = company.most()

        def unknown(names: Iterable[str]) -> Iterator[str]:
            return (name for name in names if name not in asked and not self._known([name]))

        for name in chain(unknown(wanted), unknown(company.batch())):
            if len(asked) >= most:
                break
            asked[name] = None
        for name in unknown(company.rest()):
            if len(asked) >= most or len(asked) % company.step == 0:
                break
            asked[name] = None
        return list(asked)[len(missing) :]

    def _asked(self, missing: list[str], company: Optional[BatchHints], ask: Ask) -> Mapping[str, Entry]:
        self._share_refusal(self._clock.now())
        asked = missing
        try:
            if company is not None:
                # First the wait, and then the question who else is waiting.
                company.turn(len(missing))
            others = self._with(missing, company)
            asked = [*missing, *others]
            try:
                found = ask(asked)
            except ApiError as error:
                if not others or error.status not in _ABOUT_ONE or isinstance(error, AuthenticationError):
                    raise
                # Nobody is to suffer from what is wrong with another's object.
                asked = missing
                found = ask(missing)
        except CatchpointError as error:
            self._keep_failure(asked, error)
            raise
        self._write(found)
        self._keep(found)
        return found

    def _write(self, entries: Mapping[str, Entry]) -> None:
        for name, entry in entries.items():
            self._files.write(f"{name}.json", entry)

    def _keep(self, found: Mapping[str, Entry]) -> None:
        now = self._clock.now()
        kept = self._persistent.get(self._question) or {}
        good = {name: entry for name, entry in kept.items() if reader.good(entry, self._ttl, now)}
        self._persistent.put(self._question, {**good, **{name: one for name, one in found.items() if "answer" in one}})

    # Failures

    def _keep_failure(self, asked: Sequence[str], error: CatchpointError) -> None:
        if isinstance(error, RateLimitError) and not error.status:
            # Not the service's word: others may be willing to wait for longer.
            return
        told = {"until": self._clock.now(), "names": list(asked), "error": as_data(error)}
        self._files.write("failure.json", told)
        if isinstance(error, AuthenticationError):
            self._account.write("refused.json", told)

    def _share_failure(self, missing: Sequence[str], began: float) -> None:
        """Whoever waited while somebody asked for the same got the same answer, also when it is an error."""
        failure = self._files.read("failure.json")
        if failure is not None and failure["until"] >= began and set(missing) <= set(failure["names"]):
            raise as_error(failure["error"])

    def _share_refusal(self, now: float) -> None:
        refusal = self._account.read("refused.json")
        if refusal is not None and 0 <= now - refusal["until"] < min(self._ttl, _REFUSED_SECONDS):
            raise as_error(refusal["error"])


def as_data(error: CatchpointError) -> dict[str, Any]:
    """An error as plain data, for those who wait in other processes."""
    data: dict[str, Any] = {"kind": type(error).__name__, "text": str(error)}
    if isinstance(error, ApiError):
        data.update(status=error.status, api_text=error.api_text, trace_id=error.trace_id)
    if isinstance(error, RateLimitError):
        data.update(retry_at=error.retry_at)
    return data


def as_error(data: Mapping[str, Any]) -> CatchpointError:
    """The error that ``as_data`` took down."""
    kind = getattr(_errors, data["kind"], CatchpointError)
    members = {name: value for name, value in data.items() if name not in ("kind", "text")}
    if issubclass(kind, ApiError):
        return kind(data["text"], **members)
    if kind is not _errors.MissingLibraryError and issubclass(kind, CatchpointError):
        error: CatchpointError = kind(data["text"])
        return error
    return CatchpointError(data["text"])
