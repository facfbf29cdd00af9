# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every form of a secret is masked in texts."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from hypothesis import example, given, settings
from hypothesis import strategies as st

NASTY = "p@ss/w+rd=&% \"'x"
HEX_KEY = "6f1c0a9be2d44a7f8f5f3a1b0c9d8e7f6f1c0a9be2d44a7f8f5f3a1b0c9d8e7f"


def code(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def utf16(text: str) -> list[str]:
    digits = text.encode("utf-16-be").hex()
    return [digits[at : at + 4] for at in range(0, len(digits), 4)]


def encodings(secret: str) -> dict[str, str]:
    """Encodings of a secret by other programs, computed without the tested code."""
    octets = secret.encode()
    percent = quote(secret, safe="")
    return {
        "as it is": secret,
        "percent": percent,
        "percent, lower case": "".join(
            f"%{part[:2].lower()}{part[2:]}" if at else part for at, part in enumerate(percent.split("%"))
        ),
        "percent, slash kept": quote(secret),
        "percent, as a whole address": quote(secret, safe="!#$%&'()*+,/:;=?@[]~"),
        "form": quote_plus(secret),
        "percent, twice": quote(percent, safe=""),
        "percent, every character": "".join(f"%{octet:02X}" for octet in octets),
        "JSON": json.dumps(secret)[1:-1],
        "JSON, slash escaped": json.dumps(secret)[1:-1].replace("/", "\\/"),
        "JSON in JSON": json.dumps(json.dumps(secret))[3:-3],
        "JSON, every character": "".join(f"\\u{unit}" for unit in utf16(secret)),
        "repr": repr(secret)[1:-1],
        "repr of bytes": repr(octets)[2:-1],
        "HTML": html.escape(secret),
        "HTML, numbers": "".join(f"&#{ord(character)};" for character in secret),
        "HTML, hexadecimal": "".join(f"&#x{ord(character):X};" for character in secret),
        "HTML in HTML": html.escape(html.escape(secret)),
        "base64": base64.b64encode(octets).decode(),
        "base64, no padding": base64.b64encode(octets).decode().rstrip("="),
        "base64, URL-safe": base64.urlsafe_b64encode(octets).decode(),
        "base64, URL-safe, no padding": base64.urlsafe_b64encode(octets).decode().rstrip("="),
        "base64, quoted": quote(base64.b64encode(octets).decode(), safe=""),
        "base64 of id and secret": code(f"id:{secret}"),
        "base64 of another id and secret": code(f"ide:{secret}"),
        "base64 of a third id and secret": code(f"ident:{secret}"),
        "upper case": secret.upper(),
        "lower case": secret.lower(),
        "reversed": secret[::-1],
        "hexadecimal": octets.hex(),
        "hexadecimal, upper case": octets.hex().upper(),
        "base64 in the middle": code(f"user:{secret}:more of it"),
    }


@pytest.mark.parametrize("secret", [NASTY, HEX_KEY, "pässwörd/€𝄞!", "back\\slash\nand line", "short"])
def test_every_encoding_is_masked(secret: str) -> None:
    for name, encoded in encodings(secret).items():
        assert redact(f"before {encoded} after", [secret]) == "before *** after", name


@settings(deadline=None)
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs"]), min_size=8, max_size=40)
)
@example("        ")
@example("%25%25%25")
@example("&amp;&amp;")
@example("\\\\\\\\\\\\\\\\")
def test_no_encoding_of_any_secret_remains(secret: str) -> None:
    for name, encoded in encodings(secret).items():
        assert encoded not in redact(f"<{encoded}>", [secret]), name


def test_text_without_secrets_is_unchanged() -> None:
    text = "GET https://io.catchpoint.com/api/v2/tests answered HTTP 401: Invalid credentials."
    assert redact(text, [NASTY, HEX_KEY]) == text
    assert redact(text, []) == text
    assert redact(text, [""]) == text
    assert redact("", [NASTY]) == ""


def test_mixed_encodings_in_one_text() -> None:
    assert redact("a=p%40ss/w%2Brd=&amp;%25+&quot;\\'x&b=2", [NASTY]) == "a=***&b=2"


def test_all_occurrences_are_masked() -> None:
    assert redact(f"{HEX_KEY},{code(HEX_KEY)} {HEX_KEY}", [HEX_KEY]) == "***,*** ***"


def test_longer_secrets_are_masked_first() -> None:
    assert redact("tokens token-long token", ["token", "token-long"]) == "***s *** ***"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("id abc used", "id *** used"),
        ("abc", "***"),
        ("abcd and dabc", "abcd and dabc"),
        ("client_id=abc&x", "client_id=***&x"),
        (code("abc"), "***"),
        (f"x{code('abc')}y", f"x{code('abc')}y"),
    ],
)
def test_a_short_secret_is_masked_only_as_a_word(text: str, masked: str) -> None:
    assert redact(text, ["abc"]) == masked


def test_large_texts_are_masked_in_milliseconds() -> None:
    """Adversarial texts must not slow the patterns down: this takes milliseconds, or minutes if they backtrack."""
    for filler in ("\\", "%25", "&amp;", "&", "A", "+", " ", "%2525", "\\u"):
        assert redact(filler * 20_000 + HEX_KEY, [NASTY, HEX_KEY]).endswith("***")


def test_a_secret_that_is_split_is_masked() -> None:
    lines = "\n".join(HEX_KEY[at : at + 20] for at in range(0, len(HEX_KEY), 20))
    wrapped = base64.encodebytes(f"id:{HEX_KEY}{HEX_KEY}".encode()).decode()
    assert wrapped.count("\n") > 1
    for split in (lines, lines.replace("\n", "\r\n  "), lines.replace("\n", "\\n"), " ".join(HEX_KEY), quote(lines)):
        assert redact(f"<{split}>", [HEX_KEY]) == "<***>"
    shown = redact(f"<{wrapped}>", [HEX_KEY])
    assert not any(line and line in shown for line in wrapped.split("\n")[:-2])


def test_a_numeric_secret_that_is_split_is_not_masked() -> None:
    assert redact("12 34, 1234, 12%0A34", ["1234"]) == "12 34, ***, 12%0A34"


def test_a_long_secret_takes_milliseconds() -> None:
    """A pattern of 200,000 characters took minutes; a search takes milliseconds."""
    secret = HEX_KEY * 3200
    text = f"a {secret} b {code(secret)} c {quote(secret, safe='')} d"
    assert redact(text, [secret]) == "a *** b *** c *** d"
