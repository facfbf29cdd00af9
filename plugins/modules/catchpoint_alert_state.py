#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_alert_state
short_description: Pause the alerts of Catchpoint tests for a limited time
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Pauses the alerts of tests, for example during a deploy, and unpauses them. The tests themselves go on.
  - A pause always has an end, which Catchpoint itself keeps. If the playbook is killed, no alert stays paused for
    longer than O(expires_after).
  - Only what differs is changed. After that, the module reads the state and the end of the pause back. If they are not
    as requested, it undoes the pause and fails.
  - How Catchpoint reads the end of a pause is not documented. So run the module once with your account before you rely
    on it.
options:
  test_ids:
    description:
      - The ids of the tests.
      - With O(state=unpaused) the list may be empty, so that RV(paused_ids) of an earlier task can be given.
    type: list
    elements: int
    required: true
  state:
    description:
      - V(paused) pauses the alerts for O(expires_after) seconds from now. A pause whose known end differs by more than
        2 minutes gets this end, so it can be extended and shortened. A pause without a known end is left as it is.
      - V(unpaused) ends the pause.
    type: str
    choices:
      - paused
      - unpaused
    required: true
  expires_after:
    description:
      - Seconds from now until the pause ends, V(60) to V(86400). Required with O(state=paused).
      - Catchpoint takes whole minutes, so the pause may end up to 59 seconds earlier. V(86400) gives 23 hours and 59
        minutes.
    type: int
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - It reads the states, and changes nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: full
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates
      no change.
    support: full
    details:
      - The end of a pause counts from the time of the task. A task that is repeated more than 1 to 2 minutes later
        extends the pause.
notes:
  - The API consumer needs the right to change tests, besides that to read them. Without it, the module fails with the
    API's own words.
  - REST API v1 cannot pause alerts, so O(api_key) is needed.
  - Paused alerts are not evidence. Do not judge the metric V(alerts) by
    M(community.catchpoint.catchpoint_performance_gate) while they are paused.
seealso:
  - module: community.catchpoint.catchpoint_alert_info
  - module: community.catchpoint.catchpoint_instant_test
"""

EXAMPLES = r"""
- name: Change the site while its alerts are paused
  block:
    - name: Pause the alerts for half an hour at most
      community.catchpoint.catchpoint_alert_state:
        test_ids: [81093, 81095]
        state: paused
        expires_after: 1800
      register: pause

    - name: Restart the site
      ansible.builtin.debug:
        msg: A change that must not raise alerts.
  always:
    - name: Unpause the alerts that were paused here
      community.catchpoint.catchpoint_alert_state:
        test_ids: "{{ pause.paused_ids | default([]) }}"
        state: unpaused

- name: Show what would be paused
  community.catchpoint.catchpoint_alert_state:
    test_ids: [81093]
    state: paused
    expires_after: 600
  check_mode: true
  diff: true
"""

RETURN = r"""
tests:
  description: The state of each test, in the order of O(test_ids). In check mode, the state that it would have.
  returned: success
  type: list
  elements: dict
  sample:
    - test_id: 81093
      state: paused
      expires: "2026-11-23T10:30:00Z"
  contains:
    test_id:
      description: The id of the test.
      type: int
      returned: always
    state:
      description: V(paused) or V(unpaused).
      type: str
      returned: always
    expires:
      description: When the pause ends, in UTC. V(null) without a pause, or if Catchpoint does not report its end.
      type: str
      returned: always
paused_ids:
  description:
    - The tests whose alerts this task paused. Alerts that were paused before are not among them, so unpausing these ids
      does not end another pause.
  returned: success
  type: list
  elements: int
  sample: [81093]
requests_made:
  description: The number of HTTP requests that the task sent. 2 to 3 if nothing differs, and up to 5 else, for up to
    150 tests.
  returned: success
  type: int
  sample: 4
"""

from ansible_collections.community.catchpoint.plugins.module_utils._module import run_module
from ansible_collections.community.catchpoint.plugins.module_utils._operations.alert_state import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
