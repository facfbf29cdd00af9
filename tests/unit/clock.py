# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The moment at which all unit tests run."""

from __future__ import annotations

NOW = 1795860000.25  # 2026-11-28T10:00:00.25Z
