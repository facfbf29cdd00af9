# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict as workflow commands of GitHub Actions, which shows them as annotations.

A failed criterion and one that could not be judged are errors. A warning, and a criterion that is not enforced and does
not hold, are warnings. The verdict is an annotation of its own. Syntax and escapes are those of GitHub's toolkit
(https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._report.text import (
    explanation_lines,
    sentence,
    several_tests,
    test_text,
    worst_first,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean

_COMMANDS = {"fail": "error", "inconclusive": "error", "error": "error", "warn": "warning"}
_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def write(result: Mapping[str, Any]) -> str:
    return "".join(f"{line}\n" for line in _lines(result))


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    rows = result["criteria"]
    several = several_tests(rows)
    message = str(result["msg"])
    if result.get("outcome"):
        message += f"\n{result['outcome']['text']}"
    yield _command(_COMMANDS.get(result["verdict"], "notice"), "Performance gate", message)
    for row in (rows[index] for index in worst_first(rows)):
        command = _COMMANDS.get(row["status"])
        if command is not None:
            title = f"{row['name']}, {test_text(row)}" + (f", {row['location']}" if row["location"] is not None else "")
            text = "\n".join([sentence(row, several), *explanation_lines(row)])
            yield _command(command if row["enforced"] else "warning", title, text)


def _command(name: str, title: str, message: str) -> str:
    shown = "".join(_IN_PROPERTIES.get(char, char) for char in clean(title))
    lines = "\n".join(clean(line) for line in message.splitlines())
    return f"::{name} title={shown}::{''.join(_IN_MESSAGES.get(char, char) for char in lines)}"
