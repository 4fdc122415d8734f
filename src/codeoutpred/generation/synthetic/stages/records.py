"""Stages over lists of names with numbers: picked, ranked, charged, reported."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    PAIRS,
    WORD,
    WORDS,
    Block,
    number,
    text,
)
from codeoutpred.generation.synthetic.expressions import (
    constant,
    holds,
    of_number,
    of_text,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.generation.synthetic.stages.lists import item_of
from codeoutpred.ir import operation as op


@stage(PAIRS)
def pick_records(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    first = block.let(op("at", items, number(draft.between(0, 1))), "first", "head")
    closing = block.let(op("last", items), "closing", "tail")
    both = op("add", op("item_1", first), op("item_1", closing))
    name = op("concat", op("item_0", first), op("item_0", closing))
    return op("tuple", of_text(block, name), of_number(block, both))


@stage(PAIRS, level=2)
def rank_records(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    record = item_of(block, items)
    count = op("item_1", record)
    key = draft.pick(
        (
            count,
            op("negate", count),
            op("tuple", op("negate", count), op("item_0", record)),
            op("floor_mod", count, number(draft.between(3, 9))),
            op("item_0", record),
        )
    )
    ranked = block.let(ir.SortedBy(PAIRS, items, record, key), "ranked", "ordered", "by_rank")
    if draft.chance(0.4):
        return ranked
    top = block.let(op("at", ranked, number(draft.between(0, 1))), "top", "best", "winner")
    return op("tuple", op("item_0", top), of_number(block, op("item_1", top)))


@stage(PAIRS, level=2, weight=3)
def names_of(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    name = draft.variable(WORD, draft.topic.things[0], "name")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    inner = block.inner(name, count)
    if draft.chance(0.5):
        made, word = (of_text(inner, name) if draft.chance(0.5) else name), "names"
    else:
        made, word = of_number(inner, count), f"new_{draft.topic.numbers[1]}"
    gathered = ir.Gather(ir.list_of(made.type), made, (name, count), items, holds(inner, count))
    return block.let(gathered, f"chosen_{word}", f"kept_{word}")


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
