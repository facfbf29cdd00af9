# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client: the requests of a query, and that no row is lost or duplicated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any, Callable

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import queries, v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Alert
from ansible_collections.community.catchpoint.plugins.module_utils._api.placement import Placed
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import (
    AlertFilter,
    NodeFilter,
    NodeGroupFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.window_query import Performance
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
    OptionError,
    RateLimitError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import (
    BERLIN,
    CART,
    HAMBURG,
    OSLO,
    SHOP,
    Run,
    enumeration,
    v1_list,
    v1_node,
    v1_table,
    v2_list,
    v2_node,
    v2_table,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2 as envelope
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    NOON,
    Asked,
    Exchange,
    Memory,
    Talk,
    asks,
    page,
    refused,
)

Opens = Callable[..., Talk]

INTERVALS = {4: "Minutes5", 6: "Minutes15", 8: "Hour1", 9: "Day"}
METRICS = {1: "DNS (ms)", 15: "% Availability", 61: "# Runs", 89: "Test Time (ms)", 276: "WebPageResponse"}


def span(start: str, end: str) -> Window:
    """A window of 2026-11-23."""
    midnight = int(NOON) - 12 * 3600

    def seconds(text: str) -> int:
        hours, minutes, rest = (int(part) for part in f"{text}:00".split(":")[:3])
        return midnight + 3600 * hours + 60 * minutes + rest

    return Window(seconds(start), seconds(end))


HOUR = span("09:00", "10:00")


def raw_v1(ids: str, start: str = "09:00:00", end: str = "10:00:00") -> Asked:
    return asks("/performance/raw", tests=ids, startTime=f"2026-11-23T{start}Z", endTime=f"2026-11-23T{end}Z")


def raw_v2(ids: str, start: str = "09:00:00", end: str = "10:00:00", **more: Any) -> Asked:
    return asks(
        "/tests/explorer/raw",
        testIds=ids,
        startTimeUtc=f"2026-11-23T{start}",
        endTimeUtc=f"2026-11-23T{end}",
        dimensionIds="16,1,2,7",
        availabilityFilter=2,
        **more,
    )


def aggregated_v2(ids: str, interval: int, start: str, end: str, dimensions: str = "16", **more: Any) -> Asked:
    return asks(
        "/tests/explorer/aggregated",
        testIds=ids,
        startTimeUtc=start,
        endTimeUtc=end,
        dimensionIds=dimensions,
        availabilityFilter=2,
        timeInterval=interval,
        **more,
    )


def enumeration_v2() -> Asked:
    return asks("/tests/explorer/enumeration", includeTimeIntervals="true", includeMetrics="true")


def times(found: Performance, test: tuple[int, str] = SHOP) -> list[str]:
    return [str(row.time)[11:19] for row in found.rows.get(test[0], [])]


# Ids


def test_many_ids_share_few_requests(talk: Opens) -> None:
    opened = talk(
        v2,
        raw_v2("1,2,3").gets(v2_table(Run("09:00:00", test=(1, "A")))),
        raw_v2("4,5,6").gets(v2_table(Run("09:00:00", test=(5, "E")))),
        raw_v2("7").gets(v2_table()),
        ids_per_request=3,
    )
    found = opened.client.runs([1, 2, 3, 4, 5, 6, 7, 2], HOUR, [])
    assert {test_id: len(rows) for test_id, rows in found.rows.items()} == {1: 1, 5: 1}
    assert (found.unknown, found.incomplete, opened.warnings) == ({}, set(), [])


def test_no_ids_cost_no_request(talk: Opens) -> None:
    for wire in (v1, v2):
        client = talk(wire).client
        assert client.runs([], HOUR, []).rows == {}
        assert client.tests_by_id([]) == []
        assert client.nodes_by_id([], NodeFilter(scope="all")) == []


@pytest.mark.parametrize("status", [413, 414, 431, 400])
def test_a_too_long_request_is_halved(talk: Opens, status: int) -> None:
    no = refused(status, "too many")
    found = talk(
        v2,
        raw_v2("1,2,3,4,5").gets(no),
        raw_v2("1,2,3").gets(no),
        raw_v2("4,5").gets(v2_table(Run("09:00:00", test=(4, "D")))),
        raw_v2("1,2").gets(v2_table(Run("09:00:00", test=(1, "A")))),
        raw_v2("3").gets(v2_table()),
    ).client.runs([1, 2, 3, 4, 5], HOUR, [])
    assert sorted(found.rows) == [1, 4]


def test_a_request_for_one_id_that_is_too_long_is_an_error(talk: Opens) -> None:
    opened = talk(v2, raw_v2("1,2").gets(refused(414, "no")), raw_v2("1").gets(refused(414, "no, never")))
    with pytest.raises(ApiError, match="no, never"):
        opened.client.runs([1, 2], HOUR, [])


@pytest.mark.parametrize("error", [refused(500), refused(403), RateLimitError("come back later")])
def test_an_error_about_all_tests_is_not_retried_in_parts(talk: Opens, error: ApiError) -> None:
    opened = talk(v2, raw_v2("1,2").gets(error))
    with pytest.raises(type(error)) as caught:
        opened.client.runs([1, 2], HOUR, [])
    assert caught.value is error


def looked_up(number: int) -> Exchange:
    """The lookup of a test after a 404, which may also mean that the test has no data."""
    return asks(f"/tests/{number}").gets(refused(404, "Not found."))


def test_an_unknown_id(talk: Opens) -> None:
    for status, looks in ((404, [looked_up(5)]), (200, [])):
        opened = talk(v2, raw_v2("5").gets(refused(status, "No such test.")), *looks)
        found = opened.client.runs([5], HOUR, [])
        assert found.rows == {}
        assert re.match(
            "Test 5 does not exist, or the credentials may not see it.*No such test.", str(found.unknown[5])
        )


@pytest.mark.parametrize("status", [404, 200])
def test_an_unknown_id_among_many_is_found_by_the_error_message(talk: Opens, status: int) -> None:
    text = "The tests 3 and 15 were not found."
    found = talk(
        v2,
        raw_v2("1,3,5,15,7").gets(refused(status, text)),
        raw_v2("3").gets(refused(status, text)),
        *([looked_up(3)] if status == 404 else []),
        raw_v2("15").gets(refused(status, text)),
        *([looked_up(15)] if status == 404 else []),
        raw_v2("1,5,7").gets(v2_table(Run("09:00:00", test=(1, "A")), Run("09:00:00", test=(7, "G")))),
    ).client.runs([1, 3, 5, 15, 7], HOUR, [])
    assert (sorted(found.rows), sorted(found.unknown)) == ([1, 7], [3, 15])


def test_an_unknown_id_among_many_is_found_by_halving(talk: Opens) -> None:
    no = refused(404, "Not found.")
    found = talk(
        v2,
        raw_v2("1,2,3,4").gets(no),
        raw_v2("1,2").gets(v2_table(Run("09:00:00", test=(1, "A")))),
        raw_v2("3,4").gets(no),
        raw_v2("3").gets(no),
        looked_up(3),
        raw_v2("4").gets(v2_table(Run("09:00:00", test=(4, "D")))),
    ).client.runs([1, 2, 3, 4], HOUR, [])
    assert (sorted(found.rows), sorted(found.unknown)) == ([1, 4], [3])


def test_a_404_about_a_test_that_exists_means_that_it_has_no_data(talk: Opens) -> None:
    opened = talk(
        v2,
        raw_v2("1,2").gets(v2_table(cut=True)),
        raw_v2("1,2", "09:00:00", "09:30:00").gets(refused(404, "Nothing.")),
        raw_v2("1,2", "09:30:00", "10:00:00").gets(refused(404, "Nothing.")),
        raw_v2("1", "09:00:00", "09:30:00").gets(refused(404, "Nothing.")),
        asks("/tests/1").gets(v2_list("tests", definition(1, "Web"))),
        raw_v2("2", "09:00:00", "09:30:00").gets(v2_table(Run("09:10:00", test=(2, "B")))),
        raw_v2("1", "09:30:00", "10:00:00").gets(refused(404, "Nothing.")),
        raw_v2("2", "09:30:00", "10:00:00").gets(refused(404, "Nothing.")),
    )
    found = opened.client.runs([1, 2], HOUR, [])
    assert (times(found, (2, "B")), found.unknown, found.incomplete) == (["09:10:00"], {}, set())


def test_credentials_without_access_to_definitions(talk: Opens) -> None:
    opened = talk(v2, raw_v2("5").gets(refused(404, "No.")), asks("/tests/5").gets(refused(403, "No right.")))
    assert sorted(opened.client.runs([5], HOUR, []).unknown) == [5]
    limit = RateLimitError("come back later")
    opened = talk(v2, raw_v2("5").gets(refused(404, "No.")), asks("/tests/5").gets(limit))
    with pytest.raises(RateLimitError):
        opened.client.runs([5], HOUR, [])


# Rows that cannot be used


def test_rows_of_other_tests_make_the_result_incomplete(talk: Opens) -> None:
    for wire, request, table in ((v1, raw_v1("51007"), v1_table), (v2, raw_v2("51007"), v2_table)):
        opened = talk(
            wire, request.gets(table(Run("09:00:00"), Run("09:00:00", test=CART), Run("09:01:00", test=CART)))
        )
        found = opened.client.runs([51007], HOUR, [])
        assert (sorted(found.rows), found.incomplete) == ([51007], {51007})
        assert opened.warnings == ["Dropped 2 rows of other tests, so the result is marked complete: false."]


def test_duplicate_rows_count_once(talk: Opens) -> None:
    rows = [Run("09:00:00"), Run("09:05:00"), Run("09:00:00"), Run("09:00:00.500"), Run("09:00:00", place=OSLO)]
    for wire, request, table in ((v1, raw_v1("51007"), v1_table), (v2, raw_v2("51007"), v2_table)):
        opened = talk(wire, request.gets(table(*rows)))
        found = opened.client.runs([51007], HOUR, [])
        assert times(found) == ["09:00:00", "09:00:00", "09:00:00", "09:05:00"]
        assert found.incomplete == {51007}
        assert opened.warnings == ["Dropped 1 row returned twice, so the result is marked complete: false."]


def test_an_unexpected_time_id_makes_the_result_incomplete(talk: Opens) -> None:
    table = v1_table(Run("09:00:00"), Run("09:05:00"))
    table["detail"]["items"][1]["dimension"] = {"id": 7, "name": "Berlin"}
    opened = talk(v1, raw_v1("51007").gets(table))
    found = opened.client.runs([51007], HOUR, [])
    assert (times(found), found.incomplete) == (["09:00:00"], {51007})
    assert opened.warnings == ["Dropped 1 row without a plausible time, so the result is marked complete: false."]


def test_rows_outside_the_window_make_the_result_incomplete(talk: Opens) -> None:
    opened = talk(v2, raw_v2("51007,51008").gets(v2_table(Run("08:00:00"), Run("09:00:00", test=CART))))
    assert opened.client.runs([51007, 51008], HOUR, []).incomplete == {51007}


def test_dropped_rows_of_all_kinds_give_one_warning(talk: Opens) -> None:
    table = v2_table(Run("09:00:00"), Run("09:00:00"), Run("08:00:00"), Run("09:00:00", test=CART))
    opened = talk(v2, raw_v2("51007").gets(table))
    opened.client.runs([51007], HOUR, [])
    (warning,) = opened.warnings
    assert warning.startswith(
        "Dropped 1 row of other tests, 1 row returned twice and 1 row outside the requested window (2026-"
    )


def test_chart_rows_without_a_plausible_time_are_dropped_with_a_warning(talk: Opens) -> None:
    chart = v1_chart("09", "10")
    chart["detail"]["items"][1]["dimension"]["id"] = 7
    opened = talk(v1, asks("/performance/favoriteCharts/88/data").gets(chart))
    found = opened.client.chart(88, None, None, [])
    assert (len(found.detail), found.cut) == (1, True)
    assert opened.warnings[0].startswith("Dropped 1 row without a plausible time, so the result is marked complete")


# Missing and refused ids

NO_VALID = "No valid Test found for input '{}'."


def test_a_missing_test_may_be_reported_with_400(talk: Opens) -> None:
    """40 tests with a missing one cost 3 requests, as with 404 and with completed: false."""
    ids = list(range(101, 141))
    no = refused(400, NO_VALID.format(123), missing=True)
    others = [number for number in ids if number != 123]
    opened = talk(
        v2,
        raw_v2(",".join(map(str, ids))).gets(no),
        raw_v2("123").gets(no),
        raw_v2(",".join(map(str, others))).gets(v2_table(Run("09:00:00", test=(101, "A")))),
    )
    found = opened.client.runs(ids, HOUR, [])
    assert (sorted(found.rows), sorted(found.unknown)) == ([101], [123])
    assert str(found.unknown[123]) == (
        "Test 123 does not exist, or the credentials may not see it. "
        """The API says: "No valid Test found for input '123'." (HTTP 400). Check the id."""
    )
    assert isinstance(found.unknown[123], NotFoundError)


@pytest.mark.parametrize(("status", "kind"), [(400, "cannot be read"), (403, "cannot be read")])
def test_a_refusal_of_one_test_does_not_fail_the_others(talk: Opens, status: int, kind: str) -> None:
    no = refused(status, "You do not have permission to access this information.")
    opened = talk(
        v2,
        raw_v2("1,2,3").gets(no),
        raw_v2("1,2").gets(no),
        raw_v2("3").gets(v2_table(Run("09:00:00", test=(3, "C")))),
        raw_v2("1").gets(no),
        raw_v2("2").gets(v2_table()),
    )
    found = opened.client.runs([1, 2, 3], HOUR, [])
    assert (sorted(found.rows), sorted(found.unknown)) == ([3], [1])
    assert str(found.unknown[1]) == (
        f'Test 1 {kind}. The API says: "You do not have permission to access this information." (HTTP {status}). '
        f"Check the {'rights of the credentials' if status == 403 else 'options'}."
    )


@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_of_every_test_is_an_error(talk: Opens, status: int) -> None:
    """Two single tests that are refused alike, and none that is not, show that the tests are not the reason."""
    no = refused(status, "startTime is not a time.")
    opened = talk(v2, *(raw_v2(ids).gets(no) for ids in ("1,2,3,4", "1,2", "3,4", "1", "2")))
    with pytest.raises(ApiError) as caught:
        opened.client.runs([1, 2, 3, 4], HOUR, [])
    assert caught.value is no


def test_completed_false_without_an_id_is_not_attributed_to_the_tests(talk: Opens) -> None:
    no = refused(200, "Quota exceeded for this client.")
    ids = list(range(1, 101))
    halves = [ids[:50], ids[50:]]
    opened = talk(v2, *(raw_v2(",".join(map(str, some))).gets(no) for some in (ids, *halves)))
    with pytest.raises(NotCompletedError, match="Quota exceeded for this client") as caught:
        opened.client.runs(ids, HOUR, [])
    assert caught.value is no
    with pytest.raises(NotCompletedError) as caught:
        talk(v2, raw_v2("81093").gets(no)).client.runs([81093], HOUR, [])
    assert caught.value is no


def test_completed_false_during_a_search_is_not_attributed_to_the_tests(talk: Opens) -> None:
    no = refused(200, "Quota exceeded for this client.")
    opened = talk(
        v2,
        raw_v2("1,2,3,4,5,6,7,8").gets(refused(400, "Bad.")),
        raw_v2("1,2,3,4").gets(v2_table()),
        raw_v2("5,6,7,8").gets(no),
        raw_v2("5,6").gets(no),
        raw_v2("7,8").gets(no),
    )
    with pytest.raises(NotCompletedError):
        opened.client.runs([1, 2, 3, 4, 5, 6, 7, 8], HOUR, [])


@pytest.mark.parametrize(
    "error",
    [refused(404), refused(404, "No HTTP resource was found that matches the request."), refused(404, "No resource.")],
)
def test_404_about_the_path_is_not_attributed_to_the_test(talk: Opens, error: ApiError) -> None:
    for wire, request in ((v1, raw_v1("5")), (v2, raw_v2("5"))):
        with pytest.raises(ApiError) as caught:
            talk(wire, request.gets(error)).client.runs([5], HOUR, [])
        assert caught.value is error


@pytest.mark.parametrize(
    "error",
    [
        refused(404, "9 was not found"),
        refused(200, "Test id 9 was not found."),
        refused(400, NO_VALID.format(9), missing=True),
    ],
)
def test_the_unknown_one_of_two_ids_is_named_in_every_form(talk: Opens, error: ApiError) -> None:
    stop = "" if error.api_text.endswith(".") else "."
    expected = (
        "The service does not know the test 9, or the credentials may not see it. "
        f'The API says: "{error.api_text}"{stop} '
        "community.catchpoint.catchpoint_test_info without test_ids lists all tests."
    )
    by_two = [asks("/tests/3,9").gets(error), asks("/tests/9").gets(error), asks("/tests/3").gets(v2_tests(3))]
    by_one = [asks("/tests/3").gets({"id": 3}), asks("/tests/9").gets(error)]
    for wire, exchanges in ((v2, by_two), (v1, by_one)):
        with pytest.raises(NotFoundError) as caught:
            talk(wire, *exchanges).client.tests_by_id([3, 9])
        assert str(caught.value) == expected


def v2_tests(*ids: int) -> dict[str, Any]:
    return v2_list("tests", *({"id": number} for number in ids))


def test_unreadable_definitions_are_not_reported_as_unknown(talk: Opens) -> None:
    quota, right = refused(200, "Quota exceeded."), refused(403, "You do not have permission.")
    opened = talk(v2, *(asks(f"/tests/{ids}").gets(quota) for ids in ("1,2,3", "1,2", "3")))
    with pytest.raises(NotCompletedError, match="Quota exceeded"):
        opened.client.tests_by_id([1, 2, 3])
    opened = talk(v2, asks("/tests/1,2").gets(right), asks("/tests/1").gets(v2_tests(1)), asks("/tests/2").gets(right))
    with pytest.raises(ApiError, match=r'The test 2 cannot be read\. The API says: "You do not have permission\."'):
        opened.client.tests_by_id([1, 2])
    opened = talk(v1, asks("/tests/1").gets(quota), asks("/tests/2").gets(quota), asks("/tests/3").gets(quota))
    with pytest.raises(NotCompletedError, match="Quota exceeded"):
        opened.client.tests_by_id([1, 2, 3])


def test_only_a_missing_chart_is_reported_as_unknown(talk: Opens) -> None:
    chart = asks("/tests/explorer/favoritechart/88")
    with pytest.raises(NotCompletedError, match="Quota exceeded"):
        talk(v2, chart.gets(refused(200, "Quota exceeded."))).client.favorite(88)
    gone = refused(400, "No valid Favorite found for input '88'.", missing=True)
    with pytest.raises(NotFoundError, match="Favorite chart 88 does not exist"):
        talk(v2, chart.gets(gone)).client.favorite(88)


# Types of tests (v1)


def definition(number: int, kind: str) -> dict[str, Any]:
    return {"id": number, "name": f"Test {number}", "type": {"id": 0 if kind == "Web" else 5, "name": kind}}


@pytest.mark.parametrize("error", [refused(400, "Mixed."), refused(200, "All tests must be of the same type.")])
def test_v1_refuses_mixed_types_so_requests_are_by_type(talk: Opens, error: ApiError) -> None:
    web = v1_table(Run("09:00:00", test=(1, "A")), Run("09:01:00", test=(3, "C")))
    dns = v1_table(Run("09:02:00", (14.0, 100.0), (2, "B")), legend=("DNS (ms)", "% Availability"))
    opened = talk(
        v1,
        raw_v1("1,2,3").gets(error),
        asks("/tests/1").gets(definition(1, "Web")),
        asks("/tests/2").gets(definition(2, "Dns")),
        asks("/tests/3").gets(definition(3, "Web")),
        raw_v1("1,3").gets(web),
        raw_v1("2").gets(dns),
    )
    found = opened.client.runs([1, 2, 3], HOUR, [])
    assert [sorted(row.metrics) for number in (1, 2, 3) for row in found.rows[number]] == [
        ["availability", "runs", "test_time"],
        ["availability", "dns"],
        ["availability", "runs", "test_time"],
    ]
    assert opened.warnings == []


def test_types_of_many_tests_are_found_by_listing(talk: Opens) -> None:
    ids = list(range(1, 13))
    odd, even = "1,3,5,7,9,11", "2,4,6,8,10,12"
    opened = talk(
        v1,
        raw_v1(",".join(map(str, ids))).gets(refused(400, "Mixed.")),
        asks("/tests", **page(1)).gets(
            v1_list(*(definition(n, "Web" if n % 2 else "Dns") for n in ids[:6]), more=True)
        ),
        asks("/tests", **page(2)).gets(v1_list(*(definition(n, "Web" if n % 2 else "Dns") for n in ids[6:]))),
        raw_v1(odd).gets(v1_table()),
        raw_v1(even).gets(v1_table()),
    )
    assert opened.client.runs(ids, HOUR, []).rows == {}


def test_types_are_requested_once_and_a_group_of_one_type_is_halved(talk: Opens) -> None:
    """A 400 need not be about types at all."""
    memory = Memory()
    opened = talk(
        v1,
        raw_v1("1,2").gets(refused(400, "No.")),
        asks("/tests/1").gets(definition(1, "Web")),
        asks("/tests/2").gets(definition(2, "Web")),
        raw_v1("1").gets(refused(400, "startTime is not a time.")),
        raw_v1("2").gets(refused(400, "startTime is not a time.")),
        memory=memory,
    )
    with pytest.raises(ApiError, match=r"startTime is not a time\."):
        opened.client.runs([1, 2], HOUR, [])
    opened = talk(
        v1,
        raw_v1("1,2").gets(refused(400, "No.")),
        raw_v1("1").gets(v1_table()),
        raw_v1("2").gets(v1_table()),
        memory=memory,
    )
    opened.client.runs([1, 2], HOUR, [])


def test_types_of_a_group_are_not_requested_again(talk: Opens) -> None:
    kinds = {1: "Web", 2: "Dns", 3: "Web"}
    found = talk(
        v1,
        raw_v1("1,2,3").gets(refused(400, "No.")),
        *(asks(f"/tests/{number}").gets(definition(number, kind)) for number, kind in kinds.items()),
        raw_v1("1,3").gets(refused(400, "No.")),
        raw_v1("2").gets(v1_table()),
        raw_v1("1").gets(v1_table()),
        raw_v1("3").gets(v1_table(Run("09:00:00", test=(3, "C")))),
    ).client.runs([1, 2, 3], HOUR, [])
    assert sorted(found.rows) == [3]


def test_unknown_tests_have_no_type(talk: Opens) -> None:
    opened = talk(
        v1,
        raw_v1("1,2").gets(refused(400, "Mixed.")),
        asks("/tests/1").gets(definition(1, "Web")),
        asks("/tests/2").gets(refused(404, "Not found.")),
        raw_v1("1").gets(v1_table(Run("09:00:00", test=(1, "A")))),
        raw_v1("2").gets(refused(404, "Not found.")),
        looked_up(2),
    )
    found = opened.client.runs([1, 2], HOUR, [])
    assert (sorted(found.rows), sorted(found.unknown)) == ([1], [2])


def test_an_unknown_test_is_not_reported_as_mixed_types(talk: Opens) -> None:
    opened = talk(
        v1,
        raw_v1("1,2").gets(refused(404, "Test 2 not found.")),
        raw_v1("2").gets(refused(404, "Test 2 not found.")),
        looked_up(2),
        raw_v1("1").gets(v1_table()),
    )
    assert sorted(opened.client.runs([1, 2], HOUR, []).unknown) == [2]


def test_v2_takes_tests_of_all_types_together(talk: Opens) -> None:
    opened = talk(
        v2,
        raw_v2("1,2").gets(refused(200, "Wrong type.")),
        raw_v2("1").gets(v2_table()),
        raw_v2("2").gets(refused(200, "Wrong type.")),
    )
    assert sorted(opened.client.runs([1, 2], HOUR, []).unknown) == [2]


# Windows


def test_a_window_includes_both_its_ends(talk: Opens) -> None:
    table = v2_table(Run("10:00:00"), Run("09:00:00"), Run("09:30:00.9"), Run("10:00:00.99", place=OSLO))
    opened = talk(v2, raw_v2("51007").gets(table))
    assert times(opened.client.runs([51007], HOUR, [])) == ["09:00:00", "09:30:00", "10:00:00", "10:00:00"]
    assert opened.warnings == []


def test_rows_are_in_the_order_of_time_then_node(talk: Opens) -> None:
    table = v2_table(Run("09:30:00", place=OSLO), Run("09:00:00"), Run("09:30:00"), Run("09:15:00"))
    found = talk(v2, raw_v2("51007").gets(table)).client.runs([51007], HOUR, [])
    assert [(str(row.time)[11:16], row.node_id) for row in found.rows[51007]] == [
        ("09:00", 611), ("09:15", 611), ("09:30", 611), ("09:30", 702),
    ]  # fmt: skip


def test_rows_outside_the_window_are_dropped_with_a_warning(talk: Opens) -> None:
    table = v1_table(
        Run("08:59:59"), Run("09:10:00"), Run("10:00:01"), Run("04:00:00"),
        timezone={"id": 0, "name": "Eastern Standard Time"},
    )  # fmt: skip
    opened = talk(v1, raw_v1("51007").gets(table))
    assert times(opened.client.runs([51007], HOUR, [])) == ["09:10:00"]
    (warning,) = opened.warnings
    assert warning.startswith(
        "Dropped 3 rows outside the requested window (2026-11-23T09:00:00Z to 2026-11-23T10:00:00Z), so the result is "
        "marked complete: false. The service says that it used Eastern Standard Time; set the API consumer's time zone"
    )
    assert "time zone to UTC" in warning


def test_rows_at_the_edge_of_the_window_do_not_make_the_result_incomplete(talk: Opens) -> None:
    """A service may round the window's ends, or filter by the time at which it stored a run."""
    for wire, request, table in ((v1, raw_v1("51007"), v1_table), (v2, raw_v2("51007"), v2_table)):
        opened = talk(wire, request.gets(table(Run("08:55:00"), Run("09:10:00"), Run("10:05:00"))))
        found = opened.client.runs([51007], HOUR, [])
        assert (times(found), found.incomplete, opened.warnings) == (["09:10:00"], set(), [])
        for time in ("08:54:59", "10:05:01"):
            opened = talk(wire, request.gets(table(Run("08:55:00"), Run(time))))
            assert opened.client.runs([51007], HOUR, []).incomplete == {51007}
            assert opened.warnings[0].startswith("Dropped 2 rows outside")


def test_the_zone_is_named_only_if_the_service_reports_it(talk: Opens) -> None:
    opened = talk(v2, raw_v2("51007").gets(v2_table(Run("08:00:00"))))
    assert opened.client.runs([51007], HOUR, []).rows == {}
    assert "The service says" not in opened.warnings[0]


def test_a_window_is_halved_until_nothing_is_truncated(talk: Opens) -> None:
    """A row at the border is in both responses and counts once."""
    opened = talk(
        v2,
        raw_v2("51007").gets(v2_table(Run("09:00:00"), cut=True)),
        raw_v2("51007", "09:00:00", "09:30:00").gets(v2_table(Run("09:00:00"), Run("09:29:59"), Run("09:30:00"))),
        raw_v2("51007", "09:30:00", "10:00:00").gets(v2_table(Run("09:30:00"), cut=True)),
        raw_v2("51007", "09:30:00", "09:45:00").gets(v2_table(Run("09:30:00"), Run("09:30:01"), Run("09:45:00"))),
        raw_v2("51007", "09:45:00", "10:00:00").gets(v2_table(Run("09:45:00"), Run("10:00:00"))),
    )
    found = opened.client.runs([51007], HOUR, [])
    assert times(found) == ["09:00:00", "09:29:59", "09:30:00", "09:30:01", "09:45:00", "10:00:00"]
    assert (found.incomplete, opened.warnings) == (set(), [])


def test_runs_in_the_second_of_the_border_count_once(talk: Opens) -> None:
    at_the_border = [Run("09:30:00"), Run("09:30:00.500"), Run("09:30:00", place=OSLO), Run("09:30:00", place=HAMBURG)]
    opened = talk(
        v2,
        raw_v2("51007").gets(v2_table(cut=True)),
        raw_v2("51007", "09:00:00", "09:30:00").gets(v2_table(*at_the_border)),
        raw_v2("51007", "09:30:00", "10:00:00").gets(v2_table(*at_the_border)),
    )
    assert times(opened.client.runs([51007], HOUR, [])) == ["09:30:00"] * 4


class Cutting:
    """A session that returns at most ``most`` rows per response, as the explorer does."""

    def __init__(self, runs: Sequence[Run], most: int) -> None:
        self._runs, self._most = runs, most
        self.server_offset = None
        self.requests = 0

    def get(self, path: str, params: Any) -> Any:
        self.requests += 1
        ids = {int(number) for number in params["testIds"].split(",")}
        inside = [
            run
            for run in self._runs
            if run.test[0] in ids and params["startTimeUtc"] <= run.iso[:-1] <= params["endTimeUtc"]
        ]
        return v2_table(*inside[: self._most], cut=len(inside) > self._most)


@pytest.mark.parametrize("most", [1, 2, 7, 50])
@pytest.mark.parametrize("every", [1, 7, 59, 60, 61, 300])
def test_splitting_neither_loses_nor_duplicates_rows(talk: Opens, most: int, every: int) -> None:
    """For any limit and frequency, the rows are a part of the true ones, and all of them if complete."""
    seconds = range(0, 3601, every)
    runs = [
        Run(f"{9 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}", test=test)
        for test in (SHOP, CART)
        for second in seconds
    ]
    opened = talk(v2)
    opened.client._session = session = Cutting(runs, most)  # type: ignore[assignment]
    found = opened.client.runs([51007, 51008], HOUR, [])
    assert session.requests <= 1 + 64 + 2
    for test in (SHOP, CART):
        truth = [run.time for run in runs if run.test == test]
        assert len(times(found, test)) == len(set(times(found, test)))
        assert set(times(found, test)) <= set(truth)
        assert test[0] in found.incomplete or times(found, test) == truth
    assert bool(found.incomplete) == bool(opened.warnings)


def test_a_truncated_minute_is_requested_test_by_test(talk: Opens) -> None:
    minute = span("09:00", "09:01")
    opened = talk(
        v2,
        raw_v2("1,2", "09:00:00", "09:01:00").gets(v2_table(cut=True)),
        raw_v2("1", "09:00:00", "09:01:00").gets(v2_table(Run("09:00:30", test=(1, "A")))),
        raw_v2("2", "09:00:00", "09:01:00").gets(v2_table(Run("09:00:30", test=(2, "B")), cut=True)),
    )
    found = opened.client.runs([1, 2], minute, [])
    assert (times(found, (1, "A")), times(found, (2, "B")), found.incomplete) == (["09:00:30"], ["09:00:30"], {2})
    (warning,) = opened.warnings
    assert warning.startswith("The service truncated the rows of test 2 even after the window was split,")
    assert "complete: false" in warning


def test_aggregated_windows_are_halved_between_intervals(talk: Opens) -> None:
    """An interval that began before the window belongs to its first part only."""
    day = [Run(f"2026-11-{number}T00:00:00Z") for number in (18, 19, 20, 21, 22, 23)]
    one = ("51007", 9)
    week = Window(int(NOON) - 5 * 86400, int(NOON))
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        aggregated_v2(*one, "2026-11-18T12:00:00", "2026-11-23T12:00:00").gets(v2_table(cut=True, by=["test"])),
        aggregated_v2(*one, "2026-11-18T12:00:00", "2026-11-21T00:00:00").gets(v2_table(*day[:4], by=["test"])),
        aggregated_v2(*one, "2026-11-21T00:00:00", "2026-11-23T12:00:00").gets(v2_table(*day[2:], by=["test"])),
    )
    found = opened.client.points([51007], week, "Day", [], None)
    assert [str(row.time)[8:10] for row in found.rows[51007]] == ["18", "19", "20", "21", "22", "23"]
    assert opened.warnings == []


