# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# /// script
# dependencies = ["nox >= 2025.2.9", "antsibull-nox >= 1.9"]
# ///
"""Everything that checks, builds and measures this collection. nox -l lists the sessions.

nox                     what `make test` does: all checks and tests, without a container
nox -s units -- -k x    one session; arguments go to pytest or ansible-test
nox -s matrix           every tested ansible-core and every Python found; takes its time

antsibull-nox.toml adds the sessions that other collections have. Those named ansible-test-* need docker or podman, the
others create separate environments; `nox -s lint` runs them in one.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import antsibull_nox
import nox
import nox.registry

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "build"
VENV = BUILD / "venv"
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import pythons
import release as releasing
import results
import steps
import tree

TOOLS = "tests/tools/requirements-dev.txt"
COLLECTION = "meta/ee-requirements.txt"  # the libraries that the collection imports
FOR_TESTS = ("pytest", "pytest-xdist", COLLECTION, "tests/unit/requirements.txt", "tests/integration/requirements.txt")

FOUND = pythons.find()
NEWEST = pythons.newest_core(FOUND)
CONTROLLER = pythons.fitting(NEWEST, FOUND)[-1]
OLDEST = min(FOUND)
LOWEST_FOR_CONTROLLER = min(lowest for lowest, _highest in pythons.CORES.values())

# Sessions see neither the user's Ansible and credentials nor another make.
GIVEN = dict(os.environ)
for name in [name for name in os.environ if name.startswith(("ANSIBLE_", "CATCHPOINT_", "MAKE", "MFLAGS"))]:
    del os.environ[name]
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["PATH"] = pythons.path_variable(FOUND, GIVEN["PATH"])
# ignore other collections that the user has installed
os.environ["ANTSIBULL_NOX_IGNORE_INSTALLED_COLLECTIONS"] = "true"

nox.options.envdir = "build/nox"
nox.options.reuse_venv = "yes"
nox.options.default_venv_backend = "uv|venv"
nox.options.sessions = ["test"]
antsibull_nox.load_antsibull_nox_toml()
del nox.registry._REGISTRY["lint"]  # it only names some of the sessions of LINT


# Environments that sessions share


def point(link: Path, target: Path) -> None:
    """Creates or replaces a symbolic link, safely if another session does so at the same time."""
    if link.is_symlink() and os.readlink(link) == str(target):
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    own = link.with_name(f"{link.name}.{os.getpid()}")
    own.symlink_to(target)
    own.replace(link)


def environment(name: str, minor: int, *requirements: str) -> str:
    """Registers a session that makes an environment, build/NAME, and returns its name for `requires`."""
    files = [ROOT / one for one in requirements if one.endswith(".txt")]
    content = repr(requirements) + "".join(file.read_text(encoding="utf-8") for file in files)
    wanted = hashlib.sha256(content.encode()).hexdigest()
    session_name = f"environment-{name}"

    @nox.session(name=session_name, python=f"3.{minor}", default=False)
    def make(session: nox.Session) -> None:
        stamp = Path(session.virtualenv.location, "made-from.txt")
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            words = [f"-r{one}" if one.endswith(".txt") else one for one in requirements]
            session.install(*words)
            stamp.write_text(wanted, encoding="utf-8")
        point(BUILD / name, Path(session.virtualenv.location).resolve())

    make.__doc__ = f"Make build/{name}"
    return session_name


def core_requirement(core: str) -> str:
    return f"ansible-core ~= {core}.0{'rc1' if core == pythons.UPCOMING else ''}"


environment("venv", CONTROLLER, core_requirement(NEWEST), COLLECTION, TOOLS)
environment("eda-venv", CONTROLLER, core_requirement(NEWEST), COLLECTION, "ansible-rulebook", "pytest")
for python in FOUND:
    environment(f"python-3.{python}", python, "Jinja2", "PyYAML", *FOR_TESTS)


def variables(venv: Path = VENV, **more: str) -> dict[str, str]:
    """The environment of a command: the programs of a virtual environment, and a HOME below build/."""
    home = BUILD / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {**os.environ, "HOME": str(home), "PATH": f"{venv}/bin{os.pathsep}{os.environ['PATH']}", **more}


def run(session: nox.Session, program: str, *words: str | Path, venv: Path = VENV, **more: str) -> None:
    path = str(venv / "bin" / program)
    session.run(path, *words, env=variables(venv, **more), external=True)


Function = Callable[[nox.Session], None]


def with_venv(name: str = "", venv: str = "venv") -> Callable[[Function], Function]:
    """Registers a session that runs in an environment of the above."""
    return nox.session(name=name or None, venv_backend="none", requires=[f"environment-{venv}"], default=False)


# Lint and documentation

LINT = (
    "formatters", "codeqa", "yamllint", "typing", "antsibull-nox-config", "extra-checks", "license-check",
    "changelog-lint", "docs-check", "ansible-lint",
)  # fmt: skip


@with_venv()
def lint(session: nox.Session) -> None:
    """Check format, code, types, YAML, licences, changelog, documentation, roles, generated files"""
    for one in LINT:  # otherwise each session creates its own environment
        point(BUILD / "lint" / one, VENV)
    options = ["--envdir", BUILD / "lint", "--reuse-existing-virtualenvs", "--no-install"]
    run(session, "python", "-m", "nox", *options, "--session", *(session.posargs or LINT), CI="true")
    for script in sorted(Path("tests/tools").glob("generate*.py")):
        run(session, "python", script, "--check")


@nox.session(name="changelog-lint", default=False)
def changelog_lint(session: nox.Session) -> None:
    """Lint the changelog and its fragments"""
    session.install("antsibull-changelog", "-c", TOOLS)
    session.run("antsibull-changelog", "lint")


@with_venv()
def format(session: nox.Session) -> None:
    """Put the code into the format that lint requires"""
    run(session, "ruff", "format", ".")
    run(session, "ruff", "check", "--fix", ".")


@with_venv()
def changelog(session: nox.Session) -> None:
    """Write the changelog of the version in galaxy.yml from changelogs/fragments and the plugins"""
    releasing.write_changelog(variables())


def build_site(session: nox.Session) -> None:
    place = BUILD / "docs"
    for folder in ("rst", "html"):
        shutil.rmtree(place / folder, ignore_errors=True)
    (place / "rst").mkdir(parents=True, mode=0o700)
    collections = tree.copy("docs").parents[2]
    words = ["collection", "--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", place / "rst"]
    run(session, "antsibull-docs", *words, "community.catchpoint", ANSIBLE_COLLECTIONS_PATH=str(collections))
    words = ["--quiet", "--fail-on-warning", "-c", "tests/tools/site"]
    run(session, "sphinx-build", *words, place / "rst", place / "html")


@with_venv()
def site(session: nox.Session) -> None:
    """Build the documentation site: build/docs/html/index.html"""
    build_site(session)


# Tests


def pytest(session: nox.Session, *words: str, venv: Path = VENV, folder: str, **more: str) -> None:
    """Runs the tests of a folder, or those that are named."""
    named = any(word.startswith("tests/") for word in session.posargs)
    run(session, "python", "-m", "pytest", *words, *([] if named else [folder]), *session.posargs, venv=venv, **more)


@with_venv()
def units(session: nox.Session) -> None:
    """Run all unit tests on the controller's Python"""
    pytest(session, "-nauto", folder="tests/unit")


