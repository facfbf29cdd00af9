# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages for refused requests and for responses that cannot be decoded."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    ApiError,
    AuthenticationError,
    CatchpointError,
    NotCompletedError,
    NotFoundError,
    ResponseError,
    TransportError,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    ScriptedServer,
    Step,
    respond,
)

TOKEN = respond(200, {"access_token": "a-token", "expires_in": 1800})


def failure(session: Any) -> CatchpointError:
    with pytest.raises(CatchpointError) as caught:
        session.get("/tests/5", {"name": "in the query"})
    assert "in the query" not in str(caught.value) and "in%20the" not in str(caught.value)
    return caught.value


@pytest.fixture
def failed(open_session: Any, server: ScriptedServer) -> Any:
    """The error for a step, with a v2 key."""

    def play(step: Step) -> Any:
        server.script = [step]
        return failure(open_session(retry_budget=0))

    return play


def v2_errors(*texts: str, **more: Any) -> dict[str, Any]:
    return {"errors": [{"id": "1", "message": text} for text in texts], "completed": False, "traceId": "0HN:04", **more}


def test_wrong_key(failed: Any, server: ScriptedServer) -> None:
    error = failed(respond(401, v2_errors("Invalid credentials"), "Unauthorized"))
    assert error.__class__ is AuthenticationError
    assert (error.status, error.api_text, error.trace_id) == (401, "Invalid credentials", "0HN:04")
    assert str(error) == (
        "Catchpoint does not accept the credentials (api_key). "
        f"GET {server.url}/api/v2/tests/5 answered HTTP 401 (Unauthorized): Invalid credentials (trace id 0HN:04). "
        "Check api_key (complete? made for this api_version?); "
        "keys are made in the portal (Integrations, in older portals Settings: REST API, Add Consumer)."
    )


@pytest.mark.parametrize("status", [200, 401, 403])
def test_expired_key(failed: Any, status: int) -> None:
    error = failed(respond(status, v2_errors("Expired Token")))
    assert error.__class__ is AuthenticationError
    assert str(error).startswith("The API key has expired. GET ")
    assert "Expired Token" in str(error)
    assert "Make a new one in the portal" in str(error)


@pytest.mark.parametrize("body", [b"", b"<html><body>Unauthorized</body></html>", b"{}"])
def test_refusal_without_an_api_message(failed: Any, body: bytes) -> None:
    error = failed(respond(401, body))
    assert error.__class__ is AuthenticationError
    assert error.api_text == ""


def test_missing_permission(failed: Any, server: ScriptedServer) -> None:
    error = failed(respond(403, v2_errors("You do not have permission to access this information."), "Forbidden"))
    assert error.__class__ is ApiError
    assert error.status == 403
    assert str(error) == (
        "These credentials lack the permission for this request. "
        f"GET {server.url}/api/v2/tests/5 answered HTTP 403 (Forbidden): "
        "You do not have permission to access this information (trace id 0HN:04). "
        "Give the consumer of api_key access to it in the portal, or use credentials that have it."
    )


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"error code: 1010", " (error 1010, ray id 8f-FRA)"),
        (b"<html><title>Access denied</title><h1>Error <span>1010</span></h1></html>", " (error 1010, ray id 8f-FRA)"),
        (b'{"title": "Error 1010: Access denied", "cloudflare_error": true}', " (error 1010, ray id 8f-FRA)"),
        (b'{"error_code": 1020, "ray_id": "8f"}', " (error 1020, ray id 8f-FRA)"),
        (b"<html><title>Sorry, you have been blocked</title></html>", " (ray id 8f-FRA)"),
    ],
)
def test_gateway_block(failed: Any, body: bytes, what: str) -> None:
    error = failed(respond(403, body, CF_RAY="8f-FRA"))
    assert error.__class__ is ApiError
    assert str(error).startswith(
        f"The gateway in front of the API blocked the request{what}; the API did not see it. GET "
    )
    assert str(error).endswith(
        "It may block this machine's IP address or the User-Agent: check proxy, and contact Catchpoint's support."
    )


@pytest.mark.parametrize("body", [b'{"Message":"No HTTP resource was found that matches the request URI \'/x\'."}'])
def test_unknown_path_is_not_reported_as_an_unknown_object(failed: Any, body: bytes) -> None:
    """The message must differ from that for a test that does not exist."""
    error = failed(respond(404, body))
    assert error.__class__ is ApiError
    assert str(error).startswith("There is no Catchpoint API at this address. GET ")
    assert str(error).endswith("Check base_url and api_version.")


@pytest.mark.parametrize("body", [v2_errors("Test 5 does not exist."), {}, b""])
def test_unknown_id(failed: Any, body: Any) -> None:
    error = failed(respond(404, body))
    assert error.__class__ is NotFoundError
    assert error.status == 404
    assert "GET " in str(error) and "/api/v2/tests/5 answered HTTP 404" in str(error)
    assert "that these credentials may see them" in str(error)
    # An empty response may come from another web server, so the message mentions the address first.
    assert str(error).startswith("Not found. Catchpoint's API may not be at this address.") == (not body)


