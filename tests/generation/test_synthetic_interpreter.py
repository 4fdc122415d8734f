"""The reference interpreter: traces, what answers hang on, and where runs end."""

from __future__ import annotations

import pytest

from codeoutpred import ir
from codeoutpred.generation.synthetic.interpreter import Interpreter
from codeoutpred.generation.synthetic.levels import LEVELS, OutOfBoundsError
from codeoutpred.ir import operation as op
from codeoutpred.languages.javascript_renderer import JavaScriptRenderer
from codeoutpred.languages.python_renderer import PythonRenderer
from codeoutpred.languages.rust_renderer import RustRenderer

PYTHON, JAVASCRIPT, RUST = PythonRenderer(), JavaScriptRenderer(), RustRenderer()
A, B, C = (ir.Variable(ir.INT, name) for name in ("a", "b", "left_over"))
ITEMS = ir.Variable(ir.list_of(ir.INT), "items")


def number(value):
    return ir.Literal(ir.INT, value)


def run(*main, renderer=PYTHON, level=4, functions=()):
    module = ir.Module(tuple(functions), main)
    return Interpreter(module, renderer.render(module), renderer, LEVELS[level]).run()


def trace(*main, **options):
    return run(*main, **options).trace.split("\n")


SQUARE = (ir.Assign(A, number(3)), ir.Assign(C, op("add", op("mul", A, A), number(1))))


def test_each_operation_is_a_step_and_the_last_names_the_receiver():
    steps = trace(*SQUARE, ir.Print((C,)))
    assert steps == ["1|a3", "2|a3 * a3:9", "2|9 + 1:left_over10", "3|print(left_over10)"]


def test_a_trace_has_the_names_and_lines_of_its_language():
    assert trace(*SQUARE, ir.Print((C,)), renderer=JAVASCRIPT)[-2:] == [
        "2|9 + 1:leftOver10",
        "3|console.log(leftOver10)",
    ]
    assert trace(*SQUARE, ir.Print((C,)), renderer=RUST)[0] == "2|a3"  # below `fn main`


def test_a_loop_names_what_is_still_to_come():
    body = (ir.Update(B, "add", A),)
    source = ir.Literal(ITEMS.type, [4, 5])
    steps = trace(ir.Assign(B, number(0)), ir.For((A,), source, body), ir.Print((B,)))
    assert steps == [
        *("1|b0", "2|[4, 5]", "2|a4~[5]", "3|b0 + a4:b4", "2|a5~[]", "3|b4 + a5:b9"),
        "4|print(b9)",
    ]


def test_a_call_binds_its_parameters_on_the_line_of_its_header():
    function = ir.Function("double", (A,), ir.INT, (ir.Return(op("mul", A, number(2))),))
    call = ir.Assign(B, ir.Call(ir.INT, "double", (number(4),)))
    steps = trace(call, ir.Print((B,)), functions=[function])
    assert steps == ["5|double(4)", "1|a4", "2|a4 * 2:8", "2|return 8", "5|b8", "6|print(b8)"]


def test_what_is_raised_is_caught_and_its_message_kept():
    message = ir.Variable(ir.STR, "message")
    answer = ir.Variable(ir.STR, "answer")
    body = (ir.Raise(ir.Literal(ir.STR, "too many")),)
    function = ir.Function("check", (A,), ir.STR, body, "invalid")
    attempt = ir.Attempt(answer, ir.Call(ir.STR, "check", (number(4),)), message, message)
    outcome = run(attempt, ir.Print((answer,)), functions=[function])
    assert outcome.answer == "too many"
    assert "2|raise 'too many'" in outcome.trace.split("\n")


def test_a_way_out_of_a_loop_ends_it_there():
    test = op("gt", A, number(4))
    loop = ir.For(
        (A,),
        ir.Literal(ITEMS.type, [4, 9, 2]),
        (ir.If(test, (ir.Break(),)), ir.Update(B, "add", A)),
    )
    assert run(ir.Assign(B, number(0)), loop, ir.Print((B,))).answer == "4"


def test_a_second_operand_that_is_not_needed_is_not_evaluated():
    empty = ir.Assign(ITEMS, ir.Literal(ITEMS.type, []))
    is_empty = op("eq", op("length", ITEMS), number(0))
    risky = op("gt", op("at", ITEMS, number(0)), number(1))
    assert run(empty, ir.Print((op("or", is_empty, risky),))).answer == "True"
    with pytest.raises(OutOfBoundsError):
        run(empty, ir.Print((op("and", is_empty, risky),)))


def test_dependent_statements_leave_out_what_the_answer_does_not_need():
    aside = ir.Assign(B, op("add", A, number(2)))
    used = ir.Assign(C, op("add", A, number(5)))
    assert run(ir.Assign(A, number(1)), aside, used, ir.Print((C,))).dependent_statements == 3


def test_a_copied_literal_depends_on_nothing():
    assert run(ir.Assign(A, number(1)), ir.Print((A,))).dependent_statements == 0


def test_a_changed_container_depends_on_its_changes():
    start = ir.Assign(ITEMS, ir.Literal(ITEMS.type, []))
    change = ir.Mutate(ITEMS, "append", (number(4),))
    outcome = run(start, change, ir.Print((ITEMS,)))
    assert outcome.answer == "[4]"
    assert outcome.dependent_statements == 3


def test_a_literal_container_is_made_anew_each_time_it_is_met():
    fill = (
        ir.Assign(ITEMS, ir.Literal(ITEMS.type, [])),
        ir.Mutate(ITEMS, "append", (A,)),
        ir.Print((ITEMS,)),
    )
    loop = ir.For((A,), op("range", number(0), number(2)), fill)
    assert run(loop).answer == "[0]\n[1]"


@pytest.mark.parametrize(
    "statement",
    [
        ir.Assign(A, op("floor_div", number(1), number(0))),
        ir.Assign(A, op("mul", number(999_999), number(999_999))),
        ir.While(op("lt", number(0), number(1)), (ir.Print((number(1),)),)),
        ir.Assign(A, op("at", ir.Literal(ITEMS.type, [1]), number(5))),
    ],
)
def test_a_run_that_leaves_its_level_is_refused(statement):
    with pytest.raises(OutOfBoundsError):
        run(statement)


def test_endless_recursion_is_refused():
    again = ir.Return(ir.Call(ir.INT, "again", (A,)))
    function = ir.Function("again", (A,), ir.INT, (again,))
    with pytest.raises(OutOfBoundsError, match="calls"):
        run(ir.Print((ir.Call(ir.INT, "again", (number(1),)),)), functions=[function])
