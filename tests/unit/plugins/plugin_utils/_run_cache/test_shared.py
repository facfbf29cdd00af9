# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that a run shares until it ends: the token, enumerations, and their errors."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils import _errors
from ansible_collections.community.catchpoint.plugins.module_utils._clock import SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._http.auth import Token
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.persistent import NullCache
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.shared import SharedMemo, SharedToken
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race

LATER = 2e9
DOWN = _errors.ApiError("The service failed.", status=503)


class Counter:
    """Counts calls in a file, because several processes make them."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "calls.txt"

    def __call__(self, _names: Any = None) -> None:
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, b"x\n")
        os.close(handle)

    @property
    def calls(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []


# Tokens


def test_20_workers_obtain_one_token(tmp_path: Path) -> None:
    counter = Counter(tmp_path)

    def obtain(number: int) -> str:
        def request() -> Token:
            counter([str(number)])
            return Token(f"token {number}", LATER, False)

        return SharedToken(RunFiles("account"), SystemClock()).obtain(request).text

    assert len(set(race(20, obtain))) == 1
    assert len(counter.calls) == 1


def test_20_workers_renew_a_refused_token_once(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    old = SharedToken(RunFiles("account"), SystemClock()).obtain(lambda: Token("old", LATER, True))

    def renew(number: int) -> list[Any]:
        def request() -> Token:
            counter([str(number)])
            return Token("new", LATER, True)

        return list(asdict(SharedToken(RunFiles("account"), SystemClock()).obtain(request, refused=old)).values())

    assert race(20, renew) == [["new", LATER, True]] * 20
    assert len(counter.calls) == 1


def test_a_failed_login_leaves_the_token_unchanged(clock: FakeClock) -> None:
    tokens = SharedToken(RunFiles("account"), clock)

    def fail() -> Token:
        raise _errors.TransportError("no")

    with pytest.raises(_errors.TransportError):
        tokens.obtain(fail)
    clock.time += 1
    old = tokens.obtain(lambda: Token("old", LATER, False))
    with pytest.raises(_errors.TransportError):
        tokens.obtain(fail, refused=old)
    assert tokens.obtain(fail) == old


# Responses that do not change during a run


def test_20_workers_request_an_enumeration_once(tmp_path: Path) -> None:
    counter = Counter(tmp_path)

    def recall(number: int) -> Any:
        def request() -> Any:
            counter([str(number)])
            return {"some": ["data", None]}

        return SharedMemo(RunFiles("account"), NullCache(), SystemClock()).recall("enumeration", request)

    assert race(20, recall) == [{"some": ["data", None]}] * 20
    assert len(counter.calls) == 1


def test_an_empty_enumeration_is_cached() -> None:
    memory = SharedMemo(RunFiles("account"), NullCache(), SystemClock())
    assert memory.recall("a", lambda: None) is None
    assert memory.recall("a", lambda: 1) is None
    assert memory.recall("b", lambda: 1) == 1


# Failures

Obtain = Callable[[Callable[[], Any]], Any]


@pytest.fixture(params=["token", "memo"])
def obtain(request: pytest.FixtureRequest, clock: FakeClock) -> Obtain:
    if request.param == "token":
        return lambda login: SharedToken(RunFiles("account"), clock).obtain(login)
    return lambda query: SharedMemo(RunFiles("account"), NullCache(), clock).recall("enumeration", query)


def failing(counter: Counter, error: Exception) -> Callable[[], Any]:
    def request() -> Any:
        counter()
        raise error

    return request


def test_a_service_that_is_down_costs_one_retry_budget(obtain: Obtain, tmp_path: Path, clock: FakeClock) -> None:
    """12 hosts with a budget of 8 s each took 76 s."""
    counter = Counter(tmp_path)

    def request() -> Any:
        clock.time += 8
        return failing(counter, DOWN)()

    for _host in range(12):
        with pytest.raises(_errors.ApiError, match="The service failed"):
            obtain(request)
        clock.time += 0.1
    assert len(counter.calls) == 1
    clock.time += 10
    with pytest.raises(_errors.ApiError):
        obtain(request)
    assert len(counter.calls) == 2


def test_waiting_workers_receive_any_failure(obtain: Obtain, tmp_path: Path, clock: FakeClock) -> None:
    counter = Counter(tmp_path)
    began = clock.time
    with pytest.raises(_errors.ResponseError):
        obtain(failing(counter, _errors.ResponseError("not understood")))
    clock.time = began  # a process that has waited since the start
    with pytest.raises(_errors.ResponseError):
        obtain(failing(counter, DOWN))
    clock.time += 1
    with pytest.raises(_errors.ApiError):
        obtain(failing(counter, DOWN))
    assert len(counter.calls) == 2


def test_a_rate_limit_of_a_minute_fails_one_worker_only(obtain: Obtain, tmp_path: Path, clock: FakeClock) -> None:
    counter = Counter(tmp_path)
    for _host in range(3):
        with pytest.raises(_errors.RateLimitError):
            obtain(failing(counter, _errors.RateLimitError("used up", retry_at=clock.time + 60)))
    assert len(counter.calls) == 3


# Files


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", "null", "5", "{}", '{"text": 5, "expires_at": 1, "encoded": true}', '{"text": "x"}']
)
def test_a_damaged_token_is_absent(damaged: str) -> None:
    tokens = SharedToken(RunFiles("account"), SystemClock())
    tokens.obtain(lambda: Token("first", LATER, False))
    (Path(RunFiles("account").path) / "token.json").write_text(damaged)
    assert tokens.obtain(lambda: Token("second", LATER, False)).text == "second"


@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", "5", "{}", '"value"'])
def test_a_damaged_enumeration_is_absent(damaged: str) -> None:
    memo = SharedMemo(RunFiles("account"), NullCache(), SystemClock())
    memo.recall("enumeration", lambda: 1)
    (path,) = Path(RunFiles("account").path).glob("*.json")
    path.write_text(damaged)
    assert memo.recall("enumeration", lambda: 2) == 2
