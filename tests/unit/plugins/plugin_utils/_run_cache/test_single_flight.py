# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One process makes a request, the others wait for its results and for its errors."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils import _errors
from ansible_collections.community.catchpoint.plugins.module_utils._clock import SystemClock
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.failures import as_data, as_error
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.persistent import NullCache
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.single_flight import (
    BatchHints,
    Entry,
    SharedResults,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race, running_worker

LATER = 2e9


class CountingService:
    """A service that records its calls in a file, because several processes call it."""

    def __init__(self, folder: Path, clock: Any = None) -> None:
        self._file = folder / "calls.txt"
        self._clock = clock or SystemClock()
        self.error: Exception | None = None
        self.live = True

    def __call__(self, names: Sequence[str]) -> Mapping[str, Entry]:
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, f"{' '.join(names)}\n".encode())
        os.close(handle)
        if self.error is not None:
            raise self.error
        now = self._clock.now()
        return {name: {"requested_at": now, "live": self.live, "result": f"result {name}"} for name in names}

    @property
    def calls(self) -> list[list[str]]:
        return [line.split() for line in self._file.read_text().splitlines()] if self._file.exists() else []


@pytest.fixture
def service(tmp_path: Path, clock: FakeClock) -> CountingService:
    return CountingService(tmp_path, clock)


@pytest.fixture
def results(clock: FakeClock) -> Callable[..., SharedResults]:
    def make(account: str = "account", query: str = "query", ttl: float = 60.0, clock: Any = clock) -> SharedResults:
        return SharedResults(account, query, clock=clock, ttl=ttl, persistent=NullCache())

    return make


def values(found: Mapping[str, Entry]) -> dict[str, Any]:
    return {name: entry["result"] for name, entry in found.items()}


@pytest.mark.usefixtures("still_clock")
def test_20_workers_share_one_request_for_one_key(tmp_path: Path, results: Any) -> None:
    service = CountingService(tmp_path)
    found = race(20, lambda _number: values(results(clock=SystemClock()).get(["7"], service)))
    assert found == [{"7": "result 7"}] * 20
    assert service.calls == [["7"]]


def test_keys_of_waiting_workers_are_included(service: CountingService, results: Any) -> None:
    # A worker writes its keys to this file before it waits for its turn.
    RunFiles("account", "query").append("waiting", ["2", "3"])
    assert values(results().get(["1"], service, hints=BatchHints(most=lambda: 100))) == {"1": "result 1"}
    assert service.calls == [["1", "2", "3"]]


@pytest.mark.usefixtures("still_clock")
def test_20_workers_with_20_keys_request_each_once(tmp_path: Path, results: Any) -> None:
    service = CountingService(tmp_path)
    hints = BatchHints(most=lambda: 100)

    def get(number: int) -> dict[str, Any]:
        return values(results(clock=SystemClock()).get([str(number)], service, hints=hints))

    assert race(20, get) == [{str(number): f"result {number}"} for number in range(20)]
    names = [name for call in service.calls for name in call]
    assert sorted(names, key=int) == [str(number) for number in range(20)]


@pytest.mark.usefixtures("still_clock")
def test_a_killed_worker_does_not_block_other_workers(tmp_path: Path, results: Any) -> None:
    service = CountingService(tmp_path)

    def hang(here: Callable[[], None]) -> None:
        def send(_names: Sequence[str]) -> Any:
            here()
            os.read(os.pipe()[0], 1)

        results(clock=SystemClock()).get(["1"], send)

    with running_worker(hang) as kill:
        kill()
        assert (
            race(3, lambda _number: values(results(clock=SystemClock()).get(["1"], service))) == [{"1": "result 1"}] * 3
        )
    assert service.calls == [["1"]]


def test_only_missing_keys_are_requested(results: Any, service: CountingService) -> None:
    results().get(["1"], service)
    assert values(results().get(["2", "1", "2"], service)) == {"1": "result 1", "2": "result 2"}
    assert service.calls == [["1"], ["2"]]


