# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options: accepted values, refused values, and no secret in a message."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import (
    CONNECTION_OPTIONS,
    connection,
    secret_texts,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.rate_limit import parse

V1 = {"client_id": "the-id", "client_secret": "the-secret"}
V2 = {"api_key": "the-key"}


def test_defaults() -> None:
    checked = connection(V2)
    assert checked.base_url == "https://io.catchpoint.com"
    assert (checked.timeout, checked.retry_budget, checked.ids_per_request) == (30.0, 60.0, 150)
    assert checked.validate_certs is True
    assert checked.ca_path is None
    assert checked.proxy is None


@pytest.mark.parametrize("off", ["off", False, "False"])
def test_no_limits_with_and_without_quotes(off: Any) -> None:
    assert parse(connection({**V2, "rate_limits": off}).rate_limits) == ()


@pytest.mark.parametrize(
    ("options", "version", "generation"),
    [
        (V2, "v2", 2),
        (V1, "v1", 1),
        ({**V2, "api_version": "v2"}, "v2", 2),
        ({**V2, "api_version": "v3.3"}, "v3.3", 2),
        ({**V2, "api_version": "v4"}, "v4", 2),
        ({**V1, "api_version": "v1"}, "v1", 1),
        ({**V2, "api_version": ""}, "v2", 2),
    ],
)
def test_api_version(options: dict[str, Any], version: str, generation: int) -> None:
    checked = connection(options)
    assert (checked.api_version, checked.generation) == (version, generation)


@pytest.mark.parametrize("version", ["2", "V2", "v0", "v2.", "v2.1.0", "latest", "v2/", "v2\n", "../v2"])
def test_api_version_of_another_form(version: str) -> None:
    with pytest.raises(OptionError, match=r"api_version must look like v2 or v3\.3"):
        connection({**V2, "api_version": version})


@pytest.mark.parametrize(
    ("options", "needed"),
    [({**V2, "api_version": "v1"}, "client_id with client_secret"), ({**V1, "api_version": "v2"}, "an api_key")],
)
def test_api_version_that_does_not_match_the_credentials_is_refused(options: dict[str, Any], needed: str) -> None:
    with pytest.raises(OptionError, match=f"needs {needed}"):
        connection(options)


@pytest.mark.parametrize("options", [{}, {"api_key": None}, {"api_key": "", "client_id": "", "client_secret": ""}])
def test_missing_credentials_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError) as caught:
        connection(options)
    for name in ("api_key", "CATCHPOINT_API_KEY", "client_secret", "CATCHPOINT_CLIENT_ID", "CATCHPOINT_CLIENT_SECRET"):
        assert name in str(caught.value)


@pytest.mark.parametrize("also", [{"client_id": "i"}, {"client_secret": "s"}, V1])
def test_credentials_of_both_versions_are_refused(also: dict[str, str]) -> None:
    with pytest.raises(OptionError, match="Both kinds of credentials") as caught:
        connection({**V2, **also})
    assert all(f"CATCHPOINT_{name.upper()}" in str(caught.value) for name in ["api_key", *also])
    assert "the-" not in str(caught.value)


@pytest.mark.parametrize(("given", "missing"), [("client_id", "client_secret"), ("client_secret", "client_id")])
def test_incomplete_v1_credentials_are_refused(given: str, missing: str) -> None:
    with pytest.raises(OptionError, match=f"{given} is given without {missing}.*CATCHPOINT_{missing.upper()}"):
        connection({given: "x"})


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://catchpoint.example.com/", "https://catchpoint.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[::1]:8443//", "https://[::1]:8443"),
        ("https://gateway.example.com/catchpoint/", "https://gateway.example.com/catchpoint"),
        ("https://gateway.example.com/apis", "https://gateway.example.com/apis"),
        ("https://gateway.example.com/x/api/y", "https://gateway.example.com/x/api/y"),
        (" https://catchpoint.example.com\n", "https://catchpoint.example.com"),
        ("", "https://io.catchpoint.com"),
    ],
)
def test_base_url(given: str, taken: str) -> None:
    assert connection({**V2, "base_url": given}).base_url == taken


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("io.catchpoint.com", "must be an address"),
        ("ftp://io.catchpoint.com", "must be an address"),
        ("https://", "must be an address"),
        ("https://[::1", "must be an address"),
        ("https://host:port", "must be an address"),
        ("https://host:99999", "must be an address"),
        ("https://host:0", "must be an address"),
        ("https://ho st", "must be an address"),
        ("https://me:pass-word@io.catchpoint.com", "must not hold a user name or password"),
        ("https://io.catchpoint.com?x=pass-word", "must end after the host or a path"),
        ("https://io.catchpoint.com/?", "must end after the host or a path"),
        ("https://io.catchpoint.com/#", "must end after the host or a path"),
        ("https://io.catchpoint.com/api/v2", "must end before the API's own path"),
        ("https://io.catchpoint.com/api/v3.3/", "must end before the API's own path"),
        ("https://io.catchpoint.com/ui/api/v1", "must end before the API's own path"),
        ("https://gateway.example.com/catchpoint/ui/api/", "must end before the API's own path"),
        ("https://gateway.example.com/catchpoint/api/v2", "must end before the API's own path"),
        ("https://io.catchpoint.com/api", "must end before the API's own path"),
        ("https://io.catchpoint.com/api/", "must end before the API's own path"),
        ("https://io.catchpoint.com/api/v2/tests", "must end before the API's own path"),
        ("https://io.catchpoint.com/api/swagger/index.html", "must end before the API's own path"),
        ("https://io.catchpoint.com/ui/api/token", "must end before the API's own path"),
    ],
)
def test_invalid_base_url_is_refused(url: str, why: str) -> None:
    with pytest.raises(OptionError, match=f"base_url {why}") as caught:
        connection({**V2, "base_url": url})
    assert "pass-word" not in str(caught.value)


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize("name", ["timeout", "ids_per_request"])
def test_numbers_that_must_be_positive(name: str, value: float) -> None:
    with pytest.raises(OptionError, match=f"{name} must be greater than 0, not"):
        connection({**V2, name: value})


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_retry_budget(value: float) -> None:
    assert connection({**V2, "retry_budget": 0}).retry_budget == 0
    with pytest.raises(OptionError, match="retry_budget must be 0 or more seconds, not"):
        connection({**V2, "retry_budget": value})


