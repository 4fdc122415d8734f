"""TRL's `SFTTrainer`, with an order of the data that a stopped training finds again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from torch.utils.data import Sampler

from codeoutpred.training.budget import TokenBudget
from codeoutpred.training.validation import ExactAccuracy

BATCHES_SORTED = 50
"""Batches whose samples are sorted together; more would leave less to chance."""


class ByLength(Sampler):  # type: ignore[misc]
    """Samples of like length side by side, in an order that only seed and epoch decide.

    Of the samples in random order, as many as fill `BATCHES_SORTED` batches at a time are sorted by
    length and cut into batches, and these are shuffled. The longest batch comes first: where memory
    is too small, that shows at once. One that is not full comes last.

    transformers groups less the fewer samples there are, goes from long to short over and over, and
    draws from torch's random state, which a training resumed in a later epoch has no longer: it
    would see some samples twice and others not at all.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self._lengths = list(lengths)
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Turn to the order of this epoch."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        rng = random.Random(f"order:{self._seed}:{self._epoch}")
        rows = list(range(len(self._lengths)))
        rng.shuffle(rows)
        together, size = BATCHES_SORTED * self._batch_size, self._batch_size
        batches = []
        for at in range(0, len(rows), together):
            ordered = sorted(rows[at : at + together], key=self._lengths.__getitem__, reverse=True)
            batches += [ordered[cut : cut + size] for cut in range(0, len(ordered), size)]
        rest = batches.pop() if len(rows) % size else []
        rng.shuffle(batches)
        if batches:
            longest = max(batches, key=lambda batch: self._lengths[batch[0]])
            batches.remove(longest)
            batches.insert(0, longest)
        return chain(*batches, rest)


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
        step = self.args.train_batch_size * self.args.gradient_accumulation_steps
        return ByLength(lengths, step * self.args.world_size, self.args.seed)
