# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict readers of JSON values: a response of an unexpected shape is an error that shows the shape.

Every function here raises ResponseError and nothing else.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import (
    slug,
    slugs,
    snake_case,
    unit,
    unit_of,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import IdName, Metric, Row
from ansible_collections.community.catchpoint.plugins.module_utils._errors import ResponseError
from ansible_collections.community.catchpoint.plugins.module_utils._time import utc_text

# A decoded JSON object.
Json = Mapping[str, object]

_Kind = TypeVar("_Kind")

# The largest number of an object's members that an error names.
_SHOWN = 8
_KINDS: Mapping[type, str] = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "number",
    list: "array",
    str: "string",
}

AVAILABILITY = "availability"
TEST_ERRORS = "test_errors"


# Shapes


def unexpected_shape(what: str, payload: object) -> ResponseError:
    """The error for a response of another shape. It shows the shape but no values, because these may be secrets."""
    return ResponseError(
        f"Unexpected response: expected {what}, got {_shape(payload)}. "
        "Check that api_version fits the service, and that base_url is Catchpoint's API."
    )


def _shape(payload: object) -> str:
    if payload is None:
        return "nothing (an empty body, or null)"
    if isinstance(payload, dict):
        names = ", ".join(repr(name) for name in list(payload)[:_SHOWN])
        more = ", ..." if len(payload) > _SHOWN else ""
        return f"an object with the members {names}{more}" if payload else "an empty object"
    if isinstance(payload, list):
        kinds = sorted({_KINDS.get(type(value), "null") for value in payload})
        return f"an array of {len(payload)} ({', '.join(kinds)})" if payload else "an empty array"
    return f"a {_KINDS.get(type(payload), 'null')}"


def snake_keys(value: object) -> object:
    """The same JSON data with all names of members in snake_case, so that both API versions share their readers."""
    try:
        return _snake_keys(value)
    except RecursionError:
        raise ResponseError("The JSON of the response is nested too deeply.") from None


def _snake_keys(value: object) -> object:
    if isinstance(value, dict):
        return {_snake_key(str(name)): _snake_keys(inner) for name, inner in value.items()}
    return [_snake_keys(inner) for inner in value] if isinstance(value, list) else value


_snake_key = lru_cache(maxsize=1000)(snake_case)


def member(holder: object, name: str, kind: type[_Kind], what: str) -> _Kind:
    """A required member of an object, of the expected type."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise unexpected_shape(f"{what} (no {name!r} of the expected type)", holder)
    return value


def first(holder: Json, *names: str) -> object:
    """The first of these members that has a value; None if none has."""
    return next((value for value in map(holder.get, names) if value is not None and value != ""), None)


def objects(values: object, what: str) -> list[Json]:
    """An array of objects."""
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise unexpected_shape(what, values)
    return values


def array(holder: Json, name: str, what: str) -> list[Json]:
    """An optional member that is an array of objects; empty if it is absent or null."""
    value = holder.get(name)
    return [] if value is None else objects(value, what)


def entries_of(holder: object, name: str, what: str) -> list[Json]:
    """A required member that is an array of objects, or null, as the API's document allows, for an empty one."""
    if not isinstance(holder, Mapping) or name not in holder:
        raise unexpected_shape(f"{what} (no {name!r} of the expected type)", holder)
    return array(holder, name, what)


def section(holder: Json, name: str, what: str) -> Json:
    """An optional member that is an object; empty if it is absent or null."""
    value = holder.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise unexpected_shape(f"{what} ({name!r} is not an object)", holder)
    return value


def names_in(holder: Json, name: str, what: str) -> list[str]:
    """The names in an optional member that is an array of {id, name} objects or of strings."""
    values = holder.get(name)
    if values is None:
        return []
    if not isinstance(values, list):
        raise unexpected_shape(f"{what} ({name!r} is not an array)", holder)
    return [found for found in map(name_of, values) if found is not None]


def flag(holder: Json, name: str, what: str) -> bool:
    """An optional member that is true or false in any form; false if it is absent or null."""
    value = holder.get(name)
    result = as_bool(value)
    if result is None and value not in (None, ""):
        raise unexpected_shape(f"{what} ({name!r} is neither true nor false)", holder)
    return bool(result)


# How the service reports a missing object, with 400 or any other status: No valid Test found for input '123'.
_NO_VALID = re.compile("no valid .{1,60} found for input", re.IGNORECASE | re.DOTALL)


def says_missing(words: str) -> bool:
    """Whether an error text says that a requested object does not exist."""
    return _NO_VALID.search(words) is not None


def problem_text(payload: Json) -> str | None:
    """The title and detail of an error in the form of RFC 9457 (application/problem+json); None for anything else."""
    texts = [found for found in (text(payload.get("title")), text(payload.get("detail"))) if found]
    status = payload.get("status")
    is_problem = isinstance(status, int) and not isinstance(status, bool) and status >= 400
    return ": ".join(one.rstrip(".:") for one in texts) + "." if texts and is_problem else None


