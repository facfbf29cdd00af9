# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alerts and violations of service-level objectives: events of a test, which are counted.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import ALERT_LEVELS, Criterion
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import DataError, id_of_test
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time


class Count(NamedTuple):
    """The number of events that count, in total and by level (empty for events without levels)."""

    total: int
    by_level: dict[str, int]

    @property
    def detail(self) -> str:
        """(1 critical, 2 warning), or nothing."""
        parts = [f"{count} {level}" for level, count in sorted(self.by_level.items())]
        return f" ({', '.join(parts)})" if parts else ""


def count_events(criterion: Criterion, events: Iterable[Any], test_id: Optional[int], since: float) -> Count:
    """Counts the events of one test that began at or after ``since``.

    Events are dictionaries {time or start, test_id, level}. If members are missing, the event counts: without a time
    it is new, without a test it belongs to this one, and an alert of an unknown level counts, too.
    Raises DataError.
    """
    total = 0
    by_level: dict[str, int] = {}
    for position, event in enumerate(events):
        try:
            own, level = _event(event, test_id, since)
        except (TypeError, ValueError) as error:
            name = criterion.metric.replace("_", " ")
            raise DataError(f"Number {position + 1} of the {name} cannot be read: {error}.") from None
        if not own or (criterion.metric == "alerts" and level in ALERT_LEVELS and level not in criterion.levels):
            continue
        total += 1
        if criterion.metric == "alerts":
            name = level if level in ALERT_LEVELS else "of unknown level"
            by_level[name] = by_level.get(name, 0) + 1
    return Count(total, by_level)


def _event(event: Any, test_id: Optional[int], since: float) -> tuple[bool, str]:
    if not isinstance(event, Mapping):
        raise TypeError("it is not a dictionary")
    moment = event.get("time") or event.get("start")
    of_test = id_of_test(event.get("test_id"))
    own = test_id is None or of_test is None or of_test == test_id
    return own and (moment is None or run_time(moment) >= since), str(event.get("level")).lower()
