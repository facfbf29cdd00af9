# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The verdict as Markdown: a heading, the message, and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._report.text import (
    explanation_lines,
    facts,
    label,
    measured,
    several_tests,
    status_word,
    worst_first,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean

_HEADS = ("", "criterion", "value", "baseline", "change", "limit", "p", "runs", "reason")
_ALIGNED = ("---", "---", "---:", "---:", "---:", "---", "---", "---", "---")
# Characters with a meaning in a table of GitHub's or GitLab's Markdown; entities work in both.
_ESCAPES = {ord(c): f"&#{ord(c)};" for c in "&<>@|`*_[]~\\"}


def write(result: Mapping[str, Any]) -> str:
    rows = result["criteria"]
    several = several_tests(rows)
    text = [f"### Performance gate: {_escaped(str(result['verdict']).upper())}", "", _escaped(result["msg"]), ""]
    if result.get("outcome"):
        text += [_escaped(result["outcome"]["text"]), ""]
    if rows:
        text += [_line(_HEADS), _line(_ALIGNED), *(_row(rows[index], several) for index in worst_first(rows)), ""]
        text += [f"- {_escaped(line)}" for line in measured(result)]
    return "\n".join(text).rstrip() + "\n"


def _row(row: Mapping[str, Any], several: bool) -> str:
    word = status_word(row)
    status = f"**{word}**" if word == "FAIL" else word
    if not row["enforced"]:
        status += " (not enforced)"
    entry = facts(row)
    columns = (entry[key] for key in ("value", "baseline", "change", "limit", "p", "samples"))
    cells = [label(row, several), *columns]
    reason = "<br>".join(_escaped(line) for line in (row["reason"], *explanation_lines(row)))
    return _line([status, *(_escaped(cell) for cell in cells), reason])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: object) -> str:
    return clean(text).translate(_ESCAPES)