def without_repetitions(rows: Iterable[tuple[object, Row]]) -> list[Row]:
    """The rows without exact duplicates. Each row has its time as the service wrote it.

    Runs of one test at one node within a second are different rows, because the service writes fractions of a second.
    """
    kept: list[Row] = []
    seen: dict[tuple[object, ...], list[Row]] = {}
    for instant, row in rows:
        # Rows are compared in full only if test, node and time are equal, because most rows have many values.
        alike = seen.setdefault((repr(instant), row.test_id, row.node_id), [])
        if row not in alike:
            alike.append(row)
            kept.append(row)
    return kept


# Values


def number(value: object) -> float | None:
    """A finite number, also written as a string; None for anything else."""
    if not isinstance(value, (int, float, str)) or isinstance(value, bool):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def as_int(value: object) -> int | None:
    """An integer, also written as a string or with a prefix ("AS3356"); None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value[:2].upper() == "AS":
        value = value[2:]
    result = number(value)
    return int(result) if result is not None and result.is_integer() else None


_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def as_bool(value: object) -> bool | None:
    """A boolean, also written as a string ("True") or as 1 or 0; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _TRUTH.get(str(value).strip().lower()) if isinstance(value, (bool, int, str)) else None


def text(value: object) -> str | None:
    """A string; None for an empty one and for anything else."""
    return value if isinstance(value, str) and value else None


def name_of(value: object) -> str | None:
    """The name of an {id, name} object; a bare string is its own name."""
    return text(value.get("name")) if isinstance(value, dict) else text(value)


def id_name(value: Json) -> IdName:
    """Id and name of an {id, name} object."""
    return as_int(value.get("id")), text(value.get("name"))


def as_slug(value: object) -> str | None:
    """The name of an {id, name} object in snake_case: "Public Cloud" and "PublicCloud" give public_cloud."""
    name = name_of(value)
    return None if name is None else snake_case(name)


def enum_name(value: object, numbers: Mapping[str, int]) -> str | None:
    """The slug of an {id, name} object of a known enumeration, by its id, else by its name.

    The id comes first because filters are sent as numbers, and because names have changed.
    """
    number_of_value = as_int(value.get("id")) if isinstance(value, dict) else None
    return next((known for known, known_number in numbers.items() if known_number == number_of_value), as_slug(value))


def kind_of(value: object) -> str | None:
    """The slug of a breakdown's dimension; None if it is absent or "None"."""
    name = as_slug(value)
    return None if name == "none" else name


def ip_ranges(value: object) -> list[str]:
    """Addresses and ranges, which the service joins in one string."""
    parts = value if isinstance(value, list) else str(value or "").replace(";", ",").replace(" ", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def moment(value: object) -> str | None:
    """A time of the service as ISO 8601 with Z; None if it is absent."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise unexpected_shape("a time", value)
    try:
        return utc_text(value)
    except (TypeError, ValueError):
        raise unexpected_shape("a time", value) from None


def readable_moment(value: object) -> str | None:
    """The same for an optional detail: None for anything that is not a time."""
    try:
        return moment(value)
    except ResponseError:
        return None


def csv(values: Iterable[object]) -> str:
    return ",".join(str(value) for value in values)


# Metrics


def legend(entries: object, what: str) -> list[Metric]:
    """The metrics of a response in the order of its values. An entry is {index, name}; in charts, with a statistic."""
    ordered = sorted(objects(entries, what), key=lambda entry: as_int(entry.get("index")) or 0)
    positions = [as_int(entry.get("index")) for entry in ordered]
    if positions != list(range(len(ordered))) or not all(text(entry.get("name")) for entry in ordered):
        raise unexpected_shape(f"{what} whose indexes run from 0 without a gap", entries)
    labels = [str(entry["name"]) for entry in ordered]
    statistics = [_statistic(entry) for entry in ordered]
    slugs_of_labels = slugs(labels)
    # A chart may show one metric by several statistics: the later ones have the statistic in their name.
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


def _statistic(entry: Json) -> str | None:
    statistic = entry.get("statistical")
    return text(statistic.get("prefix")) or name_of(statistic) if isinstance(statistic, dict) else None


def values_of(names: Sequence[str], values: object, what: str) -> dict[str, float | None]:
    """The value array of one row as a dict. Its length must be the legend's.

    null, "NaN" and a number beyond the floats (1e999) are None.
    """
    if not isinstance(values, list) or len(values) != len(names):
        raise unexpected_shape(f"{what}: {len(names)} values a row, as the legend has", values)
    if not _PLAIN.issuperset(map(type, values)) or math.inf in values or -math.inf in values:
        values = [_value(value, what) for value in values]
    return dict(zip(names, values))


_PLAIN = {float, int, type(None)}


def _value(value: object, what: str) -> float | None:
    result = number(value)
    if result is None and value not in (None, "", "NaN") and type(value) not in (int, float):
        raise unexpected_shape(f"{what}: a number or null for each metric", value)
    return result


def failed(values: Mapping[str, float | None], error: object) -> bool | None:
    """Whether a run failed, by its availability, else by its error or error count; None if the row has none of them."""
    availability = values.get(AVAILABILITY)
    if availability is not None:
        return availability < 100
    if error:
        return True
    errors = values.get(TEST_ERRORS)
    return None if errors is None else errors > 0
