"""Predictions of `tiny` in batches, beside one prompt at a time.

Usage: bench_prediction.py [PROMPTS [ROUNDS]], by default 256 and 3. One thread, processor seconds,
greedy. `one by one` is the same predictor with batches of one; `generate` a loop over transformers'
own `generate`. The answers must be the same ones.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from drawn import drills
from pairs import complaint

if TYPE_CHECKING:
    from codeoutpred.records import Prompt

NEW_TOKENS = 320


def predicted(prompts: Sequence[Prompt], model: Any, tokenizer: Any, batch: int) -> list[str]:
    """The texts of the library's predictor."""
    from codeoutpred.evaluation.huggingface import HuggingFacePredictor

    predictor = HuggingFacePredictor(model, tokenizer, batch_size=batch, max_new_tokens=NEW_TOKENS)
    return [prediction.text for prediction in predictor.predict(prompts)]


def generated(prompts: Sequence[Prompt], model: Any, tokenizer: Any) -> list[str]:
    """The texts of a loop that one would write."""
    import torch

    texts = []
    for prompt in prompts:
        inputs = tokenizer(prompt.text, return_tensors="pt")
        with torch.inference_mode():
            row = model.generate(
                input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"],
                max_new_tokens=NEW_TOKENS, do_sample=False,
            )[0, inputs["input_ids"].shape[1] :]  # fmt: skip
        texts.append(tokenizer.decode(row, skip_special_tokens=True))
    return texts


def main(count: int, rounds: int) -> None:
    """Print the table."""
    if missing := complaint():
        print(missing)
        return
    import torch

    from codeoutpred.models.presets import TINY
    from codeoutpred.models.tiny import build
    from codeoutpred.prompts import build_prompt

    torch.set_num_threads(1)
    model, tokenizer = build()
    prompts = [
        build_prompt(each, "trace")
        for each in drills("test", 12 * count, levels=(1, 2), seed=3)[:count]
    ]
    sides: dict[str, Callable[[], list[str]]] = {
        "generate": lambda: generated(prompts, model, tokenizer),
        "one by one": lambda: predicted(prompts, model, tokenizer, 1),
        "batched": lambda: predicted(prompts, model, tokenizer, TINY.prediction_batch_size),
    }
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    texts = {}
    for _ in range(rounds):
        for side, answer in sides.items():
            began = time.process_time()
            texts[side] = answer()
            seconds[side].append(time.process_time() - began)
    fastest = statistics.median(seconds["batched"])
    print(f"{'':12}{'prompts/s':>12}{'batched is faster':>20}{'same answers':>16}")
    for side, times in seconds.items():
        median = statistics.median(times)
        same = sum(one == other for one, other in zip(texts[side], texts["batched"], strict=True))
        print(f"{side:12}{count / median:12.2f}{median / fastest:20.1f}{same:11} of {count}")


if __name__ == "__main__":
    main(*(int(word) for word in [*sys.argv[1:], "256", "3"][:2]))
