# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nox -s release refuses a commit that must not be released, and says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import release
import tree


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A commit with version 1.2.0 everywhere, after 1.1.0."""
    files = {
        "galaxy.yml": "version: 1.2.0\n",
        "plugins/module_utils/_http/version.py": 'VERSION = "1.2.0"\n',
        "changelogs/changelog.yaml": "releases: {1.1.0: {}, 1.2.0: {}}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    commit(tmp_path)
    return tmp_path


def commit(root: Path) -> None:
    who = ["-c", "user.name=Test Author", "-c", "user.email=author@example.com"]
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    subprocess.run(["git", *who, "commit", "--quiet", "--allow-empty", "-m", "work"], cwd=root, check=True)


def test_a_clean_commit_with_one_version_is_releasable(repository: Path) -> None:
    assert release.faults_of_git("1.2.0", repository) == []
    assert release.faults_of_versions(repository) == []


def test_uncommitted_changes_are_refused(repository: Path) -> None:
    (repository / "new.txt").touch()
    (repository / "galaxy.yml").write_text("version: 1.2.0 # x\n", encoding="utf-8")
    (fault,) = release.faults_of_git("1.2.0", repository)
    assert fault.splitlines()[1:] == [" M galaxy.yml", "?? new.txt"]


def test_a_released_version_is_refused(repository: Path) -> None:
    subprocess.run(["git", "tag", "1.2.0"], cwd=repository, check=True)
    assert release.faults_of_git("1.2.0", repository) == []
    commit(repository)
    assert "1.2.0 is released" in release.faults_of_git("1.2.0", repository)[0]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("plugins/module_utils/_http/version.py", 'VERSION = "1.1.0"\n', "galaxy.yml says 1.2.0, plugins/module_utils"),
        ("changelogs/changelog.yaml", "releases: {1.1.0: {}}\n", "no release 1.2.0"),
        ("changelogs/changelog.yaml", "releases: {1.10.0: {}, 1.2.0: {}}\n", "the changelog has 1.10.0 already"),
    ],
)
def test_versions_must_agree(repository: Path, name: str, text: str, words: str) -> None:
    (repository / name).write_text(text, encoding="utf-8")
    (fault,) = release.faults_of_versions(repository)
    assert words in fault


def test_the_current_version_is_the_same_everywhere() -> None:
    assert release.faults_of_versions() == []


def test_the_changelog_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    version = release.version_of_galaxy(ROOT)
    assert release.faults_of_changelog(version, os.environ) == []
    copy = tree.copy

    def copy_with_a_fragment(job: str) -> Path:
        place = copy(job)
        (place / "changelogs" / "fragments" / "forgotten.yml").write_text("bugfixes: [a - b.]\n", encoding="utf-8")
        return place

    monkeypatch.setattr(tree, "copy", copy_with_a_fragment)
    (fault,) = release.faults_of_changelog(version, os.environ)
    assert "CHANGELOG.md" in fault
