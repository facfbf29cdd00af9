# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client-side filtering of list results.

How the service matches names is not documented, and it ignores a parameter that it does not know. If an entry lacks
the value (None), it matches if the service was sent the filter, and does not match otherwise.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from ansible_collections.community.catchpoint.plugins.module_utils._api.countries import matches, to_send
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import system_number
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Alert, Node, NodeGroup, Test
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import (
    AlertFilter,
    NodeFilter,
    NodeGroupFilter,
    TestFilter,
)

# The network types of nodes that customers operate.
_OWN_NETWORK_TYPES = ("private", "enterprise", "enterprise_branch")


def node_matches(node: Node, filters: NodeFilter, *, sent: bool) -> bool:
    """``sent`` is false if the request has no filter except that for targeted nodes."""
    is_active = None if node.status is None else node.status == "active"
    is_own = None if node.network_type is None else node.network_type in _OWN_NETWORK_TYPES
    return (
        _contains(node.name, filters.name, unknown=sent)
        and _contains(node.city, filters.city, unknown=sent)
        and _in_country(node, filters.country, sent=sent)
        and _same(node.network_type, filters.network_type, unknown=sent)
        and _same(node.targeted, filters.targeted, unknown=sent or bool(filters.targeted))
        and _same(node.paused, filters.paused, unknown=sent)
        and _same(node.ipv6, filters.ipv6, unknown=sent)
        and _same(is_active, filters.active, unknown=sent)
        and _same(is_own, True if filters.enterprise else None, unknown=sent)
        and _in_system(node, filters.asn, unknown=sent)
    )


def _in_country(node: Node, country: str | None, *, sent: bool) -> bool:
    if not country:
        return True
    return (sent and to_send(country) is not None) if node.country is None else matches(node.country, country)


def _in_system(node: Node, asn: str | None, *, unknown: bool) -> bool:
    """Whether a node is in an autonomous system that is given by number (3356, AS3356) or by a part of its name."""
    number = system_number(asn)
    if number is None:
        return _contains(node.as_name, asn, unknown=unknown)
    return _same(node.asn, number, unknown=unknown)


def group_matches(group: NodeGroup, filters: NodeGroupFilter, *, sent: bool) -> bool:
    """``sent`` is false if the request has no filter."""
    node_id = filters.node_id
    has_node = None if group.nodes is None else any(node["id"] == node_id for node in group.nodes)
    return (
        _contains(group.name, filters.name, unknown=sent)
        and _same(group.network_type, filters.network_type, unknown=sent)
        and _same(has_node, None if node_id is None else True, unknown=sent)
    )


def test_matches(test: Test, filters: TestFilter, *, urls_listed: bool) -> bool:
    """``urls_listed`` is false if lists of tests lack the URL, so that only the service can compare it."""
    return (
        _contains(test.name, filters.name)
        and _contains((test.url or "") if urls_listed else test.url, filters.url)
        and _same(test.status, filters.status)
        and _same(test.type, filters.type)
        and _same(test.product_id, filters.product_id)
        and _same(test.folder_id, filters.folder_id)
        and all(_has_label(test, name, value) for name, value in filters.labels.items())
    )


def _has_label(test: Test, name: str, value: object) -> bool:
    """Whether a test has a label with all these values, compared without case as names are."""
    values = [text.lower() for label, texts in test.labels.items() if label.lower() == name.lower() for text in texts]
    wanted = value if isinstance(value, list) else [value]
    is_there = any(label.lower() == name.lower() for label in test.labels)
    # YAML parses true as a boolean, so its spelling is unknown.
    return is_there and all(str(one).lower() in values for one in wanted if one not in (None, ""))


def _contains(value: str | None, part: str | None, *, unknown: bool = True) -> bool:
    """``unknown`` is the result for a value that is not known."""
    return not part or (unknown if value is None else part.lower() in value.lower())


def _same(value: object, wanted: object, *, unknown: bool = True) -> bool:
    return wanted is None or (unknown if value is None else value == wanted)


def alert_matches(alert: Alert, wanted: AlertFilter) -> bool:
    """An alert without a readable level or type matches, so that it is not dropped."""
    return (
        (wanted.test_ids is None or alert.test_id in wanted.test_ids)
        and _same(alert.level, wanted.level)
        and _same(alert.type, wanted.type)
    )
