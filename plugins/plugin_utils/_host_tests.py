# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The tests of a play's hosts, found where the hosts have their own in a variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional


class HostTests:
    """The tests that the hosts of a play name in one variable; a host that does not, or cannot, has none."""

    def __init__(self, variable: str, variables: Mapping[str, Any], templar: Any) -> None:
        self._variable = variable
        self._variables = variables
        self._templar = templar

    def includes(self, ids: Sequence[int]) -> bool:
        """Whether one of these tests is this very host's own."""
        own = self._variables.get(self._variable)
        return own is not None and not set(ids).isdisjoint(_ids(self._rendered(own, self._templar)))

    def batch(self) -> Iterator[int]:
        """The tests of the hosts that are at work now."""
        return self._of_hosts(self._variables.get("ansible_play_batch") or [])

    def rest(self) -> Iterator[int]:
        """The tests of the play's other hosts, those that come next first."""
        batch = self._variables.get("ansible_play_batch") or []
        hosts = list(self._variables.get("ansible_play_hosts_all") or [])
        last = max((hosts.index(host) for host in batch if host in hosts), default=-1)
        at_work = set(batch)
        return self._of_hosts(host for host in hosts[last + 1 :] + hosts[: last + 1] if host not in at_work)

    def _of_hosts(self, hosts: Iterable[str]) -> Iterator[int]:
        hostvars = self._variables.get("hostvars")
        if hostvars is None:
            return
        shared: Optional[dict[str, Any]] = None
        for host in hosts:
            # Nothing about one host may cost the others their answer.
            try:
                own = hostvars.raw_get(host)
                if self._variable in own:
                    value = own[self._variable]
                    context = own
                else:
                    # It is set for the whole play, and perhaps different for each host.
                    shared = self._of_play(hostvars) if shared is None else shared
                    value = shared.get(self._variable)
                    context = {**shared, **own}
                if isinstance(value, (str, list, tuple)) and not str(value).isdigit():
                    value = self._rendered(value, self._templar.copy_with_new_env(available_variables=context))
                yield from _ids(value)
            except Exception:
                continue

    def _of_play(self, hostvars: Any) -> dict[str, Any]:
        """The variables that are not this host's own."""
        own = hostvars.raw_get(self._variables["inventory_hostname"])
        return {name: value for name, value in self._variables.items() if name not in own}

    @staticmethod
    def _rendered(value: Any, templar: Any) -> Any:
        try:
            return templar.template(value)
        except Exception:
            return None


def _ids(value: Any) -> Iterator[int]:
    """Test ids in a number, a text, or a list of them; nothing for anything else."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _ids(one)
    elif not isinstance(value, bool) and str(value).strip().isdecimal():
        yield int(value)
