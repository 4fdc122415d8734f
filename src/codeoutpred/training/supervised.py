"""Supervised fine-tuning over TRL's `SFTTrainer`: prompt and completion, loss on the completion.

trainer = SupervisedTrainer(model, tokenizer, output_dir=Path("checkpoints/supervised"))
result = trainer.train(dataset)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset, DatasetDict
from trl import SFTConfig

from codeoutpred.models.encoding import check_context, encode
from codeoutpred.prompts import build_prompt
from codeoutpred.records import Sample, TrainingResult
from codeoutpred.training.callbacks import Progress
from codeoutpred.training.checkpoints import claim, finished_result
from codeoutpred.training.common import (
    lora_config,
    native_settings,
    run_training,
    split_samples,
)
from codeoutpred.training.configuration import resolved_configuration
from codeoutpred.training.settings import SupervisedSettings
from codeoutpred.training.sft import ResumableSFTTrainer


class SupervisedTrainer:
    """Teaches a causal language model the completions of a dataset's train split.

    `output_dir` receives checkpoints on the way and, in the end, the model (or its LoRA adapter)
    and tokenizer. `progress(done, total)` counts optimiser steps.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        settings: SupervisedSettings | None = None,
        *,
        output_dir: Path,
        lora_targets: Sequence[str] = ("all-linear",),
        progress: Progress | None = None,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.settings = settings or SupervisedSettings()
        self.output_dir = Path(output_dir)
        self.lora_targets = tuple(lora_targets)
        self.progress = progress

    def train(self, dataset: DatasetDict, *, resume: bool = False) -> TrainingResult:
        """Train to the end; with `resume`, from the last whole checkpoint, or not at all if done.

        Raises `TrainingError` where the folder holds something and `resume` is not given.
        """
        samples = split_samples(dataset, "train")
        native = self.native_config()
        configuration = resolved_configuration(
            self.settings, self.model, samples, processes=native.world_size
        )
        claim(self.output_dir, configuration, resume=resume, writes=native.should_save)
        finished = finished_result(self.output_dir)
        if finished is not None:
            return finished
        trainer = ResumableSFTTrainer(
            model=self.model,
            processing_class=self.tokenizer,
            args=native,
            train_dataset=self._rows(samples),
            peft_config=lora_config(self.model, self.settings.lora_rank, self.lora_targets),
        )
        return run_training(
            trainer,
            self.tokenizer,
            checkpoints=self.output_dir,
            final=self.output_dir,
            configuration=configuration,
            progress=self.progress,
        )

    def native_config(self) -> SFTConfig:
        """TRL's own configuration, as it will be used."""
        settings = {
            **native_settings(self.settings, self.output_dir),
            "num_train_epochs": self.settings.epochs,
            "completion_only_loss": True,
            "max_length": None,  # nothing is ever cut: a cut answer would be learnt as a whole one
            "train_sampling_strategy": "group_by_length",
            **self.settings.native,
        }
        return SFTConfig(**settings)

    def _rows(self, samples: Sequence[Sample]) -> Dataset:
        prompts = (build_prompt(sample, self.settings.prompt_format) for sample in samples)
        encoded = [encode(prompt, self.tokenizer) for prompt in prompts]
        check_context((len(row.input_ids) for row in encoded), self.model)
        return Dataset.from_dict(
            {
                "input_ids": [row.input_ids for row in encoded],
                "completion_mask": [row.completion_mask for row in encoded],
            }
        )
