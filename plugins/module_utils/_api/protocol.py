# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol that v1.py and v2.py implement: requests of one API version, and readers of its responses."""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ansible_collections.community.catchpoint.plugins.module_utils._api.actions import ActionsVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.catalog import CatalogVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.events import EventsVersion
from ansible_collections.community.catchpoint.plugins.module_utils._api.models import (
    Alert,
    Chart,
    Favorite,
    IdName,
    Node,
    NodeGroup,
    Page,
    SloViolation,
    Table,
    Test,
)
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import (
    AlertFilter,
    NodeFilter,
    NodeGroupFilter,
    TestFilter,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.api_contract import Request, ResponseFormat
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window


class Enumeration(NamedTuple):
    """The service's numbers of names: intervals by the service's name, metrics by display or internal name."""

    intervals: dict[str, int]
    metrics: dict[str, int]


class ApiVersion(ResponseFormat, Protocol):
    """One API version. A method makes a request, and the ``read_`` method beside it reads the decoded response.

    A request contains the filters that the service supports. Every ``read_`` method raises ResponseError for a response
    of another shape.
    """

    ONE_TYPE_AT_A_TIME: bool  # requests for performance data must be about tests of one type
    URLS_LISTED: bool  # lists of tests include their URLs
    NODES_FILTERED: bool  # the service filters nodes and node groups itself (v1 only knows targeted: true)
    CATALOG: CatalogVersion  # products, folders, labels, instances
    EVENTS: EventsVersion  # errors and service-level objectives
    ACTIONS: ActionsVersion  # write operations: alert states, instant tests

    def nodes(self, filters: NodeFilter, page: int) -> Request:
        """A page of the list of nodes."""

    def nodes_by_id(self, ids: Sequence[int], filters: NodeFilter) -> list[Request] | None:
        """None if the service can only list nodes."""

    def read_nodes(self, payload: object) -> Page[Node]:
        """Nodes."""

    def node_groups(self, filters: NodeGroupFilter, page: int) -> Request:
        """A page of the list of node groups."""

    def read_node_groups(self, payload: object) -> Page[NodeGroup]:
        """Node groups."""

    def tests(self, filters: TestFilter, page: int) -> Request:
        """A page of the list of tests."""

    def tests_by_id(self, ids: Sequence[int]) -> list[Request]:
        """The requests that these ids need."""

    def read_tests(self, payload: object) -> Page[Test]:
        """Tests."""

    def named(self, kind: str, name: str | None, page: int) -> Request:
        """Products or folders (``kind``) with a name; all of them if it is None."""

    def read_named(self, kind: str, payload: object) -> Page[IdName]:
        """Ids and names."""

    def enumeration(self) -> Request | None:
        """None if the service uses names instead of numbers."""

    def read_enumeration(self, payload: object) -> Enumeration:
        """The numbers of names."""

    def raw(self, ids: Sequence[int], window: Window, metric_ids: Sequence[int]) -> Request:
        """Single runs."""

    def aggregated(
        self, ids: Sequence[int], window: Window, interval: str, metric_ids: Sequence[int], breakdown: str | None
    ) -> Request:
        """Data by interval. ``interval`` is the service's name of it, or its number as text if it uses numbers."""

    def read_table(self, payload: object, ids: Sequence[int], *, runs: bool) -> Table:
        """Rows of the requested tests ``ids``. ``runs`` is true for raw data, whose rows must show if they failed."""

    def favorites(self, page: int) -> Request:
        """A page of the list of favorite charts."""

    def read_favorites(self, payload: object) -> Page[Favorite]:
        """Favorite charts, without details."""

    def favorite(self, favorite_id: int) -> Request:
        """The definition of a favorite chart."""

    def read_favorite(self, payload: object, favorite_id: int) -> Favorite:
        """A favorite chart with its details."""

    def chart(self, favorite_id: int, window: Window | None, interval: str | None, test_ids: Sequence[int]) -> Request:
        """The data of a favorite chart. None and an empty sequence mean the chart's saved settings."""

    def read_chart(self, payload: object, favorite_id: int) -> Chart:
        """The rows of a chart."""

    def alerts(self, wanted: AlertFilter, window: Window, page: int) -> Request:
        """A page of the alerts within a window."""

    def read_alerts(self, payload: object) -> Page[Alert]:
        """Alerts."""

    def slo_violations(self, test_ids: Sequence[int], window: Window, page: int) -> Request | None:
        """None if the service has no service-level objectives."""

    def read_slo_violations(self, payload: object) -> Page[SloViolation]:
        """Violations of service-level objectives."""
