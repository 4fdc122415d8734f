"""A page is one well-formed file that loads and runs nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.pages import Bars, Listing, Table, html_page

HOSTILE = (
    "</script><script>alert(1)</script>",
    "</pre></svg></table>",
    "<img src=http://example.org/x onerror=alert(1)>",
    "&lt;b&gt; \x00\x1b[31m \u2028 漢 😀 \" '",
)
VOID = {"meta", "rect", "br"}


class Structure(HTMLParser):
    """The open tags, the names of all tags, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def page_of(text: str) -> str:
    return html_page(
        text,
        [
            Table(title=text, columns=(text, "n"), rows=((text, "1"),), note=text),
            Bars(title=text, rows=((text, 2),), note=text),
            Listing(title=text, text=text),
        ],
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_opens_no_tag(text):
    harmless, hostile = Structure(page_of("text")), Structure(page_of(text))
    assert hostile.tags == harmless.tags
    assert hostile.open == []
    assert text.splitlines()[0][:9] in hostile.text


@given(text=st.text())
def test_no_text_breaks_the_page_or_leaves_a_control_character(text):
    page = page_of(text)
    assert Structure(page).open == []
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", page)


def test_a_page_asks_the_network_for_nothing():
    page = page_of("text")
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)\s*=|url\(|@import", page)


def test_a_page_has_a_dark_mode_and_fits_narrow_screens():
    page = page_of("text")
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport" content="width=device-width' in page
