# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code blocks of pages, and the comparison of an output with a quoted one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Block(NamedTuple):
    """A piece of code in a page: its language, its text, the line where it begins, and the file that it is."""

    page: Path
    language: str
    text: str
    line: int
    file: str = ""

    @property
    def where(self) -> str:
        return f"{self.page.name} line {self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    found = _of_markdown(page, lines) if page.suffix == ".md" else _of_rst(page, lines)
    return [block for block in found if block.language == language]


def _of_markdown(page: Path, lines: list[str]) -> Iterator[Block]:
    begin = None
    for number, line in enumerate(lines):
        if line.startswith("```") and begin is None:
            begin = number
        elif line == "```" and begin is not None:
            yield Block(page, lines[begin][3:], "\n".join(lines[begin + 1 : number]) + "\n", begin + 2)
            begin = None


def _of_rst(page: Path, lines: list[str]) -> Iterator[Block]:
    for number, line in enumerate(lines):
        match = re.match(r"( *)\.\. code-block:: (\S+)", line)
        if match is None:
            continue
        indent = len(match[1]) + 4
        body = []
        for inside in lines[number + 1 :]:
            if inside.strip() and len(inside) - len(inside.lstrip()) < indent:
                break
            body.append(inside[indent:])
        file = ""
        if body[0].startswith(":caption: "):
            file = body.pop(0).partition(": ")[2]
        yield Block(page, match[2], "\n".join(body).strip("\n") + "\n", number + (4 if file else 3), file)


def normal(text: str) -> list[str]:
    """Comparable lines: without numbers and without parts that depend on the width of the screen."""
    lines = (
        re.sub(r"\d+(?:[.:-]\d+)*(?:[TZ]|\.\d+)*", "N", re.sub(r"\*{3,}", "***", line)) for line in text.splitlines()
    )
    return [" ".join(line.split()) for line in lines if line.strip()]


def assert_quoted(block: str, output: str) -> None:
    """Asserts that the output has every line of the block, in that order."""
    lines = iter(normal(output))
    for line in normal(block):
        assert line in lines, f"missing in the output, or in another order: {line}\n{output}"
