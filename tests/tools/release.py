# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a release: everything is tested and built from a commit, and nothing but tagging and publishing is left to do.

python tests/tools/release.py    with the interpreter of build/venv

It changes nothing but build/. What is in the way of a release is said before anything takes its time.
"""

from __future__ import annotations

import ast
import datetime
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import artefact
import tree
import yaml

ROOT = Path(__file__).resolve().parents[2]
# what `make changelog` writes
CHANGELOG = ("CHANGELOG.md", "CHANGELOG.rst", "changelogs/changelog.yaml")


def git(*words: str, root: Path = ROOT) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.rstrip()


def version_of_galaxy(root: Path) -> str:
    return str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def version_of_requests(root: Path) -> str:
    """What the plugins tell Catchpoint, read without importing them."""
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
    """The commit is what will be tagged, so that nothing may differ from it, and the tag may not be another's."""
    faults = []
    if changed := git("status", "--porcelain", root=root):
        faults.append(f"There are changes that are not committed:\n{changed}")
    if git("tag", "--list", version, root=root) and git("rev-list", "-n1", version, root=root) != git(
        "rev-parse", "HEAD", root=root
    ):
        faults.append(f"The tag {version} is on another commit: {version} is released. Raise the version.")
    return faults


def faults_of_versions(root: Path = ROOT) -> list[str]:
    """One version, wherever it stands, and a changelog that has it."""
    version = version_of_galaxy(root)
    faults = []
    if (other := version_of_requests(root)) != version:
        faults.append(f"galaxy.yml says {version}, plugins/module_utils/_http/version.py {other}.")
    if version not in releases(root):
        faults.append(f"The changelog has no release {version}. Run make changelog, and read what it wrote.")
        return faults
    if (newest := max(releases(root), key=lambda text: [int(part) for part in text.split(".")])) != version:
        faults.append(f"galaxy.yml says {version}, but the changelog has {newest} already.")
    return faults


def faults_of_changelog(version: str) -> list[str]:
    """The changelog is what `make changelog` would write, its date aside: no fragment and no plugin is left out."""
    with tree.alone("changelog"):
        copy = tree.copy("changelog")
        home = ROOT / "build" / "home"
        home.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "antsibull_changelog", "release", "--update-existing", "--refresh"]
        command += ["--reload-plugins", "--date", str(releases(ROOT)[version]["release_date"])]
        done = subprocess.run(
            command, cwd=copy, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "HOME": str(home), "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "changelog")},
        )  # fmt: skip
        if done.returncode:
            return [f"antsibull-changelog ended with status {done.returncode}:\n{done.stdout}"]
        stale = [name for name in CHANGELOG if (copy / name).read_bytes() != (ROOT / name).read_bytes()]
    return [f"Not up to date: {', '.join(stale)}. Run make changelog, and read what it wrote."] if stale else []


def refuse(faults: list[str]) -> None:
    if faults:
        sys.exit("\n".join(["There is no release:", *(f"- {fault}" for fault in faults)]))


def main() -> None:
    version = version_of_galaxy(ROOT)
    commit = git("rev-parse", "HEAD")
    refuse([*faults_of_git(version), *(faults_of_versions() or faults_of_changelog(version))])
    print(f"community.catchpoint {version} from commit {commit[:12]}: testing and building it.", flush=True)
    if subprocess.run(["make", "test"], cwd=ROOT, check=False).returncode:
        refuse(["make test failed, see above."])
    refuse(faults_of_git(version))
    if git("rev-parse", "HEAD") != commit:
        refuse(["HEAD moved while it was tested."])
    archive = artefact.build()
    print(
        f"\ncommunity.catchpoint {version} is ready. What was tested is {archive.relative_to(ROOT)},",
        f"sha256 {hashlib.sha256(archive.read_bytes()).hexdigest()}. Now:",
        f"  git tag --annotate --message 'Release {version}' {version} {commit}",
        f"  git push origin {version}",
        f"  ansible-galaxy collection publish {archive.relative_to(ROOT)}",
        sep="\n",
    )
    dated = str(releases(ROOT)[version]["release_date"])
    if dated != str(datetime.datetime.now(tz=datetime.timezone.utc).date()):
        print(f"The changelog dates it {dated}. If that is not what you want: make changelog, commit, and once more.")


if __name__ == "__main__":
    main()
