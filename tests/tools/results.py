# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many tests ran, and how they ended: what the steps of the chain hand to its summary."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree


class Count(NamedTuple):
    """Tests by their end."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def cases(files: Iterable[Path]) -> dict[str, str]:
    """Every test case of some JUnit files by name, as "passed", "failed", or "skipped: " and the reason."""
    found = {}
    for file in files:
        for case in ElementTree.parse(file).iter("testcase"):
            name = f"{file.stem} {case.get('classname')} {case.get('name')}"
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                found[name] = "failed"
            elif skipped is not None:
                found[name] = f"skipped: {skipped.get('message') or skipped.text or ''}"
            else:
                found.setdefault(name, "passed")
    return found


def count(states: Iterable[str]) -> Count:
    words = [state.split(":")[0] for state in states]
    return Count(words.count("passed"), words.count("failed"), words.count("skipped"))


def save(result: Count) -> None:
    """Hands a step's result to the chain that runs the step, if one does."""
    if "STEP_RESULT" in os.environ:
        Path(os.environ["STEP_RESULT"] + ".json").write_text(json.dumps(result._asdict()), encoding="utf-8")


def load(prefix: Path) -> Count | None:
    """What a step handed over: its own count, else that of the JUnit file that its pytest wrote."""
    own, junit = Path(f"{prefix}.json"), Path(f"{prefix}.xml")
    if own.exists():
        return Count(**json.loads(own.read_text(encoding="utf-8")))
    if junit.exists():
        return count(cases([junit]).values())
    return None
