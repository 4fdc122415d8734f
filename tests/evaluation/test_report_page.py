"""The page of reports: its figures say what the reports say, its data is every prediction."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.page import report_page
from codeoutpred.evaluation.training_curves import run_curves, training_curves

ANSWERS = ["100", "101", "102", "3", None, "106"]


def data_of(page: str) -> dict:
    [text] = re.findall(r'id="predictions-data">(.*?)</script>', page, re.S)
    return json.loads(text)


def test_a_page_holds_every_prediction_with_its_question(make_report, samples):
    data = data_of(report_page("t", [make_report("some", samples, ANSWERS)]))
    assert data["models"] == ["some"]
    assert data["samples"]["expected"] == [sample.answer for sample in samples]
    assert data["predictions"][0]["answer"] == ANSWERS
    assert data["predictions"][0]["match"][:3] == ["exact"] * 3
    assert data["programs"] == [samples[0].source]


def test_reports_in_another_order_stand_beside_the_same_samples(make_report, samples):
    first = make_report("first", samples, ANSWERS)
    second = make_report("second", samples[::-1], [sample.answer for sample in samples[::-1]])
    data = data_of(report_page("t", [first, second]))
    assert data["predictions"][1]["sample"] == [5, 4, 3, 2, 1, 0]


def test_figures_show_groups_rewards_mistakes_and_accuracy(make_report, samples):
    page = report_page("t", [make_report("some", samples, ANSWERS)])
    for title in ("by difficulty", "by operation", "Rewards", "Kinds of mistakes"):
        assert title in page
    assert "<strong>50.0 %</strong>" in page
    assert "by language" not in page  # there is but one
    assert "Calibration" not in page  # nothing is known of confidence


def test_a_page_says_what_to_cite(make_report, samples):
    page = report_page("t", [make_report("some", samples, ANSWERS)])
    assert "<h2>To cite</h2>" in page
    assert "<td>ValueVerifier(close_threshold=0.6)</td>" in page


def test_confidence_gives_a_figure_of_calibration(make_report, samples):
    report = make_report("some", samples, ANSWERS)
    rows = [
        dataclasses.replace(
            sample,
            predictions=tuple(
                dataclasses.replace(row, confidence=0.25) for row in sample.predictions
            ),
        )
        for sample in report.samples
    ]
    known = type(report).of("sure", rows, report.sources, {})
    page = report_page("t", [known])
    assert "expected calibration error 0.250" in page


def test_many_different_rewards_come_in_bins(make_report, samples):
    questions = [dataclasses.replace(samples[0], id=f"q{at}", program_id=f"q{at}")
                 for at in range(40)]  # fmt: skip
    lengths = iter(range(40))
    report = make_report("t", questions, ["5"] * 40, reward=lambda *_: float(next(lengths)) or None)
    page = report_page("t", [report])
    assert "not judged" in page
    assert len(re.findall(r'scope="row">[\d.]+ to [\d.]+<', page)) <= 10


def test_reports_on_other_samples_share_no_page(make_report, samples):
    reports = [make_report("a", samples, ANSWERS), make_report("b", samples[:5], ANSWERS[:5])]
    with pytest.raises(InvalidValueError, match="differ in 1 samples"):
        report_page("t", reports)


def test_a_notebook_shows_metrics_with_intervals_and_groups(make_report, samples):
    shown = make_report("<some>", samples, ANSWERS)._repr_html_()
    for text in ("&lt;some&gt;", "50.0 %", "95 % interval", "by difficulty"):
        assert text in shown


def test_the_log_of_a_training_becomes_curves(tmp_path):
    log = tmp_path / "checkpoints" / "supervised" / "training_log.jsonl"
    log.parent.mkdir(parents=True)
    rows = [{"step": step, "loss": 1 / step, "kl": float("nan")} for step in range(1, 9)]
    rows += [{"step": 4, "eval_loss": 0.5}, {"step": 8, "eval_loss": 0.4}, {"train_runtime": 3}]
    log.write_text("".join(json.dumps(row) + "\n" for row in rows))
    [curves] = run_curves(tmp_path)
    assert curves.title == "supervised: loss"
    assert [name for name, _ in curves.series] == ["training", "held out"]
    assert curves.series[1][1] == ((4, 0.5), (8, 0.4))


def test_a_folder_without_a_log_has_no_curves_and_a_damaged_log_is_named(tmp_path):
    assert training_curves(tmp_path / "a" / "b") == []
    (tmp_path / "training_log.jsonl").write_text("{")
    with pytest.raises(InvalidValueError, match=r"training_log\.jsonl is no log of a training"):
        training_curves(tmp_path)
