# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes build/venv-CORE, the virtual environment with one ansible-core, unless it is there and up to date.

    python3 tests/tools/environments.py [CORE]    without CORE: the newest one that runs here

The environment of the newest core is the one to work in; build/venv points to it. The others hold only what
ansible-test needs. Prints the environment's path.
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
TOOLS = ROOT / "tests" / "tools"


def requirements(name: str) -> str:
    """The text of a requirements file with those that it includes."""
    text = (TOOLS / name).read_text(encoding="utf-8")
    return text + (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8")


def ensure(core: str, python: pythons.Python, name: str) -> Path:
    """Makes the environment when it is missing or made from something else. Its stamp tells what it was made from."""
    venv = BUILD / f"venv-{core}"
    made_from = "\n".join([str(venv), core, str(python), hashlib.sha256(requirements(name).encode()).hexdigest()])
    stamp = venv / "made-from.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == made_from:
        return venv
    print(f"Making {venv.relative_to(ROOT)}: ansible-core {core} on Python {python.short}", file=sys.stderr)
    shutil.rmtree(venv, ignore_errors=True)
    subprocess.run([str(python.path), "-m", "venv", str(venv)], check=True)
    install = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*install, f"ansible-core ~= {core}.0", "-r", str(TOOLS / name)], check=True)
    stamp.write_text(made_from, encoding="utf-8")
    return venv


def link(path: Path, target: Path) -> None:
    """Points a symbolic link somewhere, whatever it pointed to before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        if os.readlink(path) == str(target):
            return
        path.unlink()
    path.symlink_to(target)


def development(core: str = "") -> tuple[str, Path]:
    """The environment for development: that of the newest core that runs here, or of the one that is asked for."""
    found = pythons.search()
    core = core or pythons.newest_core(found)
    python = pythons.fitting(core, found)
    if python is None:
        sys.exit(f"No Python was found that runs ansible-core {core}; see: python3 tests/tools/pythons.py")
    newest = core == pythons.newest_core(found)
    with tree.alone("venv"):
        venv = ensure(core, python, "requirements-dev.txt" if newest else "requirements-run.txt")
        if newest:
            link(BUILD / "venv", Path(venv.name))
        # where Python and Ansible look for the working tree itself, as community.catchpoint
        link(BUILD / "dev" / "ansible_collections" / "community" / "catchpoint", Path("../../../.."))
    return core, venv


if __name__ == "__main__":
    print(development(*sys.argv[1:])[1])
