"""Tables as text, Markdown and HTML."""

from __future__ import annotations

from codeoutpred.pages import Table

ODD = Table(title="<t>", columns=("", "n"), rows=(("a|b\n<i>", "1"),), note="& so on")


def test_text_columns_are_aligned():
    table = Table(title="t", columns=("", "n"), rows=(("a", "10"), ("long", "5")), note="done")
    assert table.text() == "t\n\n       n\n----  --\na     10\nlong   5\n\ndone"


def test_a_markdown_cell_can_neither_end_its_row_nor_hold_tags():
    assert ODD.markdown().splitlines() == ["|  | n |", "| :--- | ---: |", "| a\\|b &lt;i&gt; | 1 |"]


def test_all_texts_of_an_html_table_are_escaped():
    shown = ODD.html()
    for text in ("&lt;t&gt;", "&lt;i&gt;", "&amp; so on"):
        assert text in shown


def test_a_table_without_rows_has_its_headings():
    table = Table(title="t", columns=("reason", "n"), rows=())
    assert table.markdown() == "| reason | n |\n| :--- | ---: |"
    assert table.text().splitlines()[2] == "reason  n"
