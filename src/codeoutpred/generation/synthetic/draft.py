"""A program being drawn: its names, its data, and blocks that statements are added to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from codeoutpred import ir
from codeoutpred.generation.synthetic.levels import Level
from codeoutpred.generation.synthetic.topics import Topic

NUMBER, WORD = ir.INT, ir.STR
NUMBERS, WORDS = ir.list_of(ir.INT), ir.list_of(ir.STR)
PAIR = ir.tuple_of(ir.STR, ir.INT)
PAIRS = ir.list_of(PAIR)
TABLE = ir.map_of(ir.STR, ir.INT)
GRID = ir.list_of(NUMBERS)
FLAG = ir.BOOL
LABELLED = ir.list_of(ir.tuple_of(ir.STR, ir.STR))
LETTERS = ir.map_of(ir.CHAR, ir.INT)
BUCKETS = ir.map_of(ir.INT, ir.INT)
GROUPS = ir.map_of(ir.STR, WORDS)
UNIQUE, UNIQUE_WORDS = ir.set_of(ir.INT), ir.set_of(ir.STR)


def number(value: int) -> ir.Literal:
    """An integer."""
    return ir.Literal(ir.INT, value)


def text(value: str) -> ir.Literal:
    """A text."""
    return ir.Literal(ir.STR, value)


def character(value: str) -> ir.Literal:
    """A character."""
    return ir.Literal(ir.CHAR, value)


class Draft:
    """The program as a whole: one random generator, one set of names, the functions so far."""

    def __init__(self, rng: random.Random, level: Level, topic: Topic) -> None:
        self.rng = rng
        self.level = level
        self.topic = topic
        self.functions: list[ir.Function] = []
        self._names: set[str] = set()

    def name(self, *candidates: str) -> str:
        """One of the candidates that is not in use, else one of them with a number."""
        free = [name for name in candidates if name not in self._names]
        chosen = self.rng.choice(free) if free else ""
        suffix = 2
        while not chosen:
            numbered = f"{candidates[0]}_{suffix}"
            chosen = numbered if numbered not in self._names else ""
            suffix += 1
        self._names.add(chosen)
        return chosen

    def variable(self, type: ir.Type, *candidates: str) -> ir.Variable:
        """A new variable."""
        return ir.Variable(type, self.name(*candidates))

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.rng.random() < share

    def pick(self, items: Sequence[Any]) -> Any:
        """One of the items."""
        return items[int(self.rng.random() * len(items))]

    def between(self, least: int, most: int) -> int:
        """An integer of the closed interval."""
        return least + int(self.rng.random() * (most - least + 1))

    # Data.

    def value(self, type: ir.Type) -> Any:
        """A value to start from, as a program of the topic would be given it."""
        if type is NUMBER:
            return self.between(2, (12, 40, 60, 90, 120)[self.level.number - 1])
        if type is WORD:
            return self.pick(self.topic.lines if self.chance(0.7) else self.topic.words)
        size = self.between(3, min(6, self.level.length - 1))
        if type is NUMBERS:
            most = (20, 30, 40, 99, 200)[self.level.number - 1]
            return [self.between(1 - self.chance(0.1) * 9, most) for _ in range(size)]
        if type is WORDS:
            return self.rng.choices(self.topic.words, k=size)
        if type is PAIRS:
            words = self.rng.choices(self.topic.words, k=min(size, 5))
            return [(word, self.between(1, 30)) for word in words]
        if type is TABLE:
            words = self.rng.sample(self.topic.words, k=min(size, 5))
            return {word: self.between(1, 50) for word in words}
        assert type is GRID
        width = self.between(2, 3)
        return [[self.between(0, 9) for _ in range(width)] for _ in range(self.between(2, 3))]

    def names_for(self, type: ir.Type) -> tuple[str, ...]:
        """How the topic calls a value of the type."""
        topic = self.topic
        if type is NUMBER:
            return (topic.numbers[0], topic.limit, f"base_{topic.numbers[0]}")
        if type is WORD:
            return (topic.text, topic.things[0], f"first_{topic.text}")
        if type is NUMBERS:
            return (topic.numbers[1], f"new_{topic.numbers[1]}")
        if type is WORDS:
            return (topic.things[1], f"all_{topic.things[1]}")
        if type is PAIRS:
            return (f"{topic.things[0]}_{topic.numbers[1]}", "entries", "records")
        if type is TABLE:
            return (topic.table, f"{topic.numbers[0]}_by_{topic.things[0]}")
        return ("grid", "matrix", "board")


class Block:
    """Statements being added one after the other, and the variables that they may use."""

    def __init__(self, draft: Draft, scope: Iterable[ir.Variable] = (), depth: int = 0) -> None:
        self.draft = draft
        self.scope = list(scope)
        self.depth = depth
        self.statements: list[ir.Statement] = []

    def inner(self, *variables: ir.Variable) -> Block:
        """A block inside of this one, with further variables."""
        return Block(self.draft, [*self.scope, *variables], self.depth + 1)

    def done(self) -> ir.Block:
        """The statements so far."""
        return tuple(self.statements)

    def add(self, statement: ir.Statement) -> None:
        """One more statement."""
        self.statements.append(statement)

    def let(self, value: ir.Expression, *names: str) -> ir.Variable:
        """Bind a new variable, called by one of the names."""
        target = self.draft.variable(value.type, *names)
        self.statements.append(ir.Assign(target, value))
        self.scope.append(target)
        return target

    def set(self, target: ir.Variable, value: ir.Expression) -> None:
        """Bind a variable anew."""
        self.statements.append(ir.Assign(target, value, new=False))

    def update(self, target: ir.Variable, name: str, value: ir.Expression) -> None:
        """`target = target OPERATION value`."""
        self.statements.append(ir.Update(target, name, value))

    def change(self, target: ir.Variable, name: str, *operands: ir.Expression) -> None:
        """Change a container in place."""
        self.statements.append(ir.Mutate(target, name, operands))

    def when(self, test: ir.Expression, body: Block, otherwise: Block | None = None) -> None:
        """A branch."""
        self.statements.append(ir.If(test, body.done(), otherwise.done() if otherwise else ()))

    def each(self, source: ir.Expression, body: Block, *names: ir.Variable) -> None:
        """A loop over items."""
        self.statements.append(ir.For(names, source, body.done()))

    def repeat(self, test: ir.Expression, body: Block) -> None:
        """A loop as long as the test holds."""
        self.statements.append(ir.While(test, body.done()))

    def visible(self, type: ir.Type) -> list[ir.Variable]:
        """The variables of a type."""
        return [variable for variable in self.scope if variable.type is type]
