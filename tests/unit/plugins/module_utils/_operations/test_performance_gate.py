# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate's polls and waits, against the simulator over a socket, with a fake clock."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Callable, Optional

import pytest
from ansible_collections.community.catchpoint.extensions.simulator.server.server import Server
from ansible_collections.community.catchpoint.extensions.simulator.service.simulator import Simulator
from ansible_collections.community.catchpoint.plugins.module_utils._api.factory import open_client
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http import transport
from ansible_collections.community.catchpoint.plugins.module_utils._operations.performance_gate import (
    OPERATION,
    check,
    performance_gate,
)
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import has_passed

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z
DAY = 86400
RAW = "/api/v2/tests/explorer/raw"
TEST, OTHER, CONTROL = 101, 102, 103
PLACES = {1: "New York", 2: "London", 3: "Singapore"}
MEDIAN = {"metric": "test_time", "fail": {"max": 1000}}
BUDGET = {"metric": "error_budget", "fail": {"min": 10}, "warn": {"min": 50}}
RELATIVE = {"metric": "test_time", "fail": {"max_increase_percent": 20}, "warn": {"max_increase_percent": 10}}


def iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def run(after: float, total: Optional[float] = 900, *, node: int = 1, failed: bool = False) -> dict[str, Any]:
    """One run of the scenario, ``after`` seconds after noon (negative: before)."""
    return {"at": iso(NOON + after), "node": node, "total": total, "failed": failed}


def every(step: float, values: Sequence[Optional[float]], first: float = 1) -> list[dict[str, Any]]:
    """Runs with these values at even intervals; None is a failed run."""
    return [
        run(first + step * number, 900 if value is None else value, failed=value is None)
        for number, value in enumerate(values)
    ]


