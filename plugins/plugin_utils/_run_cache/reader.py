# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what this run of Ansible has cached.

Every worker process imports and compiles this file again, because Ansible loads collections without bytecode files. So
it is short and imports little; code that is needed only for requests is in other files.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Optional

from ansible import constants

# The options that distinguish accounts at an endpoint, and the ways to reach it.
_ACCOUNT = ("api_key", "client_id", "client_secret", "proxy", "ca_path", "validate_certs")

# The options that distinguish queries for the data of tests, besides the tests.
_DATA = ("start", "end", "tz", "interval", "breakdown", "include_runs")

# Files that could not be written, for the rest of this process.
unwritten: dict[str, bytes] = {}

# Results that this process has read, with the state of their files: one template may use the same many times.
_known: dict[str, tuple[Any, dict[str, Any]]] = {}
_MOST_KNOWN = 100


def place() -> str:
    """Returns the folder of this run of Ansible: 0700, the same in all its processes, removed at its end."""
    return os.path.join(constants.DEFAULT_LOCAL_TMP, "catchpoint")  # type: ignore[attr-defined]


def account(options: Mapping[str, Any]) -> str:
    """Returns the name of the folder for one account. It depends on all credentials, and does not reveal them."""
    version = options.get("api_version") or ("v2" if options.get("api_key") else "v1")
    base_url = str(options.get("base_url") or "").rstrip("/")
    return digest([base_url, version, *(options.get(name) or None for name in _ACCOUNT)])


def data_query(options: Mapping[str, Any]) -> str:
    """Returns the name of a query for the data of tests."""
    metrics = [str(metric) for metric in options.get("metrics") or []]
    return digest(["test data", metrics, *(options.get(name) for name in _DATA)])


def digest(value: Any) -> str:
    return sha256(json.dumps(value, default=str).encode()).hexdigest()


def read(path: str) -> Optional[bytes]:
    """Returns the content of a file; None if it does not exist."""
    if path in unwritten:
        return unwritten[path]
    try:
        # Unbuffered: most of these files are small, and there are many.
        with open(path, "rb", 0) as file:
            return file.read()
    except OSError:
        return None


def entry(folder: str, name: Any, ttl: float, now: float, newer_than: float = 0.0) -> Optional[dict[str, Any]]:
    """Returns a valid cached result: a dict with ``requested_at``, ``live``, and either ``result`` or ``error``.

    A result about the past is valid for the whole run, any other (``live``) for ``ttl`` seconds after the request. No
    result is valid if ``ttl`` is 0, or if it was requested at ``newer_than`` or before. Callers must not mutate it.
    """
    found = _stored(f"{folder}/{name}.json") if ttl > 0 else None
    return found if found is not None and good(found, ttl, now, newer_than) else None


def _stored(path: str) -> Optional[dict[str, Any]]:
    """Returns the entry of a file, which each process reads once: files are replaced, not changed, and seldom."""
    try:
        status = os.stat(path)
        state = (status.st_ino, status.st_mtime_ns, status.st_size)
    except OSError:
        state = None
    known = _known.get(path)
    if known is not None and known[0] == state and path not in unwritten:
        return known[1]
    text = read(path)
    try:
        found: Optional[dict[str, Any]] = None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not _is_entry(found):
        return None
    if found is not None and state is not None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[path] = (state, found)
    return found


def _is_entry(found: Any) -> bool:
    """Whether this is an intact entry."""
    return (
        isinstance(found, dict)
        and isinstance(found.get("requested_at"), (int, float))
        and isinstance(found.get("live"), bool)
        and ("result" in found or isinstance(found.get("error"), dict))
    )


def good(found: Mapping[str, Any], ttl: float, now: float, newer_than: float = 0.0) -> bool:
    return found["requested_at"] > newer_than and (not found["live"] or -1 < now - found["requested_at"] < ttl)


def data_folder(options: Mapping[str, Any]) -> str:
    """Returns the folder with the cached data of tests for a query."""
    return os.path.join(place(), account(options), data_query(options))


def test_data(folder: str, options: Mapping[str, Any], ids: Iterable[int]) -> Optional[list[dict[str, Any]]]:
    """Returns the data of all these tests as of now; None if one of them is not cached, or no longer valid."""
    now = time.time()
    results = []
    for test_id in ids:
        found = entry(folder, test_id, options["cache_ttl"], now)
        if found is None or "result" not in found or outdated(found, options.get("max_age"), now):
            return None
        results.append(aged(found, now))
    return results


def aged(found: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Returns a cached result for a test, with ages as of now."""
    seconds = max(0, int(now - found["requested_at"]))
    result = _older(found["result"], seconds)
    if "by_location" in result:
        result["by_location"] = {place: _older(one, seconds) for place, one in result["by_location"].items()}
    return result


def _older(summary: Mapping[str, Any], seconds: int) -> dict[str, Any]:
    age = summary.get("age_seconds")
    return dict(summary) if age is None else {**summary, "age_seconds": age + seconds}


def outdated(found: Mapping[str, Any], max_age: Optional[float], now: float) -> bool:
    """Whether data are older than ``max_age`` only because they were cached, so that a new request is useful."""
    age = found.get("result", {}).get("age_seconds")
    if max_age is None or age is None or not found["live"]:
        return False
    return bool(age <= max_age < age + int(now - found["requested_at"]))
