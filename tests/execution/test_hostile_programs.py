"""After each hostile program the next one is right, and nothing of it is left anywhere.

For real, under each containment: as root and as an ordinary user.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from execution_programs import living, script
from hostile_programs import HOSTILE
from hostile_reaches import KEY, REACHES, reach
from ordinary_user import OrdinaryExecutor, reachable_python

from codeoutpred.execution import LocalExecutor
from codeoutpred.hookspecs import LanguageRegistry
from codeoutpred.records import Execution, Limits

LIMITS = Limits(cpu_seconds=0.5, wall_seconds=20, processes=16)
SHORT = dataclasses.replace(LIMITS, wall_seconds=1.5)
"""For those that wait: the others end by their processor time, however busy the machine."""
AMPLE = Limits(cpu_seconds=10, wall_seconds=30)
MOST_GROWTH = 64 * 1024**2
OPEN_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/dev", "/run", "/etc", "/usr", "/")
SENTINEL = "import os, math; print(math.sqrt(16), os.listdir())"

Tested = LocalExecutor | OrdinaryExecutor


@pytest.fixture(
    scope="module",
    params=["full as root", "full as a user", "filtered as root", "filtered as a user"],
)
def contained(request: pytest.FixtureRequest, languages: LanguageRegistry) -> Iterator[Tested]:
    level, _, user = request.param.partition(" as ")
    is_root = os.getuid() == 0
    if user == "root" and not is_root:
        pytest.skip("needs root")
    if user != "root" and is_root:
        if reachable_python() is None:
            pytest.skip("no Python that an ordinary user can start")
        executor: Tested = OrdinaryExecutor(languages, level)
    else:
        executor = LocalExecutor(languages, workers=1, isolation=level)
    yield executor
    executor.close()


@pytest.fixture(scope="module")
def key() -> Iterator[Path]:
    """A file that everybody on this machine may read and write."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        Path(folder).chmod(0o777)
        key = Path(folder) / "key"
        key.write_text("secret")
        key.chmod(0o666)
        yield key


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def look(key: Path) -> tuple[object, ...]:
    """All that a program outside of its containment could have changed."""
    planted = [(path.name, path.stat()[:2] + path.stat()[3:7]) for path in key.parent.iterdir()]
    changed = key.stat().st_mtime_ns, key.parent.stat().st_mtime_ns, key.parent.stat().st_mode
    left = [place for place in OPEN_PLACES if list(Path(place).glob("codeoutpred-was-*"))]
    tables = [path.read_text() for path in Path("/proc/sysvipc").glob("*")]
    shared = [row for table in tables for row in table.splitlines() if row.split()[0] == str(KEY)]
    # Of this test run alone, by `conftest`: what others leave elsewhere is not ours to tell.
    return planted, changed, left, shared, sorted(Path(tempfile.gettempdir()).iterdir())


def memory() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def run_between_sentinels(contained: Tested, source: str, key: Path, limits: Limits) -> Execution:
    """The outcome of a program, after looking that all is as before."""
    before = contained.run(script(SENTINEL), limits=AMPLE)
    processes, places, size = living(), look(key), memory()
    execution = contained.run(script(source), limits=limits)
    after = contained.run(script(SENTINEL), limits=AMPLE)
    assert (before.stdout, after.stdout) == ("4.0 []\n", "4.0 []\n"), (before, after)
    assert len(living()) == len(processes)  # one may have been replaced
    assert look(key) == places
    assert memory() - size < MOST_GROWTH
    return execution


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_is_data_and_harms_no_other(
    contained: Tested, name: str, key: Path
) -> None:
    source, statuses = HOSTILE[name]
    waits = "timeout" in statuses and ("sleep" in source or "STOP" in source)
    execution = run_between_sentinels(contained, source, key, SHORT if waits else LIMITS)
    # Without namespaces, no program may start another: that is its exception.
    statuses = statuses | ({"exception"} if execution.isolation == "filtered" else set())
    assert execution.status in statuses, execution


@pytest.mark.parametrize("name", REACHES)
def test_what_a_program_reaches_for_is_out_of_its_reach(
    contained: Tested, name: str, key: Path, port: int
) -> None:
    source = reach(name, key, port)
    execution = run_between_sentinels(contained, source, key, AMPLE)
    assert (execution.status, execution.stdout) == ("ok", ""), execution


def test_the_things_to_reach_for_are_there(
    key: Path, port: int, languages: LanguageRegistry
) -> None:
    names = ("reads a key file", "writes a key file", "connects", "traces", "listens")
    with LocalExecutor(
        languages, workers=1, isolation="limits", allow_isolation="limits"
    ) as executor:
        for name in names:
            stdout = executor.run(script(reach(name, key, port)), limits=AMPLE).stdout
            assert "a hole" in stdout, name


def test_a_program_can_start_no_more_processes_than_its_limit(executor: LocalExecutor) -> None:
    source = """
import os, time
for number in range(64):
    try:
        if os.fork() == 0:
            time.sleep(60)
    except BlockingIOError:
        print(number)
        break
"""
    printed = executor.run(script(source), limits=Limits(processes=8)).stdout
    assert printed and int(printed) < 16
