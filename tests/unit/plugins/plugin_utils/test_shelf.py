# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared files: who may read them, who waits for whom, and what happens when the file system says no."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.plugin_utils import _shelf
from ansible_collections.community.catchpoint.plugins.plugin_utils._shelf import Shelf
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import alone, at_work, race


def everything_below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def test_only_the_user_may_read_it(run_folder: Path) -> None:
    before = os.umask(0)
    try:
        shelf = Shelf("account", "question")
        shelf.write("answer.json", {"a": 1})
        shelf.append("wanted", ["b"])
        with shelf.alone("lock"):
            found = everything_below(run_folder)
    finally:
        os.umask(before)
    modes = {str(path.relative_to(run_folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in found}
    assert modes == {
        "catchpoint": "0o700",
        "catchpoint/account": "0o700",
        "catchpoint/account/question": "0o700",
        "catchpoint/account/question/answer.json": "0o600",
        "catchpoint/account/question/lock": "0o600",
        "catchpoint/account/question/wanted": "0o600",
    }


def test_values_come_back() -> None:
    shelf = Shelf("account")
    value = {"text": "Zürich ☃", "numbers": [1, 2.5, None, True]}
    shelf.write("value.json", value)
    assert shelf.read("value.json") == value
    assert shelf.read("no.json") is None


def test_lines_are_taken_once(run_folder: Path) -> None:
    shelf = Shelf("account")
    shelf.append("wanted", ["1", "2"])
    shelf.append("wanted", ["3"])
    with open(Path(shelf.path) / "wanted", "a", encoding="ascii") as file:
        file.write("half a li")
    assert shelf.take("wanted") == [["1", "2"], ["3"]]
    assert shelf.take("wanted") == []


def test_half_a_file_is_no_file() -> None:
    shelf = Shelf("account")
    shelf.write("value.json", [1])
    Path(shelf.path, "value.json").write_text('{"half')
    assert shelf.read("value.json") is None


def test_a_draft_is_never_left(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    shelf = Shelf("account")
    shelf.write("value.json", 1)
    monkeypatch.setattr(_shelf.os, "replace", full)
    shelf.write("value.json", 2)
    assert [path.name for path in everything_below(run_folder)] == ["catchpoint", "account", "value.json"]


def test_a_lock_lets_one_in_at_a_time() -> None:
    def add(_number: int) -> None:
        shelf = Shelf("account")
        for _time in range(5):
            with shelf.alone("lock"):
                shelf.write("sum.json", (shelf.read("sum.json") or 0) + 1)

    race(8, add)
    assert Shelf("account").read("sum.json") == 40


def test_a_killed_worker_blocks_nobody() -> None:
    def hold(here: Callable[[], None]) -> None:
        with Shelf("account").alone("lock"):
            here()
            os.read(os.pipe()[0], 1)

    def enter() -> str:
        with Shelf("account").alone("lock"):
            return "in"

    with at_work(hold) as kill:
        kill()
        assert alone(enter) == "in"


def make_gone(folder: Path) -> None:
    shutil.rmtree(folder)


def make_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


def make_a_trap(folder: Path) -> None:
    """Where the store belongs, somebody has put a link to elsewhere that leads nowhere."""
    (folder / "catchpoint").symlink_to("/nonexistent/catchpoint")


def make_read_only(folder: Path) -> None:
    """Root may write there nevertheless, which is as well."""
    folder.chmod(0o500)


@pytest.mark.parametrize("spoil", [make_gone, make_a_file, make_a_trap, make_read_only])
def test_without_a_folder_a_process_keeps_things_for_itself(run_folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(run_folder)
    shelf = Shelf("account")
    shelf.write("value.json", {"a": 1})
    shelf.append("wanted", ["b"])
    with shelf.alone("lock"):
        assert shelf.read("value.json") == {"a": 1}
        assert shelf.take("wanted") in ([], [["b"]])
    shelf.write("value.json", {"a": 2})
    assert Shelf("account").read("value.json") == {"a": 2}
    assert run_folder.exists() == (spoil is not make_gone)


def test_a_disk_that_is_full(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any, **_more: Any) -> int:
        raise OSError(28, "No space left on device")

    shelf = Shelf("account")
    shelf.write("old.json", "old")
    monkeypatch.setattr(_shelf.os, "open", full)
    shelf.write("old.json", "newer")
    shelf.write("new.json", "new")
    with shelf.alone("lock"):
        assert shelf.read("new.json") == "new"
        assert shelf.read("old.json") == "newer"
    monkeypatch.undo()


def test_what_could_not_be_written_hides_nothing_newer(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    shelf = Shelf("account")
    with monkeypatch.context() as patch:
        patch.setattr(_shelf.os, "replace", full)
        shelf.write("value.json", "first")
    assert shelf.read("value.json") == "first"
    shelf.write("value.json", "second")
    assert shelf.read("value.json") == "second"
    Path(shelf.path, "value.json").unlink()
    assert shelf.read("value.json") is None
