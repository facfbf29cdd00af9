# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catchpoint_test_data
short_description: Recent data of Catchpoint tests, for conditions and templates
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns one dictionary per test id, with the availability and the statistics of every metric in a window of time.
  - It runs on the controller. All terms of one use go out in the fewest requests, one for O(ids_per_request) of them.
    What one host or task has asked, no other asks again (O(cache_ttl)), and what several hosts ask at the same time
    goes out together.
  - The same options give the same result as M(community.catchpoint.catchpoint_test_data_info).
options:
  _terms:
    description: The ids of the tests.
    required: true
    type: list
    elements: int
  max_age:
    description:
      - The data is stale when its newest run is older than this many seconds, by the service's clock.
      - With O(interval), it is stale when the newest step that has a run ended longer ago than that. A step that has
        not ended yet is never stale, so a test that stops running is noticed later, by up to the length of a step.
      - Without it, data of any age will do.
    type: float
  on_stale:
    description: What to do about stale data. An error, a warning, or nothing.
    type: str
    choices:
      - error
      - warn
      - ignore
    default: error
  on_missing:
    description:
      - What to do when a test has no run in the window. An error, a warning besides an empty result, or just an
        empty result
        (V(empty)).
      - An empty result has counts of zero, and V(null) for everything else that is not known.
    type: str
    choices:
      - error
      - warn
      - empty
    default: error
  test_id_variable:
    description:
      - The name of the variable in which every host of the play has the id of its own test, or a list of ids. Then the
        first host that asks for its own asks for those of all hosts of the play at once, one request for
        O(ids_per_request) of them, and all others find their answer waiting.
      - The variable may be a number, a text, a list or a template, and hosts may lack it. An id that does not exist
        fails its own host only.
      - With C(serial), requests are made for the hosts of the batch, and filled up with hosts whose turn comes next.
      - Set it once for all with E(CATCHPOINT_TEST_ID_VARIABLE),
        in C(ansible.cfg), or as a variable of the group C(all).
    type: str
    env:
      - name: CATCHPOINT_TEST_ID_VARIABLE
    ini:
      - section: catchpoint
        key: test_id_variable
    vars:
      - name: ansible_catchpoint_test_id_variable
extends_documentation_fragment:
  - community.catchpoint.connection.plugins
  - community.catchpoint.test_data
notes:
  - C(lookup) gives a dictionary for one id and a list of dictionaries for several. C(query) always gives a list.
  - A lookup is evaluated where it stands, each time anew, on the controller. What a run of C(ansible-playbook) has
    asked once, it
    does not ask again.
seealso:
  - module: community.catchpoint.catchpoint_test_data_info
  - module: community.catchpoint.catchpoint_test_info
"""

EXAMPLES = r"""
- name: Go on only when the home page is well
  ansible.builtin.assert:
    that:
      - home.availability >= 95
      - home.metrics.webpage_response.median < 10000
    fail_msg: "{{ home.test_name }}: {{ home.availability }} % available, {{ home.metrics.webpage_response.median }} ms"
  vars:
    home: "{{ lookup('community.catchpoint.catchpoint_test_data', 81093, metrics=['webpage_response']) }}"

- name: Decide in one line
  ansible.builtin.debug:
    msg: The home page is up
  when: lookup('community.catchpoint.catchpoint_test_data', 81093).availability >= 95

- name: Show two tests, whatever the age of their data
  ansible.builtin.debug:
    msg: "{{ item.test_name }} {{ item.availability }} %"
  loop: "{{ query('community.catchpoint.catchpoint_test_data', 81093, 81094, start=-180, metrics=['test_time']) }}"
  loop_control:
    label: "{{ item.test_id }}"

- name: Every host has a test of its own, and all of them go out in one request
  ansible.builtin.assert:
    that: lookup('community.catchpoint.catchpoint_test_data', catchpoint_test_id).availability >= 95
  vars:
    ansible_catchpoint_test_id_variable: catchpoint_test_id

