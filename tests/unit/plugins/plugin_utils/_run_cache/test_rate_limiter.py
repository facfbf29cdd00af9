# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All workers of a run share the rate limits."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible_collections.community.catchpoint.plugins.module_utils._errors import RateLimitError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import parse
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import RequestTurns
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import files as files_module
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles, user_files
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.rate_limiter import SharedRateLimiter
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race


class BudgetedLimiter:
    """A rate limiter with the turn budget of its session."""

    def __init__(self, limiter: SharedRateLimiter, budget: RequestTurns, clock: FakeClock) -> None:
        self.limiter = limiter
        self.budget = budget
        self.clock = clock
        self.room = limiter.room
        self.expect = limiter.expect
        self.after_response = limiter.after_response
        self.sending = limiter.sending

    def before_request(self) -> None:
        self.limiter.before_request(self.budget)

    def turn(self, count: int) -> None:
        self.limiter.turn(count, self.budget)


Maker = Callable[..., BudgetedLimiter]


@pytest.fixture
def make_limiter(clock: FakeClock, announced: list[str]) -> Maker:
    def make(limits: str = "2/minute", budget: float = 60.0, account: str = "me") -> BudgetedLimiter:
        limiter = SharedRateLimiter(
            user_files("endpoint"),
            RunFiles(account),
            parse(limits),
            clock=clock,
            announce=announced.append,
            warn=announced.append,
            workers=5,
            random=lambda: 0.5,
        )
        return BudgetedLimiter(limiter, RequestTurns(budget), clock)

    return make


def send(limiter: BudgetedLimiter, times: int = 1) -> None:
    for _time in range(times):
        limiter.before_request()


def test_requests_below_the_limits_do_not_wait(make_limiter: Maker, clock: FakeClock, announced: list[str]) -> None:
    send(make_limiter("20/minute"), 20)
    assert (clock.slept, announced) == ([], [])


