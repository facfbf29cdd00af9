# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What both generations need to read an answer strictly: an answer that is not understood is an error that says what
came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._errors import ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._metrics import slug, slugs, snake_case, unit
from ansible_collections.community.catchpoint.plugins.module_utils._model import Metric
from ansible_collections.community.catchpoint.plugins.module_utils._time import utc_text

# How many of an object's members an error names.
_SHOWN = 8
_KINDS = {bool: "truth", dict: "object", float: "number", int: "number", list: "array", str: "text"}

AVAILABILITY = "availability"
TEST_ERRORS = "test_errors"


def misfit(what: str, payload: Any) -> ResponseError:
    """The error for an answer of another shape. It tells the shape that came, not its values, which may be secrets."""
    return ResponseError(
        f"The service answered something else than {what}: {_shape(payload)}. "
        "Does api_version fit the service, and does base_url lead to Catchpoint's API?"
    )


def _shape(payload: Any) -> str:
    if isinstance(payload, dict):
        names = ", ".join(repr(name) for name in list(payload)[:_SHOWN])
        more = ", ..." if len(payload) > _SHOWN else ""
        return f"an object with the members {names}{more}" if payload else "an empty object"
    if isinstance(payload, list):
        kinds = sorted({_KINDS.get(type(value), "null") for value in payload})
        return f"an array of {len(payload)} ({', '.join(kinds)})" if payload else "an empty array"
    return f"only {_KINDS.get(type(payload), 'null')}"


def member(holder: Any, name: str, kind: type, what: str) -> Any:
    """A required member of a JSON object. Raises ResponseError when it is absent or of another type."""
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, kind):
        raise misfit(f"{what} (no {name!r} of the expected type)", holder)
    return value


def objects(values: Any, what: str) -> list[dict[str, Any]]:
    """A JSON array of objects."""
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise misfit(what, values)
    return values


def number(value: Any) -> float | None:
    """A number, also when the service wrote it as text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def whole(value: Any) -> int | None:
    """An integer, also when the service wrote it as text or with a prefix ("AS3356"); None for anything else."""
    if isinstance(value, str) and value[:2].upper() == "AS":
        value = value[2:]
    result = number(value)
    return None if result is None else int(result)


def truth(value: Any) -> bool | None:
    """A boolean, also when the service wrote it as text ("True"); None for anything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def text(value: Any) -> str | None:
    """A text, None for an empty one and for anything else."""
    return value if isinstance(value, str) and value else None


def name_of(value: Any) -> str | None:
    """The name of an {id, name} object; a bare text is its own name."""
    return text(value.get("name")) if isinstance(value, dict) else text(value)


def word(value: Any) -> str | None:
    """The name of an {id, name} object as a plain lower-case word: "Public Cloud" and "PublicCloud" give
    public_cloud.
    """
    name = name_of(value)
    return None if name is None else snake_case(name)


def ip_ranges(value: Any) -> list[str]:
    """Addresses and ranges, which the service joins in one text."""
    parts = value if isinstance(value, list) else str(value or "").replace(";", ",").replace(" ", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def legend(entries: Any, what: str) -> list[Metric]:
    """The metrics of an answer in the order of its value arrays. Each entry is {index, name} and, in charts, a
    statistic.
    """
    ordered = sorted(objects(entries, what), key=lambda entry: whole(entry.get("index")) or 0)
    positions = [whole(entry.get("index")) for entry in ordered]
    if positions != list(range(len(ordered))) or not all(text(entry.get("name")) for entry in ordered):
        raise misfit(f"{what} whose indexes run from 0 without a gap", entries)
    labels = [str(entry["name"]) for entry in ordered]
    statistics = [_statistic(entry) for entry in ordered]
    names = slugs(labels)
    # A chart may show one metric by several statistics: the later ones carry the statistic in their name.
    for position, statistic in enumerate(statistics):
        if statistic is not None and labels[position] in labels[:position]:
            names[position] = next(
                candidate
                for candidate in (f"{slug(labels[position])}_{snake_case(statistic)}", names[position])
                if candidate not in names[:position]
            )
    return [Metric(name, label, unit(label), statistic) for name, label, statistic in zip(names, labels, statistics)]


def _statistic(entry: Mapping[str, Any]) -> str | None:
    statistic = entry.get("statistical")
    return text(statistic.get("prefix")) or name_of(statistic) if isinstance(statistic, dict) else None


def values_of(names: Sequence[str], values: Any, what: str) -> dict[str, float | None]:
    """The value array of one row as a dict. Its length must be the legend's; null stays None."""
    if not isinstance(values, list) or len(values) != len(names):
        raise misfit(f"{what}: {len(names)} values a row, as the legend has", values)
    return dict(zip(names, values))


def failed(values: Mapping[str, float | None], error: Any) -> bool | None:
    """Whether a run failed, from its availability, else from its error or error count; None when the row does not
    tell.
    """
    availability = values.get(AVAILABILITY)
    if availability is not None:
        return availability < 100
    if error:
        return True
    errors = values.get(TEST_ERRORS)
    return None if errors is None else errors > 0


def moment(value: Any) -> str | None:
    """A time that the service wrote, as ISO 8601 with Z; None for an absent one."""
    if value is None or value == "":
        return None
    try:
        return utc_text(value)
    except (TypeError, ValueError):
        raise misfit("a time", value) from None


def csv(values: Iterable[Any]) -> str:
    return ",".join(str(value) for value in values)
