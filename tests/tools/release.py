# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepares a release: checks the versions, the changelog and the commit, then tests and builds it."""

from __future__ import annotations

import ast
import datetime
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tree
import yaml

ROOT = Path(__file__).resolve().parents[2]
ARTEFACT = ROOT / "build" / "artefact"  # the tested archive and its installation
INSTALLED = ARTEFACT / "ansible_collections" / "community" / "catchpoint"
# files that antsibull-changelog writes
CHANGELOG = ("CHANGELOG.md", "CHANGELOG.rst", "changelogs/changelog.yaml")


def git(*words: str, root: Path = ROOT) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.rstrip()


def version_of_galaxy(root: Path) -> str:
    return str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def version_of_requests(root: Path) -> str:
    """The version that the plugins send to Catchpoint, read without importing them."""
    path = root / "plugins" / "module_utils" / "_http" / "version.py"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "VERSION":
            return str(ast.literal_eval(node.value))
    return "none"


def releases(root: Path) -> dict[str, Any]:
    found = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    assert isinstance(found, dict)
    return found


def faults_of_git(version: str, root: Path = ROOT) -> list[str]:
    """The commit will be tagged, so the working tree must not differ from it, and the tag must not exist elsewhere."""
    faults = []
    if changed := git("status", "--porcelain", root=root):
        faults.append(f"There are changes that are not committed:\n{changed}")
    if git("tag", "--list", version, root=root) and git("rev-list", "-n1", version, root=root) != git(
        "rev-parse", "HEAD", root=root
    ):
        faults.append(f"The tag {version} is on another commit: {version} is released. Raise the version.")
    return faults


def faults_of_versions(root: Path = ROOT) -> list[str]:
    """The version is the same everywhere, and the changelog has it."""
    version = version_of_galaxy(root)
    faults = []
    if (other := version_of_requests(root)) != version:
        faults.append(f"galaxy.yml says {version}, plugins/module_utils/_http/version.py {other}.")
    if version not in releases(root):
        faults.append(f"The changelog has no release {version}. Run nox -s changelog, and read what it wrote.")
        return faults
    if (newest := max(releases(root), key=lambda text: [int(part) for part in text.split(".")])) != version:
        faults.append(f"galaxy.yml says {version}, but the changelog has {newest} already.")
    return faults


def regenerated_changelog(version: str, environment: Mapping[str, str], *words: str) -> Path:
    """A copy of the working tree with a regenerated changelog of the version."""
    place = tree.copy("changelog")
    again = ["--update-existing", "--refresh", "--reload-plugins"] if version in releases(place) else []
    command = ["antsibull-changelog", "release", *again, *words]
    paths = {"ANSIBLE_COLLECTIONS_PATH": str(place.parents[2])}
    done = subprocess.run(
        command, cwd=place, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**environment, **paths},
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{done.stdout}antsibull-changelog ended with status {done.returncode}.")
    return place


def write_changelog(environment: Mapping[str, str]) -> None:
    place = regenerated_changelog(version_of_galaxy(ROOT), environment)
    for name in CHANGELOG:
        shutil.copyfile(place / name, ROOT / name)


def faults_of_changelog(version: str, environment: Mapping[str, str]) -> list[str]:
    """The changelog equals a newly generated one, except for its date."""
    place = regenerated_changelog(version, environment, "--date", str(releases(ROOT)[version]["release_date"]))
    stale = [name for name in CHANGELOG if (place / name).read_bytes() != (ROOT / name).read_bytes()]
    return [f"Not up to date: {', '.join(stale)}. Run nox -s changelog, and read what it wrote."] if stale else []


def refuse(faults: list[str]) -> None:
    if faults:
        sys.exit("\n".join(["Not releasable:", *(f"- {fault}" for fault in faults)]))


def make(environment: Mapping[str, str], test: Callable[[], bool]) -> None:
    """Tests and builds a commit. It writes only to build/; the user tags and publishes."""
    version = version_of_galaxy(ROOT)
    commit = git("rev-parse", "HEAD")
    refuse([*faults_of_git(version), *(faults_of_versions() or faults_of_changelog(version, environment))])
    print(f"community.catchpoint {version} from commit {commit[:12]}: testing and building it.", flush=True)
    if not test():
        refuse(["The tests failed, see above."])
    refuse(faults_of_git(version))
    if git("rev-parse", "HEAD") != commit:
        refuse(["HEAD moved while it was tested."])
    (archive,) = ARTEFACT.glob("*.tar.gz")
    print(
        f"\ncommunity.catchpoint {version} is ready. The tested archive is {archive.relative_to(ROOT)},",
        f"sha256 {hashlib.sha256(archive.read_bytes()).hexdigest()}. Now:",
        f"  git tag --annotate --message 'Release {version}' {version} {commit}",
        f"  git push origin {version}",
        f"  ansible-galaxy collection publish {archive.relative_to(ROOT)}",
        sep="\n",
    )
    dated = str(releases(ROOT)[version]["release_date"])
    if dated != str(datetime.datetime.now(tz=datetime.timezone.utc).date()):
        print(f"The changelog dates it {dated}. If that is not what you want: nox -s changelog, commit, once more.")
