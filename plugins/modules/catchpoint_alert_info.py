#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_alert_info
short_description: List the alerts of Catchpoint tests
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the alerts that Catchpoint raised in a window, or those that are still open, the newest first. Several
    filters must all match.
  - All tests go into the same request, so a check before a change costs one request for all hosts. It sends one request
    for 100 alerts, besides those that O(test_ids), O(product) and O(labels) need.
  - An alert without a readable test or time fails the task, so that an open alert is never missed.
options:
  level:
    description: Only alerts of this level. V(improved) reports that an earlier alert is over.
    type: str
    choices:
      - warning
      - critical
      - improved
  type:
    description: Only alerts of this type.
    type: str
    choices:
      - exits
      - byte_length
      - content_match
      - host_failure
      - http_header_match
      - tag_failure
      - response_time
      - traffic
      - page_failure
      - custom_test_data
      - script_failure
      - ping
      - requests
      - content_zone
      - availability
      - address
      - dns
      - glimpse_counter
      - glimpse_rate
      - path
      - score
      - wifi
      - asn
      - web_page_test
      - endpoint
      - experience_score
      - internet_weather
      - ecn
      - tracing
      - division_wide
  open:
    description:
      - Only alerts that are still open, that is the newest V(warning) or V(critical) alert of each test, type and node
        that no V(improved) alert followed.
      - Catchpoint does not report which alerts are open, so this is computed from the alerts since O(start).
        An alert that was raised before is not found. It cannot be combined with O(end).
    type: bool
    default: false
  start:
    description:
      - The start of the window.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since 1970, V(now), or a time before
        O(end), as negative minutes (V(-60)) or as V(-1h), V(-90m) or V(-2d).
      - A time without an offset is read in O(tz), and refused without it.
      - The default is V(-24h), or V(-7d) with O(open=true).
    type: str
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
  - community.catchpoint.events
notes:
  - REST API v1 reports the time, level, type and test of an alert only. It is not known to filter alerts, so all alerts
    of the window are read.
seealso:
  - module: community.catchpoint.catchpoint_error_info
  - module: community.catchpoint.catchpoint_slo_info
  - module: community.catchpoint.catchpoint_performance_gate
"""

EXAMPLES = r"""
- name: Look up open alerts before a change
  community.catchpoint.catchpoint_alert_info:
    test_ids: [81093, 81099]
    open: true
  register: before

- name: Stop if a critical alert is open
  ansible.builtin.assert:
    that: before.alerts | selectattr('level', 'eq', 'critical') | length == 0
    fail_msg: "{{ before.alerts | map(attribute='test_name') | join(', ') }}"

- name: List the critical alerts of a team's tests in the last three days
  community.catchpoint.catchpoint_alert_info:
    labels:
      team: payment
    level: critical
    start: -3d
"""

RETURN = r"""
alerts:
  description: The alerts, the newest first.
  returned: success
  type: list
  elements: dict
  sample:
    - id: b5e3c4f0-2f53-4c39-9a4f-5d0c9d6a7f11
      level: critical
      test_id: 81102
      test_name: Login
      type: availability
      raised: "2026-11-23T09:42:00Z"
      node: New York, US - Level3
      node_id: 257
      acknowledged_by: null
      url: https://portal.catchpoint.com/ui/Alerts/1
      labels:
        team: [web]
  contains:
    id:
      description: The alert's id, V(null) with REST API v1.
      type: str
      returned: always
    level:
      description: V(warning), V(critical) or V(improved).
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
    type:
      description: The kind of alert, as in O(type).
      type: str
      returned: always
    raised:
      description: When the alert was raised, in UTC.
      type: str
      returned: always
    node:
      description: The name of the node, V(null) if the alert is about several nodes.
      type: str
      returned: always
    node_id:
      description: The id of the node, V(null) if the alert is about several nodes.
      type: int
      returned: always
    acknowledged_by:
      description: The user who acknowledged the alert, V(null) if the alert is not acknowledged.
      type: str
      returned: always
    url:
      description: The alert's page in the Catchpoint portal.
      type: str
      returned: always
    labels:
      description: The labels of the test, each with its values.
      type: dict
      returned: always
complete:
  description:
    - V(false) if Catchpoint returned alerts more than 5 minutes outside RV(window), which shows that it reads times in
      another time zone, so that others may be missing. There is a warning then.
  returned: success
  type: bool
  sample: true
window:
  description: The window in which the alerts were raised, in UTC, with RV(ignore:start) and RV(ignore:end).
  returned: success
  type: dict
  sample:
    start: "2026-11-22T10:00:00Z"
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.alert_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
