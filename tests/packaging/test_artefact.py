# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artefact contains what users need, Galaxy accepts it, and its installation works."""

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

# the files that users run and read; any other entry at the top level is a mistake
WANTED = {
    "CHANGELOG.md", "CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "LICENSES",
    "MANIFEST.json", "README.md", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles",
}  # fmt: skip


def test_the_archive_contains_exactly_the_expected_entries(artefact: Path) -> None:
    with tarfile.open(artefact) as archive:
        names = [Path(name) for name in archive.getnames()]
    assert {name.parts[0] for name in names} == WANTED
    assert {name.parts[1] for name in names if name.parts[0] == "extensions" and len(name.parts) > 1} == {
        "eda",
        "simulator",
    }
    assert not [name for name in names if name.suffix == ".pyc"]


def test_the_archive_has_the_version_of_galaxy_yml(artefact: Path) -> None:
    version = yaml.safe_load((release.ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    assert artefact.name == f"community-catchpoint-{version}.tar.gz"


def test_galaxys_importer_accepts_the_archive(artefact: Path, user: User) -> None:
    status, output = user.runs(sys.executable, "-m", "galaxy_importer.main", artefact)
    assert status == 0, output
    assert "ansible-lint run complete" in output
    assert [line for line in output.splitlines() if line.startswith(("WARNING", "ERROR"))] == []


def test_every_installed_plugin_is_documented(user: User) -> None:
    status, output = user.runs("ansible-doc", "--metadata-dump", "community.catchpoint")
    assert status == 0, output
    documented = json.loads(output[output.index("{\n") :])["all"]  # ansible-core prints a warning before it
    for folder in ("modules", "lookup", "filter", "test"):
        present = {path.stem for path in (release.ROOT / "plugins" / folder).glob("[a-z]*") if path.is_file()}
        kind = folder.removesuffix("s")
        assert {f"community.catchpoint.{name}" for name in present} == set(documented[kind])
    assert set(documented["role"]) == {"community.catchpoint.performance_gate"}


def test_the_installed_simulator_rehearses_a_playbook(user: User, start: ModuleType) -> None:
    """On the oldest Python found, because the simulator needs only Python."""
    found = pythons.find()
    healthy = "lookup('community.catchpoint.catchpoint_test_data', 81093).metrics.webpage_response.median < 2000"
    with start.running(python=str(found[min(found)])) as simulator:
        simulator.control("PUT", "/change", {"test_id": 81093, "at": "-2h", "factor": 5})
        status, output = user.plays([{"ansible.builtin.assert": {"that": healthy}}], **simulator.environment)
    assert status != 0
    assert "Assertion failed" in output, output
