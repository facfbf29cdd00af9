# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Answers that later runs and other controllers may use, kept by one of Ansible's own cache plugins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Callable, Optional

from ansible.plugins.loader import cache_loader
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

# Names of entries are seen by others. So many rounds make it hopeless to find even a short secret from one.
_ROUNDS = 20_000


class CachePlugin:
    """Keeps what it is given under a prefix and names that tell nothing, by a cache plugin of Ansible's."""

    def __init__(self, options: Mapping[str, Any], warn: Callable[[str], None]) -> None:
        """Raises OptionError when there is no such plugin, or it does not like its options."""
        name = str(options["cache_plugin"])
        settings = {
            "_uri": options.get("cache_connection"),
            "_timeout": options.get("shared_cache_ttl"),
            "_prefix": options.get("cache_prefix"),
        }
        self._name = name
        self._warn = warn
        self._owner = _owner(options)
        try:
            self._plugin = cache_loader.get(name, **{key: one for key, one in settings.items() if one is not None})
        except Exception as error:
            raise OptionError(
                f"The cache plugin {name} (cache_plugin) does not start: {error} Is cache_connection what it needs?"
            ) from None
        if self._plugin is None:
            raise OptionError(f"There is no cache plugin {name} (cache_plugin). ansible-doc -t cache -l lists them.")

    def get(self, question: str) -> Optional[dict[str, Any]]:
        name = self._entry(question)
        try:
            found = self._plugin.get(name) if self._plugin.contains(name) else None
        except Exception as error:
            self._complain("read", error)
            return None
        return found if isinstance(found, dict) else None

    def put(self, question: str, value: dict[str, Any]) -> None:
        try:
            self._plugin.set(self._entry(question), value)
        except Exception as error:
            self._complain("written", error)

    def _entry(self, question: str) -> str:
        return reader.digest([self._owner, question])

    def _complain(self, what: str, error: Exception) -> None:
        self._warn(f"The cache of {self._name} could not be {what}, so Catchpoint is asked: {error}")


def _owner(options: Mapping[str, Any]) -> str:
    """A name for the account that nobody gets credentials from."""
    secret = reader.account({**options, "proxy": None, "ca_path": None})
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), b"community.catchpoint", _ROUNDS).hex()
