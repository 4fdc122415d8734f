"""What `tiny` learns of `direct` and of `trace` at equal training compute, by difficulty level.

Usage: compare_formats.py [WEIGHTS [TOKENS [ASKED [LEVEL ...]]]]. WEIGHTS is `fresh` (the default)
or `shipped`: fresh weights favour neither format; those of the package have seen nothing but
traces. TOKENS go through the model while it trains, padding included, the same number for both
formats, by default 1,000,000. Levels (1 and 2), tokens a step and learning rate are the same; a
direct completion is shorter, so that more programs come to a step. A third training sees as many
programs as the one with traces, in bare answers, and so fewer tokens. ASKED test programs a level,
by default 200. Two trainings run at a time, on one thread each.
"""

from __future__ import annotations

import math
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import count
from typing import TYPE_CHECKING, Any

from drawn import drills
from pairs import complaint

if TYPE_CHECKING:
    from codeoutpred.evaluation.report import EvaluationReport
    from codeoutpred.records import Sample
    from codeoutpred.training.corpus import Document

STEP_TOKENS, CHUNK, WARM_UP, SHOWN_EVERY = 2048, 1024, 50, 100
RATES = {"fresh": 1e-3, "shipped": 3e-4}
SEED = 20261125
TRACE, DIRECT, FEWER = "trace", "direct", "direct, as many programs"


def batches(tokenizer: Any, prompt_format: Any, levels: Sequence[int]) -> Iterator[list[Document]]:
    """Programs of the train split without end, those of like length together, as they fit."""
    from codeoutpred.models.encoding import encode
    from codeoutpred.prompts import build_prompt
    from codeoutpred.training.corpus import Document

    for chunk in count():
        documents = []
        for sample in drills("train", CHUNK, levels=levels, seed=SEED, start=chunk * CHUNK):
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


def course(
    tokenizer: Any,
    prompt_format: str,
    levels: Sequence[int],
    *,
    tokens: float = math.inf,
    programs: float = math.inf,
) -> tuple[list[list[Document]], int, int]:
    """Batches of at most so many tokens or programs in all, and the numbers of both."""
    from codeoutpred.training.pretraining import collate

    taken: list[list[Document]] = []
    seen = shown = 0
    for rows in batches(tokenizer, prompt_format, levels):
        size = collate(rows, tokenizer.pad_token_id)["input_ids"].numel()
        if seen + size > tokens or shown + len(rows) > programs:
            break
        seen, shown = seen + size, shown + len(rows)
        taken.append(rows)
    return taken, seen, shown


def train(name: str, model: Any, pad: int, steps: Sequence[list[Document]], rate: float) -> None:
    """Train on the batches; the rate rises during WARM_UP steps and falls to nothing at the end."""
    import torch

    from codeoutpred.training.pretraining import collate

    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.01)
    for step, rows in enumerate(steps, 1):
        optimizer.param_groups[0]["lr"] = rate * min(step / WARM_UP, 1 - step / len(steps))
        loss = model(**collate(rows, pad)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % SHOWN_EVERY == 0:
            print(f"{name}: step {step} of {len(steps)}, loss {loss.item():.3f}", file=sys.stderr)


def reached(
    model: Any, tokenizer: Any, name: str, prompt_format: Any, asked: Sequence[Sample]
) -> EvaluationReport:
    """The report of a trained model on the samples asked."""
    from codeoutpred.evaluation.evaluate import evaluate
    from codeoutpred.evaluation.huggingface import HuggingFacePredictor
    from codeoutpred.rewards.staged import StagedReward
    from codeoutpred.verification.value import ValueVerifier

    new_tokens = 320 if prompt_format == "trace" else 64
    predictor = HuggingFacePredictor(model, tokenizer, batch_size=128, max_new_tokens=new_tokens)
    return evaluate(
        asked, predictor, name=name,
        verifier=ValueVerifier(), reward=StagedReward(), prompt_format=prompt_format,
    )  # fmt: skip


def asked_programs(levels: Sequence[int], each: int) -> list[Sample]:
    """So many drills of the test split of each level."""
    drawn = drills("test", 30 * each * len(levels), levels=levels, seed=SEED)
    return [
        sample
        for level in levels
        for sample in [other for other in drawn if other.difficulty == level][:each]
    ]


def run_side(
    name: str, weights: str, tokens: int, levels: Sequence[int], asked: Sequence[Sample]
) -> tuple[EvaluationReport, str]:
    """Train one way and ask; the report, and a line of what it took."""
    import torch

    from codeoutpred.models.tiny import build, build_untrained

    torch.set_num_threads(1)
    model, tokenizer = build() if weights == "shipped" else build_untrained(SEED)
    bounds = {"tokens": tokens}
    if name == FEWER:
        bounds = {"programs": course(tokenizer, "trace", levels, tokens=tokens)[2]}
    prompt_format = "trace" if name == TRACE else "direct"
    steps, seen, programs = course(tokenizer, prompt_format, levels, **bounds)
    began = time.process_time()
    train(name, model, tokenizer.pad_token_id, steps, RATES[weights])
    trained = time.process_time()
    report = reached(model.eval(), tokenizer, name, prompt_format, asked)
    return report, (
        f"{name}: {programs:,} programs, {seen:,} tokens, {trained - began:.0f} s of processor "
        f"time to train, {time.process_time() - trained:.0f} s to ask; exact, per cent: "
        + ", ".join(f"level {level} {cell(report, level)}" for level in levels)
    )


def cell(report: EvaluationReport, level: int) -> str:
    """Exact accuracy at a level with its interval, per cent."""
    exact = report.group("difficulty")[str(level)].exact_accuracy
    return f"{100 * exact.value:.1f} ({100 * exact.low:.1f}-{100 * exact.high:.1f})"


def main(weights: str = "fresh", tokens: int = 1_000_000, each: int = 200, *chosen: int) -> None:
    """Train and ask all three, and print how far traces are ahead of bare answers."""
    if missing := complaint():
        print(missing)
        return
    from codeoutpred.evaluation.comparison import paired_difference

    levels = chosen or (1, 2)
    asked = asked_programs(levels, each)
    print(f"{weights} weights, {tokens:,} tokens, {each} programs a level, seed {SEED}", flush=True)
    reports: dict[str, EvaluationReport] = {}
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        sides = (TRACE, DIRECT, FEWER)
        work = [pool.submit(run_side, name, weights, tokens, levels, asked) for name in sides]
        for done in as_completed(work):
            report, line = done.result()
            reports[report.name] = report
            print(line, flush=True)
    for name in (DIRECT, FEWER):
        gain = paired_difference(reports[name], reports[TRACE])
        print(
            f"trace - {name}: {100 * gain.value:+.1f} points "
            f"({100 * gain.low:+.1f} to {100 * gain.high:+.1f}), n {gain.n}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
