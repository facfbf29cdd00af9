# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings when a client is opened, without control characters."""

from __future__ import annotations

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api.factory import open_client


def test_credentials_in_clear_text_give_a_warning() -> None:
    warnings: list[str] = []
    open_client({"api_key": "the-key", "base_url": "http://catchpoint.example"}, warn=warnings.append)
    assert warnings == [
        "base_url http://catchpoint.example begins with http://, so the credentials travel unencrypted. "
        "Use https:// if the service offers it."
    ]


@pytest.mark.parametrize("base_url", ["https://catchpoint.example", "http://127.0.0.1:8089"])
def test_encrypted_or_local_credentials_give_no_warning(base_url: str) -> None:
    warnings: list[str] = []
    open_client({"api_key": "the-key", "base_url": base_url}, warn=warnings.append)
    assert warnings == []


def test_warnings_are_one_printable_line() -> None:
    warnings: list[str] = []
    client, _session = open_client({"api_key": "the-key"}, warn=warnings.append)
    client._warn("The zone is \x1b[31mred\n[ERROR]: forged.")
    assert warnings == ["The zone is [31mred [ERROR]: forged."]
