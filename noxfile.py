# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# /// script
# dependencies = ["nox >= 2025.2.9", "antsibull-nox >= 1.9"]
# ///
"""The checks that collections of the Ansible community have in common, as antsibull-nox.toml chooses them.

nox              all that need no container
nox -l           what there is; the sessions named ansible-test-* want docker or podman
"""

from __future__ import annotations

import os

import antsibull_nox
import nox

# what else a user has installed has nothing to do with this collection
os.environ["ANTSIBULL_NOX_IGNORE_INSTALLED_COLLECTIONS"] = "true"
antsibull_nox.load_antsibull_nox_toml()


@nox.session(name="changelog-lint")
def changelog_lint(session: nox.Session) -> None:
    """Lint the changelog and its fragments"""
    session.install("antsibull-changelog", "-c", "tests/tools/requirements-dev.txt")
    session.run("antsibull-changelog", "lint")


# python noxfile.py, pipx run noxfile.py, uv run noxfile.py
if __name__ == "__main__":
    nox.main()
