# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of enterprise nodes, which only v2 lists; the other lists are tested with their modules."""

from __future__ import annotations

from typing import Callable

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import Instance
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import Talk, asks

Opens = Callable[..., Talk]


def test_instances_come_with_their_node(talk: Opens) -> None:
    instance = {
        "id": 7212,
        "hostName": "agent-1.example.net",
        "status": {"id": 0, "name": "Active"},
        "operatingSystem": {"id": 2, "name": "Linux"},
        "internalIpAddress": "10.20.160.1",
        "node": None,
    }
    nodes = [
        {"id": 40212, "name": "Berlin Office", "instances": [instance]},
        {"id": 40213, "name": "Toronto", "instances": None},
    ]
    opened = talk(v2, asks("/nodes", statusId=0).gets(v2_list("nodes", *nodes)))
    assert opened.client.catalog.instances() == [
        Instance(7212, "agent-1.example.net", "10.20.160.1", "active", "linux", 40212, "Berlin Office")
    ]


def test_instances_need_v2(talk: Opens) -> None:
    with pytest.raises(OptionError, match="REST API v1 does not list the instances of nodes"):
        talk(v1).client.catalog.instances()
