"""Difficulty levels: what a synthetic program of each level may hold and do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from codeoutpred import ir
from codeoutpred.ir.meanings import shows_alike


class OutOfBoundsError(Exception):
    """A run left the bounds of its level; the program is drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The bounds of one difficulty level; every run of every program of the level keeps to them.

    `stages` is the least and greatest number of stages from the data to the answer; `nesting` the
    greatest depth of blocks in a function; `rounds` the greatest number of rounds of all loops
    together; `steps` the greatest number of steps of a trace; `calls` the greatest depth of
    calls; `integer` bounds the absolute value of every integer that is computed, `text` the
    length of every text and `length` the length of every list, map and set.
    """

    number: int
    stages: tuple[int, int]
    nesting: int
    rounds: int
    steps: int
    calls: int
    integer: int
    text: int
    length: int

    def check(self, type: ir.Type) -> Callable[[Any], None] | None:
        """What raises `OutOfBoundsError` for a value beyond the bounds; None where none can be."""
        if type is ir.INT:
            return self._check_integer
        if type is ir.STR:
            return self._check_text
        if type is ir.FLOAT:
            return _check_float
        return self._check_length if type.name in ("list", "map", "set") else None

    def _check_integer(self, value: int) -> None:
        if not -self.integer <= value <= self.integer:
            raise OutOfBoundsError("an integer too large")

    def _check_text(self, value: str) -> None:
        if len(value) > self.text:
            raise OutOfBoundsError("a text too long")

    def _check_length(self, value: Any) -> None:
        if len(value) > self.length:
            raise OutOfBoundsError("a container too long")


def _check_float(value: float) -> None:
    if not shows_alike(value):
        raise OutOfBoundsError("a float that languages write differently")


_BOUNDS = (
    # stages, nesting, rounds, steps, calls, integer, text, length
    ((1, 1), 0, 6, 16, 1, 9_999, 30, 8),
    ((1, 2), 2, 8, 30, 2, 99_999, 40, 8),
    ((2, 3), 3, 14, 56, 5, 99_999, 48, 10),
    ((3, 4), 3, 30, 110, 8, 999_999, 64, 14),
    ((4, 6), 4, 60, 220, 12, 99_999_999, 80, 20),
)
LEVELS: Mapping[int, Level] = MappingProxyType(
    {
        number: Level(
            number=number,
            stages=stages,
            nesting=nesting,
            rounds=rounds,
            steps=steps,
            calls=calls,
            integer=integer,
            text=text,
            length=length,
        )
        for number, (stages, nesting, rounds, steps, calls, integer, text, length) in enumerate(
            _BOUNDS, start=1
        )
    }
)
