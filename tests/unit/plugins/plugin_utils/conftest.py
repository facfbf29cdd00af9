# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible import constants
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import FakeClock
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service

NOON = 1_795_435_200.0  # 2026-11-23T12:00:00Z


@pytest.fixture(autouse=True)
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this run of Ansible, new for each test."""
    folder = tmp_path / "ansible-local"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(folder))
    monkeypatch.setattr(reader, "unwritten", {})
    return folder


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


@pytest.fixture
def options(service: Service) -> Callable[..., dict[str, Any]]:
    """All options of a data query, with a connection to the service."""

    def make(**given: Any) -> dict[str, Any]:
        defaults = {name: default for name, _type, default, _secret in TABLE}
        names = ("start", "interval", "metrics", "breakdown", "max_age")
        data = {**dict.fromkeys(names), "end": "now", "tz": "UTC", "include_runs": False}
        key = {} if "client_id" in given else {"api_key": "the-key"}
        return {**defaults, **data, "base_url": service.url, **key, **given}

    return make


@pytest.fixture
def announced() -> list[str]:
    return []


@pytest.fixture
def controller(options: Any, clock: FakeClock, announced: list[str]) -> Callable[..., RunClient]:
    def make(**given: Any) -> RunClient:
        return RunClient(options(**given), warn=announced.append, announce=announced.append, clock=clock)

    return make
