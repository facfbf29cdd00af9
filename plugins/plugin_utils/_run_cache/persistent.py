# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results for later runs and other controllers, stored by one of Ansible's cache plugins.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Callable, Optional, Protocol

from ansible.plugins.loader import cache_loader
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.version import VERSION
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

# Part of the names of entries, with the release, so that no release reads entries in another release's layout.
_LAYOUT = 2

# Other programs can see the names of entries. This number of rounds prevents guessing even a short secret.
_ROUNDS = 20_000


class PersistentCache(Protocol):
    """Stores results for longer than a run, by the name of a query."""

    def get(self, query: str) -> Optional[dict[str, Any]]:
        """Returns the stored result, or None."""

    def put(self, query: str, value: dict[str, Any]) -> None:
        """Stores a result."""


class NullCache:
    """Stores nothing."""

    def get(self, query: str) -> Optional[dict[str, Any]]:
        return None

    def put(self, query: str, value: dict[str, Any]) -> None:
        return


class CachePlugin:
    """Stores results by a cache plugin of Ansible's, under a prefix and names that reveal nothing.

    Others may be able to write to the cache, so an entry is a JSON text with a code (HMAC, RFC 2104) that only those
    who have the credentials can compute. An entry of another shape, of another release or with a wrong code counts as
    absent. As the text is decoded here, nothing in it is a template that Ansible trusts.
    """

    def __init__(self, options: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        """Raises OptionError if the plugin does not exist or refuses its options."""
        name = str(options["cache_plugin"])
        settings = {
            "_uri": options.get("cache_connection"),
            "_timeout": options.get("shared_cache_ttl"),
            "_prefix": options.get("cache_prefix"),
        }
        self._name = name
        self._warn = warn
        self._key = _key(options)
        try:
            self._plugin = cache_loader.get(name, **{key: one for key, one in settings.items() if one is not None})
        except Exception as error:
            raise OptionError(
                f"The cache plugin {name} (cache_plugin) does not start: {error} Is cache_connection what it needs?"
            ) from None
        if self._plugin is None:
            raise OptionError(
                f"The cache plugin {name} (cache_plugin) does not exist. ansible-doc -t cache -l lists them."
            )

    def get(self, query: str) -> Optional[dict[str, Any]]:
        name = self._entry(query)
        try:
            found = self._plugin.get(name) if self._plugin.contains(name) else None
        except Exception as error:
            self._complain("read", error)
            return None
        text, code = (found.get("json"), found.get("hmac")) if isinstance(found, dict) else (None, None)
        if not isinstance(text, str) or not isinstance(code, str):
            return None
        if not hmac.compare_digest(self._code(name, text).encode(), code.encode("utf-8", "replace")):
            return None
        value = json.loads(text)
        return value if isinstance(value, dict) else None

    def put(self, query: str, value: dict[str, Any]) -> None:
        name, text = self._entry(query), json.dumps(value)
        try:
            self._plugin.set(name, {"json": text, "hmac": self._code(name, text)})
        except Exception as error:
            self._complain("written", error)

    def _entry(self, query: str) -> str:
        return self._code("name", reader.digest([VERSION, _LAYOUT, query]))

    def _code(self, name: str, text: str) -> str:
        message = f"{name}\n{text}".encode("utf-8", "replace")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def _complain(self, what: str, error: Exception) -> None:
        self._warn(f"The cache of {self._name} could not be {what}, so Catchpoint is queried: {error}")


def _key(options: Mapping[str, Any]) -> bytes:
    """A key that depends on the credentials and does not reveal them."""
    secret = reader.account({**options, "proxy": None, "ca_path": None})
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), b"community.catchpoint", _ROUNDS)
