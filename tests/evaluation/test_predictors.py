"""Predictions from a file."""

from __future__ import annotations

import json

import pytest

from codeoutpred import Predictor
from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.predictors import FilePredictor
from codeoutpred.prompts import build_prompt


@pytest.fixture
def prompts(samples):
    return [build_prompt(sample, "direct") for sample in samples[:3]]


@pytest.fixture
def written(tmp_path):
    """(lines) -> a predictor over a file of them; a line that is no text is dumped as JSON."""

    def predictor(*lines, **options):
        path = tmp_path / "p.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts), encoding="utf-8")
        return FilePredictor(path, **options)

    return predictor


@pytest.fixture
def generations(tmp_path):
    """(text or object) -> a predictor over a file like CRUXEval's, and what it complains of."""

    def predictor(content, **options):
        path = tmp_path / "generations.json"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return FilePredictor(path, **options)

    return predictor


def row(sample_id, text):
    return {"id": sample_id, "prediction": text}


def test_predictions_come_in_the_order_of_the_prompts(prompts, written):
    predictor = written(row("s2", "c"), "", row("s0", "a"), row("s1", ""), "  ")
    assert isinstance(predictor, Predictor)
    predictions = list(predictor.predict(prompts))
    assert [(p.sample_id, p.text, p.answer) for p in predictions] == [
        ("s0", "a", "a"),
        ("s1", "", None),
        ("s2", "c", "c"),
    ]


def test_the_answer_is_extracted_by_the_prompts_format(samples, written):
    prompt = build_prompt(samples[0], "cot")
    (prediction,) = written(row("s0", "so: [ANSWER]5[/ANSWER]")).predict([prompt])
    assert prediction.answer == "5"


def test_a_line_separator_inside_a_text_does_not_end_the_line(prompts, written):
    line = json.dumps(row("s0", "a\u2028b\x85c"), ensure_ascii=False)
    (prediction,) = written(line).predict(prompts[:1])
    assert prediction.text == "a\u2028b\x85c"


def test_a_missing_id_is_named(prompts, written):
    predictor = written(row("s0", "a"), row("s2", "c"))
    with pytest.raises(InvalidValueError, match=r"p\.jsonl: 1 of 3 samples .*'s1'"):
        predictor.predict(prompts)


def test_an_unknown_id_is_named_with_its_line(prompts, written):
    predictor = written(row("s0", "a"), row("s1", "b"), "", row("s9", "c"), row("s2", "c"))
    with pytest.raises(InvalidValueError, match=r"p\.jsonl:4: id 's9'"):
        predictor.predict(prompts)


def test_a_duplicate_id_is_named_with_both_lines(written):
    with pytest.raises(InvalidValueError, match=r"p\.jsonl:3: id 's0' .* line 1"):
        written(row("s0", "a"), row("s1", "b"), row("s0", "c"))


@pytest.mark.parametrize(
    "line",
    [
        "{'id': 1}",
        '{"id": "s1", "prediction": "x"',
        "[" * 100_000,
        '"s1"',
        "null",
        '{"id": "s1"}',
        '{"id": 1, "prediction": "x"}',
        '{"id": "s1", "prediction": 3}',
        '{"id": "s1", "prediction": null}',
    ],
)
def test_a_line_that_cannot_be_used_is_named(line, written):
    with pytest.raises(InvalidValueError, match=r"p\.jsonl:2: ") as caught:
        written(row("s0", "a"), line)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidValueError, match=r"none\.jsonl: No such file"):
        FilePredictor(tmp_path / "none.jsonl")


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidValueError, match=r"p\.jsonl:1: not UTF-8"):
        FilePredictor(path)


def test_several_predictions_of_a_sample_stand_side_by_side(prompts, written):
    rows = [{"id": f"s{i}", "predictions": ["a", "b"]} for i in range(3)]
    predictor = written(*rows)
    assert predictor.predictions_per_sample == 2
    assert [p.sample_id for p in predictor.predict(prompts)] == ["s0", "s0", "s1", "s1", "s2", "s2"]


