"""Stages that play something through: queues, stacks, states, balances."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
    PAIRS,
    TABLE,
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
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.generation.synthetic.stages.lists import item_of
from codeoutpred.ir import operation as op

STATES = (("idle", "busy"), ("open", "closed"), ("calm", "alert"), ("off", "on"))


@stage(NUMBERS, level=3, nesting=2, weight=3)
def round_robin(block: Block, items: ir.Variable) -> ir.Expression:
    """Serve the first in the queue for a while; who is not done queues again."""
    draft = block.draft
    queue = block.let(op("copy", items), "queue", "waiting", "pending")
    served = block.let(ir.Literal(NUMBERS, []), "served", "finished", "done_at")
    clock = block.let(number(draft.between(0, 9)), "clock", "elapsed", "minutes")
    loop = block.inner()
    current = draft.variable(NUMBER, "current", "next_up", "job")
    loop.add(ir.Take(current, queue, "first"))
    loop.scope.append(current)
    again, ready = loop.inner(), loop.inner()
    slice_size = draft.between(10, 20)
    again.change(queue, "append", op("sub", current, number(slice_size)))
    again.update(clock, "add", number(slice_size if draft.chance(0.6) else draft.between(1, 9)))
    ready.update(clock, "add", current)
    ready.change(served, "append", draft.pick((clock, of_number(ready, current))))
    loop.when(op("gt", current, number(slice_size)), again, ready)
    block.repeat(op("gt", op("length", queue), number(0)), loop)
    return op("tuple", clock, served) if draft.chance(0.4) else served


@stage(NUMBERS, level=3, nesting=2)
def stack_up(block: Block, items: ir.Variable) -> ir.Expression:
    """Push what fits, and merge the rest with the top."""
    draft = block.draft
    stack = block.let(ir.Literal(NUMBERS, []), "stack", "pile", "held")
    item = item_of(block, items)
    loop = block.inner(item)
    push, merge = loop.inner(), loop.inner()
    push.change(stack, "append", item)
    top = draft.variable(NUMBER, "top", "latest", "above")
    merge.add(ir.Take(top, stack, "last"))
    merge.scope.append(top)
    merged: ir.Expression = op(draft.pick(("add", "sub", "maximum")), top, item)
    if draft.chance(0.5):
        merged = of_number(merge, merged)
    merge.change(stack, "append", merged)
    empty = op("eq", op("length", stack), number(0))
    loop.when(op("or", empty, holds(loop, item)), push, merge)
    block.each(items, loop, item)
    return stack


@stage(NUMBERS, WORDS, level=3, nesting=3)
def switch(block: Block, items: ir.Variable) -> ir.Expression:
    """A machine of two states."""
    draft = block.draft
    calm, alert = draft.pick(STATES)
    state = block.let(text(calm), "state", "mode", "phase")
    total = block.let(number(draft.between(0, 20)), "total", "changes_seen", "counter")
    item = item_of(block, items)
    loop = block.inner(item)
    first, second = loop.inner(), loop.inner()
    enter, leave = first.inner(), second.inner()
    enter.set(state, text(alert))
    enter.update(total, "add", constant(draft))
    leave.set(state, text(calm))
    leave.update(total, draft.pick(("add", "sub")), measured(leave, item))
    first.when(holds(first, item), enter)
    second.when(holds(second, item), leave)
    loop.when(op("eq", state, text(calm)), first, second)
    block.each(items, loop, item)
    if draft.chance(0.5):
        return op("tuple", state, total)
    return ir.Template(WORD, (state, text(draft.pick((" ", ":", "/"))), total))


@stage(PAIRS, level=3, nesting=2, weight=3)
def settle(block: Block, items: ir.Variable) -> ir.Expression:
    """Book amounts on balances, and refuse what is not covered."""
    draft = block.draft
    balances = block.let(ir.Literal(TABLE, {}), "balances", "held", draft.topic.table)
    refused = block.let(ir.Literal(WORDS, []), "refused", "skipped", "rejected")
    name = draft.variable(WORD, draft.topic.things[0], "name")
    count = draft.variable(NUMBER, draft.topic.numbers[0], "amount", "count")
    loop = block.inner(name, count)
    start = number(draft.between(10, 40))
    left = loop.let(op("sub", op("get_or", balances, name, start), count), "left", "after")
    bad, good = loop.inner(), loop.inner()
    bad.change(refused, "append", changed(bad, name) if draft.chance(0.5) else name)
    good.change(balances, "set_key", name, left)
    loop.when(op("lt", left, number(draft.between(0, 12))), bad, good)
    block.each(items, loop, name, count)
    return op("tuple", balances, refused) if draft.chance(0.5) else balances


@stage(WORDS, level=3, nesting=2)
def rotate(block: Block, items: ir.Variable) -> ir.Expression:
    """Go round the circle, and let one drop out each time."""
    draft = block.draft
    circle = block.let(op("copy", items), "circle", "ring", "line_up")
    out = block.let(ir.Literal(WORDS, []), "dropped", "left_out", "order")
    loop = block.inner()
    for _ in range(draft.between(1, 2)):
        moved = draft.variable(WORD, "moved", "front", "passed")
        loop.add(ir.Take(moved, circle, "first"))
        loop.change(circle, "append", moved)
    gone = draft.variable(WORD, "gone", "loser", "last_one")
    loop.add(ir.Take(gone, circle, draft.pick(("first", "last"))))
    loop.change(out, "append", changed(loop, gone) if draft.chance(0.5) else gone)
    block.repeat(op("gt", op("length", circle), number(draft.between(1, 2))), loop)
    return op("tuple", op("join", circle, text(draft.pick("+-,"))), out)
