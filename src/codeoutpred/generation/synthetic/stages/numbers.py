"""Stages that take a number through a loop: counted down, taken apart, grown."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
    Block,
    number,
)
from codeoutpred.generation.synthetic.expressions import (
    constant,
    of_number,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.ir import operation as op


@stage(NUMBER, level=2, nesting=1, weight=2)
def count_down(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    left = block.let(op("floor_mod", value, number(draft.between(20, 40))), "left", "remaining")
    rounds = block.let(number(draft.between(0, 5)), "rounds", "steps", "days_needed")
    loop = block.inner()
    loop.update(left, "sub", number(draft.between(6, 12)))
    loop.update(rounds, "add", number(draft.between(1, 4)))
    block.repeat(op("gt", left, number(draft.between(1, 8))), loop)
    return op("tuple", rounds, of_number(block, left))


@stage(NUMBER, level=2, nesting=1)
def digits(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    rest = block.let(op("absolute", op("mul", value, constant(draft, 30))), "rest", "left")
    total = block.let(number(draft.between(0, 9)), "total", "digit_sum", "mirror")
    loop = block.inner()
    digit = op("floor_mod", rest, number(10))
    if draft.chance(0.5):
        loop.update(total, draft.pick(("add", "sub")), of_number(loop, digit))
    else:
        by = number(draft.pick((2, 3, 10)))
        loop.set(total, op("add", op("mul", total, by), digit))
    loop.set(rest, op("floor_div", rest, number(10)))
    block.repeat(op("gt", rest, number(0)), loop)
    return total


@stage(NUMBER, level=2, nesting=1)
def grow(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    grown = block.let(of_number(block, value), "grown", "current", "stage_value")
    loop = block.inner()
    loop.set(grown, of_number(loop, grown))
    place = draft.variable(NUMBER, "turn", "step", "i")
    if draft.chance(0.5):
        loop.update(grown, draft.pick(("add", "sub")), place)
    block.each(op("range", number(0), number(draft.between(2, 4))), loop, place)
    return grown


@stage(NUMBER, level=3, nesting=2)
def hops(block: Block, value: ir.Variable) -> ir.Expression:
    """A number halved and grown in turn, for a few steps."""
    draft = block.draft
    current = block.let(op("add", value, constant(draft)), "current", "height_now", "n")
    seen = block.let(ir.Literal(NUMBERS, []), "visited", "history", "trail")
    loop = block.inner()
    half, more = loop.inner(), loop.inner()
    by = number(draft.between(2, 3))
    half.set(current, op("floor_div", current, by))
    more.set(current, op("add", op("mul", current, by), number(draft.between(1, 7))))
    loop.change(seen, "append", current)
    loop.when(op("eq", op("floor_mod", current, by), number(0)), half, more)
    few = op("lt", op("length", seen), number(draft.between(3, 5)))
    block.repeat(op("and", op("gt", current, number(1)), few), loop)
    return op("tuple", current, seen) if draft.chance(0.5) else seen
