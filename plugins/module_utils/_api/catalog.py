# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products, folders, labels and the instances of enterprise nodes, which the filters of other plugins refer to.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Callable, NamedTuple, Optional, Protocol, TypedDict, TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request

_Entry = TypeVar("_Entry")

# The filter of products by status.
STATUSES = ("active", "inactive")


class Product(NamedTuple):
    """A product: the top level of the tree that tests are in."""

    id: int
    name: Optional[str]
    status: Optional[str]  # active, inactive
    division_id: Optional[int]


class Folder(NamedTuple):
    """A folder of a product, or of another folder."""

    id: int
    name: Optional[str]
    product_id: Optional[int]
    parent_id: Optional[int]  # None if the folder is directly below its product
    division_id: Optional[int]


class LabelValue(TypedDict):
    """A value of a label, and the tests that have it."""

    id: Optional[int]
    name: Optional[str]
    test_ids: list[int]


class Label(NamedTuple):
    """A label with all its values."""

    id: int
    name: Optional[str]
    color: Optional[str]
    division_id: Optional[int]
    label_values: list[LabelValue]


class Instance(NamedTuple):
    """An agent of an enterprise node, which runs on a machine of the customer."""

    id: int
    host_name: Optional[str]
    ip: Optional[str]
    status: Optional[str]
    operating_system: Optional[str]
    node_id: Optional[int]
    node: Optional[str]


@dataclass(frozen=True)
class ProductFilter:
    """Which products to list."""

    name: Optional[str] = None  # a part of it
    status: str = "active"  # one of STATUSES


@dataclass(frozen=True)
class FolderFilter:
    """Which folders to list."""

    name: Optional[str] = None  # a part of it
    product_id: Optional[int] = None


@dataclass(frozen=True)
class LabelFilter:
    """Which labels to list."""

    name: Optional[str] = None  # a part of it
    value: Optional[str] = None  # a part of one of its values


class CatalogVersion(Protocol):
    """The requests of one API version, and the readers of their responses.

    A request raises OptionError if the API version has no such list. A reader raises ResponseError.
    """

    def products(self, wanted: ProductFilter, page: int) -> Request:
        """A page of the list of products."""

    def read_products(self, payload: object) -> Page[Product]:
        """Products."""

    def folders(self, wanted: FolderFilter, page: int) -> Request:
        """A page of the list of folders."""

    def read_folders(self, payload: object) -> Page[Folder]:
        """Folders."""

    def labels(self, wanted: LabelFilter, page: int) -> Request:
        """A page of the list of labels."""

    def read_labels(self, payload: object) -> Page[Label]:
        """Labels."""

    def instances(self, page: int) -> Request:
        """The enterprise nodes, which list their instances."""

    def read_instances(self, payload: object) -> Page[Instance]:
        """Instances."""


class Pages(Protocol):
    """Reads all pages of a list."""

    def __call__(self, ask: Callable[[int], Request], read: Callable[[object], Page[_Entry]]) -> Iterator[_Entry]:
        """``ask`` makes the request of a page, ``read`` reads its response."""


class Catalog:
    """The lists of one account. Every method raises CatchpointError and nothing else."""

    def __init__(self, version: CatalogVersion, pages: Pages) -> None:
        self._version = version
        self._pages = pages

    def products(self, wanted: ProductFilter) -> list[Product]:
        """The products that match the filter."""
        found = self._pages(lambda page: self._version.products(wanted, page), self._version.read_products)
        # How the service compares names is not documented, so both filters are applied here again.
        return [one for one in found if _contains(one.name, wanted.name) and one.status in (None, wanted.status)]

    def folders(self, wanted: FolderFilter) -> list[Folder]:
        """The folders that match the filter."""
        found = self._pages(lambda page: self._version.folders(wanted, page), self._version.read_folders)
        return [
            one
            for one in found
            if _contains(one.name, wanted.name) and wanted.product_id in (None, one.product_id or wanted.product_id)
        ]

    def labels(self, wanted: LabelFilter) -> list[Label]:
        """The labels that match the filter."""
        found = self._pages(lambda page: self._version.labels(wanted, page), self._version.read_labels)
        return [one for one in found if _contains(one.name, wanted.name) and _has_value(one.label_values, wanted.value)]

    def instances(self) -> list[Instance]:
        """The instances of all active enterprise nodes."""
        return list(self._pages(self._version.instances, self._version.read_instances))


def _contains(value: Optional[str], part: Optional[str]) -> bool:
    return not part or value is None or part.lower() in value.lower()


def _has_value(values: Sequence[LabelValue], part: Optional[str]) -> bool:
    return not part or any(_contains(value["name"], part) for value in values)
