# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of products and folders that v1 and v2 share. Names of members are in snake_case. They raise ResponseError.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import Folder, Product
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import TEST_STATUSES
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    as_int,
    enum_name,
    member,
    text,
)


def product(entry: Json) -> Product:
    return Product(
        id=member(entry, "id", int, "a product"),
        name=text(entry.get("name")),
        status=enum_name(entry.get("status"), TEST_STATUSES),
        division_id=as_int(entry.get("division_id")),
    )


def folder(entry: Json) -> Folder:
    return Folder(
        id=member(entry, "id", int, "a folder"),
        name=text(entry.get("name")),
        product_id=as_int(entry.get("product_id")),
        # v1 calls it parent_folder_id; 0 means none.
        parent_id=as_int(entry.get("parent_id")) or as_int(entry.get("parent_folder_id")) or None,
        division_id=as_int(entry.get("division_id")),
    )
