# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""A test for many patterns and one text."""

from __future__ import annotations

import re
from typing import Any


def in_text(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text; blanks of any kind and number are one blank."""
    return re.search(pattern, " ".join(text.split())) is not None


class TestModule:
    def tests(self) -> dict[str, Any]:
        return {"in_text": in_text}
