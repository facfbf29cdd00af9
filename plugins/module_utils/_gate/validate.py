# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Readers of the gate's arguments: each returns a clean value, or raises an error that says what to write.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import closest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError

# The strings that Ansible reads as booleans.
_TRUE = ("true", "yes", "on", "y", "t", "1")
_FALSE = ("false", "no", "off", "n", "f", "0")


class GateArgumentError(OptionError):
    """An argument of the gate is wrong. It always fails, whatever fail_on says, and before any waiting."""


def suggestion(name: str, choices: Iterable[str]) -> str:
    """ " Did you mean …?" for a misspelt name, or nothing when no choice is near."""
    near = closest(name, choices)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def number(value: Any, what: str, *, least: Optional[float] = None, most: Optional[float] = None) -> float:
    """A finite number; text is read as one, since templates give text. Raises GateArgumentError."""
    result = math.nan
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        with suppress(ValueError, OverflowError):
            result = float(value)
    if not math.isfinite(result):
        hint = " Write the bare number, without a sign of percent or a unit." if isinstance(value, str) else ""
        raise GateArgumentError(f"{what} must be a number, but is {shown(value)}.{hint}")
    if least is not None and result < least:
        raise GateArgumentError(f"{what} must be at least {least:.12g}, but is {shown(value)}.")
    if most is not None and result > most:
        raise GateArgumentError(f"{what} must be at most {most:.12g}, but is {shown(value)}.")
    return result


def integer(value: Any, what: str, *, least: int) -> int:
    """A whole number of at least ``least``. Raises GateArgumentError."""
    result = number(value, what, least=least)
    if result != int(result):
        raise GateArgumentError(f"{what} must be a whole number, but is {shown(value)}.")
    return int(result)


def boolean(value: Any, what: str) -> bool:
    """A boolean in any of the ways in which Ansible writes one. Raises GateArgumentError."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise GateArgumentError(f"{what} must be true or false, but is {shown(value)}.")


def choice(value: Any, what: str, choices: Sequence[str]) -> str:
    """One of some words. Raises GateArgumentError."""
    text = value.strip() if isinstance(value, str) else value
    if text in choices and isinstance(text, str):
        return str(text)
    hint = suggestion(text, choices) if isinstance(text, str) else ""
    raise GateArgumentError(f"{what} must be one of {', '.join(choices)}, but is {shown(value)}.{hint}")


def words(value: Any, what: str, choices: Sequence[str]) -> tuple[str, ...]:
    """A list of words, or text with commas, each of them one of some choices. Raises GateArgumentError."""
    return tuple(dict.fromkeys(choice(entry, f"each of {what}", choices) for entry in listed(value, what)))


def ids(value: Any, what: str) -> tuple[int, ...]:
    """Numeric ids as a list, text with commas or a single one; doubles are dropped. Raises GateArgumentError."""
    entries = [value] if isinstance(value, int) else listed(value, what)
    return tuple(dict.fromkeys(integer(entry, f"each of {what}", least=1) for entry in entries))


def listed(value: Any, what: str) -> list[Any]:
    """A list as it is, text split at commas. Raises GateArgumentError."""
    if isinstance(value, str):
        return [entry.strip() for entry in value.split(",") if entry.strip()]
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return list(value)
    raise GateArgumentError(f"{what} must be a list, but is {shown(value)}.")


def given(value: Any, what: str, known: Sequence[str]) -> dict[str, Any]:
    """The entries of a dictionary that are set (not null). Raises GateArgumentError for a key that is not known."""
    if not isinstance(value, Mapping):
        raise GateArgumentError(f"{what} must be a dictionary of {', '.join(known)}, but is {shown(value)}.")
    for key in value:
        if key not in known:
            hint = suggestion(str(key), known)
            raise GateArgumentError(f"{what} has no option {str(key)!r}.{hint} Its options are {', '.join(known)}.")
    return {str(key): entry for key, entry in value.items() if entry is not None}


def shown(value: Any) -> str:
    """A wrong value for a message: short, whatever it is."""
    if isinstance(value, Mapping):
        return "a dictionary"
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return "a list"
    text = repr(str(value)) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
