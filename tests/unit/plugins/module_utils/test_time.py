# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times, windows and intervals."""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import MissingLibraryError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._time import (
    Window,
    interval_name,
    interval_seconds,
    iso,
    seconds_of,
    ticks_text,
    utc_text,
    window,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import NOON


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def asked(start: Any, end: Any = "now", tz: str = "UTC", now: float = NOON) -> tuple[str, str]:
    found = window(start, end, tz, now)
    return found.as_dict()["start"], found.as_dict()["end"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:00:00Z",
        "2026-11-23T09:00:00+00:00",
        "2026-11-23T10:00:00+01:00",
        "2026-11-23T04:00:00-0500",
        "2026-11-23T09:00:00.000Z",
        "2026-11-23T09:00Z",
        "20261123T090000Z",
        "2026-11-23T09:00:00",
        " 2026-11-23T09:00:00Z\n",
        # YAML reads a time without quotes as a datetime, and Ansible gives it on as the text of one.
        str(datetime(2026, 11, 23, 9)),
        str(datetime(2026, 11, 23, 9, tzinfo=timezone.utc)),
        "2026-11-23 10:00:00+01:00",
    ],
)
def test_ways_to_write_a_start(text: str) -> None:
    assert asked(text) == ("2026-11-23T09:00:00Z", "2026-11-23T12:00:00Z")


def test_day_without_a_time_is_its_midnight_in_tz() -> None:
    assert asked("2026-11-22", "2026-11-23") == ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")
    assert asked("2026-11-22", "2026-11-23", "Asia/Tokyo") == ("2026-11-21T15:00:00Z", "2026-11-22T15:00:00Z")


@pytest.mark.parametrize(
    ("tz", "start", "end"),
    [
        ("Europe/Berlin", "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"),
        ("America/New_York", "2026-11-23T14:00:00Z", "2026-11-23T15:00:00Z"),
        ("Asia/Kolkata", "2026-11-23T03:30:00Z", "2026-11-23T04:30:00Z"),
        ("Etc/GMT+3", "2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"),
        ("EST5EDT", "2026-11-23T14:00:00Z", "2026-11-23T15:00:00Z"),
    ],
)
def test_times_without_an_offset_are_read_in_tz(tz: str, start: str, end: str) -> None:
    assert asked("2026-11-23T09:00:00", "2026-11-23T10:00:00", tz, NOON + 86400) == (start, end)


def test_an_offset_wins_over_tz() -> None:
    assert asked("2026-11-23T09:00:00Z", tz="Asia/Tokyo")[0] == "2026-11-23T09:00:00Z"


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),  # the clock shows it twice: the first time counts
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
        ("2026-07-01T12:00:00", "2026-07-01T10:00:00Z"),
    ],
)
def test_summer_time(local: str, utc: str) -> None:
    assert asked(local, tz="Europe/Berlin")[0] == utc


def test_a_window_over_the_change_of_the_clock_has_its_real_length() -> None:
    found = window("2026-10-25T00:00:00", "2026-10-26T00:00:00", "Europe/Berlin", NOON)
    assert found.end - found.start == 25 * 3600
    found = window("2026-03-29T00:00:00", "2026-03-30T00:00:00", "Europe/Berlin", NOON)
    assert found.end - found.start == 23 * 3600


@pytest.mark.parametrize(
    ("start", "seconds"), [(-60, 3600), ("-60", 3600), ("-1", 60), (-0.5, 30), ("-1440", 86400), (" -5 ", 300)]
)
def test_negative_minutes_before_the_end(start: Any, seconds: int) -> None:
    assert asked(start) == (iso(NOON - seconds), "2026-11-23T12:00:00Z")
    assert asked(start, "2026-11-23T10:00:00Z") == (iso(at("2026-11-23T10:00:00") - seconds), "2026-11-23T10:00:00Z")


@pytest.mark.parametrize("end", ["now", "NOW", " now "])
def test_now(end: str) -> None:
    assert asked(-60, end, now=NOON + 0.9) == ("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z")


def test_fractions_of_a_second_widen_the_window() -> None:
    assert asked("2026-11-23T09:00:00.7Z", "2026-11-23T10:00:00.2Z") == ("2026-11-23T09:00:00Z", "2026-11-23T10:00:01Z")


def test_an_end_may_lie_in_the_future() -> None:
    assert asked("2026-11-23T09:00:00Z", "2026-11-24T00:00:00Z")[1] == "2026-11-24T00:00:00Z"


