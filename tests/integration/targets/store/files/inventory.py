#!/usr/bin/env python3
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forty hosts that nobody can connect to, each with a test of its own; some say so in a way of their own."""

from __future__ import annotations

import json

hosts = {
    f"web{number:02d}": {"ansible_host": "192.0.2.1", "ansible_timeout": 1, "catchpoint_test_id": 100000 + number}
    for number in range(40)
}
hosts["web01"]["catchpoint_test_id"] = "100001"
hosts["web02"]["catchpoint_test_id"] = "{{ 100000 + 2 }}"
hosts["web03"]["catchpoint_test_id"] = [100003, 100103]
hosts["web04"]["catchpoint_test_id"] = "{{ no_such_variable }}"
hosts["web05"]["catchpoint_test_id"] = 1
del hosts["web07"]["catchpoint_test_id"]
print(json.dumps({"web": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}))
