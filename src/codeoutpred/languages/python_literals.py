"""Python literals: text to value and back, with types that count.

>>> parse_literal("1, {2: [True, -0.0]}")
(1, {2: [True, -0.0]})
>>> values_equal(True, 1), values_equal({1, 2}, {2, 1})
(False, True)
"""

from __future__ import annotations

import ast
import contextlib
import io
import math
import tokenize
import warnings
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

from codeoutpred.languages.python_reader import MAX_DEPTH, UnusualError, read_literal

MAX_CHARACTERS = 200_000

# What the parser of Python is given is bounded by these, since it takes its time with them.
_SIGNS = ",:+-([{'\""
_MOST_SIGNS = 2_000

NAMED: dict[str, Any] = {
    "nan": math.nan,
    "inf": math.inf,
    "nanj": complex(0, math.nan),
    "infj": complex(0, math.inf),
}
"""Names that `repr` writes for numbers without a literal of their own."""

FLOAT_TEXTS = ("nan", "inf", "-inf", "infinity", "-infinity")
SCALARS = (bool, int, float, complex, str, bytes, type(None))
CONTAINERS = (list, tuple, set, frozenset, dict)

_REFUSALS = (
    SyntaxError,
    TypeError,  # an unhashable member
    MemoryError,
    RecursionError,
    OverflowError,
    tokenize.TokenError,
)


def parse_literal(text: str) -> Any:
    """The value of a literal and nothing else; never evaluates anything.

    Takes what `repr` writes for None, booleans, numbers, strings, bytes, lists, tuples (without
    parentheses, too), sets, frozen sets and dictionaries of these, and `float('nan')` beside
    `nan`. Raises `ValueError` for any other text, one longer than `MAX_CHARACTERS` characters,
    of more than 10,000 values or nested deeper than `MAX_DEPTH`.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"longer than {MAX_CHARACTERS} characters")
    text = text.strip()
    with contextlib.suppress(UnusualError):
        return read_literal(text)
    if sum(text.count(sign) for sign in _SIGNS) > _MOST_SIGNS:
        raise ValueError("too long for a literal out of the ordinary")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes, which keep their backslash
            tree = ast.parse(text, mode="eval")
        if "#" in text:
            _refuse_comments(text)
        return node_value(tree.body)
    except _REFUSALS as error:
        raise ValueError(f"no Python literal: {type(error).__name__}") from error


def render_literal(value: Any) -> str:
    """The canonical text: `repr`, with the members of sets in order.

    Raises `ValueError` for a value that is no literal, such as an object of a class.
    """
    return _render(value, 0)


def literal_type(value: Any) -> str:
    """The name of the value's type; `ValueError` where no literal has it."""
    if type(value) not in SCALARS + CONTAINERS:
        raise ValueError(f"a {type(value).__name__} is no literal")
    return type(value).__name__


def values_equal(one: Any, other: Any) -> bool:
    """Whether two values are the same, types and signs of zero included.

    nan equals nan; the order of dictionaries and sets does not count. Raises `ValueError` for a
    value that is no literal.
    """
    return _same(one, other, 0)


def _refuse_comments(text: str) -> None:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            raise ValueError("a comment is no part of a literal")


