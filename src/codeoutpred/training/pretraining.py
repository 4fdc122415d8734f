"""Pre-trains the embedded model `tiny` on synthetic programs and traces, from nothing.

This made the weights in the package; anyone can make them again:

    python -m codeoutpred.training.pretraining --steps 3000 --output tiny.safetensors

Only programs of the train split are used. The split of a program is decided by the program
alone (`codeoutpred.data.split`), so the weights have never seen a test program of any dataset.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from codeoutpred.data.split import program_fingerprint, split_of
from codeoutpred.generation.synthetic import SyntheticGenerator
from codeoutpred.languages.python import PYTHON
from codeoutpred.models.tiny import build_untrained
from codeoutpred.prompts import CUES

SEED = 20261123
LEVELS = (1, 2, 3)
CHUNK = 4096
"""Programs a chunk; a chunk is drawn, sorted by length and shuffled as a whole."""
CHUNKS_A_STAGE = 4
"""The curriculum: so many chunks of the first level, as many of the first two, then all."""
IGNORED = -100


def documents(tokenizer: Any, start: int) -> list[tuple[list[int], int]]:
    """Chunk `start` of the corpus: token ids of program, trace and answer, and where they part."""
    encoded = []
    generator = SyntheticGenerator(levels=LEVELS[: 1 + start // CHUNK // CHUNKS_A_STAGE])
    for program in generator.generate(count=CHUNK, seed=SEED, start=start):
        if split_of(program_fingerprint(PYTHON, program.source)) != "train":
            continue
        for case in program.cases:
            call = f"[CALL] {program.entry}({case.arguments})\n" if program.entry else ""
            prompt = tokenizer(f"{program.source}\n{call}{CUES['trace']}")["input_ids"]
            text = f"{case.trace}\n[ANSWER]{case.expected}[/ANSWER]"
            completion = tokenizer(text)["input_ids"]
            encoded.append(([*prompt, *completion, tokenizer.eos_token_id], len(prompt)))
    return encoded


def batches(tokenizer: Any, tokens: int) -> Iterator[dict[str, torch.Tensor]]:
    """Batches of about `tokens` tokens without end, documents of like length together."""
    for start in count(0, CHUNK):
        rows = sorted(documents(tokenizer, start), key=lambda row: len(row[0]))
        chunk = []
        while rows:
            taken = max(1, tokens // len(rows[-1][0]))
            rows, group = rows[:-taken], rows[-taken:]
            chunk.append(collate(group, tokenizer.pad_token_id))
        random.Random(f"{SEED}:{start}").shuffle(chunk)
        yield from chunk


def collate(rows: Sequence[tuple[list[int], int]], pad: int) -> dict[str, torch.Tensor]:
    """Right-padded ids, and labels that leave out padding and prompts; both (rows, width)."""
    width = -(-max(len(ids) for ids, _ in rows) // 16) * 16  # few widths: memory is used again
    ids = torch.full((len(rows), width), pad)
    labels = torch.full((len(rows), width), IGNORED)
    for row, (tokens, prompt) in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        labels[row, prompt : len(tokens)] = torch.tensor(tokens[prompt:])
    return {"input_ids": ids, "labels": labels}


def pretrain(*, steps: int, output: Path, rate: float, tokens: int) -> None:
    """Train for `steps` steps at a constant rate after a warm-up, and write the weights (bf16).

    The rate is not lowered at the end: that is left to the fine-tuning.
    """
    model, tokenizer = build_untrained(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.01)
    warm_up = 100
    began, shown = time.monotonic(), 50
    total = 0.0
    for step, batch in zip(range(1, steps + 1), batches(tokenizer, tokens)):
        optimizer.param_groups[0]["lr"] = rate * min(1.0, step / warm_up)
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item()
        if step % shown == 0:
            seconds = time.monotonic() - began
            print(f"step {step}: loss {total / shown:.4f}, {seconds:.0f} s", flush=True)
            total = 0.0
        if step % 500 == 0 or step == steps:
            write(model, output)


def write(model: torch.nn.Module, output: Path) -> None:
    """The weights in bfloat16, half the size, whole or not at all."""
    partial = output.with_suffix(".partial")
    weights = {n: p.detach().to(torch.bfloat16).contiguous() for n, p in model.state_dict().items()}
    save_file(weights, partial)
    partial.replace(output)


def main() -> None:
    """The command line of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--batch-tokens", type=int, default=4096)
    options = parser.parse_args()
    pretrain(
        steps=options.steps,
        output=options.output,
        rate=options.learning_rate,
        tokens=options.batch_tokens,
    )


if __name__ == "__main__":
    main()
