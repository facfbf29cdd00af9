# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Switches: where the evidence on Catchpoint's API conflicts or is missing, the simulator offers each variant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class SwitchError(ValueError):
    """An unknown switch or value."""


class Switch(NamedTuple):
    """One switch: one of `choices`, or without choices a whole number of 0 or more (0: off), or a list of texts."""

    default: str
    choices: tuple[str, ...]
    help: str

    @property
    def is_list(self) -> bool:
        return self.default == _NO_ENTRY and not self.choices


# A list without an entry.
_NO_ENTRY = "none"


SWITCHES: dict[str, Switch] = {
    "unknown_id": Switch(
        "completed_false",
        ("completed_false", "404", "400"),
        "v2 ids that do not exist, in the path or in testIds; 400 refuses the whole request",
    ),
    "v1_unknown_id": Switch(
        "404",
        ("404", "200_message", "empty", "400", "403"),
        "v1 id that does not exist; 400 says 'No valid Test found', 403 that the credential lacks a right",
    ),
    "empty_alerts": Switch("404_if_filtered", ("404_if_filtered", "404", "200"), "v2 tests/alerts without a match"),
    "alert_members": Switch(
        "documented",
        ("documented", "processing_only", "test_id", "no_time", "no_test"),
        "v2 alerts: as documented; processingTimestamp as the only time; testId in place of test; no time; no test",
    ),
    "alert_nodes": Switch(
        "always", ("always", "requested"), "v2 tests/alerts: node is filled, or only with includeNodeDetails=true"
    ),
    "event_times": Switch(
        "utc",
        ("utc", "account"),
        "times of alerts, errors, SLO violations and outages: UTC with Z, or in the account's zone without an offset",
    ),
    "empty_lists": Switch(
        "200",
        ("200", "404_if_filtered"),
        "v2 lists of nodes, node groups, instances, tests, products, folders and labels without a match",
    ),
    "violations_window": Switch(
        "day", ("day", "all"), "v2 slo/violations without a window: those of the last 24 hours, or all"
    ),
    "open_violations": Switch(
        "now", ("now", "null", "min_date"), "v2 slo/violations: violationEnd of an open violation"
    ),
    "error_rows": Switch(
        "detailed", ("detailed", "summary"), "v2 tests/errors/raw: a row for each failed run, or summaryItems alone"
    ),
    "outages_envelope": Switch("off", ("on", "off"), "v2 iw/outages is in the envelope"),
    "instance_node": Switch(
        "null", ("null", "object"), "v2 nodes: instances[].node is null, or the node without its instances"
    ),
    "forbidden": Switch(
        "none",
        (),
        "403 for these calls: a comma list of paths behind the version, as patterns and with a method if wanted, for "
        "example slo*,PATCH tests/alert/state",
    ),
    "forbidden_tests": Switch(
        "none", (), "a comma list of test ids: 403 for a request that names one of them, and lists do not show them"
    ),
    "forbidden_status": Switch(
        "403", ("403", "404", "200"), "status for a missing right; 404 and 200 (completed: false) with the same text"
    ),
    "pause_expiration": Switch(
        "duration",
        ("duration", "clock"),
        "v2 PATCH tests/alert/state: pauseExpiration is a duration, or a time of the day (UTC)",
    ),
    "pause_reads": Switch(
        "stated",
        ("stated", "remaining", "null"),
        "v2 GET tests/alert/state: pauseExpiration as it was sent, the time that remains, or null",
    ),
    "pause_date": Switch("on", ("on", "off"), "v2 tests/{ids}: alertsPauseExpiration of a paused test is filled"),
    "create_status": Switch("200", ("200", "201"), "v2 POST instanttests: status"),
    "create_id": Switch("number", ("number", "text"), "v2 POST instanttests: data.id"),
    "instant_polls": Switch("1", (), "v2 instanttests: GETs for a node before its record is available"),
    "instant_seconds": Switch("0", (), "v2 instanttests: simulated seconds until a record is available"),
    "instant_pending": Switch(
        "null_record",
        ("null_record", "404", "completed_false"),
        "v2 instanttests: the response before the record is available",
    ),
    "instant_status": Switch(
        "words",
        ("words", "other", "null"),
        "v2 instanttests: Pending, Completed, Failed; or InProgress, Done, Error; or null",
    ),
    "instant_budget": Switch("0", (), "v2 instanttests: runs that may be charged, else 400"),
    "chart_envelope": Switch("on", ("on", "off"), "v2 favorite chart details and data are in the envelope"),
    "chart_times": Switch(
        "startTimeUtc",
        ("startTimeUtc", "start", "both"),
        "v2 favorite chart data: names of the parameters (startTimeUtc, endTimeUtc, timeInterval or start, end, "
        "interval); others are ignored",
    ),
    "alerts_shape": Switch("array", ("array", "object"), "v2 tests/alerts: data.alerts is a list or one object"),
    "v1_empty_list": Switch(
        "204",
        ("204", "204_with_body", "204_kept_alive", "200_empty", "page"),
        "v1 empty lists; with a body after the 204 the connection is closed, or kept alive",
    ),
    "v1_bad_token": Switch("401", ("401", "403", "200"), "v1, bad or expired token: status; the body has Message"),
    "v1_login_refused": Switch("401", ("401", "403", "400_oauth"), "v1 token call with wrong credentials"),
    "v1_bearer": Switch("both", ("both", "raw", "base64"), "v1 tokens are accepted raw, base64-encoded, or both"),
    "page_size_over": Switch("400", ("400", "clamp"), "pageSize above the maximum"),
    "next_link": Switch("relative", ("relative", "absolute", "null"), "v2 data.next and data.previous"),
    "body_429": Switch("envelope", ("envelope", "none", "html", "text"), "429: body"),
    "retry_after": Switch("none", ("none", "seconds", "fraction", "date"), "429: Retry-After header"),
    "error_ids": Switch("string", ("string", "number", "null", "absent"), "v2 errors[].id"),
    "error_data": Switch("null", ("null", "object", "absent"), "v2 data of an error: null, {}, or absent"),
    "error_shape": Switch(
        "envelope", ("envelope", "problem"), "v2 errors except 401 and 403: envelope, or application/problem+json"
    ),
    "truth_values": Switch(
        "bool", ("bool", "text", "number"), "v2 completed, hasMore and hasMoreRecords: true, 'true' or 1"
    ),
    "messages": Switch("list", ("list", "null"), "v2 messages[] of the envelope without a message"),
    "null_lists": Switch("off", ("on", "off"), "v2: empty lists are null"),
    "null_members": Switch("present", ("present", "omitted"), "v2: members without a value are null, or absent"),
    "trace_ids": Switch(
        "kestrel", ("kestrel", "hex", "guid"), "v2 traceId: 0HN4S3Q2M1C7K:00000001, 32 hex digits, GUID"
    ),
    "tests_default_status": Switch("all", ("all", "active"), "tests without a status filter"),
    "name_match": Switch("contains", ("contains", "exact"), "name filters (case is ignored)"),
    "interval_ids": Switch(
        "usual", ("usual", "moved"), "v2 ids of time intervals; moved: not those that clients guess"
    ),
    "interval_names": Switch(
        "compact", ("compact", "words"), "Minutes15 or '15 Minutes' in enumerations and responses"
    ),
    "enumeration_sections": Switch(
        "types", ("types", "flags"), "explorer/enumeration: sections named TimeInterval or timeIntervals"
    ),
    "metric_names": Switch(
        "display",
        ("display", "internal"),
        "v2 metric names: '# DNS Failures' or 'DnsFailuresCount'; in charts also AvailabilityPercent and TestTime",
    ),
    "legend_order": Switch(
        "shuffled",
        ("shuffled", "stable", "scrambled"),
        "metric legend: another order in each response; the same order; another order, and entries not sorted by index",
    ),
    "dimension_values": Switch("number", ("number", "text"), "v2 rows: type of the ids of dimension values"),
    "row_order": Switch("time", ("time", "newest_first", "shuffled"), "order of analytics rows"),
    "row_time": Switch(
        "dateTime", ("dateTime", "reportDate"), "v2 raw rows: member with the run's time; the other is rounded or null"
    ),
    "run_fractions": Switch("off", ("on", "off"), "v2 raw rows: run times with fractions of a second"),
    "response_items": Switch(
        "per_type", ("per_type", "single", "per_test"), "v2 raw and aggregated: how data.responseItems is split"
    ),
    "no_rows": Switch(
        "empty_items", ("empty_items", "null_items", "no_item", "404"), "v2 raw, aggregated and errors without a row"
    ),
    "extra_rows": Switch(
        "none",
        ("none", "duplicate", "other_test"),
        "v2 raw: nothing else; each row twice; rows of a test not requested",
    ),
    "window_end": Switch("exclusive", ("exclusive", "inclusive"), "whether a run at the end of a window belongs to it"),
    "inverted_window": Switch("400", ("400", "empty"), "start after end"),
    "unknown_metric": Switch("400", ("400", "ignored", "null_column"), "v2 metricIds that do not exist"),
    "failed_timings": Switch("partial", ("partial", "null", "full"), "timings of failed runs"),
    "v1_metrics": Switch(
        "current",
        ("current", "2015", "june_2015"),
        "v1 legend: with 'Test Time (ms)', the 67 names of August 2015, or the 62 of June",
    ),
    "v1_product_id": Switch("off", ("on", "off"), "v1 tests: items of the list have product_id"),
    "v1_error": Switch("text", ("text", "object", "off"), "v1 raw: member error of failed runs"),
    "v1_targeted": Switch("text", ("text", "bool"), "v1 nodes: targeted is 'True' or true"),
    "v1_nodes_paged": Switch("on", ("on", "off"), "v1 nodes are paged"),
    "v1_z": Switch("honoured", ("honoured", "ignored"), "v1 times with Z: UTC, or read in the account's zone"),
    "user_agent_block": Switch("off", ("off", "libraries"), "403 of the gateway for default User-Agents of libraries"),
    "gzip": Switch("off", ("on", "off"), "compress responses for clients that accept gzip"),
    "limit_headers": Switch("none", ("none", "429", "always"), "headers X-Rate-Limit-Limit, -Remaining and -Reset"),
    "limit_header_value": Switch(
        "number", ("number", "period"), "X-Rate-Limit-Limit: 20, or the window (1m), as a common middleware does"
    ),
    "limit_window": Switch(
        "rolling",
        ("rolling", "clock", "first_request"),
        "a minute is the last 60 seconds, the clock's minute, or starts with a client's first request",
    ),
    "limit_scope": Switch("ip", ("ip", "credential"), "what requests are counted by"),
    "limits_clock": Switch("simulated", ("simulated", "real"), "clock of the request limits"),
    "limits_count_logins": Switch("on", ("on", "off"), "token calls count against the limits"),
    "limits_count_rejected": Switch("off", ("on", "off"), "requests refused with 429 count as well"),
    "max_rows": Switch("0", (), "v2 raw and aggregated: maximum of rows of a response item; sets hasMoreRecords"),
    "max_ids": Switch("0", (), "maximum of ids in a comma list, else 400"),
    "max_window_days": Switch("0", (), "longest window of analytics calls in days, else 400"),
    "max_url": Switch("8192", (), "longest request target in bytes, else 414"),
}