def node_value(node: ast.AST, depth: int = 0) -> Any:
    """The value of a literal's syntax tree; `ValueError` where it is none."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    match node:
        case ast.Constant(value=value) if type(value) in SCALARS:
            return value
        case ast.Name(id=name) if name in NAMED:
            return NAMED[name]
        case ast.UnaryOp():
            return _signed(node)
        case ast.BinOp():
            return _complex(node)
        case ast.List(elts=items):
            return [node_value(item, depth + 1) for item in items]
        case ast.Tuple(elts=items):
            return tuple([node_value(item, depth + 1) for item in items])
        case ast.Set(elts=items):
            return {node_value(item, depth + 1) for item in items}
        case ast.Dict(keys=keys, values=values):
            pairs = [(k, v) for k, v in zip(keys, values, strict=True) if k is not None]
            if len(pairs) == len(keys):
                return {
                    node_value(key, depth + 1): node_value(item, depth + 1) for key, item in pairs
                }
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, arguments, depth)
    raise ValueError(f"{type(node).__name__} is no literal")


def _signed(node: ast.UnaryOp) -> int | float | complex:
    number = _unsigned(node.operand)
    match node.op:
        case ast.UAdd():
            return number
        case ast.USub() if isinstance(number, complex):
            return complex(0, -number.imag)  # as `repr` writes it: a negative zero gets a sum
        case ast.USub():
            return -number
    raise ValueError("no sign of a number")


def _complex(node: ast.BinOp) -> complex:
    """A complex number, written as the sum that `repr` writes."""
    left, sign = node.left, 1
    if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
        left, sign = left.operand, -1
    real, imaginary = _unsigned(left), _unsigned(node.right)
    if isinstance(real, complex) or not isinstance(imaginary, complex):
        raise ValueError("a sum is no literal, but for a complex number")
    if not isinstance(node.op, ast.Add | ast.Sub):
        raise ValueError("an operation is no literal")
    part = imaginary.imag if isinstance(node.op, ast.Add) else -imaginary.imag
    return complex(math.copysign(real, sign), part)


def _unsigned(node: ast.AST) -> int | float | complex:
    value = node_value(node, MAX_DEPTH) if isinstance(node, ast.Constant | ast.Name) else None
    if isinstance(value, bool) or not isinstance(value, int | float | complex):
        raise ValueError("no number")
    return value


def _called(name: str, arguments: list[ast.expr], depth: int) -> Any:
    match name, arguments:
        case "set", []:
            return set()
        case "frozenset", []:
            return frozenset()
        case "frozenset", [ast.Set() | ast.List() | ast.Tuple() as members]:
            return frozenset(node_value(members, depth + 1))
        case "float", [ast.Constant(value=str(text))] if text.lower() in FLOAT_TEXTS:
            return float(text)
    raise ValueError(f"a call of {name} is no literal")


def _render(value: Any, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")

    def inner(members: Iterable[Any]) -> str:
        return ", ".join(_render(member, depth + 1) for member in members)

    kind = type(value)
    if kind in SCALARS:
        return repr(value)
    if kind is list:
        return f"[{inner(value)}]"
    if kind is tuple:
        return f"({inner(value)},)" if len(value) == 1 else f"({inner(value)})"
    if kind is dict:
        items = value.items()
        return "{" + ", ".join(f"{inner([key])}: {inner([item])}" for key, item in items) + "}"
    if kind not in (set, frozenset):
        raise ValueError(f"a {kind.__name__} is no literal")
    text = "{" + inner(_in_order(value, depth)) + "}" if value else ""
    return (text or "set()") if kind is set else f"frozenset({text})"


def _in_order(members: Iterable[Any], depth: int) -> list[Any]:
    """Numbers by size, anything else by its text."""
    if all(type(m) in (bool, int, float) and m == m for m in members):
        return sorted(members)
    return sorted(members, key=lambda member: _render(member, depth + 1))


def _same(one: Any, other: Any, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    kind = type(one)
    if kind is not type(other):
        literal_type(one), literal_type(other)
        return False
    if kind in (float, complex):
        return repr(one) == repr(other)  # apart: the zeros; together: nan
    if kind in SCALARS:
        return bool(one == other)
    if kind is list or kind is tuple:
        return len(one) == len(other) and all(_same(a, b, depth + 1) for a, b in zip(one, other))
    return _key(one, depth) == _key(other, depth)


def _key(value: Any, depth: int) -> Hashable:
    """What is equal for the same values, and for no others."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    kind = type(value)
    if kind in (float, complex):
        return kind, repr(value)  # apart: the zeros; together: nan
    if kind in SCALARS:
        return kind, value
    if kind in (list, tuple):
        return kind, tuple(_key(item, depth + 1) for item in value)
    if kind is dict:
        pairs = ((_key(k, depth + 1), _key(v, depth + 1)) for k, v in value.items())
        return kind, frozenset(Counter(pairs).items())
    if kind in (set, frozenset):
        return kind, frozenset(Counter(_key(item, depth + 1) for item in value).items())
    raise ValueError(f"a {kind.__name__} is no literal")
