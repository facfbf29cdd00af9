# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert states: changes, verification of a pause's end, and undoing a pause."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.community.catchpoint.plugins.module_utils._api import v1, v2
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    NotFoundError,
    OptionError,
    ResponseError,
)
from ansible_collections.community.catchpoint.plugins.module_utils._operations.alert_state import OPERATION
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.payloads import v2_list
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils.fixtures.transcript import (
    Exchange,
    Talk,
    asks,
    refused,
    sends,
)

Opens = Callable[..., Talk]
PAUSED, UNPAUSED = {"id": 0, "name": "Paused"}, {"id": 1, "name": "Unpaused"}


def run(opened: Talk, **given: Any) -> Any:
    checked = ArgumentSpecValidator(OPERATION.arguments, **OPERATION.rules).validate(given)
    assert checked.error_messages == []
    return OPERATION.run(opened.client, checked.validated_parameters)


def pause(opened: Talk, *ids: int, seconds: int = 1800) -> Any:
    return run(opened, test_ids=list(ids), state="paused", expires_after=seconds)


def unpause(opened: Talk, *ids: int) -> Any:
    return run(opened, test_ids=list(ids), state="unpaused")


def states(**paused: Optional[str]) -> Exchange:
    """The response with alert states: ``_1="00:30:00"`` or ``_1=""`` for a pause, None for an unpaused test."""
    entries = [
        {
            "testId": int(name[1:]),
            "status": UNPAUSED if span is None else PAUSED,
            "pauseExpiration": span or None,
        }
        for name, span in paused.items()
    ]
    ids = ",".join(name[1:] for name in paused)
    return asks(f"/tests/alert/state/{ids}").gets(v2_list("tests", *entries))


def ends(**times: Optional[str]) -> Exchange:
    """The response with tests: ``_1="12:30:00"`` for the end of a pause."""
    entries = [
        {"id": int(name[1:]), "alertsPauseExpiration": time and f"2026-11-23T{time}Z"} for name, time in times.items()
    ]
    return asks(f"/tests/{','.join(name[1:] for name in times)}").gets(v2_list("tests", *entries))


def patch(answer: Any = None, **spans: Optional[str]) -> Exchange:
    entries = [
        {"testId": int(name[1:]), "status": UNPAUSED}
        if span is None
        else {"testId": int(name[1:]), "status": PAUSED, "pauseExpiration": span}
        for name, span in spans.items()
    ]
    return sends("/tests/alert/state", {"tests": entries}).gets(answer or v2_list("tests"))


def test_only_tests_in_another_state_are_paused(talk: Opens) -> None:
    opened = talk(
        v2,
        states(_1=None, _2="00:30:00"),
        ends(_2="12:31:30"),
        patch(_1="00:30"),
        states(_1="00:30:00"),
        ends(_1="12:30:00"),
    )
    assert pause(opened, 1, 2, 1) == {
        "changed": True,
        "tests": [
            {"test_id": 1, "state": "paused", "expires": "2026-11-23T12:30:00Z"},
            {"test_id": 2, "state": "paused", "expires": "2026-11-23T12:31:30Z"},
        ],
        "paused_ids": [1],
        "diff": {
            "before": {"alerts of test 1": "unpaused", "alerts of test 2": "paused until 2026-11-23T12:31:30Z"},
            "after": {
                "alerts of test 1": "paused until 2026-11-23T12:30:00Z",
                "alerts of test 2": "paused until 2026-11-23T12:31:30Z",
            },
        },
    }


@pytest.mark.parametrize(("seconds", "span", "end"), [(119, "00:01", "12:01:00"), (86400, "23:59", "12:00:00")])
def test_a_pause_is_never_longer_than_requested(talk: Opens, seconds: int, span: str, end: str) -> None:
    day = "24" if seconds == 86400 else "23"
    tests = v2_list("tests", {"id": 1, "alertsPauseExpiration": f"2026-11-{day}T{end}Z"})
    opened = talk(v2, states(_1=None), patch(_1=span), states(_1=span), asks("/tests/1").gets(tests))
    assert pause(opened, 1, seconds=seconds)["paused_ids"] == [1]