@pytest.mark.parametrize(
    ("start", "end", "tz", "message"),
    [
        (
            "2026-11-23T10:00:00Z",
            "2026-11-23T09:00:00Z",
            "UTC",
            r"start \(2026-11-23T10:00:00Z\) must lie before end \(",
        ),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z", "UTC", "must lie before end"),
        ("2026-11-23T13:00:00Z", "2026-11-23T14:00:00Z", "UTC", r"lies in the future; it is 2026-11-23T12:00:00Z now"),
        ("2026-11-23T11:30:00", "now", "America/New_York", r"lies in the future.*Is tz \(America/New_York\) the zone"),
        (-60, "2026-11-24T00:00:00Z", "UTC", "lies in the future"),
        ("yesterday", "now", "UTC", "start is 'yesterday', which is no time. Write it as 2026-11-23T09:00:00Z"),
        ("2026-13-01", "now", "UTC", "start is '2026-13-01', which is no time"),
        ("", "now", "UTC", "start is '', which is no time"),
        ("9 o\u2019clock", "now", "UTC", "which is no time"),
        ("2026-11-23T09:00:00 Europe/Berlin", "now", "UTC", "which is no time"),
        (-60, "noon", "UTC", "end is 'noon', which is no time"),
        (60, "now", "UTC", "start is 60, but a number must be negative"),
        ("0", "now", "UTC", "start is 0, but a number must be negative"),
        ("-0", "now", "UTC", "but a number must be negative"),
        (-60, "-30", "UTC", "end is -30, but must be now or a time"),
        (-60, 5, "UTC", "end is 5, but must be now or a time"),
        ("1969-12-31", "now", "UTC", "start must lie between the years 1970 and 9999"),
        (-99999999999999999999, "now", "UTC", "start must lie between the years 1970 and 9999"),
        ("-" + "9" * 400, "now", "UTC", "start must lie between the years 1970 and 9999"),
        ("0001-01-01", "now", "Asia/Tokyo", "start"),
        (-60, "9999-12-31T23:59:59-01:00", "UTC", "end must lie between the years 1970 and 9999"),
    ],
)
def test_windows_that_are_none(start: Any, end: Any, tz: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        window(start, end, tz, NOON)


@pytest.mark.parametrize(
    "tz",
    [
        "Mars/Olympus",
        "UTC+3",
        "UTC-3",
        "GMT+3",
        "EST5EDT4",
        "EST5EDT,M3.2.0,M11.1.0",
        "+01:00",
        "",
        "../../etc/localtime",
        "/etc/localtime",
        ":UTC",
        "Europe/",
        "CET ",
        "a b",
    ],
)
def test_zones_that_are_none(tz: str) -> None:
    """POSIX rules among them: their sign means the opposite of what people expect."""
    for start in (-60, "2026-11-23T09:00:00Z", "2026-11-23T09:00:00"):
        with pytest.raises(OptionError, match=r"which is no known time zone\. Use an IANA name such as Europe/Berlin"):
            window(start, "now", tz, NOON)


def test_the_abbreviation_of_this_machines_own_zone_is_no_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.tzname", ("XST", "XDT"))
    with pytest.raises(OptionError, match="'XST', which is no known time zone"):
        window(-60, "now", "XST", NOON)


def test_without_dateutil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dateutil", None)
    with pytest.raises(MissingLibraryError) as caught:
        window(-60, "now", "UTC", NOON)
    assert f"{sys.executable} -m pip install python-dateutil" in str(caught.value)


# Times of the service


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T09:00:03Z", "2026-11-23T09:00:03Z"),
        ("2026-11-23T09:00:03", "2026-11-23T09:00:03Z"),
        ("2026-11-23T09:00:03.0480127Z", "2026-11-23T09:00:03Z"),
        ("2026-11-23T10:00:03.0480127+01:00", "2026-11-23T09:00:03Z"),
        ("2026-11-23", "2026-11-23T00:00:00Z"),
    ],
)
def test_times_of_the_service(text: str, expected: str) -> None:
    assert utc_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "never",
        "2026-02-30T00:00:00Z",
        "2026-11-23T25:00:00Z",
        "2026-11-23T09:60:00",
        "٢٠٢٦-11-23T09:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_texts_of_the_service_that_are_no_times(text: str) -> None:
    with pytest.raises(ValueError):
        utc_text(text)