def test_secrets() -> None:
    assert connection(V1).secrets == ["the-id", "the-secret"]
    assert connection({**V2, "proxy": "http://me:pass-word@proxy.example.com:3128"}).secrets == ["the-key", "pass-word"]
    assert connection({**V2, "proxy": "http://proxy.example.com:3128"}).secrets == ["the-key"]


@pytest.mark.parametrize("proxy", ["http://[proxy", "http://proxy:port", "proxy"])
def test_invalid_proxy_is_accepted_until_the_session_is_opened(proxy: str) -> None:
    assert connection({**V2, "proxy": proxy}).secrets == ["the-key"]


def test_environment_and_variable_names_derive_from_option_names() -> None:
    for option in CONNECTION_OPTIONS:
        assert option.env == f"CATCHPOINT_{option.name.upper()}"
        assert option.variable == f"ansible_catchpoint_{option.name}"
    secrets = {option.name for option in CONNECTION_OPTIONS if option.secret}
    assert secrets >= {"api_key", "client_id", "client_secret", "proxy"}


def test_requests_and_dateutil_are_imported_lazily() -> None:
    """A lookup with a cached result imports neither requests nor dateutil."""
    modules = [
        "_api.client",
        "_api.window_query",
        "_api.factory",
        "_operations.tests_data",
        "_operations.favorite_info",
    ]
    root = "ansible_collections.community.catchpoint.plugins.module_utils"
    program = (
        "import sys, json\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder\n"
        f"_AnsibleCollectionFinder(paths={sys.path!r})._install()\n"
        + "".join(f"import {root}.{module}\n" for module in modules)
        + "print(json.dumps([name for name in ('requests', 'dateutil', 'urllib3') if name in sys.modules]))\n"
    )
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert json.loads(result.stdout) == []


@pytest.mark.parametrize("pasted", ["Bearer the-key", "bearer  the-key", "Authorization: Bearer the-key", "the-key"])
def test_api_key_pasted_with_its_header(pasted: str) -> None:
    assert connection({"api_key": pasted}).api_key == "the-key"


@pytest.mark.parametrize("name", ["api_key", "client_id", "client_secret"])
def test_a_secret_of_20000_characters_is_refused(name: str) -> None:
    options: dict[str, Any] = {"api_key": "x"} if name == "api_key" else dict(V1)
    with pytest.raises(OptionError, match=f"{name} has 20000 characters"):
        connection({**options, name: "x" * 20000})


@pytest.mark.parametrize(
    ("base_url", "clear_text"),
    [
        ("http://io.catchpoint.com", True),
        ("http://10.0.0.1:8080", True),
        ("https://io.catchpoint.com", False),
        ("http://127.0.0.1:8089", False),
        ("http://[::1]:8089", False),
        ("http://localhost:8089", False),
    ],
)
def test_http_to_another_host_is_clear_text(base_url: str, clear_text: bool) -> None:
    assert connection({**V2, "base_url": base_url}).clear_text is clear_text


@pytest.mark.parametrize("name", ["base_url", "api_version", "rate_limits"])
def test_key_pasted_into_another_option_is_not_shown(name: str) -> None:
    key = "0123'ABCD\\efgh"
    with pytest.raises(OptionError, match=r"\*\*\*|must be an address") as caught:
        connection({"api_key": key, name: key})
    assert "ABCD" not in str(caught.value)


def test_passwords_in_urls_are_secret() -> None:
    options = {"base_url": "https://me:pass%2Fword@host", "proxy": "http://u:proxy-word@p", "api_key": "Bearer the-key"}
    assert {"pass%2Fword", "pass/word", "proxy-word", "the-key", "Bearer the-key"} <= set(secret_texts(options))
    assert secret_texts({"base_url": "https://host"}) == []
