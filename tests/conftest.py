# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets plain pytest import this working tree as ansible_collections.community.catchpoint.

ansible-test has its own way to do that. With both, deprecated Python features in this collection's code are errors,
and so are skipped tests, expected failures and files without tests: every test must run everywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    for kind in ("DeprecationWarning", "PendingDeprecationWarning"):
        config.addinivalue_line("filterwarnings", f"error::{kind}:ansible_collections")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"FAULT: a test did not run, or may fail: {report.longrepr}"
        report.__dict__.pop("wasxfail", None)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped or (report.passed and not report.result and isinstance(collector, pytest.Module)):
        report.outcome = "failed"
        report.longrepr = f"FAULT: no test of {collector.nodeid} runs: {report.longrepr or 'it has none'}"


def use_working_tree() -> None:
    """Puts Ansible's import hook over build/dev, where community/catchpoint is a link to the working tree."""
    from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

    place = ROOT / "build" / "dev" / "ansible_collections" / "community" / "catchpoint"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(Path("../../../.."))
    paths = str(ROOT / "build" / "dev")
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = paths  # for the Ansible commands that a test starts
    sys.path.insert(0, paths)
    _AnsibleCollectionFinder(paths=[paths])._install()


if "ansible_pytest_collections" not in os.environ.get("PYTEST_PLUGINS", ""):
    for name in [name for name in os.environ if name.startswith("CATCHPOINT_")]:
        del os.environ[name]  # tests never contact the real service
    use_working_tree()
