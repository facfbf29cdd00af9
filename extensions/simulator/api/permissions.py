# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Rights that a credential lacks: for single calls (switch `forbidden`) and for single tests (`forbidden_tests`)."""

from __future__ import annotations

import fnmatch
import json
import re

from ..service.messages import ApiError, Request
from ..service.simulator import Simulator

NO_RIGHT = "You do not have permission to access this information."
_TESTS_IN_PATH = re.compile(r"(?:tests|tests/alert/state|tests/errors/raw|performance/raw)/([\d,]+)")
_RUN_NOW = re.compile(r"instanttests/(\d+)")
_ID = re.compile(r"\d+")


def refuse(sim: Simulator, request: Request, path: str) -> None:
    """Raises the API's error if the credential lacks the right for a call or for a test that the call names."""
    for pattern in sim.switches.items("forbidden"):
        # A pattern may name a method: "PATCH tests/alert/state".
        shown = f"{request.method} {path}" if " " in pattern else path
        if fnmatch.fnmatchcase(shown, pattern):
            raise _refusal(sim)
    forbidden = sim.forbidden_tests()
    if forbidden & _named_tests(request, path):
        raise _refusal(sim)


def _refusal(sim: Simulator) -> ApiError:
    return ApiError(int(sim.switches["forbidden_status"]), NO_RIGHT)


def _named_tests(request: Request, path: str) -> set[int]:
    """The test ids in the path, the query and the body of a request."""
    match = _TESTS_IN_PATH.fullmatch(path) or (_RUN_NOW.fullmatch(path) if request.method == "POST" else None)
    text = ",".join(
        [match.group(1) if match else "", request.params.get("testIds", ""), request.params.get("tests", "")]
    )
    found = {int(one) for one in _ID.findall(text)}
    if request.method == "PATCH":
        found |= {int(one) for one in re.findall(r'"testId":\s*"?(\d+)', _canonical(request.body))}
    return found


def _canonical(body: bytes) -> str:
    """A JSON body in one form, so that a pattern can match it."""
    try:
        return json.dumps(json.loads(body or b"null"))
    except ValueError:
        return ""
