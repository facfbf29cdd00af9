# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches of the envelope: errors, null members and truth values."""

from __future__ import annotations

import json
import re

import pytest
from simulator.start import Running
from simulator_client import HOUR, RAW, Api, item


def test_error_ids(api: Api, simulator: Running) -> None:
    for mode, identifier in (("string", "404"), ("number", 404), ("null", None)):
        simulator.switch(error_ids=mode)
        assert api.v2("tests/5")[1]["errors"][0]["id"] == identifier
    simulator.switch(error_ids="absent")
    assert api.v2("tests/5")[1]["errors"] == [{"message": "Test id 5 was not found."}]


def test_error_data(api: Api, simulator: Running) -> None:
    assert api.v2("nodes?networkType=0")[1]["data"] is None
    simulator.switch(error_data="object")
    assert api.v2("nodes?networkType=0")[1]["data"] == {}
    # The form that the vendor's newest client receives.
    simulator.switch(unknown_id="400", error_ids="absent", trace_ids="hex")
    status, answer = api.v2("tests/123")
    assert (status, answer["data"], answer["completed"]) == (400, {}, False)
    assert answer["errors"] == [{"message": "No valid Test found for input '123'."}]
    simulator.switch(error_data="absent")
    assert "data" not in api.v2("nodes?networkType=0")[1]


def test_messages(api: Api, simulator: Running) -> None:
    assert api.v2("divisions")[1]["messages"] == []
    simulator.switch(messages="null")
    assert api.v2("divisions")[1]["messages"] is None


def test_error_shape(api: Api, simulator: Running) -> None:
    simulator.switch(error_shape="problem", unknown_id="404")
    for path, status in (("nodes?networkType=0", 400), ("tests/5", 404)):
        got, headers, body = api.raw("GET", f"/api/v2/{path}", {"Authorization": f"Bearer {simulator.api_key}"})
        problem = json.loads(body)
        assert (got, problem["status"]) == (status, status)
        assert headers["Content-Type"].startswith("application/problem+json")
        assert "errors" not in problem
    assert problem["detail"] == "Test id 5 was not found."
    assert "errors" in api.v2("divisions")[1]


@pytest.mark.parametrize(("mode", "yes", "no"), [("bool", True, False), ("text", "true", "false"), ("number", 1, 0)])
def test_truth_values(api: Api, simulator: Running, mode: str, yes: object, no: object) -> None:
    simulator.switch(truth_values=mode, max_rows=10)
    body = api.v2("nodes/all")[1]
    flags = [body["completed"], body["data"]["hasMore"]]
    flags.append(api.v2("nodes/all?pageNumber=2")[1]["data"]["hasMore"])
    flags.append(api.v2(RAW)[1]["data"]["responseItems"][0]["hasMoreRecords"])
    assert [(type(one), one) for one in flags] == [(type(one), one) for one in (yes, yes, no, yes)]
    assert api.v2("tests/5")[1]["completed"] == no
    assert isinstance(body["data"]["nodes"][0]["isIPv6"], bool)


def test_null_lists(api: Api, simulator: Running) -> None:
    assert api.data("tests?name=nobody")["tests"] == []
    simulator.switch(null_lists=True)
    status, answer = api.v2("tests?name=nobody")
    assert (status, answer["data"]["tests"], answer["errors"]) == (200, None, None)
    found = api.v2(f"tests/explorer/raw?testIds=81100&{HOUR}")[1]["data"]["responseItems"][0]
    assert (found["items"], found["summaryItems"]) == (None, None)
    assert api.v2("tests/81104")[1]["data"]["tests"][0]["labels"] is None


def test_null_members(api: Api, simulator: Running) -> None:
    assert api.data("tests/81096")["tests"][0]["folderId"] is None
    simulator.switch(null_members="omitted")
    assert "folderId" not in api.data("tests/81096")["tests"][0]
    # Values keep their places.
    found = item(api, f"{RAW}&metricIds=79,15")
    assert {len(row["values"]) for row in found["items"]} == {2}
    assert None in found["items"][0]["values"]


@pytest.mark.parametrize(
    ("mode", "pattern"),
    [
        ("kestrel", r"0HN4S3Q2M1C7K:[0-9A-F]{8}"),
        ("hex", r"[0-9a-f]{32}"),
        ("guid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_trace_ids(api: Api, simulator: Running, mode: str, pattern: str) -> None:
    simulator.switch(trace_ids=mode)
    found = [api.v2("divisions")[1]["traceId"] for _count in range(2)]
    assert found[0] != found[1]
    assert all(re.fullmatch(pattern, one) for one in found)
