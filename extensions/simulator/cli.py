# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The command line."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from .server import tls
from .server.server import Server
from .service import auth, switches
from .service import faults as fault_rules
from .service import limits as limit_rules
from .service.messages import Json
from .service.simulator import Options, Simulator
from .world import scenario as scenarios
from .world import times
from .world.fields import ScenarioError

_USER_ERRORS = (
    auth.CredentialError,
    fault_rules.FaultError,
    limit_rules.LimitError,
    ScenarioError,
    switches.SwitchError,
    times.TimeError,
    tls.TlsError,
    OSError,
)
# Seconds between two checks of the parent process.
_PARENT_CHECK = 0.5


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 extensions/simulator",
        description="A simulator of Catchpoint's REST APIs v1 and v2. Prints one line of JSON when it listens.",
        epilog="docs/docsite/rst/simulator_reference.rst describes scenarios, switches, faults and the control API.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=0, help="port; 0 takes a free one (default)")
    add("--scenario", default="shop", metavar="FILE", help="scenario file or built-in name (default: %(default)s)")
    add("--limits", help="off, vendor, or for example 7/s,20/min,500/h,2000/day (default: the scenario's, else vendor)")
    add("--switch", action="append", default=[], metavar="NAME=VALUE", help="set a switch; may come several times")
    add("--api-key", action="extend", nargs="+", default=[], metavar="KEY", help="valid v2 keys")
    add("--client-id", metavar="ID", help="the valid v1 client id")
    add("--client-secret", metavar="SECRET", help="the valid v1 client secret")
    add("--now", metavar="TIME", help="simulated time (ISO); it stands still unless --speed is given")
    add("--speed", type=float, metavar="FACTOR", help="simulated seconds per second")
    add("--tls", action="store_true", help="HTTPS with a certificate made for this run")
    add("--cert", metavar="FILE", help="HTTPS with this certificate")
    add("--key", metavar="FILE", help="key of --cert")
    add("--port-file", metavar="PATH", help="write the line of JSON to this file, too")
    add("--parent-pid", type=int, metavar="PID", help="end when this process is gone")
    add("--exit-with-parent", action="store_true", help="end when the process that started this one is gone")
    add("--verbose", action="store_true", help="one line to stderr for each request")
    return parser


def _switch_values(given: Sequence[str]) -> dict[str, str]:
    values = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise switches.SwitchError(f"--switch {text}: write NAME=VALUE")
        values[name.strip()] = value.strip()
    return values


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the simulator until SIGTERM, SIGINT or SIGHUP, or until its parent is gone."""
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    with tempfile.TemporaryDirectory(prefix="catchpoint-simulator-") as folder:
        try:
            server, line = _start(options, Path(folder))
        except _USER_ERRORS as error:
            print(f"catchpoint simulator: {error}", file=sys.stderr)
            return 2
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            print(json.dumps(line), flush=True)
        except BrokenPipeError:
            return 0
        if sys.stdout.isatty():
            print(_for_people(line), file=sys.stderr, flush=True)
        _wait(options, stop)
        server.stopping.set()
        server.shutdown()
        server.server_close()
    return 0


def _for_people(line: Json) -> str:
    """The lines for a person at a terminal; programs read the line of JSON."""
    variables = {"CATCHPOINT_BASE_URL": line["url"], "CATCHPOINT_API_KEY": line["api_key"]}
    if "ca" in line:
        variables["CATCHPOINT_CA_PATH"] = line["ca"]
    pairs = " ".join(f"{name}={shlex.quote(str(value))}" for name, value in variables.items())
    return f"\nIn another terminal:  export {pairs}\nTo stop it:  press Ctrl-C here, or kill {line['pid']}"


def _start(options: argparse.Namespace, folder: Path) -> tuple[Server, Json]:
    """The listening server and what the line of JSON states."""
    scenario, scenario_folder = scenarios.load(options.scenario)
    simulator = Simulator(
        scenario,
        scenario_folder,
        Options(
            limits=options.limits,
            switches=_switch_values(options.switch),
            api_keys=options.api_key,
            client_id=options.client_id,
            client_secret=options.client_secret,
            now=options.now,
            speed=options.speed,
        ),
    )
    authority: dict[str, str] = {}
    context = None
    if options.tls or options.cert:
        if options.cert:
            certificate, key = Path(options.cert), None if options.key is None else Path(options.key)
            authority["ca"] = str(certificate.resolve())
        else:
            ca, certificate, key = tls.make_certificate(folder, options.host)
            authority["ca"] = str(ca)
        context = tls.server_context(certificate, key)
    try:
        server = Server((options.host, options.port), simulator, context, options.verbose)
    except OSError as error:
        raise OSError(
            f"cannot listen on port {options.port} of {options.host}: {error.strerror}. Choose another --port, or stop "
            "the program that uses this one."
        ) from error
    client_id, client_secret = simulator.credentials.first_client
    line: Json = {
        "url": server.url,
        "pid": os.getpid(),
        "api_key": simulator.credentials.first_key,
        "client_id": client_id,
        "client_secret": client_secret,
        **authority,
    }
    if options.port_file:
        target = Path(options.port_file)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.write_text(json.dumps(line) + "\n", encoding="utf-8")
        draft.replace(target)
    return server, line


def _wait(options: argparse.Namespace, stop: threading.Event) -> None:
    parent = os.getppid()
    watching = options.exit_with_parent or options.parent_pid is not None
    while not stop.wait(_PARENT_CHECK if watching else None):
        if options.exit_with_parent and os.getppid() != parent:
            return
        if options.parent_pid is not None and not _alive(options.parent_pid):
            return


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
