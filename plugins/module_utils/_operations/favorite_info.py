# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation that reads favorite charts: the list, the definitions and the data."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Chart, ChartRow, Favorite
from ansible_collections.community.catchpoint.plugins.module_utils._errors import NotFoundError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, window

# Options that override the window, interval and tests that a chart has saved.
_OVERRIDES: dict[str, Any] = {
    "start": {"type": "str"},
    "end": {"type": "str"},
    "tz": {"type": "str"},
    "interval": {"type": "str"},
    "test_ids": {"type": "list", "elements": "int"},
}


def favorite_info(client: Client, options: Mapping[str, Any]) -> dict[str, Any]:
    """The charts with some ids, or all, with their details and data if these are requested."""
    include = options["include"] or []
    given = [name for name in _OVERRIDES if name != "tz" and options[name]]
    if given and "data" not in include:
        raise OptionError(
            f"Only the data of a chart can be overridden ({', '.join(given)}). Add data to include, or remove them."
        )
    if options["test_ids"] == []:
        raise OptionError("test_ids is an empty list. Name tests, or remove test_ids for those that a chart has saved.")
    span = None
    if options["start"] or options["end"]:
        span = window(options["start"] or -60, options["end"] or "now", options["tz"] or None, client.now())
    results = [_result(favorite) for favorite in _favorites(client, options["favorite_ids"], include)]
    if "data" in include:
        for result in results:
            details = result.get("details")
            chart = client.chart(result["id"], span, options["interval"], options["test_ids"] or [], details)
            result["name"] = result["name"] or chart.name
            result["data"] = _data(chart, span)
    return {"favorites": results}


def _favorites(client: Client, ids: Sequence[int] | None, include: Sequence[str]) -> list[Favorite]:
    """The charts without their data, in the fewest requests: one for all, or one each for details."""
    ids = None if ids is None else list(dict.fromkeys(ids))
    if ids is not None and "details" in include:
        return [client.favorite(favorite_id) for favorite_id in ids]
    listed = {favorite.id: favorite for favorite in client.favorites()}
    if ids is None:
        return (
            [client.favorite(favorite_id) for favorite_id in listed] if "details" in include else list(listed.values())
        )
    missing = [str(favorite_id) for favorite_id in ids if favorite_id not in listed]
    if missing and "data" not in include:
        raise NotFoundError(
            f"The service does not list the favorite chart{'s' if len(missing) > 1 else ''} {', '.join(missing)}. "
            "Remove favorite_ids to list those that these credentials may see."
        )
    # A chart may be readable without being listed, so the request for its data decides.
    return [listed.get(favorite_id, Favorite(favorite_id, None, None, None)) for favorite_id in ids]


def _result(favorite: Favorite) -> dict[str, Any]:
    result = favorite._asdict()
    if favorite.details is None:
        del result["details"]
    return result


def _data(chart: Chart, span: Window | None) -> dict[str, Any]:
    return {
        "window": span.as_dict() if span else {"start": chart.start, "end": chart.end},
        "complete": not chart.cut,
        "metrics": {
            metric.slug: {"label": metric.label, "unit": metric.unit, "statistic": metric.statistic}
            for metric in chart.metrics
        },
        "summary": [_row(row, timed=False) for row in chart.summary],
        "detail": [_row(row, timed=True) for row in chart.detail],
    }


def _row(row: ChartRow, *, timed: bool) -> dict[str, Any]:
    return {
        **({"time": row.time} if timed else {}),
        "breakdown": {kind: name for kind, (_id, name) in row.breakdown.items()},
        "breakdown_ids": {kind: number for kind, (number, _name) in row.breakdown.items()},
        "metrics": row.metrics,
    }


OPERATION = Operation(
    arguments={
        "favorite_ids": {"type": "list", "elements": "int"},
        "include": {"type": "list", "elements": "str", "choices": ["details", "data"]},
        **_OVERRIDES,
    },
    rules={},
    run=favorite_info,
)