def test_a_known_end_is_moved_and_does_not_count_as_paused_here(talk: Opens) -> None:
    opened = talk(v2, states(_1=""), ends(_1="15:00:00"), patch(_1="00:30"), states(_1="00:30:00"), ends(_1="12:30:00"))
    result = pause(opened, 1)
    assert (result["changed"], result["paused_ids"]) == (True, [])


def test_a_pause_without_a_known_end_is_left_alone_with_a_warning(talk: Opens) -> None:
    result = pause(talk(v2, states(_1="08:00:00"), ends(_1=None)), 1)
    assert (result["changed"], result["paused_ids"]) == (False, [])
    assert "test 1 were paused already, without a known end" in result["warnings"][0]


def test_the_remaining_time_verifies_the_end_of_a_pause(talk: Opens) -> None:
    opened = talk(v2, states(_1=None), patch(_1="00:30"), states(_1="00:29:58"), ends(_1=None))
    assert pause(opened, 1)["tests"][0]["expires"] == "2026-11-23T12:29:58Z"
    undo = [states(_1="00:30:00"), ends(_1=None), patch(_1=None), states(_1=None)]
    opened = talk(v2, states(_1=None), patch(_1="00:30"), states(_1="00:30:00"), ends(_1=None), *undo)
    with pytest.raises(ResponseError, match=r"does not report when it ends\. The pause was undone\.$"):
        pause(opened, 1)


def test_a_pause_with_a_wrong_end_is_undone(talk: Opens) -> None:
    opened = talk(
        v2,
        states(_1=None, _2="01:00:00"),
        ends(_2="13:00:00"),
        patch(_1="00:30", _2="00:30"),
        states(_1="00:30:00", _2="00:30:00"),
        ends(_1="23:00:00", _2="23:00:00"),
        states(_1="00:30:00", _2="00:30:00"),
        ends(_1="23:00:00", _2="23:00:00"),
        patch(_1=None, _2="01:00"),
        states(_1=None, _2="01:00:00"),
        ends(_2="13:00:00"),
    )
    with pytest.raises(ResponseError) as caught:
        pause(opened, 1, 2)
    assert str(caught.value) == (
        "The pause of the alerts of test 1 was requested until 2026-11-23T12:30:00Z, and Catchpoint reports "
        "2026-11-23T23:00:00Z as its end. The pause was undone."
    )


def test_an_undo_without_effect_names_test_and_end(talk: Opens) -> None:
    wrong = [states(_1="00:30:00"), ends(_1="23:00:00")]
    opened = talk(v2, states(_1=None), patch(_1="00:30"), *wrong, *wrong, patch(_1=None), *wrong)
    with pytest.raises(ResponseError, match=r"paused: test 1 until 2026-11-23T23:00:00Z. Correct that in the portal"):
        pause(opened, 1)


def test_an_accepted_pause_without_effect_is_an_error(talk: Opens) -> None:
    opened = talk(v2, states(_1=None), patch(_1="00:30"), states(_1=None), states(_1=None))
    with pytest.raises(ResponseError, match=r"test 1 are not paused, but Catchpoint accepted .* No alerts were paused"):
        pause(opened, 1)


def test_a_refused_pause_says_that_nothing_was_paused(talk: Opens) -> None:
    opened = talk(v2, states(_1=None), patch(refused(403, "No right."), _1="00:30"), states(_1=None))
    with pytest.raises(ApiError, match=r"403: No right\. No alerts were paused\.$"):
        pause(opened, 1)


