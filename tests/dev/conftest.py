# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil

# A real Redis is asked where there is one; the same is tested with jsonfile everywhere.
collect_ignore = [] if shutil.which("redis-server") else ["test_redis.py"]
