# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products, folders and labels: requests, results and errors of both API versions."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError, ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._operations import (
    folder_info,
    label_info,
    product_info,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v1_list, v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Talk,
    asks,
    page,
)

Opens = Callable[..., Talk]

ACTIVE, INACTIVE = {"id": 0, "name": "Active"}, {"id": 1, "name": "Inactive"}
SHOP = {"id": 31876, "name": "Web shop", "status": ACTIVE}
OLD_SHOP = {"id": 31878, "name": "Old shop", "status": INACTIVE}


def ask(operation: Operation, opened: Talk, **given: Any) -> Any:
    checked = ArgumentSpecValidator(operation.arguments, **operation.rules).validate(given)
    assert checked.error_messages == []
    result = operation.run(opened.client, checked.validated_parameters)
    json.dumps(result)
    return result


def test_products_of_both_versions_are_the_same(talk: Opens) -> None:
    on_v1 = talk(v1, asks("/products", statusId=0, **page()).gets(v1_list({**SHOP, "division_id": 1157})))
    on_v2 = talk(v2, asks("/products", statusId=0, **page()).gets(v2_list("products", {**SHOP, "divisionId": 1157})))
    found = ask(product_info.OPERATION, on_v2)
    assert found == {"products": [{"id": 31876, "name": "Web shop", "status": "active", "division_id": 1157}]}
    assert ask(product_info.OPERATION, on_v1) == found


def test_all_products_need_two_lists(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/products", name="shop", statusId=0, **page()).gets(v2_list("products", SHOP, {"id": 5, "name": "x"})),
        asks("/products", name="shop", statusId=1, **page()).gets(v2_list("products", OLD_SHOP)),
    )
    found = ask(product_info.OPERATION, opened, name="shop", status="all")["products"]
    assert [(one["id"], one["status"]) for one in found] == [(31876, "active"), (31878, "inactive")]


@pytest.mark.parametrize("answer", [None, v1_list()])
def test_no_products_on_v1(talk: Opens, answer: Any) -> None:
    opened = talk(v1, asks("/products", statusId=0, **page()).gets(answer))
    assert ask(product_info.OPERATION, opened) == {"products": []}


def test_several_pages(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/folders", **page()).gets(v2_list("folders", {"id": 1, "name": "One"}, more=True)),
        asks("/folders", **page(2)).gets(v2_list("folders", {"id": 2, "name": "Two"})),
    )
    assert [one["id"] for one in ask(folder_info.OPERATION, opened)["folders"]] == [1, 2]


def test_folders_of_a_product_by_id_on_both_versions(talk: Opens) -> None:
    entry = {"id": 7423, "name": "Payment"}
    on_v2 = talk(
        v2,
        asks("/folders", productIds=31876, **page()).gets(
            v2_list("folders", {**entry, "productId": 31876, "parentId": 7421}, {"id": 9, "name": "x", "productId": 1})
        ),
    )
    on_v1 = talk(
        v1,
        asks("/folders", productId=31876, **page()).gets(
            v1_list({**entry, "product_id": 31876, "parent_folder_id": 7421})
        ),
    )
    found = ask(folder_info.OPERATION, on_v2, product="31876")
    assert found == {
        "folders": [{"id": 7423, "name": "Payment", "product_id": 31876, "parent_id": 7421, "division_id": None}]
    }
    assert ask(folder_info.OPERATION, on_v1, product="31876") == found


def test_folders_of_a_product_by_name(talk: Opens) -> None:
    opened = talk(
        v2,
        asks("/products", name="web SHOP", **page()).gets(v2_list("products", SHOP)),
        asks("/folders", productIds=31876, **page()).gets(v2_list("folders")),
    )
    assert ask(folder_info.OPERATION, opened, product="web SHOP") == {"folders": []}


@pytest.mark.parametrize(
    ("operation", "name", "given", "warning"),
    [
        (
            product_info.OPERATION,
            "products",
            {"name": "x"},
            "No product matches name 'x', status 'active'. Without filters, the task lists all products.",
        ),
        (folder_info.OPERATION, "folders", {"product": "9"}, "No folder matches product '9'. Without filters, the"),
        (folder_info.OPERATION, "folders", {}, "Catchpoint lists no folders for these credentials."),
        (label_info.OPERATION, "labels", {"name": "x", "value": "y"}, "No label matches name 'x', value 'y'. Without"),
    ],
)
def test_an_empty_list_gives_a_warning(talk: Opens, operation: Any, name: str, given: Any, warning: str) -> None:
    parameters = {"name": given.get("name"), "values": given.get("value"), "productIds": given.get("product")}
    status = {"statusId": 0} if name == "products" else {}
    known = {key: value for key, value in parameters.items() if value is not None}
    opened = talk(v2, asks(f"/{name}", **known, **status, **page()).gets(v2_list(name)))
    assert ask(operation, opened, **given) == {name: []}
    assert [text.startswith(warning) for text in opened.warnings] == [True]


def test_product_that_does_not_exist(talk: Opens) -> None:
    every = asks("/products", **page()).gets(v2_list("products", {"id": 1, "name": "Web shop"}))
    opened = talk(v2, asks("/products", name="shop", **page()).gets(v2_list("products")), every)
    with pytest.raises(
        OptionError,
        match=r"The product 'shop' does not exist, .*Did you mean 'Web shop'\?.*catchpoint_product_info lists the prod",
    ):
        ask(folder_info.OPERATION, opened, product="shop")


def test_labels_with_the_tests_of_each_value(talk: Opens) -> None:
    attached = [
        {"objectType": {"id": 32, "name": "Test"}, "objectId": 81094},
        {"objectType": {"id": 32, "name": "Test"}, "objectId": 81093},
        {"objectType": {"id": 7, "name": "Contact"}, "objectId": 5},
    ]
    values = [{"id": 410, "name": "web", "labelKeyId": 77, "associatedObjects": attached}, {"id": 411, "name": "pay"}]
    entries = [{"id": 77, "name": "team", "divisionId": 1157, "color": "#00A0DF", "labelValues": values}]
    opened = talk(
        v2,
        asks("/labels", name="tea", values="we", **page()).gets(
            v2_list("labels", *entries, {"id": 78, "name": "team 2", "labelValues": [{"id": 1, "name": "dba"}]})
        ),
    )
    assert ask(label_info.OPERATION, opened, name="tea", value="we") == {
        "labels": [
            {
                "id": 77,
                "name": "team",
                "color": "#00A0DF",
                "division_id": 1157,
                "label_values": [
                    {"id": 410, "name": "web", "test_ids": [81093, 81094]},
                    {"id": 411, "name": "pay", "test_ids": []},
                ],
            }
        ]
    }


def test_labels_need_v2(talk: Opens) -> None:
    with pytest.raises(OptionError, match=r"REST API v1 does not support labels. Use an api_key"):
        ask(label_info.OPERATION, talk(v1))


@pytest.mark.parametrize(
    ("operation", "name"), [(product_info, "products"), (folder_info, "folders"), (label_info, "labels")]
)
@pytest.mark.parametrize("payload", [None, {"data": {}}, {"data": {"x": []}}, [], {"data": {"products": "x"}}])
def test_a_response_of_another_shape_is_an_error(talk: Opens, operation: Any, name: str, payload: Any) -> None:
    params = {"statusId": 0} if name == "products" else {}
    opened = talk(v2, asks(f"/{name}", **params, **page()).gets(payload))
    with pytest.raises(ResponseError, match=f"GET /{name}: .*a list of {name}"):
        ask(operation.OPERATION, opened)