def hour_before(values: Sequence[float]) -> list[dict[str, Any]]:
    """Runs spread over the hour before noon."""
    return every(3600 // len(values), values, first=-3599)


class Clock:
    """The controller's clock. The simulator's clock follows it, ``ahead`` seconds ahead."""

    def __init__(self, simulator: Simulator) -> None:
        self.time = NOON
        self.ahead = 0.0
        self.slept: list[float] = []
        self._simulator = simulator
        self.set_ahead(0.0)

    def set_ahead(self, seconds: float) -> None:
        self.ahead = seconds
        self._simulator.clock.set(self.time + seconds, 0.0)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.time += seconds
        self._simulator.clock.set(self.time + self.ahead, 0.0)


class Service:
    """A listening simulator, and the requests, progress lines and warnings of a gate."""

    def __init__(self) -> None:
        self.simulator = Simulator({"limits": "off", "nodes": [{"id": i, "city": c} for i, c in PLACES.items()]})
        self.server = Server(("127.0.0.1", 0), self.simulator)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.clock = Clock(self.simulator)
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.connection = {
            "base_url": self.server.url,
            "api_key": self.simulator.credentials.first_key,
            "retry_budget": 0.0,
        }

    def test(self, number: int, runs: Sequence[Mapping[str, Any]], **members: Any) -> None:
        data = {"id": number, "name": f"Page {number}", "type": "Web", "runs": list(runs), **members}
        self.simulator.world.add_test(data)

    def fault(self, **order: Any) -> None:
        self.simulator.faults.add({"path": RAW, **order})

    def gate(self, criteria: Any = (MEDIAN,), **options: Any) -> dict[str, Any]:
        client, _session = open_client(self.connection, warn=self.warnings.append, clock=self.clock)
        return performance_gate(
            client,
            {"test_ids": [TEST], "warmup": 0, "criteria": list(criteria), **options},
            clock=self.clock,
            progress=self.progress,
            warn=self.warnings.append,
        )

    def progress(self, line: str) -> None:
        self.lines.append(line)

    def requests(self, path: str = RAW) -> list[dict[str, Any]]:
        return [entry for entry in self.simulator.log if entry["path"] == path]

    @property
    def seconds(self) -> float:
        return self.clock.time - NOON


def with_v1(service: Service) -> None:
    (client_id, secret), _state = next(iter(service.simulator.credentials.clients.items()))
    service.connection = {"base_url": service.server.url, "client_id": client_id, "client_secret": secret}


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.server.stopping.set()
    made.server.shutdown()
    made.server.server_close()


def test_wait_timeout_also_counts_the_services_clock(service: Service) -> None:
    """A rehearsal speeds up the simulator's clock and thereby the wait."""
    service.test(TEST, [])
    sleep = service.clock.sleep

    def sleep_in_a_hurry(seconds: float) -> None:
        sleep(seconds)
        service.clock.set_ahead(service.clock.ahead + 59 * seconds)

    service.clock.sleep = sleep_in_a_hurry  # type: ignore[method-assign]
    result = service.gate(min_runs=5, wait_timeout=1800, poll_interval=5)
    assert result["waited"]["timed_out"]
    assert service.seconds < 60


# The waiting cases of the specification


def test_w01_the_gate_waits_for_min_runs_and_judges_them(service: Service) -> None:
    service.test(TEST, every(25, [900] * 40))
    result = service.gate(min_runs=5)
    assert result["verdict"] == "pass"
    assert service.seconds == 120
    assert result["waited"] == {
        "seconds": 120,
        "polls": 3,
        "timed_out": False,
        "stopped_early": False,
        "ended_by": "horizon",
        "reached": "5 of 5 runs",
        "api_retries": 0,
    }


def test_w01_polls_at_0_60_120_and_180_s_return_0_2_4_and_6_runs(service: Service) -> None:
    service.test(TEST, every(30, [900] * 20, first=10))
    result = service.gate(min_runs=5)
    assert [line.split(",")[0] for line in service.lines] == [
        "0 of 5 runs",
        "2 of 5 runs",
        "4 of 5 runs",
        "6 runs (5 required)",
    ]
    assert result["waited"]["polls"] == 4
    assert result["runs"]["used"] == 6
    assert service.seconds == 180
    assert not result["waited"]["timed_out"]


def test_w02_available_runs_are_judged_at_the_timeout(service: Service) -> None:
    service.test(TEST, every(60, [900] * 3, first=10))
    result = service.gate(min_runs=5, wait_timeout=300)
    assert result["verdict"] == "inconclusive"
    assert result["failed"]
    assert result["waited"]["timed_out"]
    assert result["waited"]["polls"] == 6
    assert service.seconds == 300
    assert "3 of 5 runs in 300 s" in result["msg"]


def test_w03_the_second_failed_run_of_20_ends_the_wait(service: Service) -> None:
    service.test(TEST, every(60, [900, 900, None, 900, 900, 900, None, *[900] * 40], first=10))
    result = service.gate([{"metric": "availability", "fail": {"min": 99}}], min_runs=20)
    assert result["verdict"] == "fail"
    assert service.seconds == 420
    assert result["waited"]["ended_by"] == "fail"
    assert "2 of 7 runs failed: at best 90 % of 20" in result["criteria"][0]["reason"]


def test_w03_one_failed_run_of_20_may_be_chance(service: Service) -> None:
    service.test(TEST, every(60, [900, 900, None, *[900] * 40], first=10))
    result = service.gate([{"metric": "availability", "fail": {"min": 99}}], min_runs=20)
    assert (result["verdict"], result["waited"]["ended_by"]) == ("warn", "horizon")
    assert service.seconds == 1200


@pytest.mark.parametrize(("slow", "stopped"), [(6, 420), (5, 600)])
def test_w05_a_median_that_can_no_longer_be_met_ends_the_wait(service: Service, slow: int, stopped: float) -> None:
    service.test(TEST, every(60, [900] * (7 - slow) + [1100] * slow + [900] * 20, first=10))
    result = service.gate(min_runs=10)
    assert service.seconds == stopped
    assert result["waited"]["stopped_early"] == (slow == 6)
    assert result["verdict"] == ("fail" if slow == 6 else "pass")


def test_w05_without_fail_fast_the_wait_continues(service: Service) -> None:
    service.test(TEST, every(60, [1100] * 20, first=10))
    result = service.gate(min_runs=10, fail_fast=False)
    assert service.seconds == 600
    assert (result["verdict"], result["waited"]["stopped_early"]) == ("fail", False)


def test_w07_an_early_change_needs_more_evidence(service: Service) -> None:
    """+26 % with p=0.03 at 6 runs is not enough; at 20 runs it is +12 % with p=0.16."""
    steady = [920, 1070, 860, 1020, 960, 1450, 1170, 960, 1250, 1190, 860, 890]
    slow_at_first = [
        1250, 1180, 1350, 1490, 930, 1240, 1130, 1140, 1060, 1110,
        860, 1130, 1060, 1100, 910, 960, 1090, 1280, 920, 950,
    ]  # fmt: skip
    service.test(TEST, hour_before(steady) + every(60, slow_at_first, first=10))
    limits = {"metric": "test_time", "fail": {"max_increase_percent": 10}}
    result = service.gate([limits], min_runs=20)
    row = result["criteria"][0]
    assert result["verdict"] == "warn"
    assert row["p"] > 0.05
    assert row["change_percent"] > 10
    assert [look["samples"] for look in row["looks"]] == [5, 10, 15, 20]
    assert result["waited"]["ended_by"] == "horizon"
    assert service.seconds == 1200


def test_a_clear_regression_ends_the_wait_early(service: Service) -> None:
    service.test(TEST, hour_before([1000, 980, 1025, 1010, 990, 1040] * 10) + every(60, [1600] * 30, first=10))
    result = service.gate([RELATIVE], min_runs=30)
    assert (result["verdict"], result["waited"]["ended_by"]) == ("fail", "fail")
    assert service.seconds == 600
    assert (
        "gate: FAIL after 10 of 30 runs (1 of 1 criterion): test_time median 1600 ms is 59.2 % above" in result["msg"]
    )
    assert service.lines[-1] == "10 of 30 runs, availability 100 %, test_time median +59.2 % (analysis 2)"
    assert result["report"][-1] == "the wait ended after 10 of 30 runs, because the evidence was enough to fail"


def test_a_good_deploy_passes_early(service: Service) -> None:
    usual = [1000, 980, 1025, 1010, 990, 1040] * 10
    service.test(TEST, hour_before(usual) + every(60, usual, first=10))
    result = service.gate([RELATIVE], min_runs=30)
    assert (result["verdict"], result["waited"]["ended_by"]) == ("pass", "pass")
    assert service.seconds == 300
    assert result["msg"] == "performance gate: PASS after 5 of 30 runs (1 criterion, 5 usable runs)"
    assert result["report"][-1] == (
        "the wait ended after 5 of 30 runs, because the other runs could hardly change the verdict"
    )


def test_without_pass_fast_a_good_deploy_waits_for_all_runs(service: Service) -> None:
    usual = [1000, 980, 1025, 1010, 990, 1040] * 10
    service.test(TEST, hour_before(usual) + every(60, usual, first=10))
    result = service.gate([RELATIVE], min_runs=10, pass_fast=False)
    assert (result["verdict"], result["waited"]["ended_by"]) == ("pass", "horizon")
    assert service.seconds == 600


def test_w08_four_consecutive_failures_are_retried(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind="status", status=503, times=4)
    result = service.gate(min_runs=5)
    assert result["verdict"] == "pass"
    assert result["waited"]["api_retries"] == 4
    assert service.clock.slept[:4] == [5, 10, 20, 40]
    assert len(service.warnings) == 4
    assert "HTTP 503" in service.warnings[0]


def test_an_outage_of_15_minutes_is_retried(service: Service) -> None:
    """The service's release windows take that long."""
    service.test(TEST, every(10, [900] * 400))
    service.fault(kind="status", status=503, times=18)
    result = service.gate(min_runs=5, wait_timeout=3600)
    assert result["verdict"] == "pass"
    assert result["waited"]["api_retries"] == 18
    assert 15 * 60 <= service.seconds < 20 * 60


@pytest.mark.parametrize("fail_on", [None, []])
def test_a_lasting_outage_gives_the_verdict_error(service: Service, fail_on: Any) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind="status", status=503, times=-1)
    result = service.gate(min_runs=5, fail_on=fail_on, wait_timeout=75)
    assert result["verdict"] == "error"
    assert result["failed"] == (fail_on is None)
    assert not has_passed(result)
    assert service.server.url + RAW in result["msg"]
    assert "HTTP 503" in result["msg"]
    assert "It failed 5 times in a row, and the gate's wait_timeout is over." in result["msg"]
    assert service.connection["api_key"] not in str(result) + str(service.warnings)
    assert result["waited"]["api_retries"] == 4
    assert len(service.requests()) == 5


