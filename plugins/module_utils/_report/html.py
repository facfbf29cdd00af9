# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The verdict as one HTML page that needs no other file, no script and no font: for people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import AVAILABILITY
from ansible_collections.community.catchpoint.plugins.module_utils._gate.evaluate import RANK
from ansible_collections.community.catchpoint.plugins.module_utils._gate.timestamps import run_time
from ansible_collections.community.catchpoint.plugins.module_utils._report.svg import legend, plot
from ansible_collections.community.catchpoint.plugins.module_utils._report.text import (
    control_ids,
    facts,
    label,
    several_tests,
    status_word,
    test_text,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import (
    clean,
    counted,
    limit_text,
    some,
    span_text,
)

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
    "error": "The data could not be had. This is not a pass.",
    "skipped": "Nothing was measured.",
}

# The message's "(1 of 3 criteria)" or "(3 criteria, 20 usable runs)".
_COUNT = re.compile(r"^\(([^()]*)\)")

_STYLE = """
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5b6675;--rule:#dde2e8;--grid:#e8ecf0;
--pass:#16794c;--warn:#9a5b00;--fail:#c0262d;--unknown:#6a4bb5;--none:#5b6675;
--l0:#1f6fd6;--l1:#c2571a;--l2:#0b8a7a;--l3:#a13fa1;--l4:#7c7a00;--l5:#b0325f;--l6:#3f5f7f;--l7:#6b4e2e}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b5;--rule:#2f3844;
--grid:#262e39;--pass:#4cc38a;--warn:#f0b429;--fail:#ff7b80;--unknown:#b79cff;--none:#9aa6b5;
--l0:#6aaeff;--l1:#ff9d5c;--l2:#43cdb9;--l3:#e58ae5;--l4:#d3d04a;--l5:#ff86ae;--l6:#a3bdd6;--l7:#d2a67a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1040px;margin:0 auto;padding:28px 20px 60px}
h2{font-size:17px;margin:34px 0 12px}
.card{background:var(--card);border:1px solid var(--rule);border-radius:10px}
.verdict{display:flex;gap:20px;align-items:center;padding:22px 24px;border-left:7px solid var(--tone)}
.verdict .icon{flex:none;width:52px;height:52px;border-radius:50%;background:var(--tone);color:var(--card);
font-size:28px;font-weight:700;display:grid;place-items:center}
.verdict h1{margin:0;font-size:25px;line-height:1.25;overflow-wrap:anywhere}
.verdict h1 b{color:var(--tone)}
.verdict p{margin:4px 0 0;color:var(--soft);overflow-wrap:anywhere}
.verdict p.msg{color:var(--ink)}
.pass{--tone:var(--pass)}.info,.skipped{--tone:var(--none)}.warn{--tone:var(--warn)}
.fail,.error{--tone:var(--fail)}.inconclusive{--tone:var(--unknown)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:14px 0 0}
dl.facts div{padding:10px 14px}
dt{color:var(--soft);font-size:13px}
dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
dd small{display:block;font-weight:400;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;font-size:13px;color:var(--soft);text-align:left;padding:10px 14px;white-space:nowrap}
td{padding:10px 14px 2px;border-top:1px solid var(--rule);vertical-align:top;white-space:nowrap}
tr.why td{border:0;padding:0 14px 12px;white-space:normal;color:var(--soft);overflow-wrap:anywhere}
.number{text-align:right}
td.what{white-space:normal;font-weight:600;min-width:150px;overflow-wrap:anywhere}
td.limit{white-space:normal;min-width:90px}
td.what small{display:block;font-weight:400;color:var(--soft)}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}
.pill{display:inline-flex;gap:6px;align-items:center;color:var(--tone);font-weight:600}
.pill i{font-style:normal;font-size:12px;width:18px;height:18px;border-radius:50%;display:grid;place-items:center;
background:var(--tone);color:var(--card)}
figure{margin:0 0 16px;padding:16px 18px 12px}
figcaption{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline}
figcaption strong{overflow-wrap:anywhere}
figcaption span.of{color:var(--soft)}
figure>svg{display:block;width:100%;height:auto;margin-top:8px}
.keys{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13px;color:var(--soft)}
.key{display:inline-flex;gap:6px;align-items:center}
.key svg{width:13px;height:13px}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--soft)}
svg .head{font-weight:600}svg .name{fill:var(--ink)}
.panel{fill:none;stroke:var(--rule)}.panel.after{fill:var(--grid);fill-opacity:.45}
.grid{stroke:var(--grid);fill:none}.axis{stroke:var(--rule);fill:none}
.line{fill:none;stroke-width:1.6}.line.fail{stroke:var(--fail)}.line.warn{stroke:var(--warn);stroke-dasharray:7 4}
.line.base{stroke:var(--soft);stroke-dasharray:2 3}.line.now{stroke:var(--ink);stroke-width:2.4}
.label.fail{fill:var(--fail)}.label.warn{fill:var(--warn)}.label{paint-order:stroke;stroke:var(--card);stroke-width:3px}.label.now{fill:var(--ink);font-weight:600}
.x{fill:none;stroke:var(--fail);stroke-width:2;stroke-linecap:round}
.m{fill-opacity:.8}.l0{fill:var(--l0)}.l1{fill:var(--l1)}.l2{fill:var(--l2)}.l3{fill:var(--l3)}.l4{fill:var(--l4)}
.l5{fill:var(--l5)}.l6{fill:var(--l6)}.l7{fill:var(--l7)}
footer{color:var(--soft);font-size:13px;margin-top:26px}
@media print{body{background:none}.card{break-inside:avoid}}
"""