def test_what_cannot_be_used_is_told_line_by_line_and_the_rest_is_kept(prompts, written):
    problems = []
    predictor = written(
        row("s0", "a"),
        '{"id": "s1", "prediction": "x"',
        row("s0", "again"),
        row("s9", "who?"),
        {"id": "s1", "predictions": ["b", "c"]},
        {"id": "s2", "predictions": []},
        {"id": "s2", "prediction": "d", "predictions": ["d"]},
        complain=problems.append,
    )
    texts = [(p.sample_id, p.text) for p in predictor.predict(prompts)]
    assert texts == [("s0", "a"), ("s1", "b"), ("s2", "")]
    places = [problem.rpartition("p.jsonl:")[2].split(" ")[0] for problem in problems]
    assert places == ["2:", "3:", "6:", "7:", "4:", "5:", ""]
    assert not any("\n" in problem for problem in problems)
    assert "2 predictions, where most samples have 1" in problems[5]
    assert "1 of 3 samples have no prediction, the first is 's2'" in problems[6]


def test_too_few_predictions_are_filled_with_empty_ones(prompts, written):
    rows = [{"id": f"s{i}", "predictions": ["a", "b"][: 1 + (i > 0)]} for i in range(3)]
    predictions = list(written(*rows, complain=lambda _: None).predict(prompts))
    assert [p.text for p in predictions] == ["a", "", "a", "b", "a", "b"]


def test_a_file_for_other_samples_is_an_error_even_where_problems_are_passed_over(prompts, written):
    predictor = written(row("x", "a"), complain=lambda _: None)
    none = r"holds no prediction for any of the 3 samples asked for; .*p\.jsonl:1: id 'x' is none"
    with pytest.raises(InvalidValueError, match=none):
        predictor.predict(prompts)


@pytest.mark.parametrize("text", ["hello", '[{"id": "s0"}]', '{"s0": "a", "s1": "b"}', '{"id": 1}'])
def test_a_file_of_something_else_is_named_with_the_first_line_that_shows_it(
    prompts, generations, text
):
    predictor = generations(text, complain=lambda _: None)
    with pytest.raises(InvalidValueError, match=r"holds no prediction .*json:1: ") as caught:
        predictor.predict(prompts)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'{"id": "s0", "prediction": "a"}\n\xff\n')
    with pytest.raises(InvalidValueError, match=r"p\.jsonl:2: not UTF-8"):
        FilePredictor(path)


def test_ids_of_samples_left_out_are_no_problem(prompts, written):
    predictor = written(row("s0", "a"), row("s1", "b"), known=["s0", "s1"])
    assert [p.text for p in predictor.predict(prompts[:1])] == ["a"]


def test_answers_of_cruxevals_own_file_are_taken_as_they_are(samples, generations):
    prompts = [build_prompt(sample, "cot") for sample in samples[:2]]
    predictor = generations({"s1": ["c", "d"], "s0": ["a", " "]})
    assert [(p.sample_id, p.answer) for p in predictor.predict(prompts)] == [
        ("s0", "a"),
        ("s0", None),
        ("s1", "c"),
        ("s1", "d"),
    ]


def test_the_lines_of_an_object_are_counted(prompts, generations):
    problems = []
    text = '{\n "s0": ["a"],\n "s1":\n  ["b"],\n "s1": ["c"],\n "s2": [3]\n}'
    predictions = list(generations(text, complain=problems.append).predict(prompts))
    assert [p.text for p in predictions] == ["a", "b", ""]
    assert "json:5: id 's1' was given on line 3 before" in problems[0]
    assert "json:6: expected" in problems[1]


def test_an_object_that_is_cut_off_is_named_with_its_line(generations):
    with pytest.raises(InvalidValueError, match=r"generations\.json:3: not JSON"):
        generations('{\n "s0": ["a"],\n "s1": ["b"')
