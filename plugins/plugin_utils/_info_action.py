# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules on the controller. Those that only read share the cache of the run.

Each of these modules has an action plugin that consists of little more than the module's operation. Ansible imports
action plugins before it forks its workers, so the imports here are not paid for by every host. requests and dateutil
are imported when a request is needed. Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.vars import merge_hash
from ansible_collections.community.catchpoint.plugins.module_utils._clock import SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import asked_ids
from ansible_collections.community.catchpoint.plugins.plugin_utils._host_tests import HostTests
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient, announce
from ansible_collections.community.catchpoint.plugins.plugin_utils._task import (
    Checked,
    arguments_for_host,
    checked,
    environment,
    masked,
    shows_invocation,
)


class InfoAction(ActionBase):
    """Runs ``operation`` in the worker's own process; a task that is delegated to a host runs as the module there."""

    operation: Operation
    name: str

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = True

    # When the last try of a task with until ended, in seconds since 1970 UTC. Ansible keeps the plugin for all tries.
    _tried_at = 0.0

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
            outcome = self._outcome(task_vars, secrets)
        self._tried_at = SystemClock().now()
        return {**result, **masked(outcome, secrets)}

    def _outcome(self, task_vars: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
        read = checked(self, self.operation, task_vars)
        secrets |= read.secrets
        if read.error is not None:
            return _refused(read, task_vars)
        warnings: list[str] = []
        try:
            outcome = {"changed": False, **self._result(read.options, task_vars, warnings)}
        except CatchpointError as problem:
            outcome = {"failed": True, "msg": redact(str(problem), read.secrets)}
        warnings += outcome.pop("warnings", ())
        if warnings:
            outcome["warnings"] = list(dict.fromkeys(warnings))
        return {**outcome, **_invocation(read.options, task_vars)}

    def _result(self, options: Mapping[str, Any], task_vars: Mapping[str, Any], warnings: list[str]) -> dict[str, Any]:
        """Returns what the operation returns, and the number of requests. Raises: CatchpointError."""
        hosts = HostTests(options["test_id_variable"], task_vars, self._templar) if _is_batched(options) else None
        batched = hosts is not None and hosts.includes(asked_ids(options))
        hint = f" {hosts.hint()}" if hosts is not None and not batched else ""
        client = RunClient(
            options,
            warn=warnings.append,
            announce=lambda text: announce(f"{text}{hint}".rstrip()),
            check_mode=self._task.check_mode,
        )
        result = client.result(self.name, self.operation, hosts if batched else None, newer_than=self._tried_at)
        misspelling = hosts.misspelling() if hosts is not None else None
        if misspelling is not None:
            warnings.append(misspelling)
        return {**result, "requests_made": client.session.requests_made}

    def _as_module(self, result: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        background = self._task.async_val
        read = arguments_for_host(self, self.operation, task_vars)
        if read.error is not None:
            return {**result, **masked(_refused(read, task_vars), read.secrets)}
        outcome = self._execute_module(module_args=read.options, task_vars=task_vars, wrap_async=background)
        merged: dict[str, Any] = merge_hash(result, outcome)
        if not background:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return merged

    def _no_async(self) -> dict[str, Any]:
        return {
            "failed": True,
            "msg": (
                f"With async, {self._task.action} would have to run on the host itself, and the credentials would be "
                "sent there. Add delegate_to: localhost to keep them here, name another host in delegate_to to send "
                "them there, or remove async."
            ),
        }


def _refused(read: Checked, task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the result of a task whose arguments are wrong."""
    return {"failed": True, "msg": read.error, **_invocation(read.options, task_vars)}


def _invocation(options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    return {"invocation": {"module_args": options}} if shows_invocation(task_vars) else {}


def _is_batched(options: Mapping[str, Any]) -> bool:
    """Whether the operation reads the data of tests, which one request can read for many hosts."""
    return bool(options.get("test_id_variable"))
