# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Taking secrets out of texts that leave the collection."""

from __future__ import annotations

import base64
import html.entities
import re
from collections.abc import Iterable
from functools import lru_cache

MASK = "***"

# Below this many characters a secret is masked only where it stands as a word of its own: masking each "a" of a text
# would hide the text and tell the secret.
SHORT = 4
# So many characters of base64 in a row are no accident any more.
CORE = 6

# One backslash, or as many as escaping an escaped text a few times makes of it.
_ESCAPE = r"\\{1,8}"

# The same for HTML.
_AMPERSAND = "&(?:amp;)*"

_ENTITIES: dict[str, list[str]] = {}
for _name, _character in html.entities.html5.items():
    if len(_character) == 1 and _name.endswith(";"):
        _ENTITIES.setdefault(_character, []).append(_name)


def redact(text: str, secrets: Iterable[str]) -> str:
    """``text`` with every secret in it replaced by ``***``; empty secrets are ignored.

    A secret is found as it is and with any of its characters encoded, in any mixture: percent-encoded (twice as well,
    space also as ``+``), JSON- or Python-escaped, HTML-escaped. It is found in base64 (standard or URL-safe, with or
    without padding), from 5 bytes on also when it was encoded together with other text, as in ``base64("id:secret")``;
    the whole base64 word goes then. Longer secrets are taken first. A secret of fewer than 4 characters is replaced
    only where it stands as a word of its own.
    """
    known = tuple(sorted({secret for secret in secrets if secret}, key=lambda secret: (-len(secret), secret)))
    if not text or not known:
        return text
    for secret in known:
        plain, cores = _patterns(secret)
        for core in cores:
            text = _without_words_around(core, text)
        text = plain.sub(MASK, text)
    return text


@lru_cache(maxsize=64)
def _patterns(secret: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    body = "".join(_any_form(character) for character in secret)
    if len(secret) < SHORT:
        body = rf"(?<!\w){body}(?!\w)"
    return re.compile(body), tuple(_base64_cores(secret.encode("utf-8", "surrogatepass")))


def _any_form(character: str) -> str:
    """A pattern of one character in each of its encodings."""
    octets = character.encode("utf-8", "surrogatepass")
    forms = [
        # %25 is an encoded percent sign, so that %2540 is an @ that was encoded twice.
        "".join(rf"%(?:25)*{_hex(f'{octet:02x}')}" for octet in octets),
        "".join(rf"{_ESCAPE}x{_hex(f'{octet:02x}')}" for octet in octets),
        "".join(rf"{_ESCAPE}u{_hex(unit)}" for unit in _utf16(character)),
        rf"{_AMPERSAND}#0*{ord(character)};",
        rf"{_AMPERSAND}#[xX]0*{_hex(f'{ord(character):x}')};",
    ]
    if 0x7F < ord(character) < 0x100:
        forms.append(rf"{_ESCAPE}x{_hex(f'{ord(character):02x}')}")
    if ord(character) > 0xFFFF:
        forms.append(rf"{_ESCAPE}U{_hex(f'{ord(character):08x}')}")
    if character == " ":
        forms.append(r"\+")
    if character in "\"'/\\":
        forms.append(_ESCAPE + re.escape(character))
    if character in "\n\r\t":
        forms.append(_ESCAPE + {"\n": "n", "\r": "r", "\t": "t"}[character])
    forms.extend(_AMPERSAND + re.escape(name) for name in _ENTITIES.get(character, ()))
    # The character itself comes last: % also begins its own encoded form.
    return "(?:" + "|".join([*forms, re.escape(character)]) + ")"


def _hex(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _utf16(character: str) -> list[str]:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return [units[start : start + 4] for start in range(0, len(units), 4)]


def _base64_cores(octets: bytes) -> list[re.Pattern[str]]:
    """Patterns of the secret in base64: the whole of it, and the part that stays the same whatever stands around it."""
    cores = []
    for before in range(3):
        code = base64.b64encode(b"\0" * before + octets).decode("ascii").rstrip("=")
        # The first characters also hold bits of what stands before, the last those of what comes after.
        sure = code[(0, 2, 3)[before] : (before + len(octets)) * 8 // 6]
        if len(sure) >= CORE:
            cores.append(re.compile(_base64_text(sure)))
        elif before == 0:
            cores.append(re.compile(rf"(?<![A-Za-z0-9+/_-]){_base64_text(code)}(?![A-Za-z0-9+/_-])"))
    return cores


def _base64_text(code: str) -> str:
    either = {"+": r"(?:[+-]|%2[bB])", "/": r"(?:\\*/|_|%2[fF])"}
    return "".join(either.get(character, character) for character in code)


_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-%")
_WORD_AFTER = re.compile(r"(?:[A-Za-z0-9+/_-]|%2[bBfF])*(?:=|%3[dD]){0,2}")


def _without_words_around(core: re.Pattern[str], text: str) -> str:
    """``text`` with each base64 word that holds ``core`` masked."""
    kept = []
    position = 0
    while True:
        found = core.search(text, position)
        if found is None:
            break
        start = _word_start(text, found.start(), position)
        after = _WORD_AFTER.match(text, found.end())
        kept.append(text[position:start] + MASK)
        position = after.end() if after else found.end()
    return "".join(kept) + text[position:] if kept else text


def _word_start(text: str, start: int, floor: int) -> int:
    while start > floor and text[start - 1] in _WORD:
        start -= 1
    return start
