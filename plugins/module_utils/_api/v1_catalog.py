# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v1: products and folders. v1 supports neither labels nor instances.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import (
    Folder,
    FolderFilter,
    Instance,
    Label,
    LabelFilter,
    Product,
    ProductFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog_readers import folder, product
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import TEST_STATUSES
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page
from ansible_collections.community.catchpoint.plugins.module_utils._api.paging import params
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import unexpected_shape
from ansible_collections.community.catchpoint.plugins.module_utils._api.v1_envelope import page_of
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request


def products(wanted: ProductFilter, page: int) -> Request:
    return Request("/products", params({"name": wanted.name, "statusId": TEST_STATUSES[wanted.status]}, page))


def read_products(payload: object) -> Page[Product]:
    return page_of(payload, product, "a list of products")


def folders(wanted: FolderFilter, page: int) -> Request:
    return Request("/folders", params({"name": wanted.name, "productId": wanted.product_id}, page))


def read_folders(payload: object) -> Page[Folder]:
    return page_of(payload, folder, "a list of folders")


def labels(wanted: LabelFilter, page: int) -> Request:
    raise OptionError("REST API v1 does not support labels. Use an api_key, which selects REST API v2.")


def read_labels(payload: object) -> Page[Label]:
    raise unexpected_shape("a response that was requested", payload)


def instances(page: int) -> Request:
    raise OptionError("REST API v1 does not list the instances of nodes. Use an api_key, which selects REST API v2.")


def read_instances(payload: object) -> Page[Instance]:
    raise unexpected_shape("a response that was requested", payload)
