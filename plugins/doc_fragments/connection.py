# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the connection and cache options."""

from __future__ import annotations


class ModuleDocFragment:
    """The connection options, for modules and for plugins that run on the controller only."""

    DOCUMENTATION = r"""
options:
  # BEGIN GENERATED module_options by tests/tools/generate_docs.py
  api_key:
    type: str
    description:
      - The key of REST API v2 and later. The Catchpoint portal shows it once under Integrations
        > REST API.
      - Give either this, or both O(client_id) and O(client_secret).
  client_id:
    type: str
    description:
      - The key of a consumer of the legacy REST API v1. It requires O(client_secret).
  client_secret:
    type: str
    description:
      - The secret of a consumer of the legacy REST API v1. It requires O(client_id).
  base_url:
    type: str
    default: https://io.catchpoint.com
    description:
      - The address of the service, without the path of an API version.
  api_version:
    type: str
    description:
      - The API version as in the service's paths, such as V(v2) or V(v3.3). V(v1) requires
        O(client_id), all others require O(api_key).
      - By default, the credentials decide between V(v2) and V(v1).
  timeout:
    type: float
    default: 30.0
    description:
      - Total time limit for one request, in seconds.
  retry_budget:
    type: float
    default: 60.0
    description:
      - Time limit for waits in one task or lookup, in seconds. Waits after failures and
        waits after HTTP 429 are counted separately. It also limits how long each request
        waits for its turn, because of O(rate_limits).
      - Connection errors, truncated responses and the statuses 408, 429, 500, 502, 503,
        504, 520 to 524 and 530 are retried while the budget lasts. A wait of a second or
        more is announced. V(0) disables retries.
  validate_certs:
    type: bool
    default: true
    description:
      - Whether to verify the service's certificate. Disable this for tests only.
  ca_path:
    type: path
    description:
      - A file or directory of certificates to trust instead of the system's. Takes precedence
        over E(REQUESTS_CA_BUNDLE).
  proxy:
    type: str
    description:
      - The proxy to use, such as V(http://proxy.example.com:3128). By default, E(HTTPS_PROXY),
        E(HTTP_PROXY) and E(NO_PROXY) apply.
  rate_limits:
    type: str
    default: 7/second,20/minute,500/hour,2000/day
    description:
      - How many requests the collection may send per second, minute, hour, and day (which
        ends at midnight UTC). The default is what Catchpoint allows for one address. V(off)
        leaves limiting to the service.
      - All runs of C(ansible-playbook) of the same user on the controller share one count.
        They also respect what the service reports about the account's own limits.
  ids_per_request:
    type: int
    default: 150
    description:
      - The maximum number of test ids in one request. A request that the service refuses
        as too large is split.
  cache_ttl:
    type: float
    default: 60.0
    description:
      - How long a result is reused within one run of C(ansible-playbook), in seconds. A
        result for a window that ended more than five minutes ago is reused for the whole
        run.
      - All hosts, tasks and forks of a run share results, as long as they run on the controller.
        V(0) disables this.
  cache:
    type: bool
    default: false
    description:
      - Whether to store results for later runs and for other controllers in the cache plugin
        O(cache_plugin). Credentials and tokens are never stored. It has an effect on the
        controller only.
  cache_plugin:
    type: str
    description:
      - The cache plugin to use with O(cache), such as V(ansible.builtin.jsonfile) or V(community.general.redis).
  cache_connection:
    type: str
    description:
      - Where the cache plugin stores its data, in the plugin's own format. This is a directory
        for V(ansible.builtin.jsonfile).
  shared_cache_ttl:
    type: int
    default: 3600
    description:
      - How long the cache plugin stores a result, in seconds. V(0) stores it without a
        limit.
      - A result about now is reused for O(cache_ttl) seconds only.
  cache_prefix:
    type: str
    default: catchpoint_
    description:
      - The prefix of the names of the cache plugin's entries.
  # END GENERATED module_options
# BEGIN GENERATED module_notes by tests/tools/generate_docs.py
requirements:
  - requests >= 2.25.1
  - urllib3 >= 1.26.5
  - python-dateutil >= 2.8.1 (for time zones by name)
notes:
  - An option of the connection or the cache that the task does not set is read from the
    variable C(ansible_catchpoint_<option>), from the environment variable C(CATCHPOINT_<OPTION>),
    or from the key of its name in the section C([catchpoint]) of C(ansible.cfg), in this
    order. The lookup plugin P(community.catchpoint.catchpoint_test_data#lookup) does
    the same.
  - A task that is delegated to another host reads that host's environment variables.
# END GENERATED module_notes
"""

    PLUGINS = r"""
options:
  # BEGIN GENERATED plugin_options by tests/tools/generate_docs.py
  api_key:
    type: str
    description:
      - The key of REST API v2 and later. The Catchpoint portal shows it once under Integrations
        > REST API.
      - Give either this, or both O(client_id) and O(client_secret).
    env:
      - name: CATCHPOINT_API_KEY
    ini:
      - section: catchpoint
        key: api_key
    vars:
      - name: ansible_catchpoint_api_key
  client_id:
    type: str
    description:
      - The key of a consumer of the legacy REST API v1. It requires O(client_secret).
    env:
      - name: CATCHPOINT_CLIENT_ID
    ini:
      - section: catchpoint
        key: client_id
    vars:
      - name: ansible_catchpoint_client_id
  client_secret:
    type: str
    description:
      - The secret of a consumer of the legacy REST API v1. It requires O(client_id).
    env:
      - name: CATCHPOINT_CLIENT_SECRET
    ini:
      - section: catchpoint
        key: client_secret
    vars:
      - name: ansible_catchpoint_client_secret
  base_url:
    type: str
    default: https://io.catchpoint.com
    description:
      - The address of the service, without the path of an API version.
    env:
      - name: CATCHPOINT_BASE_URL
    ini:
      - section: catchpoint
        key: base_url
    vars:
      - name: ansible_catchpoint_base_url
  api_version:
    type: str
    description:
      - The API version as in the service's paths, such as V(v2) or V(v3.3). V(v1) requires
        O(client_id), all others require O(api_key).
      - By default, the credentials decide between V(v2) and V(v1).
    env:
      - name: CATCHPOINT_API_VERSION
    ini:
      - section: catchpoint
        key: api_version
    vars:
      - name: ansible_catchpoint_api_version
  timeout:
    type: float
    default: 30.0
    description:
      - Total time limit for one request, in seconds.
    env:
      - name: CATCHPOINT_TIMEOUT
    ini:
      - section: catchpoint
        key: timeout
    vars:
      - name: ansible_catchpoint_timeout
  retry_budget:
    type: float
    default: 60.0
    description:
      - Time limit for waits in one task or lookup, in seconds. Waits after failures and
        waits after HTTP 429 are counted separately. It also limits how long each request
        waits for its turn, because of O(rate_limits).
      - Connection errors, truncated responses and the statuses 408, 429, 500, 502, 503,
        504, 520 to 524 and 530 are retried while the budget lasts. A wait of a second or
        more is announced. V(0) disables retries.
    env:
      - name: CATCHPOINT_RETRY_BUDGET
    ini:
      - section: catchpoint
        key: retry_budget
    vars:
      - name: ansible_catchpoint_retry_budget
  validate_certs:
    type: bool
    default: true
    description:
      - Whether to verify the service's certificate. Disable this for tests only.
    env:
      - name: CATCHPOINT_VALIDATE_CERTS
    ini:
      - section: catchpoint
        key: validate_certs
    vars:
      - name: ansible_catchpoint_validate_certs
  ca_path:
    type: path
    description:
      - A file or directory of certificates to trust instead of the system's. Takes precedence
        over E(REQUESTS_CA_BUNDLE).
    env:
      - name: CATCHPOINT_CA_PATH
    ini:
      - section: catchpoint
        key: ca_path
    vars:
      - name: ansible_catchpoint_ca_path
  proxy:
    type: str
    description:
      - The proxy to use, such as V(http://proxy.example.com:3128). By default, E(HTTPS_PROXY),
        E(HTTP_PROXY) and E(NO_PROXY) apply.
    env:
      - name: CATCHPOINT_PROXY
    ini:
      - section: catchpoint
        key: proxy
    vars:
      - name: ansible_catchpoint_proxy
  rate_limits:
    type: str
    default: 7/second,20/minute,500/hour,2000/day
    description:
      - How many requests the collection may send per second, minute, hour, and day (which
        ends at midnight UTC). The default is what Catchpoint allows for one address. V(off)
        leaves limiting to the service.
      - All runs of C(ansible-playbook) of the same user on the controller share one count.
        They also respect what the service reports about the account's own limits.
    env:
      - name: CATCHPOINT_RATE_LIMITS
    ini:
      - section: catchpoint
        key: rate_limits
    vars:
      - name: ansible_catchpoint_rate_limits
  ids_per_request:
    type: int
    default: 150
    description:
      - The maximum number of test ids in one request. A request that the service refuses
        as too large is split.
    env:
      - name: CATCHPOINT_IDS_PER_REQUEST
    ini:
      - section: catchpoint
        key: ids_per_request
    vars:
      - name: ansible_catchpoint_ids_per_request
  cache_ttl:
    type: float
    default: 60.0
    description:
      - How long a result is reused within one run of C(ansible-playbook), in seconds. A
        result for a window that ended more than five minutes ago is reused for the whole
        run.
      - All hosts, tasks and forks of a run share results, as long as they run on the controller.
        V(0) disables this.
    env:
      - name: CATCHPOINT_CACHE_TTL
    ini:
      - section: catchpoint
        key: cache_ttl
    vars:
      - name: ansible_catchpoint_cache_ttl
  cache:
    type: bool
    default: false
    description:
      - Whether to store results for later runs and for other controllers in the cache plugin
        O(cache_plugin). Credentials and tokens are never stored. It has an effect on the
        controller only.
    env:
      - name: CATCHPOINT_CACHE
    ini:
      - section: catchpoint
        key: cache
    vars:
      - name: ansible_catchpoint_cache
  cache_plugin:
    type: str
    description:
      - The cache plugin to use with O(cache), such as V(ansible.builtin.jsonfile) or V(community.general.redis).
    env:
      - name: CATCHPOINT_CACHE_PLUGIN
    ini:
      - section: catchpoint
        key: cache_plugin
    vars:
      - name: ansible_catchpoint_cache_plugin
  cache_connection:
    type: str
    description:
      - Where the cache plugin stores its data, in the plugin's own format. This is a directory
        for V(ansible.builtin.jsonfile).
    env:
      - name: CATCHPOINT_CACHE_CONNECTION
    ini:
      - section: catchpoint
        key: cache_connection
    vars:
      - name: ansible_catchpoint_cache_connection
  shared_cache_ttl:
    type: int
    default: 3600
    description:
      - How long the cache plugin stores a result, in seconds. V(0) stores it without a
        limit.
      - A result about now is reused for O(cache_ttl) seconds only.
    env:
      - name: CATCHPOINT_SHARED_CACHE_TTL
    ini:
      - section: catchpoint
        key: shared_cache_ttl
    vars:
      - name: ansible_catchpoint_shared_cache_ttl
  cache_prefix:
    type: str
    default: catchpoint_
    description:
      - The prefix of the names of the cache plugin's entries.
    env:
      - name: CATCHPOINT_CACHE_PREFIX
    ini:
      - section: catchpoint
        key: cache_prefix
    vars:
      - name: ansible_catchpoint_cache_prefix
  # END GENERATED plugin_options
# BEGIN GENERATED plugin_notes by tests/tools/generate_docs.py
requirements:
  - requests >= 2.25.1
  - urllib3 >= 1.26.5
  - python-dateutil >= 2.8.1 (for time zones by name)
# END GENERATED plugin_notes
"""

    # The same for the inventory plugin, whose cache is that of Ansible's inventory plugins.
    INVENTORY = r"""
options:
  # BEGIN GENERATED inventory_options by tests/tools/generate_docs.py
  api_key:
    type: str
    description:
      - The key of REST API v2 and later. The Catchpoint portal shows it once under Integrations
        > REST API.
      - Give either this, or both O(client_id) and O(client_secret).
    env:
      - name: CATCHPOINT_API_KEY
    ini:
      - section: catchpoint
        key: api_key
    vars:
      - name: ansible_catchpoint_api_key
  client_id:
    type: str
    description:
      - The key of a consumer of the legacy REST API v1. It requires O(client_secret).
    env:
      - name: CATCHPOINT_CLIENT_ID
    ini:
      - section: catchpoint
        key: client_id
    vars:
      - name: ansible_catchpoint_client_id
  client_secret:
    type: str
    description:
      - The secret of a consumer of the legacy REST API v1. It requires O(client_id).
    env:
      - name: CATCHPOINT_CLIENT_SECRET
    ini:
      - section: catchpoint
        key: client_secret
    vars:
      - name: ansible_catchpoint_client_secret
  base_url:
    type: str
    default: https://io.catchpoint.com
    description:
      - The address of the service, without the path of an API version.
    env:
      - name: CATCHPOINT_BASE_URL
    ini:
      - section: catchpoint
        key: base_url
    vars:
      - name: ansible_catchpoint_base_url
  api_version:
    type: str
    description:
      - The API version as in the service's paths, such as V(v2) or V(v3.3). V(v1) requires
        O(client_id), all others require O(api_key).
      - By default, the credentials decide between V(v2) and V(v1).
    env:
      - name: CATCHPOINT_API_VERSION
    ini:
      - section: catchpoint
        key: api_version
    vars:
      - name: ansible_catchpoint_api_version
  timeout:
    type: float
    default: 30.0
    description:
      - Total time limit for one request, in seconds.
    env:
      - name: CATCHPOINT_TIMEOUT
    ini:
      - section: catchpoint
        key: timeout
    vars:
      - name: ansible_catchpoint_timeout
  retry_budget:
    type: float
    default: 60.0
    description:
      - Time limit for waits in one task or lookup, in seconds. Waits after failures and
        waits after HTTP 429 are counted separately. It also limits how long each request
        waits for its turn, because of O(rate_limits).
      - Connection errors, truncated responses and the statuses 408, 429, 500, 502, 503,
        504, 520 to 524 and 530 are retried while the budget lasts. A wait of a second or
        more is announced. V(0) disables retries.
    env:
      - name: CATCHPOINT_RETRY_BUDGET
    ini:
      - section: catchpoint
        key: retry_budget
    vars:
      - name: ansible_catchpoint_retry_budget
  validate_certs:
    type: bool
    default: true
    description:
      - Whether to verify the service's certificate. Disable this for tests only.
    env:
      - name: CATCHPOINT_VALIDATE_CERTS
    ini:
      - section: catchpoint
        key: validate_certs
    vars:
      - name: ansible_catchpoint_validate_certs
  ca_path:
    type: path
    description:
      - A file or directory of certificates to trust instead of the system's. Takes precedence
        over E(REQUESTS_CA_BUNDLE).
    env:
      - name: CATCHPOINT_CA_PATH
    ini:
      - section: catchpoint
        key: ca_path
    vars:
      - name: ansible_catchpoint_ca_path
  proxy:
    type: str
    description:
      - The proxy to use, such as V(http://proxy.example.com:3128). By default, E(HTTPS_PROXY),
        E(HTTP_PROXY) and E(NO_PROXY) apply.
    env:
      - name: CATCHPOINT_PROXY
    ini:
      - section: catchpoint
        key: proxy
    vars:
      - name: ansible_catchpoint_proxy
  rate_limits:
    type: str
    default: 7/second,20/minute,500/hour,2000/day
    description:
      - How many requests the collection may send per second, minute, hour, and day (which
        ends at midnight UTC). The default is what Catchpoint allows for one address. V(off)
        leaves limiting to the service.
      - All runs of C(ansible-playbook) of the same user on the controller share one count.
        They also respect what the service reports about the account's own limits.
    env:
      - name: CATCHPOINT_RATE_LIMITS
    ini:
      - section: catchpoint
        key: rate_limits
    vars:
      - name: ansible_catchpoint_rate_limits
  ids_per_request:
    type: int
    default: 150
    description:
      - The maximum number of test ids in one request. A request that the service refuses
        as too large is split.
    env:
      - name: CATCHPOINT_IDS_PER_REQUEST
    ini:
      - section: catchpoint
        key: ids_per_request
    vars:
      - name: ansible_catchpoint_ids_per_request
  # END GENERATED inventory_options
# BEGIN GENERATED inventory_notes by tests/tools/generate_docs.py
requirements:
  - requests >= 2.25.1
  - urllib3 >= 1.26.5
  - python-dateutil >= 2.8.1 (for time zones by name)
# END GENERATED inventory_notes
"""
