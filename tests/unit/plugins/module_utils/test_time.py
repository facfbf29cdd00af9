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
    is_relative,
    iso,
    moment,
    seconds_of,
    ticks_text,
    utc_text,
    window,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import NOON


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def bounds(start: Any, end: Any = "now", tz: str | None = None, now: float = NOON) -> tuple[str, str]:
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
        " 2026-11-23T09:00:00Z\n",
        "2026-11-23t09:00:00z",
        "2026-11-23 09:00:00 UTC",
        "2026-11-23T10:00 +01",
        # YAML parses a time without quotes as a datetime, which Ansible converts to text.
        str(datetime(2026, 11, 23, 9, tzinfo=timezone.utc)),
        datetime(2026, 11, 23, 9, tzinfo=timezone.utc),
        "2026-11-23 10:00:00+01:00",
        1795424400,
        "1795424400",
        1795424400.0,
        "-3h",
        "-180m",
        "-180M",
        "-10800s",
        "-0.125d",
        -180,
        "-180",
    ],
)
def test_forms_of_a_start(text: Any) -> None:
    assert bounds(text) == ("2026-11-23T09:00:00Z", "2026-11-23T12:00:00Z")


def test_day_without_a_time_is_its_midnight_in_tz() -> None:
    assert bounds("2026-11-22", "2026-11-23", "UTC") == ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")
    assert bounds("2026-11-22", "2026-11-23", "Asia/Tokyo") == ("2026-11-21T15:00:00Z", "2026-11-22T15:00:00Z")


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
    assert bounds("2026-11-23T09:00:00", "2026-11-23T10:00:00", tz, NOON + 86400) == (start, end)


def test_an_offset_takes_precedence_over_tz() -> None:
    assert bounds("2026-11-23T09:00:00Z", tz="Asia/Tokyo")[0] == "2026-11-23T09:00:00Z"


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),  # this time occurs twice: the first one counts
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
        ("2026-07-01T12:00:00", "2026-07-01T10:00:00Z"),
    ],
)
def test_summer_time(local: str, utc: str) -> None:
    assert bounds(local, tz="Europe/Berlin")[0] == utc


def test_a_window_over_the_change_of_the_clock_has_its_real_length() -> None:
    found = window("2026-10-25T00:00:00", "2026-10-26T00:00:00", "Europe/Berlin", NOON)
    assert found.end - found.start == 25 * 3600
    found = window("2026-03-29T00:00:00", "2026-03-30T00:00:00", "Europe/Berlin", NOON)
    assert found.end - found.start == 23 * 3600


@pytest.mark.parametrize(
    ("start", "seconds"), [(-60, 3600), ("-60", 3600), ("-1", 60), (-0.5, 30), ("-1440", 86400), (" -5 ", 300)]
)
def test_negative_minutes_before_the_end(start: Any, seconds: int) -> None:
    assert bounds(start) == (iso(NOON - seconds), "2026-11-23T12:00:00Z")
    assert bounds(start, "2026-11-23T10:00:00Z") == (
        iso(at("2026-11-23T10:00:00") - seconds),
        "2026-11-23T10:00:00Z",
    )


@pytest.mark.parametrize("end", ["now", "NOW", " now "])
def test_now(end: str) -> None:
    assert bounds(-60, end, now=NOON + 0.9) == ("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z")


def test_fractions_of_a_second_widen_the_window() -> None:
    assert bounds("2026-11-23T09:00:00.7Z", "2026-11-23T10:00:00.2Z") == (
        "2026-11-23T09:00:00Z",
        "2026-11-23T10:00:01Z",
    )


def test_the_end_may_be_in_the_future() -> None:
    assert bounds("2026-11-23T09:00:00Z", "2026-11-24T00:00:00Z")[1] == "2026-11-24T00:00:00Z"


