# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options as plain data: name, type, default, and whether the value is a secret.

Environment variable, key in ansible.cfg and variable follow from the name. This is a file of its own because a lookup
that is answered from the cache needs no more. Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

TABLE = (
    # BEGIN GENERATED table by tests/tools/generate_docs.py
    ("api_key", "str", None, True),
    ("client_id", "str", None, True),
    ("client_secret", "str", None, True),
    ("base_url", "str", "https://io.catchpoint.com", False),
    ("api_version", "str", None, False),
    ("timeout", "float", 30.0, False),
    ("retry_budget", "float", 60.0, False),
    ("validate_certs", "bool", True, False),
    ("ca_path", "path", None, False),
    ("proxy", "str", None, True),
    ("rate_limits", "str", "7/second,20/minute,500/hour,2000/day", False),
    ("ids_per_request", "int", 150, False),
    ("cache_ttl", "float", 60.0, False),
    ("cache", "bool", False, False),
    ("cache_plugin", "str", None, False),
    ("cache_connection", "str", None, True),
    ("shared_cache_ttl", "int", 3600, False),
    ("cache_prefix", "str", "catchpoint_", False),
    # END GENERATED table
)
