"""Exact accuracy while training goes on: validation samples asked, answered and verified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from codeoutpred.evaluation.huggingface import HuggingFacePredictor
from codeoutpred.prompts import build_prompt
from codeoutpred.protocols import Verifier
from codeoutpred.records import PromptFormat, Sample


class ExactAccuracy:
    """The share of samples that a model under training answers right, greedily.

    Several processes ask for a share of the samples each, and no sample twice.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        tokenizer: Any,
        verifier: Verifier,
        *,
        prompt_format: PromptFormat,
        new_tokens: int,
        batch_size: int,
    ) -> None:
        self._samples = list(samples)
        self._tokenizer = tokenizer
        self._verifier = verifier
        self._format = prompt_format
        self._new_tokens = new_tokens
        self._batch_size = batch_size

    def measure(self, model: Any, accelerator: Any) -> float:
        """Between 0 and 1; the model's mode and torch's random state stay as they were."""
        mine = self._samples[accelerator.process_index :: accelerator.num_processes]
        predictor = HuggingFacePredictor(
            accelerator.unwrap_model(model),
            self._tokenizer,
            max_new_tokens=self._new_tokens,
            batch_size=self._batch_size,
        )
        predictions = predictor.predict([build_prompt(sample, self._format) for sample in mine])
        verdicts = map(self._verifier.verify, mine, predictions)
        right = torch.tensor(sum(verdict.correct for verdict in verdicts))
        total = accelerator.reduce(right.to(accelerator.device)).item()
        return float(total / len(self._samples))
