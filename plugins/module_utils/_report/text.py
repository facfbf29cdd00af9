# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The verdict as text: one line as the message, and one line for each row as the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY, EVENTS
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import RANK
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import CERTAIN
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    change_text,
    clean,
    counted,
    p_text,
    some,
    value_text,
)

_COLUMNS = 9
_RIGHT = (2, 4)  # value and change


def message(result: Mapping[str, Any], addition: str = "") -> str:
    """performance gate: FAIL (1 of 3 criteria): test_time median 1307 ms is 30.4 % above the baseline 1003 ms ..."""
    rows = result["criteria"]
    verdict = result["verdict"]
    total = len({row["criterion"] for row in rows})
    deciding = [row for row in rows if row["status"] == verdict and row["enforced"]]
    waited = result["waited"]
    word = verdict.upper() + (f" after {waited['reached']}" if waited["stopped_early"] else "")
    if verdict == "pass" or not deciding:
        criteria = "1 criterion" if total == 1 else f"{total} criteria"
        text = f"performance gate: {word} ({criteria}, {counted(result['runs']['used'], 'usable run')})"
    else:
        count = len({row["criterion"] for row in deciding})
        more = f"; and {len(deciding) - 1} more" if len(deciding) > 1 else ""
        of = f"{count} of {total} {'criterion' if total == 1 else 'criteria'}"
        text = f"performance gate: {word} ({of}): {sentence(deciding[0], several_tests(rows))}{more}"
    return f"{text}; {addition}" if addition else text


def lines(result: Mapping[str, Any]) -> list[str]:
    """The report: a line for each row in columns, failures first, with what explains it; then what was measured."""
    rows = result["criteria"]
    several = several_tests(rows)
    ordered = [rows[index] for index in worst_first(rows)]
    table = [_cells(row, several) for row in ordered]
    widths = [max((len(cells[column]) for cells, _reason in table), default=0) for column in range(_COLUMNS)]
    text = []
    for row, (cells, reason) in zip(ordered, table):
        text.append(_line(cells, widths, reason))
        text += [f"        {clean(line)}" for line in explanation_lines(row)]
    return [*text, *measured(result)]


def warnings(result: Mapping[str, Any]) -> list[str]:
    """What must not be overlooked although the gate does not fail for it."""
    rows = result["criteria"]
    several = several_tests(rows)
    found = [text for row in rows for text in _row_warnings(row, label(row, several))]
    duplicates = result["runs"]["duplicates"]
    if duplicates:
        verb = "was" if duplicates == 1 else "were"
        found.append(f"performance gate: {counted(duplicates, 'duplicate run')} {verb} counted once")
    return found


def _row_warnings(row: Mapping[str, Any], name: str) -> Iterator[str]:
    if row["status"] == "warn":
        yield f"performance gate: {name}: {row['reason']}"
    baseline = row["baseline"]
    if not baseline:
        return
    if baseline["excluded_locations"] and row["status"] != "inconclusive":
        yield (
            f"performance gate: {name}: these locations have too few baseline values and are not compared: "
            f"{some(baseline['excluded_locations'])}"
        )
    if baseline["lost_locations"]:
        lost = some([f"{place} ({count} in the baseline)" for place, count in baseline["lost_runs"].items()])
        yield f"performance gate: {name}: no runs any more from {lost}: is the node down, or was the test changed?"