# Intervals


@pytest.mark.parametrize(
    ("offered", "interval", "number"),
    [
        (INTERVALS, "Minutes15", 6),
        (INTERVALS, "minutes15", 6),
        (INTERVALS, "15 minutes", 6),
        ({14: "15 Minutes", 99: "1 Day"}, "Minutes15", 14),
        ({14: "15 Minutes", 99: "1 Day"}, "Day", 99),
        ({99: "Daily", 9: "Hours24"}, "Day", 9),
    ],
)
def test_an_interval_uses_the_number_that_the_service_lists(
    talk: Opens, offered: dict[int, str], interval: str, number: int
) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(offered, METRICS)),
        aggregated_v2("51007", number, "2026-11-23T09:00:00", "2026-11-23T10:00:00").gets(v2_table(by=["test"])),
    )
    opened.client.points([51007], HOUR, interval, [], None)


def test_an_unknown_interval_is_refused(talk: Opens) -> None:
    opened = talk(v2, enumeration_v2().gets(enumeration(INTERVALS, METRICS)))
    with pytest.raises(OptionError, match=r"no interval 'Minutes20'. It offers: Minutes5, Minutes15, Hour1, Day\."):
        opened.client.points([51007], HOUR, "Minutes20", [], None)


def test_a_service_without_intervals(talk: Opens) -> None:
    opened = talk(v2, enumeration_v2().gets(enumeration({}, METRICS)))
    with pytest.raises(OptionError, match=r"no interval 'Day'\. It offers: none"):
        opened.client.points([51007], HOUR, "Day", [], None)


