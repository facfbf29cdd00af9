# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import ScriptedServer


class Outcome(NamedTuple):
    """A module's result and output."""

    result: dict[str, Any]
    output: str
    status: int


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def run(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Runs a module's main() as Ansible does: the arguments as JSON on stdin, the result as JSON on stdout."""

    def start(module: str, arguments: dict[str, Any], **internal: Any) -> Outcome:
        arguments = {
            "base_url": server.url,
            **arguments,
            **{f"_ansible_{name}": value for name, value in internal.items()},
        }
        given = {name: value for name, value in arguments.items() if value is not None}
        stdin = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", None)
        monkeypatch.setattr(warnings, "_global_warnings", type(warnings._global_warnings)())
        with contextlib.suppress(ImportError):
            # From ansible-core 2.19 on, a process that has loaded the controller shows the warnings of a module itself.
            internal_parts = importlib.import_module("ansible.module_utils._internal")
            monkeypatch.setattr(internal_parts, "is_controller", False, raising=False)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "argv", [module])
        main = importlib.import_module(f"ansible_collections.community.catchpoint.plugins.modules.{module}").main
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        result, shown = json.loads(written.out), written.out
        # How ansible-core 2.22 and later hand secrets to the controller, which removes it and masks what it shows.
        if result.pop("_ansible_new_secrets", None):
            shown = json.dumps(result)
        return Outcome(result, shown + written.err, int(ended.value.code or 0))

    return start
