# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""How long to wait: whether the horizon is reached, or the verdict can no longer change. Time comes in as an argument."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.community.catchpoint.plugins.module_utils._gate.comparison import availability
from ansible_collections.community.catchpoint.plugins.module_utils._gate.criteria import (
    AVAILABILITY,
    EVENTS,
    Criterion,
    Limit,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.events import count_events
from ansible_collections.community.catchpoint.plugins.module_utils._gate.groups import Material, gather, groups_of
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import Gate
from ansible_collections.community.catchpoint.plugins.module_utils._gate.samples import Sample, readings
from ansible_collections.community.catchpoint.plugins.module_utils._gate.wording import (
    counted,
    limit_text,
    plain,
    span_text,
    value_text,
)
from ansible_collections.community.catchpoint.plugins.module_utils._statistics import percent_of

# (position of the criterion, test, location): one thing that is judged.
Part = tuple[int, Optional[int], Optional[str]]
