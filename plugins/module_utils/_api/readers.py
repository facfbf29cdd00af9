# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of list entries that v1 and v2 share. The names of members are in snake_case for both versions.

The versions differ in a few names; ``first`` then names both. Every function raises ResponseError and nothing else.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.community.catchpoint.plugins.module_utils._api.enums import (
    ALERT_LEVELS,
    ALERT_TYPES,
    NETWORK_TYPES,
    NODE_STATUSES,
    TEST_STATUSES,
    test_type,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import slugs
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    Alert,
    ChartTest,
    Favorite,
    FavoriteDetails,
    GroupNode,
    IdName,
    Node,
    NodeGroup,
    SloViolation,
    Test,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    array,
    as_bool,
    as_int,
    as_slug,
    enum_name,
    first,
    id_name,
    ip_ranges,
    kind_of,
    member,
    moment,
    name_of,
    names_in,
    number,
    section,
    text,
)


def node(entry: Json) -> Node:
    coordinates = section(entry, "coordinates", "a node") or entry
    system = section(entry, "asn", "a node")
    addresses = ip_ranges(entry.get("ip_ranges"))
    # v1 does not say whether a node uses IPv6, but its addresses do.
    by_address = any(":" in address for address in addresses) if addresses else None
    ipv6 = as_bool(entry.get("is_i_pv6"))
    return Node(
        id=member(entry, "id", int, "a node"),
        name=text(entry.get("name")),
        status=enum_name(entry.get("status"), NODE_STATUSES),
        paused=as_bool(first(entry, "is_paused", "paused")),
        network_type=enum_name(entry.get("network_type"), NETWORK_TYPES),
        targeted=as_bool(first(entry, "is_targeted", "targeted")),
        ipv6=by_address if ipv6 is None else ipv6,
        city=name_of(entry.get("city")),
        region=name_of(first(entry, "state", "region")),
        country=name_of(entry.get("country")),
        continent=name_of(entry.get("continent")),
        asn=as_int(first(system, "value", "id")),
        as_name=name_of(entry.get("asn")),
        isp=name_of(first(entry, "internet_service_provider", "isp")),
        latitude=number(coordinates.get("latitude")),
        longitude=number(coordinates.get("longitude")),
        ip_ranges=addresses,
        instant_tests=as_bool(entry.get("available_for_instant_tests")),
    )


def node_group(entry: Json) -> NodeGroup:
    return NodeGroup(
        id=member(entry, "id", int, "a node group"),
        name=text(entry.get("name")),
        description=text(entry.get("description")),
        network_type=enum_name(first(entry, "network_type", "synthetic_network_type"), NETWORK_TYPES),
        node_count=as_int(entry.get("nodes_count")),
        nodes=_nodes_of_group(entry),
    )


def _nodes_of_group(group: Json) -> list[GroupNode] | None:
    if group.get("nodes") is None:
        return None
    return [
        {
            "id": member(entry, "id", int, "a node"),
            "name": text(entry.get("name")),
            "network_type": enum_name(entry.get("network_type"), NETWORK_TYPES),
            "status": enum_name(entry.get("status"), NODE_STATUSES),
        }
        for entry in array(group, "nodes", "a node group's nodes")
    ]


def test(entry: Json) -> Test:
    kind, type_id = test_type(first(entry, "type", "test_type"))
    monitors = entry.get("monitors")
    first_monitor = monitors[0] if isinstance(monitors, list) and monitors else None
    return Test(
        id=member(entry, "id", int, "a test"),
        name=text(entry.get("name")),
        type=kind,
        type_id=type_id,
        monitor=as_slug(first(entry, "monitor") or first_monitor),
        status=enum_name(entry.get("status"), TEST_STATUSES),
        url=text(first(entry, "url", "test_url")),
        product_id=as_int(entry.get("product_id")),
        folder_id=as_int(first(entry, "folder_id", "parent_folder_id")),
        division_id=as_int(entry.get("division_id")),
        alerts_paused=as_bool(entry.get("alerts_paused")),
        labels=_labels(entry, "a test's labels"),
        changed=_change_date(entry),
    )


