#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_label_info
short_description: List Catchpoint labels, their values and the tests that have them
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the labels of the account. Their names and values are what the option O(ignore:labels) of other modules and
    of the inventory plugin accepts.
  - If no label matches, the list is empty and there is a warning.
  - It sends one request for 100 labels.
  - REST API v1 does not support labels, so this module needs an O(api_key).
options:
  name:
    description:
      - Only labels whose name contains this text, in upper or lower case.
      - How Catchpoint compares names is not documented. If it compares whole names, a part of a name finds no label.
    type: str
  value:
    description: Only labels that have a value which contains this text, in upper or lower case.
    type: str
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
seealso:
  - module: community.catchpoint.catchpoint_product_info
  - module: community.catchpoint.catchpoint_test_info
"""

EXAMPLES = r"""
- name: Look up the values of a label
  community.catchpoint.catchpoint_label_info:
    name: team
  register: found

- name: Show the tests of each team
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.test_ids | join(', ') }}"
  loop: "{{ found.labels[0].label_values }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
labels:
  description: The labels.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 77
      name: team
      color: "#00A0DF"
      division_id: 1157
      label_values:
        - id: 410
          name: web
          test_ids: [81093, 81094]
  contains:
    id:
      description: The label's id.
      type: int
      returned: always
    name:
      description: The label's name.
      type: str
      returned: always
    color:
      description: The color in which the Catchpoint portal shows the label.
      type: str
      returned: always
    division_id:
      description: The id of the label's division.
      type: int
      returned: always
    label_values:
      description: All values of the label.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: The value's id.
          type: int
          returned: always
        name:
          description: The value.
          type: str
          returned: always
        test_ids:
          description: The ids of the tests that have this value.
          type: list
          elements: int
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.label_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
