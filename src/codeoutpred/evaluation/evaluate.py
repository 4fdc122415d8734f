"""Samples and a predictor -> predictions -> verdicts -> rewards -> a report.

The way of one model through it:

    report = evaluate(samples, predictor, name="tiny", verifier=verifier, reward=reward)
    report.metrics.exact_accuracy.value
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from codeoutpred.errors import InvalidValueError
from codeoutpred.evaluation.groups import break_down
from codeoutpred.evaluation.metrics import CompletionLoss, Score, measure
from codeoutpred.evaluation.report import EvaluationReport
from codeoutpred.prompts import build_prompt
from codeoutpred.protocols import Predictor, RewardFn, Verifier
from codeoutpred.records import Prediction, Prompt, PromptFormat, Sample

LossFn = Callable[[Sequence[Prompt]], Iterable[CompletionLoss]]


def evaluate(
    samples: Sequence[Sample],
    predictor: Predictor,
    *,
    name: str,
    verifier: Verifier,
    reward: RewardFn,
    prompt_format: PromptFormat = "direct",
    loss: LossFn | None = None,
) -> EvaluationReport:
    """Ask the predictor for every sample, and report what it reached.

    `loss` measures the right completions (`HuggingFacePredictor.completion_losses`).
    """
    prompts = [build_prompt(sample, prompt_format) for sample in samples]
    predictions = list(predictor.predict(prompts))
    losses = list(loss(prompts)) if loss is not None else []
    return score(samples, predictions, name=name, verifier=verifier, reward=reward, losses=losses)


def score(
    samples: Sequence[Sample],
    predictions: Sequence[Prediction],
    *,
    name: str,
    verifier: Verifier,
    reward: RewardFn,
    losses: Iterable[CompletionLoss] = (),
) -> EvaluationReport:
    """Judge one prediction a sample, matched by id; a missing or extra one is an error."""
    by_id = _match_by_id(samples, predictions)
    loss_of = {loss.sample_id: loss for loss in losses}
    scores = []
    for sample in samples:
        prediction = by_id[sample.id]
        verdict = verifier.verify(sample, prediction)
        amount = reward(sample, prediction, verdict)
        if amount is not None and not math.isfinite(amount):
            raise InvalidValueError(
                f"reward {getattr(reward, '__name__', reward)!r} gave {amount} for sample "
                f"{sample.id!r}; it must give a finite number, or None where it cannot judge"
            )
        measured = loss_of.get(sample.id)
        scores.append(
            Score(
                sample_id=sample.id,
                program_id=sample.program_id,
                answer=prediction.answer,
                match=verdict.match,
                reward=amount,
                nats=measured.nats if measured else 0.0,
                tokens=measured.tokens if measured else 0,
            )
        )
    return EvaluationReport(
        name=name,
        metrics=measure(scores),
        groups=break_down(samples, scores),
        scores=tuple(scores),
    )


def _match_by_id(
    samples: Sequence[Sample], predictions: Sequence[Prediction]
) -> dict[str, Prediction]:
    asked = {sample.id for sample in samples}
    if len(asked) != len(samples):
        raise InvalidValueError("two samples share one id; remove the duplicates")
    by_id: dict[str, Prediction] = {}
    for prediction in predictions:
        if prediction.sample_id in by_id:
            raise InvalidValueError(f"two predictions for sample {prediction.sample_id!r}")
        if prediction.sample_id not in asked:
            raise InvalidValueError(
                f"a prediction for {prediction.sample_id!r}, which is none of the samples asked for"
            )
        by_id[prediction.sample_id] = prediction
    missing = [sample.id for sample in samples if sample.id not in by_id]
    if missing:
        raise InvalidValueError(
            f"{len(missing)} of {len(samples)} samples have no prediction, the first is "
            f"{missing[0]!r}; predict them all (an unusable answer is a prediction too)"
        )
    return by_id
