# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Analytics shared by v1 and v2: groups, statistics, dimensions, and the order of legend and rows."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple, Optional, TypeVar

from ..service.messages import ApiError
from ..service.simulator import Simulator
from ..world import enums
from ..world.metrics import SUM, Metric
from ..world.model import Favorite, Interval, Test
from ..world.runs import Run, make
from ..world.world import World

Named = tuple[int, Optional[str]]
Key = tuple[Named, ...]
_Group = TypeVar("_Group", bound=Hashable)
_MOST_RUNS = 2_000_000
_WEEK = 604_800
# 1970-01-05 was a Monday.
_MONDAY = 4 * 86_400


class Dimension(NamedTuple):
    """One way to group rows: its ids in v2 and v1 (None: v1 does not have it), and its value for a run."""

    name: str
    v2_id: int
    v1_id: int | None
    of: Callable[[World, Run], Named]


def _test(_world: World, run: Run) -> Named:
    return run.test.id, run.test.name


def _node(_world: World, run: Run) -> Named:
    return (run.node.id, run.node.name) if run.node else (0, None)


def _city(_world: World, run: Run) -> Named:
    return (run.node.place.city_id, run.node.place.city) if run.node else (0, None)


def _region(_world: World, run: Run) -> Named:
    return (run.node.place.region_id, run.node.place.region) if run.node else (0, None)


def _country(_world: World, run: Run) -> Named:
    return (run.node.place.country_id, run.node.place.country) if run.node else (0, None)


def _continent(_world: World, run: Run) -> Named:
    return (run.node.place.continent_id, run.node.place.continent) if run.node else (0, None)


def _isp(_world: World, run: Run) -> Named:
    return (run.node.provider.id, run.node.provider.name) if run.node else (0, None)


def _asn(_world: World, run: Run) -> Named:
    return (run.node.provider.as_number, run.node.provider.as_name) if run.node else (0, None)


def _network(_world: World, run: Run) -> Named:
    return (run.node.network_type, enums.NETWORK_TYPES[run.node.network_type]) if run.node else (0, None)


def _host(_world: World, run: Run) -> Named:
    host = run.test.url.split("//")[-1].split("/")[0] or "unknown"
    return sum(host.encode()), host


def _host_ip(_world: World, run: Run) -> Named:
    return sum(run.host_ip.encode()), run.host_ip


def _request(_world: World, run: Run) -> Named:
    return sum(run.test.url.encode()), run.test.url


def _step(_world: World, _run: Run) -> Named:
    return 0, "Step 1"


def _product(world: World, run: Run) -> Named:
    product = world.products.get(run.test.product_id)
    return run.test.product_id, product.name if product else None


def _folder(world: World, run: Run) -> Named:
    folder = world.folders.get(run.test.folder_id or 0)
    return (folder.id, folder.name) if folder else (0, None)


def _monitor(_world: World, run: Run) -> Named:
    return run.test.monitor, enums.MONITORS[run.test.monitor]


def _type(_world: World, run: Run) -> Named:
    return run.test.type, enums.TEST_TYPES[run.test.type]


def _error(_world: World, run: Run) -> Named:
    return run.error, enums.ERROR_TYPES[run.error]


def _division(world: World, _run: Run) -> Named:
    return world.division_id, world.division_name


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("Node", 1, 2, _node),
    Dimension("City", 2, 4, _city),
    Dimension("ISP", 3, None, _isp),
    Dimension("Host", 4, None, _host),
    Dimension("Step", 6, None, _step),
    Dimension("Country", 7, 11, _country),
    Dimension("Region", 8, None, _region),
    Dimension("ASN", 15, None, _asn),
    Dimension("Test", 16, 1, _test),
    Dimension("HostIP", 19, None, _host_ip),
    Dimension("Continent", 22, None, _continent),
    Dimension("Product", 24, None, _product),
    Dimension("ErrorType", 41, None, _error),
    Dimension("Monitor", 42, None, _monitor),
    Dimension("Folder", 71, None, _folder),
    Dimension("NetworkType", 85, None, _network),
    Dimension("Request", 94, None, _request),
    Dimension("DisplayTestType", 118, None, _type),
    Dimension("Division", 143, None, _division),
)
BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
BY_V2_ID = {dimension.v2_id: dimension for dimension in DIMENSIONS}
TEST, NODE = BY_NAME["Test"], BY_NAME["Node"]
# Every v2 row has a time: the dimension Time adds nothing.
TIME_V2_ID = 17