@pytest.mark.parametrize("wire", [v1, v2])
def test_an_invalid_interval_costs_no_request(talk: Opens, wire: Any) -> None:
    with pytest.raises(OptionError, match="interval is 'fortnight', but must be a name such as Minutes5"):
        talk(wire).client.points([51007], HOUR, "fortnight", [], None)


def test_v1_takes_intervals_by_name(talk: Opens) -> None:
    request = asks(
        "/performance/aggregated",
        tests="51007",
        startTime="2026-11-23T09:00:00Z",
        endTime="2026-11-23T10:00:00Z",
        aggregationType="Minutes15",
    )
    opened = talk(v1, request.gets(v1_table(Run("09:00:00"), Run("09:15:00"))))
    assert times(opened.client.points([51007], HOUR, "15 minutes", [], None)) == ["09:00:00", "09:15:00"]


def test_the_enumeration_is_requested_once(talk: Opens) -> None:
    memory = Memory()
    request = aggregated_v2("51007", 6, "2026-11-23T09:00:00", "2026-11-23T10:00:00", metricIds="89,15,61")
    response = request.gets(v2_table(by=["test"]))
    opened = talk(v2, enumeration_v2().gets(enumeration(INTERVALS, METRICS)), response, response, memory=memory)
    opened.client.points([51007], HOUR, "Minutes15", ["test_time"], None)
    opened.client.points([51007], HOUR, "Minutes15", ["test_time"], None)
    talk(v2, response, memory=memory).client.points([51007], HOUR, "Minutes15", ["test_time"], None)


def test_a_failed_enumeration_is_not_cached(talk: Opens) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(refused(503, "down")),
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="89,15,61").gets(v2_table()),
    )
    with pytest.raises(ApiError):
        opened.client.runs([51007], HOUR, ["test_time"])
    opened.client.runs([51007], HOUR, ["test_time"])