@pytest.mark.parametrize("kind", ["drop", "reset", "truncate", "html", "non_json"])
def test_network_and_gateway_errors_are_retried(service: Service, kind: str) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind=kind, times=2, **({"status": 502} if kind == "html" else {}))
    result = service.gate(min_runs=5)
    # The first fault breaks a connection that was already open, so the request is repeated at once.
    retries = 1 if kind in ("drop", "reset") else 2
    assert (result["verdict"], result["waited"]["api_retries"]) == ("pass", retries)


class ThreadInNoTime(threading.Thread):
    """The thread of an exchange that never ends: waiting for it advances the gate's clock and takes no time."""

    service: Service

    def join(self, timeout: Optional[float] = None) -> None:
        if self.service.simulator.faults.remaining():
            assert timeout is not None
            self.service.clock.sleep(timeout)
        else:
            super().join(timeout)


@pytest.mark.parametrize("part", ["head", "body", None])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_wait_timeout_bounds_a_response_that_never_ends(
    service: Service, monkeypatch: pytest.MonkeyPatch, version: str, part: Optional[str]
) -> None:
    """The first poll at 0 s succeeds. The second at 60 s has 15 s left, and not the 100 s of ``timeout``."""
    ThreadInNoTime.service = service
    monkeypatch.setattr(transport, "threading", SimpleNamespace(Thread=ThreadInNoTime))
    monkeypatch.setattr(transport, "time", SimpleNamespace(monotonic=service.clock.now))
    service.test(TEST, every(60, [900] * 40))
    if version == "v1":
        with_v1(service)
    service.connection["timeout"] = 100.0
    order = {"kind": "endless"} if part is None else {"kind": "drip", "part": part, "forever": True}

    def drip(_line: str) -> None:
        service.fault(**{"path": "*", "times": -1, "bytes_per_second": 5, **order})

    monkeypatch.setattr(service, "progress", drip)
    result = service.gate(min_runs=20, wait_timeout=75)
    assert (result["verdict"], result["failed"]) == ("error", True)
    assert (service.seconds, service.clock.slept) == (75, [60, 15])
    assert "timed out" in result["msg"]
    assert "the gate's wait_timeout is over" in result["msg"]


def test_failures_between_responses_are_not_consecutive(service: Service) -> None:
    service.test(TEST, every(60, [900] * 40))
    for after in (1, 2):
        service.fault(kind="status", status=500, times=4, after=after)
    result = service.gate(min_runs=20)
    assert result["verdict"] == "pass"
    assert result["waited"]["api_retries"] == 8


def test_w10_a_rate_limit_is_waited_for_and_is_not_a_failure(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind="status", status=429, headers={"Retry-After": "30"}, times=7)
    result = service.gate(min_runs=5)
    assert result["verdict"] == "pass"
    assert service.clock.slept[:7] == [30] * 7
    assert result["waited"]["api_retries"] == 0


def test_a_rate_limit_beyond_the_timeout_is_not_waited_for(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind="status", status=429, headers={"Retry-After": "3600"})
    result = service.gate(min_runs=5)
    assert result["verdict"] == "error"
    assert "2026-11-23T13:00:00Z, which is beyond the gate's wait_timeout" in result["msg"]
    assert not service.clock.slept


def test_a_rate_limit_without_a_reset_time_waits_for_a_minute(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.clock.sleep(15)
    service.fault(kind="status", status=429)
    assert service.gate(min_runs=5)["verdict"] == "pass"
    assert service.clock.slept[1] == 60


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"kind": "status", "status": 401}, "does not accept the credentials"),
        ({"kind": "status", "status": 403}, "lack the permission for this request"),
        ({"kind": "status", "status": 400, "times": 9}, "refused the request"),
    ],
)
def test_w11_other_refusals_end_the_wait_at_once(service: Service, order: dict[str, Any], words: str) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(**order)
    result = service.gate(min_runs=5)
    assert result["verdict"] == "error"
    assert words in result["msg"]
    assert not service.clock.slept
    assert len(service.requests()) == 1


def test_permanent_errors_end_the_wait_at_once(service: Service) -> None:
    service.connection["base_url"] = service.server.url.replace("http:", "https:")
    result = service.gate(min_runs=5)
    assert result["verdict"] == "error"
    assert "TLS failed" in result["msg"]
    assert not service.clock.slept


def test_retries_end_with_the_timeout(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind="status", status=503, times=-1)
    result = service.gate(min_runs=5, wait_timeout=12)
    assert result["verdict"] == "error"
    assert "It failed 3 times in a row, and the gate's wait_timeout is over." in result["msg"]
    assert service.clock.slept == [5, 7]


