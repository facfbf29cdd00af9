# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cache keys of accounts and queries, and the age of cached results."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader

V1 = {"client_id": "the-id", "client_secret": "the-secret", "base_url": "https://io.catchpoint.com"}
V2 = {"api_key": "the-key", "base_url": "https://io.catchpoint.com"}


@pytest.mark.parametrize(
    "other",
    [
        {**V1, "client_secret": "the-secret2"},
        {**V1, "client_id": "the-id2"},
        {**V1, "base_url": "https://catchpoint.example.com"},
        {**V1, "api_version": "v2"},
        {**V1, "proxy": "http://proxy.example.com"},
        {**V1, "validate_certs": True},
        {**V1, "ca_path": "/ca.pem"},
        {**V1, "client_id": "the-secret", "client_secret": "the-id"},
        {**V1, "client_id": "the-i", "client_secret": "dthe-secret"},
        V2,
    ],
)
def test_different_accounts_have_different_keys(other: dict[str, Any]) -> None:
    assert reader.account(other) != reader.account(V1)


@pytest.mark.parametrize(
    "same",
    [
        {**V2, "base_url": "https://io.catchpoint.com/"},
        {**V2, "api_version": "v2"},
        {**V2, "api_version": ""},
        {**V2, "client_id": "", "client_secret": None},
        {**V2, "timeout": 3.0, "metrics": ["x"], "cache_ttl": 5},
    ],
)
def test_equal_accounts_have_the_same_key(same: dict[str, Any]) -> None:
    assert reader.account(same) == reader.account(V2)


def test_cache_keys_do_not_reveal_credentials() -> None:
    name = reader.account(V1)
    assert len(name) == 64
    assert "the" not in name


def test_data_query_keys_depend_on_the_options() -> None:
    one = {"start": "-60", "end": "now", "tz": "UTC", "metrics": ["201"], "include_runs": False}
    query = reader.data_query(one)
    assert reader.data_query({**one, "metrics": [201], "cache_ttl": 3, "max_age": 5}) == query
    for other in (
        {"start": "-61"},
        {"end": "2026-11-23T12:00:00Z"},
        {"tz": "Europe/Berlin"},
        {"metrics": []},
        {"metrics": ["201", "202"]},
        {"interval": "Day"},
        {"breakdown": "city"},
        {"include_runs": True},
    ):
        assert reader.data_query({**one, **other}) != query


def test_ages_of_cached_results_increase() -> None:
    found = {
        "requested_at": 1000.0,
        "live": True,
        "result": {
            "test_id": 1,
            "age_seconds": 10,
            "by_location": {"Oslo": {"age_seconds": 12}, "Berlin": {"age_seconds": None}},
        },
    }
    assert reader.aged(found, 1005.9) == {
        "test_id": 1,
        "age_seconds": 15,
        "by_location": {"Oslo": {"age_seconds": 17}, "Berlin": {"age_seconds": None}},
    }
    # The cached entry is not changed.
    assert reader.aged(found, 1001.0)["age_seconds"] == 11
    assert reader.aged(found, 999.0)["age_seconds"] == 10
    assert reader.aged({"requested_at": 0.0, "result": {"age_seconds": None}}, 9.0) == {"age_seconds": None}


@pytest.mark.parametrize(
    ("age", "max_age", "live", "outdated"),
    [(10, 15.0, True, True), (10, 20.0, True, False), (10, 5.0, True, False), (10, 15.0, False, False)],
)
def test_data_that_exceeded_max_age_in_the_cache_are_outdated(
    age: int, max_age: float, live: bool, outdated: bool
) -> None:
    found = {"requested_at": 1000.0, "live": live, "result": {"age_seconds": age}}
    assert reader.outdated(found, max_age, 1008.0) is outdated


def test_data_without_an_age_are_never_outdated() -> None:
    assert not reader.outdated({"requested_at": 0.0, "live": True, "result": {"age_seconds": None}}, 1.0, 9.0)
    assert not reader.outdated({"requested_at": 0.0, "live": True, "error": {}}, 1.0, 9.0)
    assert not reader.outdated({"requested_at": 0.0, "live": True, "result": {"age_seconds": 1}}, None, 9.0)
