"""Values as JavaScript writes them: in a program, in an answer, in print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import members


def literal(value: Any, type: ir.Type) -> str:
    """As a program writes it."""
    if value is None:
        return "null"
    if type is ir.INT:
        return str(value)
    if type is ir.BOOL:
        return "true" if value else "false"
    if type is ir.FLOAT:
        return repr(value).removesuffix(".0")
    if not type.arguments:
        return f"'{value}'"
    if type.name == "optional":
        return literal(value, type.element)
    if type.name == "map":
        key, item = type.arguments
        pairs = [f"[{literal(k, key)}, {literal(v, item)}]" for k, v in value.items()]
        return f"new Map([{', '.join(pairs)}])" if pairs else "new Map()"
    if type.name == "set":
        inner = ", ".join(members(literal, value, type))
        return f"new Set([{inner}])" if inner else "new Set()"
    return f"[{', '.join(members(literal, value, type))}]"


def result(value: Any, type: ir.Type) -> str:
    """As `util.inspect` shows it, on one line."""
    if not type.arguments or value is None:
        return literal(value, type)
    if type.name == "optional":
        return result(value, type.element)
    if type.name == "map":
        key, item = type.arguments
        shown = [f"{result(k, key)} => {result(v, item)}" for k, v in value.items()]
        return f"Map({len(value)}) {_braced('{', shown, '}')}"
    if type.name == "set":
        shown = members(result, value, type)
        return f"Set({len(value)}) {_braced('{', shown, '}')}"
    return _braced("[", members(result, value, type), "]")


def display(value: Any, type: ir.Type) -> str:
    """What `console.log` gives; a container is printed as JSON."""
    if type in (ir.STR, ir.CHAR):
        return str(value)
    if not type.arguments:
        return literal(value, type)
    if value is None:
        return "null"
    return as_json(value, type)


def as_json(value: Any, type: ir.Type) -> str:
    """As `JSON.stringify` writes it, a map as its entries."""
    if type in (ir.STR, ir.CHAR):
        return f'"{value}"'
    if not type.arguments:
        return literal(value, type)
    if type.name == "map":
        key, item = type.arguments
        pairs = [f"[{as_json(k, key)},{as_json(v, item)}]" for k, v in value.items()]
        return f"[{','.join(pairs)}]"
    return f"[{','.join(members(as_json, value, type))}]"


def _braced(opening: str, shown: Sequence[str], closing: str) -> str:
    return f"{opening} {', '.join(shown)} {closing}" if shown else opening + closing
