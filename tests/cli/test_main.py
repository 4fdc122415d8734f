"""The console script: dispatch, exit status, one readable line for whatever fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from importlib.metadata import entry_points

import pytest

from codeoutpred.cli import main
from codeoutpred.errors import DatasetError, InvalidValueError, UnknownNameError

PROMISED = (
    "list-models generate-data list-datasets export-dataset train-supervised train-rl "
    "full-pipeline evaluate compare execute plugins doctor"
).split()


@pytest.fixture
def failing(cli, monkeypatch):
    """(exception, words before, words after) -> the command `execute` that raises it."""

    def run(error: BaseException, before=(), after=()):
        def handler(options):
            raise error

        monkeypatch.setattr("codeoutpred.cli.execute.execute", handler)
        return cli(*before, "execute", "file.py", *after)

    return run


def test_the_console_script_is_main():
    [script] = entry_points(group="console_scripts", name="codeoutpred")
    assert script.load() is main


def test_the_module_runs_as_the_console_script_does():
    done = subprocess.run(
        [sys.executable, "-m", "codeoutpred", "generate-data", "--languages", "pyton"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "codeoutpred: error: unknown language 'pyton'; did you mean python?\n"


def test_help_names_every_promised_command(cli):
    done = cli("--help")
    assert done.status == 0
    assert [name for name in PROMISED if f"\n    {name}" not in done.out] == []


@pytest.mark.parametrize("command", PROMISED)
def test_every_command_explains_itself(cli, command):
    done = cli(command, "--help")
    assert done.status == 0
    assert done.out.startswith(f"usage: codeoutpred {command}")


def test_the_version_is_printed(cli):
    assert cli("--version").out.startswith("codeoutpred ")


@pytest.mark.parametrize("argv", [[], ["lst-models"], ["list-models", "--jsn"], ["execute"]])
def test_wrong_usage_is_one_line_and_status_2(cli, argv):
    done = cli(*argv)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("codeoutpred: error: ")
    assert done.err.count("\n") == 1


def test_options_are_not_guessed_from_their_first_letters(cli):
    assert "unrecognized arguments: --num" in cli("generate-data", "--num", "3").err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownNameError("model", "tinny", ["tiny"]), 2),
        (InvalidValueError("of no use"), 2),
        (DatasetError("a damaged folder"), 1),
        (ZeroDivisionError("division\nby zero"), 1),
    ],
)
def test_each_kind_of_error_is_one_line_with_its_status(failing, error, status):
    done = failing(error)
    assert done.status == status
    assert done.err.startswith("codeoutpred: error: ")
    assert done.err.count("\n") == 1


def test_an_unexpected_error_names_its_type_and_the_way_to_see_more(failing):
    line = failing(ZeroDivisionError("division by zero")).err
    assert "ZeroDivisionError: division by zero" in line
    assert "--debug" in line


@pytest.mark.parametrize("at", ["before", "after"])
def test_debug_shows_the_traceback_wherever_it_is_given(failing, at):
    done = failing(DatasetError("a damaged folder"), **{at: ["--debug"]})
    assert done.err.startswith("Traceback")
    assert done.err.endswith("codeoutpred: error: a damaged folder\n")


def test_a_missing_library_is_named_with_the_command_that_installs_it(failing):
    done = failing(ModuleNotFoundError("No module named 'trl.x'", name="trl.x"))
    assert done.status == 1
    assert "pip install trl " in done.err


def test_an_interrupt_is_one_line(failing):
    done = failing(KeyboardInterrupt())
    assert (done.status, done.err) == (1, "codeoutpred: error: stopped\n")


def test_a_reader_that_goes_away_is_no_error():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "codeoutpred", "list-models"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_main_runs_in_any_thread(cli):
    found = []
    thread = threading.Thread(target=lambda: found.append(cli("list-models").status))
    thread.start()
    thread.join()
    assert found == [0]
