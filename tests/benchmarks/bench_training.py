"""Supervised training beside a script written by hand over TRL, and beside plain padded batches.

Usage: bench_training.py [ROUNDS], by default 5. Each run has a process and one thread of its own;
the sides take turns. `training` is from the samples to the saved model, in processor seconds;
`process` counts its start and the loading as well. Ratios are medians over the rounds, with the
lowest and the highest.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drawn import drills, keep, kept
from pairs import Figures, complaint, in_turn, measured, print_table

if TYPE_CHECKING:
    from codeoutpred.records import Sample

BATCH, RATE, EPOCHS = 32, 1e-3, 1
DRAWN, LEVELS = 450, (1, 2)
COLUMNS = {
    "processor": "training, s",
    "clock": "by the clock, s",
    "process": "process, s",
    "peak": "peak, MB",
}


def ours(
    samples: Sequence[Sample], folder: Path, model: Any, tokenizer: Any, **native: Any
) -> None:
    """The trainer of the library."""
    from datasets import Dataset, DatasetDict

    from codeoutpred.training.settings import SupervisedSettings
    from codeoutpred.training.supervised import SupervisedTrainer

    settings = SupervisedSettings(
        epochs=EPOCHS, batch_size=BATCH, learning_rate=RATE, lora_rank=0, prompt_format="trace",
        validation_samples=0, native=native,
    )  # fmt: skip
    rows = Dataset.from_list([sample.to_dict() for sample in samples])
    trainer = SupervisedTrainer(model, tokenizer, settings, output_dir=folder)
    trainer.train(DatasetDict({"train": rows}))


def by_hand(
    samples: Sequence[Sample], folder: Path, model: Any, tokenizer: Any, **native: Any
) -> None:
    """What one would write who knows TRL, with the same settings."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    from codeoutpred.prompts import build_prompt

    prompts = [build_prompt(sample, "trace") for sample in samples]
    rows = [{"prompt": prompt.text, "completion": prompt.completion} for prompt in prompts]
    config = SFTConfig(
        output_dir=str(folder), num_train_epochs=EPOCHS, per_device_train_batch_size=BATCH,
        learning_rate=RATE, lr_scheduler_type="linear", warmup_steps=0.05, weight_decay=0.0,
        bf16=False, use_cpu=True, gradient_checkpointing=False, save_strategy="steps",
        save_steps=0.1, save_total_limit=2, logging_steps=0.02, report_to="none",
        disable_tqdm=True, seed=0, max_length=None, completion_only_loss=True, **native,
    )  # fmt: skip
    trainer = SFTTrainer(
        model=model, processing_class=tokenizer, args=config, train_dataset=Dataset.from_list(rows)
    )
    trainer.train()
    trainer.save_model(str(folder))
    tokenizer.save_pretrained(str(folder))


RANDOM = {"train_sampling_strategy": "random"}
SIDES: dict[str, tuple[Callable[..., None], dict[str, Any]]] = {
    "by hand": (by_hand, RANDOM),
    "ours": (ours, RANDOM),  # TRL's order of the samples, so that the weights can be compared
    "ours, grouped": (ours, {}),
}


def run(side: str, file: Path) -> None:
    """Train as the side does on the samples in the file; print what it took and what came of it."""
    import torch

    from codeoutpred.evaluation.huggingface import completion_losses
    from codeoutpred.models.tiny import build
    from codeoutpred.prompts import build_prompt

    samples, held_out = kept(file)
    train, settings = SIDES[side]
    model, tokenizer = build()
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, measured(figures):
        train(samples, Path(folder), model, tokenizer, **settings)
    figures["rate"] = len(samples) / figures["processor"]
    weights = torch.cat([weight.detach().flatten() for weight in model.parameters()])
    figures["weights"] = hashlib.sha256(weights.numpy().tobytes()).hexdigest()
    asked = [build_prompt(sample, "trace") for sample in held_out]
    losses = completion_losses(model, tokenizer, asked)
    figures["loss"] = sum(loss.nats for loss in losses) / sum(loss.tokens for loss in losses)
    print(json.dumps(figures))


def main(rounds: int) -> None:
    """Print both tables."""
    if missing := complaint():
        print(missing)
        return
    samples = drills("train", DRAWN, levels=LEVELS, seed=1)
    held_out = drills("validation", 2 * DRAWN, levels=LEVELS, seed=2)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        keep(Path(file.name), samples, held_out)
        runs = in_turn(__file__, list(SIDES), rounds, file.name)
    print(f"{len(samples)} drills of levels 1 and 2, batches of {BATCH}, {rounds} rounds")
    paired = {side: runs[side] for side in ("by hand", "ours")}
    print_table(paired, "by hand", COLUMNS)
    weights = {run["weights"] for found in paired.values() for run in found}
    print(f"weights in the end: {'equal, bit for bit' if len(weights) == 1 else 'different'}")
    print(f"\nthe same, plain batches and those of like length; loss on {len(held_out)} others")
    padded = {"padded": runs["ours"], "grouped": runs["ours, grouped"]}
    print_table(padded, "padded", {"rate": "samples/s", "loss": "validation loss"})


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 5)
