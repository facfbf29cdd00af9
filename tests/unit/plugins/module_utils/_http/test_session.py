# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET requests and successful responses."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._errors import MissingLibraryError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.version import VERSION
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    FakeClock,
    ScriptedServer,
    dropped,
    raw,
    respond,
)

TOKEN = {"access_token": "a-token", "expires_in": 1800}


def test_request_of_v2(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(200, {"data": {}})]
    open_session(api_key="k3y+/=").get(
        "/tests/1,2", {"metrics": "1,2", "startTime": "2026-11-23T09:00:00Z", "name": "a b"}
    )
    (request,) = server.requests
    assert request.method == "GET"
    assert request.target == "/api/v2/tests/1,2?metrics=1,2&startTime=2026-11-23T09%3A00%3A00Z&name=a%20b"
    assert request.headers["user-agent"] == f"ansible-community.catchpoint/{VERSION}"
    assert request.headers["accept"] == "application/json"
    assert request.authorization == "Bearer k3y+/="
    assert request.body == b""


def test_later_versions_are_a_path_segment(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(200, {})]
    open_session(api_version="v3.3").get("/nodes/all")
    assert server.requests[0].target == "/api/v3.3/nodes/all"


def test_request_of_v1(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(200, TOKEN), respond(200, {})]
    open_session(client_id="an id&", client_secret="a=secret+").get("/nodes")
    login, get = server.requests
    assert (login.method, login.target) == ("POST", "/ui/api/token")
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert login.form == {"grant_type": ["client_credentials"], "client_id": ["an id&"], "client_secret": ["a=secret+"]}
    assert (get.target, get.authorization) == ("/ui/api/v1/nodes", "Bearer a-token")


def test_path_prefix_of_base_url(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(200, {})]
    open_session(base_url=f"{server.url}/gateway/").get("/nodes/all")
    assert server.requests[0].target == "/gateway/api/v2/nodes/all"


def test_netrc_does_not_replace_the_credentials(
    open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.script = [respond(200, TOKEN), respond(200, {})]
    open_session(client_id="id", client_secret="secret").get("/nodes")
    assert [request.authorization for request in server.requests] == [None, "Bearer a-token"]


@pytest.mark.parametrize("key", ["0123abcd\n", " 0123abcd", "0123\rabcd", "0123äbcd", "0123abcd\x00"])
def test_a_key_that_a_header_cannot_contain_is_refused(open_session: Any, server: ScriptedServer, key: str) -> None:
    with pytest.raises(OptionError, match="api_key holds characters that no key has") as caught:
        open_session(api_key=key).get("/nodes/all")
    assert key not in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        (b'{"data": {"name": "caf\xc3\xa9"}}', {"data": {"name": "café"}}),
        (b'\xef\xbb\xbf{"data": 1}', {"data": 1}),
        (b'{"a": NaN, "b": -Infinity, "c": 1.5}', {"a": None, "b": None, "c": 1.5}),
        (b"[1, 2]", [1, 2]),
        (b" \r\n", None),
        (b"", None),
        (b"null", None),
    ],
)
def test_payload(open_session: Any, server: ScriptedServer, body: bytes, payload: Any) -> None:
    server.script = [respond(200, body, Content_Type="text/html")]
    assert open_session().get("/x") == payload


def test_response_without_content_is_null(open_session: Any, server: ScriptedServer) -> None:
    server.script = [raw(b"HTTP/1.1 204 No Content\r\n\r\n", keep=True)]
    assert open_session().get("/x") is None


def test_compressed_response_is_decoded(open_session: Any, server: ScriptedServer) -> None:
    import gzip

    server.script = [respond(200, gzip.compress(b'{"data": 5}'), Content_Encoding="gzip")]
    assert open_session().get("/x") == {"data": 5}


def test_clock_of_the_service(open_session: Any, server: ScriptedServer, clock: FakeClock) -> None:
    server.script = [
        respond(200, {}),
        respond(200, {}, Date="Mon, 23 Nov 2026 12:00:07 GMT"),
        respond(200, {}, Date="nonsense"),
        respond(200, {}, Date="Mon, 23 Nov 2026 11:59:58 GMT"),
    ]
    session = open_session()
    seen = []
    for _time in range(4):
        session.get("/x")
        seen.append(session.server_offset)
    assert seen == [None, 7.0, 7.0, -2.0]


def test_one_connection_for_all_requests(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(200, TOKEN), respond(200, {}), respond(200, {})]
    session = open_session(client_id="id", client_secret="secret")
    session.get("/x")
    session.get("/y")
    assert server.connections == 1
    assert (session.requests_made, session.logins) == (3, 1)


def test_connection_of_another_process_is_not_used(
    open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = [respond(200, {}), respond(200, {})]
    session = open_session()
    session.get("/x")
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    session.get("/y")
    assert [request.connection for request in server.requests] == [1, 2]


def test_requests_count_retries_and_logins(open_session: Any, server: ScriptedServer) -> None:
    server.script = [respond(503), respond(200, TOKEN), dropped(), respond(200, {})]
    session = open_session(client_id="id", client_secret="secret")
    session.get("/x")
    assert (session.requests_made, session.logins) == (4, 1)


def test_missing_requests_is_named_with_the_interpreter(
    open_session: Any, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(MissingLibraryError) as caught:
        session.get("/x")
    assert str(caught.value).startswith(
        f"The Python library requests is needed and was not found by {sys.executable} ("
    )
    assert f"{sys.executable} -m pip install requests" in str(caught.value)


def test_requests_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys\n"
        "from ansible_collections.community.catchpoint.plugins.module_utils._http.session import Session\n"
        "from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import connection\n"
        "from ansible_collections.community.catchpoint.plugins.module_utils._api import v2\n"
        "Session(connection({'api_key': 'a-key'}), v2, warn=print)\n"
        "sys.exit('requests' in sys.modules or 'urllib3' in sys.modules)\n"
    )
    import ansible_collections.community.catchpoint.plugins.module_utils as package

    # ansible_collections is in the folder four levels above module_utils
    root = os.path.abspath(os.path.join(next(iter(package.__path__)), *[".."] * 5))
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": root}, check=False)
    assert done.returncode == 0