@with_venv()
def simulator(session: nox.Session) -> None:
    """Run the tests of the simulator"""
    pytest(session, "--import-mode=prepend", folder="tests/simulator")


@with_venv()
def docs(session: nox.Session) -> None:
    """Build the site; play what README, guides and examples show"""
    build_site(session)
    pytest(session, "-m", "not nightly", folder="tests/docs")


NO_JAVA = "Left out: the rulebooks (nox -s eda), because Java 17 or later was not found."


def has_java() -> bool:
    """Whether there is a Java that ansible-rulebook can use."""
    program = shutil.which("java")
    if program is None:
        return False
    shown = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', shown)
    return version is not None and int(version.group(1)) >= 17


@with_venv(venv="eda-venv")
def eda(session: nox.Session) -> None:
    """Play the rulebooks with ansible-rulebook, which needs Java 17 or later"""
    venv, folder = BUILD / "eda-venv", BUILD / "eda-artefact"
    if not has_java():
        print(NO_JAVA, flush=True)
        return
    build_artefact(session, folder, venv)
    pytest(session, folder="tests/eda", venv=venv, EDA_COLLECTIONS=str(folder))


def build_artefact(session: nox.Session, folder: Path, venv: Path = VENV) -> None:
    """The Galaxy artefact and its installation in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    galaxy = ["-m", "ansible", "galaxy", "collection"]
    run(session, "python", *galaxy, "build", "--output-path", folder, tree.copy(folder.name), venv=venv)
    (artefact,) = folder.glob("*.tar.gz")
    run(session, "python", *galaxy, "install", "--offline", "--collections-path", folder, artefact, venv=venv)


@with_venv()
def packaging(session: nox.Session) -> None:
    """Build the Galaxy artefact, install it, use it as Galaxy, AWX and users do; check what belongs to a release"""
    build_artefact(session, releasing.ARTEFACT)
    pytest(session, folder="tests/packaging")


# ansible-test


def home_of_ansible_test(name: str) -> Path:
    """A HOME of the session's own, as two ansible-test that start in one make the same key for SSH.

    In its cache is our get-pip.py, so that ansible-test does not download one.
    """
    home = BUILD / "homes" / name
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in ("23_1_2", "24_2", "25_2"):
        point(cache / f"get_pip_{version}.py", ROOT / "tests" / "tools" / "get_pip.py")
    for setting in (".config/pip", ".pip", ".netrc"):  # the user's settings of pip
        if (Path.home() / setting).exists():
            point(home / setting, Path.home() / setting)
    return home


def ansible_test(
    session: nox.Session, kind: str, *words: str, venv: str = "venv", left_out: tuple[str, ...] = (), **more: str
) -> None:
    """Runs ansible-test in an environment, and fails if it tested nothing."""
    home = home_of_ansible_test(session.name)
    place = tree.copy(session.name)
    command = [str(BUILD / venv / "bin" / "ansible-test"), kind, "-v", "--color", "no", *words, *session.posargs]
    print(" ".join(command), flush=True)
    status, log = steps.shown(command, place, variables(BUILD / venv, HOME=str(home), **more))
    faults = results.faults(log)
    if kind == "integration":
        every = results.targets(place)
        faults += results.faults_of_integration(log, [] if session.posargs else every.intersection(words) or every)
    if kind == "sanity" and not session.posargs:
        faults += results.faults_of_sanity(log, left_out)
    for fault in faults:
        print(f"FAULT: {fault}", flush=True)
    if status or faults:
        session.error(f"ansible-test {kind}: exit status {status}, {len(faults)} faults")


@with_venv()
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity, on the oldest and the controller's Python; no test is ignored"""
    enough = {minor: FOUND[minor] for minor in (OLDEST, CONTROLLER)}
    path = pythons.path_variable(enough, pythons.without_managed(GIVEN["PATH"]))
    ansible_test(session, "sanity", PATH=f"{VENV}/bin{os.pathsep}{path}")


