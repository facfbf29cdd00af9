# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks secrets in texts that leave the collection, in whatever form other programs have put them.

Text and secrets are brought to one normal form, in which they are compared: all escapes decoded, lower case, no white
space. That takes time in proportion to the text, however long a secret is.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

import base64
import html.entities
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

MASK = "***"

# A secret of fewer characters is masked only where it is a word of its own: masking each "a" of a text would hide the
# text and reveal the secret.
SHORT = 4
# A secret of fewer characters is not masked where white space splits it, because "12 34" is not "1234".
SPLITTABLE = 8
# That many characters of base64 in a row are not an accident.
CORE = 6

_MOST_LEVELS = 4  # of encodings within encodings

_ESCAPE = re.compile(
    rb"%(?:25)*(?P<percent>[0-9A-Fa-f]{2})"
    rb"|\\{1,8}x(?P<octet>[0-9A-Fa-f]{2})"
    rb"|\\{1,8}u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\{1,8}u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    rb"|\\{1,8}u(?P<unit>[0-9A-Fa-f]{4})"
    rb"|\\{1,8}U(?P<point>00[01][0-9A-Fa-f]{5})"
    rb"|\\{1,8}(?P<space>[nrt])"
    rb"|&(?:amp;)*#0*(?P<decimal>[0-9]{1,7});"
    rb"|&(?:amp;)*#[xX]0*(?P<hexadecimal>[0-9A-Fa-f]{1,6});"
    rb"|&(?:amp;)*(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)"
)

# What carries no meaning when a secret is split or encoded: white space, plus signs for spaces, escaping backslashes.
_SPACE = frozenset(b" \t\n\r\v\f+")
_DROPPED = _SPACE | frozenset(b"\\")
_BASE64 = bytes.maketrans(b"-_", b"+/")
_BASE64_DROPPED = _DROPPED - frozenset(b"+")

_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-%")
_WORD_AFTER = re.compile(r"(?:[A-Za-z0-9+/_-]|%2[bBfF])*(?:=|%3[dD]){0,2}")


@dataclass(frozen=True, repr=False)
class _Stream:
    """Octets in UTF-8, each with the span of the text that it comes from."""

    octets: bytes
    starts: Sequence[int]
    ends: Sequence[int]


@dataclass(frozen=True, repr=False)
class _Squeezed:
    """The octets of a stream that are compared, with their positions in it."""

    octets: bytes
    positions: Sequence[int]


@dataclass(frozen=True, repr=False)
class _Needle:
    """A secret in the forms in which it is searched for."""

    squeezed: tuple[bytes, ...]  # lower case, without white space: as given, decoded, reversed, in hexadecimal
    size: int  # characters
    spaces: int  # characters that the comparison drops
    cores: tuple[bytes, ...]  # of base64, in lower case: what stays the same whatever was encoded with the secret
    words: tuple[bytes, ...]  # of base64 that is too short to be distinguished from other words


def redact(text: str, secrets: Iterable[str]) -> str:
    """Returns ``text`` with every secret in it replaced by ``***``; empty secrets are ignored.

    A secret is found in upper and lower case, reversed, split by white space, and with any of its characters encoded,
    in any mixture: percent-encoded (space also as ``+``), JSON- or Python-escaped, HTML-escaped, in hexadecimal. It is
    found in base64 (standard or URL-safe, with or without padding or line wraps), from 5 octets on also when it was
    encoded together with other text, as in ``base64("id:secret")``; the whole base64 word is replaced then. A secret of
    fewer than 4 characters is replaced only where it is a word of its own.
    """
    needles = [_needle(secret) for secret in dict.fromkeys(secrets) if secret]
    if not text or not needles:
        return text
    spans: list[tuple[int, int]] = []
    for stream in _levels(text):
        squeezed = _squeezed(stream.octets.lower(), _DROPPED)
        encoded = _squeezed(stream.octets.translate(_BASE64).lower(), _BASE64_DROPPED)
        for needle in needles:
            spans += _plain_spans(text, stream, squeezed, needle)
            spans += _base64_spans(text, stream, encoded, needle)
    return _masked(text, spans)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept = []
    done = 0
    last = -1
    for start, end in sorted(spans):
        if start >= done and start >= last:
            kept += [text[done:start], MASK]
        done = max(done, end)
        last = done
    return "".join(kept) + text[done:]


# The text in its forms


def _levels(text: str) -> Iterator[_Stream]:
    """The text as it is, and with its escapes decoded again and again, as long as there are any."""
    yield _plain(text)
    # \xe4 may be an octet, or a character.
    for characters in (False, True):
        stream = _plain(text)
        for _level in range(_MOST_LEVELS):
            decoded = _decoded(stream, characters)
            if decoded is stream:
                break
            stream = decoded
            yield stream


def _plain(text: str) -> _Stream:
    octets = text.encode("utf-8", "surrogatepass")
    if len(octets) == len(text):
        return _Stream(octets, range(len(octets)), range(1, len(octets) + 1))
    starts = [
        number
        for number, character in enumerate(text)
        for _octet in range(len(character.encode("utf-8", "surrogatepass")))
    ]
    return _Stream(octets, starts, [start + 1 for start in starts])


