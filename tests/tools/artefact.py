# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the Galaxy artefact in build/, and checks it: its files, Galaxy's own importer, an installation from it.

python tests/tools/artefact.py    with the interpreter of build/venv
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import tree

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
# what a user runs and reads; anything else at the top of the artefact is there by mistake
WANTED = {
    "CHANGELOG.md", "CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "LICENSES",
    "MANIFEST.json", "README.md", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles",
}  # fmt: skip
NEEDED = {"LICENSE", "LICENSES", "README.md", "meta", "plugins"}


def run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """Runs a command, shows its output, and ends the program when it fails."""
    print("==", *(Path(part).name for part in command), flush=True)
    done = subprocess.run(
        [str(part) for part in command], cwd=BUILD, env={**os.environ, "HOME": str(BUILD / "home"), **(env or {})},
        check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(f"FAULT: {Path(command[0]).name} ended with status {done.returncode}.")
    return done.stdout


def main() -> None:
    (BUILD / "home").mkdir(exist_ok=True)
    with tree.alone("dist"):
        for old in BUILD.glob("community-catchpoint-*.tar.gz"):
            old.unlink()
        run("ansible-galaxy", "collection", "build", "--force", "--output-path", BUILD, tree.copy("dist"))
        artefact = next(BUILD.glob("community-catchpoint-*.tar.gz"))
        with tarfile.open(artefact) as archive:
            names = archive.getnames()
        top = {name.split("/")[0] for name in names}
        print(f"{artefact.relative_to(ROOT)}: {len(names)} files, {artefact.stat().st_size // 1024} KiB")
        if top - WANTED or NEEDED - top:
            sys.exit(f"FAULT: unwanted in the artefact: {sorted(top - WANTED)}; missing: {sorted(NEEDED - top)}.")

        output = run(sys.executable, "-m", "galaxy_importer.main", artefact)
        complaints = [line for line in output.splitlines() if line.startswith(("WARNING", "ERROR"))]
        if complaints:
            sys.exit("\n".join(["FAULT: Galaxy's importer complains:", *complaints]))

        place = BUILD / "installed"
        run("ansible-galaxy", "collection", "install", "--offline", "--force", "-p", place, artefact)
        plugins = run("ansible-doc", "--list", "community.catchpoint", env={"ANSIBLE_COLLECTIONS_PATH": str(place)})
        modules = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
        missing = [name for name in modules if f"community.catchpoint.{name} " not in plugins]
        if missing or not modules:
            sys.exit(f"FAULT: ansible-doc does not list these modules of the installed artefact: {missing}.")


if __name__ == "__main__":
    main()
