# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enumerations that both API versions share.

Source: the vendor's OpenAPI document of v2; v1 used the same numbers.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import as_int, enum_name

NETWORK_TYPES = {
    "backbone": 0,
    "last_mile": 1,
    "wireless": 2,
    "private": 3,
    "enterprise": 4,
    "public_cloud": 5,
    "any": 6,
    "bgp": 7,
    "web_page_test": 8,
    "enterprise_branch": 9,
}

NODE_STATUSES = {"active": 0, "inactive": 1}

TEST_STATUSES = {"active": 0, "inactive": 1}

TEST_TYPES = {
    "web": 0,
    "html_code": 2,
    "ftp": 3,
    "tcp": 4,
    "dns": 5,
    "ping": 6,
    "smtp": 7,
    "udp": 8,
    "api": 9,
    "streaming": 10,
    "ssh": 11,
    "trace_route": 12,
    "web_socket": 13,
    "ntp": 14,
    "imap": 15,
    "mqtt": 16,
    "bulk": 17,
    "ssl": 18,
    "wifi": 19,
    "bgp": 20,
    "node_to_node": 21,
    "bandwidth": 22,
    "web_page_test_web": 23,
    "web_page_test_transaction": 24,
    "playwright": 25,
    "puppeteer": 26,
    "transaction": 27,
}

# Two numbers mean a transaction: the vendor's clients create transactions with 1, which the document calls
# TransactionLegacy, and the document's Transaction is 27.
_OLD_TRANSACTION = 1
_TRANSACTION = TEST_TYPES["transaction"]

ALERT_TYPES = {
    "exits": 1,
    "byte_length": 2,
    "content_match": 3,
    "host_failure": 4,
    "http_header_match": 5,
    "tag_failure": 6,
    "response_time": 7,
    "traffic": 8,
    "page_failure": 9,
    "custom_test_data": 10,
    "script_failure": 11,
    "ping": 12,
    "requests": 13,
    "content_zone": 14,
    "availability": 15,
    "address": 16,
    "dns": 17,
    "glimpse_counter": 18,
    "glimpse_rate": 19,
    "path": 20,
    "score": 21,
    "wifi": 22,
    "asn": 23,
    "web_page_test": 24,
    "endpoint": 25,
    "experience_score": 26,
    "internet_weather": 27,
    "ecn": 28,
    "tracing": 29,
    "division_wide": 30,
}

ERROR_TYPES = {
    "dns": 1,
    "connection": 2,
    "ssl": 3,
    "no_response": 4,
    "response": 5,
    "timeout": 6,
    "system_limit": 7,
    "transaction": 8,
    "content": 9,
    "other": 10,
    "script_failure": 11,
    "child_request_failure": 12,
    "packet_loss": 13,
}

ALERT_LEVELS = {"warning": 0, "critical": 1, "information": 2, "improved": 3}

_SYSTEM = re.compile(r"\s*(?:AS)?\s*([0-9]+)\s*", re.ASCII | re.IGNORECASE)


def system_number(text: str | None) -> int | None:
    """The number of an autonomous system in any usual form (3356, AS3356, AS 3356); None for a name."""
    match = _SYSTEM.fullmatch(text or "")
    return int(match[1]) if match else None


def test_type_numbers(name: str | None) -> list[int]:
    """The numbers of a test type; none for None and for an unknown name."""
    number = TEST_TYPES.get(name or "")
    if number == _TRANSACTION:
        return [_OLD_TRANSACTION, _TRANSACTION]
    return [] if number is None else [number]


def test_type(value: object) -> tuple[str | None, int | None]:
    """The slug and the number of a test type that the service wrote as an {id, name} object, or as a bare name."""
    number = as_int(value.get("id")) if isinstance(value, Mapping) else None
    if number == _OLD_TRANSACTION:
        return "transaction", number
    name = enum_name(value, TEST_TYPES)
    return "transaction" if name == "transaction_legacy" else name, number
