# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the options that choose the data of tests."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the module and of the lookup that read the data of tests."""

    DOCUMENTATION = r"""
options:
  # BEGIN GENERATED module_options by tests/tools/generate_docs.py
  start:
    type: str
    description:
      - The start of the window.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since
        1970, V(now), or a time before O(end), as negative minutes (V(-60)) or as V(-1h),
        V(-90m) or V(-2d).
      - A time without an offset is read in O(tz), and refused without it.
      - The default is V(-1h), or V(-1d) with O(interval).
  end:
    type: str
    default: now
    description:
      - The end of the window, written as O(start). A relative time counts back from now.
  tz:
    type: str
    description:
      - The time zone of O(start) and O(end) if they lack an offset, as an IANA name such
        as V(Europe/Berlin). When the clocks go back, a repeated time is the first of the
        two.
  interval:
    type: str
    description:
      - The length of the intervals of aggregated data, by name, such as V(Minutes5), V(Minutes15),
        V(Hour1) or V(Day). REST API v2 and later list the supported names.
      - By default, every run is read (raw data).
  metrics:
    type: list
    elements: str
    description:
      - The metrics to return, by slug (V(webpage_response)), by display name (V(Webpage
        Response (ms\))), by internal name or short form (V(ttfb)), or with REST API v2
        and later by number (V(89)).
      - By default, all metrics are returned. Naming metrics reduces the size of responses.
      - There is a warning when no run has a value of a named metric, and when p75, p90
        or p95 of a named metric is V(null) because there are too few values. There is none
        when only p99 is V(null), because the default window rarely has the 100 values that
        it needs.
  breakdown:
    type: str
    choices:
      - node
      - city
      - country
    description:
      - Add the same summary per location.
      - With REST API v1, V(city) and V(country) cost one more request per node, at most
        one per 100 nodes. Together with O(interval) it is an error, unless the service
        breaks aggregated data down by itself.
  include_runs:
    type: bool
    default: false
    description:
      - Whether to return every run as well. Aggregated data always includes its points.
  max_age:
    type: float
    description:
      - The data is stale when its newest run is older than this number of seconds, by the
        service's clock.
      - With O(interval), it is stale when the newest interval with a run ended longer ago
        than that. An interval that has not ended is never stale, so a test that stops running
        is noticed later, by up to the length of an interval.
      - By default, data of any age is accepted.
  test_id_variable:
    type: str
    default: catchpoint_test_id
    description:
      - The name of the variable in which each host of the play has the id of its own test,
        or a list of ids. When a host queries its own test, the tests of all hosts of the
        play are read at once, with one request for O(ids_per_request) of them, and the
        other hosts use that result.
      - The variable may be a number, a text, a list or a template. Hosts may lack it. An
        id that does not exist fails its own host only.
      - With C(serial), the tests of the current batch are read first. The remaining space
        in a request is used for the hosts that come next.
      - An empty text disables this.
  # END GENERATED module_options
"""

    PLUGINS = r"""
options:
  # BEGIN GENERATED plugin_options by tests/tools/generate_docs.py
  start:
    type: str
    description:
      - The start of the window.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since
        1970, V(now), or a time before O(end), as negative minutes (V(-60)) or as V(-1h),
        V(-90m) or V(-2d).
      - A time without an offset is read in O(tz), and refused without it.
      - The default is V(-1h), or V(-1d) with O(interval).
  end:
    type: str
    default: now
    description:
      - The end of the window, written as O(start). A relative time counts back from now.
  tz:
    type: str
    description:
      - The time zone of O(start) and O(end) if they lack an offset, as an IANA name such
        as V(Europe/Berlin). When the clocks go back, a repeated time is the first of the
        two.
  interval:
    type: str
    description:
      - The length of the intervals of aggregated data, by name, such as V(Minutes5), V(Minutes15),
        V(Hour1) or V(Day). REST API v2 and later list the supported names.
      - By default, every run is read (raw data).
  metrics:
    type: list
    elements: str
    description:
      - The metrics to return, by slug (V(webpage_response)), by display name (V(Webpage
        Response (ms\))), by internal name or short form (V(ttfb)), or with REST API v2
        and later by number (V(89)).
      - By default, all metrics are returned. Naming metrics reduces the size of responses.
      - There is a warning when no run has a value of a named metric, and when p75, p90
        or p95 of a named metric is V(null) because there are too few values. There is none
        when only p99 is V(null), because the default window rarely has the 100 values that
        it needs.
  breakdown:
    type: str
    choices:
      - node
      - city
      - country
    description:
      - Add the same summary per location.
      - With REST API v1, V(city) and V(country) cost one more request per node, at most
        one per 100 nodes. Together with O(interval) it is an error, unless the service
        breaks aggregated data down by itself.
  include_runs:
    type: bool
    default: false
    description:
      - Whether to return every run as well. Aggregated data always includes its points.
  max_age:
    type: float
    description:
      - The data is stale when its newest run is older than this number of seconds, by the
        service's clock.
      - With O(interval), it is stale when the newest interval with a run ended longer ago
        than that. An interval that has not ended is never stale, so a test that stops running
        is noticed later, by up to the length of an interval.
      - By default, data of any age is accepted.
  test_id_variable:
    type: str
    default: catchpoint_test_id
    description:
      - The name of the variable in which each host of the play has the id of its own test,
        or a list of ids. When a host queries its own test, the tests of all hosts of the
        play are read at once, with one request for O(ids_per_request) of them, and the
        other hosts use that result.
      - The variable may be a number, a text, a list or a template. Hosts may lack it. An
        id that does not exist fails its own host only.
      - With C(serial), the tests of the current batch are read first. The remaining space
        in a request is used for the hosts that come next.
      - An empty text disables this.
    env:
      - name: CATCHPOINT_TEST_ID_VARIABLE
    ini:
      - section: catchpoint
        key: test_id_variable
    vars:
      - name: ansible_catchpoint_test_id_variable
  # END GENERATED plugin_options
"""
