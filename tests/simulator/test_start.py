# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting and ending the simulator as a process."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from simulator.start import PROGRAM, SimulatorError, running, start


def test_prints_one_line_and_ends_cleanly(tmp_path: Path) -> None:
    port_file = tmp_path / "where.json"
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "--port", "0", "--port-file", str(port_file)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    result = json.loads(line)
    assert result["pid"] == process.pid
    assert result["url"].startswith("http://127.0.0.1:")
    assert port_file.read_text() == line
    process.send_signal(signal.SIGTERM)
    rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_terminal_shows_an_export_line_and_how_to_stop() -> None:
    terminal, end = os.openpty()
    process = subprocess.Popen([sys.executable, str(PROGRAM)], stdout=end, stderr=subprocess.PIPE, text=True)
    os.close(end)
    assert process.stderr is not None
    shown = [process.stderr.readline() for _line in range(3)]
    line = json.loads(os.read(terminal, 10_000))
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stderr.close()
    os.close(terminal)
    variables = f"CATCHPOINT_BASE_URL={line['url']} CATCHPOINT_API_KEY={line['api_key']}"
    assert shown == [
        "\n",
        f"In another terminal:  export {variables}\n",
        f"To stop it:  press Ctrl-C here, or kill {line['pid']}\n",
    ]


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 8)])
def test_an_old_python_prints_the_required_version(version: tuple[int, int]) -> None:
    program = (
        f"import runpy, sys; sys.version_info = {(*version, 0)}; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=20)
    expected = f"catchpoint simulator: needs Python 3.9 or later, this is {version[0]}.{version[1]}\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", expected)


def test_any_python_can_parse_the_main_file() -> None:
    text = (PROGRAM / "__main__.py").read_text(encoding="utf-8")
    # What Python 2.7 to 3.8 would stumble over before the first line runs.
    assert not any(part in text for part in ("from __future__ import annotations", 'f"', ":=", "->", "match "))


def test_listens_on_ipv6() -> None:
    with running(limits="off", more=["--host", "::1"]) as simulator:
        assert simulator.url.startswith("http://[::1]:")
        assert simulator.request("GET", "/_simulator/clock")[0] == 200


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_other_signals_end_it_cleanly(name: str) -> None:
    simulator = start()
    assert simulator.process is not None
    simulator.process.send_signal(getattr(signal, name))
    assert simulator.process.wait(10) == 0
    simulator.stop()


def test_ends_with_its_parent() -> None:
    program = f"""
import subprocess, sys
process = subprocess.Popen([sys.executable, {str(PROGRAM)!r}, "--exit-with-parent"], stdout=subprocess.PIPE, text=True)
print(process.stdout.readline(), flush=True)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    pid = json.loads(result)["pid"]
    # The orphan ends by itself; its end is awaited through a process descriptor where available.
    if hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        import select

        assert select.select([descriptor], [], [], 10)[0]
        os.close(descriptor)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--scenario", "nowhere"], "scenario 'nowhere' does not exist"),
        (["--limits", "7 a second"], "is not a limit"),
        (["--switch", "nope=1"], "unknown switch 'nope'"),
        (["--switch", "gzip=maybe"], "must be one of on, off"),
        (["--switch", "gzip"], "write NAME=VALUE"),
        (["--now", "yesterday"], "is not a time"),
        (["--cert", "/nowhere.pem"], "certificate /nowhere.pem"),
    ],
)
def test_invalid_arguments_are_reported(arguments: list[str], text: str) -> None:
    result = subprocess.run(
        [sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, check=False, timeout=20
    )
    assert result.returncode == 2
    assert text in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_named() -> None:
    with running() as simulator:
        port = simulator.url.rpartition(":")[2]
        result = subprocess.run(
            [sys.executable, str(PROGRAM), "--port", port], capture_output=True, text=True, check=False, timeout=20
        )
    assert result.returncode == 2
    assert f"cannot listen on port {port} of 127.0.0.1: Address already in use. Choose another --port" in result.stderr


def test_tls_certificate_is_trusted_through_its_ca_only() -> None:
    with running(tls=True, limits="off") as simulator:
        assert simulator.url.startswith("https://")
        assert simulator.ca is not None
        status, _headers, _body = simulator.request("GET", "/_simulator/clock")
        assert status == 200
        simulator.ca = None
        with pytest.raises(ssl.SSLError):
            simulator.request("GET", "/_simulator/clock")
        simulator.ca = simulator.environment.get("CATCHPOINT_CA_PATH")


def test_the_folder_of_the_certificate_is_removed() -> None:
    with running(tls=True) as simulator:
        folder = Path(simulator.ca or "").parent
        assert folder.is_dir()
    assert not folder.exists()


def test_takes_scenario_credentials_and_switches() -> None:
    key = "@ / + = & % \" ' and spaces"
    scenario = {"extends": "shop", "tests": [{"id": 7, "name": "One", "nodes": [257]}], "favorites": [], "slos": []}
    with running(scenario=scenario, api_keys=[key, "other"], client_id="-id", switches={"gzip": True}) as simulator:
        assert simulator.api_key == key
        assert simulator.client_id == "-id"
        assert simulator.control("GET", "/switches")["gzip"] == "on"
        for one in (key, "other"):
            status, _headers, body = simulator.request(
                "GET", "/api/v2/tests", headers={"Authorization": f"Bearer {one}"}
            )
            assert (status, [test["id"] for test in json.loads(body)["data"]["tests"]]) == (200, [7])


def test_start_raises_if_the_simulator_does_not_start() -> None:
    with pytest.raises(SimulatorError, match="exit status"):
        start(scenario="nowhere")


def test_environment_points_plugins_at_the_simulator() -> None:
    with running() as simulator:
        assert simulator.environment == {
            "CATCHPOINT_BASE_URL": simulator.url,
            "CATCHPOINT_API_KEY": simulator.api_key,
        }
        assert set(simulator.environment_v1) == {
            "CATCHPOINT_BASE_URL",
            "CATCHPOINT_CLIENT_ID",
            "CATCHPOINT_CLIENT_SECRET",
        }
