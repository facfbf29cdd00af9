# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation that several plugins share is generated from one file."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "generate_docs.py"


def test_the_generated_blocks_are_up_to_date() -> None:
    outcome = subprocess.run([sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stdout) == (0, "")


def test_a_changed_block_is_found_and_restored() -> None:
    spec = importlib.util.spec_from_file_location("generate_docs", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = "a\n  # BEGIN GENERATED x by y\n  old: 1\n  # END GENERATED x\nb\n"
    assert tool.generated(text, {"x": "new: 2\n"}) == text.replace("old: 1", "new: 2")
    for texts in ({}, {"x": "", "y": ""}):
        with pytest.raises(KeyError):
            tool.generated(text, texts)
