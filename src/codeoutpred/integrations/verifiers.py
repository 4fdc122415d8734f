"""verifiers (its `v1` interface): a taskset of ours.

To run it by its id, export it from a module of your own: that is where the host looks.

config = OutputPredictionConfig(dataset="first", folder="datasets")
tasks = list(OutputPredictionTaskset(config))
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import verifiers.v1 as vf

from codeoutpred.integrations.samples import load_samples
from codeoutpred.integrations.scorer import INSTRUCTION, Scorer, from_json, to_json
from codeoutpred.prompts import build_prompt

__all__ = ["OutputPredictionTaskset"]


class OutputPredictionTaskConfig(vf.TaskConfig):  # type: ignore[misc]
    """How a reply is scored, by the names of a verifier and a reward."""

    verifier: str = "value"
    reward: str = "staged"


class OutputPredictionConfig(vf.TasksetConfig):  # type: ignore[misc]
    """A dataset of ours by name and folder, or a benchmark's file."""

    task: OutputPredictionTaskConfig = OutputPredictionTaskConfig()
    dataset: str = ""
    split: Literal["train", "validation", "test"] = "train"
    folder: str = "datasets"
    benchmark: str = ""
    benchmark_path: str = ""


class OutputPredictionData(vf.TaskData):  # type: ignore[misc]
    """The question, and the sample as JSON."""

    sample: str


class OutputPredictionTask(
    vf.Task[OutputPredictionData, vf.State, OutputPredictionTaskConfig]  # type: ignore[misc]
):
    """One question; its reward is that of the last reply."""

    @vf.reward  # type: ignore[untyped-decorator]
    async def verified(self, trace: vf.Trace) -> float:
        """The reward of the reply."""
        scorer = Scorer(verifier=self.config.verifier, reward=self.config.reward)
        return scorer.number(from_json(self.data.sample), trace.last_reply)

    @vf.metric  # type: ignore[untyped-decorator]
    async def exact_match(self, trace: vf.Trace) -> float:
        """1 for the right answer, 0 else."""
        scorer = Scorer(verifier=self.config.verifier, reward=self.config.reward)
        verdict = scorer.score(from_json(self.data.sample), trace.last_reply).verdict
        return float(verdict.correct)


class OutputPredictionTaskset(
    vf.Taskset[OutputPredictionTask, OutputPredictionConfig]  # type: ignore[misc]
):
    """The samples of a dataset or benchmark, in their order."""

    def load(self) -> Iterator[OutputPredictionTask]:
        """A task a sample."""
        config = self.config
        samples = load_samples(
            dataset=config.dataset,
            split=config.split,
            folder=Path(config.folder),
            benchmark=config.benchmark,
            benchmark_path=config.benchmark_path,
        )
        for sample in samples:
            data = OutputPredictionData(
                id=sample.id,
                prompt=build_prompt(sample, "cot").text,
                system_prompt=INSTRUCTION,
                sample=to_json(sample),
            )
            yield OutputPredictionTask(data, config.task)
