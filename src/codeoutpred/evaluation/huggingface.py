"""A local transformers model as a predictor, and its loss on the right completions.

Anything that `transformers` can load and generate with will do:

    predictor = HuggingFacePredictor(model, tokenizer, max_new_tokens=64)
    predictions = list(predictor.predict(prompts))
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from transformers import GenerationConfig

from codeoutpred.errors import InvalidValueError, ModelError
from codeoutpred.evaluation.metrics import CompletionLoss
from codeoutpred.models.cache import growing_cache
from codeoutpred.models.encoding import check_context, encode, encode_prompt, turn_end
from codeoutpred.models.failures import is_out_of_memory
from codeoutpred.models.rounds import complete_in_rounds
from codeoutpred.prompts import to_prediction
from codeoutpred.records import Prediction, Prompt

Progress = Callable[[int, int], None]
"""Called with (done, total) after every batch."""


class HuggingFacePredictor:
    """Completes prompts with a causal language model, in batches.

    Temperature 0 is greedy; above, tokens are sampled from the whole distribution, the same for
    the same seed and batch size. Prompts are tokenised as in training, sorted by length and
    padded on the left; out of memory halves the batch. The model's mode and torch's random
    state are left as they were. With `k` each prompt is completed so many times, which makes
    sense above temperature 0 only. With `confidence` a prediction has the probability that the
    model (at temperature 1) gives to its whole text, unless that reasons freely (`cot`); this
    takes a pass over each text.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        batch_size: int = 64,
        max_new_tokens: int = 256,
        temperature: float = 0.0,
        seed: int = 0,
        k: int = 1,
        confidence: bool = False,
        progress: Progress | None = None,
    ) -> None:
        numbers = {"batch_size": batch_size, "max_new_tokens": max_new_tokens, "k": k}
        for name, value in numbers.items():
            if value < 1:
                raise InvalidValueError(f"{name} is {value}; it must be at least 1")
        if not temperature >= 0:
            raise InvalidValueError(f"temperature is {temperature}; it must not be negative")
        if k > 1 and not temperature:
            raise InvalidValueError(f"k is {k} at temperature 0, where all are the same; raise it")
        self.model = model
        self.tokenizer = tokenizer
        self.k = k
        self.confidence = confidence
        self.batch_size = batch_size
        self.seed = seed
        self.progress = progress
        self.settings = {
            "predictor": "transformers",
            "temperature": str(temperature),
            "samples_per_prompt": str(k),
            "max_new_tokens": str(max_new_tokens),
            "seed": str(seed),
        }
        """What a report says of how the model was asked."""
        self._end_ids = _end_ids(model, tokenizer)
        self._pad_id = _pad_id(tokenizer)
        sampling = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
        self._config = GenerationConfig(
            max_new_tokens=max_new_tokens,
            eos_token_id=self._end_ids or None,
            pad_token_id=self._pad_id,
            num_beams=1,
            repetition_penalty=1.0,
            use_cache=True,
            **(sampling if temperature else {"do_sample": False}),
        )

    def predict(self, prompts: Sequence[Prompt]) -> Iterator[Prediction]:
        """`k` predictions a prompt, in order; all are made before the first is given."""
        if not prompts:
            return iter(())
        prompts = [prompt for prompt in prompts for _ in range(self.k)]
        sequences = [encode_prompt(prompt, self.tokenizer) for prompt in prompts]
        check_context(map(len, sequences), self.model)
        devices = [self.model.device] if self.model.device.type == "cuda" else []
        with (
            _inference(self.model),
            growing_cache(self.model),
            torch.random.fork_rng(devices=devices),
        ):
            torch.manual_seed(self.seed)
            completions = complete_in_rounds(
                sequences,
                self._config.max_new_tokens,
                self._end_ids,
                lambda unfinished, length: self._write(unfinished, length, len(prompts)),
            )
        confidences = self._confidences(prompts, sequences, completions)
        return iter(
            [
                dataclasses.replace(
                    to_prediction(prompt, self._decode(row)),
                    confidence=confidence,
                    clipped=not row or row[-1] not in self._end_ids,
                )
                for prompt, row, confidence in zip(prompts, completions, confidences, strict=True)
            ]
        )

    def _confidences(
        self, prompts: list[Prompt], sequences: list[list[int]], completions: list[list[int]]
    ) -> list[float | None]:
        if not self.confidence:
            return [None] * len(prompts)
        whole = [[*prompt, *row] for prompt, row in zip(sequences, completions, strict=True)]
        nats = _nats(self.model, whole, list(map(len, sequences)), self._pad_id, self.batch_size)
        return [
            None if prompt.format == "cot" else math.exp(-amount)
            for prompt, amount in zip(prompts, nats, strict=True)
        ]

    def _write(self, sequences: list[list[int]], length: int, total: int) -> list[list[int]]:
        """Up to `length` further tokens for each sequence; the rest of `total` has ended."""
        config = copy.copy(self._config)
        config.max_new_tokens = length
        rows: list[list[int]] = [[] for _ in sequences]

        def write(batch: list[int]) -> None:
            ids, mask = _padded([sequences[i] for i in batch], self._pad_id, self.model, left=True)
            output = self.model.generate(
                input_ids=ids, attention_mask=mask, generation_config=config
            )
            for i, row in zip(batch, output[:, ids.shape[1] :].tolist(), strict=True):
                rows[i] = row

        def tell(done: int, _: int) -> None:
            if self.progress is not None:
                self.progress(total - len(sequences) + done, total)

        _in_batches([len(sequence) for sequence in sequences], self.batch_size, write, tell)
        return rows

    def completion_losses(self, prompts: Sequence[Prompt]) -> list[CompletionLoss]:
        """The loss of the right completions, with this predictor's model and batch size."""
        return completion_losses(
            self.model, self.tokenizer, prompts, batch_size=self.batch_size, progress=self.progress
        )

    def _decode(self, row: list[int]) -> str:
        end = next((at for at, token in enumerate(row) if token in self._end_ids), len(row))
        text = self.tokenizer.decode(
            row[:end], skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return str(text)


def completion_losses(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Prompt],
    *,
    batch_size: int = 16,
    progress: Progress | None = None,
) -> list[CompletionLoss]:
    """Cross-entropy in nats of each prompt's completion and the end-of-text token after it.

    Both are encoded as in training (`codeoutpred.models.encoding`). Sums of nats over sums of
    tokens give the mean loss a completion token.
    """
    if not prompts:
        return []
    encoded = [encode(prompt, tokenizer) for prompt in prompts]
    whole = [pair.input_ids for pair in encoded]
    starts = [len(pair.prompt) for pair in encoded]
    check_context(map(len, whole), model)
    amounts = _nats(model, whole, starts, _pad_id(tokenizer), batch_size, progress)
    return [
        # Nothing predicts the first token of all.
        CompletionLoss(
            sample_id=prompt.sample_id, nats=nats, tokens=max(0, len(ids) - max(start, 1))
        )
        for prompt, nats, ids, start in zip(prompts, amounts, whole, starts, strict=True)
    ]


