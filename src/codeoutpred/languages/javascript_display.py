"""JavaScript values as node shows them on one line: the canonical text of a literal.

>>> render_literal(Value("set", (Value("string", "it's"), Value("number", -0.0))))
'Set(2) { "it\'s", -0 }'
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from codeoutpred.languages.literal_values import Value

NULL_PROTOTYPE = "[Object: null prototype]"

_PLAIN_NAME = re.compile(r"[a-zA-Z_][a-zA-Z_0-9]*")
_SIGNS = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def render_literal(value: Value) -> str:
    """The canonical text: as node shows the value on one line."""
    content: Any = value.content
    match value.type:
        case "number":
            return _shown_number(content)
        case "bigint":
            return f"{content}n"
        case "string":
            return _quoted(content)
        case "boolean":
            return "true" if content else "false"
        case "undefined" | "null":
            return value.type
        case "hole":
            return f"<{content} empty item{'' if content == 1 else 's'}>"
        case "array":
            start = f"{value.name}({len(content)}) " if value.name else ""
            return start + _braced("[", [render_literal(item) for item in content], "]")
        case "set":
            members = [render_literal(item) for item in content]
            return f"Set({len(content)}) {_braced('{', members, '}')}"
        case "map":
            pairs = [f"{render_literal(key)} => {render_literal(item)}" for key, item in content]
            return f"Map({len(content)}) {_braced('{', pairs, '}')}"
        case "object":
            pairs = [f"{_shown_key(key)}: {render_literal(item)}" for key, item in content]
            name = NULL_PROTOTYPE if value.name == "null prototype" else value.name
            return (f"{name} " if name else "") + _braced("{", pairs, "}")
    return str(content)


def _shown_key(key: Value) -> str:
    if key.type == "symbol":
        return f"[{key.content}]"
    return key.content if _PLAIN_NAME.fullmatch(key.content) else _quoted(key.content)


def _braced(opening: str, shown: list[str], closing: str) -> str:
    return f"{opening} {', '.join(shown)} {closing}" if shown else opening + closing


def _shown_number(number: float) -> str:
    """ECMAScript's Number::toString (section 6.1.6.1.20), and `-0` as node shows it."""
    if number != number or math.isinf(number):
        return "NaN" if number != number else f"{'-' if number < 0 else ''}Infinity"
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    if number == 0:
        return f"{sign}0"
    parts = Decimal(repr(abs(number))).normalize().as_tuple()
    digits = "".join(map(str, parts.digits))
    point = len(digits) + int(parts.exponent)
    if 0 < point <= 21:
        whole = digits[:point].ljust(point, "0")
        return sign + whole + (f".{digits[point:]}" if len(digits) > point else "")
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _quoted(text: str) -> str:
    """In single quotes, or in others where these stand in the text and the others do not."""
    quote = "'"
    if "'" in text:
        free = (q for q in '"`' if q not in text and not (q == "`" and "${" in text))
        quote = next(free, "'")
    return quote + "".join(_shown_character(c, quote) for c in text) + quote


def _shown_character(character: str, quote: str) -> str:
    if character in (quote, "\\"):
        return f"\\{character}"
    code = ord(character)
    if code < 0x20 or 0x7F <= code <= 0x9F:
        return _SIGNS.get(character, f"\\x{code:02X}")
    return f"\\u{code:04x}" if 0xD800 <= code <= 0xDFFF else character
