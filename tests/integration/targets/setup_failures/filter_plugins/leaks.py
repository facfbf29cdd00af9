# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Looks for secrets in the output of a command, in every form and encoding."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus


def forms(secret: str) -> dict[str, str]:
    """The secret unchanged and encoded, by the name of the encoding."""
    octets = secret.encode("utf-8")
    standard, in_urls = base64.b64encode(octets).decode("ascii"), base64.urlsafe_b64encode(octets).decode("ascii")
    found = {
        "as it is": secret,
        "quoted for a path": quote(secret),
        "quoted for a query": quote(secret, safe=""),
        "quoted for a form": quote_plus(secret),
        "quoted twice": quote(quote(secret, safe=""), safe=""),
        "base64": standard,
        "base64 without padding": standard.rstrip("="),
        "base64 for addresses": in_urls,
        "base64 for addresses without padding": in_urls.rstrip("="),
        "base64, quoted": quote(standard, safe=""),
        "JSON": json.dumps(secret)[1:-1],
        "JSON in JSON": json.dumps(json.dumps(secret)[1:-1])[1:-1],
        "JSON with escaped slashes": json.dumps(secret)[1:-1].replace("/", "\\/"),
        "Python": repr(secret)[1:-1],
        "HTML": html.escape(secret),
        "HTML in HTML": html.escape(html.escape(secret)),
        "HTML of templates": html.escape(secret).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
        "HTML without quotes": html.escape(secret, quote=False),
        "hexadecimal": octets.hex(),
    }
    # In base64 together with other text, as in base64("id:secret"): the part that does not depend on the other text.
    for before in range(3):
        code = base64.b64encode(b"\0" * before + octets).decode("ascii").rstrip("=")
        core = code[(0, 2, 3)[before] : (before + len(octets)) * 8 // 6]
        found[f"base64 behind {before} bytes"] = core
        found[f"base64 for addresses behind {before} bytes"] = core.replace("+", "-").replace("/", "_")
    return found


def leaks_in(text: str, secrets: Iterable[str]) -> list[str]:
    """The forms of secrets in a text. Secrets are identified by number, so that the result does not reveal them."""
    # Messages are wrapped at blanks.
    compact = "".join(text.split())
    return [
        f"secret {number}: {name}"
        for number, secret in enumerate(secrets)
        for name, form in forms(secret).items()
        if "".join(form.split()) in compact
    ]


def leaks(path: str, secrets: Iterable[str]) -> list[str]:
    """The same for a file."""
    return leaks_in(Path(path).read_text(encoding="utf-8", errors="replace"), secrets)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"forms": forms, "leaks": leaks, "leaks_in": leaks_in}
