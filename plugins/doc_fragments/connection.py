# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The connection options, once for modules and once for plugins.

    A test holds both against the table in module_utils/_http/connection_table.py.
    """

    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - The key of REST API v2 and later, as the Catchpoint portal shows it once under Integrations > REST API.
      - Give either this or both O(client_id) and O(client_secret).
      - Taken from E(CATCHPOINT_API_KEY) where it is not given.
    type: str
  client_id:
    description:
      - The key of a consumer of the legacy REST API v1. It goes with O(client_secret).
      - Taken from E(CATCHPOINT_CLIENT_ID) where it is not given.
    type: str
  client_secret:
    description:
      - The secret of a consumer of the legacy REST API v1. It goes with O(client_id).
      - Taken from E(CATCHPOINT_CLIENT_SECRET) where it is not given.
    type: str
  base_url:
    description:
      - Where the service is, without the path of an API version.
      - Taken from E(CATCHPOINT_BASE_URL) where it is not given.
    type: str
    default: https://io.catchpoint.com
  api_version:
    description:
      - The API version as it stands in the service's paths, such as V(v2) or V(v3.3). V(v1) goes with O(client_id), all
        others go with O(api_key).
      - Without it, the credentials decide between V(v2) and V(v1).
      - Taken from E(CATCHPOINT_API_VERSION) where it is not given.
    type: str
  timeout:
    description:
      - Seconds that one request may take from connecting to the last byte of its answer.
      - Taken from E(CATCHPOINT_TIMEOUT) where it is not given.
    type: float
    default: 30
  retry_budget:
    description:
      - Seconds that waiting may take in one task. Waits after failures, waits for the request limit, and waits for a
        turn among the requests of this run are counted apart.
      - Connection errors, truncated responses and the statuses 408, 429, 500, 502, 503, 504, 520 to 524 and 530 are
        retried as long as the budget lasts. A wait of a second or more is announced by a warning. V(0) switches retries
        off.
      - Taken from E(CATCHPOINT_RETRY_BUDGET) where it is not given.
    type: float
    default: 60
  validate_certs:
    description:
      - Whether the service's certificate is checked. Switch it off for tests only.
      - Taken from E(CATCHPOINT_VALIDATE_CERTS) where it is not given.
    type: bool
    default: true
  ca_path:
    description:
      - A file or folder of certificates to trust instead of the usual ones. It wins over E(REQUESTS_CA_BUNDLE).
      - Taken from E(CATCHPOINT_CA_PATH) where it is not given.
    type: path
  proxy:
    description:
      - The proxy to go through, such as V(http://proxy.example.com:3128). Without it, E(HTTPS_PROXY) and its like
        count.
      - Taken from E(CATCHPOINT_PROXY) where it is not given.
    type: str
  rate_limits:
    description:
      - How many requests may be made in a second, a minute, an hour and a day (which ends at midnight UTC). The
        default is what Catchpoint allows an address; V(off) leaves it to the service to refuse.
      - All tasks of an C(ansible-playbook) run that ask on the controller share one count. They also keep within what
        the service says is left of the account's own limits. They wait for their turn, for O(retry_budget) seconds at
        most.
      - Taken from E(CATCHPOINT_RATE_LIMITS) where it is not given.
    type: str
    default: 7/second,20/minute,500/hour,2000/day
  ids_per_request:
    description:
      - How many test ids go into one request at most. When the service refuses so many, the request is split.
      - Taken from E(CATCHPOINT_IDS_PER_REQUEST) where it is not given.
    type: int
    default: 150
  cache_ttl:
    description:
      - Seconds that an answer is good for within one run of C(ansible-playbook), when its window ends now or it has no
        window. An answer about a window that ended more than five minutes ago is good for the whole run.
      - All hosts, tasks and forks of a run share what one of them has asked, as long as they ask on the controller.
        V(0) asks every time.
      - Taken from E(CATCHPOINT_CACHE_TTL) where it is not given.
    type: float
    default: 60
  cache:
    description:
      - Whether answers are kept for later runs and for other controllers as well, by the cache plugin O(cache_plugin).
        Credentials and tokens are never kept there. It counts on the controller only.
      - Taken from E(CATCHPOINT_CACHE) where it is not given.
    type: bool
    default: false
  cache_plugin:
    description:
      - The cache plugin to use with O(cache), such as V(ansible.builtin.jsonfile) or V(community.general.redis).
      - Taken from E(CATCHPOINT_CACHE_PLUGIN) where it is not given.
    type: str
  cache_connection:
    description:
      - Where the cache plugin keeps its data, in the form that it asks for. A folder for V(ansible.builtin.jsonfile).
      - Taken from E(CATCHPOINT_CACHE_CONNECTION) where it is not given.
    type: str
  shared_cache_ttl:
    description:
      - Seconds that the cache plugin keeps an answer. V(0) keeps it for ever.
      - An answer about now is used for O(cache_ttl) seconds only, however long it is kept.
      - Taken from E(CATCHPOINT_SHARED_CACHE_TTL) where it is not given.
    type: int
    default: 3600
  cache_prefix:
    description:
      - What the names of the cache plugin's entries begin with.
      - Taken from E(CATCHPOINT_CACHE_PREFIX) where it is not given.
    type: str
    default: catchpoint_
requirements:
  - python-dateutil >= 2.8.1
  - requests >= 2.25.1
  - urllib3 >= 1.26.5
"""

    # The same options for plugins that run on the controller only.
    PLUGINS = r"""
options:
  api_key:
    description:
      - The key of REST API v2 and later, as the Catchpoint portal shows it once under Integrations > REST API.
      - Give either this or both O(client_id) and O(client_secret).
    type: str
    env:
      - name: CATCHPOINT_API_KEY
    ini:
      - section: catchpoint
        key: api_key
    vars:
      - name: ansible_catchpoint_api_key
  client_id:
    description:
      - The key of a consumer of the legacy REST API v1. It goes with O(client_secret).
    type: str
    env:
      - name: CATCHPOINT_CLIENT_ID
    ini:
      - section: catchpoint
        key: client_id
    vars:
      - name: ansible_catchpoint_client_id
  client_secret:
    description:
      - The secret of a consumer of the legacy REST API v1. It goes with O(client_id).
    type: str
    env:
      - name: CATCHPOINT_CLIENT_SECRET
    ini:
      - section: catchpoint
        key: client_secret
    vars:
      - name: ansible_catchpoint_client_secret
  base_url:
    description:
      - Where the service is, without the path of an API version.
    type: str
    default: https://io.catchpoint.com
    env:
      - name: CATCHPOINT_BASE_URL
    ini:
      - section: catchpoint
        key: base_url
    vars:
      - name: ansible_catchpoint_base_url
  api_version:
    description:
      - The API version as it stands in the service's paths, such as V(v2) or V(v3.3). V(v1) goes with O(client_id), all
        others go with O(api_key).
      - Without it, the credentials decide between V(v2) and V(v1).
    type: str
    env:
      - name: CATCHPOINT_API_VERSION
    ini:
      - section: catchpoint
        key: api_version
    vars:
      - name: ansible_catchpoint_api_version
  timeout:
    description:
      - Seconds that one request may take from connecting to the last byte of its answer.
    type: float
    default: 30
    env:
      - name: CATCHPOINT_TIMEOUT
    ini:
      - section: catchpoint
        key: timeout
    vars:
      - name: ansible_catchpoint_timeout
  retry_budget:
    description:
      - Seconds that waiting may take in one use of the plugin. Waits after failures, waits for the request limit, and
        waits for a turn among the requests of this run are counted apart.
      - Connection errors, truncated responses and the statuses 408, 429, 500, 502, 503, 504, 520 to 524 and 530 are
        retried as long as the budget lasts. A wait of a second or more is announced by a warning. V(0) switches retries
        off.
    type: float
    default: 60
    env:
      - name: CATCHPOINT_RETRY_BUDGET
    ini:
      - section: catchpoint
        key: retry_budget
    vars:
      - name: ansible_catchpoint_retry_budget
  validate_certs:
    description:
      - Whether the service's certificate is checked. Switch it off for tests only.
    type: bool
    default: true
    env:
      - name: CATCHPOINT_VALIDATE_CERTS
    ini:
      - section: catchpoint
        key: validate_certs
    vars:
      - name: ansible_catchpoint_validate_certs
  ca_path:
    description:
      - A file or folder of certificates to trust instead of the usual ones. It wins over E(REQUESTS_CA_BUNDLE).
    type: path
    env:
      - name: CATCHPOINT_CA_PATH
    ini:
      - section: catchpoint
        key: ca_path
    vars:
      - name: ansible_catchpoint_ca_path
  proxy:
    description:
      - The proxy to go through, such as V(http://proxy.example.com:3128). Without it, E(HTTPS_PROXY) and its like
        count.
    type: str
    env:
      - name: CATCHPOINT_PROXY
    ini:
      - section: catchpoint
        key: proxy
    vars:
      - name: ansible_catchpoint_proxy
  rate_limits:
    description:
      - How many requests may be made in a second, a minute, an hour and a day (which ends at midnight UTC). The
        default is what Catchpoint allows an address; V(off) leaves it to the service to refuse.
      - All tasks of an C(ansible-playbook) run that ask on the controller share one count. They also keep within what
        the service says is left of the account's own limits. They wait for their turn, for O(retry_budget) seconds at
        most.
    type: str
    default: 7/second,20/minute,500/hour,2000/day
    env:
      - name: CATCHPOINT_RATE_LIMITS
    ini:
      - section: catchpoint
        key: rate_limits
    vars:
      - name: ansible_catchpoint_rate_limits
  ids_per_request:
    description:
      - How many test ids go into one request at most. When the service refuses so many, the request is split.
    type: int
    default: 150
    env:
      - name: CATCHPOINT_IDS_PER_REQUEST
    ini:
      - section: catchpoint
        key: ids_per_request
    vars:
      - name: ansible_catchpoint_ids_per_request
  cache_ttl:
    description:
      - Seconds that an answer is good for within one run of C(ansible-playbook), when its window ends now or it has no
        window. An answer about a window that ended more than five minutes ago is good for the whole run.
      - All hosts, tasks and forks of a run share what one of them has asked, as long as they ask on the controller.
        V(0) asks every time.
    type: float
    default: 60
    env:
      - name: CATCHPOINT_CACHE_TTL
    ini:
      - section: catchpoint
        key: cache_ttl
    vars:
      - name: ansible_catchpoint_cache_ttl
  cache:
    description:
      - Whether answers are kept for later runs and for other controllers as well, by the cache plugin O(cache_plugin).
        Credentials and tokens are never kept there. It counts on the controller only.
    type: bool
    default: false
    env:
      - name: CATCHPOINT_CACHE
    ini:
      - section: catchpoint
        key: cache
    vars:
      - name: ansible_catchpoint_cache
  cache_plugin:
    description:
      - The cache plugin to use with O(cache), such as V(ansible.builtin.jsonfile) or V(community.general.redis).
    type: str
    env:
      - name: CATCHPOINT_CACHE_PLUGIN
    ini:
      - section: catchpoint
        key: cache_plugin
    vars:
      - name: ansible_catchpoint_cache_plugin
  cache_connection:
    description:
      - Where the cache plugin keeps its data, in the form that it asks for. A folder for V(ansible.builtin.jsonfile).
    type: str
    env:
      - name: CATCHPOINT_CACHE_CONNECTION
    ini:
      - section: catchpoint
        key: cache_connection
    vars:
      - name: ansible_catchpoint_cache_connection
  shared_cache_ttl:
    description:
      - Seconds that the cache plugin keeps an answer. V(0) keeps it for ever.
      - An answer about now is used for O(cache_ttl) seconds only, however long it is kept.
    type: int
    default: 3600
    env:
      - name: CATCHPOINT_SHARED_CACHE_TTL
    ini:
      - section: catchpoint
        key: shared_cache_ttl
    vars:
      - name: ansible_catchpoint_shared_cache_ttl
  cache_prefix:
    description:
      - What the names of the cache plugin's entries begin with.
    type: str
    default: catchpoint_
    env:
      - name: CATCHPOINT_CACHE_PREFIX
    ini:
      - section: catchpoint
        key: cache_prefix
    vars:
      - name: ansible_catchpoint_cache_prefix
requirements:
  - python-dateutil >= 2.8.1
  - requests >= 2.25.1
  - urllib3 >= 1.26.5
"""
