"""The operations of the intermediate language: what each does to the values of its operands.

The functions here are the meaning; renderers write the same in their language. What would differ
between languages is outside the language: such an operation raises `ArithmeticError`,
`LookupError` or `ValueError`, and no program that does it is given out. So there is no zero with
a sign, no division by zero or by a negative number, no index below zero or beyond the end, no
integer beyond 2**53 - 1, no text but ASCII.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

LARGEST_INTEGER = 2**53 - 1
"""Every integer of every run lies within this, where all languages compute exactly."""
TINIEST, LARGEST_FLOAT = 1e-4, 1e9
"""Between these, shortest decimals are written without an exponent everywhere."""

APART = "\"'`\\{}$%"
"""Characters that some language writes in a text in a way of its own; no text ever has them."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an operation does, the kind it is counted as, and the first level that has it."""

    compute: Callable[..., Any]
    kind: str
    level: int = 1


def _product(one: Any, other: Any) -> Any:
    if (not one and other < 0) or (not other and one < 0):
        raise ArithmeticError("a zero with a sign")
    return one * other


def _negate(value: Any) -> Any:
    return _product(value, -1)


def _dividing(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def divide(one: Any, other: Any) -> Any:
        if other <= 0:
            raise ArithmeticError("a divisor that is not positive")
        return function(one, other)

    return divide


def _signed(one: int, other: int) -> int:
    """The result of a truncating operation on the absolute values, with the sign of the first."""
    return _negate(other) if one < 0 else other


def _truncate(value: float) -> int:
    if -1 < value < 0:
        raise ArithmeticError("a zero with a sign")
    return int(value)


def _fixed(value: float, digits: int) -> str:
    numerator, denominator = value.as_integer_ratio()
    halves, rest = divmod(numerator * 2 * 10**digits, denominator)
    if rest == 0 and halves % 2:
        raise ArithmeticError("half-way between two decimals: languages round it differently")
    return f"{value:.{digits}f}"


def _at(items: Any, index: int) -> Any:
    if index < 0:
        raise IndexError("an index below zero")
    return items[index]


def _slice(items: Any, start: int, end: int) -> Any:
    if not 0 <= start <= end <= len(items):
        raise IndexError("a slice beyond the ends")
    return items[start:end]


def _repeat(items: Any, times: int) -> Any:
    if not 0 <= times <= 100:
        raise ValueError("repeated too often")
    return items * times


def _pad(text: str, width: int, filler: str) -> str:
    if width < 0:
        raise ValueError("a width below zero")
    return text.rjust(width, filler)


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator)


def _parse(text: str) -> int:
    if not text.isdigit() or len(text) > 15:
        raise ValueError("not just digits")
    return int(text)


def _find(text: str, part: str) -> int:
    if not part:
        raise ValueError("an empty text is everywhere")
    return text.find(part)


def _count(items: Any, item: Any) -> int:
    if item == "":
        raise ValueError("an empty text is everywhere")
    return int(items.count(item))


def _code(char: str) -> int:
    return ord(char)


def _from_code(code: int) -> str:
    if not 32 <= code < 127 or chr(code) in APART:
        raise ValueError("no character that languages write alike")
    return chr(code)


def _range(start: int, end: int, step: int = 1) -> list[int]:
    if step < 1 or end - start > 100 * step:
        raise ValueError("too long a range")
    return list(range(start, end, step))


def _get(items: dict[Any, Any], key: Any) -> Any:
    return items[key]


def _unwrap(value: Any) -> Any:
    if value is None:
        raise ValueError("nothing to unwrap")
    return value


def _text(value: Any) -> str:
    return str(value)


