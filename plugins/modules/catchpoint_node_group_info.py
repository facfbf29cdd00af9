#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_node_group_info
short_description: Look up Catchpoint node groups
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the node groups of the account with their nodes. If several filters are given, a group must match all
    of them.
  - Catchpoint does not document how it compares names. The module compares them again, so it never returns more than
    what matches. If Catchpoint requires whole names, a part of a name finds nothing.
options:
  name:
    description: A part of the group's name, in upper or lower case.
    type: str
  network_type:
    description: The kind of network that the group's nodes are in.
    type: str
    choices:
      - backbone
      - last_mile
      - wireless
      - private
      - enterprise
      - public_cloud
      - any
      - bgp
      - web_page_test
      - enterprise_branch
  node_id:
    description: Only groups that contain this node.
    type: int
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
seealso:
  - module: community.catchpoint.catchpoint_node_info
"""

EXAMPLES = r"""
- name: Which groups hold node 81?
  community.catchpoint.catchpoint_node_group_info:
    node_id: 81
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.node_groups | map(attribute='name') }}"
"""

RETURN = r"""
node_groups:
  description: The node groups.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 551
      name: EMEA backbone
      description: null
      network_type: backbone
      node_count: 1
      nodes:
        - id: 81
          name: London, UK - Cogent
          network_type: backbone
          status: active
  contains:
    id:
      description: The group's id.
      type: int
      returned: always
    name:
      description: The group's name.
      type: str
      returned: always
    description:
      description: The group's description.
      type: str
      returned: always
    network_type:
      description: The kind of network, in the words of O(network_type).
      type: str
      returned: always
    node_count:
      description: How many nodes the group has.
      type: int
      returned: always
    nodes:
      description: The nodes, each with RV(ignore:id), RV(ignore:name), RV(ignore:network_type) and RV(ignore:status).
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.node_group_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
