# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slugs and units of metrics, over the whole catalog."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api.metric_catalog import V1_LEGEND
from ansible_collections.community.catchpoint.plugins.module_utils._api.metrics import (
    closest,
    known_slugs,
    slug,
    slugs,
    snake_case,
    unit,
    unit_of,
    v2_labels,
)

V1_LABELS = [label.strip() for label in " ".join(V1_LEGEND.split()).split(";")]

# Metrics with an internal name in v2 and a display name in v1.
ALIASES = {
    "ClientTime": "Client Time (ms)",
    "ConnectionCount": "# Connections",
    "ConnectionFailuresCount": "# Connection Failures",
    "ContentAvailabilityPercent": "% Content Availability",
    "ContentLoadErrorCount": "# Content Load Errors",
    "ContentLoadTime": "Content Load (ms)",
    "DnsFailuresCount": "# DNS Failures",
    "DocumentCompleteTime": "Document Complete (ms)",
    "FrustratedPercent": "% Frustrated",
    "JSErrorsPerPageCount": "# JS Errors per Page",
    "NotFrustratedPercent": "% Not Frustrated",
    "PageSpeedScore": "Page Speed Score",
    "RedirectTime": "Redirect (ms)",
    "RenderStartTime": "Render Start (ms)",
    "ResponseFailuresCount": "# Response Failures",
    "SatisfiedPercent": "% Satisfied",
    "SpeedIndex": "Speed Index",
    "SslFailuresCount": "# SSL Failures",
    "TestErrorCount": "# Test Errors",
    "TestsWithJSErrorsCount": "# Tests with JS Errors",
    "TimeToFirstByte": "Time To First Byte (ms)",
    "TimeToTitle": "Time to Title (ms)",
    "TimeoutFailuresCount": "# Timeout Failures",
    "ToleratingPercent": "% Tolerating",
    "WebPageResponse": "Webpage Response (ms)",
    "WebpageThroughput": "Webpage Throughput",
    "WireTime": "Wire Time (ms)",
    "ZoneCount": "# Zones",
}


def test_metric_catalog_is_complete() -> None:
    assert len(V1_LABELS) == 67
    assert (V1_LABELS[17], V1_LABELS[49], V1_LABELS[56]) == ("Webpage Response (ms)", "% Availability", "# Runs")
    numbers = v2_labels()
    assert len(numbers) == 359
    assert (numbers[15], numbers[61], numbers[89]) == ("% Availability", "# Runs", "Test Time (ms)")
    assert max(numbers) == 382
    assert not set(range(215, 238)) & set(numbers)


def test_no_two_names_of_the_catalog_have_the_same_slug() -> None:
    named = dict.fromkeys([*V1_LABELS, *v2_labels().values()])
    for internal in ALIASES:
        del named[internal]
    assert [name for name, number in Counter(map(slug, named)).items() if number > 1] == []


def test_an_internal_name_has_the_slug_of_the_display_name() -> None:
    for internal, display in ALIASES.items():
        assert slug(internal) == slug(display)


def test_a_slug_is_its_own_slug() -> None:
    for name in known_slugs():
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert slug(name) == name


