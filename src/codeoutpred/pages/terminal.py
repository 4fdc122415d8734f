"""Tables for a terminal, by rich; apart, so that nothing else here needs rich."""

from __future__ import annotations

import rich.box
import rich.table
from rich.text import Text

from codeoutpred.pages.tables import Table


def rich_table(table: Table) -> rich.table.Table:
    """The table for rich, folded between words where it is narrow; cells are never markup."""
    shown = rich.table.Table(
        title=Text(table.title),
        caption=Text(table.note),
        box=rich.box.SIMPLE,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for at, column in enumerate(table.columns):
        words = " ".join([column, *(row[at] for row in table.rows)]).split()
        widest = max((len(word) for word in words), default=1)
        shown.add_column(Text(column), justify="right" if at else "left", min_width=widest)
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown
