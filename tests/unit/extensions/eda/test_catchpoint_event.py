# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event filter: every form of Catchpoint's webhooks, and other bodies."""

from __future__ import annotations

import copy
import json
import logging
from typing import Any

import pytest
from ansible_collections.community.catchpoint.extensions.eda.plugins.event_filter.catchpoint_event import main as read

ALERT: dict[str, Any] = {
    "Version": 1, "V": 1, "TestId": 464062, "NotificationLevelId": 1, "DivisionId": 1157, "ProductId": 31876,
    "Setting": {"AlertGroupId": 4400, "AlertTypeId": 9, "AlertSubTypeId": 0, "TimeThreshold": 15},
    "Timestamp": {
        "Create": {"Local": "20260504060512000", "Utc": "20260504100512000"}, "ProcessingUtc": "20260504100613000",
    },
    "TestDetail": {
        "Name": "Checkout page", "TypeId": 0, "Url": "https://shop.example.com/checkout", "ProductName": "Web shop",
    },
    "Condition": {
        "NodeCount": 1,
        "Nodes": [
            {"Id": 257, "Name": "Los Angeles", "PageFailure": {"ErrorCode": 50200, "HttpStatusCode": 502}},
        ],
    },
}  # fmt: skip

TEMPLATE: dict[str, Any] = {
    "source": "catchpoint", "testId": "464062", "test": "Checkout page", "url": "https://shop.example.com/checkout",
    "type": "PageFailure", "typeId": "9", "level": "1", "product": "Web shop", "labels": "team:web,host:web1,host:web2",
    "raised": "1777889173", "firstRaised": "1777889112", "nodes": "Los Angeles|257|50200;London|81|;",
}  # fmt: skip

# The form of 2021; numbers of the capture.
RUN_V4: dict[str, Any] = {
    "Version": 4, "V": 5,
    "TestDetail": {"Name": "Checkout page", "TypeId": 0, "MonitorTypeId": 18, "Labels": [{"team": ["web"]}]},
    "TestId": 464062, "ReportWindow": "202605041000", "NodeId": 540, "NodeName": "Frankfurt, DE - AWS", "Asn": 16509,
    "TestRuntime": "20260504100157179", "DivisionId": 1157, "ClientId": 2245,
    "Summary": {
        "V": 1, "Timestamp": "20260504100157179",
        "Timing": {
            "Total": 5754, "Connect": 8, "Dns": 1, "ContentLoad": 5724, "Wait": 705, "ContentType": {"Image": 5931},
            "FirstContentfulPaintTime": 1821,
        },
        "Error": {"Any": 1, "LoadObjects": 1},
        "Score": {"SpeedIndex": 3830},
        "Request": "https://shop.example.com/checkout",
    },
}  # fmt: skip

# The form of 2016.
RUN_V3: dict[str, Any] = {
    "Version": 3, "TestDetail": {"Name": "DNS", "TypeId": 5, "MonitorTypeId": 12}, "TestId": 81097,
    "ReportWindow": "201609130100", "NodeId": 81, "NodeName": "London", "DivisionId": 1, "ClientId": 2,
    "Summary": {
        "V": 1, "Timestamp": "20160913010449123", "Timing": {"Total": 158}, "Address": "203.0.113.1",
        "Request": "www.example.com",
    },
}  # fmt: skip


def catchpoint(payload: Any, **arguments: Any) -> Any:
    found = read({"payload": payload, "meta": {"endpoint": "catchpoint"}}, **arguments)
    json.dumps(found)
    return found["catchpoint"]


def test_default_alert() -> None:
    assert catchpoint(ALERT) == {
        "kind": "alert",
        "level": "critical",
        "resolved": False,
        "failed": None,
        "key": "464062-page_failure-20260504100512000",
        "test_id": 464062,
        "test_name": "Checkout page",
        "url": "https://shop.example.com/checkout",
        "product": "Web shop",
        "alert_type": "page_failure",
        "nodes": [{"id": 257, "name": "Los Angeles", "error_code": 50200, "http_status": 502}],
        "raised": "2026-05-04T10:06:13Z",
        "labels": {},
        "metrics": {},
    }


def test_alert_by_template_has_the_same_members() -> None:
    found = catchpoint(TEMPLATE)
    assert found == {
        **catchpoint(ALERT),
        "key": "464062-page_failure-1777889112",
        "nodes": [
            {"id": 257, "name": "Los Angeles", "error_code": 50200, "http_status": None},
            {"id": 81, "name": "London", "error_code": None, "http_status": None},
        ],
        "labels": {"team": ["web"], "host": ["web1", "web2"]},
    }


@pytest.mark.parametrize(
    ("level", "word"), [(0, "warning"), (1, "critical"), (3, "improved"), ("3", "improved"), ("Improved", "improved")]
)
def test_levels(level: Any, word: str) -> None:
    for found in (catchpoint({**ALERT, "NotificationLevelId": level}), catchpoint({**TEMPLATE, "level": level})):
        assert (found["level"], found["resolved"]) == (word, word == "improved")


