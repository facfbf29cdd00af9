# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What everybody above the wire speaks. Times are ISO 8601 UTC with Z, ids integers, metrics go by slug."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Metric(NamedTuple):
    """One column of an answer. ``statistic`` is set for charts only (Avg, Median, 95th percentile as the service
    calls it).
    """

    slug: str
    label: str
    unit: str  # ms, percent, bytes, count or none
    statistic: str | None = None


class Row(NamedTuple):
    """One execution of a test at one node (raw data), or one interval (aggregated data), or one line of a summary."""

    time: str | None  # a run's start, an interval's start, None in a summary
    test_id: int | None
    test_name: str | None
    node_id: int | None
    node: str | None
    city: str | None
    country: str | None
    failed: bool  # of a run; False for anything else
    metrics: dict[str, float | None]
    host_ip: str | None = None  # the address that the run talked to; only v1 tells it


class Table(NamedTuple):
    """One answer of the performance endpoints."""

    metrics: list[Metric]
    rows: list[Row]
    cut: bool  # the service has more rows in this window than it gave
    zone: str | None = None  # the time zone that the service says it used


class ChartRow(NamedTuple):
    """One line of a favorite chart. ``breakdown`` maps a dimension (country, test) to the id and name it stands for;
    the chart's axis is one of them where it is not time.
    """

    time: str | None
    breakdown: dict[str, tuple[int | None, str | None]]
    metrics: dict[str, float | None]


# What the breakdowns of chart rows are called in an answer that does not say which they are. There are two at the most,
# and the first of three is the axis.
UNNAMED_BREAKDOWNS = ("breakdown_1", "breakdown_2", "breakdown_3")

# The axis of charts whose rows have a time.
TIME = "time"


def by_place(
    places: Sequence[tuple[int | None, str | None]], axis: str | None, kinds: Sequence[str]
) -> dict[str, tuple[int | None, str | None]]:
    """A chart row's places by what they are: one for each kind of breakdown, and before them one for the axis, or not.

    A place on an axis that is not known, or that is time, is left out.
    """
    if len(places) != len(kinds) + 1:
        return dict(zip(kinds, places))
    on_axis = {} if axis in (None, TIME) else {str(axis): places[0]}
    return {**on_axis, **dict(zip(kinds, places[1:]))}


class Chart(NamedTuple):
    """A favorite chart's data."""

    name: str | None
    start: str | None
    end: str | None
    metrics: list[Metric]
    summary: list[ChartRow]
    detail: list[ChartRow]
    cut: bool
    zone: str | None = None  # the time zone that the service says it used


class Node(NamedTuple):
    """One place that tests run at."""

    id: int
    name: str | None
    status: str | None  # active, inactive
    paused: bool | None
    network_type: str | None  # backbone, last_mile, wireless, enterprise, ...
    targeted: bool | None
    ipv6: bool | None
    city: str | None
    region: str | None
    country: str | None
    continent: str | None
    asn: int | None
    as_name: str | None
    isp: str | None
    latitude: float | None
    longitude: float | None
    ip_ranges: list[str]


class NodeGroup(NamedTuple):
    """A named set of nodes. ``nodes`` are dicts of id, name, network_type and status."""

    id: int
    name: str | None
    description: str | None
    network_type: str | None
    node_count: int | None
    nodes: list[dict[str, Any]] | None  # None where the answer does not tell them


class Test(NamedTuple):
    """One test's definition, as far as lists show it."""

    id: int
    name: str | None
    type: str | None  # web, transaction, api, dns, ...
    monitor: str | None  # chrome, http, ...
    status: str | None  # active, inactive, ...
    url: str | None
    product_id: int | None
    folder_id: int | None
    division_id: int | None
    alerts_paused: bool | None
    labels: dict[str, list[str]]
    changed: str | None


class Favorite(NamedTuple):
    """A saved chart. ``details`` is None where only a list was read."""

    id: int
    name: str | None
    description: str | None
    changed: str | None
    details: dict[str, Any] | None = None


class Alert(NamedTuple):
    """One alert that the service raised."""

    time: str | None
    test_id: int | None
    test_name: str | None
    level: str | None  # warning, critical, information, improved
    type: str | None


class SloViolation(NamedTuple):
    """One span in which a service-level objective was violated."""

    start: str | None
    end: str | None
    test_id: int | None
    test_name: str | None
    objective: str | None
    goal: float | None
    minutes: float | None


class Page(NamedTuple):
    """One page of a list."""

    entries: list[Any]
    more: bool
