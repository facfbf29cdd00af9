# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict as text, Markdown, JUnit and HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.verdict import error_result, skipped_result
from ansible_collections.community.catchpoint.plugins.module_utils._report.formats import report
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import rendered
from ansible_collections.community.catchpoint.plugins.module_utils._report.series import (
    MOST_POINTS,
    MOST_SERIES,
    read_points,
)
from ansible_collections.community.catchpoint.plugins.module_utils._report.text import lines
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._gate.building import (
    DEPLOY,
    ORDINARY,
    SLOW,
    before,
    criterion,
    failures,
    gate,
    judged,
    runs,
)

EVIL = "<script>alert('x')</script>\"&|`\x00\x1b\u202e]]>"

AVAILABLE = {"metric": "availability", "fail": {"min": 99}}


def example(**options: Any) -> dict[str, Any]:
    """One row of each kind: fail, warn, pass, inconclusive, information, and a failing one that is not enforced."""
    given = runs(SLOW, name="Home") + failures(2) + before(ORDINARY)
    return judged(
        given,
        criterion(fail={"max_increase_percent": 20}),
        criterion(metric="availability", fail={"min": 50}, warn={"min": 100}),
        criterion(aggregate="max", fail={"max": 2000}),
        criterion(aggregate="p95", fail={"max": 2000}),
        criterion(aggregate="mean"),
        criterion(aggregate="min", fail={"max": 1}, enforce=False),
        **options,
    )


