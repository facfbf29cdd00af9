# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Numbers and facts in words, the same in every report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Optional

_UNIT_SIGNS = {"ms": " ms", "percent": " %", "bytes": " bytes"}
_DIGITS_APART = 6


def value_text(value: Optional[float], unit: str, *, decimals: Optional[int] = None) -> str:
    """1307 ms, 99.5 %, 12 ms, 0.42; a hyphen for None. Without ``decimals`` the size of the value decides."""
    if value is None or not math.isfinite(value):
        return "-"
    if decimals is None:
        decimals = 2 if unit == "percent" else _decimals(value)
    text = plain(value, decimals)
    if unit == "percent" and text == "100" and value < 100:
        text = "99." + "9" * max(decimals, 1)  # one failed run of many is not none
    return text + _UNIT_SIGNS.get(unit, "")


def limit_text(value: float, unit: str) -> str:
    """A limit as it was given, with its unit."""
    return f"{value:.10g}" + _UNIT_SIGNS.get(unit, "")


def value_apart(value: float, limit: float, unit: str) -> str:
    """A value beside a limit that it breaks, with enough decimals to see the difference."""
    text = value_text(value, unit)
    for decimals in range(1, _DIGITS_APART + 1):
        if text != value_text(limit, unit) and text != limit_text(limit, unit):
            break
        text = value_text(value, unit, decimals=decimals)
    return text


def change_text(change: Optional[float], unit: str) -> str:
    """+30.4 %, -15.5 points, +305 ms; a hyphen for None."""
    if change is None or not math.isfinite(change):
        return "-"
    sign = "-" if change < 0 else "+" if change else ""
    if unit in ("%", "points"):
        return f"{sign}{plain(abs(change), 1 if abs(change) >= 0.1 else 2)} {unit}"
    return sign + value_text(abs(change), unit)


def p_text(p: float, above: float = 0.0) -> str:
    """p=0.22, p=0.031, p<0.001. With ``above``, enough digits to see that p is above that number."""
    if p < 0.001 and not above:
        return "p<0.001"
    digits = next((digits for digits in range(2, _DIGITS_APART) if float(f"{p:.{digits}g}") > above), _DIGITS_APART)
    return f"p={p:.{digits}g}" if p < 0.995 else "p=1"


def level_text(level: float) -> str:
    """0.0027, 0.05, 0.000045: a significance level with two digits, never with an exponent."""
    digits = max(2, 1 - math.floor(math.log10(level))) if level > 0 else 2
    return plain(level, digits)


def plain(value: float, decimals: int) -> str:
    """A number without needless zeros, and without an exponent."""
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def counted(count: int, noun: str) -> str:
    """1 run, 2 runs."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def joined(parts: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    texts = list(parts)
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}" if texts else ""


def some(names: Sequence[str], most: int = 5) -> str:
    """A few of many names, and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def span_text(seconds: float) -> str:
    """45 s, 6 min, 2 h 5 min: a span for a person."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def clean(text: object) -> str:
    """Returns a foreign text on one line, without characters that control a terminal or a log.

    Every text of the API passes it before it enters a message, a warning, progress or a report.
    """
    return " ".join(printable(text).split())


def printable(text: object) -> str:
    """Returns a text with a space for each control character: C0, C1, line separators, bidirectional controls."""
    return "".join(character if character.isprintable() else " " for character in str(text))


def _decimals(value: float) -> int:
    size = abs(value)
    if size >= 100 or size == int(size):
        return 0
    return 1 if size >= 10 else 2 if size >= 0.1 else 4
