"""Tables of texts: for the terminal and logs, for Markdown, for HTML.

>>> print(Table(title="t", columns=("", "n"), rows=(("a", "1"),)).markdown())
|  | n |
| :--- | ---: |
| a | 1 |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codeoutpred.pages.markup import safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A title, headings, rows of as many cells, and a line to read below; all text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def text(self) -> str:
        """The table in aligned columns: the first to the left, the others to the right."""
        widths = [
            max(len(row[at]) for row in (self.columns, *self.rows))
            for at in range(len(self.columns))
        ]
        rule = tuple("-" * width for width in widths)
        lines = [_aligned(row, widths) for row in (self.columns, rule, *self.rows)]
        return "\n".join([self.title, "", *lines, *(["", self.note] if self.note else [])])

    def markdown(self) -> str:
        """Headings and rows as a Markdown table, without title and note."""
        rule = (":---", *["---:"] * (len(self.columns) - 1))
        rows = [tuple(map(_markdown_cell, row)) for row in (self.columns, *self.rows)]
        return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:]))

    def html(self) -> str:
        """The whole table; every text in it is escaped."""
        head = _html_row(self.columns, "th")
        rows = "\n".join(_html_row(row, "td") for row in self.rows)
        note = f"\n<p>{safe(self.note)}</p>" if self.note else ""
        return (
            f'<div class="wide"><table>'
            f"\n<caption>{safe(self.title)}</caption>\n"
            f"<thead>\n{head}\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>{note}"
        )


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if at else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()


def _markdown_cell(cell: str) -> str:
    return " ".join(safe(cell).replace("|", "\\|").split())


def _html_row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{safe(cell)}</{tag}>' for cell in cells)}</tr>"
