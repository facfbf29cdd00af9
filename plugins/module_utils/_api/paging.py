# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query parameters of lists and of their pages, in both API versions.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.community.catchpoint.plugins.module_utils._time import iso

# The service's maximum, except for errors.
PAGE_SIZE = 100


def params(given: Mapping[str, object], page: int | None = None, page_size: int = PAGE_SIZE) -> dict[str, str]:
    """Query parameters without those that are None or empty. ``page`` is None for a list without pages."""
    paging = {} if page is None else {"pageNumber": str(page), "pageSize": str(page_size)}
    return {**{name: str(value) for name, value in given.items() if value not in (None, "")}, **paging}


def further(page: int) -> int | None:
    """The page number for a list that is documented to have a single page: None for the first."""
    return page if page > 1 else None


def utc(seconds: int) -> str:
    """The documented form of a time in a query: UTC without an offset."""
    return iso(seconds)[:-1]
