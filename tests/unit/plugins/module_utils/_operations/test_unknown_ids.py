# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test that is missing or forbidden does not fail the others, in every form of the API, over a socket."""

from __future__ import annotations

import pytest
from ansible_collections.community.catchpoint.plugins.module_utils._api.client import Client
from ansible_collections.community.catchpoint.plugins.module_utils._api.factory import open_client
from ansible_collections.community.catchpoint.plugins.module_utils._api.queries import DataQuery
from ansible_collections.community.catchpoint.plugins.module_utils._errors import ApiError
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import test_data as data_of
from ansible_collections.community.catchpoint.tests.unit.plugins.module_utils._operations.test_performance_gate import (
    OTHER,
    TEST,
    Service,
    hour_before,
    service,
    with_v1,
)

__all__ = ["service"]

MISSING = 999
FORMS = [
    ("v1", {"v1_unknown_id": "404"}),
    ("v1", {"v1_unknown_id": "200_message"}),
    ("v1", {"v1_unknown_id": "400"}),
    ("v1", {"v1_unknown_id": "403"}),
    ("v1", {"forbidden_tests": str(MISSING)}),
    ("v2", {"unknown_id": "404"}),
    ("v2", {"unknown_id": "completed_false"}),
    ("v2", {"unknown_id": "400"}),
    ("v2", {"forbidden_tests": str(MISSING)}),
]
NAMES = [f"{version} {'='.join(next(iter(switches.items())))}" for version, switches in FORMS]


def client_of(service: Service, version: str, switches: dict[str, str]) -> Client:
    for number in (TEST, OTHER):
        service.test(number, hour_before([900] * 12))
    if "forbidden_tests" in switches:
        service.test(MISSING, hour_before([900] * 12))
    service.simulator.switches.update(switches)
    if version == "v1":
        with_v1(service)
    return open_client(service.connection, warn=service.warnings.append, clock=service.clock)[0]


@pytest.mark.parametrize(("version", "switches"), FORMS, ids=NAMES)
def test_data_of_the_others(service: Service, version: str, switches: dict[str, str]) -> None:
    client = client_of(service, version, switches)
    found = data_of(client, [TEST, MISSING, OTHER], DataQuery())
    assert [(number, result["run_count"]) for number, result in found.results.items()] == [(TEST, 12), (OTHER, 12)]
    ((number, error),) = found.unknown.items()
    assert (number, str(error).startswith(f"Test {MISSING} ")) == (MISSING, True)


@pytest.mark.parametrize(("version", "switches"), FORMS, ids=NAMES)
def test_definitions_name_the_one_that_is_missing(service: Service, version: str, switches: dict[str, str]) -> None:
    client = client_of(service, version, switches)
    with pytest.raises(ApiError, match=str(MISSING)) as caught:
        client.tests_by_id([TEST, MISSING])
    assert str(TEST) not in str(caught.value)
    assert [test.id for test in client.tests_by_id([OTHER, TEST])] == [OTHER, TEST]


@pytest.mark.parametrize(("version", "switches"), FORMS, ids=NAMES)
def test_a_gate_over_a_missing_test_is_the_verdict_error(
    service: Service, version: str, switches: dict[str, str]
) -> None:
    client_of(service, version, switches)
    result = service.gate(test_ids=[TEST, MISSING], min_runs=1, wait_timeout=60)
    assert (result["verdict"], result["failed"]) == ("error", True)
    assert f"Test {MISSING} " in result["msg"]
