# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The envelope of REST API v2, for all files that read its lists.

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
    snake_keys,
    text,
)

_Entry = TypeVar("_Entry")


def raw_data_of(payload: object) -> object:
    """The data of a response with or without its envelope, with its members as they came."""
    return payload.get("data", payload) if isinstance(payload, dict) else payload


def data_of(payload: object) -> object:
    """The data of a response with or without its envelope, with its members in snake_case."""
    return snake_keys(raw_data_of(payload))


def page_of(payload: object, read: Callable[[Json], _Entry], name: str, what: str) -> Page[_Entry]:
    """A page of a list, whose member ``name`` (in snake_case) has the entries. Raises ResponseError."""
    data = data_of(payload)
    entries = [read(entry) for entry in entries_of(data, name, what)]
    return Page(entries, isinstance(data, Mapping) and has_more(data, "has_more", what))


def has_more(data: Json, name: str, what: str) -> bool:
    """Whether the list continues: member ``name`` says so, or without it, there is the address of a next page."""
    return text(data.get("next")) is not None if data.get(name) in (None, "") else flag(data, name, what)
