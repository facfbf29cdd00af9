# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup: options from every source, cached results, and missing or stale data."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from ansible_collections.community.catchpoint.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.community.catchpoint.plugins.doc_fragments.test_data import ModuleDocFragment as Data
from ansible_collections.community.catchpoint.plugins.lookup import catchpoint_test_data
from ansible_collections.community.catchpoint.plugins.module_utils._operations.tests_data import DATA_ARGUMENTS
from ansible_collections.community.catchpoint.tests.unit.clock import NOW
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.workers import in_worker

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core 2.18 and earlier trust what is in variables

    def trust_as_template(value: Any) -> Any:
        return value


NAME = "community.catchpoint.catchpoint_test_data"
Lookup = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []
    module = sys.modules["ansible_collections.community.catchpoint.plugins.lookup.catchpoint_test_data"]
    monkeypatch.setattr(type(module.display), "warning", lambda _self, text, **_more: shown.append(text))
    return shown


@pytest.fixture
def lookup(live_service: Service, warnings: list[str]) -> Iterator[Lookup]:
    connection = {"ansible_catchpoint_base_url": live_service.url, "ansible_catchpoint_api_key": "the-key"}

    def run(*terms: Any, variables: Any = None, **options: Any) -> list[dict[str, Any]]:
        given = {**connection, **(variables or {})}
        loader = DataLoader()
        plugin = lookup_loader.get(NAME, loader=loader, templar=Templar(loader=loader, variables=given))
        found: list[dict[str, Any]] = plugin.run(list(terms), variables=given, **options)
        return found

    yield run


# Options


def test_definitions_equal_the_documentation() -> None:
    documented = {
        **yaml.safe_load(catchpoint_test_data.DOCUMENTATION)["options"],
        **yaml.safe_load(Connection.PLUGINS)["options"],
        **yaml.safe_load(Data.PLUGINS)["options"],
    }
    del documented["_terms"]
    without_descriptions = {
        name: {member: value for member, value in option.items() if member != "description"}
        for name, option in documented.items()
    }
    defined = {
        name: {member: value for member, value in option.items() if member != "default" or value is not None}
        for name, option in catchpoint_test_data.DEFINITIONS.items()
    }
    assert defined == without_descriptions


def test_data_options_equal_those_of_the_module() -> None:
    for name, spec in DATA_ARGUMENTS.items():
        definition = catchpoint_test_data.DEFINITIONS[name]
        assert {member: value for member, value in definition.items() if member not in ("env", "ini", "vars")} == spec


def test_ansible_uses_the_definitions_as_documentation(lookup: Lookup) -> None:
    lookup(1)
    known = constants.config.get_configuration_definitions("lookup", catchpoint_test_data.__name__)
    assert list(known) == list(catchpoint_test_data.DEFINITIONS)
    assert {option["type"] for option in known.values()} == {"raw", "path"}


