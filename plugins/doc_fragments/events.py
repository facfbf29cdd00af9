# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that alerts and errors share: which tests, and which window."""

    DOCUMENTATION = r"""
options:
  test_ids:
    description:
      - Only events of these tests.
      - An id that does not exist is an error. Lists of events do not report unknown ids, so the ids are looked up
        first, with one request for O(ids_per_request) of them, once in a run. REST API v1 needs a request for each id,
        or the list of all tests if there are more than 10.
    type: list
    elements: int
  product:
    description:
      - Only events of the active tests of the product with this id or name.
      - It costs a request for 100 tests of the product, and one more for a name. If no active test matches, the task
        fails.
    type: str
  labels:
    description:
      - Only events of the active tests that have these labels, by name. The value is one that the label must have, a
        list of such values, or empty if any value matches.
      - It costs a request for 100 active tests. If no active test matches, the task fails.
      - REST API v1 does not support labels.
    type: dict
  end:
    description: The end of the window, written as O(start). A relative time counts back from now. The default is now.
    type: str
  tz:
    description:
      - The time zone of O(start) and O(end) if they lack an offset, as an IANA name such as V(Europe/Berlin).
    type: str
"""
