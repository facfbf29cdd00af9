# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""v2: the few calls that change something: tests, products, folders, and acknowledged alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..server.messages import ApiError, Request, Response
from ..world import enums, times
from ..world.scenario import Folder, Product, Test
from .v2_common import Json, csv, envelope, flag
from .v2_objects import folder_model, long_test, product_model

if TYPE_CHECKING:
    from ..simulator import Simulator


def _body(request: Request, required: tuple[str, ...]) -> Mapping[str, Any]:
    data = request.json()
    if not isinstance(data, dict):
        raise ApiError(400, "The body must be an object.")
    missing = [f"The {name} field is required." for name in required if data.get(name) is None]
    if missing:
        raise ApiError(400, missing[0], messages=missing)
    if len(str(data.get("name", ""))) > 128:
        raise ApiError(400, "The field name must not be longer than 128 characters.")
    return data


def _enum_id(table: Mapping[int, str], value: Any, name: str) -> int:
    """The id of `{"id": 0, "name": ...}` (the name is not looked at), of 0, or of "0"."""
    given: Any = value.get("id") if isinstance(value, Mapping) else value
    try:
        identifier = int(given)
    except (TypeError, ValueError) as error:
        raise ApiError(400, f"The value '{given}' is not valid for {name}.") from error
    if identifier not in table:
        raise ApiError(400, f"The value '{given}' is not valid for {name}.")
    return identifier


def _created(sim: Simulator, request: Request, name: str, identifier: int, details: Json) -> Response:
    shown = details if flag(request, "objectDetails") else None
    data = {name: shown, "id": identifier, "hasMore": False}
    return envelope(sim, request, data, status=int(sim.switches["create_status"]))


def create_test(sim: Simulator, request: Request) -> Response:
    data = _body(request, ("divisionId", "productId", "name", "startTime", "status", "monitor", "testType"))
    with sim.lock:
        name = str(data["name"])
        if any(test.name == name for test in sim.world.tests.values()):
            raise ApiError(400, f"A test with the name '{name}' exists already.")
        try:
            start = times.parse(str(data["startTime"]))
        except times.TimeError as error:
            raise ApiError(400, f"The value '{data['startTime']}' is not valid for startTime.") from error
        test = Test(
            id=max(sim.world.tests, default=0) + 1,
            name=name,
            type=_enum_id(enums.TEST_TYPES, data["testType"], "testType"),
            monitor=_enum_id(enums.MONITORS, data["monitor"], "monitor"),
            product_id=int(data["productId"]),
            folder_id=None if data.get("folderId") is None else int(data["folderId"]),
            url=str(data.get("url") or ""),
            description=str(data.get("description") or ""),
            status=_enum_id(enums.STATUS, data["status"], "status"),
            start=start,
            changed=sim.now(),
        )
        sim.world.tests = {**sim.world.tests, test.id: test}
    return _created(sim, request, "test", test.id, long_test(sim, test))


def patch_test(sim: Simulator, request: Request, text: str) -> Response:
    """JSON Patch as the vendor understands it: values may be text, /status and /status/id mean the same."""
    operations = request.json()
    if not isinstance(operations, list):
        raise ApiError(400, "The body must be a list of operations.")
    ignored = []
    with sim.lock:
        test = sim.world.tests.get(int(text)) if text.isdigit() else None
        if test is None:
            status = 404 if sim.switches["unknown_id"] == "404" else 200
            raise ApiError(status, f"Test id {text} was not found.")
        for operation in operations:
            path, value = str(operation.get("path", "")), operation.get("value")
            changed = _patched(test, path, value)
            if changed is None:
                ignored.append({"ops": str(operation.get("op", "")), "path": path})
            else:
                test = replace(changed, changed=sim.now())
        sim.world.tests = {**sim.world.tests, test.id: test}
    shown = long_test(sim, test) if flag(request, "objectDetails") else None
    notes = [{"information": "Some operations were ignored.", "ignoredPath": ignored}] if ignored else None
    return envelope(sim, request, {"test": shown, "id": test.id, "hasMore": False}, notes=notes)


def _patched(test: Test, path: str, value: Any) -> Test | None:
    if path in ("/status", "/status/id"):
        return replace(test, status=_enum_id(enums.STATUS, value, path))
    if path == "/alertsPaused":
        return replace(test, alerts_paused=str(value).lower() == "true")
    if path == "/name":
        return replace(test, name=str(value))
    if path == "/url":
        return replace(test, url=str(value))
    if path == "/description":
        return replace(test, description=str(value))
    if path == "/productId":
        return replace(test, product_id=int(value))
    if path == "/folderId":
        return replace(test, folder_id=int(value))
    return None


def delete_tests(sim: Simulator, request: Request, text: str) -> Response:
    """Deletes what there is and tells what there is not."""
    wanted = csv(sim, text, "testIds")
    with sim.lock:
        gone = [one for one in wanted if one in sim.world.tests]
        sim.world.tests = {one: test for one, test in sim.world.tests.items() if one not in gone}
    errors = [f"Test id {one} was not found." for one in wanted if one not in gone]
    return envelope(sim, request, {"deleted": ",".join(map(str, gone))}, errors)


def create_product(sim: Simulator, request: Request) -> Response:
    data = _body(request, ("divisionId", "name"))
    with sim.lock:
        product = Product(max(sim.world.products, default=0) + 1, str(data["name"]))
        sim.world.products = {**sim.world.products, product.id: product}
    return _created(sim, request, "product", product.id, product_model(sim, product))


def create_folder(sim: Simulator, request: Request) -> Response:
    data = _body(request, ("divisionId", "productId", "name"))
    with sim.lock:
        parent = data.get("parentId")
        folder = Folder(
            max(sim.world.folders, default=0) + 1,
            str(data["name"]),
            int(data["productId"]),
            None if parent is None else int(parent),
        )
        sim.world.folders = {**sim.world.folders, folder.id: folder}
    return _created(sim, request, "folder", folder.id, folder_model(sim, folder))


def update_alerts(sim: Simulator, request: Request) -> Response:
    """Acknowledge, drop or assign alerts; answers with the ids that were found."""
    updates = request.json()
    if not isinstance(updates, list) or not all(isinstance(one, dict) and one.get("alertId") for one in updates):
        raise ApiError(400, "The alertId field is required.")
    done, errors = [], []
    with sim.lock:
        alerts = {alert.id: alert for alert in sim.world.alerts}
        for update in updates:
            alert = alerts.get(str(update["alertId"]))
            if alert is None:
                errors.append(f"Alert id {update['alertId']} was not found.")
                continue
            done.append(alert.id)
            if update.get("dropAlert"):
                del alerts[alert.id]
                continue
            contact = update.get("assignToContactByEmail") or alert.acknowledged_by or "oncall@example.com"
            if update.get("acknowledgeAlert") is not None:
                contact = contact if update["acknowledgeAlert"] else None
            alerts[alert.id] = replace(alert, acknowledged_by=contact)
        sim.world.alerts = tuple(alerts.values())
    return envelope(sim, request, {"alerts": done, "hasMore": False}, errors)
