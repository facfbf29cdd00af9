# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of errors: one line without anything that controls a terminal."""

from __future__ import annotations

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import ApiError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._text import clean, printable

HOSTILE = "zone\x1b[31m\x07\n[ERROR]: forged\u009b2J\u202etxt.\u2066x\u2028y"
HARMLESS = "zone [31m [ERROR]: forged 2J txt. x y"


@pytest.mark.parametrize("kind", [OptionError, ApiError])
def test_errors_are_one_printable_line(kind: type[Exception]) -> None:
    assert str(kind(f"The service has the zone {HOSTILE}.")) == f"The service has the zone {HARMLESS}."


def test_clean_text() -> None:
    assert clean(HOSTILE) == HARMLESS
    assert clean("  Zürich ☃  東京 ") == "Zürich ☃ 東京"


def test_printable_text_keeps_its_indentation() -> None:
    assert printable("  a\x1bb") == "  a b"
