"""Stages over maps: counted, grouped, looked up, walked by sorted keys."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    BUCKETS,
    GROUPS,
    NUMBER,
    NUMBERS,
    PAIRS,
    TABLE,
    UNIQUE_WORDS,
    WORD,
    WORDS,
    Block,
    number,
    text,
)
from codeoutpred.generation.synthetic.expressions import (
    constant,
    holds,
    number_of_text,
    of_number,
    of_text,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.generation.synthetic.stages.lists import item_of
from codeoutpred.ir import operation as op


def _key(block: Block) -> ir.Literal:
    return text(block.draft.pick(block.draft.topic.words))


@stage(TABLE, weight=4)
def look_up(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    found = block.let(op("get_or", table, _key(block), constant(draft)), "found", "current", "held")
    choice = draft.between(0, 2)
    if choice == 0:
        has = op("has_key", table, _key(block))
        return op("choose", has, of_number(block, found), op("add", found, constant(draft)))
    if choice == 1:
        return op("tuple", of_number(block, found), op("length", table))
    largest = op("largest", op("values", table))
    return of_number(block, op("sub", largest, found))


@stage(TABLE, weight=3)
def revise(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    first = op("at", op("keys", table), number(draft.between(0, 1)))
    key = block.let(first, "key", f"first_{draft.topic.things[0]}", "chosen")
    value = block.let(of_number(block, op("get", table, key)), "value", "new_value", "revised")
    if draft.chance(0.4):
        return op("tuple", of_text(block, key), value)
    return ir.Template(WORD, (key, text(draft.pick(("=", ":", " -> "))), value))


@stage(TABLE, weight=4)
def amend(block: Block, table: ir.Variable) -> ir.Expression:
    """A short list of changes, made of what the table holds."""
    draft = block.draft
    one, other = draft.rng.sample(draft.topic.words, k=2)
    changes = block.let(ir.Literal(TABLE, {one: draft.between(1, 30)}), "changes", "orders_placed")
    held = op("get_or", table, text(other), constant(draft))
    block.change(changes, "set_key", text(other), of_number(block, held))
    if draft.chance(0.3):
        block.change(changes, "remove_key", text(one))
    elif draft.chance(0.3):
        more = op("add", op("get", changes, text(one)), op("length", table))
        block.change(changes, "set_key", text(one), more)
    return changes


@stage(TABLE, weight=3)
def values(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    ordered = block.let(op("sorted", op("values", table)), "ordered", "sorted_values")
    if draft.chance(0.4):
        return ordered
    return of_number(block, op(draft.pick(("sum", "last", "largest")), ordered), depth=1)


@stage(TABLE)
def key_line(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    joined = op("join", op("keys", table), text(draft.pick((",", "+", "/", " "))))
    return of_text(block, block.let(joined, "names", "key_line", "heading"))


@stage(WORDS, NUMBERS, level=2, nesting=1, weight=3)
def count_each(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    type = TABLE if items.type is WORDS else BUCKETS
    counts = block.let(ir.Literal(type, {}), "counts", "tally", f"count_by_{draft.topic.things[0]}")
    item = item_of(block, items)
    loop = block.inner(item)
    key: ir.Expression = item
    if items.type is NUMBERS:
        key = op(draft.pick(("floor_mod", "floor_div")), item, constant(draft, 7))
    elif draft.chance(0.6):
        key = of_text(loop, item)
    before = op("get_or", counts, key, number(0))
    amount: ir.Expression = number(1) if draft.chance(0.4) else constant(draft)
    if draft.chance(0.3):
        amount = op("length", item) if items.type is WORDS else item
    loop.change(counts, "set_key", key, op("add", before, amount))
    block.each(items, loop, item)
    return counts


@stage(PAIRS, level=2, nesting=1, weight=3)
def total_each(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    totals = block.let(ir.Literal(TABLE, {}), "totals", draft.topic.table, "sums")
    name = draft.variable(WORD, draft.topic.things[0], "name")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    loop = block.inner(name, count)
    before = op("get_or", totals, name, number(0 if draft.chance(0.7) else draft.between(1, 9)))
    amount = of_number(loop, count) if draft.chance(0.7) else count
    loop.change(totals, "set_key", name, op("add", before, amount))
    block.each(items, loop, name, count)
    return totals


@stage(WORDS, level=3, nesting=1)
def group_each(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    groups = block.let(ir.Literal(GROUPS, {}), "groups", f"{items.name}_by_key", "sections")
    item = item_of(block, items)
    loop = block.inner(item)
    start = draft.between(0, 2)
    key = op("to_text", op("at", item, number(start)))
    if draft.chance(0.4):
        key = op("to_text", op("floor_mod", op("length", item), number(draft.between(2, 4))))
    loop.change(groups, "group", key, of_text(loop, item) if draft.chance(0.6) else item)
    block.each(items, loop, item)
    if draft.chance(0.5):
        return groups
    return op("join", op("keys", groups), text(draft.pick((",", "+", "/"))))


@stage(TABLE, level=2, nesting=2, weight=3)
def walk(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 20)), "total", "due", "score_so_far")
    name = draft.variable(WORD, draft.topic.things[0], "name", "key")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    loop = block.inner(name, count)
    then = loop.inner()
    then.update(total, draft.pick(("add", "sub")), of_number(then, count))
    if draft.chance(0.5):
        other = loop.inner()
        other.update(total, "add", number_of_text(other, name))
        loop.when(holds(loop, draft.pick((name, count))), then, other)
    else:
        loop.when(holds(loop, draft.pick((name, count))), then)
    block.each(op("items", table), loop, name, count)
    return total


@stage(TABLE, level=2, nesting=1)
def lines(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    rows = block.let(ir.Literal(WORDS, []), "rows", "lines", "parts")
    key = draft.variable(WORD, draft.topic.things[0], "name", "key")
    loop = block.inner(key)
    value = op("get", table, key)
    sign = text(draft.pick((": ", "=", " ", "*")))
    loop.change(rows, "append", ir.Template(WORD, (key, sign, of_number(loop, value))))
    block.each(op("keys", table), loop, key)
    return op("join", rows, text(draft.pick((", ", "; ", " | "))))


@stage(TABLE, level=3, nesting=2)
def select(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    chosen = block.let(ir.Literal(TABLE, {}), "chosen", "selected", "reduced")
    name = draft.variable(WORD, draft.topic.things[0], "name", "key")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    loop = block.inner(name, count)
    then = loop.inner()
    then.change(chosen, "set_key", name, of_number(then, count))
    loop.when(holds(loop, draft.pick((name, count))), then)
    block.each(op("items", table), loop, name, count)
    if draft.chance(0.3):
        wanted = _key(block)
        body = block.inner()
        body.change(chosen, "remove_key", wanted)
        block.when(op("has_key", chosen, wanted), body)
    return chosen


@stage(WORDS, level=3, nesting=2)
def first_seen(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    seen = block.let(ir.Literal(UNIQUE_WORDS, set()), "seen", "known")
    repeated = block.let(ir.Literal(WORDS, []), "repeated", "fresh", "doubles")
    item = item_of(block, items)
    loop = block.inner(item)
    then, other = loop.inner(), loop.inner()
    then.change(repeated, "append", of_text(then, item))
    other.change(seen, "insert", item)
    test = op("contains", seen, item)
    if draft.chance(0.5):
        test = op("not", test)
        then.change(seen, "insert", item)
        loop.when(test, then)
    else:
        loop.when(test, then, other)
    block.each(items, loop, item)
    return op("tuple", repeated, op("length", seen))


@stage(BUCKETS, level=2)
def read_buckets(block: Block, buckets: ir.Variable) -> ir.Expression:
    draft = block.draft
    held = op("get_or", buckets, number(draft.between(0, 3)), constant(draft))
    top = op("last", op("keys", buckets))
    return op("tuple", of_number(block, held), of_number(block, top))
