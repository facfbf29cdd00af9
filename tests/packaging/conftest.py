# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artefact that `nox -s packaging` built from this working tree and installed into an empty folder."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "tools"), str(Path(__file__).resolve().parent)]

import release
from user import User

# Tested with a real Redis where one is installed; the same is tested with jsonfile everywhere.
collect_ignore = [] if shutil.which("redis-server") else ["test_redis.py"]


@pytest.fixture(scope="session")
def artefact() -> Path:
    """The archive; it is installed beside it."""
    found = list(release.ARTEFACT.glob("*.tar.gz"))
    assert len(found) == 1, "The artefact is missing. Build it with nox -s packaging."
    return found[0]


@pytest.fixture
def user(artefact: Path, tmp_path: Path) -> User:
    """A user who installed the artefact into an empty folder, without this repository."""
    return User(tmp_path, release.ARTEFACT)


@pytest.fixture(scope="session")
def start(artefact: Path) -> ModuleType:
    """The simulator's own start.py, of the installed collection."""
    path = release.INSTALLED / "extensions" / "simulator" / "start.py"
    specification = importlib.util.spec_from_file_location("installed_start", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
