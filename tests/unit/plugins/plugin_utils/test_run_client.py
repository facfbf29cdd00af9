# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of a run: which requests it sends, and which results are shared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    AuthenticationError,
    NotFoundError,
    OptionError,
    RateLimitError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations import favorite_info, node_info
from ansible_collections.community.catchpoint.plugins.module_utils._operations import tests_data as data_info
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import race

Maker = Callable[..., RunClient]
NODE_OPTIONS = dict.fromkeys(node_info.OPERATION.arguments)


def test_a_test_is_requested_once(controller: Maker, service: Service) -> None:
    first = controller().test_data([1])
    second = controller()
    assert second.test_data([1]) == first
    assert second.session.requests_made == 0
    assert [one["test_id"] for one in second.test_data([2, 1, 2])] == [2, 1, 2]
    assert service.ids == [[1], [2]]


def test_20_workers_send_one_request(controller: Maker, service: Service) -> None:
    found = race(20, lambda _number: controller().test_data([1])[0]["run_count"])
    assert found == [1] * 20
    assert service.ids == [[1]]


def test_20_workers_log_in_once(controller: Maker, service: Service) -> None:
    service.keys.add("the-secret")

    def token(_number: int) -> Any:
        session = controller(client_id="the-id", client_secret="the-secret").session
        return session._token().text

    assert set(race(20, token)) == {"token-1-for-the-secret"}
    assert service.logins == 1


def test_without_a_cache_refused_credentials_are_tried_again(
    controller: Maker, service: Service, clock: FakeClock
) -> None:
    options = {"client_id": "the-id", "client_secret": "the-secret"}
    for ttl, logins in ((60.0, 0), (60.0, 0), (0.0, 1)):
        if ttl == 0:
            service.keys.add("the-secret")
        clock.time += 1
        one = controller(**options, cache_ttl=ttl)
        try:
            one.session._token()
        except AuthenticationError:
            assert ttl > 0
        assert service.logins == logins


def test_an_expired_token_is_renewed_once(controller: Maker, service: Service) -> None:
    service.keys.add("the-secret")

    def request(_number: int) -> Any:
        options = {"client_id": "the-id", "client_secret": "the-secret", "rate_limits": "off"}
        return controller(**options).session.get("/nothing")

    with pytest.raises(NotFoundError):
        request(0)
    service.refused.add("token-1-for-the-secret")

    def tolerant(number: int) -> str:
        with pytest.raises(NotFoundError):
            request(number)
        return "responded"

    assert race(20, tolerant) == ["responded"] * 20
    assert service.logins == 2


def test_credentials_that_differ_only_in_the_secret_share_nothing(controller: Maker, service: Service) -> None:
    service.keys |= {"secret-a", "secret-b"}
    accounts = [{"client_id": "the-id", "client_secret": secret} for secret in ("secret-a", "secret-b")]
    tokens = [controller(**account).session._token().text for account in accounts]
    assert tokens == ["token-1-for-secret-a", "token-2-for-secret-b"]
    controller().test_data([1])
    controller(api_key="another-key").test_data([1])
    assert service.ids == [[1], [1]]
    with pytest.raises(AuthenticationError):
        controller(api_key="a-wrong-key").test_data([1])


