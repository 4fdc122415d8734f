"""How operands look in Rust: who owns a value, who borrows it, and what is an index.

Every operand is wanted in one of a few ways: as a value of its own, as a place whose methods are
called, as a reference, as a `&str`, as a `usize`.
"""

from __future__ import annotations

from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import (
    LOOSE,
    POSTFIX,
    TIGHT,
    SourceWriter,
)
from codeoutpred.languages.rust_values import owned

OR, AND, COMPARISON, SUM, PRODUCT, CAST, SIGN = range(10, 80, 10)
"""The precedences of operators, from the loosest on."""
IN_BLOCK = 5
"""The precedence of a block: at the beginning of a statement it would be one of its own."""

STRING_FROM, INLINED, SPELT_OUT, WITH_RETURN = range(4)
"""What the style of a module decides."""

VALUE, PLACE, REFERENCE, SLICE, INDEX = range(5)
"""What is wanted of an operand: see the module's docstring; `SLICE` is a `&str`."""

OWNED, BORROWED, ITEM, COUNTER = range(4)
"""What a name stands for: a value, a reference to a parameter or to an item, a `usize`."""

_PLACES = frozenset({"at", "item_0", "item_1", "item_2", "get", "last"})
"""The operations that give a part of something, and not a value of their own."""

_FIRST_A_PLACE = (
    "upper lower trim replace split join starts_with ends_with find repeat to_text parse length at "
    "slice reversed contains count copy last index sum smallest largest item_0 item_1 item_2 get "
    "get_or has_key keys items values to_set union common without is_none absolute power "
    "concat is_digit is_letter is_upper"
).split()
WANTS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(_FIRST_A_PLACE, (PLACE, VALUE)),
    **dict.fromkeys("replace split join starts_with ends_with find".split(), (PLACE, SLICE)),
    **dict.fromkeys("at slice repeat".split(), (PLACE, INDEX)),
    **dict.fromkeys("get has_key union common without".split(), (PLACE, REFERENCE)),
    "concat": (PLACE,),
    "get_or": (PLACE, REFERENCE, VALUE),
    "fill": (VALUE, INDEX),
    "fixed": (VALUE, INDEX),
    "pad": (PLACE, INDEX, SLICE),
}
"""What each operation wants of its operands, the last standing for all further ones."""

_COPIED = frozenset({"int", "bool", "float", "char"})


def is_copied(type: ir.Type) -> bool:
    """Whether values of the type are copied where others are moved."""
    if type.name in ("tuple", "optional"):
        return all(map(is_copied, type.arguments))
    return type.name in _COPIED


class RustOperands(SourceWriter):
    """A writer that knows how operands are wanted; `RustExpressions` adds the operations."""

    def __init__(self, renderer: Any, module: ir.Module) -> None:
        super().__init__(renderer, module)
        self._modes: dict[str, int] = {}
        self._moved: set[str] = set()
        """Names that are not used again after the statement, so that they need no clone."""

    def wanted(self, node: ir.Expression, want: int, least: int = LOOSE) -> str:
        """An operand in the way that it is wanted."""
        text, precedence = (self._value, self.place, self._reference, self._slice, self._index)[
            want
        ](node)
        if least >= POSTFIX and isinstance(node, ir.Literal) and node.type is ir.INT:
            text += "_i64"
        return f"({text})" if precedence < least else text

    def expression(self, node: ir.Expression, least: int = LOOSE) -> str:
        return self.wanted(node, VALUE, least)

    def _value(self, node: ir.Expression) -> tuple[str, int]:
        """A value of its own: parts are copied or cloned."""
        if isinstance(node, ir.Variable):
            return self._value_of(node)
        if isinstance(node, ir.Literal):
            return self._owned(node)
        text, precedence = self.written(node)
        if is_place(node) and not is_copied(node.type):
            return self.place(node)[0] + ".clone()", POSTFIX
        return text, precedence

    def _value_of(self, node: ir.Variable) -> tuple[str, int]:
        name, mode = node.name, self._modes.get(node.name, OWNED)
        if is_copied(node.type):
            if mode == COUNTER:
                return f"{name} as i64", CAST
            return (f"*{name}", SIGN) if mode == ITEM else (name, TIGHT)
        if mode == OWNED and name in self._moved:
            return name, TIGHT
        if mode == OWNED or node.type.name not in ("str", "list"):
            return f"{name}.clone()", POSTFIX
        return f"{name}.{'to_string' if node.type is ir.STR else 'to_vec'}()", POSTFIX

    def _owned(self, node: ir.Literal) -> tuple[str, int]:
        text = owned(node.value, node.type)
        if node.type is ir.STR and self.style(STRING_FROM):
            text = f"String::from({text.removesuffix('.to_string()')})"
        return text, SIGN if text[0] == "-" else TIGHT

    def place(self, node: ir.Expression) -> tuple[str, int]:
        """What has methods and fields, whether a value or a reference."""
        if isinstance(node, ir.Variable):
            counts = self._modes.get(node.name) == COUNTER
            return (f"{node.name} as i64", CAST) if counts else (node.name, TIGHT)
        if isinstance(node, ir.Literal):
            return self._slice(node) if node.type is ir.STR else self._owned(node)
        text, precedence = self.written(node)
        if isinstance(node, ir.Operation):
            if node.name == "slice":
                return text[: text.rindex(".to_")], POSTFIX
            if node.name == "last" and text[0] == "*":
                return text[1:], POSTFIX
        return text, precedence

    def _reference(self, node: ir.Expression) -> tuple[str, int]:
        if node.type is ir.STR:
            return self._slice(node)
        text, precedence = self.place(node)
        mode = self._modes.get(node.name, OWNED) if isinstance(node, ir.Variable) else OWNED
        if mode in (BORROWED, ITEM):
            return text, precedence
        return f"&({text})" if precedence < POSTFIX else f"&{text}", SIGN

    def _slice(self, node: ir.Expression) -> tuple[str, int]:
        """A `&str`; another type's value as it is."""
        if node.type is not ir.STR:
            return self._value(node)
        if isinstance(node, ir.Literal):
            return f'"{node.value}"', TIGHT
        text, precedence = self.place(node)
        if isinstance(node, ir.Variable) and self._modes.get(node.name) == BORROWED:
            return text, precedence
        if isinstance(node, ir.Operation) and node.name == "slice":
            return f"&{text}", SIGN
        return f"{text}.as_str()", POSTFIX

    def _index(self, node: ir.Expression) -> tuple[str, int]:
        """A `usize`."""
        if isinstance(node, ir.Literal):
            return str(node.value), TIGHT
        if isinstance(node, ir.Variable) and self._modes.get(node.name) == COUNTER:
            return node.name, TIGHT
        if isinstance(node, ir.Operation) and node.name == "length":
            return self.written(node)[0].removesuffix(" as i64"), POSTFIX
        text, precedence = self._value(node)
        return f"({text}) as usize" if precedence < CAST else f"{text} as usize", CAST


def is_place(node: ir.Expression) -> bool:
    """Whether an expression names a part of something."""
    return (
        isinstance(node, ir.Operation)
        and node.name in _PLACES
        and node.operands[0].type is not ir.STR
    )
