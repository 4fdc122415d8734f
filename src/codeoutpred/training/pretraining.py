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
CHUNK = 4096
"""Programs a chunk; a chunk is drawn, sorted by length and shuffled as a whole."""
CURRICULUM = ((4, (1,)), (10**9, (1, 2)))
"""The levels that programs are drawn from, and up to which chunk."""
IGNORED = -100
WARM_UP = 100
SHOWN_EVERY = 100


def levels_of(chunk: int) -> tuple[int, ...]:
    """The levels of a chunk, by the curriculum."""
    return next(levels for end, levels in CURRICULUM if chunk < end)


def documents(tokenizer: Any, start: int) -> list[tuple[list[int], int]]:
    """Chunk `start` of the corpus: token ids of program, trace and answer, and where they part."""
    encoded = []
    generator = SyntheticGenerator(levels=levels_of(start // CHUNK))
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


def batches(tokenizer: Any, tokens: int) -> Iterator[list[tuple[list[int], int]]]:
    """Batches of about `tokens` tokens without end, documents of like length together."""
    for start in count(0, CHUNK):
        rows = sorted(documents(tokenizer, start), key=lambda row: len(row[0]))
        chunk = []
        while rows:
            taken = max(1, tokens // len(rows[-1][0]))
            rows, group = rows[:-taken], rows[-taken:]
            chunk.append(group)
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

    The rate is not lowered at the end: that is left to the fine-tuning. A run that was stopped
    goes on from `output` with the suffix `.state`.
    """
    model, tokenizer = build_untrained(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.01)
    done = 0
    if state_path(output).exists():
        state = torch.load(state_path(output))
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    began, total = time.monotonic(), 0.0
    for step, rows in zip(range(1, steps + 1), batches(tokenizer, tokens)):
        if step <= done:
            continue
        optimizer.param_groups[0]["lr"] = rate * min(1.0, step / WARM_UP)
        loss = model(**collate(rows, tokenizer.pad_token_id)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item()
        if step % SHOWN_EVERY == 0 or step == steps:
            seconds = time.monotonic() - began
            print(f"step {step}: loss {total / SHOWN_EVERY:.4f}, {seconds:.0f} s", flush=True)
            total = 0.0
            write(model, optimizer, step, output)


def state_path(output: Path) -> Path:
    """Where a run keeps what it needs to go on."""
    return output.with_suffix(".state")


def write(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, step: int, output: Path
) -> None:
    """The weights in bfloat16, half the size, and the state of the run; whole or not at all."""
    partial = output.with_suffix(".partial")
    weights = {n: p.detach().to(torch.bfloat16).contiguous() for n, p in model.state_dict().items()}
    save_file(weights, partial)
    partial.replace(output)
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, partial)
    partial.replace(state_path(output))


def main() -> None:
    """The command line of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--batch-tokens", type=int, default=2048)
    options = parser.parse_args()
    pretrain(
        steps=options.steps,
        output=options.output,
        rate=options.learning_rate,
        tokens=options.batch_tokens,
    )


if __name__ == "__main__":
    main()
