"""Stages that decide: numbers and texts put into classes, kept within limits, computed on."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import NUMBER, WORD, Block, number, text
from codeoutpred.generation.synthetic.expressions import (
    changed,
    constant,
    holds,
    labels,
    number_of_text,
    of_number,
    of_text,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.ir import operation as op


@stage(NUMBER, weight=3)
def compute(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    step = block.let(of_number(block, value, depth=1), "adjusted", "base", "extra", "scaled")
    if draft.chance(0.5):
        block.update(step, draft.pick(("add", "sub", "mul")), constant(draft))
    return of_number(block, step)


@stage(NUMBER, WORD, weight=4)
def classify(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    chosen = op("choose", holds(block, value), *labels(draft, 2))
    kind = block.let(chosen, "kind", "grade", "state", "mark")
    if value.type is NUMBER:
        return ir.Template(WORD, (kind, text(draft.pick(":-#")), of_number(block, value)))
    return op("concat", of_text(block, value), kind)


@stage(NUMBER)
def split_number(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    by = number(draft.between(3, 12))
    whole, rest = draft.pick((("floor_div", "floor_mod"), ("trunc_div", "trunc_mod")))
    packs = block.let(op(whole, value, by), "full", "packs", "rounds")
    left = block.let(op(rest, value, by), "left_over", "remainder")
    return op("tuple", packs, of_number(block, left))


@stage(NUMBER)
def spell_number(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    digits = block.let(op("to_text", op("mul", value, constant(draft, 30))), "digits", "code")
    choice = draft.between(0, 3)
    if choice == 0:
        return op("pad", digits, number(draft.between(5, 9)), text(draft.pick("0*_")))
    if choice == 1:
        return op("add", op("parse", op("reversed", digits)), constant(draft))
    if choice == 2:
        first = op("parse", op("to_text", op("at", digits, number(0))))
        return op("tuple", digits, op("mul", first, constant(draft)))
    return op("concat", op("reversed", digits), text(draft.pick(("kg", "-x", "m", "pt"))))


@stage(NUMBER, weight=1)
def share(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    part = block.let(
        op("true_div", value, number(draft.pick((2, 4, 5, 8, 10, 16, 20, 25)))), "share", "rate"
    )
    more = op("add", part, ir.Literal(ir.FLOAT, draft.between(1, 60) / 2 + 0.25))
    return op("fixed", more, number(draft.between(1, 3))) if draft.chance(0.5) else more


@stage(NUMBER, WORD, level=2, nesting=1, weight=3)
def limit(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    start = value if draft.chance(0.5) else changed(block, value)
    result = block.let(start, "result", "adjusted", "charged", "shown")
    body, other = block.inner(), block.inner()
    body.set(result, changed(body, result))
    name = draft.pick(("add", "sub")) if value.type is NUMBER else "concat"
    more = constant(draft) if value.type is NUMBER else text(draft.pick(("!", "-x", "_new", "+")))
    other.update(result, name, more)
    block.when(holds(block, value), body, other if draft.chance(0.6) else None)
    return result


@stage(NUMBER, WORD, level=2, nesting=1)
def ladder(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    words = labels(draft, 4)
    level = block.let(words[0], "level", "grade", "band", "tier")
    measure = value if value.type is NUMBER else number_of_text(block, value)
    high, low, other = block.inner(), block.inner(), block.inner()
    top = draft.between(12, 40)
    for body, word in zip((high, low, other), words[1:]):
        body.set(level, word)
    second = ir.If(op("ge", measure, number(draft.between(3, top - 4))), low.done(), other.done())
    block.add(ir.If(op("ge", measure, number(top)), high.done(), (second,)))
    return ir.Template(WORD, (level, text(draft.pick((" ", "/", "=", ":"))), changed(block, value)))