def test_limits_may_be_off(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("off")
    send(one, 1000)
    one.after_response(Usage({"minute": 1}, {"minute": 9}), 1.0)
    assert one.room(17) == 17
    assert clock.slept == []


def test_a_wait_is_announced_with_its_length_and_reason(
    make_limiter: Maker, clock: FakeClock, announced: list[str]
) -> None:
    send(make_limiter(), 1)
    clock.time += 20
    send(make_limiter(), 2)
    assert [round(wait, 1) for wait in clock.slept] == [41.5]
    assert announced == ["Waiting 42 s: 2 requests a minute are allowed (rate_limits), and this controller has sent 2."]


def test_short_waits_are_not_announced(make_limiter: Maker, clock: FakeClock, announced: list[str]) -> None:
    send(make_limiter("7/second", budget=0), 8)
    assert (len(clock.slept), announced) == (1, [])


def test_requests_of_other_clients_count(make_limiter: Maker, clock: FakeClock, announced: list[str]) -> None:
    one = make_limiter("20/minute")
    send(one)
    one.after_response(Usage({"minute": 20}, {"minute": 20}), 0.0)
    send(make_limiter("20/minute"))
    assert announced == [
        "Waiting 62 s: the account is allowed 20 requests a minute; this controller has sent 1, other clients 19."
    ]
    assert round(clock.slept[0], 1) == 61.5


def test_each_account_has_its_own_limits(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("20/minute")
    send(one)
    one.after_response(Usage({"minute": 20}, {"minute": 20}), 0.0)
    send(make_limiter("20/minute", account="you"), 5)
    assert clock.slept == []
    assert make_limiter("20/minute").room(50) == 0
    assert make_limiter("20/minute", account="you").room(50) == 14


def test_a_wait_beyond_the_budget_is_an_error(make_limiter: Maker, clock: FakeClock) -> None:
    send(make_limiter(), 2)
    one = make_limiter(budget=30)
    one.expect(4)
    with pytest.raises(RateLimitError) as caught:
        one.before_request()
    assert str(caught.value) == (
        "2 requests a minute are allowed (rate_limits), and this controller has sent 2. 4 requests have to wait, the "
        "first until 2026-11-23T12:01:02Z (62 s), the last until 2026-11-23T12:02:04Z (123 s). That is longer than "
        "retry_budget (30 s). Retry then, raise retry_budget, or use fewer distinct queries: calls with different "
        "options are not batched."
    )
    assert caught.value.retry_at is not None
    assert round(caught.value.retry_at - clock.time, 1) == 123.0
    assert clock.slept == []


def test_a_turn_needs_room_for_all_its_requests(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("20/minute", budget=30)
    one.expect(21)
    with pytest.raises(RateLimitError, match=r"The next request has to wait until 2\d{3}-.*Z \(\d+ s\)\."):
        one.before_request()
    one.expect(20)
    send(one, 20)
    assert clock.slept == []


def test_waiting_for_a_turn_does_not_count_as_a_request(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("2/minute")
    one.turn(2)
    assert clock.slept == []
    send(one, 2)
    clock.time += 10
    one.turn(1)
    assert [round(wait, 1) for wait in clock.slept] == [51.5]
    send(one)
    assert len(clock.slept) == 1
    with pytest.raises(RateLimitError, match="3 requests have to wait, the first until"):
        make_limiter("2/minute", budget=20).turn(4)
    make_limiter("off").turn(10**9)


def test_each_request_has_its_own_turn_budget(make_limiter: Maker, clock: FakeClock) -> None:
    """A wait that other workers caused does not fail a later request."""
    send(make_limiter("1/minute", budget=60), 4)
    assert [round(wait, 1) for wait in clock.slept] == [61.5] * 3


def test_429_without_usage_pauses_all_workers(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("20/minute")
    send(one)
    one.after_response(None, 1.0)
    send(make_limiter("20/minute"))
    assert clock.slept == [1.0]


def test_number_of_requests_that_may_be_sent_at_once(make_limiter: Maker) -> None:
    one = make_limiter("7/second,20/minute")
    assert one.room(50) == 20
    send(one, 5)
    assert make_limiter("7/second,20/minute").room(50) == 15
    assert make_limiter("7/second,20/minute").room(3) == 3


class WaitingError(Exception):
    """Raised instead of waiting, so that a request keeps its slot in the queue."""


@pytest.fixture
def queued(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Callable[[BudgetedLimiter], None]:
    """Makes a worker reserve a future slot."""

    def wait(_seconds: float) -> None:
        raise WaitingError

    def queue(one: BudgetedLimiter) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(clock, "sleep", wait)
            with pytest.raises(WaitingError):
                send(one)

    return queue


def test_queued_requests_leave_no_room_and_report_the_reason(make_limiter: Maker, queued: Any) -> None:
    """The quota used by other clients becomes free at once, for all waiting processes."""
    first = make_limiter("20/minute", budget=120)
    send(first)
    first.after_response(Usage({"minute": 20}, {"minute": 20}), pause=0.0)
    for _number in range(3):
        queued(make_limiter("20/minute", budget=120))
    late = make_limiter("20/minute", budget=1)
    assert late.room(10) == 0
    with pytest.raises(RateLimitError) as caught:
        send(late)
    assert "Other requests of this controller wait for their turn already." in str(caught.value)


def test_a_waiting_request_is_not_overtaken(make_limiter: Maker, queued: Any, clock: FakeClock) -> None:
    send(make_limiter("1/minute"))
    queued(make_limiter("1/minute"))
    send(make_limiter("1/minute", budget=200))
    assert [round(wait, 1) for wait in clock.slept] == [123.0]


def test_20_workers_share_one_count(make_limiter: Maker, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(seconds: float) -> None:
        raise WaitingError(seconds)

    def work(_number: int) -> float:
        try:
            send(make_limiter("10/minute", budget=120))
        except WaitingError as error:
            return round(float(error.args[0]), 1)
        return 0.0

    # Each process has its own fake clock, so none may advance.
    monkeypatch.setattr(clock, "sleep", wait)
    assert sorted(race(20, work)) == [0.0] * 10 + [61.5] * 10


def test_requests_count_from_the_time_they_are_sent(make_limiter: Maker, clock: FakeClock) -> None:
    """A request is sent some time after its slot, because connecting takes time."""
    one = make_limiter("1/minute")
    send(one)
    clock.time += 5
    one.sending()
    send(make_limiter("1/minute"))
    assert [round(wait, 1) for wait in clock.slept] == [61.5]


def test_a_request_waits_longer_if_one_before_it_was_sent_late(make_limiter: Maker, clock: FakeClock) -> None:
    first, second = make_limiter("1/minute"), make_limiter("1/minute")
    send(first)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 1))
        clock.time += seconds
        if len(slept) == 1:
            clock.time -= 51.5  # the first request is sent 10 s after its slot
            first.sending()
            clock.time += 51.5

    clock.sleep = sleep  # type: ignore[method-assign]
    send(second)
    assert slept == [61.5, 10.0]


def test_a_redirect_counts_as_a_request(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("2/minute")
    send(one)
    one.sending()
    one.sending()
    send(make_limiter("2/minute"))
    assert [round(wait, 1) for wait in clock.slept] == [61.5]


def test_a_429_delays_the_requests_that_wait_already(make_limiter: Maker, clock: FakeClock) -> None:
    first, second = make_limiter("1/minute"), make_limiter("1/minute")
    send(first)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 1))
        clock.time += seconds
        if len(slept) == 1:
            first.after_response(None, 30.0)

    clock.sleep = sleep  # type: ignore[method-assign]
    send(second)
    assert slept == [61.5, 30.0]


# Clocks


@pytest.mark.parametrize("back", [50.0, 3600.0, 86400.0 * 400])
def test_a_clock_that_was_set_back_keeps_to_the_limits(make_limiter: Maker, clock: FakeClock, back: float) -> None:
    send(make_limiter("20/minute"), 12)
    clock.time -= back
    send(make_limiter("20/minute"), 8)
    assert clock.slept == []
    # Earlier requests count as sent just now.
    send(make_limiter("20/minute"))
    assert [round(wait, 1) for wait in clock.slept] == [61.5]


def test_a_pause_ends_although_the_clock_was_set_back(make_limiter: Maker, clock: FakeClock) -> None:
    one = make_limiter("20/minute")
    send(one)
    one.after_response(Usage({"minute": 20}, {"minute": 20}), 30.0)
    clock.time -= 3600
    send(make_limiter("20/minute"))
    assert [round(wait) for wait in clock.slept] == [30]


# Files


def count_file() -> Path:
    return Path(user_files("endpoint").path) / "count.json"


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "{}",
        '{"made": {}}',
        '{"made": {"times": 5, "day": 1, "of_day": 1}, "paused_until": 0, "written_at": 0}',
        '{"made": {"times": ["x"], "day": 1, "of_day": 1}, "paused_until": 0, "written_at": 0}',
        '{"made": {"times": [], "day": null, "of_day": 1}, "paused_until": 0, "written_at": 0}',
        '{"made": {"times": [], "day": 1, "of_day": 1}, "paused_until": "soon", "written_at": 0}',
        "[" * 100_000,
    ],
)
def test_a_damaged_count_is_absent(make_limiter: Maker, clock: FakeClock, damaged: str) -> None:
    send(make_limiter())
    count_file().write_text(damaged)
    send(make_limiter(), 2)
    assert clock.slept == []


@pytest.mark.parametrize("damaged", ["{", "[]", '{"at": 1}', '{"at": 1, "allowed": [], "others": {}}'])
def test_a_damaged_quota_is_absent(make_limiter: Maker, clock: FakeClock, damaged: str) -> None:
    one = make_limiter("20/minute")
    send(one)
    one.after_response(Usage({"minute": 20}, {"minute": 20}), 0.0)
    (Path(RunFiles("me").path) / "quota.json").write_text(damaged)
    send(make_limiter("20/minute"))
    assert clock.slept == []


def test_runs_of_the_same_user_share_one_count(
    make_limiter: Maker, clock: FakeClock, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(make_limiter(), 2)
    other = run_folder.parent / "ansible-local-2"
    other.mkdir()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(other))
    send(make_limiter())
    assert [round(wait, 1) for wait in clock.slept] == [61.5]


def test_the_shared_folder_is_private(make_limiter: Maker, run_folder: Path) -> None:
    send(make_limiter())
    shared = run_folder.parent / f"catchpoint-{os.geteuid()}"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [shared, *shared.rglob("*")]}
    assert modes == {shared.name: 0o700, "endpoint": 0o700, "count.json": 0o600, "count.lock": 0o600}


@pytest.mark.parametrize("spoil", ["open to others", "a link", "a file"])
def test_a_folder_that_others_could_write_is_not_used(make_limiter: Maker, run_folder: Path, spoil: str) -> None:
    shared = run_folder.parent / f"catchpoint-{os.geteuid()}"
    elsewhere = run_folder.parent / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    if spoil == "a link":
        shared.symlink_to(elsewhere)
    elif spoil == "a file":
        shared.write_text("")
    else:
        shared.mkdir()
        shared.chmod(0o770)
    send(make_limiter())
    assert (run_folder / "catchpoint" / "endpoint" / "count.json").exists()
    assert list(elsewhere.iterdir()) == []


def test_without_a_folder_each_process_has_a_safe_share(
    make_limiter: Maker, monkeypatch: pytest.MonkeyPatch, clock: FakeClock, announced: list[str]
) -> None:
    """Five processes that each send a request every 18.75 s send 16 a minute in total."""

    def full(*_arguments: Any, **_more: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files_module.os, "open", full)
    one = make_limiter("20/minute", budget=0)
    send(one, 3)
    monkeypatch.undo()
    assert clock.slept == [18.75] * 3
    assert sum("cannot be written" in text for text in announced) == 1
    assert [text for text in announced if text.startswith("Waiting")] == [
        "Waiting 19 s: the request count of this run cannot be shared."
    ] * 3