def test_file_names_do_not_contain_secrets(controller: Maker, service: Service, run_folder: Path) -> None:
    service.keys.add("the-secret")
    controller().test_data([1])
    assert controller(client_id="the-id", client_secret="the-secret").session._token()
    files = [path for path in run_folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not any(part in str(path.relative_to(run_folder)) for part in ("the-", "token-1"))
        assert "the-key" not in path.read_text()
        assert path.name == "token.json" or "the-secret" not in path.read_text()


def test_a_window_in_the_past_is_cached_for_the_run(controller: Maker, service: Service, clock: FakeClock) -> None:
    past = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T11:54:59Z"}
    service.newest = "11:30:00"
    controller(**past).test_data([1])
    clock.time += 86400
    controller(**past).test_data([1])
    assert len(service.ids) == 1


def test_a_window_that_has_just_ended_expires(controller: Maker, service: Service, clock: FakeClock) -> None:
    recent = {"start": "2026-11-23T11:00:00Z", "end": "2026-11-23T11:56:00Z"}
    service.newest = "11:30:00"
    controller(**recent).test_data([1])
    clock.time += 61
    controller(**recent).test_data([1])
    assert len(service.ids) == 2


def test_ages_increase_from_the_time_of_the_response(controller: Maker, clock: FakeClock) -> None:
    assert controller().test_data([1])[0]["age_seconds"] == 60
    clock.time += 10
    assert controller().test_data([1])[0]["age_seconds"] == 70


def test_cached_data_beyond_max_age_are_requested_again(controller: Maker, service: Service, clock: FakeClock) -> None:
    controller(max_age=65.0).test_data([1])
    clock.time += 10
    service.newest = "12:00:05"
    assert controller(max_age=65.0).test_data([1])[0]["age_seconds"] == 0
    # Data that was too old when it was read is not requested again.
    service.newest = "11:59:00"
    controller(max_age=3.0, metrics=["test_time"]).test_data([1])
    clock.time += 10
    controller(max_age=3.0, metrics=["test_time"]).test_data([1])
    assert len(service.ids) == 3


def test_an_unknown_test_fails_alone_and_is_cached(controller: Maker, service: Service) -> None:
    class Fleet:
        def batch(self) -> list[int]:
            return [1, 2, 77]

        def rest(self) -> list[int]:
            return []

    assert controller().test_data([1], Fleet())[0]["test_id"] == 1
    before = len(service.ids)
    assert controller().test_data([2])[0]["test_id"] == 2
    texts = set()
    for _time in range(2):
        with pytest.raises(NotFoundError, match="Test 77 does not exist") as caught:
            controller().test_data([77])
        texts.add(str(caught.value))
    assert len(texts) == 1
    assert len(service.ids) == before
    assert service.ids[0] == [1, 2, 77]


@pytest.mark.parametrize("status", [200, 400])
def test_an_unknown_test_costs_40_hosts_few_requests(controller: Maker, service: Service, status: int) -> None:
    service.unknown_id = status
    service.tests = {number: (number, f"Test {number}") for number in range(1, 40)}

    class Fleet:
        def batch(self) -> list[int]:
            return list(range(1, 41))

        def rest(self) -> list[int]:
            return []

    for number in range(1, 40):
        assert controller().test_data([number], Fleet())[0]["test_id"] == number
    for _time in range(2):
        with pytest.raises(NotFoundError, match="Test 40 does not exist"):
            controller().test_data([40], Fleet())
    assert len(service.ids) == 3


def test_metrics_by_name_need_one_further_request_per_run(controller: Maker, service: Service) -> None:
    controller(metrics=["test_time"]).test_data([1])
    controller(metrics=["availability"]).test_data([1])
    assert service.paths == {"enumeration": 1, "raw": 2}


def test_module_and_lookup_share_results(controller: Maker, service: Service) -> None:
    module = controller(test_ids=[1, 2])
    result = module.result("catchpoint_test_data_info", data_info.OPERATION)
    lookup = controller(max_age=None)
    assert lookup.test_data([2, 1]) == [result["tests"][1], result["tests"][0]]
    assert service.ids == [[1, 2]]


def test_a_module_returns_each_test_once(controller: Maker, service: Service) -> None:
    def ask(*ids: int) -> list[int]:
        tests = controller(test_ids=list(ids)).result("catchpoint_test_data_info", data_info.OPERATION)["tests"]
        return [test["test_id"] for test in tests]

    assert ask(2, 1, 2) == [2, 1]
    with pytest.raises(OptionError, match="test_ids is empty"):
        ask()
    with pytest.raises(NotFoundError, match=r"^Test 77 does not exist.* This also concerns: 78\.$"):
        ask(1, 77, 78)


def test_results_of_other_modules_are_cached_as_a_whole(controller: Maker, service: Service, clock: FakeClock) -> None:
    def ask(**given: Any) -> Any:
        one = controller(**{**NODE_OPTIONS, "scope": "all", **given})
        nodes = one.result("catchpoint_node_info", node_info.OPERATION)["nodes"]
        return [node["name"] for node in nodes], one.session.requests_made

    assert ask() == (["Berlin, DE - Telekom", "Oslo, NO - Telia"], 1)
    assert ask() == (["Berlin, DE - Telekom", "Oslo, NO - Telia"], 0)
    assert ask(city="Oslo") == (["Oslo, NO - Telia"], 1)
    clock.time += 61
    assert ask()[1] == 1


def test_favorites_expire_with_their_window(controller: Maker, service: Service, clock: FakeClock) -> None:
    """The operation is a fake that returns a counter, so the result shows whether it ran again."""
    window = {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T10:00:00Z"}
    options = {**dict.fromkeys(favorite_info.OPERATION.arguments), "tz": "UTC", "include": ["data"], **window}
    one = controller(**options)
    operation = favorite_info.OPERATION._replace(run=lambda _client, _options: {"favorites": [str(len(calls))]})
    calls: list[int] = []
    assert one.result("catchpoint_favorite_info", operation) == {"favorites": ["0"]}
    calls.append(1)
    clock.time += 3600
    assert controller(**options).result("catchpoint_favorite_info", operation) == {"favorites": ["0"]}
    # Empty as in a playbook that sets tz from an empty variable.
    for tz in (None, ""):
        assert controller(**{**options, "tz": tz}).result("catchpoint_favorite_info", operation) == {"favorites": ["1"]}
    recent = {**options, "end": "Now "}
    assert controller(**recent).result("catchpoint_favorite_info", operation) == {"favorites": ["1"]}


def test_the_first_host_requests_the_tests_of_all_hosts(controller: Maker, service: Service) -> None:
    service.tests.update({number: (number, f"Test {number}") for number in range(1, 31)})

    class Fleet:
        def batch(self) -> list[int]:
            return list(range(1, 26))

        def rest(self) -> list[int]:
            return list(range(26, 31))

    controller(ids_per_request=10).test_data([7], Fleet())
    assert [len(ids) for ids in service.ids] == [10, 10, 10]
    second = controller(ids_per_request=10)
    assert second.test_data([25, 30], Fleet())
    assert second.session.requests_made == 0


def test_tests_of_other_hosts_never_cause_a_wait(controller: Maker, service: Service, clock: FakeClock) -> None:
    service.tests.update({number: (number, f"Test {number}") for number in range(1, 101)})

    class Fleet:
        def batch(self) -> list[int]:
            return list(range(1, 101))

        def rest(self) -> list[int]:
            return []

    limited = {"ids_per_request": 10, "rate_limits": "4/minute"}
    controller(**limited).test_data([50], Fleet())
    assert len(service.ids) == 4
    assert clock.slept == []
    with pytest.raises(
        RateLimitError, match=r"7 requests have to wait, the first until .*Z \(\d+ s\), the last until .*Z \(\d+ s\)\."
    ):
        controller(**limited, retry_budget=10.0, start="-30").test_data(list(range(1, 71)))
    controller(**limited).test_data([100], Fleet())
    assert [round(wait, 1) for wait in clock.slept] == [61.5]


def test_a_429_after_a_wait_for_the_turn_does_not_fail_a_host(
    controller: Maker, service: Service, clock: FakeClock, announced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait behind the run's own requests must not use up the budget for the 429."""
    controller(rate_limits="1/minute").test_data([1])
    answer = service.answer
    refused: list[int] = []

    def refuse_once(path: str, params: dict[str, str]) -> Any:
        if refused:
            return answer(path, params)
        refused.append(1)
        return 429, {"errors": [{"message": "quota exceeded"}], "completed": False}

    monkeypatch.setattr(service, "answer", refuse_once)
    assert controller(rate_limits="1/minute").test_data([2])[0]["test_id"] == 2
    assert [round(wait, 1) for wait in clock.slept] == [61.5, 60.0, 1.5]
    assert "Waiting 60 s before try 2 (retry_budget: 0 s of 60 s used so far)." in announced[-1]


class WaitingError(Exception):
    """Raised instead of a wait."""


def test_all_workers_share_the_rate_limits(
    controller: Maker, service: Service, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_seconds: float) -> None:
        raise WaitingError

    def ask(number: int) -> str:
        try:
            controller(rate_limits="5/minute", start=f"-{number + 1}").test_data([1])
        except WaitingError:
            return "waits"
        return "sent"

    # Each process has its own fake clock, so none may advance.
    monkeypatch.setattr(clock, "sleep", wait)
    assert sorted(race(8, ask)) == ["sent"] * 5 + ["waits"] * 3


def test_without_a_folder_results_are_not_shared(controller: Maker, service: Service, run_folder: Path) -> None:
    run_folder.rmdir()
    assert race(3, lambda _number: controller().test_data([1])[0]["test_id"]) == [1] * 3
    assert len(service.ids) == 3
    one = controller()
    for _time in range(2):
        assert one.test_data([1])[0]["test_id"] == 1
    assert len(service.ids) == 4
    assert not run_folder.exists()


def test_options_are_checked_despite_cached_results(controller: Maker) -> None:
    controller().test_data([1])
    with pytest.raises(OptionError, match="timeout"):
        controller(timeout=0.0)
    with pytest.raises(OptionError, match="rate_limits"):
        controller(rate_limits="many")
    with pytest.raises(OptionError, match="cache_ttl must be 0 or more seconds"):
        controller(cache_ttl=-1.0)


def test_entries_are_small_and_plain(controller: Maker, service: Service, options: Any, run_folder: Path) -> None:
    controller().test_data([1, 2])
    folder = Path(reader.place()) / reader.account(options()) / reader.data_query(options())
    assert {path.name for path in folder.iterdir()} == {"lock", "1.json", "2.json"}
    entry = json.loads((folder / "2.json").read_text())
    assert set(entry) == {"requested_at", "live", "result"}
    assert entry["result"]["test_id"] == 2
