# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo ends as it should with the collection that was installed, and what the README quotes is what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import release

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
sys.path.insert(0, str(ROOT / "tests" / "docs"))

from pages import assert_said, blocks


@pytest.fixture(scope="module")
def said(artefact: Path) -> str:
    """What the demo prints. It is played once."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, ROOT / "demo" / "run"], check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PATH": path, "ANSIBLE_COLLECTIONS_PATH": str(release.ARTEFACT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_every_part_ends_as_it_should_and_nothing_is_deprecated(said: str) -> None:
    assert "\n8 of 8 parts of the demo ended as expected.\n" in said
    assert "[DEPRECATION" not in said


QUOTES = [block.text for block in blocks(README, "console") if "TASK [" in block.text]
HEALTHY, _and, SLOW = QUOTES[0].partition("\n\n$ ")


@pytest.mark.parametrize(
    ("part", "quote"), [(2, HEALTHY), (3, SLOW), (5, QUOTES[1]), (7, QUOTES[2])], ids=["well", "slow", "gate", "fleet"]
)
def test_what_the_readme_quotes_is_what_the_demo_says(part: int, quote: str, said: str) -> None:
    assert_said(quote.replace("$ ", ""), said.split("\n=== ")[part].replace("$ ", ""))
