"""Draws expressions and statements as source text, over variables whose values are known."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from codeoutpred.generation.drills.levels import Level

NAMES: dict[str, tuple[str, ...]] = {
    "int": (*"abcknxy", "total", "count", "price", "score", "size", "limit", "width"),
    "str": ("s", "t", "word", "text", "name", "label"),
    "list": ("items", "values", "nums", "row"),
    "words": ("words", "names", "parts"),
    "dict": ("ages", "stock", "prices"),
    "bool": ("found", "valid", "ready"),
    "tuple": ("pair", "point"),
}
"""The variable names of each type; the tokenizer of `tiny` holds each as one token."""

LOOP_NAMES = {"int": ("i", "j", "value", "item"), "str": ("ch",), "words": ("part", "entry")}
KEY_NAME = "key"
LOOP_VARIABLES = frozenset({KEY_NAME}.union(*LOOP_NAMES.values()))
FUNCTIONS = ("f", "g", "solve", "compute", "update", "combine", "process")

Scope = dict[str, Any]


def type_of(value: Any) -> str:
    """The grammar's type of a value; lists of strings are `words`."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return "words"
    return type(value).__name__


class Grammar:
    """Draws source text within a level; every choice comes from the one random generator."""

    def __init__(self, rng: random.Random, level: Level) -> None:
        self.rng = rng
        self.level = level

    # Names and literals.

    def fresh_name(self, kind: str, scope: Scope) -> str | None:
        """A name of the type that is not in use, or None where all are."""
        free = [name for name in NAMES[kind] if name not in scope]
        return self.rng.choice(free) if free else None

    def names(self, kind: str, scope: Scope) -> list[str]:
        """The variables of a type; empty texts and containers are left alone."""
        return [
            name
            for name, value in scope.items()
            if type_of(value) == kind and (value or isinstance(value, int))
        ]

    def recent(self, names: Sequence[str]) -> str:
        """One of the names, the later the likelier: answers should rest on what was computed."""
        return self.rng.choices(names, weights=range(1, 2 * len(names), 2))[0]

    def integer(self) -> int:
        """A literal integer: mostly small, sometimes up to half the level's bound."""
        bound = min(self.level.integer, 10) if self.rng.random() < 0.6 else self.level.integer // 2
        return self.rng.randint(self.rng.random() < 0.8, max(2, min(bound, 500)))

    def text(self) -> str:
        """A pronounceable word."""
        length = self.rng.randint(2, min(5, self.level.length - 1))
        sounds = ["aeiou", "bcdfghklmnprstvz"]
        first = self.rng.randrange(2)
        return "".join(self.rng.choice(sounds[(first + i) % 2]) for i in range(length))

    def literal(self, kind: str) -> Any:
        """A value of the type."""
        size = self.rng.randint(2, min(4, self.level.length - 1))
        if kind == "int":
            return self.integer()
        if kind == "str":
            return self.text()
        if kind == "list":
            return [self.integer() for _ in range(size)]
        if kind == "words":
            return [self.text()[:3] for _ in range(min(size, 3))]
        if kind == "dict":
            return {self.text()[:2]: self.integer() for _ in range(min(size, 3))}
        if kind == "tuple":
            return tuple(self.integer() for _ in range(2))
        return self.rng.random() < 0.5

    # Expressions.

    def expression(self, kind: str, scope: Scope, depth: int = 1) -> str | None:
        """An operation that gives a value of the type; None where the scope offers none."""
        draw: Callable[[Scope, int], str | None] = getattr(self, f"_{kind}_expression")
        return draw(scope, depth)

    def operand(self, kind: str, scope: Scope, depth: int = 1) -> str:
        """A variable of the type, a literal, or with `depth` left a nested operation."""
        if depth > 1 and self.rng.random() < 0.4:
            nested = self.expression(kind, scope, depth - 1)
            if nested is not None:
                return f"({nested})" if kind == "int" and " " in nested else nested
        names = self.names(kind, scope)
        if names and self.rng.random() < 0.85:
            return self.recent(names)
        return repr(self.literal(kind))

    def other_operand(self, kind: str, name: str, scope: Scope) -> str:
        """An operand that is seldom `name` itself."""
        others = {other: value for other, value in scope.items() if other != name}
        return self.operand(kind, scope if self.rng.random() < 0.1 else others)

    def two_integers(self, scope: Scope, depth: int = 1) -> tuple[str, str]:
        """Two operands, not both literal where there is a variable, seldom the same one."""
        names = self.names("int", scope)
        first = self.recent(names) if names else self.operand("int", scope)
        second = self.operand("int", scope, depth)
        if second == first and self.rng.random() < 0.8:
            second = repr(self.integer())
        return (first, second) if self.rng.random() < 0.6 else (second, first)

    def _int_expression(self, scope: Scope, depth: int) -> str | None:
        draws: list[Callable[[], str]] = []
        if self.names("int", scope):
            draws += [lambda: self._arithmetic(scope, depth)] * 3
            if self.level.number > 1:
                draws.append(lambda: self._extreme(scope))
        for kind, draw in (
            ("list", self._int_from_list),
            ("str", self._int_from_text),
            ("dict", self._int_from_dict),
            ("tuple", self._int_from_tuple),
        ):
            if names := self.names(kind, scope):
                draws.append(partial(self._on_recent, draw, names, scope))
        return self.rng.choice(draws)() if draws else None

    def _on_recent(
        self, draw: Callable[[str, Scope], str], names: Sequence[str], scope: Scope
    ) -> str:
        return draw(self.recent(names), scope)

    def _arithmetic(self, scope: Scope, depth: int) -> str:
        operator = self.rng.choices(["+", "-", "*", "//", "%"], weights=[4, 4, 3, 1, 1])[0]
        if operator in ("//", "%"):
            return f"{self.operand('int', scope, depth)} {operator} {self.rng.randint(2, 9)}"
        first, second = self.two_integers(scope, depth)
        return f"{first} {operator} {second}"

    def _extreme(self, scope: Scope) -> str:
        name = self.rng.choice(["max", "min", "abs"])
        first, second = self.two_integers(scope)
        return f"abs({first} - {second})" if name == "abs" else f"{name}({first}, {second})"

    def _int_from_list(self, name: str, scope: Scope) -> str:
        values = scope[name]
        index = self.rng.randrange(-1, len(values))
        return self.rng.choice(
            [
                f"{name}[{index}]",
                f"{name}[{index}]",
                f"len({name})",
                f"sum({name})",
                f"max({name})",
                f"min({name})",
                f"{name}.count({self.rng.choice(values)})",
            ]
        )

    def _int_from_text(self, name: str, scope: Scope) -> str:
        letter = self.rng.choice(scope[name]) if scope[name] else "a"
        return self.rng.choice(
            [f"len({name})", f"{name}.count({letter!r})", f"{name}.find({letter!r})"]
        )

    def _int_from_dict(self, name: str, scope: Scope) -> str:
        key = self.rng.choice(list(scope[name]))
        missing = self.text()[:2]
        return self.rng.choice(
            [
                f"{name}[{key!r}]",
                f"{name}[{key!r}] + {self.operand('int', scope)}",
                f"{name}.get({missing!r}, {self.operand('int', scope)})",
                f"len({name})",
            ]
        )

    def _int_from_tuple(self, name: str, scope: Scope) -> str:
        index = self.rng.randrange(len(scope[name]))
        return f"{name}[{index}] {self.rng.choice('+-')} {self.operand('int', scope)}"

    def _str_expression(self, scope: Scope, depth: int) -> str | None:
        draws: list[Callable[[], str]] = []
        if names := self.names("str", scope):
            name = self.recent(names)
            size = len(scope[name])
            start = self.rng.randrange(max(1, size - 1))
            old = self.rng.choice(scope[name]) if size else "a"
            draws += [
                lambda: f"{name} + {self.operand('str', scope)}",
                lambda: f"{self.operand('str', scope)} + {name}",
                lambda: f"{name}.upper()",
                lambda: f"{name}[::-1]",
                lambda: f"{name}[{start}]",
                lambda: f"{name}[{self.rng.choice([f'{start}:', f':{start + 1}'])}]",
                lambda: f"{name}.replace({old!r}, {self.text()[0]!r})",
                lambda: f"{name} * {self.rng.randint(2, 3)}",
            ]
        if names := self.names("words", scope):
            words = self.recent(names)
            index = self.rng.randrange(-1, len(scope[words]))
            draws += [lambda: f"{words}[{index}]", lambda: f"'-'.join({words})"]
        if ints := self.names("int", scope):
            number = self.recent(ints)
            draws.append(lambda: f"str({number}) + {self.operand('str', scope)}")
            if texts := self.names("str", scope):
                draws.append(lambda: f"f'{{{self.recent(texts)}}}-{{{number}}}'")
        return self.rng.choice(draws)() if draws else None

    def _list_expression(self, scope: Scope, depth: int) -> str | None:
        pair = f"[{self.operand('int', scope)}, {self.operand('int', scope)}]"
        draws = [pair]
        if names := self.names("list", scope):
            name = self.recent(names)
            size = len(scope[name])
            start = self.rng.randrange(max(1, size - 1))
            draws += [
                f"{name} + [{self.operand('int', scope)}]",
                f"{name}[::-1]",
                f"{name}[{start}:]",
                f"{name}[:{start + 1}]",
                f"sorted({name})",
                f"{name} + {self.operand('list', scope)}",
            ]
            if self.level.loop_steps:
                draws += [self._comprehension(name, scope)] * 2
        return self.rng.choice(draws)

    def _comprehension(self, name: str, scope: Scope) -> str:
        item = self.rng.choice([n for n in LOOP_NAMES["int"] if n not in scope] or ["item"])
        made = self.rng.choice([f"{item} {self.rng.choice('+-*')} {self.operand('int', scope)}"])
        if self.rng.random() < 0.5:
            test = f"{item} {self.rng.choice(['>', '<', '!='])} {self.rng.choice(scope[name])}"
            return f"[{self.rng.choice([item, made])} for {item} in {name} if {test}]"
        return f"[{made} for {item} in {name}]"

    def _words_expression(self, scope: Scope, depth: int) -> str | None:
        draws = []
        if names := self.names("words", scope):
            name = self.recent(names)
            draws += [
                f"sorted({name})",
                f"{name}[::-1]",
                f"{name} + [{self.operand('str', scope)}]",
            ]
        if names := self.names("dict", scope):
            draws.append(f"sorted({self.recent(names)})")
        if names := self.names("str", scope):
            draws.append(f"[{self.recent(names)}, {self.operand('str', scope)}]")
        return self.rng.choice(draws) if draws else None

    def _dict_expression(self, scope: Scope, depth: int) -> str | None:
        keys = sorted({self.text()[:2] for _ in range(2)})
        return "{" + ", ".join(f"{key!r}: {self.operand('int', scope)}" for key in keys) + "}"

    def _tuple_expression(self, scope: Scope, depth: int) -> str | None:
        return f"({self.operand('int', scope)}, {self.operand('int', scope, depth)})"

    def _bool_expression(self, scope: Scope, depth: int) -> str | None:
        test = self.comparison(scope)
        flags = self.names("bool", scope)
        if flags and self.rng.random() < 0.5:
            flag = self.recent(flags)
            draws = [f"not {flag}"]
            if test:
                draws += [f"{flag} and {test}", f"{flag} or {test}"]
            return self.rng.choice(draws)
        return test

    def comparison(self, scope: Scope) -> str | None:
        """A comparison with a variable in it, or a test of membership."""
        draws = []
        if self.names("int", scope):
            first, second = self.two_integers(scope)
            draws += [f"{first} {self.rng.choice(['<', '>', '==', '<=', '!='])} {second}"] * 3
        if names := self.names("list", scope):
            name = self.recent(names)
            draws.append(f"{self.operand('int', scope)} in {name}")
            draws.append(f"len({name}) > {self.rng.randint(1, 4)}")
        if names := self.names("str", scope):
            name = self.recent(names)
            draws.append(f"{self.rng.choice([self.text()[0], *scope[name]])!r} in {name}")
        return self.rng.choice(draws) if draws else None
