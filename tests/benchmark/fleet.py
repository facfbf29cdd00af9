# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the time and requests of a play with one check per host: this collection against hand-written alternatives.

    python3 tests/benchmark/fleet.py [--hosts 10,100,1000] [--forks 5,20] [--time-limit 240] [--table NAME]

Everything talks to the simulator, with the vendor's limits on (7 a second, 20 a minute, 500 an hour,
2000 a day). A play that exceeds the time limit is stopped; its row says so. Times are the best of several runs, because
other work on the machine only ever adds time.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Optional

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "extensions"), str(HERE.parent), str(HERE)]

from simulator.start import Running, running

FIRST_TEST = 100_000  # of the simulator's scenario "fleet"
RECAP = re.compile(r"^\S+ +: ok=\d+ ", re.MULTILINE)
DONE = re.compile(r"^(?:ok|changed): \[(\w+)", re.MULTILINE)

LOOKUP = "lookup('community.catchpoint.catchpoint_test_data', {terms}, metrics=['test_time'], on_missing='empty'{more})"
OURS = LOOKUP.format(terms="catchpoint_test_id", more="")

URI = """
    - name: Ask
      vars:
        start: "{{ '%Y-%m-%dT%H:%M:%S' | strftime(now().timestamp() - 3600, utc=true) }}"
        end: "{{ now(utc=true).strftime('%Y-%m-%dT%H:%M:%S') }}"
        question: "testIds={{ catchpoint_test_id }}&dimensionIds=16&metricIds=15,61"
      ansible.builtin.uri:
        url: "{{ base }}/api/v2/tests/explorer/raw?{{ question }}&startTimeUtc={{ start }}&endTimeUtc={{ end }}"
        headers:
          Authorization: "Bearer {{ key }}"
      register: raw

    - name: Decide
      ansible.builtin.assert:
        that: values | length == 0 or (values | sum / values | length) >= 0
        quiet: true
      vars:
        part: "{{ raw.json.data.responseItems[0] }}"
        index: "{{ (part.metrics | selectattr('name', 'eq', '% Availability') | first).index }}"
        values: "{{ part['items'] | map(attribute='values') | map(attribute=index | int) | list }}"
"""


def decide(expression: str) -> str:
    return f"""
    - name: Decide
      ansible.builtin.assert:
        that: "{expression}"
        quiet: true
"""


class Way(NamedTuple):
    """One way to write a play."""

    name: str
    tasks: str
    variables: Mapping[str, Any] = {}
    v1: bool = False
    once: bool = False  # one run is enough


class Cost(NamedTuple):
    """Cost of one run of a play."""

    seconds: float
    requests: int
    logins: int
    refused: int  # with 429
    done: int  # hosts that completed the play
    stopped: bool


CONSTANT = Way("a constant", decide("99.5 >= 0"))
FLEET = Way(
    "lookup, test_id_variable",
    decide(f"({OURS}).run_count >= 0"),
    {"ansible_catchpoint_test_id_variable": "catchpoint_test_id"},
)
SINGLE = Way("lookup, without it", decide(f"({OURS}).run_count >= 0"), once=True)
BY_URI = Way("ansible.builtin.uri", URI, once=True)
OLD = Way(
    "the old wrapper",
    decide("lookup('old_wrapper', catchpoint_test_id)['detail']['items'] | length >= 0"),
    v1=True,
    once=True,
)


