#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_test_data_info
short_description: Read recent data of Catchpoint tests
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the availability and statistics of the metrics of one or several tests in a window of time. On request, it
    returns every run, too.
  - Ids share requests, one for O(ids_per_request) of them. Names in O(metrics) and O(interval) cost one more request
    with REST API v2 and later, once in a run of C(ansible-playbook).
  - If the service truncates a response, the window is split and read again.
options:
  test_ids:
    description: The ids of the tests. An id that does not exist is an error.
    type: list
    elements: int
    required: true
  # BEGIN GENERATED policies by tests/tools/generate_docs.py
  on_missing:
    type: str
    choices:
      - error
      - warn
      - empty
    default: warn
    description:
      - What to do when a test has no run in the window. Fail, show a warning and return
        an empty result, or only return an empty result (V(empty)).
      - An empty result has counts of zero, and V(null) for everything else that is not
        known.
      - The default is V(warn), because a task of the module often only reads data that
        a later task judges.
  on_stale:
    type: str
    choices:
      - error
      - warn
      - ignore
    default: warn
    description:
      - What to do when data is stale (O(max_age)). Fail, show a warning, or nothing.
      - The default is V(warn), because a task of the module often only reads data that
        a later task judges.
  # END GENERATED policies
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.test_data
  - community.catchpoint.connection
seealso:
  - plugin: community.catchpoint.catchpoint_test_data
    plugin_type: lookup
  - module: community.catchpoint.catchpoint_test_info
"""

EXAMPLES = r"""
- name: Read the last hour of two tests
  community.catchpoint.catchpoint_test_data_info:
    test_ids:
      - 81093
      - 81094
    metrics:
      - webpage_response
  register: last_hour

- name: Require that both perform well
  ansible.builtin.assert:
    that:
      - item.availability >= 95
      - item.metrics.webpage_response.median < 10000
    quiet: true
  loop: "{{ last_hour.tests }}"
  loop_control:
    label: "{{ item.test_name }}"

- name: Read the last day in intervals of 15 minutes, by country (not with REST API v1)
  community.catchpoint.catchpoint_test_data_info:
    test_ids: 81093
    start: -1d
    interval: Minutes15
    breakdown: country
    metrics:
      - test_time
"""

RETURN = r"""
tests:
  description: One test's data for each id, in the order of O(test_ids).
  returned: success
  type: list
  elements: dict
  # BEGIN GENERATED returns by tests/tools/generate_docs.py
  sample:
    - test_id: 81093
      test_name: Home page
      window:
        start: '2026-11-23T09:00:00Z'
        end: '2026-11-23T10:00:00Z'
      complete: true
      run_count: 60
      failed_count: 1
      availability: 98.33
      age_seconds: 74
      latest:
        time: '2026-11-23T09:58:46Z'
        node: New York, US - Level3
        city: New York
        country: United States
        failed: false
        metrics:
          webpage_response: 1310.0
      metrics:
        webpage_response:
          label: Webpage Response (ms)
          unit: ms
          samples: 59
          mean: 1325.4
          median: 1302.0
          p75: 1390.0
          p90: 1478.0
          p95: 1561.0
          p99: null
          min: 1104.0
          max: 1702.0
          latest: 1310.0
  contains:
    test_id:
      description: The test's id.
      type: int
      returned: always
    test_name:
      description: The test's name, V(null) when there is no data.
      type: str
      returned: always
    window:
      description: The window of the query, in UTC.
      type: dict
      returned: always
      contains:
        start:
          description: The start.
          type: str
          returned: always
        end:
          description: The end.
          type: str
          returned: always
    complete:
      description: Whether the service returned all data of the window.
      type: bool
      returned: always
    run_count:
      description: The number of runs.
      type: int
      returned: always
    failed_count:
      description: The number of runs that failed.
      type: int
      returned: always
    availability:
      description: Percentage of runs without an error, V(null) without runs.
      type: float
      returned: always
    age_seconds:
      description:
        - The age of the newest run in seconds, by the service's clock, V(null) without
          runs.
        - With O(interval), the time since the newest interval with a run ended, V(0) while
          it lasts.
      type: int
      returned: always
    latest:
      description: The newest run or point, V(null) without runs.
      type: dict
      returned: always
    metrics:
      description:
        - Statistics of each metric by its slug, over the runs that did not fail and have
          a finite value of at least 0.
        - Counters of failures such as V(dns_failures) count for failed runs, too, and V(null)
          is 0 for a run that did not fail.
        - A percentile is V(null) when there are too few values for it. p75 needs 4, p90
          needs 10, p95 needs 20, and p99 needs 100 values. Quantiles are type 7 of Hyndman
          and Fan.
        - Aggregated data has only mean (weighted with the runs), min, max and latest.
        - Each has RV(ignore:label), RV(ignore:unit) (V(ms), V(percent), V(bytes), V(count)
          or V(none)), RV(ignore:samples), RV(ignore:mean), RV(ignore:median), RV(ignore:p75),
          RV(ignore:p90), RV(ignore:p95), RV(ignore:p99), RV(ignore:min), RV(ignore:max)
          and RV(ignore:latest).
      type: dict
      returned: always
    by_location:
      description:
        - Counts, availability, age, latest and metrics again, by the name of each location.
          C(unknown) stands for nodes whose location the service no longer knows.
      type: dict
      returned: when O(breakdown) is given
    points:
      description:
        - The intervals in order of time. RV(ignore:time) is the start; RV(ignore:node),
          RV(ignore:node_id), RV(ignore:city) and RV(ignore:country) are set by the breakdown;
          RV(ignore:metrics) has the values by slug.
      type: list
      elements: dict
      returned: when O(interval) is given
    runs:
      description:
        - The runs in order of time, each with RV(ignore:time), RV(ignore:test_id), RV(ignore:test_name),
          RV(ignore:node), RV(ignore:node_id), RV(ignore:city), RV(ignore:country), RV(ignore:failed)
          and its RV(ignore:metrics) by slug.
        - REST API v1 does not return the city and country of a run unless O(breakdown)
          requests them. Only v1 returns RV(ignore:host_ip), the address that the run connected
          to.
      type: list
      elements: dict
      returned: when O(include_runs) is true and O(interval) is not given
  # END GENERATED returns
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
