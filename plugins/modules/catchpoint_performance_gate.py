#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_performance_gate
short_description: Evaluate a deployment by fresh runs of Catchpoint tests
version_added: 1.0.0
description:
  - Waits for fresh runs of your Catchpoint tests after a deploy, shows its progress, compares the runs with limits and
    with the time before the deploy, and returns a verdict and a report.
  - The verdict is V(pass), V(warn), V(inconclusive) (too few runs), V(fail) or V(error) (Catchpoint was not readable).
    V(inconclusive), V(fail) and V(error) fail the task, unless O(fail_on) says otherwise. A gate never passes without
    data.
  - It waits until there are O(min_runs) runs of each test, or until O(duration) seconds have passed, and judges.
    It ends earlier when the evidence is enough to fail (O(fail_fast)) or to pass (O(pass_fast)).
  - A change against the baseline counts only if it is larger than the limit and larger than chance explains
    (O(criteria[].significance)). Each run is compared with the baseline median of its own location.
extends_documentation_fragment:
  - community.catchpoint.connection
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
author:
  - The community.catchpoint authors (@ansible-collections)
options:
  test_ids:
    description:
      - The tests to judge, by their ids. M(community.catchpoint.catchpoint_test_info) lists them.
      - All tests come with one request, and every criterion is judged for each of them.
    type: list
    elements: int
    required: true
    aliases:
      - tests
  criteria:
    description:
      - The criteria to judge. The worst criterion decides.
      - A criterion with neither O(criteria[].fail) nor O(criteria[].warn) is reported for information. At least one
        criterion with a limit must be enforced.
    type: list
    elements: dict
    required: true
    suboptions:
      metric:
        description:
          - V(availability) is the percentage of runs without an error. One of its limits must be V(max_decrease),
            V(max_decrease_percent) or a V(min) above 0, because the others are broken by too much availability.
          - V(alerts) is the number of alerts that Catchpoint raised on the test since O(since).
          - V(slo_violations) is the number of violations of service-level objectives. It needs an O(api_key).
          - V(error_budget) is the percentage of the error budget that is left over the last 28 days, of the active
            SLO of the test that has the least left. It is negative if the budget is overspent; a goal of 100 has 100
            percent left without a violation and 0 with one. Only C(min) can limit it. Without an SLO, its data is
            missing (O(criteria[].on_missing)). It needs an O(api_key).
          - A gate whose only metric is V(error_budget) does not wait, so it can also be a check before the deploy.
          - Everything else is a metric of the runs, such as V(test_time), V(webpage_response),
            V(time_to_first_byte) or V(dns), by its slug or by its display name as in V(Webpage Response (ms\)).
        type: str
        required: true
      name:
        description:
          - What the reports call the criterion. The default is its metric and aggregate.
        type: str
      aggregate:
        description:
          - How one number is made from the runs. One of V(median), V(mean), V(geomean), V(min), V(max), V(sum), or a
            percentile from V(p1) to V(p99).
          - Only runs that did not fail and have a value of at least 0 are used. A percentile needs enough of them, for
            example 10 for V(p90), 20 for V(p95) and 100 for V(p99).
          - The default is V(median). V(availability), V(alerts), V(slo_violations) and V(error_budget) are one number
            already and take none.
        type: str
      fail:
        description:
          - Limits that must all hold, or the status is V(fail). A value that equals a limit holds.
          - Limits on an increase or a decrease compare with the O(baseline).
        type: dict
        suboptions: &limits
          max:
            description: The highest value, in the metric's unit (ms, percent, bytes or a number).
            type: float
          min:
            description:
              - The lowest value, in the metric's unit.
              - For V(availability), the limit is broken only if chance does not explain the number of failed runs
                (an exact binomial test, see O(criteria[].significance)). V(99) needs two failed runs of 6
                to 35, and three of 36 to 82. V(100) needs one.
            type: float
          max_increase_percent:
            description: How much higher than the baseline the value may be, in percent of the baseline.
            type: float
          max_increase:
            description: How much higher than the baseline the value may be, in the metric's unit.
            type: float
          max_decrease_percent:
            description: How much lower than the baseline the value may be, in percent of the baseline.
            type: float
          max_decrease:
            description:
              - How much lower than the baseline the value may be, in the metric's unit. For V(availability) these are
                percentage points.
            type: float
      warn:
        description:
          - Limits as in O(criteria[].fail) whose breach is a warning and not a failure.
        type: dict
        suboptions: *limits
      min_delta:
        description:
          - Changes against the baseline up to this size, in the metric's unit, are ignored. 40 percent of 20 ms are
            8 ms.
          - The default is C(0).
        type: float
      significance:
        description:
          - A change against the baseline breaks a limit only if chance would cause such a difference in fewer than this
            share of cases. The same holds for the O(criteria[].fail.min) of V(availability). A
            limit of O(criteria[].fail) that is exceeded without that evidence is a warning that says within noise.
          - The groups of O(criteria[].split_by) share it.
          - Successive runs that are correlated count as fewer runs, see O(baseline.history).
          - A criterion that cannot reach it with the number of runs it has is O(criteria[].on_missing). The gate warns
            about that before it waits.
          - The default is C(0.05). V(0) lets the size alone decide.
        type: float
      min_samples:
        description:
          - The number of usable values that a verdict needs, in the baseline as well. The default is C(5).
          - With fewer than 5 against 5, no change can be evidence.
        type: int
      single_location:
        description:
          - What it means when one location alone breaks a limit on a change. V(warn) makes that failure a warning that
            names the location. V(fail) keeps it a failure.
          - A change rests on one location when at least four are compared, that location stands out from the others,
            and these have not changed by more than half of the limit.
          - It applies to timings and counts of runs without O(criteria[].split_by=location). The default is V(warn).
        type: str
        choices:
          - warn
          - fail
      split_by:
        description:
          - Judge every V(location) (or V(test)) for itself. The worst decides, and with V(location) there must be
            O(min_runs) runs at each of them.
          - Without it, all runs of a test are judged together.
        type: str
        choices:
          - location
          - test
      max_failing:
        description:
          - How many locations (or tests) may fail with nothing worse than a warning. It needs O(criteria[].split_by).
          - It never lets all of them fail. At least one other group must pass or warn, and a group whose data is
            missing is never tolerated.
        type: int
        default: 0
      on_missing:
        description:
          - The status when there are too few usable values, in the window or in the baseline. Too few are less than
            O(criteria[].min_samples), or usable values from less than half of the runs.
          - When no enforced criterion has a value, the verdict is V(inconclusive) even with V(warn) or V(pass).
        type: str
        choices:
          - inconclusive
          - fail
          - warn
          - pass
        default: inconclusive
      enforce:
        description:
          - Whether the criterion counts for the verdict. With V(false) it is only reported.
        type: bool
        default: true
      levels:
        description:
          - Which V(alerts) count. The default is warning and critical.
        type: list
        elements: str
        choices:
          - warning
          - critical
          - information
          - improved
  since:
    description:
      - Runs that began at this time or later are judged. Give the end of the deploy.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since 1970, V(now), or a time before
        the start of the task, as negative minutes (V(-60)) or as V(-1h), V(-90m) or V(-2d).
      - A time without an offset is refused.
      - The default is the start of the task, by Catchpoint's clock, which is right if the gate directly follows the
        deploy.
    type: str
  warmup:
    description:
      - Seconds after O(since) whose runs are not judged, because caches are cold and load balancers adapt.
    type: float
    default: 120
  min_runs:
    description:
      - Wait until each test has this many runs, failed ones included.
      - Give this or O(duration).
    type: int
  duration:
    description:
      - Judge the runs of this many seconds after the warm-up. The gate waits for their end and O(grace_period) seconds
        more.
      - The default is C(900) when O(min_runs) is not given.
    type: float
  grace_period:
    description:
      - Seconds to wait for late results after the end of O(duration).
    type: float
    default: 60
  wait_timeout:
    description:
      - Maximum wait in seconds. Then the existing runs are judged. A criterion with too few runs is
        O(criteria[].on_missing).
    type: float
    default: 1800
  poll_interval:
    description:
      - Polling interval in seconds, at least 5. Each poll costs one request, and one more each for V(alerts),
        V(slo_violations) and V(error_budget), which costs another one at the first poll. Catchpoint allows 20
        requests a minute and 2000 a day.
    type: float
    default: 60
  fail_fast:
    description:
      - End with V(fail) as soon as the evidence is enough.
      - An absolute limit ends the wait when no outcome of the remaining runs could keep it. A test or location that is
        ahead of the slowest is expected to keep its pace.
      - A limit on a change is judged at up to six interim analyses, each time at least 5 and at least a sixth of the
        runs came. Together they cause no more false alarms than one analysis at the end, because the early ones need
        much more evidence (Lan-DeMets spending of the O'Brien-Fleming type).
      - With V(false), every limit is judged once, at the end.
    type: bool
    default: true
  pass_fast:
    description:
      - End with V(pass) as soon as every enforced criterion passes and the remaining runs could hardly change that.
      - A limit on a change must be kept with evidence at an interim analysis, so this needs O(fail_fast) as well. An
        availability must leave no true share of failing runs with which a deploy looks as good now and fails later;
        with C(min) 99 that takes 16 of 20 runs without a failure. Other absolute limits must be safe whatever the
        remaining runs are.
      - Alerts, SLO violations, error budgets, availability compared with the baseline, and a limit on the change of a
        minimum, maximum or sum, are always judged at the end.
      - It misses at most 2 in 100 of the regressions that all runs would have shown (measured on simulations).
    type: bool
    default: true
  baseline:
    description:
      - What limits on an increase or a decrease compare with. The default is the hour before O(since).
    type: dict
    suboptions:
      before:
        description:
          - The end of the baseline window, written as O(since). Give the time when the deploy began.
          - The default is O(since).
        type: str
      duration:
        description: The length of the baseline window in seconds.
        type: float
        default: 3600
      history:
        description:
          - Seconds before the baseline whose runs show how much neighbouring runs resemble each other. The more they
            do, the fewer independent runs they count as. They are read with the same request as the baseline and are
            not compared with.
          - The default is four times O(baseline.duration). With V(0) only the baseline itself is used, which misses
            much of it.
        type: float
      match:
        description:
          - V(location) compares every run with the usual value at its own location, so that another mix of locations is
            no change.
          - V(none) compares all runs as they are.
        type: str
        choices:
          - location
          - none
        default: location
      runs:
        description:
          - Runs to compare with in place of a window, as M(community.catchpoint.catchpoint_test_data_info) returns them
            with its option O(community.catchpoint.catchpoint_test_data_info#module:include_runs).
        type: list
        elements: dict
      control_test_ids:
        description:
          - Tests of something that the deploy does not touch. The change that they see between the same two windows is
            taken out. This helps when both tests share their drift, for example through the same servers. Otherwise it
            costs 14 to 29 points of detection, because the noise of the control is added.
          - They are read together with O(test_ids), and are not judged themselves.
        type: list
        elements: int
  fail_on:
    description:
      - The verdicts that fail the task. With V([]) it never fails, and later tasks decide with the test
        P(community.catchpoint.gate_passed#test). That is the way for a play with several hosts.
      - Wrong options always fail the task, before any waiting.
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
  retry_budget:
    description:
      - Not used by the gate, which has time anyway. If Catchpoint does not respond, sends a response that cannot be
        read, or fails with a status of 500 or more, the gate retries after 5, 10, 20, 40 and then every 60 seconds. It
        waits for request limits (status 429) as long as they hold. Both end with O(wait_timeout) at the latest.
      - If nothing has ever answered at O(base_url), the fifth failure in a row is the verdict V(error). All refusals,
        such as of the credentials, end it at once.
      - Taken from E(CATCHPOINT_RETRY_BUDGET) where it is not given.
    type: float
    default: 60
attributes:
  check_mode:
    support: full
    details:
      - In check mode nothing was deployed. The options are checked, no request is sent, and the verdict is V(skipped).
  async:
    description: Supports being used with the C(async) keyword.
    support: none
    details:
      - The gate waits in the foreground and shows its progress.
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the
      controller.
    support: full
    details:
      - It runs on the controller as a whole, whatever the host of the task, and needs no connection to it.
notes:
  - In a play with several hosts, set C(run_once) and O(fail_on=[]), and let a task after it decide on every host, as
    the examples show. A failing task with C(run_once) in a block makes some releases of ansible-core rescue the first
    host only. The role P(community.catchpoint.performance_gate#role) does all of that.
  - A play that was rescued counts as successful. End C(rescue) with M(ansible.builtin.fail), or the rollout continues.
  - With C(serial), tests usually reach the old and the new version through the load balancer until the last batch is
    done. Gate the batches on availability and alerts, and on timing after the last one.
  - A gate of 3 runs is a smoke test. Use O(criteria[].fail.max) for it, and not
    O(criteria[].fail.max_increase_percent). About 20 runs find an increase of 30 percent.
  - A gate of 30 minutes with the usual O(poll_interval) costs about 32 requests. All tasks of a run share one rate
    limiter.
seealso:
  - module: community.catchpoint.catchpoint_test_info
  - module: community.catchpoint.catchpoint_test_data_info
  - plugin: community.catchpoint.gate_passed
    plugin_type: test
  - plugin: community.catchpoint.gate_report
    plugin_type: filter
  - plugin: community.catchpoint.performance_verdict
    plugin_type: filter
"""

EXAMPLES = r"""
# Right after a deploy, leave since out: the gate then waits for runs that begin from that moment on.
# These examples look half an hour back instead, so that they can be tried at once.

- name: Performance must hold
  community.catchpoint.catchpoint_performance_gate:
    test_ids: [81093]
    since: "{{ now().timestamp() | int - 1800 }}"
    warmup: 60
    min_runs: 20
    criteria:
      - metric: availability
        fail: {min: 95}
      - metric: test_time
        fail: {max: 4000}

- name: A deploy that is taken back when users would notice it, on one host or on many
  block:
    - name: Remember when the deploy begins
      ansible.builtin.set_fact:
        deploy_started: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() - 1800, utc=true) }}"

    - name: Deploy
      ansible.builtin.debug:
        msg: Here the new version is installed.

    - name: Judge the deploy, once for all hosts
      community.catchpoint.catchpoint_performance_gate:
        test_ids: [81093]
        since: "{{ deploy_started }}"
        warmup: 120
        duration: 1500
        baseline:
          before: "{{ deploy_started }}"
        criteria:
          - metric: availability
            fail: {min: 95}
          - metric: test_time
            fail: {max: 4000, max_increase_percent: 20}
            warn: {max_increase_percent: 10}
            min_delta: 50
          - metric: alerts
            fail: {max: 0}
        fail_on: []
      register: gate
      run_once: true

    - name: Performance must hold, on every host
      ansible.builtin.assert:
        that: gate is community.catchpoint.gate_passed
        fail_msg: "{{ gate.msg }}"
        quiet: true
  rescue:
    - name: Roll back, unless the gate only had too little to judge by
      ansible.builtin.debug:
        msg: Here the old version is installed again.
      when: ansible_failed_task.name != 'Performance must hold, on every host' or gate.verdict == 'fail'

    - name: Stop the rollout
      ansible.builtin.fail:
        msg: "{{ ansible_failed_result.msg }}"

- name: Look at a slow page without failing the task
  community.catchpoint.catchpoint_performance_gate:
    test_ids: [81094]
    since: "{{ now().timestamp() | int - 1800 }}"
    duration: 1500
    criteria:
      - metric: test_time
        name: Product page
        fail: {max_increase_percent: 20}
        split_by: location
        max_failing: 1
    fail_on: []
  register: gate

- name: Show the report
  ansible.builtin.debug:
    msg: "{{ gate.report }}"

- name: Compare with a page that the deploy does not touch
  community.catchpoint.catchpoint_performance_gate:
    test_ids: [81093]
    since: "{{ now().timestamp() | int - 1800 }}"
    duration: 1500
    baseline:
      control_test_ids: [81099]
    criteria:
      - metric: webpage_response
        fail: {max_increase_percent: 25}
"""

RETURN = r"""
verdict:
  description:
    - V(pass), V(warn), V(inconclusive), V(fail), V(error), or V(skipped) in check mode.
    - The worst status of the criteria that are enforced. V(fail) is worse than V(inconclusive), and that is worse than
      V(warn).
  returned: always, but for wrong options
  type: str
  sample: fail
msg:
  description: The verdict and its main reason in one line.
  returned: always
  type: str
  sample: "performance gate: PASS (3 criteria, 20 usable runs)"
report:
  description: One line for each criterion and test, and what they rest on.
  returned: always, but for wrong options
  type: list
  elements: str
criteria:
  description:
    - One entry for each criterion, for each test, and for each location where the criterion is split.
    - It is empty when the verdict is V(error) or V(skipped).
  returned: always, but for wrong options
  type: list
  elements: dict
  contains:
    criterion:
      description: The position of the criterion in O(criteria), from 0.
      type: int
      returned: always
    name:
      description: The criterion's name.
      type: str
      returned: always
    metric:
      description: The slug of the metric.
      type: str
      returned: always
    aggregate:
      description: The aggregate, V(null) where there is none.
      type: str
      returned: always
    test_id:
      description: The test's id.
      type: int
      returned: always
    test_name:
      description: The test's name, V(null) if no run states it.
      type: str
      returned: always
    location:
      description: The location, V(null) when the criterion is not split by location.
      type: str
      returned: always
    status:
      description: V(pass), V(warn), V(inconclusive) or V(fail).
      type: str
      returned: always
    enforced:
      description: Whether it counts for the verdict.
      type: bool
      returned: always
    value:
      description: The measured value, V(null) if it is not defined.
      type: float
      returned: always
    unit:
      description: V(ms), V(percent), V(bytes), V(count) or V(none).
      type: str
      returned: always
    limit:
      description:
        - The limit that decided, with its RV(ignore:level) (V(fail) or V(warn)), RV(ignore:key), RV(ignore:value) and
          RV(ignore:text). V(null) when no limit could be held against the value.
      type: dict
      returned: always
    limits:
      description: All limits of the criterion, by V(fail) and V(warn).
      type: dict
      returned: always
    samples:
      description: How many values were used.
      type: int
      returned: always
    needed:
      description: How many values a verdict needs, V(null) for V(alerts), V(slo_violations) and V(error_budget).
      type: int
      returned: always
    failed:
      description: How many runs failed.
      type: int
      returned: always
    unusable:
      description: The number of runs that did not fail but lack a value of the metric.
      type: int
      returned: always
    baseline:
      description:
        - What was compared with, V(null) without a limit on a change. A criterion without limits, or one that is not
          enforced, is compared as well when another one has such a limit.
        - RV(ignore:value) is the aggregate as measured, RV(ignore:adjusted) the one for the locations of the current
          runs, RV(ignore:samples) the number of values, RV(ignore:compared) how many values of either side were
          compared, RV(ignore:excluded_locations) those without enough runs, RV(ignore:control) what the control tests
          saw. RV(ignore:lost_locations) send no runs any more, RV(ignore:lost_runs) has their runs in the baseline.
      type: dict
      returned: always
    change:
      description: The change against the baseline in the metric's unit, or in percentage points.
      type: float
      returned: always
    change_percent:
      description: The change in percent of the baseline, V(null) when that is 0 and the value is not.
      type: float
      returned: always
    p:
      description:
        - How likely so large a difference is by accident, V(null) where that does not apply. For a V(min) of
          V(availability) that is exceeded, it is that of the binomial test.
      type: float
      returned: always
    level:
      description: The significance that RV(criteria[].p) was held against, V(null) where no test applies.
      type: float
      returned: always
    looks:
      description:
        - The interim analyses of limits on a change, each with RV(ignore:samples) and RV(ignore:level).
      type: list
      elements: dict
      returned: always
    inflation:
      description:
        - By how much the variance of the difference exceeds that of independent runs, V(null) where no test applies.
      type: float
      returned: always
    effective_samples:
      description: How many independent runs RV(criteria[].samples) count as, V(null) where no test applies.
      type: int
      returned: always
    single_location:
      description: The location that a change rests on alone, V(null) in all other cases.
      type: str
      returned: always
    reason:
      description: Why the status is what it is.
      type: str
      returned: always
    note:
      description: A word on it for the report, or nothing.
      type: str
      returned: always
    explanation:
      description:
        - What changed, for a row that warns or fails; V(null) for all others. It never changes a status.
        - For a limit on the change of a time, the RV(ignore:metrics) that changed (components of the time, moments of
          the page load, and properties of the page such as the number of requests), the components that are
          RV(ignore:unchanged), and the change at each of the RV(ignore:locations).
        - For availability, RV(ignore:failed_runs_by_location), and RV(ignore:errors), the failed runs by type of error.
        - RV(ignore:text) says it in at most two lines, which begin with V(because) and V(where).
      type: dict
      returned: always
      sample:
        {errors: null, failed_runs_by_location: null,
         locations: [{change_percent: 41.0, location: Sydney, moved: true, p: 0.0002, samples: [6, 12]}],
         metrics: [{baseline: 300, change: 290, change_percent: 96.7, current: 590, kind: time, metric: wait,
                    p: 0.00000012, samples: [30, 60], share: 0.95, unit: ms}],
         text: ["because wait +290 ms (95 % of the change), p<0.001; dns, connect, ssl, load unchanged",
                "where at 5 of 5 locations: Sydney +41 % to New York +22 %"],
         unchanged: [dns, connect, ssl, load]}
runs:
  description:
    - How many runs of O(test_ids) there were, by what became of them. RV(ignore:seen) since O(since), RV(ignore:used),
      RV(ignore:failed), RV(ignore:unusable), in the RV(ignore:warmup), RV(ignore:before) and RV(ignore:after) the
      window, in the RV(ignore:baseline) and in its RV(ignore:history). RV(ignore:duplicates) are further copies of
      runs with the same test, node and start, which count once.
  returned: always, but for wrong options
  type: dict
  sample:
    {after: 0, baseline: 60, before: 0, duplicates: 0, failed: 2, history: 240, seen: 24, unusable: 1, used: 20,
     warmup: 1}
windows:
  description:
    - The RV(ignore:current) window, the one of the RV(ignore:baseline) and its RV(ignore:history) (V(null) when there
      is none), each with RV(ignore:start) and RV(ignore:end); and the beginning of it all, RV(ignore:since). In UTC.
  returned: always, but for wrong options
  type: dict
waited:
  description:
    - The RV(ignore:seconds) it took, the number of RV(ignore:polls), whether it RV(ignore:timed_out) or
      RV(ignore:stopped_early) because the evidence was enough, why it RV(ignore:ended_by) (V(horizon),
      V(timeout), V(fail) or V(pass)), what it had RV(ignore:reached) by then, and the RV(ignore:api_retries), requests
      that were sent again after a failure.
  returned: always, but for wrong options
  type: dict
  sample:
    {api_retries: 0, ended_by: horizon, polls: 11, reached: 20 of 20 runs, seconds: 612.0, stopped_early: false,
     timed_out: false}
clock_skew_seconds:
  description: Catchpoint's clock minus the controller's, V(null) when it is not known.
  returned: always, but for wrong options
  type: float
  sample: 0.4
outages:
  description:
    - Internet outages in the cities and countries of the runs during the current window, each with its
      RV(ignore:service), RV(ignore:start), RV(ignore:end), RV(ignore:city), RV(ignore:country), RV(ignore:region) and
      RV(ignore:types) of errors.
    - They are read with one request when a row warns or fails. V(null) when they were not read.
  returned: always, but for wrong options
  type: list
  elements: dict
notes:
  description: What could not be read to explain the verdict. It does not change the verdict.
  returned: always, but for wrong options
  type: list
  elements: str
  sample: []
plot:
  description: The runs in short, for the report in HTML of P(community.catchpoint.gate_report#filter).
  returned: always, but for wrong options
  type: list
  elements: dict
requests_made:
  description: How many HTTP requests the task sent.
  returned: always, but for wrong options
  type: int
  sample: 13
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.community.catchpoint.plugins.module_utils._module import argument_spec
from ansible_collections.community.catchpoint.plugins.module_utils._operations.performance_gate import OPERATION


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(OPERATION), supports_check_mode=True, **OPERATION.rules)
    module.fail_json(
        msg="community.catchpoint.catchpoint_performance_gate runs on the controller, by its action plugin, and was "
        "run as a module instead. Use it as a task under this full name."
    )


if __name__ == "__main__":
    main()
