# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of lists in REST API v1.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable, TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._api.models import Page
from ansible_collections.community.catchpoint.plugins.module_utils._api.parsing import (
    Json,
    entries_of,
    flag,
    objects,
    snake_keys,
)

_Entry = TypeVar("_Entry")


def page_of(payload: object, read: Callable[[Json], _Entry], what: str, name: str = "items") -> Page[_Entry]:
    """A page of a list: in an envelope, as a bare array, or as an empty body, which may stand for an empty list."""
    if payload is None or payload == {}:
        return Page(empty_body=True)
    payload = snake_keys(payload)
    if isinstance(payload, list):
        return Page([read(entry) for entry in objects(payload, what)])
    entries = [read(entry) for entry in entries_of(payload, name, what)]
    return Page(entries, isinstance(payload, Mapping) and flag(payload, "has_more", what))
