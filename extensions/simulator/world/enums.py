# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Enumerations of the API: id to name."""

from __future__ import annotations

from collections.abc import Iterable

TEST_TYPES: dict[int, str] = {
    0: "Web",
    1: "TransactionLegacy",
    2: "HtmlCode",
    3: "Ftp",
    4: "Tcp",
    5: "Dns",
    6: "Ping",
    7: "Smtp",
    8: "Udp",
    9: "Api",
    10: "Streaming",
    11: "Ssh",
    12: "TraceRoute",
    13: "WebSocket",
    14: "Ntp",
    15: "Imap",
    16: "Mqtt",
    17: "Bulk",
    18: "Ssl",
    19: "Wifi",
    20: "Bgp",
    21: "NodeToNode",
    22: "Bandwidth",
    25: "Playwright",
    26: "Puppeteer",
    27: "Transaction",
}
# Names that v1 uses for the same types.
V1_TEST_TYPES = {**TEST_TYPES, 1: "Transaction", 27: "Transaction"}

MONITORS: dict[int, str] = {
    0: "IE",
    2: "HTTP",
    3: "Emulated",
    5: "Mqtt",
    6: "Imap",
    7: "Ntp",
    8: "Ping ICMP",
    9: "Traceroute ICMP",
    11: "PingTcp",
    12: "DnsExperience",
    13: "DnsDirect",
    14: "TraceRouteUdp",
    15: "Tcp",
    16: "Ftp",
    18: "Chrome",
    19: "Playback",
    20: "MobilePlayback",
    21: "Smtp",
    24: "Streaming",
    25: "Api",
    26: "Mobile",
    28: "Ssh",
    30: "WebSocket",
    31: "Ssl",
    39: "Edge",
}
DEFAULT_MONITOR = {
    "Web": 18,
    "TransactionLegacy": 18,
    "Transaction": 18,
    "HtmlCode": 18,
    "Ftp": 16,
    "Tcp": 15,
    "Dns": 12,
    "Ping": 8,
    "Smtp": 21,
    "Api": 25,
    "Streaming": 24,
    "Ssh": 28,
    "TraceRoute": 9,
    "WebSocket": 30,
    "Ntp": 7,
    "Imap": 6,
    "Mqtt": 5,
    "Ssl": 31,
    "Playwright": 18,
    "Puppeteer": 18,
}

