# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders a result as one HTML page that needs no other file, script or font.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._report.html_template import STYLE, TEMPLATE
from ansible_collections.community.catchpoint.plugins.module_utils._report.svg import legend, plot
from ansible_collections.community.catchpoint.plugins.module_utils._report.text import (
    control_ids,
    explanation_lines,
    facts,
    label,
    several_tests,
    status_word,
    test_text,
    wait_end,
    worst_first,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    change_text,
    clean,
    counted,
    limit_text,
    p_text,
    some,
    span_text,
    value_text,
)

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST_PLOTS = 24
_ICONS = {
    "pass": "\u2713",
    "info": "i",
    "warn": "!",
    "fail": "\u2715",
    "inconclusive": "?",
    "error": "!",
    "skipped": "\u2013",
}
_MEANINGS = {
    "pass": "Every limit holds.",
    "warn": "Nothing failed, but look at what is marked.",
    "fail": "A limit is broken.",
    "inconclusive": "There was too little data for a verdict. This is not a pass.",
    "error": "The data could not be read. This is not a pass.",
    "skipped": "Nothing was measured.",
}

# The message's "(1 of 3 criteria)" or "(3 criteria, 20 usable runs)".
_COUNT = re.compile(r"^\(([^()]*)\)")


class _Figure(NamedTuple):
    """The plot of one row."""

    id: str  # the anchor that the table links to
    word: str  # the row's status
    label: str
    note: str
    keys: Markup
    plot: Markup


def write(result: Mapping[str, Any]) -> str:
    """The page. Texts of the result are cleaned here and escaped by the template."""
    from jinja2 import Environment, StrictUndefined  # comes with ansible-core
    from markupsafe import Markup

    verdict = str(result["verdict"])
    rows = result["criteria"]
    figures = _figures(result)
    several = several_tests(rows)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page: str = environment.from_string(TEMPLATE).render(
        style=Markup(STYLE),
        verdict=verdict,
        icons=_ICONS,
        message=clean(_message(verdict, result)),
        meaning=_MEANINGS[verdict],
        outcome=clean(result["outcome"]["text"]) if result.get("outcome") else "",
        facts=_facts(result),
        rows=[_row(rows[index], several, figures.get(index)) for index in worst_first(rows)],
        figures=[figures[index] for index in worst_first(rows) if index in figures],
    )
    return page + "\n"


def _message(verdict: str, result: Mapping[str, Any]) -> str:
    """The message without the words that the heading has already."""
    message = str(result["msg"])
    prefix = f"performance gate: {verdict.upper()}"
    if not message.startswith(prefix):
        return message
    return _COUNT.sub(r"\1", message[len(prefix) :].lstrip(": "))


def _facts(result: Mapping[str, Any]) -> list[dict[str, str]]:
    """The facts behind the verdict: name, value, and a remark that may be empty."""
    runs, windows = result["runs"], result["windows"]
    tests = list({row["test_id"]: test_text(row) for row in result["criteria"] if row["test_id"] is not None}.values())
    entries = [("Tests" if len(tests) > 1 else "Test", some(tests, 3), "")] if tests else []
    entries.append(("Judged", _window(windows["current"]), ""))
    dropped = [f"{runs[key]} {words}" for key, words in _DROPPED if runs[key]]
    entries.append(("Runs", f"{runs['used']} used of {runs['seen']}", ", ".join(dropped)))
    if windows["baseline"]:
        entries.append(("Baseline", _window(windows["baseline"]), counted(runs["baseline"], "run")))
    controls = control_ids(result)
    if controls:
        entries.append(("Control", some(controls, 3), "the change seen there is taken out"))
    if result["waited"]["polls"]:
        entries.append(("Waited", span_text(result["waited"]["seconds"]), wait_end(result["waited"])))
    if result.get("outcome"):
        hosts = [clean(host) for host in result["outcome"]["hosts"]]
        entries.append(("Batch", counted(len(hosts), "host"), some(hosts, 5)))
    return [{"name": name, "value": clean(value), "more": clean(more)} for name, value, more in entries]


_DROPPED = (
    ("failed", "failed"),
    ("unusable", "without a usable value"),
    ("warmup", "in the warm-up"),
    ("after", "after the window"),
)


def _window(window: Mapping[str, Any]) -> str:
    start, end = str(window["start"]), str(window["end"])
    return f"{start[:10]} {start[11:16]} to {end[11:16] if end[:10] == start[:10] else f'{end[:10]} {end[11:16]}'}"


