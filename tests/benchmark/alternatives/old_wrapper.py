# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A typical lookup around a client library: each use logs in, sends a request, and caches nothing.

It represents the wrapper that this collection replaces: REST API v1, a token for each use, a request for each test.
"""

from __future__ import annotations

import base64
import os
import time
from typing import Any

import requests
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        base = os.environ["CATCHPOINT_BASE_URL"]
        form = {
            "grant_type": "client_credentials",
            "client_id": os.environ["CATCHPOINT_CLIENT_ID"],
            "client_secret": os.environ["CATCHPOINT_CLIENT_SECRET"],
        }
        login = requests.post(f"{base}/ui/api/token", data=form, timeout=30)
        login.raise_for_status()
        token = base64.b64encode(login.json()["access_token"].encode()).decode()
        now = time.time()
        window = {
            "startTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 3600)),
            "endTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        }
        found = []
        for term in terms:
            answer = requests.get(
                f"{base}/ui/api/v1/performance/raw/{term}",
                params=window,
                headers={"Authorization": f"Bearer {token}"},
                timeout=30,
            )
            answer.raise_for_status()
            found.append(answer.json())
        return found
