# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the number of tests from a run's output, and faults that make a green run worthless."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

# ansible-test succeeds if it finds nothing to do; these are its messages
NOTHING_DONE = ("All targets skipped", "No tests found for detected changes")
# sanity tests that check every plugin: if one of them finds no file, it did not see the copy
ALWAYS_APPLICABLE = ("compile", "import", "pylint", "validate-modules", "yamllint")

PYTEST_END = re.compile(r"^=* ?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s.*$", re.MULTILINE)
SANITY = re.compile(r'^Running sanity test "([^"]+)".*\n(No tests applicable\.)?', re.MULTILINE)
TARGET = re.compile(r"^Running (\S+) integration test (?:role|script)", re.MULTILINE)
LISTED_AS_FAILED = re.compile(r"The (\d+) (?:sanity|integration) test\(s\) listed below")
# from Ansible, or from the output of a playbook that a task started
DEPRECATION = re.compile(r'\[DEPRECATION WARNING\]: *((?:(?!\\n)[^"\n]){1,200})')


class Count(NamedTuple):
    """Numbers of tests by outcome."""

    passed: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def count(log: str) -> Count:
    """The tests of pytest, the sanity tests that checked files, and the integration targets."""
    numbers = re.findall(r"(\d+) (passed|failed|error)", " ".join(PYTEST_END.findall(log)))
    passed = sum(int(number) for number, word in numbers if word == "passed")
    failed = sum(int(number) for number, word in numbers if word != "passed")
    ran = len(TARGET.findall(log)) + sum(not idle for _name, idle in SANITY.findall(log))
    listed = sum(map(int, LISTED_AS_FAILED.findall(log)))
    return Count(passed + ran - listed, failed + listed)


def targets(place: Path) -> set[str]:
    """The integration targets that a full run must run: all but those that others depend on."""
    folders = (place / "tests" / "integration" / "targets").iterdir()
    return {folder.name for folder in folders if not folder.name.startswith(("setup_", "prepare_"))}


def faults_of_integration(log: str, expected: Iterable[str]) -> list[str]:
    """Faults of an integration run: targets that did not run, and deprecations."""
    ran = set(TARGET.findall(log))
    faults = [f"Integration target {name} did not run." for name in sorted(set(expected) - ran)]
    return faults + [f"Deprecated: {words}" for words in dict.fromkeys(DEPRECATION.findall(log))]


def faults_of_sanity(log: str, left_out: Iterable[str] = ()) -> list[str]:
    """Faults of a sanity run: tests that must check every plugin but checked none."""
    seen = {name for name, idle in SANITY.findall(log) if not idle} | set(left_out)
    return [f"The sanity test {name} looked at no file." for name in ALWAYS_APPLICABLE if name not in seen]


def faults(log: str) -> list[str]:
    """Faults of any run: nothing was tested."""
    # Not by a regular expression: a playbook's output has lines of a megabyte, over which .* takes minutes.
    found = [line for line in log.splitlines() if any(words in line for words in NOTHING_DONE)]
    return found if sum(count(log)) else [*found, "No test ran."]