def test_an_undo_that_fails_is_reported_with_the_first_error(talk: Opens) -> None:
    broken = asks("/tests/alert/state/1").gets(refused(500, "Broken."))
    opened = talk(v2, states(_1=None), patch(refused(500, "Down."), _1="00:30"), broken)
    with pytest.raises(ApiError, match=r"Down\. The alerts of test 1 may be paused, .* failed, too \(.*Broken\.\)"):
        pause(opened, 1)


def test_unpausing_changes_only_paused_tests(talk: Opens) -> None:
    opened = talk(v2, states(_1=None, _2=""), ends(_2=None), patch(_2=None), states(_2=None))
    result = unpause(opened, 1, 2)
    assert result["changed"] and [one["state"] for one in result["tests"]] == ["unpaused", "unpaused"]
    assert unpause(talk(v2, states(_1=None)), 1)["changed"] is False
    assert unpause(talk(v2)) == {"changed": False, "tests": [], "paused_ids": [], "diff": {"before": {}, "after": {}}}


def test_unpausing_that_fails_names_test_and_end(talk: Opens) -> None:
    before = [states(_1=""), ends(_1="12:30:00")]
    opened = talk(v2, *before, patch(refused(403, "No right."), _1=None))
    with pytest.raises(ApiError, match=r"No right. Alerts may still be paused: test 1 until 2026-11-23T12:30:00Z"):
        unpause(opened, 1)
    with pytest.raises(ResponseError, match=r"still be paused: test 1 until 2026-11-23T12:30:00Z. Catchpoint accepted"):
        unpause(talk(v2, *before, patch(_1=None), *before), 1)


def test_check_mode_predicts_and_sends_nothing(talk: Opens) -> None:
    result = pause(talk(v2, states(_1=None), check_mode=True), 1)
    assert (result["changed"], result["paused_ids"]) == (True, [1])
    assert result["tests"] == [{"test_id": 1, "state": "paused", "expires": "2026-11-23T12:30:00Z"}]
    result = unpause(talk(v2, states(_1=""), ends(_1=None), check_mode=True), 1)
    assert result["changed"] and result["tests"][0]["state"] == "unpaused"


def test_the_client_refuses_writes_in_check_mode(talk: Opens) -> None:
    with pytest.raises(RuntimeError, match="must not be sent in check mode"):
        talk(v2, check_mode=True).client.start_instant_test(1, [2], on_demand=False)


def test_many_tests_are_changed_in_batches(talk: Opens) -> None:
    opened = talk(
        v2,
        states(_1=""),
        states(_2=""),
        ends(_1=None),
        ends(_2=None),
        patch(_1=None),
        patch(_2=None),
        states(_1=None),
        states(_2=None),
        ids_per_request=1,
    )
    assert unpause(opened, 1, 2)["changed"]


def test_unknown_tests_and_states_are_errors(talk: Opens) -> None:
    gone = asks("/tests/alert/state/1").gets(refused(404, "Test id 1 was not found."))
    with pytest.raises(NotFoundError, match="does not know the test 1"):
        pause(talk(v2, gone), 1)
    odd = asks("/tests/alert/state/1").gets(v2_list("tests", {"testId": 1, "status": {"id": 7, "name": "Asleep"}}))
    with pytest.raises(ResponseError, match="paused or unpaused"):
        pause(talk(v2, odd), 1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"state": "paused", "expires_after": 59}, "expires_after is 59, but must be 60 to 86400"),
        ({"state": "paused", "expires_after": 86401}, "expires_after is 86401"),
        ({"state": "paused", "expires_after": 60, "test_ids": []}, "no alerts would be paused"),
        ({"state": "unpaused", "expires_after": 60}, "Remove it with state: unpaused"),
    ],
)
def test_wrong_options_are_refused(talk: Opens, given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        run(talk(v2), **{"test_ids": [1], **given})


def test_v1_cannot_pause(talk: Opens) -> None:
    with pytest.raises(OptionError, match=r"REST API v1 cannot pause alerts. Use an api_key"):
        pause(talk(v1), 1)
