# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts: requests, results, and open alerts."""

from __future__ import annotations

import json
from typing import Any, Callable, Optional

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Alert
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations import alert_info
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v1_list, v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Exchange,
    Talk,
    asks,
    page,
    refused,
)

Opens = Callable[..., Talk]

DAY = {"startTimeUtc": "2026-11-22T12:00:00", "endTimeUtc": "2026-11-23T12:00:00"}
WEEK = {"startTimeUtc": "2026-11-16T12:00:00", "endTimeUtc": "2026-11-23T12:00:00"}
TEST = {"id": 51007, "name": "Shop front", "labels": [{"name": "team", "values": ["web"]}]}


def alert(time: str = "11:10:00", level: int = 1, **members: Any) -> dict[str, Any]:
    names = {0: "Warning", 1: "Critical", 3: "Improved"}
    return {
        "id": f"{time} {level}",
        "reportTime": f"2026-11-23T{time}Z",
        "level": {"id": level, "name": names[level]},
        "test": {"id": 51007, "name": "Shop front"},
        "alertType": {"id": 9, "name": "PageFailure"},
        "node": {"id": None, "name": None},
        "acknowledgedBy": {"id": None, "name": None},
        **members,
    }


def ask(opened: Talk, **given: Any) -> Any:
    operation = alert_info.OPERATION
    checked = ArgumentSpecValidator(operation.arguments, **operation.rules).validate(given)
    assert checked.error_messages == []
    result = operation.run(opened.client, checked.validated_parameters)
    json.dumps(result)
    return result


def known(*ids: int) -> Exchange:
    """The request that looks ids up."""
    return asks(f"/tests/{','.join(map(str, ids))}").gets(v2_list("tests", *({"id": one} for one in ids)))


def test_all_members_of_an_alert(talk: Opens) -> None:
    entry = alert(
        node={"id": 257, "name": "New York"},
        acknowledgedBy={"id": 5, "name": "oncall@example.com"},
        testSmartboardUrl=None,
        testPerformanceUrl="https://portal.example.com/1",
        testScatterplotUrl="https://portal.example.com/2",
        testUrl="https://shop.example.com/",
        labels=[{"id": 77, "name": "team", "values": ["web"]}],
    )
    opened = talk(v2, asks("/tests/alerts", **DAY, **page()).gets(v2_list("alerts", entry)))
    assert ask(opened) == {
        "window": {"start": "2026-11-22T12:00:00Z", "end": "2026-11-23T12:00:00Z"},
        "complete": True,
        "alerts": [
            {
                "id": "11:10:00 1",
                "level": "critical",
                "test_id": 51007,
                "test_name": "Shop front",
                "type": "page_failure",
                "raised": "2026-11-23T11:10:00Z",
                "node": "New York",
                "node_id": 257,
                "acknowledged_by": "oncall@example.com",
                "url": "https://portal.example.com/1",
                "labels": {"team": ["web"]},
            }
        ],
    }


def test_filters_are_sent_and_applied_again(talk: Opens) -> None:
    window = {"startTimeUtc": "2026-11-23T11:00:00", "endTimeUtc": "2026-11-23T11:30:00"}
    entries = [
        alert(),
        alert("11:20:00"),
        alert("11:21:00", 0),
        alert("11:22:00", alertType={"id": 7, "name": "ResponseTime"}),
        alert("11:23:00", test={"id": 5, "name": "Other"}),
        alert("10:59:00"),
    ]
    opened = talk(
        v2,
        known(51007),
        asks("/tests/alerts", testIds=51007, levelId=1, alertTypeId=9, **window, **page()).gets(
            v2_list("alerts", *entries)
        ),
    )
    found = ask(opened, test_ids=[51007], level="critical", type="page_failure", start="-30m", end="-30m")["alerts"]
    assert [one["raised"][11:19] for one in found] == ["11:20:00", "11:10:00"]


@pytest.mark.parametrize("is_open", [True, False])
def test_alerts_outside_the_window_make_the_result_incomplete(talk: Opens, is_open: bool) -> None:
    entries = [alert(), alert("18:10:00"), alert("18:20:00")]
    opened = talk(v2, asks("/tests/alerts", **(WEEK if is_open else DAY), **page()).gets(v2_list("alerts", *entries)))
    found = ask(opened, open=is_open)
    assert (len(found["alerts"]), found["complete"]) == (1, False)
    (warning,) = opened.warnings
    assert "The service returned 2 alerts outside the requested window" in warning
    assert "at 2026-11-23T18:10:00Z to 2026-11-23T18:20:00Z, so the result is marked complete: false." in warning


