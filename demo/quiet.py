# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Watches a rollout with paused alerts and instant tests, by the clock of the simulator."""

from __future__ import annotations

from simulator.start import Running

SPEED = 4  # simulated seconds per second
MOST_SECONDS = 180  # from the deploy to the rollback
ROLE = "[community.catchpoint.performance_gate : "
DEPLOYED = f"{ROLE}Record that the deploy succeeded]"
ROLLED_BACK = f"{ROLE}Record the rollback]"


class Watch:
    """Kills the page when the new version is live, and keeps what the simulator shows then and at the rollback."""

    def __init__(self, simulator: Running, test_id: int) -> None:
        self._simulator = simulator
        self._test_id = test_id
        self._paused_at_deploy = False
        self._deployed: float | None = None
        self._rolled_back: float | None = None
        simulator.control("PUT", "/clock", {"speed": SPEED})

    def line(self, text: str) -> None:
        """A line of the playbook's output."""
        if DEPLOYED in text:
            change = {"test_id": self._test_id, "failure_rate": 1.0, "at": "-1m"}
            self._simulator.control("PUT", "/change", change)
            self._deployed = self._now()
            self._paused_at_deploy = self._paused()
        elif ROLLED_BACK in text:
            self._rolled_back = self._now()

    def ended_well(self) -> bool:
        """Prints how long the dead page was live and whether alerts are paused; returns whether that is as promised."""
        paused = self._paused()
        print(f"Alerts during the deploy: {_state(self._paused_at_deploy)}. Alerts now: {_state(paused)}.")
        if self._deployed is None or self._rolled_back is None:
            print("The dead page was not rolled back.", flush=True)
            return False
        seconds = self._rolled_back - self._deployed
        charged = self._simulator.control("GET", "/instant")["runs_charged"]
        print(
            f"From the deploy to the rollback: {seconds:.0f} simulated seconds. Runs charged: {charged}.",
            flush=True,
        )
        return self._paused_at_deploy and not paused and seconds <= MOST_SECONDS

    def _now(self) -> float:
        """Seconds since 1970 by the simulator's clock."""
        return float(self._simulator.control("GET", "/clock")["seconds"])

    def _paused(self) -> bool:
        """Whether the alerts of the test are paused. The control API says it, as the playbook may use up the limits."""
        return self._test_id in self._simulator.control("GET", "/pauses")["paused"]


def _state(paused: bool) -> str:
    return "paused" if paused else "not paused"