STATUS: dict[int, str] = {0: "Active", 1: "Inactive", 2: "Archived", 7: "Deleted"}
NETWORK_TYPES: dict[int, str] = {
    0: "Backbone",
    1: "LastMile",
    2: "Wireless",
    3: "Private",
    4: "Enterprise",
    5: "PublicCloud",
    6: "Any",
    7: "Bgp",
    8: "WebPageTest",
    9: "Enterprise Branch",
}
ENTERPRISE_NETWORKS = (3, 4, 9)
SETTINGS: dict[int, str] = {0: "Inherit", 1: "Override", 2: "Inherit & Add", 3: "No Settings"}
NODE_DISTRIBUTIONS: dict[int, str] = {0: "Random", 1: "Concurrent", 2: "Even"}
# Seconds of each test frequency.
FREQUENCIES: dict[int, tuple[str, int]] = {
    19: ("5 Seconds", 5),
    20: ("10 Seconds", 10),
    21: ("20 Seconds", 20),
    22: ("30 Seconds", 30),
    1: ("1 Minute", 60),
    16: ("2 Minutes", 120),
    17: ("3 Minutes", 180),
    15: ("4 Minutes", 240),
    2: ("5 Minutes", 300),
    3: ("10 Minutes", 600),
    4: ("15 Minutes", 900),
    5: ("20 Minutes", 1200),
    6: ("30 Minutes", 1800),
    7: ("60 Minutes", 3600),
    8: ("2 Hours", 7200),
    9: ("3 Hours", 10800),
    10: ("4 Hours", 14400),
    11: ("6 Hours", 21600),
    12: ("8 Hours", 28800),
    13: ("12 Hours", 43200),
    14: ("24 Hours", 86400),
}
ERROR_TYPES: dict[int, str] = {
    0: "None",
    1: "DNS",
    2: "Connection",
    3: "SSL",
    4: "NoResponse",
    5: "Response",
    6: "Timeout",
    7: "SystemLimit",
    8: "Transaction",
    9: "Content",
    10: "Other",
    11: "ScriptFailure",
    12: "ChildRequestFailure",
    13: "PacketLoss",
}
ALERT_LEVELS: dict[int, str] = {0: "Warning", 1: "Critical", 2: "Information", 3: "Improved"}
ALERT_TYPES: dict[int, str] = {
    0: "None",
    2: "ByteLength",
    3: "ContentMatch",
    4: "HostFailure",
    7: "ResponseTime",
    9: "PageFailure",
    11: "ScriptFailure",
    12: "Ping",
    13: "Requests",
    15: "Availability",
    17: "Dns",
}
ALERT_SUBTYPES: dict[int, str] = {
    0: "None",
    9: "Test Failure",
    50: "DNS",
    51: "Connect",
    53: "Wait",
    54: "Load",
    55: "TTFB",
    58: "Response",
    59: "Test Time",
    66: "Document Complete",
    100: "Ping RTT",
    101: "Ping Packet Loss",
    130: "Page Response",
    140: "Test",
    141: "Content",
    142: "% Downtime",
}
ALERT_TRIGGERS: dict[int, str] = {0: "None", 1: "SpecificValue", 2: "TrailingValue", 3: "TrendShift"}
OPERATORS: dict[int, str] = {
    0: "NotEquals",
    1: "Equals",
    2: "GreaterThan",
    3: "GreaterThanOrEquals",
    4: "LessThan",
    5: "LessThanOrEquals",
    6: "NotBetween",
    7: "Between",
}
NODE_THRESHOLDS: dict[int, str] = {0: "Runs", 1: "AverageAcrossNodes", 2: "Node"}
ALERT_INTERVALS: dict[int, str] = {
    0: "Default",
    1: "1 Minute",
    5: "5 Minutes",
    10: "10 Minutes",
    15: "15 Minutes",
    30: "30 Minutes",
    60: "60 Minutes",
}
STATISTICS: dict[int, str] = {
    0: "Counter",
    1: "Average",
    2: "Median",
    3: "StandardDeviation",
    4: "Min",
    5: "Max",
    6: "GeometricMean",
    7: "Percentile95",
    8: "Percentile85",
    15: "Percentile75",
    16: "Percentile99",
}
SUB_SOURCES: dict[int, str] = {1: "Test", 2: "Zone", 3: "Host", 4: "Request"}
AVAILABILITY_FILTERS: dict[int, str] = {
    0: "OnlyFailures",
    1: "OnlySuccesses",
    2: "All",
    3: "OnlyContentFailures",
    4: "OnlyJavascriptFailures",
    5: "SLA",
    6: "SLAAcceptedRuns",
    7: "SLAPurgedRuns",
    8: "RealTimePushApiFailures",
}
WIN_HTTP_METHODS: dict[int, str] = {0: "Get", 1: "Post", 2: "Head", 3: "Delete", 4: "Options", 5: "Put"}

# IANA name, id and name that v1 shows for the account's time zone.
TIME_ZONES: dict[str, tuple[int, str]] = {
    "America/New_York": (0, "Eastern Standard Time"),
    "America/Chicago": (1, "Central Standard Time"),
    "America/Denver": (2, "Mountain Standard Time"),
    "America/Los_Angeles": (3, "Pacific Standard Time"),
    "UTC": (4, "UTC"),
    "Europe/Berlin": (5, "Central Europe Standard Time"),
    "Asia/Jerusalem": (6, "Israel Standard Time"),
    "Asia/Tokyo": (7, "Japan Standard Time"),
    "Asia/Singapore": (9, "Singapore Standard Time"),
    "Australia/Sydney": (10, "AUS Eastern Standard Time"),
    "Pacific/Honolulu": (12, "Hawaiian Standard Time"),
    "Europe/London": (19, "GMT Standard Time"),
    "Asia/Shanghai": (21, "China Standard Time"),
    "Asia/Seoul": (23, "Korea Standard Time"),
    "Pacific/Auckland": (24, "New Zealand Standard Time"),
    "Europe/Moscow": (25, "Russian Standard Time"),
    "Asia/Kolkata": (28, "India Standard Time"),
    "Asia/Dubai": (29, "Gulf Standard Time"),
}


def pair(table: dict[int, str], identifier: int) -> dict[str, object]:
    """`{"id": 0, "name": "Active"}`: how the API writes a value of an enumeration."""
    return {"id": identifier, "name": table[identifier]}


def ids(table: dict[int, str], wanted: Iterable[str]) -> list[int]:
    """Ids of names, case ignored; an unknown name is a KeyError."""
    by_name = {name.lower(): identifier for identifier, name in table.items()}
    return [by_name[name.lower()] for name in wanted]


def frequency(seconds: int) -> dict[str, object]:
    """Id and name of the named test frequency that is nearest to a number of seconds."""
    found = min(FREQUENCIES, key=lambda one: abs(FREQUENCIES[one][1] - seconds))
    return {"id": found, "name": FREQUENCIES[found][0]}
