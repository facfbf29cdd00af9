#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_instant_test
short_description: Run a Catchpoint test now, and return its runs
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Runs an existing test once or several times at some nodes, waits for the results, and returns them in the shape of
    M(community.catchpoint.catchpoint_test_data_info). P(community.catchpoint.performance_verdict#filter) and
    P(community.catchpoint.gate_report#filter) take them.
  - Catchpoint charges each run. The request that starts runs is sent once and never again. If its response is lost, the
    module fails with the message that the test may have run.
  - A run that failed does not fail the task. It is among the RV(runs) and the RV(errors).
options:
  test_id:
    description: The id of the test.
    type: int
    required: true
  node_ids:
    description: The ids of 1 to 5 nodes that the test runs at. M(community.catchpoint.catchpoint_node_info) lists them.
    type: list
    elements: int
    required: true
  on_demand:
    description:
      - Set it to V(true) if O(node_ids) has public nodes. Without it, Catchpoint takes enterprise nodes only.
    type: bool
    default: false
  times:
    description:
      - How many runs there are at each node, V(1) to V(5). The next ones start when those before have results.
    type: int
    default: 1
  max_runs:
    description:
      - The most runs that may be charged. There is one for each node and each of O(times). If that is more, nothing
        runs and the task fails.
    type: int
    default: 5
  metrics:
    description:
      - The metrics to return, by slug as V(webpage_response) or display name as V(Webpage Response (ms\)). The default
        is all that the records have.
    type: list
    elements: str
  wait_timeout:
    description:
      - Seconds to wait for all results. If some are missing then, the others are returned and RV(complete) is V(false).
        If all are missing, the task fails.
    type: float
    default: 300
  poll_interval:
    description: Seconds between two requests for the result of a node.
    type: float
    default: 15
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - It sends no request, and returns in RV(msg) and RV(runs_charged) what would be charged.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: none
    details:
      - The module does not have a state to compare.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates
      no change.
    support: none
    details:
      - The test runs again, and is charged again.
notes:
  - The API consumer needs the right to run instant tests, besides that to read tests.
  - REST API v1 is not supported, so O(api_key) is needed.
  - Of a transaction, only the first step is measured.
  - With C(until), each try runs the test again, and is charged.
seealso:
  - module: community.catchpoint.catchpoint_test_data_info
  - module: community.catchpoint.catchpoint_alert_state
  - plugin: community.catchpoint.performance_verdict
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Run the test of the home page at five nodes
  community.catchpoint.catchpoint_instant_test:
    test_id: 81093
    node_ids: [257, 81, 28, 134, 171]
    on_demand: true
    metrics: [webpage_response]
  register: smoke

- name: Stop if the page is dead or slow
  ansible.builtin.assert:
    that: verdict.verdict in ['pass', 'warn']
    fail_msg: "{{ verdict | community.catchpoint.gate_report }}"
  vars:
    verdict: "{{ smoke | community.catchpoint.performance_verdict(criteria) }}"
    criteria:
      - metric: availability
        fail: {min: 80}
      - metric: webpage_response
        fail: {max: 8000}
"""

RETURN = r"""
test_id:
  description: The id of the test.
  returned: success
  type: int
  sample: 81093
complete:
  description: Whether there is a result for each run that was requested.
  returned: success
  type: bool
  sample: true
run_count:
  description: The number of runs with a result.
  returned: success
  type: int
  sample: 4
failed_count:
  description: The number of runs that failed.
  returned: success
  type: int
  sample: 0
availability:
  description: The percentage of runs that did not fail.
  returned: success
  type: float
  sample: 100.0
age_seconds:
  description: The age of the newest run by Catchpoint's clock.
  returned: success
  type: int
  sample: 20
latest:
  description: The newest run.
  returned: success
  type: dict
metrics:
  description: Statistics of each metric by its slug, as M(community.catchpoint.catchpoint_test_data_info) returns them.
  returned: success
  type: dict
runs:
  description: The runs, the oldest first, as M(community.catchpoint.catchpoint_test_data_info) returns them.
  returned: success
  type: list
  elements: dict
  sample:
    - time: "2026-11-23T10:00:12Z"
      test_id: 81093
      test_name: null
      node_id: 257
      node: New York, US - Level3
      city: null
      country: null
      host_ip: null
      failed: false
      metrics:
        webpage_response: 1310.0
errors:
  description: The runs that failed, with Catchpoint's own words.
  returned: success
  type: list
  elements: dict
  sample: []
  contains:
    instant_test_id:
      description: The id of the instant test.
      type: int
      returned: always
    node_id:
      description: The id of the node.
      type: int
      returned: always
    node:
      description: The name of the node.
      type: str
      returned: always
    message:
      description: Why the run failed. V(null) if only its availability shows that.
      type: str
      returned: always
links:
  description: The pages of the runs in the Catchpoint portal.
  returned: success
  type: list
  elements: str
  sample: ["https://portal.catchpoint.com/ui/Record/118237041/257"]
instant_test_ids:
  description: The ids of the instant tests, one for each of O(times).
  returned: success
  type: list
  elements: int
  sample: [118237041, 118237042]
runs_charged:
  description: The number of runs that Catchpoint charges. In check mode, the number that it would charge.
  returned: success
  type: int
  sample: 4
msg:
  description: What would run, and what it would cost.
  returned: in check mode
  type: str
  sample: Would run test 81093 2 times at 2 nodes, which charges 4 runs.
requests_made:
  description: The number of HTTP requests that the task sent. One for each of O(times), and one for each node and poll.
  returned: success
  type: int
  sample: 10
"""

from ansible_collections.community.catchpoint.plugins.module_utils._module import run_module
from ansible_collections.community.catchpoint.plugins.module_utils._operations.instant_test import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