@with_venv()
def integration(session: nox.Session) -> None:
    """Run ansible-test integration against the simulator; arguments are targets"""
    ansible_test(session, "integration", "--python", f"3.{CONTROLLER}", "--continue-on-error")


PARTS = 4  # so that no long step is left over at the end of `test`


def part_of_integration(number: int) -> str:
    """Registers a session for a part of the targets."""
    name = f"integration-part-{number}"

    @with_venv(name)
    def part(session: nox.Session) -> None:
        targets = sorted(results.targets(ROOT))[number - 1 :: PARTS]
        ansible_test(session, "integration", "--python", f"3.{CONTROLLER}", "--continue-on-error", *targets)

    part.__doc__ = f"Run part {number} of {PARTS} of the integration tests"
    return name


def units_by_python(minor: int) -> None:
    """Registers unit tests of code that runs on managed hosts, with one Python. Ansible is that of build/venv."""
    venv = f"python-3.{minor}"

    @nox.session(
        name=f"units-{venv}", venv_backend="none", default=False, requires=["environment-venv", f"environment-{venv}"]
    )
    def make(session: nox.Session) -> None:
        (package,) = VENV.glob("lib/python3.*/site-packages/ansible")
        point(BUILD / "ansible" / "ansible", package)
        tests = ROOT / "tests" / "unit" / "plugins"
        found = [tests / "modules", *tests.glob("module_utils/test_*.py"), *tests.glob("module_utils/_*")]
        words = ["-nauto"]
        if minor < LOWEST_FOR_CONTROLLER:  # the gate never runs there, but for what catchpoint_slo_info uses of it
            found.remove(tests / "module_utils" / "_gate")
            found.append(tests / "module_utils" / "_gate" / "test_error_budget.py")
            words.append("--ignore-glob=*/_operations/test_*gate*")
        run(session, "python", "-m", "pytest", *words, *found, venv=BUILD / venv, PYTHONPATH=str(BUILD / "ansible"))

    make.__doc__ = f"Run the unit tests of modules and module_utils on Python 3.{minor}"


