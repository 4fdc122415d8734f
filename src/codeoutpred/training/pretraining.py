"""Pre-trains the embedded model `tiny` on short programs and their traces, from nothing.

This made the weights in the package; anyone can make them again:

    python -m codeoutpred.training.pretraining --steps 3000 --output tiny.safetensors

Only programs of the train split are used. The split of a program is decided by the program
alone (`codeoutpred.data.split`), so the weights have never seen a test program of any dataset.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file

from codeoutpred.models.tiny import build_untrained
from codeoutpred.training.corpus import SEED, Document, batches

IGNORED = -100
WARM_UP = 100
SHOWN_EVERY = 100


def collate(rows: Sequence[Document], pad: int) -> dict[str, torch.Tensor]:
    """Right-padded ids, and labels that leave out what is not learnt; both (rows, width)."""
    width = -(-max(len(row.ids) for row in rows) // 16) * 16  # few widths: memory is used again
    ids = torch.full((len(rows), width), pad)
    labels = torch.full((len(rows), width), IGNORED)
    for number, row in enumerate(rows):
        length = len(row.ids)
        ids[number, :length] = torch.tensor(row.ids)
        learnt = torch.tensor(row.learnt)
        labels[number, :length] = torch.where(learnt, ids[number, :length], IGNORED)
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
        with torch.autocast("cpu", dtype=torch.bfloat16):
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
