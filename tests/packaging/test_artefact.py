# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Galaxy gets is what a user needs, Galaxy takes it, and what was installed from it works."""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pythons
import release
import yaml
from user import User

# what a user runs and reads; anything else at the top of the artefact is there by mistake
WANTED = {
    "CHANGELOG.md", "CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "LICENSES",
    "MANIFEST.json", "README.md", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles",
}  # fmt: skip


def test_it_holds_what_users_run_and_read_and_nothing_else(artefact: Path) -> None:
    with tarfile.open(artefact) as archive:
        names = [Path(name) for name in archive.getnames()]
    assert {name.parts[0] for name in names} == WANTED
    assert {name.parts[1] for name in names if name.parts[0] == "extensions" and len(name.parts) > 1} == {
        "eda",
        "simulator",
    }
    assert not [name for name in names if name.suffix == ".pyc"]


def test_it_is_of_the_version_that_galaxy_yml_names(artefact: Path) -> None:
    version = yaml.safe_load((release.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    assert artefact.name == f"community-catchpoint-{version}.tar.gz"


def test_galaxys_importer_has_no_complaint(artefact: Path, user: User) -> None:
    status, output = user.runs(sys.executable, "-m", "galaxy_importer.main", artefact)
    assert status == 0, output
    assert "ansible-lint run complete" in output
    assert [line for line in output.splitlines() if line.startswith(("WARNING", "ERROR"))] == []


def test_everything_that_was_installed_is_documented(user: User) -> None:
    status, output = user.runs("ansible-doc", "--metadata-dump", "community.catchpoint")
    assert status == 0, output
    documented = json.loads(output[output.index("{\n") :])["all"]  # a warning of ansible-core's own comes before it
    for folder in ("modules", "lookup", "filter", "test"):
        present = {path.stem for path in (release.ROOT / "plugins" / folder).glob("[a-z]*") if path.is_file()}
        kind = folder.removesuffix("s")
        assert {f"community.catchpoint.{name}" for name in present} == set(documented[kind])
    assert set(documented["role"]) == {"community.catchpoint.performance_gate"}


def test_a_user_rehearses_a_playbook_with_the_simulator_that_was_installed(user: User, start: ModuleType) -> None:
    """On the oldest Python that is found, as the simulator needs nothing but a Python."""
    found = pythons.find()
    healthy = "lookup('community.catchpoint.catchpoint_test_data', 81093).metrics.webpage_response.median < 2000"
    with start.running(python=str(found[min(found)])) as simulator:
        simulator.control("PUT", "/change", {"test_id": 81093, "at": "-2h", "factor": 5})
        status, output = user.plays([{"ansible.builtin.assert": {"that": healthy}}], **simulator.environment)
    assert status != 0
    assert "Assertion failed" in output, output
