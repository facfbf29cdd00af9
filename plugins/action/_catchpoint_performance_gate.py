# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the performance gate on the controller, so that it can show progress and a readable report.

The documentation is in the module of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._clock import SystemClock
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._gate.options import (
    GATE_KEYS,
    refuse_options_of_criteria,
)
from ansible_collections.community.catchpoint.plugins.module_utils._gate.validate import given
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import connection
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._http.session import Session
from ansible_collections.community.catchpoint.plugins.module_utils._module import argument_spec
from ansible_collections.community.catchpoint.plugins.module_utils._operations.performance_gate import (
    OPERATION,
    check,
    performance_gate,
)
from ansible_collections.community.catchpoint.plugins.module_utils._text import printable
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient
from ansible_collections.community.catchpoint.plugins.plugin_utils._task import checked, environment, masked, plain

_NAME = "community.catchpoint.catchpoint_performance_gate"

# The names of Ansible's settings for colours.
_COLORS = {
    "pass": "COLOR_OK",
    "warn": "COLOR_WARN",
    "inconclusive": "COLOR_WARN",
    "fail": "COLOR_ERROR",
    "error": "COLOR_ERROR",
}

# The stdout callbacks whose output a program reads.
_CALLBACKS_FOR_PROGRAMS = ("json", "jsonl", "null")

display = Display()


class ActionModule(ActionBase):
    """Reads the task's options, waits, and returns the gate's result."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: Any = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        if self._task.async_val:
            return _failure(
                f"{_NAME} waits by itself and shows how far it is, so it cannot run in the background. Remove async "
                "and poll from the task. Use wait_timeout to limit how long the gate waits."
            )
        several = len((task_vars or {}).get("ansible_play_hosts_all") or []) > 1
        if several and self._task.run_once and self._free_strategy():
            return _failure(
                f"{_NAME} cannot judge once for all hosts: the strategy of this play ignores run_once, so hosts would "
                "be judged while others still run the old version. Set strategy: linear in the play."
            )
        super().run(tmp, task_vars)
        secrets: set[str] = set()
        with environment(self):
            result = self._result(task_vars or {}, secrets)
        shown: dict[str, Any] = masked(result, secrets)
        return shown

    def _result(self, task_vars: Mapping[str, Any], secrets: set[str]) -> dict[str, Any]:
        arguments = plain(self._task.args)
        options = {name: arguments[name] for name in GATE_KEYS if name in arguments}
        if "tests" in arguments:
            options["test_ids"] = arguments["tests"]
        clock = SystemClock()
        try:
            connecting = self._connecting(options, task_vars, secrets)
            generation = connection(connecting).generation
            if self._task.check_mode:
                return {**check(options, clock=clock, generation=generation), "requests_made": 0}
            screen = _Screen(self._prefix(task_vars), silent=bool(self._task.no_log))
            client, session = _open(connecting, screen)
            result = performance_gate(client, options, clock=clock, progress=screen.line, warn=screen.warning)
        except OptionError as error:
            # A secret may have been pasted into another option.
            return _failure(redact(str(error), secrets))
        screen.report(result)
        warnings = [*self._alone(task_vars), *screen.remarks(), *result.pop("warnings")]
        return {
            **result,
            **({"warnings": warnings} if warnings else {}),
            "requests_made": session.requests_made,
            # A failure is shown in full, as assert does it, with one line for each line of the report. A success need
            # not be, because the report was shown.
            "_ansible_verbose_always": result["failed"],
        }

    def _connecting(
        self, options: Mapping[str, Any], task_vars: Mapping[str, Any], secrets: set[str]
    ) -> dict[str, Any]:
        """Returns the checked connection options and fills ``secrets``. Raises: OptionError."""
        found = checked(self, OPERATION, task_vars)
        secrets |= found.secrets
        if found.error is not None:
            # The gate's check of the same option has a better message.
            refuse_options_of_criteria(self._task.args)
            given(self._task.args, "the gate", list({**OPERATION.arguments, **argument_spec(OPERATION), "tests": None}))
            check(options, clock=SystemClock())
            raise OptionError(found.error)
        # The gate has its own retry policy.
        return found.options

    def _free_strategy(self) -> bool:
        """Whether the play's strategy lets each host go on by itself (free, host_pinned, or a plugin built on them)."""
        strategy = getattr(getattr(self._task, "play", None), "strategy", None)
        return isinstance(strategy, str) and strategy.endswith(("free", "host_pinned"))

    def _hosts_at_once(self, task_vars: Mapping[str, Any]) -> int:
        """Returns how many hosts run this gate at the same time."""
        hosts = task_vars.get("ansible_play_batch") or task_vars.get("ansible_play_hosts") or []
        return 1 if self._task.run_once else len(hosts)

    def _prefix(self, task_vars: Mapping[str, Any]) -> str:
        host = f" ({task_vars.get('inventory_hostname')})" if self._hosts_at_once(task_vars) > 1 else ""
        return f"performance gate{host}: "

    def _alone(self, task_vars: Mapping[str, Any]) -> list[str]:
        hosts = self._hosts_at_once(task_vars)
        if hosts < 2:
            return []
        return [
            f"This performance gate runs on each of {hosts} hosts, and each run sends the same requests. "
            "Set run_once: true and fail_on: [] on its task, and let a task after it decide on every host: "
            "that: gate is community.catchpoint.gate_passed."
        ]


class _Screen:
    """Shows progress and report while the gate runs, and keeps the warnings of its polls until the end.

    If the stdout callback writes for programs, everything goes to stderr.
    """

    def __init__(self, prefix: str, *, silent: bool) -> None:
        self._prefix = prefix
        self._silent = silent
        self._stderr = _setting("DEFAULT_STDOUT_CALLBACK").rpartition(".")[2] in _CALLBACKS_FOR_PROGRAMS
        # The warnings of each poll. A progress line ends a poll.
        self._polls: list[list[str]] = [[]]

    def line(self, text: str) -> None:
        self._polls.append([])
        if not self._silent:
            display.display(self._prefix + printable(text), stderr=self._stderr)

    def report(self, result: Mapping[str, Any]) -> None:
        """Shows the verdict and the report in the color of the verdict."""
        if self._silent:
            return
        color = _setting(_COLORS[result["verdict"]])
        for line in dict.fromkeys([result["msg"], *result["report"]]):
            text = printable(f"  {line}" if line != result["msg"] else line)
            display.display(text, color=color, stderr=self._stderr)

    def warning(self, text: str) -> None:
        """Shows a warning at once: ansible-core 2.19 and later keep their own kind until the task has ended."""
        if not self._silent and _setting("ACTION_WARNINGS"):
            display.display(f"[WARNING]: {self._prefix}{printable(text)}", color=_setting("COLOR_WARN"), stderr=True)

    def remark(self, text: str) -> None:
        """Keeps a warning of a poll. The next poll may give the same with other numbers."""
        self._polls[-1].append(text)

    def remarks(self) -> list[str]:
        """Returns the warnings of the first poll, which also reads the baseline, and of the last one."""
        return list(dict.fromkeys(text for poll in (self._polls[0], *self._polls[-2:]) for text in poll))


def _open(options: Mapping[str, Any], screen: _Screen) -> tuple[Client, Session]:
    """A client that shares token, rate limiter and enumerations with the whole run."""
    controller = RunClient(options, warn=screen.remark, announce=screen.warning)
    return controller.client, controller.session


def _setting(name: str) -> Any:
    return constants.config.get_config_value(name)


def _failure(message: str) -> dict[str, Any]:
    return {"changed": False, "failed": True, "msg": message}
