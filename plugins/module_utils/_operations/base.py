# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of operations: a module's work without Ansible. Each file beside this one has an ``OPERATION``.

A module's main(), the controller's action plugin and the lookups call the same operation.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Callable, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client


class ById(NamedTuple):
    """Results that the controller caches for each object of an operation, and not as a whole."""

    option: str  # with the ids
    key: str  # of the result's list of objects
    member: str  # with the id of such an object
    test_data: bool = False  # whether they are the data of tests, which modules and lookup share and which grow old


class Operation(NamedTuple):
    """One query or change at the service. ``run`` turns checked options into a result and raises CatchpointError."""

    arguments: dict[str, Any]  # argument spec, without the connection options
    rules: dict[str, Any]  # mutually_exclusive and similar, as AnsibleModule takes them
    run: Callable[[Client, Mapping[str, Any]], dict[str, Any]]
    by_id: Optional[ById] = None
    # Whether it changes something, so that its result is not cached. It obeys the client's ``check_mode``.
    writes: bool = False


def warn_if_empty(client: Client, found: Collection[object], what: str, filters: Mapping[str, Any]) -> None:
    """Warns that a list is empty, because a misspelled filter looks like one that matches nothing."""
    given = ", ".join(f"{name} {value!r}" for name, value in filters.items() if value is not None)
    if not found and given:
        client.warn(f"No {what} matches {given}. Without filters, the task lists all {what}s.")
    elif not found:
        client.warn(f"Catchpoint lists no {what}s for these credentials.")
