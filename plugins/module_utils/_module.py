# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Runs an operation as an Ansible module: arguments in, one result or one clear failure out."""

from __future__ import annotations

from typing import Any

from ansible.module_utils import basic
from ansible.module_utils.common.parameters import env_fallback
from ansible_collections.community.catchpoint.plugins.module_utils._api.factory import open_client
from ansible_collections.community.catchpoint.plugins.module_utils._errors import CatchpointError
from ansible_collections.community.catchpoint.plugins.module_utils._http.connection import (
    CONNECTION_OPTIONS,
    secret_texts,
)
from ansible_collections.community.catchpoint.plugins.module_utils._http.redact import redact
from ansible_collections.community.catchpoint.plugins.module_utils._operations.base import Operation


def argument_spec(operation: Operation) -> dict[str, Any]:
    """The connection options and the operation's own, as AnsibleModule takes them."""
    connection = {
        option.name: {
            "type": option.type,
            "default": option.default,
            "no_log": option.secret,
            "fallback": (env_fallback, [option.env]),
        }
        for option in CONNECTION_OPTIONS
    }
    return {**connection, **operation.arguments}


def run_module(operation: Operation) -> None:
    """The whole of a module's main()."""
    # Looked up late: ansible-lint replaces it to check a task against the specification.
    module = basic.AnsibleModule(argument_spec=argument_spec(operation), supports_check_mode=True, **operation.rules)
    # A password in base_url, which ansible-core does not know to be one.
    module.no_log_values.update(secret_texts(module.params))
    # Outside of the except block: within it, fail_json shows a traceback at -vvv.
    problem = None
    try:
        client, session = open_client(module.params, warn=module.warn, check_mode=module.check_mode)
        result = operation.run(client, module.params)
    except CatchpointError as error:
        problem = redact(str(error), secret_texts(module.params))
    if problem is not None:
        module.fail_json(msg=problem)
    for text in result.pop("warnings", ()):
        module.warn(text)
    module.exit_json(**{"changed": False, "requests_made": session.requests_made, **result})
