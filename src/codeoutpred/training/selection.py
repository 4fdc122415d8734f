"""The prompts worth reinforcing: those a model neither knows nor has no chance with.

Where all completions of a prompt earn the same, nothing is learnt from them. How often a model
gets a prompt right is at least the probability of the right completion as it stands in the
dataset, and that takes one pass forward where sampling would take many.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from codeoutpred.evaluation.huggingface import completion_losses
from codeoutpred.prompts import build_prompt
from codeoutpred.records import PromptFormat, Sample

UNDECIDED = (0.1, 0.9)
"""Between these probabilities of the right completion a prompt is worth reinforcing."""


def undecided_samples(
    model: Any,
    tokenizer: Any,
    samples: Sequence[Sample],
    *,
    prompt_format: PromptFormat,
    candidates: int,
    at_least: int,
    seed: int,
) -> list[Sample]:
    """Of `candidates` samples drawn at random, those whose outcome the model leaves open.

    All samples are given back where fewer than `at_least` are.
    """
    drawn = random.Random(seed).sample(list(samples), min(candidates, len(samples)))
    losses = completion_losses(
        model, tokenizer, [build_prompt(sample, prompt_format) for sample in drawn]
    )
    low, high = UNDECIDED
    found = [sample for sample, loss in zip(drawn, losses) if low < math.exp(-loss.nats) < high]
    return found if len(found) >= at_least else list(samples)
