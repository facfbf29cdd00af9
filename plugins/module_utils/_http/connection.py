# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the connection options, from which argument specs, documentation, environment, ini and variables follow.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Optional
from urllib.parse import SplitResult, unquote, urlsplit

from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import parse
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact

# Users copy this from the service's documentation along with the host: /api and all paths below it, or the end of a
# path that a gateway begins.
_API_PATH = re.compile(r"(?:^/(?:ui/)?api(?:/.*)?|.*/(?:ui/)?api(?:/v[0-9][0-9.]*)?/*)$")

# Users copy this from the header along with the key.
_BEARER = re.compile(r"\s*(?:authorization\s*:\s*)?bearer\s+", re.IGNORECASE)

# Servers limit all headers together to 8 to 64 KiB.
MAX_SECRET = 16 * 1024  # characters


class Option(NamedTuple):
    """One connection option. Environment, ini key and variable follow from its name."""

    name: str
    type: str = "str"
    default: Any = None
    secret: bool = False

    @property
    def env(self) -> str:
        return f"CATCHPOINT_{self.name.upper()}"

    @property
    def variable(self) -> str:
        return f"ansible_catchpoint_{self.name}"


CONNECTION_OPTIONS = tuple(Option(*row) for row in TABLE)


@dataclass(frozen=True)
class Connection:
    """Checked connection options. Either ``api_key`` or both of ``client_id`` and ``client_secret`` are set."""

    api_key: str | None = field(repr=False)
    client_id: str | None = field(repr=False)
    client_secret: str | None = field(repr=False)
    base_url: str  # scheme, host and port (and a path prefix where a gateway adds one), no slash at the end
    api_version: str  # the path segment: v1, v2, v3.3
    timeout: float  # seconds for one whole exchange
    retry_budget: float  # seconds that all waits of one kind together may take
    validate_certs: bool
    ca_path: str | None
    proxy: str | None = field(repr=False)
    rate_limits: str
    ids_per_request: int
    cache_ttl: float = 60.0  # seconds that a result about now is valid for in a run of Ansible; 0: nothing is cached

    @property
    def secrets(self) -> list[str]:
        """All texts of the options that must not be shown."""
        given = [self.api_key, self.client_id, self.client_secret, *_passwords(self.proxy)]
        return [text for text in given if text]

    @property
    def clear_text(self) -> bool:
        """Whether credentials travel unencrypted over a network."""
        return self.base_url.startswith("http://") and not _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def generation(self) -> int:
        """1 for the legacy API, 2 for v2 and everything that keeps its shapes."""
        return 1 if self.api_version == "v1" else 2


def connection(options: Mapping[str, Any]) -> Connection:
    """Checks the connection options. Raises OptionError, whose text contains no secret."""
    try:
        return _checked(options)
    except OptionError as error:
        # A secret may be quoted that was pasted into another option.
        error.args = (redact(str(error), secret_texts(options)),)
        raise


def secret_texts(options: Mapping[str, Any]) -> list[str]:
    """Returns all texts of unchecked options that must not be shown, also where they were pasted into a URL."""
    given = [str(options[option.name]) for option in CONNECTION_OPTIONS if option.secret and options.get(option.name)]
    urls = [options.get(name) for name in ("base_url", "proxy", "cache_connection")]
    keys = [_BEARER.sub("", text, count=1).strip() for text in given]
    parts = [part for url in urls for part in _passwords(url)]
    return [text for text in dict.fromkeys([*given, *keys, *parts]) if text]


