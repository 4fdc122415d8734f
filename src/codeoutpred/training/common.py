"""What both trainers do alike: LoRA, progress, and the run from the first step to the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import DatasetDict
from peft import LoraConfig
from transformers import PrinterCallback, TrainerCallback

from codeoutpred.errors import DatasetError, TrainingError
from codeoutpred.records import Sample, TrainingResult
from codeoutpred.training.checkpoints import (
    last_whole_checkpoint,
    save_final,
    training_errors,
)
from codeoutpred.training.settings import TrainingSettings

Progress = Callable[[int, int], None]
"""Called with (optimiser steps done, steps in all)."""


class _Reporter(TrainerCallback):  # type: ignore[misc]
    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._progress(state.global_step, state.max_steps)


def split_samples(dataset: DatasetDict, split: str) -> list[Sample]:
    """The samples of a split; an error where the dataset has none."""
    if split not in dataset or len(dataset[split]) == 0:
        raise DatasetError(
            f"the dataset has no samples in its {split!r} split; generate more samples"
        )
    return [Sample.from_dict(row) for row in dataset[split]]


def lora_config(model: Any, rank: int, targets: Sequence[str]) -> LoraConfig | None:
    """LoRA on the given modules; None where all weights train or the model has its adapter."""
    if rank == 0 or hasattr(model, "peft_config"):
        return None
    return LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.0,
        target_modules="all-linear" if "all-linear" in targets else list(targets),
        task_type="CAUSAL_LM",
    )


def native_settings(settings: TrainingSettings, folder: Path) -> dict[str, Any]:
    """The fields that `SFTConfig` and `GRPOConfig` share, before `native` overrides them."""
    on_gpu = torch.cuda.is_available()
    return {
        "output_dir": str(folder),
        "run_name": settings.run_name or None,
        "per_device_train_batch_size": settings.batch_size,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": "linear",
        "warmup_steps": 0.05,
        "weight_decay": 0.0,
        "bf16": on_gpu and torch.cuda.is_bf16_supported(),
        "use_cpu": not on_gpu,
        "gradient_checkpointing": on_gpu,
        "save_strategy": "steps",
        "save_steps": 1.0 / settings.checkpoints if settings.checkpoints > 1 else 0.5,
        "save_total_limit": 2,
        "logging_steps": 0.02,
        "report_to": list(settings.report_to) or "none",
        "disable_tqdm": True,
        "seed": settings.seed,
    }


def run_training(
    trainer: Any, tokenizer: Any, *, checkpoints: Path, final: Path, progress: Progress | None
) -> TrainingResult:
    """Train from the last whole checkpoint, or from the start, and write the final model."""
    trainer.remove_callback(PrinterCallback)
    if progress is not None:
        trainer.add_callback(_Reporter(progress))
    last = last_whole_checkpoint(checkpoints)
    with training_errors(checkpoints):
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    if losses and losses[-1] != losses[-1]:
        raise TrainingError(
            "the loss became nan; lower the learning rate and train again in another folder"
        )
    return save_final(trainer, tokenizer, final)