def worst_first(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The positions of the rows, failing ones first and those that are not enforced last; else in their own order."""
    return sorted(range(len(rows)), key=lambda i: (not rows[i]["enforced"], -RANK.index(rows[i]["status"])))


def wait_end(waited: Mapping[str, Any]) -> str:
    """Why the wait ended, where it was not the horizon."""
    if waited["timed_out"]:
        return "timed out"
    if waited["ended_by"] == "fail":
        return f"ended after {waited['reached']}, because the evidence was enough to fail"
    if waited["ended_by"] == "pass":
        return f"ended after {waited['reached']}, because the other runs could hardly change the verdict"
    return ""


def explanation_lines(row: Mapping[str, Any]) -> list[str]:
    """At most two lines that explain a row: what changed, and where."""
    explanation = row.get("explanation")
    return list(explanation["text"])[:2] if explanation else []


def several_tests(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether labels of rows need the name of their test."""
    return len({row["test_id"] for row in rows}) > 1


def label(row: Mapping[str, Any], several: bool) -> str:
    """A row's criterion, with its test where there are several, and its location: test_time median (Home page, LON)."""
    parts = []
    if several:
        parts.append(test_text(row))
    if row["location"] is not None:
        parts.append(clean(row["location"]))
    return f"{clean(row['name'])} ({', '.join(parts)})" if parts else clean(row["name"])


def test_text(row: Mapping[str, Any]) -> str:
    """Home page 81093, or test 81093."""
    if row["test_id"] is None:
        return "test without id"
    return f"{clean(row['test_name'])} {row['test_id']}" if row["test_name"] else f"test {row['test_id']}"


def sentence(row: Mapping[str, Any], several: bool) -> str:
    """A row as one sentence: its name and its reason."""
    value = row["value"] is not None and row["limit"] is not None and row["note"] != CERTAIN
    joint = " " if value and row["metric"] not in EVENTS else ": "
    return f"{label(row, several)}{joint}{clean(row['reason'])}"


def status_word(row: Mapping[str, Any]) -> str:
    """FAIL, warn, inconclusive, pass; info for a criterion without a limit."""
    if row["status"] == "fail":
        return "FAIL"
    if row["status"] == "pass" and not any(row["limits"].values()):
        return "info"
    return str(row["status"])


def facts(row: Mapping[str, Any]) -> dict[str, str]:
    """Texts of a row's cells: value, baseline, change, limit, p, samples, note; each may be empty."""
    baseline = row["baseline"] or {}
    compared = row["change"] is not None or baseline.get("adjusted") is not None
    unit, change = "%", row["change_percent"]
    if row["metric"] == AVAILABILITY:
        unit = "points"
    elif row["limit"] and row["limit"]["key"] in ("max_increase", "max_decrease"):
        unit, change = row["unit"], row["change"]
    notes = [row["note"]] if row["note"] else []
    if not row["enforced"]:
        notes.append("not enforced")
    return {
        "value": value_text(row["value"], row["unit"]),
        "baseline": value_text(baseline["adjusted"], row["unit"]) if compared else "",
        "change": (change_text(change, unit) if change is not None else "from 0") if compared else "",
        "limit": row["limit"]["text"] if row["limit"] else "",
        "p": p_text(row["p"]) if row["p"] is not None else "",
        "samples": _samples(row, baseline.get("samples") if compared else None),
        "note": ", ".join(notes),
    }


def measured(result: Mapping[str, Any]) -> list[str]:
    """The data behind the verdict: the windows, and how the runs were used."""
    runs = result["runs"]
    current = result["windows"]["current"]
    parts = [f"{runs['used']} used"]
    for key, words in (("failed", "failed"), ("unusable", "without a usable value"), ("warmup", "in the warm-up")):
        if runs[key]:
            parts.append(f"{runs[key]} {words}")
    if runs["after"]:
        parts.append(f"{runs['after']} after the window")
    text = [f"window {current['start']} to {current['end']}: {counted(runs['seen'], 'run')}, {', '.join(parts)}"]
    baseline = result["windows"]["baseline"]
    if baseline:
        history = f", and {counted(runs['history'], 'run')} before it" if runs["history"] else ""
        text.append(f"baseline {baseline['start']} to {baseline['end']}: {counted(runs['baseline'], 'run')}{history}")
    controls = control_ids(result)
    if controls:
        text.append(f"control {some(controls)}: the change seen there is taken out")
    if result["waited"]["stopped_early"]:
        text.append(f"the wait {wait_end(result['waited'])}")
    text += [f"Internet outage: {_outage(outage)}" for outage in result.get("outages") or []]
    return [*text, *map(clean, result.get("notes") or [])]


def _outage(outage: Mapping[str, Any]) -> str:
    """Example CDN at Paris, France, since 2026-11-23T12:03:00Z (connection, timeout)."""
    place = ", ".join(clean(outage[key]) for key in ("city", "country") if outage[key])
    ended = f" to {outage['end']}" if outage["end"] else ""
    types = ", ".join(str(name).replace("_", " ") for name in outage["types"])
    about = f" ({types})" if types else ""
    return f"{clean(outage['service'] or 'unnamed service')} at {place}, since {outage['start']}{ended}{about}"


def control_ids(result: Mapping[str, Any]) -> list[str]:
    """test 81099: the control tests, where a row is compared with them."""
    controls = [row["baseline"]["control"] for row in result["criteria"] if row["baseline"]]
    return [f"test {test_id}" for control in controls[:1] if control for test_id in control["test_ids"]]


def is_missing(row: Mapping[str, Any]) -> bool:
    """Whether a row has limits and none of them could be held against a value."""
    return row["limit"] is None and any(row["limits"].values())


def _samples(row: Mapping[str, Any], baseline: Optional[int]) -> str:
    """20 v 60 runs (count as 9): the last if successive runs are correlated and count as fewer."""
    current, effective = row["samples"], row["effective_samples"]
    if current is None:
        return ""
    if baseline is None:
        return counted(current, "run")
    fewer = f" (count as {effective})" if effective is not None and effective < current else ""
    return f"{current} v {baseline} runs{fewer}"


def _cells(row: Mapping[str, Any], several: bool) -> tuple[list[str], str]:
    """The cells of a row; and for one that no number explains, the reason instead of those behind the value."""
    entry = facts(row)
    words = [status_word(row), label(row, several), entry["value"]]
    if is_missing(row) or row["note"] == CERTAIN:
        return [*words, *[""] * (_COLUMNS - len(words))], clean(row["reason"])
    baseline = f"baseline {entry['baseline']}" if entry["baseline"] else ""
    return [*words, baseline, *(entry[key] for key in ("change", "limit", "p", "samples", "note"))], ""


def _line(cells: Sequence[str], widths: Sequence[int], reason: str) -> str:
    """Cells in columns, numbers to the right; a column that is empty in every row takes no room."""
    shown = [
        cell.rjust(width) if column in _RIGHT else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths))
        if width
    ]
    return "  ".join([*shown[:3], reason] if reason else shown).rstrip()
