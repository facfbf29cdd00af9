# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a task's arguments and environment on the controller as a module does on its host.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, NamedTuple, Optional

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import secret_texts
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._module import argument_spec
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation
from ansible_collections.community.catchpoint.plugins.plugin_utils import _plugin_options

try:
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # ansible-core 2.21 and earlier

    def register_secrets(_values: Iterable[str], /) -> None:
        """Later versions of ansible-core mask registered texts in everything that they show."""


# ansible-core's replacements for a secret value, and for a secret within a text.
_HIDDEN, _HIDDEN_PART = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********"

# The options of modules that variables, environment and ansible.cfg can set, as for the lookup.
_PLUGIN = ("action", "community.catchpoint")
_OPTIONS = {
    name: {"type": kind, **_plugin_options.sources(name)}
    for name, kind in [*((row[0], row[1]) for row in TABLE), ("test_id_variable", "str")]
}
_plugin_options.register(*_PLUGIN, _OPTIONS)
_VARIABLES = [origin["name"] for option in _OPTIONS.values() for origin in option["vars"]]


class Checked(NamedTuple):
    """A task's options: complete and of their types, or the error to report."""

    options: dict[str, Any]
    error: Optional[str]
    secrets: set[str]  # must not be shown, environment included

    def __repr__(self) -> str:
        """The options and ``secrets`` must not be shown."""
        return f"Checked(error={self.error!r})"


def checked(action: ActionBase, operation: Operation, task_vars: Mapping[str, Any]) -> Checked:
    """Reads the options of a task, within ``environment``: its arguments, then variables, environment and ansible.cfg.

    They are checked by the module's own specification.
    """
    spec = argument_spec(operation)
    given = plain(action._task.args)
    try:
        given.update(_outside(spec, given, task_vars, action))
        given.update(_ids(spec, given))
        given.update(_numbers(spec, given))
    except OptionError as error:
        secrets = _secrets(spec, given)
        return Checked(given, redact(str(error), secrets), secrets)
    validator = ArgumentSpecValidator(spec, **operation.rules)
    message = None
    try:
        result = validator.validate(given)
    except TypeError:
        # ansible-core fails on a number in place of a dictionary with suboptions.
        nested = sorted(name for name in given if "options" in spec.get(name, {}))
        result = validator.validate({name: given[name] for name in given if name not in nested})
        message = f"{' or '.join(nested)} holds a number or a list where a dictionary of options must be."
    if message is None and result.error_messages:
        # A misspelt option is also reported as a missing one, which would mislead.
        message = _unsupported(action, given, spec) or result.errors.msg
    secrets = {*result._no_log_values, *secret_texts(result.validated_parameters)}
    return Checked(result.validated_parameters, None if message is None else redact(message, secrets), secrets)


def arguments_for_host(action: ActionBase, operation: Operation, task_vars: Mapping[str, Any]) -> Checked:
    """Reads the task's arguments and the options that variables set, for a module that runs on another host.

    Ids are read here, so that they have the same forms as on the controller; the module checks the rest.
    """
    spec = argument_spec(operation)
    from_variables = _plugin_options.from_variables(_VARIABLES, task_vars, action._templar)
    found = {name: from_variables.get(_OPTIONS[name]["vars"][0]["name"]) for name in _OPTIONS if name in spec}
    given = {name: plain(value) for name, value in found.items() if value is not None}
    given.update(plain(action._task.args))
    secrets = _secrets(spec, given)
    try:
        return Checked({**given, **_ids(spec, given)}, None, secrets)
    except OptionError as error:
        return Checked(given, redact(str(error), secrets), secrets)


def _outside(
    spec: Mapping[str, Any], given: dict[str, Any], task_vars: Mapping[str, Any], action: ActionBase
) -> dict[str, Any]:
    """Returns the options that the task's arguments do not set. An argument that is null counts as not set."""
    for name in [name for name, value in given.items() if value is None and name in _OPTIONS]:
        del given[name]
    missing = {name: option for name, option in _OPTIONS.items() if name in spec and name not in given}
    variables = _plugin_options.from_variables(_VARIABLES, task_vars, action._templar)
    return {
        name: plain(value) for name, value in _plugin_options.outside_arguments(missing, *_PLUGIN, variables).items()
    }


def _secrets(spec: Mapping[str, Any], given: Mapping[str, Any]) -> set[str]:
    hidden = {str(value) for name, value in given.items() if value and spec.get(name, {}).get("no_log")}
    return {*hidden, *secret_texts(given)}


def _ids(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, list[int]]:
    """Returns the options that are lists of ids, read as the lookup reads its terms. Raises: OptionError."""
    return {
        name: _plugin_options.ids(name.partition("_")[0], [value])
        for name, value in given.items()
        if value is not None and spec.get(name, {}).get("elements") == "int"
    }


def _numbers(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options that are a number, read as those of the lookup. Raises: OptionError."""
    return {
        name: _plugin_options.converted(name, {"type": spec[name]["type"]}, value)
        for name, value in given.items()
        if value not in (None, "") and spec.get(name, {}).get("type") in ("int", "float")
    }


def _unsupported(action: ActionBase, given: Mapping[str, Any], spec: Mapping[str, Any]) -> Optional[str]:
    """Returns ansible-core's error for arguments that the module does not have, with what they probably mean."""
    unknown = sorted(name for name in given if name not in spec)
    if not unknown:
        return None
    near = [match for name in unknown for match in get_close_matches(name, list(spec), n=1)]
    meant = f" Did you mean {', '.join(near)}?" if near else ""
    return (
        f"Unsupported parameters for ({action._task.action}) module: {', '.join(unknown)}.{meant} "
        f"Supported parameters include: {', '.join(sorted(spec))}."
    )


def plain(value: Any) -> Any:
    """Returns arguments as JSON would carry them, without the text classes of Ansible on the controller."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


@contextmanager
def environment(action: ActionBase) -> Iterator[None]:
    """Applies the task's ``environment`` while its operation runs."""
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


def masked(value: Any, secrets: Iterable[str]) -> Any:
    """Returns a result without secrets, as a module's result is masked before it leaves its host.

    ansible-core 2.22 no longer does this; it masks what it shows, but not what a task registers.
    """
    ordered = sorted(filter(None, secrets), key=len, reverse=True)
    register_secrets(ordered)
    return _masked(value, ordered)


def _masked(value: Any, secrets: list[str]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {name: _masked(one, secrets) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(one, secrets) for one in value]
    text = str(value)
    if text in secrets or (not isinstance(value, str) and any(secret in text for secret in secrets)):
        return _HIDDEN
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, _HIDDEN_PART)
    return value


def shows_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Returns whether results include the arguments; ansible-core 2.21 made that a setting."""
    if "INJECT_INVOCATION" not in constants.config.get_configuration_definitions():
        return True
    return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
