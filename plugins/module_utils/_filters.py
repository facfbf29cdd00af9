# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What lists are filtered by, once more on this side.

How the service matches names is not documented, and a parameter that it does not know it ignores. Where an answer does
not tell (None), the service's word is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._model import Node, NodeGroup, Test

# The network types of nodes that a customer runs.
_OWN_NETWORK_TYPES = ("private", "enterprise", "enterprise_branch")


def node_fits(node: Node, filters: Mapping[str, Any]) -> bool:
    active = filters.get("active")
    return (
        _contains(node.name, filters.get("name"))
        and _contains(node.city, filters.get("city"))
        and _contains(node.country, filters.get("country"))
        and _same(node.network_type, filters.get("network_type"))
        and _same(node.targeted, filters.get("targeted"))
        and _same(node.paused, filters.get("paused"))
        and _same(node.ipv6, filters.get("ipv6"))
        and (active is None or node.status is None or (node.status == "active") == active)
        and (filters.get("scope") != "enterprise" or node.network_type in (None, *_OWN_NETWORK_TYPES))
        and _in_system(node, filters.get("asn"))
    )


def _in_system(node: Node, asn: Any) -> bool:
    """Whether a node is in an autonomous system that is given by number (3356, AS3356) or by a part of its name."""
    bare = str(asn or "").upper().removeprefix("AS")
    return _same(node.asn, int(bare)) if bare.isdecimal() else _contains(node.as_name, asn)


def group_fits(group: NodeGroup, filters: Mapping[str, Any]) -> bool:
    node_id = filters.get("node_id")
    return (
        _contains(group.name, filters.get("name"))
        and _same(group.network_type, filters.get("network_type"))
        and (node_id is None or not group.nodes or any(node["id"] == node_id for node in group.nodes))
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
    return name in test.labels and all(str(one) in test.labels[name] for one in values if one not in (None, ""))


def _contains(value: str | None, part: Any) -> bool:
    return part in (None, "") or value is None or str(part).lower() in value.lower()


def _same(value: Any, wanted: Any) -> bool:
    return wanted is None or value is None or value == wanted
