"""Bars, and the bins of a histogram."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from codeoutpred.pages import Bars, binned

COUNTS = st.dictionaries(st.integers(-(10**9), 10**9), st.integers(1, 1000), max_size=40)


def widths(bars: Bars) -> list[float]:
    return [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)%"', bars.html())]


def test_bars_are_in_proportion_to_the_longest():
    assert widths(Bars(title="t", rows=(("a", 5), ("b", 20), ("c", 0)))) == [25, 100, 0]


def test_bars_that_are_all_nothing_have_no_length():
    assert widths(Bars(title="t", rows=(("a", 0),))) == [0]


def test_no_bars_make_an_empty_chart():
    assert widths(Bars(title="t", rows=())) == []


def test_few_numbers_have_a_bin_each_and_gaps_are_kept():
    assert binned({2: 5, 4: 1}) == (("2", 5), ("3", 0), ("4", 1))


def test_wide_ranges_have_round_bins():
    assert binned({0: 1, 7: 2, 99: 3}, most=10) == (
        *[("0 to 9", 3)],
        *[(f"{low} to {low + 9}", 0) for low in range(10, 90, 10)],
        *[("90 to 99", 3)],
    )


@given(counts=COUNTS, most=st.integers(2, 30))
def test_bins_keep_every_number_and_are_not_too_many(counts, most):
    bins = binned(counts, most=most)
    assert sum(number for _, number in bins) == sum(counts.values())
    assert len(bins) <= most
