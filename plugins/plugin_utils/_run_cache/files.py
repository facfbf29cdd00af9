# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON files that the processes of a run share, and the request count that the runs of a user share.

File-system errors disable caching; results stay correct: data that cannot be written stays in this process, and
without a lock several processes may do the same work. A damaged file counts as absent.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, Optional

from ansible import constants
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600

_drafts = count()


class RunFiles:
    """One folder of JSON files below ``root``, which is the folder of this run by default."""

    def __init__(self, *names: str, root: Optional[str] = None) -> None:
        self._folders = [root or reader.place()]
        for name in names:
            self._folders.append(os.path.join(self._folders[-1], name))
        self.path = self._folders[-1]

    def read(self, name: str) -> Any:
        """Returns the value of a file; None if it does not exist or is not JSON."""
        text = reader.read(os.path.join(self.path, name))
        try:
            return None if text is None else json.loads(text)
        except (ValueError, RecursionError):
            return None

    def write(self, name: str, value: Any) -> bool:
        """Replaces a file by one with ``value``, in one step. Returns whether other processes can read it."""
        path = os.path.join(self.path, name)
        text = json.dumps(value).encode()
        draft = f"{path}.{os.getpid()}.{next(_drafts)}"
        try:
            handle = self._open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                with open(handle, "wb") as file:
                    file.write(text)
                os.replace(draft, path)
            except OSError:
                os.unlink(draft)
                raise
        except OSError:
            reader.unwritten[path] = text
            return False
        reader.unwritten.pop(path, None)
        return True

    def append(self, name: str, value: Any) -> None:
        """Appends a line with ``value`` to a file, if possible."""
        try:
            handle = self._open(os.path.join(self.path, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            with open(handle, "ab", 0) as file:
                file.write(json.dumps(value).encode() + b"\n")
        except OSError:
            return

    def pop_lines(self, name: str) -> list[Any]:
        """Removes a file, and returns the values of its lines."""
        path = os.path.join(self.path, name)
        values = []
        for line in (reader.read(path) or b"").splitlines():
            try:
                values.append(json.loads(line))
            except (ValueError, RecursionError):
                continue
        with suppress(OSError):
            os.unlink(path)
        return values

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Holds an exclusive lock on ``name``. The kernel releases it when the process dies."""
        handle = -1
        try:
            handle = self._open(os.path.join(self.path, name), os.O_RDWR | os.O_CREAT)
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            pass
        try:
            yield
        finally:
            if handle >= 0:
                os.close(handle)

    def _open(self, path: str, flags: int) -> int:
        flags |= os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            return os.open(path, flags, _FILE_MODE)
        except FileNotFoundError:
            for folder in self._folders:
                try:
                    os.mkdir(folder, _FOLDER_MODE)
                except FileExistsError:
                    continue
            return os.open(path, flags, _FILE_MODE)


def user_files(name: str) -> RunFiles:
    """Returns a folder that all runs of this user on this machine share; this run's own if that is not private.

    It is beside the folder of the run, where Ansible's option local_tmp has it, and it stays when the run has ended.
    """
    here: str = constants.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]
    root = os.path.join(os.path.dirname(here), f"catchpoint-{os.geteuid()}")
    with suppress(OSError):
        os.mkdir(root, _FOLDER_MODE)
    try:
        status = os.lstat(root)
    except OSError:
        return RunFiles(name)
    private = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
    return RunFiles(name, root=root) if private else RunFiles(name)
