#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_error_info
short_description: List the failed runs of Catchpoint tests, and count them by type, node and test
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the errors of runs in a window, the oldest first, and their numbers. Several filters must all match.
  - It sends one request for 200 errors, besides those that O(test_ids), O(product) and O(labels) need.
  - An error without a readable test or time fails the task, so that no error is missed.
  - REST API v1 does not document what its columns mean, so this module needs an O(api_key).
options:
  types:
    description: Only errors of these types.
    type: list
    elements: str
    choices:
      - dns
      - connection
      - ssl
      - no_response
      - response
      - timeout
      - system_limit
      - transaction
      - content
      - other
      - script_failure
      - child_request_failure
      - packet_loss
  start:
    description:
      - The start of the window.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since 1970, V(now), or a time before
        O(end), as negative minutes (V(-60)) or as V(-1h), V(-90m) or V(-2d).
      - A time without an offset is read in O(tz), and refused without it.
      - The default is V(-3h).
    type: str
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
  - community.catchpoint.events
seealso:
  - module: community.catchpoint.catchpoint_alert_info
  - module: community.catchpoint.catchpoint_test_data_info
"""

EXAMPLES = r"""
- name: Find out why a test fails
  community.catchpoint.catchpoint_error_info:
    test_ids: [81095]
    start: -1h
  register: failed

- name: Show how often, why and where
  ansible.builtin.debug:
    msg: >-
      Errors: {{ failed.summary.total }},
      types: {{ failed.summary.by_type | map(attribute='type') | join(', ') }},
      nodes: {{ failed.summary.by_node | map(attribute='node') | join(', ') }}

- name: List the connection errors of a product
  community.catchpoint.catchpoint_error_info:
    product: Web shop
    types: [connection, timeout]
"""

RETURN = r"""
errors:
  description: The failed runs, the oldest first.
  returned: success
  type: list
  elements: dict
  sample:
    - time: "2026-11-23T09:08:09Z"
      test_id: 81095
      test_name: Checkout
      node_id: 81
      node: London, UK - Cogent
      type: connection
      count: 1
  contains:
    time:
      description: When the run started, in UTC.
      type: str
      returned: always
    test_id:
      description: The id of the test.
      type: int
      returned: always
    test_name:
      description: The name of the test.
      type: str
      returned: always
    node_id:
      description: The id of the node.
      type: int
      returned: always
    node:
      description: The name of the node.
      type: str
      returned: always
    type:
      description: The type of the error, in the words of O(types). V(null) if Catchpoint does not report it.
      type: str
      returned: always
    count:
      description: The number of errors, usually V(1).
      type: int
      returned: always
summary:
  description:
    - The numbers of errors. Each list has the most frequent entry first.
    - RV(summary.total) and RV(summary.by_type) include errors that Catchpoint counted but did not list.
  returned: success
  type: dict
  sample:
    total: 1
    by_type:
      - type: connection
        count: 1
    by_node:
      - node_id: 81
        node: London, UK - Cogent
        count: 1
    by_test:
      - test_id: 81095
        test_name: Checkout
        count: 1
  contains:
    total:
      description: The number of all errors.
      type: int
      returned: always
    by_type:
      description: The number of errors of each type. V(unknown) stands for a type that Catchpoint does not report.
      type: list
      elements: dict
      returned: always
    by_node:
      description: The number of errors at each node.
      type: list
      elements: dict
      returned: always
    by_test:
      description: The number of errors of each test.
      type: list
      elements: dict
      returned: always
complete:
  description:
    - V(false) if Catchpoint counted more errors than RV(errors) has, or returned errors more than 5 minutes outside
      RV(window), which shows that it reads times in another time zone. There is a warning then.
  returned: success
  type: bool
  sample: true
window:
  description: The window of the errors, in UTC, with RV(ignore:start) and RV(ignore:end).
  returned: success
  type: dict
  sample:
    start: "2026-11-23T07:00:00Z"
    end: "2026-11-23T10:00:00Z"
# BEGIN GENERATED requests_made by tests/tools/generate_docs.py
requests_made:
  description: The number of HTTP requests that the task sent. C(0) if the result was
    cached.
  returned: success
  type: int
  sample: 1
# END GENERATED requests_made
"""

from ansible_collections.community.catchpoint.plugins.module_utils._module import run_module
from ansible_collections.community.catchpoint.plugins.module_utils._operations.error_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
