# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture in CONTRIBUTING.md is correct: it has every file, and every arrow points down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
BASE = "ansible_collections.community.catchpoint.plugins."
FLOORS = ("plugin_utils", "module_utils")
FILES = sorted(path for floor in FLOORS for path in (PLUGINS / floor).rglob("*.py"))


def picture() -> list[str]:
    """The rooms from top to bottom: a file without its suffix, or a folder."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"^        (_\w+)(?:\.py|/)", text, re.MULTILINE)


def room(path: Path) -> str:
    """The room that a file is in."""
    return path.relative_to(PLUGINS).parts[1].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, at any place; a name imported from a package counts as its module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_the_picture_has_every_file_once() -> None:
    assert sorted(picture()) == sorted({room(path) for path in FILES})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_every_arrow_points_down(path: Path) -> None:
    order = picture()
    own = [name.removeprefix(BASE).split(".") for name in imported(path) if name.startswith(BASE)]
    assert {floor for floor, *_rest in own} <= set(FLOORS)
    below = order[order.index(room(path)) :]
    assert {room for _floor, room, *_rest in own} <= set(below)


@pytest.mark.parametrize(
    ("name", "users"),
    [
        ("requests", {"_http"}),
        ("urllib3", {"_http"}),
        ("dateutil", {"_time"}),
        ("ansible.module_utils.basic", {"_module"}),
    ],
)
def test_restricted_imports(name: str, users: set[str]) -> None:
    found = {room(path) for path in FILES if any(f"{one}.".startswith(f"{name}.") for one in imported(path))}
    assert found <= users


def test_modules_and_module_utils_do_not_import_controller_code() -> None:
    for path in [*(PLUGINS / "modules").glob("*.py"), *(PLUGINS / "module_utils").rglob("*.py")]:
        names = {name for name in imported(path) if name.partition(".")[0] == "ansible"}
        assert all(name.startswith("ansible.module_utils.") for name in names), path


def test_the_gate_imports_no_io() -> None:
    io = {"os", "pathlib", "socket", "subprocess", "tempfile", "time"}
    for path in (PLUGINS / "module_utils" / "_gate").glob("*.py"):
        names = {name.partition(".")[0] for name in imported(path)}
        assert not names & {*io, "ansible"}, path


# From top to bottom. cli.py and __main__.py start it; start.py, for tests and playbooks, imports nothing of it.
SIMULATOR = ("cli", "server", "control", "api", "service", "world")


@pytest.mark.parametrize("room_name", SIMULATOR)
def test_every_arrow_in_the_simulator_points_down(room_name: str) -> None:
    folder = ROOT / "extensions" / "simulator"
    assert {path.name for path in folder.iterdir() if (path / "__init__.py").exists()} == set(SIMULATOR[1:])
    below = SIMULATOR[SIMULATOR.index(room_name) + 1 :]
    for path in folder.glob(f"{room_name}.py") if room_name == "cli" else (folder / room_name).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        levels = 1 if room_name == "cli" else 2
        found = {
            node.module.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level == levels and node.module
        }
        assert found <= set(below), path


def cycle(arrows: dict[Path, set[Path]]) -> list[Path]:
    """Files that import each other in a circle, or none."""
    rest = dict(arrows)
    while leaves := [path for path, targets in rest.items() if not targets & rest.keys()]:
        for path in leaves:
            del rest[path]
    return sorted(rest)


def arrows_of(folder: Path, base: str) -> dict[Path, set[Path]]:
    """The files of a folder that each file of it imports."""
    modules = {".".join(path.relative_to(folder).with_suffix("").parts): path for path in folder.rglob("*.py")}
    arrows: dict[Path, set[Path]] = {}
    for name, path in modules.items():
        found = arrows[path] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom):
                continue
            package = name.split(".")[: -node.level] if node.level else []
            module = [*package, *filter(None, (node.module or "").removeprefix(base).split("."))]
            for one in (module, *([*module, alias.name] for alias in node.names)):
                target = modules.get(".".join(one))
                if target and target != path:
                    found.add(target)
    return arrows


@pytest.mark.parametrize(("folder", "base"), [("plugins", BASE), ("extensions/simulator", "-")])
def test_imports_have_no_cycle(folder: str, base: str) -> None:
    arrows = arrows_of(ROOT / folder, base)
    assert sum(len(targets) for targets in arrows.values()) > 100
    assert cycle(arrows) == []


def test_an_import_cycle_is_found() -> None:
    one, two, three = Path("one"), Path("two"), Path("three")
    assert cycle({one: {two}, two: {one}, three: {one}}) == [one, three, two]


def test_module_utils_has_few_rooms() -> None:
    """A new maintainer can see all of them at a glance."""
    rooms = {room(path) for path in FILES if path.is_relative_to(PLUGINS / "module_utils")}
    assert len(rooms) <= 12
