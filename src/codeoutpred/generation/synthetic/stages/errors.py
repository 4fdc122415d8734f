"""Stages in which something may be missing or invalid: exceptions caught, optional values."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
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
    of_number,
    summary,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.generation.synthetic.stages.lists import item_of
from codeoutpred.generation.synthetic.stages.recursion import helper
from codeoutpred.ir import operation as op


def _attempt(
    block: Block, call: ir.Call, fallback: ir.Expression | None, *names: str
) -> ir.Variable:
    """Bind the value of a call that may raise; without a fallback, what it says."""
    draft = block.draft
    message = draft.variable(WORD, "message", "reason")
    target = draft.variable(call.type, *names)
    block.add(ir.Attempt(target, call, message, fallback or message))
    block.scope.append(target)
    return target


@stage(TABLE, level=3, nesting=1, weight=3)
def missing(block: Block, table: ir.Variable) -> ir.Expression:
    draft = block.draft
    one = draft.topic.things[0]
    name = draft.name(f"{draft.topic.numbers[0]}_of", f"find_{one}", f"get_{one}")
    given = draft.variable(TABLE, "known", "entries", "source")
    key = draft.variable(WORD, one, "key", "name")
    body = Block(draft, [given, key])
    gone = body.inner()
    gone.add(ir.Raise(ir.Template(WORD, (text(draft.pick(("no ", "unknown "))), key))))
    body.when(op("not", op("has_key", given, key)), gone)
    value = of_number(body, op("get", given, key))
    shown = draft.chance(0.4)
    body.add(ir.Return(ir.Template(WORD, (key, text("="), value)) if shown else value))
    returns = WORD if shown else NUMBER
    helper(draft, body, returns, given, key, name=name, raises="missing")
    wanted: ir.Expression = text(draft.pick(draft.topic.words))
    if draft.chance(0.5):
        wanted = block.let(op("last", op("keys", table)), "wanted", "target")
    fallback = None if shown else op("length", table)
    if not shown and draft.chance(0.6):
        fallback = op("negate", constant(draft))
    found = _attempt(block, ir.Call(returns, name, (table, wanted)), fallback, "found", "outcome")
    return changed(block, found)


@stage(NUMBER, level=3, nesting=1)
def invalid(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    name = draft.name(*(f"{verb}_{draft.topic.numbers[0]}" for verb in ("check", "take", "use")))
    given = draft.variable(NUMBER, "requested", "given", "asked")
    most = draft.variable(NUMBER, "available", "most", "capacity")
    body = Block(draft, [given, most])
    bad = body.inner()
    words = draft.pick(("too many: ", "not allowed: ", "over by "))
    bad.add(ir.Raise(ir.Template(WORD, (text(words), op("sub", given, most)))))
    body.when(op("gt", given, most), bad)
    left = of_number(body, op("sub", most, given))
    shown = draft.chance(0.5)
    body.add(ir.Return(ir.Template(WORD, (text("left "), left)) if shown else left))
    returns = WORD if shown else NUMBER
    helper(draft, body, returns, given, most, name=name, raises="invalid")
    call = ir.Call(returns, name, (value, number(draft.between(5, 60))))
    fallback = None if shown else op("negate", op("add", value, constant(draft)))
    result = _attempt(block, call, fallback, "answer", "outcome")
    return result if draft.chance(0.5) else changed(block, result)


@stage(NUMBERS, WORDS, level=3, nesting=2, weight=3)
def maybe(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    one = draft.topic.things[0]
    name = draft.name(f"first_{one}_that_fits", f"search_{one}", f"pick_{one}")
    given = draft.variable(items.type, "candidates", "choices", "options")
    item = item_of(block, items)
    body = Block(draft, [given])
    loop = body.inner(item)
    then = loop.inner()
    returns = ir.optional_of(items.type.element)
    kept = changed(then, item) if draft.chance(0.5) else item
    then.add(ir.Return(op("some", kept)))
    loop.when(holds(loop, item), then)
    body.each(given, loop, item)
    body.add(ir.Return(ir.Literal(returns, None)))
    helper(draft, body, returns, given, name=name)
    found = block.let(ir.Call(returns, name, (items,)), "match_found", "first_fit", "candidate")
    other = constant(draft) if items.type is NUMBERS else text(draft.pick(("none", "nobody", "-")))
    if draft.chance(0.4):
        return changed(block, block.let(op("or_else", found, other), "chosen", "picked"))
    result = block.let(other, "result", "picked", "choice")
    body = block.inner()
    body.set(result, changed(body, op("unwrap", found)))
    test = op("not", op("is_none", found))
    block.when(test, body)
    return op("tuple", result, summary(block, items))
