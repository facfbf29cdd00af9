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
  - It runs on the controller. Ids share requests, one for O(ids_per_request) of them. Hosts and tasks share results
    (O(cache_ttl)), and queries that hosts make at the same time share a request.
  - The same options give the same result as M(community.catchpoint.catchpoint_test_data_info).
options:
  _terms:
    description:
      - The ids of the tests, as numbers, texts, texts with commas, or lists of them.
      - An empty list returns an empty list, with a warning.
    required: true
    type: list
    elements: int
  # BEGIN GENERATED policies by tests/tools/generate_docs.py
  on_missing:
    type: str
    choices:
      - error
      - warn
      - empty
    default: error
    description:
      - What to do when a test has no run in the window. Fail, show a warning and return
        an empty result, or only return an empty result (V(empty)).
      - An empty result has counts of zero, and V(null) for everything else that is not
        known.
      - The default is V(error), because a condition must not pass on missing data.
  on_stale:
    type: str
    choices:
      - error
      - warn
      - ignore
    default: error
    description:
      - What to do when data is stale (O(max_age)). Fail, show a warning, or nothing.
      - The default is V(error), because a condition must not pass on missing data.
  # END GENERATED policies
extends_documentation_fragment:
  - community.catchpoint.test_data.plugins
  - community.catchpoint.connection.plugins
notes:
  - C(lookup) returns a dictionary for one id and a list of dictionaries for several. C(query) always returns a list.
  - Ansible evaluates a lookup each time that it uses the expression. Results are cached for O(cache_ttl) seconds, also
    in a loop with C(until); set O(cache_ttl=0) there.
seealso:
  - module: community.catchpoint.catchpoint_test_data_info
  - module: community.catchpoint.catchpoint_test_info
"""

EXAMPLES = r"""
- name: Continue only if the home page performs well
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

- name: Show two tests over the last three hours
  ansible.builtin.debug:
    msg: "{{ item.test_name }} {{ item.availability }} %"
  loop: "{{ query('community.catchpoint.catchpoint_test_data', 81093, 81094, start='-3h', metrics=['test_time']) }}"
  loop_control:
    label: "{{ item.test_id }}"

- name: Check the test of each host, with one request for all hosts
  ansible.builtin.assert:
    that: lookup('community.catchpoint.catchpoint_test_data', catchpoint_test_id).availability >= 95

- name: Require that a test ran within the last hour
  ansible.builtin.debug:
    msg: "{{ lookup('community.catchpoint.catchpoint_test_data', 81093, max_age=3600).latest.time }}"
"""

RETURN = r"""
_raw:
  description: One test's data for each term, in the order of the terms.
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
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.module_utils._operations import guards
from ansible_collections.community.catchpoint.plugins.plugin_utils import _plugin_options
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

display = Display()

# The options as DOCUMENTATION has them. Reading that in every worker process takes longer than the rest of a lookup;
# Ansible does not read it when it knows the options already.
DEFINITIONS: dict[str, dict[str, Any]] = {
    # BEGIN GENERATED definitions by tests/tools/generate_docs.py
    "on_missing": {"type": "str", "default": "error", "choices": ["error", "warn", "empty"]},
    "on_stale": {"type": "str", "default": "error", "choices": ["error", "warn", "ignore"]},
    "start": {"type": "str"},
    "end": {"type": "str", "default": "now"},
    "tz": {"type": "str"},
    "interval": {"type": "str"},
    "metrics": {"type": "list", "elements": "str"},
    "breakdown": {"type": "str", "choices": ["node", "city", "country"]},
    "include_runs": {"type": "bool", "default": False},
    "max_age": {"type": "float"},
    "test_id_variable": {"type": "str", "default": "catchpoint_test_id", **_plugin_options.sources("test_id_variable")},
    # END GENERATED definitions
    **{
        name: {"type": kind, "default": default, **_plugin_options.sources(name)}
        for name, kind, default, _secret in TABLE
    },
}
_PLUGIN = ("lookup", __name__)
_plugin_options.register(*_PLUGIN, DEFINITIONS)

_VARIABLES = [origin["name"] for option in DEFINITIONS.values() for origin in option.get("vars", ())]
# In bytes, as the operating system stores it, which takes a third of the time.
_ENVIRONMENT = [origin["name"].encode() for option in DEFINITIONS.values() for origin in option.get("env", ())]

# Options that a user of the module may expect here.
_LIKE_TERMS = ("test_ids", "test_id", "ids", "id")

# Options by their sources, and the folder of cached results for them.
_known: dict[Any, tuple[Mapping[str, Any], str]] = {}


