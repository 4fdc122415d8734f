"""The types of the intermediate language, and the Python values that stand for theirs.

Integers are `int`, booleans `bool`, floats `float`, texts and characters `str` (ASCII), lists
`list`, pairs and longer tuples `tuple`, maps `dict`, sets `set`, an optional value is the value or
`None`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Type:
    """A type by its name and the types it is made of; made by the functions below alone."""

    name: str
    arguments: tuple[Type, ...] = ()

    @property
    def element(self) -> Type:
        """What a list, a set or an optional value holds; the values of a map."""
        return self.arguments[-1]


INT, BOOL, FLOAT, STR, CHAR = (Type(name) for name in ("int", "bool", "float", "str", "char"))
"""`char` is a text of one character, apart for the languages that tell it apart."""
SCALARS = (INT, BOOL, FLOAT, STR, CHAR)
KEYS = (INT, STR, CHAR)
"""What may be a key of a map, a member of a set, looked for in a list, or sorted."""


@cache
def list_of(element: Type) -> Type:
    """Changed in place; never bound to two names."""
    return Type("list", (element,))


@cache
def tuple_of(*elements: Type) -> Type:
    """Two or three values, never changed."""
    return Type("tuple", elements)


@cache
def map_of(key: Type, value: Type) -> Type:
    """Shown in the order of insertion or of keys, as the language has it; walked by sorted keys."""
    return Type("map", (key, value))


@cache
def set_of(element: Type) -> Type:
    """Its order is never seen: it is sorted before it is walked or shown."""
    return Type("set", (element,))


@cache
def optional_of(element: Type) -> Type:
    """A value or nothing."""
    return Type("optional", (element,))
