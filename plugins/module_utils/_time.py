# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes times, windows and intervals.

Inside, a time is seconds since 1970 UTC; in results it is ISO 8601 with Z. This is the only parser of times: it reads
the options of every plugin and the service's data.
Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
import re
import sys
import time
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._errors import MissingLibraryError, OptionError

# .NET counts ticks of 100 ns from 0001-01-01; this many of them lie before 1970.
TICKS_BEFORE_1970 = 621355968000000000
_TICKS_PER_SECOND = 10_000_000

# The first and the last second that a year of four digits can write.
_FIRST, _LAST = -62135596800, 253402300799

_EPOCH = datetime(1970, 1, 1)
_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    r"(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(?:([Zz]|UTC)|([+-])(\d\d):?(\d\d)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?", re.ASCII)
_RELATIVE = re.compile(r"-(\d+(?:\.\d+)?)([smhd])", re.ASCII | re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Ways to write a span that are not the grammar's own, for a hint.
_SPAN = re.compile(
    r"-?\s*(\d+(?:\.\d+)?)\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)(?:\s+ago)?",
    re.ASCII | re.IGNORECASE,
)
_DAYS_AGO = {"today": 0, "midnight": 0, "yesterday": 1}
# Epoch seconds from 1973 to 5138. Smaller numbers are minutes, years or days; larger ones are milliseconds.
_FIRST_EPOCH, _LAST_EPOCH = 10**8, 10**11
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
_INTERVAL = re.compile(r"(?P<before>\d{0,4})(?P<unit>second|minute|hour|day|week|month)s?(?P<after>\d{0,4})")
# The nominal length of a month, by which intervals of a month are named.
MONTH = 2592000
_INTERVAL_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": MONTH}
_SHORTEST_MONTH, _LONGEST_MONTH = 28 * 86400, 31 * 86400


class Window(NamedTuple):
    """A span of time in whole seconds since 1970 UTC, both ends included."""

    start: int
    end: int

    def as_dict(self) -> dict[str, str]:
        return {"start": iso(self.start), "end": iso(self.end)}

    def widened(self, seconds: int) -> Window:
        return Window(self.start - seconds, self.end + seconds)

    def halves(self, step: int) -> tuple[Window, Window] | None:
        """Returns two windows that meet at a multiple of ``step`` seconds, or None if there is none inside."""
        middle = (self.start + self.end) // 2
        middle -= middle % step
        return (Window(self.start, middle), Window(middle, self.end)) if self.start < middle else None

    def bounds(self, step: int) -> tuple[str, str]:
        """Returns the times of its first and last possible row: a run (``step`` 0), or an interval of that length."""
        return iso(self.start - max(0, _longest(step) - 1)), iso(self.end)


def _longest(step: int) -> int:
    """Returns the longest possible length of an interval whose nominal length is ``step``: months differ."""
    return step if step < _SHORTEST_MONTH else max(step, round(step / MONTH) * _LONGEST_MONTH)


def iso(seconds: float) -> str:
    """2026-11-23T09:00:00Z for a time in seconds since 1970 UTC; fractions are dropped."""
    # strftime does not pad a year before 1000 on every platform; .NET writes the year 1 for a time that is not set.
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds)).zfill(20)


def seconds_of(text: str) -> float:
    """Returns a time of the service's data in seconds since 1970 UTC. A time without an offset is UTC.

    Raises: ValueError for any other text.
    """
    if len(text) == 20 and text[19] == "Z":
        return (datetime.fromisoformat(text[:19]) - _EPOCH).total_seconds()
    local, offset = _parse(text)
    return (local - _EPOCH - (offset or timedelta())).total_seconds()


def utc_text(text: str) -> str:
    """Returns a time of the service's data as ISO 8601 in whole seconds with Z. Raises: ValueError."""
    return _written(seconds_of(text))


