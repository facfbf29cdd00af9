# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Runs of tests: computed from (seed, test, node, slot) only, so a window always gives the same rows.

A test with a frequency of 300 s has a slot every 300 s; in each slot each of its nodes runs it once. All chance of a
run comes from one hash over seed, test, node and slot: making a window costs time in proportion to its rows.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Optional

from . import enums
from .model import Change, Node, Test, fraction
from .world import World

_HASH = struct.Struct(">qqq")
_DRAWS = struct.Struct(">8Q")
_UNIT = 2.0**-64
_BYTE = 1 / 256

WEB_TYPES = frozenset((0, 1, 2, 10, 25, 26, 27))
PING_TYPES = frozenset((6, 12))
DNS_TYPE = 5

# Kinds of failure with their shares.
_FAILURES = ((5, 0.4), (6, 0.3), (2, 0.2), (1, 0.1))
_FAILURE_METRIC = {
    1: "# DNS Failures",
    2: "# Connection Failures",
    3: "# SSL Failures",
    4: "# Response Failures",
    5: "# Response Failures",
    6: "# Timeout Failures",
}
# Timings that a failed run has: all before the stage that failed.
_REACHED = {
    1: (),
    2: ("DNS (ms)",),
    3: ("DNS (ms)", "Connect (ms)"),
    4: ("DNS (ms)", "Connect (ms)", "SSL (ms)", "Send (ms)"),
    5: ("DNS (ms)", "Connect (ms)", "SSL (ms)", "Send (ms)", "Wait (ms)", "Time To First Byte (ms)"),
}
_COMPONENTS = {
    "dns": "DNS (ms)",
    "connect": "Connect (ms)",
    "ssl": "SSL (ms)",
    "wait": "Wait (ms)",
    "load": "Load (ms)",
}
ERROR_TEXTS = {
    1: "DNS failure: the host name could not be resolved",
    2: "Connection failure: no connection to the server",
    3: "SSL failure: the handshake was refused",
    4: "Response failure: the server sent nothing",
    5: "Response failure: HTTP status 503",
    6: "Timeout: the test took longer than 30 seconds",
}


class Run:
    """One execution of a test at one node; metrics are computed on first use."""

    __slots__ = (
        "added", "base", "draws", "error", "node", "overrides", "parts", "test", "time", "timings", "total", "weight",
    )  # fmt: skip

    def __init__(
        self,
        test: Test,
        node: Optional[Node],
        time: int,
        base: float,
        error: int,
        draws: tuple[int, ...],
        timings: str,
        factors: Optional[Mapping[str, float]] = None,
        overrides: Optional[Mapping[str, Optional[float]]] = None,
    ) -> None:
        self.test = test
        self.node = node
        self.time = time
        self.base = base
        self.error = error
        self.draws = draws
        self.timings = timings
        self.overrides = overrides
        self.parts: Optional[dict[str, Optional[float]]] = None
        self.added: dict[str, float] = {}
        self.total = base
        self.weight = factors.get("weight", 1.0) if factors else 1.0
        if factors:
            shares = _shares(self)
            for name, factor in factors.items():
                timing = _COMPONENTS.get(name)
                if timing is not None:
                    self.added[timing] = float(round(shares[timing] * (factor - 1)))
            self.total += sum(self.added.values())

    @property
    def failed(self) -> bool:
        return self.error != 0

    @property
    def host_ip(self) -> str:
        """The address of the server that responded."""
        number = self.test.id % 200 + 1
        if self.node is not None and self.node.ipv6:
            return f"2001:db8:ffff:{number:x}::{self.draws[7] % 4 + 1}"
        return f"203.0.113.{(number + self.draws[7] % 3) % 254 + 1}"

    def value(self, key: str) -> Optional[float]:
        """The value of a metric, or None where the run has none."""
        if self.overrides and key in self.overrides:
            return self.overrides[key]
        if key == "# Runs":
            return 1.0
        if key == "% Availability":
            return 0.0 if self.error else 100.0
        if key == "Test Time (ms)" and not self.error and self.test.type not in PING_TYPES:
            return self.total
        if self.parts is None:
            self.parts = _parts(self)
        return self.parts.get(key)


def make(
    world: World,
    test: Test,
    start: float,
    end: float,
    now: float,
    timings: str = "partial",
    inclusive: bool = False,
) -> list[Run]:
    """The runs of one test with start <= time < end (<= end if inclusive) that are known at `now`, by time."""
    delay = world.data_delay if test.data_delay is None else test.data_delay
    last = min(end if inclusive else math.nextafter(end, -math.inf), now - delay)
    first = max(start, test.start)
    if test.no_data or test.status != 0 or first > last:
        return []
    found = _explicit(world, test, first, last, timings) if test.runs is not None else None
    if found is None:
        found = _computed(world, test, first, last, timings)
    found.sort(key=lambda run: (run.time, run.node.id if run.node else 0))
    return found