@pytest.mark.parametrize(
    ("label", "name", "kind"),
    [
        ("Webpage Response (ms)", "webpage_response", "ms"),
        ("% Availability", "availability", "percent"),
        ("# Runs", "runs", "count"),
        ("Test Time (ms)", "test_time", "ms"),
        ("DNS (ms)", "dns", "ms"),
        ("Time To First Byte (ms)", "time_to_first_byte", "ms"),
        ("Redirect (ms)", "redirect", "ms"),
        ("# Redirect", "count_redirect", "count"),
        ("# Image", "image", "count"),
        ("Image Bytes", "image_bytes", "bytes"),
        ("# Items (Total)", "items_total", "count"),
        ("File Size", "file_size", "bytes"),
        ("Total Downloaded Bytes", "total_downloaded_bytes", "bytes"),
        ("Throughput", "throughput", "none"),
        ("Apdex", "apdex", "none"),
        ("% Ping Packet Loss", "ping_packet_loss", "percent"),
        ("# JS Errors per Page", "js_errors_per_page", "count"),
        ("# DNS Failures", "dns_failures", "count"),
        ("Download (Mbps)", "download", "none"),
        ("Upload (ms)", "upload", "ms"),
        ("Upload (Mbps)", "upload_mbps", "none"),
        ("LargestContentfulPaint", "largest_contentful_paint", "ms"),
        ("CumulativeLayoutShift", "cumulative_layout_shift", "none"),
        ("TestTime", "test_time", "ms"),
        ("A Metric Of Tomorrow (ms)", "a_metric_of_tomorrow", "ms"),
        ("AMetricOfTomorrow", "a_metric_of_tomorrow", "none"),
        (" webpage response (MS) ", "webpage_response", "ms"),
        ("Thinking (s)", "thinking", "none"),
        ("Loss (%)", "loss", "percent"),
        ("SessionCrashPct", "session_crash_pct", "percent"),
        ("ThingCount", "thing_count", "count"),
    ],
)
def test_slug_and_unit(label: str, name: str, kind: str) -> None:
    assert slug(label) == name
    assert unit(label) == kind


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("ttfb", "time_to_first_byte"),
        ("LCP", "largest_contentful_paint"),
        (" fcp ", "first_contentful_paint"),
        ("cls", "cumulative_layout_shift"),
        ("TTI", "time_to_interactive"),
        ("tbt", "total_blocking_time"),
        ("inp", "interaction_to_next_paint"),
        ("WebPageResponseMSec", "webpage_response"),
        ("DnsMSec", "dns"),
        ("WaitTime", "wait"),
        ("AvailabilityPercent", "availability"),
        ("RequestTestResponseTime", "response"),
        ("RunsCount", "runs"),
        ("RunCount", "runs"),
        ("RedirectCount", "count_redirect"),
        ("RedirectMSec", "redirect"),
        # Not a metric on record, and not one of another unit.
        ("WaitCount", "wait_count"),
        ("DnsPercent", "dns_percent"),
        ("Time", "time"),
        ("wait_time", "wait_time"),
    ],
)
def test_internal_names_and_short_forms(given: str, name: str) -> None:
    assert slug(given) == name


def test_unit_by_slug() -> None:
    assert (unit_of("webpage_response"), unit_of("availability"), unit_of("runs")) == ("ms", "percent", "count")
    assert unit_of("image_bytes") == "bytes"
    assert unit_of("a_metric_of_tomorrow") == "none"


def test_slugs_of_a_legend_do_not_depend_on_its_order() -> None:
    assert slugs(V1_LABELS) == [slug(label) for label in V1_LABELS]
    assert slugs(V1_LABELS[::-1]) == slugs(V1_LABELS)[::-1]


def test_two_columns_with_one_name_have_different_slugs() -> None:
    assert slugs(["Response (ms)", "Response (ms)", "Response (ms)"]) == ["response", "response_ms", "response_2"]
    assert slugs(["# Alerts", "# Alerts", "# Alerts"]) == ["alerts", "count_alerts", "alerts_2"]
    assert slugs(["% New", "# New", "New"]) == ["new", "count_new", "new_2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Public Cloud", "public_cloud"),
        ("PublicCloud", "public_cloud"),
        ("TimeToFirstByte", "time_to_first_byte"),
        ("TestsWithJSErrorsCount", "tests_with_js_errors_count"),
        ("WebPageTest", "web_page_test"),
        ("M-Lab Bandwidth", "m_lab_bandwidth"),
        ("", ""),
    ],
)
def test_snake_case(text: str, words: str) -> None:
    assert snake_case(text) == words


@pytest.mark.parametrize(
    ("given", "best"),
    [
        ("webpage_respnse", "webpage_response"),
        ("Avalability", "availability"),
        ("% availabilty", "availability"),
        ("ttfb", "time_to_first_byte"),
        ("first_byte", "time_to_first_byte"),
    ],
)
def test_closest_names(given: str, best: str) -> None:
    found = closest(given, known_slugs())
    assert len(found) <= 3
    assert best is None or best in found


def test_no_closest_name() -> None:
    assert closest("qqqqqqqqqqq", ["availability", "runs"]) == []
