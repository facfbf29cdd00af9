# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gate_report
short_description: Render the verdict of a performance gate as a report
version_added: 1.0.0
author:
  - The community.catchpoint authors (@ansible-collections)
description:
  - Writes the result of a performance gate as text, Markdown, JUnit XML, or as one HTML page with plots of the runs.
positional: format
options:
  _input:
    description:
      - The result of M(community.catchpoint.catchpoint_performance_gate) or of
        P(community.catchpoint.performance_verdict#filter).
    type: dict
    required: true
  format:
    description:
      - V(text) is the message and one line for each criterion and test.
      - V(markdown) is a table, as for a comment on a change.
      - V(junit) is what continuous integration servers read. A failed criterion is a failure, one that could not be
        judged an error, one that is not enforced is skipped when it does not hold.
      - V(html) is one self-contained page, which needs no other file and no script.
      - V(github) is workflow commands of GitHub Actions. When a step prints them, each failed criterion is shown as an
        error, and each warning as a warning.
    type: str
    choices:
      - text
      - markdown
      - junit
      - html
      - github
    default: text
seealso:
  - module: community.catchpoint.catchpoint_performance_gate
  - plugin: community.catchpoint.performance_verdict
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the JUnit report for the pipeline
  ansible.builtin.copy:
    content: "{{ gate | community.catchpoint.gate_report('junit') }}"
    dest: "{{ artifacts }}/gate.xml"
    mode: "0644"
  diff: false
  delegate_to: localhost

- name: Write the HTML report for people
  ansible.builtin.copy:
    content: "{{ gate | community.catchpoint.gate_report('html') }}"
    dest: "{{ artifacts }}/gate.html"
    mode: "0644"
  diff: false
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The report.
  type: str
"""

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.community.catchpoint.plugins.module_utils._errors import OptionError
from ansible_collections.community.catchpoint.plugins.module_utils._report.formats import report


def gate_report(value: Any, format: Any = "text") -> str:
    """The filter itself. Raises AnsibleFilterError if the value is not a result of a gate or the format is unknown."""
    try:
        return report(value, format)
    except OptionError as error:
        raise AnsibleFilterError(f"community.catchpoint.gate_report: {error}") from None


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Any]:
        return {"gate_report": gate_report}
