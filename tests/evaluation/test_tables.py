"""Tables of reports."""

from __future__ import annotations

import pytest

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.tables import breakdown_table, comparison_table


@pytest.fixture
def reports(samples, make_report):
    return [
        make_report("most frequent", samples, ["100"] * 6),
        make_report("trained", samples, [sample.answer for sample in samples]),
    ]


def test_the_comparison_has_a_row_a_report(reports):
    table = comparison_table(reports)
    assert table.title == "6 samples of 3 programs"
    assert [row[0] for row in table.rows] == ["most frequent", "trained"]
    row = dict(zip(table.columns, table.rows[1], strict=True))
    assert row["exact"].startswith("100.0 ±")
    assert row["reward"] == "10.00 ±0.00"
    assert row["loss"] == "-"
    assert row["harder"].startswith("100.0 ±")
    assert "on 3 samples" in table.note


def test_the_breakdown_has_a_row_a_group_and_a_column_a_report(reports):
    table = breakdown_table(reports, "difficulty")
    assert table.columns == ("difficulty", "n", "most frequent", "trained")
    assert [row[:2] for row in table.rows] == [("1", "2"), ("2", "2"), ("3", "2")]
    assert table.rows[0][2].startswith("50.0 ±")
    assert table.rows[2][2].startswith("0.0 ±")
    assert table.rows[2][3].startswith("100.0 ±")


def test_reports_on_other_samples_make_no_table(samples, make_report, reports):
    part = make_report("part", samples[1:], ["1"] * 5)
    for draw in (comparison_table, lambda given: breakdown_table(given, "kind")):
        with pytest.raises(InvalidValueError, match="differ in 1 samples"):
            draw([*reports, part])


def test_the_margin_is_the_longer_side_of_the_interval(reports):
    exact = reports[1].metrics.exact_accuracy
    shown = comparison_table(reports).rows[1][1]
    assert shown == f"100.0 ±{100 * (1 - exact.low):.1f}"
