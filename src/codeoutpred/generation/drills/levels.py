"""Difficulty levels: what a synthetic program of each level may hold and do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The bounds of one difficulty level; every program of the level keeps to all of them.

    `statements` is the least and the greatest number of statements at the top of the program
    or of its function; `nesting` the greatest depth of blocks; `loop_steps` the greatest number
    of iterations a run may make in all; `trace_steps` the greatest number of steps of its trace;
    `integer` bounds the absolute value of every integer, `length` the length of every string,
    list, tuple and dictionary that ever exists.
    """

    number: int
    statements: tuple[int, int]
    nesting: int
    loop_steps: int
    trace_steps: int
    integer: int
    length: int

    def allows(self, value: Any) -> bool:
        """Whether a value, with all that it holds, is within the bounds."""
        if isinstance(value, bool):
            return True
        if isinstance(value, int):
            return abs(value) <= self.integer
        if isinstance(value, str):
            return len(value) <= self.length
        if isinstance(value, dict):
            return len(value) <= self.length and all(
                self.allows(key) and self.allows(item) for key, item in value.items()
            )
        if isinstance(value, (list, tuple)):
            return len(value) <= self.length and all(map(self.allows, value))
        return value is None


LEVELS: Mapping[int, Level] = MappingProxyType(
    {
        level.number: level
        for level in (
            Level(
                number=1,
                statements=(1, 2),
                nesting=0,
                loop_steps=0,
                trace_steps=6,
                integer=20,
                length=5,
            ),
            Level(
                number=2,
                statements=(2, 4),
                nesting=1,
                loop_steps=3,
                trace_steps=12,
                integer=99,
                length=6,
            ),
            Level(
                number=3,
                statements=(3, 5),
                nesting=1,
                loop_steps=5,
                trace_steps=20,
                integer=99,
                length=8,
            ),
            Level(
                number=4,
                statements=(4, 7),
                nesting=2,
                loop_steps=12,
                trace_steps=48,
                integer=999,
                length=12,
            ),
            Level(
                number=5,
                statements=(6, 10),
                nesting=3,
                loop_steps=30,
                trace_steps=120,
                integer=1_000_000,
                length=20,
            ),
        )
    }
)
