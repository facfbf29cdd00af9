# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products by name and status.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import STATUSES, ProductFilter
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation, warn_if_empty


def product_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The products that fit the filters, as dicts of the members of Product."""
    # The service lists active or inactive products, so both need two lists.
    statuses = STATUSES if options["status"] == "all" else (options["status"],)
    found = [one for status in statuses for one in client.catalog.products(ProductFilter(options["name"], status))]
    warn_if_empty(client, found, "product", {name: options[name] for name in ("name", "status")})
    return {"products": [one._asdict() for one in {one.id: one for one in found}.values()]}


OPERATION = Operation(
    arguments={
        "name": {"type": "str"},
        "status": {"type": "str", "choices": [*STATUSES, "all"], "default": "active"},
    },
    rules={},
    run=product_info,
)
