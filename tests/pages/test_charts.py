"""Shares with intervals, key numbers, curves: well-formed, in proportion, readable as tables."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_html_pages import HOSTILE, Structure

from codeoutpred.pages import Curves, KeyNumbers, Section, Shares, corrected, html_page

FINITE = st.floats(-1e9, 1e9)
TWO = Shares(
    title="t",
    series=("a", "b"),
    rows=(("easy", "10", ((0.5, 0.25, 0.75), (0.9, None, None))),),
)


def page_of(text: str) -> str:
    row = (text, text, ((0.5, 0.4, 0.6), (None, None, None)))
    shares = Shares(title=text, series=(text, "b"), rows=(row,), note=text)
    curves = Curves(title=text, x=text, y=text, series=((text, ((0, 1), (1, 2))),), note=text)
    numbers = KeyNumbers(rows=((text, text, text),))
    return html_page(text, [Section(title=text, parts=(numbers, shares, curves), in_columns=True)])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_opens_no_tag_in_a_chart(text):
    harmless, hostile = Structure(page_of("text")), Structure(page_of(text))
    assert hostile.tags == harmless.tags
    assert hostile.open == []


def test_dots_and_whiskers_stand_where_their_numbers_say():
    drawn = TWO.html()
    assert re.findall(r'<circle cx="([\d.]+)%"', drawn) == ["50.00", "90.00"]
    assert 'x1="25.00%" x2="75.00%"' in drawn


def test_the_numbers_of_a_chart_can_be_read_without_its_drawing():
    shown = Structure(TWO.html()).text
    for text in ("easy", "10", "50.0", "90.0", "25–75"):
        assert text in shown


def test_a_single_series_needs_no_key():
    one = Shares(title="t", series=("only",), rows=(("easy", "1", ((0.5, None, None),)),))
    assert "only" not in one.html()


@given(points=st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=1000))
def test_curves_keep_within_their_frame(points):
    drawn = Curves(title="t", x="x", y="y", series=(("a", tuple(sorted(points))),)).html()
    line = re.search(r'points="([^"]*)"', drawn)
    numbers = [float(number) for number in re.split("[ ,]", line[1])]
    assert all(-0.01 <= number <= 100.01 for number in numbers)
    assert len(numbers) <= 2 * 402


def test_an_axis_has_round_numbers():
    drawn = Curves(title="t", x="x", y="y", series=(("a", ((0, 0.1), (1995, 3.2))),)).html()
    assert re.findall(r'text-anchor="middle">(\d+)<', drawn) == ["0", "500", "1000", "1500"]


@given(answer=st.text(), expected=st.text())
def test_a_corrected_answer_holds_both_texts(answer, expected):
    shown = Structure(corrected(answer, expected))
    assert shown.open == []
    if answer == expected:
        assert not shown.tags
