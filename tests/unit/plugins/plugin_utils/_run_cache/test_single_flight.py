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
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import at_work, race

LATER = 2e9


class Asked:
    """A service that counts in a file, for it is asked by several processes."""

    def __init__(self, folder: Path, clock: Any = None) -> None:
        self._file = folder / "asked.txt"
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
        return {name: {"asked_at": now, "live": self.live, "answer": f"answer {name}"} for name in names}

    @property
    def calls(self) -> list[list[str]]:
        return [line.split() for line in self._file.read_text().splitlines()] if self._file.exists() else []


@pytest.fixture
def asked(tmp_path: Path, clock: FakeClock) -> Asked:
    return Asked(tmp_path, clock)


@pytest.fixture
def answers(clock: FakeClock) -> Callable[..., SharedResults]:
    def make(
        account: str = "account", question: str = "question", ttl: float = 60.0, clock: Any = clock
    ) -> SharedResults:
        return SharedResults(account, question, clock=clock, ttl=ttl, persistent=NullCache())

    return make


def values(found: Mapping[str, Entry]) -> dict[str, Any]:
    return {name: entry["answer"] for name, entry in found.items()}


@pytest.mark.usefixtures("still_clock")
def test_twenty_race_for_one_answer(tmp_path: Path, answers: Any) -> None:
    asked = Asked(tmp_path)
    found = race(20, lambda _number: values(answers(clock=SystemClock()).get(["7"], asked)))
    assert found == [{"7": "answer 7"}] * 20
    assert asked.calls == [["7"]]


def test_whoever_waits_is_asked_for_along(asked: Asked, answers: Any) -> None:
    # What a worker leaves before it waits for its turn.
    RunFiles("account", "question").append("wanted", ["2", "3"])
    assert values(answers().get(["1"], asked, hints=BatchHints(most=lambda: 100))) == {"1": "answer 1"}
    assert asked.calls == [["1", "2", "3"]]


@pytest.mark.usefixtures("still_clock")
def test_twenty_race_for_twenty_answers(tmp_path: Path, answers: Any) -> None:
    asked = Asked(tmp_path)
    hints = BatchHints(most=lambda: 100)

    def get(number: int) -> dict[str, Any]:
        return values(answers(clock=SystemClock()).get([str(number)], asked, hints=hints))

    assert race(20, get) == [{str(number): f"answer {number}"} for number in range(20)]
    names = [name for call in asked.calls for name in call]
    assert sorted(names, key=int) == [str(number) for number in range(20)]


@pytest.mark.usefixtures("still_clock")
def test_a_killed_worker_does_not_keep_others_from_asking(tmp_path: Path, answers: Any) -> None:
    asked = Asked(tmp_path)

    def hang(here: Callable[[], None]) -> None:
        def ask(_names: Sequence[str]) -> Any:
            here()
            os.read(os.pipe()[0], 1)

        answers(clock=SystemClock()).get(["1"], ask)

    with at_work(hang) as kill:
        kill()
        assert (
            race(3, lambda _number: values(answers(clock=SystemClock()).get(["1"], asked))) == [{"1": "answer 1"}] * 3
        )
    assert asked.calls == [["1"]]


def test_only_what_is_not_known_is_asked_for(answers: Any, asked: Asked) -> None:
    answers().get(["1"], asked)
    assert values(answers().get(["2", "1", "2"], asked)) == {"1": "answer 1", "2": "answer 2"}
    assert asked.calls == [["1"], ["2"]]


def test_an_answer_about_now_grows_old(answers: Any, asked: Asked, clock: FakeClock) -> None:
    answers().get(["1"], asked)
    clock.time += 59
    answers().get(["1"], asked)
    assert len(asked.calls) == 1
    answers(ttl=30.0).get(["1"], asked)
    assert len(asked.calls) == 2
    clock.time += 61
    answers().get(["1"], asked)
    assert len(asked.calls) == 3


def test_what_somebody_else_found_out_since_is_seen(answers: Any, asked: Asked, run_folder: Path) -> None:
    entry = answers().get(["1"], asked)["1"]
    path = next(run_folder.rglob("1.json"))
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({**entry, "answer": "newer"}), encoding="utf-8")
    draft.replace(path)
    assert answers().get(["1"], asked)["1"]["answer"] == "newer"
    assert len(asked.calls) == 1


def test_an_answer_about_the_past_does_not(answers: Any, asked: Asked, clock: FakeClock) -> None:
    asked.live = False
    answers().get(["1"], asked)
    clock.time += 86400
    answers(ttl=1.0).get(["1"], asked)
    assert len(asked.calls) == 1


def test_a_clock_that_was_set_back_makes_answers_old(answers: Any, asked: Asked, clock: FakeClock) -> None:
    answers().get(["1"], asked)
    clock.time -= 3600
    answers().get(["1"], asked)
    assert len(asked.calls) == 2


def test_without_a_ttl_nothing_is_kept(answers: Any, asked: Asked, run_folder: Path) -> None:
    for _time in range(2):
        answers(ttl=0.0).get(["1", "2"], asked)
    assert asked.calls == [["1", "2"]] * 2
    assert list(run_folder.iterdir()) == []


