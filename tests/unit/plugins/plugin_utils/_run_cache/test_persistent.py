# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The persistent cache: results for later runs, stored by an Ansible cache plugin."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import persistent
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient
from ansible_collections.community.catchpoint.tests.unit.clock import NOW
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 and earlier trust what is in variables

    def trust_as_template(value: Any) -> Any:
        return value


Maker = Callable[..., RunClient]
PAST = {"start": "2026-11-23T10:00:00Z", "end": "2026-11-23T11:00:00Z"}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def jsonfile(kept: Path) -> dict[str, Any]:
    return {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(kept)}


@pytest.fixture
def next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    runs = iter(range(2, 100))

    def begin() -> None:
        folder = tmp_path / f"ansible-local-{next(runs)}"
        folder.mkdir()
        monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(folder))

    return begin


def test_persistent_cache_is_off_by_default(controller: Maker, service: Service, next_run: Any) -> None:
    for _run in range(2):
        controller(cache_plugin="ansible.builtin.jsonfile", cache_connection="/nonexistent").test_data([1])
        next_run()
    assert len(service.ids) == 2


def test_results_about_the_past_are_requested_in_one_run_only(
    controller: Maker, service: Service, jsonfile: Any, next_run: Any
) -> None:
    service.newest = "10:30:00"
    first = controller(**jsonfile, **PAST).test_data([1])
    next_run()
    second = controller(**jsonfile, **PAST)
    assert second.test_data([1]) == first
    assert second.session.requests_made == 0
    controller(**jsonfile, **PAST).test_data([1, 2])
    next_run()
    controller(**jsonfile, **PAST).test_data([2, 1])
    assert service.ids == [[1], [2]]


def test_all_cached_results_are_read_at_once(
    controller: Maker, service: Service, jsonfile: Any, next_run: Any, kept: Path
) -> None:
    service.newest = "10:30:00"
    controller(**jsonfile, **PAST).test_data([1, 2, 3])
    next_run()
    controller(**jsonfile, **PAST).test_data([2])
    for path in kept.iterdir():
        path.unlink()
    controller(**jsonfile, **PAST).test_data([1, 2, 3])
    assert service.ids == [[1, 2, 3]]


def test_live_results_expire_after_their_ttl(
    controller: Maker, service: Service, jsonfile: Any, next_run: Any, clock: FakeClock
) -> None:
    controller(**jsonfile).test_data([1])
    next_run()
    clock.time += 30
    assert controller(**jsonfile).test_data([1])[0]["age_seconds"] == 90
    next_run()
    clock.time += 31
    controller(**jsonfile).test_data([1])
    assert len(service.ids) == 2


def test_enumerations_are_cached(controller: Maker, service: Service, jsonfile: Any, next_run: Any) -> None:
    controller(**jsonfile, metrics=["test_time"]).test_data([1])
    next_run()
    controller(**jsonfile, metrics=["test_time"]).test_data([2])
    assert service.paths == {"enumeration": 1, "raw": 2}


def test_credentials_and_tokens_are_not_cached(controller: Maker, service: Service, jsonfile: Any, kept: Path) -> None:
    service.keys.add("the-secret")
    controller(**jsonfile).test_data([1])
    one = controller(**jsonfile, client_id="the-id", client_secret="the-secret")
    one.session._token()
    files = list(kept.iterdir())
    assert files
    for path in files:
        assert path.name.startswith("catchpoint_")
        for secret in ("the-key", "the-id", "the-secret", "token-1"):
            assert secret not in path.name
            assert secret not in path.read_text()


def test_accounts_share_nothing(controller: Maker, service: Service, jsonfile: Any, next_run: Any) -> None:
    controller(**jsonfile).test_data([1])
    next_run()
    controller(**jsonfile, api_key="another-key").test_data([1])
    assert len(service.ids) == 2


def test_errors_are_not_cached(controller: Maker, service: Service, jsonfile: Any, next_run: Any) -> None:
    for _run in range(2):
        with pytest.raises(Exception, match="Test 77 does not exist"):
            controller(**jsonfile).test_data([77])
        next_run()
    assert service.ids == [[77], [77]]


def test_shared_cache_ttl_is_passed_to_the_cache_plugin(
    controller: Maker, service: Service, jsonfile: Any, kept: Path, next_run: Any
) -> None:
    service.newest = "10:30:00"
    controller(**jsonfile, **PAST, shared_cache_ttl=0).test_data([1])
    # The plugin compares the time of the file, which is real, with the fixed clock of unit tests.
    for path in stored(kept):
        os.utime(path, (NOW, NOW))
    next_run()
    controller(**jsonfile, **PAST, shared_cache_ttl=-1).test_data([1])
    assert len(service.ids) == 2


