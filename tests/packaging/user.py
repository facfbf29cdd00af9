# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user of the installed collection, in a folder and an environment without this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

BIN = Path(sys.executable).parent


class User(NamedTuple):
    """The user's folder, and the only path with collections."""

    folder: Path
    collections: Path

    def runs(self, *words: str | Path, **environment: str) -> tuple[int, str]:
        """Runs a command. Returns its exit status and its output."""
        base = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }
        done = subprocess.run(
            [str(word) for word in words], cwd=self.folder, env={**base, **environment}, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert "[DEPRECATION" not in done.stdout, done.stdout
        return done.returncode, done.stdout

    def plays(self, tasks: list[dict[str, Any]], **environment: str) -> tuple[int, str]:
        """Runs a playbook with these tasks. Returns its exit status and its output."""
        play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
        (self.folder / "playbook.yml").write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        return self.runs("ansible-playbook", "playbook.yml", **environment)
