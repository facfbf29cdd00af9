# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and units of metrics.

Catchpoint's display name ("Webpage Response (ms)", "% Availability", "# Runs") is the source. Its slug drops the unit
in parentheses and the sign and lower-cases the rest: webpage_response, availability, runs. An internal name
("WebPageResponseMSec", "AvailabilityPercent", "WaitTime") has the slug of the display name that it stands for.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import chain, count

from ansible_collections.community.catchpoint.plugins.module_utils._api.metric_catalog import V1_LEGEND, V2_METRICS

# The meaning of a sign in front of a display name.
_SIGNS = {"%": "percent", "#": "count"}
# Units in parentheses. Anything else in parentheses, as in "# Items (Total)", belongs to the name.
_UNIT_IN_PARENTHESES = re.compile(r"\s*\((ms|s|mbps|kbps|bytes|%)\)\s*$", re.IGNORECASE)
_CAMEL_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


# The usual short forms of web performance, which options accept.
_SHORT_FORMS = {
    "cls": "cumulative_layout_shift",
    "fcp": "first_contentful_paint",
    "inp": "interaction_to_next_paint",
    "lcp": "largest_contentful_paint",
    "tbt": "total_blocking_time",
    "ttfb": "time_to_first_byte",
    "tti": "time_to_interactive",
}

# Internal names that do not resemble the display name.
_INTERNAL = {"RequestTestResponseTime": "response"}

# The endings of internal names, by the unit of the metric.
_SUFFIXES = {"count": ("count",), "ms": ("msec", "time"), "percent": ("percent", "pct")}

# Durations in milliseconds whose internal name does not show that.
_DURATIONS = {
    "first_contentful_paint",
    "first_input_delay",
    "first_paint",
    "interaction_to_next_paint",
    "largest_contentful_paint",
    "time_to_first_byte",
    "time_to_interactive",
    "total_blocking_time",
}


def _parts(label: str) -> tuple[str, str, str]:
    """Sign, bare name and parenthesised unit of a display name; each but the name may be empty."""
    text = label.strip()
    sign = text[0] if text[:1] in _SIGNS else ""
    text = text[len(sign) :].strip()
    match = _UNIT_IN_PARENTHESES.search(text)
    return (sign, text[: match.start()], match.group(1).lower()) if match else (sign, text, "")


def snake_case(text: str) -> str:
    """Lower case words joined by underscores; "TimeToFirstByte" and "Time To First Byte" give the same."""
    return re.sub(r"[^a-z0-9]+", "_", _CAMEL_BORDER.sub(" ", text).lower()).strip("_")


def slug(label: str) -> str:
    """The slug of a display name, an internal name or a short form. A slug gives itself."""
    known = _known().get(label) or _SHORT_FORMS.get(label.strip().lower()) or _slug_of_internal(label.strip())
    return known if known is not None else snake_case(_parts(label)[1])


def _slug_of_internal(label: str) -> str | None:
    """The slug of an internal name that is not in the catalog: WaitTime is Wait (ms)."""
    if not label.isalnum() or label.lower() == label:
        return None
    name = label.lower()
    if label in _INTERNAL:
        return _INTERNAL[label]
    if name in _by_letters():
        return _by_letters()[name]
    for kind, suffixes in _SUFFIXES.items():
        for suffix in suffixes:
            bare = name[: -len(suffix)] if name.endswith(suffix) else ""
            for meant in (bare, f"{bare}s", f"count{bare}"):
                found = _by_letters().get(meant)
                if found is not None and unit_of(found) == kind:
                    return found
    return None


@cache
def _by_letters() -> dict[str, str]:
    """Every slug of the catalog by its letters and digits alone; the first of two with the same spelling."""
    result: dict[str, str] = {}
    for name in _known().values():
        result.setdefault(name.replace("_", ""), name)
    return result


def slugs(labels: Sequence[str]) -> list[str]:
    """The slugs of a legend, in its order and all different.

    Names outside the catalog that would have the same slug are distinguished by sign, unit or a number, and so are
    entries with the same name.
    """
    result: list[str] = []
    for label in labels:
        name = slug(label)
        choices = chain([name], _distinct(label, name), (f"{name}_{number}" for number in count(2)))
        result.append(next(choice for choice in choices if choice not in result))
    return result


