# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors: requests, results, counts, and responses that cannot be read."""

from __future__ import annotations

import json
from typing import Any, Callable, Optional

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations import error_info
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.mutations import mutations
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Talk,
    asks,
    refused,
)

Opens = Callable[..., Talk]

HOURS = {"startTimeUtc": "2026-11-23T09:00:00", "endTimeUtc": "2026-11-23T12:00:00"}
PAGE = {"pageNumber": 1, "pageSize": 200}
TEST, NODE, TYPE = 16, 1, 41
NAMES = {1: "DNS", 2: "Connection", 6: "Timeout"}


def dimension(kind: int, number: int, name: str) -> dict[str, Any]:
    return {"type": {"id": kind, "name": "x"}, "id": number, "name": name}


def row(time: Optional[str] = "11:10:00", test: int = 51007, kind: int = 2, node: int = 81) -> dict[str, Any]:
    return {
        "dateTime": time and f"2026-11-23T{time}Z",
        "reportDate": None,
        "values": [1.0],
        "dimensions": [
            dimension(TEST, test, "Shop front"),
            dimension(NODE, node, f"Node {node}"),
            dimension(TYPE, kind, NAMES[kind]),
        ],
    }


def total(kind: int, count: float) -> dict[str, Any]:
    return {"values": [count], "dimensions": [dimension(TYPE, kind, NAMES[kind])]}


def part(*rows: Any, totals: Any = None, **members: Any) -> dict[str, Any]:
    return {
        "hasMoreRecords": False,
        "dimensions": [{"id": TEST, "name": "Test"}, {"id": NODE, "name": "Node"}, {"id": TYPE, "name": "ErrorType"}],
        "metrics": [{"index": 0, "name": "# Errors"}],
        "items": list(rows),
        "summaryItems": totals,
        **members,
    }


def response(*parts: Any, more: bool = False) -> dict[str, Any]:
    return v2_list("responseItems", *parts, more=more)


def ask(opened: Talk, **given: Any) -> Any:
    operation = error_info.OPERATION
    checked = ArgumentSpecValidator(operation.arguments, **operation.rules).validate(given)
    assert checked.error_messages == []
    result = operation.run(opened.client, checked.validated_parameters)
    json.dumps(result)
    return result


def opens(talk: Opens, payload: Any, **params: Any) -> Talk:
    return talk(v2, asks("/tests/errors/raw", **params, **HOURS, **PAGE).gets(payload))


