# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""A plot of the runs behind one row of a verdict, as inline SVG: baseline on the left, current runs on the right.

A dot per run; its shape and colour identify the location. Failed runs are crosses in a separate lane, because their
times do not count. Lines are the aggregates of both windows and the limits. Values far above all lines are drawn as
arrows at the upper border, so that one spike does not flatten the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._report.series import Point, read_points
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import percentile
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean, value_text
from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

_WIDTH, _LEFT, _RIGHT, _TOP = 920.0, 74.0, 176.0, 30.0
_HEIGHT = 190.0  # of the values' area
_LANE = 26.0  # of the failed runs', and of a location's in a plot of availability
_GAP = 18.0
_AXIS = 34.0
_LABEL_HEIGHT = 14.0
_EDGE = 8.0  # between the first or last run and the border of its panel
_CLIP = 1.8  # what lies above this multiple of the 90th percentile is shown at the upper border
# An axis ends within these, whatever the values.
_SMALLEST, _LARGEST = 1e-9, 1e300

# One shape for each index of a location, drawn around (0, 0).
SHAPES = (
    "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
    "M-3.3 -3.3h6.6v6.6h-6.6z",
    "M0 -4.6L4.4 3.4H-4.4z",
    "M0 -4.8L4.4 0L0 4.8L-4.4 0z",
    "M0 4.6L4.4 -3.4H-4.4z",
    "M-1.4 -4.4h2.8v3h3v2.8h-3v3h-2.8v-3h-3v-2.8h3z",
    "M-4.6 -1.9h9.2v3.8h-9.2z",
    "M-1.9 -4.6h3.8v9.2h-3.8z",
)
CROSS = "M-3.4 -3.4L3.4 3.4M-3.4 3.4L3.4 -3.4"
_ARROW = "M0 -4.5L4.2 2.5H1.3V6H-1.3V2.5H-4.2z"


class _Panel(NamedTuple):
    """One window's part of the plot. Times in seconds since the deploy."""

    name: str
    points: list[Point]
    start: float
    end: float
    left: float
    right: float

    def x(self, seconds: float) -> float:
        span = self.end - self.start or 1.0
        share = min(1.0, max(0.0, (seconds - self.start) / span))
        return self.left + _EDGE + share * (self.right - self.left - 2 * _EDGE)


class _Line(NamedTuple):
    """A horizontal line with a label at the right."""

    value: float
    text: str
    style: str  # fail, warn, base, now
    panel: int  # the index of the panel that it crosses


def plot(row: Mapping[str, Any], series: Mapping[str, Any], windows: Mapping[str, Any], since: float) -> str:
    """The SVG element for one row of a result; ``since`` is the deploy, in seconds since 1970 UTC."""
    places = [clean(name) for name in series["locations"]]
    wanted = None if row["location"] is None else clean(row["location"])
    sides = []
    for key, name in (("baseline", "before"), ("current", "after")):
        points = [p for p in read_points(series[key]) if wanted is None or places[p.location] == wanted]
        if points or key == "current":
            sides.append((name, points, _span(points, windows[key], since)))
    panels = _panels(sides)
    by_location = row["metric"] == AVAILABILITY
    body = _availability(panels, places, wanted, since) if by_location else _values(row, panels, places, since)
    label = escape(f"Runs of {clean(row['name'])}, {' and '.join(panel.name for panel in panels)} the deploy")
    return f'<svg viewBox="0 0 {_WIDTH:g} {body[0]:g}" role="img" aria-label="{label}">{"".join(body[1])}</svg>'


def legend(series: Mapping[str, Any], only: Optional[str]) -> str:
    """The locations' shapes, and the cross of a failed run where there is one."""
    entries = [
        (f"m l{index}", SHAPES[index % len(SHAPES)], clean(name))
        for index, name in enumerate(series["locations"])
        if only is None or clean(name) == clean(only)
    ]
    if "x" in series["current"] or "x" in series["baseline"]:
        entries.append(("x", CROSS, "failed run"))
    return "".join(
        f'<span class="key"><svg viewBox="-6 -6 12 12" aria-hidden="true"><path class="{style}" d="{shape}"/></svg>'
        f"{escape(name)}</span>"
        for style, shape, name in entries
    )


def _span(points: Sequence[Point], window: Optional[Mapping[str, Any]], since: float) -> tuple[float, float]:
    """The window that a panel shows, in seconds since the deploy: the given one, widened to hold every run."""
    times = [point.seconds for point in points]
    if window:
        times += [run_time(window["start"]) - since, run_time(window["end"]) - since]
    return (min(times), max(times)) if times else (0.0, 1.0)


