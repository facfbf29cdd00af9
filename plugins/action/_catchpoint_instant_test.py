# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of this name on the controller; meta/runtime.yml binds both."""

from __future__ import annotations

from ansible_collections.community.catchpoint.plugins.module_utils._operations.instant_test import OPERATION
from ansible_collections.community.catchpoint.plugins.plugin_utils._info_action import InfoAction


class ActionModule(InfoAction):
    operation = OPERATION
    name = "catchpoint_instant_test"
