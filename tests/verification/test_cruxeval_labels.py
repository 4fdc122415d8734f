"""The 8,000 published answers of CodeLlama-7B to CRUXEval, against the benchmark's own labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codeoutpred import Prediction
from codeoutpred.verification.value import ValueVerifier

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "cruxeval"

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the benchmark's data is not here")


def test_every_verdict_agrees_with_the_label(call_sample):
    lines = (FOLDER / "cruxeval.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    expected = {row["id"]: row["output"] for row in rows}
    scored = json.loads((FOLDER / "codellama-7b_temp0.2_output.scored.json").read_text())
    verifier = ValueVerifier()
    disagreements = []
    right = total = 0
    for sample_id, answers in scored["raw_generations"].items():
        sample = call_sample(expected[sample_id])
        for answer, label in zip(answers, scored["raw_scored_generations"][sample_id], strict=True):
            prediction = Prediction(sample_id=sample_id, text=answer, answer=answer)
            verdict = verifier.verify(sample, prediction)
            total += 1
            right += verdict.correct
            if verdict.correct != bool(label):
                disagreements.append((sample_id, answer, label, verdict.reason))
    assert total == 8_000
    assert disagreements == []
    assert 100 * right / total == pytest.approx(scored["pass_at_1"])