class Switches:
    """The current value of every switch, by name."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self._values = {name: switch.default for name, switch in SWITCHES.items()}
        self.update(values or {})

    def update(self, values: Mapping[str, object]) -> None:
        """Sets several switches; if one is not valid, none changes."""
        checked = {name: self._checked(name, value) for name, value in values.items()}
        self._values.update(checked)

    @staticmethod
    def _checked(name: str, value: object) -> str:
        switch = SWITCHES.get(name)
        if switch is None:
            raise SwitchError(f"unknown switch {name!r}; there are {', '.join(sorted(SWITCHES))}")
        text = {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
        if switch.is_list:
            entries = value if isinstance(value, (list, tuple)) else text.split(",")
            return ",".join(str(one).strip() for one in entries if str(one).strip()) or _NO_ENTRY
        if not switch.choices:
            if text in ("off", "none"):
                text = "0"
            if not text.isdigit():
                raise SwitchError(f"switch {name!r} requires a whole number, got {value!r}")
        elif text not in switch.choices:
            raise SwitchError(f"switch {name!r} must be one of {', '.join(switch.choices)}, got {value!r}")
        return text

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def on(self, name: str) -> bool:
        return self._values[name] == "on"

    def number(self, name: str) -> int:
        return int(self._values[name])

    def items(self, name: str) -> list[str]:
        """The entries of a switch that is a list."""
        text = self._values[name]
        return [] if text == _NO_ENTRY else text.split(",")

    def as_dict(self) -> dict[str, str]:
        return dict(self._values)
