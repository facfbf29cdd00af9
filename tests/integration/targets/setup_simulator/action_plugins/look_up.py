# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Runs the lookup with options that are a dictionary, so that one task can try many that fail.

    look_up: {ids: [81093], options: {api_key: wrong}}

In a template, a lookup that fails ends a loop in ansible-core before 2.19.
"""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import lookup_loader


class ActionModule(ActionBase):
    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        name = "community.catchpoint.catchpoint_test_data"
        lookup = lookup_loader.get(name, loader=self._loader, templar=self._templar)
        try:
            found = lookup.run(self._task.args["ids"], variables=task_vars, **self._task.args["options"])
        except AnsibleError as error:
            # An exception would be shown with a traceback before 2.19.
            return {"failed": True, "msg": str(error)}
        return {"changed": False, "found": found}
