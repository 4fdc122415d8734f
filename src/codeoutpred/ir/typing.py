"""The type of each operation's value, found from the types of its operands.

>>> from codeoutpred import ir
>>> ir.operation("at", ir.Variable(ir.STR, "word"), ir.Literal(ir.INT, 0)).type.name
'char'
"""

from __future__ import annotations

from collections.abc import Callable

from codeoutpred.ir.nodes import Expression, Operation
from codeoutpred.ir.types import (
    BOOL,
    CHAR,
    FLOAT,
    INT,
    STR,
    Type,
    list_of,
    optional_of,
    set_of,
    tuple_of,
)

_FIXED = {
    BOOL: "eq ne lt le gt ge not and or any all starts_with ends_with contains has_key is_none "
    "is_digit is_letter is_upper",
    INT: "floor_div floor_mod trunc_div trunc_mod truncate length count find index parse code",
    STR: "fixed join repeat pad to_text trim replace",
    FLOAT: "true_div",
    CHAR: "from_code",
    list_of(STR): "split",
    list_of(INT): "range range_step",
}
_BY_NAME = {name: type for type, names in _FIXED.items() for name in names.split()}


def _item(number: int) -> Callable[..., Type]:
    return lambda items: items.arguments[number]


def _part(items: Type, *_: Type) -> Type:
    return CHAR if items is STR else items.element


_BY_OPERANDS: dict[str, Callable[..., Type]] = {
    "choose": lambda test, then, otherwise: then,
    "at": _part,
    "last": _part,
    "list": lambda *items: list_of(items[0]),
    "tuple": tuple_of,
    "fill": lambda item, times: list_of(item),
    "enumerate": lambda items: list_of(tuple_of(INT, items.element)),
    "zip": lambda one, other: list_of(tuple_of(one.element, other.element)),
    "sorted": lambda items: list_of(items.element),
    "item_0": _item(0),
    "item_1": _item(1),
    "item_2": _item(2),
    "keys": lambda items: list_of(items.arguments[0]),
    "items": lambda items: list_of(tuple_of(*items.arguments)),
    "values": lambda items: list_of(items.element),
    "to_set": lambda items: set_of(items.element),
    "some": lambda value: optional_of(value),
    "or_else": lambda value, other: other,
    **dict.fromkeys(("sum", "smallest", "largest", "get", "get_or", "unwrap"), _part),
}


def operation(name: str, *operands: Expression) -> Operation:
    """An operation with its type; one that no rule stands for keeps that of its first operand."""
    type = _BY_NAME.get(name)
    if type is None:
        rule = _BY_OPERANDS.get(name)
        type = rule(*(one.type for one in operands)) if rule else operands[0].type
    return Operation(type, name, operands)