def test_a_live_result_expires_after_its_ttl(results: Any, service: CountingService, clock: FakeClock) -> None:
    results().get(["1"], service)
    clock.time += 59
    results().get(["1"], service)
    assert len(service.calls) == 1
    results(ttl=30.0).get(["1"], service)
    assert len(service.calls) == 2
    clock.time += 61
    results().get(["1"], service)
    assert len(service.calls) == 3


def test_a_newer_result_of_another_worker_is_used(results: Any, service: CountingService, run_folder: Path) -> None:
    entry = results().get(["1"], service)["1"]
    path = next(run_folder.rglob("1.json"))
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({**entry, "result": "newer"}), encoding="utf-8")
    draft.replace(path)
    assert results().get(["1"], service)["1"]["result"] == "newer"
    assert len(service.calls) == 1


def test_a_result_about_the_past_does_not_expire(results: Any, service: CountingService, clock: FakeClock) -> None:
    service.live = False
    results().get(["1"], service)
    clock.time += 86400
    results(ttl=1.0).get(["1"], service)
    assert len(service.calls) == 1


def test_results_expire_when_the_clock_is_set_back(results: Any, service: CountingService, clock: FakeClock) -> None:
    results().get(["1"], service)
    clock.time -= 3600
    results().get(["1"], service)
    assert len(service.calls) == 2


def test_ttl_0_disables_the_cache(results: Any, service: CountingService, run_folder: Path) -> None:
    for _time in range(2):
        results(ttl=0.0).get(["1", "2"], service)
    assert service.calls == [["1", "2"]] * 2
    assert list(run_folder.iterdir()) == []


def test_accounts_and_queries_have_separate_results(results: Any, service: CountingService) -> None:
    for account, query in (("a", "x"), ("a", "y"), ("b", "x")):
        results(account, query).get(["1"], service)
    assert len(service.calls) == 3


def test_newer_than_requests_the_result_again(results: Any, service: CountingService, clock: FakeClock) -> None:
    first = results().get(["1"], service)["1"]
    clock.time += 5
    assert results().get(["1"], service, newer_than=first["requested_at"])["1"]["requested_at"] == clock.time
    assert len(service.calls) == 2


def hints_of(most: int, step: int, batch: Sequence[str] = (), rest: Sequence[str] = ()) -> BatchHints:
    return BatchHints(most=lambda: most, step=step, batch=lambda: batch, rest=lambda: rest)


def test_keys_that_arrive_during_a_rate_limit_wait_are_included(results: Any, service: CountingService) -> None:
    def turn(count: int) -> None:
        assert count == 1
        RunFiles("account", "query").append("waiting", ["8", "9"])

    results().get(["1"], service, hints=BatchHints(most=lambda: 9, turn=turn))
    assert service.calls == [["1", "8", "9"]]


def test_a_rate_limit_of_an_hour_fails_all_waiting_workers(
    results: Any, service: CountingService, clock: FakeClock
) -> None:
    def turn(_count: int) -> None:
        raise _errors.RateLimitError("too many", retry_at=clock.time + 3600)

    with pytest.raises(_errors.RateLimitError):
        results().get(["1"], service, hints=BatchHints(most=lambda: 9, turn=turn))
    assert RunFiles("account", "query").read("failure.json")["names"] == ["1"]
    assert service.calls == []


def test_a_rate_limit_of_a_minute_fails_one_worker_only(
    results: Any, service: CountingService, clock: FakeClock
) -> None:
    """The others have their own turns, so one failure must not fail every host."""
    service.error = _errors.RateLimitError("too many", retry_at=clock.time + 60)
    with pytest.raises(_errors.RateLimitError):
        results().get(["1"], service)
    assert RunFiles("account", "query").read("failure.json") is None


def test_an_exceeded_retry_budget_fails_one_worker_only(results: Any, service: CountingService) -> None:
    """A wait that exceeds one task's retry_budget may be within that of the next task."""

    def turn(_count: int) -> None:
        raise _errors.RateLimitError("longer than retry_budget lets a task wait", status=0)

    with pytest.raises(_errors.RateLimitError):
        results().get(["1"], service, hints=BatchHints(most=lambda: 9, turn=turn))
    assert RunFiles("account", "query").read("failure.json") is None


