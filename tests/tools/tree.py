# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies the working tree to build/JOB/ansible_collections/community/catchpoint, where Ansible's tools want it.

    python3 tests/tools/tree.py JOB    prints the copy's path

The copy is a git repository of its own: ansible-test walks up to the first .git, and below this repository's ignored
build folder it would find every file ignored and skip all tests without an error. It holds what git tracks and what
git would add; tests/output, where ansible-test keeps its environments, stays from one copy to the next.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = (".git", "tests/output")


def listed() -> set[str]:
    """The files of the working tree, as git sees them, less those that are deleted but still tracked."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return {name for name in output.split("\0") if name and os.path.lexists(ROOT / name)}


def same(source: Path, target: Path) -> bool:
    if source.is_symlink() or not target.is_file() or target.is_symlink():
        return False
    a, b = source.stat(), target.stat()
    return (a.st_size, a.st_mtime_ns, a.st_mode) == (b.st_size, b.st_mtime_ns, b.st_mode)


@contextlib.contextmanager
def alone(job: str) -> Iterator[None]:
    """Waits until no other process has the lock of a job, and holds it."""
    (ROOT / "build").mkdir(exist_ok=True)
    with open(ROOT / "build" / f"{job}.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Waiting for another run of {job}.", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy(job: str) -> Path:
    """Brings the copy for a job up to date and returns its path."""
    place = ROOT / "build" / job / "ansible_collections" / "community" / "catchpoint"
    place.mkdir(parents=True, exist_ok=True)
    names = listed()
    seen = []
    for folder, folders, files in os.walk(place):
        inside = Path(folder).relative_to(place)
        folders[:] = [name for name in folders if (inside / name).as_posix() not in KEPT]
        seen.append(Path(folder))
        for file in files:
            if (inside / file).as_posix() not in names:
                Path(folder, file).unlink()
    for folder_left in reversed(seen[1:]):
        if not any(os.scandir(folder_left)):
            folder_left.rmdir()
    for name in names:
        source, target = ROOT / name, place / name
        if not same(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(target):
                target.unlink()
            shutil.copy2(source, target, follow_symlinks=False)
    if not (place / ".git").is_dir():
        subprocess.run(["git", "init", "--quiet", str(place)], check=True)
    return place


if __name__ == "__main__":
    with alone(sys.argv[1]):
        print(copy(sys.argv[1]))