# Metrics


@pytest.mark.parametrize("metric", ["test_time", "Test Time (ms)", "TEST_TIME", "TestTime", "89"])
def test_metrics_by_slug_display_name_and_number(talk: Opens, metric: str) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="89,15,61").gets(v2_table(Run("09:00:00"))),
    )
    found = opened.client.runs([51007], HOUR, [metric])
    assert [item.slug for item in found.metrics] == ["test_time"]
    assert found.chosen is True
    assert found.rows[51007][0].failed is False


@pytest.mark.parametrize(
    ("metric", "name"), [("ttfb", "time_to_first_byte"), ("WebPageResponseMSec", "webpage_response")]
)
def test_metrics_by_short_form_and_internal_name(talk: Opens, metric: str, name: str) -> None:
    legend = ("Time To First Byte (ms)", "Webpage Response (ms)", "% Availability", "# Runs")
    opened = talk(v1, raw_v1("51007").gets(v1_table(legend=legend)))
    assert [item.slug for item in opened.client.runs([51007], HOUR, [metric]).metrics] == [name]


def test_availability_and_runs_are_always_requested_and_once(talk: Opens) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="61,15").gets(v2_table(legend=("# Runs", "% Availability"))),
    )
    found = opened.client.runs([51007], HOUR, ["runs", "availability"])
    assert [item.slug for item in found.metrics] == ["runs", "availability"]


def test_metric_numbers_come_from_the_enumeration(talk: Opens) -> None:
    offered = {7: "% Availability", 8: "# Runs", 9: "Test Time (ms)"}
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, offered)),
        raw_v2("51007", metricIds="9,7,8").gets(v2_table()),
    )
    opened.client.runs([51007], HOUR, ["test_time"])


def test_an_internal_name_in_the_enumeration_and_a_display_name_in_the_legend(talk: Opens) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="276,15,61").gets(
            v2_table(Run("09:00:00"), legend=("Webpage Response (ms)", "% Availability", "# Runs"))
        ),
    )
    found = opened.client.runs([51007], HOUR, ["webpage_response"])
    assert [item.slug for item in found.metrics] == ["webpage_response"]


def test_an_enumeration_without_metrics(talk: Opens) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, {})),
        raw_v2("51007", metricIds="276,10,15,61").gets(v2_table()),
    )
    opened.client.runs([51007], HOUR, ["webpage_response", "response"])


def test_the_first_of_two_metrics_with_one_slug_counts(talk: Opens) -> None:
    offered = {5: "Webpage Response (ms)", **METRICS}
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, offered)),
        raw_v2("51007", metricIds="5,15,61").gets(v2_table()),
    )
    opened.client.runs([51007], HOUR, ["webpage_response"])


def test_metrics_with_the_same_name_are_found_by_number(talk: Opens) -> None:
    """The service calls 10 and 201 both Response (ms)."""
    offered = {10: "Response (ms)", 201: "Response (ms)", **METRICS}
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, offered)),
        raw_v2("51007", metricIds="201,15,61").gets(v2_table(legend=("Response (ms)", "% Availability", "# Runs"))),
    )
    assert [item.slug for item in opened.client.runs([51007], HOUR, ["201"]).metrics] == ["response"]


@pytest.mark.parametrize("offered", [{10: "Response (ms)", 201: "Response (ms)"}, {10: "Response (ms)"}])
def test_metrics_with_the_same_name_are_not_requested_together(talk: Opens, offered: dict[int, str]) -> None:
    """The response would not show which column is which."""
    opened = talk(v2, enumeration_v2().gets(enumeration(INTERVALS, {**offered, **METRICS})))
    with pytest.raises(OptionError, match=r"metrics 10 and 201 the same name \(response\).*one of them at a time"):
        opened.client.runs([51007], HOUR, ["response", "201"])


def test_a_metric_without_a_column_has_no_value(talk: Opens) -> None:
    """The service knows the metric but omits its column."""
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="1,89,15,61").gets(v2_table(Run("09:00:00"))),
    )
    found = opened.client.runs([51007], HOUR, ["dns", "test_time"])
    assert [(item.slug, item.unit) for item in found.metrics] == [("test_time", "ms"), ("dns", "ms")]


def test_unrequested_metrics_are_dropped(talk: Opens) -> None:
    legend = ("DNS (ms)", "Test Time (ms)", "% Availability", "# Runs", "Apdex", "Wait (ms)")
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="89,15,61").gets(v2_table(legend=legend)),
    )
    assert [item.slug for item in opened.client.runs([51007], HOUR, ["test_time"]).metrics] == ["test_time"]


def test_optional_metrics_are_requested_where_the_service_lists_them(talk: Opens) -> None:
    """61 (# Runs) is requested once, although it is both optional here and always required."""
    legend = ("Test Time (ms)", "DNS (ms)", "% Availability", "# Runs")
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="89,1,61,15").gets(v2_table(legend=legend)),
    )
    found = opened.client.runs([51007], HOUR, ["test_time"], ["dns", "render_start", "runs", "test_time"])
    assert [item.slug for item in found.metrics] == ["test_time", "dns", "runs"]


def test_an_optional_metric_without_a_column_is_omitted(talk: Opens) -> None:
    opened = talk(
        v2,
        enumeration_v2().gets(enumeration(INTERVALS, METRICS)),
        raw_v2("51007", metricIds="89,1,15,61").gets(v2_table(Run("09:00:00"))),
    )
    assert [item.slug for item in opened.client.runs([51007], HOUR, ["test_time"], ["dns"]).metrics] == ["test_time"]


def test_optional_metrics_of_v1_are_kept_if_the_response_has_them(talk: Opens) -> None:
    opened = talk(v1, raw_v1("51007").gets(v1_table(Run("09:00:00", (None, 0.0, 1.0)))))
    found = opened.client.runs([51007], HOUR, ["test_time"], ["runs", "dns", "test_time"])
    assert [item.slug for item in found.metrics] == ["test_time", "runs"]


@pytest.mark.parametrize(
    ("metric", "near"),
    [("tset_time", "test_time"), ("availabilty", "availability"), ("Webpage Respons (ms)", "webpage_response")],
)
def test_an_unknown_metric_of_v2_is_refused_before_data_is_requested(talk: Opens, metric: str, near: str) -> None:
    opened = talk(v2, enumeration_v2().gets(enumeration(INTERVALS, METRICS)))
    with pytest.raises(OptionError, match=re.escape(f"The service has no metric {metric!r}. Did you mean ")) as caught:
        opened.client.runs([51007], HOUR, ["test_time", metric])
    assert near in str(caught.value)


@pytest.mark.parametrize(
    ("metric", "module"),
    [
        ("error_budget", "catchpoint_slo_info"),
        ("slo_violations", "catchpoint_slo_info"),
        ("alerts", "catchpoint_alert_info"),
    ],
)
def test_a_metric_of_the_gate_only_names_the_module_that_reads_it(talk: Opens, metric: str, module: str) -> None:
    opened = talk(v2, enumeration_v2().gets(enumeration(INTERVALS, METRICS)))
    with pytest.raises(OptionError, match=f"^{metric} is a metric of the performance gate only.*catchpoint[.]{module}"):
        opened.client.runs([51007], HOUR, [metric])


@pytest.mark.parametrize("metric", ["99999", "qqqqqqqq"])
def test_an_unknown_metric_without_a_close_name(talk: Opens, metric: str) -> None:
    opened = talk(v2, enumeration_v2().gets(enumeration(INTERVALS, METRICS)))
    with pytest.raises(
        OptionError, match=f"no metric '{metric}'. It has availability, dns, runs, test_time, webpage_response\\.$"
    ):
        opened.client.runs([51007], HOUR, [metric])


@pytest.mark.parametrize("metric", ["test_time", "Test Time (ms)"])
def test_v1_returns_all_metrics_and_the_requested_ones_are_kept(talk: Opens, metric: str) -> None:
    opened = talk(v1, raw_v1("51007").gets(v1_table(Run("09:00:00", (None, 0.0, 1.0)))))
    found = opened.client.runs([51007], HOUR, [metric])
    assert [item.slug for item in found.metrics] == ["test_time"]
    assert found.rows[51007][0].failed is True


def test_an_unknown_metric_of_v1(talk: Opens) -> None:
    opened = talk(v1, raw_v1("51007").gets(v1_table(Run("09:00:00"))))
    with pytest.raises(OptionError, match=r"no metric 'tset_time'. Did you mean test_time\?"):
        opened.client.runs([51007], HOUR, ["tset_time"])


@pytest.mark.parametrize("wire", [v1, v2])
@pytest.mark.parametrize("metrics", [[""], [" "], ["test_time", None]])
def test_metrics_without_a_name(talk: Opens, wire: Any, metrics: list[Any]) -> None:
    with pytest.raises(OptionError, match="metrics holds an empty name"):
        talk(wire).client.runs([51007], HOUR, metrics)


def test_an_empty_response_of_v1_does_not_make_a_metric_unknown(talk: Opens) -> None:
    found = talk(v1, raw_v1("51007").gets(None)).client.runs([51007], HOUR, ["test_time"])
    assert [(item.slug, item.label, item.unit) for item in found.metrics] == [("test_time", "test_time", "ms")]


def test_numbers_of_metrics_need_v2(talk: Opens) -> None:
    with pytest.raises(OptionError, match=r"v1 does not support metric numbers \(89, 15\). Use names"):
        talk(v1).client.runs([51007], HOUR, ["dns", "89", "15"])


# Places


def test_v2_reports_the_places_of_runs(talk: Opens) -> None:
    opened = talk(v2, raw_v2("51007").gets(v2_table(Run("09:00:00"))))
    found = opened.client.runs([51007], HOUR, [])
    assert opened.client.located(found) is found


def test_v1_reports_places_with_its_nodes(talk: Opens) -> None:
    opened = talk(
        v1,
        raw_v1("51007").gets(v1_table(Run("09:00:00", place=OSLO), Run("09:10:00"), Run("09:20:00"))),
        asks("/nodes/611").gets(v1_node(BERLIN)),
        asks("/nodes/702").gets(v1_node(OSLO)),
    )
    found = opened.client.located(opened.client.runs([51007], HOUR, []))
    assert [(row.city, row.country) for row in found.rows[51007]] == [
        ("Oslo", "Norway"), ("Berlin", "Germany"), ("Berlin", "Germany"),
    ]  # fmt: skip
    assert opened.client.located(found) is found


def test_places_of_many_nodes_are_listed(talk: Opens) -> None:
    places = [BERLIN._replace(node=(number, f"Node {number}")) for number in range(1, 12)]
    runs = [Run(f"09:{10 + number}:00", place=place) for number, place in enumerate(places)]
    opened = talk(
        v1,
        raw_v1("51007").gets(v1_table(*runs)),
        asks("/nodes", **page()).gets(v1_list(*(v1_node(place) for place in places[1:]))),
    )
    found = opened.client.located(opened.client.runs([51007], HOUR, []))
    assert [row.city for row in found.rows[51007]] == [None, *["Berlin"] * 10]


# Countries


@pytest.mark.parametrize(
    ("wanted", "country"),
    [
        ("DE", "Germany"),
        ("de", "Germany"),
        ("DEU", "Germany"),
        ("germany", "Germany"),
        ("UK", "United Kingdom"),
        ("GB", "United Kingdom"),
        ("England", "Great Britain"),
        ("USA", "United States"),
        ("US", "United States of America"),
        ("KR", "Korea, Republic of"),
        ("Holland", "The Netherlands"),
        ("CZ", "Czech Republic"),
        ("Türkiye", "Turkey"),
        ("Côte d'Ivoire", "Ivory Coast"),
        ("United", "United Kingdom"),
        ("Atlantis", "Atlantis (North)"),
        ("DE", "de"),
    ],
)
def test_a_country_matches_by_code_name_and_whole_words(talk: Opens, wanted: str, country: str) -> None:
    filters = NodeFilter(country=wanted)
    v1_entry, v2_entry = (make(BERLIN, country={"id": 1, "name": country}) for make in (v1_node, v2_node))
    opened = talk(v1, asks("/nodes", **page()).gets(v1_list(v1_entry)))
    assert node_ids(opened.client.nodes(filters)) == [611]
    opened = talk(v2, asks("/nodes/all", **v2.nodes(filters, 1).params).gets(v2_list("nodes", v2_entry)))
    assert node_ids(opened.client.nodes(filters)) == [611]


