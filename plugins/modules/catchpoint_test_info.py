#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_test_info
short_description: Look up Catchpoint tests and their ids
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the definitions of tests, by id or by filter. This is how to find the id of a test.
  - If several filters are given, a test must match all of them. All pages of the list are read, with 100 tests per
    request.
  - Catchpoint does not document how it compares names. The module compares them again, so it never returns more than
    what matches. If Catchpoint requires whole names, a part of a name finds nothing.
options:
  test_ids:
    description:
      - The ids of the tests to return. An id that does not exist is an error.
      - It cannot be combined with a filter. Active and inactive tests are returned.
    type: list
    elements: int
  name:
    description: A part of the test's name, in upper or lower case.
    type: str
  url:
    description:
      - A part of the test's URL, in upper or lower case.
      - REST API v1 does not list URLs. There, the service itself compares, and takes the whole URL of a web test only.
    type: str
  status:
    description:
      - Whether active tests, inactive tests or both (V(all)) are returned. Without it, and without O(test_ids),
        active ones
        are. V(all) costs two lists.
    type: str
    choices:
      - active
      - inactive
      - all
  type:
    description:
      - The type of the test.
      - V(transaction) finds tests with either number that means a transaction, 1 and 27.
    type: str
    choices:
      - web
      - html_code
      - ftp
      - tcp
      - dns
      - ping
      - smtp
      - udp
      - api
      - streaming
      - ssh
      - trace_route
      - web_socket
      - ntp
      - imap
      - mqtt
      - bulk
      - ssl
      - wifi
      - bgp
      - node_to_node
      - bandwidth
      - web_page_test_web
      - web_page_test_transaction
      - playwright
      - puppeteer
      - transaction
  product:
    description: The id or the name of the product that the test belongs to. A name costs one more request.
    type: str
  folder:
    description:
      - The id or the name of the test's folder. Folders inside it are not included. A name costs one more request.
    type: str
  labels:
    description:
      - Labels that the test must have, by name. The value is one that the label must have, a list of them, or empty
        if any value will do.
      - Names and values compare without case.
      - REST API v1 does not support labels.
    type: dict
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
seealso:
  - module: community.catchpoint.catchpoint_test_data_info
"""

EXAMPLES = r"""
- name: Find the id of a test
  community.catchpoint.catchpoint_test_info:
    name: home page
  register: found

- name: Show ids and names
  ansible.builtin.debug:
    msg: "{{ found.tests | items2dict(key_name='id', value_name='name') }}"

- name: All active web tests of the web team
  community.catchpoint.catchpoint_test_info:
    type: web
    labels:
      team: web
"""

RETURN = r"""
tests:
  description: The tests.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 81093
      name: Home page
      type: web
      type_id: 0
      monitor: chrome
      status: active
      url: https://shop.example.com/
      product_id: 31876
      folder_id: 7421
      division_id: 1157
      alerts_paused: false
      labels:
        team: [web]
      changed: "2026-04-02T12:10:00Z"
  contains:
    id:
      description: The test's id.
      type: int
      returned: always
    name:
      description: The test's name.
      type: str
      returned: always
    type:
      description: The test's type, with the names of O(type).
      type: str
      returned: always
    type_id:
      description: The number of the test's type. V(transaction) has two, 1 and 27.
      type: int
      returned: always
    monitor:
      description: What runs the test, such as V(chrome).
      type: str
      returned: always
    status:
      description: V(active), V(inactive) or another state. REST API v1 returns it with O(test_ids) only.
      type: str
      returned: always
    url:
      description: The address tested. REST API v1 returns it with O(test_ids) only.
      type: str
      returned: always
    product_id:
      description: The id of the test's product. REST API v1 returns it with O(test_ids) only.
      type: int
      returned: always
    folder_id:
      description: The id of the test's folder. REST API v1 returns it with O(test_ids) only.
      type: int
      returned: always
    division_id:
      description: The id of the test's division. REST API v1 returns it with O(test_ids) only.
      type: int
      returned: always
    alerts_paused:
      description: Whether the test's alerts are paused. V(null) with REST API v1, which does not return it.
      type: bool
      returned: always
    labels:
      description: The test's labels, each with its values. Empty with REST API v1, which has none.
      type: dict
      returned: always
    changed:
      description:
        - When the definition was last changed.
        - V(null) with REST API v1, which does not return the time zone of that time.
      type: str
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
