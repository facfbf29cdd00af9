# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: performance_verdict
short_description: Judge runs of tests by the criteria of a performance gate
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Judges runs that a playbook already holds, as M(community.catchpoint.catchpoint_performance_gate) judges those that
    it waits for.
  - It reads nothing and waits for nothing. For a gate after a deploy, the module is the better choice.
  - Every criterion is judged for every test. A test without runs is judged too, and is not a pass.
  - The runs are judged once, with the whole significance, without interim analyses.
positional: criteria
options:
  _input:
    description:
      - Runs as M(community.catchpoint.catchpoint_test_data_info) returns them with its option O(ignore:include_runs),
        either the tests that hold them (RV(community.catchpoint.catchpoint_test_data_info#module:tests)), or the bare
        runs. One test alone, as P(community.catchpoint.catchpoint_test_data#lookup) gives it, will do, too.
      - The RV(ignore:results) of a loop over M(community.catchpoint.catchpoint_instant_test) will do as well. If one of
        its tasks failed, the verdict is V(error) with its message.
      - Runs outside the window are not judged, and those of the baseline window are what the others are compared with.
    type: list
    elements: dict
    required: true
  criteria:
    description:
      - What is judged, as in the option O(community.catchpoint.catchpoint_performance_gate#module:criteria) of the
        module.
    type: list
    elements: dict
    required: true
  since:
    description:
      - The time of the deploy. Runs from then on count.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since 1970, V(now), or a time before
        O(now), as negative minutes (V(-60)) or as V(-1h), V(-90m) or V(-2d).
      - Without it all runs count, and the window begins with the earliest. That is possible with O(baseline.runs), or
        without a limit on a change, and without O(warmup) and O(duration).
    type: str
  now:
    description:
      - The time at which the verdict is given, written as O(since). Without O(duration), runs from then on do not
        count.
      - The default is the controller's clock, which does not end the window.
    type: str
  warmup:
    description: Seconds after O(since) whose runs do not count.
    type: float
    default: 0
  duration:
    description: Seconds after the warm-up whose runs count. Without it, all runs up to O(now) do.
    type: float
  baseline:
    description:
      - What relative limits compare with, as in the option
        O(community.catchpoint.catchpoint_performance_gate#module:baseline) of the module. A list is taken as its
        O(baseline.runs).
    type: dict
    suboptions:
      before:
        description:
          - The end of the baseline window, which should be the start of the deploy. The default is O(since).
        type: str
      duration:
        description: The length of the baseline window in seconds.
        type: float
        default: 3600
      history:
        description:
          - Seconds before the baseline whose runs show how much neighbouring runs resemble each other. They must be
            among the runs given.
          - The default is four times O(baseline.duration).
        type: float
      match:
        description:
          - V(location) compares each run with the usual value at its own location.
          - V(none) compares all runs together.
        type: str
        choices:
          - location
          - none
        default: location
      runs:
        description:
          - Runs to compare with, instead of those in the baseline window. They are used as they are, whatever their
            time.
        type: list
        elements: dict
      control_test_ids:
        description:
          - Tests of something that the deploy does not touch. The change that they saw in the same windows is taken
            out.
          - Their runs must be among the runs given.
        type: list
        elements: int
        default: []
  fail_on:
    description: Verdicts for which RV(_value.failed) is true.
    type: list
    elements: str
    choices:
      - warn
      - fail
      - inconclusive
      - error
    default:
      - fail
      - inconclusive
      - error
  test_ids:
    description:
      - The tests to judge. The default is all tests that are among the runs, in either window.
    type: list
    elements: int
  alerts:
    description:
      - Alerts on the tests, for criteria with the metric V(alerts). Without them, such a criterion lacks its data.
    type: list
    elements: dict
  slo_violations:
    description:
      - Violations of service-level objectives, for criteria with the metric V(slo_violations). Without them, such a
        criterion lacks its data.
    type: list
    elements: dict
notes:
  - Wrong arguments are errors. Runs that cannot be read give the verdict V(error) instead.
seealso:
  - module: community.catchpoint.catchpoint_performance_gate
  - module: community.catchpoint.catchpoint_test_data_info
  - plugin: community.catchpoint.gate_passed
    plugin_type: test
  - plugin: community.catchpoint.gate_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the last two hours of the shop's tests
  community.catchpoint.catchpoint_test_data_info:
    test_ids:
      - 81093
      - 81099
    start: -120
    metrics:
      - test_time
    include_runs: true
  register: recent

- name: Performance must hold
  ansible.builtin.assert:
    that: gate is community.catchpoint.gate_passed
    fail_msg: "{{ gate.report }}"
  vars:
    gate: >-
      {{ recent.tests | community.catchpoint.performance_verdict(
           criteria, since=deploy_finished, warmup=120, baseline={'before': deploy_started}) }}
    criteria:
      - metric: availability
        fail:
          min: 99
      - metric: test_time
        fail:
          max_increase_percent: 20
        warn:
          max_increase_percent: 10
        min_delta: 50

- name: Compare with runs that were kept from a good day
  ansible.builtin.set_fact:
    gate: >-
      {{ recent.tests | community.catchpoint.performance_verdict(
           criteria, since=deploy_finished, baseline={'runs': good_day.tests}, fail_on=['fail']) }}
"""

RETURN = r"""
_value:
  description: >-
    The verdict with its reasons, as M(community.catchpoint.catchpoint_performance_gate) returns it.
  type: dict
  contains:
    verdict:
      description: The worst status of all enforced criteria; V(error) when the runs cannot be read.
      type: str
      returned: always
      sample: fail
    failed:
      description: Whether the verdict is among O(fail_on).
      type: bool
      returned: always
    msg:
      description: The verdict in one line.
      type: str
      returned: always
      sample: >-
        performance gate: FAIL (1 of 2 criteria): test_time median 1308 ms is 30.4 % above the baseline 1003 ms
        (limit +20 %)
    report:
      description: The verdict in lines, one for each criterion and test.
      type: list
      elements: str
      returned: always
    criteria:
      description: One entry for each criterion and test, or for each location of it.
      type: list
      elements: dict
      returned: always
    runs:
      description: How many runs there were and what became of them.
      type: dict
      returned: always
    windows:
      description: The windows that were compared.
      type: dict
      returned: always
"""

import time
from collections.abc import Sequence
from typing import Any, Optional

from ansible.errors import AnsibleFilterError
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.offline import verdict_of_runs
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered


def performance_verdict(
    runs: Any,
    criteria: Any = None,
    since: Any = None,
    now: Any = None,
    warmup: Any = None,
    duration: Any = None,
    baseline: Any = None,
    fail_on: Any = None,
    test_ids: Any = None,
    alerts: Optional[Sequence[Any]] = None,
    slo_violations: Optional[Sequence[Any]] = None,
) -> dict[str, Any]:
    """The filter itself. Raises AnsibleFilterError for wrong arguments, never for data."""
    options = {
        "criteria": criteria,
        "since": since,
        "now": now,
        "warmup": warmup,
        "duration": duration,
        "baseline": baseline,
        "fail_on": fail_on,
        "test_ids": test_ids,
    }
    if criteria is None:
        raise AnsibleFilterError(
            "community.catchpoint.performance_verdict: criteria is missing. Give what to judge by, as in "
            "runs | community.catchpoint.performance_verdict([{'metric': 'availability', 'fail': {'min': 99}}])."
        )
    try:
        judgement = verdict_of_runs(runs, options, clock=time.time(), alerts=alerts, slo_violations=slo_violations)
    except OptionError as error:
        raise AnsibleFilterError(f"community.catchpoint.performance_verdict: {error}") from None
    return rendered(judgement)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Any]:
        return {"performance_verdict": performance_verdict}