class Page(HTMLParser):
    """A page as a browser parses it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag != "path":
            raise AssertionError(f"</{tag}> closes {self.open[-3:]}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def count(self, tag: str, style: str = "") -> int:
        return sum(
            name == tag and (not style or style in str(attrs.get("class", "")).split()) for name, attrs in self.tags
        )


class TestText:
    def test_the_message_and_a_line_per_row(self) -> None:
        result = example()
        lines = report(result, "text").splitlines()
        assert lines == [result["msg"], *result["report"]]
        assert [line.split()[0] for line in lines[1:7]] == ["FAIL", "inconclusive", "warn", "pass", "info", "FAIL"]
        assert lines[6].endswith("not enforced")

    def test_without_rows(self) -> None:
        assert report(rendered(error_result(gate(criterion(fail={"max": 1})), "No answer.", now=DEPLOY)), "text") == (
            "performance gate: ERROR: No answer.\n"
        )


@pytest.mark.parametrize("kind", ["text", "markdown", "junit", "html"])
def test_outcome_of_a_rollout_is_in_every_format(kind: str) -> None:
    outcome = {"text": "Performance gate: FAIL; rolled back on 3 of 3 hosts.", "hosts": ["web1", "web2", "web3"]}
    assert "rolled back on 3 of 3 hosts" in report({**example(), "outcome": outcome}, kind)


def test_the_html_report_names_the_hosts_of_the_batch() -> None:
    outcome = {"text": "Performance gate: FAIL.", "hosts": ["web1", "web2", "web3"]}
    text = report({**example(), "outcome": outcome}, "html")
    assert "<dt>Batch</dt><dd>3 hosts<small>web1, web2, web3</small></dd>" in text


def test_the_html_report_labels_numbers_where_a_narrow_screen_has_no_heads() -> None:
    text = report(example(), "html")
    assert "@media (max-width:640px)" in text
    assert all(f'title="{name}">' in text for name in ("Baseline", "Change", "Limit", "Runs"))


@pytest.mark.parametrize("kind", ["text", "markdown", "junit", "html"])
def test_explanation_is_in_every_format_and_has_two_lines_at_most(kind: str) -> None:
    result = example()
    result["criteria"][0]["explanation"] = {"text": ["because wait +290 ms", "where at 5 of 5", "a third line"]}
    for row in result["criteria"]:
        row.setdefault("explanation", None)
    from_rows = report({**result, "report": lines(result)}, kind)
    assert "because wait" in from_rows and "where at 5 of 5" in from_rows
    assert "a third line" not in from_rows


class TestMarkdown:
    def test_table(self) -> None:
        text = report(example(), "markdown")
        table = [line for line in text.splitlines() if line.startswith("|")]
        assert len(table) == 8
        assert {line.count("|") for line in table} == {10}
        assert "**FAIL**" in text
        assert "(not enforced)" in text

    def test_escaping(self) -> None:
        given = runs([900] * 6, test=1, name=EVIL) + runs([900] * 6, test=2, name="@everyone *b* _i_ [a](http://x)")
        text = report(judged(given, criterion(fail={"max": 1}, name="a | b")), "markdown")
        assert "<" not in text.replace("&#60;", "")
        assert "@everyone" not in text
        assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {10}

    def test_without_rows(self) -> None:
        text = report(rendered(skipped_result(gate(criterion(fail={"max": 1})), "check mode", now=DEPLOY)), "markdown")
        assert text == "### Performance gate: SKIPPED\n\nperformance gate: SKIPPED: check mode\n"


class TestJunit:
    def test_outcomes(self) -> None:
        root = ElementTree.fromstring(report(example(), "junit"))
        suite = root[0]
        assert (root.tag, suite.tag) == ("testsuites", "testsuite")
        for element in (root, suite):
            counts = {key: element.get(key) for key in ("tests", "failures", "errors", "skipped")}
            assert counts == {"tests": "6", "failures": "1", "errors": "1", "skipped": "1"}
        cases = suite.findall("testcase")
        assert [case[0].tag for case in cases] == [
            "failure",
            "system-out",
            "system-out",
            "error",
            "system-out",
            "skipped",
        ]
        assert {case.get("classname") for case in cases} == {"Home 1"}
        assert "30.4 %" in str(cases[0][0].get("message"))
        assert suite.get("timestamp") == "2024-05-01T12:00:00"

    def test_rows_of_a_split_have_different_names(self) -> None:
        given = runs([900] * 6, node="A") + runs([900] * 6, node="B")
        root = ElementTree.fromstring(report(judged(given, criterion(fail={"max": 1}, split_by="location")), "junit"))
        assert [case.get("name") for case in root.iter("testcase")] == [
            "test_time median at A",
            "test_time median at B",
        ]

    def test_escaping(self) -> None:
        result = judged(
            runs([900] * 6, name=EVIL, node=EVIL), criterion(fail={"max": 1}, name=EVIL, split_by="location")
        )
        root = ElementTree.fromstring(report(result, "junit"))
        assert "<script>" in str(next(root.iter("testcase")).get("name"))

    @pytest.mark.parametrize(("make", "tag"), [(error_result, "error"), (skipped_result, "skipped")])
    def test_without_rows(self, make: Any, tag: str) -> None:
        root = ElementTree.fromstring(
            report(rendered(make(gate(criterion(fail={"max": 1})), "so it is", now=DEPLOY)), "junit")
        )
        (case,) = root.iter("testcase")
        assert case[0].tag == tag
        assert root.get({"error": "errors", "skipped": "skipped"}[tag]) == "1"


class TestHtml:
    def test_the_page_is_self_contained(self) -> None:
        text = report(example(), "html")
        page = Page(text)
        assert page.open == []
        assert text.startswith("<!DOCTYPE html>")
        assert "prefers-color-scheme:dark" in text
        for word in ("fail", "warn", "inconclusive", "info", "pass", "30.4 %", "Home 1"):
            assert word in page.text
        assert page.count("tr", "why") == 6
        assert page.count("figure") == 6

    def test_the_page_loads_nothing_from_other_hosts(self) -> None:
        text = report(example(), "html")
        page = Page(text)
        assert {tag for tag, _attrs in page.tags} & {"script", "link", "img", "iframe", "object", "form"} == set()
        for _tag, attrs in page.tags:
            assert not {name for name in attrs if name.startswith("on") or name in ("src", "srcset")}
            assert str(attrs.get("href", "#")).startswith("#")
        assert re.search(r"url\(|@import|https?:", text) is None

    def test_escaping(self) -> None:
        given = runs(SLOW, name=EVIL, node=EVIL) + before(ORDINARY, node=EVIL) + runs([1] * 9, test=2)
        rows = [criterion(fail={"max_increase_percent": 20}, name=EVIL, split_by="location")]
        rows.append(criterion(metric="availability", fail={"min": 50}, name=EVIL))
        page = Page(report(judged(given, *rows), "html"))
        assert page.open == []
        assert page.count("script") == 0
        assert "<script>alert('x')</script>" in page.text

    def test_a_damaged_result_cannot_inject(self) -> None:
        result = example()
        result["msg"] = EVIL
        result["criteria"][0].update(reason=EVIL, unit=EVIL, test=EVIL, status="fail", aggregate=EVIL)
        result["windows"]["current"]["start"] = result["windows"]["current"]["start"]
        result["runs"]["used"] = EVIL
        page = Page(report(result, "html"))
        assert page.count("script") == 0

    def test_runs_are_dots_and_failed_runs_crosses(self) -> None:
        given = runs(SLOW) + failures(3) + before(ORDINARY) + failures(2, start=-1000)
        page = Page(report(judged(given, criterion(fail={"max_increase_percent": 20})), "html"))
        assert page.count("path", "l0") == 30 + 1  # and the legend's
        assert page.count("path", "x") == 5 + 1
        assert page.count("path", "line") == 4  # limit, both medians, and the one expected
        assert "2024-05-01T12:01:00Z NY: 1290 ms" in page.text
        assert "NY: failed" in page.text

    def test_crosses_are_explained_if_there_are_any(self) -> None:
        assert "failed run</span>" in report(example(), "html")
        assert "failed run</span>" not in report(judged(runs(SLOW), criterion(fail={"max": 1})), "html")

    def test_each_location_has_its_own_shape(self) -> None:
        given = [entry for index in range(8) for entry in runs([900] * 5, node=f"N{index}")]
        page = Page(report(judged(given, criterion(fail={"max": 1000})), "html"))
        keys = [attrs["d"] for tag, attrs in page.tags if tag == "path" and str(attrs.get("class")).startswith("m l")]
        assert len(set(keys)) == 8

    def test_availability_is_drawn_in_lanes(self) -> None:
        given = runs([900] * 6, node="A") + failures(2, node="B")
        page = Page(report(judged(given, criterion(metric="availability", fail={"min": 50})), "html"))
        assert page.count("path", "x") == 2 + 1
        assert page.count("text", "name") == 2

    def test_a_split_row_shows_its_location_only(self) -> None:
        given = runs([900] * 6, node="A") + runs([900] * 6, node="B")
        page = Page(report(judged(given, criterion(fail={"max": 1000}, split_by="location")), "html"))
        assert page.count("figure") == 2
        assert page.count("path", "m") == 2 * (6 + 1)

    def test_a_rare_location_of_a_split_row_gets_no_figure(self) -> None:
        """It shares its shape with others; an empty figure would suggest that it had no runs."""
        given = [entry for index in range(12) for entry in runs([900] * (5 + index), node=f"N{index:02}")]
        result = judged(given, criterion(fail={"max": 1}, split_by="location"))
        page = Page(report(result, "html"))
        assert page.count("figure") == 7
        assert page.count("path", "m") == sum(5 + index for index in range(5, 12)) + 7

    def test_omitted_runs_are_mentioned_only_in_figures_of_all_locations(self) -> None:
        given = [entry for node in "AB" for entry in runs([900] * 300, node=node, step=1)]
        whole = judged(given, criterion(fail={"max": 1000}))
        assert "600 runs drawn" in report(whole, "html")
        split = judged(given, criterion(fail={"max": 1000}, split_by="location"))
        assert "runs drawn" not in report(split, "html")

    def test_limits_on_a_change_of_availability_are_in_points(self) -> None:
        result = judged(runs([900] * 3), criterion(metric="availability", fail={"max_decrease": 2}))
        assert result["verdict"] == "inconclusive"
        assert "fail: -2 points" in report(result, "html")

    def test_a_spike_is_an_arrow(self) -> None:
        page = Page(report(judged(runs([900] * 20 + [9000]), criterion(fail={"max": 1000})), "html"))
        shapes = {attrs["d"] for tag, attrs in page.tags if tag == "path" and str(attrs.get("class")).startswith("m l")}
        assert len(shapes) == 2

    @pytest.mark.parametrize(
        "values",
        [[0] * 6, [5] * 6, [1e-6] * 6, [1e300] * 6, [0, 0, 0, 0, 1e300, 0], [1, 1e9, 1, 1, 1, 1], [999999.5] * 6],
    )
    @pytest.mark.parametrize("limit", [0, 5, 1e12])
    def test_scales(self, values: list[float], limit: float) -> None:
        result = judged(runs(values) + before(values), criterion(fail={"max": limit, "max_increase": limit}))
        page = Page(report(result, "html"))
        assert page.count("svg") >= 1
        assert "nan" not in page.text
        numbers = re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", report(result, "html"))
        assert all(0 <= float(x) <= 920 and 0 <= float(y) <= 320 for x, y in numbers)
        assert 3 <= page.count("path", "grid") <= 12

    @pytest.mark.parametrize("make", [error_result, skipped_result])
    def test_without_rows(self, make: Any) -> None:
        page = Page(report(rendered(make(gate(criterion(fail={"max": 1})), "so it is", now=DEPLOY)), "html"))
        assert page.open == []
        assert "so it is" in page.text

    def test_without_runs(self) -> None:
        page = Page(report(judged([], criterion(fail={"max": 1})), "html"))
        assert page.count("figure") == 0
        assert "inconclusive" in page.text


class TestPlotData:
    def test_points(self) -> None:
        (series,) = judged(runs([900, None, 1.23456]) + failures(1, node="LON"), criterion(fail={"max": 1}))["plot"]
        assert (series["test_id"], series["metric"], series["locations"]) == (1, "test_time", ["LON", "NY"])
        assert series["current"] == "60 900 1;90 - 1;120 1.235 1;1800 - 0x"
        assert series["runs"] == {"current": 4, "baseline": 0}

    def test_series_are_read_from_a_result(self) -> None:
        assert read_points("") == []
        assert [tuple(point) for point in read_points("-60 1.5 0;5 - 11x")] == [
            (-60, 1.5, 0, False),
            (5, None, 11, True),
        ]

    def test_one_series_per_test_and_metric(self) -> None:
        result = judged(
            runs([1] * 6), criterion(fail={"max": 1}), criterion(aggregate="max"), criterion(metric="availability")
        )
        assert [series["metric"] for series in result["plot"]] == ["test_time"]

    def test_availability_alone_has_a_series(self) -> None:
        result = judged(runs([1] * 6), AVAILABLE, criterion(metric="alerts"), alerts=[])
        assert [series["metric"] for series in result["plot"]] == ["availability"]

    def test_the_number_of_points_is_limited(self) -> None:
        many = [*runs(range(2500), step=1), *runs(range(2500, 5000), step=1, node="LON")]
        many += [*before(range(2500), step=1), *before(range(2500), step=1, node="LON"), *failures(50, node="SG")]
        (series,) = judged(many, criterion(fail={"max": 1}))["plot"]
        points = read_points(series["current"]), read_points(series["baseline"])
        assert sum(map(len, points)) <= MOST_POINTS
        assert series["runs"] == {"current": 5050, "baseline": 5000}
        assert max(point.value or 0 for point in points[0]) == 4999
        assert sum(point.failed for point in points[0]) >= 10
        page = Page(report(judged(many, criterion(fail={"max": 1})), "html"))
        assert "of 10050 runs drawn" in page.text

    def test_thinned_runs_cover_each_location_evenly(self) -> None:
        """A test rotates through its nodes: with three nodes, every sixth run comes from the same node."""
        given = [entry for k, node in enumerate("ABC") for entry in runs([900] * 421, start=1 + k, step=3, node=node)]
        (series,) = judged(given, criterion(fail={"max": 1000}))["plot"]
        for place in range(3):
            drawn = [point.seconds for point in read_points(series["current"]) if point.location == place]
            assert max(later - earlier for earlier, later in zip([0, *drawn], [*drawn, 1263])) < 80

    def test_series_of_the_worst_tests_come_first(self) -> None:
        given = [entry for test in range(1, 30) for entry in runs([900 if test < 29 else 9000] * 5, test=test)]
        plotted = judged(given, criterion(fail={"max": 1000}))["plot"]
        assert len(plotted) == MOST_SERIES
        assert plotted[0]["test_id"] == 29

    def test_rare_locations_share_a_shape(self) -> None:
        given = [entry for index in range(12) for entry in runs([900] * (5 + index), node=f"N{index:02}")]
        (series,) = judged(given, criterion(fail={"max": 1000}))["plot"]
        assert len(series["locations"]) == 8
        assert series["locations"][-1] == "other locations"
        assert Page(report(judged(given, criterion(fail={"max": 1000})), "html")).open == []


def test_junit_of_a_gate_without_any_data_is_an_error() -> None:
    """on_missing excuses all its rows, but the gate does not pass."""
    result = judged([], criterion(fail={"max": 1000}, on_missing="pass"))
    assert result["verdict"] == "inconclusive"
    root = ElementTree.fromstring(report(result, "junit"))
    assert (root.get("errors"), root.get("tests")) == ("1", "2")


@pytest.mark.parametrize("kind", ["pdf", "", None, 5, ["html"]])
def test_unknown_format(kind: Any) -> None:
    with pytest.raises(GateArgumentError, match="text, markdown, junit, html"):
        report(example(), kind)


@pytest.mark.parametrize("value", [None, 5, "pass", [], {}, {"verdict": "pass"}, {"verdict": "good", "criteria": []}])
def test_values_that_are_not_results_are_refused(value: Any) -> None:
    with pytest.raises(GateArgumentError, match="not a result of a performance gate"):
        report(value, "text")


@pytest.mark.parametrize("kind", ["text", "markdown", "junit", "html"])
def test_a_damaged_result_is_refused(kind: str) -> None:
    with pytest.raises(GateArgumentError, match="damaged"):
        report({"verdict": "pass", "criteria": [{"name": "x"}]}, kind)


# GitHub Actions


def commands(text: str) -> list[tuple[str, str, str]]:
    """The workflow commands of a report: name, title, message. Escapes are those of GitHub's own toolkit."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(\w+) title=([^:]*)::(.*)", line)
        assert match is not None, line
        name, title, message = match.groups()
        for escape, char in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            title, message = title.replace(escape, char), message.replace(escape, char)
        found.append((name, title, message))
    return found


def test_github_has_a_command_for_each_broken_criterion() -> None:
    result = example()
    (whole, *rows) = commands(report(result, "github"))
    assert whole == ("error", "Performance gate", result["msg"])
    assert [name for name, _title, _message in rows].count("error") == 2
    assert [name for name, _title, _message in rows].count("warning") == 2
    failed = next(message for name, _title, message in rows if name == "error")
    assert "test_time" in failed
    assert "%" in failed


@pytest.mark.parametrize(
    ("result", "command"),
    [
        (judged(runs(ORDINARY), AVAILABLE), "notice"),
        (judged([], AVAILABLE), "error"),
    ],
)
def test_github_shows_the_verdict(result: Any, command: str) -> None:
    assert commands(report(result, "github"))[0][0] == command


def test_github_escapes_line_breaks() -> None:
    result = judged(
        [{**run, "test_name": f"{EVIL}\n::stop-commands::x"} for run in runs(SLOW)], criterion(fail={"max": 1})
    )
    text = report({**result, "msg": "100 %\n::error::x\r\n::warning::y"}, "github")
    assert all(line.startswith(("::error title=", "::warning title=")) for line in text.splitlines())
    assert "100 %25%0A::error::x%0A::warning::y" in text
