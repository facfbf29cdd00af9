# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation that lists node groups, by filter."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import NETWORK_TYPES
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import NodeGroupFilter, from_options
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation


def node_group_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The node groups that match the filters, as dicts of the members of NodeGroup."""
    groups = client.node_groups(from_options(NodeGroupFilter, options))
    return {"node_groups": [{**group._asdict(), "nodes": group.nodes or []} for group in groups]}


OPERATION = Operation(
    arguments={
        "name": {"type": "str"},
        "network_type": {"type": "str", "choices": list(NETWORK_TYPES)},
        "node_id": {"type": "int"},
    },
    rules={},
    run=node_group_info,
)