def test_all_tests_of_the_play_are_requested_together(results: Any, service: CountingService) -> None:
    hints = hints_of(100, 10, ["1", "2", "3"], [str(number) for number in range(4, 90)])
    results().get(["2"], service, hints=hints)
    # Other tests are added if they do not need a further request.
    assert service.calls == [["2", "1", "3", *(str(number) for number in range(4, 11))]]


def test_a_batch_that_fills_its_requests_adds_no_other_keys(results: Any, service: CountingService) -> None:
    batch = [str(number) for number in range(20)]
    results().get(["0"], service, hints=hints_of(100, 10, batch, ["x"]))
    assert service.calls == [batch]


def test_extra_keys_do_not_exceed_the_limit(results: Any, service: CountingService) -> None:
    batch = [str(number) for number in range(20)]
    results().get(["a", "b"], service, hints=hints_of(5, 5, batch))
    results().get(["c", "d"], service, hints=hints_of(0, 5, batch))
    assert service.calls == [["a", "b", "0", "1", "2"], ["c", "d"]]


def test_cached_keys_are_not_requested_again(results: Any, service: CountingService) -> None:
    results().get(["1", "3"], service)
    results().get(["0"], service, hints=hints_of(4, 4, ["1", "2", "3", "4"]))
    assert service.calls[1] == ["0", "2", "4"]


# Errors


def test_an_error_is_shared_with_waiting_workers(tmp_path: Path, results: Any) -> None:
    service = CountingService(tmp_path)
    service.error = _errors.ApiError("The service is down.", status=503, api_text="down", trace_id="0HN:1")

    def get(_number: int) -> str:
        with pytest.raises(_errors.ApiError) as caught:
            results(clock=SystemClock()).get(["1"], slow)
        return f"{caught.value} {caught.value.status} {caught.value.api_text} {caught.value.trace_id}"

    def slow(names: Sequence[str]) -> Any:
        # Wait until all other workers have written their keys.
        waiting = Path(RunFiles("account", "query").path) / "waiting-of-all"
        while len(waiting.read_text().split()) < 6 if waiting.exists() else True:
            os.sched_yield()
        return service(names)

    class Counting(RunFiles):
        def append(self, name: str, value: Any) -> None:
            super().append(name, value)
            super().append("waiting-of-all", "1")

    real = results

    def results(**given: Any) -> SharedResults:  # type: ignore[no-redef]
        made: SharedResults = real(**given)
        made._files = Counting("account", "query")
        return made

    assert race(6, get) == ["The service is down. 503 down 0HN:1"] * 6
    assert len(service.calls) == 1


def test_a_later_worker_repeats_the_request_after_an_error(
    results: Any, service: CountingService, clock: FakeClock
) -> None:
    service.error = _errors.TransportError("no")
    for _time in range(2):
        with pytest.raises(_errors.TransportError):
            results().get(["1"], service)
        clock.time += 0.1
    assert len(service.calls) == 2


def test_refused_credentials_are_tried_once(results: Any, service: CountingService, clock: FakeClock) -> None:
    service.error = _errors.AuthenticationError("Wrong key.", status=401)
    for number in range(3):
        with pytest.raises(_errors.AuthenticationError, match="Wrong key"):
            results(query=f"query {number}").get(["1"], service)
        clock.time += 1
    assert len(service.calls) == 1
    with pytest.raises(_errors.AuthenticationError):
        results("another account").get(["1"], service)
    clock.time += 10
    service.error = None
    assert values(results().get(["1"], service)) == {"1": "result 1"}
    assert len(service.calls) == 3


