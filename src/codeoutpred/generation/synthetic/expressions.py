"""Draws typed expressions over what a block has in sight, so that no two programs are alike.

Every draw uses the variable that it is given: an expression that does not look at its data would
have no purpose.
"""

from __future__ import annotations

from collections.abc import Callable

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import (
    NUMBER,
    NUMBERS,
    PAIRS,
    TABLE,
    WORD,
    WORDS,
    Block,
    Draft,
    character,
    number,
    text,
)
from codeoutpred.generation.synthetic.topics import LABELS
from codeoutpred.ir import operation as op

VOWELS, SEPARATORS = "aeiou", (" ", ",", ";", "-", ":", ">")
COMPARISONS = ("lt", "le", "gt", "ge")


def constant(draft: Draft, most: int = 0) -> ir.Literal:
    """A small number other than 0 and 1."""
    return number(draft.between(2, most or (9, 12, 15, 25, 50)[draft.level.number - 1]))


def operand(block: Block, other: ir.Expression) -> ir.Expression:
    """A number to compute with: mostly a constant, else another number in sight."""
    draft = block.draft
    numbers = [variable for variable in block.visible(NUMBER) if variable != other]
    return draft.pick(numbers) if numbers and draft.chance(0.35) else constant(draft)


def of_number(block: Block, value: ir.Expression, depth: int = 0) -> ir.Expression:
    """A number computed from a number."""
    draft = block.draft
    # The last repeats its value, which must therefore be short.
    choice = draft.between(0, 14 if isinstance(value, ir.Variable) else 13)
    made: ir.Operation
    if choice <= 2:
        made = op("add", value, operand(block, value))
    elif choice <= 4:
        made = op("sub", value, operand(block, value))
    elif choice <= 6:
        made = op("mul", value, constant(draft))
    elif choice == 7:
        made = op("floor_div", value, constant(draft, 7))
    elif choice == 8:
        made = op("floor_mod", value, constant(draft))
    elif choice == 9:
        made = op(draft.pick(("minimum", "maximum")), value, operand(block, value))
    elif choice == 10:
        made = op("absolute", op("sub", value, operand(block, value)))
    elif choice == 11:
        made = op(draft.pick(("trunc_div", "trunc_mod")), value, constant(draft, 7))
    elif choice == 12:
        made = op("power", value, number(2))
    elif choice == 13:
        made = op("negate", op(draft.pick(("add", "mul")), value, constant(draft)))
    else:
        one, other = _varied(block, value), _varied(block, value)
        made = op("choose", is_number(block, value), one, other) if one != other else one
    return of_number(block, made, depth - 1) if depth > 0 and made.operands[0] == value else made


def _varied(block: Block, value: ir.Expression) -> ir.Operation:
    draft = block.draft
    return op(draft.pick(("add", "sub", "mul")), value, constant(draft))


def is_number(block: Block, value: ir.Expression) -> ir.Expression:
    """A test of a number."""
    draft = block.draft
    choice = draft.between(0, 9)
    if choice <= 4 or (choice in (7, 8) and not isinstance(value, ir.Variable)):
        return op(draft.pick(COMPARISONS), value, operand(block, value))
    if choice <= 6:
        by = draft.between(2, 5)
        remainder = op("floor_mod", value, number(by))
        return op(draft.pick(("eq", "ne")), remainder, number(draft.between(0, by - 1)))
    if choice == 7:
        low = draft.between(1, 9)
        bound = number(low + draft.between(4, 20))
        return op("and", op("ge", value, number(low)), op("lt", value, bound))
    if choice == 8:
        low = draft.between(2, 8)
        bound = number(low + draft.between(5, 20))
        return op("or", op("lt", value, number(low)), op("gt", value, bound))
    return op("not", op(draft.pick(("eq", "gt", "lt")), value, operand(block, value)))


def is_text(block: Block, value: ir.Expression) -> ir.Expression:
    """A test of a text."""
    draft = block.draft
    choice = draft.between(0, 5)
    if choice <= 1:
        return op(draft.pick(COMPARISONS), op("length", value), number(draft.between(3, 7)))
    if choice == 2:
        return op("contains", value, text(draft.pick("aeinorst")))
    if choice == 3:
        return op(draft.pick(("starts_with", "ends_with")), value, text(draft.pick("aebcsnrt")))
    if choice == 4:
        return op(draft.pick(("ne", "lt", "gt")), value, text(draft.pick(draft.topic.words)))
    return op("not", op("contains", value, text(draft.pick("aeinorst"))))


def is_character(block: Block, value: ir.Expression) -> ir.Expression:
    """A test of a character."""
    draft = block.draft
    choice = draft.between(0, 6)
    if choice <= 2:
        return op(("is_digit", "is_letter", "is_upper")[choice], value)
    if choice == 3:
        return op("contains", text(VOWELS), value)
    if choice == 4:
        return op(draft.pick(("lt", "gt")), value, character(draft.pick("dhkmprt5")))
    if choice == 5:
        return op("ne", value, character(draft.pick("aeiost -,")))
    return op("or", op("is_digit", value), op("contains", text(VOWELS), value))