def _panels(sides: Sequence[tuple[str, list[Point], tuple[float, float]]]) -> list[_Panel]:
    """Panels side by side; the more runs, the wider, within bounds."""
    room = _WIDTH - _LEFT - _RIGHT - _GAP * (len(sides) - 1)
    share = 1.0
    if len(sides) == 2:
        first, second = (len(points) for _name, points, _window in sides)
        share = min(0.6, max(0.35, first / ((first + second) or 1)))
    panels = []
    left = _LEFT
    for position, (name, points, (start, end)) in enumerate(sides):
        width = room * (share if position == 0 else 1 - share)
        panels.append(_Panel(name, points, start, end, left, left + width))
        left += width + _GAP
    return panels


def _values(
    row: Mapping[str, Any], panels: Sequence[_Panel], places: Sequence[str], since: float
) -> tuple[float, list[str]]:
    lines = _lines(row, panels)
    values = sorted(p.value for panel in panels for p in panel.points if p.value is not None and not p.failed)
    low, high, ticks = _scale(values, [line.value for line in lines])
    bottom = _TOP + _HEIGHT

    def y(value: float) -> float:
        return bottom - (max(low, min(value, high)) - low) / (high - low) * _HEIGHT

    parts = [
        f'<path class="grid" d="M{_LEFT:g} {y(tick):.1f}H{_WIDTH - _RIGHT:g}"/>'
        f'<text class="tick" x="{_LEFT - 8:g}" y="{y(tick) + 4:.1f}" text-anchor="end">'
        f"{value_text(tick, row['unit'])}</text>"
        for tick in ticks
    ]
    before = [line for line in lines if line.panel < len(panels) - 1]
    heads = [*(f", {line.text}" for line in before), *[""] * len(panels)]
    parts += _frames(panels, heads, _TOP, bottom + _LANE, since)
    parts.append(f'<path class="axis" d="M{_LEFT:g} {bottom:g}H{_WIDTH - _RIGHT:g}"/>')
    parts.append(f'<text class="tick" x="{_LEFT - 8:g}" y="{bottom + _LANE / 2 + 4:g}" text-anchor="end">failed</text>')
    for line in lines:
        panel = panels[line.panel]
        if low <= line.value <= high:
            parts.append(
                f'<path class="line {line.style}" d="M{panel.left:.1f} {y(line.value):.1f}H{panel.right:.1f}"/>'
            )
    for panel in panels:
        for point in panel.points:
            x = panel.x(point.seconds)
            title = _title(point, places, row["unit"], since)
            if point.failed:
                parts.append(_mark("x", CROSS, x, bottom + _LANE / 2, title))
            elif point.value is not None and point.value > high:
                parts.append(_mark(f"m l{point.location}", _ARROW, x, _TOP + 7, title))
            elif point.value is not None:
                shape = SHAPES[point.location % len(SHAPES)]
                parts.append(_mark(f"m l{point.location}", shape, x, y(point.value), title))
    labelled = [line for line in lines if line.panel == len(panels) - 1]
    parts += _line_labels([line if line.value <= high else _above(line) for line in labelled], y)
    return bottom + _LANE + _AXIS, parts


def _availability(
    panels: Sequence[_Panel], places: Sequence[str], wanted: Optional[str], since: float
) -> tuple[float, list[str]]:
    """A lane for each location: dots for runs that went well, crosses for those that failed."""
    shown = [index for index, name in enumerate(places) if wanted is None or name == wanted]
    bottom = _TOP + _LANE * max(1, len(shown))
    parts = []
    for lane, index in enumerate(shown):
        middle = _TOP + _LANE * (lane + 0.5)
        parts.append(f'<path class="grid" d="M{_LEFT:g} {middle:g}H{_WIDTH - _RIGHT:g}"/>')
        name = places[index] if len(places[index]) <= 24 else places[index][:23] + "\u2026"
        parts.append(f'<text class="name" x="{_WIDTH - _RIGHT + 10:g}" y="{middle + 4:g}">{escape(name)}</text>')
        for panel in panels:
            for point in panel.points:
                if point.location == index:
                    style, shape = ("x", CROSS) if point.failed else (f"m l{index}", SHAPES[index % len(SHAPES)])
                    parts.append(_mark(style, shape, panel.x(point.seconds), middle, _title(point, places, "", since)))
    return bottom + _AXIS, [*_frames(panels, [""] * len(panels), _TOP, bottom, since), *parts]