def test_an_error_for_one_key_does_not_affect_the_others(results: Any, tmp_path: Path, clock: FakeClock) -> None:
    service = CountingService(tmp_path, clock)

    def send(names: Sequence[str]) -> Mapping[str, Entry]:
        found = service(names)
        if "bad" in names:
            raise _errors.ApiError("bad", status=400)
        return found

    hints = hints_of(10, 1, ["bad", "2"])
    assert values(results().get(["1"], send, hints=hints)) == {"1": "result 1"}
    assert service.calls == [["1", "bad", "2"], ["1"]]
    with pytest.raises(_errors.ApiError):
        results().get(["bad"], send, hints=hints)


@pytest.mark.parametrize(
    "error",
    [
        _errors.CatchpointError("text"),
        _errors.OptionError("text"),
        _errors.TransportError("text"),
        _errors.OutcomeUnknownError("text"),
        _errors.ResponseError("text"),
        _errors.ApiError("text", status=500, api_text="words", trace_id="id"),
        _errors.AuthenticationError("text", status=401),
        _errors.NotFoundError("text", status=200, api_text="words"),
        _errors.RateLimitError("text", status=0, retry_at=17.5),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_serialisation(error: _errors.CatchpointError) -> None:
    other = as_error(as_data(error))
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)


def test_a_missing_library_error_is_serialised_as_text() -> None:
    error = _errors.MissingLibraryError("requests", "/usr/bin/python3", "No module")
    assert str(as_error(as_data(error))) == str(error)


def test_a_failing_service_is_queried_once_in_a_short_time(
    results: Any, service: CountingService, clock: FakeClock
) -> None:
    """Hosts run in batches of one per fork; without this, each batch would use a whole retry budget."""
    service.error = _errors.ApiError("The service failed.", status=503)
    for _host in range(3):
        with pytest.raises(_errors.ApiError):
            results().get(["1"], service)
        clock.time += 1
    assert len(service.calls) == 1
    with pytest.raises(_errors.ApiError):
        results().get(["2"], service)  # other tests may be available
    clock.time += 10
    service.error = None
    assert values(results().get(["1"], service)) == {"1": "result 1"}


def test_a_retry_of_the_task_makes_the_request_again(results: Any, service: CountingService, clock: FakeClock) -> None:
    service.error = _errors.ApiError("The service failed.", status=503)
    with pytest.raises(_errors.ApiError):
        results().get(["1"], service)
    clock.time += 1
    service.error = None
    assert values(results().get(["1"], service, newer_than=clock.time - 0.5)) == {"1": "result 1"}


DAMAGED = ["", "{", "[]", "null", "5", '"x"', "{}", '{"requested_at": "x", "live": true, "result": 1}', "[" * 100_000]


@pytest.mark.parametrize(
    "damaged", [*DAMAGED, '{"requested_at": 1, "live": 2, "result": 1}', '{"requested_at": 1, "live": true}']
)
def test_a_damaged_entry_is_absent(results: Any, service: CountingService, damaged: str) -> None:
    results().get(["1"], service)
    (Path(RunFiles("account", "query").path) / "1.json").write_text(damaged)
    assert values(results().get(["1"], service)) == {"1": "result 1"}
    assert len(service.calls) == 2


@pytest.mark.parametrize("damaged", [*DAMAGED, '{"at": 1}', '{"at": 1e99, "names": 5, "error": {}}'])
@pytest.mark.parametrize("name", ["failure.json", "waiting"])
def test_other_damaged_files_are_absent(results: Any, service: CountingService, name: str, damaged: str) -> None:
    files = RunFiles("account", "query")
    files.write("some.json", 1)
    (Path(files.path) / name).write_text(damaged)
    hints = BatchHints(most=lambda: 9)
    assert values(results().get(["1"], service, hints=hints)) == {"1": "result 1"}


@pytest.mark.parametrize("kind", ["RateLimitError", "MissingLibraryError", "import_module", "no such", None])
def test_errors_of_an_unknown_kind_are_still_errors(kind: Any) -> None:
    assert isinstance(as_error({"kind": kind, "text": "text", "status": 1, "unknown": 2}), _errors.CatchpointError)
