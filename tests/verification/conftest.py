from __future__ import annotations

import dataclasses

import pytest

from codeoutpred import Prediction, Sample, Verdict
from codeoutpred.verification.value import ValueVerifier

CALL = Sample(
    id="s",
    program_id="p",
    language="python",
    kind="call",
    source="def f(x):\n    return x\n",
    entry="f",
    arguments="1",
    answer="1",
    answer_type="int",
    status="ok",
    trace="",
    generator="",
    difficulty=1,
    operations=(),
    dependent_statements=1,
)


@pytest.fixture(scope="session")
def call_sample():
    return lambda answer: dataclasses.replace(CALL, answer=answer)


@pytest.fixture(scope="session")
def script_sample():
    return lambda answer, **changes: dataclasses.replace(
        CALL, kind="script", entry="", arguments="", answer=answer, answer_type="text", **changes
    )


@pytest.fixture(scope="session")
def judge():
    """(sample, answer, settings) -> the verdict of the value verifier."""

    def verify(sample: Sample, answer: str | None, **settings: float) -> Verdict:
        prediction = Prediction(sample_id=sample.id, text=answer or "", answer=answer)
        return ValueVerifier(**settings).verify(sample, prediction)

    return verify
