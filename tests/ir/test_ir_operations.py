"""The meanings of operations, and the edges beyond which there is none."""

from __future__ import annotations

import math

import pytest

from codeoutpred import ir
from codeoutpred.ir.meanings import shows_alike


def compute(name, *values):
    return ir.OPERATIONS[name].compute(*values)


@pytest.mark.parametrize(
    ("name", "values", "result"),
    [
        ("floor_div", (-7, 2), -4),
        ("floor_mod", (-7, 2), 1),
        ("trunc_div", (-7, 2), -3),
        ("trunc_mod", (-7, 2), -1),
        ("trunc_div", (7, 2), 3),
        ("slice", ("abcd", 1, 3), "bc"),
        ("at", ([4, 5], 1), 5),
        ("find", ("abc", "x"), -1),
        ("count", ("aaa", "aa"), 1),
        ("pad", ("7", 3, "0"), "007"),
        ("get_or", ({"a": 1}, "b", 9), 9),
        ("items", ({"b": 1, "a": 2},), [("a", 2), ("b", 1)]),
        ("keys", ({3: 1, 2: 2},), [2, 3]),
        ("range_step", (1, 6, 2), [1, 3, 5]),
        ("or_else", (None, 4), 4),
        ("or_else", (0, 4), 0),
        ("fixed", (2.5, 2), "2.50"),
    ],
)
def test_an_operation_computes_what_its_name_says(name, values, result):
    assert compute(name, *values) == result


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("floor_div", (7, 0)),
        ("floor_mod", (7, -2)),
        ("true_div", (7, 0)),
        ("mul", (0, -3)),
        ("mul", (-0.5, 0.0)),
        ("negate", (0,)),
        ("trunc_div", (-1, 2)),
        ("trunc_mod", (-4, 2)),
        ("truncate", (-0.5,)),
        ("fixed", (0.125, 2)),
        ("at", ([1], 1)),
        ("at", ([1], -1)),
        ("slice", ("abc", 1, 4)),
        ("slice", ("abc", 2, 1)),
        ("index", ([1], 2)),
        ("largest", ([],)),
        ("get", ({}, "a")),
        ("parse", ("-1",)),
        ("parse", ("",)),
        ("from_code", (34,)),
        ("from_code", (200,)),
        ("range_step", (1, 2, 0)),
        ("unwrap", (None,)),
        ("repeat", ("ab", -1)),
    ],
)
def test_what_languages_do_differently_has_no_meaning(name, values):
    with pytest.raises((ArithmeticError, LookupError, ValueError)):
        compute(name, *values)


def test_mutations_change_their_first_operand_in_place():
    groups = {}
    for value in ("x", "y"):
        ir.MUTATIONS["group"].compute(groups, "k", value)
    assert groups == {"k": ["x", "y"]}
    with pytest.raises(IndexError):
        ir.MUTATIONS["set_at"].compute([1], -1, 5)


@pytest.mark.parametrize(
    ("value", "alike"),
    [(0.0, True), (-0.0, False), (1.5, True), (1e-5, False), (1e9, False), (math.inf, False)],
)
def test_floats_that_languages_write_differently_are_known(value, alike):
    assert shows_alike(value) is alike


NUMBERS = ir.Variable(ir.list_of(ir.INT), "numbers")
TABLE = ir.Variable(ir.map_of(ir.STR, ir.INT), "table")
WORD = ir.Variable(ir.STR, "word")
ONE = ir.Literal(ir.INT, 1)


@pytest.mark.parametrize(
    ("name", "operands", "type"),
    [
        ("at", (NUMBERS, ONE), ir.INT),
        ("at", (WORD, ONE), ir.CHAR),
        ("slice", (WORD, ONE, ONE), ir.STR),
        ("sorted", (NUMBERS,), NUMBERS.type),
        ("items", (TABLE,), ir.list_of(ir.tuple_of(ir.STR, ir.INT))),
        ("values", (TABLE,), ir.list_of(ir.INT)),
        ("get_or", (TABLE, WORD, ONE), ir.INT),
        ("enumerate", (NUMBERS,), ir.list_of(ir.tuple_of(ir.INT, ir.INT))),
        ("tuple", (WORD, ONE), ir.tuple_of(ir.STR, ir.INT)),
        ("to_set", (NUMBERS,), ir.set_of(ir.INT)),
        ("some", (ONE,), ir.optional_of(ir.INT)),
        ("true_div", (ONE, ONE), ir.FLOAT),
        ("add", (ONE, ONE), ir.INT),
        ("lt", (ONE, ONE), ir.BOOL),
    ],
)
def test_an_operation_has_the_type_of_its_value(name, operands, type):
    assert ir.operation(name, *operands).type is type


def test_statements_are_walked_in_document_order():
    x = ir.Variable(ir.INT, "x")
    inner, after = ir.Update(x, "add", ONE), ir.Print((x,))
    other = ir.Update(x, "sub", ONE)
    test = ir.operation("gt", x, ONE)
    branch = ir.If(test, (inner,), (other,))
    first = ir.Return(ONE)
    function = ir.Function("f", (), ir.INT, (first,))
    start = ir.Assign(x, ONE)
    module = ir.Module((function,), (start, branch, after))
    assert list(ir.statements(module)) == [first, start, branch, inner, other, after]
    assert ir.changed_names(module) == {"x": True}
    assert [one for one in ir.all_expressions(branch) if isinstance(one, ir.Variable)] == [x]
