"""Languages that plugins bring: launched cold by a command, under the same limits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from execution_programs import script

from codeoutpred.execution import LocalExecutor
from codeoutpred.languages.python import PYTHON
from codeoutpred.protocols import Language
from codeoutpred.records import Limits, Program
from codeoutpred.registry import Registry


def toy_language(name: str, command: Callable[[str], list[str]] | None) -> Language:
    return replace(PYTHON, name=name, suffix=".sh", server="", command=command)


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    languages = Registry[Language]("language")
    languages.add("python", PYTHON)
    languages.add("shell", toy_language("shell", lambda file: ["sh", file]))
    languages.add("show", toy_language("show", lambda file: ["cat", file, "a b"]))
    languages.add("absent", toy_language("absent", lambda file: ["no-such-tool", file]))
    missing = replace(toy_language("missing", lambda file: ["sh"]), toolchain=lambda: None)
    languages.add("missing", replace(missing, install_hint="apt install missing"))
    languages.add("idle", toy_language("idle", None))
    languages.add("served", replace(PYTHON, name="served", server="nowhere"))
    languages.add("broken", "no_such_package:LANGUAGE")
    with LocalExecutor(languages, workers=1) as executor:
        yield executor


def test_the_output_of_the_command_is_kept(executor: LocalExecutor) -> None:
    execution = executor.run(script("echo a; echo b >&2; ls; exit 0", "shell"))
    assert (execution.status, execution.stdout) == ("ok", "a\nprogram.sh\n")


def test_the_source_reaches_the_command_as_it_is(executor: LocalExecutor) -> None:
    source = "é\n'\"$HOME\\ \x00"
    execution = executor.run(script(source, "show"))
    assert execution.stdout == source


def test_an_exit_status_other_than_zero_is_an_exception(executor: LocalExecutor) -> None:
    execution = executor.run(script("echo a; exit 3", "shell"))
    expected = ("exception", "exit status 3", "a\n")
    assert (execution.status, execution.error, execution.stdout) == expected


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("while :; do :; done", "timeout"),
        ("sleep 60", "timeout"),
        ("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", "output_limit"),
        ("kill -9 $$", "exception"),
        ("sleep 60 & echo left", "ok"),
    ],
)
def test_the_same_limits_hold(executor: LocalExecutor, source: str, status: str) -> None:
    limits = Limits(cpu_seconds=0.5, wall_seconds=2)
    assert executor.run(script(source, "shell"), limits=limits).status == status
    assert executor.run(script("print(1)")).stdout == "1\n"


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("absent", "no-such-tool is not on the search path"),
        ("missing", "apt install missing"),
        ("idle", "neither a server nor a command"),
        ("served", "server 'nowhere'"),
        ("broken", "no_such_package"),
        ("pyton", "did you mean python"),
    ],
)
def test_what_cannot_run_here_says_why(executor: LocalExecutor, language: str, detail: str) -> None:
    execution = executor.run(script("", language))
    assert execution.status == "toolchain_missing"
    assert detail in execution.detail


def test_calls_are_for_languages_with_a_server(executor: LocalExecutor) -> None:
    program = Program(id="c", language="shell", source="f() { :; }", kind="call", entry="f")
    execution = executor.run(program)
    assert (execution.status, "whole programs" in execution.detail) == ("compile_error", True)


def test_a_toolchain_outside_of_the_systems_folders_is_found_and_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for name in ("bin", "share"):
            (Path(folder) / name).mkdir()
        tool = Path(folder) / "bin" / "tool"
        tool.write_text('#!/bin/sh\ncat "$(dirname "$0")/../share/library" "$1"\n')
        tool.chmod(0o755)
        (Path(folder) / "share" / "library").write_text("library\n")
        languages = Registry[Language]("language")
        languages.add("tool", toy_language("tool", lambda file: [str(tool), file]))
        languages.add("shell", toy_language("shell", lambda file: ["sh", file]))
        with LocalExecutor(languages, workers=1) as executor:
            assert executor.run(script("source\n", "tool")).stdout == "library\nsource\n"
            assert executor.run(script(f"cat {tool} || echo no", "shell")).stdout == "no\n"