- name: A test that must have run within the last hour
  ansible.builtin.debug:
    msg: "{{ lookup('community.catchpoint.catchpoint_test_data', 81093, max_age=3600).latest.time }}"
"""

RETURN = r"""
_raw:
  description: One test's data for each term, in the order of the terms.
  type: list
  elements: dict
  sample:
    - test_id: 81093
      test_name: Home page
      window:
        start: "2026-11-23T09:00:00Z"
        end: "2026-11-23T10:00:00Z"
      complete: true
      run_count: 60
      failed_count: 1
      availability: 98.33
      age_seconds: 74
      latest:
        time: "2026-11-23T09:58:46Z"
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
      description: The window asked for, in UTC.
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
      description: Whether the service gave everything it has of the window.
      type: bool
      returned: always
    run_count:
      description: How many runs there are.
      type: int
      returned: always
    failed_count:
      description: How many of them failed.
      type: int
      returned: always
    availability:
      description: Percent of runs without an error, V(null) without runs.
      type: float
      returned: always
    age_seconds:
      description:
        - How many seconds old the newest run is by the service's clock, V(null) without runs.
        - With O(interval), how long ago the newest step that has a run ended, V(0) while it goes on.
      type: int
      returned: always
    latest:
      description: The newest run or point, V(null) without runs.
      type: dict
      returned: always
    metrics:
      description:
        - Statistics of each metric by its slug, over the runs that did not fail and have a finite value of at least 0.
        - A percentile is V(null) when there are too few values for it (p75 needs 4, p90 needs 10, p95 needs 20, p99
          needs 100).
          Quantiles are type 7 of Hyndman and Fan.
        - Of aggregated data there are only mean (weighted with the runs), min, max and latest.
        - Each has RV(ignore:label), RV(ignore:unit) (V(ms), V(percent), V(bytes), V(count) or V(none)),
          RV(ignore:samples),
          RV(ignore:mean), RV(ignore:median), RV(ignore:p75), RV(ignore:p90), RV(ignore:p95), RV(ignore:p99),
          RV(ignore:min),
          RV(ignore:max) and RV(ignore:latest).
      type: dict
      returned: always
    by_location:
      description: Counts, availability, age, latest and metrics again, by the name of each location.
      type: dict
      returned: when O(breakdown) is given
    points:
      description:
        - The intervals in order of time. RV(ignore:time) is the start; RV(ignore:node), RV(ignore:node_id),
          RV(ignore:city) and
          RV(ignore:country) are filled by the breakdown; RV(ignore:metrics) has the values by slug.
      type: list
      elements: dict
      returned: when O(interval) is given
    runs:
      description:
        - The runs in order of time, each with RV(ignore:time), RV(ignore:test_id), RV(ignore:test_name),
          RV(ignore:node),
          RV(ignore:node_id), RV(ignore:city), RV(ignore:country), RV(ignore:failed) and its RV(ignore:metrics) by slug.
        - REST API v1 does not tell the city and country of a run unless O(breakdown) asks for them. It alone tells
          RV(ignore:host_ip), the address that the run talked to.
      type: list
      elements: dict
      returned: when O(include_runs) is true and O(interval) is not given
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

display = Display()


def _anywhere(name: str) -> dict[str, Any]:
    """Where an option may come from besides the lookup's own arguments."""
    return {
        "env": [{"name": f"CATCHPOINT_{name.upper()}"}],
        "ini": [{"section": "catchpoint", "key": name}],
        "vars": [{"name": f"ansible_catchpoint_{name}"}],
    }


