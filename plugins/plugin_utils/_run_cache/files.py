# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Files that all processes of one run of Ansible share, of which nothing is left after the run.

Whatever the file system says no to makes things slower, not wrong: what cannot be written is kept in this process, and
where there is no lock, several may do the same work.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600

_drafts = count()


class RunFiles:
    """One folder of JSON files below ``reader.place()``."""

    def __init__(self, *names: str) -> None:
        self._folders = [reader.place()]
        for name in names:
            self._folders.append(os.path.join(self._folders[-1], name))
        self.path = self._folders[-1]

    def read(self, name: str) -> Any:
        """What a file holds; None when it is not there, or is no JSON."""
        text = reader.read(os.path.join(self.path, name))
        try:
            return None if text is None else json.loads(text)
        except ValueError:
            return None

    def write(self, name: str, value: Any) -> None:
        """Put a value in place of what a file holds. Nobody ever reads half of it."""
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
        else:
            reader.unwritten.pop(path, None)

    def append(self, name: str, value: Any) -> None:
        """Add a line with a value to a file, if that can be done."""
        try:
            handle = self._open(os.path.join(self.path, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            with open(handle, "ab", 0) as file:
                file.write(json.dumps(value).encode() + b"\n")
        except OSError:
            return

    def pop_lines(self, name: str) -> list[Any]:
        """The values of a file's lines, which is gone then."""
        path = os.path.join(self.path, name)
        values = []
        for line in (reader.read(path) or b"").splitlines():
            try:
                values.append(json.loads(line))
            except ValueError:
                continue
        with suppress(OSError):
            os.unlink(path)
        return values

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Wait until nobody else is in here. The kernel lets the next one in when a process dies."""
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
