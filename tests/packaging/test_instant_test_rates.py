# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the guide on verdicts from instant tests are those that the benchmark prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "docsite" / "rst" / "verdict_in_minutes_guide.rst"


def test_the_figures_of_the_guide_are_what_the_benchmark_prints() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "benchmark" / "instant_test_rates.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    guide = GUIDE.read_text(encoding="utf-8")
    rows = [re.findall(r"\+?\d+ %", line) for line in done.stdout.splitlines()[2:] if line.startswith("|")]
    assert len(rows) == 3
    for first, *others in rows:
        assert "\n".join([f"   * - {first}", *(f"     - {cell}" for cell in others)]) in guide, done.stdout
    (least,) = re.findall(r"each min of (\d+) or more", done.stdout)
    assert f"each ``min`` of {least} or more" in " ".join(guide.split())