def test_accounts_and_questions_are_apart(answers: Any, asked: Asked) -> None:
    for account, question in (("a", "x"), ("a", "y"), ("b", "x")):
        answers(account, question).get(["1"], asked)
    assert len(asked.calls) == 3


def test_an_answer_that_is_wanted_newer(answers: Any, asked: Asked, clock: FakeClock) -> None:
    first = answers().get(["1"], asked)["1"]
    clock.time += 5
    assert answers().get(["1"], asked, newer_than=first["asked_at"])["1"]["asked_at"] == clock.time
    assert len(asked.calls) == 2


def hints_of(most: int, step: int, batch: Sequence[str] = (), rest: Sequence[str] = ()) -> BatchHints:
    return BatchHints(most=lambda: most, step=step, batch=lambda: batch, rest=lambda: rest)


def test_whoever_comes_while_one_waits_for_the_limits_is_asked_for_along(answers: Any, asked: Asked) -> None:
    def turn(count: int) -> None:
        assert count == 1
        RunFiles("account", "question").append("wanted", ["8", "9"])

    answers().get(["1"], asked, hints=BatchHints(most=lambda: 9, turn=turn))
    assert asked.calls == [["1", "8", "9"]]


def test_a_turn_that_never_comes_is_an_error_for_all_who_wait(answers: Any, asked: Asked, clock: FakeClock) -> None:
    def turn(_count: int) -> None:
        raise _errors.RateLimitError("too many", retry_at=clock.time + 3600)

    with pytest.raises(_errors.RateLimitError):
        answers().get(["1"], asked, hints=BatchHints(most=lambda: 9, turn=turn))
    assert RunFiles("account", "question").read("failure.json")["names"] == ["1"]
    assert asked.calls == []


def test_a_limit_of_a_minute_is_not_an_error_for_all_who_wait(answers: Any, asked: Asked, clock: FakeClock) -> None:
    """The others have a turn of their own: one failure must not fail every host."""
    asked.error = _errors.RateLimitError("too many", retry_at=clock.time + 60)
    with pytest.raises(_errors.RateLimitError):
        answers().get(["1"], asked)
    assert RunFiles("account", "question").read("failure.json") is None


def test_impatience_is_not_shared(answers: Any, asked: Asked) -> None:
    """That a wait is too long for one task's retry_budget says nothing of the next task's."""

    def turn(_count: int) -> None:
        raise _errors.RateLimitError("longer than retry_budget lets a task wait", status=0)

    with pytest.raises(_errors.RateLimitError):
        answers().get(["1"], asked, hints=BatchHints(most=lambda: 9, turn=turn))
    assert RunFiles("account", "question").read("failure.json") is None


def test_a_fleet_is_asked_for_at_once(answers: Any, asked: Asked) -> None:
    hints = hints_of(100, 10, ["1", "2", "3"], [str(number) for number in range(4, 90)])
    answers().get(["2"], asked, hints=hints)
    # The others come along as long as that costs no further request.
    assert asked.calls == [["2", "1", "3", *(str(number) for number in range(4, 11))]]


def test_a_batch_that_fills_its_requests_brings_nobody_along(answers: Any, asked: Asked) -> None:
    batch = [str(number) for number in range(20)]
    answers().get(["0"], asked, hints=hints_of(100, 10, batch, ["x"]))
    assert asked.calls == [batch]


def test_no_more_than_there_is_room_for(answers: Any, asked: Asked) -> None:
    batch = [str(number) for number in range(20)]
    answers().get(["a", "b"], asked, hints=hints_of(5, 5, batch))
    answers().get(["c", "d"], asked, hints=hints_of(0, 5, batch))
    assert asked.calls == [["a", "b", "0", "1", "2"], ["c", "d"]]


def test_what_is_known_is_not_brought_along(answers: Any, asked: Asked) -> None:
    answers().get(["1", "3"], asked)
    answers().get(["0"], asked, hints=hints_of(4, 4, ["1", "2", "3", "4"]))
    assert asked.calls[1] == ["0", "2", "4"]


# Errors


def test_whoever_waited_shares_an_error(tmp_path: Path, answers: Any) -> None:
    asked = Asked(tmp_path)
    asked.error = _errors.ApiError("The service is down.", status=503, api_text="down", trace_id="0HN:1")

    def get(_number: int) -> str:
        with pytest.raises(_errors.ApiError) as caught:
            answers(clock=SystemClock()).get(["1"], slow)
        return f"{caught.value} {caught.value.status} {caught.value.api_text} {caught.value.trace_id}"

    def slow(names: Sequence[str]) -> Any:
        # Until all the others have said what they want.
        wanted = Path(RunFiles("account", "question").path) / "wanted-by-all"
        while len(wanted.read_text().split()) < 6 if wanted.exists() else True:
            os.sched_yield()
        return asked(names)

    class Counting(RunFiles):
        def append(self, name: str, value: Any) -> None:
            super().append(name, value)
            super().append("wanted-by-all", "1")

    real = answers

    def answers(**given: Any) -> SharedResults:  # type: ignore[no-redef]
        made: SharedResults = real(**given)
        made._files = Counting("account", "question")
        return made

    assert race(6, get) == ["The service is down. 503 down 0HN:1"] * 6
    assert len(asked.calls) == 1


