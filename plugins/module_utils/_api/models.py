# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models of the responses of both API versions: nodes, tests, rows, charts, alerts.

Times are ISO 8601 UTC with Z, ids are integers, and metrics are named by slug.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Optional, TypedDict, TypeVar

Entry = TypeVar("Entry")

# The id and the name of something that a row is broken down by.
IdName = tuple[Optional[int], Optional[str]]


class Metric(NamedTuple):
    """One column of a response. Only charts have a ``statistic``: Avg, Median, 95th Percentile, as the service names
    it.
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
    host_ip: str | None = None  # the address that the run connected to; only v1 reports it


class Table(NamedTuple):
    """One response of a performance endpoint."""

    metrics: list[Metric]
    rows: list[Row]
    cut: bool  # the service has more rows in this window than it returned
    zone: str | None = None  # the time zone that the service says it used
    repeated: int = 0  # duplicate rows of the response; ``rows`` has them once


class ChartRow(NamedTuple):
    """One line of a favorite chart.

    ``breakdown`` maps a dimension (country, test) to its id and name. The chart's axis is one of the dimensions unless
    it is time.
    """

    time: str | None
    breakdown: dict[str, IdName]
    metrics: dict[str, float | None]


# Names for the breakdowns of chart rows in a response that does not name them. There are at most two, and the first of
# three is the axis.
UNNAMED_BREAKDOWNS = ("breakdown_1", "breakdown_2", "breakdown_3")

# The axis of charts whose rows have a time.
TIME = "time"


def by_place(places: Sequence[IdName], axis: str | None, kinds: Sequence[str]) -> dict[str, IdName]:
    """Names the places of a chart row: one for each kind of breakdown, with or without one for the axis before them.

    A place on an axis that is unknown, or that is time, is dropped.
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
    undated: int = 0  # rows on a time axis without a plausible time; they are not in ``detail``


class Node(NamedTuple):
    """A place that tests run from."""

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
    instant_tests: bool | None = None  # whether instant tests can run here; only the list of all nodes has it


class GroupNode(TypedDict):
    """A node as a list of node groups shows it."""

    id: int
    name: str | None
    network_type: str | None
    status: str | None


class NodeGroup(NamedTuple):
    """A named set of nodes."""

    id: int
    name: str | None
    description: str | None
    network_type: str | None
    node_count: int | None
    nodes: list[GroupNode] | None  # None if the response does not list them


class Test(NamedTuple):
    """The part of a test's definition that lists return."""

    id: int
    name: str | None
    type: str | None  # web, transaction, api, dns, ...
    type_id: int | None  # two numbers mean transaction: 1 and 27
    monitor: str | None  # chrome, http, ...
    status: str | None  # active, inactive, ...
    url: str | None
    product_id: int | None
    folder_id: int | None
    division_id: int | None
    alerts_paused: bool | None
    labels: dict[str, list[str]]
    changed: str | None


class ChartTest(TypedDict):
    """A test of a favorite chart."""

    id: int | None
    name: str | None
    type: str | None


class FavoriteDetails(TypedDict):
    """The definition of a favorite chart."""

    time_frame: str | None
    interval: str | None
    dimension: str | None
    breakdowns: list[str]
    statistics: list[str]
    tests: list[ChartTest]
    metrics: list[str]
    source: str | None


class Favorite(NamedTuple):
    """A saved chart. ``details`` is None if only the list was read."""

    id: int
    name: str | None
    description: str | None
    changed: str | None
    details: FavoriteDetails | None = None


class Alert(NamedTuple):
    """An alert that the service raised."""

    time: str | None
    test_id: int | None
    test_name: str | None
    level: str | None  # warning, critical, information, improved
    type: str | None
    id: str | None = None  # v1 reports neither this nor any of the following
    node_id: int | None = None  # None if the alert is about several nodes
    node: str | None = None
    acknowledged_by: str | None = None
    url: str | None = None  # the alert's page in the portal
    labels: dict[str, list[str]] | None = None


class SloViolation(NamedTuple):
    """A period in which a service-level objective was violated."""

    start: str | None
    end: str | None
    test_id: int | None
    test_name: str | None
    objective: str | None
    goal: float | None
    minutes: float | None
    slo_id: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended. An ongoing violation has no end, or one before its start (.NET's year 1)."""
        return self.start is not None and self.end is not None and self.end >= self.start

    @property
    def span(self) -> tuple[str, str | None]:
        """Its start, and its end if it is over."""
        return str(self.start), self.end if self.is_over else None


@dataclass(frozen=True)
class Page(Generic[Entry]):
    """One page of a list. ``empty_body`` is true if v1 sent an empty body instead of a page without entries.

    ``window`` is the start and the end that the response says it covers.
    """

    entries: list[Entry] = field(default_factory=list)
    more: bool = False
    empty_body: bool = False
    window: tuple[str, str] | None = None
