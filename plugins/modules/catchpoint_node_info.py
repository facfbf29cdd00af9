#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_node_info
short_description: Look up Catchpoint nodes
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the nodes that Catchpoint runs tests at, by id or by filter.
  - If several filters are given, a node must match all of them. All pages of the list are read, with 100 nodes per
    request.
  - Catchpoint does not document how it compares names. The module compares them again, so it never returns more than
    what matches. If Catchpoint requires whole names, a part of a name finds nothing.
options:
  node_ids:
    description:
      - The ids of the nodes to return. An id that does not exist is an error.
      - It cannot be combined with a filter. Active and inactive nodes are returned.
      - REST API v2 and later do not return public nodes by id, so the list of all nodes is read until all are found.
        With REST API v1, each id costs one request.
    type: list
    elements: int
  name:
    description: A part of the node's name, in upper or lower case.
    type: str
  network_type:
    description: The kind of network that the node is in.
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
  city:
    description: A part of the city's name, in upper or lower case.
    type: str
  country:
    description:
      - The country, by its name (V(Germany)), by its ISO code (V(DE) or V(DEU)), or by whole words of its name.
      - Usual other names are known, too, such as V(UK) and V(Holland). Case does not matter.
    type: str
  asn:
    description: The number of the node's autonomous system (V(3356) or V(AS3356)), or a part of its name.
    type: str
  active:
    description: Whether the node is active.
    type: bool
  paused:
    description: Whether the node is paused. REST API v1 does not return this.
    type: bool
  targeted:
    description: Whether a test of this account uses the node.
    type: bool
  ipv6:
    description: Whether the node tests over IPv6.
    type: bool
  scope:
    description:
      - V(all) includes all nodes, V(enterprise) only those that you run yourself.
      - With REST API v2 and later, V(enterprise) without O(active) costs two requests.
    type: str
    choices:
      - all
      - enterprise
    default: all
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
seealso:
  - module: community.catchpoint.catchpoint_node_group_info
"""

EXAMPLES = r"""
- name: Find the active backbone nodes in Germany
  community.catchpoint.catchpoint_node_info:
    country: germany
    network_type: backbone
    active: true
  register: german

- name: Show them
  ansible.builtin.debug:
    msg: "{{ german.nodes | map(attribute='name') }}"

- name: Look two nodes up
  community.catchpoint.catchpoint_node_info:
    node_ids:
      - 257
      - 81
  register: two

- name: Both must be active
  ansible.builtin.assert:
    that: two.nodes | rejectattr('status', 'eq', 'active') | length == 0
"""

RETURN = r"""
nodes:
  description: The nodes.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 257
      name: Los Angeles, US - Lumen
      status: active
      paused: null
      network_type: backbone
      targeted: true
      ipv6: false
      city: Los Angeles
      region: null
      country: United States
      continent: null
      asn: 3356
      as_name: LEVEL3
      isp: null
      latitude: 34.0522
      longitude: -118.2437
      ip_ranges: [198.51.100.16/29]
      instant_tests: true
  contains:
    id:
      description: The node's id.
      type: int
      returned: always
    name:
      description: The node's name.
      type: str
      returned: always
    status:
      description: V(active) or V(inactive).
      type: str
      returned: always
    paused:
      description: Whether the node is paused, V(null) where the service does not return it.
      type: bool
      returned: always
    network_type:
      description: The kind of network, in the words of O(network_type).
      type: str
      returned: always
    targeted:
      description: Whether a test uses the node, V(null) where the service does not return it.
      type: bool
      returned: always
    ipv6:
      description: Whether the node tests over IPv6, V(null) where the service does not return it.
      type: bool
      returned: always
    city:
      description: The city.
      type: str
      returned: always
    region:
      description: The region or state, V(null) where the service does not return it.
      type: str
      returned: always
    country:
      description: The country.
      type: str
      returned: always
    continent:
      description: The continent, V(null) where the service does not return it.
      type: str
      returned: always
    asn:
      description: The number of the autonomous system.
      type: int
      returned: always
    as_name:
      description: The name of the autonomous system.
      type: str
      returned: always
    isp:
      description: The provider, V(null) where the service does not return it.
      type: str
      returned: always
    latitude:
      description: Degrees north.
      type: float
      returned: always
    longitude:
      description: Degrees east.
      type: float
      returned: always
    ip_ranges:
      description: The addresses that the node's requests come from.
      type: list
      elements: str
      returned: always
    instant_tests:
      description: Whether M(community.catchpoint.catchpoint_instant_test) can use the node. V(null) if Catchpoint does
        not report it.
      type: bool
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.node_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
