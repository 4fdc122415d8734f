"""The operators and built-in functions that synthetic programs use, with their kind."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

KINDS = (
    "arithmetic",
    "comparison",
    "boolean",
    "string",
    "list",
    "dict",
    "tuple",
    "conditional",
    "loop",
    "function",
)
"""The kinds of operation that programs and reports are labelled with."""

BINARY: dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
}

COMPARISONS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], bool]]] = {
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.In: ("in", lambda item, whole: item in whole),
    ast.NotIn: ("not in", lambda item, whole: item not in whole),
}

BUILTINS: dict[str, tuple[str, Callable[..., Any]]] = {
    "abs": ("arithmetic", abs),
    "len": ("", len),
    "list": ("list", list),
    "max": ("", max),
    "min": ("", min),
    "range": ("list", lambda *bounds: list(range(*bounds))),
    "sorted": ("list", sorted),
    "str": ("string", str),
    "sum": ("list", sum),
}
"""Name -> (kind, function); the kind is empty where the first argument decides it."""


_KINDS: dict[type, str] = {
    int: "arithmetic",
    str: "string",
    list: "list",
    tuple: "tuple",
    dict: "dict",
}


def kind_of_operand(value: Any) -> str:
    """The kind of an operation on a value of this type."""
    return _KINDS.get(type(value), "boolean")