def holds(block: Block, value: ir.Expression) -> ir.Expression:
    """A test of a number, a text or a character."""
    test = {NUMBER: is_number, WORD: is_text}.get(value.type, is_character)
    made = test(block, value)
    if block.draft.level.number > 3 and block.draft.chance(0.2):
        return op(block.draft.pick(("and", "or")), made, test(block, value))
    return made


def of_text(block: Block, value: ir.Expression) -> ir.Expression:
    """A text computed from a text."""
    draft = block.draft
    choice = draft.between(0, 9)
    if choice <= 1:
        return op(draft.pick(("upper", "lower")), value)
    if choice == 2:
        old = text(draft.pick(SEPARATORS + tuple("aeior")))
        return op("replace", value, old, text(draft.pick(("_", "/", "+", "*", "", "#"))))
    if choice == 3:
        start = draft.between(0, 2)
        return op("slice", value, number(start), number(start + draft.between(1, 3)))
    if choice == 4:
        return op("reversed", value)
    if choice == 5:
        return op("concat", value, text(draft.pick("-=.!_") + str(draft.between(1, 99))))
    if choice == 6:
        return op("pad", value, number(draft.between(6, 16)), text(draft.pick("*. _-0")))
    if choice == 7:
        return op("repeat", value, number(draft.between(2, 3)))
    if choice == 8:
        return op("trim", op("replace", value, text(draft.pick("aeiost-,")), text(" ")))
    return ir.Template(WORD, (value, text(draft.pick(":-/=")), op("length", value)))


def of_character(block: Block, value: ir.Expression) -> ir.Expression:
    """A text or character computed from a character."""
    draft = block.draft
    choice = draft.between(0, 3)
    if choice <= 1:
        return op("to_text", op(draft.pick(("upper", "lower")), value))
    if choice == 2:
        return op("repeat", op("to_text", value), number(draft.between(2, 3)))
    return op("concat", op("to_text", value), text(draft.pick("-.*_")))


def number_of_text(block: Block, value: ir.Expression) -> ir.Expression:
    """A number computed from a text."""
    draft = block.draft
    choice = draft.between(0, 4)
    if choice <= 1:
        return op("length", value)
    if choice == 2:
        return op("count", value, text(draft.pick("aeinorst,-")))
    if choice == 3:
        return op("find", value, text(draft.pick("aeinorst,-")))
    return op("length", op("replace", value, text(draft.pick("aeiorst,-")), text("")))


def measured(block: Block, value: ir.Expression) -> ir.Expression:
    """A number that a number, a text or a pair stands for."""
    if value.type is NUMBER:
        return of_number(block, value)
    if value.type is WORD:
        return number_of_text(block, value)
    return of_number(block, op("item_1", value))


def changed(block: Block, value: ir.Expression) -> ir.Expression:
    """Another value of the same type, for numbers and texts."""
    return of_number(block, value) if value.type is NUMBER else of_text(block, value)


_Summary = Callable[[Block, ir.Expression], ir.Expression]


def _of_numbers(block: Block, items: ir.Expression) -> ir.Expression:
    draft = block.draft
    choice = draft.between(0, 9)
    if choice <= 3:
        return op(draft.pick(("sum", "largest", "smallest")), items)
    if choice == 4:
        return op("sub", op("largest", items), op("smallest", items))
    if choice == 5:
        return op("add", op("last", items), op("at", items, number(draft.between(0, 1))))
    if choice == 6:
        return op("mul", op("length", items), constant(draft))
    if choice == 7:
        start = draft.between(0, 1)
        return op("sum", op("slice", items, number(start), number(start + 2)))
    if choice == 8:
        return op("floor_div", op("sum", items), op("length", items))
    return op("at", op("sorted", items), number(draft.between(0, 2)))


def _of_words(block: Block, items: ir.Expression) -> ir.Expression:
    draft = block.draft
    choice = draft.between(0, 3)
    if choice == 0:
        return op("length", op("join", items, text(draft.pick(SEPARATORS))))
    if choice == 1:
        return op("length", op("at", items, number(draft.between(0, 2))))
    if choice == 2:
        return op("index", items, text(draft.pick(draft.topic.words)))
    return op("count", items, text(draft.pick(draft.topic.words)))


def summary(block: Block, items: ir.Expression) -> ir.Expression:
    """A number that tells about a list, a map or a text."""
    if items.type is NUMBERS:
        return _of_numbers(block, items)
    if items.type is WORDS:
        return _of_words(block, items)
    if items.type is WORD:
        return number_of_text(block, items)
    if items.type is TABLE:
        return op(block.draft.pick(("sum", "largest", "smallest")), op("values", items))
    if items.type is PAIRS:
        return op("item_1", op("at", items, number(block.draft.between(0, 2))))
    return op("length", items)


def labels(draft: Draft, count: int) -> list[ir.Literal]:
    """Different words for what branches find."""
    return [text(word) for word in draft.rng.sample(LABELS, k=count)]
