"""Reinforcement learning over TRL's `GRPOTrainer`, with verified answers for rewards.

trainer = RLTrainer(model, tokenizer, output_dir=Path("checkpoints/rl"),
                    verifier=verifier, reward=reward)
result = trainer.train(dataset)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset, DatasetDict
from trl import GRPOConfig

from codeoutpred.models.encoding import check_context, encode_prompt, render_prompt
from codeoutpred.prompts import build_prompt, to_prediction
from codeoutpred.protocols import RewardFn, Verifier
from codeoutpred.records import PromptFormat, Sample, TrainingResult
from codeoutpred.training.callbacks import Progress
from codeoutpred.training.checkpoints import claim, finished_result
from codeoutpred.training.common import (
    lora_config,
    native_settings,
    run_training,
    split_samples,
)
from codeoutpred.training.configuration import resolved_configuration
from codeoutpred.training.grpo import EconomicalGRPOTrainer
from codeoutpred.training.selection import undecided_samples
from codeoutpred.training.settings import ReinforcementSettings

SAMPLE_COLUMN = "sample"
"""The dataset column that carries the sample as JSON; TRL hands it to the reward untouched."""

FINAL = "final_model"


class VerificationReward:
    """The reward as TRL calls it: completions in, floats (or None) out. Picklable."""

    def __init__(self, verifier: Verifier, reward: RewardFn, prompt_format: PromptFormat) -> None:
        self.verifier = verifier
        self.reward = reward
        self.prompt_format = prompt_format
        self.__name__ = getattr(reward, "__name__", type(reward).__name__)

    def __call__(
        self, prompts: Sequence[str], completions: Sequence[str], **columns: Any
    ) -> list[float | None]:
        """The reward of each completion, in order."""
        rewards = []
        for row, text in zip(columns[SAMPLE_COLUMN], completions):
            sample = Sample.from_dict(json.loads(row))
            prediction = to_prediction(build_prompt(sample, self.prompt_format), text)
            verdict = self.verifier.verify(sample, prediction)
            rewards.append(self.reward(sample, prediction, verdict))
        return rewards


class RLTrainer:
    """Improves a causal language model by group-relative policy optimisation (GRPO).

    `output_dir` receives checkpoints on the way and, in the end, the model (or its LoRA adapter)
    and tokenizer under `final_model`. `progress(done, total)` counts optimiser steps.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        settings: ReinforcementSettings | None = None,
        *,
        output_dir: Path,
        verifier: Verifier,
        reward: RewardFn,
        lora_targets: Sequence[str] = ("all-linear",),
        progress: Progress | None = None,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.settings = settings or ReinforcementSettings()
        self.output_dir = Path(output_dir)
        self.reward = VerificationReward(verifier, reward, self.settings.prompt_format)
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
        final = self.output_dir / FINAL
        finished = finished_result(final)
        if finished is not None:
            return finished
        trainer = EconomicalGRPOTrainer(
            model=self.model,
            processing_class=self.tokenizer,
            args=native,
            reward_funcs=self.reward,
            train_dataset=self._rows(self._selected(samples)),
            peft_config=lora_config(self.model, self.settings.lora_rank, self.lora_targets),
        )
        return run_training(
            trainer,
            self.tokenizer,
            checkpoints=self.output_dir,
            final=final,
            configuration=configuration,
            progress=self.progress,
        )

    def native_config(self) -> GRPOConfig:
        """TRL's own configuration, as it will be used."""
        settings = {
            **native_settings(self.settings, self.output_dir),
            "max_steps": max(1, self.settings.episodes // self.settings.batch_size),
            "num_generations": self.settings.group_size,
            "max_completion_length": self.settings.new_tokens,
            "temperature": self.settings.temperature,
            "beta": 0.0,
            **self.settings.native,
        }
        return GRPOConfig(**settings)

    def _selected(self, samples: list[Sample]) -> list[Sample]:
        if not self.settings.candidates:
            return samples
        return undecided_samples(
            self.model,
            self.tokenizer,
            samples,
            prompt_format=self.settings.prompt_format,
            candidates=self.settings.candidates,
            at_least=self.settings.batch_size // self.settings.group_size,
            seed=self.settings.seed,
        )

    def _rows(self, samples: Sequence[Sample]) -> Dataset:
        prompts = [build_prompt(sample, self.settings.prompt_format) for sample in samples]
        lengths = (len(encode_prompt(prompt, self.tokenizer)) for prompt in prompts)
        check_context(lengths, self.model, new_tokens=self.settings.new_tokens)
        return Dataset.from_dict(
            {
                "prompt": [render_prompt(prompt, self.tokenizer) for prompt in prompts],
                SAMPLE_COLUMN: [json.dumps(sample.to_dict()) for sample in samples],
            }
        )