def _nats(
    model: Any,
    sequences: Sequence[list[int]],
    starts: Sequence[int],
    pad_id: int,
    batch_size: int,
    progress: Progress | None = None,
) -> list[float]:
    """The cross-entropy of each sequence from its start on, summed over tokens."""
    amounts = [0.0] * len(sequences)

    def measure(batch: list[int]) -> None:
        ids, mask = _padded([sequences[i] for i in batch], pad_id, model, left=False)
        logits = model(input_ids=ids, attention_mask=mask).logits
        for row, i in enumerate(batch):
            start, stop = max(starts[i], 1), len(sequences[i])
            amounts[i] = float(
                torch.nn.functional.cross_entropy(
                    logits[row, start - 1 : stop - 1].float(), ids[row, start:stop], reduction="sum"
                )
            )

    with _inference(model):
        _in_batches(list(map(len, sequences)), batch_size, measure, progress)
    return amounts


@contextmanager
def _inference(model: Any) -> Iterator[None]:
    training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        model.train(training)


def _in_batches(
    lengths: Sequence[int],
    batch_size: int,
    run: Callable[[list[int]], None],
    progress: Progress | None,
) -> None:
    """Run over all positions, longest first: where memory is too small, that shows at once."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    done = 0
    while done < len(order):
        batch = order[done : done + batch_size]
        try:
            run(batch)
        except RuntimeError as error:  # torch.OutOfMemoryError is one, the CPU's has no name
            if not is_out_of_memory(error):
                raise
            if len(batch) == 1:
                raise ModelError(
                    f"out of memory with a single sequence of {lengths[batch[0]]} tokens; "
                    "use a smaller model, 4-bit weights or fewer new tokens"
                ) from error
        else:
            done += len(batch)
            if progress is not None:
                progress(done, len(order))
            continue
        batch_size = len(batch) // 2
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _padded(
    sequences: Sequence[list[int]], pad_id: int, model: Any, *, left: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask; by hand, so that the tokenizer's padding side stays put."""
    width = max(len(sequence) for sequence in sequences)
    ids = torch.full((len(sequences), width), pad_id)
    mask = torch.zeros((len(sequences), width), dtype=torch.long)
    for row, sequence in enumerate(sequences):
        at = slice(width - len(sequence), width) if left else slice(0, len(sequence))
        ids[row, at] = torch.tensor(sequence)
        mask[row, at] = 1
    return ids.to(model.device), mask.to(model.device)


def _pad_id(tokenizer: Any) -> int:
    for token_id in (tokenizer.pad_token_id, tokenizer.eos_token_id):
        if token_id is not None:
            return int(token_id)
    return 0


def _end_ids(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end a completion: the tokenizer's and those of the model's settings."""
    found = model.generation_config.eos_token_id
    ends = found if isinstance(found, list) else [found]
    ends = [tokenizer.eos_token_id, turn_end(tokenizer)[-1], *ends]
    return sorted({end for end in ends if end is not None})
