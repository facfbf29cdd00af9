# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""How the modules that only read run: on the controller, with what the run knows already.

Each module has an action plugin of its name that consists of little more than the module's operation. Ansible imports
action plugins before it forks its workers, so what is imported here is not paid for by every host. That leaves out
requests and dateutil, which are imported when there is something to ask.
"""

from __future__ import annotations

from typing import Any, Optional

from ansible import constants
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.vars import merge_hash
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient
from ansible_collections.community.catchpoint.plugins.plugin_utils._task import checked, environment, shows_invocation


class InfoAction(ActionBase):
    """Runs ``operation`` in the worker's own process; a task that is delegated to a host runs as the module there."""

    operation: Operation
    name: str

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        delegated = self._task.delegate_to and self._task.delegate_to not in constants.LOCALHOST
        if delegated or self._task.async_val:
            if not delegated and self._connection.transport != "local":
                return {**result, **self._no_async()}
            return self._as_module(result, task_vars)
        secrets: set[str] = set()
        with environment(self):
            answer = self._answer(task_vars, secrets)
        # What a module does before it hands its result over.
        kept = {name: value for name, value in answer.items() if value is None or isinstance(value, bool)}
        return {**result, **remove_values(answer, secrets), **kept}

    def _answer(self, task_vars: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
        options, error, found = checked(self, self.operation)
        secrets |= found
        invocation = {"invocation": {"module_args": options}} if shows_invocation(task_vars) else {}
        if error is not None:
            return {"failed": True, "msg": error, **invocation}
        warnings: list[str] = []
        try:
            controller = RunClient(options, warn=warnings.append)
            answer = {"changed": False, **controller.answer(self.name, self.operation)}
            answer["requests_made"] = controller.session.requests_made
        except CatchpointError as problem:
            answer = {"failed": True, "msg": redact(str(problem), found)}
        if warnings:
            answer["warnings"] = list(dict.fromkeys(warnings))
        return {**answer, **invocation}

    def _as_module(self, result: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        background = self._task.async_val
        merged: dict[str, Any] = merge_hash(result, self._execute_module(task_vars=task_vars, wrap_async=background))
        if not background:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return merged

    def _no_async(self) -> dict[str, Any]:
        return {
            "failed": True,
            "msg": (
                f"With async, {self._task.action} would have to run on the host itself, and the credentials would be "
                "sent there. Add delegate_to: localhost to keep them here, name another host in delegate_to to send "
                "them there, or leave async out."
            ),
        }