@pytest.mark.parametrize(
    ("wanted", "country"),
    [
        ("DE", "Sweden"),
        ("IN", "China"),
        ("Guinea", "Papua New Guinea"),
        ("China", "Hong Kong SAR China"),
        ("US", "Russia"),
        ("Congo", "Democratic Republic of the Congo"),
        ("land", "Switzerland"),
        ("DE", None),
    ],
)
def test_a_country_does_not_match_inside_another_name(talk: Opens, wanted: str, country: str | None) -> None:
    node = v1_node(BERLIN, country={"id": 1, "name": country})
    opened = talk(v1, asks("/nodes", **page()).gets(v1_list(node)))
    assert opened.client.nodes(NodeFilter(country=wanted)) == []


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("Germany", "Germany"),
        ("DE", "Germany"),
        ("USA", "United States"),
        ("uk", "United Kingdom"),
        ("Atlantis", "Atlantis"),
        # The service's name is unknown, so the client alone filters.
        ("CZ", None),
        ("Holland", None),
    ],
)
def test_the_country_in_the_request(wanted: str, sent: str | None) -> None:
    assert v2.nodes(NodeFilter(country=wanted), 1).params.get("country") == sent


# Lists


def node_ids(nodes: Sequence[Any]) -> list[int]:
    return [node.id for node in nodes]


@pytest.mark.parametrize(
    ("wire", "path", "listed", "entry"),
    [
        (v1, "/nodes", lambda *e, more=False: v1_list(*e, more=more), v1_node),
        (v2, "/nodes/all", lambda *e, more=False: v2_list("nodes", *e, more=more), v2_node),
    ],
)
def test_all_pages_are_read(talk: Opens, wire: Any, path: str, listed: Any, entry: Any) -> None:
    opened = talk(
        wire,
        asks(path, **page(1)).gets(listed(entry(BERLIN), more=True)),
        asks(path, **page(2)).gets(listed(entry(HAMBURG), more=True)),
        asks(path, **page(3)).gets(listed(entry(OSLO))),
    )
    assert node_ids(opened.client.nodes(NodeFilter())) == [611, 612, 702]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (v2_list("nodes", v2_node(BERLIN), more=True), v2_list("nodes", v2_node(BERLIN), more=True)),
        (v2_list("nodes", v2_node(BERLIN), more=True), v2_list("nodes", v2_node(BERLIN))),
        (v2_list("nodes", more=True), v2_list("nodes", more=True)),
        (v2_list("nodes", more=True), v2_list("nodes")),
    ],
)
def test_a_repeated_page_is_an_error(talk: Opens, first: Any, second: Any) -> None:
    opened = talk(v2, asks("/nodes/all", **page(1)).gets(first), asks("/nodes/all", **page(2)).gets(second))
    with pytest.raises(ResponseError, match="The service gave page 1 of /nodes/all again as page 2"):
        opened.client.nodes(NodeFilter())


def test_an_endless_list_is_an_error(talk: Opens) -> None:
    def exchanges() -> Any:
        for number in range(1, 1001):
            node = v2_node(BERLIN._replace(node=(number, "x")))
            yield asks("/nodes/all", **page(number)).gets(v2_list("nodes", node, more=True))

    with pytest.raises(ResponseError, match="gave 1000 pages of /nodes/all and says that there are more"):
        talk(v2, *exchanges()).client.nodes(NodeFilter())


@pytest.mark.parametrize("path", ["/nodes", "/nodes/groups", "/tests/explorer/favoritechart"])
def test_undocumented_paging_is_accepted(talk: Opens, path: str) -> None:
    name = {"/nodes": "nodes", "/nodes/groups": "nodeGroups"}.get(path, "favoriteCharts")
    entries = [{"id": number, "name": str(number)} for number in (1, 2)]
    only = {"statusId": 0} if path == "/nodes" else {}
    opened = talk(
        v2,
        asks(path, **only).gets(v2_list(name, entries[0], more=True)),
        asks(path, **only, **page(2)).gets(v2_list(name, entries[1])),
    )
    found = {
        "nodes": lambda: opened.client.nodes(NodeFilter(scope="enterprise", active=True)),
        "nodeGroups": lambda: opened.client.node_groups(NodeGroupFilter()),
        "favoriteCharts": opened.client.favorites,
    }[name]()
    assert [entry.id for entry in found] == [1, 2]  # type: ignore[attr-defined]


@pytest.mark.parametrize("response", [None, {}, v1_list()])
def test_empty_lists_of_v1(talk: Opens, response: Any) -> None:
    assert talk(v1, asks("/nodes", **page()).gets(response)).client.nodes(NodeFilter()) == []
    assert talk(v1, asks("/nodeGroups", **page()).gets(response)).client.node_groups(NodeGroupFilter()) == []
    assert talk(v1, asks("/performance/favoriteCharts", **page()).gets(response)).client.favorites() == []


@pytest.mark.parametrize("response", [None, {}])
def test_an_empty_body_of_v1_warns_if_the_list_is_filtered(talk: Opens, response: Any) -> None:
    plain = talk(v1, asks("/nodes", **page()).gets(response), asks("/nodeGroups", **page()).gets(response))
    assert plain.client.nodes(NodeFilter()) == []
    assert plain.client.node_groups(NodeGroupFilter()) == []
    assert plain.warnings == []
    opened = talk(
        v1,
        *[asks("/nodes", **page()).gets(response)] * 2,
        asks("/nodeGroups", **page()).gets(response),
        asks("/tests", name="x", statusId=0, **page()).gets(response),
        asks("/tests", statusId=0, **page()).gets(response),
        asks("/alerts", startTime="2026-11-23T09:00:00Z", endTime="2026-11-23T10:00:00Z", **page()).gets(response),
    )
    for _time in range(2):
        assert opened.client.nodes(NodeFilter(name="x")) == []
    assert opened.client.node_groups(NodeGroupFilter(node_id=5)) == []
    assert opened.client.tests(queries.TestFilter(name="x"), ["active"]) == []
    assert opened.client.tests(queries.TestFilter(), ["active"]) == []
    assert opened.client.alerts(AlertFilter([51007]), HOUR).inside == []
    assert [text.partition(" has an empty body, which REST API v1")[0] for text in opened.warnings] == [
        f"The response to GET /{name}" for name in ("nodes", "nodeGroups", "tests", "alerts")
    ]


def test_a_page_without_entries_does_not_warn(talk: Opens) -> None:
    opened = talk(v1, asks("/nodes", **page()).gets(v1_list()))
    assert (opened.client.nodes(NodeFilter(name="x")), opened.warnings) == ([], [])


@pytest.mark.parametrize("more", [True, "true", "True", 1, "1", 1.0])
def test_a_further_page_is_read_in_every_form_of_true(talk: Opens, more: Any) -> None:
    for wire, path, first, second in (
        (v1, "/nodes", {**v1_list(v1_node(BERLIN)), "has_more": more}, v1_list(v1_node(OSLO))),
        (
            v2,
            "/nodes/all",
            envelope({"nodes": [v2_node(BERLIN)], "hasMore": more}),
            v2_list("nodes", v2_node(OSLO)),
        ),
    ):
        opened = talk(wire, asks(path, **page(1)).gets(first), asks(path, **page(2)).gets(second))
        assert node_ids(opened.client.nodes(NodeFilter())) == [611, 702]


@pytest.mark.parametrize("members", [{}, {"hasMore": None}, {"hasMore": ""}])
def test_the_address_of_a_next_page_is_enough(talk: Opens, members: dict[str, Any]) -> None:
    """Newer responses omit members without a value."""
    first = envelope({"nodes": [v2_node(BERLIN)], "next": "/api/v2/nodes/all?pageNumber=2", **members})
    opened = talk(
        v2,
        asks("/nodes/all", **page(1)).gets(first),
        asks("/nodes/all", **page(2)).gets(envelope({"nodes": [v2_node(OSLO)], "next": None})),
    )
    assert node_ids(opened.client.nodes(NodeFilter())) == [611, 702]


@pytest.mark.parametrize("more", ["perhaps", 7, [], {}, [True]])
def test_an_invalid_truth_value_is_an_error(talk: Opens, more: Any) -> None:
    for wire, request, response in (
        (v1, asks("/nodes", **page()), {**v1_list(v1_node(BERLIN)), "has_more": more}),
        (v2, asks("/nodes/all", **page()), envelope({"nodes": [v2_node(BERLIN)], "hasMore": more})),
    ):
        with pytest.raises(ResponseError, match="is neither true nor false"):
            talk(wire, request.gets(response)).client.nodes(NodeFilter())
    with pytest.raises(ResponseError, match="is neither true nor false"):
        talk(v2, raw_v2("51007").gets(v2_table(Run("09:00:00"), cut=more))).client.runs([51007], HOUR, [])


def test_an_empty_response_of_v2_is_an_error(talk: Opens) -> None:
    with pytest.raises(ResponseError, match=r"^GET /nodes/all: Unexpected response: expected a list of nodes"):
        talk(v2, asks("/nodes/all", **page()).gets(None)).client.nodes(NodeFilter())


NODES = [
    {"scope": "all"},
    {"name": "berlin"},
    {"name": "TELEKOM", "city": "ham"},
    {"country": "nor"},
    {"network_type": "enterprise"},
    {"active": True},
    {"active": False},
    {"targeted": True},
    {"targeted": False},
    {"ipv6": True},
    {"ipv6": False},
    {"asn": "3320"},
    {"asn": "AS3320"},
    {"asn": "dta"},
    {"asn": "²"},
    {"scope": "enterprise", "active": True},
    {"name": "no such node"},
]
EXPECTED = [
    [611, 612, 702], [611], [612], [702], [612], [611, 612], [702], [611], [612, 702], [702], [611, 612], [611, 612],
    [611, 612], [611, 612], [], [612], [],
]  # fmt: skip


def v1_nodes() -> list[dict[str, Any]]:
    dtag, telia = {"value": "AS3320", "name": "DTAG"}, {"value": "AS1299", "name": "Telia"}
    return [
        v1_node(BERLIN, asn=dtag, targeted="True", ip_ranges="192.0.2.1"),
        v1_node(
            HAMBURG, asn=dtag, targeted="False", ip_ranges="192.0.2.2", network_type={"id": 4, "name": "Enterprise"}
        ),
        v1_node(OSLO, asn=telia, targeted=False, ip_ranges="2001:db8::1", status={"id": 1, "name": "Inactive"}),
    ]


def v2_nodes() -> list[dict[str, Any]]:
    return [
        v2_node(BERLIN),
        v2_node(HAMBURG, isTargeted=False, networkType={"id": 4, "name": "Enterprise"}),
        v2_node(
            OSLO, isTargeted=False, isIPv6=True, status={"id": 1, "name": "Inactive"}, asn={"id": 1299, "name": "Telia"}
        ),
    ]


@pytest.mark.parametrize(("filters", "expected"), list(zip(NODES, EXPECTED)))
def test_filters_apply_even_if_the_service_ignores_them(
    talk: Opens, filters: dict[str, Any], expected: list[int]
) -> None:
    """Both services in this test ignore every filter."""
    targeted = {"targeted": "true"} if filters.get("targeted") else {}
    opened = talk(v1, asks("/nodes", **targeted, **page()).gets(v1_list(*v1_nodes())))
    assert node_ids(opened.client.nodes(NodeFilter(**filters))) == expected
    request = v2.nodes(NodeFilter(**filters), 1)
    opened = talk(v2, asks(request.path, **request.params).gets(v2_list("nodes", *v2_nodes())))
    assert node_ids(opened.client.nodes(NodeFilter(**filters))) == expected


