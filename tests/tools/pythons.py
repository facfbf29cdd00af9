# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the Pythons of this machine, and which ansible-core runs on them. Needs nothing but the standard library."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

# The tested ansible-core releases, each with the lowest and the highest minor version of Python 3 for its controller.
CORES = {
    "2.16": (10, 12),
    "2.17": (10, 12),
    "2.18": (11, 13),
    "2.19": (11, 13),
    "2.20": (12, 14),
    "2.21": (12, 14),
    "2.22": (13, 15),
}
UPCOMING = "2.22"  # not released yet: only the matrix tests it
LOWEST, HIGHEST = 9, 15  # the Pythons that modules run on
LOWEST_FOR_TOOLS = 11
PROBE = "import ctypes, ensurepip, ssl, sys, venv; sys.exit(sys.prefix != sys.base_prefix)"


def managed() -> list[Path]:
    """The folders of Pythons that version managers installed."""
    managers = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")]
    managers.append(Path.home() / ".local" / "share" / "uv" / "python")
    return sorted(folder for manager in managers for folder in manager.glob("*/bin"))


def without_managed(path: str) -> str:
    """A PATH without the Pythons of version managers: ansible-test uses every Python that it finds on its PATH."""
    own = set(managed())
    return os.pathsep.join(entry for entry in path.split(os.pathsep) if Path(entry) not in own)


def folders() -> list[Path]:
    """Where Pythons may be. Shims of version managers need variables that ansible-test does not pass on."""
    listed = [Path(entry) for entry in os.environ["PATH"].split(os.pathsep) if entry]
    listed += [*managed(), Path("/usr/local/bin"), Path("/usr/bin")]
    return [folder for folder in listed if folder.name != "shims"]


def usable(path: Path) -> bool:
    return subprocess.run([path, "-c", PROBE], capture_output=True, check=False).returncode == 0


def find() -> dict[int, Path]:
    """The first Python of each minor version that starts and can make virtual environments."""
    found: dict[int, Path] = {}
    for minor in range(LOWEST, HIGHEST + 1):
        for path in dict.fromkeys(folder / f"python3.{minor}" for folder in folders()):
            if os.access(path, os.X_OK) and usable(path):
                found[minor] = path
                break
    return found


def fitting(core: str, found: dict[int, Path]) -> list[int]:
    """The minor versions that are found and that run a release of ansible-core, the oldest first."""
    low, high = CORES[core]
    return [minor for minor in sorted(found) if low <= minor <= high]


def newest_core(found: dict[int, Path]) -> str:
    """The newest released ansible-core that runs here, on a Python that the tools run on, too."""
    for core in reversed(CORES):
        if core != UPCOMING and fitting(core, found)[-1:] >= [LOWEST_FOR_TOOLS]:
            return core
    sys.exit(
        f"No Python 3.{LOWEST_FOR_TOOLS} or later that can make virtual environments was found. On Debian and Ubuntu, "
        "install python3-venv."
    )


def path_variable(found: dict[int, Path], path: str) -> str:
    """A PATH on which every Python of some has its own name, before the entries of another, without shims."""
    rest = [entry for entry in path.split(os.pathsep) if Path(entry).name != "shims"]
    return os.pathsep.join(dict.fromkeys([*(str(found[minor].parent) for minor in sorted(found, reverse=True)), *rest]))


def oldest_libraries(root: Path) -> list[str]:
    """The lower bounds of what the collection imports, as requirements."""
    text = (root / "meta" / "ee-requirements.txt").read_text(encoding="utf-8")
    return [f"{name}=={version}" for name, version in re.findall(r"^([\w-]+) >= ([\d.]+)$", text, re.MULTILINE)]
