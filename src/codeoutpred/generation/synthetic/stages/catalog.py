"""The catalog of stages, by the type that they take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import Block

Draw = Callable[[Block, ir.Variable], ir.Expression]


@dataclass(frozen=True, slots=True)
class Stage:
    """A way from a value to the next.

    `level` is the first that has it, `nesting` the depth of the blocks that it adds, `weight` how
    often it is drawn.
    """

    draw: Draw
    takes: ir.Type
    level: int
    nesting: int
    weight: int


CATALOG: list[Stage] = []


def stage(
    *takes: ir.Type, level: int = 1, nesting: int = 0, weight: int = 2
) -> Callable[[Draw], Draw]:
    """Enter a function into the catalog, for each of the types that it takes."""

    def enter(draw: Draw) -> Draw:
        CATALOG.extend(Stage(draw, type, level, nesting, weight) for type in takes)
        return draw

    return enter


@cache
def stages_for(type: ir.Type, level: int, nesting: int) -> tuple[Stage, ...]:
    """The stages that take a value of the type at a level, each as often as its weight says.

    Simple ones become rare as the level grows.
    """
    found: list[Stage] = []
    for one in CATALOG:
        if one.takes is type and one.level <= level and one.nesting <= nesting:
            easy = max(0, level - one.level - 1)
            found += [one] * max(1, one.weight * 2 - easy)
    return tuple(found)