def test_enterprise_nodes_of_v2_are_listed_by_status(talk: Opens) -> None:
    """v2 lists the active ones by default; v1 lists all at once."""
    active, inactive = ({"id": number, "name": "x"} for number in (1, 2))
    opened = talk(
        v2,
        asks("/nodes", statusId=0).gets(v2_list("nodes", active)),
        asks("/nodes", statusId=1).gets(v2_list("nodes", inactive)),
    )
    assert node_ids(opened.client.nodes(NodeFilter(scope="enterprise"))) == [1, 2]
    opened = talk(v1, asks("/nodes", **page()).gets(v1_list(*v1_nodes())))
    assert node_ids(opened.client.nodes(NodeFilter(scope="enterprise"))) == [612]


def test_a_filter_that_was_sent_matches_an_entry_without_the_value(talk: Opens) -> None:
    bare = {"id": 1, "name": "x"}
    opened = talk(v2, asks("/nodes", paused="true", statusId=1).gets(v2_list("nodes", bare)))
    assert node_ids(opened.client.nodes(NodeFilter(scope="enterprise", paused=True, active=False))) == [1]


def test_paused_nodes(talk: Opens) -> None:
    entries = [v2_node(BERLIN, isPaused=True), v2_node(HAMBURG, isPaused=False)]
    opened = talk(v2, asks("/nodes/all", paused="false", **page()).gets(v2_list("nodes", *entries)))
    assert node_ids(opened.client.nodes(NodeFilter(paused=False))) == [612]
    with pytest.raises(OptionError, match="does not report whether a node is paused"):
        talk(v1).client.nodes(NodeFilter(paused=True))


def test_a_filter_that_was_not_sent_does_not_match_an_entry_without_the_value(talk: Opens) -> None:
    bare = {"id": 1, "name": "x"}
    for filters in (
        {"city": "Berlin"}, {"country": "Germany"}, {"network_type": "backbone"}, {"active": True}, {"ipv6": False},
        {"asn": "3320"}, {"asn": "DTAG"}, {"targeted": False}, {"scope": "enterprise"},
    ):  # fmt: skip
        opened = talk(v1, asks("/nodes", **page()).gets(v1_list(v1_node(BERLIN), bare)))
        assert 1 not in node_ids(opened.client.nodes(NodeFilter(**filters))), filters
    opened = talk(v1, asks("/nodes", **page()).gets(v1_list(v1_node(BERLIN), bare)))
    assert node_ids(opened.client.nodes(NodeFilter(city="Berlin"))) == [611]
    # v1 is sent this filter.
    opened = talk(v1, asks("/nodes", targeted="true", **page()).gets(v1_list(bare)))
    assert node_ids(opened.client.nodes(NodeFilter(targeted=True))) == [1]


def test_groups_whose_nodes_are_unknown(talk: Opens) -> None:
    groups = [{"id": 1, "nodes": [{"id": 5}]}, {"id": 2, "nodes": []}, {"id": 3}, {"id": 4, "nodes": [{"id": 7}]}]
    opened = talk(v1, asks("/nodeGroups", **page()).gets(v1_list(*groups)))
    assert node_ids(opened.client.node_groups(NodeGroupFilter(node_id=7))) == [4]
    opened = talk(v2, asks("/nodes/groups", nodeId=7).gets(v2_list("nodeGroups", *groups)))
    assert node_ids(opened.client.node_groups(NodeGroupFilter(node_id=7))) == [3, 4]
    untold = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    opened = talk(v1, *[asks("/nodeGroups", **page()).gets(v1_list(*untold))] * 2)
    assert node_ids(opened.client.node_groups(NodeGroupFilter(name="a"))) == [1]
    with pytest.raises(OptionError, match=r"lists no group's nodes, so node_id matches no group\. Remove node_id"):
        opened.client.node_groups(NodeGroupFilter(node_id=7))


@pytest.mark.parametrize("asn", ["3356", "AS3356", "as3356", "AS 3356", " 3356", "AS3356 ", " AS3356"])
def test_forms_of_an_autonomous_system(talk: Opens, asn: str) -> None:
    node = v2_node(BERLIN, asn={"id": 3356, "name": "LEVEL3"})
    opened = talk(v2, asks("/nodes/all", **page(), asNumber=3356).gets(v2_list("nodes", node)))
    assert node_ids(opened.client.nodes(NodeFilter(asn=asn))) == [611]


# A 404 for a list

NONE_FITS = "The filters match nothing."


def test_404_for_a_list_is_an_error_even_with_filters_and_a_trace_id(talk: Opens) -> None:
    """A wrong base_url can produce a trace id, too, so neither is proof that nothing matches."""
    no = refused(404, NONE_FITS, "trace-1", enveloped=True)
    opened = talk(
        v2,
        asks("/tests", name="a", statusId=0, **page()).gets(no),
        asks("/nodes/all", name="x", **page()).gets(no),
        asks("/nodes/groups", name="x").gets(no),
        asks("/nodes/all", name="x", **page(1)).gets(v2_list("nodes", {"id": 1, "name": "x"}, more=True)),
        asks("/nodes/all", name="x", **page(2)).gets(no),
    )
    for ask in (
        lambda: opened.client.tests(queries.TestFilter(name="a"), ["active"]),
        lambda: opened.client.nodes(NodeFilter(name="x")),
        lambda: opened.client.node_groups(NodeGroupFilter(name="x")),
        lambda: opened.client.nodes(NodeFilter(name="x")),
    ):
        with pytest.raises(NotFoundError, match=NONE_FITS):
            ask()


# Objects by id


def test_public_nodes_of_v2_are_found_by_listing_until_all_are_there(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/nodes/all", **page(1)).gets(v2_list("nodes", v2_node(BERLIN), v2_node(OSLO), more=True)),
        asks("/nodes/all", **page(2)).gets(v2_list("nodes", v2_node(HAMBURG), more=True)),
    )
    assert node_ids(opened.client.nodes_by_id([612, 611, 612], NodeFilter(scope="all"))) == [612, 611]


def test_public_nodes_of_v2_that_do_not_exist(talk: Opens) -> None:
    opened = talk(v2, asks("/nodes/all", **page(1)).gets(v2_list("nodes", v2_node(BERLIN))))
    with pytest.raises(
        NotFoundError,
        match=r"does not know the nodes 5, 6, or the credentials may not see them\. catchpoint_node_info without",
    ):
        opened.client.nodes_by_id([5, 611, 6], NodeFilter(scope="all"))


def test_enterprise_nodes_of_v2_have_addresses(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/nodes/611,5").gets(refused(200, "Node 5 does not exist.")),
        asks("/nodes/5").gets(refused(200, "Node 5 does not exist.")),
        asks("/nodes/611").gets(v2_list("nodes", v2_node(BERLIN))),
        asks("/nodes/702").gets(v2_list("nodes", v2_node(OSLO))),
        ids_per_request=2,
    )
    with pytest.raises(NotFoundError, match="does not know the node 5, or the credentials may not see it"):
        opened.client.nodes_by_id([611, 5, 702], NodeFilter(scope="enterprise"))


def test_nodes_of_v1_by_id(talk: Opens) -> None:
    opened = talk(
        v1,
        asks("/nodes/702").gets(v1_node(OSLO)),
        asks("/nodes/611").gets([v1_node(BERLIN)]),
        asks("/nodes/702").gets(v1_node(OSLO)),
        asks("/nodes/5").gets(refused(404, "Not found.")),
        asks("/nodes/6").gets(None),
    )
    assert node_ids(opened.client.nodes_by_id([702, 611, 702], NodeFilter(scope="all"))) == [702, 611]
    with pytest.raises(NotFoundError, match="does not know the nodes 5, 6"):
        opened.client.nodes_by_id([702, 5, 6], NodeFilter())


def test_tests_by_id(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/tests/2,1").gets(v2_list("tests", {"id": 1}, {"id": 2})),
        asks("/tests/3,9").gets(refused(404, "9 was not found")),
        asks("/tests/9").gets(refused(404, "9 was not found")),
        asks("/tests/3").gets(v2_list("tests", {"id": 3})),
        ids_per_request=2,
    )
    with pytest.raises(NotFoundError, match=r"does not know the test 9.*catchpoint_test_info without test_ids lists"):
        opened.client.tests_by_id([2, 1, 3, 9])


def test_tests_that_are_missing_from_the_response(talk: Opens) -> None:
    """200, completed, the good ones in data, the bad ones in errors."""
    response = envelope({"tests": [{"id": 1}]}, errors=[{"id": "2", "message": "No such test."}])
    with pytest.raises(NotFoundError, match="does not know the test 2"):
        talk(v2, asks("/tests/1,2").gets(response)).client.tests_by_id([1, 2])


# Products and folders by name


def test_a_product_and_a_folder_by_name_and_by_id(talk: Opens) -> None:
    products = v2_list("products", {"id": 30, "name": "Web shop (old)"}, {"id": 31, "name": "Web Shop"})
    opened = talk(
        v2,
        asks("/products", name="web shop", **page()).gets(products),
        asks("/tests", statusId=0, productIds=31, parentFolderIds=74, **page()).gets(
            v2_list("tests", {"id": 1, "productId": 31, "folderId": 74}, {"id": 2, "productId": 30, "folderId": 74})
        ),
        asks("/tests", statusId=1, productIds=31, parentFolderIds=74, **page()).gets(v2_list("tests")),
    )
    found = opened.client.tests(queries.TestFilter(product="web shop", folder="74"), ["active", "inactive"])
    assert [test.id for test in found] == [1]


@pytest.mark.parametrize(
    ("found", "every", "message"),
    [
        (
            [],
            [],
            r"The product 'Shop' does not exist, or the credentials may not see it\. Check the name, or give the id: ",
        ),
        (
            [],
            [{"id": 1, "name": "Web shop"}, {"id": 2, "name": "Sohp"}, {"id": 3, "name": "Mail"}, {"id": 4}],
            r"may not see it\. Did you mean 'Sohp' or 'Web shop'\?",
        ),
        ([{"id": 1, "name": "Shop 2"}], None, r"does not exist.*Did you mean 'Shop 2'\?"),
        (
            [{"id": 1, "name": "Shop"}, {"id": 2, "name": "SHOP"}],
            None,
            r"The product 'Shop' is not unique: ids \[1, 2\]\. Check the name, or give",
        ),
        (refused(404, "No products were found.", enveloped=True), [], "The product 'Shop' does not exist"),
    ],
)
def test_a_name_that_is_unknown_or_not_unique(talk: Opens, found: Any, every: Any, message: str) -> None:
    failed = isinstance(found, ApiError)
    rest = [] if every is None else [asks("/products", **page()).gets(v2_list("products", *every))]
    first = found if failed else v2_list("products", *found)
    opened = talk(v2, asks("/products", name="Shop", **page()).gets(first), *rest)
    with pytest.raises(OptionError, match=message):
        opened.client.tests(queries.TestFilter(product="Shop"), ["active"])
    rest = [] if every is None else [asks("/folders", **page()).gets(v1_list(*every))]
    opened = talk(v1, asks("/folders", name="Shop", **page()).gets(found if failed else v1_list(*found)), *rest)
    with pytest.raises(OptionError, match=message.replace("product", "folder")):
        opened.client.tests(queries.TestFilter(folder="Shop"), ["active"])


def test_a_wrong_address_is_not_an_unknown_name(talk: Opens) -> None:
    no = refused(404, "No HTTP resource was found that matches the request.")
    opened = talk(v2, asks("/products", name="Shop", **page()).gets(no))
    with pytest.raises(NotFoundError):
        opened.client.tests(queries.TestFilter(product="Shop"), ["active"])