@pytest.mark.parametrize(
    ("start", "end", "tz", "message"),
    [
        (
            "2026-11-23T10:00:00Z",
            "2026-11-23T09:00:00Z",
            "UTC",
            r"start \(2026-11-23T10:00:00Z\) must be before end \(",
        ),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z", "UTC", "must be before end"),
        ("2026-11-23T13:00:00Z", "2026-11-23T14:00:00Z", "UTC", r"is in the future; it is 2026-11-23T12:00:00Z now"),
        ("2026-11-23T11:30:00", "now", "America/New_York", r"is in the future.*Is tz \(America/New_York\) the zone"),
        (-60, "2026-11-24T00:00:00Z", "UTC", "is in the future"),
        ("2026-11-23T11:30:00-05:00", "now", None, r"is in the future.*A local time with Z is not UTC"),
        ("now", "now", None, "must be before end"),
        ("1969-12-31", "now", "UTC", "start is '1969-12-31', but must lie between the years 1970 and 9999"),
        (-99999999999999999999, "now", None, "must lie between the years 1970 and 9999"),
        ("-" + "9" * 400, "now", None, "must lie between the years 1970 and 9999"),
        ("0001-01-01", "now", "Asia/Tokyo", "start"),
        (-60, "9999-12-31T23:59:59-01:00", None, "must lie between the years 1970 and 9999"),
    ],
)
def test_invalid_windows_are_refused(start: Any, end: Any, tz: str | None, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        window(start, end, tz, NOON)


@pytest.mark.parametrize("tz", [None, "Asia/Tokyo"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1h", "start is '1h', which is not a time. Write -1h for that long before end, or a time such as"),
        ("90 minutes", "Write -90m for"),
        ("-60 minutes", "Write -60m for"),
        ("2 days ago", "Write -2d for"),
        ("- 1 hour", "Write -1h for"),
        ("yesterday", "Write -1d to count back from end, or 2026-11-22T00:00:00Z for midnight UTC."),
        ("today", "Write -1h to count back from end, or 2026-11-23T00:00:00Z for midnight UTC."),
        ("soon", "start is 'soon', which is not a time. Write -1h or -60 (minutes) for a time before end, or a"),
        ("", "start is '', which is not a time. Write -1h"),
        (True, "start is True, which is not a time. Write -1h"),
        (None, "start is None, which is not a time. Write -1h"),
        ("nan", "which is not a time. Write -1h"),
        (float("nan"), "which is not a time. Write -1h"),
        ("9 o\u2019clock", "which is not a time. Write -1h"),
        ("11/27/2026", "in ISO 8601. Write it as 2026-11-23T09:00:00Z"),
        ("Fri, 27 Nov 2026 10:00:00 GMT", "in ISO 8601. Write it as"),
        ("2026-11-23T09:00:00 Europe/Berlin", "in ISO 8601. Write it as"),
        ("2026-13-01T00:00:00Z", "which is not a time on the calendar. Check day, hour and offset"),
        ("2026-11-23T09:00:00+25:00", "on the calendar"),
        (60, "which as seconds since 1970 is 1970-01-01T00:01:00Z. Write -60 for 60 minutes before end."),
        ("90", "Write -90 for 90 minutes before end."),
        (0, "Write now for the current time."),
        ("-0", "Write now for the current time."),
        (20261123, "Write 2026-11-23T00:00:00Z for the day."),
        (1795424400000, "start is 1795424400000, which is in milliseconds. Write seconds: 1795424400."),
        (10**400, "must lie between the years 1970 and 9999"),
        ([], "start is [], which is not a time."),
    ],
)
def test_an_invalid_time_is_refused_with_the_expected_form(value: Any, message: str, tz: str | None) -> None:
    with pytest.raises(OptionError) as caught:
        window(value, "now", tz, NOON)
    assert message in str(caught.value)
    assert str(caught.value).count(". ") < 3


@pytest.mark.parametrize("value", ["2026-11-23T09:00:00", "2026-11-23 09:00:00.123456", "2026-11-22"])
def test_a_time_without_an_offset_is_refused_without_tz(value: str) -> None:
    """The text of a template's now() lacks an offset and was read as UTC on a controller in another zone."""
    message = f"start is {value!r}, which has no UTC offset"
    with pytest.raises(OptionError) as caught:
        window(value, "now", None, NOON)
    assert str(caught.value).startswith(message)
    assert "set tz to its time zone" in str(caught.value)
    assert "now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ')" in str(caught.value)
    with pytest.raises(OptionError, match=r"since is .*no UTC offset") as caught:
        moment(value, "since", now=NOON)
    assert "tz" not in str(caught.value)


@pytest.mark.parametrize(("end", "seconds"), [("-30", 1800), (-30, 1800), ("-1h", 3600), (NOON - 60, 60)])
def test_a_relative_end_counts_back_from_now_and_start_from_the_end(end: Any, seconds: int) -> None:
    assert bounds("-1h", end) == (iso(NOON - seconds - 3600), iso(NOON - seconds))


@pytest.mark.parametrize("value", ["now", " NOW", "-1h", -60, "-60", "-0.5"])
def test_relative_times(value: Any) -> None:
    assert is_relative(value)
    assert not is_relative("2026-11-23T09:00:00Z")
    assert not is_relative(1795424400)


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
def test_invalid_time_zones_are_refused(tz: str) -> None:
    """Includes POSIX rules, whose sign is the opposite of the usual one."""
    for start in (-60, "2026-11-23T09:00:00Z", "2026-11-23T09:00:00"):
        with pytest.raises(
            OptionError, match=r"which is not a known time zone\. Use an IANA name such as Europe/Berlin"
        ):
            window(start, "now", tz, NOON)


def test_the_abbreviation_of_the_local_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.tzname", ("XST", "XDT"))
    with pytest.raises(OptionError, match="'XST', which is not a known time zone"):
        window(-60, "now", "XST", NOON)


def test_only_a_time_zone_by_name_needs_dateutil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dateutil", None)
    assert bounds(-60, tz="UTC") == bounds("2026-11-23T11:00:00Z")
    with pytest.raises(MissingLibraryError) as caught:
        window(-60, "now", "Europe/Berlin", NOON)
    assert str(caught.value).endswith(f"{sys.executable} -m pip install python-dateutil")


def test_all_missing_libraries_are_named_in_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dateutil", "requests"):
        monkeypatch.setitem(sys.modules, name, None)
    text = str(MissingLibraryError("requests", "/usr/bin/python3", "No module named 'requests'"))
    assert text.startswith("The Python libraries requests and python-dateutil are needed and were not found by")
    assert text.endswith("Install them there: /usr/bin/python3 -m pip install requests python-dateutil")


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
def test_invalid_times_of_the_service_raise(text: str) -> None:
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


def test_seconds_of_a_formatted_time() -> None:
    assert seconds_of("2026-11-23T12:00:00Z") == NOON
    assert seconds_of("2026-11-23T14:00:00.5+02:00") == NOON + 0.5
    with pytest.raises(ValueError):
        seconds_of("x")


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
def test_a_window_is_halved_at_a_multiple_of_the_step(start: str, end: str, step: int, middle: str) -> None:
    assert Window(at(start), at(end)).halves(step) == (Window(at(start), at(middle)), Window(at(middle), at(end)))


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("2026-11-23T09:00:00", "2026-11-23T09:01:00", 60),
        ("2026-11-23T09:00:10", "2026-11-23T09:00:50", 60),
        ("2026-11-23T00:00:00", "2026-11-24T00:00:00", 86400),
    ],
)
def test_windows_that_cannot_be_halved(start: str, end: str, step: int) -> None:
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
def test_invalid_intervals_are_refused(name: str) -> None:
    assert interval_seconds(name) is None
