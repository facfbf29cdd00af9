# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What both generations need to read an answer strictly: an answer that is not understood is an error that says what
came.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import (
    slug,
    slugs,
    snake_case,
    unit,
    unit_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric
from ansible_collections.community.catchpoint.plugins.module_utils._errors import ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._time import utc_text

# How many of an object's members an error names.
_SHOWN = 8
_KINDS = {bool: "truth", dict: "object", float: "number", int: "number", list: "array", str: "text"}

AVAILABILITY = "availability"
TEST_ERRORS = "test_errors"


def unexpected_shape(what: str, payload: Any) -> ResponseError:
    """The error for an answer of another shape. It tells the shape that came, not its values, which may be secrets."""
    return ResponseError(
        f"The service answered something else than {what}: {_shape(payload)}. "
        "Does api_version fit the service, and does base_url lead to Catchpoint's API?"
    )


def _shape(payload: Any) -> str:
    if payload is None:
        return "nothing (an empty body, or null)"
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
    if not isinstance(value, kind) or isinstance(value, bool):
        raise unexpected_shape(f"{what} (no {name!r} of the expected type)", holder)
    return value


def objects(values: Any, what: str) -> list[dict[str, Any]]:
    """A JSON array of objects."""
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise unexpected_shape(what, values)
    return values


def array(holder: Mapping[str, Any], name: str, what: str) -> list[dict[str, Any]]:
    """An optional member that is an array of objects; empty where it is absent or null."""
    value = holder.get(name)
    return [] if value is None else objects(value, what)


def section(holder: Mapping[str, Any], name: str, what: str) -> dict[str, Any]:
    """An optional member that is an object; empty where it is absent or null."""
    value = holder.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise unexpected_shape(f"{what} ({name!r} is no object)", holder)
    return value


def names_in(holder: Mapping[str, Any], name: str, what: str) -> list[str]:
    """The names in an optional member that is an array of {id, name} objects or of texts."""
    values = holder.get(name)
    if values is None:
        return []
    if not isinstance(values, list):
        raise unexpected_shape(f"{what} ({name!r} is no array)", holder)
    return [found for found in map(name_of, values) if found is not None]


def number(value: Any) -> float | None:
    """A finite number, also when the service wrote it as text; None for anything else."""
    if not isinstance(value, (int, float, str)) or isinstance(value, bool):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def as_int(value: Any) -> int | None:
    """An integer, also when the service wrote it as text or with a prefix ("AS3356"); None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value[:2].upper() == "AS":
        value = value[2:]
    result = number(value)
    return int(result) if result is not None and result.is_integer() else None


def as_bool(value: Any) -> bool | None:
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


def as_slug(value: Any) -> str | None:
    """The name of an {id, name} object as a plain lower-case word: "Public Cloud" and "PublicCloud" give
    public_cloud.
    """
    name = name_of(value)
    return None if name is None else snake_case(name)


def enum_name(value: Any, numbers: Mapping[str, int]) -> str | None:
    """The word of an {id, name} object of a known enumeration: by its id, else by its name.

    Filters are sent as numbers, and names changed: v1 calls transaction_legacy (1) Transaction, which now is 27.
    """
    number_of_value = as_int(value.get("id")) if isinstance(value, dict) else None
    return next((known for known, known_number in numbers.items() if known_number == number_of_value), as_slug(value))


def kind_of(value: Any) -> str | None:
    """What a breakdown is by, as a word; None for an absent one and for "None"."""
    name = as_slug(value)
    return None if name == "none" else name


def ip_ranges(value: Any) -> list[str]:
    """Addresses and ranges, which the service joins in one text."""
    parts = value if isinstance(value, list) else str(value or "").replace(";", ",").replace(" ", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def legend(entries: Any, what: str) -> list[Metric]:
    """The metrics of an answer in the order of its values. An entry is {index, name}; in charts, with a statistic."""
    ordered = sorted(objects(entries, what), key=lambda entry: as_int(entry.get("index")) or 0)
    positions = [as_int(entry.get("index")) for entry in ordered]
    if positions != list(range(len(ordered))) or not all(text(entry.get("name")) for entry in ordered):
        raise unexpected_shape(f"{what} whose indexes run from 0 without a gap", entries)
    labels = [str(entry["name"]) for entry in ordered]
    statistics = [_statistic(entry) for entry in ordered]
    slugs_of_labels = slugs(labels)
    # A chart may show one metric by several statistics: the later ones carry the statistic in their name.
    for position, statistic in enumerate(statistics):
        if statistic is not None and labels[position] in labels[:position]:
            name = f"{slug(labels[position])}_{snake_case(statistic)}"
            if name not in slugs_of_labels:
                slugs_of_labels[position] = name
    return [
        Metric(name, label, _unit(label, name), statistic)
        for name, label, statistic in zip(slugs_of_labels, labels, statistics)
    ]


def _unit(label: str, name: str) -> str:
    """The unit that the label shows; an internal name (TimeToFirstByte) shows none, but its display name may."""
    shown = unit(label)
    return unit_of(name) if shown == "none" else shown


def _statistic(entry: Mapping[str, Any]) -> str | None:
    statistic = entry.get("statistical")
    return text(statistic.get("prefix")) or name_of(statistic) if isinstance(statistic, dict) else None


def values_of(names: Sequence[str], values: Any, what: str) -> dict[str, float | None]:
    """The value array of one row as a dict. Its length must be the legend's; null, and NaN as a text, are None."""
    if not isinstance(values, list) or len(values) != len(names):
        raise unexpected_shape(f"{what}: {len(names)} values a row, as the legend has", values)
    if not _PLAIN.issuperset(map(type, values)):
        values = [_value(value, what) for value in values]
    return dict(zip(names, values))


_PLAIN = {float, int, type(None)}


def _value(value: Any, what: str) -> float | None:
    result = number(value)
    if result is None and value not in (None, "", "NaN"):
        raise unexpected_shape(f"{what}: a number or null for each metric", value)
    return result


def failed(values: Mapping[str, float | None], error: Any) -> bool | None:
    """Whether a run failed, by its availability, else by its error or error count; None when the row does not tell."""
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
        raise unexpected_shape("a time", value) from None


def csv(values: Iterable[Any]) -> str:
    return ",".join(str(value) for value in values)
