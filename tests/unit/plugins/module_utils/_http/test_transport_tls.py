# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates: which are trusted, and the messages for untrusted ones."""

from __future__ import annotations

import socket
import threading
import warnings as python_warnings
from pathlib import Path
from typing import Any

import pytest
import trustme
from ansible_collections.community.catchpoint.plugins.module_utils._errors import (
    OptionError,
    PassingTransportError,
    TransportError,
)
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._http.scripted import (
    FakeClock,
    ScriptedServer,
    respond,
)

GOOD = respond(200, {"data": 1})


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return str(tmp_path / "ca.pem")


@pytest.fixture
def wrong_ca_file(tmp_path: Path) -> str:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "wrong.pem"))
    return str(tmp_path / "wrong.pem")


@pytest.fixture
def ask(open_session: Any, tls_server: ScriptedServer) -> Any:
    """Sends a GET to the TLS server with these options; returns the payload."""

    def get(**options: Any) -> Any:
        tls_server.script = [GOOD]
        return open_session(base_url=tls_server.url, **options).get("/x")

    return get


def test_ca_path(ask: Any, ca_file: str) -> None:
    assert ask(ca_path=ca_file) == {"data": 1}


def test_unknown_authority(ask: Any, tls_server: ScriptedServer, wrong_ca_file: str) -> None:
    for options in ({}, {"ca_path": wrong_ca_file}):
        with pytest.raises(TransportError) as caught:
            ask(**options)
        text = str(caught.value)
        assert text.startswith(f"GET {tls_server.url}/api/v2/x: the server's certificate is not trusted: ")
        assert "Set ca_path to the certificate of the authority that signed it" in text
        assert not isinstance(caught.value, PassingTransportError)
        assert "Gave up" not in text
    assert tls_server.requests == []


def test_certificate_of_another_host(open_session: Any, tls_server: ScriptedServer, ca_file: str) -> None:
    session = open_session(base_url=f"https://localhost:{tls_server.port}", ca_path=ca_file)
    with pytest.raises(TransportError) as caught:
        session.get("/x")
    assert "the server's certificate is not trusted: " in str(caught.value)
    assert "localhost" in str(caught.value)
    assert str(caught.value).endswith("Check base_url: the certificate is that of another host.")
    assert session.requests_made == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_path_takes_precedence_over_the_environment(
    ask: Any, ca_file: str, wrong_ca_file: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, wrong_ca_file)
    assert ask(ca_path=ca_file) == {"data": 1}
    monkeypatch.setenv(variable, ca_file)
    with pytest.raises(TransportError, match="not trusted"):
        ask(ca_path=wrong_ca_file)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_environment_is_used_without_the_option(
    ask: Any, ca_file: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, ca_file)
    assert ask() == {"data": 1}


def test_validate_certs_false_accepts_any_certificate(
    ask: Any, wrong_ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the environment or ca_path names a bundle, and without a Python warning."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", wrong_ca_file)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("error")
        assert ask(validate_certs=False) == {"data": 1}
        assert ask(validate_certs=False, ca_path="/nowhere") == {"data": 1}


def test_ca_folder_without_certificates_trusts_nothing(ask: Any, tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="not trusted"):
        ask(ca_path=str(tmp_path))


@pytest.mark.parametrize("name", ["", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is neither a file nor a folder"),
        ("", "cannot be read as certificates in PEM form"),
        ("no certificate", "cannot be read as certificates in PEM form"),
        (
            "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n",
            "cannot be read as certificates in PEM form",
        ),
    ],
)
def test_invalid_ca_file_is_an_error(
    ask: Any,
    tls_server: ScriptedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str | None,
    words: str,
) -> None:
    path = tmp_path / "some.pem"
    if content is not None:
        path.write_text(content)
    options = {}
    if name:
        monkeypatch.setenv(name, str(path))
    else:
        options = {"ca_path": str(path)}
    with pytest.raises(OptionError) as caught:
        ask(**options)
    assert str(caught.value).startswith(f"{name or 'ca_path'} {path} {words}")
    assert tls_server.connections == 0


def test_http_server_behind_an_https_url(open_session: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak_http() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(5)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=speak_http, daemon=True).start()
        session = open_session(base_url=f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(TransportError) as caught:
            session.get("/x")
    assert "TLS failed: " in str(caught.value)
    assert "Check that base_url begins with the right one of http:// and https://." in str(caught.value)
    assert session.requests_made == 1


def test_broken_handshake_is_retried(open_session: Any, clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            for _time in range(2):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(5000)

        threading.Thread(target=hang_up, daemon=True).start()
        session = open_session(base_url=f"https://127.0.0.1:{listener.getsockname()[1]}", retry_budget=0.5)
        with pytest.raises(PassingTransportError, match="Gave up after 2 tries"):
            session.get("/x")
    assert clock.slept == [0.5]