def _lines(row: Mapping[str, Any], panels: Sequence[_Panel]) -> list[_Line]:
    """The aggregates of both windows, and every limit as a value."""
    if row["aggregate"] == "sum":  # not on the scale of single runs
        return []
    now = len(panels) - 1
    unit = row["unit"]
    result = []
    baseline = row["baseline"] or {}
    adjusted = baseline.get("adjusted")
    for level in ("fail", "warn"):
        for key, number in row["limits"][level].items():
            value = _limit_value(key, number, adjusted)
            if value is not None and value >= 0:
                result.append(_Line(value, f"{level} limit {value_text(value, unit)}", level, now))
    if baseline.get("value") is not None and len(panels) > 1:
        text = f"{row['aggregate']} {value_text(baseline['value'], unit)}"
        result.append(_Line(baseline["value"], text, "base", 0))
        if adjusted is not None:
            result.append(_Line(adjusted, f"expected {value_text(adjusted, unit)}", "base", now))
    if row["value"] is not None:
        result.append(_Line(row["value"], f"{row['aggregate']} {value_text(row['value'], unit)}", "now", now))
    return result


def _above(line: _Line) -> _Line:
    """A line that lies above the plot, with a label that says so."""
    return line._replace(text=f"\u2191 {line.text}")


def _limit_value(key: str, number: float, adjusted: Optional[float]) -> Optional[float]:
    if key in ("max", "min"):
        return number
    if adjusted is None:
        return None
    sign = 1 if "increase" in key else -1
    return adjusted * (1 + sign * number / 100) if key.endswith("_percent") else adjusted + sign * number


def _scale(values: Sequence[float], lines: Sequence[float]) -> tuple[float, float, list[float]]:
    """Lowest and highest value of the axis, and its ticks. ``values`` are in ascending order.

    Spikes and limits that lie far above the rest don't count: they are shown at the upper border.
    """
    usual = percentile(values, 90) * _CLIP if values else max(lines, default=1.0)
    high = max((value for value in (*values, *lines) if value <= usual), default=usual) or 1.0
    high = min(max(high, _SMALLEST), _LARGEST)
    lowest = min((value for value in (*values, *lines) if value <= high), default=0.0)
    span = max(high - lowest, 0.1 * high)
    low = 0.0 if lowest < 0.6 * high else max(0.0, lowest - 0.25 * span)
    high += 0.05 * span
    step = _nice((high - low) / 4)
    first, last = math.floor(low / step), math.ceil(high / step)
    return first * step, last * step, [step * index for index in range(first, last + 1)]


def _nice(step: float) -> float:
    """The next of 1, 2, 2.5 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * (1 - 1e-9))


def _frames(panels: Sequence[_Panel], heads: Sequence[str], top: float, bottom: float, since: float) -> list[str]:
    """Each panel's border, its name and what there is to add to it, and times below it."""
    parts = []
    for panel, head in zip(panels, heads):
        width = panel.right - panel.left
        parts.append(
            f'<rect class="panel {panel.name}" x="{panel.left:.1f}" y="{top:g}" width="{width:.1f}" '
            f'height="{bottom - top:g}"/><text class="head" x="{panel.left:.1f}" y="{top - 10:g}">'
            f"{panel.name} the deploy{escape(head)}</text>"
        )
        ends = ((panel.start, panel.left, "start"), (panel.end, panel.right, "end"))
        texts = [_clock(since + seconds) for seconds, _x, _anchor in ends]
        for text, (_seconds, x, anchor) in zip(texts, ends):
            parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 16:g}" text-anchor="{anchor}">{text}</text>')
    return parts


def _clock(moment: float) -> str:
    text = iso(max(0.0, moment))
    return f"{text[5:10]} {text[11:16]}"


def _line_labels(lines: Iterable[_Line], y: Callable[[float], float]) -> list[str]:
    """Labels at the right of lines, pushed apart where they would overlap."""
    entries = sorted(lines, key=lambda line: y(line.value))
    places: list[float] = []
    for line in entries:
        wanted = y(line.value) + 4
        places.append(max(wanted, places[-1] + _LABEL_HEIGHT) if places else wanted)
    surplus = places[-1] - (_TOP + _HEIGHT + _LANE) if places else 0.0
    if surplus > 0:
        places = [place - surplus for place in places]
    x = _WIDTH - _RIGHT + 10
    return [
        f'<text class="label {line.style}" x="{x:g}" y="{place:.1f}">{escape(line.text)}</text>'
        for line, place in zip(entries, places)
    ]


def _mark(style: str, shape: str, x: float, y: float, title: str) -> str:
    return f'<path class="{style}" transform="translate({x:.1f} {y:.1f})" d="{shape}"><title>{title}</title></path>'


def _title(point: Point, places: Sequence[str], unit: str, since: float) -> str:
    outcome = "failed" if point.failed else value_text(point.value, unit) if unit else "ok"
    return escape(f"{iso(max(0.0, since + point.seconds))} {places[point.location]}: {outcome}")
