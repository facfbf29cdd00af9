# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The verdict as JUnit XML, which continuous integration servers read.

The dialect is that of the Jenkins plug-in's schema (testsuites, testsuite, testcase with failure, error or skipped). A
failed criterion is a failure; one that could not be judged is an error, since its test did not work. A criterion that
is not enforced never fails; it is skipped when its limit is broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from ansible_collections.community.catchpoint.plugins.module_utils._report.text import (
    explanation_lines,
    measured,
    sentence,
    several_tests,
    test_text,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean

_SUITE = "performance gate"
_OUTCOMES = {"error": "error", "inconclusive": "error", "skipped": "skipped"}


def write(result: Mapping[str, Any]) -> str:
    cases = _cases(result)
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
        "time": f"{result['waited']['seconds']:.3f}",
    }
    suites = ElementTree.Element("testsuites", {"name": _SUITE, **counts})
    start = result["windows"]["current"]["start"].rstrip("Z")
    suite = ElementTree.SubElement(suites, "testsuite", {"name": _SUITE, "timestamp": start, **counts})
    properties = ElementTree.SubElement(suite, "properties")
    ElementTree.SubElement(properties, "property", {"name": "verdict", "value": clean(result["verdict"])})
    suite.extend(cases)
    output = [str(result["msg"]), *(measured(result) if result["criteria"] else [])]
    if result.get("outcome"):
        output.append(result["outcome"]["text"])
    ElementTree.SubElement(suite, "system-out").text = "\n".join(map(clean, output))
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _cases(result: Mapping[str, Any]) -> list[ElementTree.Element]:
    rows = result["criteria"]
    several = several_tests(rows)
    cases = [_case(row, several) for row in rows]
    shown = any(row["status"] == "inconclusive" and row["enforced"] for row in rows)
    if not rows or (result["verdict"] == "inconclusive" and not shown):
        # Nothing could be judged although on_missing excuses every row: the report must show it all the same.
        cases.append(_whole(result))
    return cases


def _whole(result: Mapping[str, Any]) -> ElementTree.Element:
    case = _element("the gate as a whole", "the gate as a whole")
    outcome = _OUTCOMES.get(result["verdict"])
    if outcome:
        ElementTree.SubElement(case, outcome, {"message": clean(result["msg"])})
    return case


def _case(row: Mapping[str, Any], several: bool) -> ElementTree.Element:
    name = clean(row["name"]) + (f" at {clean(row['location'])}" if row["location"] is not None else "")
    case = _element(test_text(row), name)
    text = "\n".join([sentence(row, several), *map(clean, explanation_lines(row))])
    if row["status"] in ("fail", "inconclusive"):
        outcome = "skipped" if not row["enforced"] else "failure" if row["status"] == "fail" else "error"
        kind = {} if outcome == "skipped" else {"type": row["status"]}
        message = f"{row['status']}, not enforced: {text}" if outcome == "skipped" else text
        ElementTree.SubElement(case, outcome, {"message": message, **kind}).text = message
    else:
        ElementTree.SubElement(case, "system-out").text = f"{row['status']}: {text}"
    return case


def _element(test: str, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", {"classname": test, "name": name, "time": "0"})
