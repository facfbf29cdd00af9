# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that say which data of tests is asked for: the same in the module and in the lookup."""

    DOCUMENTATION = r"""
options:
  start:
    description:
      - The start of the window.
      - A time in ISO 8601 with Z or an offset (V(2026-11-23T09:00:00Z)), seconds since 1970, V(now), or a time before
        O(end), as negative minutes (V(-60)) or as V(-1h), V(-90m) or V(-2d).
      - A time without an offset is read in O(tz), and refused without it.
      - The default is V(-1h), or V(-1d) with O(interval).
    type: str
  end:
    description:
      - The end of the window, written as O(start). A relative time counts back from now.
    type: str
    default: now
  tz:
    description:
      - The time zone of O(start) and O(end) where they have no offset, as an IANA name such as V(Europe/Berlin). When
        the clocks go back, a repeated time is the first of the two.
    type: str
  interval:
    description:
      - The length of the steps of aggregated data, by name. V(Minutes5), V(Minutes15), V(Hour1) and V(Day) are
        usual, and REST
        API v2 and later are asked which there are.
      - Without it, every single run is read (raw data).
    type: str
  metrics:
    description:
      - The metrics to return. A metric goes by its slug (V(webpage_response)), by its display name
        (V(Webpage Response (ms\))), or with REST API v2 and later by its number (V(89)).
      - Without it, all metrics that the service has are returned. Naming a few makes answers small.
    type: list
    elements: str
  breakdown:
    description:
      - Add the same summary per location.
      - With REST API v1, V(city) and V(country) cost one further request per node, at most one for 100 nodes.
      - With REST API v1, it is an error together with O(interval), unless the service breaks aggregated data down by
        itself.
    type: str
    choices:
      - node
      - city
      - country
  include_runs:
    description:
      - Whether to return every single run as well. Aggregated data always comes with its points.
    type: bool
    default: false
"""
