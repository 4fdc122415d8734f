"""Containment as a program: what it starts is inside, and ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from execution_programs import eventually
from ordinary_user import USER, reachable_python

import codeoutpred.execution.sandbox

PROGRAM = Path(codeoutpred.execution.sandbox.__file__).with_name("contain.py")


@pytest.fixture(params=["root", "ordinary user"])
def user(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """An interpreter, and what `subprocess` needs to start it as that user."""
    if request.param == "root":
        if os.getuid() != 0:
            pytest.skip("needs root")
        return sys.executable, {}
    if os.getuid() != 0:
        return sys.executable, {}
    python = reachable_python()
    if python is None:
        pytest.skip("no Python that an ordinary user can start")
    return python, {"user": USER, "group": USER, "extra_groups": []}


@pytest.fixture
def folder(user: tuple[str, dict[str, Any]]) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp())
    os.chown(path, user[1].get("user", -1), -1)
    yield path
    subprocess.run(["rm", "-rf", path], check=True)


def command(user: tuple[str, dict[str, Any]], folder: Path, *words: str) -> list[str]:
    options = ["--folder", str(folder), *words]
    if "--level" not in words:
        options = ["--level", "full", *options]
    return [user[0], "-s", "-S", "-B", str(PROGRAM), *options]


def contained(
    user: tuple[str, dict[str, Any]], folder: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(user, folder, *words),
        **user[1],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_is_process_one_of_a_user_without_rights(
    user: tuple[str, dict[str, Any]], folder: Path
) -> None:
    done = contained(user, folder, "--", "sh", "-c", "id -u; echo $$; grep Cap /proc/self/status")
    number, process, *rights = done.stdout.splitlines()
    assert (number, process) == ("1000", "1")
    assert {line.split()[1] for line in rights} == {"0" * 16}


def test_nothing_is_there_but_libraries_and_the_folder(
    user: tuple[str, dict[str, Any]], folder: Path
) -> None:
    done = contained(user, folder, "--", "sh", "-c", f"ls /etc /home /sys /run; ls -A {folder}")
    assert not {"passwd", "shadow", "ssh", "hostname"} & set(done.stdout.split())
    assert done.stderr.count("No such file") == 3


def test_the_folder_is_written_to_in_memory_alone(
    user: tuple[str, dict[str, Any]], folder: Path
) -> None:
    done = contained(user, folder, "--", "sh", "-c", f"echo a > {folder}/f; cat {folder}/f")
    assert done.stdout == "a\n"
    assert not folder.exists() or not list(folder.iterdir())


def test_the_room_of_the_folder_is_bounded(user: tuple[str, dict[str, Any]], folder: Path) -> None:
    fill = f"head -c 3000000 /dev/zero > {folder}/f; stat -c %s {folder}/f"
    done = contained(user, folder, "--room", "1000000", "--", "sh", "-c", fill)
    assert int(done.stdout) < 1_100_000


def test_what_is_named_can_be_read_and_not_written(
    user: tuple[str, dict[str, Any]], folder: Path
) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o777)
        (Path(place) / "tool").write_text("text\n")
        act = f"cat {place}/tool; touch {place}/new || echo no"
        done = contained(user, folder, "--read", place, "--", "sh", "-c", act)
        assert done.stdout == "text\nno\n"
        assert [path.name for path in Path(place).iterdir()] == ["tool"]


@pytest.mark.parametrize("level", ["full", "filtered"])
def test_processes_are_bounded_or_forbidden(
    user: tuple[str, dict[str, Any]], folder: Path, level: str
) -> None:
    words = ["--level", level, "--", "sh", "-c", "sleep 9 & sleep 9 & sleep 9 & echo three"]
    for options, stdout in ((["--processes", "4"], "three\n"), (["--processes", "3"], "")):
        if level == "full":  # where no other processes of the user count
            assert contained(user, folder, *options, *words).stdout == stdout
    assert contained(user, folder, "--threads-alone", *words).stdout == ""


@pytest.mark.parametrize("level", ["full", "filtered", "limits"])
def test_the_exit_status_is_that_of_the_command(
    user: tuple[str, dict[str, Any]], folder: Path, level: str
) -> None:
    words = ["--level", level, "--", "sh", "-c", "exit 7"]
    assert contained(user, folder, *words).returncode == 7


def test_what_cannot_be_started_is_one_line(user: tuple[str, dict[str, Any]], folder: Path) -> None:
    done = contained(user, folder, "--", "no-such-command")
    assert done.returncode == 1
    assert done.stderr == "cannot be contained: no-such-command is not on the search path\n"


@pytest.mark.parametrize("how", ["killed", "standard input closed"])
def test_everything_ends_with_the_process_outside(
    user: tuple[str, dict[str, Any]], folder: Path, how: str
) -> None:
    mark = f"61.{os.getpid()}{time.monotonic_ns()}"
    act = f"trap '' HUP TERM INT; (setsid sleep {mark} &); sleep {mark}; sleep {mark}"
    process = subprocess.Popen(
        command(user, folder, "--", "sh", "-c", act), **user[1], cwd="/", stdin=subprocess.PIPE
    )
    assert process.stdin
    assert eventually(lambda: len(running(mark)) >= 3)
    if how == "killed":
        process.send_signal(signal.SIGKILL)
    process.stdin.close()
    process.wait(30)
    assert eventually(lambda: not running(mark))


def running(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if mark.encode() in words and b"containment" not in words:
            found.append(path.parent.name)
    return found
