# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Moments: times as users and runs write them, in seconds since 1970 UTC."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError, shown
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

_EPOCH = datetime(1970, 1, 1)
_LAST = 253402300799.0  # the end of the year 9999
_TEXT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(?:([Zz]|UTC)|([+-])(\d\d):?(\d\d)?)?")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_DATE = re.compile(r"(19|20)\d\d([01]\d[0-3]\d)?")  # a year, or a day without hyphens


def moment(value: Any, what: str) -> float:
    """A time that the user gave: text with an offset or Z, or seconds since 1970 as a number or as text.

    Raises GateArgumentError, also for a time without an offset: it would be read in a zone that nobody named.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _in_range(float(value) if abs(value) <= _LAST else math.inf, value, what)
    if isinstance(value, str):
        text = value.strip()
        if _NUMBER.fullmatch(text):
            return _in_range(float(text), value, what)
        if _TEXT.fullmatch(text):
            try:
                seconds, with_offset = _read(text)
            except (ValueError, OverflowError):
                raise GateArgumentError(f"{what} is {shown(value)}, which is no time on the calendar.") from None
            if not with_offset:
                raise _without_offset(value, what)
            return _in_range(seconds, value, what)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _without_offset(value, what)
        return _in_range(value.timestamp(), value, what)
    raise GateArgumentError(
        f"{what} is {shown(value)}, which is no time. Write it as 2026-11-23T09:00:00Z, with an offset as in "
        "2026-11-23T10:00:00+01:00, or as seconds since 1970."
    )


def run_time(value: Any) -> float:
    """The start of a run, as the collection's modules give it; without an offset it is UTC, as in the service's data.

    Raises ValueError for anything that is no time.
    """
    if isinstance(value, str):
        if len(value) == 20 and value[19] == "Z":
            return (datetime.fromisoformat(value[:19]) - _EPOCH).total_seconds()
        return _read(value.strip())[0]
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp()
    raise ValueError(f"{shown(value)} is no time")


def _read(text: str) -> tuple[float, bool]:
    """Seconds since 1970 with UTC where no offset is written, and whether one is. Raises ValueError."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(text)} is no time")
    day, clock, fraction, utc, sign, hours, minutes = match.groups()
    local = datetime.fromisoformat(f"{day}T{clock}") - _EPOCH
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset >= timedelta(days=1):
        raise ValueError(f"{shown(text)} has no possible offset")
    seconds = (local + offset if sign == "-" else local - offset).total_seconds()
    return seconds + float(f"0.{fraction or 0}"), bool(utc or sign)


def _in_range(seconds: float, value: Any, what: str) -> float:
    if not 0 <= seconds <= _LAST:
        hint = " It cannot be given in minutes before now: write it as 2026-11-23T09:00:00Z." if seconds < 0 else ""
        raise GateArgumentError(f"{what} is {shown(value)}, which is no time in seconds since 1970.{hint}")
    if isinstance(value, (int, str)) and _DATE.fullmatch(str(value).strip()):
        raise GateArgumentError(f"{what} is {shown(value)}; in seconds since 1970 that would be {iso(seconds)}.")
    return seconds


def _without_offset(value: Any, what: str) -> GateArgumentError:
    return GateArgumentError(
        f"{what} is {shown(str(value))}, which has no offset, so that it could mean a different moment on every "
        "machine. Add Z for UTC or an offset such as +01:00; in a playbook, write "
        "now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ')."
    )