def test_whoever_comes_later_asks_anew(answers: Any, asked: Asked, clock: FakeClock) -> None:
    asked.error = _errors.TransportError("no")
    for _time in range(2):
        with pytest.raises(_errors.TransportError):
            answers().get(["1"], asked)
        clock.time += 0.1
    assert len(asked.calls) == 2


def test_refused_credentials_are_not_tried_by_everybody(answers: Any, asked: Asked, clock: FakeClock) -> None:
    asked.error = _errors.AuthenticationError("Wrong key.", status=401)
    for number in range(3):
        with pytest.raises(_errors.AuthenticationError, match="Wrong key"):
            answers(question=f"question {number}").get(["1"], asked)
        clock.time += 1
    assert len(asked.calls) == 1
    with pytest.raises(_errors.AuthenticationError):
        answers("another account").get(["1"], asked)
    clock.time += 10
    asked.error = None
    assert values(answers().get(["1"], asked)) == {"1": "answer 1"}
    assert len(asked.calls) == 3


def test_nobody_suffers_from_anothers_object(answers: Any, tmp_path: Path, clock: FakeClock) -> None:
    asked = Asked(tmp_path, clock)

    def ask(names: Sequence[str]) -> Mapping[str, Entry]:
        found = asked(names)
        if "bad" in names:
            raise _errors.ApiError("bad", status=400)
        return found

    hints = hints_of(10, 1, ["bad", "2"])
    assert values(answers().get(["1"], ask, hints=hints)) == {"1": "answer 1"}
    assert asked.calls == [["1", "bad", "2"], ["1"]]
    with pytest.raises(_errors.ApiError):
        answers().get(["bad"], ask, hints=hints)


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
def test_errors_travel(error: _errors.CatchpointError) -> None:
    other = as_error(as_data(error))
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)


def test_a_missing_library_travels_as_its_text() -> None:
    error = _errors.MissingLibraryError("requests", "/usr/bin/python3", "No module")
    assert str(as_error(as_data(error))) == str(error)


def test_a_service_that_is_down_is_tried_once_by_those_who_come_shortly_after(
    answers: Any, asked: Asked, clock: FakeClock
) -> None:
    """Hosts come in waves of as many as there are forks: each wave would take a whole retry budget."""
    asked.error = _errors.ApiError("The service failed.", status=503)
    for _host in range(3):
        with pytest.raises(_errors.ApiError):
            answers().get(["1"], asked)
        clock.time += 1
    assert len(asked.calls) == 1
    with pytest.raises(_errors.ApiError):
        answers().get(["2"], asked)  # what nobody has asked for may be there
    clock.time += 10
    asked.error = None
    assert values(answers().get(["1"], asked)) == {"1": "answer 1"}


def test_a_retry_of_the_task_makes_the_request_again(answers: Any, asked: Asked, clock: FakeClock) -> None:
    asked.error = _errors.ApiError("The service failed.", status=503)
    with pytest.raises(_errors.ApiError):
        answers().get(["1"], asked)
    clock.time += 1
    asked.error = None
    assert values(answers().get(["1"], asked, newer_than=clock.time - 0.5)) == {"1": "answer 1"}


DAMAGED = ["", "{", "[]", "null", "5", '"x"', "{}", '{"asked_at": "x", "live": true, "answer": 1}', "[" * 100_000]


@pytest.mark.parametrize(
    "damaged", [*DAMAGED, '{"asked_at": 1, "live": 2, "answer": 1}', '{"asked_at": 1, "live": true}']
)
def test_a_damaged_entry_is_absent(answers: Any, asked: Asked, damaged: str) -> None:
    answers().get(["1"], asked)
    (Path(RunFiles("account", "question").path) / "1.json").write_text(damaged)
    assert values(answers().get(["1"], asked)) == {"1": "answer 1"}
    assert len(asked.calls) == 2


@pytest.mark.parametrize("damaged", [*DAMAGED, '{"at": 1}', '{"at": 1e99, "names": 5, "error": {}}'])
@pytest.mark.parametrize("name", ["failure.json", "wanted"])
def test_other_damaged_files_are_absent(answers: Any, asked: Asked, name: str, damaged: str) -> None:
    files = RunFiles("account", "question")
    files.write("some.json", 1)
    (Path(files.path) / name).write_text(damaged)
    hints = BatchHints(most=lambda: 9)
    assert values(answers().get(["1"], asked, hints=hints)) == {"1": "answer 1"}


@pytest.mark.parametrize("kind", ["RateLimitError", "MissingLibraryError", "import_module", "no such", None])
def test_errors_of_an_unknown_kind_are_still_errors(kind: Any) -> None:
    assert isinstance(as_error({"kind": kind, "text": "text", "status": 1, "unknown": 2}), _errors.CatchpointError)
