# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site is built without the network and links every plugin and guide."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "docs" / "html"
GUIDES = {path.stem for path in (ROOT / "docs" / "docsite" / "rst").glob("*.rst")}
KINDS = {"modules": "module", "lookup": "lookup", "filter": "filter", "test": "test"}
PLUGINS = {
    f"{path.stem}_{kind}" for folder, kind in KINDS.items() for path in (ROOT / "plugins" / folder).glob("[a-z]*.*")
} | {f"{path.name}_role" for path in (ROOT / "roles").iterdir()}


@pytest.fixture(scope="module")
def index() -> str:
    """The first page of the site, which nox builds with every warning as an error."""
    page = SITE / "index.html"
    assert page.exists(), "The site is missing. Build it with nox -s site."
    return page.read_text(encoding="utf-8")


def test_the_index_links_a_page_for_every_plugin(index: str) -> None:
    assert len(PLUGINS) > 10
    linked = set(re.findall(r'href="(\w+)\.html', index))
    assert linked >= PLUGINS
    for name in PLUGINS:
        assert "Synopsis" in (SITE / f"{name}.html").read_text(encoding="utf-8")


def test_the_index_links_every_guide(index: str) -> None:
    assert set(re.findall(r'href="docsite/(\w+)\.html', index)) == GUIDES
    sections = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    assert sorted(page for section in sections for page in section["toctree"]) == sorted(GUIDES)
    for section in sections:
        assert f">{section['title']}</a>" in index


def test_pages_use_ansibles_theme(index: str) -> None:
    for sheet in re.findall(r'<link rel="stylesheet"[^>]* href="([^"?]+)', index):
        assert (SITE / sheet).is_file()
    assert "_static/css/ansible.css" in index


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (":ref:`Ansible's own <ansible_collections.ansible.builtin.copy_module>`", 0),
        (":ref:`nowhere <ansible_collections.community.catchpoint.docsite.nowhere>`", 1),
    ],
)
def test_a_broken_link_is_a_fault(text: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "index.rst").write_text(f"Title\n=====\n\n{text}\n", encoding="utf-8")
    settings = ROOT / "tests" / "tools" / "site"
    build = [Path(sys.executable).with_name("sphinx-build"), "--quiet", "--fail-on-warning", "-c", settings]
    done = subprocess.run([*build, tmp_path, tmp_path / "html"], capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert ("undefined label" in done.stderr) == bool(status)


def test_the_site_shows_the_pictures_of_this_checkout() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "images").iterdir() if path.suffix != ".license")
    assert names == ["architecture.svg", "gate_report.png", "gate_timeline.svg"]
    shown = set()
    for page in (SITE / "docsite").glob("*.html"):
        shown |= set(re.findall(r'<img[^>]* src="\.\./(_images/[^"]+)"', page.read_text(encoding="utf-8")))
    assert sorted(Path(one).name for one in shown) == names
    assert all((SITE / one).is_file() for one in shown)
