# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test ids that the hosts of a play have in a variable, so that one request serves all hosts.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional

DEFAULT_VARIABLE = "catchpoint_test_id"
# Added to a line that announces a wait, where each host of a play queries Catchpoint.
BATCHING_HINT = "Set test_id_variable to the variable with each host's test id, and one request serves all hosts."


class HostTests:
    """The test ids that the hosts of a play have in one variable. A host without the variable has none."""

    def __init__(self, variable: str, variables: Mapping[str, Any], templar: Any) -> None:
        self._variable = variable
        self._variables = variables
        self._templar = templar

    def includes(self, ids: Sequence[int]) -> bool:
        """Returns whether one of these tests is this host's own."""
        own = self._variables.get(self._variable)
        return own is not None and not set(ids).isdisjoint(_ids(self._rendered(own, self._templar)))

    def hint(self) -> str:
        """Returns what to add to an announced wait where the hosts of the play query one by one."""
        return BATCHING_HINT if len(self._variables.get("ansible_play_batch") or ()) > 1 else ""

    def misspelling(self) -> Optional[str]:
        """Returns a warning where the variable was set on purpose, but no host of the play has it."""
        if self._variable == DEFAULT_VARIABLE or self._variable in self._variables or self._is_of_a_host():
            return None
        from difflib import get_close_matches

        near = get_close_matches(self._variable, [str(name) for name in self._variables], n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"test_id_variable is {self._variable!r}, but no host of the play has a variable of that name.{meant}"

    def _is_of_a_host(self) -> bool:
        hostvars = self._variables.get("hostvars")
        hosts = self._variables.get("ansible_play_hosts_all") or ()
        return hostvars is not None and any(self._variable in hostvars.raw_get(host) for host in hosts)

    def batch(self) -> Iterator[int]:
        """Returns the tests of the hosts of the current batch."""
        return self._of_hosts(self._variables.get("ansible_play_batch") or [])

    def rest(self) -> Iterator[int]:
        """Returns the tests of the play's other hosts, the next batch first."""
        batch = self._variables.get("ansible_play_batch") or []
        hosts = list(self._variables.get("ansible_play_hosts_all") or [])
        last = max((hosts.index(host) for host in batch if host in hosts), default=-1)
        current = set(batch)
        return self._of_hosts(host for host in hosts[last + 1 :] + hosts[: last + 1] if host not in current)

    def _of_hosts(self, hosts: Iterable[str]) -> Iterator[int]:
        hostvars = self._variables.get("hostvars")
        if hostvars is None:
            return
        shared: Optional[dict[str, Any]] = None
        for host in hosts:
            # An error for one host must not affect the others.
            try:
                own = hostvars.raw_get(host)
                if self._variable in own:
                    value = own[self._variable]
                    context = own
                else:
                    # It is set for the whole play, and may be a template that differs for each host.
                    shared = self._of_play(hostvars) if shared is None else shared
                    value = shared.get(self._variable)
                    context = {**shared, **own}
                if isinstance(value, (str, list, tuple)) and not str(value).isdigit():
                    value = self._rendered(value, self._templar.copy_with_new_env(available_variables=context))
                yield from _ids(value)
            except Exception:
                continue

    def _of_play(self, hostvars: Any) -> dict[str, Any]:
        """Returns the variables that are not this host's own."""
        own = hostvars.raw_get(self._variables["inventory_hostname"])
        return {name: value for name, value in self._variables.items() if name not in own}

    @staticmethod
    def _rendered(value: Any, templar: Any) -> Any:
        try:
            return templar.template(value)
        except Exception:
            return None


def _ids(value: Any) -> Iterator[int]:
    """Returns the test ids in a number, a text with commas, or a list of them; nothing for anything else."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _ids(one)
    elif not isinstance(value, bool):
        for text in str(value).split(","):
            if text.isascii() and text.strip().isdecimal():
                yield int(text)
