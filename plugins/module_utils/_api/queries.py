# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries: the filters of lists, and the selection of test data.

A filter that is None, or an empty text, does not restrict the list.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Optional, TypeVar

_Query = TypeVar("_Query")

# Values of labels by name, as YAML parses them: a string, a number, a boolean, or a list of these.
Labels = Mapping[str, object]


def from_options(kind: type[_Query], options: Mapping[str, Any]) -> _Query:
    """The query of this kind with a plugin's checked options; options that it does not have are ignored."""
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: options[name] for name in names if options.get(name) is not None})


@dataclass(frozen=True)
class NodeFilter:
    """Which nodes to list."""

    name: Optional[str] = None  # a part of it
    network_type: Optional[str] = None  # one of NETWORK_TYPES
    city: Optional[str] = None
    country: Optional[str] = None
    asn: Optional[str] = None  # the number of an autonomous system, or a part of its name
    active: Optional[bool] = None
    paused: Optional[bool] = None
    targeted: Optional[bool] = None
    ipv6: Optional[bool] = None
    scope: str = "all"  # all, enterprise

    @property
    def enterprise(self) -> bool:
        return self.scope == "enterprise"

    @property
    def is_empty(self) -> bool:
        return self == NodeFilter()

    def by_activity(self) -> list[NodeFilter]:
        """v2 lists either the active or the inactive enterprise nodes, so both need two requests."""
        if not self.enterprise or self.active is not None:
            return [self]
        return [replace(self, active=True), replace(self, active=False)]


@dataclass(frozen=True)
class NodeGroupFilter:
    """Which node groups to list."""

    name: Optional[str] = None  # a part of it
    network_type: Optional[str] = None  # one of NETWORK_TYPES
    node_id: Optional[int] = None

    @property
    def is_empty(self) -> bool:
        return self == NodeGroupFilter()


@dataclass(frozen=True)
class TestFilter:
    """Which tests to list. ``product`` and ``folder`` are an id or a name each, which the client looks up."""

    name: Optional[str] = None  # a part of it
    url: Optional[str] = None  # a part of it
    status: Optional[str] = None  # one of TEST_STATUSES
    type: Optional[str] = None  # one of TEST_TYPES
    product: Optional[str] = None
    folder: Optional[str] = None
    labels: Labels = field(default_factory=dict)
    product_id: Optional[int] = None
    folder_id: Optional[int] = None


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts to list."""

    test_ids: Optional[Sequence[int]] = None  # None for all tests
    level: Optional[str] = None  # one of ALERT_LEVELS
    type: Optional[str] = None  # one of ALERT_TYPES


@dataclass(frozen=True)
class ErrorFilter:
    """Which errors to list."""

    test_ids: Optional[Sequence[int]] = None  # None for all tests
    types: Sequence[str] = ()  # of ERROR_TYPES; empty for all


@dataclass(frozen=True)
class SloFilter:
    """Which active service-level objectives to list."""

    name: Optional[str] = None  # a part of it
    test_ids: Optional[Sequence[int]] = None  # those that cover at least one of these tests


@dataclass(frozen=True)
class DataQuery:
    """The test data to read: window, interval, metrics and breakdown."""

    start: Optional[str] = None
    end: str = "now"
    tz: Optional[str] = None  # of times without an offset
    interval: Optional[str] = None  # of aggregated data; None for runs
    metrics: list[str] = field(default_factory=list)  # empty for all
    breakdown: Optional[str] = None  # node, city, country
    include_runs: bool = False
