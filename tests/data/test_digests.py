"""How often texts were met, kept on disk."""

from __future__ import annotations

import resource

import pytest

from codeoutpred.data.digests import Digests
from codeoutpred.errors import StorageError


def test_texts_are_counted_by_all_of_their_parts() -> None:
    met = Digests()
    assert [met.add("a", "b"), met.add("a"), met.add("b"), met.add("a", "b")] == [0, 0, 0, 1]
    assert [met.count("a", "b"), met.count("a"), met.count("c"), met.count("\ud800")] == [
        2,
        1,
        0,
        0,
    ]


def test_two_tables_have_nothing_in_common() -> None:
    one, other = Digests(), Digests()
    one.add("a")
    assert other.count("a") == 0


def test_a_hundred_thousand_texts_take_hardly_any_memory() -> None:
    met = Digests()
    for number in range(20_000):
        met.add(str(number))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(20_000, 120_000):
        met.add(str(number))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < 3 * 1024**2
    assert met.count("19999") == met.count("119999") == 1


def test_a_disk_that_takes_no_more_is_one_clear_error() -> None:
    met = Digests()
    met._table.execute("PRAGMA max_page_count = 3")
    with pytest.raises(StorageError, match="TMPDIR"):
        for number in range(10_000):
            met.add(str(number))
