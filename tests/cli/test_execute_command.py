"""The command `execute`."""

from __future__ import annotations

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
    done = cli("execute", source("while True: pass"), "--timeout", 0.2)
    assert done.status == 1
    assert "timeout" in done.err


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
