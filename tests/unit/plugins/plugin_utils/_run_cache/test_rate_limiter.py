# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All workers of a run keep below the limits together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import RateLimitError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Usage
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import parse
from ansible_collections.community.catchpoint.plugins.module_utils._http.retry import OwnTurnBudget
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.rate_limiter import SharedRateLimiter
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race


class Paced:
    """A rate limiter with the turn budget of its session."""

    def __init__(self, limiter: SharedRateLimiter, budget: OwnTurnBudget, clock: FakeClock) -> None:
        self.limiter = limiter
        self.budget = budget
        self.clock = clock
        self.room = limiter.room
        self.expect = limiter.expect
        self.after_response = limiter.after_response

    def before_request(self) -> None:
        self.limiter.before_request(self.budget)

    def turn(self, count: int) -> None:
        self.limiter.turn(count, self.budget)


Maker = Callable[..., Paced]


@pytest.fixture
def pacer(clock: FakeClock, announced: list[str]) -> Maker:
    def make(limits: str = "2/minute", budget: float = 60.0, account: str = "me") -> Paced:
        limiter = SharedRateLimiter(
            RunFiles("endpoint"), account, parse(limits), clock=clock, announce=announced.append
        )
        return Paced(limiter, OwnTurnBudget(budget), clock)

    return make


def ask(pacer: Paced, times: int = 1) -> None:
    for _time in range(times):
        pacer.before_request()


def test_below_the_limits_nobody_waits(pacer: Maker, clock: FakeClock, announced: list[str]) -> None:
    ask(pacer("20/minute"), 20)
    assert (clock.slept, announced) == ([], [])


def test_off(pacer: Maker, clock: FakeClock) -> None:
    one = pacer("off")
    ask(one, 1000)
    one.after_response(Usage({"minute": 1}, {"minute": 9}), 1.0)
    assert one.room(17) == 17
    assert clock.slept == []


def test_a_wait_is_announced_with_its_length_and_reason(pacer: Maker, clock: FakeClock, announced: list[str]) -> None:
    ask(pacer(), 1)
    clock.time += 20
    ask(pacer(), 2)
    assert [round(wait, 1) for wait in clock.slept] == [40.1]
    assert announced == ["Waiting 40 s: 2 requests a minute are allowed (rate_limits), and this run has made 2."]


def test_short_waits_are_not_worth_mentioning(pacer: Maker, clock: FakeClock, announced: list[str]) -> None:
    ask(pacer("7/second", budget=0), 8)
    assert (len(clock.slept), announced) == (1, [])


def test_what_others_make_is_heeded(pacer: Maker, clock: FakeClock, announced: list[str]) -> None:
    one = pacer("20/minute")
    ask(one)
    one.after_response(Usage({"minute": 20}, {"minute": 20}), 0.0)
    ask(pacer("20/minute"))
    assert announced == [
        "Waiting 60 s: the account is allowed 20 requests a minute, of which this run has made 1 and others 19."
    ]
    assert round(clock.slept[0], 1) == 60.1


def test_each_account_has_limits_of_its_own(pacer: Maker, clock: FakeClock) -> None:
    one = pacer("20/minute")
    ask(one)
    one.after_response(Usage({"minute": 20}, {"minute": 20}), 0.0)
    ask(pacer("20/minute", account="you"), 5)
    assert clock.slept == []
    assert pacer("20/minute").room(50) == 0
    assert pacer("20/minute", account="you").room(50) == 14


def test_beyond_the_budget(pacer: Maker, clock: FakeClock) -> None:
    ask(pacer(), 2)
    one = pacer(budget=30)
    one.expect(4)
    with pytest.raises(RateLimitError) as caught:
        one.before_request()
    assert str(caught.value) == (
        "2 requests a minute are allowed (rate_limits), and this run has made 2. 4 of the 4 requests that are needed "
        "now are missing: the first is free at 2026-11-23T12:01:01Z (in 60 s), the last at 2026-11-23T12:02:01Z (in "
        "120 s). That is longer than retry_budget (30 s, 0 s of it used). Retry then, raise retry_budget, or use fewer "
        "distinct queries: calls with different options are not batched."
    )
    assert caught.value.retry_at is not None
    assert round(caught.value.retry_at - clock.time, 1) == 120.2
    assert clock.slept == []


def test_all_that_is_needed_is_asked_for_or_nothing(pacer: Maker, clock: FakeClock) -> None:
    one = pacer("20/minute", budget=30)
    one.expect(21)
    with pytest.raises(RateLimitError, match="1 of the 21 requests that are needed now is missing: the first is free"):
        one.before_request()
    one.expect(20)
    ask(one, 20)
    assert clock.slept == []


def test_a_turn_takes_no_request(pacer: Maker, clock: FakeClock) -> None:
    one = pacer("2/minute")
    one.turn(2)
    assert clock.slept == []
    ask(one, 2)
    clock.time += 10
    one.turn(1)
    assert [round(wait) for wait in clock.slept] == [50]
    ask(one)
    assert len(clock.slept) == 1
    with pytest.raises(RateLimitError, match="3 of the 4 requests"):
        pacer("2/minute", budget=20).turn(4)
    pacer("off").turn(10**9)


def test_waiting_uses_the_budget_up(pacer: Maker) -> None:
    one = pacer("1/minute", budget=100)
    ask(one, 2)
    assert round(one.budget.used) == 60
    with pytest.raises(RateLimitError, match="60 s of it used"):
        ask(one)


def test_after_a_refusal_that_tells_nothing_everybody_rests(pacer: Maker, clock: FakeClock) -> None:
    one = pacer("20/minute")
    ask(one)
    one.after_response(None, 1.0)
    ask(pacer("20/minute"))
    assert clock.slept == [1.0]


def test_room(pacer: Maker) -> None:
    one = pacer("7/second,20/minute")
    assert one.room(50) == 20
    ask(one, 5)
    assert pacer("7/second,20/minute").room(50) == 15
    assert pacer("7/second,20/minute").room(3) == 3


def test_behind_others_there_is_no_room_and_the_reason_is_told(
    pacer: Maker, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of what others have used becomes free at once, for everybody who waits."""
    # All of them wait at the same time.
    monkeypatch.setattr(clock, "sleep", lambda _seconds: None)
    first = pacer("20/minute", budget=120)
    ask(first)
    first.after_response(Usage({"minute": 20}, {"minute": 20}), pause=0.0)
    for _number in range(3):
        ask(pacer("20/minute", budget=120))
    late = pacer("20/minute", budget=1)
    assert late.room(10) == 0
    with pytest.raises(RateLimitError) as caught:
        ask(late)
    assert "just refused" not in str(caught.value)
    assert "requests of this run wait for their turn already" in str(caught.value)


def test_twenty_workers_share_one_count(pacer: Maker) -> None:
    def work(_number: int) -> list[float]:
        one = pacer("10/minute", budget=120)
        ask(one)
        return one.clock.slept

    waits = sorted(round(sum(slept), 1) for slept in race(20, work))
    assert waits == [0.0] * 10 + [60.1] * 10


def test_without_a_folder_each_process_counts_for_itself(pacer: Maker, run_folder: Any, clock: FakeClock) -> None:
    run_folder.rmdir()
    ask(pacer(), 3)
    assert round(clock.slept[0], 1) == 60.1
