"""The command `execute`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture
def source(tmp_path):
    """(text, name) -> a source file."""

    def write(text: str, name: str = "program.py"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_a_script_prints_what_it_prints(cli, source):
    done = cli("execute", source("print('é', 6 * 7)"))
    assert (done.status, done.out) == (0, "é 42\n")
    assert done.err.startswith("codeoutpred: ok, ")


def test_a_call_prints_its_value(cli, source):
    file = source("def swap(a, b):\n    return b, a\n")
    done = cli("execute", file, "--entry", "swap", "--arguments", "1, 'x'")
    assert (done.status, done.out) == (0, "('x', 1)\n")


def test_a_function_is_called_without_arguments(cli, source):
    file = source("def seven():\n    return 7\n")
    assert cli("execute", file, "--entry", "seven").out == "7\n"


def test_an_exception_is_a_failure_with_its_name(cli, source):
    done = cli("execute", source("print(1)\nprint(1 / 0)"))
    assert (done.status, done.out) == (1, "1\n")
    assert "exception: ZeroDivisionError" in done.err


def test_json_holds_the_whole_execution(cli, source):
    done = cli("execute", source("print(1 / 0)"), "--json")
    assert done.status == 1
    assert (done.json["status"], done.json["error"]) == ("exception", "ZeroDivisionError")


def test_a_program_may_take_no_longer_than_it_is_given(cli, source):
    for _ in range(5):
        done = cli("execute", source("while True: pass"), "--timeout", 0.2)
        if "too busy" not in done.err:  # which says nothing about the program
            break
    assert done.status == 1
    assert "timeout: used 0.2 s of processor time" in done.err


def test_the_language_can_be_given(cli, source):
    assert cli("execute", source("print(1)", "noname"), "--language", "python").out == "1\n"


@pytest.mark.parametrize(
    ("words", "culprit"),
    [
        (["{file}.zig"], "--language: python"),
        (["{file}", "--language", "pyton"], "did you mean python?"),
        (["{file}", "--arguments", "1"], "--entry"),
        (["{file}", "--timeout", "0"], "--timeout: 0 "),
        (["{file}", "--timeout", "inf"], "--timeout: inf "),
        (["nothing.py"], "cannot read nothing.py"),
    ],
)
def test_what_cannot_be_executed_is_wrong_usage(cli, source, words, culprit):
    file = source("print(1)")
    done = cli("execute", *(word.format(file=file) for word in words))
    assert (done.status, done.out) == (2, "")
    assert culprit in done.err


def test_a_file_that_is_no_text_is_wrong_usage(cli, tmp_path):
    (tmp_path / "x.py").write_bytes(b"\xff")
    done = cli("execute", tmp_path / "x.py")
    assert done.status == 2
    assert "UTF-8" in done.err


def test_less_isolation_than_the_usual_may_be_allowed(cli, source):
    done = cli("execute", source("print(1)"), "--allow-isolation", "limits")
    assert (done.status, done.out) == (0, "1\n")


def test_an_unknown_isolation_is_a_wrong_usage(cli, source):
    assert cli("execute", source("print(1)"), "--allow-isolation", "full").status == 2


def test_a_trace_shows_lines_and_what_they_changed(cli, source):
    done = cli("execute", source("a = 1\nwhile a < 3:\n    a += 1\n"), "--trace")
    assert (done.status, done.out) == (0, "")
    lines = [line.split() for line in done.err.splitlines()]
    assert lines[:3] == [
        ["1", "a", "=", "1", "a", "=", "1"],
        ["2", "while", "a", "<", "3:"],
        ["3", "a", "+=", "1", "a", "=", "2"],
    ]
    assert ["6", "steps"] in lines


def test_a_trace_stands_in_the_json(cli, source):
    done = cli("execute", source("a = 1"), "--trace", "--json")
    assert (done.json["steps"], done.json["trace"]) == (1, [{"line": 1, "changed": {"a": "1"}}])


def test_a_long_trace_is_cut_and_says_so(cli, source):
    done = cli("execute", source("for i in range(2000):\n    pass"), "--trace")
    assert "4001 steps, the first 1000 shown" in done.err


def test_a_trace_of_another_language_is_wrong_usage(cli, source):
    done = cli("execute", source("echo 1", "program.sh"), "--trace")
    assert done.status == 2
    assert "programs in python can be traced" in done.err


def run_with_input(file, data):
    command = [sys.executable, "-m", "codeoutpred", "execute", str(file), "--json"]
    return subprocess.run(command, input=data, capture_output=True)


def test_standard_input_is_passed_on(source):
    done = run_with_input(source("print(input() * 2)"), "é\n".encode())
    assert json.loads(done.stdout)["stdout"] == "éé\n"


def test_standard_input_that_is_no_text_is_wrong_usage(source):
    done = run_with_input(source("print(input())"), b"\xff")
    assert done.returncode == 2
    assert b"standard input is not UTF-8" in done.stderr