def ticks_text(ticks: int) -> str:
    """Returns a time in .NET ticks as ISO 8601 in whole seconds with Z. Raises: ValueError beyond the year 9999."""
    return _written((ticks - TICKS_BEFORE_1970) // _TICKS_PER_SECOND)


def _written(seconds: float) -> str:
    if not _FIRST <= seconds <= _LAST:
        raise ValueError("a year must have four digits")
    return iso(seconds)


def moment(
    value: object,
    name: str,
    *,
    now: float,
    before: Optional[tuple[float, str]] = None,
    zone: Optional[str] = None,
    has_tz: bool = False,
) -> float:
    """Returns a time that a user gave, in seconds since 1970 UTC.

    The grammar of every plugin: ISO 8601 with an offset or Z, epoch seconds, ``now``, and a time before a reference
    point as negative minutes (-60) or as -1h, -90m, -2d. ``before`` is that point and its name, by default ``now``.
    A time without an offset is read in ``zone``, and refused without one. ``has_tz`` is whether the plugin has an
    option for the zone.

    Raises: OptionError, whose message leads with the form that the user probably wants.
    """
    reference, reference_name = before or (now, "now")
    text = (str(value) if isinstance(value, (int, float, str, datetime)) else "").strip()
    if isinstance(value, bool) or text.lower() in ("", "nan", "inf", "-inf"):
        raise OptionError(f"{name} is {_quoted(value)}, which is not a time. {_forms(reference_name)}")
    if text.lower() == "now":
        return now
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(text):
        return _of_number(text, name, reference, reference_name)
    relative = _RELATIVE.fullmatch(text)
    if relative is not None:
        return _in_range(reference - float(relative.group(1)) * _UNITS[relative.group(2).lower()], text, name)
    try:
        local, offset = _parse(text)
    except ValueError:
        raise OptionError(_not_a_time(text, name, now, reference_name)) from None
    if offset is not None:
        return _in_range((local - _EPOCH - offset).total_seconds(), text, name)
    if zone is None:
        raise OptionError(_without_offset(text, name, has_tz=has_tz))
    try:
        return _in_range(local.replace(tzinfo=_zone(zone)).timestamp(), text, name)
    except OverflowError:
        raise _out_of_range(text, name) from None


def is_relative(value: object) -> bool:
    """Whether a time given by a user means another moment each time it is read."""
    text = str(value).strip()
    return (
        text.lower() == "now" or bool(_RELATIVE.fullmatch(text)) or (text[:1] == "-" and bool(_NUMBER.fullmatch(text)))
    )


def _of_number(text: str, name: str, reference: float, reference_name: str) -> float:
    """A number: minutes before the reference point when it is negative, else epoch seconds."""
    number = float(text)
    if number < 0:
        return _in_range(reference + number * 60, text, name)
    if number >= _LAST_EPOCH:
        seconds = int(number) // 1000 if math.isfinite(number) else 0
        if _FIRST_EPOCH <= seconds < _LAST_EPOCH:
            raise OptionError(f"{name} is {text}, which is in milliseconds. Write seconds: {seconds}.")
        raise _out_of_range(text, name)
    if number >= _FIRST_EPOCH:
        return number
    day = _ISO.fullmatch(text)
    if day is not None and 1970 <= int(day.group(1)) < 2100:
        written = f"{day.group(1)}-{day.group(3)}-{day.group(4)}"
        raise OptionError(
            f"{name} is {text}, which is read as seconds since 1970. Write {written}T00:00:00Z for the day."
        )
    if number:
        hint = f"Write -{number:g} for {number:g} minutes before {reference_name}"
    else:
        hint = "Write now for the current time"
    raise OptionError(f"{name} is {text}, which as seconds since 1970 is {iso(number)}. {hint}.")


def _parse(text: str) -> tuple[datetime, Optional[timedelta]]:
    """Returns the local time and the offset as written, None where no offset is. Raises: ValueError."""
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time in ISO 8601")
    year, _hyphen, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = match.groups()
    local = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    local += timedelta(seconds=float(f"0.{(fraction or '0')[:6]}"))
    if not (utc or sign):
        return local, None
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset >= timedelta(days=1):
        raise ValueError(f"{text!r} has an impossible offset")
    return local, -offset if sign == "-" else offset


def seconds_with_unit(text: str) -> Optional[float]:
    """Returns the seconds of a span with a unit, such as "30m" or "2 hours", or None for any other text."""
    span = _SPAN.fullmatch(text.strip())
    return float(span.group(1)) * _UNITS[span.group(2)[0].lower()] if span else None


def _not_a_time(text: str, name: str, now: float, reference_name: str) -> str:
    shown = f"{name} is {_quoted(text)}, which is not a time"
    span = _SPAN.fullmatch(text)
    if span is not None:
        relative = f"-{span.group(1)}{span.group(2)[0].lower()}"
        return (
            f"{shown}. Write {relative} for that long before {reference_name}, or a time such as 2026-11-23T09:00:00Z."
        )
    days = _DAYS_AGO.get(text.lower())
    if days is not None:
        midnight = iso(now - now % 86400 - days * 86400)
        relative = f"-{days}d" if days else "-1h"
        return f"{shown}. Write {relative} to count back from {reference_name}, or {midnight} for midnight UTC."
    if _ISO.fullmatch(text):
        return f"{shown} on the calendar. Check day, hour and offset, as in 2026-11-23T09:00:00Z."
    if re.search(r"\d[:/.]\d", text):
        return f"{shown} in ISO 8601. Write it as 2026-11-23T09:00:00Z or with an offset as 2026-11-23T10:00:00+01:00."
    return f"{shown}. {_forms(reference_name)}"


def _without_offset(text: str, name: str, *, has_tz: bool) -> str:
    zone = ", or set tz to its time zone" if has_tz else ""
    return (
        f"{name} is {_quoted(text)}, which has no UTC offset and means another moment in every time zone. "
        f"Add Z for UTC or an offset such as +01:00{zone}. In a template, write "
        "now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ'), or a relative time such as -30m instead of now() minus a span."
    )


def _forms(reference_name: str) -> str:
    return f"Write -1h or -60 (minutes) for a time before {reference_name}, or a time such as 2026-11-23T09:00:00Z."


def _quoted(value: object) -> str:
    """A wrong value for a message: short, whatever it is."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _in_range(seconds: float, text: str, name: str) -> float:
    if not 0 <= seconds <= _LAST:
        raise _out_of_range(text, name)
    return seconds


def _out_of_range(text: str, name: str) -> OptionError:
    return OptionError(f"{name} is {_quoted(text)}, but must lie between the years 1970 and 9999.")


def window(start: object, end: object, zone: Optional[str], now: float) -> Window:
    """Returns the window that the options describe, ``now`` being the time in seconds since 1970 UTC.

    A relative ``start`` is counted back from the end, a relative ``end`` from now. Fractions of a second widen the
    window.

    Raises: OptionError for an unknown zone, a start that is not before the end, and a start in the future.
    """
    if zone is not None:
        _zone(zone)
    end_seconds = math.ceil(moment(end, "end", now=int(now), zone=zone, has_tz=True))
    before = (float(end_seconds), "end")
    start_seconds = math.floor(moment(start, "start", now=now, before=before, zone=zone, has_tz=True))
    if start_seconds > now:
        doubt = (
            f"Is tz ({zone}) the zone you meant?" if zone else "Is its offset right? A local time with Z is not UTC."
        )
        raise OptionError(f"start ({iso(start_seconds)}) is in the future; it is {iso(now)} now. {doubt}")
    if start_seconds >= end_seconds:
        raise OptionError(f"start ({iso(start_seconds)}) must be before end ({iso(end_seconds)}).")
    return Window(start_seconds, end_seconds)


def interval_seconds(name: str) -> int | None:
    """The length of an interval by its name (Minutes15, 15 minutes, Hour1, Day); None when it is no such name."""
    match = _INTERVAL.fullmatch(re.sub(r"[^a-z0-9]", "", name.lower()))
    if match is None or (match["before"] and match["after"]):
        return None
    return int(match["before"] or match["after"] or 1) * _INTERVAL_SECONDS[match["unit"]] or None


def interval_name(seconds: int) -> str:
    """The service's name of an interval: Minutes15, Hour1, Day."""
    if seconds in (86400, 604800, MONTH):
        return {86400: "Day", 604800: "Week", MONTH: "Month"}[seconds]
    for unit, length in (("Day", 86400), ("Hour", 3600), ("Minutes", 60)):
        if seconds % length == 0:
            return f"{unit}{seconds // length}"
    return f"Seconds{seconds}"


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return timezone.utc
    # Imported late: only a time zone by name needs it.
    try:
        from dateutil import tz
    except ImportError as error:
        raise MissingLibraryError("python-dateutil", sys.executable, str(error)) from None
    zone = tz.gettz(name) if _ZONE_NAME.fullmatch(name) else None
    # gettz also reads POSIX rules such as UTC+3, whose sign means the opposite of what people expect, and the
    # abbreviations (CEST) of the zone that this machine happens to be in.
    if zone is None or isinstance(zone, (tz.tzstr, tz.tzlocal)):
        raise OptionError(
            f"tz is {name!r}, which is not a known time zone. Use an IANA name such as Europe/Berlin or UTC."
        )
    return zone
