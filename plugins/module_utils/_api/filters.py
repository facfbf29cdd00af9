# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What lists are filtered by, once more on this side.

How the service matches names is not documented, and a parameter that it does not know it ignores. Where an answer does
not tell (None), the service's word is taken, if it was asked: what it was not asked and does not tell does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import system_number
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Node, NodeGroup, Test

# The network types of nodes that a customer runs.
_OWN_NETWORK_TYPES = ("private", "enterprise", "enterprise_branch")


def node_fits(node: Node, filters: Mapping[str, Any], *, sent: bool) -> bool:
    """``sent`` is false where the service is sent no filter but that for targeted nodes."""
    active, targeted = filters.get("active"), filters.get("targeted")
    is_active = None if node.status is None else node.status == "active"
    is_own = None if node.network_type is None else node.network_type in _OWN_NETWORK_TYPES
    return (
        _contains(node.name, filters.get("name"), unknown=sent)
        and _contains(node.city, filters.get("city"), unknown=sent)
        and _contains(node.country, filters.get("country"), unknown=sent)
        and _same(node.network_type, filters.get("network_type"), unknown=sent)
        and _same(node.targeted, targeted, unknown=sent or bool(targeted))
        and _same(node.paused, filters.get("paused"), unknown=sent)
        and _same(node.ipv6, filters.get("ipv6"), unknown=sent)
        and _same(is_active, active, unknown=sent)
        and _same(is_own, True if filters.get("scope") == "enterprise" else None, unknown=sent)
        and _in_system(node, filters.get("asn"), unknown=sent)
    )


def _in_system(node: Node, asn: Any, *, unknown: bool) -> bool:
    """Whether a node is in an autonomous system that is given by number (3356, AS3356) or by a part of its name."""
    number = system_number(asn)
    if number is None:
        return _contains(node.as_name, asn, unknown=unknown)
    return _same(node.asn, number, unknown=unknown)


def group_fits(group: NodeGroup, filters: Mapping[str, Any], *, sent: bool) -> bool:
    """``sent`` is false where the service is sent no filter."""
    node_id = filters.get("node_id")
    has_node = None if group.nodes is None else any(node["id"] == node_id for node in group.nodes)
    return (
        _contains(group.name, filters.get("name"), unknown=sent)
        and _same(group.network_type, filters.get("network_type"), unknown=sent)
        and _same(has_node, None if node_id is None else True, unknown=sent)
    )


def test_fits(test: Test, filters: Mapping[str, Any], *, urls_listed: bool) -> bool:
    """``urls_listed`` is false where lists of tests lack the URL, so that only the service can compare it."""
    labels: Mapping[str, Any] = filters.get("labels") or {}
    return (
        _contains(test.name, filters.get("name"))
        and _contains((test.url or "") if urls_listed else test.url, filters.get("url"))
        and _same(test.status, filters.get("status"))
        and _same(test.type, filters.get("type"))
        and _same(test.product_id, filters.get("product_id"))
        and _same(test.folder_id, filters.get("folder_id"))
        and all(_has_label(test, name, value) for name, value in labels.items())
    )


def _has_label(test: Test, name: str, value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return name in test.labels and all(_is_among(test.labels[name], one) for one in values if one not in (None, ""))


def _is_among(values: Sequence[str], wanted: Any) -> bool:
    # YAML's true has lost how it was written.
    if isinstance(wanted, bool):
        return str(wanted).lower() in (value.lower() for value in values)
    return str(wanted) in values


def _contains(value: str | None, part: Any, *, unknown: bool = True) -> bool:
    """``unknown`` is the answer for a value that is not known."""
    return part in (None, "") or (unknown if value is None else str(part).lower() in value.lower())


def _same(value: Any, wanted: Any, *, unknown: bool = True) -> bool:
    return wanted is None or (unknown if value is None else value == wanted)
