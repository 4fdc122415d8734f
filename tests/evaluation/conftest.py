from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import pytest

from codeoutpred import Prediction, Sample
from codeoutpred.evaluation.evaluate import score
from codeoutpred.evaluation.report import EvaluationReport
from codeoutpred.evaluation.scores import ScoredPrediction, ScoredSample
from codeoutpred.rewards.staged import StagedReward
from codeoutpred.verification.value import ValueVerifier

SAMPLE = Sample(
    id="s0",
    program_id="p0",
    language="python",
    kind="script",
    source="a = 1\nprint(a)\n",
    entry="",
    arguments="",
    answer="1",
    answer_type="text",
    status="ok",
    trace="",
    generator="",
    difficulty=1,
    operations=("assignment",),
    dependent_statements=1,
)


@pytest.fixture(scope="session")
def make_sample() -> Callable[..., Sample]:
    return lambda **changes: dataclasses.replace(SAMPLE, **changes)


@pytest.fixture(scope="session")
def samples() -> list[Sample]:
    """Six samples of three programs: answers 100 to 105, difficulties 1 to 3."""
    return [
        dataclasses.replace(
            SAMPLE,
            id=f"s{i}",
            program_id=f"p{i // 2}",
            answer=f"{100 + i}",
            difficulty=1 + i // 2,
            operations=("assignment", "addition") if i % 2 else ("assignment",),
            dependent_statements=i,
        )
        for i in range(6)
    ]


@pytest.fixture(scope="session")
def make_scored() -> Callable[..., ScoredSample]:
    """(matches, rewards, other fields) -> a scored sample with a prediction for each match."""

    def scored(
        matches: Sequence[str], rewards: Sequence[float | None] | None = None, **changes: object
    ) -> ScoredSample:
        predictions = tuple(
            ScoredPrediction(
                text="1", answer="1", match=match, similarity=0.0, reason="", reward=reward
            )
            for match, reward in zip(matches, rewards or [0.0] * len(matches), strict=True)
        )
        fields = {
            "id": "s0",
            "program_id": "p0",
            "language": "python",
            "kind": "script",
            "status": "ok",
            "difficulty": 1,
            "answer_type": "text",
            "operations": (),
            "harder": False,
            "source": 0,
            "entry": "",
            "arguments": "",
            "expected": "1",
            **changes,
        }
        return ScoredSample(predictions=predictions, **fields)

    return scored


@pytest.fixture(scope="session")
def verifier() -> ValueVerifier:
    return ValueVerifier(close_threshold=0.6)


@pytest.fixture(scope="session")
def reward() -> StagedReward:
    return StagedReward()


@pytest.fixture(scope="session")
def make_report(verifier, reward) -> Callable[..., EvaluationReport]:
    """(name, samples, answers) -> a report, by the path of any model."""

    def report(
        name: str, samples: Sequence[Sample], answers: Sequence[str | None], **settings: object
    ) -> EvaluationReport:
        predictions = [
            Prediction(sample_id=sample.id, text=answer or "", answer=answer)
            for sample, answer in zip(samples, answers, strict=True)
        ]
        options = {"verifier": verifier, "reward": reward, **settings}
        return score(samples, predictions, name=name, **options)

    return report