def write(result: Mapping[str, Any]) -> str:
    rows = result["criteria"]
    verdict = str(result["verdict"])
    plots = _plots(result)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Performance gate: {_text(verdict.upper())}</title>",
        f"<style>{_STYLE}</style></head><body><main>",
        _headline(verdict, result),
    ]
    if rows:
        parts.append(_facts(result))
        parts.append(_table(rows, {index for index, _figure in plots}))
    if plots:
        parts.append("<h2>Runs</h2>")
        parts += [figure for _index, figure in plots]
    parts.append(
        "<footer>Times are in UTC. Written by <em>community.catchpoint.gate_report</em>. "
        "Hover over a run to see its time, place and value.</footer></main></body></html>"
    )
    return "\n".join(parts) + "\n"


def _headline(verdict: str, result: Mapping[str, Any]) -> str:
    message = str(result["msg"])
    prefix = f"performance gate: {verdict.upper()}"
    if message.startswith(prefix):
        message = _COUNT.sub(r"\1", message[len(prefix) :].lstrip(": "))
    return (
        f'<header class="card verdict {_text(verdict)}"><div class="icon" aria-hidden="true">{_ICONS[verdict]}</div>'
        f"<div><h1>Performance gate: <b>{_text(verdict)}</b></h1>"
        f'<p class="msg">{_text(message)}</p><p>{_MEANINGS[verdict]}</p></div></header>'
    )


def _facts(result: Mapping[str, Any]) -> str:
    runs, windows, waited = result["runs"], result["windows"], result["waited"]
    tests = list({row["test_id"]: test_text(row) for row in result["criteria"] if row["test_id"] is not None}.values())
    name = "Tests" if len(tests) > 1 else "Test"
    entries = [(name, some(tests, 3), "")] if tests else []
    entries.append(("Judged", _window(windows["current"]), ""))
    dropped = [f"{runs[key]} {words}" for key, words in _DROPPED if runs[key]]
    entries.append(("Runs", f"{runs['used']} used of {runs['seen']}", ", ".join(dropped)))
    if windows["baseline"]:
        entries.append(("Baseline", _window(windows["baseline"]), counted(runs["baseline"], "run")))
    controls = control_ids(result)
    if controls:
        entries.append(("Control", some(controls, 3), "the change seen there is taken out"))
    if waited["polls"]:
        how = "timed out" if waited["timed_out"] else "stopped early" if waited["stopped_early"] else ""
        entries.append(("Waited", span_text(waited["seconds"]), how))
    return '<dl class="facts">{}</dl>'.format(
        "".join(
            f'<div class="card"><dt>{name}</dt><dd>{_text(value)}<small>{_text(more)}</small></dd></div>'
            for name, value, more in entries
        )
    )


_DROPPED = (
    ("failed", "failed"),
    ("unusable", "without a usable value"),
    ("warmup", "in the warm-up"),
    ("after", "after the window"),
)


def _window(window: Mapping[str, Any]) -> str:
    start, end = str(window["start"]), str(window["end"])
    return f"{start[:10]} {start[11:16]} to {end[11:16] if end[:10] == start[:10] else f'{end[:10]} {end[11:16]}'}"


