"""Tables as one small HTML page that needs nothing else: no scripts, no files, no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from codeoutpred.evaluation.tables import Table

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
div { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0 }
caption { font-weight: bold; text-align: left }
th, td { border-bottom: 1px solid #8885; padding: 0.3rem 0.8rem; text-align: right }
th:first-child, td:first-child { text-align: left }
p { color: #666; max-width: 48rem; white-space: pre-line }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } p { color: #aaa } }
"""


def html_page(title: str, tables: Sequence[Table]) -> str:
    """The page; every text in it is escaped."""
    body = "\n".join(_table(table) for table in tables)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _table(table: Table) -> str:
    head = _row(table.columns, "th")
    rows = "\n".join(_row(row, "td") for row in table.rows)
    note = f"\n<p>{escape(table.note)}</p>" if table.note else ""
    return (
        f"<div><table>\n<caption>{escape(table.title)}</caption>\n"
        f"<thead>\n{head}\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>{note}"
    )


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