def test_prefix(controller: Maker, jsonfile: Any, kept: Path) -> None:
    controller(**jsonfile, cache_prefix="mine_").test_data([1])
    assert [path.name[:5] for path in kept.iterdir()] == ["mine_"]


def test_an_unreadable_cache_gives_a_warning(
    controller: Maker, service: Service, jsonfile: Any, kept: Path, next_run: Any, announced: list[str]
) -> None:
    controller(**jsonfile).test_data([1])
    next_run()
    for path in kept.iterdir():
        path.write_text("{broken")
    assert controller(**jsonfile).test_data([1])[0]["test_id"] == 1
    assert len(service.ids) == 2
    assert any(
        "The cache of ansible.builtin.jsonfile could not be read, so Catchpoint is queried" in w for w in announced
    )


def test_cache_without_a_plugin_is_refused(controller: Maker) -> None:
    with pytest.raises(OptionError, match="cache is on without cache_plugin"):
        controller(cache=True)


def test_an_unknown_cache_plugin_is_refused(controller: Maker) -> None:
    with pytest.raises(OptionError, match="no_such_plugin"):
        controller(cache=True, cache_plugin="no_such_plugin")


def test_a_cache_plugin_that_cannot_start_is_refused(controller: Maker) -> None:
    with pytest.raises(OptionError, match=r"ansible\.builtin\.jsonfile \(cache_plugin\) does not start"):
        controller(cache=True, cache_plugin="ansible.builtin.jsonfile")


# Entries that another program may have written


def stored(kept: Path) -> list[Path]:
    return [path for path in kept.iterdir() if path.is_file()]


WRONG: list[Any] = [
    None,
    5,
    "text",
    [],
    {},
    {"value": 1},
    {"1": {"requested_at": 1, "live": False, "result": {}}},
    {"json": 5, "hmac": "x"},
    {"json": "{}", "hmac": "x"},
    {"json": "{}", "hmac": "\u00e4"},
    {"json": "[", "hmac": None},
    {"json": '{"1": {"requested_at": 1, "live": false, "result": {"test_id": 1}}}', "hmac": "0" * 64},
]


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_an_entry_of_another_shape_is_absent(
    controller: Maker, service: Service, jsonfile: Any, kept: Path, next_run: Any, wrong: Any
) -> None:
    service.newest = "10:30:00"
    first = controller(**jsonfile, **PAST, metrics=["test_time"]).test_data([1])
    next_run()
    assert len(stored(kept)) == 2  # the data, and the enumeration
    for path in stored(kept):
        path.write_text(json.dumps(wrong))
    assert controller(**jsonfile, **PAST, metrics=["test_time"]).test_data([1]) == first
    assert service.paths == {"enumeration": 2, "raw": 2}


def test_an_entry_under_another_name_is_absent(
    controller: Maker, service: Service, jsonfile: Any, kept: Path, next_run: Any
) -> None:
    service.newest = "10:30:00"
    controller(**jsonfile, **PAST).test_data([1])
    (path,) = stored(kept)
    entry = path.read_text()
    next_run()
    controller(**jsonfile, **PAST, include_runs=True).test_data([1])
    for other in stored(kept):
        other.write_text(entry)
    next_run()
    assert "runs" in controller(**jsonfile, **PAST, include_runs=True).test_data([1])[0]
    assert len(service.ids) == 3


def test_entries_of_another_release_are_ignored(
    controller: Maker, service: Service, jsonfile: Any, next_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.newest = "10:30:00"
    for version in ("1.0.0", "1.1.0", "1.0.0", "1.1.0"):
        monkeypatch.setattr(persistent, "VERSION", version)
        controller(**jsonfile, **PAST).test_data([1])
        next_run()
    assert len(service.ids) == 2


def test_cached_texts_are_not_trusted_templates(controller: Maker, jsonfile: Any) -> None:
    """ansible-core 2.21 stores in a cache that a text is a template; write access to the cache could run code."""
    cache = controller(**jsonfile)._persistent
    assert isinstance(cache, persistent.CachePlugin)
    cache.put("query", {"text": trust_as_template("{{ 7 * 7 }}")})
    found = cache.get("query")
    assert found == {"text": "{{ 7 * 7 }}"}
    assert found["text"].__class__ is str
