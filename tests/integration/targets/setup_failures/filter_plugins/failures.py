# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Filters for failures.yml: selects rows, sets the simulator's state for a row, and checks its results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.plugins.loader import action_loader

VERSIONS = ("v1", "v2")
SIMULATOR_STATE = ("credentials", "switches", "limits", "faults")


def for_host(failures: Sequence[dict[str, Any]], target_host: str) -> list[tuple[int, str]]:
    """The rows of failures.yml that are tried on a host, each with each of its versions.

    Rows are identified by number, because a loop prints its items, and the rows contain secrets.
    """
    for row in failures:
        if "on_other_host" in row and row["on_other_host"] not in row.get("versions", VERSIONS):
            raise AnsibleFilterError(f"{row['name']}: on_other_host is not one of the row's versions")
    return [
        (number, version)
        for number, row in enumerate(failures)
        for version in row.get("versions", VERSIONS)
        if target_host == "localhost" or row.get("on_other_host") == version
    ]


def with_simulator_state(options: dict[str, Any], failure: dict[str, Any], simulator: Any) -> dict[str, Any]:
    """Sets the simulator to the state that this failure needs, and returns the options unchanged.

    The arguments of a task with a loop are templated for each item, just before it runs.
    """
    state = {name: failure[name] for name in SIMULATOR_STATE if name in failure}
    action_loader.get("simulator", class_only=True).control(simulator, {"settle": True, **state})
    return options


def unexpected(outcome: dict[str, Any], failures: Sequence[dict[str, Any]], member: str) -> list[str]:
    """The faults in the results of a loop over failures. ``member`` names the patterns of messages with precedence."""
    return [
        f"{failures[number]['name']}, {version}: {fault}. Message: {result.get('msg', '')}"
        for result in outcome["results"]
        for number, version in [result["pair"]]
        # ansible-core before 2.19 removes the warnings from the results of a loop
        for fault in _faults(result, failures[number], version, member, outcome.get("warnings", []))
    ]


def _faults(
    result: dict[str, Any], failure: dict[str, Any], version: str, member: str, warnings: Sequence[str]
) -> Iterator[str]:
    if result.get("failed", False) == ("succeeds" in failure and (member == "messages" or member not in failure)):
        yield "it failed" if result.get("failed") else "it did not fail"
    if result.get("changed"):
        yield "it changed something"
    if re.search('Traceback|File "', str(result.get("exception", ""))):
        yield "it shows a traceback"
    expected = failure.get(member) or [*failure.get("messages", []), *failure.get(f"messages_{version}", [])]
    yield from (
        f"its message does not match {pattern}" for pattern in expected if not _found(pattern, [result.get("msg", "")])
    )
    if member == "messages":
        warned = [*result.get("warnings", []), *warnings]
        yield from (
            f"no warning matches {pattern}" for pattern in failure.get("warns", []) if not _found(pattern, warned)
        )


def _found(pattern: str, texts: Iterable[object]) -> bool:
    """Whether a pattern is found in texts; any white space counts as one space."""
    return re.search(pattern, " ".join(" ".join(map(str, texts)).split())) is not None


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"for_host": for_host, "unexpected": unexpected, "with_simulator_state": with_simulator_state}
