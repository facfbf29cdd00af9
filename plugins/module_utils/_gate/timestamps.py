# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of the gate's options and of its runs, in seconds since 1970 UTC. They are parsed by _time.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.community.catchpoint.plugins.module_utils import _time
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import GateArgumentError, shown


def moment(value: object, what: str, now: float) -> float:
    """Returns a time of the options; a relative one (-60, -1h) is counted back from ``now``.

    Raises: GateArgumentError, also for a time without an offset.
    """
    try:
        return _time.moment(value, what, now=now)
    except OptionError as error:
        raise GateArgumentError(str(error)) from None


def run_time(value: object) -> float:
    """Returns the start of a run, as the collection's modules return it; without an offset it is UTC.

    Raises: ValueError for anything else.
    """
    if isinstance(value, str):
        return _time.seconds_of(value.strip())
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp()
    raise ValueError(f"{shown(value)} is not a time")