def test_an_unknown_test_ends_the_wait_at_once(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    result = service.gate(min_runs=5, test_ids=[TEST, 999])
    assert result["verdict"] == "error"
    assert "Test 999 does not exist" in result["msg"]
    assert not service.clock.slept


def test_w13_a_truncated_window_is_requested_in_halves(service: Service) -> None:
    service.simulator.switches.update({"max_rows": 200})
    service.test(TEST, every(10, [900] * 250))
    service.clock.sleep(2600)
    result = service.gate(since=iso(NOON), min_runs=250)
    assert result["runs"]["used"] == 250
    assert len(service.requests()) == 3
    assert result["waited"]["polls"] == 1


def test_incomplete_data_give_the_verdict_error(service: Service) -> None:
    """Ten runs within a minute; the service returns at most five."""
    service.simulator.switches.update({"max_rows": 5})
    service.test(TEST, every(3, [900] * 10))
    service.clock.sleep(60)
    result = service.gate(since=iso(NOON), min_runs=5)
    assert (result["verdict"], result["failed"]) == ("error", True)
    assert "The runs of test 101 are not complete: the service truncated them" in result["msg"]


def test_w14_check_mode_validates_options_without_requests(service: Service) -> None:
    result = check({"test_ids": [TEST], "criteria": [MEDIAN]}, clock=service.clock)
    assert (result["verdict"], result["failed"], result["changed"]) == ("skipped", False, False)
    assert has_passed(result)
    assert not service.simulator.log
    assert not service.clock.slept
    with pytest.raises(OptionError, match="criteria is empty"):
        check({"test_ids": [TEST], "criteria": []}, clock=service.clock)
    objectives = {"test_ids": [TEST], "criteria": [{"metric": "slo_violations", "fail": {"max": 0}}]}
    assert check(objectives, clock=service.clock)["verdict"] == "skipped"
    with pytest.raises(OptionError, match="slo_violations needs REST API v2"):
        check(objectives, clock=service.clock, generation=1)
    with pytest.raises(OptionError, match="error_budget needs REST API v2"):
        check({"test_ids": [TEST], "criteria": [BUDGET]}, clock=service.clock, generation=1)


def test_w15_a_baseline_without_runs_is_reported_at_the_first_poll(service: Service) -> None:
    service.test(TEST, every(60, [900] * 40, first=10))
    warned_at: list[float] = []
    service.warnings = _Calls(lambda: warned_at.append(service.seconds))
    result = service.gate([RELATIVE], min_runs=20)
    assert warned_at == [0.0]
    assert "the baseline of test 101 has 0 usable values of test_time, 5 needed" in service.warnings[0]
    assert result["verdict"] == "inconclusive"
    assert service.seconds == 1200


class _Calls(list):  # type: ignore[type-arg]
    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self._call = call

    def append(self, value: Any) -> None:
        self._call()
        super().append(value)


def test_w16_an_empty_fail_on_never_fails_the_task(service: Service) -> None:
    service.test(TEST, every(10, [1100] * 40))
    result = service.gate(min_runs=5, fail_on=[])
    assert (result["verdict"], result["failed"], result["changed"]) == ("fail", False, False)
    assert not has_passed(result)


def test_w17_two_tests_share_a_request_and_are_judged_separately(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.test(OTHER, every(10, [1100] * 40))
    result = service.gate(test_ids=[TEST, OTHER], min_runs=5, fail_fast=False)
    assert result["verdict"] == "fail"
    assert [row["status"] for row in result["criteria"]] == ["pass", "fail"]
    assert f"Page {OTHER}" in result["msg"]
    assert len(service.requests()) == result["waited"]["polls"] == 2
    assert service.requests()[0]["params"]["testIds"] == f"{TEST},{OTHER}"


# Requests


def test_the_baseline_is_read_once(service: Service) -> None:
    service.test(TEST, hour_before([900] * 12) + every(60, [900] * 40, first=10))
    result = service.gate([RELATIVE], min_runs=5)
    assert result["verdict"] == "pass"
    windows = [(entry["params"]["startTimeUtc"], entry["params"]["endTimeUtc"]) for entry in service.requests()]
    assert len(windows) == result["waited"]["polls"] + 1
    # With its history of four hours, in the same request.
    assert windows.count(("2026-11-23T07:00:00", "2026-11-23T12:00:00")) == 1
    assert (result["runs"]["baseline"], result["runs"]["history"]) == (12, 0)


def test_stored_runs_replace_the_request_for_the_baseline(service: Service) -> None:
    service.test(TEST, every(10, [1300] * 40))
    stored = [
        {"time": iso(NOON - DAY + n), "node": "New York", "failed": False, "metrics": {"test_time": 1000.0 + n}}
        for n in range(10)
    ]
    # The simulator's name of the node, so that runs are compared at their location.
    name = service.simulator.world.nodes[1].name
    stored = [{**one, "node": name} for one in stored]
    result = service.gate([RELATIVE], min_runs=8, baseline={"runs": stored})
    assert result["verdict"] == "fail"
    assert len(service.requests()) == result["waited"]["polls"]


def test_control_tests_share_the_request_of_the_gated_tests(service: Service) -> None:
    drift = [1300, 1310, 1295, 1305, 1290, 1315, 1302, 1298, 1307, 1293]
    before = [1000, 1010, 995, 1005, 990, 1015, 1002, 998, 1007, 993]
    for number in (TEST, CONTROL):
        service.test(number, hour_before(before) + every(30, drift * 2))
    alone = service.gate([RELATIVE], min_runs=10)
    assert alone["verdict"] == "fail"
    polls = len(service.requests())
    compared = service.gate([RELATIVE], min_runs=10, since=iso(NOON), baseline={"control_test_ids": [CONTROL]})
    assert compared["verdict"] == "pass"
    ids = [entry["params"]["testIds"] for entry in service.requests()[polls:]]
    assert set(ids) == {f"{TEST},{CONTROL}"}
    assert len(ids) == compared["waited"]["polls"] + 1
    assert {row["test_id"] for row in compared["criteria"]} == {TEST}


def test_a_gate_without_a_history_reads_only_the_baseline(service: Service) -> None:
    service.test(TEST, hour_before([900] * 12) + every(60, [900] * 40, first=10))
    result = service.gate([RELATIVE], min_runs=5, baseline={"history": 0})
    assert ("2026-11-23T11:00:00", "2026-11-23T12:00:00") in [
        (entry["params"]["startTimeUtc"], entry["params"]["endTimeUtc"]) for entry in service.requests()
    ]
    assert result["windows"]["history"] is None


def test_runs_of_the_history_are_counted_separately(service: Service) -> None:
    older = every(300, [900] * 48, first=-5 * 3600 + 1)
    service.test(TEST, older + hour_before([900] * 12) + every(60, [900] * 40, first=10))
    result = service.gate([RELATIVE], min_runs=5)
    assert (result["runs"]["baseline"], result["runs"]["history"]) == (12, 48)
    assert result["windows"]["history"] == {"start": "2026-11-23T07:00:00Z", "end": "2026-11-23T11:00:00Z"}


def test_a_refused_history_costs_one_more_request(service: Service) -> None:
    service.test(TEST, hour_before([900] * 12) + every(60, [900] * 40, first=10))
    service.fault(kind="status", status=400, query={"startTimeUtc": "2026-11-23T07:00:00"}, times=-1)
    result = service.gate([RELATIVE], min_runs=5)
    assert (result["verdict"], result["runs"]["baseline"]) == ("pass", 12)
    assert [text for text in service.warnings if "The history before the baseline could not be read" in text]


def test_only_the_metrics_of_the_criteria_are_requested(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.gate([MEDIAN, {"metric": "DNS (ms)", "fail": {"max": 500}}], min_runs=5)
    service.gate([{"metric": "availability", "fail": {"min": 90}}], min_runs=5)
    metrics = [len(entry["params"]["metricIds"].split(",")) for entry in service.requests()]
    assert metrics[0] == 4  # with availability and runs
    assert metrics[-1] == 7  # with the service's five counters of failures
    assert {entry["params"]["availabilityFilter"] for entry in service.requests()} == {"2"}


def test_alerts_are_counted_from_the_deploy_on(service: Service) -> None:
    service.test(TEST, every(10, [900] * 200))
    world = service.simulator.world
    for minutes in (-5, 3):
        alert = {"test_id": TEST, "level": "Critical", "at": NOON + 60 * minutes}
        world.add_alert(alert, NOON)
    result = service.gate([{"metric": "alerts", "fail": {"max": 0}}], duration=600)
    assert result["verdict"] == "fail"
    assert result["criteria"][0]["value"] == 1
    assert (service.seconds, result["waited"]["stopped_early"]) == (180, True)


def test_alerts_are_not_requested_without_a_criterion(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.gate(min_runs=5)
    assert {entry["path"] for entry in service.simulator.log} == {RAW, "/api/v2/tests/explorer/enumeration"}


def test_violations_of_objectives_are_counted(service: Service) -> None:
    violations = [{"start": NOON + 120, "minutes": 4, "test_id": TEST}]
    scenario = {
        **service.simulator.world.scenario,
        "tests": [{"id": TEST, "name": "Page", "type": "Web", "runs": every(10, [900] * 100)}],
        "slos": [
            {"id": 1, "name": "Fast", "tests": [TEST], "metric": "% Availability", "goal": 99, "violations": violations}
        ],
    }
    service.simulator.reset(scenario)
    service.clock.set_ahead(0)
    service.clock._simulator = service.simulator
    service.clock.sleep(600)
    result = service.gate(
        [{"metric": "slo_violations", "fail": {"max": 0}}], since=iso(NOON), duration=300, grace_period=0
    )
    assert (result["verdict"], result["criteria"][0]["value"]) == ("fail", 1)


@pytest.mark.parametrize(
    ("metric", "path", "body"),
    [
        ("alerts", "/api/v2/tests/alerts", '{"Message": "No HTTP resource was found."}'),
        ("alerts", "/api/v2/tests/alerts", ""),
        ("alerts", "/api/v2/tests/alerts", '{"errors": [{"message": "Access is denied."}], "completed": false}'),
        ("slo_violations", "/api/v2/slo/violations", '{"errors": [], "completed": false}'),
    ],
)
def test_404_for_events_gives_the_verdict_error(service: Service, metric: str, path: str, body: str) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind="status", status=404, body=body, path=path, times=-1)
    result = service.gate([{"metric": metric, "fail": {"max": 0}}], since=iso(NOON - 600), duration=300)
    assert (result["verdict"], path in result["msg"]) == ("error", True)


@pytest.mark.parametrize(("metric", "path"), [("alerts", "tests/alerts"), ("slo_violations", "slo/violations")])
@pytest.mark.parametrize(
    ("completed", "text"),
    [("true", "quota exceeded"), ("null", "quota exceeded"), ("false", "No valid Test found for input '101'.")],
)
def test_errors_beside_an_empty_list_of_events_give_the_verdict_error(
    service: Service, metric: str, path: str, completed: str, text: str
) -> None:
    service.test(TEST, every(10, [900] * 40))
    name = path.rpartition("/")[2]
    body = f'{{"data": {{"{name}": []}}, "errors": [{{"message": "{text}"}}], "completed": {completed}}}'
    service.fault(kind="status", status=200, body=body, path=f"/api/v2/{path}", times=-1)
    result = service.gate([{"metric": metric, "fail": {"max": 0}}], since=iso(NOON - 600), duration=300)
    assert (result["verdict"], text in result["msg"]) == ("error", True)


def test_404_without_alerts_passes(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(
        kind="status", status=404, body='{"errors": [], "completed": false}', path="/api/v2/tests/alerts", times=-1
    )
    result = service.gate(
        [{"metric": "alerts", "fail": {"max": 0}}], since=iso(NOON), duration=300, warmup=0, grace_period=0
    )
    assert result["verdict"] == "pass"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_alerts_in_another_time_zone_are_the_verdict_error(service: Service, version: str, zone: str) -> None:
    """They look as if none was raised since the deploy."""
    service.simulator.reset({**service.simulator.world.scenario, "account_time_zone": zone})
    service.clock.set_ahead(0)
    service.test(TEST, every(10, [900] * 200))
    if version == "v1":
        with_v1(service)
    service.simulator.world.add_alert({"test_id": TEST, "level": "Critical", "at": NOON + 60}, NOON)
    service.simulator.switches.update({"event_times": "account"})
    result = service.gate([{"metric": "alerts", "fail": {"max": 0}}], duration=600)
    assert (result["verdict"], result["failed"]) == ("error", True)
    assert "The service returned 1 alert outside the requested window (2026-11-23T12:00:00Z to" in result["msg"]
    assert "so others may be missing. If the service reads times in the account's" in result["msg"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(("empty", "verdict"), [("204", "inconclusive"), ("page", "error")])
def test_alerts_of_another_hour_never_pass(service: Service, zone: str, empty: str, verdict: str) -> None:
    """v1 reads the window in the account's time zone and has no alerts then. A page says which window it covers."""
    service.simulator.reset({**service.simulator.world.scenario, "account_time_zone": zone})
    service.clock.set_ahead(0)
    service.test(TEST, every(10, [900] * 200))
    with_v1(service)
    service.simulator.world.add_alert({"test_id": TEST, "level": "Critical", "at": NOON + 60}, NOON)
    service.simulator.switches.update({"v1_z": "ignored", "v1_empty_list": empty})
    result = service.gate([{"metric": "alerts", "fail": {"max": 0}}], duration=600)
    assert (result["verdict"], result["failed"]) == (verdict, True)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_alert_just_before_the_deploy_does_not_stop_the_gate(service: Service, version: str) -> None:
    """A service that rounds the window to whole minutes returns it."""
    service.test(TEST, every(10, [900] * 200))
    if version == "v1":
        with_v1(service)
    time = "report_time" if version == "v1" else "reportTime"
    answer = json.dumps({"alerts": [{time: iso(NOON - 200), "test": {"id": TEST}}]})
    service.fault(kind="status", status=200, body=answer, path="*alerts", times=-1)
    result = service.gate([{"metric": "alerts", "fail": {"max": 0}}], since=iso(NOON), duration=600)
    assert (result["verdict"], result["criteria"][0]["value"]) == ("pass", 0)


@pytest.mark.parametrize("criterion", [{"metric": "slo_violations", "fail": {"max": 0}}, BUDGET])
def test_violations_in_another_time_zone_are_the_verdict_error(service: Service, criterion: dict[str, Any]) -> None:
    service.simulator.reset({**service.simulator.world.scenario, "account_time_zone": "Asia/Tokyo"})
    service.clock.set_ahead(0)
    service.test(TEST, every(10, [900] * 200))
    violations = [{"start": NOON + 60, "minutes": 2, "test_id": TEST}]
    service.simulator.world.add_slo({**objective(1, 99), "violations": violations}, NOON)
    service.simulator.switches.update({"event_times": "account"})
    result = service.gate([MEDIAN, criterion], duration=600)
    assert (result["verdict"], result["failed"]) == ("error", True)
    assert "The service returned 1 SLO violation outside the requested window" in result["msg"]


def test_violations_of_objectives_need_v2(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    (client_id, secret), _state = next(iter(service.simulator.credentials.clients.items()))
    service.connection = {"base_url": service.server.url, "client_id": client_id, "client_secret": secret}
    with pytest.raises(OptionError, match="needs REST API v2"):
        service.gate([{"metric": "slo_violations", "fail": {"max": 0}}], min_runs=5)
    assert not service.clock.slept


def objective(number: int, goal: float, *minutes: float, tests: Sequence[int] = (TEST,)) -> dict[str, Any]:
    """An SLO with violations of these lengths in minutes, one on each day before noon."""
    violations = [
        {"start": NOON - DAY * day, "minutes": length, "test_id": tests[0]} for day, length in enumerate(minutes, 1)
    ]
    return {
        "id": number,
        "name": f"Promise {number}",
        "tests": list(tests),
        "metric": "% Availability",
        "goal": goal,
        "violations": violations,
    }


# 28 days with a goal of 97.5 have a budget of 1008 minutes.
@pytest.mark.parametrize(
    ("goal", "minutes", "status", "left"),
    [
        (97.5, [], "pass", 100.0),
        (97.5, [250, 254], "pass", 50.0),
        (97.5, [756], "warn", 25.0),
        (97.5, [958], "fail", 4.96),
        (97.5, [1440, 576], "fail", -100.0),
        (100, [], "pass", 100.0),
        (100, [1], "fail", 0.0),
    ],
)
def test_an_error_budget_is_judged_before_a_deploy_without_waiting(
    service: Service, goal: float, minutes: list[float], status: str, left: float
) -> None:
    service.test(TEST, hour_before([900] * 12))
    service.simulator.world.add_slo(objective(1, goal, *minutes), NOON)
    result = service.gate([BUDGET])
    (row,) = result["criteria"]
    assert (result["verdict"], row["status"], row["value"], row["unit"]) == (status, status, left, "percent")
    assert (row["aggregate"], row["baseline"], row["needed"]) == (None, None, None)
    assert "left of the error budget of Promise 1" in row["reason"]
    assert (result["waited"]["polls"], service.clock.slept) == (1, [])
    assert (len(service.requests("/api/v2/slo")), len(service.requests("/api/v2/slo/violations"))) == (1, 1)


def test_the_slo_with_the_least_remaining_budget_decides_for_each_test(service: Service) -> None:
    for number in (TEST, OTHER):
        service.test(number, [])
    for data in (objective(1, 99), objective(2, 99, 390), objective(3, 97.5, 126, tests=[OTHER])):
        service.simulator.world.add_slo(data, NOON)
    result = service.gate([BUDGET], test_ids=[TEST, OTHER])
    assert [row["status"] for row in result["criteria"]] == ["fail", "pass"]
    assert "of Promise 2 is below the limit 10 %" in result["criteria"][0]["reason"]
    assert "87.5 % left of the error budget of Promise 3" in result["criteria"][1]["reason"]


@pytest.mark.parametrize(("on_missing", "verdict"), [("inconclusive", "inconclusive"), ("fail", "fail")])
def test_a_test_without_an_slo_never_passes(service: Service, on_missing: str, verdict: str) -> None:
    service.test(TEST, hour_before([900] * 12))
    service.test(OTHER, [])
    service.simulator.world.add_slo(objective(1, 99, tests=[OTHER]), NOON)
    result = service.gate([{**BUDGET, "on_missing": on_missing}])
    assert (result["verdict"], result["failed"], result["criteria"][0]["value"]) == (verdict, True, None)
    assert "no active SLO covers the test" in result["criteria"][0]["reason"]
    assert not service.clock.slept
    assert service.gate([{**BUDGET, "on_missing": "pass"}])["verdict"] == "inconclusive"


def test_after_a_deploy_the_error_budget_is_read_at_each_poll(service: Service) -> None:
    """A violation begins 2 minutes after the deploy. A budget of 40.32 minutes is 90 % used after 36.3 minutes."""
    service.test(TEST, every(60, [900] * 60))
    data = {**objective(1, 99.9), "violations": [{"start": NOON + 120, "minutes": 60, "test_id": TEST}]}
    service.simulator.world.add_slo(data, NOON)
    result = service.gate([MEDIAN, BUDGET], min_runs=60, wait_timeout=7200, pass_fast=True)
    assert [row["status"] for row in result["criteria"]] == ["pass", "fail"]
    assert (result["waited"]["ended_by"], service.seconds) == ("fail", 2340)
    polls = result["waited"]["polls"]
    assert (len(service.requests("/api/v2/slo")), len(service.requests("/api/v2/slo/violations"))) == (1, polls)


def test_a_sufficient_error_budget_does_not_end_the_wait(service: Service) -> None:
    service.test(TEST, every(60, [900] * 60))
    service.simulator.world.add_slo(objective(1, 99), NOON)
    result = service.gate([MEDIAN, BUDGET], min_runs=20)
    assert (result["verdict"], result["waited"]["ended_by"]) == ("pass", "horizon")


def test_an_unreadable_error_budget_does_not_pass(service: Service) -> None:
    service.test(TEST, hour_before([900] * 12))
    service.fault(kind="status", status=403, path="/api/v2/slo", times=-1)
    result = service.gate([BUDGET])
    assert (result["verdict"], result["failed"]) == ("error", True)


def test_an_error_budget_needs_v2(service: Service) -> None:
    service.test(TEST, [])
    (client_id, secret), _state = next(iter(service.simulator.credentials.clients.items()))
    service.connection = {"base_url": service.server.url, "client_id": client_id, "client_secret": secret}
    with pytest.raises(OptionError, match="v1 does not support service-level objectives"):
        service.gate([BUDGET])


def test_v1_gets_the_same_requests(service: Service) -> None:
    service.test(TEST, hour_before([900] * 12) + every(30, [1300] * 40))
    (client_id, secret), _state = next(iter(service.simulator.credentials.clients.items()))
    service.connection = {"base_url": service.server.url, "client_id": client_id, "client_secret": secret}
    result = service.gate([RELATIVE, {"metric": "alerts", "fail": {"max": 0}}], min_runs=10)
    assert [row["status"] for row in result["criteria"]] == ["fail", "pass"]
    assert len(service.requests("/ui/api/v1/performance/raw")) == result["waited"]["polls"] + 1


# The horizon


def test_a_duration_waits_for_its_end_and_for_late_results(service: Service) -> None:
    service.test(TEST, every(60, [900] * 60, first=10), data_delay="45s")
    result = service.gate(warmup=120, duration=600, grace_period=60)
    assert service.seconds == 780
    assert result["runs"]["used"] == 10
    assert result["runs"]["warmup"] == 2
    assert result["windows"]["current"] == {"start": "2026-11-23T12:02:00Z", "end": "2026-11-23T12:12:00Z"}


def test_the_default_horizon_is_15_minutes(service: Service) -> None:
    service.test(TEST, every(60, [900] * 60, first=10))
    service.gate()
    assert service.seconds == 960


def test_a_window_that_is_over_is_judged_at_once(service: Service) -> None:
    service.test(TEST, every(60, [900] * 200, first=10))
    service.clock.sleep(7200)
    result = service.gate(since=iso(NOON), duration=1800, grace_period=0)
    assert result["waited"]["polls"] == 1
    assert result["runs"]["used"] == 30
    assert service.requests()[0]["params"]["endTimeUtc"] == "2026-11-23T12:30:00"


def test_the_last_poll_is_at_the_horizon(service: Service) -> None:
    service.test(TEST, every(10, [900] * 60))
    service.gate(duration=100, grace_period=30, poll_interval=60)
    assert service.seconds == 130
    assert service.clock.slept == [60, 60, 10]


def test_a_timeout_before_the_horizon_is_reported_at_the_start(service: Service) -> None:
    service.test(TEST, every(10, [900] * 60))
    result = service.gate(duration=900, wait_timeout=120)
    assert "timeout (120 s) ends before the window" in service.warnings[0]
    assert result["waited"]["timed_out"]


def test_every_location_must_have_its_runs_when_a_criterion_splits(service: Service) -> None:
    runs = every(30, [900] * 40, first=10) + [run(100 * n, node=2) for n in range(1, 20)]
    service.test(TEST, runs)
    result = service.gate([{**MEDIAN, "split_by": "location"}], min_runs=5)
    assert service.seconds == 540
    assert "at London" in service.lines[-2]
    assert len(result["criteria"]) == 2


# Clocks


def test_the_window_starts_with_the_task_by_the_services_clock(service: Service) -> None:
    service.test(TEST, every(10, [900] * 500))
    service.clock.set_ahead(600)
    result = service.gate(min_runs=5)
    assert result["windows"]["current"]["start"] == "2026-11-23T12:10:00Z"
    assert result["clock_skew_seconds"] == 600
    assert "clock is 10 min behind Catchpoint's" in service.warnings[0]
    assert len(service.warnings) == 1
    assert service.seconds == 60
    assert result["verdict"] == "pass"


def test_a_fast_controller_clock_does_not_request_future_data(service: Service) -> None:
    service.test(TEST, every(10, [900] * 500, first=-600))
    service.clock.set_ahead(-300)
    result = service.gate(since=iso(NOON - 600), min_runs=5)
    assert [entry["params"]["endTimeUtc"] for entry in service.requests()] == [
        "2026-11-23T12:00:00",
        "2026-11-23T11:55:00",
    ]
    assert (result["clock_skew_seconds"], result["waited"]["polls"]) == (-300, 1)
    assert "clock is 5 min ahead of Catchpoint's" in service.warnings[0]


def test_a_start_in_the_services_future_is_an_error_without_waiting(service: Service) -> None:
    service.test(TEST, [])
    with pytest.raises(OptionError, match=r"since is 2026-11-23T12:10:00Z, but it is only 2026-11-23T12:00:00Z now"):
        service.gate(since=iso(NOON + 600), min_runs=5)
    assert not service.clock.slept


def test_a_far_too_fast_clock_is_reported_before_its_error(service: Service) -> None:
    service.test(TEST, [])
    service.clock.set_ahead(-3 * 3600)
    with pytest.raises(OptionError, match=r"baseline\.before .* is later than since"):
        service.gate([RELATIVE], min_runs=5, baseline={"before": iso(NOON - 10)})
    assert "clock is 3 h ahead of Catchpoint's" in service.warnings[0]


def test_a_start_in_the_controllers_future_only_is_accepted(service: Service) -> None:
    service.test(TEST, every(10, [900] * 500))
    service.clock.set_ahead(900)
    assert service.gate(since=iso(NOON + 600), min_runs=5)["verdict"] == "pass"


def test_a_deploy_time_of_a_slightly_fast_clock_is_accepted(service: Service) -> None:
    service.test(TEST, hour_before([900] * 12) + every(10, [900] * 500))
    service.clock.set_ahead(-120)
    result = service.gate([RELATIVE], min_runs=5, baseline={"before": iso(NOON - 10)})
    assert result["verdict"] == "pass"
    assert result["windows"]["baseline"]["end"] == "2026-11-23T11:58:00Z"


def test_since_may_have_an_offset_or_be_a_number(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.clock.sleep(600)
    for since in ("2026-11-23T13:00:00+01:00", int(NOON), str(NOON)):
        assert service.gate(since=since, min_runs=5)["windows"]["current"]["start"] == "2026-11-23T12:00:00Z"


# Wrong options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"criteria": []}, "criteria is empty"),
        ({"criteria": [{"metric": "test_tme", "fail": {"max": 1}}]}, "test_tme"),
        ({"since": "2026-11-23T12:00:00"}, "has no UTC offset"),
        ({"poll_interval": 4}, "poll_interval must be at least 5"),
        ({"min_runs": 5, "duration": 60}, "Give one of them"),
        ({"test_ids": []}, "test_ids is missing or empty"),
    ],
)
def test_invalid_options_are_errors_without_waiting(service: Service, options: dict[str, Any], words: str) -> None:
    service.test(TEST, every(10, [900] * 40))
    criteria = options.pop("criteria", [MEDIAN])
    with pytest.raises(OptionError, match=words):
        service.gate(criteria, **options)
    assert not service.clock.slept
    assert not service.requests()


def test_unreadable_stored_runs_give_the_verdict_error(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    result = service.gate([RELATIVE], min_runs=5, baseline={"runs": [{"node": "New York"}]})
    assert result["verdict"] == "error"
    assert not service.clock.slept


# Progress


def test_every_poll_reports_progress(service: Service) -> None:
    service.test(TEST, every(50, [900] * 60, first=10))
    service.gate(min_runs=20)
    assert len(service.lines) == len(service.requests())
    assert service.lines[5] == "6 of 20 runs, availability 100 %, about 12 min left"
    assert not service.warnings


# No pass without data


@pytest.mark.parametrize("kind", ["empty", "other_json", "completed_false", "status", "drop", "non_json", "html"])
def test_an_api_without_a_valid_response_never_passes(service: Service, kind: str) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.fault(kind=kind, times=-1)
    result = service.gate(min_runs=5, criteria=[{**MEDIAN, "on_missing": "inconclusive"}])
    assert result["verdict"] in ("error", "inconclusive")
    assert result["failed"]


def test_the_operation_runs_without_progress_output(service: Service) -> None:
    service.test(TEST, every(10, [900] * 40))
    service.clock.sleep(600)
    client, _session = open_client(service.connection, warn=service.warnings.append, clock=service.clock)
    options = {"test_ids": [TEST], "criteria": [MEDIAN], "since": iso(NOON), "duration": 300, "grace_period": 0}
    service.simulator.clock.reset()
    assert OPERATION.run(client, {**options, "api_key": "not the gate's"})["verdict"] in ("pass", "inconclusive")
