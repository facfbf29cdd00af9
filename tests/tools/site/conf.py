# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for `make docs`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from ansible import constants
from docutils import nodes

ROOT = Path(__file__).resolve().parents[3]

project = "community.catchpoint"
project_copyright = "The community.catchpoint authors"
html_title = project
html_short_title = project

extensions = ["sphinx_antsibull_ext"]
pygments_style = "ansible"
html_theme = "sphinx_ansible_theme"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False

nitpicky = True
# Ansible's pages that our pages link to. They are listed here, because builds must not need the network; any other
# unknown label is an error.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
PAGES = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
BUILTIN = re.compile(r"ansible_collections\.ansible\.builtin\.(\w+_[a-z]+)$")
# The environment variables of ansible-core, which its page of settings explains.
SETTINGS = {
    variable["name"]
    for definition in constants.config.get_configuration_definitions().values()
    for variable in definition.get("env") or ()
}


def page_of(label: str) -> str | None:
    """Returns the page of Ansible's documentation that explains a label, or None if it is not one of Ansible's."""
    if builtin := BUILTIN.match(label):
        return f"collections/ansible/builtin/{builtin[1]}.html"
    if label in SETTINGS:
        return f"{PAGES['ansible_configuration_settings']}#envvar-{label}"
    return PAGES.get(label)


def outside(_app: Any, _environment: Any, node: Any, content: Any) -> nodes.reference | None:
    """The link for a reference to a page of Ansible's own."""
    page = page_of(node["reftarget"])
    return nodes.reference("", "", content, refuri=ANSIBLE + page, internal=False) if page else None


# Guides name their pictures by this address, because other builds of the documentation take the pages alone.
IMAGES = "https://raw.githubusercontent.com/ansible-collections/community.catchpoint/main/docs/images/"


def use_own_images(app: Any, document: nodes.document) -> None:
    """Shows the pictures of this checkout, so that the site needs no network."""
    for image in document.findall(nodes.image):
        name = image["uri"].removeprefix(IMAGES)
        image["uri"] = "/" + os.path.relpath(ROOT / "docs" / "images" / name, app.srcdir)


def setup(app: Any) -> None:
    app.connect("missing-reference", outside)
    app.connect("doctree-read", use_own_images, priority=400)  # before Sphinx looks for the files
