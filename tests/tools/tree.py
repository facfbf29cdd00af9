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

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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


def kept(name: str) -> bool:
    return name.startswith((".git/", "tests/output/"))


def copy(job: str) -> Path:
    """Brings the copy for a job up to date and returns its path."""
    place = ROOT / "build" / job / "ansible_collections" / "community" / "catchpoint"
    place.mkdir(parents=True, exist_ok=True)
    names = listed()
    for folder, _folders, files in os.walk(place, topdown=False):
        for file in files:
            path = Path(folder, file)
            name = path.relative_to(place).as_posix()
            if name not in names and not kept(name):
                path.unlink()
        if Path(folder) != place and not any(os.scandir(folder)):
            os.rmdir(folder)
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
    print(copy(sys.argv[1]))
