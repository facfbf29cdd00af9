# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The objects of the simulated account: nodes, tests, changes, alerts and the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Union

from . import enums
from .places import Place, Provider

# A time expression of a scenario, or seconds since 1970.
When = Union[str, float]
FAR = float("inf")
# Parts of a run that a change may multiply: timings of the first request, and what the page is made of.
COMPONENTS = ("dns", "connect", "ssl", "wait", "load", "weight")


@dataclass(frozen=True)
class Instance:
    """An agent of an enterprise node: one of the customer's machines."""

    host_name: str
    ip: str = ""
    active: bool = True


@dataclass(frozen=True)
class Node:
    """One place where tests run."""

    id: int
    name: str
    place: Place
    provider: Provider
    network_type: int = 0
    ipv6: bool = False
    active: bool = True
    paused: bool = False
    targeted: bool = True
    for_synthetic: bool = True
    for_instant: bool = True
    ip_ranges: str = ""
    instances: tuple[Instance, ...] = ()

    @property
    def enterprise(self) -> bool:
        return self.network_type in enums.ENTERPRISE_NETWORKS


@dataclass(frozen=True)
class NodeGroup:
    id: int
    name: str
    node_ids: tuple[int, ...]
    description: str = ""
    network_type: int = 0


@dataclass(frozen=True)
class Product:
    id: int
    name: str
    status: int = 0


@dataclass(frozen=True)
class Folder:
    id: int
    name: str
    product_id: int
    parent_id: int | None = None


@dataclass(frozen=True)
class Label:
    """A label key with its values; tests name both."""

    id: int
    name: str
    color: str
    values: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ExplicitRun:
    """A run that the scenario states."""

    at: float
    node_id: int | None
    total: float | None
    error: int
    metrics: Mapping[str, float | None]


@dataclass(frozen=True)
class Test:
    """One test and the distribution of its runs; `median` is that of the Test Time in milliseconds."""

    id: int
    name: str
    type: int = 0
    monitor: int = 18
    product_id: int = 0
    folder_id: int | None = None
    url: str = ""
    description: str = ""
    status: int = 0
    frequency: int = 300
    node_ids: tuple[int, ...] = ()
    distribution: str = "even"
    nodes_per_run: int = 0
    median: float = 1000.0
    medians: Mapping[int, float] = field(default_factory=dict)
    location_spread: float = 0.2
    sigma: float = 0.12
    spike_rate: float = 0.01
    spike_factor: float = 3.0
    daily_swing: float = 0.0
    failure_rate: float = 0.0
    node_failure_rates: Mapping[int, float] = field(default_factory=dict)
    failures: tuple[int, ...] = ()
    no_data: bool = False
    data_delay: float | None = None
    start: float = 0.0
    alerts_paused: bool = False
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: tuple[ExplicitRun, ...] | None = None
    changed: float = 0.0


@dataclass(frozen=True)
class Change:
    """A change of the world from a time on; `from_time` and `to_time` are `at` and `until`, resolved."""

    id: int
    at: When
    until: When | None
    test_ids: frozenset[int] | None
    node_ids: frozenset[int] | None
    factor: float = 1.0
    component: str | None = None
    failure_rate: float | None = None
    error: int | None = None
    no_data: bool = False
    from_time: float = 0.0
    to_time: float = FAR
    default_base: str = "start"


@dataclass(frozen=True)
class Favorite:
    id: int
    name: str
    description: str
    test_ids: tuple[int, ...]
    metrics: tuple[str, ...]
    breakdowns: tuple[str, ...]
    time_frame: float
    time_frame_name: str
    time_frame_id: int
    interval: str
    statistic: int
    changed: float


@dataclass(frozen=True)
class Alert:
    id: str
    test_id: int
    level: int
    at: When
    duration: int
    alert_type: int
    alert_subtype: int
    warning: float | None
    critical: float | None
    node_id: int | None
    acknowledged_by: str | None
    error: int | None = None
    first: When | None = None


@dataclass(frozen=True)
class Violation:
    """A time in which an SLO was violated; `minutes` is None while it is open."""

    start: When
    minutes: int | None
    test_id: int


@dataclass(frozen=True)
class Slo:
    id: int
    name: str
    description: str
    test_ids: tuple[int, ...]
    metric: str
    goal: float
    threshold: float | None
    status: int
    violations: tuple[Violation, ...]


@dataclass(frozen=True)
class Outage:
    """An outage of an Internet service at one place; `minutes` is None while it is open."""

    service_id: int
    service: str
    start: When
    minutes: float | None
    place: Place
    errors: tuple[int, ...]


@dataclass(frozen=True)
class Interval:
    id: int
    name: str
    words: str
    seconds: int


# Ids as a working client uses them; names as v1's aggregationType has them.
USUAL_INTERVALS: tuple[Interval, ...] = (
    Interval(3, "Minutes1", "1 Minute", 60),
    Interval(4, "Minutes5", "5 Minutes", 300),
    Interval(5, "Minutes10", "10 Minutes", 600),
    Interval(6, "Minutes15", "15 Minutes", 900),
    Interval(7, "Minutes30", "30 Minutes", 1800),
    Interval(8, "Hour1", "1 Hour", 3600),
    Interval(11, "Hour2", "2 Hours", 7200),
    Interval(12, "Hour3", "3 Hours", 10800),
    Interval(13, "Hour4", "4 Hours", 14400),
    Interval(14, "Hour6", "6 Hours", 21600),
    Interval(16, "Hour12", "12 Hours", 43200),
    Interval(9, "Day", "1 Day", 86400),
    Interval(10, "Week", "1 Week", 604800),
)
# The same intervals under ids that a client cannot guess: each usual id stands for another interval here.
MOVED_INTERVALS: tuple[Interval, ...] = tuple(
    replace(interval, id=identifier)
    for interval, identifier in zip(USUAL_INTERVALS, (14, 16, 9, 3, 4, 5, 6, 7, 8, 21, 11, 12, 13))
)


def fraction(*parts: object) -> float:
    """A number in [0, 1) that depends on the parts alone."""
    text = "|".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") / 2**64
