"""Stages over texts: taken apart, rewritten, counted character by character."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    LETTERS,
    NUMBER,
    WORD,
    WORDS,
    Block,
    character,
    number,
    text,
)
from codeoutpred.generation.synthetic.expressions import (
    SEPARATORS,
    constant,
    is_character,
    number_of_text,
    of_character,
    of_number,
    of_text,
)
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.ir import operation as op


@stage(WORD, weight=4)
def rewrite(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    line = block.let(of_text(block, value), "line", "shown", "cleaned", "tag")
    if draft.chance(0.5):
        block.update(line, "concat", text(draft.pick((" ok", "-v2", "!", " #7", "_end"))))
    return of_text(block, line)


@stage(WORD, weight=3)
def measure(block: Block, value: ir.Variable) -> ir.Expression:
    found = block.let(number_of_text(block, value), "size", "position", "count")
    return op("tuple", of_text(block, value), of_number(block, found))


@stage(WORD)
def take_apart(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    parts = block.let(op("split", value, text(draft.pick(SEPARATORS))), "parts", "fields")
    return op("sorted", parts) if draft.chance(0.3) else parts


@stage(WORD)
def ends(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    first = block.let(op("to_text", op("at", value, number(draft.between(0, 2)))), "first", "key")
    final = op("to_text", op("last", value))
    if draft.chance(0.4):
        return op("tuple", op("concat", first, final), number_of_text(block, value))
    return op("concat", op("repeat", first, number(draft.between(2, 4))), of_text(block, value))


@stage(WORD, level=2, nesting=1, weight=3)
def build(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    built = block.let(text(""), "built", "output", "masked")
    char = draft.variable(ir.CHAR, "ch", "char", "letter")
    loop = block.inner(char)
    then = loop.inner()
    then.update(built, "concat", of_character(then, char))
    if draft.chance(0.6):
        other = loop.inner()
        other.update(built, "concat", op("to_text", char))
        loop.when(is_character(loop, char), then, other)
    elif draft.chance(0.5):
        loop.when(is_character(loop, char), then)
    else:
        loop = then
    block.each(_short(block, value), loop, char)
    return built


def _short(block: Block, value: ir.Expression) -> ir.Expression:
    """The text, or what of it can be walked within the level's rounds."""
    if block.draft.level.number > 3 and block.draft.chance(0.7):
        return value
    start = block.draft.between(0, 1)
    return op("slice", value, number(start), number(start + block.draft.between(3, 5)))


@stage(WORD, level=2, nesting=1)
def weigh(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 9)), "total", "checksum", "weight")
    char = draft.variable(ir.CHAR, "ch", "char", "letter")
    loop = block.inner(char)
    code = op("sub", op("code", char), number(draft.pick((32, 48, 64, 96))))
    if draft.chance(0.5):
        then = loop.inner()
        then.update(total, "add", code)
        loop.when(is_character(loop, char), then)
    else:
        loop.update(total, "add", of_number(loop, code))
    block.each(_short(block, value), loop, char)
    return total


