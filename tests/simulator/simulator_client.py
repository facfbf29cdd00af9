# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the simulator for its tests."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from simulator.start import Running

NOW = "2026-11-23T10:00:00Z"
# The hour before NOW, and the runs of a healthy test in it.
HOUR = "startTimeUtc=2026-11-23T09:00:00&endTimeUtc=2026-11-23T10:00:00"
RAW = f"tests/explorer/raw?testIds=81093&{HOUR}"


class Api:
    """Calls both versions of the API as a client does."""

    def __init__(self, simulator: Running) -> None:
        self.simulator = simulator
        self._token: str | None = None

    def login(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.simulator.client_id,
            "client_secret": self.simulator.client_secret,
        }
        status, data = self.post_form(form)
        assert status == 200, data
        self._token = str(data["access_token"])
        return self._token

    def post_form(self, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        status, _headers, body = self.simulator.request(
            "POST",
            "/ui/api/token",
            urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})},
        )
        return status, json.loads(body or b"null")

    def v1(self, path: str, encoded: bool = False) -> tuple[int, Any]:
        token = self._token or self.login()
        shown = base64.b64encode(token.encode()).decode() if encoded else token
        status, _headers, body = self.raw("GET", f"/ui/api/v1/{path}", {"Authorization": f"Bearer {shown}"})
        return status, json.loads(body) if body else None

    def v2(self, path: str, method: str = "GET", body: Any = None, version: str = "v2") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.simulator.api_key}"}
        status, _headers, answer = self.raw(method, f"/api/{version}/{path}", headers, body)
        return status, json.loads(answer) if answer else None

    def data(self, path: str, version: str = "v2") -> Any:
        """The data of a response that must be complete."""
        status, answer = self.v2(path, version=version)
        assert (status, answer["completed"], answer["errors"]) == (200, True, []), answer
        return answer["data"]

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Rows of all response items with their values by metric name."""
        result = []
        for item in self.data(path)["responseItems"]:
            names = {entry["index"]: entry["name"] for entry in item["metrics"]}
            for row in item["items"]:
                dimensions = {one["type"]["name"]: one["id"] for one in row["dimensions"]}
                values = {names[at]: value for at, value in enumerate(row["values"])}
                result.append({"time": row["dateTime"], "dimensions": dimensions, "values": values})
        return result

    def raw(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: Any = None
    ) -> tuple[int, dict[str, str], bytes]:
        return self.simulator.request(method, path, body, headers)


def item(api: Api, path: str = RAW) -> dict[str, Any]:
    """The first response item of analytics data."""
    found: dict[str, Any] = api.data(path)["responseItems"][0]
    return found
