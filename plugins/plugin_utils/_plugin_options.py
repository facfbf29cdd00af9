# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of plugins on the controller: read from variables, environment and ansible.cfg, and converted strictly.

A lookup that is answered from the cache imports this file, so it imports next to nothing itself.
Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible import constants
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError

Definition = Mapping[str, Any]

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)[a-z]*", re.ASCII | re.IGNORECASE)
_HINTS = {
    "test": "Use a number such as 81093; community.catchpoint.catchpoint_test_info finds it by the test's name.",
    "node": "Use a number such as 257; community.catchpoint.catchpoint_node_info finds it by the node's name.",
    "favorite": "Use a number such as 88123; community.catchpoint.catchpoint_favorite_info lists the charts.",
}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def sources(name: str) -> dict[str, Any]:
    """Returns where an option of that name is read from besides the plugin's own arguments."""
    return {
        "env": [{"name": f"CATCHPOINT_{name.upper()}"}],
        "ini": [{"section": "catchpoint", "key": name}],
        "vars": [{"name": f"ansible_catchpoint_{name}"}],
    }


def register(kind: str, plugin: str, definitions: Mapping[str, Definition]) -> None:
    """Makes options known to Ansible without their types.

    Ansible converts a value that is neither true nor false to false, and its errors do not list the choices.
    """
    raw = {
        name: {**definition, "type": "path" if definition["type"] == "path" else "raw", "choices": None}
        for name, definition in definitions.items()
    }
    constants.config.initialize_plugin_configuration_definitions(kind, plugin, raw)


def from_variables(names: Iterable[str], variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """Returns the variables that are options. Ansible does not render templates in them, such as a vaulted password."""
    return {name: _rendered(variables[name], templar) for name in names if name in variables}


def _rendered(value: Any, templar: Any) -> Any:
    return templar.template(value) if templar and isinstance(value, str) and "{" in value else value


def outside_arguments(
    definitions: Mapping[str, Definition], kind: str, plugin: str, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns the options of a registered plugin that variables, environment or ansible.cfg set, converted.

    Raises: OptionError.
    """
    found = {}
    for name, definition in definitions.items():
        value, origin = constants.config.get_config_value_and_origin(
            name, plugin_type=kind, plugin_name=plugin, variables=variables
        )
        if origin != "default" and value is not None:
            found[name] = converted(name, definition, value, str(origin))
    return found


def origin_of(name: str, kind: str, plugin: str, variables: Mapping[str, Any], direct: Mapping[str, Any]) -> str:
    """Returns where a registered plugin's option comes from, in Ansible's words."""
    _value, origin = constants.config.get_config_value_and_origin(
        name, plugin_type=kind, plugin_name=plugin, variables=variables, direct=direct
    )
    return str(origin)


def converted(name: str, definition: Definition, value: Any, origin: str = "") -> Any:
    """Returns the value of an option in the option's type, None where it is not given.

    ``origin`` is where the value comes from, in Ansible's words, for errors. Raises: OptionError.
    """
    kind, choices = definition["type"], definition.get("choices")
    if value is None or (value == "" and kind in ("float", "int")):
        return definition.get("default")
    if kind == "bool":
        try:
            return bool(boolean(value))
        except TypeError:
            raise _wrong(name, value, origin, "but must be true or false.") from None
    if kind in ("float", "int"):
        return _number(name, kind, value, origin)
    if kind == "list":
        return _texts(name, value, origin)
    if isinstance(value, (Mapping, list, tuple)):
        # The value may hold a secret.
        raise _wrong(name, None, origin, "must be text.")
    text = str(value)
    if choices and text not in choices:
        raise _wrong(name, value, origin, f"but must be one of {', '.join(choices)}.{_meant(text, choices)}")
    return text


def ids(kind: str, values: Iterable[Any]) -> list[int]:
    """Returns ids given as numbers, texts, texts with commas, or any nesting of lists of them. Raises: OptionError.

    ``kind`` is what the ids are of: test, node or favorite.
    """
    found = []
    for value in _flat(values):
        text = str(value).strip()
        if isinstance(value, bool) or not (text.isascii() and text.isdecimal()):
            raise _wrong("", value, "", f"is not a {kind} id. {_HINTS[kind]}")
        found.append(int(text))
    return found


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, str) and "," in value:
            yield from (text for text in value.split(",") if text.strip())
        elif isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
            yield from _flat(value)
        else:
            yield value


def _number(name: str, kind: str, value: Any, origin: str = "") -> Any:
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if math.isnan(number) or (kind == "int" and number % 1):
        span = _SPAN.fullmatch(str(value).strip())
        seconds = float(span.group(1)) * _UNITS[span.group(2).lower()] if span else 0
        hint = f" Write seconds without a unit: {seconds:g}." if span else ""
        what = "a whole number" if kind == "int" else "a number"
        raise _wrong(name, value, origin, f"which is not {what}.{hint}")
    return int(number) if kind == "int" else number


def _texts(name: str, value: Any, origin: str = "") -> list[str]:
    if isinstance(value, str):
        return [text.strip() for text in value.split(",")] if value else []
    if isinstance(value, Mapping):
        raise _wrong(name, None, origin, "must be a list.")
    return [str(one) for one in (value if isinstance(value, Iterable) else [value])]


def _meant(text: str, choices: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(text.lower(), list(choices), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _wrong(name: str, value: Any, origin: str, why: str) -> OptionError:
    what = f"{name}{'' if value is None else f' is {value!r}'}{_place(origin)}" if name else repr(value)
    comma = "," if name and value is not None else ""
    return OptionError(f"{what}{comma} {why}")


def _place(origin: str) -> str:
    """Returns where a wrong value comes from, for a message; nothing for the plugin's own arguments."""
    if origin in ("", "Direct", "default"):
        return ""
    kind, _colon, name = origin.partition(": ")
    words = {"var": "variable", "env": "environment variable"}
    return f" (from {words[kind]} {name})" if kind in words else f" (from {origin})"