def _distinct(label: str, name: str) -> list[str]:
    """Longer slugs for a name whose slug is in use: with the sign as a word, then with the unit."""
    sign, _name, unit = _parts(label)
    return ([f"{_SIGNS[sign]}_{name}"] if sign else []) + ([f"{name}_{unit}"] if unit and unit != "%" else [])


def unit(label: str) -> str:
    """ms, percent, bytes, count or none, as the name shows it."""
    sign, name, in_parentheses = _parts(label)
    if sign == "%" or in_parentheses == "%":
        return "percent"
    if sign == "#":
        return "count"
    if in_parentheses in ("ms", "bytes"):
        return in_parentheses
    words = snake_case(name).split("_")
    if words[-1] in ("percent", "pct"):
        return "percent"
    if words[-1] == "count":
        return "count"
    if "_".join(words) in _DURATIONS or (label.isalnum() and words[-1] in ("msec", "time")):
        return "ms"
    return "bytes" if "bytes" in words or words[-2:] == ["file", "size"] else "none"


def unit_of(name: str) -> str:
    """The unit of a metric given by its slug; none for an unknown one."""
    return _units().get(name, "none")


# Counters of failures, which are empty in a run that did not fail.
_FAILURE_COUNTERS = frozenset(
    (
        "connection_failures",
        "content_failures_count",
        "dns_failures",
        "errors",
        "load_failures_count",
        "response_failures",
        "ssl_failures",
        "test_errors",
        "timeout_failures",
    )
)


def is_failure_counter(name: str) -> bool:
    """Whether a slug is that of a counter of failures.

    Its value counts for failed runs, too, and null on a run that did not fail means 0.
    """
    return name in _FAILURE_COUNTERS


@cache
def v2_labels() -> dict[int, str]:
    """Name by numeric id of the metrics of v2, as its documentation lists them."""
    pairs = (entry.strip().split("=", 1) for entry in " ".join(V2_METRICS.split()).split(";"))
    return {int(number): label for number, label in pairs}


@cache
def _known() -> dict[str, str]:
    """Slug by display name for every name of the catalog. The first of two similar names gets the plain slug."""
    labels = [entry.strip() for entry in " ".join(V1_LEGEND.split()).split(";")]
    result: dict[str, str] = {}
    for label in labels:
        name = snake_case(_parts(label)[1])
        result[label] = next(c for c in [name, *_distinct(label, name)] if c not in result.values())
    v2_names = v2_labels()
    only_in_v1 = [name for label, name in result.items() if label not in v2_names.values()]
    for number, label in v2_names.items():
        if label in result:
            continue
        display = _display_name(label, only_in_v1)
        if display is not None:
            only_in_v1.remove(display)
            result[label] = display
            continue
        taken = set(result.values())
        name = snake_case(_parts(label)[1])
        choices = chain([name], _distinct(label, name), [f"{name}_{number}"])
        result[label] = next(choice for choice in choices if choice not in taken)
    return result


def _display_name(label: str, slugs_of_v1: Iterable[str]) -> str | None:
    """The slug of the display name behind an internal name: RenderStartTime is Render Start (ms), ZoneCount # Zones."""
    if not label.isalnum():
        return None
    name = label.lower()
    bare = re.sub("(time|count|percent)$", "", name)
    meant = (name, bare, f"{bare}s")
    return next((known for known in slugs_of_v1 if known.replace("_", "") in meant), None)


@cache
def _units() -> dict[str, str]:
    result: dict[str, str] = {}
    for label, name in _known().items():
        result.setdefault(name, unit(label))
    return result


@cache
def known_slugs() -> tuple[str, ...]:
    """The slugs of every metric of the catalog, sorted. The service may have more; the response's legend decides."""
    return tuple(sorted(set(_known().values())))


def closest(name: str, names: Iterable[str]) -> list[str]:
    """Up to three names that are close to a misspelt one, best first."""
    candidates = sorted(set(names))
    return get_close_matches(slug(name), candidates, n=3, cutoff=0.5) or [c for c in candidates if slug(name) in c][:3]