_M = Meaning
OPERATIONS: Mapping[str, Meaning] = MappingProxyType(
    {
        # Numbers: two integers, or two floats.
        "add": _M(operator.add, "arithmetic"),
        "sub": _M(operator.sub, "arithmetic"),
        "mul": _M(_product, "arithmetic"),
        "negate": _M(_negate, "arithmetic"),
        "absolute": _M(abs, "arithmetic"),
        "minimum": _M(min, "arithmetic"),
        "maximum": _M(max, "arithmetic"),
        # Integers: towards the lower neighbour, and towards zero.
        "power": _M(operator.pow, "arithmetic"),
        "floor_div": _M(_dividing(operator.floordiv), "arithmetic"),
        "floor_mod": _M(_dividing(operator.mod), "arithmetic"),
        "trunc_div": _M(_dividing(lambda a, b: _signed(a, abs(a) // b)), "arithmetic"),
        "trunc_mod": _M(_dividing(lambda a, b: _signed(a, abs(a) % b)), "arithmetic"),
        # Floats: a quotient of two integers or floats, cut to an integer, with so many decimals.
        "true_div": _M(_dividing(operator.truediv), "float"),
        "truncate": _M(_truncate, "float"),
        "fixed": _M(_fixed, "float"),
        # Two scalars of one type.
        "eq": _M(operator.eq, "comparison"),
        "ne": _M(operator.ne, "comparison"),
        "lt": _M(operator.lt, "comparison"),
        "le": _M(operator.le, "comparison"),
        "gt": _M(operator.gt, "comparison"),
        "ge": _M(operator.ge, "comparison"),
        # Only as many operands as are needed are evaluated; `choose` is (test, then, otherwise).
        "not": _M(operator.not_, "boolean"),
        "and": _M(lambda a, b: a and b, "boolean"),
        "or": _M(lambda a, b: a or b, "boolean"),
        "choose": _M(lambda test, a, b: a if test else b, "conditional"),
        # Texts and characters.
        "upper": _M(str.upper, "string"),
        "lower": _M(str.lower, "string"),
        "trim": _M(lambda text: text.strip(" "), "string"),
        "replace": _M(str.replace, "string"),
        "split": _M(_split, "string"),
        "join": _M(lambda items, separator: separator.join(items), "string"),
        "starts_with": _M(str.startswith, "string"),
        "ends_with": _M(str.endswith, "string"),
        "find": _M(_find, "string"),
        "repeat": _M(_repeat, "string"),
        "pad": _M(_pad, "string"),
        "to_text": _M(_text, "string"),
        "parse": _M(_parse, "string"),
        "code": _M(_code, "string", 2),
        "from_code": _M(_from_code, "string", 2),
        "is_digit": _M(str.isdigit, "string", 2),
        "is_letter": _M(str.isalpha, "string", 2),
        "is_upper": _M(str.isupper, "string", 2),
        # Texts and lists; `count` and `contains` look for a text in a text, or for an item.
        "length": _M(len, "list"),
        "at": _M(_at, "list"),
        "slice": _M(_slice, "list"),
        "concat": _M(operator.add, "list"),
        "reversed": _M(lambda items: items[::-1], "list"),
        "contains": _M(lambda items, item: item in items, "list"),
        "count": _M(_count, "list"),
        # Lists.
        "list": _M(lambda *items: list(items), "list"),
        "copy": _M(list, "list", 3),
        "last": _M(lambda items: items[-1], "list"),
        "index": _M(list.index, "list"),
        "sum": _M(sum, "list"),
        "smallest": _M(min, "list"),
        "largest": _M(max, "list"),
        "sorted": _M(sorted, "list"),
        "fill": _M(lambda item, times: _repeat([item], times), "list", 3),
        "range": _M(_range, "list", 2),
        "range_step": _M(_range, "list", 2),
        "enumerate": _M(lambda items: list(enumerate(items)), "list", 2),
        "zip": _M(lambda one, other: list(zip(one, other)), "list", 2),
        "any": _M(any, "list", 2),
        "all": _M(all, "list", 2),
        # Tuples.
        "tuple": _M(lambda *items: items, "tuple"),
        "item_0": _M(operator.itemgetter(0), "tuple"),
        "item_1": _M(operator.itemgetter(1), "tuple"),
        "item_2": _M(operator.itemgetter(2), "tuple"),
        # Maps: `keys` and `items` are sorted by key; the order of `values` must not show.
        "get": _M(_get, "map"),
        "get_or": _M(dict.get, "map"),
        "has_key": _M(lambda items, key: key in items, "map"),
        "keys": _M(sorted, "map"),
        "items": _M(lambda items: sorted(items.items()), "map", 2),
        "values": _M(lambda items: list(items.values()), "map"),
        # Sets.
        "to_set": _M(set, "set"),
        "union": _M(operator.or_, "set"),
        "common": _M(operator.and_, "set"),
        "without": _M(operator.sub, "set"),
        # Optional values.
        "some": _M(lambda value: value, "optional", 3),
        "is_none": _M(lambda value: value is None, "optional", 3),
        "or_else": _M(lambda value, other: other if value is None else value, "optional", 3),
        "unwrap": _M(_unwrap, "optional", 3),
    }
)
"""Name -> meaning."""

LAZY = frozenset({"and", "or", "choose"})


def _set_at(items: list[Any], index: int, value: Any) -> None:
    _at(items, index)
    items[index] = value


def _remove(items: Any, key: Any) -> None:
    del items[key]


def _group(items: dict[Any, list[Any]], key: Any, value: Any) -> None:
    items.setdefault(key, []).append(value)


MUTATIONS: Mapping[str, Meaning] = MappingProxyType(
    {
        "append": _M(list.append, "list", 2),
        "prepend": _M(lambda items, value: items.insert(0, value), "list", 2),
        "set_at": _M(_set_at, "list"),
        "set_key": _M(dict.__setitem__, "map"),
        "remove_key": _M(_remove, "map"),
        "group": _M(_group, "map", 3),
        "insert": _M(set.add, "set"),
    }
)
"""Name -> meaning; the first operand is changed. `group` appends to the list that a key has."""

KINDS = tuple(
    dict.fromkeys(
        [
            *(meaning.kind for meaning in (*OPERATIONS.values(), *MUTATIONS.values())),
            *("loop", "function", "exception"),
        ]
    )
)
"""The kinds of operation that programs and reports are labelled with."""


def shows_alike(value: float) -> bool:
    """Whether all languages write a float by the same digits."""
    return (TINIEST < abs(value) < LARGEST_FLOAT) or (value == 0 and math.copysign(1, value) > 0)
