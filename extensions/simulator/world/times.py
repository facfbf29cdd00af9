# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Times: text to seconds since 1970 (UTC) and back, durations, and .NET ticks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache

# 100 ns units between 0001-01-01 and 1970-01-01.
_TICKS_TO_1970 = 621_355_968_000_000_000
_TICKS_PER_SECOND = 10_000_000
# Within these, times before and after a window can still be written.
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d|w)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_AMERICAN = re.compile(r"(\d\d?)-(\d\d?)-(\d{4})(?:[T ](\d\d?):(\d\d)(?::(\d\d))?)?")
_OFFSETS = re.compile(r"(?:\s*[+-]\s*\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$")


class TimeError(ValueError):
    """A time or duration that cannot be read."""


def ticks(seconds: float) -> int:
    """.NET ticks: 100 ns units since 0001-01-01T00:00:00Z."""
    return round(seconds * _TICKS_PER_SECOND) + _TICKS_TO_1970


def iso(seconds: float, digits: int = 7) -> str:
    """ISO text with Z, as .NET prints it: up to `digits` fractional digits, without trailing zeros."""
    if isinstance(seconds, int):
        whole, fraction = seconds, 0
    else:
        whole, fraction = divmod(round(seconds * 10**digits), 10**digits)
    day, rest = divmod(whole, 86_400)
    text = f"{_date(day)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    tail = f"{fraction:0{digits}d}".rstrip("0") if fraction else ""
    return f"{text}.{tail}Z" if tail else f"{text}Z"


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    """The date of a number of days since 1970. Rows have few dates and many times."""
    return (datetime(1970, 1, 1) + timedelta(days=day)).date().isoformat()


def duration(text: str) -> float:
    """Seconds of "90", "90s", "15m", "2h30m", "1d", "1w"."""
    bare = text.replace(" ", "")
    try:
        return float(bare)
    except ValueError:
        pass
    parts = _DURATION.findall(bare)
    if not parts or "".join(number + unit for number, unit in parts) != bare:
        raise TimeError(f"{text!r} is not a duration; write for example 90s, 15m, 2h, 1d")
    return float(sum(float(number) * _UNITS[unit] for number, unit in parts))


def parse(text: str, zone: tzinfo = timezone.utc, ignore_offset: bool = False) -> float:
    """Seconds since 1970 of an ISO time, a date alone, or `MM-DD-YYYY HH:MM`.

    A time without Z or offset is read in `zone`; with `ignore_offset` every time is read in it.
    """
    # The + of an offset that was not encoded in a query arrives as a space.
    stripped = re.sub(r"(:\d\d(?:\.\d+)?) (\d\d:\d\d)$", r"\1+\2", text.strip())
    match = _ISO.fullmatch(stripped)
    offset: str | None = None
    if match:
        year, month, day, hour, minute, second, fraction, offset = match.groups()
    else:
        american = _AMERICAN.fullmatch(stripped)
        if not american:
            raise TimeError(f"{text!r} is not a time")
        month, day, year, hour, minute, second = american.groups()
        fraction = None
    try:
        if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
            raise TimeError(f"{text!r} is out of range")
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        aware = moment.replace(tzinfo=_offset(offset) if offset and not ignore_offset else zone)
        # Whole seconds first: datetime.timestamp() of them is exact.
        seconds = aware.timestamp()
    except (ValueError, OverflowError) as error:
        raise TimeError(f"{text!r} is not a time: {error}") from error
    return seconds + (float(f"0.{fraction}") if fraction else 0.0)


def _offset(text: str) -> timezone:
    if text in ("Z", "z"):
        return timezone.utc
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def expression(text: str | float, names: Mapping[str, float], default: str) -> float:
    """Seconds since 1970 of `[base][+-duration...]`.

    The base is an ISO time or a name of `names` ("now", "start", an event); without one it is the name `default`.
    A bare number counts as seconds since 1970.
    """
    if isinstance(text, (int, float)):
        return float(text)
    stripped = text.strip()
    iso_match = _ISO.match(stripped)
    if iso_match:
        base, tail = parse(iso_match.group(0)), stripped[iso_match.end() :]
        if tail and not _OFFSETS.fullmatch(tail):
            raise TimeError(f"{text!r} is not a time")
    else:
        tail_match = _OFFSETS.search(stripped)
        tail = tail_match.group(0) if tail_match else ""
        name = stripped[: len(stripped) - len(tail)].strip() or default
        if name not in names:
            raise TimeError(f"{text!r} is not a time; known names are {', '.join(sorted(names))}")
        base = names[name]
    for sign, amount in re.findall(r"([+-])\s*(\d+(?:\.\d+)?(?:ms|s|m|h|d|w))", tail):
        base += duration(amount) * (1 if sign == "+" else -1)
    return base
