# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gate_passed
short_description: Check whether a performance gate accepts the deploy
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - True when the verdict of a performance gate is V(pass), V(warn), or V(skipped) as in check mode.
  - False when it is V(fail), V(inconclusive) or V(error).
  - Anything that is not a result of a gate is an error, so that a mistake never counts as a pass.
options:
  _input:
    description:
      - The result of M(community.catchpoint.catchpoint_performance_gate) or of
        P(community.catchpoint.performance_verdict#filter).
    type: dict
    required: true
seealso:
  - module: community.catchpoint.catchpoint_performance_gate
  - plugin: community.catchpoint.performance_verdict
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Performance must hold
  ansible.builtin.assert:
    that: gate is community.catchpoint.gate_passed
    fail_msg: "{{ gate.msg }}"
    quiet: true
"""

RETURN = r"""
_value:
  description: Whether the verdict accepts the deploy.
  type: bool
"""

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._report.result import has_passed


def gate_passed(value: Any) -> bool:
    """The test itself. Raises AnsibleFilterError for anything that is not a result of a gate."""
    try:
        return has_passed(value)
    except OptionError as error:
        raise AnsibleFilterError(f"community.catchpoint.gate_passed: {error}") from None


class TestModule:
    """The tests of this file."""

    __test__ = False  # not a pytest class

    def tests(self) -> dict[str, Any]:
        return {"gate_passed": gate_passed}