def test_options_from_the_environment(lookup: Lookup, live_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    live_service.keys = {"the-environments-key"}
    monkeypatch.setenv("CATCHPOINT_API_KEY", "the-environments-key")
    variables = {"ansible_catchpoint_api_key": None}
    assert lookup(1, variables=variables)[0]["test_id"] == 1


def test_variables_may_be_templates(lookup: Lookup, live_service: Service) -> None:
    live_service.keys = {"the-vaults-key"}
    template = trust_as_template("{{ vault_key }}")
    variables = {"ansible_catchpoint_api_key": template, "vault_key": "the-vaults-key"}
    assert lookup(1, variables=variables)[0]["test_id"] == 1


@pytest.mark.parametrize("value", ["ture", "", "no way"])
def test_invalid_truth_value_is_refused(
    lookup: Lookup, live_service: Service, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Ansible reads such a value as false, which would disable the check of certificates."""
    message = f"validate_certs is {value!r}%s, but must be true or false"
    with pytest.raises(AnsibleLookupError, match=message % ""):
        lookup(1, validate_certs=value)
    with pytest.raises(AnsibleLookupError, match=message % r" \(from variable ansible_catchpoint_validate_certs\)"):
        lookup(1, variables={"ansible_catchpoint_validate_certs": value})
    monkeypatch.setenv("CATCHPOINT_VALIDATE_CERTS", value)
    with pytest.raises(AnsibleLookupError, match=message % r" \(from environment variable CATCHPOINT_VALIDATE_CERTS\)"):
        lookup(1)
    assert lookup(1, validate_certs="no")[0]["test_id"] == 1


def test_unknown_option_is_refused(lookup: Lookup) -> None:
    with pytest.raises(AnsibleLookupError, match=r"no option 'metric'\. Did you mean metrics"):
        lookup(1, metric=["test_time"])
    with pytest.raises(AnsibleLookupError, match=r"no option 'zzz'\. Its options are: api_key, api_version"):
        lookup(1, zzz=1)


@pytest.mark.parametrize("name", ["test_id", "test_ids", "id", "ids"])
def test_ids_as_an_option_are_refused(lookup: Lookup, name: str) -> None:
    with pytest.raises(AnsibleLookupError) as caught:
        lookup(1, **{name: 81093})
    assert str(caught.value).endswith(
        f"no option {name!r}. Give ids as terms: lookup('community.catchpoint.catchpoint_test_data', 81093)."
    )


@pytest.mark.parametrize("term", ["home", "", -1, 1.5, True, None, "1 2", "\u00b2", "\u0661"])
def test_term_that_is_not_an_id_is_refused(lookup: Lookup, term: Any) -> None:
    with pytest.raises(AnsibleLookupError, match="is not a test id"):
        lookup(term)


def test_missing_terms_are_refused(lookup: Lookup) -> None:
    with pytest.raises(AnsibleLookupError, match="No test id is given"):
        lookup()


def test_missing_credentials_are_refused(lookup: Lookup) -> None:
    with pytest.raises(AnsibleLookupError, match="No Catchpoint credentials are given"):
        lookup(1, variables={"ansible_catchpoint_api_key": None})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"breakdown": "region"}, "breakdown is 'region', but must be one of node, city, country."),
        ({"breakdown": "contry"}, "must be one of node, city, country. Did you mean country?"),
        ({"on_missing": "ignore"}, "on_missing is 'ignore', but must be one of error, warn, empty."),
        ({"max_age": "15m"}, "max_age is '15m', which is not a number. Write seconds without a unit: 900."),
        (
            {"timeout": "30 seconds"},
            "timeout is '30 seconds', which is not a number. Write seconds without a unit: 30.",
        ),
        ({"max_age": True}, "max_age is True, which is not a number."),
        ({"ids_per_request": 1.5}, "ids_per_request is 1.5, which is not a whole number."),
        ({"tz": ["UTC"]}, "tz must be text."),
        ({"metrics": {"a": 1}}, "metrics must be a list."),
    ],
)
def test_invalid_option_values_are_refused(
    lookup: Lookup, live_service: Service, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(AnsibleLookupError) as caught:
        lookup(1, **options)
    assert str(caught.value).endswith(message)
    assert live_service.requests == []


def test_options_given_as_text_are_converted(lookup: Lookup) -> None:
    result = lookup(1, include_runs="yes", metrics="test_time, runs", timeout="30", max_age="300", ids_per_request="2")[
        0
    ]
    assert sorted(result["metrics"]) == ["runs", "test_time"]
    assert len(result["runs"]) == 1


# Results


def test_a_result_for_each_term(lookup: Lookup, live_service: Service) -> None:
    assert [one["test_id"] for one in lookup(2, [1, "3"], 2)] == [2, 1, 3, 2]
    assert [sorted(ids) for ids in live_service.ids] == [[1, 2, 3]]


@pytest.mark.parametrize(
    "term", ["1, 2", "1,2", ["1,2"], [1, "2"], (1, 2), {1: "a", 2: "b"}.keys(), range(1, 3), iter([1, 2]), [[1], ["2"]]]
)
def test_forms_of_ids(lookup: Lookup, term: Any) -> None:
    assert [one["test_id"] for one in lookup(term)] == [1, 2]


def test_wantlist_is_accepted(lookup: Lookup) -> None:
    assert lookup(1, wantlist=True)[0]["test_id"] == 1


def test_an_empty_list_gives_an_empty_list_and_a_warning(
    lookup: Lookup, live_service: Service, warnings: list[str]
) -> None:
    """A loop over the ids that a filter found must not fail if it found none."""
    assert lookup([]) == []
    assert warnings == ["The list of test ids is empty, so catchpoint_test_data returns no data."]
    assert live_service.requests == []


def test_times_and_numbers_parsed_by_yaml_are_accepted(lookup: Lookup, live_service: Service) -> None:
    given = {"end": "2026-11-23T10:00:00Z", "on_missing": "empty"}
    result = lookup(1, start=datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.timezone.utc), metrics=89, **given)[0]
    assert result["window"] == {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T10:00:00Z"}
    result = lookup(1, start=datetime.date(2026, 11, 23), tz="UTC", **given)[0]
    assert result["window"]["start"] == "2026-11-23T00:00:00Z"


@pytest.mark.usefixtures("still_clock")
def test_equal_lookups_share_one_request(lookup: Lookup, live_service: Service) -> None:
    assert lookup(1) == lookup("1")
    assert len(live_service.ids) == 1
    lookup(1, start=-30)
    lookup(1, cache_ttl=0)
    assert len(live_service.ids) == 3


def test_an_unknown_test_is_requested_once(lookup: Lookup, live_service: Service) -> None:
    for _time in range(2):
        with pytest.raises(AnsibleLookupError, match="Test 77 does not exist"):
            lookup(77)
    assert len(live_service.ids) == 1


class HostVars(dict[str, Any]):
    def raw_get(self, host: str) -> Any:
        return self[host]


def test_hosts_share_one_request(lookup: Lookup, live_service: Service) -> None:
    hosts = {"a": {"my_test": 1}, "b": {"my_test": "2"}, "c": {"my_test": [3]}}
    play = {
        "hostvars": HostVars(hosts),
        "ansible_play_batch": ["a", "b", "c"],
        "ansible_play_hosts_all": ["a", "b", "c"],
        "ansible_catchpoint_test_id_variable": "my_test",
    }
    for host, own in hosts.items():
        lookup(own["my_test"], variables={**play, **own, "inventory_hostname": host})
    assert live_service.ids == [[1, 2, 3]]
    lookup(3, variables={**play, **hosts["a"]}, start=-30)
    assert live_service.ids[1:] == [[3]]


def test_the_default_variable_needs_no_setting(lookup: Lookup, live_service: Service) -> None:
    hosts = {"a": {"catchpoint_test_id": 1}, "b": {"catchpoint_test_id": "2, 3"}}
    play = {
        "hostvars": HostVars(hosts),
        "ansible_play_batch": ["a", "b"],
        "ansible_play_hosts_all": ["a", "b"],
    }
    for host, own in hosts.items():
        lookup(own["catchpoint_test_id"], variables={**play, **own, "inventory_hostname": host})
    assert live_service.ids == [[1, 2, 3]]
    lookup(1, variables={**play, **hosts["a"]}, start=-30, test_id_variable="")
    assert live_service.ids[1:] == [[1]]


def test_a_misspelt_variable_is_warned_of(lookup: Lookup, warnings: list[str]) -> None:
    hosts = {"a": {"catchpoint_test_id": 1}}
    play = {"hostvars": HostVars(hosts), "ansible_play_batch": ["a"], "ansible_play_hosts_all": ["a"], **hosts["a"]}
    lookup(1, variables=play, test_id_variable="catchpoint_tst_id")
    assert warnings == [
        "test_id_variable is 'catchpoint_tst_id', but no host of the play has a variable of that name. "
        "Did you mean catchpoint_test_id?"
    ]


# The cost of a cached lookup


@pytest.mark.usefixtures("still_clock")
def test_a_cached_lookup_imports_and_reads_little(lookup: Lookup, live_service: Service, run_folder: Path) -> None:
    lookup(1, metrics=["test_time"])
    program = f"""
import json, sys, time
time.time = lambda: {NOW}
sys.path[:0] = {sys.path!r}
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
_AnsibleCollectionFinder(paths={sys.path!r})._install()
from ansible import constants
constants.DEFAULT_LOCAL_TMP = {str(run_folder)!r}
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
variables = {{"ansible_catchpoint_base_url": {live_service.url!r}, "ansible_catchpoint_api_key": "the-key"}}
templar = Templar(loader=DataLoader(), variables=variables)
before = set(sys.modules)
opened = []
sys.addaudithook(lambda name, arguments: opened.append(str(arguments[0])) if name == "open" else None)
plugin = lookup_loader.get({NAME!r}, loader=DataLoader(), templar=templar)
result = plugin.run([1], variables=variables, metrics=["test_time"])
print(json.dumps({{"result": result, "new": sorted(set(sys.modules) - before), "opened": opened}}))
"""
    finished = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    report = json.loads(finished.stdout.splitlines()[-1])
    assert report["result"][0]["test_id"] == 1
    mine = [name.rpartition(".")[2] for name in report["new"] if name.startswith("ansible_collections.community")]
    packages = {
        "community",
        "catchpoint",
        "plugins",
        "lookup",
        "module_utils",
        "_http",
        "_operations",
        "plugin_utils",
        "_run_cache",
    }
    assert sorted(set(mine) - packages) == [
        "_errors",
        "_plugin_options",
        "_text",
        "catchpoint_test_data",
        "connection_table",
        "guards",
        "reader",
    ]
    assert not [name for name in report["new"] if name.split(".")[0] in ("requests", "dateutil", "urllib3", "yaml")]
    cache_files = [path for path in report["opened"] if path.startswith(str(run_folder))]
    assert [Path(path).name for path in cache_files] == ["1.json"]
    assert len(live_service.ids) == 1


@pytest.mark.usefixtures("still_clock")
def test_results_are_shared_with_other_workers(lookup: Lookup, live_service: Service) -> None:
    assert in_worker(lambda: lookup(1)[0]["test_id"]) == 1
    assert lookup(1)[0]["test_id"] == 1
    assert len(live_service.ids) == 1


# Missing and stale data


def test_a_window_without_runs(lookup: Lookup, live_service: Service, warnings: list[str]) -> None:
    live_service.newest = "2000-01-01T00:00:00Z"
    with pytest.raises(AnsibleLookupError, match=r"Test 1 has no run between .* Is it active"):
        lookup(1)
    warnings.clear()
    assert lookup(1, on_missing="warn")[0]["run_count"] == 0
    assert ["no run between" in text for text in warnings] == [True]
    with pytest.raises(
        AnsibleLookupError, match=r"which is a window of 60 seconds\. Set an earlier start, such as -1h"
    ):
        lookup(1, start=-1)
    warnings.clear()
    empty = lookup(1, on_missing="empty")[0]
    assert (empty["run_count"], empty["availability"], empty["latest"], empty["age_seconds"]) == (0, None, None, None)
    assert warnings == []


def test_a_percentile_with_too_few_values_is_warned_of(lookup: Lookup, warnings: list[str]) -> None:
    """As in the module, so that null <= 2000 is not the first sign."""
    (found,) = lookup(1, metrics=["test_time"])
    assert found["metrics"]["test_time"]["p99"] is None
    (warning,) = warnings
    assert "p99 of test_time are null for test 1: too few values" in warning
    warnings.clear()
    lookup(1)
    assert warnings == []


def test_stale_data(lookup: Lookup, live_service: Service, warnings: list[str]) -> None:
    live_service.newest = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - 600))
    shift = "max_age is 300. Does the test still run?"
    with pytest.raises(AnsibleLookupError, match=r"The newest run of test 1 is \d+ seconds old") as caught:
        lookup(1, max_age=300)
    assert shift in str(caught.value)
    assert lookup(1, max_age=300, on_stale="ignore")[0]["test_id"] == 1
    assert warnings == []
    lookup(1, max_age=300, on_stale="warn")
    assert [shift in text for text in warnings] == [True]


def ago(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - seconds))


@pytest.mark.usefixtures("still_clock")
def test_age_of_a_step_counts_from_its_end(lookup: Lookup, live_service: Service) -> None:
    """A long step that began long ago does not make a healthy test stale."""
    live_service.steps = [(ago(590), 5.0), (ago(290), 5.0)]
    assert lookup(1, interval="Minutes5", max_age=60)[0]["age_seconds"] == 0


@pytest.mark.usefixtures("still_clock")
def test_stale_steps(lookup: Lookup, live_service: Service) -> None:
    live_service.steps = [(ago(900), 5.0), (ago(600), 0.0), (ago(300), 0.0)]
    message = (
        r"^The newest interval with a run of test 1 ended 60\d seconds ago, max_age is 300\. Does the test still run"
    )
    with pytest.raises(AnsibleLookupError, match=message):
        lookup(1, interval="Minutes5", max_age=300)
    assert lookup(1, interval="Minutes5", max_age=900)[0]["run_count"] == 5


def test_steps_without_any_run(lookup: Lookup, live_service: Service) -> None:
    live_service.steps = [(ago(600), 0.0), (ago(300), 0.0)]
    with pytest.raises(AnsibleLookupError, match="Test 1 has no run between"):
        lookup(1, interval="Minutes5", max_age=300)
    empty = lookup(1, interval="Minutes5", max_age=300, on_missing="empty")[0]
    assert (empty["run_count"], empty["age_seconds"], len(empty["points"])) == (0, None, 2)


KEY = "0a1B'2c3D-4e5F"


@pytest.mark.parametrize(
    "name",
    [
        "timeout",
        "on_missing",
        "on_stale",
        "max_age",
        "validate_certs",
        "rate_limits",
        "api_version",
        "base_url",
        "start",
    ],
)
@pytest.mark.parametrize("place", ["argument", "variable", "environment"])
def test_a_key_pasted_into_another_option_is_not_shown(
    lookup: Lookup, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    variables: dict[str, Any] = {"ansible_catchpoint_api_key": None}
    given: dict[str, Any] = {name: KEY}
    if place == "argument":
        given["api_key"] = KEY
    elif place == "variable":
        variables["ansible_catchpoint_api_key"] = KEY
    else:
        monkeypatch.setenv("CATCHPOINT_API_KEY", KEY)
    with pytest.raises(AnsibleError) as caught:
        lookup(1, variables=variables, **given)
    assert "2c3D" not in str(caught.value)


def test_a_key_given_as_a_term_is_not_shown(lookup: Lookup) -> None:
    with pytest.raises(AnsibleError, match="is not a test id") as caught:
        lookup(KEY, api_key=KEY)
    assert "2c3D" not in str(caught.value)
