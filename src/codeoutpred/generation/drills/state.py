"""The state of a run: variables with their provenance, the trace, the output, and the bounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from codeoutpred.generation.drills.levels import Level


class OutOfBoundsError(Exception):
    """The run left the bounds of its level, or raised."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value (never changed in place), the lines it was computed from, and whether an operation
    made it."""

    value: Any
    lines: frozenset[int]
    computed: bool


@dataclass(slots=True)
class Term:
    """An evaluated expression: its value, how the trace spells it, whether it is a bare literal.

    `written` tells that the last step of the trace already ends in the receiving name and value.
    """

    value: Any
    text: str
    literal: bool = False
    written: bool = False


@dataclass(slots=True)
class Uses:
    """What the expression under way has used so far."""

    lines: set[int] = field(default_factory=set)
    computed: bool = False


class Run:
    """Variables, trace and output of one run, and what its answer rests on."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.trace: list[str] = []
        self.operations: set[str] = set()
        self.output: list[str] = []
        self.loop_steps = 0
        self.answer_uses = Uses()
        self._variables: dict[str, Variable] = {}
        self._uses = Uses()
        self._control: list[Uses] = []
        self._line = 0

    def variables(self) -> dict[str, Any]:
        """The variables in scope and their values, in the order of their first assignment."""
        return {name: variable.value for name, variable in self._variables.items()}

    def is_computed(self, name: str) -> bool:
        """Whether an operation, and not just a literal, made the value of `name`."""
        return self._variables[name].computed

    @property
    def dependent_statements(self) -> int:
        """How many statements the answer was computed from; 0 where it is a copied literal."""
        return len(self.answer_uses.lines) if self.answer_uses.computed else 0

    def _assign(self, name: str, value: Any, line: int) -> None:
        self._check(value)
        lines, computed = self._uses.lines | {line}, self._uses.computed
        for block in self._control:
            lines |= block.lines
            computed |= block.computed
        self._variables[name] = Variable(value, frozenset(lines), computed)

    def _answer(self) -> None:
        self.answer_uses.lines |= self._uses.lines
        self.answer_uses.computed |= self._uses.computed
        for block in self._control:
            self.answer_uses.lines |= block.lines

    @contextmanager
    def _controlled(self, line: int) -> Iterator[None]:
        """Whatever is assigned inside depends on the line of the block and on its condition."""
        self._uses.lines.add(line)
        self._control.append(self._uses)
        yield
        self._control.pop()

    def _count(self, kind: str) -> None:
        self._uses.computed = True
        self.operations.add(kind)

    def _count_loop_step(self) -> None:
        self.loop_steps += 1
        if self.loop_steps > self.level.loop_steps:
            raise OutOfBoundsError("too many loop steps")

    def _check(self, value: Any) -> None:
        if not self.level.allows(value):
            raise OutOfBoundsError("a value too large")

    def _spell(self, name: str) -> str:
        return f"{name}{self._variables[name].value!r}"

    def _step(self, text: str) -> None:
        self.trace.append(f"{self._line}|{text}")
        if len(self.trace) > self.level.trace_steps:
            raise OutOfBoundsError("too many steps")
