# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation that lists tests, by id or by filter, so that users find the ids of their tests."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import TEST_STATUSES, TEST_TYPES
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import TestFilter, from_options
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import ById, Operation

_FILTERS: dict[str, Any] = {
    "name": {"type": "str"},
    "url": {"type": "str"},
    "status": {"type": "str", "choices": [*TEST_STATUSES, "all"]},
    "type": {"type": "str", "choices": list(TEST_TYPES)},
    "product": {"type": "str"},
    "folder": {"type": "str"},
    "labels": {"type": "dict"},
}


def test_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The tests with some ids, or all that match the filters, as dicts of the members of Test."""
    if options["test_ids"] is not None:
        return {"tests": [test._asdict() for test in client.tests_by_id(options["test_ids"])]}
    status = options["status"] or "active"
    # The service's own default is documented in two ways, so a status is always sent.
    statuses = list(TEST_STATUSES) if status == "all" else [status]
    return {"tests": [test._asdict() for test in client.tests(from_options(TestFilter, options), statuses)]}


OPERATION = Operation(
    arguments={"test_ids": {"type": "list", "elements": "int"}, **_FILTERS},
    rules={"mutually_exclusive": [("test_ids", name) for name in _FILTERS]},
    run=test_info,
    by_id=ById("test_ids", "tests", "id"),
)
