# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML page of a report: its style and its Jinja2 template.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

STYLE = """
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
tr.why ul{margin:4px 0 0;padding-left:18px}
table.small{width:auto;font-size:13px;margin:6px 0}table.small td,table.small th{padding:2px 14px 2px 0;border:0}
footer{color:var(--soft);font-size:13px;margin-top:26px}
@media (max-width:640px){main{padding:16px 12px 40px}
.verdict{padding:16px;gap:12px}.verdict .icon{width:36px;height:36px;font-size:20px}
.rows>thead{display:none}.rows td:empty{display:none}
.rows>tbody>tr{display:flex;flex-wrap:wrap;gap:2px 16px;padding:10px 14px 2px;border-top:1px solid var(--rule)}
.rows>tbody>tr.why{border:0;padding-top:0}.rows>tbody>tr>td{padding:0;border:0;min-width:0}
.rows>tbody>tr.why>td{padding-bottom:10px}.rows td.what{flex:1 1 60%}
.rows td[title]::before{content:attr(title) " ";color:var(--soft)}}
@media print{body{background:none}.card{break-inside:avoid}}
"""

# Rendered with autoescape: every value is text, except figures and keys, which svg.py has escaped.
TEMPLATE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Performance gate: {{ verdict | upper }}</title>
<style>{{ style }}</style></head><body><main>
{% macro pill(word) -%}
<span class="pill {{ word }}"><i aria-hidden="true">{{ icons[word] }}</i>{{ word }}</span>
{%- endmacro %}
<header class="card verdict {{ verdict }}"><div class="icon" aria-hidden="true">{{ icons[verdict] }}</div>
<div><h1>Performance gate: <b>{{ verdict }}</b></h1>
<p class="msg">{{ message }}</p><p>{{ meaning }}</p>
{% if outcome %}<p class="outcome">{{ outcome }}</p>{% endif %}
</div></header>
{% if rows %}
<dl class="facts">
{% for fact in facts %}
<div class="card"><dt>{{ fact.name }}</dt><dd>{{ fact.value }}<small>{{ fact.more }}</small></dd></div>
{% endfor %}
</dl>
<h2>Criteria</h2><div class="card scroll"><table class="rows"><thead><tr>
<th scope="col"></th><th scope="col">Criterion</th><th scope="col" class="number">Value</th>
<th scope="col" class="number">Baseline</th><th scope="col" class="number">Change</th><th scope="col">Limit</th>
<th scope="col">Evidence</th><th scope="col">Runs</th></tr></thead><tbody>
{% for row in rows %}
<tr><td>{{ pill(row.word) }}</td>
<td class="what">{% if row.figure %}<a href="#{{ row.figure }}">{{ row.name }}</a>{% else %}{{ row.name }}{% endif %}
{% if row.where %}<small>{{ row.where }}</small>{% endif %}</td>
<td class="number">{{ row.value }}</td><td class="number" title="Baseline">{{ row.baseline }}</td>
<td class="number" title="Change">{{ row.change }}</td>
<td class="limit" title="Limit">{{ row.limit }}</td><td>{{ row.p }}</td><td title="Runs">{{ row.samples }}</td></tr>
<tr class="why"><td></td><td colspan="7">{{ row.reason }}.
{% if not row.enforced %}Not enforced: it does not count for the verdict.{% endif %}
{% if row.because %}<ul>{% for line in row.because %}<li>{{ line }}</li>{% endfor %}</ul>{% endif %}
{% for table in row.tables %}
<table class="small"><thead><tr>{% for name in table.heads %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>{% for cells in table.rows %}
<tr>{% for cell in cells %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
{% endfor %}
</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
{% if figures %}
<h2>Runs</h2>
{% for figure in figures %}
<figure class="card" id="{{ figure.id }}"><figcaption>{{ pill(figure.word) }}<strong>{{ figure.label }}</strong>
{% if figure.note %}<span class="of">{{ figure.note }}</span>{% endif %}
<span class="keys">{{ figure.keys }}</span></figcaption>{{ figure.plot }}</figure>
{% endfor %}
{% endif %}
<footer>Times are in UTC. Written by <em>community.catchpoint.gate_report</em>. Hover over a run to see its time,
location and value.</footer></main></body></html>
"""
