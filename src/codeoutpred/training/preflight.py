"""A look at a dozen prompts before hours of training: what goes in, what comes out, what it earns.

report = preflight(model, tokenizer, samples, settings, verifier=verifier, reward=reward)
print("\\n".join(report.lines))
"""

from __future__ import annotations

import logging
import math
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from datasets import DatasetDict

from codeoutpred.errors import ModelError, TrainingError
from codeoutpred.evaluation.huggingface import HuggingFacePredictor
from codeoutpred.models.encoding import check_context, encode, turn_end
from codeoutpred.models.memory import plan_memory
from codeoutpred.models.shapes import shape_of
from codeoutpred.prompts import build_prompt
from codeoutpred.protocols import RewardFn, Verifier
from codeoutpred.records import Prediction, Prompt, Sample
from codeoutpred.training.common import split_samples
from codeoutpred.training.scoring import VerificationReward
from codeoutpred.training.settings import ReinforcementSettings, TrainingSettings

PROMPTS = 12
SHORT = 64
"""New tokens where completions are only looked at, not paid."""
_SHOWN = 200

_LOG = logging.getLogger("codeoutpred")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightReport:
    """What was found: `lines` in full, `summary` in one line, and what may go wrong."""

    summary: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]


def preflight(
    model: Any,
    tokenizer: Any,
    samples: Sequence[Sample],
    settings: TrainingSettings,
    *,
    verifier: Verifier | None = None,
    reward: RewardFn | None = None,
) -> PreflightReport:
    """Send a dozen prompts through template, mask and generation, and where one is given a reward.

    Raises `ModelError` where a sample does not fit the context, and `TrainingError` where the end
    of completions is not learnt or, in reinforcement, no completion comes to an end. Completions
    are sampled as in reinforcement, greedy elsewhere; torch's random state is left as it was.
    """
    drawn = random.Random(settings.seed).sample(list(samples), min(PROMPTS, len(samples)))
    prompts = [build_prompt(sample, settings.prompt_format) for sample in drawn]
    encoded = [encode(prompt, tokenizer) for prompt in prompts]
    is_paid = isinstance(settings, ReinforcementSettings)
    limit = settings.new_tokens if is_paid else min(SHORT, settings.new_tokens)
    lengths = [len(row.prompt if is_paid else row.input_ids) for row in encoded]
    check_context(lengths, model, new_tokens=limit if is_paid else 0)
    if not is_paid:
        _check_end(tokenizer)
    predictor = HuggingFacePredictor(
        model,
        tokenizer,
        max_new_tokens=limit,
        temperature=settings.temperature if isinstance(settings, ReinforcementSettings) else 0.0,
        seed=settings.seed,
    )
    predictions = list(predictor.predict(prompts))
    clipped = sum(prediction.clipped for prediction in predictions) / len(predictions)
    summary = (
        f"{len(prompts)} prompts, {min(lengths)} to {max(lengths)} tokens; "
        f"{clipped:.0%} of the completions cut off at {limit} tokens"
    )
    warnings = []
    lines = _shown(prompts[0], encoded[0].completion, predictions[0], tokenizer)
    if is_paid and clipped == 1:
        raise TrainingError(
            f"none of {len(predictions)} completions ended within {limit} tokens, so there is "
            "next to nothing to pay for: allow more (--new-tokens), or start from a model that has "
            "learnt to stop, by train-supervised (--skip-preflight trains all the same)"
        )
    if verifier is not None and reward is not None:
        scoring = VerificationReward(verifier, reward, settings.prompt_format)
        paid = [scoring.score(s, p.text).reward for s, p in zip(drawn, predictions, strict=True)]
        amounts = [amount for amount in paid if amount is not None]
        if not amounts:
            raise TrainingError(
                f"reward {scoring.__name__!r} could judge none of {len(paid)} completions; take "
                "another reward or verifier"
            )
        mean = math.fsum(amounts) / len(amounts)
        summary += f"; rewards {min(amounts):g} to {max(amounts):g}, {mean:.3g} on average"
        if min(amounts) == max(amounts):
            warnings.append(
                f"all of {len(amounts)} completions earned {mean:g}: where that goes on, nothing "
                "is learnt; take samples or a reward (--reward graded) that tell them apart"
            )
    memory = _memory(model, settings, max(lengths) + limit)
    if memory is not None:
        needed, free = memory
        summary += f"; about {needed:.1f} GB of {free:.1f} GB of memory"
        if needed > free:
            warnings.append(
                f"training may take {needed:.1f} GB and {free:.1f} GB are there; make the batch, "
                "the completions or the rank smaller (codeoutpred plan tells by how much)"
            )
    return PreflightReport(summary=summary, lines=(*lines, summary), warnings=tuple(warnings))


def look_ahead(
    model: Any,
    tokenizer: Any,
    dataset: DatasetDict,
    settings: TrainingSettings,
    *,
    verifier: Verifier | None = None,
    reward: RewardFn | None = None,
) -> None:
    """Log what `preflight` finds on the train split; of several processes the first one looks."""
    if os.environ.get("RANK", "0") != "0":
        return
    samples = split_samples(dataset, "train")
    report = preflight(model, tokenizer, samples, settings, verifier=verifier, reward=reward)
    for line in report.lines:
        _LOG.info(line)
    for line in report.warnings:
        _LOG.warning(line)


def _check_end(tokenizer: Any) -> None:
    """Training leaves out what pads; were that the end of a completion, it would not be learnt."""
    if tokenizer.pad_token_id in turn_end(tokenizer):
        raise TrainingError(
            f"the tokenizer pads with {tokenizer.pad_token!r}, the token that ends a completion, "
            "so that no model learns to stop; give it a pad token of its own"
        )


def _shown(
    prompt: Prompt, completion: Sequence[int], prediction: Prediction, tokenizer: Any
) -> list[str]:
    learnt = [tokenizer.decode([token]) for token in completion]
    return [
        f"prompt ends with:  {prompt.text[-_SHOWN:]!r}",
        f"wanted:            {prompt.completion[:_SHOWN]!r}",
        f"learnt tokens:     {len(learnt)}, from {learnt[0]!r} to {learnt[-1]!r}",
        f"the model writes:  {prediction.text[:_SHOWN]!r}",
    ]


def _memory(model: Any, settings: TrainingSettings, length: int) -> tuple[float, float] | None:
    """What training takes and what there is beside the weights already loaded, in GB, on a GPU."""
    if model.device.type != "cuda":
        return None
    try:
        shape = shape_of(model.config.to_dict())
    except ModelError:  # an architecture that the planner does not know
        return None
    plan = plan_memory(
        shape,
        batch_size=settings.batch_size,
        max_length=length,
        lora_rank=settings.lora_rank,
        quantization="4bit" if getattr(model, "is_loaded_in_4bit", False) else "none",
    )
    free, _ = torch.cuda.mem_get_info()
    needed = (
        plan.reinforcement_gb
        if isinstance(settings, ReinforcementSettings)
        else plan.supervised_checkpointed_gb
    )
    return needed, free / 1e9 + plan.weights_gb
