# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the virtual environments below build/, unless they are there and up to date.

    python3 tests/tools/environments.py [dev]    build/venv: the newest ansible-core that runs here, and all tools
    python3 tests/tools/environments.py run      the newest ansible-core, and what the collection imports
    python3 tests/tools/environments.py 2.17     the same with that ansible-core

Prints the environment's path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pythons
import tree

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
COLLECTION = ROOT / "meta" / "ee-requirements.txt"  # what the collection itself imports
TOOLS = ROOT / "tests" / "tools" / "requirements-dev.txt"


def ensure(venv: Path, core: str, python: pythons.Python, *requirements: Path) -> Path:
    """Makes or completes an environment. Its stamp tells what it was made from."""
    base = f"{venv} {core} {python.path} {'.'.join(map(str, python.version))}\n"
    made_from = base + hashlib.sha256(b"".join(file.read_bytes() for file in requirements)).hexdigest()
    stamp = venv / "made-from.txt"
    before = stamp.read_text(encoding="utf-8") if stamp.exists() else ""
    if before == made_from:
        return venv
    print(f"Making {venv.relative_to(ROOT)}: ansible-core {core} on Python {python.short}", file=sys.stderr, flush=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    try:
        if not before.startswith(base):
            shutil.rmtree(venv, ignore_errors=True)
            subprocess.run([str(python.path), "-m", "venv", str(venv)], check=True)
        options = [f"--requirement={file}" for file in requirements]
        subprocess.run([*pip, f"ansible-core ~= {core}.0", *options], check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{venv.relative_to(ROOT)} could not be made: {' '.join(map(str, error.cmd))} failed, see above.")
    stamp.write_text(made_from, encoding="utf-8")
    return venv


def link(path: Path, target: Path) -> None:
    """Points a symbolic link somewhere, whatever it pointed to before, and whoever does so at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() and os.readlink(path) == str(target):
        return
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.unlink(missing_ok=True)
    own.symlink_to(target)
    own.replace(path)


def interpreter(core: str, found: pythons.Search) -> pythons.Python:
    python = pythons.fitting(core, found)
    if python is None:
        sys.exit(f"No Python was found that runs ansible-core {core}; see: python3 tests/tools/pythons.py")
    return python


def for_core(core: str) -> tuple[str, Path]:
    """One ansible-core and what the collection imports; without a name, the newest core that runs here."""
    found = pythons.search()
    core = core or pythons.newest_core(found)
    with tree.alone("venv"):
        return core, ensure(BUILD / f"core-{core}", core, interpreter(core, found), COLLECTION)


def development() -> Path:
    """The newest ansible-core that runs here, with all tools."""
    found = pythons.search()
    core = pythons.newest_core(found)
    with tree.alone("venv"):
        venv = ensure(BUILD / f"venv-{core}", core, interpreter(core, found), COLLECTION, TOOLS)
        link(BUILD / "venv", Path(venv.name))
    return venv


def main() -> None:
    # where Python and Ansible look for the working tree itself, as community.catchpoint
    link(BUILD / "dev" / "ansible_collections" / "community" / "catchpoint", Path("../../../.."))
    wanted = sys.argv[1] if len(sys.argv) > 1 else "dev"
    print(development() if wanted == "dev" else for_core("" if wanted == "run" else wanted)[1])


if __name__ == "__main__":
    main()
