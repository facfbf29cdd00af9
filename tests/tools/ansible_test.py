# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-test on a copy of the working tree, and makes sure that it did test something.

    python3 tests/tools/ansible_test.py KIND [--core CORE] [--pythons SET] [--oldest-libraries] [ARGUMENT ...]

KIND is sanity, units or integration; without CORE, the newest ansible-core that runs here. SET are the Pythons that
run the collection's code: for units, the oldest found and the controller's, or "all"; for integration, the
controller's, or the "oldest" one, with the controller as before. With --oldest-libraries, units and integration have
the oldest versions that meta/ee-requirements.txt admits, on the oldest ansible-core and controller's Python that run
here; otherwise the newest that pip finds. Arguments go to ansible-test as they are: integration targets, files for
sanity, and so on. Needs no container.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import environments
import pythons
import results
import tree

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "home"
# ansible-test ends with success when it found nothing to do; these are its words for it
NOTHING_DONE = ("All targets skipped", "No tests applicable", "No tests found for detected changes")
# sanity tests that look at every plugin: when one of them finds nothing to look at, the copy is not seen
ALWAYS_APPLICABLE = ("compile", "import", "pylint", "validate-modules", "yamllint")

# what Ansible says of itself, or a task of the output of a playbook that it started
DEPRECATION = re.compile(r'\[DEPRECATION WARNING\]: *((?:(?!\\n)[^"]){1,200})')


def environment(venv: Path) -> dict[str, str]:
    """What ansible-test runs in: a HOME of its own, and every interpreter under its own name on PATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CATCHPOINT_", "ANSIBLE_"))}
    path = pythons.path_variable(pythons.search(), venv / "bin")
    return {**kept, "HOME": str(HOME), "PATH": path, "LC_ALL": "C.UTF-8"}


def prepare_home(venv: Path) -> None:
    """Puts the stand-in for get-pip.py where ansible-test looks for it, and lets pip see the user's configuration."""
    source = next(venv.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"))
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"pip='([0-9.]+)'", source.read_text(encoding="utf-8")):
        name = f"get_pip_{version.replace('.', '_')}.py"
        # Another step may do the same, and a third one read it.
        own = cache / f"{name}.{os.getpid()}"
        shutil.copyfile(ROOT / "tests" / "tools" / "get_pip.py", own)
        own.replace(cache / name)
    for name in (".config/pip", ".pip", ".netrc"):
        if (Path.home() / name).exists():
            environments.link(HOME / name, Path.home() / name)


def run(command: list[str], place: Path, env: dict[str, str]) -> tuple[int, list[str]]:
    """Runs a command with its output shown and kept; returns its exit status and its lines."""
    lines = []
    with subprocess.Popen(
        command, cwd=place, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip("\n"))
    return process.returncode, lines


def oldest_libraries() -> dict[str, str]:
    """The lower bounds of what the collection imports."""
    lines = environments.COLLECTION.read_text(encoding="utf-8").splitlines()
    return {match[1]: match[2] for line in lines for match in [re.fullmatch(r"([\w-]+) >= ([\d.]+)", line)] if match}


def check_libraries(place: Path, wanted: dict[str, str]) -> list[str]:
    """Each library has to be in an environment of ansible-test's, and in none in another version than is wanted."""
    faults = []
    for name, version in wanted.items():
        pattern = f"tests/output/.tmp/delegation/*/lib/*/site-packages/{name.replace('-', '_')}-*.dist-info"
        found = {path.name.split("-")[1].removesuffix(".dist") for path in place.glob(pattern)}
        if found != {version}:
            faults.append(f"The tests were to run with {name} {version}, and ran with {', '.join(found) or 'none'}.")
    return faults


def integration_targets(place: Path) -> set[str]:
    """The targets that a full run must run: all but those that other targets depend on."""
    targets = place / "tests" / "integration" / "targets"
    return {
        path.name
        for path in targets.glob("*")
        if not path.name.startswith(("setup_", "prepare_"))
        and ((path / "runme.sh").exists() or (path / "tasks" / "main.yml").exists())
    }


def check_integration(lines: list[str], expected: set[str]) -> tuple[results.Count, list[str]]:
    """One result for each target, as the log tells it. A target that did not run is a fault, a deprecation another."""
    pattern = re.compile(r"Running (\S+) integration test (?:role|script)")
    ran = {match[1] for line in lines for match in [pattern.search(line)] if match}
    tail = next((i for i, line in enumerate(lines) if "integration test(s) listed below" in line), len(lines))
    failed = ran & {line.strip() for line in lines[tail:]}
    faults = [f"Integration target {name} did not run." for name in sorted(expected - ran)]
    faults += [f"Deprecated: {words}" for words in dict.fromkeys(DEPRECATION.findall("\n".join(lines)))]
    return results.Count(len(ran - failed), len(failed)), faults


