"""What the operations of the intermediate language compute, where Python has no function for it.

What would differ between languages is outside the language: such an operation raises
`ArithmeticError`, `LookupError` or `ValueError`, and no program that does it is given out. So there
is no zero with a sign, no division by zero or by a negative number, no index below zero or beyond
the end, no text but plain ASCII.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

TINIEST, LARGEST_FLOAT = 1e-4, 1e9
"""Between these, shortest decimals are written without an exponent everywhere."""

APART = "\"'`\\{}$%"
"""Characters that some language writes in a text in a way of its own; no text ever has them."""


def product(one: Any, other: Any) -> Any:
    if (not one and other < 0) or (not other and one < 0):
        raise ArithmeticError("a zero with a sign")
    return one * other


def negate(value: Any) -> Any:
    return product(value, -1)


def dividing(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def divide(one: Any, other: Any) -> Any:
        if other <= 0:
            raise ArithmeticError("a divisor that is not positive")
        return function(one, other)

    return divide


def signed(one: int, other: int) -> int:
    """The result of a truncating operation on the absolute values, with the sign of the first."""
    return negate(other) if one < 0 else other


def truncate(value: float) -> int:
    if -1 < value < 0:
        raise ArithmeticError("a zero with a sign")
    return int(value)


def fixed(value: float, digits: int) -> str:
    numerator, denominator = value.as_integer_ratio()
    halves, rest = divmod(numerator * 2 * 10**digits, denominator)
    if rest == 0 and halves % 2:
        raise ArithmeticError("half-way between two decimals: languages round it differently")
    return f"{value:.{digits}f}"


def at(items: Any, index: int) -> Any:
    if index < 0:
        raise IndexError("an index below zero")
    return items[index]


def slice_of(items: Any, start: int, end: int) -> Any:
    if not 0 <= start <= end <= len(items):
        raise IndexError("a slice beyond the ends")
    return items[start:end]


def repeat(items: Any, times: int) -> Any:
    if not 0 <= times <= 100:
        raise ValueError("repeated too often")
    return items * times


def pad(text: str, width: int, filler: str) -> str:
    if width < 0:
        raise ValueError("a width below zero")
    return text.rjust(width, filler)


def parse(text: str) -> int:
    if not text.isdigit() or len(text) > 15:
        raise ValueError("not just digits")
    return int(text)


def find(text: str, part: str) -> int:
    if not part:
        raise ValueError("an empty text is everywhere")
    return text.find(part)


def count(items: Any, item: Any) -> int:
    if item == "":
        raise ValueError("an empty text is everywhere")
    return int(items.count(item))


def from_code(code: int) -> str:
    if not 32 <= code < 127 or chr(code) in APART:
        raise ValueError("no character that languages write alike")
    return chr(code)


def range_of(start: int, end: int, step: int = 1) -> list[int]:
    if step < 1 or end - start > 100 * step:
        raise ValueError("too long a range")
    return list(range(start, end, step))


def unwrap(value: Any) -> Any:
    if value is None:
        raise ValueError("nothing to unwrap")
    return value


def set_at(items: list[Any], index: int, value: Any) -> None:
    at(items, index)
    items[index] = value


def remove(items: Any, key: Any) -> None:
    del items[key]


def group(items: dict[Any, list[Any]], key: Any, value: Any) -> None:
    items.setdefault(key, []).append(value)


def shows_alike(value: float) -> bool:
    """Whether all languages write a float by the same digits."""
    return (TINIEST < abs(value) < LARGEST_FLOAT) or (value == 0 and math.copysign(1, value) > 0)
