"""What `tiny` learns of `direct` and of `trace` at equal training compute, by difficulty level.

Usage: compare_formats.py [WEIGHTS [TOKENS [ASKED]]]. WEIGHTS is `fresh` (the default) or `shipped`:
fresh weights favour neither format; those of the package have seen nothing but traces. TOKENS go
through the model while it trains, padding included, the same number for both formats, by default
1,000,000. Programs, tokens a step and learning rate are the same; a direct completion is shorter,
so that more programs come to a step. ASKED test programs a level, by default 200. One thread.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from drawn import drills
from pairs import complaint

if TYPE_CHECKING:
    from codeoutpred.evaluation.report import EvaluationReport
    from codeoutpred.records import Sample
    from codeoutpred.training.corpus import Document

STEP_TOKENS, CHUNK, WARM_UP = 2048, 1024, 50
RATES = {"fresh": 1e-3, "shipped": 3e-4}
LEVELS = (1, 2)
SEED = 20261125


def batches(tokenizer: Any, prompt_format: str) -> Iterator[list[Document]]:
    """Programs of the train split without end, those of like length together, as they fit."""
    from codeoutpred.models.encoding import encode
    from codeoutpred.prompts import build_prompt
    from codeoutpred.training.corpus import Document

    for chunk in count():
        documents = []
        for sample in drills("train", CHUNK, levels=LEVELS, seed=SEED, start=chunk * CHUNK):
            pair = encode(build_prompt(sample, prompt_format), tokenizer)
            documents.append(Document(pair.input_ids, [bool(on) for on in pair.completion_mask]))
        documents.sort(key=lambda document: len(document.ids))
        cut = []
        while documents:
            taken = max(1, STEP_TOKENS // len(documents[-1].ids))
            cut.append(documents[-taken:])
            del documents[-taken:]
        random.Random(f"{SEED}:{chunk}").shuffle(cut)
        yield from cut


def train(model: Any, tokenizer: Any, prompt_format: str, tokens: int, rate: float) -> int:
    """Train until so many tokens have gone through, the rate falling to nothing; the programs."""
    import torch

    from codeoutpred.training.pretraining import collate

    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.01)
    seen = programs = 0
    for step, rows in enumerate(batches(tokenizer, prompt_format), 1):
        inputs = collate(rows, tokenizer.pad_token_id)
        seen += inputs["input_ids"].numel()
        if seen > tokens:
            return programs
        optimizer.param_groups[0]["lr"] = rate * min(step / WARM_UP, 1 - seen / tokens)
        model(**inputs).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        programs += len(rows)
    return programs


def reached(model: Any, tokenizer: Any, prompt_format: Any, asked: Sequence[Sample]) -> Any:
    """The report of a trained model on the samples asked."""
    from codeoutpred.evaluation.evaluate import evaluate
    from codeoutpred.evaluation.huggingface import HuggingFacePredictor
    from codeoutpred.rewards.staged import StagedReward
    from codeoutpred.verification.value import ValueVerifier

    new_tokens = 320 if prompt_format == "trace" else 64
    predictor = HuggingFacePredictor(model, tokenizer, batch_size=128, max_new_tokens=new_tokens)
    return evaluate(
        asked, predictor, name=prompt_format,
        verifier=ValueVerifier(), reward=StagedReward(), prompt_format=prompt_format,
    )  # fmt: skip


def main(weights: str = "fresh", tokens: int = 1_000_000, each_level: int = 200) -> None:
    """Train and ask both, and print the table."""
    if missing := complaint():
        print(missing)
        return
    import torch

    from codeoutpred.evaluation.comparison import paired_difference
    from codeoutpred.models.tiny import build, build_untrained

    torch.set_num_threads(1)
    drawn = drills("test", 40 * each_level, levels=LEVELS, seed=SEED)
    asked = [
        sample
        for level in LEVELS
        for sample in [each for each in drawn if each.difficulty == level][:each_level]
    ]
    reports: dict[str, EvaluationReport] = {}
    print(f"{weights} weights, {tokens:,} tokens each, {each_level} programs a level, seed {SEED}")
    for prompt_format in ("direct", "trace"):
        began = time.process_time()
        model, tokenizer = build() if weights == "shipped" else build_untrained(SEED)
        programs = train(model, tokenizer, prompt_format, tokens, RATES[weights])
        trained = time.process_time()
        reports[prompt_format] = reached(model.eval(), tokenizer, prompt_format, asked)
        asking = time.process_time() - trained
        print(
            f"{prompt_format}: {programs:,} programs, {trained - began:.0f} s of processor time "
            f"to train, {asking:.0f} s to ask"
        )
    print(f"{'exact accuracy, per cent':26}{'direct':>22}{'trace':>22}")
    for level in map(str, LEVELS):
        estimates = [
            report.group("difficulty")[level].exact_accuracy for report in reports.values()
        ]
        cells = (
            f"{100 * each.value:.1f} ({100 * each.low:.1f}-{100 * each.high:.1f})"
            for each in estimates
        )
        print("".join([f"{f'level {level}, n {estimates[0].n}':26}", *(f"{c:>22}" for c in cells)]))
    gain = paired_difference(reports["direct"], reports["trace"])
    print(
        f"trace - direct, all: {100 * gain.value:+.1f} points "
        f"({100 * gain.low:+.1f} to {100 * gain.high:+.1f}), n {gain.n}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
