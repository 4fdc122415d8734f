"""The command `inspect-dataset`."""

from __future__ import annotations

import pytest


def test_numbers_and_five_samples_are_printed(cli, home):
    done = cli("inspect-dataset", "small", "--output-dir", home)
    assert done.status == 0, done.err
    for text in ("unique trees", "near duplicates", "entropy of answers", "most frequent answers"):
        assert text in done.out
    assert done.out.count("\n=> ") == 5


def test_json_is_all_that_stands_on_standard_output(cli, home):
    row = cli("inspect-dataset", "small", "--output-dir", home, "--json").json
    assert (row["format"], row["name"]) == (1, "small")
    assert [found["samples"] for found in row["languages"]] == [60]
    assert len(row["random_samples"]) == 5


def test_the_page_is_written_beside_the_tables(cli, home, tmp_path):
    file = tmp_path / "new" / "report.html"
    done = cli("inspect-dataset", "small", "--output-dir", home, "--html", file)
    assert done.status == 0
    assert "unique trees" in done.out
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "culprit"),
    [
        (["smal"], "did you mean small?"),
        (["small", "--html", "."], "--html: . is a folder"),
        ([], "NAME"),
    ],
)
def test_what_cannot_be_inspected_is_wrong_usage(cli, home, words, culprit):
    done = cli("inspect-dataset", *words, "--output-dir", home)
    assert (done.status, done.out) == (2, "")
    assert culprit in done.err


def test_shares_of_generators_are_read(cli, tmp_path):
    done = cli("generate-data", "--generator", "synthetic=0", "--output-dir", tmp_path)
    assert (done.status, "0 is too small" in done.err) == (2, True)
    done = cli("generate-data", "--generator", "synthetic=2000", "--output-dir", tmp_path)
    assert (done.status, "1 to 1000" in done.err) == (2, True)
    done = cli("generate-data", "--generator", "synthetic", "corpsu", "--output-dir", tmp_path)
    assert (done.status, "unknown generator 'corpsu'" in done.err) == (2, True)
