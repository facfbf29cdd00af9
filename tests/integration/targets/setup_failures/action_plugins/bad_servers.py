# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Starts faulty servers, which the simulator cannot replace, and returns their ports:

silent    accepts connections and sends nothing
full      neither accepts nor refuses connections, because its queue is full
proxy_407 a proxy that requires a password
proxy_403 a proxy that refuses everything

They end with the playbook.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from ansible.plugins.action import ActionBase

PROGRAM = r"""
import json, os, select, socket, sys

def listening(backlog):
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(backlog)
    return server

servers = {"silent": listening(100), "proxy_407": listening(100), "proxy_403": listening(100)}
full = listening(0)
queue = [socket.socket() for _ in range(4)]
for one in queue:
    one.setblocking(False)
    one.connect_ex(full.getsockname())
ports = {name: server.getsockname()[1] for name, server in {**servers, "full": full}.items()}
print(json.dumps(ports), flush=True)
kept, parent = [], int(sys.argv[1])
while True:
    ready, _, _ = select.select(list(servers.values()), [], [], 0.5)
    try:
        os.kill(parent, 0)
    except ProcessLookupError:
        break
    for server in ready:
        connection, _ = server.accept()
        if server is servers["silent"]:
            kept.append(connection)
            continue
        connection.recv(65536)
        status = b"407 Proxy Authentication Required" if server is servers["proxy_407"] else b"403 Forbidden"
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.close()
"""


class ActionModule(ActionBase):
    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(os.getppid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # or who reads the playbook's to its end waits for this one
            text=True,
        )
        return {"changed": False, **json.loads(process.stdout.readline())}