def test_all_alerts_of_an_incident_have_the_same_key() -> None:
    later = {**ALERT["Timestamp"], "ProcessingUtc": "20260504103000000"}
    improved = {**ALERT, "NotificationLevelId": 3, "Timestamp": later}
    assert catchpoint(improved)["key"] == catchpoint(ALERT)["key"]
    assert catchpoint({**TEMPLATE, "level": "3", "raised": "1777890000"})["key"] == catchpoint(TEMPLATE)["key"]
    assert catchpoint({**ALERT, "TestId": 5})["key"] != catchpoint(ALERT)["key"]


def test_nodes_without_ids_as_in_templates_of_third_parties() -> None:
    assert catchpoint({**TEMPLATE, "nodes": "London|50200;"})["nodes"] == [
        {"id": None, "name": "London", "error_code": 50200, "http_status": None}
    ]


def test_test_data_of_2021() -> None:
    assert catchpoint(RUN_V4) == {
        "kind": "test_data",
        "level": None,
        "resolved": False,
        "failed": True,
        "key": "464062-test_data-failed",
        "test_id": 464062,
        "test_name": "Checkout page",
        "url": "https://shop.example.com/checkout",
        "product": None,
        "alert_type": None,
        "nodes": [{"id": 540, "name": "Frankfurt, DE - AWS", "error_code": None, "http_status": None}],
        "raised": "2026-05-04T10:01:57Z",
        "labels": {"team": ["web"]},
        "metrics": {
            "test_time": 5754.0,
            "connect": 8.0,
            "dns": 1.0,
            "content_load": 5724.0,
            "wait": 705.0,
            "first_contentful_paint": 1821.0,
            "speed_index": 3830.0,
        },
    }


def test_test_data_of_2016() -> None:
    found = catchpoint(RUN_V3)
    assert (found["failed"], found["key"], found["raised"]) == (False, "81097-test_data-ok", "2016-09-13T01:04:49Z")
    assert found["metrics"] == {"test_time": 158.0}


@pytest.mark.parametrize(("error", "failed"), [("True", True), ("False", False), ("", False), ("1", True)])
def test_test_data_by_template_is_all_text(error: str, failed: bool) -> None:
    found = catchpoint(
        {"TestId": "81093", "TestName": "Home", "NodeId": "81", "NodeName": "London", "Timestamp": "20260504100157179",
         "Total": "1200.5", "Wait": "", "Error": error}
    )  # fmt: skip
    assert (found["kind"], found["failed"], found["test_id"]) == ("test_data", failed, 81093)
    assert found["metrics"] == {"test_time": 1200.5}
    assert found["nodes"][0] == {"id": 81, "name": "London", "error_code": None, "http_status": None}


def test_host_label_sets_the_hosts_of_the_event() -> None:
    found = read({"payload": TEMPLATE, "meta": {"endpoint": "x"}}, host_label="host")
    assert found["meta"] == {"endpoint": "x", "hosts": ["web1", "web2"]}
    assert read({"payload": RUN_V4}, host_label="team")["meta"] == {"hosts": ["web"]}
    for payload in (TEMPLATE, ALERT):
        assert "hosts" not in read({"payload": payload, "meta": {}}, host_label="none such")["meta"]


def test_event_without_a_payload_is_the_body_itself() -> None:
    assert read(dict(ALERT))["catchpoint"]["test_id"] == 464062


def test_the_original_event_is_not_modified() -> None:
    event = {"payload": copy.deepcopy(TEMPLATE), "meta": {"endpoint": "x"}}
    before = copy.deepcopy(event)
    found = read(event, host_label="host")
    assert event == before
    assert found["payload"] == TEMPLATE


@pytest.mark.parametrize(
    "payload",
    [{}, {"hello": "world"}, [], None, "text", 5, {"TestId": "x"}, {"TestId": 5}, {"source": "catchpoint"},
     {"source": "other", "testId": "1", "level": "1"}],
)  # fmt: skip
def test_an_unknown_body_is_unchanged(payload: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = read({"payload": payload, "meta": {"endpoint": "x"}}, host_label="host")
    assert found == {"payload": payload, "meta": {"endpoint": "x"}, "catchpoint": {"kind": "unknown"}}
    assert len(caplog.records) == 1


def test_the_log_shows_no_values(caplog: pytest.LogCaptureFixture) -> None:
    read({"payload": {"token": "s3cr3t"}})
    assert "s3cr3t" not in caplog.text


def test_the_log_has_one_short_line_whatever_the_members_are_called(caplog: pytest.LogCaptureFixture) -> None:
    read({"payload": {f"line {number}\nforged \x1b[31m{'x' * 10_000}": 1 for number in range(100)}})
    (record,) = caplog.records
    text = record.getMessage()
    assert len(text) < 600
    assert text.isprintable()


@pytest.mark.parametrize("junk", [None, "", "x", [], {}, -1, 1e400, True, ["x"], {"x": "y"}])
@pytest.mark.parametrize("payload", [ALERT, TEMPLATE, RUN_V3, RUN_V4])
def test_members_of_other_types_never_raise(payload: Any, junk: Any) -> None:
    for name in payload:
        json.dumps(catchpoint({**payload, name: junk}))
