# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A green run means that tests ran: the tools' reading of outputs, and files that they never delete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import pythons
import results
import steps
import tree

INTEGRATION = """
Running alpha integration test role
Running beta integration test role
FATAL: The 1 integration test(s) listed below (out of 2) failed. See error output above for details:
beta
"""
SANITY = """
Running sanity test "compile" on Python 3.9
Running sanity test "import" on Python 3.9
Running sanity test "pslint"
No tests applicable.
Running sanity test "pylint"
Running sanity test "validate-modules"
No tests applicable.
Running sanity test "yamllint"
"""


# Counts of tests


@pytest.mark.parametrize(
    ("log", "count"),
    [
        ("2439 passed, 3 warnings in 37.94s\n", results.Count(2439, 0)),
        ("=== 2 failed, 65 passed, 21 deselected, 1 error in 62.35s (0:01:02) ===\n", results.Count(65, 3)),
        (INTEGRATION, results.Count(1, 1)),
        (SANITY, results.Count(4, 0)),
        ("5 passed to the next in line\n", results.Count(0, 0)),
    ],
)
def test_tests_are_counted(log: str, count: results.Count) -> None:
    assert results.count(log) == count


@pytest.mark.parametrize(
    ("log", "faults"),
    [
        ("WARNING: All targets skipped.\n", ["WARNING: All targets skipped.", "No test ran."]),
        ("", ["No test ran."]),
        ("3 passed in 1.0s\n", []),
    ],
)
def test_a_run_without_tests_is_a_fault(log: str, faults: list[str]) -> None:
    assert results.faults(log) == faults


def test_an_integration_target_that_did_not_run_is_a_fault() -> None:
    faults = results.faults_of_integration(INTEGRATION, {"alpha", "beta", "gamma"})
    assert faults == ["Integration target gamma did not run."]


@pytest.mark.parametrize(
    "line",
    [
        "[DEPRECATION WARNING]: Old is deprecated. Use new.",
        r'changed: [testhost] => {"stderr": "[DEPRECATION WARNING]: Old is deprecated. Use new.\nMore", "stdout": ""}',
    ],
)
def test_a_deprecation_in_an_integration_target_is_a_fault(line: str) -> None:
    faults = results.faults_of_integration(INTEGRATION + line, {"alpha", "beta"})
    assert faults == ["Deprecated: Old is deprecated. Use new."]


def test_every_integration_target_shows_deprecations() -> None:
    assert len(results.targets(ROOT)) > 10
    for target in results.targets(ROOT):
        aliases = ROOT / "tests" / "integration" / "targets" / target / "aliases"
        assert "env/set/ANSIBLE_DEPRECATION_WARNINGS/true" in aliases.read_text(encoding="utf-8").splitlines(), target


def test_a_sanity_test_without_files_is_a_fault() -> None:
    assert results.faults_of_sanity(SANITY) == ["The sanity test validate-modules looked at no file."]
    assert results.faults_of_sanity(SANITY, left_out=["validate-modules"]) == []


@pytest.mark.parametrize(
    ("test", "ends"),
    [
        ("def test_one(): pytest.skip('why not')", "1 failed"),
        ("@pytest.mark.skipif(True, reason='why not')\ndef test_one(): pass", "1 error"),
        ("@pytest.mark.xfail(strict=False)\ndef test_one(): assert False", "1 failed"),
        ("pytest.skip('why not', allow_module_level=True)", "1 error"),
        ("pytest.importorskip('no_such_module')", "1 error"),
        ("def one(): pass", "1 error"),
        ("def test_one(): pass", "1 passed"),
    ],
)
def test_a_test_that_is_skipped_and_a_file_without_tests_fail(test: str, ends: str, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_it.py").write_text(f"import pytest\n{test}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--confcutdir", tmp_path, tmp_path]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ends in done.stdout.splitlines()[-1], done.stdout
    assert (done.returncode == 0) == ("passed" in ends)


def test_a_failed_step_without_a_failed_test_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    (tmp_path / "noxfile.py").write_text(
        "import nox\n"
        "@nox.session(venv_backend='none')\n"
        "def good(session): print('7 passed in 0.1s', flush=True)\n"
        "@nox.session(venv_backend='none')\n"
        "def bad(session): session.error('no such file')\n",
        encoding="utf-8",
    )
    assert not steps.run_all(["good", "bad"])
    output = capsys.readouterr().out
    assert "no such file" in output
    assert output.splitlines()[-1] == "7 passed, 1 failed"


# Pythons


@pytest.mark.parametrize(
    ("minors", "core", "controller"), [([11], "2.19", 11), ([9, 12, 13], "2.21", 13), ([10, 14, 15], "2.21", 14)]
)
def test_the_newest_core_that_runs_on_an_installed_python_is_chosen(
    minors: list[int], core: str, controller: int
) -> None:
    found = {minor: Path(f"/usr/bin/python3.{minor}") for minor in minors}
    assert pythons.newest_core(found) == core
    assert pythons.fitting(core, found)[-1] == controller


def test_without_a_python_for_the_tools_the_package_to_install_is_named() -> None:
    with pytest.raises(SystemExit, match="install python3-venv"):
        pythons.newest_core({10: Path("/usr/bin/python3.10")})


def test_sanity_sees_no_managed_python_but_those_it_is_to_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ansible-test uses every Python on its PATH, and took minutes for those between the oldest and the newest."""
    old, other = (tmp_path / "versions" / name / "bin" for name in ("3.9.1", "3.10.1"))
    for folder in (old, other):
        folder.mkdir(parents=True)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    given = pythons.without_managed(f"{other}:/usr/bin:{old}")
    assert pythons.path_variable({9: old / "python3.9"}, given) == f"{old}:/usr/bin"


# Copies


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a file that git tracks and one that it ignores."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("/build/\nignored\n", encoding="utf-8")
    (tmp_path / "file").touch()
    (tmp_path / "ignored").touch()
    return tmp_path


def test_the_copy_follows_the_tree_and_keeps_ansible_tests_environments(clone: Path) -> None:
    place = tree.copy("job", clone)
    (place / "tests" / "output").mkdir(parents=True)
    (place / "tests" / "output" / "kept").touch()
    (clone / "file").rename(clone / "new")
    assert tree.copy("job", clone) == place
    assert sorted(path.name for path in place.iterdir()) == [".git", ".gitignore", "new", "tests"]
    assert (place / "tests" / "output" / "kept").exists()
    seen = subprocess.run(["git", "ls-files", "--others"], cwd=place, capture_output=True, text=True, check=True)
    assert "new" in seen.stdout.split()


@pytest.mark.parametrize(
    "link", ["build", "build/trees/job", "build/trees/job/ansible_collections/community/catchpoint"]
)
def test_a_copy_through_a_link_into_the_checkout_is_refused(link: str, clone: Path) -> None:
    """A copy once replaced its own clone and deleted the files that git ignores."""
    path = clone / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(clone)
    with pytest.raises(RuntimeError, match="symbolic link"):
        tree.copy("job", clone)
    assert (clone / "ignored").exists()
    assert (clone / "file").exists()
