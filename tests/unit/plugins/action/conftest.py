# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.conftest import run_folder, service
from ansible_collections.community.catchpoint.tests.unit.plugins.plugin_utils.service import Service

__all__ = ["live_service", "run_folder", "service"]


@pytest.fixture
def live_service(service: Service) -> Service:
    """A service whose newest run is one minute old."""
    service.newest = None
    service.noon = False
    return service