# The options as DOCUMENTATION has them. Ansible would read that in every worker process, which takes longer than all
# the rest of a lookup, unless it knows the options already.
DEFINITIONS: dict[str, dict[str, Any]] = {
    "max_age": {"type": "float"},
    "on_stale": {"type": "str", "default": "error", "choices": ["error", "warn", "ignore"]},
    "on_missing": {"type": "str", "default": "error", "choices": ["error", "warn", "empty"]},
    "start": {"type": "str"},
    "end": {"type": "str", "default": "now"},
    "tz": {"type": "str"},
    "interval": {"type": "str"},
    "metrics": {"type": "list", "elements": "str"},
    "breakdown": {"type": "str", "choices": ["node", "city", "country"]},
    "include_runs": {"type": "bool", "default": False},
    "test_id_variable": {"type": "str", **_anywhere("test_id_variable")},
    **{name: {"type": kind, "default": default, **_anywhere(name)} for name, kind, default, _secret in TABLE},
}
constants.config.initialize_plugin_configuration_definitions("lookup", __name__, DEFINITIONS)

# The same as they were written. Ansible takes what is neither true nor false for false, and validate_certs must not be
# switched off by a slip of the pen.
_AS_WRITTEN = f"{__name__}_as_written"
_TRUTHS = {name: {**option, "type": "raw"} for name, option in DEFINITIONS.items() if option["type"] == "bool"}
constants.config.initialize_plugin_configuration_definitions("lookup", _AS_WRITTEN, _TRUTHS)

_VARIABLES = [origin["name"] for option in DEFINITIONS.values() for origin in option.get("vars", ())]
# In bytes, as the operating system has it: a third of the work.
_ENVIRONMENT = [origin["name"].encode() for option in DEFINITIONS.values() for origin in option.get("env", ())]

# What those who know the module take the terms for.
_LIKE_TERMS = ("test_ids", "test_id", "ids", "id")

# Options by what they came from, and where answers to the question that they ask are: the same again in the next use.
_known: dict[Any, tuple[Mapping[str, Any], str]] = {}


