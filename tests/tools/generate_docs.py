# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes shared documentation from documentation.yml into the plugins, between marker comments.

Usage: python3 tests/tools/generate_docs.py [--check]

With --check nothing is written; the exit status is 1 when a file is not up to date. Needs PyYAML.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).with_name("documentation.yml")
# PyYAML breaks a line at the first space after this column; the limit is 120 and the longest word has 30 characters.
WIDTH = 84

LOOKUP = "plugins/lookup/catchpoint_test_data.py"
MODULE = "plugins/modules/catchpoint_test_data_info.py"
CONNECTION = "plugins/doc_fragments/connection.py"
DATA = "plugins/doc_fragments/test_data.py"
TABLE = "plugins/module_utils/_http/connection_table.py"

_BLOCK = re.compile(
    r"(?P<begin>^(?P<indent> *)# BEGIN GENERATED (?P<name>\w+)[^\n]*\n).*?(?P<end>^ *# END GENERATED (?P=name)\n)",
    re.DOTALL | re.MULTILINE,
)


class _Dumper(yaml.SafeDumper):
    """Indents lists, as the rest of the documentation does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def blocks(source: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Returns the text of each block, without its indentation, by file and name."""
    connection, data = source["connection"], source["test_data"]
    returns, requests_made = source["returns"], _yaml(source["requests_made"])
    requirements = _yaml({"requirements": source["requirements"]})
    # The cache of an inventory plugin is Ansible's own, with options of the same names.
    uncached = [option for option in connection if "cache" not in option["name"]]
    modules = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "plugins" / "modules").glob("*_info.py"))
    return {
        **{module: {"requests_made": requests_made} for module in modules},
        TABLE: {"table": _table(connection)},
        CONNECTION: {
            "module_options": _yaml(_options(connection)),
            "module_notes": _yaml({"requirements": source["requirements"], "notes": source["module_notes"]}),
            "plugin_options": _yaml(_options(connection, sources=True)),
            "plugin_notes": requirements,
            "inventory_options": _yaml(_options(uncached, sources=True)),
            "inventory_notes": requirements,
        },
        DATA: {
            "module_options": _yaml(_options(data)),
            "plugin_options": _yaml(_options(data, sources=None)),
        },
        MODULE: {
            "policies": _yaml(_policies(source, "module")),
            "returns": _yaml(returns),
            "requests_made": requests_made,
        },
        LOOKUP: {
            "policies": _yaml(_policies(source, "lookup")),
            "returns": _yaml(returns),
            "definitions": _definitions([*_as_list(_policies(source, "lookup")), *data]),
        },
    }


def generated(text: str, texts: dict[str, str]) -> str:
    """Returns a file's text with its blocks replaced. Raises: KeyError for a block that is in only one of both."""
    found = {match["name"] for match in _BLOCK.finditer(text)}
    if found != set(texts):
        raise KeyError(", ".join(sorted(found ^ set(texts))))
    return _BLOCK.sub(
        lambda match: match["begin"] + textwrap.indent(texts[match["name"]], match["indent"]) + match["end"], text
    )


def _options(options: list[dict[str, Any]], *, sources: bool | None = False) -> dict[str, Any]:
    """Returns options as DOCUMENTATION has them; ``sources`` None: with the sources of those that have some."""
    found = {}
    for option in options:
        members = {key: value for key, value in option.items() if key not in ("name", "secret", "sources")}
        if sources or (sources is None and option.get("sources")):
            members.update(_sources(option["name"]))
        found[option["name"]] = members
    return found


def _sources(name: str) -> dict[str, Any]:
    return {
        "env": [{"name": f"CATCHPOINT_{name.upper()}"}],
        "ini": [{"section": "catchpoint", "key": name}],
        "vars": [{"name": f"ansible_catchpoint_{name}"}],
    }


def _policies(source: dict[str, Any], plugin: str) -> dict[str, Any]:
    return {
        policy["name"]: {
            "type": policy["type"],
            "choices": policy["choices"],
            "default": source["policy_defaults"][plugin],
            "description": [*policy["description"], source["policy_reasons"][plugin]],
        }
        for policy in source["policies"]
    }


def _as_list(options: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, **option} for name, option in options.items()]


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=WIDTH, allow_unicode=True)


def _table(options: list[dict[str, Any]]) -> str:
    return "".join(
        f"({_python(option['name'])}, {_python(option['type'])}, {_python(option.get('default'))}, "
        f"{option.get('secret', False)}),\n"
        for option in options
    )


def _definitions(options: list[dict[str, Any]]) -> str:
    """Returns the lines of a Python dictionary of options."""
    lines = []
    for option in options:
        members = {key: option[key] for key in ("type", "elements", "default", "choices") if key in option}
        text = ", ".join(f"{_python(key)}: {_python(value)}" for key, value in members.items())
        sources = f", **_plugin_options.sources({_python(option['name'])})" if option.get("sources") else ""
        lines.append(f"{_python(option['name'])}: {{{text}{sources}}},\n")
    return "".join(lines)


def _python(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_python, value))}]"
    return repr(value)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file is not up to date")
    check = parser.parse_args().check
    outdated = []
    for name, texts in blocks(yaml.safe_load(SOURCE.read_text(encoding="utf-8"))).items():
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = generated(before, texts)
        if after != before:
            outdated.append(name)
            if not check:
                path.write_text(after, encoding="utf-8")
    for name in outdated:
        print(f"{name}: {'is not up to date, run tests/tools/generate_docs.py' if check else 'written'}")
    return 1 if check and outdated else 0


if __name__ == "__main__":
    sys.exit(main())
