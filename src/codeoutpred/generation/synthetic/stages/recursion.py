"""Stages that call a function which calls itself: with a base case, on ever less."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
    WORD,
    Block,
    Draft,
    number,
    text,
)
from codeoutpred.generation.synthetic.expressions import constant, is_number, of_number, of_text
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.ir import operation as op


def helper(
    draft: Draft,
    body: Block,
    returns: ir.Type,
    *parameters: ir.Variable,
    name: str,
    raises: str = "",
) -> ir.Function:
    """A new function of the program."""
    function = ir.Function(name, parameters, returns, body.done(), raises)
    draft.functions.append(function)
    return function


def _function_name(draft: Draft, *words: str) -> str:
    one, many = draft.topic.things
    return draft.name(*(f"{word}_{noun}" for word in words for noun in (one, many)))


@stage(NUMBER, level=3, nesting=1, weight=2)
def descend(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    name = _function_name(draft, "total", "count", "steps_of")
    n = draft.variable(NUMBER, "n", "left", "k")
    body = Block(draft, [n])
    base, step = draft.between(0, 3), draft.between(3, 6)
    end = body.inner()
    end.add(ir.Return(draft.pick((number(draft.between(1, 9)), of_number(end, n)))))
    body.when(op("le", n, number(base)), end)
    deeper = ir.Call(NUMBER, name, (op("sub", n, number(step)),))
    own = draft.pick((n, constant(draft), op("mul", n, constant(draft))))
    body.add(ir.Return(op(draft.pick(("add", "sub", "maximum")), own, deeper)))
    helper(draft, body, NUMBER, n, name=name)
    start = op("floor_mod", value, number(draft.between(8, 4 * step)))
    found = block.let(ir.Call(NUMBER, name, (start,)), "reached", "outcome", "depth_total")
    return of_number(block, found) if draft.chance(0.5) else found


@stage(NUMBER, level=3, nesting=1, weight=1)
def common_divisor(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    name = draft.name("gcd", "common_divisor", "shared_factor")
    a, b = draft.variable(NUMBER, "a", "first"), draft.variable(NUMBER, "b", "second")
    body = Block(draft, [a, b])
    end = body.inner()
    end.add(ir.Return(a if draft.chance(0.6) else op("mul", a, constant(draft))))
    body.when(op("eq", b, number(0)), end)
    body.add(ir.Return(ir.Call(NUMBER, name, (b, op("floor_mod", a, b)))))
    helper(draft, body, NUMBER, a, b, name=name)
    other = number(draft.pick((6, 8, 9, 12, 15, 18, 20, 24)))
    shared = block.let(
        ir.Call(NUMBER, name, (op("mul", value, constant(draft)), other)), "shared", "factor"
    )
    return op("tuple", shared, of_number(block, value))


@stage(NUMBERS, level=3, nesting=1)
def fold(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    name = _function_name(draft, "fold", "combine", "sum_up")
    rest = draft.variable(NUMBERS, "rest", "remaining", "items")
    body = Block(draft, [rest])
    end = body.inner()
    end.add(ir.Return(number(draft.between(0, 9))))
    body.when(op("eq", op("length", rest), number(0)), end)
    head = op("at", rest, number(0))
    deeper = ir.Call(NUMBER, name, (op("slice", rest, number(1), op("length", rest)),))
    own = of_number(body, head)
    if draft.chance(0.4):
        own = op("choose", is_number(body, head), own, constant(draft))
    body.add(ir.Return(op(draft.pick(("add", "sub", "maximum")), own, deeper)))
    helper(draft, body, NUMBER, rest, name=name)
    few = op("slice", items, number(0), number(draft.between(2, 3)))
    return block.let(ir.Call(NUMBER, name, (few,)), "folded", "outcome", "combined")


@stage(WORD, level=3, nesting=1)
def peel(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    name = _function_name(draft, "mirror", "peel", "spread")
    rest = draft.variable(WORD, "rest", "remaining", "tail")
    body = Block(draft, [rest])
    end = body.inner()
    end.add(ir.Return(of_text(end, rest) if draft.chance(0.4) else op("concat", rest, text("."))))
    body.when(op("le", op("length", rest), number(draft.between(1, 3))), end)
    first = op("to_text", op("at", rest, number(0)))
    step = number(draft.between(1, 2))
    deeper = ir.Call(WORD, name, (op("slice", rest, step, op("length", rest)),))
    parts = [deeper, first]
    if draft.chance(0.4):
        parts.append(text(draft.pick("-*.")))
    draft.rng.shuffle(parts)
    made = op("concat", parts[0], parts[1])
    body.add(ir.Return(op("concat", made, parts[2]) if len(parts) > 2 else made))
    helper(draft, body, WORD, rest, name=name)
    start = draft.between(0, 2)
    few = op("slice", value, number(start), number(start + 5))
    return block.let(ir.Call(WORD, name, (few,)), "peeled", "turned", "mirrored")
