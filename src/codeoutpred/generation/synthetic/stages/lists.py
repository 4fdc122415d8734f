"""Stages over lists that need no loop: sorting, slicing, sums, comprehensions."""

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
    SEPARATORS,
    changed,
    constant,
    holds,
    measured,
    of_number,
    of_text,
    summary,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.ir import operation as op


def item_of(block: Block, items: ir.Variable) -> ir.Variable:
    """A new name for one item of a list."""
    draft = block.draft
    topic = draft.topic
    if items.type is NUMBERS:
        return draft.variable(NUMBER, topic.numbers[0], "value", "n", "x")
    if items.type is WORDS:
        return draft.variable(WORD, topic.things[0], "name", "part", "word")
    return draft.variable(items.type.element, "record", "item")


@stage(NUMBERS, WORDS)
def sort(block: Block, items: ir.Variable) -> ir.Expression:
    ordered = op("sorted", items)
    if block.draft.chance(0.4):
        ordered = op("reversed", ordered)
    return block.let(ordered, "ordered", f"sorted_{items.name}", "ranked")


@stage(NUMBERS, WORDS)
def cut(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    start = draft.between(0, 1)
    end = op("length", items) if draft.chance(0.4) else number(start + draft.between(1, 2))
    part = op("slice", items, number(start), end)
    if draft.chance(0.4):
        part = op("concat", part, op("slice", items, number(0), number(draft.between(1, 2))))
    return block.let(part, "chosen", f"some_{items.name}", "recent")


@stage(NUMBERS, WORDS, weight=1)
def turn(block: Block, items: ir.Variable) -> ir.Expression:
    turned = op("reversed", items)
    if block.draft.chance(0.6):
        turned = op("concat", turned, op("list", op("last", items)))
    return block.let(turned, "turned", f"reversed_{items.name}")


@stage(NUMBERS, WORD, WORDS, weight=3)
def summarize(block: Block, items: ir.Variable) -> ir.Expression:
    found = block.let(summary(block, items), "total", "measure", "result", "base")
    return of_number(block, found, depth=1)


@stage(NUMBERS)
def balance(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    spread = block.let(op("sub", op("largest", items), op("smallest", items)), "spread", "gap")
    return op("tuple", of_number(block, spread), op("at", items, number(draft.between(0, 2))))


@stage(NUMBERS, weight=3)
def average(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    mean = block.let(op("true_div", op("sum", items), op("length", items)), "mean", "average")
    choice = draft.between(0, 3)
    if choice == 0:
        return op("mul", op("truncate", mean), constant(draft))
    if choice == 1:
        scaled = op("mul", mean, ir.Literal(ir.FLOAT, draft.between(1, 60) / 4 + 0.125))
        return block.let(scaled, "scaled", "weighted")
    if choice == 2:
        raised = op("add", mean, ir.Literal(ir.FLOAT, draft.between(1, 99) + 0.5))
        return block.let(raised, "raised", "adjusted")
    raised = op("add", mean, ir.Literal(ir.FLOAT, draft.between(0, 60) / 4 + 0.125))
    return op("fixed", raised, number(draft.between(1, 2)))


@stage(NUMBERS, WORDS, weight=4)
def distinct(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    unique = block.let(op("to_set", items), "unique", "seen", "distinct")
    if draft.chance(0.6):
        other = sorted(set(draft.value(items.type)))[:3]
        given = block.let(ir.Literal(items.type, other), "known", "expected")
        name = draft.pick(("union", "common", "without"))
        unique = block.let(op(name, unique, op("to_set", given)), "merged", "remaining")
    if draft.chance(0.5):
        more = constant(draft) if items.type is NUMBERS else text(draft.pick(draft.topic.words))
        block.change(unique, "insert", more)
    return block.let(op("sorted", unique), "ordered", "distinct_values")


@stage(NUMBERS, WORDS)
def lookup(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    wanted = block.let(op("at", items, number(draft.between(0, 2))), "wanted", "target", "chosen")
    place = op("index", items, wanted)
    times = op("count", items, wanted)
    is_there = op("contains", op("slice", items, number(1), number(3)), wanted)
    choice = draft.between(0, 2)
    if choice == 0:
        return op("tuple", wanted, op("add", op("mul", place, constant(draft)), times))
    if choice == 1:
        return op("tuple", changed(block, wanted), is_there)
    all_three = block.let(op("tuple", wanted, times, place), "entry", "found", "match_info")
    rest = op("add", op("mul", op("item_2", all_three), constant(draft)), op("item_1", all_three))
    return op("tuple", changed(block, op("item_0", all_three)), rest)


@stage(NUMBERS)
def replace_item(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    place = number(draft.between(0, 2))
    marked = block.let(
        op("sorted" if draft.chance(0.5) else "reversed", items), "adjusted", "marked"
    )
    value = of_number(block, op("at", marked, place))
    block.change(marked, "set_at", place, value)
    return marked


@stage(WORDS)
def glue(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    joined = op("join", items, text(draft.pick(SEPARATORS)))
    line = block.let(joined, "line", "joined", "summary")
    return of_text(block, line)


@stage(NUMBERS, WORDS, level=2, weight=3)
def transform(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    item = item_of(block, items)
    inner = block.inner(item)
    test = holds(inner, item) if draft.chance(0.6) else None
    made = changed(inner, item) if draft.chance(0.75) or test is None else item
    gathered = ir.Gather(ir.list_of(made.type), made, (item,), items, test)
    return block.let(gathered, f"new_{items.name}", "adjusted", "kept")


@stage(NUMBERS, WORDS, PAIRS, level=2, weight=3)
def total(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    item = item_of(block, items)
    inner = block.inner(item)
    tested = op("item_1", item) if items.type is PAIRS else item
    test = holds(inner, tested) if draft.chance(0.7) else None
    gathered = ir.Gather(NUMBERS, measured(inner, item), (item,), items, test)
    name = draft.pick(("sum", "sum", "sum", "length"))
    if name == "length" and test is None:
        name = "sum"
    found = block.let(op(name, gathered), "total", f"total_{draft.topic.numbers[0]}", "result")
    return of_number(block, found) if draft.chance(0.6) else found


@stage(NUMBERS, WORDS, level=2)
def quantify(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    item = item_of(block, items)
    test = holds(block.inner(item), item)
    gathered = ir.Gather(ir.list_of(ir.BOOL), test, (item,), items)
    name = draft.pick(("any", "all"))
    flag = block.let(op(name, gathered), "valid", "ready", "complete")
    one, other = summary(block, items), summary(block, items)
    return op("choose", flag, op("add", one, constant(draft)), op("mul", other, constant(draft)))


@stage(NUMBERS, WORDS, level=2)
def sort_by(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    item = item_of(block, items)
    inner = block.inner(item)
    if items.type is NUMBERS:
        by = number(draft.between(3, 12))
        key = draft.pick((op("floor_mod", item, by), op("absolute", op("sub", item, by))))
    else:
        key = draft.pick(
            (op("length", item), op("tuple", op("length", item), item), op("reversed", item))
        )
    ordered = block.let(ir.SortedBy(items.type, items, item, key), "ordered", "ranked")
    return changed(inner, op("at", ordered, number(0))) if draft.chance(0.2) else ordered


@stage(NUMBERS, level=2)
def side_by_side(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    one = draft.variable(NUMBER, "left", "one", "before")
    other = draft.variable(NUMBER, "right", "other", "after")
    choice = draft.between(0, 2)
    if choice == 0:
        tail = op("slice", items, number(1), op("length", items))
        source, made = op("zip", items, tail), op(draft.pick(("sub", "add")), other, one)
    elif choice == 1:
        source = op("zip", items, op("reversed", items))
        made = op(draft.pick(("maximum", "minimum", "add", "mul")), one, other)
    else:
        source, made = op("enumerate", items), op(draft.pick(("mul", "add")), one, other)
    if draft.chance(0.5):
        made = op(draft.pick(("add", "mul", "sub")), made, constant(draft))
    gathered = ir.Gather(NUMBERS, made, (one, other), source)
    return block.let(gathered, "steps", "changes", "weights")