for minor in FOUND:
    units_by_python(minor)


# The matrix

NO_SANITY = ("2.16",)  # its sanity tests require the boilerplate of Python 2 in every file
MATRIX: list[str] = []


def sessions_of_core(core: str, minor: int) -> None:
    """Registers sanity, units and integration with one ansible-core, on the newest Python that it runs on here."""
    venv = f"core-{core}"
    environment(venv, minor, core_requirement(core), *FOR_TESTS)

    @with_venv(f"sanity-{core}", venv)
    def sanity(session: nox.Session) -> None:
        # pylint for the upcoming release is not packaged yet
        left_out = ("pylint",) if core == pythons.UPCOMING else ()
        ansible_test(session, "sanity", *(f"--skip-test={one}" for one in left_out), venv=venv, left_out=left_out)

    @with_venv(f"units-{core}", venv)
    def units(session: nox.Session) -> None:
        pytest(session, "-nauto", folder="tests/unit", venv=BUILD / venv)

    @with_venv(f"integration-{core}", venv)
    def integration(session: nox.Session) -> None:
        ansible_test(session, "integration", "--python", f"3.{minor}", "--continue-on-error", venv=venv)

    for function, kind in ((sanity, "sanity"), (units, "units"), (integration, "integration")):
        function.__doc__ = f"The same as {kind}, with ansible-core {core} on Python 3.{minor}"
        MATRIX.append(f"{kind}-{core}")


for core in pythons.CORES:
    if minors := pythons.fitting(core, FOUND):
        sessions_of_core(core, minors[-1])
MATRIX = [name for name in MATRIX if name.removeprefix("sanity-") not in NO_SANITY]


@nox.session(
    name="integration-oldest-python", venv_backend="none", default=False,
    requires=["environment-venv", f"environment-python-3.{OLDEST}"],
)  # fmt: skip
def integration_oldest_python(session: nox.Session) -> None:
    """Run the integration tests with the modules on the oldest Python that is found"""
    target = f"--target=controller:python=3.{OLDEST}@{BUILD / f'python-3.{OLDEST}' / 'bin' / 'python'}"
    ansible_test(session, "integration", f"--controller=origin:python=3.{CONTROLLER}", target, "--continue-on-error")


OLDEST_CORE = next(core for core in pythons.CORES if pythons.fitting(core, FOUND))
OLDEST_CONTROLLER = pythons.fitting(OLDEST_CORE, FOUND)[0]
LIBRARIES = pythons.oldest_libraries(ROOT)
environment("oldest-libraries", OLDEST_CONTROLLER, core_requirement(OLDEST_CORE), *FOR_TESTS, *LIBRARIES)


def check_libraries(session: nox.Session) -> None:
    """Fails unless the environment has the pinned versions, which the collection promises to support."""
    code = "import importlib.metadata as m, sys; print(*(f'{one}=={m.version(one)}' for one in sys.argv[1:]))"
    python = str(BUILD / "oldest-libraries" / "bin" / "python")
    names = [library.partition("==")[0] for library in LIBRARIES]
    installed = session.run(python, "-c", code, *names, external=True, silent=True)
    if str(installed).split() != LIBRARIES:
        session.error(f"The tests were to run with {LIBRARIES}, and would with {installed}.")