class Bench:
    """Runs plays against one simulator."""

    def __init__(self, simulator: Running, folder: Path, time_limit: float) -> None:
        self._simulator = simulator
        self._folder = folder
        self._time_limit = time_limit

    def play(
        self, way: Way, hosts: int, forks: int, before: str = "", ids: Optional[Callable[[int], int]] = None
    ) -> Cost:
        """Runs a play once with this number of hosts."""
        inventory, playbook = self._folder / "hosts.json", self._folder / "play.yml"
        number = ids or (lambda host: FIRST_TEST + host)
        names = {f"host{host:04d}": {"catchpoint_test_id": number(host)} for host in range(hosts)}
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory.write_text(json.dumps({"all": {"hosts": names, "vars": local}}))
        variables = {**way.variables, "base": self._simulator.url, "key": self._simulator.api_key}
        playbook.write_text(
            f"- hosts: all\n  gather_facts: false\n  vars: {json.dumps(variables)}\n  tasks:\n{before}{way.tasks}"
        )
        self._simulator.control("DELETE", "/limits")
        self._simulator.control("DELETE", "/requests")
        command = ["ansible-playbook", "-i", str(inventory), "-f", str(forks), str(playbook)]
        began = time.perf_counter()
        output, stopped = self._run(command, self._environment(way.v1))
        seconds = time.perf_counter() - began
        counted = self._simulator.control("GET", "/requests")
        # Hosts that completed the last task.
        done = len(set(DONE.findall(output.rpartition("\nTASK [")[2])))
        return Cost(seconds, counted["total"], counted["logins"], counted["rejected_429"], done, stopped)

    def _run(self, command: list[str], environment: Mapping[str, str]) -> tuple[str, bool]:
        """Returns a command's output, and whether it was stopped with all its processes at the time limit."""
        with subprocess.Popen(
            command,
            env=environment,
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output, errors = process.communicate(timeout=self._time_limit)
            except subprocess.TimeoutExpired:
                # As by Ctrl-C: Ansible ends its workers then.
                process.send_signal(signal.SIGINT)
                try:
                    return process.communicate(timeout=20)[0], True
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    return process.communicate()[0], True
        if not RECAP.search(output):
            sys.exit(f"The play did not start: {errors or output}")
        return output, False

    def best(self, way: Way, hosts: int, forks: int, **more: Any) -> Cost:
        runs = 1 if way.once else 2 if hosts > 100 else 3
        return min(
            (self.play(way, hosts, forks, **more) for _number in range(runs)),
            key=lambda cost: (-cost.done, cost.seconds),
        )

    def _environment(self, v1: bool) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "CATCHPOINT_"))}
        # As on any machine, Python may keep its bytecode; but not in the working tree.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        credentials = self._simulator.environment_v1 if v1 else self._simulator.environment
        return {
            **kept,
            **credentials,
            "ANSIBLE_COLLECTIONS_PATH": str(HERE.parents[1] / "build" / "dev"),
            "ANSIBLE_LOOKUP_PLUGINS": str(HERE / "alternatives"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "PYTHONPYCACHEPREFIX": str(HERE.parents[1] / "build" / "benchmark-pycache"),
        }


def row(*cells: Any) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def header(title: str, *cells: str) -> None:
    print(f"\n## {title}\n")
    row(*cells)
    row(*(["---"] + ["---:"] * (len(cells) - 1)))


def times(cost: Cost, base: Cost) -> str:
    return f"{cost.seconds / base.seconds:.2f}"


def shown(cost: Cost) -> tuple[str, int, int, int]:
    seconds = f"{cost.seconds:.1f}" if not cost.stopped else f"stopped at {cost.seconds:.0f}"
    return seconds, cost.requests, cost.logins, cost.refused


def inventories(bench: Bench, hosts: list[int], forks: list[int]) -> None:
    header(
        "Each host checked by its own test",
        "way",
        "hosts",
        "forks",
        "seconds",
        "requests",
        "logins",
        "429s",
        "hosts with a result",
        "seconds relative to a constant",
        "requests relative to the lookup",
    )
    for count in hosts:
        for fork in forks:
            base = bench.best(CONSTANT, count, fork)
            ours = bench.best(FLEET, count, fork)
            for way in (CONSTANT, FLEET, SINGLE, BY_URI, OLD):
                cost = base if way is CONSTANT else ours if way is FLEET else bench.best(way, count, fork)
                more = f"{cost.requests / max(1, ours.requests):.1f}" if cost.requests else "-"
                row(way.name, count, fork, *shown(cost), cost.done, times(cost, base), more)


def growth(bench: Bench, hosts: list[int], forks: list[int]) -> None:
    header(
        "Time by number of hosts: lookup with test_id_variable",
        "hosts",
        "requests",
        "seconds",
        "ms per host above a constant",
    )
    for count in sorted({10, 30, 100, 300, 1000} & set(range(max(hosts) + 1))):
        base, ours = (bench.best(way, count, max(forks)) for way in (CONSTANT, FLEET))
        row(count, ours.requests, f"{ours.seconds:.1f}", f"{(ours.seconds - base.seconds) / count * 1000:.1f}")


def lazy_variable(bench: Bench, _hosts: list[int], forks: list[int]) -> None:
    header(
        "50 hosts, 3 tasks, 3 uses of the same lazy variable in each",
        "way",
        "seconds",
        "requests",
        "logins",
        "429s",
        "hosts with a result",
    )
    use = "page.run_count >= 0"
    tasks = decide(f"{use} and page.availability != 5 and page.test_id > 0") * 3
    page = {"page": "{{ " + OURS.replace(", metrics=['test_time']", "") + " }}"}
    fleet = {**page, "ansible_catchpoint_test_id_variable": "catchpoint_test_id"}
    plain = "{{ lookup('old_wrapper', catchpoint_test_id) }}"
    old = decide("page.detail | length > 0 and page.detail['items'] | length >= 0 and page.detail != 5") * 3
    for way in (
        Way("lookup, all hosts the same test", tasks, page, v1=True),
        Way("lookup, each host its own test", tasks, fleet, v1=True),
        Way("the old wrapper", old, {"page": plain}, v1=True, once=True),
    ):
        same = (lambda _host: FIRST_TEST) if "same" in way.name else None
        cost = bench.best(way, 50, max(forks), ids=same)
        row(way.name, *shown(cost), cost.done)


NODE_URI = """
    - name: Ask
      ansible.builtin.uri:
        url: "{{ base }}/api/v2/nodes/all?city=New%20York&pageNumber=1&pageSize=100"
        headers:
          Authorization: "Bearer {{ key }}"
      register: nodes
"""
NODE_INFO = """
    - name: Ask
      community.catchpoint.catchpoint_node_info:
        city: New York
      register: nodes
"""
# A task that is delegated runs as a module on that host, which here is the same machine.
AS_MODULE = NODE_INFO + '      delegate_to: "{{ inventory_hostname }}"\n'


def nodes(bench: Bench, _hosts: list[int], forks: list[int]) -> None:
    header(
        "catchpoint_node_info on 100 hosts, without run_once",
        "way",
        "seconds",
        "requests",
        "logins",
        "429s",
        "hosts with a result",
        "seconds relative to the first row",
    )
    ours = bench.best(Way("", NODE_INFO), 100, max(forks))
    row("module, on the controller", *shown(ours), ours.done, "1.00")
    for way in (
        Way("the same with v1: a login, and all pages, because v1 cannot filter by city", NODE_INFO, v1=True),
        Way("module, on the host", AS_MODULE, once=True),
        Way("ansible.builtin.uri", NODE_URI, once=True),
    ):
        cost = bench.best(way, 100, max(forks))
        row(way.name, *shown(cost), cost.done, times(cost, ours))


def many_tests(bench: Bench, _hosts: list[int], _forks: list[int]) -> None:
    header("One host, one task, many tests", "way", "tests", "seconds", "requests", "429s", "hosts with a result")
    for count in (1, 500):
        ids = f"range({FIRST_TEST}, {FIRST_TEST + count}) | list"
        info = f"""
    - name: Ask
      community.catchpoint.catchpoint_test_data_info:
        test_ids: "{{{{ {ids} }}}}"
        metrics: [test_time]
"""
        loop = URI.replace("catchpoint_test_id", "item").partition("    - name: Decide")[0].rstrip()
        loop += f'\n      loop: "{{{{ {ids} }}}}"\n      loop_control:\n        label: ""\n'
        for way in (
            Way("catchpoint_test_data_info", info),
            Way("lookup", decide(f"query{LOOKUP[6:]}".format(terms=ids, more="") + f" | length == {count}")),
            Way("ansible.builtin.uri in a loop", loop, once=True),
        ):
            cost = bench.best(way, 1, 5)
            seconds, requests, _logins, refused = shown(cost)
            row(way.name, count, seconds, requests, refused, cost.done)


def cached(bench: Bench, _hosts: list[int], forks: list[int]) -> None:
    header(
        "A cached lookup, compared with one that reads an environment variable",
        "use",
        "env: ms a use",
        "lookup: ms a use",
        "ratio",
        "tasks' time: ratio",
    )
    ask = decide(f"({LOOKUP.format(terms=FIRST_TEST, more='')}).run_count >= 0")
    env = "lookup('ansible.builtin.env', 'HOME')"
    ours = LOOKUP.format(terms=FIRST_TEST, more="")
    first = ask.rstrip() + "\n      run_once: true\n"

    def seconds(expression: str, hosts: int, repeat: int) -> float:
        way = Way("", decide(expression) * repeat)
        return min(bench.play(way, hosts, max(forks), before=first).seconds for _number in range(5))

    # Many hosts: each use is in its own worker process, which has to load the plugin.
    hosts, repeat = 50, 4
    base = seconds("1 + 1 > 1", hosts, repeat)
    by_env, by_ours = (seconds(f"{one} is defined", hosts, repeat) for one in (env, ours))
    uses = hosts * repeat
    row(
        f"{uses} tasks with one use",
        f"{(by_env - base) / uses * 1000:.2f}",
        f"{(by_ours - base) / uses * 1000:.2f}",
        f"{(by_ours - base) / (by_env - base):.1f}",
        f"{by_ours / by_env:.2f}",
    )
    # One host: all uses are in one template.
    uses = 3000

    def looped(expression: str) -> float:
        kept = f"{{% set _ = kept.append({expression}) %}}"
        message = f"{{% set kept = [] %}}{{% for one in range({uses}) %}}{kept}{{% endfor %}}{{{{ kept | length }}}}"
        tasks = f"""
    - name: Many uses
      ansible.builtin.debug:
        msg: "{message}"
"""
        return min(bench.play(Way("", tasks), 1, 5, before=first).seconds for _number in range(5))

    base, by_env, by_ours = (looped(one) for one in ("one", env, ours))
    row(
        f"{uses} uses in one template",
        f"{(by_env - base) / uses * 1000:.3f}",
        f"{(by_ours - base) / uses * 1000:.3f}",
        f"{(by_ours - base) / (by_env - base):.1f}",
        f"{by_ours / by_env:.2f}",
    )


TABLES = {
    "inventories": inventories,
    "growth": growth,
    "lazy": lazy_variable,
    "nodes": nodes,
    "tests": many_tests,
    "cached": cached,
}


@contextmanager
def a_bench(time_limit: float) -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="catchpoint-benchmark-") as folder,
        running(scenario="fleet", limits="vendor") as simulator,
    ):
        yield Bench(simulator, Path(folder), time_limit)


def numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hosts", type=numbers, default=[10, 100, 1000])
    parser.add_argument("--forks", type=numbers, default=[5, 20])
    parser.add_argument("--time-limit", type=float, default=240.0, help="seconds that a play may take")
    parser.add_argument("--table", choices=TABLES, action="append")
    options = parser.parse_args()
    with a_bench(options.time_limit) as bench:
        for name in options.table or TABLES:
            TABLES[name](bench, options.hosts, options.forks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
