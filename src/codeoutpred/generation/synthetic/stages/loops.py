"""Stages that walk over lists by loops: sums, searches, windows, two pointers."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
    WORDS,
    Block,
    number,
)
from codeoutpred.generation.synthetic.expressions import (
    changed,
    constant,
    holds,
    measured,
    of_number,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.generation.synthetic.stages.lists import item_of
from codeoutpred.ir import operation as op


@stage(NUMBERS, WORDS, level=2, nesting=2, weight=3)
def accumulate(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 20)), "total", f"total_{draft.topic.numbers[0]}")
    item = item_of(block, items)
    loop = block.inner(item)
    then = loop.inner()
    name = "mul" if items.type is NUMBERS and draft.chance(0.1) else draft.pick(("add", "sub"))
    then.update(total, name, measured(then, item))
    if draft.chance(0.5):
        other = loop.inner()
        other.update(total, draft.pick(("add", "sub")), constant(draft))
        loop.when(holds(loop, item), then, other)
    elif draft.chance(0.5):
        skip = loop.inner()
        skip.add(ir.Continue())
        loop.when(holds(loop, item), skip)
        loop.update(total, name, measured(loop, item))
    else:
        loop.when(holds(loop, item), then)
    block.each(items, loop, item)
    return total


@stage(NUMBERS, WORDS, level=2, nesting=1)
def add_up(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 30)), "total", "amount_due", "tally_so_far")
    item = item_of(block, items)
    loop = block.inner(item)
    loop.update(total, draft.pick(("add", "add", "sub")), measured(loop, item))
    block.each(items, loop, item)
    return total


@stage(NUMBERS, WORDS, level=2, nesting=2)
def keep(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    kept = block.let(ir.Literal(items.type, []), "kept", f"good_{items.name}", "passed")
    item = item_of(block, items)
    loop = block.inner(item)
    then = loop.inner()
    then.change(kept, draft.pick(("append", "append", "prepend")), changed(then, item))
    loop.when(holds(loop, item), then)
    block.each(items, loop, item)
    return kept


@stage(NUMBERS, level=2, nesting=1)
def running(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    sums = block.let(ir.Literal(NUMBERS, []), "running", "partial", "levels_so_far")
    so_far = block.let(number(draft.between(0, 20)), "so_far", "carried")
    item = item_of(block, items)
    loop = block.inner(item)
    if draft.chance(0.6):
        loop.update(so_far, draft.pick(("add", "sub")), item)
    else:
        loop.set(so_far, op(draft.pick(("maximum", "minimum")), so_far, of_number(loop, item)))
    loop.change(sums, "append", so_far)
    block.each(items, loop, item)
    return sums


@stage(NUMBERS, WORDS, level=3, nesting=2)
def best(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    first = op("at", items, number(0))
    winner = block.let(first, "best", f"best_{draft.topic.things[0]}", "longest")
    item = item_of(block, items)
    loop = block.inner(item)
    then = loop.inner()
    then.set(winner, item)
    if items.type is NUMBERS:
        by = constant(draft, 9)
        one, other = op("floor_mod", item, by), op("floor_mod", winner, by)
    else:
        one, other = op("length", item), op("length", winner)
    loop.when(op(draft.pick(("gt", "ge", "lt")), one, other), then)
    block.each(items, loop, item)
    return changed(block, winner)


@stage(NUMBERS, WORDS, level=3, nesting=2)
def search(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    place = block.let(op("negate", number(draft.between(1, 9))), "place", "found_at", "position")
    index = draft.variable(NUMBER, "i", "index", "at_index")
    item = item_of(block, items)
    loop = block.inner(index, item)
    then = loop.inner()
    then.set(place, of_number(then, index))
    then.add(ir.Break())
    loop.when(holds(loop, item), then)
    block.each(op("enumerate", items), loop, index, item)
    return op("tuple", place, changed(block, op("last", items)))


@stage(NUMBERS, level=3, nesting=1)
def window(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    size = number(draft.between(2, 3))
    best_sum = block.let(number(draft.between(0, 15)), "best", "widest", "peak")
    start = draft.variable(NUMBER, "start", "i", "offset")
    loop = block.inner(start)
    part = op("slice", items, start, op("add", start, size))
    found = op(draft.pick(("sum", "largest", "smallest")), part)
    name = draft.pick(("maximum", "maximum", "add", "sub"))
    loop.set(best_sum, op(name, best_sum, found))
    last = op("add", op("sub", op("length", items), size), number(1))
    block.each(op("range", number(0), last), loop, start)
    return of_number(block, best_sum) if draft.chance(0.5) else best_sum


@stage(NUMBERS, level=3, nesting=2)
def two_pointers(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    left = block.let(number(0), "left", "low", "front")
    right = block.let(op("sub", op("length", items), number(1)), "right", "high", "back")
    total = block.let(number(draft.between(0, 12)), "total", "score_so_far", "gap_sum")
    loop = block.inner()
    one, other = op("at", items, left), op("at", items, right)
    then, rest = loop.inner(), loop.inner()
    then.update(
        total, draft.pick(("add", "sub")), op(draft.pick(("sub", "mul", "add")), one, other)
    )
    rest.update(total, "add", draft.pick((one, other, constant(draft))))
    loop.when(op(draft.pick(("lt", "gt", "ge")), one, other), then, rest)
    loop.update(left, "add", number(1))
    loop.update(right, "sub", number(1))
    block.repeat(op("lt", left, right), loop)
    return total


@stage(NUMBERS, level=2, nesting=1)
def by_index(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 9)), "total", "weighted", "outcome")
    step = draft.between(2, 3)
    place = draft.variable(NUMBER, "i", "index", "k")
    loop = block.inner(place)
    one = op("at", items, place)
    loop.update(total, draft.pick(("add", "sub")), op(draft.pick(("mul", "add")), one, place))
    source = op("range_step", number(draft.between(0, 1)), op("length", items), number(step))
    block.each(source, loop, place)
    return total
