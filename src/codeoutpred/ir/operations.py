"""The operations of the intermediate language: what each does to the values of its operands.

The functions here are the meaning; renderers write the same in their language. Where one has no
meaning (see `codeoutpred.ir.meanings`) it raises, and no program is given out that does it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from codeoutpred.ir import meanings


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an operation does, the kind it is counted as, and the first level that has it."""

    compute: Callable[..., Any]
    kind: str
    level: int = 1


_M = Meaning
OPERATIONS: Mapping[str, Meaning] = MappingProxyType(
    {
        # Numbers: two integers, or two floats.
        "add": _M(operator.add, "arithmetic"),
        "sub": _M(operator.sub, "arithmetic"),
        "mul": _M(meanings.product, "arithmetic"),
        "negate": _M(meanings.negate, "arithmetic"),
        "absolute": _M(abs, "arithmetic"),
        "minimum": _M(min, "arithmetic"),
        "maximum": _M(max, "arithmetic"),
        # Integers: towards the lower neighbour, and towards zero.
        "power": _M(operator.pow, "arithmetic"),
        "floor_div": _M(meanings.dividing(operator.floordiv), "arithmetic"),
        "floor_mod": _M(meanings.dividing(operator.mod), "arithmetic"),
        "trunc_div": _M(
            meanings.dividing(lambda a, b: meanings.signed(a, abs(a) // b)), "arithmetic"
        ),
        "trunc_mod": _M(
            meanings.dividing(lambda a, b: meanings.signed(a, abs(a) % b)), "arithmetic"
        ),
        # Floats: a quotient of two integers or floats, cut to an integer, with so many decimals.
        "true_div": _M(meanings.dividing(operator.truediv), "float"),
        "truncate": _M(meanings.truncate, "float"),
        "fixed": _M(meanings.fixed, "float"),
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
        "split": _M(str.split, "string"),
        "join": _M(lambda items, separator: separator.join(items), "string"),
        "starts_with": _M(str.startswith, "string"),
        "ends_with": _M(str.endswith, "string"),
        "find": _M(meanings.find, "string"),
        "repeat": _M(meanings.repeat, "string"),
        "pad": _M(meanings.pad, "string"),
        "to_text": _M(str, "string"),
        "parse": _M(meanings.parse, "string"),
        "code": _M(ord, "string", 2),
        "from_code": _M(meanings.from_code, "string", 2),
        "is_digit": _M(str.isdigit, "string", 2),
        "is_letter": _M(str.isalpha, "string", 2),
        "is_upper": _M(str.isupper, "string", 2),
        # Texts and lists; `count` and `contains` look for a text in a text, or for an item.
        "length": _M(len, "list"),
        "at": _M(meanings.at, "list"),
        "slice": _M(meanings.slice_of, "list"),
        "concat": _M(operator.add, "list"),
        "reversed": _M(lambda items: items[::-1], "list"),
        "contains": _M(lambda items, item: item in items, "list"),
        "count": _M(meanings.count, "list"),
        # Lists.
        "list": _M(lambda *items: list(items), "list"),
        "copy": _M(list, "list", 3),
        "last": _M(lambda items: items[-1], "list"),
        "index": _M(list.index, "list"),
        "sum": _M(sum, "list"),
        "smallest": _M(min, "list"),
        "largest": _M(max, "list"),
        "sorted": _M(sorted, "list"),
        "fill": _M(lambda item, times: meanings.repeat([item], times), "list", 3),
        "range": _M(meanings.range_of, "list", 2),
        "range_step": _M(meanings.range_of, "list", 2),
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
        "get": _M(operator.getitem, "map"),
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
        "unwrap": _M(meanings.unwrap, "optional", 3),
    }
)
"""Name -> meaning."""

LAZY = frozenset({"and", "or", "choose"})


MUTATIONS: Mapping[str, Meaning] = MappingProxyType(
    {
        "append": _M(list.append, "list", 2),
        "prepend": _M(lambda items, value: items.insert(0, value), "list", 2),
        "set_at": _M(meanings.set_at, "list"),
        "set_key": _M(dict.__setitem__, "map"),
        "remove_key": _M(meanings.remove, "map"),
        "group": _M(meanings.group, "map", 3),
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
