# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The persistent cache of later runs and other controllers, with community.general.redis and a real Redis."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "extensions"))

from simulator.start import Running, running

PLAYBOOK = ROOT / "tests/integration/targets/store/files/past.yml"
COLLECTIONS = ROOT / "build" / "redis"
PLUGIN = "ansible_collections/community/general/plugins/cache/redis.py"
PASSWORD = "p@ss/word+of=redis"
OTHER_KEY = "another-account"


class Server(NamedTuple):
    """A Redis server for these tests."""

    process: subprocess.Popen[str]
    connection: str  # in the form that the cache plugin expects
    client: redis.Redis

    def everything(self) -> bytes:
        """All stored names and values."""
        names = list(self.client.scan_iter())
        values = [self.client.get(name) or b"" for name in self.client.scan_iter(_type="string")]
        return b"\n".join([*names, *values])


@pytest.fixture(scope="module")
def collections() -> str:
    """Where Ansible finds the cache plugin. It is distributed with the package of all community collections."""
    if not (COLLECTIONS / PLUGIN).exists():
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(COLLECTIONS), "ansible"]
        subprocess.run(command, check=True)
        (wheel,) = COLLECTIONS.glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extract(PLUGIN, COLLECTIONS)
        wheel.unlink()
    return f"{ROOT / 'build' / 'dev'}{os.pathsep}{COLLECTIONS}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--requirepass", PASSWORD]
    command += ["--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert any("Ready to accept connections" in line for line in process.stdout)
            yield Server(process, f"127.0.0.1:{port}:0:{PASSWORD}", redis.Redis(port=port, password=PASSWORD))
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(scenario="fleet", limits="off", api_keys=["an-account", OTHER_KEY]) as started:
        yield started


@pytest.fixture(autouse=True)
def _from_the_beginning(simulator: Running) -> None:
    simulator.reset()


def play(server: Server, simulator: Running, collections: str, api_key: str = "") -> str:
    """Runs Ansible once and returns its output at the highest verbosity."""
    environment = {
        **os.environ,
        **simulator.environment,
        **({"CATCHPOINT_API_KEY": api_key} if api_key else {}),
        "CATCHPOINT_CACHE": "true",
        "CATCHPOINT_CACHE_PLUGIN": "community.general.redis",
        "CATCHPOINT_CACHE_CONNECTION": server.connection,
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-vvvv", "-i", "localhost,", str(PLAYBOOK)]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def requests(simulator: Running) -> int:
    return simulator.count("/api/v2/tests/explorer/raw")


def test_a_later_run_sends_no_request(server: Server, simulator: Running, collections: str) -> None:
    play(server, simulator, collections)
    assert requests(simulator) == 1
    play(server, simulator, collections)
    assert requests(simulator) == 1


def test_accounts_share_nothing(server: Server, simulator: Running, collections: str) -> None:
    for api_key in ("", OTHER_KEY):
        play(server, simulator, collections, api_key)
    assert requests(simulator) == 2


def test_secrets_are_neither_stored_nor_printed(server: Server, simulator: Running, collections: str) -> None:
    output = play(server, simulator, collections)
    stored = server.everything().decode()
    assert "run_count" in stored
    assert simulator.api_key not in stored
    assert simulator.api_key not in output
    assert PASSWORD not in output


def test_without_the_server_catchpoint_is_queried(server: Server, simulator: Running, collections: str) -> None:
    play(server, simulator, collections)
    server.process.terminate()
    server.process.wait()
    output = " ".join(play(server, simulator, collections).split())
    assert requests(simulator) == 2
    assert "The cache of community.general.redis could not be read, so Catchpoint is queried: " in output