def _decoded(stream: _Stream, characters: bool) -> _Stream:
    """The stream with its escapes decoded; the same object if there are none."""
    pieces: list[bytes] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for found in _ESCAPE.finditer(stream.octets):
        value = _value(found, characters)
        if value is None:
            continue
        pieces += [stream.octets[position : found.start()], value]
        starts += stream.starts[position : found.start()]
        ends += stream.ends[position : found.start()]
        starts += [stream.starts[found.start()]] * len(value)
        ends += [stream.ends[found.end() - 1]] * len(value)
        position = found.end()
    if not pieces:
        return stream
    pieces.append(stream.octets[position:])
    starts += stream.starts[position:]
    ends += stream.ends[position:]
    return _Stream(b"".join(pieces), starts, ends)


_BY_NAME = {name.encode(): character.encode() for name, character in html.entities.html5.items() if name.endswith(";")}


def _value(found: re.Match[bytes], characters: bool) -> bytes | None:
    """The octets that an escape stands for; None for a name that HTML does not have."""
    kind, digits = found.lastgroup, found[str(found.lastgroup)]
    if kind == "name":
        return _BY_NAME.get(digits)
    if kind == "space":
        return b"\n"
    if kind == "percent" or (kind == "octet" and not characters):
        return bytes([int(digits, 16)])
    if kind == "low":
        pair = bytes.fromhex((found["high"] + digits).decode())
        return pair.decode("utf-16-be").encode()
    point = int(digits, 10 if kind == "decimal" else 16)
    return chr(point).encode("utf-8", "surrogatepass") if point < 0x110000 else None


def _squeezed(octets: bytes, dropped: frozenset[int]) -> _Squeezed:
    positions = [position for position, octet in enumerate(octets) if octet not in dropped]
    if len(positions) == len(octets):
        return _Squeezed(octets, range(len(octets)))
    return _Squeezed(bytes(octets[position] for position in positions), positions)


# The secrets in their forms


@lru_cache(maxsize=64)
def _needle(secret: str) -> _Needle:
    octets = secret.encode("utf-8", "surrogatepass")
    forms = [_squeezed(stream.octets.lower(), _DROPPED).octets for stream in _levels(secret)]
    if len(secret) >= SHORT:
        # Octets have upper and lower case in ASCII only.
        others = (secret[::-1], secret.upper(), secret.lower(), octets.hex())
        forms += [_squeezed(text.encode("utf-8", "surrogatepass").lower(), _DROPPED).octets for text in others]
    cores, words = _base64_forms(octets)
    spaces = sum(octet in _DROPPED for octet in octets)
    return _Needle(tuple(dict.fromkeys(forms)), len(secret), spaces, cores, words)


def _base64_forms(octets: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    cores, words = [], []
    for before in range(3):
        code = base64.b64encode(b"\0" * before + octets).rstrip(b"=")
        # The first characters also contain bits of what is before, the last ones bits of what comes after.
        sure = code[(0, 2, 3)[before] : (before + len(octets)) * 8 // 6]
        if len(sure) >= CORE:
            cores.append(sure.lower())
        elif before == 0:
            words.append(code.lower())
    return tuple(cores), tuple(words)


# Finding


def _plain_spans(text: str, stream: _Stream, squeezed: _Squeezed, needle: _Needle) -> Iterator[tuple[int, int]]:
    for form in needle.squeezed:
        if not form:
            yield from _runs_of_space(stream, needle.size)
            continue
        for first, last in _found(form, squeezed):
            start, end = stream.starts[first], stream.ends[last]
            split = last - first + 1 - len(form)
            if needle.size < SHORT:
                if not split and _is_word(text, start, end):
                    yield start, end
            elif len(form) < SHORT:
                # Hardly anything but white space and escapes: it takes all of them to be the secret.
                yield from _with_its_space(stream, first, last, needle.size)
            elif needle.size >= SPLITTABLE or split <= needle.spaces or b"\\" in stream.octets[first:last]:
                yield start, end


def _found(form: bytes, squeezed: _Squeezed) -> Iterator[tuple[int, int]]:
    """The first and the last position in the stream of each occurrence."""
    at = squeezed.octets.find(form)
    while at >= 0:
        yield squeezed.positions[at], squeezed.positions[at + len(form) - 1]
        at = squeezed.octets.find(form, at + 1)


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")


def _with_its_space(stream: _Stream, first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    while first > 0 and stream.octets[first - 1] in _DROPPED:
        first -= 1
    while last + 1 < len(stream.octets) and stream.octets[last + 1] in _DROPPED:
        last += 1
    # No form of a secret is shorter than the secret.
    if stream.ends[last] - stream.starts[first] >= size:
        yield stream.starts[first], stream.ends[last]


def _runs_of_space(stream: _Stream, size: int) -> Iterator[tuple[int, int]]:
    for run in re.finditer(rb"[ \t\n\r\v\f+\\]{%d,}" % size, stream.octets):
        yield stream.starts[run.start()], stream.ends[run.end() - 1]


def _base64_spans(text: str, stream: _Stream, squeezed: _Squeezed, needle: _Needle) -> Iterator[tuple[int, int]]:
    for core in needle.cores:
        for first, last in _found(core, squeezed):
            start, end = stream.starts[first], stream.ends[last]
            while start > 0 and text[start - 1] in _WORD:
                start -= 1
            after = _WORD_AFTER.match(text, end)
            yield start, after.end() if after else end
    for word in needle.words:
        for first, last in _found(word, squeezed):
            start, end = stream.starts[first], stream.ends[last]
            if text[max(0, start - 1) : start] not in _WORD and text[end : end + 1] not in _WORD:
                after = _WORD_AFTER.match(text, end)
                yield start, after.end() if after else end