def _checked(options: Mapping[str, Any]) -> Connection:
    given: dict[str, Any] = {option.name: options.get(option.name) for option in CONNECTION_OPTIONS}
    for option in CONNECTION_OPTIONS:
        if given[option.name] is None or given[option.name] == "":
            given[option.name] = option.default
    _check_credentials(given)
    if given["api_key"]:
        given["api_key"] = _BEARER.sub("", str(given["api_key"]), count=1)
    for name in ("api_key", "client_id", "client_secret"):
        if len(str(given[name] or "")) > MAX_SECRET:
            raise OptionError(
                f"{name} has {len(str(given[name]))} characters, more than any key of Catchpoint's. "
                "It was probably read from a file with more in it than the key."
            )
    given["api_version"] = _api_version(given)
    given["base_url"] = _base_url(str(given["base_url"]))
    for name in ("timeout", "ids_per_request"):
        if not 0 < given[name] < math.inf:
            raise OptionError(f"{name} must be greater than 0, not {given[name]}.")
    for name in ("retry_budget", "cache_ttl"):
        if not 0 <= given[name] < math.inf:
            raise OptionError(f"{name} must be 0 or more seconds, not {given[name]}.")
    given["rate_limits"] = str(given["rate_limits"])
    parse(given["rate_limits"])
    if given["cache"] and not given["cache_plugin"]:
        raise OptionError(
            "cache is on without cache_plugin. Name a cache plugin of Ansible's, such as ansible.builtin.jsonfile, and "
            "where it keeps its data in cache_connection; or switch cache off."
        )
    return Connection(**{member.name: given[member.name] for member in fields(Connection)})


def _check_credentials(given: Mapping[str, Any]) -> None:
    client = [name for name in ("client_id", "client_secret") if given[name]]
    if given["api_key"] and client:
        raise OptionError(
            f"Both kinds of credentials are given: api_key and {' and '.join(client)}. "
            "Keep api_key for REST API v2 and later, or client_id with client_secret for v1. "
            "They may also come from the environment: "
            f"{', '.join('CATCHPOINT_' + name.upper() for name in ['api_key', *client])}."
        )
    if len(client) == 1:
        missing = "client_secret" if client == ["client_id"] else "client_id"
        raise OptionError(
            f"{client[0]} is given without {missing}. Set {missing} or CATCHPOINT_{missing.upper()} as well."
        )
    if not given["api_key"] and not client:
        raise OptionError(
            "No Catchpoint credentials are given. Set api_key (or CATCHPOINT_API_KEY) for REST API v2 and later, "
            "or client_id with client_secret (or CATCHPOINT_CLIENT_ID with CATCHPOINT_CLIENT_SECRET) for v1."
        )


def _api_version(given: Mapping[str, Any]) -> str:
    default = "v2" if given["api_key"] else "v1"
    version = str(given["api_version"] or default)
    if not re.fullmatch(r"v[1-9][0-9]*(\.[0-9]+)?", version):
        raise OptionError(f"api_version must look like v2 or v3.3, not {version!r}.")
    if (version == "v1") != (default == "v1"):
        needed = "client_id with client_secret" if version == "v1" else "an api_key"
        raise OptionError(
            f"api_version {version} needs {needed}; leave api_version out to have it chosen by the credentials."
        )
    return version


def _base_url(text: str) -> str:
    # Anywhere: a password with a slash in it would pass for a path.
    if "@" in text:
        raise OptionError("base_url must not hold a user name or password; credentials have options of their own.")
    url = _address(text)
    if url is None or url.scheme not in ("http", "https") or not url.hostname or len(text.split()) != 1:
        raise OptionError("base_url must be an address such as https://io.catchpoint.com.")
    if "?" in text or "#" in text:
        raise OptionError("base_url must end after the host or a path; leave the part after ? or # out.")
    if _API_PATH.search(url.path):
        raise OptionError(
            f"base_url must end before the API's own path, as in {url.scheme}://{url.netloc}; "
            "api_version chooses between /api/v2, /ui/api/v1 and others."
        )
    return text.strip().rstrip("/")


def _passwords(url: Any) -> list[str]:
    """Returns user and password of a URL, as they are written there and as they are sent; [] without any."""
    before, at, _host = str(url or "").rpartition("@")
    if not at:
        return []
    # By hand: a password with a slash or a colon in it is not a valid URL.
    user, _colon, password = before.rpartition("://")[2].partition(":")
    secret = password or user
    return [text for text in dict.fromkeys([secret, unquote(secret)]) if text]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _address(text: str) -> Optional[SplitResult]:
    """The parts of a URL; None for a text whose host or port cannot be read."""
    try:
        url = urlsplit(text.strip())
        return url if url.port is None or url.port > 0 else None
    except ValueError:
        return None
