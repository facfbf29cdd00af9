# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to a host that is always unreachable."""

from __future__ import annotations

DOCUMENTATION = r"""
name: lost
short_description: Never connects
description: Stands for a host that is down.
author: The community.catchpoint authors (@ansible-collections)
"""

from typing import Any, NoReturn

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase


class Connection(ConnectionBase):
    transport = "lost"
    has_pipelining = True

    def _connect(self) -> NoReturn:
        raise AnsibleConnectionFailure("The host is down.")

    def exec_command(self, cmd: str, in_data: Any = None, sudoable: bool = True) -> NoReturn:
        raise AnsibleConnectionFailure("The host is down.")

    def put_file(self, in_path: str, out_path: str) -> NoReturn:
        raise AnsibleConnectionFailure("The host is down.")

    def fetch_file(self, in_path: str, out_path: str) -> NoReturn:
        raise AnsibleConnectionFailure("The host is down.")

    def close(self) -> None:
        """There is nothing to close."""
