"""Benchmarks of others, read from local files."""

from __future__ import annotations

import json

import pytest

from codeoutpred.errors import InvalidValueError, UnknownNameError
from codeoutpred.evaluation.benchmarks import load_benchmark

ROW = {"id": "sample_0", "code": "def f(a, b):\n    return {a: b}", "input": "1, 'x'"}


@pytest.fixture
def load(tmp_path, builtin_plugins):
    """Lines -> the samples of a file with those lines."""

    def read(*lines: object, name: str = "cruxeval", **options):
        file = tmp_path / "cruxeval.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        file.write_text("\n".join(texts), encoding="utf-8")
        return load_benchmark(name, file, languages=builtin_plugins.languages, **options)

    return read


def test_a_line_of_cruxeval_becomes_a_call(load):
    [sample] = load({**ROW, "output": "{1: 'x'}"})
    assert (sample.kind, sample.entry, sample.language) == ("call", "f", "python")
    assert (sample.id, sample.source) == ("sample_0", ROW["code"])
    assert (sample.arguments, sample.answer) == ("1, 'x'", "{1: 'x'}")
    assert sample.answer_type == "dict"


def test_empty_lines_are_passed_over_and_order_is_kept(load):
    rows = [{**ROW, "id": name, "output": "1"} for name in ("b", "a")]
    assert [sample.id for sample in load(rows[0], "", rows[1], "")] == ["b", "a"]


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("{", "not JSON"),
        ("[]", "expected a JSON object"),
        (ROW, "expected an object"),
        ({**ROW, "output": 1}, "expected an object"),
        ({**ROW, "output": "f(1)"}, "no Python literal"),
        ({**ROW, "id": "first", "output": "1"}, "'first' was given before"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(load, line, culprit):
    with pytest.raises(InvalidValueError, match=f"cruxeval.jsonl:2: .*{culprit}"):
        load({**ROW, "id": "first", "output": "1"}, line)


def test_a_file_without_samples_is_an_error(load):
    with pytest.raises(InvalidValueError, match="holds no samples"):
        load("")


def test_a_missing_file_is_named(tmp_path, builtin_plugins):
    with pytest.raises(InvalidValueError, match="nowhere"):
        load_benchmark("cruxeval", tmp_path / "nowhere", languages=builtin_plugins.languages)


def test_a_folder_in_the_layout_of_the_hub_is_read_as_well(tmp_path, builtin_plugins, monkeypatch):
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "cruxeval"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    rows = [{**ROW, "id": f"sample_{at}", "output": str(at)} for at in range(3)]
    (folder / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    samples = load_benchmark("cruxeval", folder, languages=builtin_plugins.languages)
    assert [(sample.id, sample.answer) for sample in samples] == [
        ("sample_0", "0"),
        ("sample_1", "1"),
        ("sample_2", "2"),
    ]


def test_an_unknown_benchmark_is_named_with_near_ones(load):
    with pytest.raises(UnknownNameError, match="did you mean cruxeval"):
        load({**ROW, "output": "1"}, name="cruxevl")


def test_the_function_may_have_another_name(load):
    assert load({**ROW, "output": "1"}, entry="solve")[0].entry == "solve"
