# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: products, folders, labels, divisions, and the caller's identity."""

from __future__ import annotations

from ..service.messages import Json, Request, Response
from ..service.simulator import Simulator
from ..world import enums
from ..world.model import Folder, Label, Product
from .v2_common import (
    Check,
    active_status,
    among,
    by_id,
    by_ids,
    csv_of,
    envelope,
    equal,
    matching,
    named,
    one_page,
    refuse_empty_list,
    whole,
    whole_list,
)

# -- products, folders, labels, divisions, identity ---


def _product(sim: Simulator, product: Product) -> Json:
    return {
        "id": product.id,
        "divisionId": sim.world.division_id,
        "name": product.name,
        "status": enums.pair(enums.STATUS, product.status),
        "alertGroupId": 4300,
        "testDataWebhookId": None,
    }


def products(sim: Simulator, request: Request) -> Response:
    """Active products unless a status is requested."""
    checks: list[Check[Product]] = [
        equal(whole(request, "statusId") or 0, lambda product: product.status),
        named(sim, request, "name", lambda product: product.name),
    ]
    items = [_product(sim, product) for product in matching(by_id(sim.world.products), checks)]
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "products", items))


def products_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        one = sim.world.products.get(identifier)
        return _product(sim, one) if one else None

    return by_ids(sim, request, "products", "Product", text, known)


def _folder(sim: Simulator, folder: Folder) -> Json:
    return {
        "id": folder.id,
        "parentId": folder.parent_id,
        "divisionId": sim.world.division_id,
        "productId": folder.product_id,
        "name": folder.name,
        "testFolderTypeId": {"id": 1, "name": "Synthetic"},
        "alertGroupId": None,
    }


def folders(sim: Simulator, request: Request) -> Response:
    checks: list[Check[Folder]] = [
        among(csv_of(sim, request, "productIds"), lambda folder: folder.product_id),
        among(csv_of(sim, request, "parentFolderIds"), lambda folder: folder.parent_id),
        named(sim, request, "name", lambda folder: folder.name),
    ]
    items = [_folder(sim, folder) for folder in matching(by_id(sim.world.folders), checks)]
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "folders", items))


def folders_by_id(sim: Simulator, request: Request, text: str) -> Response:
    def known(identifier: int) -> Json | None:
        one = sim.world.folders.get(identifier)
        return _folder(sim, one) if one else None

    return by_ids(sim, request, "folders", "Folder", text, known)


def _label(sim: Simulator, identifier: int) -> Json:
    label = sim.world.labels[identifier]
    return {
        "id": label.id,
        "name": label.name,
        "divisionId": sim.world.division_id,
        "color": label.color,
        "labelValues": [
            {
                "id": value_id,
                "name": name,
                "labelKeyId": label.id,
                "associatedObjects": [
                    {"objectType": {"id": 32, "name": "Test"}, "objectId": test.id}
                    for test in sim.visible_tests()
                    if name in test.labels.get(label.name, ())
                ],
            }
            for value_id, name in label.values
        ],
    }


def labels(sim: Simulator, request: Request) -> Response:
    value = request.params.get("values", "")
    checks: list[Check[Label]] = [
        named(sim, request, "name", lambda label: label.name),
        None if not value else lambda label: any(sim.matches(value, text) for _id, text in label.values),
    ]
    items = [_label(sim, label.id) for label in matching(by_id(sim.world.labels), checks)]
    refuse_empty_list(sim, request, items)
    return envelope(sim, request, one_page(sim, request, "labels", items))


def labels_by_id(sim: Simulator, request: Request, text: str) -> Response:
    return by_ids(
        sim, request, "labels", "Label", text, lambda one: _label(sim, one) if one in sim.world.labels else None
    )


def divisions(sim: Simulator, request: Request) -> Response:
    identifier, status = whole(request, "divisionId"), whole(request, "divisionStatus")
    shown = identifier in (None, sim.world.division_id) and status in (None, 0)
    division = {"id": sim.world.division_id, "name": sim.world.division_name, "statusType": active_status(True)}
    return envelope(sim, request, whole_list("divisions", [division] if shown else []))


def identity(sim: Simulator, request: Request) -> Response:
    """GET useridentity: the only response of v2 in snake_case."""
    return envelope(sim, request, {"contact_id": 5120, "contact_email": "oncall@example.com", "user_id": 6033})