class LookupModule(LookupBase):
    """One dictionary per test id."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        variables = variables or {}
        try:
            return self._results(terms, variables, kwargs)
        except AnsibleError as error:
            raise _masked(error, self._given(variables), kwargs) from None

    def _results(
        self, terms: list[Any], variables: Mapping[str, Any], kwargs: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        options, folder = self._read(variables, kwargs)
        ids = _ids(terms)
        results: list[dict[str, Any]] | None = reader.test_data(folder, options, ids)
        if results is None:
            results = self._asked(options, ids, variables)
        for result in results:
            _judge(result, options)
        return results

    def _read(self, variables: Mapping[str, Any], kwargs: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """The options, and the folder of answers to the question that they ask."""
        given = self._given(variables)
        here: str = constants.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]
        source = (here, repr(kwargs), repr(given), tuple(map(os.environb.get, _ENVIRONMENT)))
        known = _known.get(source)
        if known is None:
            self.set_options(var_options=given, direct=_as_text(kwargs))
            if not kwargs.keys() <= DEFINITIONS.keys():
                raise _unknown(kwargs)
            _check_truths(given, kwargs)
            options = self.get_options()
            if len(_known) > 100:
                _known.clear()
            known = _known[source] = (options, reader.data_folder(options))
        return known

    def _given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables that are options. Ansible does not render templates in them, as in a password from a vault."""
        given = {name: variables[name] for name in _VARIABLES if name in variables}
        return {
            name: self._templar.template(value) if self._templar and isinstance(value, str) and "{" in value else value
            for name, value in given.items()
        }

    def _asked(
        self, options: Mapping[str, Any], ids: Sequence[int], variables: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        # Imported late: most uses of a lookup are answered without.
        from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
        from ansible_collections.community.catchpoint.plugins.plugin_utils._host_tests import HostTests
        from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient

        fleet = None
        if options["test_id_variable"]:
            fleet = HostTests(options["test_id_variable"], variables, self._templar)
        try:
            controller = RunClient(options, warn=display.warning)
            return controller.test_data(ids, fleet if fleet is not None and fleet.includes(ids) else None)
        except CatchpointError as error:
            raise AnsibleLookupError(str(error)) from None


def _masked(error: AnsibleError, variables: Mapping[str, Any], given: Mapping[str, Any]) -> AnsibleLookupError:
    """The same error without secrets, which may have been pasted into any option."""
    from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import secret_texts
    from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact

    places = (
        {name: os.environ.get(f"CATCHPOINT_{name.upper()}") for name, *_rest in TABLE},
        {name: variables.get(f"ansible_catchpoint_{name}") for name, *_rest in TABLE},
        given,
    )
    return AnsibleLookupError(redact(str(error), [text for options in places for text in secret_texts(options)]))


def _as_text(given: Mapping[str, Any]) -> dict[str, Any]:
    """What YAML reads as a time or a number, as the text that the module's twin option makes of it."""
    texts = {name: str(given[name]) for name in ("start", "end") if given.get(name) is not None}
    metrics = given.get("metrics")
    numbers = {"metrics": [str(metrics)]} if isinstance(metrics, int) else {}
    return {**given, **texts, **numbers}


def _check_truths(variables: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse what is neither true nor false, wherever it comes from."""
    for name in _TRUTHS:
        value = constants.config.get_config_value(
            name, plugin_type="lookup", plugin_name=_AS_WRITTEN, variables=variables, direct=given
        )
        try:
            boolean(value)
        except TypeError:
            raise AnsibleLookupError(f"{name} is {value!r}, but must be true or false.") from None


def _ids(terms: Sequence[Any]) -> list[int]:
    """The terms as numbers; a list among them counts as its elements."""
    flat = [one for term in terms for one in (term if isinstance(term, (list, tuple)) else [term])]
    for term in flat:
        if isinstance(term, bool) or not (str(term).isascii() and str(term).strip().isdecimal()):
            raise AnsibleLookupError(
                f"The term {term!r} is no test id. Give numbers such as 81093, each as a term of its own; "
                "community.catchpoint.catchpoint_test_info finds the id of a test by its name."
            )
    if not flat:
        raise AnsibleLookupError("No test id is given. Name one or more as terms, such as 81093.")
    return [int(term) for term in flat]


def _unknown(given: Mapping[str, Any]) -> AnsibleLookupError:
    from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import closest

    name = next(name for name in given if name not in DEFINITIONS)
    if name in _LIKE_TERMS:
        return AnsibleLookupError(
            f"The lookup has no option {name!r}. Give ids as terms: "
            "lookup('community.catchpoint.catchpoint_test_data', 81093)."
        )
    near = closest(name, DEFINITIONS)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(sorted(DEFINITIONS))}."
    return AnsibleLookupError(f"The lookup has no option {name!r}. {hint}")


def _judge(result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    """Act on missing and stale data as the options say."""
    test, window = f"Test {result['test_id']}", result["window"]
    # Steps of aggregated data may come without any run in them.
    if result["latest"] is None or result["run_count"] == 0:
        _act(
            options["on_missing"],
            f"{test} has no run between {window['start']} and {window['end']}. Is it active, and does it run that "
            "often? An earlier start finds older runs, on_missing=empty accepts that there are none.",
        )
    elif options["max_age"] is not None and result["age_seconds"] > options["max_age"]:
        newest = (
            f"The newest step with a run of test {result['test_id']} ended {result['age_seconds']} seconds ago"
            if options["interval"]
            else f"The newest run of test {result['test_id']} is {result['age_seconds']} seconds old "
            f"({result['latest']['time']})"
        )
        _act(
            options["on_stale"],
            f"{newest}, max_age is {options['max_age']:g}. Does the test still run? "
            "on_stale=warn or on_stale=ignore accepts old data.",
        )


def _act(policy: str, message: str) -> None:
    if policy == "error":
        raise AnsibleLookupError(message)
    if policy == "warn":
        display.warning(message)
