# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of what modules support."""

from __future__ import annotations


class ModuleDocFragment:
    """The attributes of the modules."""

    # Of the modules that only read.
    DOCUMENTATION = r"""
attributes:
  action:
    description: Runs on the controller.
    support: full
    details:
      - Ansible does not connect to the task's host and sends no credentials there. All hosts and tasks share one login,
        one count of requests, and results (O(cache_ttl)). A task that is tried again by C(until) reads fresh data.
      - With C(delegate_to), a task runs as an ordinary module on a host other than C(localhost), and shares nothing.
  async:
    description: Can run in the background, by C(async).
    support: partial
    details:
      - It then runs as an ordinary module, and shares nothing. Set C(delegate_to) unless the host's connection is
        C(local).
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - This module only reads.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: N/A
    details:
      - This module only reads.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates
      no change.
    support: full
    details:
      - This module never changes anything.
"""

    # Of all modules of the action group.
    ACTIONGROUP_CATCHPOINT = r"""
attributes:
  action_group:
    description: Use C(group/community.catchpoint.catchpoint) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - community.catchpoint.catchpoint
"""
