# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""A certificate authority and a certificate for this machine, made by the openssl command line."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

_CA = """[req]
distinguished_name = name
prompt = no
x509_extensions = extensions
[name]
CN = Catchpoint simulator CA
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""
_LEAF = """basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1{more}
"""


class TlsError(RuntimeError):
    """A certificate could not be made or read."""


def make_certificate(folder: Path, host: str) -> tuple[Path, Path, Path]:
    """CA, certificate and key as files in `folder`."""
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    leaf, key, request = folder / "cert.pem", folder / "cert.key", folder / "cert.csr"
    (folder / "ca.cnf").write_text(_CA, encoding="ascii")
    more = "" if host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::") else f", DNS:{host}"
    (folder / "leaf.cnf").write_text(_LEAF.format(more=more), encoding="ascii")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"]
    _openssl("req", "-x509", *curve, "-days", "30", "-config", folder / "ca.cnf", "-keyout", ca_key, "-out", ca)
    # The config only keeps openssl from searching for a default one; the subject is not used.
    _openssl("req", *curve, "-config", folder / "ca.cnf", "-subj", "/CN=localhost", "-keyout", key, "-out", request)
    signing: list[str | Path] = [
        "-CA",
        ca,
        "-CAkey",
        ca_key,
        "-set_serial",
        "2",
        "-days",
        "30",
        "-extfile",
        folder / "leaf.cnf",
    ]
    _openssl("x509", "-req", "-sha256", "-in", request, *signing, "-out", leaf)
    return ca, leaf, key


def _openssl(*arguments: str | Path) -> None:
    try:
        result = subprocess.run(
            ["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise TlsError(f"--tls needs the openssl command: {error}") from error
    if result.returncode:
        raise TlsError(f"openssl {arguments[0]} failed: {result.stderr.strip()}")


def server_context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(str(certificate), None if key is None else str(key))
    except (OSError, ssl.SSLError) as error:
        raise TlsError(f"certificate {certificate}: {error}") from error
    return context
