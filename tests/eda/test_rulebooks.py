# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks, end to end: the simulator posts webhooks, ansible-rulebook plays the playbooks.

This needs ansible-rulebook and Java 17; the nox session "eda" brings the one, and is left out without the other.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "extensions"))

from simulator.start import Running, running

TOKEN = "the-token-of-webhooks"
ALERT = {"test_id": 81095, "level": "Critical", "type": "PageFailure", "first": "start-1m"}
START_TIMEOUT = 90.0  # seconds; a JVM and a playbook have to start


class Rulebook:
    """ansible-rulebook with one of the rulebooks. Its output is read line by line."""

    def __init__(self, name: str, place: Path, simulator: Running, **variables: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._simulator = simulator
        self._lines: queue.Queue[str] = queue.Queue()
        self.output: list[str] = []
        inventory = place / "hosts.yml"
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory.write_text(json.dumps({"all": {"hosts": {"localhost": local, "web1": local, "web2": local}}}))
        given = {"catchpoint_webhook_token": TOKEN, "catchpoint_webhook_port": self.port, **variables}
        file = place / "variables.yml"
        file.write_text(json.dumps(given))
        programs = str(Path(sys.executable).parent)
        self._process = subprocess.Popen(
            [
                f"{programs}/ansible-rulebook",
                *("--rulebook", f"community.catchpoint.{name}"),
                *("--inventory", str(inventory)),
                *("--vars", str(file)),
                "--print-events",
            ],
            cwd=place,
            env={
                **os.environ,
                **simulator.environment,
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "ANSIBLE_COLLECTIONS_PATH": os.environ["EDA_COLLECTIONS"],
                "ANSIBLE_NOCOLOR": "1",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def wait_for(self, text: str) -> str:
        """Returns the output up to a line with this text."""
        found: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=START_TIMEOUT)
            except queue.Empty:
                line = ""
            if not line:
                pytest.fail(f"{text!r} is missing in the output:\n{''.join(self.output)}")
            self.output.append(line)
            found.append(line)
            if text in line:
                return "".join(found)

    def is_listening(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def start(self) -> None:
        # The source reports nothing when it is ready.
        ready = threading.Event()
        deadline = int(START_TIMEOUT / 0.2)
        for _attempt in range(deadline):
            if self.is_listening():
                return
            if self._process.poll() is not None:
                break
            ready.wait(0.2)
        pytest.fail(f"ansible-rulebook did not start:\n{''.join(self._lines.queue)}")

    def post(self, token: str = TOKEN, **order: Any) -> list[dict[str, Any]]:
        """Posts a webhook of Catchpoint. Returns the receiver's responses."""
        order = {
            "url": f"http://127.0.0.1:{self.port}/catchpoint",
            "headers": {"Authorization": f"Bearer {token}"},
            **order,
        }
        sent: list[dict[str, Any]] = self._simulator.control("POST", "/webhook", order)["sent"]
        return sent

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running(limits="off") as found:
        yield found


@pytest.fixture
def gate(tmp_path: Path, simulator: Running) -> Iterator[Rulebook]:
    rollback = tmp_path / "rollback.yml"
    task = {"name": "Roll back", "ansible.builtin.debug": {"msg": "ROLLED BACK {{ catchpoint_alert.test_id }}"}}
    rollback.write_text(json.dumps([task]))
    found = Rulebook("alert_gate", tmp_path, simulator, catchpoint_rollback=str(rollback))
    try:
        found.start()
        yield found
    finally:
        found.stop()


def test_an_alert_starts_a_playbook_once_and_the_recovery_ends_it(gate: Rulebook, simulator: Running) -> None:
    refused = gate.post("another token", alert=ALERT)
    assert [one["status"] for one in refused] == [401]

    # Without it, every sixth run of this test fails by chance.
    simulator.control("PUT", "/change", {"test_id": 81095, "at": "start-15m", "failure_rate": 1.0})
    assert [one["status"] for one in gate.post(alert=ALERT)] == [200]
    checked = gate.wait_for("ROLLED BACK 81095")
    assert "is confirmed: Checkout is available in" in checked
    gate.wait_for("PLAY RECAP")

    # A repetition in the form of the template; then the recovery, which triggers another rule.
    assert [one["status"] for one in gate.post(alert=ALERT)] == [200]
    assert [one["status"] for one in gate.post(alert={**ALERT, "level": "Improved"}, template=None)] == [200]
    closed = gate.wait_for("is over.")
    gate.wait_for("PLAY RECAP")
    assert "ROLLED BACK" not in closed
    assert "Alert 81095-page_failure-" in closed
    assert TOKEN not in "".join(gate.output)


def test_a_remedy_runs_on_the_hosts_of_the_label_only(tmp_path: Path, simulator: Running) -> None:
    remedy = tmp_path / "remedy.yml"
    task = {"name": "Restart", "ansible.builtin.debug": {"msg": "RESTARTED {{ inventory_hostname }}"}}
    remedy.write_text(json.dumps([{"name": "Remedy", "hosts": "all", "gather_facts": False, "tasks": [task]}]))
    template = {
        "source": "catchpoint", "testId": "${testId}", "test": "${testName}", "type": "${AlertType}",
        "typeId": "${AlertTypeId}", "level": "${notificationLevelId}", "labels": "host:web2",
        "firstRaised": "${alertInitialTriggerDateUtcEpoch}",
    }  # fmt: skip
    found = Rulebook("remediate", tmp_path, simulator, catchpoint_remedy=str(remedy))
    try:
        found.start()
        # The default JSON names no hosts, so that it starts nothing.
        assert [one["status"] for one in found.post(alert={**ALERT, "test_id": 81102})] == [200]
        assert [one["status"] for one in found.post(alert=ALERT, template=template)] == [200]
        restarted = found.wait_for("PLAY RECAP")
        assert "RESTARTED web2" in restarted
        assert "RESTARTED web1" not in restarted
        assert "81102" not in restarted.partition("PLAY [")[2]
    finally:
        found.stop()
