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
        # Threads of a test's server are no business of the child's.
        warnings.simplefilter("ignore")
        pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        told = json.dumps({"result": function()})
        status = 0
    except BaseException:
        told = json.dumps({"failure": traceback.format_exc()})
    with contextlib.suppress(OSError):
        os.write(result, told.encode())
    os._exit(status)


def race(count: int, function: Callable[[int], Any]) -> list[Any]:
    """What ``function`` gives for the numbers below ``count``, each in a process of its own, all at the same time."""
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


def alone(function: Callable[[], Any]) -> Any:
    """What ``function`` gives in a process of its own."""
    return race(1, lambda _number: function())[0]


@contextlib.contextmanager
def at_work(function: Callable[[Callable[[], None]], Any]) -> Iterator[Callable[[], Any]]:
    """A process that has got as far as calling what ``function`` is given. Calling the yielded function kills it."""
    told, tell = os.pipe()
    read, write = os.pipe()

    def kill() -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    pid = _fork(lambda: function(lambda: os.write(tell, b"x") and None), write)
    os.close(write)
    os.close(tell)
    assert os.read(told, 1) == b"x"
    yield kill
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        kill()
    os.close(told)
    os.close(read)


def _result(pid: int, read: int) -> Any:
    with open(read, "rb") as file:
        told = json.loads(file.read())
    os.waitpid(pid, 0)
    if "failure" in told:
        raise AssertionError(told["failure"])
    return told["result"]
