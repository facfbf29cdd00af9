# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker processes as Ansible has them: forked from one parent, each with a copy of what the parent knew."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any


def _fork(function: Callable[[], Any], result: int) -> int:
    with warnings.catch_warnings():
        # Python warns of forking with threads; the child does not use those of a test's server.
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        message = json.dumps({"result": function()})
        status = 0
    except BaseException:
        message = json.dumps({"failure": traceback.format_exc()})
    with contextlib.suppress(OSError):
        os.write(result, message.encode())
    os._exit(status)


def race(count: int, function: Callable[[int], Any]) -> list[Any]:
    """Calls ``function`` with the numbers below ``count``, each in a separate process, all at once."""
    gate, opened = os.pipe()

    def run(number: int) -> Any:
        os.close(opened)
        os.read(gate, 1)  # until the parent closes its end
        return function(number)

    workers = []
    for number in range(count):
        read, write = os.pipe()
        pid = _fork(lambda number=number: run(number), write)
        os.close(write)
        workers.append((pid, read))
    os.close(gate)
    os.close(opened)
    return [_result(pid, read) for pid, read in workers]


def in_worker(function: Callable[[], Any]) -> Any:
    """Calls ``function`` in a separate process and returns its result."""
    return race(1, lambda _number: function())[0]


@contextlib.contextmanager
def running_worker(function: Callable[[Callable[[], None]], Any]) -> Iterator[Callable[[], Any]]:
    """Starts a process and waits until ``function`` calls its argument. Yields a function that kills the process."""
    started, start = os.pipe()
    read, write = os.pipe()

    def kill() -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    pid = _fork(lambda: function(lambda: os.write(start, b"x") and None), write)
    os.close(write)
    os.close(start)
    assert os.read(started, 1) == b"x"
    yield kill
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        kill()
    os.close(started)
    os.close(read)


def _result(pid: int, read: int) -> Any:
    with open(read, "rb") as file:
        message = json.loads(file.read())
    os.waitpid(pid, 0)
    if "failure" in message:
        raise AssertionError(message["failure"])
    return message["result"]