def test_labels_compare_without_case(talk: Opens) -> None:
    entry = {"id": 1, "name": "x", "labels": [{"name": "Team", "values": ["Web", "EMEA"]}]}
    for labels, found in (
        ({"team": "web"}, [1]),
        ({"TEAM": ["WEB", "emea"]}, [1]),
        ({"team": None}, [1]),
        ({"team": "we"}, []),
        ({"tea": "web"}, []),
    ):
        opened = talk(v2, asks("/tests", statusId=0, **page()).gets(v2_list("tests", entry)))
        assert node_ids(opened.client.tests(queries.TestFilter(labels=labels), ["active"])) == found


# Favorite charts


def test_a_chart_that_does_not_exist(talk: Opens) -> None:
    for status in (404, 200):
        opened = talk(v2, asks("/tests/explorer/favoritechart/88").gets(refused(status, "No such chart.")))
        with pytest.raises(NotFoundError, match=r"Favorite chart 88 does not exist, or the .*No such chart\."):
            opened.client.favorite(88)
        opened = talk(v1, asks("/performance/favoriteCharts/88/data").gets(refused(status, "No such chart.")))
        with pytest.raises(NotFoundError, match=r"Favorite chart 88 does not exist, or the .*No such chart\."):
            opened.client.chart(88, None, None, [])


def v1_chart(*hours: str, **more: Any) -> dict[str, Any]:
    detail = v1_table(*(Run(f"{hour}:00:00") for hour in hours), by=None)
    return {"detail": detail["detail"], **more}


def test_rows_of_a_chart_outside_the_window_are_dropped_with_a_warning(talk: Opens) -> None:
    request = asks(
        "/performance/favoriteCharts/88/data", startTime="2026-11-23T09:30:00Z", endTime="2026-11-23T11:00:00Z"
    )
    chart = v1_chart("08", "09", "10", "11", "12", timezone={"id": 2, "name": "Mountain Standard Time"})
    opened = talk(v1, request.gets(chart))
    found = opened.client.chart(88, span("09:30", "11:00"), None, [])
    assert [str(row.time)[11:13] for row in found.detail] == ["09", "10", "11"]
    (warning,) = opened.warnings
    assert found.cut is True
    assert warning.startswith("Dropped 2 rows outside the requested window (2026-11-23T09:30:00Z to ")
    assert "Mountain Standard Time" in warning


def test_a_summary_that_counts_rows_outside_the_window_is_dropped_too(talk: Opens) -> None:
    request = asks(
        "/performance/favoriteCharts/88/data", startTime="2026-11-23T09:30:00Z", endTime="2026-11-23T11:00:00Z"
    )
    summary = {"fields": v1_table(by=None)["detail"]["fields"], "items": [{"synthetic_metrics": [1.0, 100.0, 5.0]}]}
    opened = talk(
        v1, request.gets(v1_chart("10", summary=summary)), request.gets(v1_chart("10", "15", summary=summary))
    )
    assert len(opened.client.chart(88, span("09:30", "11:00"), None, []).summary) == 1
    assert opened.warnings == []
    assert opened.client.chart(88, span("09:30", "11:00"), None, []).summary == []
    assert opened.warnings[0].endswith("The summary counts these rows, so it was dropped, too.")


@pytest.mark.parametrize(("zone", "warned"), [("Mountain Standard Time", True), ("UTC", False)])
def test_a_chart_without_rows_from_another_time_zone(talk: Opens, zone: str, warned: bool) -> None:
    request = asks(
        "/performance/favoriteCharts/88/data", startTime="2026-11-23T09:30:00Z", endTime="2026-11-23T11:00:00Z"
    )
    opened = talk(v1, request.gets(v1_chart(timezone={"id": 2, "name": zone})))
    assert opened.client.chart(88, span("09:30", "11:00"), None, []).detail == []
    assert [zone in text and "to UTC" in text for text in opened.warnings] == [True] * warned


def test_rows_of_a_chart_are_in_order_of_time(talk: Opens) -> None:
    opened = talk(v1, asks("/performance/favoriteCharts/88/data").gets(v1_chart("10", "08", "09")))
    assert [str(row.time)[11:13] for row in opened.client.chart(88, None, None, []).detail] == ["08", "09", "10"]


def test_a_chart_as_it_is_saved_has_no_rows_outside(talk: Opens) -> None:
    opened = talk(v1, asks("/performance/favoriteCharts/88/data").gets(v1_chart("01", "23")))
    assert len(opened.client.chart(88, None, None, []).detail) == 2
    assert opened.warnings == []


def test_a_truncated_chart_warns(talk: Opens) -> None:
    opened = talk(v1, asks("/performance/favoriteCharts/88/data").gets(v1_chart("01", has_more=True)))
    assert opened.client.chart(88, None, None, []).cut is True
    (warning,) = opened.warnings
    assert warning.startswith(
        "The service truncated the rows of favorite chart 88, so its data is marked complete: false."
    )


CHINA, CHECKOUT, OSLO_NODE = (
    {"id": 44, "name": "China"}, {"id": 9, "name": "Checkout"}, {"id": 702, "name": "Oslo"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("details", "places", "breakdown"),
    [
        ({"dimension": "country", "breakdowns": ["test"]}, [CHINA, CHECKOUT], {"country": "China", "test": "Checkout"}),
        ({"dimension": None, "breakdowns": ["test"]}, [CHINA, CHECKOUT], {"test": "Checkout"}),
        ({"dimension": "country", "breakdowns": []}, [CHINA], {"country": "China"}),
        (
            {"dimension": "country", "breakdowns": ["test", "node"]},
            [CHINA, CHECKOUT, OSLO_NODE],
            {"country": "China", "test": "Checkout", "node": "Oslo"},
        ),
        (
            {"dimension": "time", "breakdowns": ["test", "node"]},
            [CHECKOUT, OSLO_NODE],
            {"test": "Checkout", "node": "Oslo"},
        ),
        # A place without a name in the details keeps its number.
        ({"dimension": "time", "breakdowns": []}, [CHECKOUT], {"breakdown_1": "Checkout"}),
        (
            {"dimension": "country", "breakdowns": ["test"]},
            [CHECKOUT, CHINA, OSLO_NODE],
            {"test": "Checkout", "breakdown_2": "China", "breakdown_3": "Oslo"},
        ),
    ],
)
def test_places_of_a_chart_are_named_by_its_details(
    talk: Opens, details: dict[str, Any], places: Any, breakdown: dict[str, str]
) -> None:
    fields = {"syntheticMetrics": [{"index": 0, "name": "# Runs"}]}
    detail = {"fields": fields, "items": [{"dimension": places, "syntheticMetrics": [5]}]}
    request = asks("/tests/explorer/favoritechart/defaultdata/88")
    opened = talk(v2, request.gets(v2_list("favoriteCharts", {"id": 88, "detail": detail})))
    (row,) = opened.client.chart(88, None, None, [], details).detail
    assert {kind: name for kind, (_id, name) in row.breakdown.items()} == breakdown


@pytest.mark.parametrize(
    ("start", "end", "interval", "kept", "dropped"),
    [
        # A weekly chart: the week of the 16th is all that touches the window.
        ("2026-11-18", "2026-11-19", None, ["2026-11-16"], []),
        ("2026-11-18", "2026-11-25", None, ["2026-11-16", "2026-11-23"], []),
        ("2026-11-18", "2026-11-19", "Week", ["2026-11-16"], ["2026-11-09"]),
        # Months of 31 and of 28 days.
        ("2026-10-31T12:00:00", "2026-10-31T13:00:00", "Month", ["2026-10-01"], ["2026-09-01"]),
        ("2026-01-31T12:00:00", "2026-03-05T00:00:00", None, ["2026-01-01", "2026-02-01", "2026-03-01"], []),
        ("2026-10-31T12:00:00", "2026-10-31T13:00:00", None, [], ["2026-09-30"]),
        ("2026-11-18", "2026-11-19", "Day", [], ["2026-11-16"]),
    ],
)
def test_long_intervals_of_a_chart_are_inside_where_they_touch_the_window(
    talk: Opens, start: str, end: str, interval: str | None, kept: list[str], dropped: list[str]
) -> None:
    rows = [{"dateTime": f"{day}T00:00:00Z", "syntheticMetrics": [5]} for day in (*dropped, *kept)]
    detail = {"fields": {"syntheticMetrics": [{"index": 0, "name": "# Runs"}]}, "items": rows}
    payload = v2_list("favoriteCharts", {"id": 88, "summary": {**detail, "items": rows[:1]}, "detail": detail})
    window = Window(
        *(int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()) for text in (start, end))
    )
    numbers = {9: "Day", 10: "Week", 17: "Month"}
    number = next((str(one) for one, name in numbers.items() if name == interval), None)
    request = v2.chart(88, window, number, [])
    opened = talk(
        v2,
        *([enumeration_v2().gets(enumeration(numbers, METRICS))] if interval else []),
        asks(request.path, **request.params).gets(payload),
    )
    found = opened.client.chart(88, window, interval, [])
    assert [str(row.time)[:10] for row in found.detail] == kept
    assert (len(found.summary), len(opened.warnings)) == ((0, 1) if dropped else (1, 0))


# Alerts and violations


def alerts_v2(number: int = 1) -> Asked:
    return asks(
        "/tests/alerts",
        testIds="51007",
        startTimeUtc="2026-11-23T09:00:00",
        endTimeUtc="2026-11-23T10:00:00",
        **page(number),
    )


NO_ALERTS: Placed[Alert] = Placed([])


def alert(time: str, test: tuple[int, str] = SHOP) -> dict[str, Any]:
    return {
        "reportTime": f"2026-11-23T{time}Z",
        "test": {"id": test[0], "name": test[1]},
        "level": {"id": 0, "name": "Warning"},
    }


def test_alerts_of_these_tests_in_this_window(talk: Opens) -> None:
    first = v2_list("alerts", alert("09:00:00"), alert("08:59:59"), alert("10:00:00"), more=True)
    second = v2_list("alerts", alert("09:30:00", CART), alert("09:31:00"))
    opened = talk(v2, alerts_v2(1).gets(first), alerts_v2(2).gets(second))
    assert [found.time for found in opened.client.alerts(AlertFilter([51007]), HOUR).inside] == [
        "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "2026-11-23T09:31:00Z",
    ]  # fmt: skip


def test_404_in_the_apis_envelope_means_no_alerts(talk: Opens) -> None:
    for text in ("", "No alerts were found."):
        assert (
            talk(v2, alerts_v2().gets(refused(404, text, enveloped=True))).client.alerts(AlertFilter([51007]), HOUR)
            == NO_ALERTS
        )
    assert talk(v2, alerts_v2().gets(v2_list("alerts"))).client.alerts(AlertFilter([51007]), HOUR) == NO_ALERTS


@pytest.mark.parametrize(
    "error",
    [
        refused(403),
        refused(404),
        refused(404, "No HTTP resource was found that matches the request."),
        refused(404, "No alerts were found.", "trace-1"),
        refused(404, "You do not have permission to access this information.", enveloped=True),
        refused(404, "Access is denied.", enveloped=True),
        refused(404, "The key has no rights for alerts.", enveloped=True),
        refused(404, "No valid Test found for input '51007'.", enveloped=True),
        refused(200, "No valid Test found for input '51007'.", missing=True, enveloped=True),
        refused(400, "No valid Test found for input '51007'.", missing=True, enveloped=True),
    ],
)
def test_ambiguous_404_is_an_error(talk: Opens, error: ApiError) -> None:
    with pytest.raises(ApiError) as caught:
        talk(v2, alerts_v2().gets(error)).client.alerts(AlertFilter([51007]), HOUR)
    assert caught.value is error