def check_units(states: dict[str, str], place: Path, whole: bool) -> tuple[results.Count, list[str]]:
    """A file of unit tests from which no test ran is a fault."""
    ran = {case.split()[1] for case, state in states.items() if not state.startswith("skipped")}
    files = sorted(path.relative_to(place) for path in (place / "tests" / "unit").rglob("test_*.py")) if whole else []
    dotted = {file: ".".join(file.with_suffix("").parts) for file in files}
    faults = [
        f"No test of {file} ran."
        for file, name in dotted.items()
        if not any(case == name or case.startswith(name + ".") for case in ran)
    ]
    return results.count(states.values()), faults


def check_sanity(states: dict[str, str], whole: bool) -> tuple[results.Count, list[str]]:
    """Sanity tests that found no file of their kind are left out, unless they look at every plugin."""
    idle = "skipped: No tests applicable."
    faults = []
    if whole:
        for name in ALWAYS_APPLICABLE:
            if not any(case.split()[-1].startswith(name) and state != idle for case, state in states.items()):
                faults.append(f"The sanity test {name} looked at no file.")
    missing_tool_or_python = {
        case: state for case, state in states.items() if state.startswith("skipped") and state != idle
    }
    for case, state in missing_tool_or_python.items():
        print(f"Left out: {case.split()[-1]}: {state}")
    counted = [state for state in states.values() if not state.startswith("skipped")]
    return results.count(counted), faults


def python_options(kind: str, controller: pythons.Python, chosen: str) -> list[str]:
    """The options of ansible-test that choose the Pythons; sanity looks with each that it finds."""
    usable = pythons.search().usable
    oldest = usable[min(usable)]
    on_controller = f"--controller=origin:python=venv/{controller.short}"
    if kind == "integration" and chosen == "oldest":
        return [on_controller, f"--target=controller:python=venv/{oldest.short}"]
    if kind == "integration":
        return ["--venv", "--python", controller.short]
    if kind == "units" and chosen == "all":
        return ["--venv"]
    if kind == "units":
        versions = dict.fromkeys([oldest.short, controller.short])
        return [on_controller, *(f"--target-python=venv/{version}" for version in versions)]
    return []


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["sanity", "units", "integration"])
    parser.add_argument("--core", default="")
    parser.add_argument("--pythons", choices=["all", "oldest"], default="")
    parser.add_argument("--oldest-libraries", action="store_true")
    options, arguments = parser.parse_known_args()
    libraries = oldest_libraries() if options.oldest_libraries else {}
    found = pythons.search()
    core, venv = environments.for_core(options.core or (pythons.cores(found)[0] if libraries else ""))
    controller = pythons.fitting(core, found, oldest=bool(libraries))
    assert controller is not None, "the virtual environment was made with such a one"
    prepare_home(venv)
    command = [str(venv / "bin" / "ansible-test"), options.kind, "--color", "no"]
    command += python_options(options.kind, controller, options.pythons)
    command += {"sanity": ["--junit"], "integration": ["--continue-on-error", "-v"]}.get(options.kind, [])
    print(f"ansible-core {core} on Python {controller.short}: {' '.join(command[1:] + arguments)}", flush=True)
    job = f"{options.kind}-{core}" + ("-oldest-libraries" if libraries else "")
    with tree.alone(job):
        place = tree.copy(job)
        if libraries:
            text = "".join(f"{name}=={version}\n" for name, version in libraries.items())
            folder = "unit" if options.kind == "units" else options.kind
            (place / "tests" / folder / "constraints.txt").write_text(text, encoding="utf-8")
        junit = place / "tests" / "output" / "junit"
        shutil.rmtree(junit, ignore_errors=True)
        status, lines = run(command + arguments, place, environment(venv))
        states = results.cases(sorted(junit.glob("*.xml")))

    faults = [line for line in lines if any(words in line for words in NOTHING_DONE)]
    if options.kind == "integration":
        counted, more = check_integration(lines, set() if arguments else integration_targets(place))
    elif options.kind == "sanity":
        counted, more = check_sanity(states, whole=not arguments)
    else:
        # at a failure, ansible-test leaves the rest out
        counted, more = check_units(states, place, whole=not arguments and not status)
    faults += more + check_libraries(place, libraries)
    if not counted.passed + counted.failed:
        faults.append("No test ran.")
    results.save(counted)
    print(f"ansible-test {options.kind} with ansible-core {core}: {counted}")
    for fault in faults:
        print(f"FAULT: {fault}")
    return status or (1 if faults or counted.failed else 0)


if __name__ == "__main__":
    sys.exit(main())
