# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selects the metrics of a request, and those of its response that are returned."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import closest, slug, unit_of, v2_labels
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Metric
from ansible_collections.community.catchpoint.plugins.module_utils._api.window_query import Performance
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError

# Every request by numbers includes these, so that a run's failure and the number of runs are known.
_ALWAYS = ("availability", "runs")

# Metrics of the performance gate that are not made from runs, and the modules that read them.
_READ_BY = {
    "alerts": "catchpoint_alert_info",
    "error_budget": "catchpoint_slo_info",
    "slo_violations": "catchpoint_slo_info",
}


class Choice(NamedTuple):
    """The numbers to request (empty: the service uses names, or all are wanted) and the slugs to keep (empty: all).

    A metric has an empty slug if only its number is known. ``optional`` are slugs to keep if the service has them.
    """

    numbers: list[int]
    slugs: list[str]
    optional: tuple[str, ...] = ()


ALL = Choice([], [])


def refuse_empty(metrics: Sequence[str]) -> None:
    """Raises OptionError for an empty name among them."""
    if any(metric is None or not str(metric).strip() for metric in metrics):
        raise OptionError("metrics holds an empty name. Name metrics such as test_time, or remove metrics for all.")


def by_name(metrics: Sequence[str], optional: Sequence[str] = ()) -> Choice:
    """The choice for a service that returns all metrics, by name. Raises OptionError for a number."""
    numbers = [str(metric) for metric in metrics if str(metric).isdecimal()]
    if numbers:
        raise OptionError(
            f"REST API v1 does not support metric numbers ({', '.join(numbers)}). Use names such as test_time."
        )
    return Choice([], [slug(metric) for metric in metrics], tuple(optional))


def by_number(metrics: Sequence[str], offered: Mapping[str, int], optional: Sequence[str] = ()) -> Choice:
    """The choice for a service that uses numbers; ``offered`` are those that it lists, by name.

    ``metrics`` are slugs, display names or numbers. Raises OptionError for one that does not exist. ``optional`` are
    slugs; those that the service does not list are skipped.
    """
    # Metrics, unlike intervals, have documented numbers, for a service that does not list them.
    listed = offered or _documented()
    by_slug = _numbers(listed)
    by_id = {number: slug(label) for label, number in listed.items()}
    wanted: dict[int, str] = {}
    for metric in metrics:
        number = int(metric) if str(metric).isdecimal() else by_slug.get(slug(metric))
        # If two metrics have the same name, the enumeration shows only one; the documented list has both.
        if number is None or (number not in by_id and number not in v2_labels()):
            raise _unknown(metric, by_slug)
        wanted[number] = by_id.get(number, "")
    _check_names({number: name or slug(v2_labels()[number]) for number, name in wanted.items()})
    added = {by_slug[name]: name for name in optional if name in by_slug and name not in wanted.values()}
    known = {**_numbers(_documented()), **by_slug}
    always = [known[name] for name in _ALWAYS]
    numbers = dict.fromkeys([*wanted, *added, *always])
    return Choice(list(numbers), list(wanted.values()), tuple(added.values()))


def chosen(found: Performance, choice: Choice) -> Performance:
    """Only the requested metrics. Raises OptionError for one that is not in the service's legend.

    A request by numbers names exactly what to return. So a column with another name is a requested one, and a metric
    without a column is one that these tests do not have.
    """
    if not choice.slugs:
        return found
    known = {metric.slug: metric for metric in found.metrics}
    missing = [name for name in choice.slugs if name and name not in known]
    if missing and known and not choice.numbers:
        raise _unknown(missing[0], known)
    optional = [name for name in choice.optional if name not in choice.slugs]
    added = [name for name in _ALWAYS if name not in (*choice.slugs, *optional)]
    obeyed = bool(choice.numbers) and len(known) <= len(choice.slugs) + len(optional) + len(added)
    others = {*added, *optional}
    metrics = [metric for name, metric in known.items() if name in choice.slugs or (obeyed and name not in others)]
    if len(metrics) < len(choice.slugs):
        metrics += [Metric(name, name, unit_of(name)) for name in missing]
    metrics += [known[name] for name in optional if name in known]
    return found._replace(metrics=metrics, chosen=True)


def _documented() -> dict[str, int]:
    """Number by name; the first of two metrics with the same name."""
    numbers: dict[str, int] = {}
    for number, label in v2_labels().items():
        numbers.setdefault(label, number)
    return numbers


def _numbers(offered: Mapping[str, int]) -> dict[str, int]:
    """Number by slug; the first of two names with the same slug."""
    return {slug(label): number for label, number in reversed(list(offered.items()))}


def _check_names(names: Mapping[int, str]) -> None:
    """Raises OptionError for metrics with the same name: a response has names in any order."""
    numbers: dict[str, int] = {}
    for number, name in names.items():
        if numbers.setdefault(name, number) != number:
            raise OptionError(
                f"The service gives the metrics {numbers[name]} and {number} the same name ({name}), so one response "
                "cannot distinguish them. Request one of them at a time."
            )


def _unknown(metric: str, names: Iterable[str]) -> OptionError:
    if metric in _READ_BY:
        return OptionError(
            f"{metric} is a metric of the performance gate only, because runs do not have it. Read it with "
            f"community.catchpoint.{_READ_BY[metric]}, or use it as a criterion of the gate."
        )
    near = closest(str(metric), names)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"It has {', '.join(sorted(names))}."
    return OptionError(f"The service has no metric {metric!r}. {hint}")
