"""Drills: pure in (name, seed, index), within their level, and foreseen rightly."""

from __future__ import annotations

import ast
import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeoutpred.errors import InvalidValueError
from codeoutpred.generation.drills import LEVELS, DrillGenerator
from codeoutpred.generation.drills.interpreter import Interpreter, OutOfBoundsError
from codeoutpred.generation.drills.operations import KINDS
from codeoutpred.records import Case, Program

ALL_LEVELS = tuple(LEVELS)


def programs(count: int, seed: int = 0, levels: tuple[int, ...] = ALL_LEVELS) -> list[Program]:
    return list(DrillGenerator(levels=levels).generate(count=count, seed=seed))


def run_for_real(program: Program, case: Case) -> str:
    """The answer by Python itself; our own generator's programs are tame enough for that."""
    names: dict[str, object] = {}
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(program.source, names)
        if program.kind == "call":
            return repr(eval(f"{program.entry}({case.arguments})", names))
    return shown.getvalue().removesuffix("\n")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_an_item_is_the_same_in_whatever_slice_it_is_made(seed: int, start: int) -> None:
    generator = DrillGenerator()
    whole = list(generator.generate(count=3, seed=seed, start=start))
    alone = list(DrillGenerator().generate(count=1, seed=seed, start=start + 2))
    assert whole[2:] == alone


def test_neighbouring_seeds_share_hardly_any_program() -> None:
    first = {program.source for program in programs(300, seed=1, levels=(3,))}
    second = {program.source for program in programs(300, seed=2, levels=(3,))}
    assert len(first & second) <= 3


def test_the_foreseen_answer_is_what_python_gives() -> None:
    """The differential check: the interpreter behind the traces against the real one."""
    checked = 0
    for program in programs(1500):
        for case in program.cases:
            assert run_for_real(program, case) == case.expected, program.source
            checked += 1
    assert checked >= 1500


def test_the_trace_ends_on_what_is_shown_or_returned() -> None:
    for program in programs(200):
        for case in program.cases:
            number, _, last = case.trace.split("\n")[-1].partition("|")
            assert int(number) == len(program.source.split("\n"))
            assert last.startswith("return " if program.kind == "call" else "print(")


def test_each_level_keeps_to_its_bounds() -> None:
    for number, level in LEVELS.items():
        for program in programs(60, seed=number, levels=(number,)):
            assert program.difficulty == number
            for case in program.cases:
                assert len(case.trace.split("\n")) <= level.trace_steps
            deepest = max(map(_nesting, ast.parse(program.source).body))
            assert deepest <= level.nesting + 1  # the body of a function counts as one


def _nesting(node: ast.AST, depth: int = 0) -> int:
    inside = depth + isinstance(node, (ast.If, ast.For, ast.While, ast.FunctionDef))
    return max([inside, *(_nesting(child, inside) for child in ast.iter_child_nodes(node))])


def test_both_kinds_and_every_operation_come_up() -> None:
    made = programs(800)
    assert {program.kind for program in made} == {"script", "call"}
    assert set().union(*(program.operations for program in made)) == set(KINDS)


def test_every_answer_depends_on_some_statement() -> None:
    for program in programs(200):
        assert all(case.dependent_statements > 0 for case in program.cases)


def test_a_function_is_asked_with_different_arguments() -> None:
    for program in programs(200):
        arguments = [case.arguments for case in program.cases]
        assert len(set(arguments)) == len(arguments)
        assert len(arguments) == (2 if program.kind == "call" else 1)


@pytest.mark.parametrize("levels", [(0,), (1, 9), ()])
def test_an_unknown_level_is_named(levels: tuple[int, ...]) -> None:
    with pytest.raises(InvalidValueError, match="level"):
        DrillGenerator(levels=levels)


def test_another_language_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="cobol"):
        DrillGenerator(language="cobol")


def trace_of(source: str) -> list[str]:
    run = Interpreter(LEVELS[4])
    run.execute(ast.parse(source).body)
    return run.trace


@pytest.mark.parametrize(
    ("source", "trace"),
    [
        ("d = 5\nc = d * d\nprint(c)", ["1|d5", "2|d5 * d5:c25", "3|print(c25)"]),
        ("x = 7\nx -= 9\nprint(x)", ["1|x7", "2|x7 - 9:x-2", "3|print(x-2)"]),
        ("a = 1\nb = 2\na, b = b, a", ["1|a1", "2|b2", "3|b2, a1:a2, b1"]),
        ("s = 'ab'\nt = s + s[0]", ["1|s'ab'", "2|s'ab'[0]:'a'", "2|s'ab' + 'a':t'aba'"]),
        ("row = [3, 1]\nrow.sort()", ["1|row[3, 1]", "2|row[3, 1].sort():row[1, 3]"]),
        (
            "n = 0\nfor i in [4, 5]:\n    n += i",
            ["1|n0", "2|i4~[5]", "3|n0 + i4:n4", "2|i5~[]", "3|n4 + i5:n9"],
        ),
        (
            "n = 2\nif n > 1:\n    n = 7\nelse:\n    n = 8",
            ["1|n2", "2|n2 > 1:True", "3|n7"],
        ),
        (
            "n = 2\nwhile n > 1:\n    n -= 1\nn += 8",
            ["1|n2", "2|n2 > 1:True", "3|n2 - 1:n1", "2|n1 > 1:False", "4|n1 + 8:n9"],
        ),
        (
            "def f(x):\n    return x + 1\n\na = f(4)",
            ["4|f(4)", "1|x4", "2|x4 + 1:5", "2|return 5", "4|a5"],
        ),
    ],
)
def test_a_trace_names_lines_operands_and_results_with_their_values(
    source: str, trace: list[str]
) -> None:
    assert trace_of(source) == trace


def test_dependent_statements_leave_out_what_the_answer_does_not_need() -> None:
    run = Interpreter(LEVELS[2])
    run.execute(ast.parse("a = 1\nb = 9\nc = a + 2\nd = c * 2\nprint(d)").body)
    assert run.dependent_statements == 3  # a, c and d, not b


def test_a_copied_literal_depends_on_nothing_that_is_computed() -> None:
    run = Interpreter(LEVELS[2])
    run.execute(ast.parse("a = 1\nb = a + 1\nprint(a)").body)
    assert run.dependent_statements == 0


@pytest.mark.parametrize(
    "source", ["a = 1 // 0", "a = [1][5]", "a = 99 * 99", "while 1 > 0:\n  a = 1"]
)
def test_what_leaves_the_bounds_is_refused(source: str) -> None:
    with pytest.raises(OutOfBoundsError):
        Interpreter(LEVELS[2]).execute(ast.parse(source).body)
