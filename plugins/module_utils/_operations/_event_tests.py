# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests a query for events is about: options that alerts and errors share.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import TestFilter
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError

TEST_OPTIONS: dict[str, Any] = {
    "test_ids": {"type": "list", "elements": "int"},
    "product": {"type": "str"},
    "labels": {"type": "dict"},
}


def requested_tests(client: Client, options: Mapping[str, Any]) -> Optional[list[int]]:
    """The ids of the tests that match the options, None for all tests.

    A typing error must not look like a test without events: raises NotFoundError for an id that does not exist, and
    OptionError if no test matches.
    """
    ids: Optional[list[int]] = options["test_ids"]
    if ids == []:
        raise OptionError("test_ids is an empty list. Name tests, or remove test_ids to include all tests.")
    filters = {name: options[name] for name in ("product", "labels") if options[name]}
    if not filters:
        if ids is not None:
            client.require_tests(ids)
        return ids
    found = [test.id for test in client.tests(TestFilter(**filters), ["active"])]
    matching = [test_id for test_id in found if ids is None or test_id in ids]
    if not matching:
        given = filters if ids is None else {**filters, "test_ids": ids}
        shown = ", ".join(f"{name} {value}" for name, value in given.items())
        raise OptionError(
            f"No active test matches {shown}. Check the filters: community.catchpoint.catchpoint_test_info with the "
            "same product and labels lists the tests that match."
        )
    return matching
