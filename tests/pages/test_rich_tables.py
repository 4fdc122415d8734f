"""Tables for a terminal."""

from __future__ import annotations

import io

import pytest

from codeoutpred.pages import Table

rich_console = pytest.importorskip("rich.console")


def test_a_rich_table_shows_all_cells_and_reads_no_markup():
    from codeoutpred.pages.terminal import rich_table

    table = Table(title="[b]title", columns=("name", "n"), rows=(("[red]a", "1"),), note="[i]note")
    console = rich_console.Console(file=io.StringIO(), width=60)
    console.print(rich_table(table))
    shown = console.file.getvalue()
    for text in ("[b]title", "name", "[red]a", "1", "[i]note"):
        assert text in shown
