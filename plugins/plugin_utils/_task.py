# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""A task's arguments and environment, treated on the controller as a module treats them on its host."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Optional

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import secret_texts
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._module import argument_spec
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation


class Checked(NamedTuple):
    """A task's arguments: complete and of their types, or the error that a module would report."""

    options: dict[str, Any]
    error: Optional[str]
    secrets: set[str]  # what must not be shown, environment included


def checked(action: ActionBase, operation: Operation) -> Checked:
    """Read the task's arguments by the module's own specification, within ``environment``."""
    spec = argument_spec(operation)
    validator = ArgumentSpecValidator(spec, **operation.rules)
    given = plain(action._task.args)
    message = None
    try:
        result = validator.validate(given)
    except TypeError:
        # What ansible-core stumbles over: a number where a dictionary with options of its own must be.
        nested = sorted(name for name in given if "options" in spec.get(name, {}))
        result = validator.validate({name: given[name] for name in given if name not in nested})
        message = f"{' or '.join(nested)} holds a number or a list where a dictionary of options must be."
    if message is None and result.error_messages:
        message = result.errors.msg
        if isinstance(result.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({action._task.action}) module: {message}"
    secrets = {*result._no_log_values, *secret_texts(result.validated_parameters)}
    return Checked(result.validated_parameters, None if message is None else redact(message, secrets), secrets)


def plain(value: Any) -> Any:
    """Arguments as they come out of JSON, without the classes that Ansible gives texts on the controller."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


@contextmanager
def environment(action: ActionBase) -> Iterator[None]:
    """The task's ``environment``, for as long as its operation runs."""
    given: dict[str, Any] = {}
    if action._task.environment:
        action._compute_environment_string(given)
    before = {name: os.environ.get(name) for name in given}
    os.environ.update({name: str(value) for name, value in given.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def shows_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Whether results tell the arguments; ansible-core 2.21 made that a setting."""
    if "INJECT_INVOCATION" not in constants.config.get_configuration_definitions():
        return True
    return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
