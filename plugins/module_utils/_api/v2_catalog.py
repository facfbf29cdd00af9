# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST API v2: products, folders, labels and instances.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import (
    Folder,
    FolderFilter,
    Instance,
    Label,
    LabelFilter,
    LabelValue,
    Product,
    ProductFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog_readers import folder, product
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import NODE_STATUSES, TEST_STATUSES
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page
from ansible_collections.community.catchpoint.plugins.module_utils._api.paging import further, params
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    array,
    as_int,
    as_slug,
    enum_name,
    member,
    name_of,
    section,
    text,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.v2_envelope import page_of
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request

# The ObjectType of tests, in the list of objects that have a label's value.
_TEST = 32


def products(wanted: ProductFilter, page: int) -> Request:
    # Without a status, only active products are listed.
    return Request("/products", params({"name": wanted.name, "statusId": TEST_STATUSES[wanted.status]}, page))


def read_products(payload: object) -> Page[Product]:
    return page_of(payload, product, "products", "a list of products")


def folders(wanted: FolderFilter, page: int) -> Request:
    return Request("/folders", params({"name": wanted.name, "productIds": wanted.product_id}, page))


def read_folders(payload: object) -> Page[Folder]:
    return page_of(payload, folder, "folders", "a list of folders")


def labels(wanted: LabelFilter, page: int) -> Request:
    return Request("/labels", params({"name": wanted.name, "values": wanted.value}, page))


def read_labels(payload: object) -> Page[Label]:
    return page_of(payload, _label, "labels", "a list of labels")


def _label(entry: Json) -> Label:
    return Label(
        id=member(entry, "id", int, "a label"),
        name=text(entry.get("name")),
        color=text(entry.get("color")),
        division_id=as_int(entry.get("division_id")),
        label_values=[_label_value(value) for value in array(entry, "label_values", "a label's values")],
    )


def _label_value(entry: Json) -> LabelValue:
    attached = array(entry, "associated_objects", "a label value's objects")
    ids = [
        as_int(one.get("object_id"))
        for one in attached
        if as_int(section(one, "object_type", "a label value's object").get("id")) == _TEST
    ]
    return {
        "id": as_int(entry.get("id")),
        "name": text(entry.get("name")),
        "test_ids": sorted(one for one in ids if one is not None),
    }


def instances(page: int) -> Request:
    # The list of instances does not say which node an instance belongs to; the list of enterprise nodes does.
    return Request("/nodes", params({"statusId": NODE_STATUSES["active"]}, further(page)))


def read_instances(payload: object) -> Page[Instance]:
    nodes = page_of(payload, _instances_of_node, "nodes", "a list of enterprise nodes")
    return Page([instance for instances in nodes.entries for instance in instances], nodes.more)


def _instances_of_node(node: Json) -> list[Instance]:
    return [_instance(entry, node) for entry in array(node, "instances", "an enterprise node's instances")]


def _instance(entry: Json, node: Json) -> Instance:
    return Instance(
        id=member(entry, "id", int, "an instance"),
        host_name=text(entry.get("host_name")),
        ip=text(entry.get("internal_ip_address")),
        status=enum_name(entry.get("status"), NODE_STATUSES),
        operating_system=as_slug(entry.get("operating_system")),
        node_id=as_int(node.get("id")),
        node=name_of(node),
    )