def _row(row: Mapping[str, Any], several: bool, figure: Optional[_Figure]) -> dict[str, Any]:
    """The table's cells of a row, by their names in the template."""
    entry = facts(row)
    where = [test_text(row)] if several else []
    where += [clean(row["location"])] if row["location"] is not None else []
    return {
        "word": status_word(row).lower(),
        "figure": figure.id if figure else "",
        "name": clean(row["name"]),
        "where": ", ".join(where),
        **{key: clean(entry[key]) for key in ("value", "baseline", "change", "p")},
        "limit": clean(_signs(entry["limit"][len("limit ") :] if entry["limit"] else _all_limits(row))),
        "samples": clean(entry["samples"].replace(" runs", "").replace(" run", "")),
        "reason": clean(_signs(row["reason"])),
        "enforced": row["enforced"],
        "because": [clean(line) for line in explanation_lines(row)],
        "tables": _tables(row),
    }


def _tables(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The metrics and the locations that explain a row, as small tables."""
    explanation = row.get("explanation") or {}
    found = []
    metrics = explanation.get("metrics") or []
    if metrics:
        cells = [
            [
                clean(entry["metric"]),
                *(value_text(entry[key], entry["unit"]) for key in ("baseline", "current")),
                _percent(entry["change_percent"]),
                p_text(entry["p"]),
            ]
            for entry in metrics
        ]
        found.append({"heads": ("Metric", "Baseline", "Now", "Change", "Evidence"), "rows": cells})
    locations = explanation.get("locations") or []
    if locations:
        cells = [
            [clean(entry["location"]), _percent(entry["change_percent"]), p_text(entry["p"])] for entry in locations
        ]
        found.append({"heads": ("Location", "Change", "Evidence"), "rows": cells})
    return found


def _percent(change: Optional[float]) -> str:
    return change_text(change, "%") if change is not None else ""


def _all_limits(row: Mapping[str, Any]) -> str:
    """The limits of a row that could not be judged."""
    found = []
    for level in ("fail", "warn"):
        for key, number in row["limits"][level].items():
            sign = "<= " if key == "max" else ">= " if key == "min" else "+" if "increase" in key else "-"
            points = row["metric"] == AVAILABILITY and key not in ("max", "min")
            unit = "percent" if key.endswith("_percent") else row["unit"]
            text = f"{number:.10g} points" if points else limit_text(number, unit)
            found.append(f"{level}: {sign}{text}")
    return ", ".join(found)


def _signs(text: str) -> str:
    return text.replace("<=", "\u2264").replace(">=", "\u2265")


def _figures(result: Mapping[str, Any]) -> dict[int, _Figure]:
    """A figure for each row that has a series, by the row's index: those of the worst rows when there are too many."""
    from markupsafe import Markup

    rows = result["criteria"]
    since = run_time(result["windows"]["since"])
    several = several_tests(rows)
    series = _series_of_rows(result)
    return {
        index: _Figure(
            f"runs-{index}",
            status_word(rows[index]).lower(),
            label(rows[index], several),
            _drawn(rows[index], entry),
            Markup(legend(entry, rows[index]["location"])),
            Markup(plot(rows[index], entry, result["windows"], since)),
        )
        for index, entry in series[:_MOST_PLOTS]
    }


def _series_of_rows(result: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The rows that have a series, with it, worst rows first. Rare locations share a shape and get no figure."""
    rows = result["criteria"]
    series = {(entry["test_id"], entry["metric"]): entry for entry in result["plot"]}
    first: dict[Any, Mapping[str, Any]] = {}
    for entry in result["plot"]:
        first.setdefault(entry["test_id"], entry)
    found = []
    for index in worst_first(rows):
        row = rows[index]
        of_row = (
            first.get(row["test_id"]) if row["metric"] == AVAILABILITY else series.get((row["test_id"], row["metric"]))
        )
        if of_row is not None and of_row["locations"] and row["location"] in (None, *of_row["locations"]):
            found.append((index, of_row))
    return found


def _drawn(row: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """How many runs are drawn, where not all are. The series does not say how many of them are a location's."""
    total = entry["runs"]["current"] + entry["runs"]["baseline"]
    drawn = sum(entry[key].count(";") + bool(entry[key]) for key in ("current", "baseline"))
    if drawn >= total or row["location"] is not None:
        return ""
    return f"{drawn} of {total} runs drawn, some of the failed and of the highest among them"