def can_fail(world: World, test: Test) -> bool:
    """Whether a test can have failed runs. Most tests of a fleet cannot, which saves computing their runs."""
    return (
        test.runs is not None
        or test.failure_rate > 0
        or any(test.node_failure_rates.values())
        or any(change.failure_rate for change in world.changes_of(test.id))
    )


def at_once(world: World, test: Test, node: Node, moment: float, number: int) -> Run | None:
    """A run on request: like a scheduled one at this moment, with draws that depend on `number`."""
    draws = _draws(_base_hash(f"{world.seed}|instant"), test.id, node.id, number)
    return _run(test, node, moment, _median(world.seed, test, node), draws, world.changes_of(test.id), "partial")


def _explicit(world: World, test: Test, first: float, last: float, timings: str) -> list[Run]:
    result = []
    for number, one in enumerate(test.runs or ()):
        if not first <= one.at <= last:
            continue
        node = world.nodes.get(one.node_id) if one.node_id is not None else None
        draws = _draws(_base_hash(world.seed), test.id, one.node_id or 0, number)
        total = test.median if one.total is None else one.total
        result.append(Run(test, node, int(one.at), total, one.error, draws, timings, overrides=one.metrics))
    return result


def _computed(world: World, test: Test, first: float, last: float, timings: str) -> list[Run]:
    nodes = [world.nodes[identifier] for identifier in test.node_ids if identifier in world.nodes]
    nodes = [node for node in nodes if node.active and not node.paused]
    if not nodes:
        return []
    frequency = test.frequency
    base_hash = _base_hash(world.seed)
    phase = int(frequency * fraction(world.seed, "phase", test.id))
    changes = world.changes_of(test.id)
    medians = {node.id: _median(world.seed, test, node) for node in nodes}
    result = []
    for slot in range(int((first - phase) // frequency) - 1, int((last - phase) // frequency) + 1):
        begin = phase + slot * frequency
        for index, node, draws in _of_slot(base_hash, test, nodes, slot):
            if test.distribution == "even":
                offset = (index + 0.2 * draws[0] * _UNIT) * frequency / len(nodes)
            elif test.distribution == "random":
                offset = draws[0] * _UNIT * frequency
            else:
                offset = min(3.0, frequency / 4) * draws[0] * _UNIT
            time = begin + int(offset)
            if not first <= time <= last:
                continue
            run = _run(test, node, time, medians[node.id], draws, changes, timings)
            if run is not None:
                result.append(run)
    return result


def _of_slot(
    base_hash: hashlib.blake2b, test: Test, nodes: list[Node], slot: int
) -> Iterable[tuple[int, Node, tuple[int, ...]]]:
    """The nodes that run in a slot, each with its index and its draws."""
    all_draws = [(index, node, _draws(base_hash, test.id, node.id, slot)) for index, node in enumerate(nodes)]
    if 0 < test.nodes_per_run < len(nodes):
        chosen = sorted(all_draws, key=lambda one: one[2][7])[: test.nodes_per_run]
        return sorted(chosen, key=lambda one: one[0])
    return all_draws


def _run(
    test: Test,
    node: Node,
    time: float,
    median: float,
    draws: tuple[int, ...],
    changes: tuple[Change, ...],
    timings: str,
) -> Optional[Run]:
    """One run with all changes that apply to its time and node; None while there is no data."""
    factor, rate, kind = 1.0, test.failure_rate, None
    rate = test.node_failure_rates.get(node.id, rate)
    factors: dict[str, float] = {}
    for change in changes:
        if not change.from_time <= time < change.to_time:
            continue
        if change.node_ids is not None and node.id not in change.node_ids:
            continue
        if change.no_data:
            return None
        if change.component:
            factors[change.component] = factors.get(change.component, 1.0) * change.factor
        else:
            factor *= change.factor
        if change.failure_rate is not None:
            rate = change.failure_rate
        if change.error is not None:
            kind = change.error
    total = median * factor * math.exp(test.sigma * _normal(draws[2], draws[3]))
    spike = draws[4] * _UNIT
    if spike < test.spike_rate:
        total *= 1 + (test.spike_factor - 1) * (0.5 + spike / test.spike_rate)
    if test.daily_swing:
        total *= 1 + test.daily_swing * math.sin(2 * math.pi * (time % 86400) / 86400)
    error = 0
    if draws[1] * _UNIT < rate:
        error = kind if kind is not None else _kind(test, draws[6] * _UNIT)
    return Run(test, node, int(time), float(max(1, round(total))), error, draws, timings, factors or None)


def _kind(test: Test, draw: float) -> int:
    """Which kind of failure."""
    if test.failures:
        return test.failures[int(draw * len(test.failures))]
    if test.type == DNS_TYPE:
        return 1
    if test.type in PING_TYPES:
        return 13
    for kind, share in _FAILURES:
        if draw < share:
            return kind
        draw -= share
    return _FAILURES[0][0]


@lru_cache(maxsize=8)
def _base_hash(seed: str) -> hashlib.blake2b:
    return hashlib.blake2b(seed.encode(), digest_size=64)


def _draws(base_hash: hashlib.blake2b, test_id: int, node_id: int, slot: int) -> tuple[int, ...]:
    """Eight whole numbers below 2**64."""
    copy = base_hash.copy()
    copy.update(_HASH.pack(test_id, node_id, slot))
    return _DRAWS.unpack(copy.digest())


def _normal(first: int, second: int) -> float:
    """A draw of the standard normal distribution (Box and Muller)."""
    return math.sqrt(-2.0 * math.log((first + 1) * _UNIT)) * math.cos(2 * math.pi * second * _UNIT)


@lru_cache(maxsize=65536)
def _spread(seed: str, test_id: int, node_id: int, spread: float) -> float:
    return 1 + spread * (2 * fraction(seed, "location", test_id, node_id) - 1)


def _median(seed: str, test: Test, node: Node) -> float:
    """The median of a test at a node: as stated, else the test's own, spread a little over the locations."""
    stated = test.medians.get(node.id)
    return stated if stated is not None else test.median * _spread(seed, test.id, node.id, test.location_spread)


def _bytes_of(number: int) -> list[float]:
    """Eight draws in [0, 1) of one."""
    return [(number >> shift & 255) * _BYTE for shift in range(0, 64, 8)]


def _shares(run: Run) -> dict[str, float]:
    """DNS to Load of the first request, in whole milliseconds that add up."""
    draw = _bytes_of(run.draws[5])
    # A page's first request takes about a third of the total; an API call is a single request.
    response = run.base * (0.28 + 0.14 * draw[0]) if run.test.type in WEB_TYPES else run.base
    dns = round(response * (0.04 + 0.05 * draw[1]))
    connect = round(response * (0.08 + 0.05 * draw[2]))
    ssl = round(response * (0.10 + 0.06 * draw[3]))
    wait = round(response * (0.45 + 0.12 * draw[4]))
    load = max(round(response) - dns - connect - ssl - wait, 0)
    return {
        "DNS (ms)": float(dns),
        "Connect (ms)": float(connect),
        "SSL (ms)": float(ssl),
        "Send (ms)": 0.0,
        "Wait (ms)": float(wait),
        "Load (ms)": float(load),
    }


def _parts(run: Run) -> dict[str, Optional[float]]:
    """All metrics of a run of its type of test."""
    if run.test.type in WEB_TYPES:
        parts = _web(run)
    elif run.test.type in PING_TYPES:
        parts = _ping(run)
    elif run.test.type == DNS_TYPE:
        parts = {"DNS (ms)": run.total, "Response (ms)": run.total, "Test Time (ms)": run.total}
    else:
        parts = _api(run)
    if run.error and run.timings != "full":
        reached = _REACHED.get(run.error, ()) if run.timings == "partial" else ()
        parts = {key: value for key, value in parts.items() if key in reached or key.startswith("% Ping")}
    _outcome(run, parts)
    return parts


def _timings(run: Run) -> dict[str, Optional[float]]:
    parts: dict[str, Optional[float]] = {}
    to_first_byte = 0.0
    for key, share in _shares(run).items():
        value = share + run.added.get(key, 0.0)
        parts[key] = value
        if key != "Load (ms)":
            to_first_byte += value
    load = parts["Load (ms)"] or 0.0
    dns = parts["DNS (ms)"] or 0.0
    parts["Time To First Byte (ms)"] = to_first_byte
    parts["Response (ms)"] = to_first_byte + load
    parts["Server Response (ms)"] = to_first_byte + load - dns
    return parts


def _api(run: Run) -> dict[str, Optional[float]]:
    parts = _timings(run)
    size = float(600 + run.test.id % 4000)
    downloaded = size + 380 + run.draws[7] % 40
    parts.update({"File Size": size, "Downloaded Bytes": downloaded, "Total Downloaded Bytes": downloaded})
    parts["Throughput"] = downloaded / max(1.0, (parts["Wait (ms)"] or 0) + (parts["Load (ms)"] or 0))
    parts["# Items (Total)"] = parts["# Hosts"] = parts["# Connections"] = 1.0
    parts["Test Time (ms)"] = run.total
    return parts


def _web(run: Run) -> dict[str, Optional[float]]:
    parts = _timings(run)
    draw = _bytes_of(run.draws[7])
    total = run.total
    response = parts["Response (ms)"] or 0.0
    client = float(round(0.04 * total))
    page = max(total - client, response)
    rest = page - response
    parts["DOM Load (ms)"] = round(response + rest * 0.35) * 1.0
    parts["Content Load (ms)"] = round(rest) * 1.0
    parts["Document Complete (ms)"] = round(response + rest * (0.80 + 0.1 * draw[0])) * 1.0
    parts["Webpage Response (ms)"] = parts["Response (ms) of the page"] = page
    parts["Wire Time (ms)"] = page - client
    parts["Client Time (ms)"] = client
    parts["Render Start (ms)"] = round(response + rest * 0.22) * 1.0
    parts["Time to Title (ms)"] = round(response + rest * 0.05) * 1.0
    parts["Speed Index"] = round(response + rest * 0.5) * 1.0
    parts["First Contentful Paint (ms)"] = round(response + rest * 0.25) * 1.0
    parts["Largest Contentful Paint (ms)"] = round(response + rest * 0.6) * 1.0
    parts["Total Blocking Time (ms)"] = round(rest * 0.06 * draw[1]) * 1.0
    parts["Cumulative Layout Shift"] = round(0.08 * draw[2], 3)
    parts["Experience Score"] = float(round(100 / (1 + (page / 6000) ** 2)))
    parts["Page Speed Score"] = float(round(95 - 20 * draw[3]))
    parts["Test Time (ms)"] = total
    _weight(run, parts, draw, page)
    return parts


def _weight(run: Run, parts: dict[str, Optional[float]], draw: list[float], page: float) -> None:
    """The page's requests and bytes: the same for all runs of a test, except for a few advertisements."""
    extra = int(3 * draw[4])
    images = 12 + run.test.id % 23 + extra
    counts = {"Html": 1 + run.test.id % 3, "Image": images, "Script": 9 + run.test.id % 11, "Css": 4, "Font": 3}
    sizes = {"Html": 31_200, "Image": 18_400, "Script": 42_900, "Css": 14_300, "Font": 38_100}
    downloaded, items = 0.0, 0
    for kind, amount in counts.items():
        amount = round(amount * run.weight)
        size = float(amount * sizes[kind] + run.test.id % 997)
        parts[f"# {kind}"], parts[f"{kind} Bytes"] = float(amount), size
        downloaded += size
        items += amount
    parts["# Items (Total)"] = float(items)
    parts["# Hosts"] = float(5 + run.test.id % 9)
    parts["# Connections"] = float(8 + run.test.id % 9 + extra)
    parts["File Size"] = parts["Html Bytes"]
    parts["Downloaded Bytes"] = parts["Total Downloaded Bytes"] = downloaded
    parts["Throughput"] = downloaded / max(1.0, (parts["Wait (ms)"] or 0) + (parts["Load (ms)"] or 0))
    parts["Webpage Throughput"] = downloaded / max(1.0, page)


def _ping(run: Run) -> dict[str, Optional[float]]:
    lost = 100.0 if run.error else (25.0 if run.draws[7] % 100 == 0 else 0.0)
    parts: dict[str, Optional[float]] = {"% Ping Packet Loss": lost, "% Packet Loss": lost}
    parts["Ping Round Trip (ms)"] = run.total
    parts["Jitter"] = round(run.total * 0.05, 2)
    if enums.TEST_TYPES[run.test.type] == "TraceRoute":
        parts["# Hops"] = float(8 + run.test.id % 7)
    return parts


def _outcome(run: Run, parts: dict[str, Optional[float]]) -> None:
    """Availability, satisfaction and errors."""
    good = not run.error
    parts["% Content Availability"] = 100.0 if good else 0.0
    parts["% Downtime"] = 0.0 if good else 100.0
    threshold = run.test.median * 1.5
    satisfied = good and run.total <= threshold
    tolerating = good and threshold < run.total <= 4 * threshold
    if run.test.type not in PING_TYPES:
        parts["Apdex"] = 1.0 if satisfied else 0.5 if tolerating else 0.0
        parts["% Satisfied"] = 100.0 if satisfied else 0.0
        parts["% Tolerating"] = 100.0 if tolerating else 0.0
        parts["% Frustrated"] = 0.0 if satisfied or tolerating else 100.0
        parts["% Not Frustrated"] = 100.0 if satisfied or tolerating else 0.0
    if run.test.type in WEB_TYPES:
        parts["# Content Load Errors"] = 0.0
    if run.error:
        parts["# Test Errors"] = parts["# Errors"] = 1.0
        failure = _FAILURE_METRIC.get(run.error)
        if failure:
            parts[failure] = 1.0
