# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders by name and product.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import FolderFilter
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation, warn_if_empty


def folder_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The folders that fit the filters, as dicts of the members of Folder."""
    wanted = FolderFilter(options["name"], client.id_of("products", options["product"]))
    found = client.catalog.folders(wanted)
    warn_if_empty(client, found, "folder", {name: options[name] for name in ("name", "product")})
    return {"folders": [one._asdict() for one in found]}


OPERATION = Operation(
    arguments={"name": {"type": "str"}, "product": {"type": "str"}},
    rules={},
    run=folder_info,
)
