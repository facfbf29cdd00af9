# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the Python interpreters of this machine, and the ansible-core that suits them.

Run by whatever python3 there is, before any virtual environment exists, so: standard library only.
    python3 tests/tools/pythons.py        lists what was found
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# Every ansible-core release that the collection is tested with: the minor versions of Python 3, lowest and highest,
# that its controller runs on
CORES = {
    "2.16": (10, 12),
    "2.17": (10, 12),
    "2.18": (11, 13),
    "2.19": (11, 13),
    "2.20": (12, 14),
    "2.21": (12, 14),
}
LOWEST, HIGHEST = 9, 14  # what ansible-test may use as a target; the collection promises 3.9 and later
LOWEST_FOR_TOOLS = 11
PROBE = "import sys; print('%d.%d.%d' % sys.version_info[:3]); import ctypes, ensurepip, ssl, venv"


class Python(NamedTuple):
    """One usable interpreter: version as (3, minor, patch), its executable, and the folder that holds it."""

    version: tuple[int, ...]
    path: Path

    @property
    def short(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"


class Search(NamedTuple):
    """The best usable interpreter of each minor version, and those that miss something a venv needs."""

    usable: dict[int, Python]
    broken: dict[Path, str]


def folders() -> list[Path]:
    """Where interpreters may be. Shims are left out: they need variables that ansible-test does not pass on."""
    home = Path.home()
    versions = [Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions", home / ".local/share/uv/python"]
    found = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    found += sorted(folder for root in versions for folder in root.glob("*/bin"))
    found += [Path("/usr/local/bin"), Path("/usr/bin"), Path("/opt/homebrew/bin")]
    return [
        folder
        for folder in dict.fromkeys(found)
        if folder.name != "shims" and not (folder.parent / "pyvenv.cfg").exists()
    ]


def search() -> Search:
    """Asks every interpreter that is found for its version, and whether it can make virtual environments."""
    usable: dict[int, Python] = {}
    broken: dict[Path, str] = {}
    seen = set()
    for folder in folders():
        for minor in range(LOWEST, HIGHEST + 1):
            path = folder / f"python3.{minor}"
            if not os.access(path, os.X_OK) or path.resolve() in seen:
                continue
            seen.add(path.resolve())
            asked = subprocess.run([str(path), "-c", PROBE], capture_output=True, text=True, check=False)
            if asked.returncode:
                broken[path] = (asked.stderr.strip().splitlines() or ["it does not start"])[-1]
                continue
            python = Python(tuple(int(part) for part in asked.stdout.split(".")), path)
            if minor not in usable or python.version > usable[minor].version:
                usable[minor] = python
    return Search(usable, broken)


def fitting(core: str, found: Search, *, oldest: bool = False) -> Python | None:
    """The newest interpreter that ansible-core of that release runs on, or the oldest one, or None."""
    if core not in CORES:
        sys.exit(f"ansible-core {core} is not known here; known are {', '.join(CORES)} (tests/tools/pythons.py).")
    low, high = CORES[core]
    minors = range(low, high + 1) if oldest else range(high, low - 1, -1)
    return next((found.usable[minor] for minor in minors if minor in found.usable), None)


def cores(found: Search) -> list[str]:
    """Every tested ansible-core that runs here, the oldest first."""
    return [core for core in CORES if fitting(core, found)]


def newest_core(found: Search) -> str:
    """The newest ansible-core that runs here, on a Python that the tools run on, too; ends the program without one."""
    for core in reversed(CORES):
        python = fitting(core, found)
        if python and python.version[1] >= LOWEST_FOR_TOOLS:
            return core
    lines = [f"No Python was found that can run the tests: 3.{LOWEST_FOR_TOOLS} or later, with venv and pip."]
    for path, reason in found.broken.items():
        lines.append(f"  {path} cannot be used: {reason}")
        if "ensurepip" in reason or "venv" in reason:
            lines.append("    On Debian and Ubuntu: apt-get install python3-venv")
    sys.exit("\n".join(lines))


def path_variable(found: Search, *first: Path) -> str:
    """A PATH on which ansible-test finds each interpreter under its own name, and no shim of a version manager."""
    entries = [str(folder) for folder in first]
    entries += [str(found.usable[minor].path.parent) for minor in sorted(found.usable, reverse=True)]
    entries += [entry for entry in os.environ.get("PATH", "").split(os.pathsep) if not re.search(r"/shims/?$", entry)]
    return os.pathsep.join(dict.fromkeys(entries))


def main() -> None:
    found = search()
    for minor in sorted(found.usable):
        print(f"3.{minor}  {found.usable[minor].path}")
    for path, reason in found.broken.items():
        print(f"not usable: {path}: {reason}")
    for core in CORES:
        python = fitting(core, found)
        print(f"ansible-core {core}: {python.path if python else 'no Python fits'}")


if __name__ == "__main__":
    main()
