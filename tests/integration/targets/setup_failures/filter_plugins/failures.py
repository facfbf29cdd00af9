# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Which rows of failures.yml are tried, what each needs from the simulator, and what its message lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.plugins.loader import action_loader

VERSIONS = ("v1", "v2")
ORDERS = ("credentials", "switches", "limits", "faults")


def for_host(failures: Sequence[dict[str, Any]], where: str) -> list[tuple[int, str]]:
    """Which rows of failures.yml are tried on a host, each with each version that it is for.

    By their number: a loop prints its items, and the rows hold the secrets that nothing may print.
    """
    for row in failures:
        if "elsewhere" in row and row["elsewhere"] not in row.get("versions", VERSIONS):
            raise AnsibleFilterError(f"{row['name']}: elsewhere is none of the row's versions")
    return [
        (number, version)
        for number, row in enumerate(failures)
        for version in row.get("versions", VERSIONS)
        if where == "localhost" or row.get("elsewhere") == version
    ]


def when_ordered(options: dict[str, Any], failure: dict[str, Any], simulator: Any) -> dict[str, Any]:
    """The same options, once the simulator does what this failure needs and nothing else.

    A task with a loop has its arguments templated again for each item, just before it runs.
    """
    orders = {name: failure[name] for name in ORDERS if name in failure}
    action_loader.get("simulator", class_only=True).control(simulator, {"settle": True, **orders})
    return options


def unexpected(outcome: dict[str, Any], failures: Sequence[dict[str, Any]], says: str) -> list[str]:
    """What the results of a loop over failures should be and are not; says is where their messages stand first."""
    return [
        f"{failures[number]['name']}, {version}: {fault}. It said: {result.get('msg', '')}"
        for result in outcome["results"]
        for number, version in [result["pair"]]
        # ansible-core before 2.19 takes the warnings out of the results of a loop
        for fault in _faults(result, failures[number], version, says, outcome.get("warnings", []))
    ]


def _faults(
    result: dict[str, Any], failure: dict[str, Any], version: str, says: str, warnings: Sequence[str]
) -> Iterator[str]:
    if result.get("failed", False) == ("succeeds" in failure and (says == "says" or says not in failure)):
        yield "it failed" if result.get("failed") else "it did not fail"
    if result.get("changed"):
        yield "it changed something"
    if re.search('Traceback|File "', str(result.get("exception", ""))):
        yield "it shows a traceback"
    wanted = failure.get(says) or [*failure.get("says", []), *failure.get(f"says_{version}", [])]
    yield from (f"it does not say {pattern}" for pattern in wanted if not _found(pattern, [result.get("msg", "")]))
    if says == "says":
        warned = [*result.get("warnings", []), *warnings]
        yield from (
            f"it does not warn {pattern}" for pattern in failure.get("warns", []) if not _found(pattern, warned)
        )


def _found(pattern: str, texts: Iterable[object]) -> bool:
    """Whether a pattern is found in texts; blanks of any kind and number are one blank."""
    return re.search(pattern, " ".join(" ".join(map(str, texts)).split())) is not None


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"for_host": for_host, "unexpected": unexpected, "when_ordered": when_ordered}