def test_ticks() -> None:
    assert ticks_text(639310212030000000) == "2026-11-23T09:00:03Z"
    assert ticks_text(639310212039999999) == "2026-11-23T09:00:03Z"
    assert ticks_text(0).endswith("1-01-01T00:00:00Z")
    for ticks in (-1, 10**30, 3155378976000000000):
        with pytest.raises(ValueError):
            ticks_text(ticks)


def test_iso_drops_fractions() -> None:
    assert iso(NOON + 0.999) == "2026-11-23T12:00:00Z"


def test_seconds_of_a_time_of_ours() -> None:
    assert seconds_of("2026-11-23T12:00:00Z") == NOON
    with pytest.raises(OptionError, match="since is 'x', which is no time"):
        seconds_of("x", name="since")


# Halves


@pytest.mark.parametrize(
    ("start", "end", "step", "middle"),
    [
        ("2026-11-23T09:00:00", "2026-11-23T10:00:00", 60, "2026-11-23T09:30:00"),
        ("2026-11-23T09:00:00", "2026-11-23T09:03:00", 60, "2026-11-23T09:01:00"),
        ("2026-11-23T09:00:30", "2026-11-23T09:01:30", 60, "2026-11-23T09:01:00"),
        ("2026-11-20T05:00:00", "2026-11-23T05:00:00", 86400, "2026-11-21T00:00:00"),
    ],
)
def test_halves_meet_in_a_multiple_of_the_step(start: str, end: str, step: int, middle: str) -> None:
    assert Window(at(start), at(end)).halves(step) == (Window(at(start), at(middle)), Window(at(middle), at(end)))


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("2026-11-23T09:00:00", "2026-11-23T09:01:00", 60),
        ("2026-11-23T09:00:10", "2026-11-23T09:00:50", 60),
        ("2026-11-23T00:00:00", "2026-11-24T00:00:00", 86400),
    ],
)
def test_windows_without_halves(start: str, end: str, step: int) -> None:
    assert Window(at(start), at(end)).halves(step) is None


def test_bounds_are_inclusive_and_count_an_interval_that_began_before_the_window() -> None:
    span = Window(at("2026-11-23T09:10:00"), at("2026-11-23T10:00:00"))
    assert span.bounds(0) == ("2026-11-23T09:10:00Z", "2026-11-23T10:00:00Z")
    assert span.bounds(900) == ("2026-11-23T08:55:01Z", "2026-11-23T10:00:00Z")


@pytest.mark.parametrize(
    ("days", "first"),
    [(7, "2026-11-16"), (27, "2026-10-27"), (28, "2026-10-23"), (30, "2026-10-23"), (90, "2026-08-22")],
)
def test_a_month_may_have_begun_31_days_before_the_window(days: int, first: str) -> None:
    assert Window(at("2026-11-23"), at("2026-11-24")).bounds(days * 86400)[0] == f"{first}T00:00:01Z"


# Intervals


@pytest.mark.parametrize(
    ("name", "seconds", "canonical"),
    [
        ("Minutes5", 300, "Minutes5"),
        ("minutes15", 900, "Minutes15"),
        ("15 minutes", 900, "Minutes15"),
        ("15 Minutes", 900, "Minutes15"),
        ("1 minute", 60, "Minutes1"),
        ("Minutes60", 3600, "Hour1"),
        ("Hour1", 3600, "Hour1"),
        ("hour", 3600, "Hour1"),
        ("Hours6", 21600, "Hour6"),
        ("6 Hours", 21600, "Hour6"),
        ("Day", 86400, "Day"),
        ("1 day", 86400, "Day"),
        ("24 hours", 86400, "Day"),
        ("2 days", 172800, "Day2"),
        ("Week", 604800, "Week"),
        ("Month", 2592000, "Month"),
        ("Second", 1, "Seconds1"),
        ("30_seconds", 30, "Seconds30"),
    ],
)
def test_intervals(name: str, seconds: int, canonical: str) -> None:
    assert interval_seconds(name) == seconds
    assert interval_name(seconds) == canonical


@pytest.mark.parametrize(
    "name", ["", "15", "fortnight", "Minutes0", "0 days", "5 minutes 3", "15m", "Minutes" + "9" * 5000]
)
def test_names_that_are_no_interval(name: str) -> None:
    assert interval_seconds(name) is None
