# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""What a module per API generation offers: paths, parameters and shapes of the wire, to and from the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Chart, Favorite, Page, Table
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request, ResponseFormat
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window


class Enumeration(NamedTuple):
    """Numbers that the service gives to names: intervals by the service's name, metrics by display or internal name."""

    intervals: dict[str, int]
    metrics: dict[str, int]


class ApiVersion(ResponseFormat, Protocol):
    """The face of one API generation. A method that asks gives a request, its ``read_`` twin takes the decoded answer.

    Filters are given as a dict of the plugins' own options; a wire sends those that its service knows.
    """

    ONE_TYPE_AT_A_TIME: bool  # performance questions must be about tests of one type
    URLS_LISTED: bool  # lists of tests tell their URLs
    NODES_FILTERED: bool  # the service is sent the filters of nodes and node groups (of v1's, it knows targeted: true)

    def nodes(self, filters: Mapping[str, Any], page: int) -> Request:
        """A page of the list of nodes."""

    def nodes_by_id(self, ids: Sequence[int], filters: Mapping[str, Any]) -> list[Request] | None:
        """None where the service can only list nodes."""

    def read_nodes(self, payload: Any) -> Page:
        """Nodes."""

    def node_groups(self, filters: Mapping[str, Any], page: int) -> Request:
        """A page of the list of node groups."""

    def read_node_groups(self, payload: Any) -> Page:
        """Node groups."""

    def tests(self, filters: Mapping[str, Any], page: int) -> Request:
        """A page of the list of tests."""

    def tests_by_id(self, ids: Sequence[int]) -> list[Request]:
        """As many requests as the ids need."""

    def read_tests(self, payload: Any) -> Page:
        """Tests."""

    def named(self, kind: str, name: str, page: int) -> Request:
        """Products or folders (``kind``) of a name."""

    def read_named(self, kind: str, payload: Any) -> Page:
        """A page of (id, name) pairs."""

    def enumeration(self) -> Request | None:
        """None where the service goes by names."""

    def read_enumeration(self, payload: Any) -> Enumeration:
        """The numbers for names."""

    def raw(self, ids: Sequence[int], window: Window, metric_ids: Sequence[int]) -> Request:
        """Single runs."""

    def aggregated(
        self, ids: Sequence[int], window: Window, interval: str, metric_ids: Sequence[int], breakdown: str | None
    ) -> Request:
        """``interval`` is the service's name for it, or its number as text where the service goes by numbers."""

    def read_table(self, payload: Any, ids: Sequence[int], *, runs: bool) -> Table:
        """``ids`` are the tests asked for; ``runs`` is true for raw data, whose rows must tell whether they failed."""

    def favorites(self, page: int) -> Request:
        """A page of the list of favorite charts."""

    def read_favorites(self, payload: Any) -> Page:
        """Favorite charts, without details."""

    def favorite(self, favorite_id: int) -> Request:
        """The definition of a favorite chart."""

    def read_favorite(self, payload: Any, favorite_id: int) -> Favorite:
        """A favorite chart with its details."""

    def chart(self, favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Request:
        """The data of a favorite chart; None and an empty sequence leave what the chart itself says."""

    def read_chart(self, payload: Any, favorite_id: int) -> Chart:
        """The rows of a chart."""

    def alerts(self, test_ids: Sequence[int], window: Window, page: int) -> Request:
        """A page of the alerts of a window."""

    def read_alerts(self, payload: Any) -> Page:
        """Alerts."""

    def slo_violations(self, test_ids: Sequence[int], window: Window, page: int) -> Request | None:
        """None where the service has no service-level objectives."""

    def read_slo_violations(self, payload: Any) -> Page:
        """Violations of service-level objectives."""
