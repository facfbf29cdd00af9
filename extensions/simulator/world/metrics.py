# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Metrics that the simulator serves: their names in v1, their ids and names in v2, and how they add up."""

from __future__ import annotations

from typing import NamedTuple

MEAN = "mean"
SUM = "sum"


class Metric(NamedTuple):
    """One metric.

    `key` names its value in a run; `v2_id` is None where v2 has no such metric, `v1` False where v1 has none.
    """

    key: str
    v2_id: int | None
    display: str
    internal: str
    how: str = MEAN
    v1: bool = True


def _m(key: str, v2_id: int | None, internal: str = "", display: str = "", how: str = MEAN, v1: bool = True) -> Metric:
    return Metric(key, v2_id, display or key, internal or display or key, how, v1)


# The first 67 are in the order of the v1 legend of August 2015.
METRICS: tuple[Metric, ...] = (
    _m("DNS (ms)", 1),
    _m("Connect (ms)", 2),
    _m("SSL (ms)", 30),
    _m("Send (ms)", 3, display="Upload (ms)"),
    _m("Wait (ms)", 4),
    _m("Time To First Byte (ms)", 5, "TimeToFirstByte"),
    _m("Load (ms)", 6),
    _m("Response (ms)", 10),
    _m("Redirect (ms)", 79, "RedirectTime"),
    _m("Server Response (ms)", 32),
    _m("File Size", 11, "Download File Size"),
    _m("Downloaded Bytes", 36, "# Bytes"),
    _m("Total Downloaded Bytes", None),
    _m("Throughput", 12),
    _m("DOM Load (ms)", 8, "Dom Loaded (ms)"),
    _m("Content Load (ms)", 9, "ContentLoadTime"),
    _m("Document Complete (ms)", 39, "DocumentCompleteTime"),
    _m("Webpage Response (ms)", 276, "WebPageResponse"),
    _m("Speed Index", 84, "SpeedIndex"),
    _m("Wire Time (ms)", 66, "WireTime"),
    _m("Client Time (ms)", 67, "ClientTime"),
    _m("Render Start (ms)", 38, "RenderStartTime"),
    _m("Time to Title (ms)", 41, "TimeToTitle"),
    _m("Webpage Throughput", 23, "WebpageThroughput"),
    _m("# Connections", 42, "ConnectionCount"),
    _m("# Hosts", 13, "ExternalHostsCount"),
    _m("# Zones", 44, "ZoneCount"),
    _m("# Items (Total)", 14),
    _m("# Redirect", 52, "RedirectRequestCount"),
    _m("# Html", 56),
    _m("Html Bytes", 71),
    _m("# Image", 54),
    _m("Image Bytes", 69),
    _m("# Script", 55),
    _m("Script Bytes", 70),
    _m("# Css", 57),
    _m("Css Bytes", 72),
    _m("# Flash", 59),
    _m("Flash Bytes", 74),
    _m("# Xml", 58),
    _m("Xml Bytes", 73),
    _m("# Media", 60),
    _m("Media Bytes", 75),
    _m("# Font", 68),
    _m("Font Bytes", 77),
    _m("# Other", 53),
    _m("Other Bytes", 76),
    _m("% Ping Packet Loss", 78),
    _m("Ping Round Trip (ms)", 21),
    _m("% Availability", 15),
    _m("% Content Availability", 16, "ContentAvailabilityPercent"),
    _m("Apdex", 35),
    _m("% Satisfied", 80, "SatisfiedPercent"),
    _m("% Tolerating", 81, "ToleratingPercent"),
    _m("% Frustrated", 82, "FrustratedPercent"),
    _m("% Not Frustrated", 83, "NotFrustratedPercent"),
    _m("# Runs", 61, how=SUM),
    _m("Page Speed Score", 40, "PageSpeedScore"),
    _m("# JS Errors per Page", 17, "JSErrorsPerPageCount"),
    _m("# Content Load Errors", 18, "ContentLoadErrorCount", how=SUM),
    _m("# Tests with JS Errors", 19, "TestsWithJSErrorsCount", how=SUM),
    _m("# DNS Failures", 24, "DnsFailuresCount", how=SUM),
    _m("# Connection Failures", 25, "ConnectionFailuresCount", how=SUM),
    _m("# SSL Failures", 26, "SslFailuresCount", how=SUM),
    _m("# Response Failures", 27, "ResponseFailuresCount", how=SUM),
    _m("# Timeout Failures", 43, "TimeoutFailuresCount", how=SUM),
    _m("# Test Errors", 208, "TestErrorCount", how=SUM),
    _m("Test Time (ms)", 89),
    # From here on: v2 only.
    _m("# Errors", 33, how=SUM, v1=False),
    _m("% Downtime", 95, v1=False),
    _m("% Packet Loss", 20, v1=False),
    _m("Jitter", 246, v1=False),
    _m("# Hops", 107, "Hops", v1=False),
    _m("First Contentful Paint (ms)", 169, "FirstContentfulPaint", v1=False),
    _m("Largest Contentful Paint (ms)", 243, "LargestContentfulPaint", v1=False),
    _m("Cumulative Layout Shift", 244, "CumulativeLayoutShift", v1=False),
    _m("Total Blocking Time (ms)", 281, "TotalBlockingTime", v1=False),
    _m("Experience Score", 285, "SyntheticExperienceScore", v1=False),
    # The vendor gives two ids the same name; this one is the page's response.
    _m("Response (ms) of the page", 201, display="Response (ms)", v1=False),
)

BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}
BY_V2_ID: dict[int, Metric] = {metric.v2_id: metric for metric in METRICS if metric.v2_id is not None}
# Internal names that a working client found in the data of favorite charts.
CHART_NAMES = {
    "Test Time (ms)": "TestTime",
    "Response (ms)": "RequestTestResponseTime",
    "Wait (ms)": "WaitTime",
    "Experience Score": "SyntheticExperienceScore",
    "% Availability": "AvailabilityPercent",
}
V1_2015: tuple[Metric, ...] = METRICS[:67]
# Two months earlier v1 had 62: availability at 48 and runs at 51. Which five were missing is a guess.
_NOT_IN_JUNE = ("Speed Index", "% Satisfied", "% Tolerating", "% Frustrated", "% Not Frustrated")
V1_JUNE_2015: tuple[Metric, ...] = tuple(metric for metric in V1_2015 if metric.key not in _NOT_IN_JUNE)
V1_CURRENT: tuple[Metric, ...] = tuple(metric for metric in METRICS if metric.v1)
# The metrics of a v2 response if the request names none; 201 must be requested.
V2_ALL: tuple[Metric, ...] = tuple(metric for metric in METRICS if metric.v2_id not in (None, 201))
