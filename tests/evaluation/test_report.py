"""Reports as files."""

from __future__ import annotations

import json

import pytest

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.report import (
    EvaluationReport,
    load_report,
    load_reports,
    reports_text,
    save_report,
)


@pytest.fixture
def report(samples, make_report):
    return make_report("tiny", samples, ["100", "bad", None, "é\u2028\ud800", "1", "105"])


def test_a_report_survives_its_dictionary(report):
    assert EvaluationReport.from_dict(json.loads(json.dumps(report.to_dict()))) == report


def test_a_report_survives_its_file(report, tmp_path):
    path = tmp_path / "new" / "tiny.json"
    save_report(report, path)
    assert load_report(path) == report


def test_saving_replaces_the_file_and_leaves_nothing_else(report, tmp_path):
    path = tmp_path / "tiny.json"
    path.write_text("old")
    save_report(report, path)
    assert load_report(path) == report
    assert list(tmp_path.iterdir()) == [path]


def test_saving_that_fails_leaves_the_old_file(report, tmp_path):
    target = tmp_path / "folder"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        save_report(report, target)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_the_file_holds_a_line_a_sample_and_each_source_once(report, tmp_path):
    save_report(report, tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["schema_version"] == 2
    assert found["sources"] == ["a = 1\nprint(a)\n"]
    assert sum(line.startswith('{"id": "s') for line in text.splitlines()) == 6
    assert found["samples"][1] == {
        "id": "s1",
        "program_id": "p0",
        "language": "python",
        "kind": "script",
        "status": "ok",
        "difficulty": 1,
        "answer_type": "text",
        "operations": ["assignment", "addition"],
        "harder": False,
        "source": 0,
        "entry": "",
        "arguments": "",
        "expected": "101",
        "predictions": [
            {
                "text": "bad",
                "answer": "bad",
                "match": "wrong",
                "similarity": 0.0,
                "reason": "expected 101, got bad",
                "reward": 0.0,
                "error": "value",
                "confidence": None,
                "clipped": False,
            }
        ],
        "nats": 0.0,
        "tokens": 0,
    }


def test_a_long_text_keeps_its_two_ends(make_sample, make_report):
    answer = "a" * 5000 + "b" * 5000
    report = make_report("r", [make_sample(answer="c" * 10_000)], [answer])
    [row] = report.samples
    [prediction] = row.predictions
    assert prediction.text.startswith("aaa") and prediction.text.endswith("bbb")
    assert "6000 characters left out" in prediction.text
    assert max(map(len, (prediction.text, prediction.answer, row.expected))) < 4100


def test_a_report_of_another_schema_is_refused(report, tmp_path):
    row = {**report.to_dict(), "schema_version": 99}
    path = tmp_path / "r.json"
    path.write_text(json.dumps(row, ensure_ascii=True))
    with pytest.raises(InvalidValueError, match=r"r\.json .*schema version 99"):
        load_report(path)


def test_several_reports_survive_one_file(report, tmp_path):
    path = tmp_path / "r.json"
    path.write_text(reports_text([report, report]))
    assert load_reports(path) == [report, report]
    with pytest.raises(InvalidValueError, match=r"r\.json holds 2 evaluation reports"):
        load_report(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema_version": 2}', '{"schema_version": 2, "metrics": 3}', "\xff"]
)
def test_a_file_that_is_no_report_is_named(text, tmp_path):
    path = tmp_path / "r.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InvalidValueError, match=r"r\.json is no evaluation report"):
        load_report(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidValueError, match="does not exist"):
        load_report(tmp_path / "none.json")
