# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo succeeds with the installed collection, and the README quotes its output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import release
import yaml

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
sys.path.insert(0, str(ROOT / "tests" / "docs"))

from pages import assert_quoted, blocks


@pytest.fixture(scope="module")
def output(artefact: Path) -> str:
    """The output of the demo, which runs once."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, ROOT / "demo" / "run"], check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PATH": path, "ANSIBLE_COLLECTIONS_PATH": str(release.ARTEFACT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_every_part_succeeds_without_deprecations(output: str) -> None:
    assert "\n10 of 10 parts of the demo ended as expected.\n" in output
    assert "[DEPRECATION" not in output


def test_a_webhook_starts_the_playbook_of_the_rulebook(output: str) -> None:
    """The demo also says which part is simulated."""
    part = " ".join(output.split("\n=== ")[10].split())
    assert part.startswith("10 of 10: An event: the webhook of an alert starts a playbook")
    assert "A small receiver of the demo stands in for ansible-rulebook, which needs Java" in part
    assert "kind: alert level: critical test_id: 81095 test_name: Checkout alert_type: page_failure key: 81095-" in part
    (rulebook,) = yaml.safe_load((release.INSTALLED / "extensions/eda/rulebooks/alert_gate.yml").read_text())
    assert f"$ ansible-playbook {rulebook['rules'][0]['action']['run_playbook']['name']} --extra-vars" in part
    assert "is confirmed: Checkout" in part


def test_a_dead_page_is_rolled_back_within_three_minutes_and_no_alerts_stay_paused(output: str) -> None:
    """By the simulator's clock, and by the alert states that the API reports."""
    part = output.split("\n=== ")[7]
    assert part.startswith("7 of 10: A version with which the page is dead")
    assert "FAIL in the instant tests; rolled back on 3 of 3 hosts" in " ".join(part.split())
    assert "Alerts during the deploy: paused. Alerts now: not paused." in part
    (seconds,) = re.findall(r"From the deploy to the rollback: (\d+) simulated seconds. Runs charged: 3.", part)
    assert 15 <= int(seconds) <= 180


def test_the_demo_says_that_the_clock_is_sped_up_and_what_to_do_next(output: str) -> None:
    assert "the bundled simulator, whose clock is sped up" in output.partition("\n=== ")[0]
    closing = output.rpartition("parts of the demo ended as expected.")[2]
    assert "You saw" in closing
    assert "Next: docs/docsite/rst/getting_started.rst" in closing
    for page in re.findall(r"[\w/]+\.rst", closing):
        assert (ROOT / "docs" / "docsite" / "rst" / Path(page).name).exists()


QUOTES = [block.text for block in blocks(README, "console") if "TASK [" in block.text]
HEALTHY, _and, SLOW = QUOTES[0].partition("\n\n$ ")


@pytest.mark.parametrize(
    ("part", "quote"), [(1, HEALTHY), (2, SLOW), (5, QUOTES[1]), (8, QUOTES[2])], ids=["well", "slow", "gate", "fleet"]
)
def test_the_readme_quotes_the_demos_output(part: int, quote: str, output: str) -> None:
    assert_quoted(quote.replace("$ ", ""), output.split("\n=== ")[part].replace("$ ", ""))
