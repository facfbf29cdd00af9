#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_folder_info
short_description: List Catchpoint folders and their ids
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the folders of the account. Their names and ids are what the option O(ignore:folder) of other modules and of
    the inventory plugin accepts.
  - If no folder matches, the list is empty and there is a warning.
  - It sends one request for 100 folders. A O(product) that is given by name costs one more request.
options:
  name:
    description:
      - Only folders whose name contains this text, in upper or lower case.
      - How Catchpoint compares names is not documented. If it compares whole names, a part of a name finds no folder.
    type: str
  product:
    description: Only folders of the product with this id or name.
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
- name: List the folders of a product
  community.catchpoint.catchpoint_folder_info:
    product: Web shop
  register: found

- name: Show the id of each folder
  ansible.builtin.debug:
    msg: "{{ item.id }} {{ item.name }}"
  loop: "{{ found.folders }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
folders:
  description: The folders.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 7423
      name: Payment
      product_id: 31876
      parent_id: 7421
      division_id: 1157
  contains:
    id:
      description: The folder's id.
      type: int
      returned: always
    name:
      description: The folder's name.
      type: str
      returned: always
    product_id:
      description: The id of the product that the folder belongs to.
      type: int
      returned: always
    parent_id:
      description: The id of the folder that contains it, V(null) if it is directly below its product.
      type: int
      returned: always
    division_id:
      description: The id of the folder's division.
      type: int
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.folder_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
