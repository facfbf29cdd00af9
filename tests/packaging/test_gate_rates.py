# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of the gate's rates reads recorded series as documented, and says which rows meet their goals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "benchmark" / "gate_rates.py"


def printed(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--deploys", "2", "--jobs", "1", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_csv_and_json(tmp_path: Path) -> None:
    times = [f"2026-05-01T{minute // 60:02}:{minute % 60:02}:00Z" for minute in range(70)]
    rows = [f"{time},Berlin,{'' if number == 3 else 1000 + number % 7},0" for number, time in enumerate(times)]
    (tmp_path / "page.csv").write_text("\n".join(["time,location,value,failed", *rows]), encoding="utf-8")
    runs = [
        {"time": time, "test_id": 81093, "node": "Oslo", "failed": False, "metrics": {"dns": 20.0 + number % 3}}
        for number, time in enumerate(times)
    ]
    (tmp_path / "result.json").write_text(json.dumps({"tests": [{"test_id": 81093, "runs": runs}]}), encoding="utf-8")
    text = printed("--runs", str(tmp_path), "--metric", "dns", "--sizes", "12/6", "60/30")
    assert "| page | 12/6 | 0.0 " in text
    assert "| result 81093 | 12/6 | 0.0 " in text
    assert "page: 70 runs are too few for 60/30, which needs 330." in text


def test_a_list_of_runs(tmp_path: Path) -> None:
    runs = [
        {"time": f"2026-05-01T00:{minute:02}:00Z", "node": "Oslo", "failed": False, "metrics": {"test_time": 900.0}}
        for minute in range(60)
    ]
    (tmp_path / "list.json").write_text(json.dumps(runs), encoding="utf-8")
    assert "| list | 10/5 | 0.0 " in printed("--runs", str(tmp_path / "list.json"), "--sizes", "10/5")


def test_a_chosen_row_says_whether_it_meets_its_goals() -> None:
    text = printed("--table", "availability", "--rows", "10 runs, 1 %")
    rows = [line for line in text.splitlines() if line.startswith("| 1")]
    assert len(rows) == 1 and rows[0].endswith("| goal met |")
    assert "goal met      availability min 99, 10 runs, 1 % of them fail: failed deploys: " in text


def test_another_significance_has_other_rates_and_no_goals() -> None:
    def false_alarms(*more: str) -> tuple[float, str]:
        text = printed("--table", "single", "--rows", "independent", "--sizes", "12/6", *more)
        (row,) = [line.split(" | ") for line in text.splitlines() if line.startswith("| independent")]
        return float(row[2].split(" ")[0]), row[-1]

    usual, goals = false_alarms()
    assert goals == "goal met |"
    size_alone, goals = false_alarms("--significance", "0")
    assert size_alone > usual
    assert goals == "- |"
