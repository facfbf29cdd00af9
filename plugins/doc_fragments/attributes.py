# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What modules can do, and cannot."""

    # What the modules that only read have in common.
    DOCUMENTATION = r"""
attributes:
  action:
    description: Runs on the controller.
    support: full
    details:
      - The host of the task is not connected to and gets no credentials. All hosts and tasks share one login, one count
        of requests, and what one of them has asked (O(cache_ttl)).
      - A task that C(delegate_to) sends to a host other than C(localhost) runs as an ordinary module there, and
        shares nothing.
  async:
    description: Can run in the background, by C(async).
    support: partial
    details:
      - It then runs as an ordinary module, and shares nothing. Where it runs has to be said by C(delegate_to), unless
        the host's connection is C(local) anyway.
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

    # What all modules of the action group have in common.
    ACTIONGROUP_CATCHPOINT = r"""
attributes:
  action_group:
    description: Use C(group/community.catchpoint.catchpoint) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - community.catchpoint.catchpoint
"""
