# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies the working tree to where Ansible's tools want a collection: .../ansible_collections/community/catchpoint.

The copy is a git repository of its own. ansible-test walks up to the first .git; below an ignored folder of this
repository it would find every file ignored, and skip all tests without an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def listed(root: Path) -> list[str]:
    """The files that git tracks or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted({name for name in names if name and os.path.lexists(root / name)})


def copy(job: str, root: Path = ROOT) -> Path:
    """A fresh copy in build/trees/JOB. tests/output, where ansible-test keeps its environments, stays."""
    top = root / "build" / "trees" / job
    place = top / "ansible_collections" / "community" / "catchpoint"
    if place.resolve() != place or root.resolve() != root:
        raise RuntimeError(f"{place} leads elsewhere by a symbolic link, so it is not replaced. Remove it by hand.")
    kept = top.with_name(f"{job}.output")
    if (place / "tests" / "output").is_dir():
        shutil.rmtree(kept, ignore_errors=True)
        (place / "tests" / "output").rename(kept)
    shutil.rmtree(top, ignore_errors=True)
    for name in listed(root):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, place / name, follow_symlinks=False)
    if kept.is_dir():
        (place / "tests").mkdir(exist_ok=True)
        kept.rename(place / "tests" / "output")
    subprocess.run(["git", "init", "--quiet", place], check=True)
    return place
