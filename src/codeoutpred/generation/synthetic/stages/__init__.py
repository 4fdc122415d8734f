"""The stages that programs are composed of: each makes one value from another, with a purpose.

A stage is a function `(block, source) -> variable or expression` that adds its statements to the
block. `CATALOG` finds stages by the type they take.
"""

from codeoutpred.generation.synthetic.stages import (
    branches,
    errors,
    grids,
    lists,
    loops,
    maps,
    numbers,
    records,
    recursion,
    simulations,
    texts,
)
from codeoutpred.generation.synthetic.stages.catalog import CATALOG, Stage, stages_for

__all__ = [
    "CATALOG",
    "Stage",
    "branches",
    "errors",
    "grids",
    "lists",
    "loops",
    "maps",
    "numbers",
    "records",
    "recursion",
    "simulations",
    "stages_for",
    "texts",
]
