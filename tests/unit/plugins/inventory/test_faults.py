# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin when the service, the cache or an option fails: errors name the source file, and no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable
from urllib.parse import quote

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.template import Templar
from ansible.utils.display import Display
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    respond,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.modules.test_faults import (
    FAULTS,
    SECRET,
    TOKEN,
    V1,
    V2,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.conftest import run_folder

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 and earlier trust what is in variables

    def trust_as_template(value: Any) -> Any:
        return value


__all__ = ["run_folder"]

NAME = "community.catchpoint.catchpoint"
TESTS = respond(200, v2_list("tests", {"id": 1, "name": "Home", "productId": 5}))
PRODUCTS = respond(200, v2_list("products", {"id": 5, "name": "Shop"}))

Parse = Callable[..., InventoryData]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that Ansible shows at -vvvvv."""
    texts: list[str] = []
    monkeypatch.setattr(Display, "verbosity", 5, raising=False)
    monkeypatch.setattr(Display, "display", lambda _self, text, *_more, **_options: texts.append(str(text)))
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_more, **_options: texts.append(str(text)))
    return texts


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "shop.catchpoint.yml"


@pytest.fixture
def parse(server: ScriptedServer, source: Path, shown: list[str]) -> Parse:
    """Parses a source file with these options, as Ansible does."""

    def run(**options: Any) -> InventoryData:
        given = {"plugin": NAME, "base_url": server.url, "retry_budget": 0, **options}
        source.write_text(yaml.safe_dump(given), encoding="utf-8")
        inventory = InventoryData()
        plugin = inventory_loader.get(NAME)
        plugin.parse(inventory, DataLoader(), str(source))
        if options.get("cache"):
            plugin.update_cache_if_changed()
        return inventory

    return run


def assert_no_secret(*texts: str) -> None:
    text = " ".join(texts)
    for spelling in (SECRET, quote(SECRET), quote(SECRET, safe=""), json.dumps(SECRET)[1:-1], repr(SECRET)[1:-1]):
        assert spelling not in text


def causes(error: BaseException) -> str:
    """An error and what Ansible may show beside it."""
    return " ".join(str(one) for one in (error, error.__cause__, error.__context__) if one is not None)


@pytest.mark.parametrize("fault", [name for name in FAULTS if not name.startswith("v1")])
def test_v2(parse: Parse, server: ScriptedServer, source: Path, shown: list[str], fault: str) -> None:
    step, message = FAULTS[fault]
    server.script = [step]
    with pytest.raises(AnsibleParserError, match=f"^{source}: ") as failed:
        parse(**V2)
    assert message in str(failed.value)
    assert len(server.requests) == 1
    assert_no_secret(causes(failed.value), *shown)


@pytest.mark.parametrize("fault", [name for name in FAULTS if not name.startswith("v2")])
def test_v1(parse: Parse, server: ScriptedServer, source: Path, shown: list[str], fault: str) -> None:
    step, message = FAULTS[fault]
    server.script = [TOKEN, step, step]
    with pytest.raises(AnsibleParserError, match=f"^{source}: ") as failed:
        parse(**V1)
    assert message in str(failed.value)
    assert_no_secret(causes(failed.value), *shown)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "No Catchpoint credentials are given."),
        ({**V1, **V2}, "Both kinds of credentials are given"),
        ({**V2, "base_url": "http://127.0.0.1:1"}, "could not connect"),
        ({**V2, "base_url": f"http://me:{quote(SECRET, safe='')}@127.0.0.1:1"}, "must not"),
        ({**V2, "rate_limits": V2["api_key"]}, "rate_limits"),
        ({**V2, "api_version": V2["api_key"]}, "api_version"),
        ({**V2, "validate_certs": V2["api_key"]}, "validate_certs"),
        ({**V2, "prduct": "Web shop"}, "'prduct' is not an option of this plugin. Did you mean product?"),
        ({**V2, "xyz": 1}, "'xyz' is not an option of this plugin. ansible-doc -t inventory"),
    ],
)
def test_options(
    parse: Parse, server: ScriptedServer, source: Path, shown: list[str], options: Any, message: str
) -> None:
    with pytest.raises(AnsibleParserError, match=f"^{source}: ") as failed:
        parse(**options)
    assert message in str(failed.value)
    assert server.requests == []
    assert_no_secret(causes(failed.value), *shown)


def test_a_failure_after_the_tests_adds_no_hosts(parse: Parse, server: ScriptedServer) -> None:
    server.script = [TESTS, respond(500, b"oops")]
    with pytest.raises(AnsibleParserError, match="The service failed"):
        parse(**V2)


@pytest.mark.parametrize("source_of", ["tests", "agents"])
def test_nothing_found_is_a_warning(
    parse: Parse, server: ScriptedServer, source: Path, shown: list[str], source_of: str
) -> None:
    server.script = [respond(200, v2_list("tests" if source_of == "tests" else "nodes"))]
    assert parse(**V2, source=source_of).hosts == {}
    assert any(text.startswith(f"{source}: no {source_of[:-1]} matches the filters") for text in shown)


@pytest.mark.parametrize("cached", [False, True])
def test_texts_of_the_service_are_not_templates(
    parse: Parse, server: ScriptedServer, tmp_path: Path, cached: bool
) -> None:
    """Otherwise, whoever may name a test could run code on the controller."""
    name = "{{ 1 + 1 }}"
    test = {"id": 1, "name": name, "productId": 5, "labels": [{"name": "team", "values": [name]}]}
    server.script = [respond(200, v2_list("tests", test)), PRODUCTS]
    options = {"compose": {"title": "catchpoint_name", "longer": "'x' ~ catchpoint_name"}}
    if cached:
        options.update(CACHE, cache_connection=str(tmp_path / "cache"))
        parse(**V2, **options)
    (host,) = parse(**V2, **options).hosts.values()
    templar = Templar(loader=DataLoader(), variables={**host.vars, "host": host.name})
    for variable in ("host", "catchpoint_name", "catchpoint_labels.team[0]", "title"):
        assert templar.template(trust_as_template(f"{{{{ {variable} }}}}")) == name
    assert templar.template(trust_as_template("{{ longer }}")) == f"x{name}"


CACHE: dict[str, Any] = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile"}


def test_the_cache_has_no_secret_and_saves_requests(
    parse: Parse, server: ScriptedServer, tmp_path: Path, shown: list[str]
) -> None:
    server.script = [TESTS, PRODUCTS]
    for _run in range(2):
        assert list(parse(**V2, **CACHE, cache_connection=str(tmp_path / "cache")).hosts) == ["Home"]
    assert len(server.requests) == 2
    files = [path for path in (tmp_path / "cache").iterdir() if path.is_file()]
    assert files
    assert_no_secret(*map(str, files), *(path.read_text(encoding="utf-8") for path in files), *shown)


@pytest.mark.parametrize("content", ["", "{", "[[1]]", '[["Home", 1]]', '"text"', "5"])
def test_a_damaged_cache_costs_requests_only(
    parse: Parse, server: ScriptedServer, tmp_path: Path, shown: list[str], content: str
) -> None:
    place = tmp_path / "cache"
    server.script = [TESTS, PRODUCTS, TESTS, PRODUCTS]
    parse(**V2, **CACHE, cache_connection=str(place))
    del shown[:]
    for path in place.iterdir():
        path.write_text(content, encoding="utf-8")
    assert list(parse(**V2, **CACHE, cache_connection=str(place)).hosts) == ["Home"]
    assert any("the cache is damaged, so the hosts are requested again" in text for text in shown)


def test_a_cache_that_cannot_be_written(parse: Parse, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server.script = [TESTS, PRODUCTS]
    with pytest.raises(AnsibleError, match="cache"):
        parse(**V2, **CACHE, cache_connection=str(tmp_path / "file" / "cache"))