def test_errors_and_their_summary(talk: Opens) -> None:
    rows = [row("11:20:00"), row(), row("11:30:00", kind=6), row("11:25:00", test=5, node=17)]
    found = ask(opens(talk, response(part(*rows, totals=[total(2, 3), total(6, 1)]))))
    assert found["window"] == {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T12:00:00Z"}
    assert found["complete"] is True
    assert [one["time"][11:19] for one in found["errors"]] == ["11:10:00", "11:20:00", "11:25:00", "11:30:00"]
    assert found["errors"][0] == {
        "time": "2026-11-23T11:10:00Z",
        "test_id": 51007,
        "test_name": "Shop front",
        "node_id": 81,
        "node": "Node 81",
        "type": "connection",
        "count": 1,
    }
    assert found["summary"] == {
        "total": 4,
        "by_type": [{"type": "connection", "count": 3}, {"type": "timeout", "count": 1}],
        "by_node": [{"node_id": 81, "node": "Node 81", "count": 3}, {"node_id": 17, "node": "Node 17", "count": 1}],
        "by_test": [
            {"test_id": 51007, "test_name": "Shop front", "count": 3},
            {"test_id": 5, "test_name": "Shop front", "count": 1},
        ],
    }


def test_types_are_sent_and_applied_again(talk: Opens) -> None:
    payload = response(part(row(), row(kind=1), totals=[total(2, 1), total(1, 1)]))
    found = ask(opens(talk, payload, errorTypes="2,6"), types=["connection", "timeout"])
    assert [one["type"] for one in found["errors"]] == ["connection"]
    assert found["summary"]["by_type"] == [{"type": "connection", "count": 1}]
    assert found["complete"] is True


@pytest.mark.parametrize("totals", [[total(2, 2)], [total(2, 1)], None])
def test_counts_of_all_pages_or_of_each_page(talk: Opens, totals: Any) -> None:
    opened = talk(
        v2,
        asks("/tests/errors/raw", **HOURS, **PAGE).gets(response(part(row(), totals=totals), more=True)),
        asks("/tests/errors/raw", **HOURS, **{**PAGE, "pageNumber": 2}).gets(
            response(part(row("11:20:00"), totals=totals))
        ),
    )
    found = ask(opened)
    assert (len(found["errors"]), found["summary"]["total"], found["complete"]) == (2, 2, True)


def test_errors_outside_the_window_make_the_result_incomplete(talk: Opens) -> None:
    opened = opens(talk, response(part(row(), row("06:10:00"), totals=[total(2, 2)])))
    found = ask(opened)
    assert (len(found["errors"]), found["summary"]["total"], found["complete"]) == (1, 1, False)
    (warning,) = opened.warnings
    assert warning.startswith(
        "The service returned 1 error outside the requested window (2026-11-23T09:00:00Z to 2026-11-23T12:00:00Z), at "
        "2026-11-23T06:10:00Z, so the result is marked complete: false. If the service reads times"
    )


@pytest.mark.parametrize("totals", [[total(2, 2)], None])
def test_errors_at_the_edge_of_the_window_are_dropped(talk: Opens, totals: Any) -> None:
    opened = opens(talk, response(part(row(), row("08:59:59"), totals=totals)))
    found = ask(opened)
    assert (len(found["errors"]), found["summary"]["total"], found["complete"]) == (1, 1, True)
    assert opened.warnings == []


@pytest.mark.parametrize("items", [[], None])
def test_errors_that_are_counted_but_not_listed(talk: Opens, items: Any) -> None:
    opened = opens(talk, response(part(items=items, totals=[total(2, 5)])))
    found = ask(opened)
    assert (found["errors"], found["complete"]) == ([], False)
    assert found["summary"]["total"] == 5
    assert opened.warnings == [
        "Catchpoint counted 5 errors, but returned 0 of them, so the result is marked complete: false. "
        "Use a shorter window (start), or fewer tests."
    ]


def test_truncated_response(talk: Opens) -> None:
    opened = opens(talk, response(part(row(), hasMoreRecords=True)))
    assert ask(opened)["complete"] is False
    assert len(opened.warnings) == 1


@pytest.mark.parametrize(
    "payload", [response(), response(part()), response(part(items=None)), v2_list("responseItems") | {"x": 1}]
)
def test_no_errors(talk: Opens, payload: Any) -> None:
    found = ask(opens(talk, payload))
    assert found["errors"] == []
    assert found["summary"] == {"total": 0, "by_type": [], "by_node": [], "by_test": []}
    assert found["complete"] is True


def test_404_is_an_error(talk: Opens) -> None:
    """Only for alerts is 404 documented as an empty list."""
    with pytest.raises(NotFoundError):
        ask(opens(talk, refused(404, "No errors were found.", enveloped=True)))


@pytest.mark.parametrize(
    "change",
    [
        {"dateTime": None},
        {"dimensions": [dimension(NODE, 81, "x")]},
        {"values": [None]},
        {"values": []},
        {"values": ["many"]},
        {"dateTime": "yesterday"},
    ],
)
def test_a_row_that_cannot_be_assigned_or_counted_is_an_error(talk: Opens, change: Any) -> None:
    with pytest.raises(ResponseError, match=r"GET /tests/errors/raw: "):
        ask(opens(talk, response(part({**row(), **change}))))


def test_dimensions_may_be_named_by_position_alone(talk: Opens) -> None:
    places = [{"id": 51007, "name": "Shop front"}, {"id": 81, "name": "Oslo"}, {"id": 2, "name": "Connection"}]
    (found,) = ask(opens(talk, response(part({**row(), "dimensions": places}))))["errors"]
    assert (found["test_id"], found["node_id"], found["type"]) == (51007, 81, "connection")


def test_an_error_without_a_type_is_kept(talk: Opens) -> None:
    entry = {**row(), "dimensions": [dimension(TEST, 51007, "Shop front")]}
    found = ask(opens(talk, response(part(entry)), errorTypes="2"), types=["connection"])
    assert found["errors"][0]["type"] is None
    assert found["summary"]["by_type"] == [{"type": "unknown", "count": 1}]


def test_rows_may_omit_the_only_requested_test(talk: Opens) -> None:
    entry = {**row(), "dimensions": [dimension(TYPE, 2, "Connection")]}
    opened = talk(
        v2,
        asks("/tests/51007").gets(v2_list("tests", {"id": 51007})),
        asks("/tests/errors/raw", testIds=51007, **HOURS, **PAGE).gets(response(part(entry))),
    )
    assert ask(opened, test_ids=[51007])["errors"][0]["test_id"] == 51007


def test_v1_is_refused_before_any_request_for_errors(talk: Opens) -> None:
    with pytest.raises(OptionError, match="Errors cannot be read from REST API v1"):
        ask(talk(v1))


class Echo:
    """A session that gives the same response to every request."""

    server_offset = None

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def get(self, path: str, params: Any) -> Any:
        return self._answer


def test_mutated_responses_raise_only_catchpoint_errors() -> None:
    payload = response(part(row(), totals=[total(2, 1)]))
    outcomes = {"read": 0, "refused": 0}
    for mutant in mutations(payload):
        try:
            opened = Talk(v2)
            opened.client._session = Echo(mutant)
            ask(opened)
            outcomes["read"] += 1
        except ResponseError:
            outcomes["refused"] += 1
    assert all(outcomes.values())
