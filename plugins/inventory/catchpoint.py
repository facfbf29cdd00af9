# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catchpoint
short_description: Inventory of Catchpoint tests, or of the agents of enterprise nodes
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Makes a host of each test, or of each agent (instance) of the enterprise nodes.
  - The name of the source file must end in C(.catchpoint.yml) or C(.catchpoint.yaml).
  - With O(source=tests), it sends one request for 100 tests and one for 100 products, so 1000 tests cost 11 requests. A
    O(product) or O(folder) by name, O(folder_names), and tests of inactive products cost one more each.
    With O(source=agents), it sends one request. Nothing is requested while the cache is valid.
  - Every host of a test has the variable C(catchpoint_test_id). The variable C(ansible_catchpoint_test_id_variable) is
    set for all hosts, so that P(community.catchpoint.catchpoint_test_data#lookup) reads the tests of all hosts of a
    play in the same request.
options:
  plugin:
    description: Marks the file as a source of this plugin.
    type: str
    required: true
    choices:
      - community.catchpoint.catchpoint
  source:
    description:
      - V(tests) makes a host of each test.
      - V(agents) makes a host of each instance of the active enterprise nodes. These are machines, which Ansible can
        manage. REST API v1 does not list them.
    type: str
    choices:
      - tests
      - agents
    default: tests
  hostname:
    description:
      - The name of a host. V(name) is the name of the test, or the host name of the agent. V(url_host) is the host in
        the test's URL. V(id) is the id of the test or agent.
      - A test without a URL or a name goes by its name or id. If several have the same name, their ids are added
        with an underscore, and there is a warning.
      - REST API v1 does not list URLs, so V(url_host) needs an O(api_key).
    type: str
    choices:
      - name
      - url_host
      - id
    default: name
  test_ids:
    description:
      - The ids of the tests to include. An id that does not exist is an error.
      - It cannot be combined with other filters of tests.
    type: list
    elements: int
  name:
    description:
      - Only tests whose name contains this text, in upper or lower case.
      - With O(source=agents), only agents whose host name or node contains it.
    type: str
  url:
    description: Only tests whose URL contains this text, in upper or lower case.
    type: str
  status:
    description: Only active or inactive tests or agents, or V(all). The default is V(active).
    type: str
    choices:
      - active
      - inactive
      - all
  type:
    description: Only tests of this type.
    type: str
    choices:
      - web
      - transaction
      - html_code
      - ftp
      - tcp
      - dns
      - ping
      - smtp
      - udp
      - api
      - streaming
      - ssh
      - trace_route
      - web_socket
      - ntp
      - imap
      - mqtt
      - bulk
      - ssl
      - wifi
      - bgp
      - node_to_node
      - bandwidth
      - web_page_test_web
      - web_page_test_transaction
      - playwright
      - puppeteer
  product:
    description: Only tests of the product with this id or name.
    type: str
  folder:
    description: Only tests in the folder with this id or name, without the folders in it.
    type: str
  labels:
    description:
      - Only tests that have these labels, by name. The value is one that the label must have, a list of such values, or
        empty if any value matches.
      - REST API v1 does not support labels.
    type: dict
  folder_names:
    description: Whether to look up the names of folders, for the variable C(catchpoint_folder).
    type: bool
    default: false
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
  - community.catchpoint.connection.inventory
notes:
  - The variables of a test's host are C(catchpoint_test_id), C(catchpoint_name), C(catchpoint_url), C(catchpoint_type),
    C(catchpoint_status), C(catchpoint_labels), C(catchpoint_product), C(catchpoint_product_id), C(catchpoint_folder)
    and C(catchpoint_folder_id).
  - The variables of an agent's host are C(catchpoint_instance_id), C(catchpoint_name), C(catchpoint_status),
    C(catchpoint_ip), C(catchpoint_operating_system), C(catchpoint_node_id) and C(catchpoint_node).
  - The cache is that of Ansible's inventory plugins. It holds hosts and their variables, but no credentials.
    Other filters or credentials use another entry of the cache.
  - Ansible only warns of a source that fails, and plays nothing. Set C(any_unparsed_is_failed = true) in the section
    C([inventory]) of C(ansible.cfg), so that refused credentials end a play with an error.
  - Variables of the inventory do not exist yet when it is read, so options that come from variables are taken from
    extra vars alone.
seealso:
  - plugin: community.catchpoint.catchpoint_test_data
    plugin_type: lookup
  - module: community.catchpoint.catchpoint_test_info
"""

EXAMPLES = r"""
# shop.catchpoint.yml: a host for each test of a product, in groups by team and type
plugin: community.catchpoint.catchpoint
product: Web shop
keyed_groups:
  - key: catchpoint_labels.team
    prefix: team
  - key: catchpoint_product
    prefix: product
  - key: catchpoint_type
    prefix: type
groups:
  critical: "'gold' in catchpoint_labels.tier | default([])"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible/catchpoint
---
# hosts.catchpoint.yml: the host names of an inventory that exists already get the ids of the tests that check them
plugin: community.catchpoint.catchpoint
hostname: url_host
type: web
---
# agents.catchpoint.yml: the agents of enterprise nodes, which Ansible connects to by their address
plugin: community.catchpoint.catchpoint
source: agents
compose:
  ansible_host: catchpoint_ip
keyed_groups:
  - key: catchpoint_node
    prefix: node
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Optional

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.display import Display
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError, OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import secret_texts
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection_table import TABLE
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.plugin_utils import _inventory_hosts, _plugin_options
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_cache import reader
from ansible_collections.community.catchpoint.plugins.plugin_utils._run_client import RunClient

try:
    from ansible.utils.unsafe_proxy import wrap_var
except ImportError:  # a later ansible-core, which trusts no text that a plugin does not mark

    def wrap_var(v: Any) -> Any:
        """ansible-core 2.18 and earlier take texts of the service, such as names of tests, for templates otherwise."""
        return v


display = Display()

_SUFFIXES = (".catchpoint.yml", ".catchpoint.yaml")

# The options that decide which hosts there are and how they are named.
_SELECTION = ("source", "hostname", "folder_names", *_inventory_hosts.FILTERS)

# The connection options that the plugin has. "cache" and its like are options of Ansible's own cache here.
_CONNECTION = tuple(row[0] for row in TABLE if "cache" not in row[0])

_SHOWN = 5


def _checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that select hosts and those of the connection, with validate_certs as a flag. Raises OptionError."""
    flag = _plugin_options.converted("validate_certs", {"type": "bool", "default": True}, options["validate_certs"])
    given = [name for name in _inventory_hosts.FILTERS if options[name] is not None]
    if options["test_ids"] is not None and len(given) > 1:
        others = ", ".join(name for name in given if name != "test_ids")
        raise OptionError(f"test_ids cannot be combined with {others}. Remove one of them.")
    if options["hostname"] == "url_host" and not options["api_key"] and options["client_id"]:
        raise OptionError(
            "hostname: url_host needs REST API v2, because v1 does not list the URLs of tests. Use an api_key."
        )
    return {**options, "validate_certs": flag}


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Hosts of tests or agents."""

    NAME = "community.catchpoint.catchpoint"

    inventory: Any
    templar: Any

    def verify_file(self, path: str) -> bool:
        return path.endswith(_SUFFIXES) and bool(super().verify_file(path))  # type: ignore[no-untyped-call]

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        options = {name: self._rendered(self.get_option(name)) for name in (*_SELECTION, *_CONNECTION)}
        # Outside of the except block: within it, Ansible shows the cause of an error as well.
        problem = None
        try:
            self._refuse_unknown(config)
            hosts = self._hosts(path, cache, _checked(options))
        except CatchpointError as error:
            problem = redact(str(error), secret_texts(options))
        if problem is not None:
            raise AnsibleParserError(f"{path}: {problem}")
        self._add(hosts, path)

    def _read_config_data(self, path: str) -> dict[str, Any]:
        # Ansible would read an invalid value as false.
        known = dict(constants.config.get_configuration_definitions("inventory", self._load_name))
        known["validate_certs"] = {**known["validate_certs"], "type": "raw"}
        constants.config.initialize_plugin_configuration_definitions("inventory", self._load_name, known)
        config: dict[str, Any] = super()._read_config_data(path)  # type: ignore[no-untyped-call]
        return config

    def _refuse_unknown(self, config: Mapping[str, Any]) -> None:
        """Raises OptionError for an option that does not exist, because a misspelled filter would select all tests."""
        known = constants.config.get_configuration_definitions("inventory", self._load_name)
        unknown = [str(name) for name in config if name not in known]
        if unknown:
            near = get_close_matches(unknown[0], list(known), n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise OptionError(
                f"{unknown[0]!r} is not an option of this plugin.{meant} "
                f"ansible-doc -t inventory {self.NAME} describes all of them."
            )

    def _hosts(self, path: str, cache: bool, options: Mapping[str, Any]) -> list[_inventory_hosts.Host]:
        """The hosts from the cache, or from the service."""
        use_cache = self.get_option("cache")
        selection = reader.digest([reader.account(options), {name: options[name] for name in _SELECTION}])
        key = f"{self.get_cache_key(path)}_{selection[:16]}"
        found = self._cached(path, key) if use_cache and cache else None
        if found is not None:
            return found
        client = RunClient(options, warn=display.warning).client
        read = _inventory_hosts.hosts_of_agents if options["source"] == "agents" else _inventory_hosts.hosts_of_tests
        hosts = read(client, options)
        if use_cache:
            self._cache[key] = [list(host) for host in hosts]
        return hosts

    def _cached(self, path: str, key: str) -> Optional[list[_inventory_hosts.Host]]:
        """The hosts from the cache; None if it has none, or is damaged, which costs requests only."""
        try:
            return [_inventory_hosts.Host(name, number, dict(values)) for name, number, values in self._cache[key]]
        except KeyError:
            return None
        except (AnsibleError, AttributeError, TypeError, ValueError):
            display.warning(f"{path}: the cache is damaged, so the hosts are requested again.")
            return None

    def _rendered(self, value: Any) -> Any:
        """A template in the source file, for example a lookup that reads a key."""
        if isinstance(value, str) and "{" in value:
            self.templar.available_variables = self._vars or {}
            return self.templar.template(value)
        return value

    def _add(self, hosts: list[_inventory_hosts.Host], path: str) -> None:
        if not hosts:
            what = "agent" if self.get_option("source") == "agents" else "test"
            display.warning(
                f"{path}: no {what} matches the filters, so this source adds no host. Check the filters, and which "
                f"{what}s the credentials may see."
            )
            return
        unique, doubled = _inventory_hosts.with_unique_names(hosts)
        if doubled:
            more = f" and {len(doubled) - _SHOWN} more" if len(doubled) > _SHOWN else ""
            display.warning(
                f"{path}: several hosts have the name {', '.join(map(repr, doubled[:_SHOWN]))}{more}, so their ids "
                "were added to it. Use hostname: id, or filters, for names that do not change."
            )
        if self.get_option("source") == "tests":
            self.inventory.set_variable("all", "ansible_catchpoint_test_id_variable", "catchpoint_test_id")
        for host in unique:
            self._add_host(host.name, host.variables)

    def _add_host(self, name: str, variables: Mapping[str, Any]) -> None:
        name, variables = wrap_var(name), wrap_var(variables)
        self.inventory.add_host(name)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)
