# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared files: permissions, locks, and file-system errors."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import files as files_module
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache.files import RunFiles
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import (
    in_worker,
    race,
    running_worker,
)


def everything_below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def test_only_the_user_can_read_the_files(run_folder: Path) -> None:
    before = os.umask(0)
    try:
        files = RunFiles("account", "query")
        files.write("answer.json", {"a": 1})
        files.append("waiting", ["b"])
        with files.locked("lock"):
            found = everything_below(run_folder)
    finally:
        os.umask(before)
    modes = {str(path.relative_to(run_folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in found}
    assert modes == {
        "catchpoint": "0o700",
        "catchpoint/account": "0o700",
        "catchpoint/account/query": "0o700",
        "catchpoint/account/query/answer.json": "0o600",
        "catchpoint/account/query/lock": "0o600",
        "catchpoint/account/query/waiting": "0o600",
    }


def test_written_values_are_read_back() -> None:
    files = RunFiles("account")
    value = {"text": "Zürich ☃", "numbers": [1, 2.5, None, True]}
    files.write("value.json", value)
    assert files.read("value.json") == value
    assert files.read("no.json") is None


def test_lines_are_popped_once(run_folder: Path) -> None:
    files = RunFiles("account")
    files.append("waiting", ["1", "2"])
    files.append("waiting", ["3"])
    with open(Path(files.path) / "waiting", "a", encoding="ascii") as file:
        file.write("half a li")
    assert files.pop_lines("waiting") == [["1", "2"], ["3"]]
    assert files.pop_lines("waiting") == []


def test_a_truncated_file_counts_as_absent() -> None:
    files = RunFiles("account")
    files.write("value.json", [1])
    Path(files.path, "value.json").write_text('{"half')
    assert files.read("value.json") is None


def test_a_failed_write_leaves_no_draft(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    files = RunFiles("account")
    files.write("value.json", 1)
    monkeypatch.setattr(files_module.os, "replace", full)
    files.write("value.json", 2)
    assert [path.name for path in everything_below(run_folder)] == ["catchpoint", "account", "value.json"]


def test_a_lock_is_exclusive() -> None:
    def add(_number: int) -> None:
        files = RunFiles("account")
        for _time in range(5):
            with files.locked("lock"):
                files.write("sum.json", (files.read("sum.json") or 0) + 1)

    race(8, add)
    assert RunFiles("account").read("sum.json") == 40


def test_a_killed_worker_releases_its_lock() -> None:
    def hold(here: Callable[[], None]) -> None:
        with RunFiles("account").locked("lock"):
            here()
            os.read(os.pipe()[0], 1)

    def enter() -> str:
        with RunFiles("account").locked("lock"):
            return "in"

    with running_worker(hold) as kill:
        kill()
        assert in_worker(enter) == "in"


def make_gone(folder: Path) -> None:
    shutil.rmtree(folder)


def make_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


def make_a_trap(folder: Path) -> None:
    """The folder of the cache is a dangling symbolic link."""
    (folder / "catchpoint").symlink_to("/nonexistent/catchpoint")


def make_read_only(folder: Path) -> None:
    """Root can still write there, which is fine too."""
    folder.chmod(0o500)


@pytest.mark.parametrize("spoil", [make_gone, make_a_file, make_a_trap, make_read_only])
def test_without_a_folder_values_stay_in_the_process(run_folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(run_folder)
    files = RunFiles("account")
    files.write("value.json", {"a": 1})
    files.append("waiting", ["b"])
    with files.locked("lock"):
        assert files.read("value.json") == {"a": 1}
        assert files.pop_lines("waiting") in ([], [["b"]])
    files.write("value.json", {"a": 2})
    assert RunFiles("account").read("value.json") == {"a": 2}
    assert run_folder.exists() == (spoil is not make_gone)


def test_a_full_disk_keeps_values_in_the_process(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any, **_more: Any) -> int:
        raise OSError(28, "No space left on device")

    files = RunFiles("account")
    files.write("old.json", "old")
    monkeypatch.setattr(files_module.os, "open", full)
    files.write("old.json", "newer")
    files.write("new.json", "new")
    with files.locked("lock"):
        assert files.read("new.json") == "new"
        assert files.read("old.json") == "newer"
    monkeypatch.undo()


def test_an_unwritten_value_does_not_hide_a_newer_one(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    files = RunFiles("account")
    with monkeypatch.context() as patch:
        patch.setattr(files_module.os, "replace", full)
        files.write("value.json", "first")
    assert files.read("value.json") == "first"
    files.write("value.json", "second")
    assert files.read("value.json") == "second"
    Path(files.path, "value.json").unlink()
    assert files.read("value.json") is None
