# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""One verdict in the formats that people and machines read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError, choice
from ansible_collections.community.catchpoint.plugins.module_utils._report import github, html, junit, markdown
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import as_result


def report(value: Any, format: Any) -> str:
    """The report of a gate's result. Raises GateArgumentError for another value or an unknown format."""
    write = _FORMATS[choice(format, "The format of the report", tuple(_FORMATS))]
    result = as_result(value)
    try:
        return write(result)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as error:
        raise GateArgumentError(
            f"This result of a performance gate is damaged ({type(error).__name__}: {error}). Pass it on as it was "
            "registered."
        ) from None


def _text(result: Mapping[str, Any]) -> str:
    lines = [str(result["msg"]), *(line for line in result["report"] if line != result["msg"])]
    if result.get("outcome"):
        lines.append(str(result["outcome"]["text"]))
    return "".join(f"{line}\n" for line in lines)


_FORMATS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text": _text,
    "markdown": markdown.write,
    "junit": junit.write,
    "html": html.write,
    "github": github.write,
}
