"""Composite values: copied so that none is shared, and taken apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codeoutpred import ir


def copier(type: ir.Type) -> Callable[[Any], Any]:
    """What copies a value of the type, with all that can be changed in it."""
    if type.name == "list" and type.element.name == "list":
        return lambda rows: [list(row) for row in rows]
    if type.name == "map" and type.element.name == "list":
        return lambda items: {key: list(value) for key, value in items.items()}
    return {"list": list, "map": dict, "set": set}.get(type.name, lambda value: value)


def members(value: Any, type: ir.Type) -> list[tuple[ir.Type, Any]]:
    """The values that a composite literal holds, with their types."""
    if value is None:
        return []
    if type.name == "map":
        pairs = [*((type.arguments[0], key) for key in value)]
        pairs += [(type.arguments[1], item) for item in value.values()]
    elif type.name == "tuple":
        pairs = list(zip(type.arguments, value))
    else:
        pairs = [(type.element, item) for item in value]
    deeper = [more for inner, one in pairs if inner.arguments for more in members(one, inner)]
    return pairs + deeper