@with_venv("units-oldest-libraries", "oldest-libraries")
def units_oldest_libraries(session: nox.Session) -> None:
    """Run the unit tests with the oldest requests, urllib3 and python-dateutil that the collection claims"""
    check_libraries(session)
    pytest(session, "-nauto", folder="tests/unit", venv=BUILD / "oldest-libraries")


@with_venv("integration-oldest-libraries", "oldest-libraries")
def integration_oldest_libraries(session: nox.Session) -> None:
    """The same for the integration tests"""
    check_libraries(session)
    words = ["--python", f"3.{OLDEST_CONTROLLER}", "--continue-on-error"]
    ansible_test(session, "integration", *words, venv="oldest-libraries")


@with_venv("units-restless-clock")
def units_restless_clock(session: nox.Session) -> None:
    """Run the unit tests with a clock that advances a second at every reading, to find tests that depend on time"""
    pytest(session, "-nauto", folder="tests/unit", RESTLESS_CLOCK="1")


@with_venv("ansible-test-units")
def ansible_test_units(session: nox.Session) -> None:
    """Run the unit tests as other collections do, by ansible-test, which isolates each; takes its time"""
    ansible_test(session, "units", "--python", f"3.{CONTROLLER}")


@with_venv()
def molecule(session: nox.Session) -> None:
    """Play the rehearsal guide's scenario with molecule"""
    pytest(session, "-m", "nightly", folder="tests/docs")


NIGHTLY = [
    "integration-oldest-python", "integration-oldest-libraries", "ansible-test-units", "units-restless-clock",
    "units-oldest-libraries", *(f"units-python-3.{minor}" for minor in FOUND), "molecule",
]  # fmt: skip


# All of it

# What takes longest begins first, so that no step is left over at the end.
STEPS = [
    "docs", "sanity", *map(part_of_integration, range(1, PARTS + 1)), "packaging", "units",
    *([f"units-python-3.{OLDEST}"] if OLDEST != CONTROLLER else []), "lint", "eda", "simulator",
]  # fmt: skip


@with_venv()
def test(session: nox.Session) -> None:
    """Run all checks and tests, as CI does"""
    if has_java():
        passed = steps.run_all(STEPS)
    else:
        passed = steps.run_all([one for one in STEPS if one != "eda"], ["", NO_JAVA])
    if not passed:
        session.error("Something failed, see above.")


def absent() -> list[str]:
    """Combinations that the matrix cannot test, on this machine or on any."""
    cores = [core for core in pythons.CORES if not pythons.fitting(core, FOUND)]
    minors = [minor for minor in range(pythons.LOWEST, pythons.HIGHEST + 1) if minor not in FOUND]
    return [
        *(f"Left out: ansible-core {core}, as no Python that runs it was found." for core in cores),
        *(f"Left out: Python 3.{minor}, as it was not found." for minor in minors),
        *(
            f"Left out: sanity of ansible-core {core}, which requires the boilerplate of Python 2."
            for core in NO_SANITY
        ),
        f"Left out: pylint in sanity of ansible-core {pythons.UPCOMING}, as it is not packaged yet.",
    ]


@with_venv()
def nightly(session: nox.Session) -> None:
    """Run the slow checks: every Python, the oldest libraries, an advancing clock, molecule, ansible-test units"""
    if not steps.run_all(NIGHTLY):
        session.error("Something failed, see above.")


@with_venv()
def matrix(session: nox.Session) -> None:
    """Run sanity, units and integration on every tested ansible-core, and all that nightly runs"""
    if not steps.run_all([*MATRIX, *NIGHTLY], ["", *absent()]):
        session.error("Something failed, see above.")


@with_venv()
def release(session: nox.Session) -> None:
    """Test and build the version in galaxy.yml from a clean commit; tagging and publishing is left to you"""
    releasing.make(variables(), lambda: steps.run_all(STEPS))


@with_venv()
def benchmark(session: nox.Session) -> None:
    """Measure the time and requests of tasks and lookups"""
    point(BUILD / "dev" / "ansible_collections" / "community" / "catchpoint", Path("../../../.."))
    run(session, "python", "tests/benchmark/run", *session.posargs, ANSIBLE_COLLECTIONS_PATH=str(BUILD / "dev"))


# python noxfile.py, pipx run noxfile.py, uv run noxfile.py
if __name__ == "__main__":
    nox.main()
