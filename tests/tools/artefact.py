# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the Galaxy artefact in build/, and installs it into an empty folder, as a user does.

    python tests/tools/artefact.py    with a Python that has ansible-core; prints the folder: ANSIBLE_COLLECTIONS_PATH

The demo and tests/packaging run what was installed. While the working tree stays as it is, there is one artefact: what
one step of `make test` looked at is what another ran.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import tree

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
INSTALLED = BUILD / "installed"
COLLECTION = INSTALLED / "ansible_collections" / "community" / "catchpoint"


def digest(place: Path) -> str:
    """One for all files below a folder, their names and modes included."""
    found = hashlib.sha256()
    for path in sorted(path for path in place.rglob("*") if path.is_file() and ".git" not in path.parts):
        executable = os.access(path, os.X_OK)
        found.update(f"{path.relative_to(place)}\0{executable}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()


def galaxy(*words: str | Path) -> None:
    """Runs ansible-galaxy away from the user's own settings and collections."""
    (BUILD / "home").mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    command = [sys.executable, "-m", "ansible", "galaxy", "collection", *map(str, words)]
    done = subprocess.run(
        command, cwd=BUILD, env={**kept, "HOME": str(BUILD / "home")}, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{done.stdout}FAULT: {' '.join(command)} ended with status {done.returncode}.")


def build() -> Path:
    """The artefact of the working tree, installed in INSTALLED."""
    stamp = BUILD / "installed.txt"
    with tree.alone("dist"):
        source = tree.copy("dist")
        made_from = digest(source)
        built = list(BUILD.glob("community-catchpoint-*.tar.gz"))
        if len(built) == 1 and COLLECTION.is_dir() and stamp.exists() and stamp.read_text("utf-8") == made_from:
            return built[0]
        for old in (*built, stamp):
            old.unlink(missing_ok=True)
        galaxy("build", "--output-path", BUILD, source)
        (artefact,) = BUILD.glob("community-catchpoint-*.tar.gz")
        shutil.rmtree(INSTALLED, ignore_errors=True)
        galaxy("install", "--offline", "--collections-path", INSTALLED, artefact)
        stamp.write_text(made_from, "utf-8")
        return artefact


if __name__ == "__main__":
    print(build(), file=sys.stderr)
    print(INSTALLED)
