# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Reads the members of a scenario's JSON with their types; errors name the member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Optional, Union, cast

from . import times
from .model import When


class ScenarioError(ValueError):
    """A scenario that cannot be read; the text says where."""


def only(data: Mapping[str, object], allowed: Iterable[str], where: str) -> None:
    """Refuses unknown members. "comment" is allowed everywhere."""
    unknown = set(data) - set(allowed) - {"comment"}
    if unknown:
        raise ScenarioError(f"{where}: unknown member {sorted(unknown)[0]!r}; there are {', '.join(sorted(allowed))}")


class Row:
    """One JSON object of a scenario. A missing member without a default is an error."""

    def __init__(self, data: object, where: str, allowed: Iterable[str] | None = None) -> None:
        if not isinstance(data, Mapping):
            raise ScenarioError(f"{where}: an object is required, got {type(data).__name__}")
        self.data: Mapping[str, object] = data
        self.where = where
        if allowed is not None:
            only(data, allowed, where or "scenario")

    def at(self, name: str) -> str:
        """Where a member is, for messages."""
        return f"{self.where}.{name}" if self.where else name

    def get(self, name: str) -> object:
        return self.data.get(name)

    def has(self, name: str) -> bool:
        return self.data.get(name) is not None

    def _needed(self, name: str, default: object) -> object:
        value = self.data.get(name)
        if value is None:
            value = default
        if value is None:
            raise ScenarioError(f"{self.at(name)} is missing")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        value = self._needed(name, default)
        try:
            return float(cast(Union[str, float], value))
        except (TypeError, ValueError) as error:
            raise ScenarioError(f"{self.at(name)}: a number is required, got {value!r}") from error

    def whole(self, name: str, default: int | None = None) -> int:
        value = self._needed(name, default)
        try:
            return int(cast(Union[str, int], value))
        except (TypeError, ValueError) as error:
            raise ScenarioError(f"{self.at(name)}: a whole number is required, got {value!r}") from error

    def maybe_number(self, name: str) -> float | None:
        return self.number(name) if self.has(name) else None

    def maybe_whole(self, name: str) -> int | None:
        return self.whole(name) if self.has(name) else None

    def text(self, name: str, default: str | None = None) -> str:
        return str(self._needed(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.data.get(name, default)
        # Templates of older Ansible give text.
        if str(value).lower() not in ("true", "false"):
            raise ScenarioError(f"{self.at(name)}: true or false is required, got {value!r}")
        return str(value).lower() == "true"

    def seconds(self, name: str, default: str = "0") -> float:
        """A duration such as 15m."""
        try:
            return times.duration(self.text(name, default))
        except times.TimeError as error:
            raise ScenarioError(f"{self.at(name)}: {error}") from error

    def when(self, name: str, default: When | None = None) -> When:
        """A time expression, not yet resolved."""
        value = self._needed(name, default)
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            raise ScenarioError(f"{self.at(name)}: a time is required, got {value!r}")
        return value

    def maybe_when(self, name: str) -> When | None:
        return self.when(name) if self.has(name) else None

    def enum(self, name: str, table: Mapping[int, str], default: int | str | None = None) -> int:
        return enum_id(table, self._needed(name, default), self.at(name))

    def maybe_enum(self, name: str, table: Mapping[int, str]) -> int | None:
        return self.enum(name, table) if self.has(name) else None

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        text = self.text(name, default)
        known = list(choices)
        if text not in known:
            raise ScenarioError(f"{self.at(name)}: {text!r} is not one of {', '.join(known)}")
        return text

    def list_of(self, name: str) -> list[object]:
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise ScenarioError(f"{self.at(name)}: a list is required, got {type(value).__name__}")
        return value

    def texts(self, name: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        return tuple(str(one) for one in (self.list_of(name) if self.has(name) else default))

    def ids(self, name: str) -> list[int]:
        return ids(self.data.get(name, []), self.at(name))

    def rows(self, name: str, allowed: Iterable[str]) -> list[Row]:
        """The objects of a list."""
        return [Row(one, f"{self.at(name)}[{index}]", allowed) for index, one in enumerate(self.list_of(name))]

    def row(self, name: str, allowed: Iterable[str] | None = None) -> Row:
        """An object; without one, an empty one."""
        value = self.data.get(name)
        return Row({} if value is None else value, self.at(name), allowed)

    def by_id(self, name: str) -> dict[int, float]:
        """Numbers by id, as in {"257": 0.2}."""
        row = self.row(name)
        return {ids(key, row.where)[0]: row.number(key) for key in row.data}


def ids(value: object, where: str) -> list[int]:
    """Ids as numbers; a single value counts as a list of one."""
    values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    try:
        return [int(cast(Union[str, int], one)) for one in values]
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{where}: ids are wanted, got {value!r}") from error


def enum_id(table: Mapping[int, str], value: object, where: str) -> int:
    """The id of a value given by id or name."""
    if isinstance(value, int) and not isinstance(value, bool) and value in table:
        return value
    found: Optional[int] = next((key for key, name in table.items() if name.lower() == str(value).lower()), None)
    if found is None:
        raise ScenarioError(f"{where}: {value!r} is not one of {', '.join(table.values())}")
    return found
