#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_favorite_info
short_description: Read Catchpoint favorite charts
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the favorite charts of the account, and on request their definitions and the data that they show.
  - The list costs one request, or none when charts are read by id with their details. Details and data cost one
    request a chart each, and with REST API v2 and later data without details costs two, because only the
    details report what the rows are broken down by.
options:
  favorite_ids:
    description: The ids of the charts to return. Without it, all are returned.
    type: list
    elements: int
  include:
    description:
      - What to return besides id and name. V(details) is the chart's definition, V(data) the data that it shows.
    type: list
    elements: str
    choices:
      - details
      - data
  start:
    description:
      - The start of the data's window, instead of the one that the chart has saved.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since 1970, V(now), or a time before
        O(end), as negative minutes (V(-60)) or as V(-1h), V(-90m) or V(-2d).
      - A time without an offset is read in O(tz), and refused without it.
      - When O(end) alone is given, the window is the hour before it.
    type: str
  end:
    description:
      - The end of the data's window, written as O(start). A relative time counts back from now.
      - When O(start) alone is given, it is V(now).
    type: str
  tz:
    description:
      - The time zone of O(start) and O(end) if they lack an offset, as an IANA name such as V(Europe/Berlin).
    type: str
  interval:
    description:
      - The length of the data's steps by name, such as V(Minutes15), instead of the one that the chart has saved.
        REST API v1
        cannot override it.
    type: str
  test_ids:
    description: The tests to show, instead of those that the chart has saved.
    type: list
    elements: int
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
"""

EXAMPLES = r"""
- name: Which favorite charts are there?
  community.catchpoint.catchpoint_favorite_info:
  register: all_charts

- name: Read what one of them shows of the last three hours
  community.catchpoint.catchpoint_favorite_info:
    favorite_ids: "{{ all_charts.favorites[0].id }}"
    include: data
    start: -180
  register: chart

- name: Show its summary, one line per breakdown
  ansible.builtin.debug:
    msg: "{{ item.breakdown }}: {{ item.metrics }}"
  loop: "{{ chart.favorites[0].data.summary }}"
  loop_control:
    label: "{{ item.breakdown }}"
"""

RETURN = r"""
favorites:
  description: The favorite charts.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 88123
      name: Weekly availability
      description: null
      changed: "2026-01-20T08:00:00Z"
      data:
        window:
          start: "2026-11-23T07:00:00Z"
          end: "2026-11-23T10:00:00Z"
        complete: true
        metrics:
          availability:
            label: "% Availability"
            unit: percent
            statistic: null
        summary:
          - breakdown:
              test: Home page
            breakdown_ids:
              test: 81093
            metrics:
              availability: 99.98
        detail:
          - time: "2026-11-23T07:00:00Z"
            breakdown:
              test: Home page
            breakdown_ids:
              test: 81093
            metrics:
              availability: 100.0
  contains:
    id:
      description: The chart's id.
      type: int
      returned: always
    name:
      description: The chart's name.
      type: str
      returned: always
    description:
      description: The chart's description.
      type: str
      returned: always
    changed:
      description: When the chart was last changed.
      type: str
      returned: always
    details:
      description: The chart's definition. Members that the service does not return are V(null) or empty.
      type: dict
      returned: when O(include) has V(details)
      contains:
        time_frame:
          description: The saved window.
          type: str
          returned: always
        interval:
          description: The saved length of steps.
          type: str
          returned: always
        dimension:
          description: The axis of the chart, usually V(time).
          type: str
          returned: always
        breakdowns:
          description: The breakdowns of the rows, such as V(country) and V(city).
          type: list
          elements: str
          returned: always
        statistics:
          description: The statistics shown, in the service's words.
          type: list
          elements: str
          returned: always
        tests:
          description: The tests shown, each with RV(ignore:id), RV(ignore:name) and RV(ignore:type).
          type: list
          elements: dict
          returned: always
        metrics:
          description: The slugs of the metrics shown.
          type: list
          elements: str
          returned: always
        source:
          description: The kind of object that the chart shows, such as V(test).
          type: str
          returned: always
    data:
      description: The data of the chart.
      type: dict
      returned: when O(include) has V(data)
      contains:
        window:
          description: The requested window, otherwise the window that the service reports, with RV(ignore:start) and
            RV(ignore:end).
          type: dict
          returned: always
        complete:
          description: Whether the service gave all rows.
          type: bool
          returned: always
        metrics:
          description: Label, unit and statistic of each metric, by its slug.
          type: dict
          returned: always
        summary:
          description: One row per breakdown for the whole window, with RV(ignore:breakdown),
            RV(ignore:breakdown_ids) and RV(ignore:metrics).
          type: list
          elements: dict
          returned: always
        detail:
          description: >-
            One row per interval and breakdown, with the interval's start as RV(ignore:time). The time is V(null) for a
            chart whose axis is not time.
          type: list
          elements: dict
          returned: always
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.favorite_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
