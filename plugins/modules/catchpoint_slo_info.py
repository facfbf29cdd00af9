#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_slo_info
short_description: Read the error budgets of Catchpoint service-level objectives
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns service-level objectives (SLOs) with what is left of their error budgets and how fast these are used.
  - The error budget of a goal of 99.9 percent is 0.1 percent of the window, which is 40.32 minutes of 28 days. It is
    used by the violations that Catchpoint reports. Violations of several tests at the same time count once, and one
    that goes on counts until now.
  - Burn rates follow chapter 5 of Google's Site Reliability Workbook
    (U(https://sre.google/workbook/alerting-on-slos/)).
  - It sends one request for the SLOs and one for all their violations.
  - REST API v1 does not support SLOs, so this module needs an O(api_key).
options:
  slo_ids:
    description:
      - The ids of the SLOs to return. An id that does not exist is an error.
      - It cannot be combined with a filter.
    type: list
    elements: int
  name:
    description:
      - Only active SLOs whose name contains this text, in upper or lower case.
      - How Catchpoint compares names is not documented. If it compares whole names, a part of a name finds no SLO.
    type: str
  test_ids:
    description: Only active SLOs that cover at least one of these tests. A test that no SLO covers gives a warning.
    type: list
    elements: int
  window_days:
    description:
      - The length of the window of the error budget in days, from V(1) to V(365). It ends now.
      - Catchpoint does not report the window of an SLO, so it is chosen here.
    type: int
    default: 28
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
seealso:
  - module: community.catchpoint.catchpoint_alert_info
  - module: community.catchpoint.catchpoint_performance_gate
"""

EXAMPLES = r"""
- name: Read the error budget of a test
  community.catchpoint.catchpoint_slo_info:
    test_ids: [81095]
    window_days: 90
  register: budget

- name: Show what is left
  ansible.builtin.debug:
    msg: >-
      {{ item.name }}: {{ item.left_percent }} % of {{ item.budget_minutes }} minutes are left,
      burn rate {{ item.burn_rate['1h'] }} over the last hour
  loop: "{{ budget.slos }}"
  loop_control:
    label: "{{ item.id }}"

- name: Deploy only while a tenth of the budget is left
  ansible.builtin.assert:
    that:
      - budget.complete
      - budget.uncovered_test_ids == []
      - budget.slos | map(attribute='left_percent') | min >= 10
"""

RETURN = r"""
slos:
  description: The SLOs.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 310
      name: Checkout availability
      status: active
      goal: 99.9
      metric: availability
      test_ids: [81095]
      budget_minutes: 40.32
      used_minutes: 31.0
      left_percent: 23.12
      burn_rate:
        1h: 0.0
        6h: 0.0
        3d: 7.18
      violations:
        - start: "2026-11-21T09:00:00Z"
          end: "2026-11-21T09:31:00Z"
          minutes: 31.0
          test_id: 81095
          test_name: Checkout
  contains:
    id:
      description: The SLO's id.
      type: int
      returned: always
    name:
      description: The SLO's name.
      type: str
      returned: always
    status:
      description: V(active), V(inactive) or another state.
      type: str
      returned: always
    goal:
      description: The percentage of the time in which the SLO must not be violated.
      type: float
      returned: always
    metric:
      description: The slug of the metric that the SLO is about, such as V(availability) or V(test_time).
      type: str
      returned: always
    test_ids:
      description: The ids of the tests that the SLO covers.
      type: list
      elements: int
      returned: always
    budget_minutes:
      description: The error budget of the window in minutes. V(0) if the goal is 100.
      type: float
      returned: always
    used_minutes:
      description: How many minutes of the window were violated.
      type: float
      returned: always
    left_percent:
      description:
        - The percentage of the error budget that is left. It is negative if the budget is overspent.
        - If the goal is 100, it is V(100) without a violation and V(0) with one.
      type: float
      returned: always
    burn_rate:
      description:
        - How many times faster than allowed the error budget was used in the last hour (C(1h)), 6 hours (C(6h)) and 3
          days (C(3d)). With V(1), exactly the whole budget is used by the end of the window.
        - If the goal is 100, it is V(0) without a violation and V(null) with one.
      type: dict
      returned: always
    violations:
      description:
        - The violations that touch the window, the oldest first, with RV(ignore:start), RV(ignore:end),
          RV(ignore:minutes), RV(ignore:test_id) and RV(ignore:test_name).
        - RV(ignore:end) is V(null) if the violation goes on.
      type: list
      elements: dict
      returned: always
uncovered_test_ids:
  description:
    - The tests of O(test_ids) that no returned SLO covers. There is a warning then.
    - Check it in conditions, because such a test has no error budget, which must not pass for a full one.
  returned: success
  type: list
  elements: int
  sample: []
complete:
  description:
    - V(false) if Catchpoint returned violations more than 5 minutes outside RV(window), which shows that it reads times
      in another time zone, so that others may be missing. There is a warning then.
  returned: success
  type: bool
  sample: true
window:
  description: The window of the error budgets, in UTC, with RV(ignore:start) and RV(ignore:end).
  returned: success
  type: dict
  sample:
    start: "2026-10-26T10:00:00Z"
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.slo_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