_HEADS = (
    ("", ""),
    ("Criterion", ""),
    ("Value", "number"),
    ("Baseline", "number"),
    ("Change", "number"),
    ("Limit", ""),
    ("Evidence", ""),
    ("Runs", ""),
)


def _table(rows: Sequence[Mapping[str, Any]], drawn: set[int]) -> str:
    parts = ['<h2>Criteria</h2><div class="card scroll"><table><thead><tr>']
    parts += [
        f'<th scope="col" class="{style}">{name}</th>' if style else f'<th scope="col">{name}</th>'
        for name, style in _HEADS
    ]
    parts.append("</tr></thead><tbody>")
    several = several_tests(rows)
    for index, row in enumerate(rows):
        entry = facts(row)
        word = status_word(row)
        name = _text(row["name"])
        if index in drawn:
            name = f'<a href="#runs-{index}">{name}</a>'
        where = [test_text(row)] if several else []
        where += [clean(row["location"])] if row["location"] is not None else []
        small = f"<small>{_text(', '.join(where))}</small>" if where else ""
        limit = _signs(entry["limit"][len("limit ") :] if entry["limit"] else _all_limits(row))
        samples = entry["samples"].replace(" runs", "").replace(" run", "")
        cells = [
            ("", _pill(word)),
            ("what", name + small),
            *(("number", _text(entry[key])) for key in ("value", "baseline", "change")),
            ("limit", _text(limit)),
            ("", _text(entry["p"])),
            ("", _text(samples)),
        ]
        parts.append(f"<tr>{''.join(_cell(style, content) for style, content in cells)}</tr>")
        enforced = "" if row["enforced"] else " Not enforced: it does not count for the verdict."
        parts.append(f'<tr class="why"><td></td><td colspan="7">{_text(_signs(row["reason"]))}.{enforced}</td></tr>')
    parts.append("</tbody></table></div>")
    return "".join(parts)


def _cell(style: str, content: str) -> str:
    return f'<td class="{style}">{content}</td>' if style else f"<td>{content}</td>"


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


def _pill(word: str) -> str:
    name = word.lower()
    return f'<span class="pill {_text(name)}"><i aria-hidden="true">{_ICONS[name]}</i>{_text(name)}</span>'


def _plots(result: Mapping[str, Any]) -> list[tuple[int, str]]:
    """A figure for each row that has a series, by the row's index: the worst ones when there are too many."""
    rows = result["criteria"]
    series = {(entry["test_id"], entry["metric"]): entry for entry in result["plot"]}
    first: dict[Any, Mapping[str, Any]] = {}
    for entry in result["plot"]:
        first.setdefault(entry["test_id"], entry)
    found = []
    for index, row in enumerate(rows):
        entry = (
            first.get(row["test_id"]) if row["metric"] == AVAILABILITY else series.get((row["test_id"], row["metric"]))
        )
        # Rare locations share a shape, and have no figure of their own.
        if entry is not None and entry["locations"] and row["location"] in (None, *entry["locations"]):
            found.append((index, entry))
    found.sort(key=lambda pair: -RANK.index(rows[pair[0]]["status"]))
    chosen = sorted(found[:_MOST_PLOTS], key=lambda pair: pair[0])
    since = run_time(result["windows"]["since"])
    several = several_tests(rows)
    figures = []
    for index, entry in chosen:
        row = rows[index]
        total = entry["runs"]["current"] + entry["runs"]["baseline"]
        drawn = sum(entry[key].count(";") + bool(entry[key]) for key in ("current", "baseline"))
        some_of = f"{drawn} of {total} runs drawn, some of the failed and of the highest among them"
        # How many of them are a location's, the series does not tell.
        note = f'<span class="of">{some_of}</span>' if drawn < total and row["location"] is None else ""
        figures.append(
            (
                index,
                f'<figure class="card" id="runs-{index}"><figcaption>{_pill(status_word(row))}'
                f"<strong>{_text(label(row, several))}</strong>{note}"
                f'<span class="keys">{legend(entry, row["location"])}</span></figcaption>'
                f"{plot(row, entry, result['windows'], since)}</figure>",
            )
        )
    return figures


def _text(value: object) -> str:
    """Any text, escaped for HTML; what a test is called must not become markup."""
    return escape(clean(value), quote=True)
