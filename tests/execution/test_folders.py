"""Folders of servers: none stays behind, whoever is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from execution_programs import eventually, folders, living, script

from codeoutpred.execution import LocalExecutor
from codeoutpred.execution.folders import ServerFolder, remove_left_behind
from codeoutpred.hookspecs import LanguageRegistry

SUPERVISOR = """
import time
from codeoutpred.execution import LocalExecutor
from codeoutpred.plugins import load_plugins
from codeoutpred.records import Program
languages = load_plugins(use_entry_points=False).languages
executor = LocalExecutor(languages, workers=1, isolation={level!r})
program = Program(id="p", language="python", source="open('left', 'w')")
print(executor.run(program).status, flush=True)
time.sleep(60)
"""


def test_a_folder_in_use_stays() -> None:
    folder = ServerFolder()
    remove_left_behind()
    assert Path(folder.path).is_dir()
    folder.remove()
    assert not Path(folder.path).exists()


def test_what_only_looks_like_a_folder_of_ours_stays() -> None:
    place = Path(tempfile.gettempdir())
    with tempfile.TemporaryDirectory() as elsewhere:
        (place / "codeoutpred-link").symlink_to(elsewhere)
        remove_left_behind()
        assert Path(elsewhere).is_dir()
    (place / "codeoutpred-link").unlink()


@pytest.mark.parametrize("level", ["full", "filtered"])
def test_the_next_start_removes_what_a_killed_supervisor_left(
    languages: LanguageRegistry, level: str
) -> None:
    processes, places = living(), folders()
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR.format(level=level)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    assert supervisor.stdout.readline() == "ok\n"
    # All stand still first, so that none cleans up after another.
    killed = {*(living() - processes), supervisor.pid}
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for process in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
    supervisor.wait()
    supervisor.stdout.close()
    assert eventually(lambda: living() == processes)
    assert len(folders() - places) == 1
    with LocalExecutor(languages, workers=1) as executor:
        executor.run(script(""))
        assert len(folders() - places) == 1
    assert folders() == places


def test_nothing_is_left_when_the_supervisor_is_killed() -> None:
    processes, places = living(), folders()
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from codeoutpred.execution import LocalExecutor\n"
            "from codeoutpred.plugins import load_plugins\n"
            "from codeoutpred.records import Job, Program\n"
            "source = 'import time; time.sleep(60)'\n"
            "job = Job(program=Program(id='', language='python', source=source))\n"
            "languages = load_plugins(use_entry_points=False).languages\n"
            "executor = LocalExecutor(languages, workers=2, isolation='full')\n"
            "list(executor.run_many([job] * 5))\n",
        ],
    )
    assert eventually(lambda: len(living() - processes) >= 4)
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: living() == processes and folders() == places)


def test_processes_that_make_folders_and_clean_up_at_once_take_none_from_each_other() -> None:
    source = (
        "from codeoutpred.execution.folders import *\n"
        "for _ in range(100):\n"
        "    folder = ServerFolder()\n"
        "    remove_left_behind()\n"
        "    assert Path(folder.path).is_dir()\n"
        "    folder.remove()\n"
    )
    places = folders()
    processes = [subprocess.Popen([sys.executable, "-c", source]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert folders() == places
