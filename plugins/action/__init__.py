# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports what every action needs once for a playbook, instead of once for each task.

Before a task starts, Ansible looks for an action of its name, and imports this package in the process that all workers
are forked from. A worker would spend about 0.1 s on these imports, as Ansible compiles the modules of a collection
whenever they are imported.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

import_module("ansible_collections.community.catchpoint.plugins.plugin_utils._info_action")
# Whatever is wrong with it, the task that needs it explains, and only that task fails.
with suppress(Exception):
    import_module("requests")
