"""TRL's `SFTTrainer`, with an order of the data that a stopped training finds again."""

from __future__ import annotations

import random
from typing import Any

import torch
from transformers.trainer_pt_utils import LengthGroupedSampler

from codeoutpred.training.budget import TokenBudget
from codeoutpred.training.validation import ExactAccuracy


class ByLength(LengthGroupedSampler):  # type: ignore[misc]
    """Samples of like length side by side, in an order that only seed and epoch decide.

    transformers draws the order from torch's random state, which a training resumed in a later
    epoch has no longer: it would see some samples twice and others not at all.
    """

    def __init__(self, lengths: list[int], batch_size: int, seed: int) -> None:
        super().__init__(batch_size, lengths=lengths, generator=torch.Generator())
        self._seed = seed
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Turn to the order of this epoch."""
        drawn = random.Random(f"order:{self._seed}:{epoch}").getrandbits(63)
        self.generator.manual_seed(drawn)


class ExactSFTTrainer(TokenBudget):
    """An `SFTTrainer` of the same loss, that measures exact accuracy wherever it evaluates."""

    def __init__(self, *args: Any, accuracy: ExactAccuracy | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._accuracy = accuracy

    def evaluation_loop(self, *args: Any, **settings: Any) -> Any:
        """The losses as ever; a model cut apart over processes is not asked for answers."""
        output = super().evaluation_loop(*args, **settings)
        is_whole = not (self.is_fsdp_enabled or self.is_deepspeed_enabled)
        if self._accuracy is not None and is_whole:
            share = self._accuracy.measure(self.model, self.accelerator)
            output.metrics["eval_exact_accuracy"] = share
        return output

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        rows = self.train_dataset if train_dataset is None else train_dataset
        if self.args.train_sampling_strategy != "group_by_length" or self.args.packing:
            return super()._get_train_sampler(rows)
        lengths = [len(ids) for ids in rows["input_ids"]]
        together = self.args.train_batch_size * self.args.gradient_accumulation_steps
        return ByLength(lengths, together, self.args.seed)
