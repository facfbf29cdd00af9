# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that run the tests notice when tests did not run: a green chain must mean something."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import ansible_test
import environments
import pythons
import results
import tree

JUNIT = """<testsuites><testsuite>
<testcase classname="tests.unit.plugins.test_a" name="test_good"/>
<testcase classname="tests.unit.plugins.test_a" name="test_bad"><failure message="no"/></testcase>
<testcase classname="tests.unit.plugins.test_b" name="test_left_out"><skipped message="why not"/></testcase>
</testsuite></testsuites>"""
INTEGRATION = [
    "Running alpha integration test role",
    "Running beta integration test role",
    "FATAL: The 1 integration test(s) listed below (out of 2) failed. See error output above for details:",
    "beta",
]


def junit(folder: Path) -> dict[str, str]:
    (folder / "units.xml").write_text(JUNIT, encoding="utf-8")
    return results.cases([folder / "units.xml"])


def test_test_cases_are_counted(tmp_path: Path) -> None:
    assert results.count(junit(tmp_path).values()) == results.Count(passed=1, failed=1, skipped=1)


def test_a_unit_test_file_without_a_test_that_ran_is_a_fault(tmp_path: Path) -> None:
    states = junit(tmp_path)
    plugins = tmp_path / "tests" / "unit" / "plugins"
    plugins.mkdir(parents=True)
    for name in ("test_a.py", "test_b.py", "test_c.py"):
        (plugins / name).touch()
    faults = ansible_test.check_units(states, tmp_path, whole=True)[1]
    assert [fault.split()[3].rsplit("/", 1)[1] for fault in faults] == ["test_b.py", "test_c.py"]


def test_an_integration_target_that_did_not_run_is_a_fault() -> None:
    counted, faults = ansible_test.check_integration(INTEGRATION, {"alpha", "beta", "gamma"})
    assert counted == results.Count(passed=1, failed=1)
    assert faults == ["Integration target gamma did not run."]


@pytest.mark.parametrize(
    "line",
    [
        "[DEPRECATION WARNING]: Old is deprecated. Use new.",
        r'changed: [testhost] => {"stderr": "[DEPRECATION WARNING]: Old is deprecated. Use new.\nMore", "stdout": ""}',
    ],
)
def test_a_deprecation_in_an_integration_target_or_in_a_playbook_that_it_starts_is_a_fault(line: str) -> None:
    faults = ansible_test.check_integration([*INTEGRATION, line], {"alpha", "beta"})[1]
    assert faults == ["Deprecated: Old is deprecated. Use new."]


def test_every_integration_target_shows_deprecations() -> None:
    targets = ROOT / "tests" / "integration" / "targets"
    for target in ansible_test.integration_targets(ROOT):
        aliases = (targets / target / "aliases").read_text(encoding="utf-8").splitlines()
        assert "env/set/ANSIBLE_DEPRECATION_WARNINGS/true" in aliases, target


def test_libraries_that_are_not_the_oldest_are_a_fault(tmp_path: Path) -> None:
    packages = tmp_path / "tests/output/.tmp/delegation/python3.10/lib/python3.10/site-packages"
    for name in ("python_dateutil-2.8.1", "requests-2.33.0"):
        (packages / f"{name}.dist-info").mkdir(parents=True)
    wanted = {"python-dateutil": "2.8.1", "requests": "2.25.1", "urllib3": "1.26.5"}
    assert ansible_test.check_libraries(tmp_path, wanted) == [
        "The tests were to run with requests 2.25.1, and ran with 2.33.0.",
        "The tests were to run with urllib3 1.26.5, and ran with none.",
    ]


def test_a_sanity_test_that_looked_at_no_file_is_a_fault() -> None:
    idle = "skipped: No tests applicable."
    states = {f"file sanity {name}": "passed" for name in ("compile-python-3.9", "import-python-3.9", "pylint")}
    states |= {"file sanity validate-modules": idle, "file sanity yamllint": "passed", "file sanity pslint": idle}
    counted, faults = ansible_test.check_sanity(states, whole=True)
    assert counted == results.Count(passed=4)
    assert faults == ["The sanity test validate-modules looked at no file."]


def python(version: str) -> pythons.Python:
    return pythons.Python(tuple(int(part) for part in version.split(".")), Path("/usr/bin/python" + version[:4]))


@pytest.mark.parametrize(
    ("versions", "core", "chosen"),
    [
        (["3.11.2"], "2.19", "3.11"),
        (["3.9.18", "3.12.1", "3.13.0"], "2.21", "3.13"),
        (["3.10.13", "3.14.2"], "2.21", "3.14"),
    ],
)
def test_the_newest_core_that_a_python_here_can_run_is_taken(versions: list[str], core: str, chosen: str) -> None:
    found = pythons.Search({python(version).version[1]: python(version) for version in versions}, {})
    assert pythons.newest_core(found) == core
    fitting = pythons.fitting(core, found)
    assert fitting is not None
    assert fitting.short == chosen


def test_a_python_without_venv_is_named_with_the_package_to_install() -> None:
    too_old = {10: python("3.10.13")}
    broken = {Path("/usr/bin/python3.11"): "ModuleNotFoundError: No module named 'ensurepip'"}
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        pythons.newest_core(pythons.Search(too_old, broken))


def test_the_copy_follows_the_working_tree_and_keeps_its_own_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "ROOT", tmp_path)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("/build/\n", encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "file").touch()
    place = tree.copy("job")
    (place / "tests" / "output").mkdir(parents=True)
    (place / "tests" / "output" / "kept").touch()
    (tmp_path / "old" / "file").rename(tmp_path / "new")
    assert tree.copy("job") == place
    assert sorted(path.name for path in place.iterdir()) == [".git", ".gitignore", "new", "tests"]
    assert (place / "tests" / "output" / "kept").exists()
    seen = subprocess.run(["git", "ls-files", "--others"], cwd=place, capture_output=True, text=True, check=True)
    assert "new" in seen.stdout.split()


def test_steps_that_begin_together_may_set_the_same_link(tmp_path: Path) -> None:
    def point(number: int) -> None:
        for turn in range(50):
            environments.link(tmp_path / "home" / "pip", tmp_path / f"{number}-{turn}")

    workers = [multiprocessing.Process(target=point, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["pip"]
