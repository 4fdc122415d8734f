"""Stages that walk over lists and numbers by loops: sums, searches, windows, two pointers."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
    PAIRS,
    WORD,
    WORDS,
    Block,
    number,
    text,
)
from codeoutpred.generation.synthetic.expressions import (
    changed,
    constant,
    holds,
    measured,
    of_number,
    of_text,
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


@stage(PAIRS, level=2, nesting=2, weight=3)
def charge(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 20)), "total", "due", "sum_total")
    name = draft.variable(WORD, draft.topic.things[0], "name")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    loop = block.inner(name, count)
    then, other = loop.inner(), loop.inner()
    then.update(total, draft.pick(("add", "sub")), of_number(then, count))
    other.update(total, "add", draft.pick((count, op("length", name), constant(draft))))
    test = holds(loop, draft.pick((name, count)))
    loop.when(test, then, other if draft.chance(0.6) else None)
    block.each(items, loop, name, count)
    return total


@stage(PAIRS, level=2, nesting=1)
def report(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    lines = block.let(ir.Literal(WORDS, []), "lines", "report", "rows")
    name = draft.variable(WORD, draft.topic.things[0], "name")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    loop = block.inner(name, count)
    shown = of_text(loop, name) if draft.chance(0.4) else name
    sign = text(draft.pick((" x ", "=", ": ", " - ")))
    loop.change(lines, "append", ir.Template(WORD, (shown, sign, of_number(loop, count))))
    block.each(items, loop, name, count)
    return op("join", lines, text(draft.pick((", ", "; ", "|"))))
