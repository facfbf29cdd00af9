# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user of the installed collection does, in a folder and an environment that know nothing of this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

BIN = Path(sys.executable).parent


class User(NamedTuple):
    """A folder of one's own, and the only place that has collections."""

    folder: Path
    collections: Path

    def runs(self, *words: str | Path, **environment: str) -> tuple[int, str]:
        """The exit status of a command, and all that it printed."""
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
        """The same of a playbook of one play."""
        play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
        (self.folder / "playbook.yml").write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        return self.runs("ansible-playbook", "playbook.yml", **environment)
