from __future__ import annotations

import json
import math

import pytest
from data_toys import Bench, Fixed, Toys, fingerprint, make_program

from codeoutpred.data import DiversityReport, diversity_parts, diversity_tables, inspect_dataset
from codeoutpred.data.diversity import RANDOM_SAMPLES
from codeoutpred.errors import DatasetError, UnknownNameError
from codeoutpred.pages import html_page
from codeoutpred.records import Case

SPLITS = ("train", "validation", "test")


def inspect(bench: Bench, **options) -> DiversityReport:
    return inspect_dataset(bench.store, "d", bench.languages, **options)


@pytest.fixture
def report(bench: Bench) -> DiversityReport:
    bench.build(120, languages=("toy", "toy2"))
    return inspect(bench)


def test_samples_and_programs_are_those_of_the_manifest(bench: Bench, report) -> None:
    counts = bench.store.manifest("d").counts
    for field in ("samples", "programs"):
        total = sum(counts[split][field] for split in SPLITS)
        assert sum(getattr(found, field) for found in report.languages) == total
    assert [found.samples for found in report.languages] == [60, 60]


def test_a_tree_that_returns_with_other_arguments_counts_once(bench: Bench) -> None:
    source = "def f(x):\n    {name} = x * {factor}\n    return {name}"
    programs = [
        make_program(
            source.format(name="ab"[index % 2], factor=index // 2),
            index,
            kind="call",
            entry="f",
            cases=(Case(arguments=str(1000 + index)),),
        )
        for index in range(200)
    ]
    bench.build(60, generator=Fixed(programs))
    [found] = inspect(bench).languages
    taken = [s.source for split in SPLITS for s in bench.store.samples("d", split)]
    assert found.unique_trees == len(set(map(fingerprint, taken))) < found.programs == 60
    assert found.unique_tree_rate == found.unique_trees / 60
    assert found.near_duplicates >= 60 - found.unique_trees


def test_the_entropy_is_that_of_the_answers(bench: Bench) -> None:
    bench.build(32, generator=Fixed([make_program(f"print({i})", i) for i in range(500)]))
    [found] = inspect(bench).languages
    assert math.isclose(found.answer_entropy, 5.0)
    assert (found.distinct_answers, found.frequent_answers[0][1]) == (32, 1)


def test_one_answer_alone_has_no_entropy(bench: Bench) -> None:
    bench.build(1, generator=Fixed([make_program("print(5)", i) for i in range(50)]))
    [found] = inspect(bench).languages
    assert str(found.answer_entropy) == "0.0"
    assert found.frequent_answers == (("5", 1),)


def test_operations_are_counted_by_level(bench: Bench, report) -> None:
    found = report.languages[0]
    samples = [s for split in SPLITS for s in bench.store.samples("d", split)]
    calls = sum(s.kind == "call" and s.language == "toy" for s in samples)
    assert found.operations == {"list": {"2": calls}, "*": {"2": calls}}
    assert found.difficulty["2"] == calls


def test_every_distribution_counts_every_sample(report) -> None:
    for found in report.languages:
        for field in ("lines", "answer_chars", "steps", "dependent_statements"):
            numbers = getattr(found, field)
            assert sum(number for _, number in numbers.bins) == found.samples
            assert numbers.median <= numbers.percentile_95 <= numbers.largest


def test_long_answers_are_told_apart_though_only_their_beginning_is_shown(bench: Bench) -> None:
    texts = ["x" * 100 + str(index) for index in range(300)]
    programs = [make_program(f"print({text!r})", i) for i, text in enumerate(texts)]
    bench.build(20, generator=Fixed(programs))
    [found] = inspect(bench).languages
    assert found.distinct_answers == 20
    assert max(len(answer) for answer, _ in found.frequent_answers) < 100


def test_random_samples_are_of_the_dataset_and_hang_on_the_seed_alone(bench: Bench) -> None:
    bench.build(120)
    samples = [s for split in SPLITS for s in bench.store.samples("d", split)]
    one, again, other = (inspect(bench, seed=seed).random_samples for seed in (1, 1, 2))
    assert one == again != other
    assert len(set(one)) == RANDOM_SAMPLES
    assert set(one) <= set(samples)


def test_fewer_samples_than_are_shown_are_all_shown(bench: Bench) -> None:
    bench.build(3)
    assert len(inspect(bench).random_samples) == 3


def test_larger_datasets_have_only_some_programs_examined(bench: Bench, monkeypatch) -> None:
    monkeypatch.setattr("codeoutpred.data.diversity.MOST_PROGRAMS", 30)
    bench.build(120)
    [found] = inspect(bench).languages
    assert found.examined == math.ceil(found.programs / math.ceil(found.programs / 30))
    assert found.unique_tree_rate <= 1


def test_the_report_is_json_of_a_stated_format_and_comes_back(report) -> None:
    row = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert row["format"] == 1
    assert row["languages"][0]["lines"]["bins"][0] == list(report.languages[0].lines.bins[0])


def test_progress_ends_at_the_total(bench: Bench) -> None:
    bench.build(120)
    seen: list[tuple[int, int]] = []
    inspect(bench, progress=lambda *moved: seen.append(moved))
    assert seen[-1] == (120, 120)


def test_a_page_holds_every_table_plots_and_the_random_samples(report) -> None:
    page = html_page("d", diversity_parts(report))
    for table in diversity_tables(report):
        assert table.title in page
    assert page.count("<svg") == 7 * len(report.languages)
    for sample in report.random_samples:
        assert sample.id in page


def test_a_program_that_would_end_a_script_does_not_end_the_page(bench: Bench) -> None:
    programs = [make_program(f"print('</script><b>{i}')", i) for i in range(300)]
    bench.build(20, generator=Fixed(programs))
    page = html_page("d", diversity_parts(inspect(bench)))
    assert "<b>" not in page
    assert "&lt;/script&gt;&lt;b&gt;" in page


def test_what_cannot_be_inspected_is_named(bench: Bench) -> None:
    with pytest.raises(UnknownNameError, match="unknown dataset 'd'"):
        inspect(bench)
    bench.build(20)
    (bench.store.path("d") / "test.parquet").write_bytes(b"")
    with pytest.raises(DatasetError, match=r"test\.parquet is damaged"):
        inspect(bench)


def test_a_notebook_shows_the_tables_of_a_manifest(bench: Bench) -> None:
    shown = bench.build(60, generator=Toys())._repr_html_()
    for title in ("Samples by difficulty", "Samples by type of answer", "Sources", "Left out"):
        assert f"<caption>{title}</caption>" in shown
