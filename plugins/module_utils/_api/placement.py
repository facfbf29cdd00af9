# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds events (alerts, SLO violations, errors, outages) that contradict the window that was requested.

Requests name a window, so an event far outside it shows that the service and the collection read times differently, for
example because the service uses the account's time zone. Events inside the window may then be missing.

Private to community.catchpoint: no stability is promised to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Callable, Generic, NamedTuple, Optional, TypeVar

from ansible_collections.community.catchpoint.plugins.module_utils._text import counted
from ansible_collections.community.catchpoint.plugins.module_utils._time import Window, iso

_Event = TypeVar("_Event")

# An event up to this many seconds outside the window is dropped and contradicts nothing: the service may round the
# window's ends, and may filter by the time at which it processed an event, which is about a minute later. No time zone
# is this close to another one.
EDGE = 300

# No row and no event can be older. A time id that is something else, such as a city's, reads as a time before it.
OLDEST = "1970-01-01T00:00:00Z"

# When an event began, and when it ended; None if it goes on.
Span = tuple[str, Optional[str]]


class Contradiction(NamedTuple):
    """What shows that events of the window may be missing. ``fact`` lacks its full stop."""

    fact: str
    advice: str

    def sentences(self, consequence: str) -> str:
        return f"{self.fact}, so {consequence}. {self.advice}"

    @property
    def of_result(self) -> str:
        """The warning for a result that has the key ``complete``."""
        return self.sentences("the result is marked complete: false")


@dataclass(frozen=True)
class Placed(Generic[_Event]):
    """The events inside a window. ``contradiction`` is None if nothing shows that others may be missing."""

    inside: list[_Event]
    contradiction: Optional[Contradiction] = None


def zone_advice(said: str = "If the service reads times in the account's time zone, ") -> str:
    return f"{said}set the API consumer's time zone to UTC in the Catchpoint portal."


def placed(
    what: str,
    events: Iterable[_Event],
    window: Window,
    span: Callable[[_Event], Span],
    stated: Sequence[Span] = (),
) -> Placed[_Event]:
    """Sorts events by whether they touch the window. ``what`` names one of them.

    ``span`` returns when an event took place, in ISO 8601 with Z. ``stated`` are windows that responses say they cover:
    an event inside one of them contradicts nothing.
    """
    inside: list[_Event] = []
    outside: list[str] = []
    own, accepted = _bounds(window, 0), [_bounds(window, EDGE), *stated]
    contradicts = False
    for event in events:
        when = span(event)
        if _touches(when, own):
            inside.append(event)
        else:
            outside.append(when[0])
            contradicts = contradicts or not any(_touches(when, one) for one in accepted)
    if not contradicts:
        return Placed(inside)
    first, last = min(outside), max(outside)
    times = first if first == last else f"{first} to {last}"
    fact = (
        f"The service returned {counted(len(outside), what)} outside the requested window ({_shown(own)}), at {times}"
    )
    return Placed(inside, Contradiction(fact, zone_advice()))


def uncovered(what: str, window: Window, stated: Sequence[Span], now: float) -> Optional[Contradiction]:
    """The contradiction if a response says that it covers another window. It need not cover what lies after ``now``."""
    latest = iso(min(window.end, now) - EDGE)
    for start, end in stated:
        if start > iso(window.start + EDGE) or (end is not None and end < latest):
            shown = _shown((start, end or "now"))
            fact = f"The service says that its {what}s are of {shown}, and not of {_shown(_bounds(window, 0))}"
            return Contradiction(fact, zone_advice())
    return None


def _bounds(window: Window, margin: int) -> tuple[str, str]:
    return iso(window.start - margin), iso(window.end + margin)


def _touches(span: Span, window: Span) -> bool:
    (start, end), (first, last) = span, window
    return (last is None or start <= last) and (end is None or end >= first)


def _shown(bounds: tuple[str, str]) -> str:
    return f"{bounds[0]} to {bounds[1]}"