@stage(WORD, level=2, nesting=1)
def shift(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    shifted = block.let(text(""), "shifted", "secret", "encoded")
    char = draft.variable(ir.CHAR, "ch", "char", "letter")
    loop = block.inner(char)
    moved = op("add", op("code", char), number(draft.between(1, 9)))
    if draft.chance(0.5):
        by = number(draft.pick((7, 10, 13, 26)))
        moved = op("add", number(97), op("floor_mod", moved, by))
    loop.update(shifted, "concat", op("to_text", op("from_code", moved)))
    block.each(_short(block, value), loop, char)
    return shifted


@stage(WORD, level=2, nesting=1)
def tally(block: Block, value: ir.Variable) -> ir.Expression:
    draft = block.draft
    counts = block.let(ir.Literal(LETTERS, {}), "counts", "frequency", "seen")
    char = draft.variable(ir.CHAR, "ch", "char", "letter")
    loop = block.inner(char)
    before = op("get_or", counts, char, number(0))
    amount = number(1) if draft.chance(0.5) else constant(draft)
    loop.change(counts, "set_key", char, op("add", before, amount))
    block.each(_short(block, value), loop, char)
    if draft.chance(0.5):
        return counts
    return op("tuple", op("length", counts), op("largest", op("values", counts)))


@stage(WORD, level=3, nesting=2)
def squeeze(block: Block, value: ir.Variable) -> ir.Expression:
    """Run lengths: `aaab` becomes `a3b1`."""
    draft = block.draft
    packed = block.let(text(""), "packed", "runs", "squeezed")
    before = block.let(op("at", value, number(0)), "previous", "before")
    run = block.let(number(0), "run", "length_so_far")
    char = draft.variable(ir.CHAR, "ch", "char", "symbol")
    loop = block.inner(char)
    same, other = loop.inner(), loop.inner()
    same.update(run, "add", number(1))
    piece = ir.Template(WORD, (before, text(draft.pick(("", "x", ":"))), run))
    other.update(packed, "concat", piece)
    other.set(before, char)
    other.set(run, number(1))
    loop.when(op("eq", char, before), same, other)
    block.each(_short(block, value), loop, char)
    return op("concat", packed, ir.Template(WORD, (before, run)))


@stage(WORD, level=3, nesting=2)
def numbers_in(block: Block, value: ir.Variable) -> ir.Expression:
    """A state machine: digits are gathered until something else comes."""
    draft = block.draft
    total = block.let(number(draft.between(0, 5)), "total", "found", "sum_so_far")
    digits = block.let(text(""), "digits", "pending")
    char = draft.variable(ir.CHAR, "ch", "char", "symbol")
    loop = block.inner(char)
    gather, flush = loop.inner(), loop.inner()
    gather.update(digits, "concat", op("to_text", char))
    flush.update(total, draft.pick(("add", "sub")), op("parse", digits))
    flush.set(digits, text(""))
    second = ir.If(op("ne", digits, text("")), flush.done())
    loop.add(ir.If(op("is_digit", char), gather.done(), (second,)))
    block.each(value if draft.level.number > 3 else _short(block, value), loop, char)
    return op("tuple", of_number(block, total), digits)


@stage(WORDS, level=2, nesting=1)
def lengths(block: Block, items: ir.Variable) -> ir.Expression:
    draft = block.draft
    lines = block.let(ir.Literal(WORDS, []), "lines", "labels", "tags")
    place = draft.variable(NUMBER, "number", "place", "i")
    item = draft.variable(WORD, draft.topic.things[0], "name", "part")
    loop = block.inner(place, item)
    start = draft.between(1, 9)
    shown = op("add", place, number(start))
    loop.change(lines, "append", ir.Template(WORD, (shown, text(". "), of_text(loop, item))))
    block.each(op("enumerate", items), loop, place, item)
    return op("join", lines, text(draft.pick((";", " ", "|")))) if draft.chance(0.5) else lines


@stage(WORD, level=3, nesting=2)
def until(block: Block, value: ir.Variable) -> ir.Expression:
    """Characters up to the first that does not fit."""
    draft = block.draft
    kept = block.let(text(draft.pick(("", ">", "="))), "kept", "head", "prefix_text")
    char = draft.variable(ir.CHAR, "ch", "char", "letter")
    loop = block.inner(char)
    stop = loop.inner()
    stop.add(ir.Break())
    loop.when(op("eq", char, character(draft.pick(" ,-:;>oe"))), stop)
    if draft.chance(0.5):
        skip = loop.inner()
        skip.add(ir.Continue())
        loop.when(is_character(loop, char), skip)
    loop.update(kept, "concat", of_character(loop, char))
    block.each(value, loop, char)
    return op("tuple", kept, op("sub", op("length", value), op("length", kept)))