def test_404_for_a_later_page_of_alerts_is_an_error(talk: Opens) -> None:
    first = v2_list("alerts", alert("09:00:00"), more=True)
    opened = talk(v2, alerts_v2(1).gets(first), alerts_v2(2).gets(refused(404, enveloped=True)))
    with pytest.raises(NotFoundError):
        opened.client.alerts(AlertFilter([51007]), HOUR)


def test_404_for_alerts_of_v1_is_an_error(talk: Opens) -> None:
    """Any server on the same framework sends Message, so it does not prove an empty list."""
    request = asks("/alerts", startTime="2026-11-23T09:00:00Z", endTime="2026-11-23T10:00:00Z", **page())
    with pytest.raises(NotFoundError):
        talk(v1, request.gets(refused(404, "No alerts were found."))).client.alerts(AlertFilter([51007]), HOUR)


@pytest.mark.parametrize(
    "members",
    [
        {"reportTime": None, "processingTimestamp": "2026-11-23T09:30:00Z", "startTime": "2026-11-23T08:00:00Z"},
        {"reportTime": None, "startTime": "2026-11-23T09:30:00Z"},
        {"test": None, "testId": 51007},
        {"test": {"id": None, "name": None}, "testId": "51007"},
    ],
)
def test_an_alert_in_other_documented_forms(talk: Opens, members: dict[str, Any]) -> None:
    response = v2_list("alerts", {**alert("09:30:00"), **members})
    (found,) = talk(v2, alerts_v2().gets(response)).client.alerts(AlertFilter([51007]), HOUR).inside
    assert (found.time, found.test_id) == ("2026-11-23T09:30:00Z", 51007)


@pytest.mark.parametrize(
    ("members", "missing"),
    [
        ({"reportTime": None}, "an alert without a readable time .test_id 51007, test_name Shop front, level warning"),
        ({"reportTime": ""}, "an alert without a readable time"),
        ({"reportTime": "0001-01-01T00:00:00Z"}, "an alert without a readable time"),
        ({"test": {"id": 0}}, "an alert without a readable test"),
        ({"test": None}, "an alert without a readable test .time 2026-11-23T09:30:00Z"),
        ({"test": {"id": "x"}}, "an alert without a readable test"),
        ({"test": None, "testId": None, "reportTime": None}, "an alert without a readable test .level warning"),
    ],
)
def test_an_alert_that_cannot_be_assigned_is_an_error(talk: Opens, members: dict[str, Any], missing: str) -> None:
    response = v2_list("alerts", {**alert("09:30:00"), **members})
    with pytest.raises(ResponseError, match=missing):
        talk(v2, alerts_v2().gets(response)).client.alerts(AlertFilter([51007]), HOUR)


def test_an_alert_of_another_test_needs_no_time(talk: Opens) -> None:
    response = v2_list("alerts", {**alert("09:30:00", CART), "reportTime": None})
    assert talk(v2, alerts_v2().gets(response)).client.alerts(AlertFilter([51007]), HOUR) == NO_ALERTS


def test_alerts_of_v1(talk: Opens) -> None:
    entry = {
        "report_time": "2026-11-23T09:10:00Z",
        "test": {"id": 51007, "name": "Shop front"},
        "level": {"id": 1, "name": "Critical"},
    }
    request = asks("/alerts", startTime="2026-11-23T09:00:00Z", endTime="2026-11-23T10:00:00Z", **page())
    (found,) = talk(v1, request.gets(v1_list(entry, name="alerts"))).client.alerts(AlertFilter([51007]), HOUR).inside
    assert (found.level, found.test_id) == ("critical", 51007)
    assert talk(v1, request.gets(None)).client.alerts(AlertFilter([51007]), HOUR) == NO_ALERTS
    for members in ({"report_time": None}, {"test": None}):
        with pytest.raises(ResponseError, match="an alert without a readable"):
            talk(v1, request.gets(v1_list({**entry, **members}, name="alerts"))).client.alerts(
                AlertFilter([51007]), HOUR
            )


ADVICE = (
    "If the service reads times in the account's time zone, set the API consumer's time zone to UTC in the Catchpoint "
    "portal."
)


def test_alerts_outside_the_window_contradict_it(talk: Opens) -> None:
    """Times that were read in another zone would otherwise look like a window without alerts."""
    asked_v1 = asks("/alerts", startTime="2026-11-23T09:00:00Z", endTime="2026-11-23T10:00:00Z", **page())
    members = {"report_time": "2026-11-23T04:10:00", "test": {"id": 51007}, "level": {"id": 1}}
    entries = [members, {**members, "report_time": "2026-11-23T04:20:00"}, {**members, "test": {"id": 5}}]
    found = talk(v1, asked_v1.gets(v1_list(*entries, name="alerts"))).client.alerts(AlertFilter([51007]), HOUR)
    assert found.inside == []
    assert found.contradiction is not None
    assert found.contradiction.of_result == (
        "The service returned 2 alerts outside the requested window (2026-11-23T09:00:00Z to 2026-11-23T10:00:00Z), at "
        "2026-11-23T04:10:00Z to 2026-11-23T04:20:00Z, so the result is marked complete: false. " + ADVICE
    )
    response = v2_list("alerts", alert("11:30:00"), alert("09:59:00"))
    found = talk(v2, alerts_v2().gets(response)).client.alerts(AlertFilter([51007]), HOUR)
    assert [one.time for one in found.inside] == ["2026-11-23T09:59:00Z"]
    assert found.contradiction is not None
    assert found.contradiction.fact == (
        "The service returned 1 alert outside the requested window (2026-11-23T09:00:00Z to 2026-11-23T10:00:00Z), at "
        "2026-11-23T11:30:00Z"
    )


@pytest.mark.parametrize(
    ("members", "contradicts"),
    [
        ({"reportTime": "2026-11-23T08:55:00Z"}, False),
        ({"reportTime": "2026-11-23T08:54:59Z"}, True),
        ({"reportTime": "2026-11-23T10:05:00.9Z"}, False),
        ({"reportTime": "2026-11-23T10:05:01Z"}, True),
        ({"reportTime": "2026-11-23T04:00:00", "processingTimestamp": "2026-11-23T09:01:00Z"}, True),
    ],
)
def test_alerts_at_the_edge_of_the_window(talk: Opens, members: dict[str, str], contradicts: bool) -> None:
    """The service may filter by another inclusive rule, or by the time at which it processed an alert."""
    response = v2_list("alerts", {**alert("09:00:00"), **members})
    found = talk(v2, alerts_v2().gets(response)).client.alerts(AlertFilter([51007]), HOUR)
    assert (found.inside, found.contradiction is not None) == ([], contradicts)


@pytest.mark.parametrize(
    ("start", "end", "time", "contradiction"),
    [
        # The service used a wider window, for example because it does not know the parameters.
        ("2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z", "2026-11-22T20:00:00Z", None),
        (
            "2026-11-23T09:00:00Z",
            "2026-11-23T10:00:00Z",
            "2026-11-22T20:00:00Z",
            "The service returned 1 alert outside",
        ),
        ("2026-11-23T09:00:00Z", "2026-11-23T09:56:00Z", "2026-11-23T09:30:00Z", None),
        (
            "2026-11-23T04:00:00",
            "2026-11-23T05:00:00",
            "2026-11-23T04:30:00Z",
            "The service says that its alerts are of",
        ),
        (
            "2026-11-23T04:00:00",
            "2026-11-23T05:00:00",
            None,
            "The service says that its alerts are of 2026-11-23T04:00",
        ),
        ("yesterday", 7, "2026-11-23T09:30:00Z", None),
    ],
)
def test_the_window_that_v1_says_its_alerts_cover(
    talk: Opens, start: Any, end: Any, time: str | None, contradiction: str | None
) -> None:
    request = asks("/alerts", startTime="2026-11-23T09:00:00Z", endTime="2026-11-23T10:00:00Z", **page())
    entries = [{"report_time": time, "test": {"id": 51007}}] if time else []
    response = {**v1_list(*entries, name="alerts"), "start": start, "end": end}
    found = talk(v1, request.gets(response)).client.alerts(AlertFilter([51007]), HOUR).contradiction
    assert (found.fact if found else "").startswith(contradiction or "")
    assert (found is None) == (contradiction is None)


def test_a_window_that_is_not_over_need_not_be_covered_to_its_end(talk: Opens) -> None:
    window = span("11:00", "13:00")
    request = asks("/alerts", startTime="2026-11-23T11:00:00Z", endTime="2026-11-23T13:00:00Z", **page())
    response = {**v1_list(name="alerts"), "start": "2026-11-23T11:00:00Z", "end": "2026-11-23T12:00:00Z"}
    assert talk(v1, request.gets(response)).client.alerts(AlertFilter([51007]), window) == NO_ALERTS


def violations_v2() -> Asked:
    return asks("/slo/violations", testIds="51007", startTime="2026-11-23T09:00:00", endTime="2026-11-23T10:00:00")


def test_violations_of_objectives(talk: Opens) -> None:
    start = "2026-11-23T09:10:00Z"
    response = v2_list(
        "violations",
        {"testId": 51007, "violationStart": start, "goal": 99.9},
        {"test": {"id": 51007}, "violationStart": start, "goal": 99.5},
        {"testId": 51008},
    )
    opened = talk(v2, violations_v2().gets(response))
    assert [found.goal for found in opened.client.slo_violations([51007], HOUR).inside] == [99.9, 99.5]
    with pytest.raises(OptionError, match="slo_violations needs REST API v2"):
        talk(v1).client.slo_violations([51007], HOUR)


@pytest.mark.parametrize(
    ("start", "end", "inside", "contradicts"),
    [
        ("08:00:00", "09:00:00", True, False),
        ("08:00:00", None, True, False),
        ("10:00:00", None, True, False),
        ("08:00:00", "08:55:00", False, False),
        ("04:10:00", "04:20:00", False, True),
        ("11:10:00", "11:20:00", False, True),
        ("11:10:00", None, False, True),
    ],
)
def test_violations_outside_the_window_contradict_it(
    talk: Opens, start: str, end: str | None, inside: bool, contradicts: bool
) -> None:
    day = "2026-11-23T{}Z"
    entry = {"testId": 51007, "violationStart": day.format(start), "violationEnd": end and day.format(end)}
    found = talk(v2, violations_v2().gets(v2_list("violations", entry))).client.slo_violations([51007], HOUR)
    assert (bool(found.inside), found.contradiction is not None) == (inside, contradicts)


@pytest.mark.parametrize("enveloped", [True, False])
def test_404_for_slo_violations_is_an_error(talk: Opens, enveloped: bool) -> None:
    with pytest.raises(NotFoundError):
        talk(v2, violations_v2().gets(refused(404, enveloped=enveloped))).client.slo_violations([51007], HOUR)


@pytest.mark.parametrize(
    "entry",
    [
        {"testId": 51007},
        {"violationStart": "2026-11-23T09:10:00Z"},
        {"testId": "x"},
        {"testId": 0, "violationStart": "2026-11-23T09:10:00Z"},
        {"testId": 51007, "violationStart": "0001-01-01T00:00:00Z"},
    ],
)
def test_an_slo_violation_that_cannot_be_assigned_is_an_error(talk: Opens, entry: dict[str, Any]) -> None:
    with pytest.raises(ResponseError, match=r"an SLO violation without a readable (test|start time)"):
        talk(v2, violations_v2().gets(v2_list("violations", entry))).client.slo_violations([51007], HOUR)


# Clocks


def test_now_follows_the_services_clock(talk: Opens) -> None:
    opened = talk(v2, raw_v2("51007").gets(v2_table()), server_offset=-90.0)
    assert (opened.client.now(), opened.client.server_now()) == (NOON, NOON)
    opened.client.runs([51007], HOUR, [])
    assert (opened.client.now(), opened.client.server_now()) == (NOON, NOON - 90)


def test_all_errors_are_catchpoint_errors() -> None:
    """Catching CatchpointError catches everything that the client raises."""
    for error in (ApiError, NotFoundError, OptionError, RateLimitError, ResponseError):
        assert issubclass(error, CatchpointError)