def _labels(entry: Json, what: str) -> dict[str, list[str]]:
    return {
        str(label["name"]): [str(value) for value in _values_of_label(label)]
        for label in array(entry, "labels", what)
        if label.get("name")
    }


def _values_of_label(label: Json) -> Sequence[object]:
    return [] if label.get("values") is None else member(label, "values", list, "a label")


def _change_date(entry: Json) -> str | None:
    # v1 writes 04/02/2026 12:10:00 PM in the account's zone in some places, which does not identify an instant.
    value = entry.get("change_date")
    return moment(value) if isinstance(value, str) and "T" in value else None


def id_and_name(entry: Json, what: str) -> IdName:
    return member(entry, "id", int, what), text(entry.get("name"))


def favorite(entry: Json, details: FavoriteDetails | None = None) -> Favorite:
    return Favorite(
        id=member(entry, "id", int, "a favorite chart"),
        name=text(entry.get("name")),
        description=text(entry.get("description")),
        changed=_change_date(entry),
        details=details,
    )


def favorite_details(entry: Json) -> FavoriteDetails:
    return {
        "time_frame": name_of(entry.get("time_frame")),
        "interval": name_of(entry.get("interval")),
        "dimension": as_slug(entry.get("dimension")),
        "breakdowns": breakdowns(entry),
        "statistics": names_in(entry, "statistical_values", "a favorite chart"),
        "tests": [_test_of_chart(one) for one in array(entry, "tests", "a chart's tests")],
        "metrics": slugs(names_in(entry, "synthetic_metrics", "a favorite chart")),
        "source": as_slug(entry.get("source_type")),
    }


def _test_of_chart(entry: Json) -> ChartTest:
    kind, _type_id = test_type(first(entry, "type", "test_type"))
    return {"id": as_int(entry.get("id")), "name": text(entry.get("name")), "type": kind}


def breakdowns(entry: Json) -> list[str]:
    """The dimensions that a chart is broken down by, besides its axis."""
    names = (("breakdown_one", "breakdown_1"), ("breakdown_two", "breakdown_2"))
    kinds = (kind_of(first(entry, *both)) for both in names)
    return [kind for kind in kinds if kind is not None]


_LARGEST_ID = 2**63 - 1

# The portal's pages of an alert. Which of them are filled depends on the test's type.
_ALERT_PAGES = (
    "test_smartboard_url",
    "test_performance_url",
    "test_record_url",
    "test_scatterplot_url",
    "test_statistical_url",
)


def alert(entry: Json) -> Alert:
    node_id, node = id_name(section(entry, "node", "an alert"))
    return Alert(
        time=moment(first(entry, "report_time", "processing_timestamp", "start_time")),
        test_id=_id_of_test(entry, "an alert"),
        test_name=_name_of_test(entry),
        level=enum_name(entry.get("level"), ALERT_LEVELS),
        type=enum_name(entry.get("alert_type"), ALERT_TYPES),
        id=None if first(entry, "id") is None else str(entry["id"]),
        node_id=node_id,
        node=node,
        acknowledged_by=name_of(entry.get("acknowledged_by")),
        url=text(first(entry, *_ALERT_PAGES)),
        labels=_labels(entry, "an alert's labels"),
    )


def slo_violation(entry: Json) -> SloViolation:
    return SloViolation(
        start=moment(entry.get("violation_start")),
        end=moment(entry.get("violation_end")),
        test_id=_id_of_test(entry, "an SLO violation"),
        test_name=_name_of_test(entry),
        objective=text(entry.get("objective_name")),
        goal=number(entry.get("goal")),
        minutes=number(entry.get("mins_in_violation")),
        slo_id=as_int(entry.get("slo_id")),
    )


def _id_of_test(entry: Json, what: str) -> int | None:
    """The test of an alert or violation: as an object, or as the bare id beside it."""
    test_id = as_int(section(entry, "test", what).get("id"))
    if test_id is None:
        test_id = as_int(entry.get("test_id"))
    # Ids start at 1 and have at most 64 bits, so other values do not identify a test.
    return test_id if test_id is not None and 0 < test_id <= _LARGEST_ID else None


def _name_of_test(entry: Json) -> str | None:
    return name_of(entry.get("test")) or text(entry.get("test_name"))