class LookupModule(LookupBase):
    """Returns one dictionary per test id."""

    def run(
        self, terms: Sequence[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> list[dict[str, Any]]:
        # with_community.catchpoint.catchpoint_test_data adds it on ansible-core 2.18 and earlier.
        kwargs.pop("wantlist", None)
        variables = variables or {}
        try:
            return self._results(terms, variables, kwargs)
        except (AnsibleError, CatchpointError) as error:
            given = _plugin_options.from_variables(_VARIABLES, variables, self._templar)
            raise _masked(error, given, kwargs) from None

    def _results(
        self, terms: Sequence[Any], variables: Mapping[str, Any], kwargs: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        options, folder = self._read(variables, kwargs)
        ids = _ids(terms)
        results = reader.test_data(folder, options, ids)
        if results is None:
            results = self._requested(options, ids, variables)
        for text in guards.check(results, options):
            display.warning(text)
        return results

    def _read(self, variables: Mapping[str, Any], kwargs: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """Returns the options, and the folder of cached results for them."""
        given = _plugin_options.from_variables(_VARIABLES, variables, self._templar)
        here: str = constants.DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]
        source = (here, repr(kwargs), repr(given), tuple(map(os.environb.get, _ENVIRONMENT)))
        known = _known.get(source)
        if known is None:
            self.set_options(var_options=given, direct=dict(kwargs))
            if not kwargs.keys() <= DEFINITIONS.keys():
                raise _unknown(kwargs)
            options = self._converted(given, kwargs)
            if len(_known) > 100:
                _known.clear()
            known = _known[source] = (options, reader.data_folder(options))
        return known

    def _converted(self, variables: Mapping[str, Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the options in their types. Raises: OptionError, which names the source of a wrong value."""
        given, options = self.get_options(), {}
        for name, definition in DEFINITIONS.items():
            try:
                options[name] = _plugin_options.converted(name, definition, given[name])
            except OptionError:
                origin = _plugin_options.origin_of(name, *_PLUGIN, variables, kwargs)
                options[name] = _plugin_options.converted(name, definition, given[name], origin)
        return options

    def _requested(
        self, options: Mapping[str, Any], ids: Sequence[int], variables: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Returns results that are not all in the cache. Raises: CatchpointError."""
        # Imported late: most uses of a lookup do not need it.
        from ansible_collections.community.catchpoint.plugins.plugin_utils._host_tests import HostTests
        from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient, announce

        if not options["test_id_variable"]:
            return RunClient(options, warn=display.warning).test_data(ids)
        hosts = HostTests(options["test_id_variable"], variables, self._templar)
        batched = hosts.includes(ids)
        hint = "" if batched else f" {hosts.hint()}"
        misspelling = hosts.misspelling()
        if misspelling is not None:
            display.warning(misspelling)
        client = RunClient(options, warn=display.warning, announce=lambda text: announce(f"{text}{hint}".rstrip()))
        return client.test_data(ids, hosts if batched else None)


def _masked(error: Exception, variables: Mapping[str, Any], given: Mapping[str, Any]) -> AnsibleLookupError:
    """Returns the same error without secrets, which may have been pasted into any option."""
    from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import secret_texts
    from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact

    places = (
        {name: os.environ.get(f"CATCHPOINT_{name.upper()}") for name, *_rest in TABLE},
        {name: variables.get(f"ansible_catchpoint_{name}") for name, *_rest in TABLE},
        given,
    )
    return AnsibleLookupError(redact(str(error), [text for options in places for text in secret_texts(options)]))


def _ids(terms: Iterable[Any]) -> list[int]:
    """Returns the terms as ids. Raises: OptionError, and AnsibleLookupError without terms."""
    terms = list(terms)
    ids = _plugin_options.ids("test", terms)
    if not terms:
        raise AnsibleLookupError("No test id is given. Name one or more as terms, such as 81093.")
    if not ids:
        display.warning("The list of test ids is empty, so catchpoint_test_data returns no data.")
    return ids


def _unknown(given: Mapping[str, Any]) -> AnsibleLookupError:
    from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import closest

    name = next(name for name in given if name not in DEFINITIONS)
    if name in _LIKE_TERMS:
        return AnsibleLookupError(
            f"The lookup has no option {name!r}. Give ids as terms: "
            "lookup('community.catchpoint.catchpoint_test_data', 81093)."
        )
    near = closest(name, DEFINITIONS)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Its options are: {', '.join(sorted(DEFINITIONS))}."
    return AnsibleLookupError(f"The lookup has no option {name!r}. {hint}")
