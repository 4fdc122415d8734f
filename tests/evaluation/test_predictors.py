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

    def predictor(*lines):
        path = tmp_path / "p.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts), encoding="utf-8")
        return FilePredictor(path)

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
    with pytest.raises(InvalidValueError, match=r"p\.jsonl is not UTF-8"):
        FilePredictor(path)