def runs_of(sim: Simulator, tests: Iterable[Test], start: float, end: float) -> list[Run]:
    """The runs of several tests in a window, by time."""
    wanted = list(tests)
    seconds = min(end, sim.now()) - start
    if sum(seconds / test.frequency * len(test.node_ids) for test in wanted) > _MOST_RUNS:
        raise ApiError(400, f"The simulator does not make more than {_MOST_RUNS} runs for one response.")
    result: list[Run] = []
    now, timings = sim.now(), sim.switches["failed_timings"]
    inclusive = sim.switches["window_end"] == "inclusive"
    for test in wanted:
        result.extend(make(sim.world, test, start, end, now, timings, inclusive))
    result.sort(key=lambda run: (run.time, run.test.id, run.node.id if run.node else 0))
    return result


def bucket(moment: float, seconds: int, zone: tzinfo = timezone.utc) -> float:
    """The start of the interval that contains `moment`; days start at midnight in `zone`, weeks on Monday."""
    if seconds < 86_400:
        return moment // seconds * seconds
    if zone is timezone.utc:
        shift = _MONDAY if seconds == _WEEK else 0
        return (moment - shift) // seconds * seconds + shift
    local = datetime.fromtimestamp(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if seconds == _WEEK:
        local = local.replace(tzinfo=None) - timedelta(days=local.weekday())
        local = local.replace(tzinfo=zone)
    return local.timestamp()


def groups(runs: Iterable[Run], key_of: Callable[[Run], _Group]) -> dict[_Group, list[Run]]:
    """Runs by key, in order of first appearance."""
    result: dict[_Group, list[Run]] = {}
    for run in runs:
        result.setdefault(key_of(run), []).append(run)
    return result


def key(world: World, dimensions: Iterable[Dimension], run: Run) -> Key:
    """The value of each dimension for a run."""
    return tuple(dimension.of(world, run) for dimension in dimensions)


_QUANTILES = {2: 0.5, 7: 0.95, 8: 0.85, 15: 0.75, 16: 0.99}


def summarize(metric: Metric, runs: Sequence[Run], statistic: int = 1, digits: int = 4) -> float | None:
    """One number for several runs: the sum of counters, else the statistic (see enums.STATISTICS) of the values."""
    values = [value for value in (run.value(metric.key) for run in runs) if value is not None]
    if not values:
        return None
    if metric.how == SUM:
        return math.fsum(values)
    if metric.key.startswith("%"):
        return round(math.fsum(values) / len(values), digits)
    if statistic == 4:
        return min(values)
    if statistic == 5:
        return max(values)
    if statistic == 3:
        return statistics.pstdev(values)
    if statistic == 6:
        return statistics.geometric_mean([max(value, 0.001) for value in values])
    if statistic in _QUANTILES:
        return quantile(values, _QUANTILES[statistic])
    # Not sum(): its rounding depends on the version of Python.
    return math.fsum(values) / len(values)


def quantile(values: Iterable[float], share: float) -> float:
    """Quantile of type 7: linear interpolation (Hyndman and Fan, 1996)."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def arrange_metrics(metrics: Sequence[Metric], order: str, number: int) -> list[Metric]:
    """The metrics in the order of one response: as they are, or shuffled by the response's number."""
    if order == "stable":
        return list(metrics)
    shuffled = list(metrics)
    random.Random(number * 7919 + 17).shuffle(shuffled)
    return shuffled


def arrange_legend(entries: list[dict[str, object]], order: str, number: int) -> list[dict[str, object]]:
    """The legend's entries: sorted by index, or in another order (each keeps its index)."""
    if order != "scrambled":
        return entries
    shuffled = list(entries)
    random.Random(number * 104729 + 3).shuffle(shuffled)
    return shuffled


def arrange_rows(rows: list[dict[str, object]], order: str, number: int) -> list[dict[str, object]]:
    if order == "newest_first":
        return rows[::-1]
    if order == "shuffled":
        shuffled = list(rows)
        random.Random(number * 31 + 7).shuffle(shuffled)
        return shuffled
    return rows


def interval_named(intervals: Iterable[Interval], name: str) -> Interval:
    for interval in intervals:
        if interval.name == name:
            return interval
    raise ApiError(400, f"Unknown interval {name!r}.")


def breakdowns_of(favorite: Favorite) -> tuple[Dimension, ...]:
    return tuple(BY_NAME[name] for name in favorite.breakdowns if name in BY_NAME)
