# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate as a task, against the simulator over a socket. All windows are in the past, so the gate does not wait."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants
from ansible_collections.community.catchpoint.extensions.simulator.server.server import Server
from ansible_collections.community.catchpoint.extensions.simulator.service.simulator import Simulator
from ansible_collections.community.catchpoint.plugins.action._catchpoint_performance_gate import (
    ActionModule,
    _Screen,
)
from ansible_collections.community.catchpoint.tests.unit.clock import NOW

KEY = "a/key+with=every&thing%in\"it'"
RAW = "/api/v2/tests/explorer/raw"
GOOD, SLOW, EMPTY = 101, 102, 103
LIMIT = {"metric": "test_time", "fail": {"max": 2000}}


class Service:
    """A listening simulator, and a runner for one task against it."""

    def __init__(self) -> None:
        self.deploy = int(NOW) - 1800
        tests = [
            {"id": number, "name": name, "type": "Web", "runs": [self.test_run(k, median) for k in range(runs)]}
            for number, name, median, runs in (
                (GOOD, "Good page", 900, 25),
                (SLOW, "Slow page", 4000, 25),
                (EMPTY, "Empty page", 0, 0),
            )
        ]
        self.simulator = Simulator(
            {
                "limits": "off",
                "nodes": [{"id": 1, "city": "New York"}],
                "tests": tests,
                "credentials": {"api_keys": [KEY]},
            }
        )
        self.server = Server(("127.0.0.1", 0), self.simulator)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def test_run(self, number: int, median: float) -> dict[str, Any]:
        """One run per minute from the deploy on."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.deploy + 30 + 60 * number))
        return {"at": at, "node": 1, "total": median + number}

    def options(self, **options: Any) -> dict[str, Any]:
        return {
            "base_url": self.server.url,
            "api_key": KEY,
            "rate_limits": "off",
            "test_ids": [GOOD],
            "since": self.deploy,
            "duration": 1200,
            "criteria": [LIMIT],
            **options,
        }

    def run(self, task_vars: Any = None, arguments: Any = None, **keywords: Any) -> dict[str, Any]:
        """Runs the task; ``keywords`` are those of the task, such as check_mode."""
        task = SimpleNamespace(
            action="community.catchpoint.catchpoint_performance_gate",
            args=self.options() if arguments is None else arguments,
            **{
                "async_val": 0,
                "check_mode": False,
                "delegate_to": None,
                "environment": None,
                "no_log": None,
                "run_once": False,
                **keywords,
            },
        )
        shell = SimpleNamespace(tmpdir="unused", env_prefix=lambda **_given: "")
        action = ActionModule(
            task=task,
            connection=SimpleNamespace(_shell=shell, transport="local"),
            play_context=SimpleNamespace(),
            loader=None,
            templar=SimpleNamespace(template=lambda value: value),
            shared_loader_obj=None,
        )
        return action.run(task_vars={} if task_vars is None else task_vars)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Service]:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    made = Service()
    yield made
    made.server.stopping.set()
    made.server.shutdown()
    made.server.server_close()


def test_a_gate_that_passes_shows_its_report(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    result = service.run()
    assert (result["verdict"], result["failed"], result["changed"]) == ("pass", False, False)
    assert not result["_ansible_verbose_always"]
    assert "warnings" not in result
    assert result["requests_made"] == 2
    out, err = capsys.readouterr()
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == "performance gate: 20 runs, availability 100 %"
    assert lines[1] == result["msg"]
    assert lines[2:] == result["report"]
    assert not err


def test_a_failed_gate_is_shown_in_full(service: Service) -> None:
    result = service.run(arguments=service.options(test_ids=[GOOD, SLOW]))
    assert (result["verdict"], result["failed"], result["changed"]) == ("fail", True, False)
    assert result["_ansible_verbose_always"]
    assert "\n" not in result["msg"]
    assert f"Slow page {SLOW}" in result["msg"]
    assert len(result["report"]) == 3
    assert all("\n" not in line for line in result["report"])


def test_tests_is_an_alias_of_test_ids(service: Service) -> None:
    options = service.options(tests=[GOOD])
    del options["test_ids"]
    assert service.run(arguments=options)["verdict"] == "pass"


def test_warnings_of_the_gate_become_warnings_of_the_task(service: Service) -> None:
    options = service.options(criteria=[{"metric": "test_time", "warn": {"max": 10}}])
    result = service.run(arguments=options)
    assert result["verdict"] == "warn"
    assert "above the limit 10 ms" in result["warnings"][0] or "limit" in result["warnings"][0]


def test_a_baseline_without_runs_is_reported_at_once(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    limits = {"metric": "test_time", "fail": {"max_increase_percent": 20}}
    result = service.run(arguments=service.options(test_ids=[EMPTY], criteria=[limits]))
    assert result["verdict"] == "inconclusive"
    assert "[WARNING]: performance gate: test_time median: the baseline" in capsys.readouterr().err


# Check mode, async, environment


def test_check_mode_validates_options_without_requests(service: Service) -> None:
    result = service.run(check_mode=True)
    assert (result["verdict"], result["failed"], result["requests_made"]) == ("skipped", False, 0)
    assert not service.simulator.log
    wrong = service.run(check_mode=True, arguments=service.options(criteria=[]))
    assert wrong["failed"]
    assert "criteria is empty" in wrong["msg"]


def test_check_mode_refuses_criteria_that_the_credentials_do_not_support(service: Service) -> None:
    options = service.options(criteria=[{"metric": "slo_violations", "fail": {"max": 0}}])
    del options["api_key"]
    result = service.run(check_mode=True, arguments={**options, "client_id": "someone", "client_secret": "secret"})
    assert result["failed"]
    assert "slo_violations needs REST API v2, that is an api_key" in result["msg"]


def test_async_is_refused(service: Service) -> None:
    result = service.run(async_val=600)
    assert result["failed"]
    assert "Remove async and poll from the task." in result["msg"]
    assert not service.simulator.log


def test_the_connection_may_come_from_the_environment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    options = service.options()
    monkeypatch.setenv("CATCHPOINT_BASE_URL", options.pop("base_url"))
    monkeypatch.setenv("CATCHPOINT_API_KEY", options.pop("api_key"))
    monkeypatch.setenv("CATCHPOINT_RATE_LIMITS", options.pop("rate_limits"))
    # Limits one request, not the gate.
    monkeypatch.setenv("CATCHPOINT_TIMEOUT", "5")
    result = service.run(arguments=options)
    assert (result["verdict"], result["waited"]["timed_out"]) == ("pass", False)


def test_the_connection_may_come_from_the_environment_of_the_task(service: Service) -> None:
    options = service.options()
    given = {"CATCHPOINT_API_KEY": options.pop("api_key")}
    assert service.run(arguments=options, environment=[given])["verdict"] == "pass"
    assert "CATCHPOINT_API_KEY" not in os.environ


# Wrong options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"split_by": "location"},
            "the gate has no option 'split_by', which is an option of a criterion. Move it into",
        ),
        ({"criterias": []}, "the gate has no option 'criterias'. Did you mean criteria"),
        ({"test_id": [1], "test_ids": None}, "no option 'test_id'. Did you mean test_ids or tests"),
        ({"criteria": [{"metric": "test_time", "fial": {"max": 1}}]}, "no option 'fial'. Did you mean fail?"),
        ({"criteria": [{"metric": "test_time", "fail": {"max": "4 s"}}]}, "Write the bare number"),
        ({"criteria": [{"fail": {"max": 4}}]}, "needs a metric"),
        ({"criteria": [{"metric": "test_time", "fail": 4000}]}, "fail must be a dictionary of max, min,"),
        ({"baseline": 3600}, "baseline must be a dictionary of before, duration,"),
        ({"min_runs": 5}, "min_runs and duration are mutually exclusive"),
        ({"since": "2026-11-23T12:00:00"}, "has no UTC offset"),
        ({"since": "yesterday"}, "which is not a time. Write -1d"),
        ({"since": 20}, "Write -20 for 20 minutes before now."),
        ({"since": "2026"}, "as seconds since 1970 is 1970-01-01T00:33:46Z"),
        ({"poll_interval": 1}, "poll_interval must be at least 5"),
        ({"fail_on": ["fial"]}, "must be one of"),
        ({"fail_on": ["never"]}, "Write fail_on: [] if no verdict may fail the task."),
        ({"fail_on": "none"}, "Write fail_on: [] if no verdict may fail the task."),
        ({"test_ids": ["Home page"]}, "test_ids"),
        ({"api_version": "two"}, "api_version must look like v2"),
        ({"client_id": "someone"}, "Both kinds of credentials are given"),
        ({"wait_timeout": 0}, "wait_timeout (seconds) must be more than 0"),
        ({"criteria": [{"metric": "test_tiem", "fail": {"max": 4}}]}, "no metric 'test_tiem'. Did you mean test_time"),
    ],
)
def test_invalid_options_are_explained(service: Service, options: dict[str, Any], words: str) -> None:
    result = service.run(arguments=service.options(fail_on=[]) | options)
    assert result["failed"]
    assert words in result["msg"]
    assert "verdict" not in result
    assert not [entry for entry in service.simulator.log if entry["path"] == RAW]


def test_a_missing_option_is_named(service: Service) -> None:
    options = service.options()
    del options["criteria"]
    assert "criteria is empty" in service.run(arguments=options)["msg"]


# Several hosts


@pytest.mark.parametrize("key", ["ansible_play_hosts", "ansible_play_batch"])
def test_several_hosts_get_a_warning_about_run_once(
    service: Service, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    task_vars = {"inventory_hostname": "web1", key: ["web1", "web2", "web3"]}
    result = service.run(task_vars)
    assert "runs on each of 3 hosts" in result["warnings"][0]
    assert "run_once: true and fail_on: []" in result["warnings"][0]
    assert "performance gate (web1): 20 runs" in capsys.readouterr().out


def test_a_batch_of_one_host_gets_no_warning(service: Service) -> None:
    task_vars = {"ansible_play_hosts": ["web1", "web2"], "ansible_play_batch": ["web1"]}
    assert "warnings" not in service.run(task_vars)


def test_run_once_gets_no_warning(service: Service) -> None:
    assert "warnings" not in service.run({"ansible_play_hosts": ["web1", "web2"]}, run_once=True)


# Secrets


@pytest.mark.parametrize("shape", ["json", "html", "text"])
def test_a_response_that_repeats_the_key_is_masked(
    service: Service, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service.simulator.faults.add({"path": "*", "kind": "echo_secret", "format": shape, "times": -1})
    result = service.run()
    assert result["verdict"] == "error"
    out, err = capsys.readouterr()
    shown = f"{result}{out}{err}"
    assert "every&thing" not in shown
    assert "every%26thing" not in shown


def test_a_key_in_the_wrong_place_is_masked(service: Service) -> None:
    result = service.run(arguments=service.options(since=KEY))
    assert result["failed"]
    assert "every&thing" not in result["msg"]


@pytest.mark.parametrize("callback", ["ansible.posix.json", "ansible.posix.jsonl", "json"])
def test_machine_readable_callbacks_keep_stdout_clean(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, callback: str
) -> None:
    """The callback's output must remain valid JSON; progress goes to stderr."""
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", callback)
    service.run()
    out, err = capsys.readouterr()
    assert out == ""
    assert "performance gate: 20 runs" in err


def test_repeated_warnings_of_polls_are_shown_once() -> None:
    screen = _Screen("", silent=True)
    for number in range(1, 5):
        screen.remark(f"Dropped {number} rows.")
        screen.remark("The same at each poll.")
        screen.line("progress")
    assert screen.remarks() == ["Dropped 1 rows.", "The same at each poll.", "Dropped 4 rows."]


def test_no_log_shows_nothing(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    limits = {"metric": "test_time", "fail": {"max_increase_percent": 20}}
    service.run(arguments=service.options(test_ids=[EMPTY], criteria=[limits]), no_log=True)
    assert capsys.readouterr() == ("", "")