def test_several_pages(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/tests/alerts", **DAY, **page()).gets(v2_list("alerts", alert(), more=True)),
        asks("/tests/alerts", **DAY, **page(2)).gets(v2_list("alerts", alert("11:20:00"))),
    )
    assert len(ask(opened)["alerts"]) == 2


def test_200_tests_are_one_request_for_alerts(talk: Opens) -> None:
    ids = list(range(1, 201))
    csv = ",".join(map(str, ids))
    opened = talk(
        v2,
        known(*ids),
        asks("/tests/alerts", testIds=csv, **DAY, **page()).gets(v2_list("alerts")),
        ids_per_request=200,
    )
    assert ask(opened, test_ids=ids)["alerts"] == []


def test_each_alert_is_returned_once_if_the_service_ignores_the_ids(talk: Opens) -> None:
    answer = v2_list("alerts", alert(test={"id": 1}), alert("11:20:00", test={"id": 2}), alert("11:21:00"))
    opened = talk(
        v2,
        known(1),
        known(2),
        asks("/tests/alerts", testIds=1, **DAY, **page()).gets(answer),
        asks("/tests/alerts", testIds=2, **DAY, **page()).gets(answer),
        ids_per_request=1,
    )
    assert [one["test_id"] for one in ask(opened, test_ids=[1, 2])["alerts"]] == [2, 1]


def test_404_is_an_empty_list_only_in_the_envelope_and_not_about_access(talk: Opens) -> None:
    request = asks("/tests/alerts", **DAY, **page())
    none = refused(404, "No alerts were found.", enveloped=True)
    assert ask(talk(v2, request.gets(none)))["alerts"] == []
    for error in (refused(404, "Not found."), refused(404, "You have no access to alerts.", enveloped=True)):
        with pytest.raises(NotFoundError):
            ask(talk(v2, request.gets(error)))


@pytest.mark.parametrize(
    ("members", "missing"),
    [({"test": None}, "test"), ({"reportTime": None, "processingTimestamp": None, "startTime": None}, "time")],
)
def test_an_alert_that_cannot_be_assigned_is_an_error(talk: Opens, members: Any, missing: str) -> None:
    opened = talk(v2, asks("/tests/alerts", **DAY, **page()).gets(v2_list("alerts", alert(**members))))
    with pytest.raises(ResponseError, match=f"an alert without a readable {missing}"):
        ask(opened)


def test_an_alert_without_a_readable_level_is_kept(talk: Opens) -> None:
    opened = talk(
        v2, asks("/tests/alerts", levelId=1, **DAY, **page()).gets(v2_list("alerts", alert(level=1) | {"level": None}))
    )
    assert ask(opened, level="critical")["alerts"][0]["level"] is None


def test_unknown_ids_are_an_error(talk: Opens) -> None:
    with pytest.raises(NotFoundError, match=r"does not know the test 4711, .*catchpoint_test_info"):
        ask(
            talk(v2, asks("/tests/4711").gets(refused(404, "Test id 4711 was not found.", enveloped=True))),
            test_ids=[4711],
        )


def test_ids_are_looked_up_once(talk: Opens) -> None:
    request = asks("/tests/alerts", testIds=51007, **DAY, **page())
    opened = talk(v2, known(51007), request.gets(v2_list("alerts")), request.gets(v2_list("alerts")))
    assert [ask(opened, test_ids=[51007])["alerts"] for _time in range(2)] == [[], []]


def test_tests_that_the_credentials_may_not_see_are_an_error(talk: Opens) -> None:
    """Their alerts would be missing without a warning."""
    with pytest.raises(ApiError, match="No permission"):
        ask(talk(v2, asks("/tests/51007").gets(refused(403, "No permission."))), test_ids=[51007])


