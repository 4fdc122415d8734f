"""Stages over grids: rows of numbers, walked row by row and cell by cell."""

from __future__ import annotations

from codeoutpred import ir
from codeoutpred.generation.synthetic.draft import GRID, NUMBER, NUMBERS, Block, number
from codeoutpred.generation.synthetic.expressions import constant, holds, of_number
from codeoutpred.generation.synthetic.stages.catalog import stage
from codeoutpred.ir import operation as op


@stage(GRID, level=4, nesting=3, weight=3)
def sum_cells(block: Block, grid: ir.Variable) -> ir.Expression:
    draft = block.draft
    total = block.let(number(draft.between(0, 20)), "total", "area", "covered")
    row = draft.variable(NUMBERS, "row", "line_cells")
    cell = draft.variable(NUMBER, "cell", "height_here", "value_here")
    outer = block.inner(row)
    inner = outer.inner(cell)
    then, other = inner.inner(), inner.inner()
    then.update(total, draft.pick(("add", "sub")), of_number(then, cell))
    other.update(total, "add", constant(draft))
    inner.when(holds(inner, cell), then, other if draft.chance(0.5) else None)
    outer.each(row, inner, cell)
    block.each(grid, outer, row)
    return total


@stage(GRID, level=4, nesting=1, weight=3)
def row_results(block: Block, grid: ir.Variable) -> ir.Expression:
    draft = block.draft
    row = draft.variable(NUMBERS, "row", "line_cells")
    inner = block.inner()
    found = op(draft.pick(("sum", "largest", "smallest", "last")), row)
    made = of_number(inner, found)
    gathered = ir.Gather(NUMBERS, made, (row,), grid)
    return block.let(gathered, "per_row", "row_results", "peaks")


@stage(GRID, level=4, nesting=1)
def diagonal(block: Block, grid: ir.Variable) -> ir.Expression:
    draft = block.draft
    walked = block.let(ir.Literal(NUMBERS, []), "diagonal", "route_cells", "crossed")
    place = draft.variable(NUMBER, "i", "place", "k")
    loop = block.inner(place)
    loop.change(walked, "append", of_number(loop, op("at", op("at", grid, place), place)))
    block.each(op("range", number(0), number(2)), loop, place)
    return walked


@stage(GRID, level=4, nesting=2)
def columns(block: Block, grid: ir.Variable) -> ir.Expression:
    draft = block.draft
    columns = block.let(ir.Literal(NUMBERS, []), "columns", "column_totals")
    width = block.let(op("length", op("at", grid, number(0))), "width_of_row", "column_count")
    place = draft.variable(NUMBER, "column", "j")
    outer = block.inner(place)
    total = outer.let(op("fill", number(draft.between(0, 5)), number(1)), "so_far", "running_cells")
    row = draft.variable(NUMBERS, "row", "cells_of_row")
    inner = outer.inner(row)
    inner.change(total, "append", op("at", row, place))
    outer.each(grid, inner, row)
    outer.change(columns, "append", op("sum", total))
    block.each(op("range", number(0), width), outer, place)
    return columns


@stage(NUMBERS, level=3, nesting=1)
def bins(block: Block, items: ir.Variable) -> ir.Expression:
    """How many fall into each of a few bins."""
    draft = block.draft
    size = draft.between(2, 4)
    counts = block.let(op("fill", number(0), number(size)), "bins", "histogram", "slots")
    item = draft.variable(NUMBER, draft.topic.numbers[0], "value")
    loop = block.inner(item)
    place = loop.let(op("floor_mod", item, number(size)), "slot", "bin_number")
    grown = op("add", op("at", counts, place), draft.pick((number(1), item, constant(draft))))
    loop.change(counts, "set_at", place, grown)
    block.each(items, loop, item)
    return counts
