# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Times, windows and intervals. Everything inside is seconds since 1970 UTC; everything shown is ISO 8601 with Z."""

from __future__ import annotations

import math
import re
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.community.catchpoint.plugins.module_utils._errors import MissingLibraryError, OptionError

if TYPE_CHECKING:
    from datetime import tzinfo

# .NET counts ticks of 100 ns from 0001-01-01; this many of them lie before 1970.
TICKS_BEFORE_1970 = 621355968000000000
_TICKS_PER_SECOND = 10_000_000

# The first and the last second that a year of four digits can write.
_FIRST, _LAST = -62135596800, 253402300799

_UTC_TEXT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z?", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
_INTERVAL = re.compile(r"(?P<before>\d{0,4})(?P<unit>second|minute|hour|day|week|month)s?(?P<after>\d{0,4})")
# An interval of a month has a length by which it is named, whatever month it is.
MONTH = 2592000
_INTERVAL_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": MONTH}
_SHORTEST_MONTH, _LONGEST_MONTH = 28 * 86400, 31 * 86400


class Window(NamedTuple):
    """A span of time, both ends included, in whole seconds since 1970 UTC."""

    start: int
    end: int

    def as_dict(self) -> dict[str, str]:
        return {"start": iso(self.start), "end": iso(self.end)}

    def halves(self, step: int) -> tuple[Window, Window] | None:
        """Two windows that meet in a multiple of ``step`` seconds; None where there is none between start and end."""
        middle = (self.start + self.end) // 2
        middle -= middle % step
        return (Window(self.start, middle), Window(middle, self.end)) if self.start < middle else None

    def bounds(self, step: int) -> tuple[str, str]:
        """The times of its first and last possible row: a run (``step`` is 0), or an interval of so many seconds."""
        return iso(self.start - max(0, _longest(step) - 1)), iso(self.end)


def _longest(step: int) -> int:
    """How long an interval may be that is called, or was seen to be, so many seconds long: months differ."""
    return step if step < _SHORTEST_MONTH else max(step, round(step / MONTH) * _LONGEST_MONTH)


def iso(seconds: float) -> str:
    """2026-11-23T09:00:00Z for a time in seconds since 1970 UTC; fractions are dropped."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def utc_text(text: str) -> str:
    """A time that the service wrote, as ISO 8601 in whole seconds with Z. A time without an offset is UTC.

    Raises ValueError for anything else.
    """
    match = _UTC_TEXT.fullmatch(text)
    if match is None:
        return _written(_parse(text, _utc()))
    datetime.fromisoformat(match.group(1))
    return match.group(1) + "Z"


def ticks_text(ticks: int) -> str:
    """A time in .NET ticks, as ISO 8601 in whole seconds with Z. Raises ValueError for one beyond the year 9999."""
    return _written((ticks - TICKS_BEFORE_1970) // _TICKS_PER_SECOND)


def _written(seconds: float) -> str:
    if not _FIRST <= seconds <= _LAST:
        raise ValueError("a year must have four digits")
    return iso(seconds)


def seconds_of(text: str, zone: str = "UTC", *, name: str = "time") -> float:
    """A user's time text in seconds since 1970 UTC; without an offset it is read in ``zone``. Raises OptionError."""
    try:
        return _parse(text, _zone(zone))
    except (ValueError, OverflowError):
        raise OptionError(
            f"{name} is {text!r}, which is no time. Write it as 2026-11-23T09:00:00Z, with an offset as in "
            "2026-11-23T10:00:00+01:00, or without one to have it read in tz."
        ) from None


def window(start: Any, end: Any, zone: str, now: float) -> Window:
    """The window that the options ask for, ``now`` being the time in seconds since 1970 UTC.

    ``start`` is a time text, or a negative number of minutes before the end; ``end`` is a time text or "now".
    Fractions of a second widen the window. Raises OptionError for an unknown zone, a start that does not lie before the
    end, and a start in the future.
    """
    _zone(zone)
    text = str(end).strip()
    if text.lower() == "now":
        end_seconds = int(now)
    elif _NUMBER.fullmatch(text):
        raise OptionError(f"end is {text}, but must be now or a time such as 2026-11-23T10:00:00Z.")
    else:
        end_seconds = math.ceil(_since_1970(seconds_of(text, zone, name="end"), "end"))
    text = str(start).strip()
    if _NUMBER.fullmatch(text):
        if float(text) >= 0:
            raise OptionError(
                f"start is {text}, but a number must be negative: the minutes before the end, such as -60. "
                "Write a time as 2026-11-23T09:00:00Z."
            )
        exact_start = end_seconds + float(text) * 60
    else:
        exact_start = seconds_of(text, zone, name="start")
    start_seconds = math.floor(_since_1970(exact_start, "start"))
    if start_seconds > now:
        raise OptionError(
            f"start ({iso(start_seconds)}) lies in the future; it is {iso(now)} now. Is tz ({zone}) the zone you meant?"
        )
    if start_seconds >= end_seconds:
        raise OptionError(f"start ({iso(start_seconds)}) must lie before end ({iso(end_seconds)}).")
    return Window(start_seconds, end_seconds)


def _since_1970(seconds: float, name: str) -> float:
    if not 0 <= seconds <= _LAST:
        raise OptionError(f"{name} must lie between the years 1970 and 9999.")
    return seconds


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


def _parse(text: str, zone: tzinfo) -> float:
    parser = _dateutil("parser")
    moment = parser.isoparse(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return float(moment.timestamp())


def _zone(name: str) -> tzinfo:
    tz = _dateutil("tz")
    zone = tz.gettz(name) if _ZONE_NAME.fullmatch(name) else None
    # gettz also reads POSIX rules such as UTC+3, whose sign means the opposite of what people expect, and the
    # abbreviations (CEST) of the zone that this machine happens to be in.
    if zone is None or isinstance(zone, (tz.tzstr, tz.tzlocal)):
        raise OptionError(
            f"tz is {name!r}, which is no known time zone. Use an IANA name such as Europe/Berlin or UTC."
        )
    return zone  # type: ignore[no-any-return]


def _utc() -> tzinfo:
    return _dateutil("tz").UTC  # type: ignore[no-any-return]


def _dateutil(part: str) -> Any:
    # Imported late: what is answered without parsing a time need not pay for it.
    try:
        from dateutil import parser, tz
    except ImportError as error:
        raise MissingLibraryError("python-dateutil", sys.executable, str(error)) from None
    return {"parser": parser, "tz": tz}[part]
