# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of runs, one by one and counted by type, node and test.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import ERROR_TYPES
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import Errors, TestError
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import ErrorFilter
from ansible_collections.community.catchpoint.plugins.module_utils._operations._event_tests import (
    TEST_OPTIONS,
    requested_tests,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._time import window

# The service's own default.
_START = "-3h"


def error_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The errors that match the filters, the oldest first, and their numbers."""
    span = window(options["start"] or _START, options["end"] or "now", options["tz"] or None, client.now())
    wanted = ErrorFilter(requested_tests(client, options), options["types"] or ())
    found = client.events.errors(wanted, span)
    if found.contradiction is not None:
        client.warn(found.contradiction.of_result)
    elif not found.complete:
        client.warn(
            f"Catchpoint counted {sum(found.totals.values())} errors, but returned "
            f"{sum(row.count for row in found.rows)} of them, so the result is marked complete: false. "
            "Use a shorter window (start), or fewer tests."
        )
    return {
        "window": span.as_dict(),
        "complete": found.complete,
        "errors": [asdict(row) for row in found.rows],
        "summary": summary(found),
    }


def summary(found: Errors) -> dict[str, Any]:
    """The number of errors, and their numbers by type, node and test, the most frequent first.

    ``total`` and ``by_type`` count what the service counted, the others what it listed.
    """
    return {
        "total": sum(found.totals.values()),
        "by_type": _most_first([{"type": name, "count": count} for name, count in found.totals.items()]),
        "by_node": _most_first(_counted(found.rows, "node_id", "node")),
        "by_test": _most_first(_counted(found.rows, "test_id", "test_name")),
    }


def _counted(rows: Sequence[TestError], *members: str) -> list[dict[str, Any]]:
    counts: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(getattr(row, member) for member in members)
        counts[key] = counts.get(key, 0) + row.count
    return [{**dict(zip(members, key)), "count": count} for key, count in counts.items()]


def _most_first(counted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(counted, key=lambda one: -int(one["count"]))


OPERATION = Operation(
    arguments={
        **TEST_OPTIONS,
        "types": {"type": "list", "elements": "str", "choices": list(ERROR_TYPES)},
        "start": {"type": "str"},
        "end": {"type": "str"},
        "tz": {"type": "str"},
    },
    rules={},
    run=error_info,
)
