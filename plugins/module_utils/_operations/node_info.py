# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation that lists nodes, by id or by filter."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import NETWORK_TYPES
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import NodeFilter, from_options
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import ById, Operation

_FILTERS: dict[str, Any] = {
    "name": {"type": "str"},
    "network_type": {"type": "str", "choices": list(NETWORK_TYPES)},
    "city": {"type": "str"},
    "country": {"type": "str"},
    "asn": {"type": "str"},
    "active": {"type": "bool"},
    "paused": {"type": "bool"},
    "targeted": {"type": "bool"},
    "ipv6": {"type": "bool"},
}


def node_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The nodes with some ids, or all that match the filters, as dicts of the members of Node."""
    filters = from_options(NodeFilter, options)
    ids = options["node_ids"]
    found = client.nodes(filters) if ids is None else client.nodes_by_id(ids, filters)
    return {"nodes": [node._asdict() for node in found]}


OPERATION = Operation(
    arguments={
        "node_ids": {"type": "list", "elements": "int"},
        **_FILTERS,
        "scope": {"type": "str", "choices": ["all", "enterprise"], "default": "all"},
    },
    rules={"mutually_exclusive": [("node_ids", name) for name in _FILTERS]},
    run=node_info,
    by_id=ById("node_ids", "nodes", "id"),
)
