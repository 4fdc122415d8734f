"""Values as Rust writes them: as an argument, in a program, in an answer, in print."""

from __future__ import annotations

from typing import Any

from codeoutpred import ir
from codeoutpred.languages.rendering import members


def literal(value: Any, type: ir.Type) -> str:
    """As an argument: texts and containers by reference."""
    if type is ir.STR:
        return f'"{value}"'
    text = owned(value, type)
    if type.name == "list":
        return f"&{text.removeprefix('vec!')}" if value else "&[]"
    return f"&{text}" if type.name in ("map", "set", "tuple") else text


def owned(value: Any, type: ir.Type) -> str:
    """A value that belongs to whoever takes it."""
    if type is ir.STR:
        return f'"{value}".to_string()'
    if not type.arguments:
        return result(value, type)
    if value is None:
        return "None"
    if type.name == "optional":
        return f"Some({owned(value, type.element)})"
    if type.name == "map":
        key, item = type.arguments
        pairs = [f"({owned(k, key)}, {owned(v, item)})" for k, v in value.items()]
        return f"BTreeMap::from([{', '.join(pairs)}])" if pairs else "BTreeMap::new()"
    inner = ", ".join(members(owned, value, type))
    if type.name == "set":
        return f"BTreeSet::from([{inner}])" if inner else "BTreeSet::new()"
    return f"({inner})" if type.name == "tuple" else f"vec![{inner}]" if inner else "Vec::new()"


def result(value: Any, type: ir.Type) -> str:
    """As `{:?}` shows it."""
    if type is ir.STR:
        return f'"{value}"'
    if type is ir.CHAR:
        return f"'{value}'"
    if type is ir.BOOL:
        return "true" if value else "false"
    if not type.arguments:
        return repr(value)
    if type.name == "optional":
        return "None" if value is None else f"Some({result(value, type.element)})"
    if type.name == "map":
        key, item = type.arguments
        pairs = [f"{result(k, key)}: {result(value[k], item)}" for k in sorted(value)]
        return f"{{{', '.join(pairs)}}}"
    shown = ", ".join(members(result, value, type))
    around = {"tuple": "()", "set": "{}"}.get(type.name, "[]")
    return f"{around[0]}{shown}{around[1]}"


def display(value: Any, type: ir.Type) -> str:
    """What `{}` gives, and `{:?}` for containers."""
    if type in (ir.STR, ir.CHAR):
        return str(value)
    text = result(value, type)
    return text.removesuffix(".0") if type is ir.FLOAT else text