def test_labels_become_test_ids(talk: Opens) -> None:
    other = {"id": 5, "name": "Other", "labels": []}
    opened = talk(
        v2,
        asks("/tests", statusId=0, **page()).gets(v2_list("tests", TEST, other)),
        asks("/tests/alerts", testIds=51007, **DAY, **page()).gets(v2_list("alerts")),
    )
    assert ask(opened, labels={"team": "web"})["alerts"] == []


@pytest.mark.parametrize("ids", [None, [5]])
def test_filters_that_match_no_test_are_an_error(talk: Opens, ids: Optional[list[int]]) -> None:
    opened = talk(v2, asks("/tests", statusId=0, **page()).gets(v2_list("tests", TEST)))
    labels = {"team": "wbe"} if ids is None else {"team": "web"}
    with pytest.raises(OptionError, match=r"No active test matches labels .*team.*catchpoint_test_info"):
        ask(opened, labels=labels, **({} if ids is None else {"test_ids": ids}))


def test_v1_reads_all_alerts_of_the_window_once(talk: Opens) -> None:
    entry = {
        "report_time": "2026-11-23T11:10:00Z",
        "level": {"id": 1, "name": "Critical"},
        "test": {"id": 2, "name": "Two"},
        "alert_type": {"id": 9, "name": "PageFailure"},
    }
    window = {"startTime": "2026-11-22T12:00:00Z", "endTime": "2026-11-23T12:00:00Z"}
    opened = talk(
        v1,
        asks("/tests/1").gets({"id": 1}),
        asks("/tests/2").gets({"id": 2}),
        asks("/alerts", **window, **page()).gets(
            v1_list(entry, {**entry, "test": {"id": 3}}, {**entry, "level": {"id": 0}}, name="alerts")
        ),
        ids_per_request=1,
    )
    (found,) = ask(opened, test_ids=[1, 2], level="critical")["alerts"]
    assert (found["test_id"], found["type"], found["id"], found["labels"]) == (2, "page_failure", None, {})


# Open alerts


def raised(time: str, level: str, node_id: Optional[int] = None, test_id: int = 1, kind: str = "ping") -> Alert:
    return Alert(f"2026-11-23T{time}:00Z", test_id, None, level, kind, node_id=node_id)


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        ([], []),
        ([raised("10:00", "critical")], ["10:00"]),
        ([raised("10:00", "critical"), raised("10:05", "improved")], []),
        ([raised("10:05", "improved"), raised("10:00", "critical")], []),
        ([raised("10:00", "improved"), raised("10:05", "warning")], ["10:05"]),
        ([raised("10:00", "warning"), raised("10:05", "critical")], ["10:05"]),
        ([raised("10:00", "critical"), raised("10:05", "improved", test_id=2)], ["10:00"]),
        ([raised("10:00", "critical"), raised("10:05", "improved", kind="dns")], ["10:00"]),
        ([raised("10:00", "critical", 7), raised("10:05", "improved")], []),
        ([raised("10:00", "critical", 7), raised("10:05", "improved", 8)], ["10:00"]),
        ([raised("10:00", "critical"), raised("10:05", "improved", 8)], ["10:00"]),
        ([raised("10:00", "critical", 7), raised("10:01", "critical", 8), raised("10:05", "improved", 8)], ["10:00"]),
        ([raised("10:00", "critical"), raised("10:00", "improved")], ["10:00"]),
    ],
)
def test_open_alerts(alerts: list[Alert], expected: list[str]) -> None:
    assert [str(one.time)[11:16] for one in alert_info.open_alerts(alerts)] == expected


def test_open_looks_back_for_a_week_at_all_levels(talk: Opens) -> None:
    entries = [alert("11:00:00", 0), alert("11:10:00", 1, test={"id": 5}), alert("11:20:00", 3, test={"id": 5})]
    opened = talk(v2, asks("/tests/alerts", **WEEK, **page()).gets(v2_list("alerts", *entries)))
    assert [one["level"] for one in ask(opened, open=True, level="warning")["alerts"]] == ["warning"]


def test_open_alerts_cannot_be_combined_with_end(talk: Opens) -> None:
    with pytest.raises(OptionError, match="open selects the alerts that are open now"):
        ask(talk(v2), open=True, end="-1h")


def test_empty_list_of_ids(talk: Opens) -> None:
    with pytest.raises(OptionError, match="test_ids is an empty list"):
        ask(talk(v2), test_ids=[])
