"""What a paper must cite of an evaluation."""

from __future__ import annotations

import dataclasses

import pytest

from codeoutpred.evaluation.evaluate import evaluate
from codeoutpred.evaluation.settings import cited, questions_sha256
from codeoutpred.plugins import library_version
from codeoutpred.prompts import to_prediction
from codeoutpred.rewards.combination import combine
from codeoutpred.verification.numeric import NumericVerifier


class Parrot:
    """Answers 1, and says so."""

    def __init__(self):
        self.settings = {"model": "parrot", "temperature": "0.0"}

    def predict(self, prompts):
        return (to_prediction(prompt, "1") for prompt in prompts)


def fair(sample, prediction, verdict):
    return float(verdict.correct)


def test_a_report_says_what_was_asked_of_whom_and_how_and_what_judged(samples, verifier, reward):
    report = evaluate(
        samples,
        Parrot(),
        name="r",
        verifier=verifier,
        reward=reward,
        prompt_format="cot",
        settings={"questions": "six"},
    )
    assert report.settings == {
        "questions": "six",
        "model": "parrot",
        "temperature": "0.0",
        "prompt_format": "cot",
        "verifier": "ValueVerifier(close_threshold=0.6)",
        "reward": "StagedReward(exact=10.0, close=5.0, threshold=0.0)",
        "questions_sha256": questions_sha256(samples),
        "codeoutpred": library_version(),
    }


@pytest.mark.parametrize(
    ("judge", "text"),
    [
        (
            NumericVerifier(relative=0.01),
            "NumericVerifier(relative=0.01, absolute=0.0, close_threshold=0.8)",
        ),
        (fair, "fair"),
        (Parrot(), "Parrot"),
    ],
)
def test_a_judge_is_cited_with_its_options_where_it_tells_them(judge, text):
    assert cited(judge) == text


def test_a_sum_of_rewards_is_cited_with_its_weights():
    assert "weight=0.25" in cited(combine(exact=1, format=0.25))


@pytest.mark.parametrize("change", [{"answer": "2"}, {"source": "print(2)"}, {"id": "other"}])
def test_the_checksum_changes_with_questions_and_answers_alone(samples, change):
    known = questions_sha256(samples)
    assert questions_sha256([dataclasses.replace(s, trace="x") for s in samples]) == known
    assert questions_sha256([dataclasses.replace(samples[0], **change), *samples[1:]]) != known
    assert questions_sha256(samples[::-1]) != known
