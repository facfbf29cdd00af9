#!/usr/bin/python
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: catchpoint_product_info
short_description: List Catchpoint products and their ids
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Returns the products of the account. Their names and ids are what the option O(ignore:product) of other modules and
    of the inventory plugin accepts.
  - If no product matches, the list is empty and there is a warning.
  - It sends one request for 100 products, and for V(all) one for 100 products of each status.
options:
  name:
    description:
      - Only products whose name contains this text, in upper or lower case.
      - How Catchpoint compares names is not documented. If it compares whole names, a part of a name finds no product.
    type: str
  status:
    description: Only products with this status.
    type: str
    choices:
      - active
      - inactive
      - all
    default: active
extends_documentation_fragment:
  - community.catchpoint.attributes
  - community.catchpoint.attributes.actiongroup_catchpoint
  - community.catchpoint.connection
seealso:
  - module: community.catchpoint.catchpoint_folder_info
  - module: community.catchpoint.catchpoint_label_info
  - module: community.catchpoint.catchpoint_test_info
"""

EXAMPLES = r"""
- name: List the products
  community.catchpoint.catchpoint_product_info:
  register: found

- name: Show the id of each product
  ansible.builtin.debug:
    msg: "{{ found.products | items2dict(key_name='name', value_name='id') }}"
"""

RETURN = r"""
products:
  description: The products.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 31876
      name: Web shop
      status: active
      division_id: 1157
  contains:
    id:
      description: The product's id.
      type: int
      returned: always
    name:
      description: The product's name.
      type: str
      returned: always
    status:
      description: V(active), V(inactive) or another state.
      type: str
      returned: always
    division_id:
      description: The id of the product's division.
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
from ansible_collections.community.catchpoint.plugins.module_utils._operations.product_info import OPERATION


def main() -> None:
    run_module(OPERATION)


if __name__ == "__main__":
    main()
