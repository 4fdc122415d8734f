"""Rust values as `{:?}` shows them: the canonical text of a literal.

>>> render_literal(Value("tuple", (Value("char", "'"), Value("float", 1e16))))
"('\\'', 1e16)"
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codeoutpred.languages.literal_values import Value

_SHOWN = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\\": "\\\\"}


def render_literal(value: Value) -> str:
    """The canonical text: as `{:?}` shows the value, with maps and sets in order of their texts."""
    content: Any = value.content
    match value.type:
        case "integer":
            return str(content)
        case "float":
            return _shown_float(content)
        case "bool":
            return "true" if content else "false"
        case "string":
            return _quoted(content, '"')
        case "char":
            return _quoted(content, "'")
        case "unit":
            return "()"
        case "field":
            return str(content)
        case "list":
            return f"[{_joined(map(render_literal, content))}]"
        case "tuple":
            comma = "," if len(content) == 1 else ""
            return f"({_joined(map(render_literal, content))}{comma})"
        case "set":
            return f"{{{_joined(sorted(map(render_literal, content)))}}}"
        case "map":
            pairs = sorted(
                f"{render_literal(key)}: {render_literal(item)}" for key, item in content
            )
            return f"{{{_joined(pairs)}}}"
        case "struct":
            fields = _joined(f"{key.content}: {render_literal(item)}" for key, item in content)
            return f"{value.name} {{ {fields} }}" if fields else f"{value.name} {{}}"
    return f"{value.name}({_joined(map(render_literal, content))})" if content else value.name


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def _shown_float(number: float) -> str:
    if number != number:
        return "NaN"
    mantissa, exponent, power = repr(number).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}" if exponent else mantissa


def _quoted(text: str, quote: str) -> str:
    return quote + "".join(_shown_character(c, quote) for c in text) + quote


def _shown_character(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if character in _SHOWN:
        return _SHOWN[character]
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
