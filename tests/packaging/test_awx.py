# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX and Automation Platform need: an execution environment, and credential types that plugins understand.

Tested without a container engine and without AWX: the context that ansible-builder creates from the example, the
packages that it would install into the image, and a playbook in the environment that AWX creates from a credential.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import release
import yaml
from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from user import User

EXAMPLES = Path("docs") / "examples"

# The inputs and injectors of custom credential types that AWX accepts, as far as these examples use them.
NAME = "^[a-zA-Z_][a-zA-Z0-9_]*$"
INPUTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "required": {"type": "array", "items": {"type": "string"}},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "label", "type"],
                "properties": {
                    "id": {"type": "string", "pattern": NAME},
                    "label": {"type": "string"},
                    "type": {"const": "string"},
                    "help_text": {"type": "string"},
                    "secret": {"type": "boolean"},
                },
            },
        },
    },
}
INJECTORS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "env": {
            "type": "object",
            # ANSIBLE_* is refused
            "propertyNames": {"pattern": f"^(?!ANSIBLE_){NAME[1:]}"},
            "additionalProperties": {"type": "string", "pattern": "^[\x00-\x7f]*$"},
        }
    },
}
PAGE = "{{ lookup('community.catchpoint.catchpoint_test_data', 81093) }}"
ASKS: list[dict[str, Any]] = [
    {"community.catchpoint.catchpoint_node_info": {"node_ids": 257}, "register": "found"},
    {"ansible.builtin.debug": {"msg": "{{ found.nodes[0].id }}: {{ page.test_name }}"}, "vars": {"page": PAGE}},
]


def read(*place: str) -> Any:
    """An installed example."""
    return yaml.safe_load(release.INSTALLED.joinpath(EXAMPLES, *place).read_text(encoding="utf-8"))


def rendered(kind: str, filled: dict[str, str], undefined: type[Undefined] = Undefined) -> dict[str, str]:
    """The environment of a job with a credential in which these fields are filled."""
    engine = ImmutableSandboxedEnvironment(undefined=undefined)
    templates = read("awx", kind, "injectors.yml")["env"]
    return {name: engine.from_string(template).render(**filled) for name, template in templates.items()}


def test_the_guide_names_the_examples(artefact: Path) -> None:
    guide = (release.INSTALLED / "docs" / "docsite" / "rst" / "awx_guide.rst").read_text(encoding="utf-8")
    named = set(re.findall(r"/blob/main/(docs/examples/[^>]+)>", guide))
    of_awx = (release.INSTALLED / EXAMPLES / "awx").rglob("*.yml")
    there = {str(path.relative_to(release.INSTALLED)) for path in of_awx}
    assert named == {*there, str(EXAMPLES / "execution-environment.yml")}


# The execution environment


def test_the_example_becomes_a_buildable_context(user: User) -> None:
    example = release.INSTALLED / EXAMPLES / "execution-environment.yml"
    status, output = user.runs("ansible-builder", "create", "--file", example, "--context", user.folder / "context")
    assert status == 0, output
    requirements = yaml.safe_load((user.folder / "context" / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    # As in the README: from git, because the collection is not on Galaxy yet.
    source = "https://github.com/ansible-collections/community.catchpoint.git"
    assert requirements == {"collections": [{"name": source, "type": "git"}]}
    recipes = list((user.folder / "context").glob("*file"))
    assert [recipe.name for recipe in recipes] in (["Containerfile"], ["Dockerfile"])
    assert "introspect.py introspect" in recipes[0].read_text(encoding="utf-8")


def test_an_image_installs_the_required_libraries(user: User) -> None:
    written = user.folder / "requirements.txt"
    status, output = user.runs("ansible-builder", "introspect", "--write-pip", written, release.ARTEFACT)
    assert status == 0, output
    lines = [line.partition("#")[0].strip() for line in written.read_text(encoding="utf-8").splitlines()]
    names = {line.split()[0]: line for line in lines if line}
    assert set(names) == {"python-dateutil", "requests", "urllib3"}, output
    declared = (release.ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    assert {line.replace(" ", "") for line in names.values()} == {
        line.replace(" ", "") for line in declared if line and not line.startswith("#")
    }


# Credential types


@pytest.mark.parametrize("kind", ["api_key", "client"])
def test_awx_accepts_the_credential_type(kind: str, artefact: Path) -> None:
    inputs, injectors = read("awx", kind, "inputs.yml"), read("awx", kind, "injectors.yml")
    jsonschema.validate(inputs, INPUTS)
    jsonschema.validate(injectors, INJECTORS)
    fields = {field["id"]: field for field in inputs["fields"]}
    assert len(fields) == len(inputs["fields"])
    assert set(inputs["required"]) <= set(fields)
    assert {name for name in fields if "key" in name or "secret" in name} == {
        name for name, field in fields.items() if field.get("secret")
    }
    # AWX refuses a template with an unknown field, and each field must be injected.
    values = {name: f"value of {name}" for name in fields}
    assert sorted(rendered(kind, values, StrictUndefined).values()) == sorted(values.values())


@pytest.mark.parametrize("kind", ["api_key", "client"])
def test_a_job_uses_its_credential(kind: str, user: User, start: ModuleType) -> None:
    with start.running() as simulator:
        known = {
            "api_key": simulator.api_key,
            "client_id": simulator.client_id,
            "client_secret": simulator.client_secret,
            "base_url": simulator.url,
        }
        fields = [field["id"] for field in read("awx", kind, "inputs.yml")["fields"]]
        environment = rendered(kind, {name: known[name] for name in fields})
        assert set(environment) <= set(simulator.environment) | set(simulator.environment_v1)
        status, output = user.plays(ASKS, **environment)
        assert status == 0, output
        assert "257: Home page" in output
        assert known[fields[-2]] not in output
        generation = {"api_key": "/api/v2/", "client": "/ui/api/"}[kind]
        paths = [request["path"] for request in simulator.requests()]
        assert paths
        assert all(path.startswith(generation) for path in paths), paths


def test_an_empty_field_counts_as_omitted(user: User, artefact: Path) -> None:
    environment = rendered("api_key", {"api_key": "made-up"})
    assert environment["CATCHPOINT_BASE_URL"] == ""
    # A closed port, so that no request leaves this machine.
    nowhere = {"CATCHPOINT_PROXY": "http://127.0.0.1:9", "CATCHPOINT_RETRY_BUDGET": "0"}
    for task in (
        ASKS[0],
        {"ansible.builtin.debug": {"msg": "{{ lookup('community.catchpoint.catchpoint_test_data', 1) }}"}},
    ):
        status, output = user.plays([task], **environment, **nowhere)
        assert status != 0
        assert "io.catchpoint.com" in output, output