def test_unknown_id_in_a_response_of_status_200(failed: Any) -> None:
    error = failed(respond(200, v2_errors("Test 5 does not exist.", data=None)))
    assert error.__class__ is NotCompletedError
    assert (error.status, error.api_text, error.trace_id) == (200, "Test 5 does not exist.", "0HN:04")
    assert str(error).startswith("Catchpoint did not carry out the request. GET ")


def test_html_page_is_not_reported_as_an_unknown_object(failed: Any) -> None:
    """The message for a wrong base_url must differ from that for a test that does not exist."""
    error = failed(respond(404, b"<html><title>Not &amp; here</title></html>"))
    assert error.__class__ is ApiError
    assert str(error).startswith("There is no Catchpoint API at this address.")
    assert 'The body is a web page with the title "Not & here".' in str(error)
    assert str(error).endswith("Check base_url and api_version.")


def test_all_errors_of_a_bad_request(failed: Any) -> None:
    error = failed(respond(400, v2_errors("testIds is missing", "endTime is before startTime")))
    assert error.__class__ is ApiError
    assert error.status == 400
    assert "testIds is missing" in str(error) and "endTime is before startTime" in str(error)


def test_request_that_is_too_long(failed: Any) -> None:
    assert str(failed(respond(414, b"<html></html>"))).endswith("Lower ids_per_request.")


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520])
def test_server_error(failed: Any, status: int) -> None:
    error = failed(respond(status, b"<html><head><title>Bad gateway</title>"))
    assert error.__class__ is ApiError
    assert error.status == status
    assert str(error).startswith("The service failed. GET ")
    assert 'The body is a web page with the title "Bad gateway".' in str(error)


def test_server_error_quotes_the_api_message(failed: Any) -> None:
    error = failed(respond(500, {"Message": "An error has occurred."}))
    assert error.api_text == "An error has occurred."


def test_proxy_that_requires_a_password(failed: Any) -> None:
    error = failed(respond(407, b""))
    assert error.__class__ is TransportError
    assert "http://user:password@host:port" in str(error)


def test_v1_message(open_session: Any, server: ScriptedServer) -> None:
    server.script = [TOKEN, respond(200, {"Message": "Too many tests."})]
    error = failure(open_session(client_id="an-id", client_secret="a-secret"))
    assert error.__class__ is NotCompletedError
    assert error.api_text == "Too many tests."
    server.script = [TOKEN, respond(403, {"Message": "Not yours."})]
    error = failure(open_session(client_id="an-id", client_secret="a-secret"))
    assert "Give the consumer of client_id and client_secret access" in str(error)


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (
            b"<html>Sign in</html>",
            "text/html",
            'it is not JSON (text/html, 20 bytes). It begins with: "<html>Sign in</html>".',
        ),
        (b"OK", "text/plain", 'it is not JSON (text/plain, 2 bytes). It begins with: "OK".'),
        (b"\xff\xfe\xfd", "application/json", "its text is not in UTF-8 (application/json, 3 bytes)."),
        (b'{"data": [', "application/json", "the JSON is truncated (application/json, 10 bytes)."),
        (b'{"data": "ab', "application/json", "the JSON is truncated"),
        (b'{"data": tru', "application/json", "the JSON is truncated"),
        (b'{"data": 1}}', "application/json", "it is not JSON"),
        (b"{'data': 1}", "application/json", "it is not JSON"),
        (b"[" * 200_000, "application/json", "the JSON is nested too deeply or contains an oversized number"),
        (b"9" * 5000 + b"x", "application/json", "body that is not understood"),
    ],
)
def test_body_that_cannot_be_decoded(
    failed: Any, server: ScriptedServer, body: bytes, content_type: str, words: str
) -> None:
    error = failed(respond(200, body, Content_Type=content_type))
    assert error.__class__ is ResponseError
    assert str(error).startswith(
        f"GET {server.url}/api/v2/tests/5 answered HTTP 200 with a body that is not understood: "
    )
    assert words in str(error)
    advice = "Check base_url and api_version, and whether a proxy or a login page answers instead."
    assert advice in str(error)
    # A truncated body is a transient error, so the message continues with the number of tries.
    assert str(error).endswith(advice) or "the JSON is truncated" in words


def test_excerpt_is_short_and_printable(failed: Any) -> None:
    text = str(failed(respond(200, b"\x1b[31mred\x00\r\n\t \xe2\x80\xae" + b"long " * 100)))
    assert 'It begins with: "?[31mred? ?long long ' in text
    assert '..."' in text
    assert len(text) < 600
    assert text.isprintable()


def test_messages_of_the_api_are_truncated(failed: Any) -> None:
    error = failed(respond(400, v2_errors("word " * 1000, traceId="t" * 1000)))
    assert len(error.api_text) == 500
    assert error.api_text.endswith("...")
    assert len(error.trace_id) == 100


@pytest.mark.parametrize("status", [300, 304, 305])
def test_redirect_without_a_location_is_an_error(failed: Any, status: int) -> None:
    assert failed(respond(status, b"")).__class__ is ResponseError
